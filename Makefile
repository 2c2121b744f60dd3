# make run    everything set up, the daemon started on SQLite        make check   the inner loop: lint, types, fast tests
# make test   everything set up, all tests                           make demo    a story in one terminal
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS) -q

# The tests start the program some hundred times: with this variable set it would be compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test demo check fmt lint types accept bench torture hostile lock
.DEFAULT_GOAL := check

run: .venv/run
	@$(BIN)/mailgate --config config.toml run

test: .venv/dev lint types
	$(PYTEST)

demo: .venv/run
	@$(BIN)/python tools/demo.py

check: .venv/dev lint types
	$(PYTEST) -m "not slow and not e2e and not corpus"

lint: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/dev
	$(BIN)/mypy

fmt: .venv/dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# After a look at the differences: the actual results of the scenarios become the expected ones.
accept: .venv/dev
	$(BIN)/python tools/accept.py

bench: .venv/dev
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/parse.py
	$(BIN)/python benchmarks/bombs.py
	$(BIN)/python benchmarks/flood.py

torture: .venv/dev
	$(BIN)/python tools/torture.py

# Ten thousand mails through a next hop that does all that a next hop can do to them.
hostile: .venv/dev
	$(BIN)/python tools/hostile.py

# For maintainers, with uv at hand: pins versions and hashes for Python 3.11 to 3.13, without addresses.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra postgres pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra postgres --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

# A virtual environment made without the python3-venv package has no pip: say so instead of failing later.
.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    || { echo "mailgate needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv \
	    || { echo "no virtual environment could be made: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@touch $@

# The daemon runs from the checkout: no build, and `git pull` is enough to have the next version.
.venv/run: .venv/made requirements.lock pyproject.toml
	@echo "setting up, this takes a minute the first time ..."
	@[ -e .venv/dev ] || $(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@[ -e .venv/dev ] || $(BIN)/python tools/launcher.py
	@touch $@

.venv/dev: .venv/made requirements-dev.lock pyproject.toml
	@$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
