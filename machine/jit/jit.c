/* jit.c - runs translated code, and is called by it for what it does not do itself (helpers.h).
 *
 * The semantics of instructions are elsewhere: privileged and trapping instructions are the bodies of
 * insns.h, loads and stores that the flat tables do not know are bus.c's, and what has no emitter is the
 * interpreter's.
 *
 * Requires of each helper: before anything of the machine is read or changed, synchronize() makes m->pc,
 * m->tick and m->timer exact. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/interp/insns.h"
#include "jit.h"
#include "machine/interp/code.h"
#include "machine/core/tlb.h"

bool jit_new(struct machine *m, bool gives_way) {
  if (!JIT_HOST) {
    errno = ENOTSUP;
    return false;
  }
  m->jit = calloc(1, sizeof *m->jit);
  if (m->jit && jit_tables_new(&m->jit->tables) && jit_cache_new(m)) {
    m->jit->choice.gives_way = gives_way;
    return true;
  }
  const int why = errno == ENOMEM ? ENOMEM : ENOTSUP; /* for example, no memory that may be executed */
  jit_free(m);
  errno = why;
  return false;
}

void jit_free(struct machine *m) {
  if (!m->jit) return;
  jit_tables_free(&m->jit->tables);
  jit_cache_free(m);
  free(m->jit);
  m->jit = NULL;
}

bool jit_gives_way(const struct jit *j) { return j->choice.gives_way; }

void jit_request_exit(struct jit *j) { j->exit_requested = true; }

/* ---- running ---- */

static struct jit_page *page_here(struct machine *m) {
  struct jit_page *page = jit_known_page(m, m->pc);
  return LIKELY(page != NULL) ? page : jit_page_at(m, m->pc);
}

/* Host code for m->pc, after translating it if it has become hot; NULL if the interpreter must execute what
 * is there. */
static const void *find_code(struct machine *m, int64_t budget) {
  struct jit *j = m->jit;
  if (j->interpret || budget < JIT_TRACE_MAX || m->pc & 3) return NULL;
  m->table = jit_table(j, m->status);
  struct jit_page *page = page_here(m);
  if (!page) return NULL;
  const uint32_t i = jit_word_index(m->pc);
  if (page->entry[i] != j->untranslated) return page->entry[i];
  if (j->choice.frugal) return NULL;
  if (page->hotness[i] < JIT_THRESHOLD) {
    jit_started(j, 1);
    if (++page->hotness[i] < JIT_THRESHOLD) return NULL;
  }
  return jit_translate(m, page, m->pc);
}

/* How many instructions the interpreter executes before find_code is asked again: one straight run, so that
 * hotness is counted where blocks should begin. */
static int64_t run_length(const struct machine *m, int64_t budget) {
  uint32_t pa;
  const uint32_t asid = status_asid(m->status);
  if (budget < JIT_TRACE_MAX) return budget;
  if (m->pc & 3 || machine_translate(m, m->pc, ACCESS_FETCH, m->status & ST_T, asid, &pa) ||
      pa >= m->ram_bytes)
    return 1;
  const struct code *code = m->pages[pa >> PAGE_SHIFT].code;
  const uint32_t run = code ? code->op[jit_word_index(pa)].run : 0;
  return run ? least(budget, run) : 1;
}

/* Translated code does traps and rfe by itself if no observer sees them or may refuse them, steps are not
 * counted one by one, and a store into low core has no side effects, nor do they nest (CPU_NEST): then m->low_core is RAM. A function that
 * ends one of these conditions sets m->low_core to NULL. */
static void update_low_core(struct machine *m) {
  const struct machine_observer *o = &m->observer;
  const bool unobserved =
      !cpu_nest(m) && !o->trap && !o->rfe && !o->before_trap && m->jit->run->last_step == NEVER;
  m->low_core = unobserved && m->pages[0].written && may_store_directly(m, 0) ? m->ram : NULL;
}

/* The interpreter has executed n instructions from pc on, beginning at `tick`. If the last one was a jalr,
 * notes where that went. */
static void profile_jump(struct machine *m, uint32_t pc, int64_t n, uint64_t tick) {
  const uint32_t last = pc + 4 * ((uint32_t)n - 1);
  m->table = jit_table(m->jit, m->status);
  const struct jit_page *page = n <= PAGE_WORDS ? jit_known_page(m, last) : NULL;
  if (!page || m->tick != tick + (uint64_t)n) return;
  const struct pg32_insn i = pg32_decode(ram_word(m, page->page | (last & ~PAGE_MASK)));
  if (i.id != PG32_jalr || jit_is_return(&i)) return;
  struct jit_target_profile *p = jit_target_profile(m->jit, last);
  if (p->pc != last) *p = (struct jit_target_profile){.pc = last};
  if (p->samples++ == 0) p->target = m->pc;
  if (p->target != m->pc) p->target = 0;
  if (p->samples == UINT8_MAX) p->samples--;
}

static void interpret(struct machine *m, struct run *run) {
  const int64_t n = m->jit->interpret ? 1 : run_length(m, run->budget);
  const uint32_t pc = m->pc;
  const uint64_t tick = m->tick;
  engine_slice(m, run, n);
  profile_jump(m, pc, n, tick);
  m->jit->interpret = false;
}

void jit_run(struct machine *m, struct run *run) {
  struct jit *j = m->jit;
  j->run = run;
  j->interpret = false;
  jit_choice_pause(&j->choice);
  while (!run->done && !at_boundary(m, run) && run->traced == m->traced) {
    if (UNLIKELY(jit_must_choose(j) || jit_period_is_long(&j->choice, steps(m)))) {
      jit_choose(m, run);
      continue;
    }
    jit_worked(j, 1);
    const void *code = find_code(m, run->budget);
    if (code) {
      update_low_core(m);
      j->prologue(m, run->budget - JIT_TRACE_MAX, code);
    } else {
      interpret(m, run);
    }
  }
  jit_choice_pause(&j->choice);
}

/* ---- where translated code continues after a helper ---- */

static const struct jit_continuation after_call = {NULL, 0};

/* Back to jit_run. */
static inline struct jit_continuation leave(const struct machine *m) {
  return (struct jit_continuation){m->jit->epilogue, 0};
}

/* At m->pc, if there is a block. */
static inline struct jit_continuation at_block(const struct machine *m, const struct jit_page *page,
                                               int64_t budget) {
  const void *code = page->entry[jit_word_index(m->pc)];
  return code == m->jit->untranslated ? leave(m) : (struct jit_continuation){code, budget};
}

/* m->pc cannot be fetched from: takes the trap. False if traps are observed, so that the trap needs more
 * care. */
static bool take_fetch_fault(struct machine *m) {
  uint32_t pa;
  const uint32_t asid = status_asid(m->status);
  const uint32_t cause = machine_translate(m, m->pc, ACCESS_FETCH, m->status & ST_T, asid, &pa);
  if (!cause || !m->low_core) return false;
  cpu_fault_alone(m, cause, m->pc, 0);
  return m->halt == RUNNING;
}

/* At m->pc. The machine is synchronized, and no interrupt is due. */
static __attribute__((noinline)) struct jit_continuation go_on(struct machine *m) {
  struct jit *j = m->jit;
  const struct jit_page *page;
  if (j->run->budget < JIT_TRACE_MAX || jit_must_choose(j)) return leave(m);
  do {
    if (m->pc & 3) return leave(m);
    m->table = jit_table(j, m->status);
    page = page_here(m);
  } while (!page && take_fetch_fault(m));
  return page ? at_block(m, page, j->run->budget - JIT_TRACE_MAX) : leave(m);
}

/* The same after a trap, quickly: the context is the untranslated one, and in most cases the handler has been
 * translated. */
static inline struct jit_continuation go_to_vector(struct machine *m) {
  struct jit *j = m->jit;
  m->table = j->tables.table[0];
  const struct jit_page *page = jit_known_page(m, m->pc);
  if (UNLIKELY(!page || m->pc & 3 || j->run->budget < JIT_TRACE_MAX || m->halt != RUNNING ||
               jit_must_choose(j)))
    return m->halt == RUNNING ? go_on(m) : leave(m);
  return at_block(m, page, j->run->budget - JIT_TRACE_MAX);
}

static bool must_leave(const struct machine *m) {
  return atomic_load_explicit(&m->stop, memory_order_relaxed) || m->jit->run->traced != m->traced;
}

/* Where an interrupt may be due. */
static struct jit_continuation at_boundary_or_on(struct machine *m) {
  struct run *run = m->jit->run;
  return at_boundary(m, run) || run->traced != m->traced ? leave(m) : go_on(m);
}

/* After a trap. It has disabled interrupts, so that the present budget is still right. */
static struct jit_continuation after_trap(struct machine *m) {
  return m->halt != RUNNING || must_leave(m) ? leave(m) : go_on(m);
}

/* After an instruction that changes neither mode nor interrupts: after the call, if the block is still
 * there. */
static struct jit_continuation after_system(struct machine *m) {
  if (!must_leave(m) && !m->jit->exit_requested && jit_known_page(m, m->pc)) return after_call;
  return at_boundary_or_on(m);
}

/* ---- instructions ---- */

/* Makes m->pc, m->tick and m->timer those of the instruction at pc. */
static void synchronize(struct machine *m, int64_t budget, uint32_t pc, uint32_t uncharged) {
  m->pc = pc;
  jit_worked(m->jit, 1);
  settle(m, m->jit->run, budget + JIT_TRACE_MAX - uncharged);
}

static void retire(struct machine *m) {
  m->pc += 4;
  settle(m, m->jit->run, m->jit->run->budget - 1);
}

/* The word at m->pc, which is being executed and so can be fetched. */
static uint32_t present_word(const struct machine *m) {
  const struct jit_page *page = jit_known_page(m, m->pc);
  uint32_t pa;
  if (page) return ram_word(m, page->page | (m->pc & ~PAGE_MASK));
  machine_translate(m, m->pc, ACCESS_FETCH, m->status & ST_T, status_asid(m->status), &pa);
  return ram_word(m, pa);
}

static struct jit_continuation take_fault(struct machine *m, uint32_t cause, uint32_t badva) {
  if (LIKELY(m->low_core != NULL)) {
    cpu_fault_alone(m, cause, badva, present_word(m));
    return go_to_vector(m);
  }
  if (!cpu_held(m)) machine_cpu_trap(m, cause, badva, present_word(m));
  return m->jit->run->last_step == NEVER ? after_trap(m) : at_boundary_or_on(m);
}

/* ---- helpers: system instructions ---- */

/* What the bodies of insns.h need. */
#define RETIRE() retire(m)
#define HOLD() \
  if (cpu_held(m)) break
#define WAIT()              \
  m->jit->interpret = true; \
  return leave(m)
#define NOTHING (void)0
#define MARKED(kind, a, b)                                                \
  if (m->observer.mark) m->observer.mark(m->observer.arg, m, kind, a, b); \
  RETIRE()
#define EXECUTE_INNOCUOUS(name, opcode)
#define EXECUTE_TRAPPING(name, opcode)                         \
  case PG32_##name:                                            \
    HOLD();                                                    \
    RETIRE();                                                  \
    machine_cpu_trap(m, DO_##name, 0, (uint32_t)opcode << 25); \
    break;
#define EXECUTE_PRIVILEGED(name, opcode)                                                           \
  case PG32_##name:                                                                                \
    if (UNLIKELY(cpu_privileged_traps(m, PG32_##name))) return take_fault(m, CAUSE_PRIVILEGED, 0); \
    if (UNLIKELY(cpu_ignores(m, PG32_##name))) return RETIRE(), at_boundary_or_on(m);              \
    DO_##name;                                                                                     \
    break;

struct jit_continuation jit_helper_system(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                          uint32_t imm) {
  uint32_t *const x = m->x;
  const struct {
    uint8_t rd, rs1;
  } op[1] = {{(uint8_t)jit_packed_a(packed), (uint8_t)jit_packed_rs1(packed)}};
  const uint32_t rs1 = x[op->rs1], rs2 = x[op->rd];
  const enum pg32_id id = jit_packed_id(packed);
  m->jit->exit_requested = false;
  synchronize(m, budget, pc, jit_packed_uncharged(packed));
  switch (id) {
  case PG32_mark: MARKED(imm, rs1, rs2); break;
#define PG32_INSN(name, opcode, shape, class, meaning) EXECUTE_##class(name, opcode)
#include "isa/pg32.def"
  default: m->jit->interpret = true; return leave(m);
  }
  if (jit_returns(id)) return after_system(m);
  update_low_core(m);
  return m->status & ST_IE ? at_boundary_or_on(m) : after_trap(m);
}

/* After a change of the TLB. The block may have lost its own page, but only in a translated context. */
static inline struct jit_continuation after_tlb_change(struct machine *m, int64_t budget, uint32_t pc,
                                                       uint32_t packed) {
  if (LIKELY(!(m->status & ST_T) || jit_known_page(m, pc))) return after_call;
  synchronize(m, budget, pc, jit_packed_uncharged(packed));
  retire(m);
  return at_boundary_or_on(m);
}

/* tlbw and tlbi of insns.h, where neither mode nor observer matters. */
struct jit_continuation jit_helper_tlbw(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                        uint32_t imm) {
  if (UNLIKELY(m->status & ST_U || m->observer.tlbw)) return jit_helper_system(m, budget, pc, packed, imm);
  machine_tlb_write(m, m->x[jit_packed_rs1(packed)], m->x[jit_packed_a(packed)]);
  return after_tlb_change(m, budget, pc, packed);
}

struct jit_continuation jit_helper_tlbi(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                        uint32_t imm) {
  if (UNLIKELY(m->status & ST_U || m->observer.tlbi)) return jit_helper_system(m, budget, pc, packed, imm);
  machine_tlb_invalidate(m, m->x[jit_packed_rs1(packed)], imm);
  return after_tlb_change(m, budget, pc, packed);
}

/* ---- helpers: loads and stores ---- */

/* Is `id`, a load or a store, a load? One comparison less than jit_is_load, on the path of each TLB miss. */
static inline bool is_load(enum pg32_id id) { return id < PG32_sb; }

static uint32_t extended(enum pg32_id id, uint32_t value) {
  return id == PG32_lb ? (uint32_t)(int8_t)value : id == PG32_lh ? (uint32_t)(int16_t)value : value;
}

/* Any access, with the machine synchronized. */
static __attribute__((noinline)) struct jit_continuation access(struct machine *m, uint32_t packed,
                                                                uint32_t va) {
  const enum pg32_id id = jit_packed_id(packed);
  const uint32_t a = jit_packed_a(packed), base = jit_packed_rs1(packed), size = jit_access_bytes(id);
  uint32_t value;
  const uint64_t *table = m->table; /* which translated code has in a register */
  m->jit->exit_requested = false;
  if (UNLIKELY(m->prediction_to_review)) jit_review_prediction(m);
  const uint32_t cause = is_load(id) ? machine_mem_load(m, base, va, size, &value)
                                     : machine_mem_store(m, base, va, size, m->x[a]);
  if (cause) return take_fault(m, cause, va);
  if (is_load(id)) m->x[a] = extended(id, value);
  if (!must_leave(m) && !m->jit->exit_requested && m->table == table) return after_call;
  retire(m);
  return at_boundary_or_on(m);
}

/* An access that misses the TLB, where no observer need be told. */
static inline bool is_plain_miss(const struct machine *m, uint32_t va, uint32_t size) {
  const uint32_t hi = (va & TLB_VPN_MASK) | status_asid(m->status);
  return m->low_core && m->status & ST_T && !(va & (size - 1)) && tlb_find(m, hi) < 0;
}

/* TLB misses are most of what comes here, and have a quick path. */
struct jit_continuation jit_helper_access(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                          uint32_t va) {
  const enum pg32_id id = jit_packed_id(packed);
  synchronize(m, budget, pc, jit_packed_uncharged(packed));
  const struct jit_page *page = jit_known_page(m, pc);
  if (UNLIKELY(!page || m->prediction_to_review || !is_plain_miss(m, va, jit_access_bytes(id))))
    return access(m, packed, va);
  const uint32_t word = ram_word(m, page->page | (pc & ~PAGE_MASK));
  cpu_fault_alone(m, is_load(id) ? CAUSE_LOAD_MISS : CAUSE_STORE_MISS, va, word);
  return go_to_vector(m);
}

/* ---- helpers: jumps ---- */

struct jit_continuation jit_helper_link(struct machine *m, int64_t budget, uint32_t unused, uint32_t link) {
  (void)unused;
  synchronize(m, budget, m->jit->links[link].target, 0);
  if (budget < 0) return leave(m);
  struct jit_page *page = jit_known_page(m, m->pc);
  if (!page) return leave(m);
  jit_resolve_link(m, link, page);
  return at_block(m, page, budget);
}

struct jit_continuation jit_helper_indirect(struct machine *m, int64_t budget, uint32_t target,
                                            uint32_t unused) {
  (void)unused;
  synchronize(m, budget, target, 0);
  return go_on(m);
}

struct jit_continuation jit_helper_interpret(struct machine *m, int64_t budget, uint32_t pc,
                                             uint32_t packed) {
  synchronize(m, budget, pc, jit_packed_uncharged(packed));
  if (m->prediction_to_review) jit_review_prediction(m);
  m->jit->interpret = true;
  return leave(m);
}
