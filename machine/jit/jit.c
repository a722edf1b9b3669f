/* jit.c - runs translated code, and is called by it for what it does not do itself.
 *
 * Semantics are not here: privileged and trapping instructions are the bodies of insns.h, loads and stores
 * that the tables do not know are bus.c's, and all else that has no emitter is left to the interpreter. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/interp/insns.h"
#include "jit.h"

bool jit_new(struct machine *m) {
  if (!JIT_HOST) {
    errno = ENOTSUP;
    return false;
  }
  m->jit = calloc(1, sizeof *m->jit);
  if (m->jit && jit_tables_new(&m->jit->tables) && jit_cache_new(m)) return true;
  const int why = errno == ENOMEM ? ENOMEM : ENOTSUP; /* no memory that may be executed, for one */
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

void jit_unsettle(struct jit *j) { j->changed = true; }

/* ---- running ---- */

static struct jit_page *page_here(struct machine *m) {
  struct jit_page *page = jit_known_page(m, m->pc);
  return LIKELY(page != NULL) ? page : jit_page_at(m, m->pc);
}

/* Host code for m->pc, or NULL if it is the interpreter's, this time. */
static const void *find_code(struct machine *m, int64_t budget) {
  struct jit *j = m->jit;
  if (j->interpret || budget < JIT_MOST || m->pc & 3) return NULL;
  m->table = jit_table(j, m->status);
  struct jit_page *page = page_here(m);
  if (!page) return NULL;
  const uint32_t i = m->pc % PAGE_SIZE / 4;
  if (page->entry[i] != j->cold) return page->entry[i];
  if (page->heat[i] < JIT_THRESHOLD && ++page->heat[i] < JIT_THRESHOLD) return NULL;
  return jit_translate(m, page, m->pc);
}

/* The length of the straight run at m->pc, as far as that is known; what is executed a run at a time is
 * counted at the places where blocks should begin. */
static int64_t run_length(const struct machine *m, int64_t budget) {
  uint32_t pa;
  const uint32_t asid = status_asid(m->status);
  if (budget < JIT_MOST) return budget;
  if (m->pc & 3 || machine_translate(m, m->pc, ACCESS_FETCH, m->status & ST_T, asid, &pa) ||
      pa >= m->ram_bytes)
    return 1;
  const struct code *code = m->pages[pa >> PAGE_SHIFT].code;
  const uint32_t run = code ? code->op[pa % PAGE_SIZE / 4].run : 0;
  return run ? least(budget, run) : 1;
}

/* Translated code does traps and rfe by itself where nobody is to be told of them or asked, steps are not
 * counted one by one, and a store into low core is that and no more. Whoever makes it otherwise, and so is
 * not asked here, sets m->low_core to NULL. */
static void look_at_low_core(struct machine *m) {
  const struct machine_observer *o = &m->observer;
  const bool alone = !o->trap && !o->rfe && !o->before_trap && m->jit->run->last_step == NEVER;
  m->low_core = alone && m->pages[0].written && may_store_directly(m, 0) ? m->ram : NULL;
}

/* The n instructions up to here were interpreted, from pc: where did the last one go, if it was a jalr? */
static void look_at_jump(struct machine *m, uint32_t pc, int64_t n, uint64_t tick) {
  const uint32_t last = pc + 4 * ((uint32_t)n - 1);
  m->table = jit_table(m->jit, m->status);
  const struct jit_page *page = n <= PAGE_WORDS ? jit_known_page(m, last) : NULL;
  if (!page || m->tick != tick + (uint64_t)n) return;
  const struct pg32_insn i = pg32_decode(ram_word(m, page->page | (last & ~PAGE_MASK)));
  if (i.id != PG32_jalr || jit_is_return(&i)) return;
  struct jit_hint *h = jit_hint(m->jit, last);
  if (h->pc != last) *h = (struct jit_hint){.pc = last};
  if (h->seen++ == 0) h->target = m->pc;
  if (h->target != m->pc) h->target = 0;
  if (h->seen == UINT8_MAX) h->seen--;
}

void jit_run(struct machine *m, struct run *run) {
  struct jit *j = m->jit;
  j->run = run;
  j->interpret = false;
  while (!run->done && !at_boundary(m, run) && run->traced == m->traced) {
    const void *code = find_code(m, run->budget);
    if (code) {
      look_at_low_core(m);
      j->enter(m, run->budget - JIT_MOST, code);
    } else {
      const int64_t n = j->interpret ? 1 : run_length(m, run->budget);
      const uint32_t pc = m->pc;
      const uint64_t tick = m->tick;
      engine_slice(m, run, n);
      look_at_jump(m, pc, n, tick);
      j->interpret = false;
    }
  }
}

/* ---- what translated code calls ---- */

static inline struct jit_go leave(const struct machine *m) { return (struct jit_go){m->jit->leave, 0}; }

/* m->pc cannot be fetched from, and nobody need be told: the trap. */
static bool fetch_fault(struct machine *m) {
  uint32_t pa;
  const uint32_t asid = status_asid(m->status);
  const uint32_t cause = machine_translate(m, m->pc, ACCESS_FETCH, m->status & ST_T, asid, &pa);
  if (!cause || !m->low_core) return false;
  cpu_fault_alone(m, cause, m->pc, 0);
  return m->halt == RUNNING;
}

/* On to m->pc, everything settled, and no interrupt due. */
static __attribute__((noinline)) struct jit_go go_on(struct machine *m) {
  struct jit *j = m->jit;
  const struct jit_page *page;
  if (j->run->budget < JIT_MOST) return leave(m);
  do {
    if (m->pc & 3) return leave(m);
    m->table = jit_table(j, m->status);
    page = page_here(m);
  } while (!page && fetch_fault(m));
  if (!page) return leave(m);
  const void *code = page->entry[m->pc % PAGE_SIZE / 4];
  return code == j->cold ? leave(m) : (struct jit_go){code, j->run->budget - JIT_MOST};
}

/* The same after a trap, which leaves nothing translated; mostly, its handler is known. */
static inline struct jit_go to_vector(struct machine *m) {
  struct jit *j = m->jit;
  m->table = j->tables.entry;
  const struct jit_page *page = jit_known_page(m, m->pc);
  if (UNLIKELY(!page || m->pc & 3 || j->run->budget < JIT_MOST || m->halt != RUNNING))
    return m->halt == RUNNING ? go_on(m) : leave(m);
  const void *code = page->entry[m->pc % PAGE_SIZE / 4];
  return code == j->cold ? leave(m) : (struct jit_go){code, j->run->budget - JIT_MOST};
}

static bool wanted_elsewhere(const struct machine *m) {
  return atomic_load_explicit(&m->stop, memory_order_relaxed) || m->jit->run->traced != m->traced;
}

static struct jit_go boundary(struct machine *m) {
  struct run *run = m->jit->run;
  return at_boundary(m, run) || run->traced != m->traced ? leave(m) : go_on(m);
}

/* After a trap: it turned interrupts off, so the budget at hand will do. */
static struct jit_go trapped(struct machine *m) {
  return m->halt != RUNNING || wanted_elsewhere(m) ? leave(m) : go_on(m);
}

/* After an instruction that changes neither mode nor interrupts: on in the same block, if it still is there.
 */
static struct jit_go served(struct machine *m) {
  if (!wanted_elsewhere(m) && !m->jit->changed && jit_known_page(m, m->pc)) return (struct jit_go){NULL, 0};
  return boundary(m);
}

static void sync(struct machine *m, int64_t left, uint32_t pc, uint32_t done) {
  m->pc = pc;
  settle(m, m->jit->run, left + JIT_MOST - done);
}

static void retire(struct machine *m) {
  m->pc += 4;
  settle(m, m->jit->run, m->jit->run->budget - 1);
}

/* The present instruction, which can be fetched: it has been. */
static uint32_t present_word(const struct machine *m) {
  const struct jit_page *page = jit_known_page(m, m->pc);
  uint32_t pa;
  if (page) return ram_word(m, page->page | (m->pc & ~PAGE_MASK));
  machine_translate(m, m->pc, ACCESS_FETCH, m->status & ST_T, status_asid(m->status), &pa);
  return ram_word(m, pa);
}

static struct jit_go fault(struct machine *m, uint32_t cause, uint32_t badva) {
  if (LIKELY(m->low_core != NULL)) {
    cpu_fault_alone(m, cause, badva, present_word(m));
    return to_vector(m);
  }
  if (!cpu_held(m)) machine_cpu_trap(m, cause, badva, present_word(m));
  return m->jit->run->last_step == NEVER ? trapped(m) : boundary(m);
}

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
#define OPERATE_INNOCUOUS(name, opcode)
#define OPERATE_TRAPPING(name, opcode)                         \
  case PG32_##name:                                            \
    HOLD();                                                    \
    RETIRE();                                                  \
    machine_cpu_trap(m, DO_##name, 0, (uint32_t)opcode << 25); \
    break;
#define OPERATE_PRIVILEGED(name, opcode)                                                      \
  case PG32_##name:                                                                           \
    if (UNLIKELY(cpu_privileged_traps(m, PG32_##name))) return fault(m, CAUSE_PRIVILEGED, 0); \
    DO_##name;                                                                                \
    break;

struct jit_go jit_operate(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t imm) {
  uint32_t *const x = m->x;
  const struct { uint8_t rd, rs1; } op[1] = {{(uint8_t)(what >> 8), (uint8_t)what}};
  const uint32_t rs1 = x[op->rs1], rs2 = x[op->rd];
  const enum pg32_id id = what >> 16 & 0xFF;
  m->jit->changed = false;
  sync(m, left, pc, what >> 24);
  switch (id) {
  case PG32_mark: MARKED(imm, rs1, rs2); break;
#define PG32_INSN(name, opcode, shape, class, meaning) OPERATE_##class(name, opcode)
#include "isa/pg32.def"
  default: m->jit->interpret = true; return leave(m);
  }
  if (jit_serves(id)) return served(m);
  look_at_low_core(m);
  return m->status & ST_IE ? boundary(m) : trapped(m);
}

/* After a change of the TLB: only in a translated context may the block have lost its page. */
static inline struct jit_go tlb_changed(struct machine *m, int64_t left, uint32_t pc, uint32_t what) {
  if (LIKELY(!(m->status & ST_T) || jit_known_page(m, pc))) return (struct jit_go){NULL, 0};
  sync(m, left, pc, what >> 24);
  retire(m);
  return boundary(m);
}

/* tlbw and tlbi of insns.h, where nothing but the TLB is to be seen to. */
struct jit_go jit_tlbw(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t imm) {
  if (UNLIKELY(m->status & ST_U || m->observer.tlbw)) return jit_operate(m, left, pc, what, imm);
  machine_tlb_write(m, m->x[what & 0xFF], m->x[what >> 8 & 0xFF]);
  return tlb_changed(m, left, pc, what);
}

struct jit_go jit_tlbi(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t imm) {
  if (UNLIKELY(m->status & ST_U || m->observer.tlbi)) return jit_operate(m, left, pc, what, imm);
  machine_tlb_invalidate(m, m->x[what & 0xFF], imm);
  return tlb_changed(m, left, pc, what);
}

static const uint8_t access_size[] = {[PG32_lb] = 1,  [PG32_lh] = 2, [PG32_lw] = 4, [PG32_lbu] = 1,
                                      [PG32_lhu] = 2, [PG32_sb] = 1, [PG32_sh] = 2, [PG32_sw] = 4};
static inline bool is_load(enum pg32_id id) { return id < PG32_sb; }

/* 0 as code: go on where you are. */
static __attribute__((noinline)) struct jit_go access(struct machine *m, uint32_t what, uint32_t va) {
  const enum pg32_id id = what >> 16 & 0xFF;
  const uint32_t a = what >> 8 & 0xFF, size = access_size[id];
  uint32_t value;
  m->jit->changed = false;
  if (UNLIKELY(m->wavered)) jit_reconsider(m);
  const uint32_t failed =
      is_load(id) ? machine_mem_load(m, va, size, &value) : machine_mem_store(m, va, size, m->x[a]);
  if (failed) return fault(m, failed, va);
  if (is_load(id))
    m->x[a] = id == PG32_lb ? (uint32_t)(int8_t)value : id == PG32_lh ? (uint32_t)(int16_t)value : value;
  if (!wanted_elsewhere(m) && !m->jit->changed) return (struct jit_go){NULL, 0};
  retire(m);
  return boundary(m);
}

/* Of which the TLB knows nothing, and nobody need be told. */
static inline bool plain_miss(const struct machine *m, uint32_t va, uint32_t size) {
  const uint32_t hi = (va & TLB_VPN_MASK) | status_asid(m->status);
  return m->low_core && m->status & ST_T && !(va & (size - 1)) && tlb_find(m, hi) < 0;
}

struct jit_go jit_access(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t va) {
  const enum pg32_id id = what >> 16 & 0xFF;
  sync(m, left, pc, what >> 24);
  const struct jit_page *page = jit_known_page(m, pc);
  if (UNLIKELY(!page || m->wavered || !plain_miss(m, va, access_size[id]))) return access(m, what, va);
  const uint32_t word = ram_word(m, page->page | (pc & ~PAGE_MASK));
  cpu_fault_alone(m, is_load(id) ? CAUSE_LOAD_MISS : CAUSE_STORE_MISS, va, word);
  return to_vector(m);
}

struct jit_go jit_follow(struct machine *m, int64_t left, uint32_t unused, uint32_t link) {
  struct jit *j = m->jit;
  (void)unused;
  sync(m, left, j->links[link].target, 0);
  if (left < 0) return leave(m);
  struct jit_page *page = jit_known_page(m, m->pc);
  if (!page) return leave(m);
  jit_taken(m, link, page);
  const void *code = page->entry[m->pc % PAGE_SIZE / 4];
  return code == j->cold ? leave(m) : (struct jit_go){code, left};
}

struct jit_go jit_indirect(struct machine *m, int64_t left, uint32_t target, uint32_t unused) {
  (void)unused;
  sync(m, left, target, 0);
  return go_on(m);
}

struct jit_go jit_interpret(struct machine *m, int64_t left, uint32_t pc, uint32_t what) {
  sync(m, left, pc, what >> 24);
  if (m->wavered) jit_reconsider(m);
  m->jit->interpret = true;
  return leave(m);
}
