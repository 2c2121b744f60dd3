#!/usr/bin/env python3
"""Sends mails through a next hop that defers, refuses, hangs up and goes down, and checks how each of them ended.

    tools/hostile.py                          10,000 mails over twelve virtual days, with figures
    tools/hostile.py --mails 500 --seed 3     a part, another story

Exit 0 where every recipient ended right, 1 where something did not.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests"))

from support.hostile import draw, figures, judge, play  # noqa: E402 - the folder is known only now


def main() -> int:
    """Play, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    begin, cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="mailgate-") as folder:
        story = asyncio.run(play(Path(folder), draw(options.mails, options.seed), seed=options.seed))
    print(f"{time.monotonic() - begin:.0f} s, {time.process_time() - cpu:.0f} s of CPU")
    for name, value in figures(story).items():
        print(f"{name:32}{value}")
    wrong = judge(story)
    for text in wrong[:50]:
        print(f"WRONG  {text}")
    print(f"{len(wrong)} things went wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
