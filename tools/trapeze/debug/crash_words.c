/* crash_words.c - a crash as one sentence: what has died, why, and where in its own code. */
#include <stdlib.h>
#include <string.h>

#include "crash_scene.h"

/* ---- signals, panics and check-stops ---- */

const char *crash_signal_name(unsigned n) {
  static const char *const names[] = {
      [SIGINT] = "SIGINT", [SIGILL] = "SIGILL",   [SIGTRAP] = "SIGTRAP", [6] = "SIGABRT",
      [SIGBUS] = "SIGBUS", [SIGKILL] = "SIGKILL", [SIGSEGV] = "SIGSEGV", [SIGTERM] = "SIGTERM"};
  return n < sizeof names / sizeof *names && names[n] ? names[n] : "a signal";
}

/* Is a function of that name among the callers? */
static bool is_called_by(struct scene *s, const char *name) {
  struct stack_frame f = frame_innermost(s->d);
  for (unsigned n = 0; n < CRASH_CALLS; n++) {
    const char *function = frame_function(s->d, &f).name;
    if (function && strcmp(function, name) == 0) return true;
    if (!frame_outer(s->d, &f)) break;
  }
  return false;
}

static void say_signal(struct scene *s) {
  if (is_called_by(s, "__assert_fail"))
    fputs("an assertion has failed, and the console says which", s->out);
  else if (is_called_by(s, "abort"))
    fputs("it calls abort()", s->out);
  else
    fprintf(s->out, "it ends itself by signal %u (%s)", s->c.signal, crash_signal_name(s->c.signal));
}

static void say_kill(struct scene *s) {
  fprintf(s->out, "process %u, by signal %u (%s)", s->e.regs.x[10], s->c.signal,
          crash_signal_name(s->c.signal));
}

static void say_panic(struct scene *s) {
  char text[120];
  if (crash_text_at(s, s->e.regs.x[10], text, sizeof text))
    fprintf(s->out, "panic: %s", text);
  else
    fputs("panic", s->out);
}

/* The trap whose handler has trapped at once: the last one before, of the same machine. */
static uint64_t trap_before(struct debug *d, uint64_t event, uint32_t lane) {
  for (uint64_t e = event - 1; e; e--) {
    const struct note n = index_note(d, e);
    if (n.kind == RECORD_TRAP && n.verdict == VERDICT_REFLECT && n.from < d->nlanes &&
        crash_same_system(&d->lanes[n.from], &d->lanes[lane]))
      return e;
  }
  return 0;
}

static void say_checkstop(struct scene *s) {
  char text[300];
  if (s->d->lanes[s->c.lane].depth == 0) {
    machine_checkstop_text(s->d->m, text, sizeof text);
    fputs(text, s->out);
    return;
  }
  const uint64_t before = trap_before(s->d, s->c.event, s->c.lane);
  fprintf(s->out, "check-stop: %s at pc 0x%08x", pg32_cause_text(s->cause), s->pc);
  if (before)
    fprintf(s->out, " right after a trap (%s by %s)", pg32_cause_text(index_note(s->d, before).cause),
            model_lane_name(s->d, index_note(s->d, before).from));
}

/* ---- the place ---- */

struct jump {
  uint32_t lane, to;
};

static bool is_elsewhere(void *arg, struct machine *m, struct recorder *r) {
  const struct jump *j = arg;
  struct machine_regs regs;
  machine_get_regs(m, &regs);
  return recorder_current(r) == j->lane && regs.pc != j->to;
}

/* Goes to the instruction that has jumped to where no code is. */
static void go_to_jump(struct debug *d, uint32_t lane) {
  struct jump jump = {lane, frame_innermost(d).regs.pc};
  struct timeline_condition c = {.holds = is_elsewhere, .arg = &jump};
  timeline_backward(d->t, &c);
}

/* Is it the C library's, part of which has no lines, or a function of a kernel that only reports? */
static bool is_not_own(const struct source_function *f) {
  return !f->file || strstr(f->file, "userprogs/lib/") || (f->name && strcmp(f->name, "panic") == 0);
}

static void write_place(FILE *out, const struct source_function *f) {
  if (f->name) fprintf(out, "`%s`", f->name);
  if (f->name && f->file) fprintf(out, " at %s:%d", base_name(f->file), f->line);
}

bool crash_is_own(const struct source_function *f) { return !is_not_own(f); }

/* Writes the innermost function, unless the crash is about a call that it only makes, and the program's own. */
static void find_place(struct debug *d, FILE *out, bool innermost, struct source_function *own) {
  struct stack_frame f = frame_innermost(d);
  struct source_function inner = *own = frame_function(d, &f);
  for (unsigned n = 0; n < CRASH_CALLS && (!own->name || is_not_own(own)); n++) {
    if (!frame_outer(d, &f)) break;
    *own = frame_function(d, &f);
  }
  if (!own->name || is_not_own(own)) return *own = inner, write_place(out, own);
  if (innermost && inner.name && is_not_own(&inner)) fprintf(out, "`%s`, called by ", inner.name);
  write_place(out, own);
}

static void set_scene(struct scene *s, struct debug *d, const struct crash *c) {
  const struct record *rec = timeline_event(d->t, c->event);
  *s = (struct scene){.d = d, .c = *c};
  eval_begin(&s->e, d);
  s->pc = s->e.regs.pc;
  s->sp = s->e.regs.x[2];
  eval_read(&s->e, s->e.regs.status, s->pc, &s->badinst, sizeof s->badinst);
  if (!rec || rec->kind != RECORD_TRAP) return;
  s->cause = rec->levels && rec->seen[rec->levels] ? rec->seen[rec->levels] : rec->trap.cause;
  s->address = rec->trap.badva;
}

const char *crash_place(struct debug *d, const struct crash *c, struct source_function *own, char *buf,
                        size_t size) {
  const uint64_t here = model_position(d);
  struct scene s;
  FILE *out = must(fmemopen(buf, size, "w"));
  *buf = 0;
  set_scene(&s, d, c);
  const bool jumped = c->kind == CRASH_FAULT && crash_has_jumped(&s);
  eval_end(&s.e);
  if (jumped) go_to_jump(d, c->lane);
  find_place(d, out, c->kind == CRASH_FAULT, own);
  fclose(out);
  model_return(d, here);
  return buf;
}

static const struct {
  const char *verb;
  void (*say)(struct scene *s);
} kinds[CRASH_KINDS] = {
    [CRASH_FAULT] = {"dies", crash_say_fault},    [CRASH_SIGNAL] = {"dies", say_signal},
    [CRASH_KILL] = {"kills", say_kill},           [CRASH_PANIC] = {"gives up", say_panic},
    [CRASH_CHECKSTOP] = {"stops", say_checkstop},
};

const char *crash_words(struct debug *d, const struct crash *c, char *buf, size_t size) {
  struct scene s;
  struct source_function own;
  char place[200];
  set_scene(&s, d, c);
  s.out = must(fmemopen(buf, size, "w"));
  fprintf(s.out, "%s %s: ", model_lane_name(d, c->lane), kinds[c->kind].verb);
  kinds[c->kind].say(&s);
  fflush(s.out);
  fprintf(s.out, "%s %s", buf[strlen(buf) - 1] == '?' ? "" : ".",
          crash_place(d, c, &own, place, sizeof place));
  fclose(s.out);
  buf[size - 1] = 0;
  eval_end(&s.e);
  return buf;
}
