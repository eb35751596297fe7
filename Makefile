# `make demo` shows what bigrules does; `make test` checks it. Both make their environment themselves.
SHELL := bash
VENV ?= .venv
DIST ?= dist
DEMO ?= examples/riverside.xlsx
SITE ?= build/docs
ifndef PYTHON
PYTHON = $(shell .ci/find-python 3.11 3.12 3.13)
endif
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# Two processes are a little faster than one even where Hypothesis keeps them busy.
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist worksteal

.PHONY: help demo test test-long mutants pytest reset-bad lint ruff types docs wheel install clean

help:
	@echo "make demo       check an example register (it is not in order, and is meant not to be)"
	@echo "make test       lint, types and all tests"
	@echo "make test-long  the tests again, with new random cases for about an hour (MINUTES=60)"
	@echo "make mutants    break the engines' own code in many ways, and see whether the tests notice"
	@echo "make reset-bad  write anew what is said about each bad file in tests/bad (read the difference)"
	@echo "make lint       lint and types only"
	@echo "make docs       build the site into $(SITE)/, and follow every link in it"
	@echo "make wheel      build the wheel into $(DIST)/"

$(INSTALLED): pyproject.toml .ci/install
	@bash .ci/install "$(PYTHON)" "$(VENV)"
	@touch $@

install: $(INSTALLED)

# The register holds breaches (1) or open questions (3); anything else is a failure of the demo.
demo: $(INSTALLED)
	@echo '$$ bigrules check $(DEMO) --names full'
	@echo
	@status=0; $(BIN)/bigrules check $(DEMO) --names full || status=$$?; echo; case $$status in \
	  1) echo "Exit status 1: breached, as this made-up register is meant to be.";; \
	  3) echo "Exit status 3: open, as this made-up register is meant to be.";; \
	  *) echo "Exit status $$status: not what the demo should give." >&2; exit 1;; esac
	@echo
	@echo "Next: $(BIN)/bigrules explain $(DEMO) resident-majority --names full"
	@echo "      $(BIN)/bigrules new register ours.xlsx"

lint: ruff types

ruff: $(INSTALLED)
	@$(BIN)/ruff check src tests benchmarks

types: $(INSTALLED)
	@$(BIN)/python -m mypy

pytest: $(INSTALLED)
	@$(PYTEST) $(ARGS)

test: lint pytest

# How long it is to run, in minutes: `make test-long MINUTES=5`.
MINUTES ?= 60

test-long: $(INSTALLED)
	@BIGRULES_PROFILE=long BIGRULES_MINUTES=$(MINUTES) $(PYTEST) $(ARGS)

# Takes about an hour; `make mutants ARGS="-m engines.compiled -n 20"` tries twenty of one module.
mutants: $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutants
	@$(BIN)/python -B tests/mutation/runner.py $(ARGS)

reset-bad: $(INSTALLED)
	@BIGRULES_RESET=1 $(PYTEST) tests/language/test_bad_files.py tests/amendments/test_bad_amendments.py tests/facts/test_bad_registers.py

# Old pages go first, so that no link leads to one that is no more.
docs: $(INSTALLED)
	@rm -rf "$(SITE)"
	@$(BIN)/python -m sphinx -W --keep-going --quiet --fresh-env --builder html docs "$(SITE)"
	@BIGRULES_SITE="$(SITE)" $(BIN)/python -m pytest -q -p no:cacheprovider tests/packaging/test_site.py
	@echo "Open $(SITE)/index.html"

wheel: $(INSTALLED)
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$(DIST)" .
	@ls "$(DIST)"/bigrules-*.whl

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
