# Everything runs in .venv, which the first target that needs it makes from requirements.lock.
BIN := .venv/bin
DEMO = $(if $(filter 0,$(SERVE)),--no-serve) $(if $(PORT),--port $(PORT)) $(if $(ARCHIVE),--archive "$(ARCHIVE)")
# Half as many again as there are cores: a quarter of their time tests wait for other processes, and for sockets.
CORES := $(shell getconf _NPROCESSORS_ONLN)
WORKERS := $(shell expr $(CORES) + \( $(CORES) + 1 \) / 2)
SIDE_BY_SIDE := --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test test-wordpress test-slow coverage safety readers pictures lint bench bench-peers bench-quality
.PHONY: mutation lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/ready  ## a sample newspaper, crawled twice and served (SERVE=0, PORT=8001, ARCHIVE=archive.db)
	@$(BIN)/ewbscraper demo $(DEMO)

test: .venv/ready  ## every rule, and a real run of each part, in two minutes (ROOM=extraction)
	@$(BIN)/pytest $(if $(ROOM),tests/$(ROOM)) -m "not wordpress and not slow" $(SIDE_BY_SIDE)

test-slow: .venv/ready  ## what takes its time: second looks, soaks, kills at every stage, long searches for bad inputs
	@$(BIN)/pytest -m slow -rs $(SIDE_BY_SIDE)

# Tests with bounds of seconds or of files fail under it: whether they pass, `make test` says.
coverage: .venv/ready  ## which branches no test takes, quick or slow; fails under 95 %
	@rm -f .coverage .coverage.*
	-@COVERAGE_FILE=$(CURDIR)/.coverage $(BIN)/coverage run -m pytest -m "not wordpress" $(SIDE_BY_SIDE)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

safety: .venv/ready  ## docs/safety.md: what was tried against it, with figures
	@$(BIN)/pytest tests/faults --write-safety

test-wordpress: .venv/ready  ## a real WordPress in six guises (root on Debian 12; else skips with the reason)
	@$(BIN)/pytest tests/crawl/test_wordpress.py -m wordpress -rs

readers: .readers/ready  ## pywb, warcio, wacz, pandas and the schema of CSL, so that `make test` reads back with them

pictures: .venv/ready  ## docs/pictures of the reading room, and axe-core's findings (needs Chromium)
	@$(BIN)/python tests/pictures.py

lint: .venv/ready  ## ruff (rules and format) and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: .venv/ready  ## what it costs beside other ways, in one table (NAMES, CORPUS=folder, FOLDER=folder of 12 GB, PAGES)
	@$(BIN)/python benchmarks $(NAMES) $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(FOLDER),--folder "$(FOLDER)") \
		$(if $(PAGES),--pages $(PAGES))
	@$(if $(CORPUS),$(if $(NAMES),,$(BIN)/python benchmarks/quality.py $(CORPUS)))

bench-peers: .peers/ready .peers-fundus/ready  ## a crawl, and extraction, beside other programs' (CORPUS=folder)
	@.peers/bin/python -W ignore benchmarks crawl extraction --peers $(if $(CORPUS),--corpus $(CORPUS))

bench-quality: .peers/ready  ## how right extraction is beside other extractors' (CORPUS=folder, PEERS, SETS)
	@.peers/bin/python -W ignore benchmarks/quality.py $(CORPUS) --peers $(PEERS) $(if $(SETS),--sets $(SETS))

mutation: .mutation/ready  ## how many small faults the tests notice (ROOM=extraction, TESTS=tests/extraction, SAMPLE, SEED)
	@PYTHONPATH="$(CURDIR)/.mutation" $(BIN)/python -W ignore benchmarks/mutation.py $(ROOM) $(or $(TESTS),tests/$(ROOM)) \
		$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

lock:  ## requirements.lock anew, from the bounds in pyproject.toml (needs uv; ONLY=datasette for one)
	@uv pip compile $(LOCK) $(if $(ONLY),--upgrade-package $(ONLY),--upgrade) --quiet --output-file requirements.lock pyproject.toml --group dev

clean:  ## removes .venv and caches; never archive.db and warc/
	@rm -rf .venv .mutation .peers .peers-fundus .readers .coverage .coverage.* dist build
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find ewbscraper tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: pyproject.toml requirements.lock
	@.ci/set-up
	@touch $@

.mutation/ready: .venv/ready benchmarks/mutation.txt
	@$(BIN)/pip install --quiet --no-deps --upgrade --target .mutation --requirement benchmarks/mutation.txt
	@touch $@

.readers/ready: tests/readers.txt tests/readers-schemas.txt
	@python3 -m venv .readers
	@.readers/bin/pip install --quiet --requirement tests/readers.txt
	@.readers/bin/pip install --quiet --no-deps --requirement tests/readers-schemas.txt
	@touch $@

.peers/ready: benchmarks/peers.txt pyproject.toml
	@python3 -m venv .peers
	@.peers/bin/pip install --quiet --upgrade pip
	@.peers/bin/pip install --quiet --editable . --requirement benchmarks/peers.txt
	@touch $@

# Fundus wants lxml below 6, and of curl_cffi a name that its newer versions do not have.
.peers-fundus/ready: benchmarks/peers-fundus.txt
	@python3 -m venv .peers-fundus
	@.peers-fundus/bin/pip install --quiet --requirement benchmarks/peers-fundus.txt
	@touch $@
