/* run.c - temporary files, running other programs, and the end of this one, which removes the former. */
#define _GNU_SOURCE /* pipe2 */
#include "tools/base_name.h"
#include "tools/cc/driver.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* ---- temporary files ---- */

static void remove_temporaries(struct driver *driver) {
  if (!driver->temporary) return;
  for (size_t i = 0; i < driver->temporaries.count; i++) unlink(driver->temporaries.text[i]);
  rmdir(driver->temporary);
  driver->temporary = NULL;
}

void quit(struct driver *driver, int status) {
  remove_temporaries(driver);
  free_all(driver);
  exit(status);
}

void die(struct driver *driver, const char *pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  fputs("pg32-cc: ", stderr);
  vfprintf(stderr, pattern, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  quit(driver, EXIT_FAILURE);
}

const char *with_suffix(struct driver *driver, const char *path, const char *suffix) {
  const char *name = base_name(path);
  const char *dot = strrchr(name, '.');
  return format(driver, "%.*s%s", (int)(dot ? (size_t)(dot - name) : strlen(name)), name, suffix);
}

void make_temporary_folder(struct driver *driver) {
  const char *parent = getenv("TMPDIR");
  char *name = format(driver, "%s/pg32-cc.XXXXXX", parent && *parent ? parent : "/tmp");
  if (!mkdtemp(name)) die(driver, "%s: %s", name, strerror(errno));
  driver->temporary = name;
}

const char *temporary_file(struct driver *driver, const char *input, const char *suffix) {
  if (!driver->temporary) make_temporary_folder(driver);
  const char *name = format(driver, "%s/%zu-%s", driver->temporary, driver->temporaries.count,
                            with_suffix(driver, input, suffix));
  add(driver, &driver->temporaries, name);
  return name;
}

const char *intermediate(struct driver *driver, const char *input, const char *suffix) {
  return driver->save_temporaries ? with_suffix(driver, input, suffix)
                                  : temporary_file(driver, input, suffix);
}

/* ---- running other programs ---- */

/* SIGCHLD and the signals that would end this program are blocked; only wait_for takes them. So a signal
 * cannot end the program while there are temporary files to remove. */
void watched_signals(sigset_t *set) {
  static const int numbers[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
  sigemptyset(set);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(set, numbers[i]);
}

static void die_of(struct driver *driver, int number) {
  sigset_t set;
  remove_temporaries(driver);
  sigemptyset(&set);
  sigaddset(&set, number);
  raise(number);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int wait_for(struct driver *driver, pid_t child) {
  sigset_t set;
  int status;
  watched_signals(&set);
  while (waitpid(child, &status, WNOHANG) != child) {
    int number = sigwaitinfo(&set, NULL);
    if (number < 0 || number == SIGCHLD) continue;
    kill(child, number);
    waitpid(child, &status, 0);
    die_of(driver, number);
  }
  return status;
}

static int spawn(pid_t *child, const struct list *command, const posix_spawn_file_actions_t *actions) {
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  int error = posix_spawnp(child, command->text[0], actions, &attributes, (char **)command->text, environ);
  posix_spawnattr_destroy(&attributes);
  return error;
}

static void show(const struct list *command) {
  for (size_t i = 0; i < command->count; i++) fprintf(stderr, " %s", command->text[i]);
  fputc('\n', stderr);
}

/* Runs the command, and returns its exit status. */
static int run_with(struct driver *driver, const struct list *command, const char *advice,
                    const posix_spawn_file_actions_t *actions) {
  pid_t child;
  if (driver->verbose) show(command);
  int error = spawn(&child, command, actions);
  if (error) die(driver, "cannot run %s: %s; %s", command->text[0], strerror(error), advice);
  int status = wait_for(driver, child);
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "pg32-cc: %s was ended by %s\n", command->text[0], strsignal(WTERMSIG(status)));
    quit(driver, 128 + WTERMSIG(status)); /* as a shell does */
  }
  return WEXITSTATUS(status);
}

void run(struct driver *driver, const struct list *command, const char *advice) {
  int status = run_with(driver, command, advice, NULL);
  if (status) quit(driver, status);
}

int run_aside(struct driver *driver, const struct list *command, const char *advice, const char *messages) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  int status = run_with(driver, command, advice, &actions);
  posix_spawn_file_actions_destroy(&actions);
  return status;
}

void show_messages(const char *messages) {
  FILE *f = fopen(messages, "r");
  for (int c; f && (c = getc(f)) != EOF;) putc(c, stderr);
  if (f) fclose(f);
}

const char *const get_clang = "install the package clang, or name a compiler with --cc=";
const char *const get_tools = "it belongs beside pg32-cc";

bool is_gcc(const struct driver *driver) { return strstr(base_name(driver->compiler), "gcc") != NULL; }

/* `clang -print-resource-dir` prints one line, and so does gcc when it is asked for its folder. */
char *ask_headers(struct driver *driver) {
  struct list command = {0};
  posix_spawn_file_actions_t actions;
  int ends[2];
  pid_t child;
  add(driver, &command, driver->compiler);
  add(driver, &command, is_gcc(driver) ? "-print-file-name=include" : "-print-resource-dir");
  if (pipe2(ends, O_CLOEXEC)) die(driver, "pipe: %s", strerror(errno));
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  int error = spawn(&child, &command, &actions);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error) die(driver, "cannot run %s: %s; %s", command.text[0], strerror(error), get_clang);
  char line[PATH_MAX] = "";
  FILE *answer = fdopen(ends[0], "r");
  bool good = answer && fgets(line, sizeof line, answer);
  if (answer) fclose(answer);
  if (wait_for(driver, child) || !good) die(driver, "%s does not tell its resource folder", command.text[0]);
  line[strcspn(line, "\n")] = 0;
  return format(driver, is_gcc(driver) ? "%s" : "%s/include", line);
}
