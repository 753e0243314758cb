# `make` lists what can be made.
.DEFAULT_GOAL := help
.PHONY: help setup build quickstart test check bench clean

SWIFT ?= swift
# Extra flags for the build that the tests use, for example TEST_FLAGS='-Xswiftc -O' or '--sanitize=thread'.
TEST_FLAGS ?=
# Extra arguments of the quickstart, for example QUICKSTART_FLAGS='--seed 2'.
QUICKSTART_FLAGS ?=

subterfuge := .build/release/subterfuge
test_build := --explicit-target-dependency-import-check error $(TEST_FLAGS)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing: apt packages, MLX, OpenBLAS
	@Scripts/setup.sh

build: setup ## build the command line, optimised
	$(SWIFT) build -c release --product subterfuge

quickstart: build ## train the built-in policy through the curriculum and write the report
	$(subterfuge) run quickstart $(QUICKSTART_FLAGS)

check: ## budgets, imports, duplicates, formatting: seconds, no build
	@Scripts/check.sh

# `swift build` reports an undeclared import in its exit status only; it still prints "Build complete!".
test: setup check ## check, then build and run every test
	Scripts/check_selftest.sh
	$(SWIFT) build --build-tests $(test_build)
	$(SWIFT) test --skip-build --disable-xctest --no-parallel $(test_build)

bench: build ## speed of a training step, beside PyTorch where it is installed, and of the machine's parts
	$(SWIFT) build -c release --product TrainingStep
	.build/release/TrainingStep
	@if python3 -c 'import torch' 2>/dev/null; then python3 Benchmarks/TrainingStep/torch_peer.py compile; \
	  else echo "No PyTorch for this python3: the peer is left out."; fi
	$(subterfuge) doctor

clean: ## remove what was built; what setup fetched and your runs stay
	rm -rf .build
