/* replay.c - what a saved session ran. The file holds the machine alone, so the machine at its start must tell:
 * the boot arguments name a VMM for each level, and the kernel of the last (boot.c puts them together); and the
 * kernel that was loaded is ours or not. */
#include <string.h>

#include "debug.h"

#define NAME "the session's own" /* no path: nobody has the file */

static const char vmm[] = "vmm\0-m";

/* The boot arguments of a machine that was told to start a VMM; they begin a page. NULL = none. */
static const char *vmm_words(const struct machine *m) {
  for (uint32_t pa = PAGE_SIZE; pa < machine_ram_bytes(m); pa += PAGE_SIZE) {
    const char *page = machine_ram(m, pa, PAGE_SIZE);
    if (page && memcmp(page, vmm, sizeof vmm) == 0) return page;
  }
  return NULL;
}

/* The word after *at, which moves behind that word. "" at the end. */
static const char *next_word(const char *words, size_t *at) {
  const char *word = words + *at;
  const size_t n = strnlen(word, PAGE_SIZE - *at);
  if (n == PAGE_SIZE - *at) return "";
  *at += n + 1;
  return word;
}

/* Sets *depth to the number of VMMs; returns the kernel of the last one's VM. */
static const char *last_kernel(const char *words, unsigned *depth) {
  const char *kernel = "", *word;
  size_t at = 0;
  for (*depth = 0; strcmp(next_word(words, &at), "vmm") == 0; ++*depth) {
    next_word(words, &at); /* -m */
    next_word(words, &at);
    word = next_word(words, &at);
    while (strcmp(word, "--way") == 0 || strcmp(word, "--initrd") == 0) {
      next_word(words, &at);
      word = next_word(words, &at);
    }
    kernel = word;
  }
  return kernel;
}

/* Is the machine's kernel, where no image was given, the one of our bundle? */
static bool runs_our_kernel(struct debug *d) {
  struct image *ours = image_named(d, "kernel");
  uint32_t there, word;
  for (uint32_t pa = IMAGE_BASE; pa < IMAGE_BASE + PAGE_SIZE; pa += 4)
    if (!image_word(ours, pa, &word) || !memory_word(d, true, pa, &there) || word != there) return false;
  return true;
}

void replay_options(struct debug *d) {
  struct options *o = &d->options;
  const char *words = vmm_words(d->m);
  o->depth = 0;
  const char *kernel = words ? last_kernel(words, &o->depth) : "";
  if (o->image || o->kernel) return; /* the user says which */
  if (strcmp(kernel, "/boot/image") == 0) o->image = NAME;
  if (!runs_our_kernel(d)) *(o->depth ? &o->kernel : &o->image) = NAME;
}
