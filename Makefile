# Trapeze: `make demo` shows it, `make test` proves it; both install what they need first. `make help` lists the rest.
# tools/install.mk has what concerns an installed Trapeze, tests/tests.mk the tests.
#
# Variables: CC=gcc|clang, WERROR=1 (tests set it), SAN=1 (sanitizers),
# MODE=tiny (2-entry TLB), HOST=aarch64|musl, BUILD=folder.

BUILD  ?= build$(if $(HOST),-$(HOST))$(if $(SAN),-asan)$(if $(MODE),-$(MODE))
CLANG  ?= clang
include tools/host.mk

ifeq ($(origin CC),default)
CC := $(or $(HOST_CC),gcc)
endif
CFLAGS   ?= -O2 -g
HOSTFLAGS = -std=gnu17 -Wall -Wextra $(if $(WERROR),-Werror) -I. $(CFLAGS) $(HOST_FLAGS) \
            $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all) \
            $(if $(filter tiny,$(MODE)),-DMODE_TINY)
comma := ,
PKGS   = libelf libdw jansson yaml-0.1 libarchive

all: tools guest share bug # build everything into build/, as `make` alone does

.PHONY: all tools guest share bug help setup demo image lecture approaches port clean format FORCE
.DELETE_ON_ERROR:
.SECONDARY:

help: # targets are documented by a comment behind their names: `target: # text`
	@echo 'make TARGET, where TARGET is:'
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*# \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
	  [ "$$target" = help ] || printf '  %-18s %s\n' "$$target" "$$text"; done
	@echo; sed -n 's/^# \(Variables: .*\)/\1/p; s/^# \(MODE=tiny .*\)/           \1/p' Makefile

# ---- set-up: packages, only when something is missing ----
# Nothing is installed without being asked for: `make` says what is missing; `make demo`, `make test` and `make setup`
# install it.
setup: # install the Debian packages that a build needs
	@tools/setup $(HOST_PACKAGES)
	@$(if $(HOST),$(MAKE_SYSROOT) $(SYSROOT))
	@mkdir -p $(BUILD) && touch $(BUILD)/.setup
$(BUILD)/.setup: tools/setup
	@tools/setup --check $(HOST_PACKAGES)
	@$(if $(HOST),$(MAKE_SYSROOT) --check $(SYSROOT))
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
TRAPEZE_SRC  := $(filter-out %/main.c,$(call sources,tools/trapeze)) $(call sources,tools/common)
COMMON_SRC   := $(call sources,tools/common)
PG32_TOOLS   := $(patsubst tools/%.c,%,$(wildcard tools/pg32-*.c))
LIBISA       := $(BUILD)/host/libisa.a
LIBMACHINE   := $(BUILD)/host/libmachine.a
LIBTRAPEZE   := $(BUILD)/host/libtrapeze.a
LIBCOMMON    := $(BUILD)/host/libcommon.a
HOST_LIBS    := $(LIBTRAPEZE) $(LIBMACHINE) $(LIBISA)
TOOLS        := $(addprefix $(BUILD)/bin/,$(PG32_TOOLS) trapeze)
LIBS          = $(or $(SYSROOT_LIBS),$(shell pkg-config --libs $(PKGS) 2>/dev/null || echo -ldw -lelf -ljansson -lyaml -larchive) -lm)
DEBUG_LIBS    = $(or $(SYSROOT_DEBUG_LIBS),$(shell pkg-config --libs ncursesw readline 2>/dev/null || echo -lncursesw -ltinfo -lreadline))

tools: $(TOOLS)

$(BUILD)/host/%.o: %.c $(BUILD)/.flags | $(BUILD)/.setup
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -MMD -MP -c -o $@ $<

$(LIBISA): $(call objects,$(ISA_SRC))
$(LIBMACHINE): $(call objects,$(MACHINE_SRC))
$(LIBTRAPEZE): $(call objects,$(TRAPEZE_SRC))
$(LIBCOMMON): $(call objects,$(COMMON_SRC))
# q, not r: two folders may have files of the same name
$(HOST_LIBS) $(LIBCOMMON):
	@rm -f $@
	ar qcs $@ $^

$(BUILD)/bin/trapeze: private LIBS += $(DEBUG_LIBS)
$(BUILD)/bin/trapeze: $(call objects,tools/trapeze/main.c) $(HOST_LIBS)
$(addprefix $(BUILD)/bin/,$(PG32_TOOLS)): $(BUILD)/bin/%: $(BUILD)/host/tools/%.o $(LIBCOMMON) $(LIBISA)
$(BUILD)/bin/pg32-cc: $(call objects,$(call sources,tools/cc))
$(BUILD)/bin/pg32-objdump $(BUILD)/bin/pg32-addr2line: $(call objects,$(call sources,tools/objdump))
$(TOOLS):
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -o $@ $^ $(LIBS) $(HOST_LDFLAGS)

# ---- guest side: everything that runs on the machine ----
SHARE      := $(BUILD)/share/trapeze
CROSS      := $(addprefix $(BUILD)/bin/,pg32-cc pg32-as pg32-ld)
PG32CC      = $(BUILD)/bin/pg32-cc
# Debug information names sources as they are called here, "guestos/trap.c": trapeze debug knows where they are
# installed.
GUESTFLAGS  = -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) -I. \
              -fdebug-compilation-dir=. -ffile-prefix-map=$(abspath $(SHARE))/=
KERNELFLAGS = -fno-delete-null-pointer-checks  # the low core is at address 0
LIBC_SRC   := $(sort $(shell find userprogs/lib -name '*.[cS]'))
LIBC_OBJ   := $(patsubst userprogs/lib/%,$(BUILD)/guest/lib/%.o,$(filter-out userprogs/lib/crt0.S,$(LIBC_SRC)))
HEADERS    := $(patsubst userprogs/include/%,$(SHARE)/include/%,$(shell find userprogs/include -name '*.h')) \
              $(addprefix $(SHARE)/include/isa/,platform.h para.h cause.h ustar.h diskfs.h pg32.def)
RUNTIME    := $(SHARE)/lib/libc.a $(SHARE)/lib/crt0.o
FREE_OBJ   := $(BUILD)/guest/free/memory.o $(BUILD)/guest/free/integer.o
LIBFREE    := $(SHARE)/lib/libfree.a
PROGRAMS   := $(sort $(patsubst userprogs/%.c,%,$(wildcard userprogs/*.c)) sh container all-commands)
SMALL      := $(shell sed -n 's|^  C.\([a-z]*\),.*|\1|p' userprogs/commands/commands.h) # names of all-commands
KERNEL     := $(BUILD)/guest/boot/kernel
KERNEL_OBJ := $(patsubst guestos/%,$(BUILD)/guest/guestos/%.o,$(sort $(wildcard guestos/*.c guestos/*.S)))
# The host's kernel for `--way para`, and the guests' (guestos/para/): the same sources, but for files of the same names.
HOST_KERNEL := $(BUILD)/guest/boot/kernel-host
PARA_KERNEL := $(BUILD)/guest/boot/kernel-para
HYPERVISOR_SRC := $(wildcard guestos/hypervisor/*.[cS])
HYPERVISOR_OBJ := $(patsubst guestos/%,$(BUILD)/guest/guestos/%.o,$(HYPERVISOR_SRC))
PARA_OWN   := $(wildcard guestos/para/*.[cS])
PARA_SRC   := $(filter-out $(PARA_OWN:guestos/para/%=guestos/%),$(wildcard guestos/*.[cS])) $(PARA_OWN) $(HYPERVISOR_SRC)
PARA_OBJ   := $(patsubst guestos/%,$(BUILD)/guest/para/%.o,$(PARA_SRC))
PARA_TAR   := $(SHARE)/para.tar
VMM_OBJ    := $(patsubst vmm/%,$(BUILD)/guest/vmm/%.o,$(wildcard vmm/*.c vmm/*/*.c))
BINARIES   := $(addprefix $(BUILD)/guest/bin/,$(PROGRAMS) $(if $(VMM_OBJ),vmm))
INITRD     := $(SHARE)/initrd.tar

# What grading needs beside them: sources to read and to patch, and the objects that a student's are linked with.
PARTS      := $(sort $(wildcard vmm/*.[chS] vmm/*/*.[chS] guestos/*.[chS] guestos/*.inc guestos/*/*.[chS] guestos/*/*.inc))
READ       := $(sort $(wildcard userprogs/*.c userprogs/sh/*.[ch] userprogs/commands/*.[ch] userprogs/container/*.[ch] userprogs/lib/*.[chS] userprogs/lib/*/*.[chS])) # by the debugger

guest: $(INITRD) $(PARA_TAR) $(LIBFREE) $(SHARE)/obj $(SHARE)/nano

$(SHARE)/include/isa/%: isa/%
	@mkdir -p $(@D)
	cp $< $@
$(SHARE)/include/%: userprogs/include/%
	@mkdir -p $(@D)
	cp $< $@

$(BUILD)/.parts: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(PARTS) $(READ) | cmp -s - $@ || printf '%s\n' $(PARTS) $(READ) > $@
$(SHARE)/obj: $(BUILD)/.parts $(PARTS) $(READ) $(VMM_OBJ) $(KERNEL_OBJ)
	@rm -rf $@ $(SHARE)/src
	@mkdir -p $@/vmm $@/guestos
	@for f in $(VMM_OBJ:$(BUILD)/guest/vmm/%=%); do \
	  mkdir -p $@/vmm/$$(dirname $$f) && cp $(BUILD)/guest/vmm/$$f $@/vmm/$$f || exit 1; done
	cp $(KERNEL_OBJ) $@/guestos
	@for f in $(PARTS) $(READ); do mkdir -p $(SHARE)/src/$${f%/*} && cp $$f $(SHARE)/src/$$f || exit 1; done

$(BUILD)/.guest-flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(filter-out -Werror,$(GUESTFLAGS))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# system-call stubs, the kernel and the programs all see the installed copies of the shared headers
# The functions of the library are weak symbols, so that a program may have its own: see userprogs/lib/names.h.
$(BUILD)/guest/lib/%.c.o: userprogs/lib/%.c $(BUILD)/.guest-flags $(CROSS) $(HEADERS) \
                          $(wildcard userprogs/lib/*.h userprogs/lib/*/*.h) userprogs/lib/weak.awk
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -include userprogs/lib/names.h -S -o $(@:.o=.strong.s) $<
	awk -f userprogs/lib/weak.awk $(@:.o=.strong.s) >$(@:.o=.s)
	$(PG32CC) -c -o $@ $(@:.o=.s)
$(BUILD)/guest/lib/%.S.o: userprogs/lib/%.S $(BUILD)/.guest-flags $(CROSS) $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -c -o $@ $<
$(SHARE)/lib/libc.a: $(LIBC_OBJ)
	@mkdir -p $(@D) && rm -f $@
	ar rcs $@ $^
# What compilers call by themselves, for images without a C library.
$(BUILD)/guest/free/%.o: userprogs/lib/%.c $(BUILD)/.guest-flags $(CROSS) $(HEADERS) $(wildcard userprogs/lib/*.h)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -T bare -S -o $(@:.o=.s) $<
	sed -i 's/^\([[:space:]]*\)\.globl/\1.weak/' $(@:.o=.s)
	$(PG32CC) -c -o $@ $(@:.o=.s)
$(LIBFREE): $(FREE_OBJ)
	@mkdir -p $(@D) && rm -f $@
	ar rcs $@ $^
$(SHARE)/lib/crt0.o: $(BUILD)/guest/lib/crt0.S.o
	@mkdir -p $(@D)
	cp $< $@
KERNEL_HEADERS := $(HEADERS) $(wildcard guestos/*.h guestos/*.inc guestos/*/*.h guestos/*/*.inc)
$(BUILD)/guest/guestos/%.o: guestos/% $(BUILD)/.guest-flags $(CROSS) $(KERNEL_HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) $(KERNELFLAGS) -T kernel -c -o $@ $<
$(BUILD)/guest/para/%.o: guestos/% $(BUILD)/.guest-flags $(CROSS) $(KERNEL_HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) $(KERNELFLAGS) -DPARAVIRTUAL -T kernel -c -o $@ $<
$(BUILD)/guest/vmm/%.o: vmm/% $(BUILD)/.guest-flags $(CROSS) $(HEADERS) $(wildcard vmm/*.h vmm/*/*.h)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -c -o $@ $<
$(KERNEL): $(KERNEL_OBJ) $(LIBFREE) $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -T kernel -g -o $@ $(KERNEL_OBJ)
$(HOST_KERNEL): $(KERNEL_OBJ) $(HYPERVISOR_OBJ) $(LIBFREE) $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -T kernel -g -o $@ $(KERNEL_OBJ) $(HYPERVISOR_OBJ)
$(PARA_KERNEL): $(PARA_OBJ) $(LIBFREE) $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -T kernel -g -o $@ $(PARA_OBJ)
# Kernels for `trapeze compare --approaches`, in which a mutant of tests/mutants is planted.
BUG := $(BUILD)/guest/bug
$(BUG)/trap.c: guestos/trap.c tests/mutants/95-fault-is-own.patch
	@mkdir -p $(@D)
	patch -s -F0 -o $@ $^
bug: $(SHARE)/bug/kernel $(SHARE)/bug/kernel-para # kernels with a planted fault, for compare --approaches
$(SHARE)/bug/kernel $(SHARE)/bug/kernel-para: $(BUG)/trap.c $(KERNEL) $(PARA_KERNEL)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -Iguestos $(KERNELFLAGS) $(if $(filter %-para,$@),-DPARAVIRTUAL) -T kernel -c -o $(BUG)/$(@F).o $<
	$(PG32CC) -T kernel -o $@ $(BUG)/$(@F).o $(filter-out %/trap.c.o,$(if $(filter %-para,$@),$(PARA_OBJ),$(KERNEL_OBJ)))
$(BUILD)/guest/bin/vmm: $(VMM_OBJ) $(RUNTIME) $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -g -o $@ $(VMM_OBJ)
# of `trapeze compare`
$(SHARE)/nano: tools/trapeze/ways/nano.S $(BUILD)/.guest-flags $(CROSS) $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) -T bare -I. -o $@ $<
$(BUILD)/guest/bin/sh: $(sort $(wildcard userprogs/sh/*.c)) $(wildcard userprogs/sh/*.h) $(BUILD)/.guest-flags $(RUNTIME) $(CROSS) \
                       $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -o $@ $(filter %.c,$^)
$(BUILD)/guest/bin/container: $(sort $(wildcard userprogs/container/*.c)) $(wildcard userprogs/container/*.h) $(BUILD)/.guest-flags \
                       $(RUNTIME) $(CROSS) $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -o $@ $(filter %.c,$^)
$(BUILD)/guest/bin/all-commands: $(sort $(wildcard userprogs/commands/*.c)) isa/diskfs.c $(wildcard userprogs/commands/*.h) \
                             $(BUILD)/.guest-flags $(RUNTIME) $(CROSS) $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -o $@ $(filter %.c,$^)
$(BUILD)/guest/bin/%: userprogs/%.c $(BUILD)/.guest-flags $(RUNTIME) $(CROSS) $(HEADERS)
	@mkdir -p $(@D)
	$(PG32CC) $(GUESTFLAGS) -o $@ $<

# The initial file system, byte for byte the same from the same files; without debug information,
# which trapeze reads from the unstripped files beside it. The names of all-commands come first, one behind the
# other: a kernel that boots looks at each header, and each page that it touches costs a TLB miss.
$(INITRD): $(KERNEL) $(BINARIES) $(wildcard userprogs/etc/*)
	@rm -rf $(BUILD)/guest/files && mkdir -p $(@D) $(addprefix $(BUILD)/guest/files/,bin boot etc)
	@for f in $(BINARIES); do $(BUILD)/bin/pg32-ld --strip-debug -o $(BUILD)/guest/files/bin/$${f##*/} $$f || exit 1; done
	@for name in $(SMALL); do ln -f $(BUILD)/guest/files/bin/all-commands $(BUILD)/guest/files/bin/$$name && \
	  ln -sf all-commands $(BUILD)/guest/bin/$$name || exit 1; done
	@$(BUILD)/bin/pg32-ld --strip-debug -o $(BUILD)/guest/files/boot/kernel $(KERNEL)
	@cp userprogs/etc/* $(BUILD)/guest/files/etc/
	cd $(BUILD)/guest/files && find * -type d -o -links 1 | LC_ALL=C sort >../others && \
	  find bin -type f ! -links 1 | LC_ALL=C sort >../links
	tar --format=ustar --no-recursion --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=u=rwX,go=rX \
	  -cf $@ -C $(BUILD)/guest/files -T $(BUILD)/guest/links -T $(BUILD)/guest/others

# What `--way para` puts into the initrd beside that: the host's kernel in place of /boot/kernel, and the guests'.
$(PARA_TAR): $(HOST_KERNEL) $(PARA_KERNEL)
	@rm -rf $(BUILD)/guest/para-files && mkdir -p $(@D) $(BUILD)/guest/para-files/boot
	@$(BUILD)/bin/pg32-ld --strip-debug -o $(BUILD)/guest/para-files/boot/kernel $(HOST_KERNEL)
	@$(BUILD)/bin/pg32-ld --strip-debug -o $(BUILD)/guest/para-files/boot/kernel-para $(PARA_KERNEL)
	tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=u=rwX,go=rX \
	  -cf $@ -C $(BUILD)/guest/para-files boot

# ---- what a person asks for ----
demo: setup # the lecture's system call and TLB fault, step by step
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) tools/demo

approaches: setup # process, container, VMs compared; build/approaches.svg
	@$(MAKE) --no-print-directory all
	@$(BUILD)/bin/trapeze compare --approaches
	@$(BUILD)/bin/trapeze compare --approaches -f svg -o $(BUILD)/approaches.svg

image: # build a container image with podman or docker; IMAGE_FLAGS
	@tools/image $(IMAGE_FLAGS)

lecture: setup # a talk of twenty minutes that pauses: what to say, commands
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) tools/talk

port: # count the lines by which the paravirtual kernel differs
	@tools/port

C_FILES = $(shell git ls-files '*.c' '*.h')
format: # format all C files with clang-format 14
	@tools/setup clang-format
	@clang-format -i $(C_FILES)

clean: # remove all that was built
	rm -rf build build-*

include tools/install.mk
-include tests/tests.mk # not in the source that a package for graders carries
-include $(shell find $(BUILD)/host build-fuzz -name '*.d' 2>/dev/null)
