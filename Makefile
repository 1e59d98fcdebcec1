# SPDX-License-Identifier: Apache-2.0
#
# The commands of cotel's developers: thin over meson and ninja, `make help` lists them. Each one
# first lets scripts/deps see to what it needs, so that a bare Debian with make and git will do.

BUILD ?= build
MESON ?= meson
NINJA ?= ninja
NINJAFLAGS ?=
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
export FUZZ_SECONDS

# What `make test` leaves out: what needs a network, minutes, or tools of the `check` group.
SKIPPED_SUITES = interop stress-long bench lint
no_suites = $(addprefix --no-suite=,$(SKIPPED_SUITES))

.DEFAULT_GOAL := all
.PHONY: all demo test interop check sanitize fuzz bench bench-quick format install clean help
.PHONY: configured tested

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# Words go to stderr: what `make demo` prints on stdout may be for another program.
# Where Debian's libraries go meson finds out by dpkg-dev, which need not be there.
configured:
	@scripts/deps build test
	@test -f $(BUILD)/build.ninja || { multiarch=$$(gcc -print-multiarch 2>/dev/null); \
	    $(MESON) setup --prefix=$(PREFIX) $${multiarch:+--libdir=lib/$$multiarch} $(BUILD) >&2; }
	@[ "$(origin PREFIX)" = file ] || $(MESON) configure --prefix=$(PREFIX) $(BUILD)

all: configured ## build everything into build/
	@$(NINJA) $(NINJAFLAGS) -C $(BUILD)

demo: configured ## run three agents, show their trace; BRIEF=FILE, DEMO_METRICS=1
	@$(NINJA) $(NINJAFLAGS) -C $(BUILD) >&2
	@BUILD=$(BUILD) BRIEF='$(BRIEF)' DEMO_JSON='$(DEMO_JSON)' scripts/demo

test: all ## run all tests but the long ones and those that need a network
	@scripts/run-tests $(BUILD) $(no_suites)

interop: all ## exchange data with official SDKs, a Collector, Jaeger, Prometheus
	@scripts/deps interop
	@scripts/run-tests $(BUILD) --suite=interop

check: all ## run every check of the source: layers, format, lint, symbols, ...
	@scripts/deps check
	@scripts/run-tests $(BUILD) --suite=check --suite=lint

sanitize: configured ## run the tests under Address, UndefinedBehavior and ThreadSanitizer
	@result=0; for sanitizer in address,undefined thread; do \
	    scripts/sanitize $$sanitizer || result=1; \
	done; exit $$result

fuzz: ## fuzz every target for FUZZ_SECONDS (60) each
	@scripts/deps build test fuzz
	@scripts/fuzz

bench: all ## measure, and write build/bench.json
	@$(BUILD)/bench/cotel-bench --json $(BUILD)/bench.json

bench-quick: all ## the same in less than a minute
	@$(BUILD)/bench/cotel-bench --quick --json $(BUILD)/bench.json

format: ## put every source file into its form
	@scripts/deps check
	@git ls-files '*.c' '*.h' '*.cc' | xargs clang-format -i

# ldconfig: the loader finds a new library in its cache only. Not ours to do for others than root.
install: all ## install under PREFIX (/usr/local); DESTDIR= is honoured
	@$(MESON) install -C $(BUILD) --no-rebuild
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" != 0 ] || ldconfig

clean: ## remove all build directories
	rm -rf build build-asan build-tsan build-fuzz
