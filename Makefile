# The list of commands. `make` alone prints them.

SHELL = /bin/sh
PY = .venv/bin/python
PREPARE = $(or $(PYTHON),python3) deploy/onebox/prepare

.DEFAULT_GOAL = help
.PHONY: help run token events import-devices test test-long bench screenshots check format docs lock clean

help:
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run

run: ## start everything on this machine, at http://localhost:8080 (PORT=… for another port)
	@$(PREPARE)
	@exec $(PY) -m onebox

token: ## print a bearer token: make token ACCOUNT=alice, or make token SYSTEM=all
	@$(PREPARE) >&2
	@$(PY) -m onebox.token "$(ACCOUNT)" --system "$(SYSTEM)"

events: ## print what happens to accounts, as it happens
	@$(PREPARE) >&2
	@exec $(PY) -m onebox.events

import-devices: ## put devices in from a table: make import-devices FILE=devices.csv (URL=… for another portal)
	@test -n "$(FILE)" || { echo "Say which table: make import-devices FILE=devices.csv" >&2; exit 2; }
	@$(PREPARE) >&2
	@exec $(PY) -m onebox.importing "$(FILE)" $(if $(URL),--url "$(URL)")

##@ Change

test: ## run every test, against real servers and a real browser (ARGS=… for pytest)
	@$(PREPARE) --tests
	$(PY) -m tests.side_by_side -m "not long" $(ARGS)

test-long: ## run every test, and those that take minutes
	@$(PREPARE) --tests
	$(PY) -m tests.side_by_side $(ARGS)

bench: ## print speed and memory next to a bare server's (ROUNDS=… and SECONDS=… for how often and how long)
	@$(PREPARE) --tests
	@$(PY) -m tests.bench

screenshots: ## picture every page and dialog, wide and narrow, light and dark, in both languages; fails where one scrolls sideways (ARGS=… for some)
	@$(PREPARE) --tests
	@$(PY) -m tests.screenshots $(ARGS)

check: ## check style, types, borders between packages, translations and generated documents
	@$(PREPARE) --tests
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy shared/src gateway/src services/*/src deploy/onebox/src
	.venv/bin/lint-imports
	$(PY) -m gateway.translations check
	$(PY) -m onebox.documents --check

format: ## put the code into the house style
	@$(PREPARE) --tests
	$(PY) -m ruff check --fix-only
	$(PY) -m ruff format

docs: ## make the generated documents anew: OpenAPI, AsyncAPI, broker definitions
	@$(PREPARE)
	$(PY) -m onebox.documents

##@ Keep

lock: ## write requirements/*.txt anew from the pyproject files (ARGS=--upgrade for newer versions)
	@$(PREPARE) --tests
	PATH="$(CURDIR)/.venv/bin:$$PATH" $(PY) requirements/lock $(ARGS)

clean: ## remove what was made here: the environment, caches and all local data
	rm -rf .venv .data .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
