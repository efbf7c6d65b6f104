# Needs make and Python 3.11 or newer; everything else is installed into .venv from the locks.
# PYTHON=/path/to/python chooses the interpreter, ARGS="…" is handed on to the command.

SHELL := /bin/sh
PYTHON ?=
ARGS ?=
PY := .venv/bin/python
QUIET := --quiet --quiet --disable-pip-version-check --no-input
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test lint format check bench mutate lock venv clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/.run ## start Plumbline: the bot with TELEGRAM_BOT_TOKEN, else the terminal chat
	@$(PY) -m bot run $(ARGS)

test: .venv/.dev ## run the tests
	@$(PY) -m pytest $(ARGS)

lint: .venv/.dev ## check style, types and the Dockerfile
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/hadolint Dockerfile

format: .venv/.dev ## put the code into its one style
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

check: test lint mutate ## test, lint, mutate: what .ci/run does

bench: .venv/.dev ## measure speed and memory (ARGS=--help: what can be chosen; docs/benchmark.md)
	@$(PY) -m tests.benchmark $(ARGS)

mutate: .venv/.dev ## alter the protocol in every place: is each one caught? (docs/proof.md)
	@$(PY) -m tests.mutation

lock: .venv/.dev ## write the locks anew (ARGS=--upgrade: at the newest versions)
	@$(LOCK) $(ARGS) --output-file requirements.lock >/dev/null
	@$(LOCK) $(ARGS) --group dev --constraints requirements.lock \
		--output-file requirements-dev.lock >/dev/null
	@$(LOCK:pyproject.toml=) $(ARGS) --group build --constraints requirements-dev.lock \
		--output-file requirements-build.lock >/dev/null

venv: .venv/.dev ## set up .venv with everything, for an editor say
	@:

clean: ## remove .venv and every cache; data/ stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	@find bot flows content tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: requirements.lock requirements-build.lock pyproject.toml
	@$(call set_up,$@,$^)

.venv/.dev: requirements-dev.lock pyproject.toml
	@$(call set_up,$@,$^)

# $(1): the stamp; $(2): the files it follows from. The stamp holds where the tree lies and what was
# installed, so a changed lock and a moved folder are both noticed. Only one set-up runs at a time:
# the lock on file 9 lasts as long as the shell that opened it.
define set_up
set -eu; exec </dev/null >&2; found=; old=; \
for python in $(if $(PYTHON),'$(PYTHON)',python3.13 python3.12 python3.11 python3); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	old=$$python; \
	if "$$python" -c 'import ensurepip, fcntl, venv' 2>/dev/null; then found=$$python; break; fi; \
done; \
if [ -z "$$old" ]; then \
	echo "plumbline: needs Python 3.11 or newer; install it, or name one: make PYTHON=/path/to/python3"; \
	exit 1; \
elif [ -z "$$found" ]; then \
	echo "plumbline: $$old cannot make virtual environments; install its venv module (Debian: apt install python3-venv)"; \
	exit 1; \
fi; \
if [ -L .venv ]; then \
	echo "plumbline: .venv is a link; what it leads to would be emptied. Remove the link."; \
	exit 1; \
fi; \
mkdir -p .venv; exec 9>.venv/.lock; "$$found" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'; \
want=$$(pwd; cat $(filter %.lock %.toml,$(2))); \
if [ "$$want" = "$$(cat $(1) 2>/dev/null)" ]; then touch $(1); exit 0; fi; \
echo "plumbline: setting up .venv …"; \
if [ "$$(pwd)" != "$$(cat .venv/.home 2>/dev/null)" ] || ! $(PY) -m pip --version >/dev/null 2>&1; then \
	"$$found" -m venv --clear .venv; pwd >.venv/.home; \
fi; \
for lock in $(filter %.lock,$(2)); do \
	$(PY) -m pip install $(QUIET) --require-hashes -r "$$lock"; \
done; \
$(PY) -m pip install $(QUIET) --no-deps --no-build-isolation --editable .; \
printf '%s\n' "$$want" >$(1)
endef
