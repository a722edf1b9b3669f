/* processes.c - commands about processes: ps kill sleep time top. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "commands.h"
#include "pg32.h"

/* Calls `act` for each process of the kernel that the command runs on, not those of kernels in VMs or below. */
static void each_process(void (*act)(const struct pg32_procinfo *p)) {
  struct pg32_procinfo p;
  for (int slot = 0; errno = 0, procinfo(slot, &p) == 0 || errno == ESRCH; slot++)
    if (errno == 0) act(&p);
}

/* ---- ps ---- */

static void print_process(const struct pg32_procinfo *p) {
  static const char *const states[] = {
      [PROC_UNUSED] = "unused",   [PROC_RUNNABLE] = "runnable", [PROC_RUNNING] = "running",
      [PROC_BLOCKED] = "blocked", [PROC_ZOMBIE] = "zombie",
  };
  printf("%5u  %6u  %-8s  %5u  %s\n", p->pid, p->parent, states[p->state], p->pages, p->name);
}

int ps_main(int argc, char **argv) {
  if (argc > 1) usage();
  (void)argv;
  printf("  PID  PARENT  STATE     PAGES  NAME\n");
  each_process(print_process);
  return 0;
}

/* ---- kill ---- */

static const struct {
  const char *name;
  int number;
} signals[] = {
    {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ILL", SIGILL},   {"TRAP", SIGTRAP},
    {"ABRT", SIGABRT}, {"BUS", SIGBUS},   {"FPE", SIGFPE},   {"KILL", SIGKILL}, {"USR1", SIGUSR1},
    {"SEGV", SIGSEGV}, {"USR2", SIGUSR2}, {"PIPE", SIGPIPE}, {"ALRM", SIGALRM}, {"TERM", SIGTERM},
    {"CHLD", SIGCHLD}, {"CONT", SIGCONT}, {"STOP", SIGSTOP}, {"TSTP", SIGTSTP},
};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static long number_of(const char *text) {
  char *end;
  long n = strtol(text, &end, 10);
  return end > text && *end == '\0' ? n : -1;
}

/* The number of 15, TERM or SIGTERM; -1 if there is none. */
static long signal_number(const char *text) {
  if (strncasecmp(text, "SIG", 3) == 0) text += 3;
  for (int i = 0; i < SIGNALS; i++)
    if (strcasecmp(text, signals[i].name) == 0) return signals[i].number;
  return number_of(text);
}

static int list_signals(void) {
  for (int i = 0; i < SIGNALS; i++) printf("%2d %s\n", signals[i].number, signals[i].name);
  return 0;
}

/* `pid` is a number, or - and the number of a group. */
static int kill_one(const char *pid, int number) {
  bool group = *pid == '-';
  long n = number_of(pid + group);
  if (n < 0 || n > INT32_MAX) usage();
  return kill((pid_t)(group ? -n : n), number) == 0 ? 0 : fail(pid);
}

int kill_main(int argc, char **argv) {
  int status = 0, first = 1;
  long number = SIGTERM;
  if (argc == 2 && strcmp(argv[1], "-l") == 0) return list_signals();
  if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0) number = signal_number(argv[first++] + 1);
  if (first < argc && strcmp(argv[first], "--") == 0) first++;
  if (number < 0 || first >= argc) usage();
  for (int i = first; i < argc; i++) status |= kill_one(argv[i], (int)number);
  return status;
}

/* ---- sleep, time ---- */

int sleep_main(int argc, char **argv) {
  char *end;
  if (argc != 2) usage();
  double seconds = strtod(argv[1], &end);
  if (end == argv[1] || *end != '\0' || !(seconds >= 0 && seconds <= INT32_MAX)) usage();
  struct timespec t = {(time_t)seconds, 0};
  t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
  return nanosleep(&t, NULL) == 0 ? 0 : fail("nanosleep");
}

static uint64_t ticks_now(void) {
  uint64_t ticks = 0;
  clock_ticks(&ticks);
  return ticks;
}

int time_main(int argc, char **argv) {
  struct pg32_sysinfo info = {0};
  int status;
  if (argc < 2) usage();
  if (sysinfo(&info) < 0) return fail("sysinfo");
  uint64_t before = ticks_now();
  pid_t pid = fork();
  if (pid < 0) return fail("fork");
  if (pid == 0) {
    execvp(argv[1], argv + 1);
    fail(argv[1]);
    _exit(errno == ENOENT ? 127 : 126);
  }
  signal(SIGINT, SIG_IGN); /* ^C is for the command */
  if (waitpid(pid, &status, 0) < 0) return fail("waitpid");
  uint64_t ticks = ticks_now() - before, thousandths = ticks * 1000 / info.hz;
  fprintf(stderr, "%lu.%03lu s (%llu ticks)\n", (unsigned long)(thousandths / 1000),
          (unsigned long)(thousandths % 1000), (unsigned long long)ticks);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- top ---- */

static void top_process(const struct pg32_procinfo *p) {
  static const char *const states[] = {"unused", "ready", "runs", "waits", "ended"};
  printf("%5u  %6u  %-6s  %6u  %s", p->pid, p->parent, p->state < 5 ? states[p->state] : "?",
         p->pages * (PAGE_SIZE >> 10), p->name);
  if (p->vms)
    printf(": %u VM%s, %u KiB, tick %llu", p->vms, &"s"[p->vms == 1], p -> vm_pages *(PAGE_SIZE >> 10),
           (unsigned long long)p -> vm_ticks);
  putchar('\n');
}

static void show(bool clear) {
  if (clear) printf("\033[H\033[J");
  print_system();
  printf("  PID  PARENT  STATE     KiB  NAME\n");
  each_process(top_process);
  fflush(stdout);
}

int top_main(int argc, char **argv) {
  long times = argc == 3 && strcmp(argv[1], "-n") == 0 ? atol(argv[2]) : 0;
  if (argc > 1 && times < 1) usage();
  if (times == 1 || !isatty(1)) return show(false), 0;
  int mode = console_mode(CONSOLE_RAW);
  char key;
  for (long i = 1;; i++) {
    struct pg32_sysinfo info = {0};
    sysinfo(&info);
    show(true);
    if (i == times) break;
    if (poll_events(EVENT_INPUT, info.hz) & EVENT_INPUT) {
      if (read(0, &key, 1) <= 1) break;
    }
  }
  console_mode(mode);
  return 0;
}
