/* recording.c - the debugger on long runs: one of 50 million events, and one that computes for a thousand million
 * instructions. Times are CPU time of this process. */
#include <sys/resource.h>

#include "bench_kit.h"
#include "tools/trapeze/debug/debug.h"

enum { STEPS = 100 };

static uint64_t below(uint64_t n) { return ((uint64_t)rand() << 31 | (uint64_t)rand()) % n; }

static void open_at_end(struct debug *d, char **words, int n) {
  *d = (struct debug){.memory_physical = true};
  options_defaults(&d->options);
  d->options.argc = n, d->options.argv = words;
  const double start = now_ms();
  model_open(d, machine_with(d->options.depth, words, n), true);
  while (index_extend(d)) continue;
  const double ms = now_ms() - start;
  printf("%s %s: %.0f million steps, %.1f million events, recorded and noted in %.1f s\n", words[0], words[1],
         (double)timeline_latest(d->t) / 1e6, (double)index_events(d) / 1e6, ms / 1e3);
}

static void told(const char *what, double *ms, int n) {
  qsort(ms, (size_t)n, sizeof *ms, ascending);
  printf("  %-46s median %8.2f  worst %8.2f ms\n", what, ms[n / 2], ms[n - 1]);
  fflush(stdout);
}

/* From any place in the run. */
static void moves(struct debug *d) {
  double jump[STEPS], back[STEPS], trap[STEPS], list[STEPS];
  for (int i = 0; i < STEPS; i++) {
    double start = now_ms();
    model_event(d, 1 + below(index_events(d)));
    jump[i] = now_ms() - start, start = now_ms();
    model_step(d, -1);
    back[i] = now_ms() - start, start = now_ms();
    model_trap(d, -1);
    trap[i] = now_ms() - start, start = now_ms();
    model_list_step(d, 1);
    list[i] = now_ms() - start;
  }
  told("goto an event anywhere", jump, STEPS);
  told("a step back there", back, STEPS);
  told("the trap before", trap, STEPS);
  told("the next step of a list", list, STEPS);
}

static void command(struct debug *d, char *text) {
  char line[80];
  snprintf(line, sizeof line, "%s", text);
  const uint64_t here = model_position(d);
  const double start = now_ms();
  command_run_line(d, line);
  printf("  %-46s %8.0f ms: %s\n", text, now_ms() - start, d->said);
  fflush(stdout);
  model_return(d, here);
}

static void questions(struct debug *d, char **commands, size_t n) {
  model_return(d, timeline_latest(d->t));
  model_step(d, -3);
  for (size_t i = 0; i < n; i++) command(d, commands[i]);
}

static void memory(const struct debug *d) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  printf("  memory: %zu MiB for the run, of which %zu are notes (the cap is 256); the process %ld at most\n",
         timeline_memory(d->t) >> 20, notes_bytes(d->notes) >> 20, used.ru_maxrss >> 10);
}

int main(int argc, char **argv) {
  char *dense[] = {"null-syscall", argc > 1 ? argv[1] : "3850000"}, *computes[] = {"spin", "1000"};
  char *of_dense[] = {"who sp", "who a0", "who s11", "who tlb 3", "who phys 0x3000", "who phys 0x1ffff0"};
  char *of_computing[] = {"who sp", "who a0", "who s0", "who s11", "who gp", "who tlb 3", "who phys 0x3000"};
  struct debug d;
  srand(1);
  open_at_end(&d, dense, 2);
  memory(&d);
  moves(&d);
  questions(&d, of_dense, sizeof of_dense / sizeof *of_dense);
  memory(&d);
  model_close(&d);
  open_at_end(&d, computes, 2);
  questions(&d, of_computing, sizeof of_computing / sizeof *of_computing);
  model_close(&d);
  return 0;
}
