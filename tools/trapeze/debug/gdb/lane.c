/* lane.c - which program gdb debugs.
 *
 * gdb knows one program with its symbols, and an address means an instruction of that program. Other programs
 * have other instructions at the same address: the kernel in front of an application, a guest's kernel behind
 * the VM's, each process. So a breakpoint stops only lanes of the program that gdb debugs, and a step ends
 * only there. At first this is the program of the run; `monitor lane NAME` chooses another one. */
#include <string.h>

#include "gdb.h"

bool gdb_debugs(const struct gdb *g, uint32_t lane) {
  if (!*g->lane) return true;
  return lane < g->d->nlanes &&
         (strcmp(g->d->lanes[lane].name, g->lane) == 0 || lane_matches(g->d, g->lane, lane));
}

static uint32_t running(const struct gdb *g) { return recorder_current(timeline_recorder(g->d->t)); }

uint32_t gdb_lane(const struct gdb *g) {
  if (gdb_debugs(g, running(g))) return running(g);
  for (uint32_t i = 0; i < g->d->nlanes; i++)
    if (gdb_debugs(g, i)) return i;
  return UINT32_MAX;
}

/* The lane that begins to run at d->start; in a saved session the one that runs. */
void gdb_choose_program(struct gdb *g) {
  struct debug *d = g->d;
  uint32_t lane = running(g);
  if (d->start && d->start != model_position(d)) {
    const struct note n = index_note(d, index_before(d, d->start));
    if (n.kind == RECORD_RESUME) lane = n.to;
  }
  snprintf(g->lane, sizeof g->lane, "%s", model_lane_name(d, lane));
}

static void print_lane(const struct gdb *g, FILE *out) {
  if (*g->lane)
    fprintf(out, "Breakpoints and steps are those of the lane %s.\n", g->lane);
  else
    fputs("Breakpoints and steps are those of any lane.\n", out);
}

void gdb_choose_lane(struct gdb *g, const char *name, FILE *out) {
  char word[sizeof g->lane];
  const size_t n = strlen(name);
  const bool quoted = n > 1 && *name == '\'' && name[n - 1] == '\'';
  snprintf(word, sizeof word, "%.*s", (int)(n - (quoted ? 2 : 0)), name + quoted);
  if (*word)
    memcpy(g->lane, strcmp(word, "any") == 0 ? "" : word, strcmp(word, "any") == 0 ? 1 : strlen(word) + 1);
  print_lane(g, out);
  if (gdb_lane(g) == UINT32_MAX) fputs("There is no such lane yet; `monitor info lanes` lists all.\n", out);
}
