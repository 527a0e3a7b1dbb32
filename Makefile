.PHONY: help run dev test lock audit screenshots
.DEFAULT_GOAL := help

help: ## Say what each target does
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 8

run: ## Set up what is missing and serve on 127.0.0.1:8000 (or PORT)
	@exec bin/run

dev: ## Like run, and reload on every change
	@exec bin/run --reload

test: ## Lint, types, the suite on SQLite and PostgreSQL, then the browser
	@exec bin/test

lock: ## Write the requirements*.txt anew from the requirements*.in
	@exec bin/lock

audit: ## Ask Lighthouse (from npm) about ten pages and write docs/audit.md
	@exec bin/audit

screenshots: ## Take the pictures in docs/screenshots/ anew from the demo
	@exec bin/screenshots
