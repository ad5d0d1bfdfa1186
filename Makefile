# Every target does its own set-up: a fresh machine needs Python 3.11 or later and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := uv

# Dozens of processes are started: what each would compile anew is kept.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help try run test check lint types imports format figures lock clean

help: ## Show what can be done
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/base: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Courant needs Python 3.11 or later: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/base requirements/dev.txt
	@echo "Setting up the tools of the tests (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

try: $(VENV)/base ## Talk to the bot in the terminal over a made-up day: no token, account or network
	@$(BIN)/courant try

run: $(VENV)/base ## Run Courant with the settings of .env
	@$(BIN)/courant run

test: $(VENV)/dev ## Run all tests and the coverage gate
	@$(BIN)/python -m pytest -n auto --dist worksteal -rs -p tests.coverage

check: lint types imports test ## All that CI checks

lint: $(VENV)/dev ## Lint, and see that the code is formatted
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/dev ## Check types
	@$(BIN)/mypy

imports: $(VENV)/dev ## Check which package may import which
	@$(BIN)/lint-imports

format: $(VENV)/dev ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

figures: $(VENV)/dev ## Take the figures of quality again and write them into docs/benchmarks.md
	@$(BIN)/python -m benchmarks.record

lock: ## Lock the dependencies anew (needs uv)
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/base.txt
	$(UV) pip compile pyproject.toml --extra postgres --extra charts --extra llm --extra vectors --group dev -c requirements/base.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/dev.txt

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
