# Trapeze: `make demo` shows it, `make test` proves it. Both set up what they need first.
#
#   make          build everything into build/
#   make demo     run the lecture's system call and TLB fault in a VM, and print the two lists
#   make test     every test; ends with `N passed, N failed`
#   make bench    speed beside QEMU's and native code, costs of traps, how they grow (RUNS=3 ONLY="compute traps")
#   make bless    show how golden files and screens would change, and accept them
#   make mutants  faults planted in kernel and VMM: which test notices each
#   make asan     every test under AddressSanitizer and UBSan (in build-asan/)
#   make monkey   random use of the debugger under the same, for MINUTES=30
#   make fuzz     every fuzzer for SECONDS=30 each (clang's libFuzzer)
#   make fuzz-engines  INSNS=1000000000 instructions of random programs, engine against engine
#   make fused    chooses the interpreter's sequences of instructions anew, by counting (machine/interp/fused.def)
#   make install  PREFIX=/usr/local
#
# Variables: CC=gcc|clang, WERROR=1 (tests set it), MODE=tiny (2-entry TLB, shortest buffers),
# SAN=1 (sanitizers), BUILD=folder.

BUILD  ?= build$(if $(SAN),-asan)$(if $(MODE),-$(MODE))
PREFIX ?= /usr/local
CLANG  ?= clang

ifeq ($(origin CC),default)
CC := gcc
endif
CFLAGS   ?= -O2 -g
HOSTFLAGS = -std=gnu17 -Wall -Wextra $(if $(WERROR),-Werror) -I. $(CFLAGS) \
            $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all) \
            $(if $(filter tiny,$(MODE)),-DMODE_TINY)
comma := ,
PKGS   = libelf libdw jansson yaml-0.1

all: tools guest share

.PHONY: all tools guest share setup demo test bench bench-quick bless mutants asan install clean fuzz fuzz-run fuzz-engines monkey FORCE
.DELETE_ON_ERROR:
.SECONDARY:

# ---- set-up: packages, only when something is missing ----
setup: $(BUILD)/.setup
$(BUILD)/.setup: tools/setup
	@tools/setup
	@mkdir -p $(@D) && touch $@

# The flags are part of what an object is made from, -Werror apart: it changes no object.
FLAGS = $(CC) $(filter-out -Werror,$(HOSTFLAGS))
$(BUILD)/.flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS)' | cmp -s - $@ || printf '%s\n' '$(FLAGS)' > $@

# ---- host side: libraries and tools ----
objects   = $(patsubst %.c,$(BUILD)/host/%.o,$(1))
sources       = $(sort $(shell find $(1) -name '*.c'))
ISA_SRC      := $(call sources,isa)
MACHINE_SRC  := $(call sources,machine)
TRAPEZE_SRC  := $(filter-out %/main.c,$(call sources,tools/trapeze))
PG32_TOOLS   := $(patsubst tools/%.c,%,$(wildcard tools/pg32-*.c))
LIBISA       := $(BUILD)/host/libisa.a
LIBMACHINE   := $(BUILD)/host/libmachine.a
LIBTRAPEZE   := $(BUILD)/host/libtrapeze.a
HOST_LIBS    := $(LIBTRAPEZE) $(LIBMACHINE) $(LIBISA)
TOOLS        := $(addprefix $(BUILD)/bin/,$(PG32_TOOLS) trapeze)
LIBS          = $(shell pkg-config --libs $(PKGS) 2>/dev/null || echo -ldw -lelf -ljansson -lyaml) -lm
DEBUG_LIBS    = $(shell pkg-config --libs ncursesw readline 2>/dev/null || echo -lncursesw -ltinfo -lreadline)

tools: $(TOOLS)

$(BUILD)/host/%.o: %.c $(BUILD)/.flags | $(BUILD)/.setup
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -MMD -MP -c -o $@ $<

$(LIBISA): $(call objects,$(ISA_SRC))
$(LIBMACHINE): $(call objects,$(MACHINE_SRC))
$(LIBTRAPEZE): $(call objects,$(TRAPEZE_SRC))
# q, not r: two folders may have files of the same name
$(HOST_LIBS):
	@rm -f $@
	ar qcs $@ $^

$(BUILD)/bin/trapeze: private LIBS += $(DEBUG_LIBS)
$(BUILD)/bin/trapeze: $(call objects,tools/trapeze/main.c) $(HOST_LIBS)
$(addprefix $(BUILD)/bin/,$(PG32_TOOLS)): $(BUILD)/bin/%: $(BUILD)/host/tools/%.o $(LIBISA)
$(TOOLS):
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -o $@ $^ $(LIBS)

# ---- guest side: everything that runs on the machine ----
SHARE      := $(BUILD)/share/trapeze
CROSS      := $(addprefix $(BUILD)/bin/,pg32-cc pg32-as pg32-ld)
PG32CC      = $(BUILD)/bin/pg32-cc
GUESTFLAGS  = -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) -I.
KERNELFLAGS = -fno-delete-null-pointer-checks  # the low core is at address 0
LIBC_SRC   := $(wildcard userprogs/lib/*.c userprogs/lib/*.S)
LIBC_OBJ   := $(patsubst userprogs/lib/%,$(BUILD)/guest/lib/%.o,$(filter-out userprogs/lib/crt0.S,$(LIBC_SRC)))
HEADERS    := $(patsubst userprogs/include/%,$(SHARE)/include/%,$(shell find userprogs/include -name '*.h')) \
              $(addprefix $(SHARE)/include/isa/,platform.h cause.h ustar.h pg32.def)
RUNTIME    := $(SHARE)/lib/libc.a $(SHARE)/lib/crt0.o
PROGRAMS   := $(patsubst userprogs/%.c,%,$(wildcard userprogs/*.c))
KERNEL     := $(BUILD)/guest/boot/kernel
KERNEL_OBJ := $(patsubst guestos/%,$(BUILD)/guest/guestos/%.o,$(sort $(wildcard guestos/*.c guestos/*.S)))
VMM_OBJ    := $(patsubst vmm/%,$(BUILD)/guest/vmm/%.o,$(wildcard vmm/*.c))
BINARIES   := $(addprefix $(BUILD)/guest/bin/,$(PROGRAMS) $(if $(VMM_OBJ),vmm))
INITRD     := $(SHARE)/initrd.tar

# What grading needs beside them: sources to read and to patch, and the objects that a student's are linked with.
PARTS      := $(sort $(wildcard vmm/*.[chS] guestos/*.[chS]))

guest: $(INITRD) $(SHARE)/obj

$(SHARE)/include/isa/%: isa/%
	@mkdir -p $(@D)
	cp $< $@
$(SHARE)/include/%: userprogs/include/%
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/.parts: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(PARTS) | cmp -s - $@ || printf '%s\n' $(PARTS) > $@
$(SHARE)/obj: $(BUILD)/.parts $(PARTS) $(VMM_OBJ) $(KERNEL_OBJ)
	@rm -rf $@ $(SHARE)/src
	@mkdir -p $@/vmm $@/guestos $(SHARE)/src/vmm $(SHARE)/src/guestos
	cp $(VMM_OBJ) $@/vmm
	cp $(KERNEL_OBJ) $@/guestos
	cp $(filter vmm/%,$(PARTS)) $(SHARE)/src/vmm
	cp $(filter guestos/%,$(PARTS)) $(SHARE)/src/guestos

# system-call stubs, the kernel and the programs all see the installed copies of the shared headers
$(BUILD)/guest/lib/%.o: userprogs/lib/% $(CROSS) $(HEADERS) $(wildcard userprogs/lib/*.h)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -c -o $@ $<
$(SHARE)/lib/libc.a: $(LIBC_OBJ)
	@mkdir -p $(@D) && rm -f $@
	ar rcs $@ $^
$(SHARE)/lib/crt0.o: $(BUILD)/guest/lib/crt0.S.o
	@mkdir -p $(@D)
	cp $< $@
$(BUILD)/guest/guestos/%.o: guestos/% $(CROSS) $(HEADERS) $(wildcard guestos/*.h)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) $(KERNELFLAGS) -T kernel -c -o $@ $<
$(BUILD)/guest/vmm/%.o: vmm/% $(CROSS) $(HEADERS) $(wildcard vmm/*.h)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -c -o $@ $<
$(KERNEL): $(KERNEL_OBJ) $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -T kernel -g -o $@ $(KERNEL_OBJ)
$(BUILD)/guest/bin/vmm: $(VMM_OBJ) $(RUNTIME) $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -g -o $@ $(VMM_OBJ)
$(BUILD)/guest/bin/%: userprogs/%.c $(RUNTIME) $(CROSS) $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -o $@ $<

# The initial file system, byte for byte the same from the same files; without debug information,
# which trapeze reads from the unstripped files beside it.
$(INITRD): $(KERNEL) $(BINARIES) $(wildcard userprogs/etc/*)
	@mkdir -p $(@D) && rm -rf $(BUILD)/guest/files && mkdir -p $(BUILD)/guest/files/bin $(BUILD)/guest/files/boot $(BUILD)/guest/files/etc
	@for f in $(BINARIES); do $(BUILD)/bin/pg32-ld --strip-debug -o $(BUILD)/guest/files/bin/$${f##*/} $$f || exit 1; done
	@$(BUILD)/bin/pg32-ld --strip-debug -o $(BUILD)/guest/files/boot/kernel $(KERNEL)
	@cp userprogs/etc/* $(BUILD)/guest/files/etc/
	tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=u=rwX,go=rX -cf $@ -C $(BUILD)/guest/files bin boot etc

# ---- beside them: the labs, and what `trapeze lab package` packs ----
# source.tar.gz holds what `make install` needs, and not the labs: with it a grading service builds the very same Trapeze.
SOURCE_DIRS := isa machine guestos vmm userprogs tools
share: $(addprefix $(SHARE)/,labs package source.tar.gz)

$(SHARE)/labs: $(shell find labs -type f 2>/dev/null) $(wildcard labs)
	@mkdir -p $(@D) && rm -rf $@ && mkdir -p $@
	@if [ -d labs ]; then cp -R labs/. $@/; fi && touch $@
$(SHARE)/package: $(shell find tools/package -type f)
	@mkdir -p $(@D) && rm -rf $@
	cp -R tools/package $@ && touch $@
$(SHARE)/source.tar.gz: Makefile $(shell find $(SOURCE_DIRS) -type f)
	@mkdir -p $(@D)
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=u=rwX,go=rX --exclude='.*' --exclude='*~' \
	  -cf - Makefile $(SOURCE_DIRS) | gzip -n9 > $@

# ---- what a person asks for ----
demo: setup
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) tools/demo

# RUNS=N repeats, ONLY="compute traps ..." sections; tests/bench/README.md names them.
bench: setup
	@tools/setup qemu-system-misc gcc-riscv64-unknown-elf || echo "bench: goes on without QEMU"
	@$(MAKE) --no-print-directory bench-build
	@BUILD=$(BUILD) RUNS=$(RUNS) tests/bench/run $(ONLY)
bench-quick:
	@$(MAKE) --no-print-directory bench RUNS=1 ONLY="compute traps"

bless: setup
	@tools/setup tmux procps
	@$(MAKE) --no-print-directory WERROR=1 all unit
	@BUILD=$(BUILD) tests/bless

mutants: setup
	@$(MAKE) --no-print-directory WERROR=1 all unit
	@BUILD=$(BUILD) MAKE="$(MAKE)" tests/mutants/run $(MUTANTS)

asan:
	@$(MAKE) --no-print-directory SAN=1 test

# Random use of the debugger under sanitizers, for MINUTES=30.
monkey:
	@$(MAKE) --no-print-directory SAN=1 all
	@tools/setup tmux procps
	@BUILD=build-asan tests/monkey

# Each fuzzer reads bytes from outside; findings stay as crash-* in build-fuzz/.
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SECONDS ?= 30
fuzz: setup
	@tools/setup libclang-rt-$$($(CLANG) -dumpversion | cut -d. -f1)-dev
	@$(MAKE) --no-print-directory fuzz-run
fuzz-run: $(addprefix build-fuzz/,$(FUZZERS))
	@cd build-fuzz && for f in $(FUZZERS); do mkdir -p corpus-$$f && \
	  ./$$f -max_total_time=$(SECONDS) -print_final_stats=1 -rss_limit_mb=4096 corpus-$$f 2>$$f.log || { tail -n 30 $$f.log; exit 1; }; \
	  echo "$$f: $$(sed -n 's/^stat::number_of_executed_units: *//p' $$f.log) inputs, nothing found"; done
FUZZFLAGS = -std=gnu17 -O1 -g -I. -DUNFUSED -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
build-fuzz/%.o: %.c | setup
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
fuzz-engines: setup
	@$(MAKE) --no-print-directory WERROR=1 $(BUILD)/test/test_engines $(BUILD)/test/test_engines_small
	@TRAPEZE_INSNS=$(INSNS) TRAPEZE_SEED=$(SEED) $(BUILD)/test/test_engines
	@TRAPEZE_INSNS=$$(($(INSNS) / 4)) TRAPEZE_SEED=$(SEED) $(BUILD)/test/test_engines_small

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share
	install $(TOOLS) $(DESTDIR)$(PREFIX)/bin
	cp -R $(SHARE) $(DESTDIR)$(PREFIX)/share/
	install -d $(DESTDIR)$(PREFIX)/share/trapeze/debug/boot $(DESTDIR)$(PREFIX)/share/trapeze/debug/bin
	install -m 644 $(KERNEL) $(DESTDIR)$(PREFIX)/share/trapeze/debug/boot/
	install -m 644 $(BINARIES) $(DESTDIR)$(PREFIX)/share/trapeze/debug/bin/

# ---- tests ----
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/test/%,$(wildcard tests/unit/test_*.c))
$(BUILD)/test/test_%: $(BUILD)/host/tests/unit/test_%.o $(HOST_LIBS)
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -Wl,--as-needed $(LIBS) $(DEBUG_LIBS) -lcmocka

-include tests/bench/bench.mk # not in the source that a package carries

# The JIT with small pools, as on a host without BMI2, goes before that of the library.
SMALL_JIT := $(patsubst %,$(BUILD)/host/small/%.o,$(basename $(call sources,machine/jit)))
$(BUILD)/host/small/%.o: %.c $(BUILD)/.flags | $(BUILD)/.setup
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -DJIT_SMALL -DJIT_BMI2=0 -MMD -MP -c -o $@ $<
$(BUILD)/test/test_engines_small: $(SMALL_JIT)

# It replaces malloc, which AddressSanitizer has replaced already.
$(BUILD)/test/test_isa_memory: private LIBS += $(if $(SAN),$(addprefix -Wl$(comma)--wrap=,malloc calloc realloc reallocarray))

test: setup
	@tools/setup tmux procps parallel zip unzip python3-jsonschema python3-yaml libxml2-utils # all at once: tests run side by side
	@tools/setup bubblewrap || echo "no bubblewrap: submissions are built under the other defences alone"
	@$(MAKE) --no-print-directory WERROR=1 all unit
	@BUILD=$(BUILD) CC=$(CC) MAKE="$(MAKE)" tests/run
unit: $(UNIT)

clean:
	rm -rf build build-*

-include $(shell find $(BUILD)/host build-fuzz -name '*.d' 2>/dev/null)
