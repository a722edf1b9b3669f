/* engine_body.h - the body of the engine; engine.c includes it once for each copy.
 *
 * Before: ENGINE is the function's name, TRACED is 1 if an observer's `insn` and `step` should be called.
 *
 * Ops are threaded: each handler ends by jumping to the next op's. The instructions of a straight-line run
 * are paid for when it is entered (`left`), so that inside a run nothing is counted; at any op, exactly
 * left + op->run of the budget is unused. A run longer than what is left is copied, cut and run from
 * the scratch page. Whatever may change STATUS, the TLB's reach, pending interrupts or code ends at
 * `boundary`, where the machine is looked at afresh; there the other copy takes over if the observer now
 * wants it.
 *
 * What an op writes to a register stays in `forward` as well, from where the next op may take it: through
 * memory it would come some cycles later. An op that is jumped to has another handler, which does not. */

#define PC (page + 4 * (uint32_t)(op - ops))
#define WORD ram_word(m, code->page + (PC & ~PAGE_MASK))
/* Makes m->pc, tick and timer exact, as of before the present instruction. May be repeated. */
#define SYNC() (m->pc = PC, settle(m, run, left + op->run))
/* After SYNC: the present instruction retires. */
#define RETIRE() (m->pc += 4, settle(m, run, left + op->run - 1))
/* clang-format off */
#define NEXT() do { op++; goto *table[op->go]; } while (0)
#define ENTER()                                  \
  do {                                           \
    left -= op->run;                             \
    if (UNLIKELY(left < 0)) goto truncate;       \
    goto *table[op->enter];                      \
  } while (0)
/* clang-format on */
/* Goes to the target of a near branch or jump. */
#define NEAR()                                        \
  do {                                                \
    op = (struct op *)(void *)((char *)op + op->imm); \
    ENTER();                                          \
  } while (0)
/* Goes to any address; the present instruction has been executed. */
#define GO(address_)                                                   \
  do {                                                                 \
    target = (address_);                                               \
    const struct host_entry *e_ = host_entry(&m->fetch[bank], target); \
    if (UNLIKELY(!host_knows(e_, context + target, 4))) goto fetch;    \
    code = e_->code;                                                   \
    ops = code->op;                                                    \
    page = target & PAGE_MASK;                                         \
    op = &ops[(target & ~PAGE_MASK) / 4];                              \
    ENTER();                                                           \
  } while (0)
#define FAULT(cause_, badva_)           \
  do {                                  \
    cause = (cause_), badva = (badva_); \
    goto fault;                         \
  } while (0)
#define STOP_WANTED() atomic_load_explicit(&m->stop, memory_order_relaxed)
/* An observer has stopped the machine or changed the observer. */
#define WANTED_ELSEWHERE() (STOP_WANTED() || run->traced != m->traced)
#define WATCH()                                             \
  do {                                                      \
    if (TRACED && (m->observer.insn || m->observer.step)) { \
      SYNC();                                               \
      if (STOP_WANTED()) goto boundary;                     \
      if (watch(m, WORD)) goto boundary;                    \
    }                                                       \
  } while (0)
/* After SYNC, before a trap or rfe. */
#define HOLD() \
  if (cpu_held(m)) goto boundary

/* ---- what insns.h says in capitals ---- */
/* The host TLB's entry of `address`, first where the op found one before: that does not wait for the address.
 * What the host TLB does not know is done at `missed`, with op at the instruction. */
#define ENTRY(way) ((const struct host_entry *)(const void *)((const char *)m + (way)))
#define FIND(which, type, missed)                                                         \
  size_t way = op[at].way;                                                                \
  if (UNLIKELY(!host_knows(ENTRY(way), context + address, sizeof(type)))) {               \
    way = (size_t)((const char *)host_entry(&m->which[bank], address) - (const char *)m); \
    if (!host_knows(ENTRY(way), context + address, sizeof(type))) {                       \
      op += at;                                                                           \
      missed;                                                                             \
    }                                                                                     \
    op[at].way = (uint32_t)way;                                                           \
  }
#define LOAD(type)                                                                       \
  FIND(load, type, if (unsaved) x[op->rs1] = rs1; goto load_##type)                      \
  type value;                                                                            \
  memcpy(&value, (const void *)((uintptr_t)address + ENTRY(way)->addend), sizeof value); \
  rd = (uint32_t)value
#define STORE(type)                    \
  FIND(store, type, goto store_##type) \
  const type value = (type)rs2;        \
  memcpy((void *)((uintptr_t)address + ENTRY(way)->addend), &value, sizeof value)
#define JUMP_REGISTER(to)               \
  const uint32_t to_ = (to);            \
  op += at;                             \
  if (UNLIKELY(to_ & 2)) {              \
    SYNC();                             \
    FAULT(CAUSE_FETCH_MISALIGNED, to_); \
  }                                     \
  x[op->rd] = PC + 4;                   \
  if ((to_ & PAGE_MASK) == page) {      \
    op = &ops[(to_ & ~PAGE_MASK) / 4];  \
    ENTER();                            \
  }                                     \
  GO(to_)
#define NOTHING (void)0
#define MARKED(kind, a, b)                            \
  if (UNLIKELY(m->observer.mark != NULL)) {           \
    SYNC();                                           \
    m->observer.mark(m->observer.arg, m, kind, a, b); \
    if (WANTED_ELSEWHERE()) {                         \
      RETIRE();                                       \
      goto boundary;                                  \
    }                                                 \
  }
/* Retires when there is nothing to wait for; otherwise time moves on and it is looked at again. */
#define WAIT()                          \
  if (machine_cpu_wait_ticks(m) == 0) { \
    m->waiting = false;                 \
    RETIRE();                           \
  } else if (idle(m, run))              \
  return run->exit

/* ---- forms: where an instruction's operands come from ----
 * M: from the registers in memory. F: rs1 is `forward`. S: rs2 is. O: as F, and what the instruction before
 * wrote is nowhere else, since this one overwrites it. The instruction is op[at]. */
/* clang-format off */
/* The op's first word, which is taken apart in registers: cheaper than a load for each part. */
#define OPERANDS uint64_t word_; memcpy(&word_, &op[at], sizeof word_)
#define FIELD_rs1 (uint8_t)word_
#define FIELD_rd (uint8_t)(word_ >> 8)
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
/* The result, before an instruction of form `next`. */
#define PUT(next) do { forward = rd; if (!UNSAVED_##next) x[FIELD_rd] = rd; } while (0)

/* ---- a handler for each shape ---- */
/* STEP: the instruction alone, and the form of the next. LAST: and on to the next handler. */
#define STEP_RRR(name, form, next) { OPERANDS; RS1(form); RS2(form, imm); uint32_t rd; DO_##name; PUT(next); }
#define STEP_RRI(name, form, next) { OPERANDS; RS1(form); IMM; uint32_t rd; DO_##name; PUT(next); }
#define STEP_SHIFT(name, form, next) STEP_RRI(name, form, next)
#define STEP_UPPER(name, form, next) { OPERANDS; const uint32_t pc = PC + 4 * at; IMM; (void)pc; uint32_t rd; DO_##name; PUT(next); }
#define STEP_LOAD(name, form, next) { \
    OPERANDS; const bool unsaved = UNSAVED_##form; (void)unsaved; \
    RS1(form); IMM; const uint64_t address = (uint32_t)(rs1 + imm); uint32_t rd; DO_##name; PUT(next); \
  }
#define STEP_STORE(name, form, next) { OPERANDS; RS1(form); RS2(form, rd); IMM; const uint64_t address = (uint32_t)(rs1 + imm); DO_##name; }
#define LAST_RRR(name, form) STEP_RRR(name, form, M) op += at; NEXT();
#define LAST_RRI(name, form) STEP_RRI(name, form, M) op += at; NEXT();
#define LAST_SHIFT(name, form) STEP_SHIFT(name, form, M) op += at; NEXT();
#define LAST_UPPER(name, form) STEP_UPPER(name, form, M) op += at; NEXT();
#define LAST_LOAD(name, form) STEP_LOAD(name, form, M) op += at; NEXT();
#define LAST_STORE(name, form) STEP_STORE(name, form, M) op += at; NEXT();
#define LAST_BRANCH(name, form) { OPERANDS; RS1(form); RS2(form, rd); op += at; if (DO_##name) NEAR(); op++; ENTER(); }
#define LAST_JUMP(name, form) { op += at; const uint32_t pc = PC; uint32_t rd; DO_##name; x[op->rd] = rd; NEAR(); }
#if TRACED
#define FORWARDED(name, last)
#else
#define FORWARDED(name, last) from_##name : { last(name, F) }
#endif
#define HANDLE_RRR(name)   do_##name : { WATCH(); LAST_RRR(name, M) } FORWARDED(name, LAST_RRR)
#define HANDLE_RRI(name)   do_##name : { WATCH(); LAST_RRI(name, M) } FORWARDED(name, LAST_RRI)
#define HANDLE_SHIFT(name) do_##name : { WATCH(); LAST_SHIFT(name, M) } FORWARDED(name, LAST_SHIFT)
#define HANDLE_UPPER(name) do_##name : { WATCH(); LAST_UPPER(name, M) }
#define HANDLE_LOAD(name)  do_##name : { WATCH(); LAST_LOAD(name, M) } FORWARDED(name, LAST_LOAD)
#define HANDLE_STORE(name) do_##name : { WATCH(); LAST_STORE(name, M) } FORWARDED(name, LAST_STORE)
#define HANDLE_BRANCH(name) \
  do_##name : { WATCH(); OPERANDS; RS1(M); RS2(M, rd); if (DO_##name) GO(PC + (uint32_t)op->imm); op++; ENTER(); } \
  near_##name : { WATCH(); LAST_BRANCH(name, M) } FORWARDED(name, LAST_BRANCH)
#define HANDLE_JUMP(name) \
  do_##name : { WATCH(); const uint32_t pc = PC; uint32_t rd; DO_##name; x[op->rd] = rd; GO(pc + (uint32_t)op->imm); } \
  near_##name : { WATCH(); LAST_JUMP(name, M) }
/* Sequences, whose instructions' shapes are looked up by name. */
#define PASTE(a, b) a##b
#define STEP_SHAPED(shape, name, form, next) PASTE(STEP_, shape)(name, form, next)
#define LAST_SHAPED(shape, name, form) PASTE(LAST_, shape)(name, form)
#define STEP(n, form, name, next) { enum { at = n }; STEP_SHAPED(SHAPE_##name, name, form, next) }
#define LAST(n, form, name) { enum { at = n }; LAST_SHAPED(SHAPE_##name, name, form) }
#define HANDLE_FUSED2(f, a, g, b) fused_##f##_##a##_##g##_##b : { STEP(0, f, a, g) LAST(1, g, b) }
#define HANDLE_FUSED3(f, a, g, b, h, c) \
  fused_##f##_##a##_##g##_##b##_##h##_##c : { STEP(0, f, a, g) STEP(1, g, b, h) LAST(2, h, c) }
#define HANDLE_FUSED4(f, a, g, b, h, c, i, d) \
  fused_##f##_##a##_##g##_##b##_##h##_##c##_##i##_##d : { \
    STEP(0, f, a, g) STEP(1, g, b, h) STEP(2, h, c, i) LAST(3, i, d) \
  }
#define HANDLE_MARK(name)  do_##name : { WATCH(); OPERANDS; RS1(M); RS2(M, rd); IMM; (void)rs1, (void)rs2, (void)imm; DO_##name; NEXT(); }
#define HANDLE_INNOCUOUS(name, shape) HANDLE_##shape(name)
#define HANDLE_TRAPPING(name, shape) \
  do_##name : { \
    WATCH(); SYNC(); HOLD(); const uint32_t word = WORD; \
    RETIRE(); machine_cpu_trap(m, DO_##name, 0, word); goto boundary; \
  }
#define HANDLE_PRIVILEGED(name, shape) \
  do_##name : { \
    WATCH(); SYNC(); OPERANDS; RS1(M); RS2(M, rd); IMM; (void)rs1, (void)rs2, (void)imm; \
    if (UNLIKELY(cpu_privileged_traps(m, PG32_##name))) FAULT(CAUSE_PRIVILEGED, 0); \
    DO_##name; goto boundary; \
  }
#define HANDLE_NONE(name)  do_##name : { WATCH(); DO_##name; NEXT(); }
/* What LOAD and STORE leave: the instruction from its beginning. */
#define MISSED_LOAD(type) \
  load_##type : { \
    uint32_t value; \
    const uint32_t address = x[op->rs1] + (uint32_t)op->imm; \
    SYNC(); \
    const uint32_t failed = machine_mem_load(m, address, sizeof(type), &value); \
    if (failed) FAULT(failed, address); \
    x[op->rd] = forward = (uint32_t)(type)value; \
    if (WANTED_ELSEWHERE()) { RETIRE(); goto boundary; } \
    NEXT(); \
  }
#define MISSED_STORE(type) \
  store_##type : { \
    const uint32_t address = x[op->rs1] + (uint32_t)op->imm; \
    SYNC(); \
    const uint32_t failed = machine_mem_store(m, address, sizeof(type), x[op->rd]); \
    if (failed) FAULT(failed, address); \
    RETIRE(); \
    goto boundary; \
  }
/* The handlers that an instruction of a shape has beside its own. */
#if TRACED
#define FORWARDS(name)
#else
#define FORWARDS(name) [OP_FORWARD + PG32_##name] = &&from_##name,
#endif
#define BESIDE_JUMP(name) [OP_NEAR + PG32_##name] = &&near_##name,
#define BESIDE_BRANCH(name) BESIDE_JUMP(name) FORWARDS(name)
#define BESIDE_RRR(name) FORWARDS(name)
#define BESIDE_RRI(name) FORWARDS(name)
#define BESIDE_SHIFT(name) FORWARDS(name)
#define BESIDE_LOAD(name) FORWARDS(name)
#define BESIDE_STORE(name) FORWARDS(name)
#define BESIDE_RD(name)
#define BESIDE_RS(name)
#define BESIDE_RST(name)
#define BESIDE_NONE(name)
#define BESIDE_SCOPE(name)
#define BESIDE_MARK(name)
#define BESIDE_UPPER(name)
/* clang-format on */

static enum machine_exit ENGINE(struct machine *m, struct run *run) {
  static const void *const handlers[OP_HANDLERS] = {
#define PG32_INSN(name, opcode, shape, class, meaning) [PG32_##name] = &&do_##name, BESIDE_##shape(name)
#include "isa/pg32.def"
#if !TRACED
#define FUSED2(f, a, g, b) [OP2(f, a, g, b)] = &&fused_##f##_##a##_##g##_##b,
#define FUSED3(f, a, g, b, h, c) [OP3(f, a, g, b, h, c)] = &&fused_##f##_##a##_##g##_##b##_##h##_##c,
#define FUSED4(f, a, g, b, h, c, i, d) \
  [OP4(f, a, g, b, h, c, i, d)] = &&fused_##f##_##a##_##g##_##b##_##h##_##c##_##i##_##d,
#include "fused.def"
#endif
    [OP_ILLEGAL] = &&illegal,
    [OP_DECODE] = &&decode,
    [OP_PAGE_END] = &&page_end,
    [OP_STOP] = &&stop
  };
  enum { at = 0 }; /* of an instruction that goes alone */
  uint32_t *const x = m->x;
  struct code *code;
  struct op *ops, *op;
  uint32_t page, bank, target, cause, badva, forward = 0;
  uint64_t context; /* in the high half */
  int64_t left;

  if (m->handlers != handlers) {
    machine_code_drop_all(m);
    m->handlers = handlers;
  }
  const void *const *const table = m->handlers; /* in a register */

boundary:
  if (look(m, run)) return run->exit;
  if (UNLIKELY(run->traced != m->traced)) return run->exit;
  left = run->budget;
  context = (uint64_t)context_of(m->status) << 32;
  bank = host_bank(context_of(m->status));
  GO(m->pc);

fetch: /* the host TLB does not know `target` */
  m->pc = target;
  settle(m, run, left);
  if (left == 0) goto boundary; /* whatever it waits for goes before a fetch fault */
  cause = machine_code_fetch(m, target, &code);
  if (cause) {
    HOLD();
    machine_cpu_trap(m, cause, target, 0);
    goto boundary;
  }
  ops = code->op;
  page = target & PAGE_MASK;
  op = &ops[(target & ~PAGE_MASK) / 4];
  ENTER();

truncate: /* the run at op is longer than what was left */
  left += op->run;
  if (left == 0) {
    m->pc = PC;
    settle(m, run, 0);
    goto boundary;
  }
  machine_code_truncate(m, code, (uint32_t)(op - ops), (uint32_t)left);
  op = &m->scratch->op[op - ops];
  ops = m->scratch->op;
  left = 0;
  goto *table[op->enter];

stop: /* the end of a run that was cut */
  SYNC();
  goto boundary;

decode: /* never decoded, or stored to since: what was paid for the rest of the run comes back */
  left += op->run;
  machine_code_decode(m, code, (uint32_t)(op - ops));
  op = &code->op[op - ops];
  ops = code->op;
  ENTER();

page_end:
  GO(page + PAGE_SIZE);

illegal:
  WATCH();
  SYNC();
  FAULT(CAUSE_ILLEGAL, 0);

fault: /* after SYNC: the present instruction does not retire */
  HOLD();
  machine_cpu_trap(m, cause, badva, WORD);
  goto boundary;

  MISSED_LOAD(uint32_t)
  MISSED_LOAD(uint16_t)
  MISSED_LOAD(uint8_t)
  MISSED_LOAD(int16_t)
  MISSED_LOAD(int8_t)
  MISSED_STORE(uint32_t)
  MISSED_STORE(uint16_t)
  MISSED_STORE(uint8_t)

#define PG32_INSN(name, opcode, shape, class, meaning) HANDLE_##class(name, shape)
#include "isa/pg32.def"
#if !TRACED
#define FUSED2 HANDLE_FUSED2
#define FUSED3 HANDLE_FUSED3
#define FUSED4 HANDLE_FUSED4
#include "fused.def"
#endif
}

#undef PC
#undef WORD
#undef SYNC
#undef RETIRE
#undef NEXT
#undef ENTER
#undef NEAR
#undef GO
#undef FAULT
#undef STOP_WANTED
#undef WANTED_ELSEWHERE
#undef WATCH
#undef HOLD
#undef ENTRY
#undef FIND
#undef LOAD
#undef STORE
#undef JUMP_REGISTER
#undef NOTHING
#undef MARKED
#undef WAIT
#undef FORWARDED
#undef FORWARDS
#undef RS1
#undef RS2
#undef IMM
