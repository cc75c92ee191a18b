SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help demo test bench install setup setup-test setup-bench rules-reference format lint

PREFIX ?= /usr/local
PYTHON ?= python3
PYTHON_3_13 ?= python3.13

build_packages := g++ git pkg-config libphonenumber-dev libidn2-dev libxxhash-dev libsqlite3-dev \
    libcurl4-openssl-dev libpq-dev
test_packages := sqlite3 postgresql pgbouncer openssl python3 python3-venv chromium
bench_packages := python3 sqlite3-tools util-linux
swift_files := Package.swift Sources Tests
venv := Tests/.venv
bqemu := Tests/.bqemu
# With Swift's libraries inside, so that the program runs where no Swift is.
release := swift build -c release --product rollcall --static-swift-stdlib

help: ## lists the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | column -t -s $$'\t'

demo: setup ## audits four sample stores with seeded faults; ends with the path of the report
	@$(release)
	"$$($(release) --show-bin-path)/rollcall" demo

test: setup-test ## runs every check and test
	@swift build --build-tests --explicit-target-dependency-import-check=error
	$(MAKE) --no-print-directory lint
	export PATH="$(CURDIR)/$(venv)/bin:$$PATH"
	python3 Tests/Reference/canonical.py --check Tests/Vectors/canonical-v1.json
	.ci/newcomer
	.ci/test

bench: setup-bench ## measures Rollcall against its baselines (Benchmarks/README.md)
	@$(release)
	$(PYTHON) Benchmarks/run.py

install: setup ## installs the program and shell completions below PREFIX (default /usr/local)
	@$(release)
	program="$$($(release) --show-bin-path)/rollcall"
	share="$(DESTDIR)$(PREFIX)/share"
	install -D -s -m 755 "$$program" "$(DESTDIR)$(PREFIX)/bin/rollcall"
	complete() { "$$program" --generate-completion-script "$$1" | install -D -m 644 /dev/stdin "$$share/$$2"; }
	complete bash bash-completion/completions/rollcall
	complete zsh zsh/site-functions/_rollcall
	complete fish fish/vendor_completions.d/rollcall.fish
	echo "Installed $(DESTDIR)$(PREFIX)/bin/rollcall"

setup: ## installs what building needs
	@.ci/packages $(build_packages)
	if ! command -v swift >/dev/null; then
	    echo "Swift 6.3 or later is needed on the PATH: https://www.swift.org/install/" >&2
	    exit 1
	fi

setup-test: setup ## installs what the tests need, too
	@.ci/packages $(test_packages)
	$(MAKE) --no-print-directory $(venv)/requirements.txt $(bqemu)/requirements.txt | sed '/is up to date/d'

setup-bench: setup ## installs what the benchmarks need, too
	@.ci/packages $(bench_packages)

# Made again when the pinned packages change; the copy is written last and marks the folder as whole.
$(venv)/requirements.txt: Tests/requirements.txt
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	    echo "The tests need Python 3.11 or later; name one with: make test PYTHON=…" >&2
	    exit 1
	fi
	echo "Installing Python packages in $(venv)"
	rm -rf $(venv)
	$(PYTHON) -m venv $(venv)
	$(venv)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	cp $< $@

# The emulator of BigQuery, made again likewise. It runs on Python 3.13 alone; what pyenv calls python3.13 may be a shim
# that fails. Its database looks for extensions below HOME, which must be the same one when the server is started.
$(bqemu)/requirements.txt: Tests/requirements-bigquery.txt
	@for python in "$(PYTHON_3_13)" "$$(pyenv root 2>/dev/null || true)"/versions/3.13.*/bin/python3.13 $(PYTHON) ""; do
	    ! "$$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || break
	done
	if [ -z "$$python" ]; then
	    echo "The tests' emulator of BigQuery needs Python 3.13. Debian 13 has it; elsewhere pyenv install 3.13 does." >&2
	    echo "Or name one with: make test PYTHON_3_13=…" >&2
	    exit 1
	fi
	echo "Installing the emulator of BigQuery in $(bqemu)"
	rm -rf $(bqemu)
	"$$python" -m venv $(bqemu)
	$(bqemu)/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	mkdir $(bqemu)/home
	HOME="$(CURDIR)/$(bqemu)/home" $(bqemu)/bin/python -c \
	    'import duckdb_extensions as d; [d.import_extension(name) for name in ("icu", "ducklake", "spatial")]'
	cp $< $@

rules-reference: setup ## makes docs/rules.md again from the rule catalog
	@swift build --product rollcall
	"$$(swift build --show-bin-path)/rollcall" schema --rules >docs/rules.md.new
	mv docs/rules.md.new docs/rules.md

format: ## formats the sources
	@swift format --in-place --recursive $(swift_files)

lint: ## checks the sources' format
	@swift format lint --strict --recursive $(swift_files)
