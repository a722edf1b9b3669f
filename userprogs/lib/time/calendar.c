/* calendar.c - seconds since 1970 as a date of the Gregorian calendar, and back. */
#include <errno.h>
#include <limits.h>
#include <time.h>
#include "userprogs/lib/internal.h"
#include "userprogs/lib/time/names.h"

#define DAY 86400
#define YEARS 400 /* after so many years the calendar repeats: */
#define DAYS 146097

char *tzname[2] = {"UTC", "UTC"};
long timezone;
int daylight;

void tzset(void) {}

static long long floor_divide(long long a, long long b) { return a / b - (a % b < 0); }

static bool is_leap(long long year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int days_before(bool leap, int month) {
  static const short days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  return days[month] + (leap && month >= 2);
}

/* See names.h. */
long long __days_to(long long year, int month, int day) {
  long long past = floor_divide(year - 1970, YEARS) * DAYS,
            y = year - floor_divide(year - 1970, YEARS) * YEARS;
  past += (y - 1970) * 365 + (y - 1 - 1968) / 4 - (y - 1 - 1900) / 100 + (y - 1 - 1600) / 400;
  return past + days_before(is_leap(year), month) + day - 1LL;
}

/* False: the year does not fit an int. */
static bool set_days(struct tm *tm, long long days) {
  long long year = 1970 + floor_divide(days, DAYS) * YEARS;
  int rest = (int)(days - floor_divide(days, DAYS) * DAYS), month = 0;
  for (; rest >= 365 + is_leap(year); year++) rest -= 365 + is_leap(year);
  while (rest >= days_before(is_leap(year), month + 1)) month++;
  if (year - 1900 > INT_MAX || year - 1900 < INT_MIN) return false;
  tm->tm_year = (int)(year - 1900), tm->tm_yday = rest;
  tm->tm_mon = month, tm->tm_mday = rest - days_before(is_leap(year), month) + 1;
  tm->tm_wday = (int)(days + 4 - floor_divide(days + 4, 7) * 7);
  return true;
}

static bool set_seconds(struct tm *tm, long long seconds) {
  long long days = floor_divide(seconds, DAY);
  int rest = (int)(seconds - days * DAY);
  tm->tm_hour = rest / 3600, tm->tm_min = rest / 60 % 60, tm->tm_sec = rest % 60;
  tm->tm_isdst = 0, tm->tm_gmtoff = 0, tm->tm_zone = "UTC";
  return set_days(tm, days);
}

struct tm *localtime_r(const time_t *restrict time, struct tm *restrict result) {
  return set_seconds(result, *time) ? result : NULL;
}

struct tm *gmtime_r(const time_t *restrict time, struct tm *restrict result) {
  if (!set_seconds(result, *time)) return NULL;
  result->tm_zone = "GMT";
  return result;
}

static struct tm shared;
struct tm *gmtime(const time_t *time) {
  return gmtime_r(time, &shared);
}
struct tm *localtime(const time_t *time) {
  return localtime_r(time, &shared);
}

time_t mktime(struct tm *tm) {
  long long months = (long long)tm->tm_year * 12 + tm->tm_mon;
  long long year = 1900 + floor_divide(months, 12);
  int month = (int)(months - floor_divide(months, 12) * 12);
  long long days = __days_to(year, month, tm->tm_mday);
  long long seconds = days * DAY + tm->tm_hour * 3600LL + tm->tm_min * 60LL + tm->tm_sec;
  if (seconds > LONG_MAX || seconds < LONG_MIN) {
    errno = EOVERFLOW;
    return -1;
  }
  set_seconds(tm, seconds);
  return (time_t)seconds;
}

time_t timegm(struct tm *tm) {
  time_t result = mktime(tm);
  tm->tm_zone = "GMT";
  return result;
}

double difftime(time_t later, time_t earlier) { return (double)later - (double)earlier; }
