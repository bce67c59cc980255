# The one interface for people and CI. Every target makes its own .venv first.
.DEFAULT_GOAL := help
.PHONY: help demo test check docs bench crash oracle peers clean

PYTHON ?= python3
BIN := .venv/bin
NEEDS := $(BIN)/.needs
PEERS := .venv-peers/bin
# Spark is tried where Java is: its package alone is half a gigabyte.
SPARK = $(shell java -version >/dev/null 2>&1 && echo --group spark)

help:
	@echo "make demo   a resident's message travels the whole way, on this machine, offline"
	@echo "make test   the tests, with branch coverage"
	@echo "make check  lint, types, floors, generated files"
	@echo "make docs   the documentation as a site in site/, which opens without a network"
	@echo "make bench  ours beside the peers, as ratios of one run"
	@echo "make crash  a collecting program killed at every step and at 50 random moments; nothing lost or doubled"
	@echo "make oracle the calculator beside a slow independent one: every edge and 200,000 random cases"
	@echo "make peers  the calculator beside other libraries; every disagreement is explained"
	@echo "make clean  remove everything these commands made"

%/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "mcu-sdk needs Python 3.11 or newer; $(PYTHON) is older or missing. Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "making $* (once) ..."
	@$(PYTHON) -m venv $*
	@$@ -m pip install --quiet --disable-pip-version-check 'pip>=25.1'

$(NEEDS)-demo: $(BIN)/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[cli,xlsx]'
	@touch $@

$(NEEDS)-test: $(NEEDS)-demo
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all]' --group test $(SPARK)
	@touch $@

$(NEEDS)-check: $(NEEDS)-test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group check
	@touch $@

$(NEEDS)-docs: $(NEEDS)-demo
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all]' --group docs
	@touch $@

# Peers without their dependencies: holidays asks for an older dateutil than ours and works with it.
$(PEERS)/.needs: $(PEERS)/python pyproject.toml constraints.txt
	@$(PEERS)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all]' --group test
	@$(PEERS)/python -m pip install --quiet --disable-pip-version-check --no-deps -c constraints.txt --group peers
	@touch $@

demo: $(NEEDS)-demo
	@$(BIN)/mcu demo

test: $(NEEDS)-test
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest -q -n auto --dist loadfile
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

check: $(NEEDS)-check
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python tools/unasync.py --check
	@$(BIN)/python tools/rules_page.py --check
	@$(BIN)/python tools/resiliency_page.py --check
	@$(BIN)/python tools/golden_explanations.py
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/pyright --warnings

docs: $(NEEDS)-docs
	@$(BIN)/python -m tools.reference_pages
	@$(BIN)/zensical build --strict --clean
	@$(BIN)/python tools/site_check.py site

# To keep the figures: make bench RECORD=1
bench: $(PEERS)/.needs
	@$(PEERS)/python -m benchmarks.run $(if $(RECORD),--record)

# A seed repeats a run: make crash MCU_CRASH_SEED=7
crash: export MCU_CRASH_SEED := $(MCU_CRASH_SEED)
crash: $(NEEDS)-test
	@$(BIN)/python -m tools.crash

# A seed repeats a run: make oracle MCU_ORACLE_SEED=7
oracle: export MCU_ORACLE_SEED := $(MCU_ORACLE_SEED)
oracle: $(NEEDS)-test
	@$(BIN)/python -m tools.oracle

peers: $(PEERS)/.needs
	@$(PEERS)/python -m pytest -q -m peers tests/peers

clean:
	rm -rf .venv .venv-peers .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .cache dist build site
	rm -f docs/reference/mcu*.md
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
