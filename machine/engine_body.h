/* engine_body.h - the body of the engine; engine.c includes it once for each copy.
 *
 * Before: ENGINE is the function's name, TRACED is 1 if an observer's `insn` and `step` should be called.
 *
 * Ops are threaded: each handler ends by jumping to the next op's. The instructions of a straight-line run
 * are paid for when it is entered (`left`), so that inside a run nothing is counted; at any op, exactly
 * left + op->run of the budget is unused. A run longer than what is left is copied, cut and run from
 * the scratch page. Whatever may change STATUS, the TLB's reach, pending interrupts or code ends at
 * `boundary`, where the machine is looked at afresh; there the other copy takes over if the observer now
 * wants it. */

#define PC (page + 4 * (uint32_t)(op - ops))
#define WORD ram_word(m, code->page + (PC & ~PAGE_MASK))
/* Makes m->pc, tick and timer exact, as of before the present instruction. May be repeated. */
#define SYNC() (m->pc = PC, settle(m, run, left + op->run))
/* After SYNC: the present instruction retires. */
#define RETIRE() (m->pc += 4, settle(m, run, left + op->run - 1))
/* clang-format off */
#define NEXT() do { op++; goto *op->go; } while (0)
#define ENTER()                                  \
  do {                                           \
    if (UNLIKELY(left < op->run)) goto truncate; \
    left -= op->run;                             \
    goto *op->go;                                \
  } while (0)
/* clang-format on */
/* Goes to the target of a near branch or jump. */
#define NEAR()                                                          \
  do {                                                                  \
    op = (const struct op *)(const void *)((const char *)op + op->imm); \
    ENTER();                                                            \
  } while (0)
/* Goes to any address; the present instruction has been executed. */
#define GO(address_)                                                      \
  do {                                                                    \
    target = (address_);                                                  \
    const struct host_entry *e_ = host_entry(&m->fetch[bank], target); \
    if (UNLIKELY(e_->tag != host_tag(target, context, 4))) goto fetch;    \
    code = e_->code;                                                      \
    ops = code->op;                                                       \
    page = target & PAGE_MASK;                                            \
    op = &ops[(target & ~PAGE_MASK) / 4];                                 \
    ENTER();                                                              \
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
/* What the host TLB does not know is done at load_TYPE and store_TYPE, with op at the instruction. */
#define LOAD(type)                                                                    \
  const struct host_entry *e = host_entry(load, address);                \
  if (UNLIKELY(e->tag != host_tag(address, context, sizeof(type)))) goto load_##type; \
  type value;                                                                         \
  memcpy(&value, (const void *)(address + e->addend), sizeof value);                  \
  x[op->rd] = (uint32_t)value
#define STORE(type)                                                                    \
  const struct host_entry *e = host_entry(store, address);                \
  if (UNLIKELY(e->tag != host_tag(address, context, sizeof(type)))) goto store_##type; \
  const type value = (type)rs2;                                                        \
  memcpy((void *)(address + e->addend), &value, sizeof value)
#define JUMP_REGISTER(to)                    \
  const uint32_t to_ = (to);                 \
  if (UNLIKELY(to_ & 2)) {                   \
    SYNC();                                  \
    FAULT(PG32_CAUSE_FETCH_MISALIGNED, to_); \
  }                                          \
  x[op->rd] = PC + 4;                        \
  if ((to_ & PAGE_MASK) == page) {           \
    op = &ops[(to_ & ~PAGE_MASK) / 4];       \
    ENTER();                                 \
  }                                          \
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
#define WAIT()                  \
  if (cpu_wait_ticks(m) == 0) { \
    m->waiting = false;         \
    RETIRE();                   \
  } else if (idle(m, run))      \
  return run->exit

/* ---- a handler for each shape ---- */
/* clang-format off */
#define RS1 const uint32_t rs1 = x[op->rs1]
#define RS2(from) const uint32_t rs2 = x[op->from]
#define IMM const uint32_t imm = (uint32_t)op->imm
/* STEP: the instruction alone. LAST: and on to the next handler. */
#define STEP_RRR(name) { RS1; RS2(imm); uint32_t rd; DO_##name; x[op->rd] = rd; }
#define STEP_RRI(name) { RS1; IMM; uint32_t rd; DO_##name; x[op->rd] = rd; }
#define STEP_SHIFT(name) STEP_RRI(name)
#define STEP_UPPER(name) { const uint32_t pc = PC; IMM; (void)pc; uint32_t rd; DO_##name; x[op->rd] = rd; }
#define STEP_LOAD(name) { RS1; IMM; const uint32_t address = rs1 + imm; DO_##name; }
#define STEP_STORE(name) { RS1; RS2(rd); IMM; const uint32_t address = rs1 + imm; DO_##name; }
#define LAST_RRR(name) STEP_RRR(name) NEXT();
#define LAST_RRI(name) STEP_RRI(name) NEXT();
#define LAST_SHIFT(name) STEP_SHIFT(name) NEXT();
#define LAST_UPPER(name) STEP_UPPER(name) NEXT();
#define LAST_LOAD(name) STEP_LOAD(name) NEXT();
#define LAST_STORE(name) STEP_STORE(name) NEXT();
#define LAST_BRANCH(name) { RS1; RS2(rd); if (DO_##name) NEAR(); op++; ENTER(); }
#define LAST_JUMP(name) { const uint32_t pc = PC; uint32_t rd; DO_##name; x[op->rd] = rd; NEAR(); }
#define HANDLE_RRR(name)   do_##name : { WATCH(); LAST_RRR(name) }
#define HANDLE_RRI(name)   do_##name : { WATCH(); LAST_RRI(name) }
#define HANDLE_SHIFT(name) do_##name : { WATCH(); LAST_SHIFT(name) }
#define HANDLE_UPPER(name) do_##name : { WATCH(); LAST_UPPER(name) }
#define HANDLE_LOAD(name)  do_##name : { WATCH(); LAST_LOAD(name) }
#define HANDLE_STORE(name) do_##name : { WATCH(); LAST_STORE(name) }
#define HANDLE_BRANCH(name) \
  do_##name : { WATCH(); RS1; RS2(rd); if (DO_##name) GO(PC + (uint32_t)op->imm); op++; ENTER(); } \
  near_##name : { WATCH(); LAST_BRANCH(name) }
#define HANDLE_JUMP(name) \
  do_##name : { WATCH(); const uint32_t pc = PC; uint32_t rd; DO_##name; x[op->rd] = rd; GO(pc + (uint32_t)op->imm); } \
  near_##name : { WATCH(); LAST_JUMP(name) }
/* Sequences, whose instructions' shapes are looked up by name. */
#define PASTE(a, b) a##b
#define WITH_SHAPE(what, shape, name) PASTE(what, shape)(name)
#define STEP(name) WITH_SHAPE(STEP_, SHAPE_##name, name) op++;
#define LAST(name) WITH_SHAPE(LAST_, SHAPE_##name, name)
#define HANDLE_FUSED2(a, b) fused_##a##_##b : { STEP(a) LAST(b) }
#define HANDLE_FUSED3(a, b, c) fused_##a##_##b##_##c : { STEP(a) STEP(b) LAST(c) }
#define HANDLE_MARK(name)  do_##name : { WATCH(); RS1; RS2(rd); IMM; (void)rs1, (void)rs2, (void)imm; DO_##name; NEXT(); }
#define HANDLE_INNOCUOUS(name, shape) HANDLE_##shape(name)
#define HANDLE_TRAPPING(name, shape) \
  do_##name : { \
    WATCH(); SYNC(); HOLD(); const uint32_t word = WORD; \
    RETIRE(); cpu_trap(m, DO_##name, 0, word); goto boundary; \
  }
#define HANDLE_PRIVILEGED(name, shape) \
  do_##name : { \
    WATCH(); SYNC(); RS1; RS2(rd); IMM; (void)rs1, (void)rs2, (void)imm; \
    if (UNLIKELY(cpu_privileged_traps(m, PG32_##name))) FAULT(PG32_CAUSE_PRIVILEGED, 0); \
    DO_##name; goto boundary; \
  }
#define HANDLE_NONE(name)  do_##name : { WATCH(); DO_##name; NEXT(); }
/* What LOAD and STORE leave: the instruction from its beginning. */
#define MISSED_LOAD(type) \
  load_##type : { \
    uint32_t value; \
    const uint32_t address = x[op->rs1] + (uint32_t)op->imm; \
    SYNC(); \
    const uint32_t failed = mem_load(m, address, sizeof(type), &value); \
    if (failed) FAULT(failed, address); \
    x[op->rd] = (uint32_t)(type)value; \
    if (WANTED_ELSEWHERE()) { RETIRE(); goto boundary; } \
    NEXT(); \
  }
#define MISSED_STORE(type) \
  store_##type : { \
    const uint32_t address = x[op->rs1] + (uint32_t)op->imm; \
    SYNC(); \
    const uint32_t failed = mem_store(m, address, sizeof(type), x[op->rd]); \
    if (failed) FAULT(failed, address); \
    RETIRE(); \
    goto boundary; \
  }
#define NEAR_BRANCH(name) [OP_NEAR + PG32_##name] = &&near_##name,
#define NEAR_JUMP(name) NEAR_BRANCH(name)
#define NEAR_RRR(name)
#define NEAR_RD(name)
#define NEAR_RS(name)
#define NEAR_RST(name)
#define NEAR_NONE(name)
#define NEAR_RRI(name)
#define NEAR_SHIFT(name)
#define NEAR_LOAD(name)
#define NEAR_STORE(name)
#define NEAR_SCOPE(name)
#define NEAR_MARK(name)
#define NEAR_UPPER(name)
/* clang-format on */

static enum machine_exit ENGINE(struct machine *m, struct run *run) {
  static const void *const handlers[OP_HANDLERS] = {
#define PG32_INSN(name, opcode, shape, class, meaning) [PG32_##name] = &&do_##name, NEAR_##shape(name)
#include "isa/pg32.def"
#if !TRACED
#define FUSED2(a, b) [OP_##a##_##b] = &&fused_##a##_##b,
#define FUSED3(a, b, c) [OP_##a##_##b##_##c] = &&fused_##a##_##b##_##c,
#include "fused.def"
#endif
    [OP_ILLEGAL] = &&illegal,
    [OP_DECODE] = &&decode,
    [OP_PAGE_END] = &&page_end,
    [OP_STOP] = &&stop
  };
  uint32_t *const x = m->x;
  struct code *code;
  const struct op *ops, *op;
  const struct host_entry *load, *store;
  uint32_t page, context, bank, target, cause, badva;
  int64_t left;

  if (m->handlers != handlers) {
    code_drop_all(m);
    m->handlers = handlers;
  }

boundary:
  if (look(m, run)) return run->exit;
  if (UNLIKELY(run->traced != m->traced)) return run->exit;
  left = run->budget;
  context = context_of(m->status);
  bank = host_bank(context);
  load = &m->load[bank];
  store = &m->store[bank];
  GO(m->pc);

fetch: /* the host TLB does not know `target` */
  m->pc = target;
  settle(m, run, left);
  if (left == 0) goto boundary; /* whatever it waits for goes before a fetch fault */
  cause = code_fetch(m, target, &code);
  if (cause) {
    HOLD();
    cpu_trap(m, cause, target, 0);
    goto boundary;
  }
  ops = code->op;
  page = target & PAGE_MASK;
  op = &ops[(target & ~PAGE_MASK) / 4];
  ENTER();

truncate: /* the run at op is longer than what is left */
  if (left == 0) {
    m->pc = PC;
    settle(m, run, 0);
    goto boundary;
  }
  code_truncate(m, code, (uint32_t)(op - ops), (uint32_t)left);
  op = &m->scratch->op[op - ops];
  ops = m->scratch->op;
  left = 0;
  goto * op->go;

stop: /* the end of a run that was cut */
  SYNC();
  goto boundary;

decode: /* never decoded, or stored to since: what was paid for the rest of the run comes back */
  left += op->run;
  code_decode(m, code, (uint32_t)(op - ops));
  op = &code->op[op - ops];
  ops = code->op;
  ENTER();

page_end:
  GO(page + PAGE_SIZE);

illegal:
  WATCH();
  SYNC();
  FAULT(PG32_CAUSE_ILLEGAL, 0);

fault: /* after SYNC: the present instruction does not retire */
  HOLD();
  cpu_trap(m, cause, badva, WORD);
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
#define FUSED2(a, b) HANDLE_FUSED2(a, b)
#define FUSED3(a, b, c) HANDLE_FUSED3(a, b, c)
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
#undef LOAD
#undef STORE
#undef JUMP_REGISTER
#undef NOTHING
#undef MARKED
#undef WAIT
#undef RS1
#undef RS2
#undef IMM
