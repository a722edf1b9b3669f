/* jobs.c - processes that the shell has started: waiting for them, and those in the background. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "pg32.h"
#include "sh.h"

enum { JOBS_MAX = 32 };

static struct job {
  pid_t pid; /* 0: this entry is free */
  char name[72];
  bool ended, stopped, to_wake;
  int status;
} jobs[JOBS_MAX];

static void interrupt(int signal) { (void)signal, sh.interrupted = true; }

/* ^C ends what the shell itself does, such as a loop or `wait`; a program in the foreground has a group of its own. */
void jobs_init(void) {
  struct sigaction action = {.sa_handler = interrupt}; /* without SA_RESTART: a call that waits ends */
  sigaction(SIGINT, &action, NULL);
  signal(SIGTSTP, SIG_IGN);
}

/* Says which signal ended a process, if one did. Returns its status as shells count: 128 + the signal. */
static int report(const char *name, int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  if (WTERMSIG(status) == SIGINT && sh.interactive) sh.interrupted = true; /* the rest of the line, too */
  if (WTERMSIG(status) != SIGINT && WTERMSIG(status) != SIGPIPE)
    fprintf(stderr, "%s: killed by signal %d\n", name, WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

static struct job *job_of(pid_t pid) {
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->pid == pid) return job;
  return NULL;
}

static int number_of(const struct job *job) { return (int)(job - jobs) + 1; }

/* What a person calls a job: %1, %name (as far as it is needed), or the number of its process. NULL: there is none. */
static struct job *job_called(const char *text) {
  const char *name = text + 1;
  if (*text != '%') return atoi(text) > 0 ? job_of(atoi(text)) : NULL;
  if (*name == '\0' || strcmp(name, "%") == 0 || strcmp(name, "+") == 0)
    return sh.last != 0 ? job_of(sh.last) : NULL;
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->pid != 0 && (number_of(job) == atoi(name) || strncmp(job->name, name, strlen(name)) == 0))
      return job;
  return NULL;
}

/* The job of `fg` and its like: that of the argument, or the last one. NULL: there is none, and it says so. */
static struct job *job_argument(int argc, char **argv) {
  struct job *job = job_called(argc > 1 ? argv[1] : "%");
  if (job == NULL) complain("%s: %s: there is no such job", argv[0], argc > 1 ? argv[1] : "%");
  return job;
}

char **job_words(char **argv) {
  int argc = 0;
  while (argv[argc] != NULL) argc++;
  char **words = arena_alloc(((size_t)argc + 2) * sizeof *words), **to = words;
  bool unnamed = argc > 1 && *argv[1] == '%';
  *to++ = argv[0];
  if (unnamed) *to++ = "--";
  for (char **word = argv + 1; *word != NULL; word++) {
    struct job *job = **word == '%' ? job_called(*word) : NULL;
    if (**word == '%' && job == NULL) {
      complain("kill: %s: there is no such job", *word);
      return NULL;
    }
    char number[16];
    snprintf(number, sizeof number, "-%d", job != NULL ? (int)job->pid : 0);
    *to++ = job != NULL ? arena_text(number, strlen(number)) : *word;
    if (job != NULL) job->to_wake = unnamed && job->stopped;
  }
  return words;
}

void jobs_wake(void) {
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++) {
    if (job->pid != 0 && job->to_wake) kill(-job->pid, SIGCONT);
    job->to_wake = false;
  }
}

void job_add(pid_t pid, const char *name) {
  const char *slash = strrchr(name, '/');
  struct job *job = job_of(0);
  sh.last = pid;
  if (sh.interactive && job != NULL) printf("[%d] %d\n", number_of(job), (int)pid);
  if (job == NULL) return;
  *job = (struct job){.pid = pid};
  snprintf(job->name, sizeof job->name, "%s", slash != NULL && strchr(slash, ' ') == NULL ? slash + 1 : name);
}

/* A child has ended that nobody waits for at the moment. */
static void ended(pid_t pid, int status) {
  struct job *job = job_of(pid);
  if (job == NULL) return;
  job->ended = true;
  job->status = report(job->name, status);
  if (!sh.interactive) return;
  if (!WIFSIGNALED(status)) printf("[%d] %s: exit status %d\n", number_of(job), job->name, job->status);
  job->pid = 0;
}

void jobs_reap(bool all) {
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, all ? 0 : WNOHANG)) > 0;) ended(pid, status);
}

/* A job that has been stopped goes on in the background, or by fg. */
static int stopped(pid_t pid, const char *name, int signal) {
  bool interactive = sh.interactive;
  sh.interactive = false; /* the number is told below */
  if (job_of(pid) == NULL) job_add(pid, name);
  sh.interactive = interactive;
  struct job *job = job_of(pid);
  sh.last = pid;
  if (job != NULL) job->stopped = true, printf("[%d] stopped: %s\n", number_of(job), name);
  return 128 + signal;
}

int wait_for(pid_t pid, const char *name) {
  int status = 0;
  while (waitpid(pid, &status, sh.interactive ? WUNTRACED : 0) < 0)
    if (errno != EINTR || sh.interrupted) return errno == EINTR ? 128 + SIGINT : NOT_FOUND;
  return WIFSTOPPED(status) ? stopped(pid, name, WSTOPSIG(status)) : report(name, status);
}

int do_jobs(int argc, char **argv) {
  (void)argc, (void)argv;
  jobs_reap(false);
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->pid != 0)
      printf("[%d] %s %s\n", number_of(job),
             job->ended     ? "done"
             : job->stopped ? "stopped"
                            : "running",
             job->name);
  return 0;
}

static int wait_one(struct job *job) {
  pid_t pid = job->pid;
  int status = job->ended ? job->status : wait_for(pid, job->name);
  bool goes_on = status == 128 + SIGTSTP || status == 128 + SIGSTOP || (sh.interrupted && kill(pid, 0) == 0);
  if (!goes_on) job->pid = 0;
  return status;
}

int do_wait(int argc, char **argv) {
  int status = 0;
  fflush(NULL);
  if (argc == 1) jobs_reap(true);
  for (int i = 1; i < argc && !sh.interrupted; i++) {
    struct job *job = job_called(argv[i]);
    status = job != NULL ? wait_one(job) : NOT_FOUND;
  }
  return status;
}

/* fg [JOB]: waits for a job, which has the console then. */
int do_fg(int argc, char **argv) {
  struct job *job = job_argument(argc, argv);
  if (job == NULL) return 1;
  puts(job->name);
  fflush(NULL);
  job->stopped = false;
  kill(-job->pid, SIGCONT);
  return wait_one(job);
}

/* bg [JOB]: a stopped job goes on in the background. */
int do_bg(int argc, char **argv) {
  struct job *job = job_argument(argc, argv);
  if (job == NULL) return 1;
  job->stopped = false;
  printf("[%d] %s\n", number_of(job), job->name);
  return kill(-job->pid, SIGCONT) == 0 ? 0 : 1;
}
