# Everything runs in .venv, which these targets make and keep up to date. PYTHON=python3.12 makes it from another
# Python; ARGS=... goes to pytest: make test ARGS="-m 'not postgres' tests/core"

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help .venv demo test lint format docs screenshots bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z.]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv: $(VENV)/.dev-installed ## Make .venv with everything a developer needs

demo: $(VENV)/.installed ## Look around in a demonstration ledger, with what a user has installed
	@$(BIN)/lossledger demo --into demo

test: lint ## Run every check and every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

lint: $(VENV)/.dev-installed ## Run the checks that need no test: ruff, mypy, the order of the rooms
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev-installed ## Put the code into its usual form and mend what can be mended
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

docs: $(VENV)/.dev-installed ## Write docs/cli.md, the outputs in docs/tutorial.md, the vectors in docs/proof.md, the columns in docs/open-data.md
	$(BIN)/python docs/build_cli_reference.py
	$(BIN)/python docs/build_proof.py
	$(BIN)/python docs/build_open_data.py
	$(BIN)/python docs/build_tutorial.py

screenshots: $(VENV)/.dev-installed ## Take the README's pictures of the public site anew, in the system's Chromium
	$(BIN)/python -m docs.build_screenshots

bench: $(VENV)/.bench-installed ## Measure how fast it is, beside other tools
	$(BIN)/python -m benchmarks

clean: ## Remove what these targets made, but for .venv
	rm -rf build demo dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

# The files .venv/.*-installed stand for what was installed when; they are older than pyproject.toml when that
# has changed since. What is there already is not installed again, so these take seconds then.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lossledger needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable .
	@touch $@

# Dependency groups need a pip newer than the one that comes with Python 3.11.
$(VENV)/.dev-installed: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	$(PIP) install --quiet --editable '.[all]' --group dev
	@touch $(VENV)/.installed $@

$(VENV)/.bench-installed: $(VENV)/.dev-installed
	$(PIP) install --quiet --group bench
	@touch $@
