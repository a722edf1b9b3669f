/* model.c - the session: opening and closing it, Ctrl-C, and what the last command has to say. */
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "crash.h"

/* So many steps, and events, are recorded at most before the session begins. A guest that does nothing but trap
 * would otherwise take minutes, and a gigabyte. */
#define RECORD_FIRST 60000000
#define EVENTS_FIRST 1000000

/* ---- Ctrl-C ---- */

static struct timeline *volatile interruptible; /* of the command at work; NULL = none is */
static volatile sig_atomic_t was_interrupted;   /* Ctrl-C came during that command */

void model_interrupt(void) {
  struct timeline *t = interruptible;
  if (t) was_interrupted = 1, timeline_interrupt(t);
}

bool model_interrupted(void) { return was_interrupted; }

/* A late Ctrl-C must hit neither the drawing after the command nor the next command. */
void model_interruptible(struct debug *d, bool at_work) {
  interruptible = NULL;
  timeline_go(d->t, timeline_position(d->t)); /* a move to where we are uses up an interrupt that came late */
  if (!at_work) return;
  was_interrupted = 0;
  interruptible = d->t;
}

/* ---- the last command's message ---- */

bool say(struct debug *d, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(d->said, sizeof d->said, format, ap);
  va_end(ap);
  return true;
}

bool say_nothing(struct debug *d) {
  d->said[0] = 0;
  return true;
}

bool fail(struct debug *d, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(d->said, sizeof d->said, format, ap);
  va_end(ap);
  return false;
}

/* ---- beginning and end ---- */

/* The position of the program's first instruction: after the first resume of a lane of its name at its depth.
 * 0 = the program never runs. */
static uint64_t find_start(struct debug *d, uint64_t *event) {
  char prog[PROC_NAME];
  image_process_name(d->options.argc > 0 ? d->options.argv[0] : "sh", prog);
  for (uint64_t n = 1; n <= index_events(d); n++) {
    const struct note note = index_note(d, n);
    if (note.kind != RECORD_RESUME || note.to >= d->nlanes) continue;
    const struct lane *l = &d->lanes[note.to];
    const char *name = recorder_lane_program(l->name);
    if (l->depth != d->options.depth || l->kind == LANE_KERNEL || l->kind == LANE_IDLE) continue;
    if (l->kind == LANE_PROCESS && !d->options.image && strcmp(name, prog) != 0) continue;
    *event = n;
    return note.position + 1;
  }
  return 0;
}

/* Says where the session begins; `event` resumes the program there. */
static void say_beginning(struct debug *d, bool at_reset, bool session, uint64_t event) {
  if (at_reset)
    say(d, "At reset: nothing has run yet. `t` goes to the first trap, `?` helps.");
  else if (session)
    say(d, "This is the moment that was saved. `e`: the next step of a list. `?`: help.");
  else if (!d->start)
    say(d, "The program never ran: this is reset. `t` goes to the first trap, `?` helps.");
  else
    say(d, "%s is about to begin. `e`: the first step of a list. `?`: help.",
        model_lane_name(d, index_note(d, event).to));
}

void model_adopt(struct debug *d, struct timeline *t, bool at_reset, bool session) {
  uint64_t event = 0, moment = timeline_position(t);
  d->t = t;
  d->m = timeline_machine(t);
  if (!d->options.input) timeline_live(t, true);
  d->indexed_to = UINT64_MAX;
  index_update(d);
  while (timeline_latest(t) < RECORD_FIRST && index_events(d) < EVENTS_FIRST && index_extend(d)) {
  }
  d->start = session ? moment : find_start(d, &event);
  timeline_go(t, at_reset ? 0 : d->start);
  machine_get_regs(d->m, &d->before);
  say_beginning(d, at_reset, session, event);
}

void model_open(struct debug *d, struct machine *m, bool at_reset) {
  struct timeline_config config = index_config(d);
  config.insns = d->options.max_insns;
  struct timeline *t = timeline_new(m, &config);
  if (!t) die(STATUS_USAGE, "out of memory");
  model_adopt(d, t, at_reset, false);
}

void model_close(struct debug *d) {
  interruptible = NULL;
  timeline_free(d->t);
  stops_free(d);
  images_free(d);
  crash_forget(d);
  displays_free(d);
  free(d->lanes);
  notes_free(d->notes);
  free(d->memory_before);
  free(d->answer);
  free(d->last_answer);
  free(d->examined);
}
