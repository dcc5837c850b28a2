.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check lock clean bootstrap bench

help:  ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

bootstrap:  ## prepare the checkout (virtual environment, packages, client)
	@$(PYTHON) tools/bootstrap.py

demo: bootstrap  ## set everything up and serve the demo city until Ctrl-C
	@HUYING_MODE=demo $(BIN)/huying demo

test:  ## everything CI runs
	@$(PYTHON) tools/bootstrap.py --tests
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest
	@if [ -f web/package-lock.json ]; then cd web && npm test --silent; fi

check:  ## style, types, imports, migrations
	@$(BIN)/ruff check .
	@HUYING_MODE=test HUYING_HOME=.huying/test $(BIN)/huying makemigrations --check --dry-run -v0

bench: bootstrap  ## measure; prints each figure beside its limit
	@$(BIN)/python -m bench.run

lock:  ## pin the packages anew (needs uv in the environment)
	@uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header -q -o requirements.lock

clean:  ## remove what was built; keeps .huying (data)
	@rm -rf .venv web/node_modules web/dist
