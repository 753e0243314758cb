# `make` lists what can be made.
.DEFAULT_GOAL := help
.PHONY: help setup build quickstart test check docs bench wheel tarball image clean

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
	$(SWIFT) build -c release --product subterfuge --disable-build-manifest-caching

quickstart: build ## train the built-in policy through the curriculum and write the report
	$(subterfuge) run quickstart $(QUICKSTART_FLAGS)

check: ## budgets, imports, duplicates, formatting: seconds, no build
	@Scripts/check.sh

# `swift build` reports an undeclared import in its exit status only; it still prints "Build complete!".
test: setup check ## check, then build and run every test
	Scripts/check_selftest.sh
	python3 Scripts/package/selftest.py
	$(SWIFT) build --build-tests $(test_build)
	SWIFT=$(SWIFT) Scripts/test.sh $(test_build)

docs: setup ## the contributors' pages of every declaration, in .build/docs
	$(SWIFT) build $(test_build)
	SWIFT=$(SWIFT) Scripts/docs.sh

bench: build ## speed and memory beside PyTorch, llama.cpp and transformers (Scripts/bench-peers.sh installs them)
	@Scripts/bench.sh

wheel tarball image: setup
	SWIFT=$(SWIFT) Scripts/package/package.sh $@

wheel: ## package for pip, which needs neither Swift nor a compiler, in dist/
tarball: ## the same as a tar file that runs where it is unpacked
image: ## the same as an OCI image with a minimal Debian; as root

clean: ## remove what was built; what setup fetched, dist/ and your runs stay
	rm -rf .build
