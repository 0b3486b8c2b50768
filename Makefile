# `make help` lists the targets. Everything is set up where it is first needed; nothing is installed outside .venv.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
# make CONSTRAINTS= … takes the newest versions that pyproject.toml admits
CONSTRAINTS ?= constraints.txt
# pytest runs this many workers, each with one torch thread
WORKERS ?= 2

PYTHON := $(VENV)/bin/python
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check $(if $(CONSTRAINTS),-c $(CONSTRAINTS))
# in a container people are root, and Jupyter asks for a word that this is meant
ROOT_USER := $(if $(filter 0,$(shell id -u)),--allow-root)
NEEDS := pyproject.toml $(CONSTRAINTS)
export OMP_NUM_THREADS ?= 1
# nbgrader calls `alembic` by its name
export PATH := $(abspath $(VENV))/bin:$(PATH)

.PHONY: help lab test lint lessons check new edit site release collect grade feedback export rehearse \
        kills reseed proof certificate bench bench-lessons throughput results browser pins

##@ To learn

lab: $(VENV)/.lab ## set up what is missing, then open JupyterLab on the course
	$(VENV)/bin/jupyter lab --LabApp.default_url=/lab/tree/notebooks $(ROOT_USER) $(ARGS)

##@ To change the course

test: $(VENV)/.all lint ## set up what is missing, then run everything that CI runs
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --durations 15

lint: $(VENV)/.all ## ruff on all Python, lessons too, and the layout of text files
	$(PYTHON) -m ruff check .
	$(PYTHON) -m vicourse.lint

lessons: $(VENV)/.all ## build solutions/ and notebooks/ from lessons/, only what changed (FORCE=1: all)
	$(PYTHON) -m vicourse.build $(UNIT) $(if $(FORCE),--force)

check: $(VENV)/.all ## name every built file that is stale or was edited by hand
	$(PYTHON) -m vicourse.build --check $(UNIT)

new: $(VENV)/.all need-unit ## begin a lesson: make new UNIT=15_name
	$(PYTHON) -m vicourse.new $(UNIT)

edit: $(VENV)/.all need-unit ## edit a lesson as a notebook, with nbgrader's toolbar: make edit UNIT=01_vi_basics
	$(PYTHON) -m vicourse.edit $(UNIT) $(ROOT_USER) $(ARGS)

site: $(VENV)/.all ## build the course's web pages in docs/_build/html, without a network
	$(PYTHON) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

browser: $(VENV)/.all ## the tests in a real browser alone
	$(PYTHON) -m pytest tests/browser

##@ To teach a class

release: $(VENV)/.all need-unit ## put a unit's student notebook and its gradebook entry in place: UNIT=…
	$(PYTHON) -m vicourse.release $(UNIT)

collect: $(VENV)/.all need-unit ## copy a folder of submissions into the course: UNIT=… FROM=folder
	$(PYTHON) -m vicourse.collect $(UNIT) $(if $(FROM),--from "$(FROM)")

grade: $(VENV)/.all need-unit ## grade what was collected, and print a summary table: UNIT=…
	$(PYTHON) -m vicourse.grade $(UNIT)

feedback: $(VENV)/.all need-unit ## write one feedback page for each student, without hidden tests: UNIT=…
	$(PYTHON) -m vicourse.feedback $(UNIT)

export: $(VENV)/.all ## write all marks to a CSV file for an LMS
	$(PYTHON) -m vicourse.export

rehearse: $(VENV)/.all need-unit ## run the whole round with made-up students: UNIT=…
	$(PYTHON) -m vicourse.rehearse $(UNIT)

##@ To prove it

kills: $(VENV)/.all ## every wrong answer against its exercise's visible test: the kill matrix
	$(PYTHON) -m vicourse.answers $(UNIT)

reseed: $(VENV)/.all ## every right answer under 1,000 seeds (RUNS=…)
	$(PYTHON) -m vicourse.answers $(UNIT) --reseed $(or $(RUNS),1000)

proof: $(VENV)/.all ## both, kept on the pages docs/proof-*.md (most of an hour)
	$(PYTHON) -m vicourse.answers $(UNIT) --record --reseed $(or $(RUNS),1000)

certificate: $(VENV)/.all ## every estimator's bias, variance and cost: docs/certificate.md (a minute)
	$(PYTHON) -m bench.certificate --write

bench: $(VENV)/.peers ## install the peers, then speed as ratios in one run: all parts, or PARTS="flows hmm"
	$(PYTHON) -m bench $(PARTS)

bench-lessons: $(VENV)/.all ## CPU seconds of every lesson's solution (UNIT=… for one)
	$(PYTHON) -m bench.lessons $(UNIT)

throughput: $(VENV)/.all ## unit 04's training speed beside the original's way
	$(PYTHON) -m bench.throughput

results: $(VENV)/.all ## run unit 04's table again with six seeds, and keep it for the lesson
	$(PYTHON) -m bench.sst_rationales --write --seeds 1 2 3 11 12 13

pins: $(VENV)/.all ## write the installed versions to constraints.txt, after the tests have passed
	$(PYTHON) -m vicourse.pins

##@

help: ## print this list of commands
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

need-unit:
	@test -n "$(UNIT)" || { echo "say which: UNIT=01_vi_basics"; exit 2; }
.PHONY: need-unit

# --- the environment: a stamp file is newer than what it was made from, so a second run starts at once

$(PYTHON):
	@for python in python3 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "setting up $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) && exit 0; \
	    echo "python3 -m venv failed: on Debian and Ubuntu, install the package python3-venv"; exit 1; \
	  fi; \
	done; \
	echo "Python 3.11 or later was not found (python3 is: $$(python3 --version 2>&1 || echo missing))."; exit 1

$(VENV)/.lab: $(NEEDS) | $(PYTHON)
	@echo "installing what the lessons need, once"
	@$(INSTALL) --editable ".[lab]"
	@touch $@

$(VENV)/.all: $(NEEDS) | $(PYTHON)
	@echo "installing what lessons, class, tests and site need, once"
	@$(INSTALL) --editable ".[lab,staff,test,site]"
	@touch $@ $(VENV)/.lab

$(VENV)/.peers: $(NEEDS) | $(PYTHON)
	@echo "installing what lessons, tests and benchmarks need, once"
	@$(INSTALL) --editable ".[lab,staff,test,site,peers]"
	@touch $@ $(VENV)/.lab $(VENV)/.all
