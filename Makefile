# The few commands of the project; each does its own set-up. See README.md.
SHELL := /bin/bash
UV_VERSION := 0.13.9
export UV_VERSION

.DEFAULT_GOAL := help
.PHONY: help run dev test lock clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

run: ## Set up what is missing and serve on 127.0.0.1:8000 (PORT=… for another)
	@bin/setup requirements.txt && exec bin/serve

dev: ## Serve with reloading on change, for work on the code
	@bin/setup requirements-dev.txt && exec bin/dev

test: ## Lint, types and every test on SQLite, PostgreSQL and in Chromium
	@bin/setup requirements-dev.txt && exec bin/test

lock: ## Write the hash-locked requirements anew
	@bin/setup requirements-dev.txt && exec bin/lock

clean: ## Remove the virtual environment and everything in var/
	rm -rf .venv var
