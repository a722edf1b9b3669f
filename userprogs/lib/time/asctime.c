/* asctime.c - a date in one fixed way: "Thu Jan  1 00:00:00 1970\n". */
#include <stdio.h>
#include <time.h>
#include "userprogs/lib/internal.h"
#include "userprogs/lib/time/names.h"

/* 26 characters suffice for the years -999 to 9999. */
char *asctime_r(const struct tm *restrict tm, char *restrict result) {
  const char *day = tm->tm_wday >= 0 && tm->tm_wday < 7 ? day_names[tm->tm_wday] : "???";
  const char *month = tm->tm_mon >= 0 && tm->tm_mon < 12 ? month_names[tm->tm_mon] : "???";
  int n = snprintf(result, 26, "%.3s %.3s%3d %.2d:%.2d:%.2d %lld\n", day, month, tm->tm_mday, tm->tm_hour,
                   tm->tm_min, tm->tm_sec, tm->tm_year + 1900LL);
  return n < 26 ? result : NULL;
}

static char shared[26];
char *asctime(const struct tm *tm) { return asctime_r(tm, shared); }

char *ctime_r(const time_t *time, char *result) {
  struct tm tm;
  return localtime_r(time, &tm) != NULL ? asctime_r(&tm, result) : NULL;
}

char *ctime(const time_t *time) { return ctime_r(time, shared); }
