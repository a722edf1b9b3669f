/* calendar.c - dates: the calendar in both directions, strftime, strptime; the host's library is the oracle
 * (tests/libc.t), with TZ unset or UTC. Years are those that a time_t of 32 bits can hold. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t state = 2463534242u;

static uint32_t chance(void) {
  state ^= state << 13, state ^= state >> 17, state ^= state << 5;
  return state;
}

static void show(const struct tm *tm) {
  printf("%d-%d-%d %d:%d:%d w%d y%d d%d %s %ld\n", tm->tm_year, tm->tm_mon, tm->tm_mday, tm->tm_hour,
         tm->tm_min, tm->tm_sec, tm->tm_wday, tm->tm_yday, tm->tm_isdst, tm->tm_zone, tm->tm_gmtoff);
}

static void both_directions(time_t t) {
  struct tm tm = *gmtime(&t);
  show(&tm);
  struct tm local = *localtime(&t);
  printf("%s %ld %ld %s", local.tm_zone, (long)mktime(&local), (long)timegm(&tm), ctime(&t));
}

/* Numbers out of their ranges. */
static void normalize(void) {
  struct tm tm = {.tm_year = 60 + (int)(chance() % 70),
                  .tm_mon = (int)(chance() % 60) - 30,
                  .tm_mday = (int)(chance() % 900) - 450,
                  .tm_hour = (int)(chance() % 1000) - 500,
                  .tm_min = (int)(chance() % 10000) - 5000,
                  .tm_sec = (int)(chance() % 100000) - 50000};
  long t = (long)mktime(&tm);
  printf("%ld ", t);
  show(&tm);
}

static void formats(time_t t) {
  static const char *const all = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%";
  char format[16], text[80];
  struct tm tm = *gmtime(&t);
  for (const char *c = all; *c; c++) {
    snprintf(format, sizeof format, "%%%c", *c);
    size_t n = strftime(text, sizeof text, format, &tm);
    printf("%zu %s|", n, text);
  }
  printf("\n%zu ", strftime(text, sizeof text, "%-d.%_m.%Y %010d %^a %^B %Ey %Od %5Y %_H [%%]", &tm));
  printf("%s\n", text);
}

static void lengths(void) {
  struct tm tm = {.tm_year = 126, .tm_mon = 10, .tm_mday = 30, .tm_wday = 1, .tm_yday = 333};
  char text[16];
  for (size_t n = 0; n < sizeof text; n++) {
    memset(text, '#', sizeof text);
    size_t length = strftime(text, n, "%Y-%m-%d", &tm);
    printf("%zu %.*s ", length, (int)length, text);
  }
  printf("\n%s", asctime(&tm));
}

static void parse(void) {
  static const char *const cases[][2] = {
      {"2026-11-30 23:59:58", "%Y-%m-%d %H:%M:%S"},
      {"30 Nov 2026", "%d %b %Y"},
      {"Monday, november 30", "%A, %B %d"},
      {"11/30/26 11:05:09 PM", "%D %r"},
      {"12:00:00 AM", "%I:%M:%S %p"},
      {"x2026", "x%Y"},
      {"1999", "%y"},
      {"  7", "%e"},
      {"25:00", "%H:%M"},
      {"13", "%m"},
      {"100%", "100%%"},
      {"86399", "%s"},
      {"nonsense", "%b"},
      {"2026-02-30", "%F"},
      {"Tue Dec  1 00:26:32 2026", "%c"},
      {"07:08rest", "%R"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    struct tm tm = {0};
    const char *end = strptime(cases[i][0], cases[i][1], &tm);
    printf("%s: ", cases[i][0]);
    if (end == NULL) {
      printf("no\n");
      continue;
    }
    tm.tm_zone = "";
    printf("at %d ", (int)(end - cases[i][0]));
    show(&tm);
  }
}

int main(void) {
  static const long times[] = {0,         1,          86399,      86400,    951782400,
                               951868800, 1709164800, 1709251200, LONG_MAX, -1};
  for (size_t i = 0; i < COUNT(times); i++) both_directions(i == 8 ? INT_MAX : (time_t)times[i]);
  both_directions(INT_MIN + 1);
  for (int i = 0; i < 150; i++) both_directions((time_t)(int32_t)chance());
  for (int i = 0; i < 100; i++) normalize();
  for (int i = 0; i < 40; i++) formats((time_t)(int32_t)chance());
  for (int year = 90; year < 130; year++) { /* the weeks around New Year */
    struct tm tm = {.tm_year = year, .tm_mday = 1 - year % 5};
    char text[40];
    mktime(&tm);
    strftime(text, sizeof text, "%F %U %W %V %G %g %u %j", &tm);
    puts(text);
  }
  lengths();
  parse();
  struct timeval a = {5, 900000}, b = {2, 950000}, c;
  timeradd(&a, &b, &c);
  printf("%ld.%06ld ", (long)c.tv_sec, (long)c.tv_usec);
  timersub(&a, &b, &c);
  printf("%ld.%06ld %d %d\n", (long)c.tv_sec, (long)c.tv_usec, timercmp(&a, &b, <), timercmp(&a, &b, >));
  struct timespec at, bad = {0, 1000000000};
  printf("%d %d %d %g\n", timespec_get(&at, TIME_UTC) == TIME_UTC, clock_gettime(CLOCK_MONOTONIC, &at),
         nanosleep(&bad, NULL), difftime(7, 10));
  printf("%d\n", errno == EINVAL);
  return 0;
}
