# The words contributors use.  Meson describes the build; this file only calls it.
#
#   make run     build, install into a local virtual environment, do the main job on real input
#   make test    build and run every test
#
# PYTHON names the interpreter: make test PYTHON=python3.12

PYTHON ?= python3
VERSION := $(shell . tools/python_versions.sh; $(PYTHON) -c "$$tell_version" 2>/dev/null)
VENV := build/venv-$(VERSION)
TEST_VENV := build/venv-test-$(VERSION)
GUPPY3_VENV := build/venv-guppy3-$(VERSION)
TOOLS_VENV := build/venv-tools
PACKAGES_VENV := build/venv-packages-$(VERSION)
PIP_FLAGS := --quiet --disable-pip-version-check
TEST_TOOLS := pytest==8.3.4 jsonschema==4.23.0 pexpect==4.9.0 pyte==0.8.2 networkx==3.4.2 meson==1.7.0 ninja==1.11.1.3 meson-python==0.17.1
# Its arrays hold objects that the collector does not know of; the newest with wheels for the oldest and the newest CPython.
TEST_NUMPY := 'numpy==2.2.6 ; python_version < "3.14"' 'numpy==2.5.5 ; python_version >= "3.14"'
LINT_TOOLS := clang-format==19.1.7 clang-tidy==19.1.0 meson==1.7.0 ninja==1.11.1.3
C_SOURCES = $(shell git ls-files '*.c' '*.h' 2>/dev/null || find src include python tests -name '*.[ch]')

# What a sanitizer or a failing-allocation build is tested with.
PYTEST = $(CURDIR)/$(TEST_VENV)/bin/python -m pytest -q --no-header -p no:cacheprovider

.PHONY: run test test-all test-c test-library test-python quick quick-python asan-c asan tsan oom fuzz golden-update packages valgrind lint format bench conformance-record engine command wheel wheels docs docs-examples clean

run:
	@sh tools/need.sh $(PYTHON)
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install $(PIP_FLAGS) .
	$(VENV)/bin/python examples/stdlib_index.py

test: test-c test-library test-python
	@sh tools/check_headers.sh
	@$(TEST_VENV)/bin/python tools/check_includes.py
	@$(TEST_VENV)/bin/python tools/check_spec_coverage.py

# The same on every CPython from 3.10 to 3.15 that tools/pythons finds; names those that it does not.
test-all:
	@sh tools/test_all.sh

# ---- parts of `make test` ----

$(TEST_VENV)/bin/python:
	@sh tools/need.sh $(PYTHON) cmocka
	$(PYTHON) -m venv $(TEST_VENV)

.PHONY: test-venv
test-venv: $(TEST_VENV)/bin/python
	@sh tools/need.sh $(PYTHON) cmocka
	$(TEST_VENV)/bin/python -m pip install $(PIP_FLAGS) $(TEST_TOOLS) $(TEST_NUMPY)

MESON = PATH=$(CURDIR)/$(TEST_VENV)/bin:$$PATH meson

INSTALL_FOR_TESTS = PATH=$(CURDIR)/$(TEST_VENV)/bin:$$PATH $(TEST_VENV)/bin/python -m pip install $(PIP_FLAGS) \
    --no-build-isolation --force-reinstall --no-deps .

# $(call configure,folder,options)
configure = test -f $(1)/build.ninja || $(MESON) setup $(1) $(2) >$(1).log 2>&1 || { cat $(1).log; exit 1; }

test-c: test-venv
	@$(call configure,build/c-$(VERSION),-Dpython=false -Dtests=true -Dfailing_alloc=true)
	$(MESON) test -C build/c-$(VERSION) --print-errorlogs

# The engine alone, installed and used by programs that know nothing else of it.
test-library: test-venv
	PATH=$(CURDIR)/$(TEST_VENV)/bin:$$PATH sh tests/library/run.sh $(CURDIR)/build/library -Dbuildtype=release

# guppy3 for the conformance run, if PyPI can be reached; else its recorded outputs serve.
.PHONY: guppy3
guppy3:
	@test -x $(GUPPY3_VENV)/bin/python || $(PYTHON) -m venv $(GUPPY3_VENV)
	@$(GUPPY3_VENV)/bin/python -c 'import guppy' 2>/dev/null || \
	    $(GUPPY3_VENV)/bin/python -m pip install $(PIP_FLAGS) guppy3==3.1.7 >/dev/null 2>&1 || \
	    echo "guppy3 cannot be installed here: its recorded outputs are compared."

# Two processes side by side, each half of the time: those of a library for that would run tests beside threads of its own,
# in the heap that is looked at.  What is printed of the second comes when both have ended.
LOOKING_TESTS := tests/python tests/hostile
OTHER_TESTS = $(filter-out $(LOOKING_TESTS),$(sort $(patsubst %/,%,$(dir $(wildcard tests/*/test_*.py)))))

test-python: test-venv guppy3
	@sh tools/need.sh $(PYTHON) xvfb
	$(INSTALL_FOR_TESTS)
	@if $(GUPPY3_VENV)/bin/python -c 'import guppy' 2>/dev/null; then \
	    export HEAPY_GUPPY3=$(CURDIR)/$(GUPPY3_VENV)/bin/python; fi; \
	    echo '$(PYTEST) $(LOOKING_TESTS), and $(OTHER_TESTS)'; \
	    $(PYTEST) -rs $(OTHER_TESTS) >build/other-tests-$(VERSION).log 2>&1 & other=$$!; \
	    $(PYTEST) -rs $(LOOKING_TESTS); status=$$?; \
	    wait $$other || status=$$?; cat build/other-tests-$(VERSION).log; exit $$status

# The C tests and the quick half of the Python tests.
quick: test-c quick-python

quick-python: test-venv
	$(INSTALL_FOR_TESTS)
	$(PYTEST) -rs tests/python

# ---- other builds ----

# The C tests, and the programs that use the library, under AddressSanitizer and UndefinedBehaviorSanitizer.
asan-c: test-venv
	@$(call configure,build/asan-$(VERSION),-Dpython=true -Dtests=true -Dfailing_alloc=true \
	    -Db_sanitize=address$(comma)undefined -Db_lundef=false -Dbuildtype=debugoptimized)
	$(MESON) test -C build/asan-$(VERSION) --print-errorlogs
	PATH=$(CURDIR)/$(TEST_VENV)/bin:$$PATH \
	    CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined" \
	    sh tests/library/run.sh $(CURDIR)/build/library-asan -Db_sanitize=address$(comma)undefined -Db_lundef=false

# Everything under them.
asan: asan-c
	@rm -rf build/asan-$(VERSION)/root
	DESTDIR=$(CURDIR)/build/asan-$(VERSION)/root $(MESON) install -C build/asan-$(VERSION) --quiet
	sh tools/with_sanitizer.sh build/asan-$(VERSION)/root $(PYTEST) tests/python tests/hostile tests/cli \
	    tests/oom/test_command_allocations.py
comma := ,

# What several threads ask of the engine at once, under ThreadSanitizer.
tsan: test-venv
	@$(call configure,build/tsan-$(VERSION),-Dpython=false -Dtests=true -Db_sanitize=thread -Db_lundef=false)
	$(MESON) test -C build/tsan-$(VERSION) --print-errorlogs threads one_snapshot_many_threads snapshot_file snapshot_paths

# Each allocation of the engine, of the extension and of the command failing in turn.
oom: test-venv
	@$(call configure,build/oom-$(VERSION),-Dpython=true -Dtests=true -Dfailing_alloc=true)
	$(MESON) test -C build/oom-$(VERSION) --print-errorlogs
	@rm -rf build/oom-$(VERSION)/root
	DESTDIR=$(CURDIR)/build/oom-$(VERSION)/root $(MESON) install -C build/oom-$(VERSION) --quiet
	sh tools/with_build.sh build/oom-$(VERSION)/root $(PYTEST) tests/oom

# The heap with packages from PyPI loaded, held against what the collector says, in a virtual environment of its own.
# Last those of tests/packages/hundred.txt, each in a process of its own, which takes long: PACKAGES="numpy lxml" takes these.
packages:
	@sh tools/need.sh $(PYTHON)
	@test -x $(PACKAGES_VENV)/bin/python || $(PYTHON) -m venv $(PACKAGES_VENV)
	$(PYTHON) tests/packages/check_each.py --requirements $(PACKAGES) > build/hundred-$(VERSION).txt
	$(PACKAGES_VENV)/bin/python -m pip install $(PIP_FLAGS) --only-binary :all: -r tests/packages/requirements.txt -r build/hundred-$(VERSION).txt
	$(PACKAGES_VENV)/bin/python -m pip install $(PIP_FLAGS) .
	$(PACKAGES_VENV)/bin/python tests/packages/check_heap.py $$(cat tests/packages/imports.txt)
	$(PACKAGES_VENV)/bin/python tests/packages/check_names.py $$(cat tests/packages/imports.txt)
	$(PACKAGES_VENV)/bin/python tests/packages/check_mypyc.py
	$(PACKAGES_VENV)/bin/python tests/packages/check_greenlets.py
	$(PACKAGES_VENV)/bin/python tests/packages/check_cython.py uvloop
	$(PACKAGES_VENV)/bin/python tests/packages/check_each.py $(PACKAGES)

valgrind: test-c
	$(MESON) test -C build/c-$(VERSION) --print-errorlogs --wrap 'valgrind --error-exitcode=1 --leak-check=full -q' -t 20

# Snapshot files under libFuzzer for S seconds.
fuzz:
	sh tests/fuzz/run.sh $(S)

# Write what is said of the kept snapshot files anew, to be read in the diff.
golden-update: test-c
	cd tests/golden && $(PYTHON) make_bad.py
	$(PYTHON) tests/golden/compare.py build/c-$(VERSION)/tests/golden/print_snapshot --update

# The engine alone: needs no Python headers, only Meson and a C compiler.
engine:
	@sh tools/need_meson.sh
	meson setup build/engine -Dpython=false
	meson compile -C build/engine

# The command alone: needs no Python to run, and none to build but Meson's.  PREFIX says where it goes.
PREFIX ?= /usr/local
command:
	@sh tools/need_meson.sh
	test -f build/command/build.ninja || meson setup build/command -Dpython=false -Dbuildtype=release
	meson configure build/command --prefix=$(PREFIX)
	meson compile -C build/command
	meson install -C build/command --quiet

wheel: test-venv
	$(TEST_VENV)/bin/python -m pip install $(PIP_FLAGS) build==1.2.2
	$(TEST_VENV)/bin/python -m build --outdir build/dist .

# A wheel for each CPython that tools/pythons finds, for systems with an old glibc, each tried in an empty environment.
wheels:
	@sh tools/wheels.sh

# ---- form ----

$(TOOLS_VENV)/bin/clang-tidy:
	$(PYTHON) -m venv $(TOOLS_VENV)
	$(TOOLS_VENV)/bin/python -m pip install $(PIP_FLAGS) $(LINT_TOOLS)

lint: $(TOOLS_VENV)/bin/clang-tidy
	@sh tools/need.sh $(PYTHON) cmocka
	$(TOOLS_VENV)/bin/clang-format --dry-run --Werror $(C_SOURCES)
	python3 tools/check_includes.py
	sh tools/check_headers.sh
	@test -f build/lint-$(VERSION)/build.ninja || PATH=$(CURDIR)/$(TOOLS_VENV)/bin:$$PATH \
	    meson setup build/lint-$(VERSION) -Dpython=true -Dtests=true >/dev/null
	PATH=$(CURDIR)/$(TOOLS_VENV)/bin:$$PATH meson compile -C build/lint-$(VERSION) >/dev/null
	$(TOOLS_VENV)/bin/clang-tidy --quiet -p build/lint-$(VERSION) \
	    $$(find src python/ext -name '*.c' | sort) 2>/dev/null

format: $(TOOLS_VENV)/bin/clang-tidy
	$(TOOLS_VENV)/bin/clang-format -i $(C_SOURCES)

# The stubs, as mypy and pyright see them over the examples and a page of typical use.
TYPES_VENV := build/venv-types-$(VERSION)
TYPES_TOOLS := mypy==1.15.0 pyright==1.1.400

types:
	@sh tools/need.sh $(PYTHON)
	@test -x $(TYPES_VENV)/bin/pyright || { $(PYTHON) -m venv $(TYPES_VENV) && \
	    $(TYPES_VENV)/bin/python -m pip install $(PIP_FLAGS) $(TYPES_TOOLS); }
	$(TYPES_VENV)/bin/python -m pip install $(PIP_FLAGS) --force-reinstall --no-deps .
	sh tests/typing/check.sh $(CURDIR)/$(TYPES_VENV)/bin/python

# ---- documentation: build/site ----

DOCS_VENV := build/venv-docs
DOCS_TOOLS := mkdocs==1.6.1
REFERENCE_SOURCES = python/guppy/_heapyc.pyi python/guppy/sets/setsc.pyi $(addprefix python/guppy/heapy/,Path.py RefPat.py \
    Retained.py Dominators.py Why.py) python/guppy/etc/Glue.py python/guppy/gsl/Main.py

docs:
	@test -x $(DOCS_VENV)/bin/mkdocs || { $(PYTHON) -m venv $(DOCS_VENV) && \
	    $(DOCS_VENV)/bin/python -m pip install $(PIP_FLAGS) $(DOCS_TOOLS); }
	rm -rf build/docs
	mkdir -p build/docs
	cp -r docs/. build/docs/
	cp bench/RESULTS.md build/docs/results.md
	$(PYTHON) tools/make_docs.py markdown build/docs/reference.md $(REFERENCE_SOURCES)
	$(DOCS_VENV)/bin/mkdocs build --quiet --strict
	@echo "build/site/index.html"

# Put the real output of the examples into the pages.
docs-examples: run
	for page in docs/index.md docs/tutorial.md docs/howto/*.md; do $(VENV)/bin/python tools/run_examples.py write $$page; done

# ---- measurements, never part of the verdict ----

bench: run guppy3
	$(VENV)/bin/python bench/run.py --ours $(VENV)/bin/python --guppy3 $(GUPPY3_VENV)/bin/python $(BENCH)

conformance-record: test-python
	HEAPY_GUPPY3=$(CURDIR)/$(GUPPY3_VENV)/bin/python $(TEST_VENV)/bin/python tests/conformance/test_conformance.py

clean:
	rm -rf build
