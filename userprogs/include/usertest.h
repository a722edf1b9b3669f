/* usertest.h - tests that run on the machine. Each test is a function and runs in a process of its own;
 * afterwards the kernel must have as many free pages and as many processes as before.
 *
 *   static void test_addition(void) { CHECK(1 + 1 == 2); }
 *   int main(int argc, char **argv) {
 *     static const struct usertest tests[] = { { "addition", test_addition } };
 *     return usertest_main(argc, argv, tests, 1);
 *   }
 *
 * It prints "name: ok" or "name: FAILED: why", and at the end ALL TESTS PASSED or how many failed, which
 * is also the exit status. Arguments are the names of the tests to run. */
#ifndef _USERTEST_H
#define _USERTEST_H
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct usertest {
  const char *name;
  void (*run)(void);
};

int usertest_main(int argc, char **argv, const struct usertest *tests, size_t count);

/* Ends the test as failed. */
_Noreturn void usertest_fail(const char *file, int line, const char *format, ...)
    __attribute__((__format__(__printf__, 3, 4)));

#define CHECK(condition) ((condition) ? (void)0 : usertest_fail(__FILE__, __LINE__, "%s", #condition))

/* Both are integers; if they differ, the test fails and prints them. */
#define CHECK_EQUAL(is, should)                                                  \
  do {                                                                           \
    long long is_ = (is), should_ = (should);                                    \
    if (is_ != should_) usertest_unequal(is_, should_, #is, __FILE__, __LINE__); \
  } while (0)

/* The call must return -1 and set that errno. */
#define CHECK_ERROR(call, error) \
  (errno = 0, usertest_error((intptr_t)(call), error, #call, #error, __FILE__, __LINE__))

/* What the two macros call, with the texts of their arguments and with the place where they stand. */
_Noreturn void usertest_unequal(long long is, long long should, const char *text, const char *file, int line);
void usertest_error(intptr_t result, int error, const char *call, const char *name, const char *file,
                    int line);

/* fork, which must succeed. */
pid_t usertest_fork(void);
/* waitpid, which must succeed: how the child ended. */
int usertest_wait(pid_t child);
/* Runs the function in a child that exits with 0 afterwards; how it ended. */
int usertest_in_child(void (*run)(void));
/* The tick now. */
uint64_t usertest_ticks(void);
/* A system call by number, without the library: minus the error on failure. */
int32_t usertest_call(uint32_t number, uint32_t a, uint32_t b, uint32_t c);

#endif
