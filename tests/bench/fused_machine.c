/* fused_machine.c - makes the machines whose runs fused.c counts. */
#include <string.h>

#include "bench_kit.h"
#include "fused.h"

static struct machine *bare(const char *path) {
  const struct machine_config config = {.ram_bytes = 64 << 20, .engine = ENGINE_INTERP};
  struct machine_error error;
  struct bytes image = file_read(path);
  struct machine *m = must(machine_new(&config));
  if (!machine_load(m, image.data, image.size, NULL, 0, NULL, 0, &error)) die(1, "%s: %s", path, error.text);
  free(image.data);
  return m;
}

static struct machine *booted(unsigned depth, char *command) {
  char *words[8];
  int n = 0;
  for (char *w = strtok(command, " "); w && n < 8; w = strtok(NULL, " ")) words[n++] = w;
  return machine_with(depth, words, n);
}

struct machine *fused_machine(char *what) {
  return what[0] >= '0' && what[0] <= '9' && what[1] == ':' ? booted((unsigned)(what[0] - '0'), what + 2)
                                                            : bare(what);
}

uint64_t fused_number(const char *name, const char *text, uint64_t most) {
  uint64_t value;
  if (!parse_size(text, most, &value) || value == 0) die(2, "%s: '%s'; expected a number from 1", name, text);
  return value;
}
