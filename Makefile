# Everything a developer or an operator types. Nothing but Python 3.11 and make is needed.
.DEFAULT_GOAL := help
.PHONY: up test check bench pictures lock clean help install install-dev chromium
SHELL := /bin/sh
PORT ?= 8000
# Two at a time, a file's tests by the same one: each has its own databases in the shared servers.
PYTEST_OPTIONS ?= -n 2 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

up: install ## Start LeadHub here: PORT=8123 and LEADHUB_HOME=folder move it
	@exec env PORT=$(PORT) $(BIN)/leadhub up

test: install-dev chromium ## Run every test on real servers and a real browser
	@$(BIN)/pytest $(PYTEST_OPTIONS)

check: install-dev ## Run every static check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

bench: install-dev ## Measure on this machine; prints figures, asserts none
	@$(BIN)/python -m benchmarks

pictures: install-dev chromium ## Photograph the guides' pages anew, into docs/images
	@$(BIN)/pytest --quiet tests/journeys/test_guide.py
	@$(BIN)/python -m tests.journeys.pictures

lock: install-dev ## Write requirements/*.txt anew from requirements/*.in
	@for kind in build base dev; do \
	  $(BIN)/uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.11 \
	    $(LOCK_OPTIONS) requirements/$$kind.in -o requirements/$$kind.txt; done

clean: ## Remove what was built; the data in .leadhub stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis staticfiles *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@requirements/install.sh base

install-dev:
	@requirements/install.sh dev

chromium:
	@tests/install-chromium.sh
