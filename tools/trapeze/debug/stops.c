/* stops.c - breakpoints and watchpoints: setting, listing and deleting them. */
#include <string.h>

#include "eval/eval.h"

/* ---- as text ---- */

/* Adds the names of the lanes that may stop at the place, and have run so far. */
static void add_lanes(struct debug *d, const struct stop *s, const struct code_place *p, char *buf,
                      size_t size) {
  unsigned n = 0;
  size_t used = strlen(buf);
  for (uint32_t i = 0; i < d->nlanes && used < size; i++) {
    const bool ours =
        (!p->image || image_meant(d, i) == p->image) && lane_matches(d, *s->lane ? s->lane : "*", i);
    if (!ours || (s->depth >= 0 && (int)d->lanes[i].depth != s->depth)) continue;
    if (++n > 3) break;
    used += (size_t)snprintf(buf + used, size - used, n > 1 ? ", %s" : " (%s", d->lanes[i].name);
  }
  if (used < size) snprintf(buf + used, size - used, "%s", !n ? " (no lane yet)" : n > 3 ? ", ...)" : ")");
}

static const char *words_of(struct debug *d, const struct stop *s, unsigned place, char *buf, size_t size) {
  place_words(&s->places.place[place], buf, size);
  add_lanes(d, s, &s->places.place[place], buf, size);
  return buf;
}

static void list_places(struct debug *d, const struct stop *s) {
  char words[400];
  for (unsigned i = 0; i < s->places.n; i++)
    fprintf(d->out, "  %2u.%u %s\n", s->number, i + 1, words_of(d, s, i, words, sizeof words));
}

void stops_list_some(struct debug *d, bool watches) {
  static const char *const kinds[] = {"break", "break", "watch", "awatch"};
  for (unsigned i = 0; i < d->nstops; i++) {
    const struct stop *s = &d->stop[i];
    if (watches && s->kind < STOP_WATCH) continue;
    fprintf(d->out, "%3u %s %s, hit %u time%s%s%s\n", s->number, s->only_reads ? "rwatch" : kinds[s->kind],
            s->text, s->hits, s->hits == 1 ? "" : "s", s->temporary ? ", once" : "",
            s->disabled ? ", disabled" : "");
    list_places(d, s);
  }
}

void stops_list(struct debug *d) {
  stops_list_some(d, false);
  if (!d->nstops) fputs("No breakpoints. For example, `break trap tlb-miss in app` sets one.\n", d->out);
}

/* ---- setting ---- */

static bool no_lane_matches(const struct debug *d, const char *lane) {
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (lane_matches(d, lane, i)) return false;
  return *lane != 0;
}

/* Says where the run will stop: one place in the line itself, several below it. */
static bool say_added(struct debug *d, const struct stop *s) {
  char words[400];
  const char *kind = s->kind >= STOP_WATCH ? "Watchpoint" : "Breakpoint";
  const char *note = no_lane_matches(d, s->lane) ? " (there is no such lane yet)" : "";
  if (s->places.n == 1)
    return say(d, "%s %u: %s: %s", kind, s->number, s->text, words_of(d, s, 0, words, sizeof words));
  if (!s->places.n) return say(d, "%s %u: %s%s", kind, s->number, s->text, note);
  list_places(d, s);
  return say(d, "%s %u: %s: %u places%s", kind, s->number, s->text, s->places.n, note);
}

static bool stop_add(struct debug *d, enum stop_kind kind, const char *text) {
  struct stop s;
  if (d->nstops == STOPS) return fail(d, "There are %d breakpoints already; `delete` some.", STOPS);
  if (!stop_read(d, kind, text, &s)) return places_free(&s.places), false;
  s.number = ++d->stop_number;
  d->stop[d->nstops++] = s;
  return say_added(d, &s);
}

bool command_break(struct debug *d, struct call c) { return stop_add(d, STOP_CODE, c.args); }
bool command_watch(struct debug *d, struct call c) { return stop_add(d, STOP_WATCH, c.args); }

bool command_awatch(struct debug *d, struct call c) { return stop_add(d, STOP_ACCESS, c.args); }

bool command_rwatch(struct debug *d, struct call c) {
  if (!stop_add(d, STOP_ACCESS, c.args)) return false;
  return d->stop[d->nstops - 1].only_reads = true;
}

bool stop_add_temporary(struct debug *d, const char *text) {
  if (!stop_add(d, STOP_CODE, text)) return false;
  return d->stop[d->nstops - 1].temporary = true;
}

bool command_tbreak(struct debug *d, struct call c) { return stop_add_temporary(d, c.args); }

/* ---- deleting ---- */

static void stop_free(struct stop *s) {
  places_free(&s->places);
  condition_free(s->sites);
}

void stops_free(struct debug *d) {
  while (d->nstops) stop_free(&d->stop[--d->nstops]);
}

void stop_delete(struct debug *d, unsigned index) {
  stop_free(&d->stop[index]);
  memmove(&d->stop[index], &d->stop[index + 1], (--d->nstops - index) * sizeof d->stop[0]);
}

void stops_sweep(struct debug *d) {
  for (unsigned i = d->nstops; i-- > 0;)
    if (d->stop[i].temporary && d->stop[i].passed) stop_delete(d, i);
}
