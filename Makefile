# Svet. Each target does its own set-up; `make help` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
export SVET_VAR ?= $(CURDIR)/var
XDIST ?= 2

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## build the demo region, bill a month, serve at http://localhost:8000
	@$(BIN)/svet demo --serve

test: .venv/dev.stamp ## check everything and run the whole test suite
	@tools/debian-packages chromium-headless-shell poppler-utils kannel dovecot-imapd dovecot-lmtpd
	@$(MAKE) --no-print-directory -j2 --output-sync=target template lint
	$(BIN)/pytest -n $(XDIST) --dist loadgroup

check: lint ## everything that must be green at each commit: lint and the tests of the architecture
	$(BIN)/pytest tests/architecture --no-header

lint: style types imports pages migrations ## style, types, imports, templates, migrations

style: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

imports: .venv/dev.stamp
	$(BIN)/lint-imports --no-cache

pages: .venv/dev.stamp
	$(BIN)/djlint --lint --quiet svet

migrations: .venv/dev.stamp
	$(BIN)/svet makemigrations --check --dry-run --verbosity 0

# The database that the workers copy: made (in a minute, by one process) while lint runs, and kept until migrations change.
template: .venv/dev.stamp
	@$(BIN)/pytest -n $(XDIST) --collect-only -qq tests/test_hashing.py

bench: .venv/dev.stamp ## print the figures; SIZE=100000 ONLY=name
	@$(BIN)/svet bench --size $(or $(SIZE),100000) $(if $(ONLY),--only $(ONLY))

lock: .venv/dev.stamp ## renew the locked dependencies
	$(BIN)/uv pip compile -q --python-version 3.11 --upgrade --generate-hashes --no-annotate --no-header requirements/main.in -o requirements/main.txt
	$(BIN)/uv pip compile -q --python-version 3.11 --upgrade --generate-hashes --no-annotate --no-header requirements/dev.in -o requirements/dev.txt

stop: ## stop the embedded database
	@$(BIN)/svet database stop

clean: stop ## remove the environment and all data of this checkout
	rm -rf .venv var

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/debian-packages python3-venv
	$(PYTHON) -m venv .venv

# --no-compile: a module is compiled when it is first imported, and most never are: this spares set-up the time.
.venv/run.stamp: requirements/main.txt pyproject.toml | .venv/bin/python
	@echo "Installing the locked dependencies (about a minute)…"
	@$(BIN)/pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements/main.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt requirements/main.txt pyproject.toml | .venv/bin/python
	@echo "Installing the locked dependencies (about a minute)…"
	@$(BIN)/pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/run.stamp $@

.PHONY: help run test check lint style types imports pages migrations template bench lock stop clean
