/* timeline.c - what time travel costs, on runs of about 100 million steps at depth 1: one that computes
 * and one that does nothing but trap. Times are CPU time of this process, so that a busy host does not blur
 * them. */
#include "bench_kit.h"
#include "machine/timeline.h"

/* ---- percentiles ---- */

#define SAMPLES 1000
struct sample {
  double ms[SAMPLES];
  int n;
};

static void report(const char *what, struct sample *s) {
  qsort(s->ms, (size_t)s->n, sizeof *s->ms, ascending);
  printf("  %-44s median %6.2f  95th %6.2f  worst %6.2f ms\n", what, s->ms[s->n / 2], s->ms[s->n * 95 / 100],
         s->ms[s->n - 1]);
}

static uint64_t below(uint64_t n) { return ((uint64_t)rand() << 31 | (uint64_t)rand()) % n; }

/* ---- what is measured ---- */

static double plain_run(char **words, int n) {
  struct machine *m = machine_with(1, words, n);
  const double start = now_ms();
  machine_run(m, &(struct machine_limits){.insns = UINT64_MAX, .until_tick = UINT64_MAX});
  const double ms = now_ms() - start;
  machine_free(m);
  return ms;
}

static struct timeline *recorded_run(char **words, int n, double *ms) {
  struct timeline *t = timeline_new(machine_with(1, words, n), NULL);
  const double start = now_ms();
  timeline_go(t, UINT64_MAX);
  *ms = now_ms() - start;
  return t;
}

/* The best of several, in turn: what disturbs only makes slower. */
static struct timeline *cost_of_recording(char **words, int n) {
  double plain = 1e9, recorded = 1e9, ms;
  struct timeline *t = NULL;
  for (int i = 0; i < 5; i++) {
    ms = plain_run(words, n);
    if (ms < plain) plain = ms;
    timeline_free(t);
    t = recorded_run(words, n, &ms);
    if (ms < recorded) recorded = ms;
  }
  printf("%s %s: %.0f million steps, %llu events\n", words[0], words[1], (double)timeline_latest(t) / 1e6,
         (unsigned long long)timeline_events(t));
  printf("  plain %.0f ms, recorded %.0f ms: %+.0f %%, %zu MiB\n", plain, recorded,
         100 * (recorded / plain - 1), timeline_memory(t) >> 20);
  return t;
}

static void steps_back(struct timeline *t) {
  struct sample far = {.n = SAMPLES}, near = {.n = SAMPLES};
  for (int i = 0; i < SAMPLES; i++) {
    if (i % 10 == 0) timeline_go(t, 1000 + below(timeline_latest(t) - 1000));
    const double start = now_ms();
    timeline_step(t, -1);
    near.ms[i] = now_ms() - start;
  }
  for (int i = 0; i < SAMPLES; i++) { /* back by anything up to a million */
    timeline_go(t, timeline_latest(t) / 2 + below(timeline_latest(t) / 2));
    const int64_t steps = 1 + (int64_t)below(1000000);
    const double start = now_ms();
    timeline_step(t, -steps);
    far.ms[i] = now_ms() - start;
  }
  report("a step back, anywhere", &near);
  report("back by up to a million steps", &far);
}

static void jumps(struct timeline *t) {
  struct sample go = {.n = SAMPLES}, look = {.n = SAMPLES};
  for (int i = 0; i < SAMPLES; i++) {
    const uint64_t event = 1 + below(timeline_events(t));
    double start = now_ms();
    timeline_go(t, timeline_event_position(t, event));
    go.ms[i] = now_ms() - start;
    start = now_ms();
    if (!timeline_event(t, event)) die(1, "event %llu is lost", (unsigned long long)event);
    look.ms[i] = now_ms() - start;
  }
  report("a jump to any event", &go);
  report("the record of any event", &look);
}

static void bench(char *program, char *argument) {
  char *words[] = {program, argument};
  struct timeline *t = cost_of_recording(words, 2);
  steps_back(t);
  jumps(t);
  printf("  afterwards %zu MiB\n", timeline_memory(t) >> 20);
  timeline_free(t);
}

int main(void) {
  srand(1);
  bench("spin", "100");
  bench("matmul", "230");
  bench("null-syscall", "100000");
  return 0;
}
