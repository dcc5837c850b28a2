.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# mypy and the migration check read the settings; neither may start a server of its own and leave it running
NO_DATABASE := HUYING_MODE=test HUYING_HOME=.huying/test HUYING_DATABASE_URL=postgresql://none@127.0.0.1:1/none

.PHONY: help bootstrap demo test check check-server check-client bench lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

bootstrap:  ## prepare the checkout (virtual environment, packages, client)
	@$(PYTHON) tools/bootstrap.py

demo: bootstrap  ## set everything up and serve the demo city until Ctrl-C
	@HUYING_MODE=demo $(BIN)/huying demo

test:  ## everything CI runs
	@$(PYTHON) tools/bootstrap.py --tests
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest --ignore=tests/browser
	@if [ -f web/package-lock.json ]; then cd web && npm test --silent; fi
	@if [ -d tests/browser ]; then $(BIN)/python -m pytest tests/browser; fi

check: check-server check-client  ## style, types, imports, migrations

check-server:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(NO_DATABASE) $(BIN)/mypy huying tests conftest.py tools/bootstrap.py
	@$(BIN)/lint-imports
	@$(NO_DATABASE) $(BIN)/python -W "ignore:Got an error checking a consistent migration" -m huying makemigrations --check --dry-run

check-client:
	@if [ -f web/package-lock.json ]; then cd web && npm run --silent lint && npx --no-install vue-tsc --noEmit; fi

bench: bootstrap  ## measure; prints each figure beside its limit
	@$(BIN)/python -m bench.run

lock:  ## pin the packages anew (needs uv in the environment)
	@uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header -q -o requirements.lock

clean:  ## remove what was built; keeps .huying (data)
	@rm -rf .venv web/node_modules web/dist
