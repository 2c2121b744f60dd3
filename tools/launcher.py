"""Writes `mailgate` beside the Python that runs this, starting the checkout this file is in; for `make run`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(sys.executable).parent / "mailgate"

TARGET.write_text(
    f"#!{sys.executable}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\n"
    "from mailgate.__main__ import main\n\nsys.exit(main())\n",
    encoding="utf-8",
)
TARGET.chmod(0o755)
