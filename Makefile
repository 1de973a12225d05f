# One word each. Needs git, make and Python 3.10 to 3.13 with pip and venv; all else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

.PHONY: help setup demo serve test lint fix docs bench gallery calibrate clean
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

# Installed again only where the project's list of dependencies changed.
$(INSTALLED): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web]'
	@touch $@

$(DEV): pyproject.toml $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

setup: $(DEV)  ## Install everything into .venv and fetch the models
	@$(BIN)/catchlight models pull

demo: $(INSTALLED)  ## Make a headshot of the example, with its report, in out/
	@mkdir -p out
	@$(BIN)/catchlight models pull
	@$(BIN)/catchlight shot examples/astronaut.jpg -o out/astronaut.headshot.jpg --report --force
	@echo
	@echo "Headshot: $(CURDIR)/out/astronaut.headshot.jpg"
	@echo "Report:   $(CURDIR)/out/astronaut.headshot.html"

serve: setup  ## Open the studio in your browser
	$(BIN)/catchlight serve --open

test: setup  ## Run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile --max-worker-restart 0 $(ARGS)

lint: $(DEV)  ## Check style, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(DEV)  ## Repair style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(DEV)  ## Write the pages under docs/ that come from the code
	$(BIN)/python tools/manual.py
	$(BIN)/python tools/settings_page.py
	$(BIN)/python tools/adjustments_page.py

bench: $(DEV)  ## Measure speed and memory
	$(BIN)/python tools/bench.py

gallery: $(DEV)  ## Make contact sheets of the real photos beside the project
	$(BIN)/python tools/gallery.py ../shared/photos

calibrate: $(DEV)  ## Measure what authenticity says of known edits, for docs/likeness.md
	$(BIN)/python tools/calibrate.py ../shared/photos ../shared/london --write docs/likeness.md

clean:  ## Remove .venv, out and caches
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
