/* clock.c - the machine's ticks as seconds. */
#include <errno.h>
#include <limits.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include "userprogs/lib/internal.h"

#define NANO 1000000000

/* So many units of a second since boot. */
static uint64_t since_boot(uint32_t units) {
  uint64_t ticks = __ticks(), hz = __hz();
  return ticks / hz * units + ticks % hz * units / hz;
}

/* -1 when clock_t cannot hold the microseconds any more, after 35 minutes. */
clock_t clock(void) {
  uint64_t now = since_boot(CLOCKS_PER_SEC);
  return now <= LONG_MAX ? (clock_t)now : -1;
}

time_t time(time_t *result) {
  time_t now = (time_t)(__ticks() / __hz());
  if (result != NULL) *result = now;
  return now;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
  uint64_t now = since_boot(1000000);
  *result = (struct timeval){(time_t)(now / 1000000), (suseconds_t)(now % 1000000)};
  if (zone != NULL) *(struct timezone *)zone = (struct timezone){0, 0};
  return 0;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
  if (clock < CLOCK_REALTIME || clock > CLOCK_PROCESS_CPUTIME_ID) {
    errno = EINVAL;
    return -1;
  }
  uint64_t now = since_boot(NANO);
  *result = (struct timespec){(time_t)(now / NANO), (long)(now % NANO)};
  return 0;
}

int clock_getres(clockid_t clock, struct timespec *result) {
  if (clock < CLOCK_REALTIME || clock > CLOCK_PROCESS_CPUTIME_ID) {
    errno = EINVAL;
    return -1;
  }
  if (result != NULL) *result = (struct timespec){0, (long)((NANO + __hz() - 1) / __hz())};
  return 0;
}

int timespec_get(struct timespec *result, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, result) == 0 ? base : 0;
}

clock_t times(struct tms *result) {
  clock_t now = (clock_t)since_boot(100);
  *result = (struct tms){.tms_utime = now};
  return now;
}
