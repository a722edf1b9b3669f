/* test_unwind.c - the callers that the debugger finds, at every instruction of a program, are those that have made
 * the calls, which a shadow stack has noted. Their registers are compared, too, and their first arguments.
 *
 * tests/unwind/program.c is built in several ways. Without debug information there are no tables, and the code
 * alone says where the callers are. */
#define _GNU_SOURCE /* asprintf */
#include "debug_kit.h"

#include <stdio.h>
#include <unistd.h>

#include "normal_tlb.h"
#include "tools/trapeze/debug/eval/eval.h"
#include "tools/trapeze/debug/unwind.h"

#define DEPTH 100 /* calls within one another at most */
#define SHOWN 10  /* differences that are printed */
#define EVERY 13  /* instructions, of which one looks at arguments */

static struct debug d;

struct made_call {
  uint32_t returns, x[32], a0; /* registers at the call */
};
static struct made_call stack[DEPTH];
static unsigned depth, wrong, shown;
static uint64_t compared, arguments, own, too_early;

/* ---- the true calls ---- */

static bool by_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == RA; }
static bool by_return(struct pg32_insn i) { return i.id == PG32_jalr && i.rd == 0 && i.rs1 == RA; }

/* An instruction has been executed, from `was` to `now`. longjmp leaves all calls that were made with less
 * stack, or as much. */
static void note(struct pg32_insn insn, const struct machine_regs *was, const struct machine_regs *now) {
  if (by_call(insn)) {
    assert_true(depth < DEPTH);
    stack[depth].returns = was->pc + 4;
    stack[depth].a0 = was->x[10];
    memcpy(stack[depth++].x, was->x, sizeof was->x);
  } else if (by_return(insn) && depth && stack[depth - 1].returns == now->pc) {
    depth--;
  } else if (by_return(insn)) {
    while (depth && stack[depth - 1].x[SP] <= now->x[SP]) depth--;
  }
}

/* ---- the callers that the debugger finds ---- */

static bool preserved(unsigned r) { return r == S0 || r == 9 || (r >= 18 && r <= 27); }

static void differs(const struct machine_regs *at, unsigned frame, const char *what, uint32_t got,
                    uint32_t wanted) {
  char name[80];
  if (wrong++ >= shown) return;
  printf("0x%08x %s: frame %u: %s 0x%x, expected 0x%x\n", at->pc,
         image_symbol(image_of(&d, model_place(&d).lane), at->pc, name, sizeof name), frame, what, got,
         wanted);
}

static void compare_frame(const struct machine_regs *at, const struct frame_regs *r, unsigned frame) {
  const struct made_call *call = &stack[depth - frame];
  if (r->pc != call->returns) differs(at, frame, "pc", r->pc, call->returns);
  for (unsigned k = 1; k < 32; k++)
    if ((k == SP || preserved(k)) && r->x[k] != call->x[k])
      differs(at, frame, pg32_register_name(k), r->x[k], call->x[k]);
}

static void compare(uint32_t lane) {
  struct stack_frame f = frame_innermost(&d);
  struct machine_regs at;
  unsigned frame = 0;
  machine_get_regs(d.m, &at);
  for (struct frame_regs r = f.regs; unwind(&d, lane, &r, frame == 0) && frame < depth;)
    compare_frame(&at, &r, ++frame);
  if (frame < depth) differs(&at, frame, "frames", frame, depth);
  compared++;
}

/* The function's parameter n, if it is one of program.c's that take n in a0. */
static bool parameter(struct eval *e, struct value *v) {
  Dwarf_Die *function = scope_frame_function(e), unit;
  const char *name = function ? dwarf_diename(function) : NULL;
  const struct node *node = eval_parse(e, "n", NULL);
  if (!name || !strcmp(name, "main") || !strcmp(name, "structure") || !strcmp(name, "inlined") ||
      !dwarf_diecu(function, &unit, NULL, NULL))
    return false;
  const char *file = dwarf_diename(&unit);
  return file && strstr(file, "program.c") && scope_has_variable(e, "n") && compute(e, node, v);
}

/* In the function that runs, too, as soon as its frame is made, until it returns. */
static void compare_own_argument(const struct machine_regs *at, uint32_t lane, const struct frame_regs *r) {
  struct eval e;
  struct value v;
  struct number n = {0};
  eval_begin_in(&e, &d, lane, r, true, 0);
  const bool known = parameter(&e, &v) && value_number(&e, &v, &n);
  if (known && depth && (uint32_t)n.bits != stack[depth - 1].a0)
    differs(at, 0, "n", (uint32_t)n.bits, stack[depth - 1].a0);
  if (!known && strstr(e.error, "not there yet")) too_early++;
  own += known;
  eval_end(&e);
}

/* In each caller, n is what the function was called with. */
static void compare_arguments(uint32_t lane) {
  struct stack_frame f = frame_innermost(&d);
  struct machine_regs at;
  machine_get_regs(d.m, &at);
  compare_own_argument(&at, lane, &f.regs);
  if (compared % EVERY) return;
  for (unsigned frame = 1; frame < depth && unwind(&d, lane, &f.regs, frame == 1); frame++) {
    struct eval e;
    struct value v;
    struct number n;
    eval_begin_in(&e, &d, lane, &f.regs, false, 0);
    if (parameter(&e, &v) && value_number(&e, &v, &n)) {
      arguments++;
      if ((uint32_t)n.bits != stack[depth - frame - 1].a0)
        differs(&at, frame, "n", (uint32_t)n.bits, stack[depth - frame - 1].a0);
    }
    eval_end(&e);
  }
}

/* ---- the run ---- */

static struct pg32_insn instruction(uint32_t lane, uint32_t pc) {
  uint32_t word = 0;
  assert_true(image_word(image_of(&d, lane), pc, &word));
  return pg32_decode(word);
}

static bool is_in(uint32_t lane, uint32_t pc, const char *function) {
  char name[80];
  image_symbol(image_of(&d, lane), pc, name, sizeof name);
  const size_t n = strlen(function);
  return strncmp(name, function, n) == 0 && (name[n] == '+' || !name[n]);
}

static bool is_in_longjmp(uint32_t lane, uint32_t pc) { return is_in(lane, pc, "longjmp"); }

/* From the second instruction on the table says that the caller is that of setjmp. */
static void compare_in_longjmp(uint32_t lane) {
  struct frame_regs r = frame_innermost(&d).regs;
  struct machine_regs at;
  machine_get_regs(d.m, &at);
  const bool begins = image_symbol(image_of(&d, lane), at.pc, (char[80]){0}, 80)[strlen("longjmp")] == 0;
  if (!source_dwarf(image_of(&d, lane))) return;
  if (!unwind(&d, lane, &r, true) || !is_in(lane, r.pc - 4, begins ? "out" : "jumps"))
    differs(&at, 1, "caller", r.pc, begins ? stack[depth - 1].returns : 0);
}

/* To where the program goes on after one instruction. False: it has ended. An instruction that faulted is
 * executed again. */
static bool execute_one(uint32_t lane) {
  do
    if (!model_step(&d, 1)) return false;
  while (model_place(&d).lane != lane);
  return true;
}

static void run_program(bool with_arguments) {
  struct machine_regs was, now;
  assert_true(command_run_line(&d, "goto start"));
  const uint32_t lane = model_place(&d).lane;
  depth = wrong = 0;
  compared = arguments = own = too_early = 0;
  machine_get_regs(d.m, &was);
  for (struct pg32_insn insn = instruction(lane, was.pc); execute_one(lane);
       was = now, insn = instruction(lane, was.pc)) {
    machine_get_regs(d.m, &now);
    if (now.pc == was.pc) continue;
    note(insn, &was, &now);
    if (is_in_longjmp(lane, now.pc))
      compare_in_longjmp(lane);
    else
      compare(lane);
    if (with_arguments) compare_arguments(lane);
  }
}

/* ---- building it ---- */

static char *path_in_build(const char *name) {
  const char *build = getenv("BUILD");
  char *path;
  if (asprintf(&path, "%s/%s", build ? build : "build", name) < 0) abort();
  return path;
}

static void build(const char *flags, const char *program) {
  char *cc = path_in_build("bin/pg32-cc"), *line;
  if (asprintf(&line, "%s %s -w -o %s tests/unwind/program.c", cc, flags, program) < 0) abort();
  assert_int_equal(system(line), 0);
  free(line);
  free(cc);
}

static void strip(const char *from, const char *to) {
  char *ld = path_in_build("bin/pg32-ld"), *line;
  if (asprintf(&line, "%s --strip-debug -o %s %s", ld, to, from) < 0) abort();
  assert_int_equal(system(line), 0);
  free(line);
  free(ld);
}

static void debug_program(const char *program, bool with_arguments) {
  char *argv[] = {(char *)program};
  open_debug(&d, 0, 1, argv);
  run_program(with_arguments);
  model_close(&d);
}

/* Without tables as well, `bare`, and then as many as `wrong_bare` must be wrong at least. */
static void with_flags(const char *flags, bool with_arguments, unsigned wrong_bare) {
  char program[] = "/tmp/test_unwind.XXXXXX", bare[sizeof program + 8];
  const int fd = mkstemp(program);
  assert_true(fd >= 0);
  close(fd);
  snprintf(bare, sizeof bare, "%s.bare", program);
  build(flags, program);
  strip(program, bare);
  shown = SHOWN;
  debug_program(program, with_arguments);
  const unsigned with_tables = wrong;
  const uint64_t seen = compared, seen_arguments = arguments, seen_own = own, early = too_early;
  shown = wrong_bare ? 0 : SHOWN;
  debug_program(bare, false);
  unlink(program);
  unlink(bare);
  assert_int_equal(with_tables, 0);
  assert_true(wrong_bare ? wrong >= wrong_bare : wrong == 0);
  assert_true(seen > 1000 && compared == seen);
  assert_true(!with_arguments ||
              (seen_arguments > 100 && seen_own > 1000 && early > 100 && early < seen_own));
}

static void test_not_optimized(void **state) { (void)state, with_flags("-g -O0", true, 0); }
static void test_o1(void **state) { (void)state, with_flags("-g -O1", false, 0); }
static void test_o2(void **state) { (void)state, with_flags("-g -O2", false, 0); }
static void test_o3(void **state) { (void)state, with_flags("-g -O3", false, 0); }
static void test_small(void **state) { (void)state, with_flags("-g -Os", false, 0); }
static void test_frame_pointer(void **state) {
  (void)state, with_flags("-g -O2 -fno-omit-frame-pointer", false, 0);
}

/* These frames only the tables know. */
static void test_frames(void **state) {
  (void)state, with_flags("-g -O2 -DFRAMES tests/unwind/frames.S", false, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_not_optimized),
      cmocka_unit_test(test_o1),
      cmocka_unit_test(test_o2),
      cmocka_unit_test(test_o3),
      cmocka_unit_test(test_small),
      cmocka_unit_test(test_frame_pointer),
      cmocka_unit_test(test_frames),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
