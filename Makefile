# The one interface for people and CI. Every target makes its own .venv first.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench clean

PYTHON ?= python3
BIN := .venv/bin
NEEDS := $(BIN)/.needs

help:
	@echo "make demo   a resident's message travels the whole way, on this machine, offline"
	@echo "make test   the tests, with branch coverage"
	@echo "make check  lint, types, floors, generated files"
	@echo "make bench  ours beside the peers, as ratios of one run"
	@echo "make clean  remove everything these commands made"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mcu-sdk needs Python 3.11 or newer; $(PYTHON) is older or missing. Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "making .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'

$(NEEDS)-demo: $(BIN)/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all]'
	@touch $@

$(NEEDS)-test: $(NEEDS)-demo
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group test
	@touch $@

$(NEEDS)-check: $(NEEDS)-test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group check
	@touch $@

demo: $(NEEDS)-demo
	@$(BIN)/mcu demo

test: $(NEEDS)-test
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest -q
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

check: $(NEEDS)-check
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python tools/unasync.py --check
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/pyright --warnings

$(NEEDS)-bench: $(NEEDS)-test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group peers
	@touch $@

bench: $(NEEDS)-bench
	@$(BIN)/python -m benchmarks.run

clean:
	rm -rf .venv .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
