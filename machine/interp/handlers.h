/* handlers.h - the handlers of the interpreter; plain.c and traced.c each make a copy of them.
 *
 * Before including: HANDLERS is the name of the table to be made, TRACED is 1 if the copy calls an observer's
 * `insn` and `step` before each instruction.
 *
 * The code is threaded: each handler is a function that ends by calling the next op's handler. Such a call is
 * a jump (a tail call), and what the engine keeps in host registers are the arguments, STATE. A handler that
 * merely returns leaves the machine at an instruction boundary, where engine.c looks at it anew: so ends an
 * instruction that may change STATUS, the TLB, pending interrupts or code, after making m exact.
 *
 * The instructions of a straight-line run are paid for when the run is entered (`left` is what remains of the
 * budget), so that nothing is counted inside a run; at any op, exactly left + op->run of the budget is unused.
 * A run longer than `left` is copied to the scratch page, cut there and executed from there.
 *
 * Operand forwarding: the result of an instruction is written to its register, which is in memory (m->x), and
 * also kept in the host register `forward`. If the next instruction reads that PG32 register, a handler that
 * takes the operand from `forward` need not wait for the store and the load. An op that is jumped to must not
 * assume so; therefore an op has two handlers, op->fall_through and op->jumped_to. */

#include <string.h>

#include "code.h"
#include "engine.h"
#include "insns.h"
#include "machine/core/tlb.h"

/* clang-format off */
/* The macros. All of them may use STATE; "exact" means m->pc, m->tick and m->timer.
 *
 *   the present op
 *     PC, WORD               its virtual address; the instruction word
 *     OPERANDS, FIELD_*      loads the op's first eight bytes at once; rs1, rd and imm in them
 *     RS1(form) RS2(form, from) IMM   declare rs1, rs2, imm; `from` is the field that holds the number of rs2
 *     WRITE_RESULT(next)     writes rd to `forward`, and to its register unless an op of form `next` overwrites it
 *   control
 *     GO(handler)            on to that handler
 *     NEXT()                 on to the next op of the run
 *     ENTER_RUN()            on to `op`, which begins a run: pays for it
 *     GO_NEAR(), GO_TO(va)   jumps within the page; to any address, by the host TLB
 *     SYNC(), RETIRE()       makes m exact as of before, as of after the present instruction
 *     FAULT(cause, badva)    after SYNC: the present instruction traps instead of retiring
 *     HOLD()                 after SYNC, before a trap or rfe: stops there if the observer's before_trap says so
 *     WATCH()                only in the traced copy: calls the observer before the instruction
 *     STOP_WANTED(), MUST_LEAVE()   machine_stop was called; that, or the other copy must go on
 *   the words of insns.h
 *     LOAD(type) STORE(type) JUMP_REGISTER(to) NOTHING MARKED(kind, a, b) WAIT()
 *   the host TLB
 *     HOST_ENTRY(offset)     the entry at that offset in struct machine
 *     FIND_HOST_ENTRY(which, type, missed)   declares `entry`, for the access at `address`; or does `missed`
 *   handlers
 *     STEP_shape(name, form, next)   an instruction within a sequence, the next of which has form `next`
 *     LAST_shape(name, form)         the last or only instruction, and on to the next handler
 *     HANDLE_shape(name), HANDLE_class(name, shape)   the handlers of a row of pg32.def
 *     HANDLE_FUSEDn(...)             the handler of a row of fused.def
 *     SLOW_LOAD(type) SLOW_STORE(type)   the slow path, where the host TLB has no entry
 *     EXTRA_shape(name)              entries in the table of handlers beside that of do_name
 *
 * For example, `addi` in the plain copy. HANDLE_INNOCUOUS(addi, RRI) gives two handlers, of which this is the first:
 *
 *     static void do_addi(STATE) {
 *       { const uint64_t word_ = word;                     OPERANDS
 *         const uint32_t rs1 = x[(uint8_t)word_];          RS1(M)
 *         const uint32_t imm = (uint32_t)(word_ >> 32);    IMM
 *         uint32_t rd;
 *         rd = rs1 + imm;                                  DO_addi of insns.h
 *         forward = rd;                                    WRITE_RESULT(M)
 *         x[(uint8_t)(word_ >> 8)] = rd; }
 *       op++; word = op_word(op);                           NEXT()
 *       GO(m->handlers[(uint32_t)word >> 16]);
 *     }
 *
 * and forwarded_addi is the same with `rs1 = forward`. Two instructions such as `addi a0, a0, 4` and `lw a0, 0(a0)`
 * are FUSED2(M, addi, O, lw) in fused.def:
 *
 *     static void fused_M_addi_O_lw(STATE) {
 *       { ... rs1 = x[...]; rd = rs1 + imm; forward = rd; }       a0 is not written: `lw` overwrites it
 *       { ... rs1 = forward; address = rs1 + imm;                 operands from op[1]
 *         find the host TLB entry; without one, x[op->rs1] = rs1 and GO(load_uint32_t)
 *         rd = *(uint32_t *)(address + addend); forward = rd; x[...] = rd; }
 *       op += 1; op++; ...
 *     } */
/* clang-format on */

/* What a handler is called with: `word` is the first half of *op; `context` of the host TLB is in the high half;
 * `forward` is an operand, and for `fetch` the address. The order spares x86-64 moves: `word` and `forward`, which
 * handlers are soon done with, are where shifts, multiplications and bytes want to be. */
#define MAY_BE_UNUSED __attribute__((unused))
#define STATE                                                                  \
  struct machine *m, struct op *op MAY_BE_UNUSED, uint64_t word MAY_BE_UNUSED, \
      uint32_t forward MAY_BE_UNUSED, int64_t left MAY_BE_UNUSED, uint64_t context MAY_BE_UNUSED
#define HANDLER(name, ...)                  \
  static void name(STATE) {                 \
    uint32_t *const x MAY_BE_UNUSED = m->x; \
    __VA_ARGS__                             \
  }
enum { at = 0 }; /* the instructions of fused sequences have their own */

static void truncate_run(STATE);
static void fetch(STATE);

/* A compiler that optimizes makes a call at the end of a function a jump, if all arguments are in registers:
 * clang on demand, gcc 12 by its own choice (if it did not, every test of the engine would overflow the stack).
 * Sanitizers want a frame for each call: with them, and without optimization, engine.c makes the calls. */
#ifdef __has_feature
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif
#if defined __OPTIMIZE__ && !SANITIZED && (defined __x86_64__ || defined __aarch64__)
#define TAIL_CALLS 1
#else
#define TAIL_CALLS 0
#endif
#if __has_attribute(musttail)
#define MUSTTAIL __attribute__((musttail))
#else
#define MUSTTAIL
#pragma GCC optimize("optimize-sibling-calls")
#endif

/* The variable is handed on, but not needed: whatever its register holds will do. */
#define FORGET(variable) __asm__("" : "=r"(variable))

#if TAIL_CALLS
#define GO(handler) MUSTTAIL return (handler)(m, op, word, forward, left, context)
#else /* engine.c makes the call */
#define GO(handler)                                                            \
  do {                                                                         \
    m->run->next = (struct next){(handler), op, word, forward, left, context}; \
    return;                                                                    \
  } while (0)
#endif
#define PC (m->page + 4 * (uint32_t)(op - m->ops))
#define WORD ram_word(m, m->code->page + (PC & ~PAGE_MASK))
/* May be repeated. */
#define SYNC() (m->pc = PC, settle(m, m->run, left + op->run))
/* After SYNC. */
#define RETIRE() (m->pc += 4, settle(m, m->run, left + op->run - 1))
/* clang-format off */
#define NEXT() do { op++; word = op_word(op); GO(m->handlers[(uint32_t)word >> 16]); } while (0)
#define ENTER_RUN()                           \
  do {                                        \
    FORGET(forward);                          \
    FORGET(word);                             \
    left -= op->run;                          \
    if (UNLIKELY(left < 0)) GO(truncate_run); \
    word = op_word(op);                       \
    GO(m->handlers[op->jumped_to]);           \
  } while (0)
/* clang-format on */
#define GO_NEAR(imm)                                         \
  do {                                                       \
    op = (struct op *)(void *)((char *)op + (int32_t)(imm)); \
    ENTER_RUN();                                             \
  } while (0)
/* The entry of a host TLB at that offset in struct machine. */
#define HOST_ENTRY(offset) ((const struct host_entry *)(const void *)((const char *)m + (offset)))
/* Makes `op` the one at `va` in a page of decoded code. */
#define COME_TO(code_, va)                 \
  do {                                     \
    m->code = (code_);                     \
    m->ops = m->code->op;                  \
    m->page = (va)&PAGE_MASK;              \
    op = &m->ops[((va) & ~PAGE_MASK) / 4]; \
  } while (0)
/* The present instruction has been executed. */
#define GO_TO(address_)                                                                         \
  do {                                                                                          \
    forward = (address_);                                                                       \
    const struct host_entry *e_ =                                                               \
        HOST_ENTRY(host_offset(forward) + m->bank + (uint32_t)offsetof(struct machine, fetch)); \
    if (UNLIKELY(!host_knows(e_, context + forward, 4))) GO(fetch);                             \
    COME_TO(e_->code, forward);                                                                 \
    ENTER_RUN();                                                                                \
  } while (0)
#define FAULT(cause, badva)        \
  do {                             \
    engine_fault(m, cause, badva); \
    return;                        \
  } while (0)
#define STOP_WANTED() atomic_load_explicit(&m->stop, memory_order_relaxed)
#define MUST_LEAVE() (STOP_WANTED() || m->run->traced != m->traced)
#define WATCH()                                             \
  do {                                                      \
    if (TRACED && (m->observer.insn || m->observer.step)) { \
      SYNC();                                               \
      if (STOP_WANTED()) return;                            \
      if (engine_observed(m, WORD)) return;                 \
    }                                                       \
  } while (0)
#define HOLD() \
  if (cpu_held(m)) return

/* ---- what insns.h says in capitals ---- */
/* An op looks first at the entry that it used last, because that look-up need not wait for the address. When
 * neither that nor the entry of `address` will do, `missed` is done with op at the instruction. */
#define FIND_HOST_ENTRY(which, type, missed)                                            \
  uint32_t entry = op[at].last_entry;                                                   \
  if (UNLIKELY(!host_knows(HOST_ENTRY(entry), context + address, sizeof(type)))) {      \
    entry = host_offset(address) + m->bank + (uint32_t)offsetof(struct machine, which); \
    if (!host_knows(HOST_ENTRY(entry), context + address, sizeof(type))) {              \
      op += at;                                                                         \
      word = 0;                                                                         \
      forward = 0;                                                                      \
      missed;                                                                           \
    }                                                                                   \
    op[at].last_entry = entry;                                                          \
  }
#define LOAD(type)                                                                              \
  FIND_HOST_ENTRY(load, type, if (unsaved) x[op->rs1] = rs1; GO(load_##type))                   \
  type value;                                                                                   \
  memcpy(&value, (const void *)((uintptr_t)address + HOST_ENTRY(entry)->addend), sizeof value); \
  rd = (uint32_t)value
#define STORE(type)                                                                       \
  FIND_HOST_ENTRY(store, type, GO(store_##type))                                          \
  const type value = (type)rs2;                                                           \
  memcpy((void *)((uintptr_t)address + HOST_ENTRY(entry)->addend), &value, sizeof value); \
  FORGET(forward)
#define JUMP_REGISTER(to)                 \
  const uint32_t to_ = (to);              \
  op += at;                               \
  if (UNLIKELY(to_ & 2)) {                \
    SYNC();                               \
    FAULT(CAUSE_FETCH_MISALIGNED, to_);   \
  }                                       \
  x[op->rd] = PC + 4;                     \
  if ((to_ & PAGE_MASK) == m->page) {     \
    op = &m->ops[(to_ & ~PAGE_MASK) / 4]; \
    ENTER_RUN();                          \
  }                                       \
  GO_TO(to_)
#define NOTHING (void)0
#define MARKED(kind, a, b)                            \
  if (UNLIKELY(m->observer.mark != NULL)) {           \
    SYNC();                                           \
    m->observer.mark(m->observer.arg, m, kind, a, b); \
    if (MUST_LEAVE()) {                               \
      RETIRE();                                       \
      return;                                         \
    }                                                 \
  }
/* Retires when there is nothing to wait for; otherwise lets time pass, and looks at the boundary again. */
#define WAIT()                          \
  if (machine_cpu_wait_ticks(m) == 0) { \
    m->waiting = false;                 \
    RETIRE();                           \
  } else                                \
    engine_idle(m)

/* ---- forms: where an instruction's operands come from ----
 *   M   both from memory: the registers in m->x
 *   F   rs1, the first operand, is `forward`
 *   S   rs2, the second operand, is `forward`
 *   O   as F; and this instruction overwrites the register, so that the one before did not write it to memory
 *
 * The instruction is op[at]. */
/* clang-format off */
/* Taken apart in registers: cheaper than a load for each part. */
#define OPERANDS const uint64_t word_ = at == 0 ? word : op_word(&op[at])
#define FIELD_rs1 (uint8_t)word_
#define FIELD_rd op[at].rd
#define FIELD_imm (uint32_t)(word_ >> 32)
#define RS1_M x[FIELD_rs1]
#define RS1_F forward
#define RS1_S RS1_M
#define RS1_O RS1_F
#define RS2_M(from) x[FIELD_##from]
#define RS2_F(from) RS2_M(from)
#define RS2_S(from) forward
#define RS2_O(from) RS2_M(from)
#define UNSAVED_M false
#define UNSAVED_F false
#define UNSAVED_S false
#define UNSAVED_O true
#define RS1(form) const uint32_t rs1 = RS1_##form
#define RS2(form, from) const uint32_t rs2 = RS2_##form(from)
#define IMM const uint32_t imm = FIELD_imm
#define WRITE_RESULT(next) do { forward = rd; if (!UNSAVED_##next) x[FIELD_rd] = rd; } while (0)

/* ---- a handler for each shape ---- */
#define STEP_RRR(name, form, next) { OPERANDS; RS1(form); RS2(form, imm); uint32_t rd; DO_##name; WRITE_RESULT(next); }
#define STEP_RRI(name, form, next) { OPERANDS; RS1(form); IMM; uint32_t rd; DO_##name; WRITE_RESULT(next); }
#define STEP_SHIFT(name, form, next) STEP_RRI(name, form, next)
#define STEP_UPPER(name, form, next) { \
    OPERANDS; const uint32_t pc = PC + 4 * at; IMM; (void)pc; uint32_t rd; DO_##name; WRITE_RESULT(next); \
  }
#define STEP_LOAD(name, form, next) { \
    OPERANDS; const bool unsaved = UNSAVED_##form; (void)unsaved; \
    RS1(form); IMM; const uint64_t address = (uint32_t)(rs1 + imm); uint32_t rd; DO_##name; WRITE_RESULT(next); \
  }
#define STEP_STORE(name, form, next) { \
    OPERANDS; RS1(form); RS2(form, rd); IMM; const uint64_t address = (uint32_t)(rs1 + imm); DO_##name; \
  }
#define LAST_RRR(name, form) STEP_RRR(name, form, M) op += at; NEXT();
#define LAST_RRI(name, form) STEP_RRI(name, form, M) op += at; NEXT();
#define LAST_SHIFT(name, form) STEP_SHIFT(name, form, M) op += at; NEXT();
#define LAST_UPPER(name, form) STEP_UPPER(name, form, M) op += at; NEXT();
#define LAST_LOAD(name, form) STEP_LOAD(name, form, M) op += at; NEXT();
#define LAST_STORE(name, form) STEP_STORE(name, form, M) op += at; NEXT();
#define LAST_BRANCH(name, form) { \
    OPERANDS; RS1(form); RS2(form, rd); op += at; if (DO_##name) GO_NEAR(FIELD_imm); op++; ENTER_RUN(); \
  }
#define LAST_JUMP(name, form) { \
    OPERANDS; const uint32_t pc = PC + 4 * at; uint32_t rd; DO_##name; x[FIELD_rd] = rd; op += at; GO_NEAR(FIELD_imm); \
  }
#if TRACED
#define FORWARDED_HANDLER(name, last)
#else
#define FORWARDED_HANDLER(name, last) HANDLER(forwarded_##name, last(name, F))
#endif
#define HANDLE_RRR(name)   HANDLER(do_##name, WATCH(); LAST_RRR(name, M)) FORWARDED_HANDLER(name, LAST_RRR)
#define HANDLE_RRI(name)   HANDLER(do_##name, WATCH(); LAST_RRI(name, M)) FORWARDED_HANDLER(name, LAST_RRI)
#define HANDLE_SHIFT(name) HANDLER(do_##name, WATCH(); LAST_SHIFT(name, M)) FORWARDED_HANDLER(name, LAST_SHIFT)
#define HANDLE_UPPER(name) HANDLER(do_##name, WATCH(); LAST_UPPER(name, M))
#define HANDLE_LOAD(name)  HANDLER(do_##name, WATCH(); LAST_LOAD(name, M)) FORWARDED_HANDLER(name, LAST_LOAD)
#define HANDLE_STORE(name) HANDLER(do_##name, WATCH(); LAST_STORE(name, M)) FORWARDED_HANDLER(name, LAST_STORE)
#define HANDLE_BRANCH(name) \
  HANDLER(do_##name, \
    WATCH(); OPERANDS; RS1(M); RS2(M, rd); if (DO_##name) GO_TO(PC + (uint32_t)op->imm); op++; ENTER_RUN(); \
  ) \
  HANDLER(near_##name, WATCH(); LAST_BRANCH(name, M)) FORWARDED_HANDLER(name, LAST_BRANCH)
#define HANDLE_JUMP(name) \
  HANDLER(do_##name, \
    WATCH(); const uint32_t pc = PC; uint32_t rd; DO_##name; x[op->rd] = rd; GO_TO(pc + (uint32_t)op->imm); \
  ) \
  HANDLER(near_##name, WATCH(); LAST_JUMP(name, M))
/* Fused sequences. SHAPE_name, from fused.def, is the shape that pg32.def gives the instruction. */
#define PASTE(a, b) a##b
#define STEP_SHAPED(shape, name, form, next) PASTE(STEP_, shape)(name, form, next)
#define LAST_SHAPED(shape, name, form) PASTE(LAST_, shape)(name, form)
#define STEP(n, form, name, next) { enum { at = n }; STEP_SHAPED(SHAPE_##name, name, form, next) }
#define LAST(n, form, name) { enum { at = n }; LAST_SHAPED(SHAPE_##name, name, form) }
#define HANDLE_FUSED2(f, a, g, b) HANDLER(fused_##f##_##a##_##g##_##b, STEP(0, f, a, g) LAST(1, g, b))
#define HANDLE_FUSED3(f, a, g, b, h, c) \
  HANDLER(fused_##f##_##a##_##g##_##b##_##h##_##c, STEP(0, f, a, g) STEP(1, g, b, h) LAST(2, h, c))
#define HANDLE_FUSED4(f, a, g, b, h, c, i, d) \
  HANDLER(fused_##f##_##a##_##g##_##b##_##h##_##c##_##i##_##d, \
    STEP(0, f, a, g) STEP(1, g, b, h) STEP(2, h, c, i) LAST(3, i, d) \
  )
#define HANDLE_MARK(name) \
  HANDLER(do_##name, \
    WATCH(); OPERANDS; RS1(M); RS2(M, rd); IMM; (void)rs1, (void)rs2, (void)imm; DO_##name; NEXT(); \
  )
#define HANDLE_INNOCUOUS(name, shape) HANDLE_##shape(name)
#define HANDLE_TRAPPING(name, shape) \
  HANDLER(do_##name, \
    WATCH(); SYNC(); HOLD(); const uint32_t badinst = WORD; \
    RETIRE(); machine_cpu_trap(m, DO_##name, 0, badinst); \
  )
#define HANDLE_PRIVILEGED(name, shape) \
  HANDLER(do_##name, \
    WATCH(); SYNC(); OPERANDS; RS1(M); RS2(M, rd); IMM; (void)rs1, (void)rs2, (void)imm; \
    if (UNLIKELY(cpu_privileged_traps(m, PG32_##name))) FAULT(CAUSE_PRIVILEGED, 0); \
    if (UNLIKELY(cpu_ignores(m, PG32_##name))) { RETIRE(); return; } \
    DO_##name; \
  )
#define HANDLE_NONE(name)  HANDLER(do_##name, WATCH(); DO_##name; NEXT();)
/* The slow paths do the instruction from its beginning. */
#define SLOW_LOAD(type) \
  HANDLER(load_##type, \
    const uint32_t address = x[op->rs1] + (uint32_t)op->imm; \
    SYNC(); \
    const struct loaded l = engine_load(m, op->rs1, address, sizeof(type)); \
    if (l.failed) FAULT(l.failed, address); \
    x[op->rd] = forward = (uint32_t)(type)l.value; \
    if (MUST_LEAVE()) { RETIRE(); return; } \
    NEXT(); \
  )
#define SLOW_STORE(type) \
  HANDLER(store_##type, \
    const uint32_t address = x[op->rs1] + (uint32_t)op->imm; \
    SYNC(); \
    const uint32_t failed = machine_mem_store(m, op->rs1, address, sizeof(type), x[op->rd]); \
    if (failed) FAULT(failed, address); \
    RETIRE(); \
  )
#if TRACED
#define FORWARDED_ENTRY(name)
#else
#define FORWARDED_ENTRY(name) [OP_FORWARD + PG32_##name] = forwarded_##name,
#endif
#define EXTRA_JUMP(name) [OP_NEAR + PG32_##name] = near_##name,
#define EXTRA_BRANCH(name) EXTRA_JUMP(name) FORWARDED_ENTRY(name)
#define EXTRA_RRR(name) FORWARDED_ENTRY(name)
#define EXTRA_RRI(name) FORWARDED_ENTRY(name)
#define EXTRA_SHIFT(name) FORWARDED_ENTRY(name)
#define EXTRA_LOAD(name) FORWARDED_ENTRY(name)
#define EXTRA_STORE(name) FORWARDED_ENTRY(name)
#define EXTRA_RD(name)
#define EXTRA_RS(name)
#define EXTRA_RST(name)
#define EXTRA_NONE(name)
#define EXTRA_SCOPE(name)
#define EXTRA_MARK(name)
#define EXTRA_UPPER(name)
/* clang-format on */

/* ---- where no instruction is executed ---- */

/* The run at op is longer than what was left of the budget. */
static void truncate_run(STATE) {
  const uint32_t index = (uint32_t)(op - m->ops);
  left += op->run;
  if (left == 0) {
    m->pc = PC;
    settle(m, m->run, 0);
    return;
  }
  machine_code_truncate(m, m->code, index, (uint32_t)left);
  m->ops = m->scratch->op;
  op = &m->ops[index];
  left = 0;
  word = op_word(op);
  GO(m->handlers[op->jumped_to]);
}

/* The end of a run that was cut short. */
static void stop(STATE) { SYNC(); }

/* The host TLB has no entry for the address. An interrupt or a limit comes before a fetch fault. */
static void fetch(STATE) {
  m->pc = forward;
  settle(m, m->run, left);
  struct code *code = left == 0 ? NULL : engine_fetch(m);
  if (!code) return;
  COME_TO(code, forward);
  ENTER_RUN();
}

/* Never decoded, or stale: takes back what was paid for the rest of the run. */
static void decode(STATE) {
  const uint32_t index = (uint32_t)(op - m->ops);
  left += op->run;
  machine_code_decode(m, m->code, index);
  m->ops = m->code->op;
  op = &m->ops[index];
  ENTER_RUN();
}

static void page_end(STATE) { GO_TO(m->page + PAGE_SIZE); }

static void illegal(STATE) {
  WATCH();
  SYNC();
  FAULT(CAUSE_ILLEGAL, 0);
}

/* On from the instruction boundary at m->pc. */
static void enter(STATE) { GO_TO(m->pc); }

/* ---- the handlers ---- */

SLOW_LOAD(uint32_t)
SLOW_LOAD(uint16_t)
SLOW_LOAD(uint8_t)
SLOW_LOAD(int16_t)
SLOW_LOAD(int8_t)
SLOW_STORE(uint32_t)
SLOW_STORE(uint16_t)
SLOW_STORE(uint8_t)

#define PG32_INSN(name, opcode, shape, class, meaning) HANDLE_##class(name, shape)
#include "isa/pg32.def"
#if !TRACED
#define FUSED2 HANDLE_FUSED2
#define FUSED3 HANDLE_FUSED3
#define FUSED4 HANDLE_FUSED4
#include "fused.def"
#endif

handler *const HANDLERS[OP_HANDLERS] = {
#define PG32_INSN(name, opcode, shape, class, meaning) [PG32_##name] = do_##name, EXTRA_##shape(name)
#include "isa/pg32.def"
#if !TRACED
#define FUSED2(f, a, g, b) [OP2(f, a, g, b)] = fused_##f##_##a##_##g##_##b,
#define FUSED3(f, a, g, b, h, c) [OP3(f, a, g, b, h, c)] = fused_##f##_##a##_##g##_##b##_##h##_##c,
#define FUSED4(f, a, g, b, h, c, i, d) \
  [OP4(f, a, g, b, h, c, i, d)] = fused_##f##_##a##_##g##_##b##_##h##_##c##_##i##_##d,
#include "fused.def"
#endif
    [OP_ILLEGAL] = illegal,
    [OP_DECODE] = decode,
    [OP_PAGE_END] = page_end,
    [OP_STOP] = stop,
    [OP_ENTER] = enter};
