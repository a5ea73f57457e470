# Everything is one command. `make run` and `make test` need Python 3.11 or 3.12 and nothing else.
# Choose a port with PORT=8001, a folder for all that is written with CEOC_VAR=/path, a Python with PYTHON=/path.

.DEFAULT_GOAL := help
.PHONY: help run reset test lint rules shots bench setup setup-dev
VENV := .venv/bin/python

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: setup  ## the whole system on this machine, until Ctrl-C
	@exec $(VENV) -m ceoc.runner

reset: setup  ## stop it and remove all its data
	@exec $(VENV) -m ceoc.runner reset

test: setup-dev  ## all tests (ARGS="tests/setup -k port" for some)
	@exec $(VENV) -m tools.test $(ARGS)

lint: setup-dev  ## ruff, mypy, templates, import contracts
	@exec $(VENV) -m tools.lint

rules: setup-dev  ## switch each policy rule off in turn: a test must go red
	@exec $(VENV) -m tools.rules $(ARGS)

shots: setup-dev  ## a picture of every page, wide and phone, light and dark, into var/shots
	@exec $(VENV) -m tools.shots $(ARGS)

bench: setup-dev  ## the speed figures, one JSON object a line
	@exec $(VENV) -m tests.bench $(ARGS)

setup:
	@sh tools/setup.sh run

setup-dev:
	@sh tools/setup.sh dev
