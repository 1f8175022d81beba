# `make demo`: see it work.  `make test`: see that it works.  Both need Python 3.11+ and the package index, no more.

PYTHON ?= python3
VENV := .venv
KG := $(VENV)/bin/kg
PYTEST := $(VENV)/bin/python -m pytest
STORE := demo/store

.PHONY: demo test test-long lint venv clean

demo: $(VENV)/.installed
	@mkdir -p demo
	@sh docs/demo.sh $(KG) $(STORE) demo/graph.ttl

test: $(VENV)/.installed-test
	$(PYTEST) -q -m "not long"

test-long: $(VENV)/.installed-test
	$(PYTEST) -q

lint: $(VENV)/.installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

venv: $(VENV)/.installed-test

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("kg needs Python 3.11 or later: name one with `make PYTHON=…`" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf demo build dist *.egg-info
