# The commands of the house. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PRET := $(VENV)/.pret
export JUPYTER_PATH := $(CURDIR)/templates
export JUPYTER_PLATFORM_DIRS := 1

.PHONY: help demo test lab forms bench lint lock sbom audit audit-en-ligne clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(PRET): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; ok = (3, 11) <= sys.version_info[:2] < (3, 14); sys.exit(0 if ok else "Vigie demande Python 3.11, 3.12 ou 3.13 (make PYTHON=…)")'
	"$(PYTHON)" -m venv "$(VENV)"
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch "$(PRET)"

demo: $(PRET) ## Diagnose the demonstration ministry and say where to read the result
	"$(BIN)/vigie" batch demonstration

test: $(PRET) ## Run the whole test suite (installs Chromium where it can)
	@sh tests/outils_systeme.sh
	"$(BIN)/python" -m pytest -n auto --maxprocesses 4 --dist loadfile

lab: $(PRET) ## Open JupyterLab on the campaign's cockpit
	"$(BIN)/jupyter" lab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks/0_accueil.ipynb

forms: $(PRET) ## Serve the forms of the demonstration ministry (links in invitations_*.csv)
	"$(BIN)/vigie" invite demonstration
	"$(BIN)/vigie" forms demonstration

bench: $(PRET) ## Measure, as ratios within one run
	"$(BIN)/python" -m tests.benchmarks

lint: $(PRET) ## Linters, types, floors of the house
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

lock: $(PRET) ## Resolve pyproject.toml again into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --output-file requirements.lock
	"$(BIN)/python" tests/environnement.py

sbom: $(PRET) ## Write what the house is made of as CycloneDX JSON (resultats/sbom.cdx.json)
	"$(BIN)/python" -m tests.dependances sbom resultats/sbom.cdx.json

audit: $(PRET) ## Check lock, installed files and licences offline; AVIS=folder reads a local copy of OSV advisories
	"$(BIN)/python" -m tests.dependances audit $(if $(AVIS),--avis "$(AVIS)")

audit-en-ligne: $(PRET) ## Ask what is published today of known holes in the lock (needs a network; fails if one cannot be asked)
	"$(BIN)/pip-audit" --strict --require-hashes --disable-pip --requirement requirements.lock

clean: ## Remove the environment, caches and results
	rm -rf "$(VENV)" resultats .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
