# make run · test · dev · check · staff · lock. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: run dev test check staff publish lock clean bench

# One simple command, so that make's SIGTERM reaches it.
run: .venv/run
	@$(BIN)/python -m mesosite.serve

dev: export DEBUG = 1
dev: .venv/dev
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) runserver $(or $(PORT),8000)

# Prints a one-day link to set a password:
# make staff EMAIL=eleni@clinic.example NAME="Eleni P." ROLE=clinician
# Disables a login and ends its sessions: make staff EMAIL=eleni@clinic.example DISABLE=yes
# Opens it again, with a new link: make staff EMAIL=eleni@clinic.example ENABLE=yes
# NAME counts on the command line only: some systems set a variable of that name to the machine's.
staff: .venv/run
	@$(MANAGE) staff --email "$$EMAIL" --role "$$ROLE" $(if $(findstring command,$(origin NAME)),--name "$$NAME") \
		$(if $(DISABLE),--disable) $(if $(ENABLE),--enable)

test: .venv/dev .venv/browser
	@$(BIN)/python -m tests.run

check: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@VAR_DIR=$$(mktemp -d) $(BIN)/mypy
	@find templates -name '*.html' | xargs $(BIN)/djade --check
	@VAR_DIR=$$(mktemp -d) $(MANAGE) makemigrations --check --dry-run
	@VAR_DIR=$$(mktemp -d) SITE_URL=https://mesosite.example $(MANAGE) check --deploy --fail-level WARNING \
		--tag security --tag models --tag urls --tag templates --tag staticfiles --tag files
	@VAR_DIR=$$(mktemp -d) $(MANAGE) check

publish: .venv/run
	@$(MANAGE) publish

# Requests a second beside a Wagtail form page, and milliseconds of the form; seconds of the gate and
# of publishing for 250, 500 and 1,000 pages of this size; milliseconds of the inbox's pages, on the
# database of DATABASE_URL:
# make bench ENQUIRIES="1000 20000+1000000" (enquiries + tombstones)
ENQUIRIES ?= 1000 20000+200000
bench: .venv/dev .venv/wagtail/ready
	@$(BIN)/python -m tests.bench.sending
	@$(BIN)/python -m tests.bench.pages
	@$(BIN)/python -m tests.bench.desk $(ENQUIRIES)

# One lock for running, one for working on it. No address of a package index gets into either.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate --quiet pyproject.toml
lock: .venv/dev
	@$(LOCK) --extra postgres -o requirements.txt
	@$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt
	@$(LOCK) --extra bench -c requirements.txt -o requirements-bench.txt

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make run PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/wagtail/ready: .venv/python requirements-bench.txt
	@$(BIN)/python -m venv .venv/wagtail
	@.venv/wagtail/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

# Debian's Chromium where it is or can be installed, else the one that Playwright brings; Firefox as
# its maker ships it, since Playwright's own is another.
.venv/browser: .venv/dev
	@command -v chromium chromium-browser google-chrome >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
		|| $(BIN)/playwright install --with-deps chromium
	@command -v firefox-esr firefox >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq firefox-esr >/dev/null; } \
		|| { echo "No Firefox on this machine. As root: apt-get install firefox-esr"; exit 1; }
	@touch $@

clean:
	@rm -rf .venv
