# The commands of this project. `make help` lists them. Only Python 3.11 or newer and make are needed.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run setup services test test-slow lint format ci bench

PYTHON ?=
BIN := .venv/bin
ROOMS := helpdesk governance tickets aiassist
CODE := $(ROOMS) $(wildcard bench) conftest.py manage.py
WORKERS ?= 2
ARGS ?=

# Finds a Python that is new enough and can build environments, then runs the bootstrap with it.
define bootstrap
found=; new=; \
for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		new=$$python; \
		if "$$python" -c 'import venv, ensurepip' 2>/dev/null; then found=$$python; break; fi; \
	fi; \
done; \
if [ -z "$$new" ]; then \
	echo "Helpdesk needs Python 3.11 or newer, and there is none on the PATH: install one, or name it with make PYTHON=/path/to/python3." >&2; exit 1; \
fi; \
if [ -z "$$found" ]; then \
	echo "$$new cannot build environments: install its venv module (Debian: apt-get install python3-venv)." >&2; exit 1; \
fi; \
"$$found" helpdesk/runtime/bootstrap.py
endef

help:  ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run:  ## Start everything on http://localhost:8000 (PORT=... chooses another); Ctrl-C stops it
	@$(bootstrap) run && exec $(BIN)/python -m helpdesk.runtime run

setup:  ## Build .venv with what the product and its tests need
	@$(bootstrap) dev

services:  ## Start PostgreSQL and Valkey alone, for manage.py commands
	@$(bootstrap) run && exec $(BIN)/python -m helpdesk.runtime services

# Any order at the desk, one order on the server: a red build can be run again as it was.
ORDER := $(if $(CI),--randomly-seed=2026)

test: setup  ## Run the tests on throw-away services (ARGS="-k word" picks some)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ORDER) -m "not slow" $(ARGS)

test-slow: setup  ## Run the tests that start the whole product
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ORDER) -m slow $(ARGS)

# The checks need no services; the address below is never asked.
CHECK_ENV := HELPDESK_DATA_DIR=.venv/check HELPDESK_SCHEME=https HELPDESK_BASE_DOMAIN=helpdesk.example \
	SECRET_KEY=made-for-make-lint-only-5d0c7b1e94f24a6fa8b3c2d1e0f9a8b7 \
	HELPDESK_ENCRYPTION_KEYS=bWFkZS1mb3ItbWFrZS1saW50LW9ubHktMDAwMDAwMDA=

lint: setup  ## Style, types, arrows between rooms, templates, migrations, deployment settings
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint templates --lint --quiet
	@env $(CHECK_ENV) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity 1
	@env $(CHECK_ENV) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: setup  ## Format the code and fix what can be fixed
	@$(BIN)/ruff check --fix --exit-zero --quiet $(CODE)
	@$(BIN)/ruff format $(CODE)

ci: lint test test-slow  ## What must pass before anything lands

bench: setup  ## Measure pages, mail and drafts on 100,000 tickets (TICKETS=1000000, ARGS="--only search")
	@$(BIN)/python -m bench $(ARGS)
