/* time.h - time, made of the machine's ticks and its nominal clock. The machine has no calendar: its clock starts at
 * boot, which counts as the 1st of January 1970, 00:00 UTC. The only time zone is UTC. */
#ifndef _TIME_H
#define _TIME_H
#include <sys/cdefs.h>
#include <stddef.h>
#include <sys/types.h>

#define CLOCKS_PER_SEC 1000000L
typedef long clock_t;

struct tm {
  int tm_sec, tm_min, tm_hour; /* 0 to 60, 59, 23 */
  int tm_mday, tm_mon;         /* 1 to 31, 0 to 11 */
  int tm_year;                 /* since 1900 */
  int tm_wday, tm_yday;        /* 0 (Sunday) to 6, 0 to 365 */
  int tm_isdst;                /* 0: there is no summer time */
#if __SHOW_ALL
  long tm_gmtoff;      /* 0 */
  const char *tm_zone; /* "GMT" from gmtime, "UTC" from localtime and mktime */
#else
  long __tm_gmtoff;
  const char *__tm_zone;
#endif
};

struct timespec {
  time_t tv_sec;
  long tv_nsec;
};

__BEGIN_DECLS
/* Microseconds since boot: the machine does not account time to processes. After 2147 seconds (clock_t)-1, as a
 * clock_t can hold no more. */
clock_t clock(void);
/* Seconds since boot. */
time_t time(time_t *result);
double difftime(time_t later, time_t earlier);
/* The tm_wday, tm_yday and ranges of *tm become right; (time_t)-1 if a time_t cannot hold the time (1901 to 2038). */
time_t mktime(struct tm *tm);
/* gmtime, localtime, asctime and ctime return memory that the next of these calls overwrites. */
struct tm *gmtime(const time_t *time);
struct tm *localtime(const time_t *time);
char *asctime(const struct tm *tm);
char *ctime(const time_t *time);
/* Returns the length of what it wrote without the NUL, or 0 if that does not fit. An unknown conversion prints itself. */
size_t strftime(char *__restrict s, size_t size, const char *__restrict format,
                const struct tm *__restrict tm);

#if __SHOW_C11
#define TIME_UTC 1
/* Returns `base`, or 0 if it is not TIME_UTC. */
int timespec_get(struct timespec *result, int base);
#endif

#if __SHOW_POSIX
typedef int clockid_t;
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2 /* the same clock: time is not accounted to processes */

struct tm *gmtime_r(const time_t *__restrict time, struct tm *__restrict result);
struct tm *localtime_r(const time_t *__restrict time, struct tm *__restrict result);
/* At least 26 characters. */
char *asctime_r(const struct tm *__restrict tm, char *__restrict result);
char *ctime_r(const time_t *time, char *result);
int clock_gettime(clockid_t clock, struct timespec *result);
int clock_getres(clockid_t clock, struct timespec *result);
/* Sleeps at least so long; *left, if not NULL, becomes 0. */
int nanosleep(const struct timespec *wanted, struct timespec *left);
/* Reads a date by the conversions of strftime; returns where it ended, or NULL. */
char *strptime(const char *__restrict s, const char *__restrict format, struct tm *__restrict tm);
/* TZ is not looked at. */
void tzset(void);
extern char *tzname[2];
extern long timezone;
extern int daylight;
#endif
#if __SHOW_ALL
/* mktime for UTC, which is the only time zone anyway. */
time_t timegm(struct tm *tm);
#endif
__END_DECLS

#endif
