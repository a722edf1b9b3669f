/* nanosleep.c - waiting for a time in nanoseconds. */
#include <errno.h>
#include <time.h>
#include "userprogs/lib/internal.h"

#define NANO 1000000000

int nanosleep(const struct timespec *wanted, struct timespec *left) {
  if (wanted->tv_sec < 0 || wanted->tv_nsec < 0 || wanted->tv_nsec >= NANO) {
    errno = EINVAL;
    return -1;
  }
  if (left != NULL) *left = (struct timespec){0, 0};
  uint64_t part = ((uint64_t)wanted->tv_nsec * __hz() + NANO - 1) / NANO;
  return __sleep_long((uint64_t)wanted->tv_sec * __hz() + part);
}
