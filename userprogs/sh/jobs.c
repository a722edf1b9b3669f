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
  char name[32];
  bool ended, stopped;
  int status;
} jobs[JOBS_MAX];

/* Says which signal ended a process, if one did. Returns its status as shells count: 128 + the signal. */
static int report(const char *name, int status) {
  if (!WIFSIGNALED(status)) return WEXITSTATUS(status);
  if (WTERMSIG(status) != SIGINT && WTERMSIG(status) != SIGPIPE)
    fprintf(stderr, "%s: killed by signal %d\n", name, WTERMSIG(status));
  return 128 + WTERMSIG(status);
}

static struct job *job_of(pid_t pid) {
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->pid == pid) return job;
  return NULL;
}

void job_add(pid_t pid, const char *name) {
  const char *slash = strrchr(name, '/');
  struct job *job = job_of(0);
  sh.last = pid;
  if (sh.interactive) printf("[%d]\n", (int)pid);
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
  if (!WIFSIGNALED(status)) printf("[%d] %s: exit status %d\n", (int)pid, job->name, job->status);
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
  if (job_of(pid) != NULL) job_of(pid)->stopped = true;
  printf("[%d] stopped: %s\n", (int)pid, name);
  return 128 + signal;
}

int wait_for(pid_t pid, const char *name) {
  int status = 0;
  while (waitpid(pid, &status, sh.interactive ? WUNTRACED : 0) < 0)
    if (errno != EINTR) return NOT_FOUND;
  return WIFSTOPPED(status) ? stopped(pid, name, WSTOPSIG(status)) : report(name, status);
}

int do_jobs(int argc, char **argv) {
  (void)argc, (void)argv;
  jobs_reap(false);
  for (struct job *job = jobs; job < jobs + JOBS_MAX; job++)
    if (job->pid != 0)
      printf("[%d] %s %s\n", (int)job->pid,
             job->ended     ? "done"
             : job->stopped ? "stopped"
                            : "running",
             job->name);
  return 0;
}

static int wait_one(pid_t pid) {
  struct job *job = job_of(pid);
  if (job == NULL) return NOT_FOUND;
  int status = job->ended ? job->status : wait_for(pid, job->name);
  if (status != 128 + SIGTSTP && status != 128 + SIGSTOP) job->pid = 0;
  return status;
}

int do_wait(int argc, char **argv) {
  int status = 0;
  fflush(NULL);
  if (argc == 1) jobs_reap(true);
  for (int i = 1; i < argc; i++) status = wait_one(atoi(argv[i]));
  return status;
}

/* fg [PID]: waits for a job, which has the console then. */
int do_fg(int argc, char **argv) {
  pid_t pid = argc > 1 ? atoi(argv[1]) : sh.last;
  struct job *job = pid != 0 ? job_of(pid) : NULL;
  if (job == NULL) {
    complain("fg: there is no such job");
    return 1;
  }
  puts(job->name);
  fflush(NULL);
  job->stopped = false;
  kill(-pid, SIGCONT);
  return wait_one(pid);
}

/* bg [PID]: a stopped job goes on in the background. */
int do_bg(int argc, char **argv) {
  pid_t pid = argc > 1 ? atoi(argv[1]) : sh.last;
  if (pid == 0 || job_of(pid) == NULL) {
    complain("bg: there is no such job");
    return 1;
  }
  job_of(pid)->stopped = false;
  return kill(-pid, SIGCONT) == 0 ? 0 : 1;
}
