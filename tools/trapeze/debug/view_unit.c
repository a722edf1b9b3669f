/* view_unit.c - the pane `unit`: a unit of the guest's code beside its translation; and the commands about units. */
#include <stdlib.h>
#include <string.h>

#include "translation.h"
#include "view.h"

/* ---- what the pane shows, kept until a command or a move may have changed it ---- */

static struct {
  const struct debug *d;
  uint64_t position, commands;
  struct translation t;
  char why[sizeof((struct debug *)0)->said]; /* there is nothing to show; "" = there is */
  int unit;                                  /* that is shown */
  uint32_t word;                             /* the word that the guest is at; 0xFFFFFFFF = none */
  struct unit_rows rows;
} kept;

/* Where the guest's kernel is in the cache, or where it has left the cache last. */
static bool place_in_cache(struct debug *d, uint32_t *pc) {
  const struct place p = model_place(d);
  if (p.lane == kept.t.guest) return *pc = p.regs.pc, true;
  const uint64_t n = index_last_trap(d, index_before(d, p.position + 1), kept.t.guest);
  const struct record *rec = n ? timeline_event(d->t, n) : NULL;
  return rec && (*pc = rec->trap.pc, true);
}

static void choose_unit(struct debug *d) {
  uint32_t pc = 0;
  kept.unit = -1, kept.word = UINT32_MAX;
  if (place_in_cache(d, &pc)) kept.unit = translation_unit_at(&kept.t, pc);
  if (kept.unit >= 0) kept.word = (pc - VM_WINDOW_START) / 4;
  if (!d->unit_set) return;
  const int here = kept.unit;
  kept.unit = d->unit_is_number ? (int)d->unit : translation_unit_of(&kept.t, d->unit, 0, true);
  if (kept.unit < 0) kept.unit = translation_unit_of(&kept.t, d->unit, 0, false);
  if (kept.unit >= (int)kept.t.units) kept.unit = -1;
  if (kept.unit != here) kept.word = UINT32_MAX;
}

static void say_why_not(struct debug *d) {
  if (d->unit_set)
    snprintf(kept.why, sizeof kept.why,
             "There is no such unit now. `info units` lists all; `unit` alone shows the "
             "one that runs.");
  else
    snprintf(kept.why, sizeof kept.why,
             "The guest's kernel has not been in the cache yet. `info units` lists all "
             "units.");
}

static void keep(struct debug *d) {
  char said[sizeof d->said];
  const uint64_t position = model_position(d);
  if (kept.d == d && kept.position == position && kept.commands == d->commands) return;
  translation_free(&kept.t);
  free(kept.rows.row);
  kept.rows = (struct unit_rows){0};
  kept.d = d, kept.position = position, kept.commands = d->commands;
  kept.why[0] = 0;
  memcpy(said, d->said, sizeof said);
  if (!translation_read(d, &kept.t)) {
    snprintf(kept.why, sizeof kept.why, "%s", d->said);
  } else {
    choose_unit(d);
    if (kept.unit < 0)
      say_why_not(d);
    else
      unit_rows(&kept.t, kept.unit, &kept.rows);
  }
  memcpy(d->said, said, sizeof said);
}

/* ---- the pane ---- */

static int current_row(void) {
  for (size_t i = 0; i < kept.rows.n; i++)
    if (kept.rows.row[i].word == kept.word && kept.word != UINT32_MAX) return (int)i;
  return -1;
}

void view_unit(struct debug *d, struct cells *c) {
  static const enum style styles[] = {
      [UNIT_HEAD] = TITLE, [UNIT_SAME] = PLAIN, [UNIT_OTHER] = STRONG, [UNIT_STUB] = DIM};
  keep(d);
  if (*kept.why) {
    cells_wrap(c, 0, 0, DIM, kept.why);
    return;
  }
  const int here = current_row(), most = c->window * 2 / 3, top = here > most ? here - most : 0;
  cells_reach(c, -top);
  for (int i = 0; i < (int)kept.rows.n; i++) {
    const struct unit_row *r = &kept.rows.row[i];
    const int indent = r->kind == UNIT_HEAD ? 0 : 2;
    if (i == here) cells_put(c, i - top, 0, CURRENT, "▶ ");
    cells_put(c, i - top, indent, i == here ? CURRENT : styles[r->kind], r->text);
  }
}

/* ---- the commands ---- */

bool command_unit(struct debug *d, struct call c) {
  uint64_t n;
  d->unit_set = *c.args != 0;
  d->unit_is_number = strncmp(c.args, "0x", 2) != 0 && number_of(c.args, &n) && n <= UINT32_MAX;
  if (d->unit_is_number)
    d->unit = (uint32_t)n;
  else if (d->unit_set && !expr_value(d, c.args, &d->unit))
    return d->unit_set = false, fail(d,
                                     "unit: expected a unit's number, or an address such as 0x1d98 or "
                                     "'vm1 kernel':trap, not '%s'.",
                                     c.args);
  kept.d = NULL;
  pane_select(d, PANE_UNIT);
  pane_print(d, PANE_UNIT);
  return say_nothing(d);
}

bool info_units(struct debug *d, const char *text) {
  struct translation t;
  char title[200];
  (void)text;
  const bool ok = translation_read(d, &t);
  for (uint32_t i = 0; ok && i < t.units; i++)
    fprintf(d->out, "%s\n", unit_title(&t, (int)i, title, sizeof title));
  if (ok)
    fprintf(d->out, "%u units of %s in %u words; the cache was emptied %u times.\n", t.units,
            model_lane_name(d, t.guest), t.words, t.flushes ? t.flushes - 1 : 0);
  translation_free(&t);
  return ok && say_nothing(d);
}
