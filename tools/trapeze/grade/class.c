/* class.c - grades many submissions: finds them, takes its share of them, and runs a process for each that is
 * not graded already. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "class.h"
#include "folder.h"
#include "tools/base_name.h"
#include "tools/trapeze/grade/lab/lab.h"

extern char **environ;

/* ---- options ---- */

enum { KEY_CLASS = 0x200, KEY_SHARD, KEY_RESUME, KEY_SUMMARY };

/* clang-format off */
static const struct argp_option rows[] = {
  {"class",   KEY_CLASS,   "DIR", 0, "grade each submission in DIR, a folder or a file named after the student; with -o OUT, "
                                     "which gets a folder for each", 10},
  {"shard",   KEY_SHARD,   "I/N", 0, "with --class: grade only the I-th of N equal shares", 10},
  {"resume",  KEY_RESUME,  NULL,  0, "with --class: skip submissions that have a result in OUT", 10},
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

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct class_options *o = state->input;
  switch (key) {
  case KEY_CLASS: o->folder = arg; return 0;
  case KEY_SHARD: set_shard(o, arg, state); return 0;
  case KEY_RESUME: o->resume = true; return 0;
  case KEY_SUMMARY: o->summary = arg; return 0;
  case ARGP_KEY_END:
    if ((o->shards || o->resume) && !o->folder) argp_error(state, "--shard and --resume need --class");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

const struct argp class_argp = {.options = rows, .parser = parse};

bool class_wanted(const struct class_options *o, size_t submissions) { return o->folder || submissions > 1; }

/* ---- the members of a class ---- */

struct member {
  char *path, *name;
};
struct members {
  struct member *member;
  size_t n;
};

static void add(struct members *all, char *path, const char *name) {
  all->member = must(realloc(all->member, (all->n + 1) * sizeof *all->member));
  all->member[all->n++] = (struct member){path, must(strdup(name))};
}

static void strip_slashes(char *path) {
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') path[--n] = 0;
}

static void members_free(struct members *all) {
  for (size_t i = 0; i < all->n; i++) {
    free(all->member[i].path);
    free(all->member[i].name);
  }
  free(all->member);
}

static struct members of_folder(const struct class_options *o) {
  struct members all = {0};
  size_t n;
  char **names = folder_names(o->folder, &n);
  for (size_t i = 0; i < n; i++)
    if (!o->shards || i % o->shards == o->shard - 1) add(&all, path_join(o->folder, names[i]), names[i]);
  folder_names_free(names);
  return all;
}

static struct members of_words(const struct class_job *job) {
  struct members all = {0};
  for (size_t i = 0; i < job->submissions; i++) {
    char *path = must(strdup(job->submission[i]));
    strip_slashes(path);
    const char *name = base_name(path);
    for (size_t j = 0; j < all.n; j++)
      if (strcmp(all.member[j].name, name) == 0)
        die(STATUS_USAGE, "%s and %s: both would be %s/%s", all.member[j].path, path, job->output, name);
    add(&all, path, name);
  }
  return all;
}

static bool has_file(const struct class_job *job, const struct member *m, const char *name) {
  char *path = NULL;
  if (asprintf(&path, "%s/%s/%s", job->output, m->name, name) < 0) must(NULL);
  bool there = access(path, F_OK) == 0;
  free(path);
  return there;
}

static bool is_done(const struct class_job *job, const struct member *m) {
  return has_file(job, m, "grade.json") && !has_file(job, m, "error.txt");
}

/* ---- a process for each ---- */

struct child {
  pid_t pid; /* 0 = no child */
  size_t member;
  FILE *words; /* what the child writes to stderr */
};

static char **words_of(const struct class_job *job, const struct member *m, char *folder) {
  size_t passed = 0, n = 0;
  while (job->pass[passed]) passed++;
  char **words = must(calloc(passed + 12, sizeof *words));
  const char *const fixed[] = {"trapeze", "grade", "-o", folder, "--student", m->name};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) words[n++] = (char *)fixed[i];
  for (size_t i = 0; i < passed; i++) words[n++] = (char *)job->pass[i];
  words[n++] = "--"; /* a submission's name may begin with a dash */
  words[n++] = (char *)job->lab;
  words[n++] = m->path;
  return words;
}

static struct child start(const struct class_job *job, const struct members *all, size_t i) {
  struct child c = {.member = i, .words = must(tmpfile())};
  char *folder = path_join(job->output, all->member[i].name);
  char **words = words_of(job, &all->member[i], folder);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(c.words), 2);
  int error = posix_spawn(&c.pid, "/proc/self/exe", &actions, NULL, words, environ);
  if (error) die(GRADE_TROUBLE, "trapeze grade: %s", strerror(error));
  posix_spawn_file_actions_destroy(&actions);
  free(words);
  free(folder);
  return c;
}

static struct bytes content_of(FILE *f) {
  struct bytes b = {0};
  char part[4096];
  size_t n;
  rewind(f);
  while ((n = fread(part, 1, sizeof part, f)) > 0) bytes_append(&b, part, n);
  return b;
}

static char *error_path(const struct class_job *job, const struct member *m) {
  char *folder = path_join(job->output, m->name), *path = path_join(folder, "error.txt");
  folder_make(folder);
  free(folder);
  return path;
}

static void note_failure(const struct class_job *job, const struct member *m, int status, FILE *words) {
  struct bytes said = content_of(words);
  char end[64], *path = error_path(job, m);
  int n = WIFSIGNALED(status) ? snprintf(end, sizeof end, "ended by signal %d\n", WTERMSIG(status))
                              : snprintf(end, sizeof end, "exit status %d\n", WEXITSTATUS(status));
  bytes_append(&said, end, (size_t)n);
  file_replace(path, said.data, said.size);
  fprintf(stderr, "trapeze: %s: not graded: %.*s\n", m->name, (int)strcspn((char *)said.data, "\n"),
          (char *)said.data);
  free(path);
  free(said.data);
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
    note_failure(job, m, status, c->words);
  }
  fclose(c->words);
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

static int run_all(const struct class_job *job, const struct members *all, bool resume) {
  struct child *child = must(calloc(job->jobs, sizeof *child)), *place;
  unsigned running = 0;
  int worst = GRADE_DONE, status;
  for (size_t next = 0; running || (next < all->n && worst != GRADE_BROKEN);) {
    if (next < all->n && worst != GRADE_BROKEN && (place = free_place(child, job->jobs))) {
      if (!(resume && is_done(job, &all->member[next]))) *place = start(job, all, next), running++;
      next++;
      continue;
    }
    place = wait_for_one(child, job->jobs, &status);
    worst = graver(worst, finish(job, all, place, status));
    running--;
  }
  free(child);
  return worst;
}

int class_grade(const struct class_options *o, const struct class_job *job) {
  if (!job->output) die(STATUS_USAGE, "expected -o OUT, a folder for the results of a class");
  if (o->folder && job->submissions)
    die(STATUS_USAGE, "%s: expected no submission besides --class %s", job->submission[0], o->folder);
  struct members all = o->folder ? of_folder(o) : of_words(job);
  if (all.n == 0 && !o->shards) die(STATUS_USAGE, "%s: expected at least one submission", o->folder);
  folder_make(job->output);
  int worst = run_all(job, &all, o->resume);
  members_free(&all);
  return worst;
}
