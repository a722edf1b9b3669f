/* complete.c - completion: every name that can be typed. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

static char *copy_if(const char *name, const char *text) {
  return strncmp(name, text, strlen(text)) == 0 ? must(strdup(name)) : NULL;
}

static char *complete_symbol(struct debug *d, const char *text, size_t *at) {
  size_t n = 0;
  struct image *i = image_of(d, recorder_current(timeline_recorder(d->t)));
  const struct pg32_lines_symbol *all = i && i->lines ? pg32_lines_symbols(i->lines, &n) : NULL;
  while (*at < n) {
    char *match = copy_if(all[(*at)++].name, text);
    if (match) return match;
  }
  return NULL;
}

/* Everything that has a name but commands and symbols, by number; NULL past the last. */
static const char *name_at(struct debug *d, size_t n) {
  static const char *const words[] = {
      "all", "and",    "args",  "app",   "asid",   "bookmarks", "breakpoints", "depth",  "end",
      "if",  "ignore", "in",    "insn",  "kernel", "lanes",     "lists",       "locals", "mode",
      "pc",  "phys",   "reset", "start", "tlb",    "user",      "vmm"};
  const size_t w = sizeof words / sizeof *words;
  if (n < w) return words[n];
  if ((n -= w) < PANES) return pane_rows[n].name;
  if ((n -= PANES) < 32) return pg32_register_name((unsigned)n);
  if ((n -= 32) < PG32_INSNS) return pg32_row((enum pg32_id)n)->name;
  if ((n -= PG32_INSNS) < d->nlanes) return d->lanes[n].name;
  return cause_vocabulary(n - d->nlanes);
}

char *command_complete(struct debug *d, const char *text, int state, bool first) {
  static size_t at, symbol;
  char *match;
  const char *name;
  if (state == 0) at = symbol = 0;
  for (; first && at < COMMANDS;)
    if ((match = copy_if(command_rows[at++].name, text))) return match;
  if (first) return NULL;
  while ((name = name_at(d, at))) {
    at++;
    if ((match = copy_if(name, text))) return match;
  }
  return complete_symbol(d, text, &symbol);
}
