# Needs Python 3.11 or later as python3; everything else is made here, under .venv and .toolchain.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
STACK ?= dev
# real: each cluster of the local cloud has an API server, controllers and a scheduler of its own.
KUBERNETES ?= played
# For two cores: tests of the engine wait for its processes (3 workers took 16.5 minutes where 2 took 19.8).
WORKERS ?= 3
# Runs a command with the Pulumi that `make toolchain` found.
PULUMI_ENV = PATH="$$(cat .toolchain/pulumi-bin):$$PATH"
TYPED := $(wildcard gpucloud/aws gpucloud/azure gpucloud/gcp gpucloud/kubernetes gpucloud/components)

.DEFAULT_GOAL := help
.PHONY: help venv toolchain kubelet kubernetes up down lint test bench lock facts clean distclean

help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: .venv/made ## make .venv with the locked dependencies (1 to 3 minutes, once)

.venv/made: constraints/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "error: $(PYTHON) is no Python 3.11 or later; install one, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "making .venv with the locked dependencies of constraints/dev.txt: 1 to 3 minutes, once"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

toolchain: venv ## find or make the Pulumi command line (GPUCLOUD_PULUMI=path, installer or build forces one way)
	@$(BIN)/python toolchain/find_pulumi.py >/dev/null

up: venv toolchain $(if $(filter real,$(KUBERNETES)),kubernetes) ## build stack dev in the local cloud (STACK=multicloud: on three clouds; KUBERNETES=real)
	@$(PULUMI_ENV) $(BIN)/gpucloud sim run --kubernetes $(KUBERNETES) -- $(BIN)/python -m stacks.local up $(STACK)

down: venv toolchain ## destroy stack dev in the local cloud (STACK=multicloud: the other)
	@$(PULUMI_ENV) $(BIN)/gpucloud sim run --kubernetes $(KUBERNETES) -- $(BIN)/python -m stacks.local down $(STACK)

lint: venv ## check style, types and the order of the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(if $(TYPED),$(BIN)/ty check $(TYPED))
	$(if $(wildcard .importlinter),$(BIN)/lint-imports)

kubelet: venv ## build the program that asks the kubelet's own code (4 minutes, once; needs Go)
	@$(BIN)/python toolchain/find_kubelet_check.py >/dev/null

kubernetes: venv ## build a Kubernetes control plane and kwok (4 minutes, once; needs Go)
	@$(BIN)/python toolchain/find_control_plane.py >/dev/null

test: venv toolchain kubelet kubernetes ## run all tests, with the real Pulumi engine, kubelet and API server (ARGS="-k name" for some, WORKERS=8)
	$(PULUMI_ENV) $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

bench: venv toolchain ## measure and print
	@$(PULUMI_ENV) $(BIN)/python -m benchmarks $(ARGS)

lock: venv ## write constraints/*.txt anew from pyproject.toml (ARGS=--upgrade, ARGS=--check)
	@$(BIN)/python toolchain/lock.py $(ARGS)

facts: venv ## make the tables of facts anew from packages (CLONES=folder: those made from clones of repositories, too)
	@set -e; for script in tools/make_*.py; do \
	  if grep -q "python $$script [A-Z]" "$$script"; then \
	    if [ -z "$(CLONES)" ] || ! grep -q "python $$script CLONES" "$$script"; then echo "$$script: left, see its --help"; continue; fi; \
	    echo "$$script"; $(BIN)/python "$$script" "$(CLONES)"; \
	  else echo "$$script"; $(BIN)/python "$$script"; fi; done

clean: ## remove caches
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean ## remove .venv and .toolchain too; the local cloud's .local stays
	@rm -rf .venv .toolchain
