/* fuzz_packed.c - libFuzzer over zip and tar files: whatever is in them, no name that is shown leads out of the archive,
 * contents stay within their limits, and each site's reading of the name is one of its parts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/build/packed.h"
#include "tools/trapeze/grade/build/unpack.h"
#include "tools/trapeze/grade/intake/site.h"

static void check_name(const char *name) {
  if (!*name || *name == '/') abort();
  for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
    size_t n = strcspn(part, "/");
    if (n == 0 || (n <= 2 && strspn(part, ".") == n)) abort();
  }
}

static void check_places(const char *name) {
  bool (*const places[])(const char *, struct placed *) = {canvas_place, moodle_place, gradescope_place};
  for (size_t i = 0; i < 3; i++) {
    struct placed p;
    if (!places[i](name, &p)) continue;
    size_t n = strlen(name), file = strlen(p.file);
    if (!*p.hand_in || file == 0 || file >= n || strcmp(name + n - file, p.file) != 0) abort();
    placed_free(&p);
  }
}

static char *visit(void *arg, const struct packed_entry *entry) {
  struct bytes content = {0};
  char *why = NULL;
  (void)arg;
  check_name(entry->name);
  check_places(entry->name);
  if (packed_content(entry, 1000, &content, &why) ? content.size > 1000 || why : !why) abort();
  free(content.data), free(why);
  return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct bytes archive = {(uint8_t *)data, size};
  struct lab_file names[] = {{.name = "a", .bytes = 100}, {.name = "b/c.S", .bytes = 10}};
  struct lab lab = {.file = names, .files = 2};
  struct unpacked_file file[2];
  free(packed_walk(archive, &(struct packed_limits){100, 1 << 20}, visit, NULL));
  free(unpack(&lab, archive, file));
  for (size_t i = 0; i < 2; i++)
    if (!file[i].wrong && file[i].content.size > names[i].bytes) abort();
  unpacked_free(file, 2);
  return 0;
}
