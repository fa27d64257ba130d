# `make demo` and `make test` need Python 3.10 or newer, make and PyPI, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOAKED := tests/storage/test_killed_save.py tests/storage/test_failing_save.py \
	tests/document/test_merge.py tests/app/test_interleavings.py \
	tests/app/test_long_life.py tests/app/test_random_keys.py

.PHONY: demo test soak check lint types contracts wheel screenshots docs clean

demo: $(VENV)/.installed
	$(BIN)/krakend-tui demo

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n auto

# The long form of what docs/safety.md promises, with its figures; then the other long tests.
soak: $(VENV)/.installed-test
	SOAK=1 $(BIN)/python -m pytest -n auto -rP $(SOAKED)
	$(BIN)/python -m pytest -n auto -m soak

check: lint types contracts wheel

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	$(BIN)/lint-imports

wheel: $(VENV)/.installed-dev
	rm -rf dist
	$(BIN)/python -m build

screenshots: $(VENV)/.installed
	$(BIN)/python screenshots/make.py

docs: $(VENV)/.installed
	$(BIN)/krakend-tui rules --format markdown > docs/rules.md

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) dist build .cache .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	# pip compiles what it installs, but not what it leaves where it is.
	$(BIN)/python -m compileall -q tui
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	@touch $@
