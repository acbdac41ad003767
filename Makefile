# Ancestral's commands. `make demo` and `make test` set everything up by themselves; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUNS := $(VENV)/.runs
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
LIBRARY := python/ancestral/_lib/libAncestralBridge$(if $(filter Darwin,$(shell uname)),.dylib,.so)
TOOL := .build/release/ancestral
SWIFT_SOURCES := Package.swift scripts/build_engine.sh $(shell find Sources -type f)

.PHONY: all
all: format lint build test  ## Format, lint, build and test

.PHONY: help
help:  ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# ------------------------------------------------------------------------------------------------ set-up

# A new folder's first call makes the virtual environment; later calls see the stamps. Python compiles what it imports, so that pip
# need not compile all that there is.
$(STAMP): $(RUNS)
	$(PIP) --editable '.[plot,dev]'
	@touch $@

# What the package and its examples run with, which is less than what tests and tools take.
$(RUNS): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[plot,eval]'
	@touch $@

$(LIBRARY): $(SWIFT_SOURCES)
	scripts/build_engine.sh $@

# The command-line tool, which the tests of the guides call.
$(TOOL): $(SWIFT_SOURCES)
	swift build --quiet -c release --product ancestral
	@touch $@

.PHONY: setup
setup: $(STAMP)  ## Make the virtual environment

.PHONY: engine
engine: $(LIBRARY)  ## Build the engine's shared library for Python

.PHONY: build
build: engine  ## Build everything: the shared library and the command-line tool
	swift build -c release

# ------------------------------------------------------------------------------------------------ the main job

.PHONY: demo
demo:  ## Train a small AVICI on a stream of tasks; pictures and a table in runs/demo
	@$(MAKE) --no-print-directory --jobs 2 $(RUNS) $(LIBRARY)
	$(BIN)/python examples/train_structure_learner.py

# ------------------------------------------------------------------------------------------------ tests

.PHONY: demo-effects
demo-effects:  ## Train a small network that estimates effects in context; pictures and a table in runs/demo-effects
	@$(MAKE) --no-print-directory --jobs 2 $(RUNS) $(LIBRARY)
	$(BIN)/python examples/train_effect_learner.py

.PHONY: test
test:  ## The tests of every day, Swift and Python, in some minutes
	@$(MAKE) --no-print-directory --jobs 2 $(STAMP) build-tests
	@$(MAKE) --no-print-directory --jobs 2 test-swift $(LIBRARY)
	@$(MAKE) --no-print-directory test-python

.PHONY: test-all
test-all: test test-bits test-python-slow  ## All tests: also every build's bits, many processes, faults, the demo, the wheel

.PHONY: build-tests
build-tests:
	swift test list -c release >/dev/null
	@touch $(TOOL)

.PHONY: test-swift
test-swift: build-tests  ## Swift tests, optimised
	swift test -c release --skip-build

.PHONY: test-bits
test-bits:  ## The golden bits, from debug and release builds and from processors' baselines up
	scripts/check_bits.sh

.PHONY: test-python
test-python: $(STAMP) $(LIBRARY) $(TOOL)  ## Python tests, but for those that take long
	$(BIN)/python -m pytest --numprocesses 2 -m 'not slow'

.PHONY: test-python-slow
test-python-slow: $(STAMP) $(LIBRARY) $(TOOL)  ## Python tests that take long, one by one
	$(BIN)/python -m pytest -m slow

.PHONY: bench
bench:  ## Kernels and whole tasks: a table, and JSON in runs/bench.json
	swift build --quiet -c release --product ancestral
	@mkdir -p runs
	$(TOOL) bench --json-file runs/bench.json

.PHONY: ratios
ratios: $(STAMP)  ## A short benchmark whose costs are held against each other
	swift build --quiet -c release --product ancestral
	@mkdir -p runs
	$(BIN)/python scripts/check_ratios.py $(TOOL) runs/ratios.json

# The peers' own packages, which nothing else needs; some pull in more than their generators do, hence --no-deps.
PEERS := .venv-peers
$(PEERS)/.installed: constraints.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch numpy scipy networkx \
	  igraph scikit-learn pandas matplotlib tqdm einops joblib xgboost psutil huggingface_hub
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps avici causally gcastle sempler dagma
	@touch $@

.PHONY: test-formats
test-formats: $(PEERS)/.formats $(LIBRARY)  ## Our formats read by the packages that they are for
	PYTHONPATH=python $(PEERS)/bin/python -m pytest python/tests/unit/formats

$(PEERS)/.formats: $(PEERS)/.installed pyproject.toml
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pytest hypothesis \
	  safetensors PyYAML Jinja2 h5py pandas pgmpy omegaconf
	@touch $@

.PHONY: bench-peers
bench-peers: $(PEERS)/.installed  ## The generators of other packages against ours: a table of ratios, JSON in runs/bench-peers.json
	swift build --quiet -c release --product ancestral
	$(PEERS)/bin/python scripts/bench_peers.py

.PHONY: vectors
vectors: $(STAMP) $(LIBRARY)  ## Rewrite the golden files; read the diff before you commit it
	ANCESTRAL_WRITE_VECTORS=1 swift test -c release --filter Golden
	$(BIN)/python scripts/write_vectors.py

.PHONY: config
config: $(STAMP) $(LIBRARY)  ## Write Python's options and strategies, and the pages that list them, from the engine's schema
	$(BIN)/python scripts/write_config.py $(LIBRARY)

# ------------------------------------------------------------------------------------------------ distributions

.PHONY: wheel
wheel: $(STAMP) $(LIBRARY)  ## Build the wheel that needs no Swift where it is installed, in dist, and check it
	@rm -f dist/*.whl
	ANCESTRAL_PREBUILT=$(LIBRARY) $(BIN)/python -m build --wheel --outdir dist
	$(BIN)/python scripts/check_wheel.py dist/*.whl

.PHONY: wheel-smoke
wheel-smoke: wheel  ## Install the wheel in an empty environment without Swift and use it; what that takes
	$(BIN)/python scripts/smoke_wheel.py dist/*.whl constraints.txt

.PHONY: sdist
sdist: $(STAMP)  ## Pack the sources, in dist; a wheel can be built from them where Swift is
	@rm -f dist/*.tar.gz
	$(BIN)/python -m build --sdist --outdir dist

.PHONY: swift-package
swift-package:  ## Build examples/swift-package against this commit, by version
	scripts/check_swift_package.sh

.PHONY: docc
docc:  ## Build the reference of the Swift library, warnings as errors
	scripts/build_docc.sh

# ------------------------------------------------------------------------------------------------ quality

.PHONY: format
format: $(STAMP)  ## Format Swift and Python
	swift format --in-place --recursive Package.swift Sources Tests
	$(BIN)/ruff format python examples scripts hatch_build.py
	$(BIN)/ruff check --fix python examples scripts hatch_build.py

.PHONY: lint
lint: $(STAMP)  ## Check formats, Python's style and its types
	swift format lint --strict --recursive Package.swift Sources Tests
	$(BIN)/python scripts/check_imports.py
	$(BIN)/python scripts/check_paths.py
	$(BIN)/ruff format --check python examples scripts hatch_build.py
	$(BIN)/ruff check python examples scripts hatch_build.py
	$(BIN)/pyright

# What builds the site, which nothing else needs.
$(VENV)/.docs: $(STAMP)
	$(PIP) --editable '.[docs]'
	@touch $@

.PHONY: docs
docs: $(VENV)/.docs  ## Build the site of guides and reference, in site; warnings and dead links are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

.PHONY: clean
clean:  ## Remove what the targets above made
	rm -rf .build .build-* dist site python/ancestral/_lib runs $(VENV)
