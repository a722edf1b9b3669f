/* crash_report.c - what `trapeze run` says on stderr when its program has died.
 *
 * A run without a recorder is as quick as can be, but remembers nothing. So the run is made once more, with the
 * same input at the same moments: it is the same run, and this time the debugger looks on. */
#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash.h"

/* A run with more steps or events is not made again: that would take far longer than a person waits. */
#ifdef MODE_TINY /* hardly a record is kept, so that events are made again one by one */
#define AGAIN_MOST 1000000
#else
#define AGAIN_MOST UINT64_C(20000000000)
#endif
#define AGAIN_EVENTS 5000000
#define AGAIN_LONG 300000000 /* steps of a run of which is said that it is made again */

/* ---- the run once more ---- */

static enum timeline_stop run_to(struct debug *d, uint64_t steps) {
  enum timeline_stop stop;
  do {
    const uint64_t here = timeline_position(d->t);
    stop = timeline_go(d->t, steps - here > INDEX_PIECE ? here + INDEX_PIECE : steps);
    index_update(d);
  } while (stop == TIMELINE_THERE && timeline_position(d->t) < steps && index_events(d) < AGAIN_EVENTS);
  return stop;
}

static bool give(struct debug *d, const struct input_log *log, const struct input_entry *e, size_t from) {
  struct timeline *t = d->t;
  const enum timeline_stop stop = run_to(d, e->steps);
  if (timeline_position(t) != e->steps || (stop != TIMELINE_THERE && stop != TIMELINE_IDLE)) return false;
  switch (e->kind) {
  case INPUT_BYTES: return timeline_input(t, log->bytes.data + from, e->n);
  case INPUT_IDLE: return timeline_go(t, e->steps + 1) == TIMELINE_IDLE && timeline_idle(t, e->n);
  default: return timeline_hangup(t);
  }
}

static bool run_again(struct debug *d, const struct input_log *log, uint64_t steps) {
  struct timeline *t = d->t;
  size_t from = 0;
  timeline_live(t, true);
  for (size_t i = 0; i < log->entries; i++) {
    if (!give(d, log, &log->entry[i], from)) return false;
    if (log->entry[i].kind == INPUT_BYTES) from += log->entry[i].n;
    if (log->entry[i].kind == INPUT_HANGUP) timeline_live(t, false);
  }
  run_to(d, steps);
  return timeline_position(t) == steps;
}

/* The run's last crash, unless that was told already, in words, and its source line; both stay empty if there is none.
 * False: the run could not be made again to its present. */
static bool find_words(struct crash_watch *w, uint64_t steps, char words[sizeof((struct debug *)0)->said],
                       char line[300]) {
  const struct options *o = w->o;
  struct debug d = {.options = *o};
  struct source_function own = {0};
  struct boot boot = boot_assemble(o);
  const struct timeline_config config = index_config(&d);
  struct timeline *t = timeline_new(boot_machine(o, &boot), &config);
  struct crash c;
  char place[200];
  bool again;
  boot_free(&boot);
  if (!t) return notes_free(d.notes), false;
  d.t = t;
  d.m = timeline_machine(t);
  if ((again = run_again(&d, w->log, steps))) {
    model_adopt(&d, t, true, false);
    if (crash_go_last(&d, &c) && c.position != w->told) {
      w->told = c.position;
      strcpy(words, d.said);
      crash_place(&d, &c, &own, place, sizeof place);
    }
    const char *text = own.file ? source_line(&d, own.file, own.line) : NULL;
    if (text) snprintf(line, 300, "%6d  %s", own.line, text);
  }
  model_close(&d);
  return again;
}

/* ---- the command that shows it ---- */

static void print_quoted(const char *word) {
  bool plain = *word != 0;
  for (const char *p = word; *p; p++) plain &= isalnum((unsigned char)*p) || strchr("_./=:,+-@%", *p) != NULL;
  if (plain) {
    fprintf(stderr, " %s", word);
    return;
  }
  fputs(" '", stderr);
  for (; *word; word++) fputs(*word == '\'' ? "'\\''" : (char[]){*word, 0}, stderr);
  fputc('\'', stderr);
}

/* The file that stdin is; "" if it is none that can be opened again. */
static const char *input_file(char *path, size_t size) {
  struct stat st;
  const ssize_t n = readlink("/proc/self/fd/0", path, size - 1);
  path[n > 0 ? n : 0] = 0;
  if (fstat(STDIN_FILENO, &st) != 0 || !S_ISREG(st.st_mode) || access(path, R_OK) != 0) *path = 0;
  return path;
}

static void print_command(const struct options *o, const struct input_log *log, char **argv) {
  char path[PATH_MAX];
  const bool given = !o->input && log->bytes.size;
  fputs("trapeze: to look at it: trapeze debug --crash", stderr);
  if (given) print_quoted(o->data ? "--stdin" : "--input");
  if (given) print_quoted(*input_file(path, sizeof path) ? path : "FILE");
  for (char **a = argv + 1; *a; a++) print_quoted(*a);
  fputc('\n', stderr);
  if (given && !*path)
    fprintf(stderr, "trapeze: (FILE has what %s the program)\n", o->data ? "was piped to" : "was typed to");
}

/* ---- the report ---- */

/* The first process has ended by a signal, a kernel has given up, or a machine has check-stopped. */
static bool looks_like_death(const struct machine *m, enum machine_exit exit) {
  const uint32_t status = machine_exit_status(m);
  if (exit == EXIT_CHECKSTOP) return true;
  return exit == EXIT_POWER &&
         ((status > 128 && status < 160) || status == STATUS_CHECKSTOP || status == 255);
}

static void print_death(const struct crash_watch *w, const char *words, const char *line) {
  if (*words) fprintf(stderr, "trapeze: %s\n", words);
  if (*line) fprintf(stderr, "%s\n", line);
  print_command(w->o, w->log, w->argv);
}

static void look(struct crash_watch *w, const struct machine *m, unsigned faults, const char *before) {
  char words[sizeof((struct debug *)0)->said] = "", line[300] = "";
  if (faults == w->faults) return;
  w->faults = faults;
  if (machine_steps(m) > AGAIN_LONG || machine_steps(m) > AGAIN_MOST) return;
  if (!find_words(w, machine_steps(m), words, line) || !*words) return;
  fputs(before, stderr);
  print_death(w, words, line);
}

/* A prompt may stand in the line. */
void crash_look(struct crash_watch *w, const struct machine *m, unsigned faults) { look(w, m, faults, "\n"); }

void crash_report(struct crash_watch *w, const struct machine *m, enum machine_exit exit, unsigned faults) {
  char words[sizeof((struct debug *)0)->said] = "", line[300] = "";
  if (exit == EXIT_CHECKSTOP) return print_command(w->o, w->log, w->argv); /* session.c says what it was */
  if (!looks_like_death(m, exit)) return look(w, m, faults, "");
  const bool lengthy = machine_steps(m) > AGAIN_LONG, again = machine_steps(m) <= AGAIN_MOST;
  if (lengthy || !again)
    fprintf(stderr, "trapeze: exit status %u, as of a program that has died%s\n", machine_exit_status(m),
            again ? "; it runs again, to see why" : "");
  if (again && find_words(w, machine_steps(m), words, line) && !*words) return; /* it only ended so */
  print_death(w, words, line);
}
