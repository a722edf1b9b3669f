/* machine.c - runs a bare image on one engine and prints one line of figures: what the guest printed,
 * instructions and steps, CPU time in machine_run alone, and memory, the guest's apart.
 *
 *     bench_machine ENGINE RAM_MIB IMAGE [ARGUMENT]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine/machine.h"

static void die(const char *what, const char *why) {
  fprintf(stderr, "bench_machine: %s: %s\n", what, why);
  exit(2);
}

static uint64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static enum machine_engine engine_named(const char *name) {
  if (!strcmp(name, "interp")) return ENGINE_INTERP;
  if (!strcmp(name, "jit")) return ENGINE_JIT;
  if (strcmp(name, "auto")) die(name, "expected interp, jit or auto");
  return ENGINE_AUTO;
}

static void *read_all(const char *path, size_t *bytes) {
  FILE *f = fopen(path, "rb");
  char *data = NULL;
  if (!f) die(path, strerror(errno));
  for (*bytes = 0;;) {
    data = realloc(data, *bytes + 65536);
    if (!data) die(path, "out of memory");
    const size_t n = fread(data + *bytes, 1, 65536, f);
    *bytes += n;
    if (n == 0) break;
  }
  fclose(f);
  return data;
}

/* ---- what the guest says ---- */

struct said {
  char text[200];
  size_t n;
};
static void put(void *arg, uint8_t byte) {
  struct said *s = arg;
  if (byte != '\n' && s->n + 1 < sizeof s->text) s->text[s->n++] = (char)byte;
}

/* ---- memory ---- */

static unsigned long own_rss_kib(void) {
  unsigned long all = 0, resident = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (!f || fscanf(f, "%lu %lu", &all, &resident) != 2) resident = 0;
  if (f) fclose(f);
  return resident * (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
}

/* Of the guest's RAM: the host's page map says which of its pages are there. */
static unsigned long guest_rss_kib(const struct machine *m) {
  const unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
  unsigned long there = 0;
  uint64_t entry;
  FILE *f = fopen("/proc/self/pagemap", "rb");
  if (!f) return 0;
  for (uint32_t at = 0; at < machine_ram_bytes(m); at += (uint32_t)page) {
    if (fseek(f, (long)(((uintptr_t)machine_ram(m, at, 1)) / page * sizeof entry), SEEK_SET) ||
        !fread(&entry, sizeof entry, 1, f))
      break;
    there += entry >> 63;
  }
  fclose(f);
  return there * page / 1024;
}

int main(int argc, char **argv) {
  if (argc < 4) die("usage", "bench_machine ENGINE RAM_MIB IMAGE [ARGUMENT]");
  struct machine_config config = {.engine = engine_named(argv[1]),
                                  .ram_bytes = (uint32_t)strtoul(argv[2], NULL, 0) << 20};
  struct machine_error error;
  struct said said = {0};
  size_t bytes;
  void *image = read_all(argv[3], &bytes);
  struct machine *m = machine_new(&config);
  if (!m) die(argv[1], errno == ENOTSUP ? "not on this host" : strerror(errno));
  const char *word = argc > 4 ? argv[4] : NULL;
  if (!machine_load(m, image, bytes, NULL, 0, word, word ? strlen(word) + 1 : 0, &error))
    die(argv[3], error.text);
  free(image);
  machine_console_output(m, put, &said);
  const uint64_t start = cpu_ns();
  const enum machine_exit exit =
      machine_run(m, &(struct machine_limits){.insns = UINT64_MAX, .until_tick = UINT64_MAX});
  const uint64_t ns = cpu_ns() - start;
  const unsigned long guest = guest_rss_kib(m), all = own_rss_kib();
  printf("checksum=%s engine=%s ns=%llu insns=%llu steps=%llu own_kib=%lu guest_kib=%lu\n", said.text,
         machine_engine_name(m), (unsigned long long)ns, (unsigned long long)machine_retired(m),
         (unsigned long long)machine_steps(m), all - guest, guest);
  const uint32_t status = exit == EXIT_POWER ? machine_exit_status(m) : 255;
  if (status) fprintf(stderr, "bench_machine: %s: exit %d, status %u\n", argv[3], exit, status);
  machine_free(m);
  return status != 0;
}
