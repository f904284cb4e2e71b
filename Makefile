# The outside of Tadoru. `make` lists what there is; every target is safe to repeat.
#
# Two builds exist, and only two. Tests use the debug build: it compiles in a third of the time, and `swift build
# --build-tests` makes the `tadoru` binary for the end-to-end tests in the same pass. Users get the release build
# with Swift's own libraries inside. One form per configuration: switching `--static-swift-stdlib` on and off within
# a configuration would compile everything again.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
ROUNDS ?= 1000
SEED ?=
sources := Sources Tests Package.swift

.PHONY: help demo test check crash bench docs clean build golden runtime install format

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## run the example on real data, from nothing to an evaluated model
	@scripts/bootstrap.sh --for run
	@scripts/build.sh
	@scripts/demo.sh

build: ## make the release binary, bin/tadoru
	@scripts/bootstrap.sh --for build
	@scripts/build.sh

test: ## run every test (unit, golden, end to end)
	@scripts/bootstrap.sh --for test
	@scripts/test.sh

check: ## format, layers, house rules, build, test
	@swift format lint --strict -r -p $(sources)
	@scripts/bootstrap.sh --for test
	@swift package dump-package | python3 tools/layers.py
	@python3 tools/house-rules.py .
	@scripts/test.sh

crash: ## kill -9 at 1,000 random moments (ROUNDS=n, SEED=n)
	@scripts/bootstrap.sh --for test
	@scripts/crash.sh "$(ROUNDS)" "$(SEED)"

bench: ## measure against peers, as a table of ratios
	@scripts/bootstrap.sh --for run
	@scripts/build.sh
	@bench/run.sh

golden: ## record golden files anew; read the difference before committing it
	@scripts/bootstrap.sh --for test
	@scripts/test.sh --record

docs: ## make the reference of the public types in docs/api
	@scripts/bootstrap.sh --for build
	@scripts/docs.sh

runtime: ## make the Python environments only
	@scripts/bootstrap.sh --for run

install: build ## put tadoru below PREFIX (default /usr/local)
	@scripts/install.sh "$(PREFIX)"

format: ## let swift format rewrite the sources
	@swift format -i -r -p $(sources)

clean: ## remove what was built; .deps stays, as it takes minutes to fetch
	rm -rf .build bin docs/api
