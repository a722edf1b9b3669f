/* recorder.c - what it costs to watch a run, on runs that compute and on runs that do nothing but trap.
 *
 * Each round runs a program in every way, one after the other, and compares with the same round's unwatched
 * run; what is told is the median of the rounds. */
#include <string.h>

#include "bench_kit.h"
#include "machine/timeline.h"
#include "tools/trapeze/trace/trace.h"

#define ROUNDS 7

enum way { UNWATCHED, COUNTED, RECORDED, TRACED, JSON, TIMELINE, WAYS };
static const char *const names[WAYS] = {
    [UNWATCHED] = "unwatched", [COUNTED] = "statistics", [RECORDED] = "records",
    [TRACED] = "text trace",   [JSON] = "JSON trace",    [TIMELINE] = "timeline"};

static void run(struct machine *m) {
  machine_run(m, &(struct machine_limits){.insns = UINT64_MAX, .until_tick = UINT64_MAX});
}

static void drop(void *arg, const struct record *record) {
  ++*(uint64_t *)arg;
  (void)record;
}

static void write_line(void *arg, const struct record *record) {
  struct trace *t = arg;
  if (trace_wants(t, record)) t->format->record(t, record);
}

static void run_recorded(struct machine *m, recorder_sink *sink, void *arg, const struct recorder **told) {
  struct recorder *r = recorder_new(m, sink, arg);
  if (!r) die(1, "memory is short");
  if (told) *told = r;
  run(m);
  recorder_finish(r);
  recorder_free(r);
}

static void run_traced(struct machine *m, unsigned depth, const struct trace_format *format) {
  struct options o;
  options_defaults(&o);
  o.depth = depth;
  struct trace t = {.out = fopen("/dev/null", "w"), .last = UINT64_MAX, .format = format, .o = &o};
  if (!t.out) die(1, "/dev/null does not open");
  t.format->begin(&t);
  run_recorded(m, write_line, &t, &t.r);
  t.format->end(&t);
  fclose(t.out);
}

/* CPU time in ms of one run in that way. */
static double time_of(enum way way, unsigned depth, char **words, int n) {
  struct machine *m = machine_with(depth, words, n);
  struct timeline *t = way == TIMELINE ? timeline_new(m, NULL) : NULL;
  uint64_t dropped = 0;
  const double start = now_ms();
  switch (way) {
  case COUNTED: run_recorded(m, NULL, NULL, NULL); break;
  case RECORDED: run_recorded(m, drop, &dropped, NULL); break;
  case TRACED: run_traced(m, depth, &trace_text); break;
  case JSON: run_traced(m, depth, &trace_json); break;
  case TIMELINE: timeline_go(t, UINT64_MAX); break;
  default: run(m);
  }
  const double ms = now_ms() - start;
  if (t)
    timeline_free(t);
  else
    machine_free(m);
  return ms;
}

static double median(double *of) {
  qsort(of, ROUNDS, sizeof *of, ascending);
  return of[ROUNDS / 2];
}

static void count(unsigned depth, char **words, int n, uint64_t *steps, uint64_t *events) {
  struct machine *m = machine_with(depth, words, n);
  run_recorded(m, drop, events, NULL);
  *steps = machine_steps(m);
  machine_free(m);
}

static void bench(unsigned depth, char *command) {
  char copy[80], *words[4];
  int n = 0;
  uint64_t steps, events = 0;
  double ratio[WAYS][ROUNDS], plain[ROUNDS];
  snprintf(copy, sizeof copy, "%s", command);
  for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) words[n++] = word;
  count(depth, words, n, &steps, &events);
  for (int i = 0; i < ROUNDS; i++)
    for (int way = 0; way < WAYS; way++) {
      const double ms = time_of((enum way)way, depth, words, n);
      if (way == UNWATCHED) plain[i] = ms;
      ratio[way][i] = ms / plain[i];
    }
  printf("  %-20s %u %6.0f %8.0f", command, depth, (double)steps / 1e6, (double)events / 1e3);
  const double ms = median(plain);
  printf(" %8.0f", ms);
  for (int way = 1; way < WAYS; way++) printf(" %+9.1f%%", 100 * (median(ratio[way]) - 1));
  const double over = (median(ratio[RECORDED]) - 1) * ms * 1e6;
  printf(" %8.0f\n", over / (double)events);
  fflush(stdout);
}

int main(int argc, char **argv) {
  printf("  %-18s depth Msteps  kevents       ms", "");
  for (int way = 1; way < WAYS; way++) printf(" %10s", names[way]);
  printf(" ns/record\n");
  if (argc > 2) { /* DEPTH COMMAND: only that one */
    bench((unsigned)atoi(argv[1]), argv[2]);
    return 0;
  }
  for (unsigned depth = 1; depth <= 2; depth++) {
    bench(depth, "spin 100");
    bench(depth, "primes 5000000");
    bench(depth, "matmul 230");
    bench(depth, depth == 1 ? "null-syscall 100000" : "null-syscall 20000");
    bench(depth, depth == 1 ? "touch-pages 512 150" : "touch-pages 512 30");
  }
  return 0;
}
