/* stdlib.c - integer arithmetic, random numbers, and the end of the program. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "internal.h"

static uint32_t random_state = 1;

static char *no_environment[1];
char **environ = no_environment;

int main(int argc, char **argv, char **environment);

/* Called by crt0.S; the outermost function of each back trace. environment: NULL if the kernel knows none. */
_Noreturn void __libc_start(int argc, char **argv, char **environment) {
  if (environment != NULL) environ = environment;
  __run_constructors(argc, argv, environ);
  exit(main(argc, argv, environ));
}

_Noreturn void exit(int status) {
  __call_at_exit();
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

int abs(int n) { return n < 0 ? -n : n; }
long labs(long n) { return n < 0 ? -n : n; }
long long llabs(long long n) { return n < 0 ? -n : n; }
div_t div(int a, int b) { return (div_t){a / b, a % b}; }
ldiv_t ldiv(long a, long b) { return (ldiv_t){a / b, a % b}; }
lldiv_t lldiv(long long a, long long b) { return (lldiv_t){a / b, a % b}; }

/* Marsaglia's xorshift with shifts 13, 17, 5: every state but 0 comes before it repeats. */
int rand(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return (int)(random_state & RAND_MAX);
}

void srand(unsigned seed) { random_state = seed != 0 ? seed : 1; }
