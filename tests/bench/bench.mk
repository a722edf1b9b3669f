# bench.mk - what `make bench` builds, into $(BUILD)/bench: the measuring programs, and each workload for PG32
# (bare and as a user program), for QEMU where a RISC-V assembler and linker are installed, and for this host.
BENCH          := $(BUILD)/bench
BENCH_DIR      := tests/bench/programs
BENCH_PROGRAMS := $(patsubst $(BENCH_DIR)/%.c,%,$(filter-out %/lib.c %/native.c %/user.c,$(wildcard $(BENCH_DIR)/*.c)))
BENCH_TRAPS    := loop syscall fault
RISCV_GCC      := $(shell command -v riscv64-unknown-elf-gcc 2>/dev/null)
RISCV_FLAGS    := -march=rv32im_zicsr -mabi=ilp32 -nostdlib -nostartfiles -T $(BENCH_DIR)/virt.ld

bench-build: all $(addprefix $(BENCH)/,bench_machine bench_timed bench_recorder bench_recording bench_timeline bench_cliffs) \
  $(foreach p,$(BENCH_PROGRAMS),$(addprefix $(BENCH)/$(p).,pg32 user native $(if $(RISCV_GCC),virt))) \
  $(foreach t,$(BENCH_TRAPS),$(addprefix $(BENCH)/trap-$(t).,pg32 $(if $(RISCV_GCC),virt)))
.PHONY: bench-build

$(BENCH)/bench_%: $(BUILD)/host/tests/bench/%.o $(HOST_LIBS)
	@mkdir -p $(@D)
	$(CC) $(HOSTFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -Wl,--as-needed $(LIBS) $(DEBUG_LIBS)
$(BENCH)/bench_fused: $(call objects,tests/bench/fused_machine.c)

# Chooses the sequences of machine/interp/fused.def anew, HANDLERS of them; the benchmarks' start is not what they do.
# Compilers order instructions each in its way; so the programs are counted as clang compiles them and as gcc does.
HANDLERS     ?= 800
FUSED_INSNS  ?= 10000000
FUSED_KERNEL := "0:usertests" "1:usertests" "1:vmtests" "1:sh -c ls" "0:ps" "0:primes 100000" "1:matmul 60" \
  "1:touch-pages 64 4" "1:null-syscall 500" "2:hello"
FUSED_UNSEEN := align bignum chacha softfloat # not counted: what the chosen are worth where nobody has looked
FUSED_SEEN   := $(filter-out null $(FUSED_UNSEEN),$(BENCH_PROGRAMS))
both          = $(foreach p,$(1),$(2)$(BENCH)/$(p).pg32$(3) $(2)$(BENCH)/$(p).gcc.pg32$(3))
fused: all $(BENCH)/bench_fused $(call both,$(FUSED_SEEN) $(FUSED_UNSEEN)) # choose the interpreter's fused instructions by counting
	@sed '/^#ifndef UNFUSED/q' machine/interp/fused.def > $(BENCH)/fused.def
	@$(BENCH)/bench_fused $(HANDLERS) $(FUSED_INSNS) $(FUSED_KERNEL) \
	  $(call both,$(FUSED_SEEN)) $(call both,$(FUSED_UNSEEN),'?,') >> $(BENCH)/fused.def
	@sed -n '/^#endif.*UNFUSED/,$$p' machine/interp/fused.def >> $(BENCH)/fused.def
	cp $(BENCH)/fused.def machine/interp/fused.def
$(BENCH)/%.gcc.s: $(BENCH_DIR)/%.c $(BENCH_DIR)/bench.h
	@mkdir -p $(@D)
	riscv64-unknown-elf-gcc -O2 -march=rv32im -mabi=ilp32 -fno-pic -ffreestanding -I. -S -o $@ $<
.PHONY: fused

# One compilation to assembly, which PG32 and RISC-V both read.
$(BENCH)/lib.s: GUESTFLAGS += -fno-builtin
$(BENCH)/%.s: $(BENCH_DIR)/%.c $(BENCH_DIR)/bench.h $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) $(filter-out -g,$(GUESTFLAGS)) -ffreestanding -S -o $@ $<
$(BENCH)/%.pg32: $(BENCH_DIR)/start_pg32.S $(BENCH)/%.s $(BENCH)/lib.s
	$(PG32CC) -T bare -I. -o $@ $^
$(BENCH)/%.user: $(BENCH_DIR)/user.c $(BENCH)/%.s $(RUNTIME)
	$(PG32CC) -O2 -o $@ $(BENCH_DIR)/user.c $(BENCH)/$*.s
$(BENCH)/%.virt: $(BENCH_DIR)/start_virt.S $(BENCH)/%.s $(BENCH)/lib.s $(BENCH_DIR)/virt.ld
	$(RISCV_GCC) $(RISCV_FLAGS) -o $@ $(BENCH_DIR)/start_virt.S $(BENCH)/$*.s $(BENCH)/lib.s
$(BENCH)/%.native: $(BENCH_DIR)/%.c $(BENCH_DIR)/native.c $(BENCH_DIR)/bench.h
	@mkdir -p $(@D)
	gcc -O2 -o $@ $(BENCH_DIR)/$*.c $(BENCH_DIR)/native.c
$(BENCH)/trap-%.pg32: $(BENCH_DIR)/trap_pg32.S $(CROSS)
	@mkdir -p $(@D)
	$(PG32CC) -T bare -I. -Dtrap_$* -o $@ $<
$(BENCH)/trap-%.virt: $(BENCH_DIR)/trap_virt.S $(BENCH_DIR)/virt.ld
	@mkdir -p $(@D)
	$(RISCV_GCC) $(RISCV_FLAGS) -Dtrap_$* -o $@ $<
