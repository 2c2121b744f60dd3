"""Makes the actual results of the scenarios, written by failed tests, the expected ones; for `make accept`."""

import shutil
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parent.parent / "tests" / "scenarios"

for actual in sorted(SCENARIOS.glob("*/actual.json")):
    folder = actual.parent
    actual.replace(folder / "expected.json")
    shutil.rmtree(folder / "out", ignore_errors=True)
    if (folder / "out.actual").is_dir():
        (folder / "out.actual").rename(folder / "out")
    print(f"accepted {folder.name}")
