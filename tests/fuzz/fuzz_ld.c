/* fuzz_ld.c - libFuzzer entry: any bytes as the linker's one input, linked and written to memory,
 * then read again for lines and symbols.
 * `make fuzz` builds and runs it. */
#include "isa/ld.h"
#include "isa/lines.h"
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void report(void *context, const char *message) {
  *(size_t *)context += strlen(message); /* reads all of it */
}

static void read_again(int image) {
  const char *why;
  struct pg32_lines_place place;
  struct pg32_lines *lines = pg32_lines_open(image, &why);
  if (lines) pg32_lines_at(lines, 0x1000, &place);
  pg32_lines_close(lines);
}

static void link_bytes(const uint8_t *bytes, size_t size, struct pg32_ld_options options) {
  struct pg32_ld *ld = pg32_ld_new(&options);
  if (pg32_ld_add_memory(ld, "input", bytes, size) && pg32_ld_link(ld)) {
    int image = pg32_ld_open_image(ld);
    if (image >= 0) {
      read_again(image);
      close(image);
    }
  }
  pg32_ld_free(ld);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  size_t reported = 0;
  struct pg32_ld_options options = {
      .layout = PG32_LD_BARE, .allow_undefined = true, .report = report, .context = &reported};
  link_bytes(bytes, size, options);
  options.allow_undefined = false;
  options.gc_sections = options.strip_debug = true;
  options.layout = PG32_LD_USER;
  link_bytes(bytes, size, options);
  options.strip_debug = false; /* unwind tables of dropped functions are taken out */
  link_bytes(bytes, size, options);
  return 0;
}
