/* usertest.c - runs the tests of a user program, each in a process of its own. See usertest.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"
#include "pg32.h"
#include "usertest.h"

static const char *running; /* the name of the test */

_Noreturn void usertest_fail(const char *file, int line, const char *format, ...) {
  va_list args;
  const char *base = strrchr(file, '/');
  printf("%s: FAILED: %s:%d: ", running, base != NULL ? base + 1 : file, line);
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  putchar('\n');
  exit(1);
}

_Noreturn void usertest_unequal(long long is, long long should, const char *text, const char *file,
                                int line) {
  usertest_fail(file, line, "%s is %lld, expected %lld", text, is, should);
}

void usertest_error(intptr_t result, int error, const char *call, const char *name, const char *file,
                    int line) {
  if (result == -1 && errno == error) return;
  usertest_fail(file, line, "%s returned %ld with errno %d, expected -1 with %s", call, (long)result, errno,
                name);
}

pid_t usertest_fork(void) {
  fflush(NULL);
  pid_t pid = fork();
  CHECK(pid >= 0);
  return pid;
}

int usertest_wait(pid_t child) {
  int status = -1;
  CHECK_EQUAL(waitpid(child, &status, 0), child);
  return status;
}

int usertest_in_child(void (*run)(void)) {
  pid_t child = usertest_fork();
  if (child != 0) return usertest_wait(child);
  run();
  exit(0);
}

uint64_t usertest_ticks(void) {
  uint64_t ticks = 0;
  CHECK_EQUAL(clock_ticks(&ticks), 0);
  return ticks;
}

int32_t usertest_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
  register uint32_t a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c,
                       a7 __asm__("a7") = number;
  __asm__ volatile("syscall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return (int32_t)a0;
}

/* ---- running ---- */

static struct pg32_sysinfo system_now(void) {
  struct pg32_sysinfo info = {0};
  sysinfo(&info);
  return info;
}

/* Has the test left the kernel as it was? If not, says what has changed. */
static bool left_no_trace(const struct pg32_sysinfo *before) {
  struct pg32_sysinfo after = system_now();
  if (after.free_pages != before->free_pages)
    printf("%s: FAILED: %u pages were free before the test, %u are free after it\n", running,
           before->free_pages, after.free_pages);
  else if (after.processes != before->processes)
    printf("%s: FAILED: there were %u processes before the test, there are %u after it\n", running,
           before->processes, after.processes);
  else
    return true;
  return false;
}

static bool passes(const struct usertest *test) {
  running = test->name;
  struct pg32_sysinfo before = system_now();
  int status = usertest_in_child(test->run);
  if (WIFSIGNALED(status)) printf("%s: FAILED: killed by signal %d\n", running, WTERMSIG(status));
  if (status != 0 || !left_no_trace(&before)) return false;
  printf("%s: ok\n", running);
  return true;
}

static bool is_wanted(int argc, char **argv, const char *name) {
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], name) == 0) return true;
  return argc < 2;
}

int usertest_main(int argc, char **argv, const struct usertest *tests, size_t count) {
  int ran = 0, failed = 0;
  for (size_t i = 0; i < count; i++) {
    if (!is_wanted(argc, argv, tests[i].name)) continue;
    ran++;
    if (!passes(&tests[i])) failed++;
  }
  if (ran == 0) printf("there is no such test\n");
  if (ran > 0 && failed == 0)
    printf("ALL TESTS PASSED\n");
  else
    printf("%d of %d tests FAILED\n", failed, ran);
  return ran > 0 ? failed : 1;
}
