"""What `make check` leaves out, so that it stays an inner loop: whole rooms whose tests open a database or a program."""

from pathlib import Path

import pytest

# The scenarios go through all of these rooms; `make test` runs everything.
LEFT_OUT = frozenset({"cli", "faults", "laws", "service", "store"})


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in LEFT_OUT:
            item.add_marker(pytest.mark.slow)
