/* class.c - grades many submissions: finds them, takes its share of them, and runs a process for each that is
 * not graded already. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "class.h"
#include "tools/trapeze/grade/intake/members.h"
#include "class_result.h"
#include "tools/trapeze/grade/build/digest.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/build/submission.h"
#include "tools/trapeze/progress.h"
#include "tools/trapeze/untrusted.h"

extern char **environ;

/* ---- options ---- */

enum {
  KEY_CLASS = 0x200,
  KEY_SHARD,
  KEY_RESUME,
  KEY_SUMMARY,
  KEY_SIMILAR,
  KEY_INTAKE,
  KEY_ROSTER,
  KEY_TAKE,
  KEY_STATISTICS
};

/* clang-format off */
static const struct argp_option rows[] = {
  {"class",   KEY_CLASS,   "DIR", 0, "grade each submission in DIR, a folder or a file named after the student; with -o OUT, "
                                     "which gets a folder for each", 10},
  {"shard",   KEY_SHARD,   "I/N", 0, "with --class: grade only the I-th of N equal shares", 10},
  {"resume",  KEY_RESUME,  NULL,  0, "with --class: skip submissions whose result in OUT is whole, and the result of this lab and this submission", 10},
  {"intake",  KEY_INTAKE,  "EXPORT", 0, "grade nothing, but make folders for --class in -o DIR from EXPORT, the folder or the zip that "
                                     "Canvas, Moodle or Gradescope export", 10},
  {"roster",  KEY_ROSTER,  "FILE", 0, "a CSV table with an ID in each line: with --intake, call students so; with --summary and --statistics, list "
                                     "these students, also those who have handed in nothing", 10},
  {"statistics", KEY_STATISTICS, "OUT", 0, "show the results in OUT as figures: how many students have how many points, and what each "
                                     "test cost them; with -o FILE.svg also as a drawing", 10},
  {"take",    KEY_TAKE,    "WHICH", 0, "with --summary and --statistics: one line for each student, and of several hand-ins (ada, ada~2) the `last` (default "
                                     "with --roster) or the `best`", 10},
  {"similar", KEY_SIMILAR, "PERCENT", OPTION_ARG_OPTIONAL, "with --class: grade nothing, but list which submissions share "
                                     "PERCENT (default 40) of their code, or more, with another one or with a known solution", 10},
  {"summary", KEY_SUMMARY, "OUT", 0, "write the results in OUT as CSV, one line for each student; with --class DIR also those "
                                     "without a result", 10},
  {0}
};
/* clang-format on */

static void set_shard(struct class_options *o, const char *text, struct argp_state *state) {
  char end;
  if (sscanf(text, "%u/%u%c", &o->shard, &o->shards, &end) != 2 || o->shard < 1 || o->shard > o->shards)
    argp_error(state, "--shard %s: expected I/N, I from 1 to N", text);
}

static void set_similar(struct class_options *o, const char *text, struct argp_state *state) {
  uint64_t percent = 40;
  if (text && (!parse_size(text, 100, &percent) || percent == 0))
    argp_error(state, "--similar=%s: expected a number from 1 to 100", text);
  o->similar = (unsigned)percent;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct class_options *o = state->input;
  switch (key) {
  case KEY_CLASS: o->folder = arg; return 0;
  case KEY_SHARD: set_shard(o, arg, state); return 0;
  case KEY_RESUME: o->resume = true; return 0;
  case KEY_INTAKE: o->intake = arg; return 0;
  case KEY_ROSTER: o->roster = arg; return 0;
  case KEY_TAKE:
    o->take = strcmp(arg, "best") == 0 ? TAKE_BEST : TAKE_LAST;
    if (o->take == TAKE_LAST && strcmp(arg, "last") != 0)
      argp_error(state, "--take %s: expected last or best", arg);
    return 0;
  case KEY_STATISTICS: o->statistics = true; /* fall through */
  case KEY_SUMMARY: o->summary = arg; return 0;
  case KEY_SIMILAR: set_similar(o, arg, state); return 0;
  case ARGP_KEY_END:
    if ((o->shards || o->resume || o->similar) && !o->folder)
      argp_error(state, "--shard, --resume and --similar need --class");
    if (o->roster && !o->intake && !o->summary)
      argp_error(state, "--roster needs --intake, --summary or --statistics");
    if (o->take && !o->summary) argp_error(state, "--take needs --summary or --statistics");
    if (o->roster && !o->take) o->take = TAKE_LAST;
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

const struct argp class_argp = {.options = rows, .parser = parse};

bool class_wanted(const struct class_options *o, size_t submissions) { return o->folder || submissions > 1; }

/* ---- what is done ---- */

/* A submission that cannot be looked at is not done: its own process will say why. */
static bool is_done(const struct class_job *job, const struct member *m, uint64_t lab) {
  struct stat st;
  if (lstat(m->path, &st) != 0) return false;
  uint64_t submission = submission_digest(job->lab, m->path);
  if (job->rubric) submission = rubric_digest(job->rubric, m->student, submission);
  return class_result_holds(
      job->output, m->name,
      &(struct result_of){.student = m->student, .lab = lab, .submission = submission, .file = job->file});
}

/* ---- a process for each ---- */

struct child {
  pid_t pid; /* 0 = no child */
  size_t member;
  int words; /* a file in memory, since a disk may be full: what the child writes to stderr */
};

static char **words_of(const struct class_job *job, const struct member *m, char *folder) {
  size_t passed = 0, n = 0;
  while (job->pass[passed]) passed++;
  char **words = must(calloc(passed + 12, sizeof *words));
  const char *const fixed[] = {"trapeze", "grade", "-o", folder, "--student", m->student};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) words[n++] = (char *)fixed[i];
  for (size_t i = 0; i < passed; i++) words[n++] = (char *)job->pass[i];
  words[n++] = "--"; /* a submission's name may begin with a dash */
  words[n++] = (char *)job->given;
  words[n++] = m->path;
  return words;
}

/* Starts the process for a member. False when there can be no more processes now. */
static bool start(const struct class_job *job, const struct members *all, size_t i, struct child *c) {
  *c = (struct child){.member = i, .words = memfd_create("words", MFD_CLOEXEC)};
  static char self[PATH_MAX]; /* found once: trapeze may be installed anew meanwhile */
  if (c->words < 0 || (!*self && !own_path(self, sizeof self))) return false;
  char *folder = path_join(job->output, all->member[i].name);
  char **words = words_of(job, &all->member[i], folder);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, c->words, 2);
  errno = posix_spawn(&c->pid, self, &actions, NULL, words, environ);
  bool started = errno == 0;
  if (!started) close(c->words), c->pid = 0;
  posix_spawn_file_actions_destroy(&actions);
  free(words);
  free(folder);
  return started;
}

static char *content_of(int file) {
  struct bytes b = {0};
  char part[4096];
  ssize_t n;
  lseek(file, 0, SEEK_SET);
  while ((n = read(file, part, sizeof part)) > 0) bytes_append(&b, part, (size_t)n);
  char *text = printable(b.data, b.size, b.size);
  free(b.data);
  return text;
}

static char *error_path(const struct class_job *job, const struct member *m) {
  char *folder = path_join(job->output, m->name), *path = path_join(folder, "error.txt");
  free(folder);
  return path;
}

/* The text from its first line on that is no note. */
static const char *behind_notes(const char *text) {
  while (strncmp(text, "trapeze: note: ", 15) == 0 && strchr(text, '\n')) text = strchr(text, '\n') + 1;
  return text;
}

/* Leaves `said` in OUT/NAME/error.txt and its first line, notes aside, on stderr. Where the disk is full, stderr is all; the
 * result that an earlier run may have left stays one of its own lab and submission. */
static void note_failure(const struct class_job *job, const struct member *m, const char *said,
                         const char *end) {
  char *folder = path_join(job->output, m->name), *path = error_path(job, m), *name = printable_name(m->name),
       *all = NULL;
  progress_hide();
  if (asprintf(&all, "%s%s\n", said, end) < 0) must(NULL);
  bool noted = (mkdir(folder, 0777) == 0 || errno == EEXIST) && file_try_replace(path, all, strlen(all));
  if (!noted) fprintf(stderr, "trapeze: %s/%s/error.txt: %s\n", job->output, name, strerror(errno));
  const char *why = behind_notes(all);
  fprintf(stderr, "trapeze: %s: not graded: %.*s\n", name, (int)strcspn(why, "\n"), why);
  free(folder), free(path), free(name), free(all);
}

static void note_end(const struct class_job *job, const struct member *m, int status, int words) {
  char end[64], *said = content_of(words);
  if (WIFSIGNALED(status))
    snprintf(end, sizeof end, "ended by signal %d", WTERMSIG(status));
  else
    snprintf(end, sizeof end, "exit status %d", WEXITSTATUS(status));
  note_failure(job, m, said, end);
  free(said);
}

/* What the child's exit status means for the class. */
static int finish(const struct class_job *job, const struct members *all, struct child *c, int status) {
  const struct member *m = &all->member[c->member];
  bool graded = WIFEXITED(status) && WEXITSTATUS(status) == GRADE_DONE;
  if (graded) {
    char *path = error_path(job, m);
    unlink(path); /* of an earlier run */
    free(path);
  } else {
    note_end(job, m, status, c->words);
  }
  close(c->words);
  c->pid = 0;
  if (graded) return GRADE_DONE;
  return WIFEXITED(status) && WEXITSTATUS(status) == GRADE_BROKEN ? GRADE_BROKEN : GRADE_TROUBLE;
}

static struct child *wait_for_one(struct child *child, unsigned jobs, int *status) {
  for (;;) {
    pid_t pid = wait(status);
    if (pid < 0 && errno != EINTR) die(GRADE_TROUBLE, "wait: %s", strerror(errno));
    for (unsigned i = 0; i < jobs; i++)
      if (pid > 0 && child[i].pid == pid) return &child[i];
  }
}

static struct child *free_place(struct child *child, unsigned jobs) {
  for (unsigned i = 0; i < jobs; i++)
    if (!child[i].pid) return &child[i];
  return NULL;
}

/* The graver of two ends: a broken lab, then trouble with a submission. */
static int graver(int a, int b) {
  if (a == GRADE_BROKEN || b == GRADE_BROKEN) return GRADE_BROKEN;
  return a == GRADE_DONE ? b : a;
}

struct class_run {
  const struct class_job *job;
  const struct members *all;
  struct child *child;
  unsigned running;
  size_t done; /* submissions, those that were graded before as well */
  int worst;
};

static void take_one(struct class_run *r) {
  int status;
  struct child *place = wait_for_one(r->child, r->job->jobs, &status);
  r->worst = graver(r->worst, finish(r->job, r->all, place, status));
  r->running--;
  r->done++;
  progress_tell("Graded: %zu of %zu submissions", r->done, r->all->n);
}

/* When there can be no more processes, one of ours that ends makes room. */
static void grade_one(struct class_run *r, size_t i) {
  struct child *place;
  for (;;) {
    while (!(place = free_place(r->child, r->job->jobs))) take_one(r);
    if (r->worst == GRADE_BROKEN) return;
    if (start(r->job, r->all, i, place)) break;
    if (r->running == 0) {
      note_failure(r->job, &r->all->member[i], "no process for it: ", strerror(errno));
      r->worst = graver(r->worst, GRADE_TROUBLE);
      return;
    }
    take_one(r);
  }
  r->running++;
}

static int run_all(const struct class_job *job, const struct members *all, bool resume) {
  struct class_run r = {.job = job, .all = all, .child = must(calloc(job->jobs, sizeof *r.child))};
  uint64_t lab = digest_lab(job->lab, job->only);
  progress_tell("Grading %zu submissions", all->n); /* the work begins */
  for (size_t i = 0; i < all->n && r.worst != GRADE_BROKEN; i++) {
    if (resume && is_done(job, &all->member[i], lab))
      r.done++;
    else
      grade_one(&r, i);
  }
  while (r.running) take_one(&r);
  progress_end();
  free(r.child);
  return r.worst;
}

int class_grade(const struct class_options *o, const struct class_job *job) {
  if (!job->output) die(STATUS_USAGE, "expected -o OUT, a folder for the results of a class");
  if (o->folder && job->submissions)
    die(STATUS_USAGE, "%s: expected no submission besides --class %s", job->submission[0], o->folder);
  struct members all = o->folder ? members_in(o->folder, o->shard, o->shards)
                                 : members_named(job->submission, job->submissions, job->output);
  if (all.n == 0 && !o->shards) die(STATUS_USAGE, "%s: expected at least one submission", o->folder);
  folder_make(job->output);
  struct workshop w = workshop_open(); /* notes that there is no sandbox, once for all */
  workshop_close(&w);
  int worst = run_all(job, &all, o->resume);
  members_free(&all);
  return worst;
}
