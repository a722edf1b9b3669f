/* test_engines.c - every engine does exactly what every other does, over random programs (program.h): the
 * interpreter against the plain reference, the JIT against both, and `auto`, which changes between the two,
 * against the interpreter.
 *
 * TRAPEZE_INSNS says how many instructions to compare, TRAPEZE_SEED the first program or, with
 * TRAPEZE_INSNS=0, the only one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* after the above */
#include <cmocka.h>

#include "lockstep.h"

#ifdef INSNS /* test_engines_small.c */
#elif defined MODE_TINY
#define INSNS 8000000
#else
#define INSNS 40000000
#endif

static uint64_t number_from(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text ? strtoull(text, NULL, 0) : otherwise;
}

/* One program in `referenced` is compared with the reference as well; only a part, one in `part`, of all
 * instructions. */
static void compare(enum machine_engine a, enum machine_engine b, uint64_t referenced, uint64_t part) {
  const uint64_t first = number_from("TRAPEZE_SEED", 0), most = number_from("TRAPEZE_INSNS", INSNS) / part;
  uint64_t compared = 0, seed = first;
  do {
    const struct lockstep_config config = {.seed = seed,
                                           .engine = {a, b},
                                           .reference = seed % referenced == 0,
                                           .pieces = 60,
                                           .longest = seed % 64 == 0  ? 100000
                                                      : seed % 8 == 0 ? 10000
                                                                      : 2000};
    const enum lockstep_result result = lockstep(&config, &compared, stdout);
    if (result == LOCKSTEP_NO_ENGINE) skip();
    if (result != LOCKSTEP_SAME) fail();
    seed++;
  } while (compared < most);
  print_message("# %llu instructions of %llu programs compared\n", (unsigned long long)compared,
                (unsigned long long)(seed - first));
}

static void interpreter_and_reference(void **state) {
  (void)state;
  compare(ENGINE_INTERP, ENGINE_INTERP, 1, 8);
}

static void jit_and_interpreter(void **state) {
  (void)state;
  compare(ENGINE_INTERP, ENGINE_JIT, 8, 1);
}

static void auto_and_interpreter(void **state) {
  (void)state;
  compare(ENGINE_INTERP, ENGINE_AUTO, 8, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(interpreter_and_reference),
                                     cmocka_unit_test(jit_and_interpreter),
                                     cmocka_unit_test(auto_and_interpreter)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
