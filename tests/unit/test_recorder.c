/* test_recorder.c - lanes, verdicts, parents, lists and counts of the recorder.
 *
 * On a real machine runs a host kernel that is a player: at each trap it takes the next turn of a script,
 * makes the mark, the TLB entry and the stores written there, and resumes where it says. The script so plays
 * host kernel and VMM at once, and can play a VMM that is wrong. The VMM's process, the guest's kernel and
 * its application are a page of code each. */
#include "kit.h"
#include "machine/recorder.h"

/* clang-format off */
enum { A7 = 17, T3 = 28 };
enum { /* physical pages; each is mapped at the same virtual address, but for the guest's low core */
  PLAYER = 0x1000, POWER_CODE = 0x1800, HOST_SPIN = 0x1900, SCRIPT = 0x2000, SCRIPT_AT = 0x40,
  VMM = 0x6000, LOW = 0x7000, GUEST = 0x8000, APP = 0x9000, DATA = 0xA000, RAM = 0x10000
};
enum { /* code */
  K_RFE = GUEST, K_TLBW = GUEST + 8, K_STORE = GUEST + 0x10, K_MARKED_RFE = GUEST + 0x20, K_CALL = GUEST + 0x30,
  U_CALL = APP, U_CALLED = APP + 8, U_LOAD = APP + 0x10, U_MARK = APP + 0x20, U_SPIN = APP + 0x30, K_WAIT = GUEST + 0x40
};
enum { VMM_ASID = 1, KERNEL_ASID = 5, APP_ASID = 6 };
#define IN(asid) (ST_U | ST_T | (asid) << ST_ASID_SHIFT)
#define V_USER (ST_U | ST_T | 3 << ST_ASID_SHIFT)
#define V_KERNEL 0

struct turn {
  uint32_t kind, a, b, pc, status, hi, lo, timer; /* pc 0: straight on to the next turn */
  struct { uint32_t at, value; } store[12];
};
_Static_assert(sizeof(struct turn) == 128, "the player counts on it");

#define TO_VMM {.kind = MARK_PROC, .a = 1, .b = VMM_ASID, .pc = VMM, .status = IN(VMM_ASID)}
#define TO_KERNEL(where) .kind = MARK_VM, .a = 1, .b = V_KERNEL, .pc = (where), .status = IN(KERNEL_ASID)
#define TO_APP(where) .kind = MARK_VM, .a = 1, .b = V_USER, .pc = (where), .status = IN(APP_ASID)
#define TO_APP_FOR(ticks, where) \
  .kind = MARK_VM, .a = 1, .b = V_USER, .pc = (where), .status = IN(APP_ASID) | ST_IE, .timer = (ticks)
#define MAP(va, asid, pa, rights) {.hi = (va) | (asid), .lo = (pa) | (rights)}
#define LOW_CORE(pc, cause, badva, vector) LOW_CORE_OF(V_USER, pc, cause, badva, vector)
#define LOW_CORE_OF(status, pc, cause, badva, vector) \
  .store = {{LOW + LC_PC, pc}, {LOW + LC_CAUSE, cause}, {LOW + LC_BADVA, badva}, {LOW + LC_VECTOR, vector}, \
            {LOW + LC_STATUS, status}, {LOW + LC_BADINST, badinst_of(cause)}}
#define OFF {.pc = POWER_CODE}
#define RWX TLB_RIGHTS

/* The word that a low core quotes with a cause: of U_CALL, or of U_LOAD. */
static uint32_t badinst_of(uint32_t cause) {
  return cause == CAUSE_SYSCALL ? OP(syscall) : cause == CAUSE_LOAD_MISS ? LD(lw, A0, 0, 18) : 0;
}

/* Stores of one turn, four of them, from word `at` on. */
#define STORES(at)                                                                           \
  LD(lw, T1, (at), T0), LD(lw, T2, (at) + 4, T0), BR(beq, T1, ZERO, 8), ST(sw, T2, 0, T1),   \
      LD(lw, T1, (at) + 8, T0), LD(lw, T2, (at) + 12, T0), BR(beq, T1, ZERO, 8), ST(sw, T2, 0, T1),  \
      LD(lw, T1, (at) + 16, T0), LD(lw, T2, (at) + 20, T0), BR(beq, T1, ZERO, 8), ST(sw, T2, 0, T1), \
      LD(lw, T1, (at) + 24, T0), LD(lw, T2, (at) + 28, T0), BR(beq, T1, ZERO, 8), ST(sw, T2, 0, T1)

static void write_player(struct machine *m) {
  PROGRAM(m, PLAYER, LD(lw, T0, SCRIPT_AT, ZERO), LD(lw, T1, 4, T0), LD(lw, T2, 8, T0), LD(lw, T3, 0, T0),
          RRI(addi, T3, T3, -1), BR(bne, T3, ZERO, 8), insn(PG32_mark, 0, T1, T2, MARK_PROC),
          RRI(addi, T3, T3, -1), BR(bne, T3, ZERO, 8), insn(PG32_mark, 0, T1, T2, MARK_VM),
          RRI(addi, T3, T3, -1), BR(bne, T3, ZERO, 8), insn(PG32_mark, 0, T1, T2, MARK_NAME),
          RRI(addi, T3, T3, -1), BR(bne, T3, ZERO, 8), insn(PG32_mark, 0, T1, T2, MARK_IDLE),
          LD(lw, T1, 24, T0), LD(lw, T2, 20, T0), BR(beq, T1, ZERO, 8), insn(PG32_tlbw, 0, T2, T1, 0),
          STORES(32), STORES(64), STORES(96),
          LD(lw, T1, 16, T0), ST(sw, T1, LC_STATUS, ZERO), LD(lw, T1, 28, T0), ST(sw, T1, LC_TIMER, ZERO),
          LD(lw, T1, 12, T0), ST(sw, T1, LC_PC, ZERO),
          RRI(addi, T0, T0, 128), ST(sw, T0, SCRIPT_AT, ZERO), BR(beq, T1, ZERO, -4 * 76), OP(rfe));
  PROGRAM(m, HOST_SPIN, JAL(ZERO, 0));
  PROGRAM(m, POWER_CODE, LUI(T0, DEV_POWER >> 12), ST(sw, ZERO, 0, T0));
}

static void write_guests(struct machine *m) {
  PROGRAM(m, VMM, RRI(addi, A7, ZERO, 22), OP(syscall));
  PROGRAM(m, K_RFE, OP(fence), OP(rfe));
  PROGRAM(m, K_TLBW, RRR(tlbw, 0, S0, S1), RRI(addi, A0, ZERO, 77), ST(sw, A0, 0, A1), OP(rfe));
  PROGRAM(m, K_MARKED_RFE, insn(PG32_mark, 0, A2, A3, MARK_NAME), insn(PG32_mark, 0, A2, A3, MARK_PROC), OP(rfe));
  PROGRAM(m, K_CALL, OP(syscall));
  PROGRAM(m, K_WAIT, OP(wait), OP(fence), OP(rfe));
  PROGRAM(m, U_CALL, RRI(addi, A7, ZERO, 9), OP(syscall), OP(syscall));
  PROGRAM(m, U_LOAD, LD(lw, A0, 0, 18), OP(syscall));
  PROGRAM(m, U_MARK, insn(PG32_mark, 0, A2, A3, MARK_PROC), insn(PG32_mark, 0, A2, A3, MARK_NAME), OP(syscall));
  PROGRAM(m, U_SPIN, JAL(ZERO, 0));
}

static const struct turn prelude[] = {
  MAP(VMM, VMM_ASID, VMM, RWX), MAP(0, KERNEL_ASID, LOW, RWX), MAP(GUEST, KERNEL_ASID, GUEST, RWX),
  MAP(APP, APP_ASID, APP, RWX), {.kind = MARK_NAME, .a = 1, .b = 'v' | 'm' << 8 | 'm' << 16}, TO_VMM};
#define PRELUDE (sizeof prelude / sizeof *prelude)
/* clang-format on */

/* ---- what the recorder says ---- */

#define MOST 400
struct tape {
  struct record record[MOST];
  char from[MOST][48], to[MOST][48], text[MOST][RECORD_STEPS][LIST_STEP_TEXT]; /* of lanes and steps */
  unsigned n;
  struct recorder *r;
  struct depth_stats stats;
};

static void take(void *arg, const struct record *record) {
  struct tape *t = arg;
  assert_true(t->n < MOST);
  assert_true(record->event == (t->n ? t->record[t->n - 1].event + 1 : 1)); /* each once, in order */
  assert_true(record->parent < record->event);
  strcpy(t->from[t->n], recorder_lane(t->r, record->from)->name);
  strcpy(t->to[t->n], recorder_lane(t->r, record->to)->name);
  for (unsigned i = 0; i < record->steps; i++)
    recorder_step_text(t->r, &record->step[i], t->text[t->n][i], LIST_STEP_TEXT);
  t->record[t->n++] = *record;
}

/* A machine that is about to play prelude and script. */
static struct machine *player(const struct turn *script, size_t bytes) {
  struct machine *m =
      machine_new(&(struct machine_config){.ram_bytes = RAM, .tlb_entries = MACHINE_TLB_ENTRIES});
  write_player(m);
  write_guests(m);
  assert_true(machine_poke(m, PHYSICAL, SCRIPT, prelude, sizeof prelude) == sizeof prelude);
  assert_true(machine_poke(m, PHYSICAL, SCRIPT + sizeof prelude, script, bytes) == bytes);
  poke(m, LC_VECTOR, PLAYER);
  poke(m, SCRIPT_AT, SCRIPT);
  poke(m, LOW + LC_VECTOR, K_RFE);
  poke(m, LOW + LC_PC, U_CALL);
  poke(m, LOW + LC_STATUS, V_USER);
  enter(m, PLAYER, 0, 0);
  set_x(m, A0, 1);        /* vm_run(1) */
  set_x(m, S0, DATA | 3); /* the guest's tlbw */
  set_x(m, S1, 0x3000 | RWX);
  set_x(m, A1, DEV_CONSOLE);                                             /* its store */
  set_x(m, A2, 1), set_x(m, A3, 'b' | 'a' << 8 | 'd' << 16 | '!' << 24); /* its marks */
  set_x(m, 18, DATA + 4);                                                /* its application's load */
  return m;
}

/* Plays to the end. */
static struct tape *play(const struct turn *script, size_t bytes) {
  struct tape *tape = calloc(1, sizeof *tape);
  struct machine *m = player(script, bytes);
  tape->r = recorder_new(m, take, tape);
  assert_non_null(tape->r);
  assert_int_equal(run(m, 10000), EXIT_POWER);
  recorder_finish(tape->r);
  if (recorder_depth(tape->r, 1)) tape->stats = *recorder_depth(tape->r, 1);
  recorder_free(tape->r);
  machine_free(m);
  return tape;
}
#define PLAY(...) play((const struct turn[]){__VA_ARGS__}, sizeof((const struct turn[]){__VA_ARGS__}))

static unsigned nth(const struct tape *t, enum record_kind kind, const char *from, unsigned n) {
  for (unsigned i = 0; i < t->n; i++)
    if (t->record[i].kind == kind && (!from || !strcmp(t->from[i], from)) && n-- == 0) return i;
  fail_msg("no such record");
  return 0;
}
/* The nth trap out of that lane; from 0. */
static const struct record *trap_of(const struct tape *t, const char *from, unsigned n) {
  return &t->record[nth(t, RECORD_TRAP, from, n)];
}
static unsigned traps_of(const struct tape *t, const char *from) {
  unsigned n = 0;
  for (unsigned i = 0; i < t->n; i++) n += t->record[i].kind == RECORD_TRAP && !strcmp(t->from[i], from);
  return n;
}

/* What that step of a list says; NULL if it is not on the tape. */
static const char *says(const struct tape *t, enum lecture_list list, uint64_t event, unsigned step) {
  for (unsigned i = 0; i < t->n; i++)
    for (unsigned k = 0; k < t->record[i].steps; k++) {
      const struct list_step *s = &t->record[i].step[k];
      if (s->list == list && s->list_event == event && s->step == step) return t->text[i][k];
    }
  return NULL;
}

/* The steps of a list, in the order of the tape, as digits. */
static const char *steps_of(const struct tape *t, enum lecture_list list, uint64_t event) {
  static char text[32];
  unsigned n = 0;
  for (unsigned i = 0; i < t->n; i++)
    for (unsigned k = 0; k < t->record[i].steps; k++) {
      const struct list_step *s = &t->record[i].step[k];
      if (s->list == list && s->list_event == event && n < sizeof text - 1) text[n++] = (char)('0' + s->step);
    }
  text[n] = 0;
  return text;
}

/* The guest boots: its kernel's first rfe leads to the application, at U_CALL. */
#define BOOT \
  {TO_KERNEL(K_RFE)}, TO_VMM, { TO_APP(U_CALL) }

/* The same, at U_LOAD, and the kernel has loaded an entry for the page that U_LOAD needs, with all rights. */
#define BOOT_WITH_ENTRY                                                                           \
  {TO_KERNEL(K_TLBW), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_KERNEL(K_TLBW + 4)}, TO_VMM, \
      {TO_KERNEL(K_TLBW + 12)}, TO_VMM, {                                                         \
    TO_APP(U_LOAD)                                                                                \
  }

/* ---- verdicts ---- */

static void a_system_call_is_reflected_and_its_rfe_emulated(void **state) {
  (void)state;
  struct tape *t = PLAY(BOOT, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 0, K_RFE)}, TO_VMM,
                        {TO_APP(U_CALLED)}, OFF);
  const struct record *call = trap_of(t, "vm1 user", 0), *rfe = trap_of(t, "vm1 kernel", 1);
  assert_int_equal(call->trap.cause, CAUSE_SYSCALL);
  assert_int_equal(call->levels, 1);
  assert_int_equal(call->verdict[1], VERDICT_REFLECT);
  assert_int_equal(call->verdict[0], VERDICT_REFLECT);
  assert_int_equal(call->a7, 9);
  assert_int_equal(rfe->trap.cause, CAUSE_PRIVILEGED);
  assert_int_equal(rfe->verdict[1], VERDICT_EMULATE);
  assert_true(rfe->parent == call->event);
  assert_int_equal(trap_of(t, "host/vmm", 1)->verdict[0], VERDICT_HOST);
  assert_string_equal(steps_of(t, LIST_SYSCALL, call->event), "11234");
  const struct record *back = call;
  while (back->resumes == 0) back++;
  assert_true(back->resumes == call->event && back->kind == RECORD_RESUME && back->resume.pc == U_CALLED);
  free(t);
}

static void a_tlb_fault_has_seven_steps_and_a_return(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)},
                        TO_VMM, {TO_KERNEL(K_TLBW), LOW_CORE(U_LOAD, CAUSE_LOAD_MISS, DATA + 4, K_TLBW)},
                        TO_VMM, {TO_KERNEL(K_TLBW + 4), .hi = DATA | APP_ASID, .lo = DATA | RWX}, TO_VMM,
                        {TO_KERNEL(K_TLBW + 12)}, TO_VMM, {TO_APP(U_LOAD)}, OFF);
  const struct record *miss = trap_of(t, "vm1 user", 0), *tlbw = trap_of(t, "vm1 kernel", 1);
  assert_int_equal(miss->trap.cause, CAUSE_LOAD_MISS);
  assert_int_equal(miss->verdict[1], VERDICT_REFLECT);
  assert_int_equal(tlbw->verdict[1], VERDICT_EMULATE);
  assert_int_equal(tlbw->trap.rs1, DATA | 3);
  assert_true(tlbw->parent == miss->event);
  assert_int_equal(trap_of(t, "vm1 kernel", 2)->trap.cause, CAUSE_STORE_MISS); /* of its console */
  assert_int_equal(trap_of(t, "vm1 kernel", 2)->verdict[1], VERDICT_EMULATE);
  assert_string_equal(steps_of(t, LIST_TLB, miss->event), "123456700");
  assert_string_equal(
      says(t, LIST_TLB, miss->event, 1),
      "vm1 user at 0x00009010 needs page 0x0000a; host kernel was entered, in its low core CAUSE "
      "= 14 (LOAD_MISS), BADVA = 0x0000a004.");
  assert_string_equal(says(t, LIST_TLB, miss->event, 4),
                      "vm1 kernel executed `tlbw s0, s1` at 0x00008008: page "
                      "0x0000a, ASID 3 -> frame 0x00003 rwx.");
  assert_string_equal(
      says(t, LIST_TLB, miss->event, 7),
      "host kernel wrote a TLB entry of its own for it: page 0x0000a, ASID 6 -> frame 0x0000a rwx; "
      "vm1 kernel runs on at 0x0000800c, after its tlbw.");
  free(t);
}

static void a_fault_without_an_entry_is_no_seven_steps(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)},
                        TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_LOAD, CAUSE_LOAD_MISS, DATA + 4, K_RFE)},
                        TO_VMM, {TO_APP(U_LOAD)}, OFF);
  assert_string_equal(steps_of(t, LIST_TLB, trap_of(t, "vm1 user", 0)->event), "12300");
  free(t);
}

static void an_entry_for_another_page_is_no_step(void **state) {
  (void)state;
  enum { NOWHERE = DATA + PAGE_SIZE };
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, NOWHERE}}}, TO_VMM, {TO_APP(NOWHERE)},
                        TO_VMM, {TO_KERNEL(K_TLBW), LOW_CORE(NOWHERE, CAUSE_FETCH_MISS, NOWHERE, K_TLBW)},
                        TO_VMM, {TO_KERNEL(K_TLBW + 4)}, OFF);
  assert_int_equal(trap_of(t, "vm1 kernel", 1)->verdict[1], VERDICT_EMULATE);
  assert_string_equal(steps_of(t, LIST_TLB, trap_of(t, "vm1 user", 0)->event), "123");
  free(t);
}

static void what_the_host_fills_is_hidden(void **state) {
  (void)state;
  struct tape *t = PLAY(BOOT_WITH_ENTRY, {TO_APP(U_LOAD), .hi = DATA | APP_ASID, .lo = DATA | RWX}, OFF);
  const struct record *miss = trap_of(t, "vm1 user", 0);
  assert_int_equal(miss->verdict[1], VERDICT_HOST);
  assert_true(miss->hidden_fill[1]);
  assert_int_equal(t->stats.hidden_fills, 1);
  assert_int_equal(miss->steps, 0);
  free(t);
}

static void the_hosts_own_timer_is_the_hosts(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_SPIN}}}, TO_VMM, {TO_APP_FOR(5, U_SPIN)},
                        {TO_APP_FOR(5, U_SPIN)}, OFF);
  const struct record *timer = trap_of(t, "vm1 user", 0);
  assert_int_equal(timer->trap.cause, CAUSE_TIMER);
  assert_int_equal(timer->verdict[1], VERDICT_HOST);
  assert_false(timer->hidden_fill[1]);
  assert_int_equal(t->stats.host_traps, 1);
  free(t);
}

static void the_same_pc_again_is_a_fill(void **state) {
  (void)state;
  struct tape *t =
      PLAY(BOOT_WITH_ENTRY, TO_VMM, {TO_APP(U_LOAD), .hi = DATA | APP_ASID, .lo = DATA | RWX}, OFF);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_FILL);
  assert_int_equal(t->stats.filled, 1);
  free(t);
}

static void an_interrupt_may_come_with_an_emulation(void **state) {
  (void)state;
  struct tape *t =
      PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_STATUS, V_USER | ST_IE}}}, TO_VMM,
           {TO_KERNEL(K_RFE), LOW_CORE_OF(V_USER | ST_IE, U_CALL, CAUSE_TIMER, 0, K_RFE)}, TO_VMM,
           {.kind = MARK_VM, .a = 1, .b = V_USER, .pc = U_CALL, .status = IN(APP_ASID)}, OFF);
  const struct record *first = trap_of(t, "vm1 kernel", 0), *second = trap_of(t, "vm1 kernel", 1);
  assert_int_equal(first->verdict[1], VERDICT_EMULATE);
  assert_true(first->injected[1]);
  assert_int_equal(second->did[1], VERDICT_EMULATE); /* though the TIMER that it loads is 0 */
  assert_false(second->injected[1]);
  assert_true(second->parent == first->event);
  free(t);
}

static void a_timer_may_be_reflected(void **state) {
  (void)state;
  struct tape *t =
      PLAY({TO_KERNEL(K_RFE),
            .store = {{LOW + LC_PC, U_SPIN}, {LOW + LC_STATUS, V_USER | ST_IE}, {LOW + LC_TIMER, 5}}},
           TO_VMM, {TO_APP_FOR(5, U_SPIN), .store = {{LOW + LC_TIMER, 0}}}, TO_VMM,
           {TO_KERNEL(K_RFE), LOW_CORE_OF(V_USER | ST_IE, U_SPIN, CAUSE_TIMER, 0, K_RFE)}, OFF);
  const struct record *timer = trap_of(t, "vm1 user", 0);
  assert_int_equal(timer->verdict[1], VERDICT_REFLECT);
  assert_false(timer->injected[1]);
  assert_int_equal(timer->steps, 0);
  free(t);
}

static void a_fault_that_nobody_filled_is_not_hidden(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)},
                        {TO_APP(U_LOAD)}, OFF);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_HOST);
  assert_false(trap_of(t, "vm1 user", 0)->hidden_fill[1]);
  free(t);
}

static void another_process_is_no_vmm(void **state) {
  (void)state;
  struct tape *t =
      PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_SPIN}}}, TO_VMM, {TO_APP_FOR(5, U_SPIN)},
           {.kind = MARK_PROC, .a = 2, .pc = U_CALL, .status = IN(APP_ASID)}, {TO_APP_FOR(5, U_SPIN)}, OFF);
  assert_int_equal(traps_of(t, "host/2"), 1);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_HOST); /* preempted, not filled */
  assert_int_equal(t->stats.exits, 1);
  free(t);
}

static void a_guest_kernels_own_call_is_no_list(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_CALL)}, TO_VMM,
                        {TO_KERNEL(K_RFE), LOW_CORE_OF(0, K_CALL + 4, CAUSE_SYSCALL, 0, K_RFE)}, OFF);
  const struct record *call = trap_of(t, "vm1 kernel", 0);
  assert_int_equal(call->verdict[1], VERDICT_REFLECT);
  assert_string_equal(steps_of(t, LIST_SYSCALL, call->event), "");
  free(t);
}

static void a_kernel_may_return_to_something_else(void **state) {
  (void)state;
  struct tape *t =
      PLAY(BOOT, TO_VMM, {TO_KERNEL(K_TLBW + 12), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 0, K_TLBW + 12)}, TO_VMM,
           {TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)}, OFF);
  const struct record *call = trap_of(t, "vm1 user", 0);
  assert_int_equal(call->verdict[1], VERDICT_REFLECT);
  assert_string_equal(steps_of(t, LIST_SYSCALL, call->event), "1120");
  assert_int_equal(trap_of(t, "vm1 kernel", 2)->verdict[1], VERDICT_EMULATE);
  assert_string_equal(says(t, LIST_SYSCALL, call->event, 0),
                      "vm1 user was resumed elsewhere, at 0x00009010, in the same ASID, 3.");
  free(t);
}

static void the_vmms_own_page_is_not_the_guests(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)},
                        TO_VMM, {TO_KERNEL(K_TLBW), LOW_CORE(U_LOAD, CAUSE_LOAD_MISS, DATA + 4, K_TLBW)},
                        TO_VMM, {TO_KERNEL(K_TLBW + 4), .hi = DATA | VMM_ASID, .lo = DATA | RWX}, OFF);
  assert_string_equal(
      says(t, LIST_TLB, trap_of(t, "vm1 user", 0)->event, 7),
      "host kernel has written no TLB entry of its own for it yet; vm1 kernel runs on at 0x0000800c, "
      "after its tlbw.");
  free(t);
}

static void a_sentence_is_cut_to_its_room(void **state) {
  (void)state;
  struct machine *m = machine_new(&(struct machine_config){.ram_bytes = RAM});
  struct recorder *r = recorder_new(m, NULL, NULL);
  const struct list_step none = {.list = LIST_NONE}; /* its words are 0: lane 0, address 0 */
  char text[LIST_STEP_TEXT + 1], cut[LIST_STEP_TEXT + 1];
  const size_t length = strlen(recorder_step_text(r, &none, text, LIST_STEP_TEXT));
  assert_true(length > 100);
  for (size_t size = 1; size <= length + 1; size++) {
    memset(cut, '!', sizeof cut);
    recorder_step_text(r, &none, cut, size);
    assert_int_equal(strlen(cut), size - 1);
    assert_memory_equal(cut, text, size - 1);
    assert_int_equal(cut[size], '!');
  }
  recorder_free(r);
  machine_free(m);
}

/* ---- the virtual TIMER ---- */

struct timers { /* at each boundary at which the guest is about to run */
  struct {
    uint32_t pc, timer;
    bool known;
  } at[MOST];
  unsigned n;
};

static void note_timer(struct timers *t, const struct machine *m, const struct recorder *r) {
  struct machine_regs regs;
  struct lane_vm vm;
  machine_get_regs(m, &regs);
  if (!recorder_lane_vm(r, recorder_current(r), 1, &vm)) return;
  assert_true(t->n < MOST);
  t->at[t->n].pc = regs.pc, t->at[t->n].timer = vm.timer, t->at[t->n++].known = vm.timer_known;
}

/* Plays to the end, a step at a time, watched from `first` on. */
static struct timers timers_of(const struct turn *script, size_t bytes, uint64_t first) {
  struct timers t = {.n = 0};
  struct machine *m = player(script, bytes);
  const struct machine_limits no_limits = {UINT64_MAX, UINT64_MAX, false};
  machine_run_to(m, &no_limits, first);
  struct recorder *r = recorder_new(m, NULL, NULL);
  while (machine_run_to(m, &no_limits, machine_steps(m) + 1) == EXIT_LIMIT) note_timer(&t, m, r);
  recorder_free(r);
  machine_free(m);
  return t;
}
#define TIMERS(first, ...) \
  timers_of((const struct turn[]){__VA_ARGS__}, sizeof((const struct turn[]){__VA_ARGS__}), first)
#define UNKNOWN UINT32_MAX
#define SET(word, value) \
  { LOW + (word), (value) }

static void assert_timers(const struct timers *t, const uint32_t (*expected)[2], size_t n) {
  for (size_t i = 0; i < n && i < t->n; i++) {
    assert_int_equal(t->at[i].pc, expected[i][0]);
    assert_int_equal(t->at[i].known, expected[i][1] != UNKNOWN);
    if (t->at[i].known) assert_int_equal(t->at[i].timer, expected[i][1]);
  }
  assert_int_equal(t->n, n);
}
#define ASSERT_TIMERS(t, ...) \
  assert_timers(&(t), (const uint32_t[][2]){__VA_ARGS__}, sizeof((const uint32_t[][2]){__VA_ARGS__}) / 8)

static void the_virtual_timer_falls_by_each_instruction_native_or_emulated(void **state) {
  (void)state;
  struct timers t = TIMERS(
      0, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 100)}}, TO_VMM, {TO_APP(U_CALL)}, TO_VMM,
      {TO_KERNEL(K_TLBW), .store = {SET(LC_PC, U_CALLED), SET(LC_CAUSE, CAUSE_SYSCALL),
                                    SET(LC_VECTOR, K_TLBW), SET(LC_TIMER, 98)}},
      TO_VMM, {TO_KERNEL(K_TLBW + 4)}, TO_VMM, {TO_KERNEL(K_TLBW + 12)}, TO_VMM, {TO_APP(U_CALLED)}, OFF);
  ASSERT_TIMERS(t, {K_RFE, 0}, {K_RFE + 4, 0}, /* a new VM's TIMER is 0, where it sticks; rfe loads it */
                {U_CALL, 100}, {U_CALL + 4, 99}, {K_TLBW, 98},         /* syscall retires before it traps */
                {K_TLBW + 4, 97}, {K_TLBW + 8, 96}, {K_TLBW + 12, 95}, /* tlbw and the store are emulated */
                {U_CALLED, 98});                                       /* and the low core's is loaded anew */
}

static void an_emulated_call_has_retired_before(void **state) {
  (void)state;
  struct timers t = TIMERS(0, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 100)}}, TO_VMM, {TO_APP(U_CALL)},
                           TO_VMM, {TO_APP(U_CALLED)}, OFF);
  ASSERT_TIMERS(t, {K_RFE, 0}, {K_RFE + 4, 0}, {U_CALL, 100}, {U_CALL + 4, 99}, {U_CALLED, 98});
}

static void the_virtual_timer_sticks_at_0(void **state) {
  (void)state;
  struct timers t = TIMERS(0, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 1)}}, TO_VMM, {TO_APP(U_CALL)}, OFF);
  ASSERT_TIMERS(t, {K_RFE, 0}, {K_RFE + 4, 0}, {U_CALL, 1}, {U_CALL + 4, 0});
}

static void a_fault_that_is_filled_takes_no_virtual_time(void **state) {
  (void)state;
  struct timers t = TIMERS(0, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 9), SET(LC_PC, U_LOAD)}}, TO_VMM,
                           {TO_APP(U_LOAD)}, TO_VMM, MAP(DATA, APP_ASID, DATA, RWX), {TO_APP(U_LOAD)}, OFF);
  ASSERT_TIMERS(t, {K_RFE, 0}, {K_RFE + 4, 0}, {U_LOAD, 9}, {U_LOAD, 9}, {U_LOAD + 4, 8});
}

static void an_injected_interrupt_tells_the_timer_after_a_wait(void **state) {
  (void)state;
  struct timers t =
      TIMERS(0, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 70), SET(LC_PC, K_WAIT), SET(LC_STATUS, ST_IE)}},
             TO_VMM, {TO_KERNEL(K_WAIT)}, TO_VMM,
             {TO_KERNEL(K_RFE), .store = {SET(LC_PC, K_WAIT + 4), SET(LC_CAUSE, CAUSE_DEVICE),
                                          SET(LC_VECTOR, K_RFE), SET(LC_TIMER, 33)}},
             OFF);
  ASSERT_TIMERS(t, {K_RFE, 0}, {K_RFE + 4, 0}, {K_WAIT, 70}, {K_RFE, 33}, {K_RFE + 4, 32});
}

static void a_wait_that_nothing_interrupts_leaves_the_timer_unknown_until_it_is_loaded(void **state) {
  (void)state;
  struct timers t =
      TIMERS(0, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 70), SET(LC_PC, K_WAIT), SET(LC_STATUS, 0)}},
             TO_VMM, {TO_KERNEL(K_WAIT)}, TO_VMM, {TO_KERNEL(K_WAIT + 4)}, TO_VMM, {TO_KERNEL(K_WAIT)}, OFF);
  ASSERT_TIMERS(t, {K_RFE, 0}, {K_RFE + 4, 0}, {K_WAIT, 70}, {K_WAIT + 4, UNKNOWN}, {K_WAIT + 8, UNKNOWN},
                {K_WAIT, 70});
}

static void the_timer_of_a_vm_that_was_there_first_is_unknown_until_it_is_loaded(void **state) {
  (void)state;
  struct timers t = TIMERS(1, {TO_KERNEL(K_RFE), .store = {SET(LC_TIMER, 5)}}, TO_VMM, {TO_APP(U_CALL)}, OFF);
  ASSERT_TIMERS(t, {K_RFE, UNKNOWN}, {K_RFE + 4, UNKNOWN}, {U_CALL, 5}, {U_CALL + 4, 4});
}

/* ---- VMMs that are wrong ---- */

static void a_place_that_is_not_the_vector_is_no_reflection(void **state) {
  (void)state;
  struct tape *t = PLAY(BOOT, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 0, K_TLBW)}, OFF);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_OTHER);
  free(t);
}

static void the_vector_without_the_low_core_is_no_reflection(void **state) {
  (void)state;
  struct tape *t = PLAY(BOOT, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALLED, CAUSE_BREAK, 0, K_RFE)}, OFF);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_WRONG);
  assert_int_equal(trap_of(t, "vm1 user", 0)->wrong[1], WRONG_CAUSE);
  assert_int_equal(trap_of(t, "vm1 user", 0)->seen[1], CAUSE_BREAK);
  free(t);
  t = PLAY(BOOT, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALLED + 4, CAUSE_SYSCALL, 0, K_RFE)}, OFF);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_OTHER);
  assert_int_equal(t->stats.reflected, 0);
  assert_string_equal(steps_of(t, LIST_SYSCALL, trap_of(t, "vm1 user", 0)->event), "");
  free(t);
}

/* That trap of vm1 user, the first, was answered wrongly, so; due was that. */
static void assert_wrong(struct tape *t, enum wrong wrong, unsigned due, enum verdict did) {
  const struct record *trap = trap_of(t, "vm1 user", 0);
  assert_int_equal(trap->verdict[1], VERDICT_WRONG);
  assert_int_equal(trap->verdict[0], VERDICT_WRONG);
  assert_int_equal(trap->wrong[1], wrong);
  assert_int_equal(trap->due[1], due);
  assert_int_equal(trap->did[1], did);
  assert_int_equal(trap->steps != 0, wrong > WRONG_CAUSE); /* no list, unless it is only a detail */
  assert_int_equal(t->stats.wrong, 1);
  free(t);
}

static void a_vmm_that_serves_a_system_call_is_wrong(void **state) {
  (void)state;
  assert_wrong(PLAY(BOOT, TO_VMM, {TO_APP(U_CALLED)}, OFF), WRONG_ACTION, CAUSE_SYSCALL, VERDICT_EMULATE);
}

static void a_fill_that_the_virtual_tlb_does_not_allow_is_wrong(void **state) {
  (void)state;
  assert_wrong(PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)}, TO_VMM,
                    {TO_APP(U_LOAD), .hi = DATA | APP_ASID, .lo = DATA | RWX}, OFF),
               WRONG_ACTION, CAUSE_LOAD_MISS, VERDICT_FILL);
  assert_wrong(PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_LOAD}}}, TO_VMM, {TO_APP(U_LOAD)},
                    {TO_APP(U_LOAD), .hi = DATA | APP_ASID, .lo = DATA | RWX}, OFF),
               WRONG_FILLED_BELOW, CAUSE_LOAD_MISS, VERDICT_FILL);
}

static void a_miss_of_a_page_that_the_virtual_tlb_has_is_not_the_guests(void **state) {
  (void)state;
  assert_wrong(PLAY(BOOT_WITH_ENTRY, TO_VMM,
                    {TO_KERNEL(K_RFE), LOW_CORE(U_LOAD, CAUSE_LOAD_MISS, DATA + 4, K_RFE)}, OFF),
               WRONG_ACTION, DUE_FILL, VERDICT_REFLECT);
}

static void a_low_core_must_tell_the_old_status_and_the_instruction(void **state) {
  (void)state;
  assert_wrong(PLAY(BOOT, TO_VMM,
                    {TO_KERNEL(K_RFE), LOW_CORE_OF(V_USER | ST_IE, U_CALLED, CAUSE_SYSCALL, 0, K_RFE)}, OFF),
               WRONG_STATUS, CAUSE_SYSCALL, VERDICT_REFLECT);
  assert_wrong(PLAY(BOOT, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 4, K_RFE)}, OFF),
               WRONG_BADVA, CAUSE_SYSCALL, VERDICT_REFLECT);
  assert_wrong(PLAY(BOOT, TO_VMM,
                    {TO_KERNEL(K_RFE),
                     .store = {SET(LC_PC, U_CALLED), SET(LC_CAUSE, CAUSE_SYSCALL), SET(LC_STATUS, V_USER)}},
                    OFF),
               WRONG_BADINST, CAUSE_SYSCALL, VERDICT_REFLECT);
  assert_wrong(PLAY(BOOT, TO_VMM,
                    {TO_KERNEL(K_RFE),
                     .store = {SET(LC_PC, U_CALLED), SET(LC_CAUSE, CAUSE_SYSCALL), SET(LC_TIMER, 1)}},
                    OFF),
               WRONG_TIMER, CAUSE_SYSCALL, VERDICT_REFLECT);
}

static void an_interrupt_needs_ie_and_a_virtual_timer_of_0(void **state) {
  (void)state;
  struct tape *t =
      PLAY({TO_KERNEL(K_RFE)}, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALL, CAUSE_TIMER, 0, K_RFE)}, OFF);
  assert_int_equal(trap_of(t, "vm1 kernel", 0)->wrong[1], WRONG_INTERRUPTED);
  free(t);
  t = PLAY({TO_KERNEL(K_RFE), .store = {SET(LC_STATUS, V_USER | ST_IE)}}, TO_VMM, {TO_APP(U_CALL)}, OFF);
  assert_int_equal(trap_of(t, "vm1 kernel", 0)->wrong[1], WRONG_UNINTERRUPTED);
  free(t);
}

/* The VMM forgets to change the mode, and says so to the kernel below: the guest's kernel is its kernel all
 * the same, and its rfe is not the application's. */
static void the_mode_is_the_guests_and_not_the_vmms_word(void **state) {
  (void)state;
  struct turn lies = {TO_APP(K_RFE), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 0, K_RFE)};
  lies.status = IN(KERNEL_ASID);
  struct tape *t = PLAY(BOOT, TO_VMM, lies, TO_VMM,
                        {TO_KERNEL(K_RFE), LOW_CORE_OF(V_USER, K_RFE + 4, CAUSE_PRIVILEGED, 0, K_RFE)}, OFF);
  const struct record *rfe = trap_of(t, "vm1 kernel", 1);
  assert_int_equal(trap_of(t, "vm1 user", 0)->verdict[1], VERDICT_REFLECT);
  assert_int_equal(rfe->trap.cause, CAUSE_PRIVILEGED);
  assert_int_equal(rfe->virtual_status & ST_U, 0);
  assert_int_equal(rfe->vmm_status & ST_U, ST_U);
  assert_int_equal(rfe->wrong[1], WRONG_ACTION);
  assert_int_equal(rfe->due[1], DUE_EMULATE);
  free(t);
}

static void to_resume_elsewhere_is_neither(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE)}, TO_VMM, {TO_APP(U_LOAD)}, OFF);
  assert_int_equal(trap_of(t, "vm1 kernel", 0)->verdict[1], VERDICT_OTHER);
  free(t);
}

static void a_call_that_does_not_return_stays_open(void **state) {
  (void)state;
  struct tape *t = PLAY(
      BOOT, TO_VMM, {TO_KERNEL(K_STORE - 4), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 0, K_STORE - 4)}, TO_VMM, OFF);
  assert_string_equal(steps_of(t, LIST_SYSCALL, trap_of(t, "vm1 user", 0)->event), "112");
  assert_int_equal(trap_of(t, "vm1 kernel", 1)->verdict[1],
                   VERDICT_KILL); /* its VMM has it, and the power went off */
  free(t);
}

/* ---- lanes ---- */

static void a_kernel_names_its_own_children(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_MARKED_RFE)}, TO_VMM, {TO_APP(U_CALL)}, OFF);
  assert_int_equal(traps_of(t, "vm1/bad!"), 1);
  assert_int_equal(traps_of(t, "host/vmm"), 2);
  assert_int_equal(traps_of(t, "vm1 user"), 0);
  free(t);
}

static void an_application_names_nobody(void **state) {
  (void)state;
  struct tape *t = PLAY({TO_KERNEL(K_RFE), .store = {{LOW + LC_PC, U_MARK}}}, TO_VMM, {TO_APP(U_MARK)},
                        TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_MARK + 12, CAUSE_SYSCALL, 0, K_RFE)}, TO_VMM,
                        {TO_APP_FOR(3, U_SPIN)}, OFF);
  assert_int_equal(trap_of(t, "vm1 user", 0)->trap.cause, CAUSE_SYSCALL);
  assert_int_equal(traps_of(t, "vm1 user"), 2);
  assert_int_equal(traps_of(t, "vm1/bad!"), 0);
  free(t);
}

static void another_name_is_another_lane(void **state) {
  (void)state;
  struct tape *t = PLAY(TO_VMM, {.kind = MARK_NAME, .a = 1, .b = 's' | 'h' << 8}, TO_VMM, OFF);
  assert_int_equal(traps_of(t, "host/vmm"), 2);
  assert_int_equal(traps_of(t, "host/sh"), 1);
  free(t);
}

static void an_interrupt_ends_idling(void **state) {
  (void)state;
  struct tape *t = PLAY({.kind = MARK_IDLE, .pc = HOST_SPIN, .status = ST_IE, .timer = 3}, OFF);
  const unsigned timer = nth(t, RECORD_TRAP, "host idle", 0);
  assert_int_equal(t->record[timer].trap.cause, CAUSE_TIMER);
  assert_string_equal(t->to[timer], "host kernel");
  free(t);
}

static void idle_is_a_lane_until_the_next_trap(void **state) {
  (void)state;
  struct tape *t = PLAY({.kind = MARK_IDLE, .pc = POWER_CODE});
  const unsigned store = nth(t, RECORD_DEVICE, NULL, 0);
  assert_string_equal(t->from[store], "host idle");
  free(t);
}

/* ---- counts ---- */

static void counts_add_up(void **state) {
  (void)state;
  struct tape *t = PLAY(BOOT, TO_VMM, {TO_KERNEL(K_RFE), LOW_CORE(U_CALLED, CAUSE_SYSCALL, 0, K_RFE)}, TO_VMM,
                        {TO_APP(U_CALLED)}, OFF);
  assert_int_equal(t->stats.exits, 3); /* the last syscall reaches no VMM */
  assert_int_equal(t->stats.by_cause[CAUSE_SYSCALL], 1);
  assert_int_equal(t->stats.by_cause[CAUSE_PRIVILEGED], 2);
  assert_int_equal(t->stats.by_instruction[pg32_row(PG32_rfe)->opcode], 2);
  assert_int_equal(t->stats.by_instruction[pg32_row(PG32_syscall)->opcode], 1);
  assert_int_equal(t->stats.reflected, 1);
  assert_int_equal(t->stats.emulated, 2);
  assert_int_equal(t->stats.retired_emulated, 2);
  assert_int_equal(t->stats.retired_native, 1 + 2 + 1 + 1); /* fence; addi, syscall; fence; syscall */
  free(t);
}

static void the_lecture_is_quoted(void **state) {
  (void)state;
  assert_string_equal(recorder_lecture_words(LIST_SYSCALL, 1), "syscall: host OS vectors trap to VMM.");
  assert_string_equal(recorder_lecture_words(LIST_TLB, 6), "Hand trap to the VMM.");
  assert_null(recorder_lecture_words(LIST_SYSCALL, 5));
  assert_null(recorder_lecture_words(LIST_TLB, 8));
  assert_null(recorder_lecture_words(LIST_TLB, 0));
}

static void a_process_keeps_its_name_but_for_what_misleads(void **state) {
  static const struct {
    const char *told, *name;
  } names[] = {
      {"sh", "sh"},
      {"two words", "two words"},
      {"caf\xC3\xA9 \"x\\", "caf\xC3\xA9 \"x\\"},
      {"\xE6\x97\xA5\xE6\x9C\xAC", "\xE6\x97\xA5\xE6\x9C\xAC"},
      {"\xF0\x9F\x8E\xAA", "\xF0\x9F\x8E\xAA"},
      {"a\x1B[2Jb\n", "a?[2Jb?"}, /* an escape sequence, a newline */
      {"\x7F\xC2\x9B", "???"},    /* DEL, CSI in one character */
      {"a\xE2\x80\xAE"
       "b",
       "a???b"},                                /* right to left from here */
      {"\xE2\x80\x8Bsh", "???sh"},              /* a blank without width */
      {"latin\xE9", "latin?"},                  /* no UTF-8 */
      {"\xC0\xAF", "??"},                       /* overlong */
      {"fourteen_ch_xx\xC3", "fourteen_ch_xx"}, /* cut off by the kernel */
      {"thirteen_ch_x\xE2\x82", "thirteen_ch_x"},
      {"thirteen_ch_xy\x82", "thirteen_ch_xy?"},
      {"", ""},
      {"web:httpd", "web:httpd"}, /* in a container */
      {"a_container:fourteen_ch_xx\xC3", "a_container:fourteen_ch_xx"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char name[2 * PROC_NAME] = "";
    memcpy(name, names[i].told, strlen(names[i].told));
    recorder_process_name(name, sizeof name);
    assert_string_equal(name, names[i].name);
  }
}

static void a_lane_tells_its_program(void **state) {
  static const struct {
    const char *lane, *program;
  } lanes[] = {
      {"host/sh", "sh"}, {"vm1.2/web:httpd", "httpd"}, {"host/a:b:c", "b:c"}, {"host/x:", "x:"}, {"sh", "sh"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
    assert_string_equal(recorder_lane_program(lanes[i].lane), lanes[i].program);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_system_call_is_reflected_and_its_rfe_emulated),
      cmocka_unit_test(a_lane_tells_its_program),
      cmocka_unit_test(a_tlb_fault_has_seven_steps_and_a_return),
      cmocka_unit_test(a_fault_without_an_entry_is_no_seven_steps),
      cmocka_unit_test(an_entry_for_another_page_is_no_step),
      cmocka_unit_test(what_the_host_fills_is_hidden),
      cmocka_unit_test(a_fault_that_nobody_filled_is_not_hidden),
      cmocka_unit_test(the_hosts_own_timer_is_the_hosts),
      cmocka_unit_test(another_process_is_no_vmm),
      cmocka_unit_test(the_same_pc_again_is_a_fill),
      cmocka_unit_test(an_interrupt_may_come_with_an_emulation),
      cmocka_unit_test(a_timer_may_be_reflected),
      cmocka_unit_test(a_guest_kernels_own_call_is_no_list),
      cmocka_unit_test(a_kernel_may_return_to_something_else),
      cmocka_unit_test(the_vmms_own_page_is_not_the_guests),
      cmocka_unit_test(a_sentence_is_cut_to_its_room),
      cmocka_unit_test(the_virtual_timer_falls_by_each_instruction_native_or_emulated),
      cmocka_unit_test(an_emulated_call_has_retired_before),
      cmocka_unit_test(the_virtual_timer_sticks_at_0),
      cmocka_unit_test(a_fault_that_is_filled_takes_no_virtual_time),
      cmocka_unit_test(an_injected_interrupt_tells_the_timer_after_a_wait),
      cmocka_unit_test(a_wait_that_nothing_interrupts_leaves_the_timer_unknown_until_it_is_loaded),
      cmocka_unit_test(the_timer_of_a_vm_that_was_there_first_is_unknown_until_it_is_loaded),
      cmocka_unit_test(a_place_that_is_not_the_vector_is_no_reflection),
      cmocka_unit_test(the_vector_without_the_low_core_is_no_reflection),
      cmocka_unit_test(a_vmm_that_serves_a_system_call_is_wrong),
      cmocka_unit_test(a_fill_that_the_virtual_tlb_does_not_allow_is_wrong),
      cmocka_unit_test(a_miss_of_a_page_that_the_virtual_tlb_has_is_not_the_guests),
      cmocka_unit_test(a_low_core_must_tell_the_old_status_and_the_instruction),
      cmocka_unit_test(an_interrupt_needs_ie_and_a_virtual_timer_of_0),
      cmocka_unit_test(the_mode_is_the_guests_and_not_the_vmms_word),
      cmocka_unit_test(to_resume_elsewhere_is_neither),
      cmocka_unit_test(a_call_that_does_not_return_stays_open),
      cmocka_unit_test(a_kernel_names_its_own_children),
      cmocka_unit_test(an_application_names_nobody),
      cmocka_unit_test(another_name_is_another_lane),
      cmocka_unit_test(a_process_keeps_its_name_but_for_what_misleads),
      cmocka_unit_test(idle_is_a_lane_until_the_next_trap),
      cmocka_unit_test(an_interrupt_ends_idling),
      cmocka_unit_test(counts_add_up),
      cmocka_unit_test(the_lecture_is_quoted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
