# Every target does its own set-up: a fresh machine needs Python 3.11 or later and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := uv
BROWSER := chromium --headless --no-sandbox --hide-scrollbars
EXTRAS := charts llm postgres vectors
LOCK := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q

# Dozens of processes are started: what each would compile anew is kept.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help try run $(EXTRAS) test check lint types imports format figures pictures lock clean

help: ## Show what can be done
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/base: requirements/base.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Courant needs Python 3.11 or later: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev: $(VENV)/base requirements/dev.txt
	@echo "Setting up the tools of the tests (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

$(EXTRAS:%=$(VENV)/%): $(VENV)/%: $(VENV)/base requirements/%.txt
	@echo "Adding $* to $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/$*.txt
	@touch $@

try: $(VENV)/base ## Talk to the bot in the terminal over a made-up day: no token, account or network
	@$(BIN)/courant try

run: $(VENV)/base ## Run Courant with the settings of .env
	@$(BIN)/courant run

charts: $(VENV)/charts ## Add what draws charts: courant stats --png

llm: $(VENV)/llm ## Add what asks a model: COURANT_LLM_MODEL

postgres: $(VENV)/postgres ## Add what speaks to PostgreSQL: COURANT_DATABASE_URL

vectors: $(VENV)/vectors ## Add the model of meanings that runs here: COURANT_EMBEDDING_MODEL

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

pictures: $(VENV)/base ## Draw docs/chat.png again (needs chromium)
	@set -- $(BROWSER); command -v "$$1" > /dev/null || { echo "$$1 is not there: make BROWSER='...' names another" >&2; exit 1; }
	@$(BIN)/python -m seeds.picture > docs/chat.html
	@$(BROWSER) --window-size=1122,648 --screenshot=docs/chat.png "file://$(CURDIR)/docs/chat.html" 2>/dev/null
	@rm docs/chat.html

lock: ## Lock the dependencies anew (needs uv)
	$(UV) $(LOCK) -o requirements/base.txt
	$(UV) $(LOCK) $(EXTRAS:%=--extra %) --group dev -c requirements/base.txt -o requirements/dev.txt
	for extra in $(EXTRAS); do \
	  $(UV) $(LOCK) --extra $$extra -c requirements/dev.txt -o requirements/$$extra.txt \
	    $$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements/base.txt) || exit; \
	done

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
