/* temporary.c - temporary folders that neither an exit nor a signal leaves behind. */
#define _GNU_SOURCE
#include "temporary.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/trapeze/grade/lab/lab.h"

/* The owner is the process that opened the folder. Only the owner removes it at exit: its children exit,
 * too. */
static struct {
  char *path;
  pid_t owner;
} opened[16];

enum { OPEN_MOST = sizeof opened / sizeof *opened };

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *where) {
  (void)st, (void)what, (void)where;
  remove(path); /* if this fails, the rest is removed all the same */
  return 0;
}

/* Walking a folder takes memory. If there is none left, another process has some. */
static void remove_all(const char *path) {
  char *words[] = {"rm", "-rf", "--", (char *)path, NULL};
  pid_t pid;
  if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT) return;
  if (posix_spawnp(&pid, words[0], NULL, NULL, words, environ) == 0) waitpid(pid, NULL, 0);
}

static void remove_opened(void) {
  for (size_t i = 0; i < OPEN_MOST; i++)
    if (opened[i].path && opened[i].owner == getpid()) remove_all(opened[i].path);
}

/* ---- signals ---- */

static const int ends_us[] = {SIGINT, SIGTERM, SIGHUP};
static volatile sig_atomic_t asked; /* the signal */

static void on_signal(int number) { asked = number; }

/* A signal that our caller ignored stays ignored. */
static void set_signals(void (*from)(int), void (*to)(int)) {
  struct sigaction now, next = {.sa_handler = to};
  for (size_t i = 0; i < sizeof ends_us / sizeof *ends_us; i++)
    if (sigaction(ends_us[i], NULL, &now) == 0 && now.sa_handler == from) sigaction(ends_us[i], &next, NULL);
}

void temporary_signals_default(void) { set_signals(on_signal, SIG_DFL); }

bool temporary_stopping(void) { return asked != 0; }

void temporary_stop(void) {
  remove_opened();
  temporary_signals_default();
  raise(asked);
  _exit(GRADE_TROUBLE); /* the signal was blocked */
}

/* ---- folders ---- */

static void remember(char *path) {
  static bool registered;
  if (!registered) registered = atexit(remove_opened) == 0;
  for (size_t i = 0; i < OPEN_MOST; i++)
    if (!opened[i].path) {
      opened[i].path = path;
      opened[i].owner = getpid();
      return;
    }
}

char *temporary_open(const char *prefix) {
  const char *parent = getenv("TMPDIR");
  char *name, *path;
  if (asprintf(&name, "%s/%s.XXXXXX", parent && *parent ? parent : "/tmp", prefix) < 0) must(NULL);
  set_signals(SIG_DFL, on_signal); /* first: a signal after mkdtemp must not leave the folder behind */
  path = mkdtemp(name) ? realpath(name, NULL) : NULL;
  if (!path) die(GRADE_TROUBLE, "%s: %s", name, strerror(errno));
  free(name);
  remember(path);
  return path;
}

void temporary_close(char *path) {
  bool others = false;
  remove_all(path);
  for (size_t i = 0; i < OPEN_MOST; i++) {
    if (opened[i].path == path) opened[i].path = NULL;
    others |= opened[i].path != NULL;
  }
  free(path);
  if (asked) temporary_stop();
  if (!others) temporary_signals_default();
}
