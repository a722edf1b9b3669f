/* test_stack.c - what the whole stack promises in numbers: exits a system call and a TLB fault cost at each
 * depth, what the paths of an exit may and may not execute, how long a round trip is, how many pages it
 * needs.
 *
 * Drives the built programs as a person would (BUILD names the build folder) and reads their JSON; for the
 * pages it runs the machine itself, with the tool's own way of putting a run together. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "normal_tlb.h"
#include "tools/trapeze/trapeze.h"

static const char *build(void) { return getenv("BUILD") ? getenv("BUILD") : "build"; }

/* ---- counts, from --stats ---- */

static json_t *stats(int depth, const char *program) {
  char command[512], file[] = "/tmp/trapeze-stats-XXXXXX";
  int fd = mkstemp(file);
  assert_true(fd >= 0);
  snprintf(command, sizeof command, "%s/bin/trapeze run --depth %d --stats %s %s >%s.out </dev/null", build(),
           depth, file, program, file);
  assert_int_equal(system(command), 0);
  json_t *s = json_load_file(file, 0, NULL);
  assert_non_null(s);
  unlink(file);
  strcat(strcpy(command, file), ".out");
  unlink(command);
  return s;
}

/* The number at depths[level - 1].a[.b[.c]]; 0 when it is not there. */
static json_int_t number(json_t *s, int level, const char *a, const char *b, const char *c) {
  json_t *at = json_object_get(json_array_get(json_object_get(s, "depths"), level - 1), a);
  if (b) at = json_object_get(at, b);
  if (c) at = json_object_get(at, c);
  return json_integer_value(at);
}

struct delta {
  json_t *few, *many;
};

static json_int_t grown(struct delta d, int level, const char *a, const char *b, const char *c) {
  return number(d.many, level, a, b, c) - number(d.few, level, a, b, c);
}

/* What 100 more null system calls add. */
static struct delta hundred_calls(int depth) {
  return (struct delta){stats(depth, "null-syscall 100"), stats(depth, "null-syscall 200")};
}

static void delta_free(struct delta d) {
  json_decref(d.few);
  json_decref(d.many);
}

static void system_call_costs(int depth, int exits) {
  struct delta d = hundred_calls(depth);
  assert_int_equal(grown(d, 1, "exits", "total", NULL), 100 * exits);
  assert_int_equal(grown(d, depth, "exits", "total", NULL), 200); /* the syscall and the rfe */
  assert_int_equal(grown(d, 1, "hidden_fills", NULL, NULL), 0);
  assert_int_equal(grown(d, 1, "host_traps", NULL, NULL), 0);
  assert_int_equal(grown(d, 1, "reflected", NULL, NULL) + grown(d, 1, "emulated", NULL, NULL), 100 * exits);
  delta_free(d);
}

static void a_system_call_costs_2_8_32_exits(void **state) {
  (void)state;
  system_call_costs(1, 2);
  system_call_costs(2, 8);
  system_call_costs(3, 32);
}

/* The paths of a system call and of vm_run, being the guest's own at depth 2: of what can trap they execute
 * syscall and rfe, and touch no device. */
static void hot_paths_execute_only_syscall_and_rfe(void **state) {
  (void)state;
  struct delta d = hundred_calls(2);
  json_int_t total = grown(d, 1, "exits", "total", NULL);
  assert_int_equal(grown(d, 1, "exits", "by_instruction", "syscall") +
                       grown(d, 1, "exits", "by_instruction", "rfe"),
                   total);
  assert_int_equal(grown(d, 1, "exits", "by_instruction", "syscall"), 300); /* the call, and vm_run twice */
  assert_int_equal(
      grown(d, 1, "exits", "by_cause", "SYSCALL") + grown(d, 1, "exits", "by_cause", "PRIVILEGED"), total);
  static const char *const forbidden[] = {"mfst", "mtst", "tlbi", "tlbw", "wait"};
  for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
    assert_int_equal(grown(d, 1, "exits", "by_instruction", forbidden[i]), 0);
  delta_free(d);
}

static void compute_bound_programs_retire_natively(void **state) {
  (void)state;
  static const char *const programs[] = {"spin 20", "matmul 96", "primes 200000"};
  for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
    json_t *s = stats(1, programs[i]);
    json_int_t native = number(s, 1, "retired", "native", NULL),
               emulated = number(s, 1, "retired", "emulated", NULL);
    assert_true(native > 1000 * emulated); /* over 99.9% */
    json_decref(s);
  }
}

/* The lanes' instructions are all the instructions there were. */
static void lanes_add_up(void **state) {
  (void)state;
  json_t *s = stats(2, "null-syscall 20"), *lane;
  json_int_t sum = 0;
  const char *name;
  json_object_foreach(json_object_get(s, "lanes"), name, lane) sum += json_integer_value(lane);
  assert_int_equal(sum, json_integer_value(json_object_get(s, "instructions")));
  json_decref(s);
}

/* ---- one exit, from the JSON trace ---- */

typedef void each_record(json_t *record, void *arg);

static void trace(int depth, const char *program, each_record *each, void *arg) {
  char command[512], line[1 << 16];
  snprintf(command, sizeof command, "%s/bin/trapeze trace --format json --depth %d %s 2>/dev/null </dev/null",
           build(), depth, program);
  FILE *p = popen(command, "r");
  assert_non_null(p);
  while (fgets(line, sizeof line, p)) {
    json_t *record = json_loads(line, 0, NULL);
    assert_non_null(record);
    each(record, arg);
    json_decref(record);
  }
  assert_int_equal(pclose(p), 0);
}

static const char *text(json_t *record, const char *key) {
  const char *s = json_string_value(json_object_get(record, key));
  return s ? s : "";
}
static json_int_t integer(json_t *record, const char *key) {
  return json_integer_value(json_object_get(record, key));
}
static bool has_prefix(const char *s, const char *prefix) { return strncmp(s, prefix, strlen(prefix)) == 0; }

struct round_trips {
  json_int_t left; /* when the VM was left by a system call or an rfe; 0: not such an exit */
  char verdict[16];
  int reflects, emulates;
  json_int_t worst[2]; /* of reflect, emulate */
};

static void time_round_trip(json_t *record, void *arg) {
  struct round_trips *r = arg;
  if (strcmp(text(record, "kind"), "trap") == 0 && has_prefix(text(record, "from"), "vm1")) {
    bool timed =
        strcmp(text(record, "cause"), "SYSCALL") == 0 || strcmp(text(record, "instruction"), "rfe") == 0;
    r->left = timed ? integer(record, "retired") : 0;
    snprintf(r->verdict, sizeof r->verdict, "%s", text(record, "verdict"));
  } else if (strcmp(text(record, "kind"), "resume") == 0 && has_prefix(text(record, "to"), "vm1") &&
             r->left) {
    bool emulate = strcmp(r->verdict, "emulate") == 0;
    json_int_t cost = integer(record, "retired") - r->left;
    if (emulate ? ++r->emulates > 20 : ++r->reflects > 20) /* warm */
      if (cost > r->worst[emulate]) r->worst[emulate] = cost;
    r->left = 0;
  }
}

static void a_round_trip_takes_at_most_300_instructions(void **state) {
  (void)state;
  struct round_trips r = {0};
  trace(1, "null-syscall 200", time_round_trip, &r);
  assert_in_range(r.reflects, 200, 250);
  assert_in_range(r.emulates, 200, 300);
  assert_in_range(r.worst[0], 100, 300);
  assert_in_range(r.worst[1], 100, 320);
}

struct emulation {
  const char *instruction;
  json_int_t left, least, worst; /* instructions from the trap to the guest's next one */
  int n;
};

static void time_emulation(json_t *record, void *arg) {
  struct emulation *e = arg;
  if (strcmp(text(record, "kind"), "trap") == 0 && has_prefix(text(record, "from"), "vm1")) {
    bool timed = has_prefix(text(record, "instruction"), e->instruction);
    e->left = timed ? integer(record, "retired") : 0;
  } else if (strcmp(text(record, "kind"), "resume") == 0 && has_prefix(text(record, "to"), "vm1") &&
             e->left) {
    json_int_t cost = integer(record, "retired") - e->left;
    if (!e->n++ || cost < e->least) e->least = cost;
    if (cost > e->worst) e->worst = cost;
    e->left = 0;
  }
}

/* The least: an entry that is replaced, and a page of the VMM's own that the TLB has lost, come on top. */
static void a_tlbw_takes_at_most_500_instructions(void **state) {
  (void)state;
  struct emulation e = {"tlbw", 0, 0, 0, 0};
  trace(1, "touch-pages 300 2", time_emulation, &e);
  assert_true(e.n > 300);
  assert_in_range(e.least, 100, 500);
}

/* However many entries there are: in the shell's fork and exec whole address spaces go. */
static void a_tlbi_takes_at_most_800_instructions(void **state) {
  (void)state;
  struct emulation e = {"tlbi", 0, 0, 0, 0};
  trace(1, "sh -c 'touch-pages 300 1; ls; touch-pages 200 1; ls'", time_emulation, &e);
  assert_true(e.n > 30);
  assert_in_range(e.worst, 100, 800);
}

struct misses {
  json_int_t left;
  int all, longer; /* reflected TLB misses; those of over 340 instructions */
};

static void time_miss(json_t *record, void *arg) {
  struct misses *r = arg;
  if (strcmp(text(record, "kind"), "trap") == 0 && has_prefix(text(record, "from"), "vm1")) {
    bool timed =
        strcmp(text(record, "cause"), "LOAD_MISS") == 0 && strcmp(text(record, "verdict"), "reflect") == 0;
    r->left = timed ? integer(record, "retired") : 0;
  } else if (strcmp(text(record, "kind"), "resume") == 0 && has_prefix(text(record, "to"), "vm1") &&
             r->left) {
    r->all++;
    r->longer += integer(record, "retired") - r->left > 340;
    r->left = 0;
  }
}

/* The median: chains of the hash differ in length, and more pages than entries push out the VMM's own,
 * too. */
static void so_does_the_median_reflected_tlb_miss(void **state) {
  (void)state;
  struct misses r = {0};
  trace(1, "touch-pages 300 6", time_miss, &r);
  assert_true(r.all > 1000);
  assert_true(r.longer < r.all / 2);
}

/* ---- what the lists say a TLB fault costs ---- */

/* The exits that the heading of the one complete TLB list of `lecture`'s own lane counts. */
static long tlb_list_exits(int depth, const char *lane, const char *ram) {
  char command[512], line[512];
  long exits = -1;
  snprintf(
      command, sizeof command,
      "%s/bin/trapeze trace --lists --tail 3 --lane '%s' --depth %d --ram %s lecture 2>/dev/null </dev/null",
      build(), lane, depth, ram);
  FILE *p = popen(command, "r");
  assert_non_null(p);
  while (fgets(line, sizeof line, p))
    if (has_prefix(line, "TLB fault at ")) exits = strtol(strrchr(line, ':') + 1, NULL, 10);
  assert_int_equal(pclose(p), 0);
  return exits;
}

/* Between the first exit of the list and the last, the TLB may lose an entry that one of the VMMs needs next.
 * Then the list has some exits more. This depends on where the TLB's pointer happens to stand, and so on the
 * size of everything that was loaded before. The cost of the fault itself is the least of some runs; they end with the
 * first that has no more. */
static void tlb_fault_costs(int depth, const char *lane, long exits) {
  static const char *const rams[] = {"24M", "28M", "30M", "32M", "26M", "34M", "36M", "38M"};
  long least = LONG_MAX;
  for (size_t i = 0; i < sizeof rams / sizeof *rams && least > exits; i++) {
    long n = tlb_list_exits(depth, lane, rams[i]);
    if (n < least) least = n;
  }
  assert_int_equal(least, exits);
}

static void a_tlb_fault_costs_3_13_53_exits(void **state) {
  (void)state;
  tlb_fault_costs(1, "vm1/*", 3);
  tlb_fault_costs(2, "vm1.1/*", 13);
  tlb_fault_costs(3, "vm1.1.1/*", 53);
}

/* ---- the pages of an exit's path ---- */

enum { MAX_PAGES = 256 };
struct pages {
  uint32_t vmm_status; /* of the VMM process, once known; its ASID tells it from the guest */
  int calls;           /* guest system calls seen */
  uint32_t page[MAX_PAGES];
  int n;
};

static void touch(struct pages *p, uint32_t page) {
  for (int i = 0; i < p->n; i++)
    if (p->page[i] == page) return;
  assert_true(p->n < MAX_PAGES);
  p->page[p->n++] = page;
}

static void see_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct pages *p = arg;
  (void)m, (void)a;
  if (kind == MARK_PROC)
    p->vmm_status = ST_U | ST_IE | ST_T | b << ST_ASID_SHIFT; /* the only process there is */
}

static void see_trap(void *arg, struct machine *m, const struct machine_trap *t) {
  struct pages *p = arg;
  (void)m;
  if (t->cause == CAUSE_SYSCALL && t->status != p->vmm_status) p->calls++;
}

/* Code and data pages of the kernel (no U) and of the VMM, from one guest system call to the next, warm. */
static void see_insn(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  struct pages *p = arg;
  struct machine_regs r;
  if (p->calls < 100 || p->calls >= 110) return;
  machine_get_regs(m, &r);
  bool kernel = !(r.status & ST_U);
  if (!kernel && r.status != p->vmm_status) return;
  struct pg32_insn i = pg32_decode(word);
  enum pg32_shape shape = i.id == PG32_ILLEGAL ? PG32_SHAPE_NONE : pg32_row(i.id)->shape;
  touch(p, pc >> 12 << 1 | kernel);
  if ((shape == PG32_SHAPE_LOAD && i.id != PG32_jalr) || shape == PG32_SHAPE_STORE)
    touch(p, (r.x[i.rs1] + i.imm) >> 12 << 1 | kernel);
}

static void an_exit_path_touches_at_most_40_pages(void **state) {
  (void)state;
  char initrd[256];
  snprintf(initrd, sizeof initrd, "%s/share/trapeze/initrd.tar", build());
  setenv("TRAPEZE_INITRD", initrd, 1);
  struct options o;
  options_defaults(&o);
  char *words[] = {"null-syscall", "200"};
  o.depth = 1, o.argc = 2, o.argv = words;
  struct boot b = boot_assemble(&o);
  struct machine *m = boot_machine(&o, &b);
  struct pages p = {0};
  machine_observe(
      m, &(struct machine_observer){.mark = see_mark, .trap = see_trap, .insn = see_insn, .arg = &p});
  assert_int_equal(machine_run(m, &(struct machine_limits){UINT64_MAX, UINT64_MAX, false}), EXIT_POWER);
  assert_in_range(p.calls, 110, 250);
  assert_in_range(p.n, 5, 40);
  machine_free(m);
  boot_free(&b);
}

int main(void) {
  NEEDS_THE_NORMAL_TLB();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_system_call_costs_2_8_32_exits),
      cmocka_unit_test(a_tlb_fault_costs_3_13_53_exits),
      cmocka_unit_test(hot_paths_execute_only_syscall_and_rfe),
      cmocka_unit_test(compute_bound_programs_retire_natively),
      cmocka_unit_test(lanes_add_up),
      cmocka_unit_test(a_round_trip_takes_at_most_300_instructions),
      cmocka_unit_test(a_tlbw_takes_at_most_500_instructions),
      cmocka_unit_test(a_tlbi_takes_at_most_800_instructions),
      cmocka_unit_test(so_does_the_median_reflected_tlb_miss),
      cmocka_unit_test(an_exit_path_touches_at_most_40_pages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
