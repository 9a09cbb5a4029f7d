# enkat: make alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.enkat-installed
WORKERS ?= auto
DEMO ?= kommun14
PORT ?= 8000
T ?= tests

export PYTHONUTF8 := 1

.PHONY: help setup demo demo-reset test check lint format catalogues bench proof

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## install enkat and its locked packages in .venv

$(STAMP): requirements/dev.txt requirements/app.in requirements/hatch_build.py pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing: install Python 3.11, 3.12 or 3.13."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "enkat needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Choose another with: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing in $(VENV) (a minute or two the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(STAMP)

demo: setup ## make the demo city (DEMO=kommun14 or stad110), run it through to results and serve it (PORT=8000)
	@$(BIN)/enkat demo --city $(DEMO) --port $(PORT)

demo-reset: setup ## throw the demo city's data away
	@$(BIN)/enkat demo --reset

test: setup ## run the tests on both databases (T=tests/unit narrows, WORKERS=0 runs them one by one)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(T)

lint: setup ## ruff, mypy, import contracts and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint enkat --lint --quiet

check: lint test ## what CI runs

format: setup ## let ruff write what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: setup ## collect the interface's texts and update every language's catalogue
	$(BIN)/python translations/refresh.py

bench: setup ## measure the budgets against a bare app in the same run (results in bench/results)
	@$(BIN)/python -m bench.run

proof: setup ## the long form of races, kills, attackers and simulations (at most an hour)
	@$(BIN)/python -m bench.proof
