/* stop.c - tells gdb why a move has ended, and what the guest has put out meanwhile. */
#include <string.h>

#include "gdb.h"

/* ---- output ---- */

/* What the guest has put out since gdb was told last. What comes again in the past is not printed again. */
void gdb_show_output(struct gdb *g) {
  size_t n;
  const uint8_t *output = timeline_output(g->d->t, &n);
  if (timeline_latest(g->d->t) < g->latest && n < g->shown) g->shown = n; /* the future has been dropped */
  g->latest = timeline_latest(g->d->t);
  if (n <= g->shown) return;
  gdb_print(g, output + g->shown, n - g->shown);
  g->shown = n;
}

void gdb_print_line(struct gdb *g, const char *text) {
  gdb_print(g, text, strlen(text));
  gdb_print(g, "\n", 1);
}

/* ---- the end of the run ---- */

/* What check-stopped the machine, or NULL. */
static const char *check_stop(const struct gdb *g, char *buf, size_t size) {
  machine_checkstop_text(g->d->m, buf, size);
  return strncmp(buf, "check-stop", 10) == 0 ? buf : NULL;
}

void gdb_print_end(struct gdb *g) {
  char text[400], why[200];
  if (g->d->cut_off)
    snprintf(text, sizeof text, "The run ends here: --max-insns is used up.");
  else if (check_stop(g, why, sizeof why))
    snprintf(text, sizeof text, "The run ends here. %s.", why);
  else
    snprintf(text, sizeof text, "The run ends here, with exit status %u.", machine_exit_status(g->d->m));
  gdb_print_line(g, text);
}

/* ---- why ---- */

/* So that gdb need not ask for them. */
static void reply_registers(struct gdb *g) {
  static const unsigned usual[] = {2, 8, 32};
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
    gdb_reply(g, "%02x:", usual[i]);
    gdb_reply_register(g, usual[i]);
    gdb_reply(g, ";");
  }
}

static void reply_point(struct gdb *g) {
  static const char *const words[] = {"swbreak", "hwbreak", "watch", "rwatch", "awatch"};
  if (g->hit->kind >= POINT_WRITE)
    gdb_reply(g, "%s:%x;", words[g->hit->kind], g->hit_address);
  else if (g->says_break)
    gdb_reply(g, "%s:;", words[g->hit->kind]);
}

/* The machine is off. A check-stop is the end that a program's own fault would be. */
static void reply_exit(struct gdb *g) {
  char why[200];
  if (check_stop(g, why, sizeof why))
    gdb_reply(g, "X06");
  else
    gdb_reply(g, "W%02x", g->d->cut_off ? STATUS_BUDGET : machine_exit_status(g->d->m));
}

void gdb_reply_stop(struct gdb *g) {
  static const uint8_t signals[] = {[REASON_INTERRUPT] = 2, [REASON_INPUT] = 21, [REASON_MEMORY] = 6};
  if (g->reason == REASON_EXIT) return reply_exit(g);
  if (g->reason == REASON_INPUT)
    gdb_print_line(g, "The machine waits for input: `monitor type TEXT` gives it some.");
  if (g->reason == REASON_MEMORY) gdb_print_line(g, "Memory is short: the move was not finished.");
  unsigned signal = g->reason < sizeof signals ? signals[g->reason] : 0;
  if (g->reason == REASON_CRASH) signal = g->signal;
  gdb_reply(g, "T%02xthread:1;", signal ? signal : 5);
  if (g->reason == REASON_BEGIN) gdb_reply(g, "replaylog:begin;");
  if (g->reason == REASON_END) gdb_reply(g, "replaylog:end;");
  if (g->reason == REASON_POINT && g->hit) reply_point(g);
  reply_registers(g);
}
