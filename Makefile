# `make` alone lists the targets. Each makes its own .venv first; python3 with its venv module is enough.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest --create-db
MANAGE := $(PYTHON) manage.py
STAMP := .venv/.installed
PROCESSES ?= 2
PORT ?= 8000
PATIENTS ?= 60
TEST_DATABASE_URL := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/zhencheng)

.PHONY: help install run test test-pg test-browser test-long check docs pictures format services \
  bench-booking bench-availability rehearse

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv and install what the requirements name

$(STAMP): requirements.txt requirements-dev.txt tools/install.sh
	@tools/install.sh

run: $(STAMP) ## Everything on this machine, with a demonstration hospital (PORT=8000)
	@$(PYTHON) -m tools.supervise --port $(PORT)

test: $(STAMP) ## The suite on SQLite
	@env -u DATABASE_URL $(PYTEST) -n $(PROCESSES) -m "not pg and not browser and not long"

test-pg: $(STAMP) services ## The suite and the races on PostgreSQL (DATABASE_URL)
	@DATABASE_URL=$(TEST_DATABASE_URL) $(PYTEST) -n $(PROCESSES) -m "not browser and not long"

test-browser: $(STAMP) ## The pages, clicked through in Debian's chromium; screenshots under var/
	@tools/browser.sh
	@env -u DATABASE_URL $(PYTEST) -m browser

pictures: $(STAMP) ## The README's pictures, taken while the journey is clicked through
	@tools/browser.sh
	@env -u DATABASE_URL $(PYTEST) tests/journey_browser -m browser
	@$(PYTHON) -m tools.pictures

test-long: $(STAMP) services ## The suite on PostgreSQL with 200 stateful examples of 30 steps
	@HYPOTHESIS_PROFILE=long DATABASE_URL=$(TEST_DATABASE_URL) \
	  $(PYTEST) -n $(PROCESSES) -m "not browser"

check: $(STAMP) ## Everything static: format, lint, imports, types, migrations, documents
	@tools/check.sh

docs: $(STAMP) ## Refresh the tables and the API document in docs/ from the code
	@$(PYTHON) -m tools.document
	@$(MANAGE) spectacular --validate --fail-on-warn --file docs/openapi.yaml

format: $(STAMP) ## Let ruff put the code in order
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --fix --quiet .

bench-booking: $(STAMP) services ## Bookings a second in production's layout, beside the limit
	@$(PYTHON) -m bench booking

bench-availability: $(STAMP) services ## A department's day a second, beside the limit
	@$(PYTHON) -m bench availability

rehearse: $(STAMP) services ## A hospital's day from outside, the invariants read twice (PATIENTS=60)
	@$(PYTHON) -m rehearsal.day --patients $(PATIENTS)

services: ## PostgreSQL and Redis on loopback: used where they answer, else installed
	@tools/services.sh
