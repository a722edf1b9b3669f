/* behaviour.c - fidelity of a paravirtual guest (--way para): its kernel executes other instructions than the bare
 * machine's, so what is compared is what its programs do: console output, exit status and disk. */
#include <stdlib.h>
#include <string.h>

#include "lockstep.h"

struct run {
  struct machine *m;
  enum machine_exit exit;
  struct bytes output;
};

static void put(void *arg, uint8_t byte) { bytes_append(arg, &byte, 1); }

static void run(struct run *r, const struct options *o, struct bytes input, uint64_t pace) {
  struct boot boot = boot_assemble(o);
  r->m = boot_machine(o, &boot);
  boot_free(&boot);
  machine_console_output(r->m, put, &r->output);
  for (size_t i = 0; i < input.size; i++)
    if (!machine_console_input(r->m, i * pace, &input.data[i], 1)) must(NULL);
  machine_console_hangup(r->m, input.size * pace);
  struct machine_limits limits = {o->max_insns, UINT64_MAX, false};
  r->exit = machine_run(r->m, &limits);
}

static void end(struct run *r) {
  machine_free(r->m);
  free(r->output.data);
}

static bool same_disk(const struct run *a, const struct run *b) {
  size_t n, k;
  bool dirty;
  const void *one = machine_disk(a->m, &n, &dirty), *other = machine_disk(b->m, &k, &dirty);
  return n == k && (n == 0 || memcmp(one, other, n) == 0);
}

/* Output bytes that are the same, from the first on. */
static size_t common(const struct run *a, const struct run *b) {
  size_t n = 0;
  while (n < a->output.size && n < b->output.size && a->output.data[n] == b->output.data[n]) n++;
  return n;
}

/* What differs; NULL: nothing. */
static const char *difference(const struct run *bare, const struct run *nested) {
  if (bare->exit != nested->exit) return "the end";
  if (common(bare, nested) < bare->output.size || bare->output.size != nested->output.size)
    return "the console output";
  if (machine_exit_status(bare->m) != machine_exit_status(nested->m)) return "the exit status";
  return same_disk(bare, nested) ? NULL : "the disk";
}

static void say_line(const char *who, const struct run *r, size_t from) {
  size_t n = 0;
  while (from > 0 && r->output.data[from - 1] != '\n') from--;
  while (from + n < r->output.size && r->output.data[from + n] != '\n' && n < 60) n++;
  printf("  %-8s %.*s\n", who, (int)n, n ? (const char *)r->output.data + from : "");
}

static int say(const struct run *bare, const struct run *nested, unsigned depth) {
  const char *differs = difference(bare, nested);
  if (nested->exit == EXIT_LIMIT || bare->exit == EXIT_LIMIT) {
    printf("fidelity is not decided: the instructions were used up\n");
    return STATUS_BUDGET;
  }
  if (!differs)
    printf("fidelity holds: the guest's programs did the same bare and at depth %u\n", depth);
  else
    printf("fidelity does not hold: %s differs\n", differs);
  if (differs && strcmp(differs, "the console output") == 0) {
    size_t from = common(bare, nested);
    say_line("bare", bare, from);
    say_line("VM", nested, from);
  }
  printf("output %zu bytes, exit status %u\n", nested->output.size, machine_exit_status(nested->m));
  return differs ? VERIFY_FAILS : VERIFY_HOLDS;
}

int verify_behaviour(const struct options *o, struct bytes input, uint64_t pace) {
  struct run nested = {0}, bare = {0};
  struct options alone = *o;
  alone.depth = 0;
  alone.kernel = NULL; /* it is for guests */
  run(&nested, o, input, pace);
  run(&bare, &alone, input, pace);
  int status = say(&bare, &nested, o->depth);
  end(&nested);
  end(&bare);
  return status;
}
