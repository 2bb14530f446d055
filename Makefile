.POSIX:
.PHONY: help reports test test-slow site benchmark check check-format check-lint check-types \
	check-imports check-notebooks check-spelling checkers lab lock format translations clean
# Two set-ups at once would write into the same environment.
.NOTPARALLEL:

# The Python to make environments with, such as python3.12; python3 if not given.
PYTHON ?=
# Set it to have `make lock` take newer versions.
UPGRADE ?=
# What to measure, by its name in benchmarks/README.md, and in how many rounds.
WHAT ?=
RUNS ?=
# Options for JupyterLab, such as LAB_ARGS="--no-browser --port 8890".
LAB_ARGS ?=

# Each file's tests run in one process, so that what they share is made once.
PYTEST = .venv/bin/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
INSTALL = PYTHON="$(PYTHON)" sh locks/install
PYBABEL = .venv/bin/pybabel
UPDATE = --input-file build/reports.pot --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date
STRIP = .venv/bin/nbstripout --keep-id --extra-keys metadata.language_info.version

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

reports: ## set up, then build every report of every study
	@$(INSTALL) run .venv
	.venv/bin/compendium build

test: ## set up, then run the tests: about five minutes
	@$(INSTALL) test .venv
	$(PYTEST) -m "not slow"

test-slow: ## set up, then run the slow tests: kills, clusters, each kind of page in a browser
	@$(INSTALL) test .venv
	@$(INSTALL) docs .venv
	@$(INSTALL) bench .venv-bench
	$(PYTEST) -m slow

site: ## set up, then gather reports, documentation and downloads in site/
	@$(INSTALL) docs .venv
	.venv/bin/compendium build
	.venv/bin/sphinx-build -W -q -c docs . site
	cp -R reports site/

# Snakemake has an environment of its own: it conflicts with Great Expectations.
benchmark: ## set up, then measure; WHAT=scaling measures something else
	@$(INSTALL) cluster .venv
	@$(INSTALL) bench .venv-bench
	.venv/bin/python -m benchmarks.run $(WHAT) $(RUNS:%=--runs %)

check: ## set up, then check format, lint, types, imports, notebooks and spelling
check: check-format check-lint check-types check-imports check-notebooks check-spelling

check-format: checkers
	.venv/bin/ruff format --check .

check-lint: checkers
	.venv/bin/ruff check .

check-types: checkers
	.venv/bin/mypy

check-imports: checkers
	.venv/bin/lint-imports --no-logo

check-notebooks: checkers
	$(STRIP) --verify notebooks/*.ipynb notebooks/exercises/*.ipynb

check-spelling: checkers
	.venv/bin/codespell

checkers:
	@$(INSTALL) check .venv

format: checkers ## format code and notebooks as check expects
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	$(STRIP) notebooks/*.ipynb notebooks/exercises/*.ipynb

translations: ## collect the sentences of reports, and add new ones to the catalogues
	@$(INSTALL) run .venv
	mkdir -p build
	$(PYBABEL) extract --mapping-file pyproject.toml --no-location --sort-output \
		--output-file build/reports.pot src/analysis notebooks expectations
	$(PYBABEL) update --locale fr $(UPDATE) --output-file src/analysis/study/languages/fr.po
	$(PYBABEL) update --locale pt_PT $(UPDATE) --output-file src/analysis/study/languages/pt.po

# JupyterLab has an environment of its own: it would slow the start of every notebook of a build.
lab: ## set up, then open the notebooks in JupyterLab
	@$(INSTALL) lab .venv-lab
	.venv-lab/bin/jupyter-lab --LabApp.default_url=/lab/tree/notebooks $(LAB_ARGS)

lock: ## pin the dependencies again; UPGRADE=1 takes newer versions
	@$(INSTALL) uv .venv
	UPGRADE="$(UPGRADE)" sh locks/compile

clean: ## remove the environments, the build folder and all caches
	rm -rf .venv .venv-bench .venv-lab build site \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
