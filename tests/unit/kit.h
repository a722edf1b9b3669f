/* kit.h - what the machine's unit tests share: a machine with a hand-made program in it.
 *
 * Includes cmocka; a test file needs nothing else but the public headers. */
#ifndef KIT_H
#define KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* after the above */
#include <cmocka.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/machine.h"

#define PHYSICAL ((struct machine_space){0})
enum { ZERO, RA, SP, GP, TP, T0, T1, T2, S0, S1, A0, A1, A2, A3, A4, A5 };

static inline uint32_t insn(enum pg32_id id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm) {
  uint32_t word = 0;
  const struct pg32_insn i = {id, (uint8_t)rd, (uint8_t)rs1, (uint8_t)rs2, imm};
  assert_true(pg32_encode(i, &word));
  return word;
}
/* The shapes by their assembly order. */
#define RRR(op, d, s, t) insn(PG32_##op, d, s, t, 0)
#define RRI(op, d, s, i) insn(PG32_##op, d, s, 0, i)
#define LD(op, d, i, s) insn(PG32_##op, d, s, 0, i)
#define ST(op, t, i, s) insn(PG32_##op, 0, s, t, i)
#define BR(op, s, t, bytes) insn(PG32_##op, 0, s, t, bytes)
#define JAL(d, bytes) insn(PG32_jal, d, 0, 0, bytes)
#define LUI(d, imm20) insn(PG32_lui, d, 0, 0, imm20)
#define OP(op) insn(PG32_##op, 0, 0, 0, 0)

static inline void poke(struct machine *m, uint32_t pa, uint32_t word) {
  assert_int_equal(machine_poke(m, PHYSICAL, pa, &word, 4), 4);
}
static inline uint32_t peek(const struct machine *m, uint32_t pa) {
  bool ok;
  const uint32_t word = machine_peek_word(m, PHYSICAL, pa, &ok);
  assert_true(ok);
  return word;
}
#define PROGRAM(m, pa, ...)                                                                \
  do {                                                                                     \
    const uint32_t words_[] = {__VA_ARGS__};                                               \
    assert_int_equal(machine_poke(m, PHYSICAL, pa, words_, sizeof words_), sizeof words_); \
  } while (0)

static inline struct machine_regs regs(const struct machine *m) {
  struct machine_regs r;
  machine_get_regs(m, &r);
  return r;
}
static inline uint32_t x(const struct machine *m, unsigned i) { return regs(m).x[i]; }
static inline void set_x(struct machine *m, unsigned i, uint32_t value) {
  struct machine_regs r = regs(m);
  r.x[i] = value;
  machine_set_regs(m, &r);
}
static inline void enter(struct machine *m, uint32_t pc, uint32_t status, uint32_t timer) {
  struct machine_regs r = regs(m);
  r.pc = pc, r.status = status, r.timer = timer;
  machine_set_regs(m, &r);
}

#define HANDLER 0x3000 /* the trap vector of new_machine's machines */
#define RAM_BYTES 0x10000

/* The engine of new machines. */
static enum machine_engine kit_engine = ENGINE_AUTO;

static inline bool kit_has_jit(void) {
  struct machine *m = machine_new(&(struct machine_config){.engine = ENGINE_JIT, .ram_bytes = PAGE_SIZE});
  machine_free(m);
  return m != NULL;
}
/* main's result: the tests with the interpreter, and with the JIT if there is one. */
#define RUN_ON_EACH_ENGINE(tests)                                           \
  ({                                                                        \
    kit_engine = ENGINE_INTERP;                                             \
    int failed_ = cmocka_run_group_tests_name("interp", tests, NULL, NULL); \
    if (kit_has_jit()) {                                                    \
      kit_engine = ENGINE_JIT;                                              \
      failed_ += cmocka_run_group_tests_name("jit", tests, NULL, NULL);     \
    }                                                                       \
    failed_;                                                                \
  })

/* 64 KiB, trap vector at HANDLER, which holds an endless loop. */
static inline struct machine *new_machine_with(struct machine_config config) {
  config.ram_bytes = RAM_BYTES;
  if (config.engine == ENGINE_AUTO) config.engine = kit_engine;
  struct machine *m = machine_new(&config);
  assert_non_null(m);
  poke(m, LC_VECTOR, HANDLER);
  poke(m, HANDLER, JAL(ZERO, 0));
  enter(m, IMAGE_BASE, 0, 0);
  return m;
}
static inline struct machine *new_machine(void) {
  return new_machine_with((struct machine_config){.cpu = CPU_PG32});
}

static inline enum machine_exit run(struct machine *m, uint64_t insns) {
  return machine_run(m, &(struct machine_limits){.insns = insns, .until_tick = UINT64_MAX});
}
/* Runs exactly n instructions; the machine must not stop before. */
static inline void step(struct machine *m, uint64_t n) {
  const uint64_t before = machine_retired(m);
  assert_int_equal(run(m, n), EXIT_LIMIT);
  assert_int_equal(machine_retired(m) - before, n);
}

/* Installs a translation by running a tlbw, in the last page of RAM; registers and PSW are kept. */
static inline void map(struct machine *m, uint32_t va, uint32_t asid, uint32_t pa, uint32_t rights) {
  struct machine_regs saved = regs(m), r = saved;
  poke(m, RAM_BYTES - 4, insn(PG32_tlbw, 0, 1, 2, 0));
  r.pc = RAM_BYTES - 4, r.status = 0, r.x[1] = va | asid, r.x[2] = pa | rights;
  machine_set_regs(m, &r);
  step(m, 1);
  machine_set_regs(m, &saved);
}

/* The six words of the last trap. */
#define assert_trap(m, cause_, pc_, status_, badva_, badinst_) \
  do {                                                         \
    assert_int_equal(peek(m, LC_CAUSE), cause_);               \
    assert_int_equal(peek(m, LC_PC), pc_);                     \
    assert_int_equal(peek(m, LC_STATUS), status_);             \
    assert_int_equal(peek(m, LC_BADVA), badva_);               \
    assert_int_equal(peek(m, LC_BADINST), badinst_);           \
  } while (0)

#endif
