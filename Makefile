# The two commands: `make up` runs the service, `make test` passes every test. Both set up all they need.
.PHONY: parts screens help setup up test check lint types imports bench-burst bench-clock bench-faults bench-kill bench-read bench-rehearse bench-surroundings bench-web plans-score fuzz rules-fuzz api-fuzz other-pythons try-postfix

SH := /bin/sh
BIN := .venv/bin

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## the environment in .venv, from the lock file
	@$(SH) tools/bootstrap.sh

up: setup ## the whole service, in the foreground
	@exec $(BIN)/sucharit up

test: setup check parts ## style, types, room rules, all tests
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations=10

parts: ## what the tests need beside Python, if it is missing: Chromium, WebKit, LibreOffice
	@$(SH) tools/parts.sh chromium webkit office

check: setup lint types imports ## all that is not a test

lint:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djangofmt check web/templates notifications/messages

types:
	@$(BIN)/mypy .

imports:
	@$(BIN)/lint-imports --no-cache

screens: setup ## pictures of every page in var/screens, on a phone and at a desk, light and dark
	@$(SH) tools/parts.sh chromium
	@$(BIN)/python -m tools.screens

bench-burst: setup ## a burst of due measures and hand-ins, SQLite beside PostgreSQL
	@$(BIN)/python -m bench.burst

bench-clock: setup ## a check of the clock at 2,000 and 98,000 ledger lines beside a bare look-up
	@$(BIN)/python -m bench.clock

bench-faults: setup ## every fault of a mail server, with healthy letters behind it
	@$(BIN)/python -m bench.faults

bench-kill: setup ## the whole service under kill -9, RUNS (20) of each kind: lost, doubled and late letters
	@RUNS=$${RUNS:-20} $(BIN)/python -m bench.kill

bench-read: setup ## starting and reading the example plan beside the start of Python with pydantic
	@$(BIN)/python -m bench.read

bench-rehearse: setup ## a rehearsed year beside the start of Python with our libraries
	@$(BIN)/python -m bench.rehearse

bench-surroundings: setup ## reading an office in one statement beside six plain ones
	@$(BIN)/python -m bench.surroundings

bench-web: setup ## the pages of a large office: statements, time, throughput, bytes, memory
	@$(BIN)/python -m bench.web

plans-score: setup ## the reader of plans against truths written by hand, and its bounds
	@$(BIN)/python -m bench.plans_score

rules-fuzz: setup ## YEARS (2000) random years of notices against the oracle
	@YEARS=$${YEARS:-2000} $(BIN)/pytest -q -n auto tests/rules/test_random_years_agree.py

api-fuzz: setup ## the whole API against its own document, calls that nobody chose: API_FUZZ_EXAMPLES for each (200)
	@API_FUZZ_EXAMPLES=$${API_FUZZ_EXAMPLES:-200} $(BIN)/pytest -q --timeout=3600 tests/api/test_schema_holds.py

fuzz: ## the reader of plans against made-up files, guided by coverage: FUZZ_SECONDS for each target (600)
	@$(SH) tools/bootstrap.sh --group fuzz
	@$(BIN)/python -m tools.fuzz

other-pythons: ## the tests on the Pythons of other Debian releases, as root: RELEASES (trixie), TESTS (most folders)
	@$(SH) tools/other_pythons.sh $(RELEASES)

try-postfix: setup ## our letters on Debian's Postfix, on loopback, as root
	@$(BIN)/python -m tools.try_postfix
