# Everything a contributor runs. `make help` lists it; CI runs `make check test` through .ci/run.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests use real parts over loopback and wait for them more than they compute: two cores feed three.
WORKERS ?= 3

.PHONY: help install demo test test-long check lint types imports bench judge reader chaos format

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 14

install: $(STAMP) ## set up the virtual environment, pinned by constraints.txt

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

demo: install ## run the main job against two simulated trackers
	$(BIN)/okrsync demo

test: install ## run the tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q

test-long: install ## run the long forms: all real data, thousands of histories, hundreds of kills
	OKR_TESTS_LONG=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q tests/protocol tests/e2e

chaos: install ## the daemon under fire: killed, lied to and cut off for half an hour
	$(BIN)/python -m tests.chaos

check: lint types imports ## lint, types and import contracts

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

bench: install ## measure: ratios against a baseline in the same run
	$(BIN)/python bench/run.py
	$(BIN)/python bench/judging.py
	$(BIN)/python bench/daemon.py

judge: install ## measure the reader of key results (OKR_CORPUS names a folder of labelled texts)
	$(BIN)/python bench/judge.py

reader: install ## fit the weights of the reader to its examples
	$(BIN)/python bench/fit_reader.py

format: install ## rewrite the code in the house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
