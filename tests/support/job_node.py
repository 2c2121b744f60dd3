"""A node that only runs jobs, as the daemon does: `python -m support.job_node CONFIG`. Ends when its standard input does."""

import sys
import threading
import time
from pathlib import Path

from mailgate.config import load
from mailgate.jobs.table import ACTIONS
from mailgate.service.jobs import jobs_desk, run_due
from mailgate.service.parts import open_store
from mailgate.store.errors import StoreError


def main():
    settings = load(Path(sys.argv[1]))
    ended = threading.Event()
    store = open_store(settings, read_only=False)
    desk = jobs_desk(settings, store, owed=lambda: None, stopping=ended.is_set)
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.is_set():
        try:
            run_due(desk, ACTIONS)
        except StoreError as error:
            print(error, flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
