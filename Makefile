# Two commands do everything, set-up included: `make report` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DATA ?= derby
OUT ?= packs/$(notdir $(DATA))

.DEFAULT_GOAL := help
.PHONY: help setup report figures notebooks test test-all test-wheel test-slow lint benchmark constraints wheel clean

help: ## show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## make the environment in .venv (the other targets do it by themselves)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[notebook,dev]"
	@touch $(READY)

report: $(READY) ## map the shipped Derby data (or DATA=my-folder): report, tables, figures, Word paper, cards
	$(BIN)/mapping pack --data $(DATA) -o $(OUT)

figures: $(READY) ## draw the figures of the worked example into figures/
	$(BIN)/mapping figures -o figures

notebooks: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

lint: $(READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: $(READY) lint ## run every test that needs only Python
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not browser and not office and not slow"

test-all: $(READY) ## also the tests that need Chromium and LibreOffice
	@missing=; command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || missing="$$missing Chromium"; \
	command -v soffice libreoffice >/dev/null 2>&1 || missing="$$missing LibreOffice"; \
	if [ -n "$$missing" ]; then echo "make test-all needs:$$missing. On Debian: apt-get install chromium libreoffice-calc libreoffice-writer"; exit 1; fi
	$(BIN)/python -m pytest -n auto --dist loadfile -m "browser or office"

test-slow: $(READY) ## the attacks on the readers that take the longest, one after the other
	$(BIN)/python -m pytest -m slow

benchmark: $(READY) ## print start-up and run costs, side by side
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/job.py
	$(BIN)/python benchmarks/tagging.py
	$(BIN)/python benchmarks/analysis.py
	$(BIN)/python benchmarks/reading.py

wheel: $(READY) ## build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build --wheel

test-wheel: wheel ## install the wheel in an empty environment and do the main job from an empty folder
	rm -rf build/wheel-check && mkdir -p build/wheel-check/empty
	$(PYTHON) -m venv build/wheel-check/venv
	build/wheel-check/venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt dist/*.whl
	cd build/wheel-check/empty && ../venv/bin/mapping report && ../venv/bin/mapping explain DRB-20 skills \
		&& test -s runs/latest/index.html && test -s runs/latest/tables/tags.csv
	$(BIN)/mapping report -o build/wheel-check/checkout
	cmp build/wheel-check/empty/runs/latest/tables/tags.csv build/wheel-check/checkout/tables/tags.csv

constraints: ## renew the pins (needs uv)
	uv pip compile --quiet --universal --all-extras --no-header --no-annotate --no-emit-index-url \
		--python-version 3.11 pyproject.toml -o constraints.txt

clean: ## remove the environment and everything that was made
	rm -rf $(VENV) build dist runs packs .pytest_cache .mypy_cache .ruff_cache .hypothesis
