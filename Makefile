# The front door. Each target calls the tools' own commands; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL: # The parts share target/, and the set-up comes first.

DEST ?= target/npm
FUZZ_SECONDS ?= 60
TOKENS ?= 100000000
SEED ?= 1
STAGE := $(CURDIR)/target/stage

.PHONY: help setup demo demo-web build test test-rust test-node test-c test-go test-interop \
        test-mastra test-mastra-latest test-page test-fleet test-runtimes test-bundlers \
        test-frameworks test-docs test-nightly test-portable advisories nightly rehearse \
        screenshots bench figures bench-instructions wasm build-lib install uninstall pack dist \
        test-dist bump header doc-c lint fuzz fuzz-long dudect mutants mutants-go clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  \1|/' | column -t -s '|'

setup: ## install what the tests need and is missing (Debian: apt; elsewhere it names what to install); NO_SETUP=1 only checks
	tests/setup.sh

.PHONY: demo-setup lint-setup platforms-setup rehearse-setup
demo-setup lint-setup platforms-setup rehearse-setup: %-setup:
	@tests/setup.sh $*

demo: demo-setup pack ## a real Mastra server under our auth: 401 without a token, the agent's answer with one
	tests/mastra/demo.sh $(DEST)

demo-web: demo-setup pack ## the server and the React client of Mastra's documentation, to click on; Ctrl-C ends it
	tests/page/demo-web.sh $(DEST)

build: node/node_modules wasm ## release build: core, libmjwt, the Node addon, the WebAssembly module, the package
	cargo build --release
	cd node && npm run build

test: setup test-rust test-node test-c test-go test-interop test-mastra test-page test-fleet test-runtimes test-bundlers test-docs ## everything, with its own set-up
	@echo "make test: all passed"

test-rust: ## core and ffi: unit, vectors, properties, documentation, the header's freshness; the Rust examples
	cargo test --workspace
	cargo test --locked --manifest-path core/examples/Cargo.toml --target-dir target

test-node: build ## the npm package: unit, vectors, differential, types, packaging
	cd node && npm test

test-c: stage ## the C ABI: conformance, sanitizers, valgrind, install, libjwt
	tests/c/run.sh

test-go: stage wasm ## the Go package: vet, race, vectors, golang-jwt; with cgo and without
	cp target/wasm/mjwt.wasm ffi/go/mjwt/
	ffi/go/test.sh $(STAGE) target/wasm/mjwt.wasm

test-interop: build stage ## tokens to and from PyJWT, jsonwebtoken, jose, fast-jwt
	tests/interop/run.sh $(STAGE)/lib/libmjwt.so

test-mastra: pack ## end to end: real Mastra servers, MastraClient, curl
	tests/mastra/run.sh $(DEST)

test-mastra-latest: pack ## the same with the Mastra that npm has today; fails when Mastra has changed
	tests/mastra/run.sh $(DEST) --line latest

test-page: pack ## the token page and the React client, in headless Chromium
	tests/page/run.sh $(DEST)

test-portable: build ## what tests itself on every system: Rust, and the npm package
	cargo test --workspace
	cd node && npm run test:unit

advisories: ## whether an advisory names what we depend on: Rust, Go, npm
	tests/advisories.sh

nightly: fuzz-long fuzz test-nightly dudect test-mastra-latest advisories ## what takes too long for every commit, or changes without one: the model, libFuzzer, Miri, ThreadSanitizer, dudect, the newest Mastra, advisories, the memory scan
	cargo test --release --package mastra-jwt-core --test memory

screenshots: pack ## the pictures of the token page in README, taken anew; look at them
	tests/page/screenshots.sh $(DEST)

test-runtimes: pack ## the packed package on Node, Bun, Deno, workerd, in Jest and Vitest: the table in tests/README.md
	tests/runtimes/run.sh $(DEST)

test-fleet: build ## keys rolled through 50 servers in virtual time; revocation in a real Redis
	tests/fleet/run.sh

test-bundlers: pack ## the packed package through esbuild, webpack, Rollup, Rolldown, Vite, ncc; what builds where is in tests/README.md
	tests/bundlers/run.sh $(DEST)

test-frameworks: pack ## what mastra build, its deployers and Next.js make of an application with the packed package: the table in tests/README.md
	tests/frameworks/run.sh $(DEST)

test-docs: ## the table of options in README, the version, the wording, the width of lines
	node --test tests/docs/*.test.mjs

test-nightly: ## Miri and ThreadSanitizer over libmjwt (needs nightly Rust with miri and rust-src; not part of test)
	tests/c/nightly.sh

bench: build ## every binding with its peers, about 10 minutes; fails when a row of tests/bench/budget.json does not hold; ROW=node: one set
	ROW='$(ROW)' tests/bench/run.sh

figures: ## writes the figures of the last `make bench` into the documents that quote them
	node tests/docs/figures.mjs

bench-instructions: ## instructions a verification and a signature take (callgrind), against those checked in
	tests/bench/instructions.sh

wasm: ## target/wasm/mjwt.wasm, the core for WebAssembly
	node/wasm/build.sh

build-lib: ## libmjwt alone: needs cargo and a C compiler; DEBUG_SYMBOLS=1 keeps them in a file of their own
	ffi/build-lib.sh

install: ## copies what build-lib built: PREFIX=/usr/local LIBDIR=lib INCLUDEDIR=include DESTDIR=
	@ffi/install.sh

uninstall: ## removes what install copied: the same variables
	@ffi/install.sh uninstall

.PHONY: stage
stage: build-lib # an install to test against
	PREFIX=$(STAGE) DESTDIR= LIBDIR= INCLUDEDIR= ffi/install.sh >/dev/null

pack: build ## the npm tarballs, into DEST=target/npm
	cd node && node pack.mjs $(abspath $(DEST))

dist: DEST = target/dist/files
dist: ## all that a release publishes, built for every platform on this machine, into DEST=target/dist/files; TARGETS="linux-x64-gnu …"
	.ci/dist/dist.sh $(DEST) $(TARGETS)

.PHONY: test-platforms check-reproducible
test-platforms: DEST = target/dist/files
test-platforms: platforms-setup ## what `make dist` wrote into DEST, on old glibc, musl, arm64 and Windows; TARGETS="linux-x64-gnu …"
	tests/platforms/run.sh $(DEST) $(TARGETS)

check-reproducible: ## two builds in two places give the same bytes; TARGETS="linux-x64-gnu darwin-arm64 win32-x64"
	.ci/dist/reproducible.sh $(TARGETS)

rehearse: DEST = target/rehearse/dist
rehearse: rehearse-setup ## publishes to registries on this machine, and installs from them; runs make dist first where DEST has none
	[ -f $(DEST)/SHA256SUMS ] || $(MAKE) --no-print-directory dist DEST=$(DEST) TARGETS='$(TARGETS)'
	tests/rehearse/run.sh $(DEST)

test-dist: ## the checks of binaries, with wrong ones
	bash .ci/dist/tools.sh
	node --test .ci/dist/*.test.mjs

bump: ## VERSION=1.2.3: makes that the version everywhere, and the section of CHANGELOG.md; see RELEASING.md
	node .ci/release/bump.mjs '$(VERSION)'
	cd node && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error
	for lock in . core/examples core/fuzz tests/bench/rust; do cargo update --quiet --workspace --manifest-path $$lock/Cargo.toml; done
	$(MAKE) --no-print-directory header

header: ## writes include/mjwt.h
	MJWT_WRITE_HEADER=1 cargo test -p mastra-jwt-ffi --test header

doc-c: ## the reference of libmjwt, from its header: target/doc-c/html and target/doc-c/man
	ffi/docs/build.sh

lint: lint-setup node/node_modules stage ## formatting, clippy, tsc, oxlint, shellcheck, go vet, staticcheck, actionlint, cargo-deny
	cargo fmt --all --check
	cargo fmt --manifest-path core/fuzz/Cargo.toml --check
	cargo fmt --manifest-path core/examples/Cargo.toml --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy --locked --manifest-path core/examples/Cargo.toml --target-dir target --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
	cd node && npm run lint
	tests/lint.sh $(STAGE)

fuzz: ## fuzzes the core for FUZZ_SECONDS=60 a target (needs nightly Rust and cargo-fuzz)
	cd core && for target in verify claims model; do cargo +nightly fuzz run $$target -- -max_total_time=$(FUZZ_SECONDS) -max_len=400; done

fuzz-long: ## TOKENS=100000000 generated tokens, each checked by the core and by an independent model of it
	cd core/fuzz && cargo run --release --no-default-features --bin long-run -- --tokens $(TOKENS) --seed $(SEED)

dudect: ## whether the time of a refusal tells where a signature is wrong: |t| < 4.5 over 2 million samples
	cd core/fuzz && cargo run --release --no-default-features --bin dudect

mutants: mutants-rust mutants-node mutants-go ## mutation testing of core, ffi, the npm package and the Go package (hours): see CONTRIBUTING.md

.PHONY: mutants-rust mutants-node
mutants-rust: ## mutation testing of core and ffi alone; ARGUMENTS='-f core/src/key.rs': of some of it
	tests/mutants/rust.sh $(ARGUMENTS)

mutants-node: build ## mutation testing of node/ts alone; FILES='ts/keys.ts': of some of it
	tests/mutants/node.sh $(FILES)

mutants-go: wasm ## mutation testing of the Go package alone, with its WebAssembly backend
	tests/mutants/go.sh

clean: ## removes what was built
	cargo clean
	rm -rf node/dist node/node_modules node/*.node

node/node_modules: node/package-lock.json
	cd node && npm ci --ignore-scripts
	touch $@
