/* stdlib.c - integer arithmetic, random numbers, and the end of the program. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "internal.h"

/* Functions to be called at exit, in lists of ROOM; a new list comes before the older ones. */
#define ROOM 32

struct at_exit {
  struct at_exit *older;
  int count;
  struct {
    void (*function)(void *argument);
    void *argument;
  } entry[ROOM];
};

static struct at_exit first_list, *newest = &first_list;
void *__dso_handle; /* C++ names with it the library that a function belongs to; there is but the program */

int main(int argc, char **argv, char **environment);

/* Called by crt0.S. */
_Noreturn void __libc_start(int argc, char **argv) {
  static char *no_environment[1];
  __run_constructors(argc, argv, no_environment);
  exit(main(argc, argv, no_environment));
}

int __cxa_atexit(void (*function)(void *argument), void *argument, void *library) {
  (void)library;
  if (newest->count == ROOM) {
    struct at_exit *list = __zeroed(sizeof *list);
    if (list == NULL) return -1;
    list->older = newest, newest = list;
  }
  newest->entry[newest->count].function = function;
  newest->entry[newest->count++].argument = argument;
  return 0;
}

/* The argument is one too many for the function, which does not look. */
int atexit(void (*function)(void)) { return __cxa_atexit((void (*)(void *))function, NULL, NULL); }

static void call_registered(void) {
  for (;; newest = newest->older) {
    while (newest->count > 0) {
      newest->count--;
      newest->entry[newest->count].function(newest->entry[newest->count].argument);
    }
    if (newest->older == NULL) return;
  }
}

_Noreturn void exit(int status) {
  call_registered();
  __run_destructors();
  __stdio_exit();
  _exit(status);
}

_Noreturn void _Exit(int status) { _exit(status); }

_Noreturn void abort(void) {
  raise(SIGABRT);
  _exit(128 + SIGABRT);
}

_Noreturn void __assert_fail(const char *condition, const char *file, int line, const char *function) {
  fprintf(stderr, "%s:%d: %s: assertion '%s' failed\n", file, line, function, condition);
  abort();
}

char *getenv(const char *name) {
  (void)name;
  return NULL;
}

int abs(int n) { return n < 0 ? -n : n; }
long labs(long n) { return n < 0 ? -n : n; }
long long llabs(long long n) { return n < 0 ? -n : n; }
div_t div(int a, int b) { return (div_t){a / b, a % b}; }
ldiv_t ldiv(long a, long b) { return (ldiv_t){a / b, a % b}; }
lldiv_t lldiv(long long a, long long b) { return (lldiv_t){a / b, a % b}; }

static uint32_t random_state = 1;

/* Marsaglia's xorshift with shifts 13, 17, 5: every state but 0 comes before it repeats. */
int rand(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return (int)(random_state & RAND_MAX);
}

void srand(unsigned seed) { random_state = seed != 0 ? seed : 1; }
