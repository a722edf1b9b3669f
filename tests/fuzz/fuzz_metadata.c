/* fuzz_metadata.c - libFuzzer over Gradescope's submission_metadata.yml: any bytes give hand-ins that can be found, or an
 * error with a place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/intake/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct lab_error error = {{0}};
  struct metadata m;
  if (!metadata_parse("fuzz.yml", (struct bytes){(uint8_t *)data, size}, &m, &error)) {
    if (strncmp(error.text, "fuzz.yml:", 9) != 0) abort();
    return 0;
  }
  for (size_t i = 0; i < m.n; i++) {
    const struct hand_in *h = metadata_find(&m, m.hand_in[i].name);
    if (!h || strcmp(h->name, m.hand_in[i].name) != 0) abort();
  }
  metadata_free(&m);
  return 0;
}
