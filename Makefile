# giaoviec: `make demo` shows it at work, `make test` runs all tests, `make setup` is their common part.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
VENV := .venv
PYTHON ?= python3.11
DEMO_HOME := home/demo

.PHONY: setup demo test lint types bench soak soak-readers docs lock samples screenshots clean

setup: $(VENV)/.installed

test-setup: $(VENV)/.installed-test
.PHONY: test-setup

$(VENV)/.installed: requirements.txt pyproject.toml scripts/system-packages.sh
	@scripts/system-packages.sh tesseract-ocr tesseract-ocr-vie python3-venv
	@scripts/make-venv.sh "$(PYTHON)" $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@scripts/system-packages.sh chromium chromium-driver
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement requirements-test.txt
	@touch $@

# Everything in samples/ goes into the inbox of a home of its own and through the Prefect flow.
demo: setup
	@scripts/demo.sh $(VENV)/bin/giaoviec $(DEMO_HOME)

test: test-setup lint types
	$(VENV)/bin/python -m pytest --numprocesses 2 --dist worksteal

lint: test-setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: test-setup
	$(VENV)/bin/mypy

# Ratios beside bare Tesseract, OCRmyPDF and pdfplumber; BENCH_ARGS are handed on (see benchmarks/README.md).
bench: test-setup
	@$(VENV)/bin/python -m benchmarks $(BENCH_ARGS)

# Kills `serve` at random moments while letters come in, for SOAK_SECONDS.
SOAK_SECONDS ?= 300
soak: test-setup
	@$(VENV)/bin/python -m benchmarks.soak --seconds $(SOAK_SECONDS)

# Eight clients query the published copy while letters are loaded.
soak-readers: test-setup
	@$(VENV)/bin/python -m benchmarks.soak_readers --seconds $(SOAK_SECONDS)

# The data dictionaries from the comments in the database; the queries of the cookbook into the Vietnamese one.
docs: test-setup
	@$(VENV)/bin/python -m pipeline.dictionary
	@$(VENV)/bin/python -m pipeline.cookbook

# Makes the locks again from the ranges in pyproject.toml.
lock:
	@scripts/lock.sh "$(PYTHON)"

samples: test-setup
	@$(VENV)/bin/python samples/make.py

# The pages and an exported workbook as they look, into docs/screenshots.
screenshots: test-setup
	@$(VENV)/bin/python -m tests.screenshots docs/screenshots

clean:
	rm -rf $(VENV) home/demo build *.egg-info
