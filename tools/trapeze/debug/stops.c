/* stops.c - breakpoints and watchpoints: setting, listing and deleting them. */
#include <string.h>

#include "debug.h"

/* ---- as text ---- */

/* Adds the names of the lanes that may stop at the place, and have run so far. */
static void add_lanes(struct debug *d, const struct stop *s, const struct code_place *p, char *buf,
                      size_t size) {
  unsigned n = 0;
  size_t used = strlen(buf);
  for (uint32_t i = 0; i < d->nlanes && used < size; i++) {
    const bool ours =
        (!p->image || image_of(d, i) == p->image) && lane_matches(d, *s->lane ? s->lane : "*", i);
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

void stops_list(struct debug *d) {
  static const char *const kinds[] = {"break", "break", "watch"};
  for (unsigned i = 0; i < d->nstops; i++) {
    const struct stop *s = &d->stop[i];
    fprintf(d->out, "%3u %s %s, hit %u time%s\n", s->number, kinds[s->kind], s->text, s->hits,
            s->hits == 1 ? "" : "s");
    list_places(d, s);
  }
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
  const char *kind = s->kind == STOP_WATCH ? "Watchpoint" : "Breakpoint";
  const char *note = no_lane_matches(d, s->lane) ? " (there is no such lane yet)" : "";
  if (s->places.n == 1)
    return say(d, "%s %u: %s: %s", kind, s->number, s->text, words_of(d, s, 0, words, sizeof words));
  if (!s->places.n) return say(d, "%s %u: %s%s", kind, s->number, s->text, note);
  list_places(d, s);
  return say(d, "%s %u: %s: %u places%s", kind, s->number, s->text, s->places.n, note);
}

static bool stop_add(struct debug *d, bool watch, const char *text) {
  struct stop s;
  if (d->nstops == STOPS) return fail(d, "There are %d breakpoints already; `delete` some.", STOPS);
  if (!stop_read(d, watch, text, &s)) return places_free(&s.places), false;
  s.number = ++d->stop_number;
  d->stop[d->nstops++] = s;
  return say_added(d, &s);
}

bool command_break(struct debug *d, struct call c) { return stop_add(d, false, c.args); }
bool command_watch(struct debug *d, struct call c) { return stop_add(d, true, c.args); }

/* ---- deleting ---- */

void stops_free(struct debug *d) {
  while (d->nstops) places_free(&d->stop[--d->nstops].places);
}

bool command_delete(struct debug *d, struct call c) {
  const char *text = c.args;
  uint64_t n;
  if (!*text) return stops_free(d), say(d, "All breakpoints deleted.");
  if (!number_of(text, &n)) return fail(d, "delete: expected a number; `info breakpoints` lists them.");
  for (unsigned i = 0; i < d->nstops; i++) {
    if (d->stop[i].number != n) continue;
    places_free(&d->stop[i].places);
    memmove(&d->stop[i], &d->stop[i + 1], (--d->nstops - i) * sizeof d->stop[0]);
    return say(d, "Breakpoint %llu deleted.", (unsigned long long)n);
  }
  return fail(d, "There is no breakpoint %llu.", (unsigned long long)n);
}
