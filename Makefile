# `make demo`: see it work.  `make test`: see that it works.  Both need Python 3.11+ and the package index, no more.

PYTHON ?= python3
VENV := .venv
KG := $(VENV)/bin/kg
PYTEST := $(VENV)/bin/python -m pytest
STORE := demo/store

.PHONY: demo test test-long mutants approve test-oldest lint docs dist models venv clean

demo: $(VENV)/.installed
	@mkdir -p demo
	@sh docs/demo.sh $(KG) $(STORE) demo/graph.ttl

# Tests start some hundred processes: their modules are compiled once, also where the environment forbids it.
test test-oldest: export PYTHONDONTWRITEBYTECODE :=

test: $(VENV)/.installed-test
	$(PYTEST) -q -m "not long" -n 2 --dist loadfile --no-loadscope-reorder

test-long: $(VENV)/.installed-test
	$(PYTEST) -q
	$(MAKE) mutants

# Small faults put into the code, one at a time: which of them would the tests let pass?
mutants: $(VENV)/.installed-test
	$(VENV)/bin/python -m benchmarks.mutants --sample 200

# After a rule was changed: write the approved readings anew, to be read in `git diff tests/approved` before they are committed.
approve: $(VENV)/.installed-test
	$(VENV)/bin/python -m tests.approve

# The oldest libraries that pyproject.toml allows, in an environment of their own; the tests that use them all.
OLDEST := .venv-oldest
OLDEST_TESTS := tests/articles tests/cli tests/graph tests/interface tests/linking tests/ontology tests/pipeline \
	tests/query tests/serve/test_protocol.py tests/serve/test_safe.py tests/store/test_export.py tests/store/test_store.py tests/extract/test_questions.py

test-oldest: $(OLDEST)/.installed
	$(OLDEST)/bin/python -m pytest -q -m "not long" $(OLDEST_TESTS)

lint: $(VENV)/.installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# The documentation site in build/site; strict: a link that leads nowhere fails.
docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --quiet

# What a release would be, in dist/, and whether it is well-formed; nothing is published.
dist: $(VENV)/.installed-release
	rm -rf build/lib dist
	$(VENV)/bin/python -m build
	$(VENV)/bin/twine check --strict dist/*

# Both language models, from the corpora in CORPORA (training/README.md): hours on one core; it goes on where it stopped.
CORPORA := corpora
MODELS := kg/core/data/models
TRAIN = $(VENV)/bin/python -m training.

models: $(VENV)/.installed-train
	$(TRAIN)train --corpora $(CORPORA) --output $(MODELS)/default
	$(TRAIN)branch --corpora $(CORPORA) --model $(MODELS)/default --output $(MODELS)/default
	$(TRAIN)calibrate checkpoints/branch --corpora $(CORPORA) --model $(MODELS)/default --output $(MODELS)/default
	$(TRAIN)train --corpora $(CORPORA) --output $(MODELS)/fast --layers 3 --rate 3e-4

venv: $(VENV)/.installed-test

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or later: name one with `make PYTHON=…`" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[serve]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-%: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

$(OLDEST)/.installed: pyproject.toml .ci/oldest.txt
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint .ci/oldest.txt \
		--editable '.[web,pandas,serve]' pytest hypothesis oxigraph
	@touch $@

clean:
	rm -rf demo build dist *.egg-info
