/* system.c - commands about the machine and its processes: env date free uptime top true false. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "pg32.h"

int true_main(int argc, char **argv) { return (void)argc, (void)argv, 0; }
int false_main(int argc, char **argv) { return (void)argc, (void)argv, 1; }

int env_main(int argc, char **argv) {
  int i = 1;
  for (; i < argc && strchr(argv[i], '=') != NULL; i++) putenv(argv[i]);
  if (i == argc) {
    for (char **p = environ; *p != NULL; p++) puts(*p);
    return 0;
  }
  execvp(argv[i], argv + i);
  fail(argv[i]);
  return errno == ENOENT ? 127 : 126;
}

static struct pg32_sysinfo system_now(void) {
  struct pg32_sysinfo info = {0};
  if (sysinfo(&info) < 0) exit(fail("sysinfo"));
  return info;
}

static unsigned long seconds(const struct pg32_sysinfo *info) {
  uint64_t ticks = 0;
  clock_ticks(&ticks);
  return (unsigned long)(ticks / info->hz);
}

static void print_time(unsigned long s) { printf("%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60); }

int date_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  if (argc > 1) usage();
  (void)argv;
  print_time(seconds(&info));
  puts(" since the machine was switched on (it has no calendar)");
  return 0;
}

int uptime_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  (void)argc, (void)argv;
  printf("up ");
  print_time(seconds(&info));
  printf(", %u processes\n", info.processes);
  return 0;
}

static void print_memory(const struct pg32_sysinfo *info) {
  unsigned total = info->ram_bytes >> 10, left = info->free_pages * (PAGE_SIZE >> 10);
  printf("%u KiB of memory, %u used, %u free\n", total, total - left, left);
}

int free_main(int argc, char **argv) {
  struct pg32_sysinfo info = system_now();
  (void)argc, (void)argv;
  print_memory(&info);
  return 0;
}

static void print_processes(void) {
  static const char *const states[] = {"unused", "ready", "runs", "waits", "ended"};
  struct pg32_procinfo p;
  printf("  PID  PARENT  STATE     KiB  NAME\n");
  for (int slot = 0; errno = 0, procinfo(slot, &p) == 0 || errno == ESRCH; slot++)
    if (errno == 0)
      printf("%5u  %6u  %-6s  %6u  %s\n", p.pid, p.parent, p.state < 5 ? states[p.state] : "?",
             p.pages * (PAGE_SIZE >> 10), p.name);
}

static void show(bool clear) {
  struct pg32_sysinfo info = system_now();
  if (clear) printf("\033[H\033[J");
  printf("up ");
  print_time(seconds(&info));
  printf(", %u processes, ", info.processes);
  print_memory(&info);
  print_processes();
  fflush(stdout);
}

int top_main(int argc, char **argv) {
  long times = argc == 3 && strcmp(argv[1], "-n") == 0 ? atol(argv[2]) : 0;
  if (argc > 1 && times < 1) usage();
  if (times == 1 || !isatty(1)) return show(false), 0;
  int mode = console_mode(CONSOLE_RAW);
  char key;
  for (long i = 1;; i++) {
    struct pg32_sysinfo info = system_now();
    show(true);
    if (i == times) break;
    if (poll_events(EVENT_INPUT, info.hz) & EVENT_INPUT) {
      if (read(0, &key, 1) <= 1) break;
    }
  }
  console_mode(mode);
  return 0;
}
