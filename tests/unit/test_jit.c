/* test_jit.c - what translation must not show, each on purpose: code is translated, changed, moved, crowded
 * out.
 *
 * That both engines do the same on programs of all sorts is test_engines' business. */
#include "kit.h"
#include "machine/jit/jit.h"

#define HOT (JIT_THRESHOLD + JIT_TRACE_MAX) /* turns after which a loop has been translated */

static struct machine *new_jit(void) {
  return new_machine_with((struct machine_config){.engine = ENGINE_JIT});
}

static bool is_translated(const struct machine *m, uint32_t pa) {
  for (const struct jit_page *p = m->pages[pa >> PAGE_SHIFT].jit; p; p = p->alias)
    if (p->entry[pa % PAGE_SIZE / 4] != m->jit->untranslated) return true;
  return false;
}

/* Runs until the loop at `pa` has been translated. */
static void heat(struct machine *m, uint32_t pa, uint32_t length) {
  step(m, (uint64_t)HOT * length);
  assert_true(is_translated(m, pa));
}

static void hot_code_is_translated(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), BR(bne, T0, ZERO, -4));
  assert_string_equal(machine_engine_name(m), "jit");
  step(m, 2);
  assert_false(is_translated(m, IMAGE_BASE));
  heat(m, IMAGE_BASE, 2);
  assert_int_equal(x(m, T0), HOT + 1);
  machine_free(m);
}

/* Loops of several lengths, one behind the other: each begins a line of the host's. */
static void loops_begin_lines(void **state) {
  enum { LOOPS = 8 };
  (void)state;
  struct machine *m = new_jit();
  uint32_t loops = 0;
  for (uint32_t n = 1; n <= LOOPS; n++) {
    const uint32_t begin = IMAGE_BASE + n * PAGE_SIZE;
    for (uint32_t i = 0; i < n; i++) poke(m, begin + 4 * i, RRI(addi, T0 + i % 2, T0, 1));
    poke(m, begin + 4 * n, JAL(ZERO, -4 * (int32_t)n));
    enter(m, begin, 0, 0);
    heat(m, begin, n + 1);
  }
  for (uint32_t i = 1; i <= m->jit->block_at; i++) {
    assert_int_equal(m->jit->blocks[i].loop_head % JIT_CACHE_LINE, 0);
    loops += m->jit->blocks[i].loop_head != 0;
  }
  assert_true(loops >= LOOPS);
  machine_free(m);
}

/* The same loop, changed from outside, by DMA's way, and by a store of its own. */
static void changed_code_is_seen(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), RRI(addi, T1, T1, 1), JAL(ZERO, -8));
  heat(m, IMAGE_BASE, 3);
  poke(m, IMAGE_BASE + 4, RRI(addi, T1, T1, 100));
  assert_false(is_translated(m, IMAGE_BASE));
  const uint32_t t1 = x(m, T1);
  step(m, 3);
  assert_int_equal(x(m, T1), t1 + 100);
  machine_free(m);
}

/* Changed where another page's hot jump goes. */
static void changed_code_behind_a_link_is_seen(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, 0x5000, RRI(addi, T0, T0, 1), JAL(ZERO, 0xFFC));
  PROGRAM(m, 0x6000, RRI(addi, T1, T1, 1), JAL(ZERO, -0x1004));
  enter(m, 0x5000, 0, 0);
  heat(m, 0x6000, 4);
  poke(m, 0x6000, RRI(addi, T2, T2, 1));
  step(m, 4 * HOT);
  assert_int_equal(x(m, T1), HOT);
  assert_int_equal(x(m, T2), HOT);
  machine_free(m);
}

/* A hot loop that stores over its next instruction: what is stored alternates. */
static void a_block_changes_itself(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRR(xor, T1, T1, T2), ST(sw, T1, 8, S0), RRI(addi, T0, T0, 1), RRI(addi, S1, S1, 1),
          JAL(ZERO, -16));
  set_x(m, S0, IMAGE_BASE);
  set_x(m, T1, RRI(addi, T0, T0, 1));
  set_x(m, T2, RRI(addi, T0, T0, 1) ^ RRI(addi, T0, T0, 16));
  step(m, 5 * 2 * HOT);
  assert_int_equal(x(m, S1), 2 * HOT);
  assert_int_equal(x(m, T0), 17 * HOT);
  machine_free(m);
}

/* Stores beside the code leave it alone, and cost no translation. */
static void stores_beside_code(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), ST(sw, T0, 0x400, S0), JAL(ZERO, -8));
  set_x(m, S0, IMAGE_BASE);
  heat(m, IMAGE_BASE, 3);
  const uint32_t blocks = m->jit->block_at;
  step(m, 3 * (JIT_DATA_STORES_CODE - 2 * HOT));
  assert_int_equal(m->jit->block_at, blocks);
  assert_int_equal(peek(m, IMAGE_BASE + 0x400), x(m, T0));
  machine_free(m);
}

/* A register that had to give way, and is loaded into where that faults, has the value it had. */
static void a_load_that_faults_changes_nothing(void **state) {
  enum { WHERE = 26, LAST = 25, ROUNDS = 3 };
  (void)state;
  struct machine *m = new_jit();
  uint32_t at = IMAGE_BASE;
  for (unsigned round = 0; round < ROUNDS; round++)
    for (unsigned r = 16; r <= LAST; r++, at += 4) poke(m, at, RRI(addi, r, r, 1));
  poke(m, at, LD(lw, A0, 0, WHERE));
  poke(m, at + 4, RRI(addi, T0, A0, 1));
  poke(m, at + 8, JAL(ZERO, (int32_t)(IMAGE_BASE - at) - 8));
  set_x(m, WHERE, IMAGE_BASE);
  heat(m, IMAGE_BASE, (at + 12 - IMAGE_BASE) / 4);
  set_x(m, WHERE, RAM_BYTES);
  set_x(m, A0, 0xA0A0);
  enter(m, IMAGE_BASE, 0, 0);
  step(m, 4 * JIT_TRACE_MAX);
  assert_int_equal(regs(m).pc, HANDLER);
  assert_int_equal(x(m, A0), 0xA0A0);
  machine_free(m);
}

/* A hot jump from page to page follows the mapping, not the memory of it. */
static void a_link_to_another_page_checks_it(void **state) {
  (void)state;
  struct machine *m = new_jit();
  map(m, 0x10000, 1, 0x5000, TLB_X);
  map(m, 0x11000, 1, 0x6000, TLB_X);
  PROGRAM(m, 0x5000, RRI(addi, T0, T0, 1), JAL(ZERO, 0xFFC));
  PROGRAM(m, 0x6000, RRI(addi, T1, T1, 1), JAL(ZERO, -0x1004));
  PROGRAM(m, 0x7000, RRI(addi, T2, T2, 1), JAL(ZERO, -0x1004));
  enter(m, 0x10000, ST_T | 1 << ST_ASID_SHIFT, 0);
  heat(m, 0x6000, 4);
  map(m, 0x11000, 1, 0x7000, TLB_X);
  step(m, 4 * HOT);
  assert_int_equal(x(m, T1), HOT);
  assert_int_equal(x(m, T2), HOT);
  map(m, 0x11000, 1, 0x6000, TLB_X); /* and back */
  step(m, 4);
  assert_int_equal(x(m, T1), HOT + 1);
  map(m, 0x11000, 1, 0x6000, TLB_R);
  step(m, 3);
  assert_trap(m, CAUSE_FETCH_PROT, 0x11000, ST_T | 1 << ST_ASID_SHIFT, 0x11000, 0);
  machine_free(m);
}

/* One page of memory under two names: PCs are those of the name. */
static void aliases_have_blocks_of_their_own(void **state) {
  (void)state;
  struct machine *m = new_jit();
  map(m, 0x10000, 1, 0x5000, TLB_X);
  map(m, 0x20000, 1, 0x5000, TLB_X);
  PROGRAM(m, 0x5000, insn(PG32_auipc, T0, 0, 0, 0), JAL(T1, 4), JAL(ZERO, -8));
  for (int turn = 0; turn < 2; turn++)
    for (uint32_t va = 0x10000; va <= 0x20000; va += 0x10000) {
      enter(m, va, ST_T | 1 << ST_ASID_SHIFT, 0);
      heat(m, 0x5000, 3);
      assert_int_equal(x(m, T0), va);
      assert_int_equal(x(m, T1), va + 8);
    }
  machine_free(m);
}

/* At 0x5000: stores T0 to 0(S0), counting it up to T1, then loops without a store, for what runs last is the
 * interpreter's. */
static void put_storing_loop(struct machine *m) {
  PROGRAM(m, 0x5000, RRI(addi, T0, T0, 1), ST(sw, T0, 0, S0), LD(lw, T2, 0, S0), BR(bne, T0, T1, -12),
          JAL(ZERO, 0));
}
static void store_up_to(struct machine *m, uint32_t last) {
  struct machine_regs r = regs(m);
  r.pc = r.status ? 0x10000 : 0x5000;
  r.x[T1] = last;
  machine_set_regs(m, &r);
  step(m, 4 * HOT + JIT_TRACE_MAX);
  assert_true(is_translated(m, 0x5000));
}

/* What the tables hold of a mapping goes with it. */
static void loads_and_stores_follow_the_tlb(void **state) {
  (void)state;
  const uint32_t status = ST_T | 1 << ST_ASID_SHIFT;
  struct machine *m = new_jit();
  map(m, 0x10000, 1, 0x5000, TLB_X);
  map(m, 0x20000, 1, 0x6000, TLB_R | TLB_W);
  put_storing_loop(m);
  set_x(m, S0, 0x20000);
  enter(m, 0x10000, status, 0);
  store_up_to(m, HOT);
  assert_int_equal(peek(m, 0x6000), HOT);
  map(m, 0x20000, 1, 0x7000, TLB_R | TLB_W);
  store_up_to(m, 2 * HOT);
  assert_int_equal(peek(m, 0x6000), HOT);
  assert_int_equal(peek(m, 0x7000), 2 * HOT);
  map(m, 0x20000, 1, 0x7000, TLB_R);
  store_up_to(m, 3 * HOT);
  assert_trap(m, CAUSE_STORE_PROT, 0x10004, status, 0x20000, ST(sw, T0, 0, S0));
  assert_int_equal(peek(m, 0x7000), 2 * HOT);
  map(m, 0x20000, 1, 0x7000, TLB_W);
  enter(m, 0x10000, status, 0);
  store_up_to(m, 3 * HOT);
  assert_trap(m, CAUSE_LOAD_PROT, 0x10008, status, 0x20000, LD(lw, T2, 0, S0));
  machine_free(m);
}

/* A snapshot shares pages with the machine: a hot store may not write to them. */
static void check_snapshot(uint32_t status) {
  struct machine *m = new_jit();
  map(m, 0x10000, 1, 0x5000, TLB_X);
  map(m, 0x6000, 1, 0x6000, TLB_R | TLB_W);
  put_storing_loop(m);
  set_x(m, S0, 0x6000);
  enter(m, 0, status, 0);
  store_up_to(m, HOT);
  struct machine_snapshot *s = machine_snapshot(m);
  const uint64_t hash = machine_hash(m);
  store_up_to(m, 2 * HOT);
  assert_int_equal(peek(m, 0x6000), 2 * HOT);
  machine_restore(m, s);
  assert_int_equal(peek(m, 0x6000), HOT);
  assert_int_equal(machine_hash(m), hash);
  poke(m, 0x5000, RRI(addi, T0, T0, 2));
  store_up_to(m, 3 * HOT);
  assert_int_equal(peek(m, 0x6000), 3 * HOT);
  machine_restore(m, s); /* the code as it was */
  enter(m, status ? 0x10000 : 0x5000, status, 0);
  step(m, 2);
  assert_int_equal(peek(m, 0x6000), HOT + 1);
  machine_snapshot_free(s);
  machine_free(m);
}

static void snapshots_are_not_written_to(void **state) {
  (void)state;
  check_snapshot(0);
  check_snapshot(ST_T | 1 << ST_ASID_SHIFT);
}

/* A watched page is told of every store, also one that was hot before. */
static void count_store(void *arg, struct machine *m, uint32_t pa, uint32_t n) {
  (void)m;
  *(unsigned *)arg += pa == 0x6000 && n == 4;
}
static void a_watch_comes_late(void **state) {
  (void)state;
  unsigned stores = 0;
  struct machine *m = new_jit();
  put_storing_loop(m);
  set_x(m, S0, 0x6000);
  store_up_to(m, HOT);
  machine_observe(m, &(struct machine_observer){.store = count_store, .arg = &stores});
  machine_watch_page(m, 0x6000);
  store_up_to(m, 2 * HOT);
  assert_int_equal(stores, HOT);
  machine_free(m);
}

/* Every limit, and TIMER's interrupt after every number of instructions, in a hot loop with a branch out of
 * its middle: the interpreter gets just as far. */
static void limits_of_hot_code_are_exact(void **state) {
  (void)state;
  struct machine *m[2];
  for (int i = 0; i < 2; i++) {
    m[i] = new_machine_with((struct machine_config){.engine = i ? ENGINE_INTERP : ENGINE_JIT});
    PROGRAM(m[i], IMAGE_BASE, RRI(addi, T0, T0, 1), RRI(andi, T1, T0, 3), BR(beq, T1, ZERO, 8),
            RRI(addi, T2, T2, 1), JAL(ZERO, -16));
    step(m[i], HOT * 5);
  }
  assert_true(is_translated(m[0], IMAGE_BASE));
  for (uint64_t n = 0; n < 5 * JIT_TRACE_MAX; n++) {
    for (int i = 0; i < 2; i++) {
      const uint64_t tick = regs(m[i]).tick;
      enter(m[i], IMAGE_BASE, ST_IE, (uint32_t)n);
      step(m[i], n + 1); /* one of the handler */
      assert_int_equal(regs(m[i]).tick, tick + n + 1);
      assert_int_equal(regs(m[i]).pc, HANDLER);
      enter(m[i], IMAGE_BASE, 0, 0);
      step(m[i], n);
    }
    const struct machine_regs a = regs(m[0]), b = regs(m[1]);
    assert_memory_equal(a.x, b.x, sizeof a.x);
    assert_int_equal(a.pc, b.pc);
    assert_int_equal(a.tick, b.tick);
  }
  for (int i = 0; i < 2; i++) machine_free(m[i]);
}

static void count_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  (void)m, (void)kind, (void)a, (void)b;
  ++*(unsigned *)arg;
}

/* An observer that comes when the code is hot sees all there is to see. */
static void observers_come_late(void **state) {
  (void)state;
  struct machine *m = new_jit();
  unsigned marks = 0;
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), insn(PG32_mark, 0, T0, T1, 3), JAL(ZERO, -8));
  heat(m, IMAGE_BASE, 3);
  machine_observe(m, &(struct machine_observer){.mark = count_mark, .arg = &marks});
  step(m, 3 * HOT);
  assert_int_equal(marks, HOT);
  machine_observe(m, NULL);
  step(m, 3 * HOT);
  assert_int_equal(marks, HOT);
  machine_free(m);
}

static void snapshot_at_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct machine_snapshot **taken = arg;
  (void)kind;
  if (a == b) *taken = machine_snapshot(m);
}

/* Stores by one base register on both sides of a mark whose observer takes a snapshot, in the last turn of a
 * loop: the later ones are not in it. */
static void a_snapshot_between_stores_is_of_then(void **state) {
  (void)state;
  const uint32_t data = 0x8000;
  struct machine_snapshot *taken = NULL;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), ST(sw, T0, 0, S0), ST(sw, T0, 4, S0),
          insn(PG32_mark, 0, T0, T1, 3), ST(sw, T0, 8, S0), ST(sw, T0, 12, S0), BR(bne, T0, T1, -24),
          JAL(ZERO, 0));
  set_x(m, S0, data);
  heat(m, IMAGE_BASE, 7);
  const uint32_t last = x(m, T0) + 10;
  set_x(m, T1, last);
  machine_observe(m, &(struct machine_observer){.mark = snapshot_at_mark, .arg = &taken});
  step(m, 7 * JIT_TRACE_MAX);
  assert_non_null(taken);
  assert_int_equal(peek(m, data + 8), last);
  machine_restore(m, taken);
  assert_int_equal(peek(m, data + 4), last);
  assert_int_equal(peek(m, data + 8), last - 1);
  assert_int_equal(peek(m, data + 12), last - 1);
  machine_snapshot_free(taken);
  machine_free(m);
}

static void crowd(struct machine *m, uint32_t first, uint32_t pages) {
  for (uint32_t page = 0; page < pages; page++)
    for (uint32_t i = 0; i < PAGE_WORDS;
         i += 2) { /* a chain of blocks that end in indirect jumps, from t0 on */
      const uint32_t at = first + page * PAGE_SIZE + 4 * i, last = page == pages - 1 && i == PAGE_WORDS - 2;
      poke(m, at, RRI(addi, T0, T0, 8));
      poke(m, at + 4, last ? RRI(jalr, ZERO, S0, 0) : RRI(jalr, ZERO, T0, 0));
    }
}

/* More blocks than there is room for, round and round. */
static void the_cache_is_bounded(void **state) {
  (void)state;
  const uint32_t blocks = JIT_SEGMENTS * JIT_SEGMENT_BLOCKS, most = JIT_PAGES - 2;
  const uint32_t pages = blocks / (PAGE_WORDS / 2) + 8 < most ? blocks / (PAGE_WORDS / 2) + 8 : most;
  struct machine *m =
      machine_new(&(struct machine_config){.engine = ENGINE_JIT, .ram_bytes = (pages + 2) * PAGE_SIZE});
  const uint32_t first = PAGE_SIZE, start = first + pages * PAGE_SIZE;
  crowd(m, first, pages);
  PROGRAM(m, start, RRI(addi, S1, S1, 1), RRI(addi, T0, A0, 0), RRI(jalr, ZERO, A0, 0));
  set_x(m, S0, start);
  set_x(m, A0, first);
  enter(m, start, 0, 0);
  const uint64_t round = pages * PAGE_WORDS + 3;
  step(m, round * (JIT_THRESHOLD + 2));
  assert_false(is_translated(m, first)); /* crowded out by the last ones */
  step(m, round * JIT_THRESHOLD);        /* now it is they that go */
  assert_true(is_translated(m, first) || JIT_SEGMENTS == 1);
  assert_int_equal(x(m, S1), JIT_THRESHOLD * 2 + 2);
  assert_true(m->jit->at <= JIT_CODE_BYTES);
  machine_free(m);
}

/* More pages of code than there are pages of blocks: one whose blocks have made room is not jumped to. */
static void pages_are_crowded_out(void **state) {
  (void)state;
  const uint32_t other = PAGE_SIZE, first = 2 * PAGE_SIZE, last = (JIT_PAGES + 1) * PAGE_SIZE;
  struct machine *m =
      machine_new(&(struct machine_config){.engine = ENGINE_JIT, .ram_bytes = last + PAGE_SIZE});
  PROGRAM(m, other, RRI(addi, T2, T2, 1), RRI(jalr, ZERO, S0, 0));
  for (uint32_t page = first; page < last; page += PAGE_SIZE) PROGRAM(m, page, JAL(ZERO, PAGE_SIZE));
  PROGRAM(m, last, RRI(addi, T0, T0, 1), RRI(jalr, ZERO, S0, 0));
  set_x(m, S0, other);
  enter(m, other, 0, 0);
  heat(m, other, 2);
  set_x(m, S0, last); /* past all the others, so that the last takes the place of `other` */
  enter(m, first, 0, 0);
  step(m, JIT_PAGES - 1 + JIT_TRACE_MAX);
  heat(m, last, 2);
  assert_false(is_translated(m, other));
  const uint32_t t0 = x(m, T0), t2 = x(m, T2);
  set_x(m, S0, other);
  step(m, 2 * JIT_TRACE_MAX);
  assert_int_equal(x(m, T0), t0 + 1);
  assert_int_equal(x(m, T2), t2 + JIT_TRACE_MAX - 1);
  machine_free(m);
}

/* A machine that may give way, in a loop that leaves to C in every turn if `work` is not 0. */
static struct machine *after_a_loop(enum machine_engine engine, uint32_t work) {
  struct machine *m = machine_new(&(struct machine_config){.engine = engine, .ram_bytes = RAM_BYTES});
  poke(m, LC_VECTOR, HANDLER); /* skips the instruction that has trapped */
  PROGRAM(m, HANDLER, LD(lw, T1, LC_PC, ZERO), RRI(addi, T1, T1, 4), ST(sw, T1, LC_PC, ZERO), OP(rfe));
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), work, JAL(ZERO, -8));
  enter(m, IMAGE_BASE, 0, 0);
  step(m, 64 * JIT_WORK_PER_PERIOD);
  return m;
}

/* Whether the interpreter is quicker is tried out where translated code leaves to C all the time, but not
 * where it computes, nor in a machine that has been asked for translated code. */
static void auto_tries_both(void **state) {
  (void)state;
  const uint32_t illegal = 0xFE000000, nothing = RRI(addi, T2, T2, 1);
  struct machine *m[] = {after_a_loop(ENGINE_AUTO, illegal), after_a_loop(ENGINE_AUTO, nothing),
                         after_a_loop(ENGINE_JIT, illegal)};
  assert_int_not_equal(m[0]->jit->choice.wins, 0);
  assert_int_equal(m[1]->jit->choice.wins, 0);
  assert_int_equal(m[2]->jit->choice.wins, 0);
  assert_int_equal(x(m[0], T0), x(m[2], T0));
  for (int i = 0; i < 3; i++) machine_free(m[i]);
}

/* A frugal machine (choice.c) translates nothing new, but runs what there is. */
static void a_frugal_machine_translates_nothing(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), BR(bne, T0, ZERO, -4));
  m->jit->choice.frugal = true;
  step(m, 4 * HOT);
  assert_false(is_translated(m, IMAGE_BASE));
  m->jit->choice.frugal = false;
  heat(m, IMAGE_BASE, 2);
  m->jit->choice.frugal = true;
  step(m, 2000);
  assert_true(is_translated(m, IMAGE_BASE));
  assert_int_equal(x(m, T0), 2 * HOT + HOT + 1000);
  machine_free(m);
}

/* What address spaces look up in the same page lies in different lines of the host's cache; the first and the
 * last entry of tables are emptied with the others. */
static void tables_are_spread(void **state) {
  (void)state;
  struct machine *m = new_jit();
  uint32_t lines[64] = {0};
  for (uint32_t asid = 1; asid <= 50; asid++) {
    map(m, 0x5000, asid, 0x6000, TLB_R);
    const uint64_t *entry = jit_entry(jit_tables(m->jit), 0x5000 | asid);
    assert_int_not_equal(*entry, 0);
    lines[(uintptr_t)entry / 64 % 64]++;
  }
  for (uint32_t line = 0; line < 64; line++) assert_true(lines[line] <= 1);
  map(m, 0, 50, 0x7000, TLB_R);
  map(m, 0xFFFFF000, 50, 0x6000, TLB_R);
  uint64_t *first = jit_entry(jit_tables(m->jit), 50), *last = jit_entry(jit_tables(m->jit), 0xFFFFF000 | 50);
  jit_put(last, TABLE_FETCH, 1);
  assert_true(first[0] && last[0]);
  assert_ptr_equal(last + 1, first + TABLE_ENTRIES);
  jit_tables_empty(jit_tables(m->jit));
  assert_false(first[0] || last[0] || last[TABLE_FETCH * TABLE_ENTRIES]);
  machine_free(m);
}

/* A function that changes the address space: its caller's page is another when it returns. */
static void a_return_checks_the_page(void **state) {
  (void)state;
  struct machine *m = new_jit();
  map(m, 0x5000, 1, 0x6000, TLB_X);
  map(m, 0x7000, 1, 0x7000, TLB_X);
  PROGRAM(m, 0x5000, JAL(RA, 0x2000), RRI(addi, T0, T0, 1), JAL(ZERO, -8));
  PROGRAM(m, 0x6000, JAL(RA, 0x2000), RRI(addi, T1, T1, 1), JAL(ZERO, -8));
  PROGRAM(m, 0x7000, RRR(mfst, T2, 0, 0), RRI(xori, T2, T2, ST_T), RRR(mtst, 0, T2, 0),
          RRI(jalr, ZERO, RA, 0));
  enter(m, 0x5000, 1 << ST_ASID_SHIFT, 0);
  step(m, 7 * 8 * HOT);
  assert_true(is_translated(m, 0x5004) && is_translated(m, 0x6004));
  assert_int_equal(x(m, T0), 4 * HOT);
  assert_int_equal(x(m, T1), 4 * HOT);
  machine_free(m);
}

/* A return finds no record, and one that is no call's at most. */
static void a_return_to_1(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), LD(lw, RA, 0, S0), RRI(jalr, ZERO, RA, 0));
  poke(m, 0, JAL(ZERO, IMAGE_BASE));
  poke(m, 0x5000, 1);
  set_x(m, S0, 0x5000);
  step(m, 4 * 4 * HOT);
  assert_int_equal(x(m, T0), 4 * HOT);
  machine_free(m);
}

/* Calls that are never returned from take no more of the host's stack than there is. */
static void calls_without_end(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, IMAGE_BASE, JAL(RA, 0), OP(fence));
  step(m, 5000000);
  assert_int_equal(x(m, RA), IMAGE_BASE + 4);
  machine_free(m);
}

/* What was aligned before a call need not be so after it. */
static void a_call_may_misalign(void **state) {
  (void)state;
  struct machine *m = new_jit();
  PROGRAM(m, 0x5000, LD(lw, T1, 0, S1), JAL(RA, 0x1FFC), LD(lw, T1, 0, S1), JAL(ZERO, -12));
  PROGRAM(m, 0x7000, RRR(add, S1, S1, S0), RRI(jalr, ZERO, RA, 0));
  set_x(m, S1, 0x8000);
  enter(m, 0x5000, 0, 0);
  step(m, 6 * 2 * HOT);
  assert_true(is_translated(m, 0x5000));
  set_x(m, S0, 1);
  step(m, 2 * JIT_TRACE_MAX);
  assert_trap(m, CAUSE_LOAD_MISALIGNED, 0x5008, 0, 0x8001, LD(lw, T1, 0, S1));
  machine_free(m);
}

static void change_code_at_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  (void)kind, (void)a, (void)b;
  if (++*(int *)arg == 4 * HOT) poke(m, 0x5004, RRI(addi, T1, T1, 1));
}

/* Where a function returns to is changed while an observer is told of it. */
static void changed_code_behind_a_call_is_seen(void **state) {
  (void)state;
  int marks = 0;
  struct machine *m = new_jit();
  PROGRAM(m, 0x5000, JAL(RA, 0x2000), RRI(addi, T0, T0, 1), JAL(ZERO, -8));
  PROGRAM(m, 0x7000, insn(PG32_mark, 0, ZERO, ZERO, 1), RRI(jalr, ZERO, RA, 0));
  machine_observe(m, &(struct machine_observer){.arg = &marks, .mark = change_code_at_mark});
  enter(m, 0x5000, 0, 0);
  step(m, 5 * 8 * HOT);
  assert_int_equal(x(m, T0), 4 * HOT - 1);
  assert_int_equal(x(m, T1), 4 * HOT + 1);
  machine_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(hot_code_is_translated),
                                     cmocka_unit_test(loops_begin_lines),
                                     cmocka_unit_test(changed_code_is_seen),
                                     cmocka_unit_test(changed_code_behind_a_link_is_seen),
                                     cmocka_unit_test(a_block_changes_itself),
                                     cmocka_unit_test(stores_beside_code),
                                     cmocka_unit_test(a_load_that_faults_changes_nothing),
                                     cmocka_unit_test(a_link_to_another_page_checks_it),
                                     cmocka_unit_test(aliases_have_blocks_of_their_own),
                                     cmocka_unit_test(loads_and_stores_follow_the_tlb),
                                     cmocka_unit_test(snapshots_are_not_written_to),
                                     cmocka_unit_test(a_watch_comes_late),
                                     cmocka_unit_test(limits_of_hot_code_are_exact),
                                     cmocka_unit_test(observers_come_late),
                                     cmocka_unit_test(a_snapshot_between_stores_is_of_then),
                                     cmocka_unit_test(the_cache_is_bounded),
                                     cmocka_unit_test(pages_are_crowded_out),
                                     cmocka_unit_test(auto_tries_both),
                                     cmocka_unit_test(a_frugal_machine_translates_nothing),
                                     cmocka_unit_test(tables_are_spread),
                                     cmocka_unit_test(a_return_checks_the_page),
                                     cmocka_unit_test(a_return_to_1),
                                     cmocka_unit_test(calls_without_end),
                                     cmocka_unit_test(a_call_may_misalign),
                                     cmocka_unit_test(changed_code_behind_a_call_is_seen)};
  if (!kit_has_jit()) {
    print_message("1..0 # skip no JIT for this host\n");
    return 0;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
