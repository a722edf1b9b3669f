/* cliffs.c - runs a bare image on every engine in turn, RUNS times, and prints a line for each engine: its
 * name, and nanoseconds of CPU time in machine_run for each run. The first line has the instructions that
 * retired. The engines must agree on what the guest prints, on instructions and on steps.
 *
 *     bench_cliffs RUNS RAM_MIB TLB_ENTRIES IMAGE      (0: the machine's own number of entries)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "machine/machine.h"

#define RUNS_MOST 99

static const struct {
  const char *name;
  enum machine_engine engine;
} engines[] = {{"interp", ENGINE_INTERP}, {"jit", ENGINE_JIT}, {"auto", ENGINE_AUTO}};
#define ENGINES (sizeof engines / sizeof *engines)

struct result {
  uint64_t ns, insns, steps, said;
  bool ran;
};

static void die(const char *what, const char *why) {
  fprintf(stderr, "bench_cliffs: %s: %s\n", what, why);
  exit(2);
}

static uint64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void put(void *arg, uint8_t byte) {
  uint64_t *said = arg;
  *said = (*said ^ byte) * 1099511628211u;
}

static void *read_all(const char *path, size_t *bytes) {
  FILE *f = fopen(path, "rb");
  if (!f || fseek(f, 0, SEEK_END)) die(path, strerror(errno));
  *bytes = (size_t)ftell(f);
  rewind(f);
  void *data = malloc(*bytes + 1);
  if (!data || fread(data, 1, *bytes, f) != *bytes) die(path, "cannot be read");
  fclose(f);
  return data;
}

static struct result run(struct machine_config config, enum machine_engine engine, const void *image,
                         size_t bytes) {
  struct result r = {.said = 14695981039346656037u};
  struct machine_error error;
  config.engine = engine;
  struct machine *m = machine_new(&config);
  if (!m && errno == ENOTSUP) return r;
  if (!m) die("machine", strerror(errno));
  if (!machine_load(m, image, bytes, NULL, 0, NULL, 0, &error)) die("image", error.text);
  machine_console_output(m, put, &r.said);
  const uint64_t start = cpu_ns();
  const enum machine_exit exit =
      machine_run(m, &(struct machine_limits){.insns = UINT64_MAX, .until_tick = UINT64_MAX});
  r.ns = cpu_ns() - start;
  if (exit != EXIT_POWER || machine_exit_status(m)) die("the guest", "did not end as it should");
  r.insns = machine_retired(m);
  r.steps = machine_steps(m);
  r.ran = true;
  machine_free(m);
  return r;
}

int main(int argc, char **argv) {
  if (argc != 5) die("usage", "bench_cliffs RUNS RAM_MIB TLB_ENTRIES IMAGE");
  const unsigned runs = (unsigned)strtoul(argv[1], NULL, 0);
  if (runs < 1 || runs > RUNS_MOST) die(argv[1], "expected a number of runs from 1 to 99");
  const struct machine_config config = {.ram_bytes = (uint32_t)strtoul(argv[2], NULL, 0) << 20,
                                        .tlb_entries = (uint32_t)strtoul(argv[3], NULL, 0)};
  static struct result result[ENGINES][RUNS_MOST];
  size_t bytes;
  void *image = read_all(argv[4], &bytes);
  for (unsigned i = 0; i < runs; i++)
    for (unsigned e = 0; e < ENGINES; e++) {
      const struct result *first = &result[0][0], *r = &result[e][i];
      result[e][i] = run(config, engines[e].engine, image, bytes);
      if (r->ran && (r->said != first->said || r->insns != first->insns || r->steps != first->steps))
        die(argv[4], "the engines differ");
    }
  printf("insns %llu\n", (unsigned long long)result[0][0].insns);
  for (unsigned e = 0; e < ENGINES && result[e][0].ran; e++) {
    printf("%s", engines[e].name);
    for (unsigned i = 0; i < runs; i++) printf(" %llu", (unsigned long long)result[e][i].ns);
    printf("\n");
  }
  free(image);
  return 0;
}
