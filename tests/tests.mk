# tests.mk - tests, benchmarks, fuzzers: what `make` needs in order to build and run them. Included by the Makefile.
.PHONY: math test test-aarch64 test-long unit bench bench-quick bless patches mutants lab-mutants asan monkey fuzz fuzz-run fuzz-engines \
        check-traces class-trouble translation-validation

# What tests need beside what the build needs. Tests run side by side, so all of it is installed before the first
# begins.
TEST_PACKAGES := libcmocka-dev llvm diffutils tmux procps parallel zip unzip python3-jsonschema python3-yaml \
                 libxml2-utils clang-format dpkg-dev gdb gdb-multiarch chromium chromium-driver python3-selenium \
                 python3-pil node-typescript jq

# ---- unit tests ----
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/test/%,$(wildcard tests/unit/test_*.c))
unit: $(UNIT) # build the unit tests, for tests/run NAME
$(BUILD)/test/test_%: $(BUILD)/host/tests/unit/test_%.o $(HOST_LIBS)
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -Wl,--as-needed $(LIBS) $(DEBUG_LIBS) -lcmocka $(HOST_LDFLAGS)

# The JIT with small pools, as on a host without BMI2, goes before that of the library.
SMALL_JIT := $(patsubst %,$(BUILD)/host/small/%.o,$(basename $(call sources,machine/jit)))
$(BUILD)/host/small/%.o: %.c $(BUILD)/.flags | $(BUILD)/.setup
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -DJIT_SMALL -DJIT_BMI2=0 -MMD -MP -c -o $@ $<
$(BUILD)/test/test_engines_small: $(SMALL_JIT)

# It replaces malloc, which AddressSanitizer has replaced already.
$(BUILD)/test/test_isa_memory: private LIBS += $(if $(SAN),$(addprefix -Wl$(comma)--wrap=,malloc calloc realloc reallocarray))

# Its allocations go through functions of the test, which refuse some.
$(BUILD)/test/test_no_memory: private HOSTFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

# ---- everything ----
# With HOST=..., HOST_RUN runs programs for that host, and HOST_SKIP names the tests that cannot pass so, and why.
test: setup # every test; ends with `N passed, N failed`
	@tools/setup $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory WERROR=1 tools unit
	@$(HOST_RUN) $(MAKE) --no-print-directory WERROR=1 all
	@BUILD=$(BUILD) CC=$(CC) MAKE="$(MAKE)" SKIP=$(HOST_SKIP) $(HOST_RUN) tests/run

test-aarch64: # unit tests and some others on aarch64, emulated by QEMU
	@$(MAKE) --no-print-directory HOST=aarch64 test

test-long: # test with all parts; asan, tiny, aarch64, fuzz, class, deb
	@LONG=1 $(MAKE) --no-print-directory test
	@$(MAKE) --no-print-directory asan
	@$(MAKE) --no-print-directory MODE=tiny test
	@$(MAKE) --no-print-directory test-aarch64
	@$(MAKE) --no-print-directory fuzz
	@$(MAKE) --no-print-directory fuzz-engines
	@$(MAKE) --no-print-directory class-trouble
	@$(MAKE) --no-print-directory deb LINTIAN=1

class-trouble: setup # 200 submissions, interrupted, on full disks
	@$(MAKE) --no-print-directory WERROR=1 all
	@BUILD=$(BUILD) tests/trouble/class

asan: # every test under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory SAN=1 test

check-traces: setup # verify each statement of whole traces, without the recorder
	@$(MAKE) --no-print-directory WERROR=1 all
	@BUILD=$(BUILD) tests/checker/all

translation-validation: setup # run each unit of a translation against its guest code
	@$(MAKE) --no-print-directory WERROR=1 all
	@BUILD=$(BUILD) tests/validate-units

bless: setup # show how golden files would change, and accept them
	@tools/setup $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory WERROR=1 all unit
	@BUILD=$(BUILD) tests/bless

patches: # give patches that plant faults their new line numbers
	@tests/patches

mutants: setup # plant faults in kernel and VMM: which test notices each
	@tools/setup $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory WERROR=1 all unit
	@BUILD=$(BUILD) MAKE="$(MAKE)" tests/mutants/run $(MUTANTS)

lab-mutants: setup # plant small faults in labs' references (LABS="3 4")
	@$(MAKE) --no-print-directory WERROR=1 all
	@BUILD=$(BUILD) tests/mutants/of-labs $(LABS)

monkey: # use the debugger at random under sanitizers; MINUTES=30
	@tools/setup tmux procps
	@$(MAKE) --no-print-directory SAN=1 all
	@BUILD=build-asan tests/monkey

# ---- the library's mathematics against the host's ----
math: # errors of <math.h>, exact arithmetic; N=1000000
	@tests/math/build $(BUILD)/test/math
	@$(BUILD)/test/math/errors $(or $(N),1000000)
	@$(BUILD)/test/math/arithmetic $(or $(N),1000000)

# ---- benchmarks; tests/bench/README.md names the sections ----
include tests/bench/bench.mk
bench: setup # speed, costs of traps (RUNS=3 ONLY="compute traps")
	@tools/setup qemu-system-misc gcc-riscv64-unknown-elf || echo "bench: goes on without QEMU"
	@$(MAKE) --no-print-directory bench-build
	@BUILD=$(BUILD) RUNS=$(RUNS) tests/bench/run $(ONLY)
bench-quick: # two sections of it, once
	@$(MAKE) --no-print-directory bench RUNS=1 ONLY="compute traps"

# ---- fuzzers: each reads bytes from outside; findings stay as crash-* in build-fuzz/ ----
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SECONDS ?= 30
fuzz: setup # every fuzzer, for SECONDS=30 each
	@tools/setup libclang-rt-$$($(CLANG) -dumpversion | cut -d. -f1)-dev
	@$(MAKE) --no-print-directory fuzz-run
fuzz-run: $(addprefix build-fuzz/,$(FUZZERS))
	@cd build-fuzz && for f in $(FUZZERS); do mkdir -p corpus-$$f && \
	  ./$$f -max_total_time=$(SECONDS) -print_final_stats=1 -rss_limit_mb=4096 corpus-$$f 2>$$f.log || { tail -n 30 $$f.log; exit 1; }; \
	  echo "$$f: $$(sed -n 's/^stat::number_of_executed_units: *//p' $$f.log) inputs, nothing found"; done
FUZZFLAGS = -std=gnu17 -O1 -g -I. -DUNFUSED -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
build-fuzz/%.o: %.c | $(BUILD)/.setup
	@mkdir -p $(@D)
	$(CLANG) $(FUZZFLAGS) -MMD -MP -c -o $@ $<
build-fuzz/libtrapeze.a: $(patsubst %.c,build-fuzz/%.o,$(ISA_SRC) $(MACHINE_SRC) $(TRAPEZE_SRC))
	@rm -f $@
	ar qcs $@ $^
build-fuzz/fuzz_%: build-fuzz/tests/fuzz/fuzz_%.o build-fuzz/libtrapeze.a
	$(CLANG) $(FUZZFLAGS) -o $@ $^ $(LIBS) $(DEBUG_LIBS)

# What test_engines does for a few seconds, for as long as it takes; SEED is the first program's.
INSNS ?= 1000000000
SEED  ?= 1000000
fuzz-engines: setup # random programs, engine against engine; INSNS=1000000000
	@tools/setup libcmocka-dev
	@$(MAKE) --no-print-directory WERROR=1 $(BUILD)/test/test_engines $(BUILD)/test/test_engines_small
	@TRAPEZE_INSNS=$(INSNS) TRAPEZE_SEED=$(SEED) $(BUILD)/test/test_engines
	@TRAPEZE_INSNS=$$(($(INSNS) / 4)) TRAPEZE_SEED=$(SEED) $(BUILD)/test/test_engines_small
