# `make demo` marks the example classes of all assignments, `make test` passes the tests.
# Both set up .venv themselves; nothing but Python 3.11 or newer and make is needed.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# As many at once as there are processors that this process may use; who is done takes over the others' tests.
# What is made of the tests' files is kept, whatever the user's settings: each process would make it anew in each run.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal
LOWEST := sed -n '/^dependencies/,/^\]/s/^  "\(.*\)>=\(.*\)",$$/\1==\2/p' pyproject.toml
# Tests that start processes wait for them, so one more at once than there are processors.
AND_ONE := -n $$(( $$(nproc) + 1 ))
SLUGS := $(notdir $(patsubst %/,%,$(wildcard assignments/*/)))

.PHONY: demo fast test lint types slow check lowest coverage goldens schema typed bench clean
.DELETE_ON_ERROR:

# The examples are ours: where there are no walls, they run without.
demo: .venv/.installed
	@mkdir -p results
	@$(BIN)/grader doctor >/dev/null || export GRADER_SANDBOX=$${GRADER_SANDBOX:-basic}; \
	for slug in $(SLUGS); do \
	  $(BIN)/grader grade $$slug examples/submissions/$$slug --results results/$$slug.json || exit; \
	  echo; \
	done
	@echo "The results are in results/*.json; docs/integrators/results.md says how to read them."

# What starts no process and takes little time: for every change, while it is made.
fast: .venv/.test
	$(PYTEST) --hypothesis-profile=fast -m "not slow and not processes and not lengthy" tests/unit

test: .venv/.test
	$(PYTEST) $(AND_ONE)

lint: .venv/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.lint .venv/.test
	$(BIN)/mypy

slow: .venv/.test
	$(PYTEST) $(AND_ONE) -m slow
	$(PYTEST) --hypothesis-profile=thorough -m "not slow and not processes" tests/unit
	$(PYTEST) --hypothesis-profile=thorough tests/sandbox/test_decoder.py tests/unit/judge/test_student_gate.py

check: test lint types slow

goldens: .venv/.test
	@$(BIN)/python -m tests.goldens.make

# What is made from the declared keys of the spec: the JSON Schema and the authors' page.
schema: .venv/.installed
	@$(BIN)/python -m grader.spec.keys

# The page of what students may type, from the tables that the tests go through.
typed: .venv/.test
	@$(BIN)/python -m tests.typed

# With the lowest versions that are declared, in an environment of its own: every example gets what it must get.
lowest: .venv-lowest/.installed
	.venv-lowest/bin/grader verify --sandbox basic assignments/*

.venv-lowest/.installed: pyproject.toml
	$(PYTHON) -m venv .venv-lowest
	$(LOWEST) | .venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check -e . -r /dev/stdin
	@touch $@

# Which lines and branches the tests reach, without the slow ones; what runs in students' processes is not seen.
coverage: .venv/.coverage
	$(PYTEST) --cov=grader --cov-branch --cov-report=term:skip-covered --cov-report=html:results/coverage

bench: .venv/.installed
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.sandbox
	$(BIN)/python -m benchmarks.guards
	$(BIN)/python -m benchmarks.judging
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.handing_in
	$(BIN)/python -m benchmarks.gradebook
	$(BIN)/python -m benchmarks.start

clean:
	rm -rf .venv .venv-lowest results dist build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "grader needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

# Compiled once, as an installed package is: where Python may not keep what it compiles, each command would do it anew.
.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) -e .
	@$(BIN)/python -m compileall -q grader
	@touch $@

.venv/.test: .venv/.installed
	$(PIP) -e '.[test]'
	@touch $@

.venv/.coverage: .venv/.test
	$(PIP) -e '.[coverage]'
	@touch $@

.venv/.lint: .venv/.installed
	$(PIP) -e '.[lint]'
	@touch $@
