# Daozhen. The two commands to know: `make run` and `make test`.
.DEFAULT_GOAL := help
.PHONY: help run demo test unit check train storms fuzz bench full setup setup-dev format lock pictures clean

help: ## Show these lines
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup ## Set up, train when needed, start everything, print the addresses
	@.venv/bin/daozhen up --demo

demo: setup ## The same, with a simulated Telegram and WeChat to chat in: no account needed
	@.venv/bin/daozhen up --demo --platforms

test: setup-dev ## Set up and run everything that has to pass
	@sh setup/check.sh

unit: setup-dev ## The rules alone, without stores and servers: 8,000 tests in a minute
	@RASA_TELEMETRY_ENABLED=false .venv/bin/python -m pytest -q --disable-warnings -p no:cacheprovider -n auto -m unit tests

check: test ## The same as test

train: setup ## Train the model when something changed
	@.venv/bin/daozhen train

storms: setup-dev ## WeChat and WeCom with killed gateways and faults: some minutes
	@RASA_TELEMETRY_ENABLED=false .venv/bin/python -m pytest -q --disable-warnings -p no:cacheprovider -m storm tests

fuzz: setup-dev ## Property tests with new examples, until one fails: Ctrl-C ends it
	@while RASA_TELEMETRY_ENABLED=false .venv/bin/python -m pytest -q --disable-warnings -p no:cacheprovider -n auto \
		-m "hypothesis and not slow" --hypothesis-profile=new tests; do :; done; exit 1

bench: setup-dev ## Measure against a stock Rasa bot on this machine
	@.venv/bin/daozhen bench

full: setup-dev ## Install the real TensorFlow, for configurations with DIET or TED
	@sh setup/full.sh

setup: ## Make the environment for running
	@sh setup/environment.sh run

setup-dev: ## Make the environment for developing and testing
	@sh setup/environment.sh dev

format: setup-dev ## Format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: setup-dev ## Write the locks anew from pyproject.toml
	@sh setup/lock.sh

pictures: setup-dev ## Take the screenshots of the documents anew
	@DAOZHEN_PICTURES=1 .venv/bin/python -m pytest -q tests/end_to_end tests/desk_pages/test_desk_looks.py tests/studio_pages

clean: ## Remove the environment and trained models; data in var/ stays
	@rm -rf .venv models .pytest_cache .mypy_cache .ruff_cache
