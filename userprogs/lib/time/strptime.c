/* strptime.c - dates from text, by the conversions of strftime in the C locale. */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "userprogs/lib/internal.h"
#include "userprogs/lib/time/names.h"

struct reader {
  const char *s; /* NULL after a mismatch */
  struct tm *tm;
  bool afternoon, has_afternoon; /* %p */
  int century;                   /* %C, or -1 */
  bool has_weekday, has_yearday;
  bool has_part; /* of the date, from which the other two follow */
};

static void skip_space(struct reader *r) {
  while (isspace((unsigned char)*r->s)) r->s++;
}

static int number(struct reader *r, int low, int high, int digits) {
  int n = 0, count = 0;
  skip_space(r);
  for (; count < digits && isdigit((unsigned char)*r->s); count++) n = 10 * n + *r->s++ - '0';
  if (count == 0 || n < low || n > high) r->s = NULL;
  return n;
}

/* A name or its first three letters; its number. */
static int name(struct reader *r, const char (*names)[10], int count) {
  for (int i = 0; i < count; i++) {
    size_t n = strlen(names[i]);
    if (strncasecmp(r->s, names[i], n) != 0) n = 3;
    if (strncasecmp(r->s, names[i], n) != 0) continue;
    r->s += n;
    return i;
  }
  r->s = NULL;
  return 0;
}

static void read_all(struct reader *r, const char *format);

static void read_seconds(struct reader *r) {
  time_t n = 0;
  if (!isdigit((unsigned char)*r->s)) {
    r->s = NULL;
    return;
  }
  while (isdigit((unsigned char)*r->s)) n = 10 * n + *r->s++ - '0';
  localtime_r(&n, r->tm);
}

static void read_half(struct reader *r) {
  bool am = strncasecmp(r->s, "am", 2) == 0, pm = strncasecmp(r->s, "pm", 2) == 0;
  r->s = am || pm ? r->s + 2 : NULL;
  r->has_afternoon = true, r->afternoon = pm;
}

static void read_zone(struct reader *r) {
  skip_space(r);
  if (*r->s == 'Z') {
    r->s++;
  } else if (*r->s == '+' || *r->s == '-') {
    r->s++;
    number(r, 0, 99, 2);
    if (r->s != NULL && *r->s == ':') r->s++;
    if (r->s != NULL) number(r, 0, 59, 2);
  } else {
    r->s = NULL;
  }
}

static void read_date(struct reader *r, char letter) {
  struct tm *tm = r->tm;
  switch (letter) {
  case 'a':
  case 'A': tm->tm_wday = name(r, day_names, 7), r->has_weekday = true; break;
  case 'b':
  case 'B':
  case 'h': tm->tm_mon = name(r, month_names, 12), r->has_part = true; break;
  case 'c': read_all(r, "%a %b %e %H:%M:%S %Y"); break;
  case 'C': r->century = number(r, 0, 99, 2), r->has_part = true; break;
  case 'd':
  case 'e': tm->tm_mday = number(r, 1, 31, 2), r->has_part = true; break;
  case 'D':
  case 'x': read_all(r, "%m/%d/%y"); break;
  case 'F': read_all(r, "%Y-%m-%d"); break;
  case 'j': tm->tm_yday = number(r, 1, 366, 3) - 1, r->has_yearday = true; break;
  case 'm': tm->tm_mon = number(r, 1, 12, 2) - 1, r->has_part = true; break;
  case 'u': tm->tm_wday = number(r, 1, 7, 1) % 7, r->has_weekday = true; break;
  case 'U':
  case 'V':
  case 'W': number(r, 0, 53, 2); break;
  case 'w': tm->tm_wday = number(r, 0, 6, 1), r->has_weekday = true; break;
  case 'y':
    tm->tm_year = number(r, 0, 99, 2), r->has_part = true;
    if (tm->tm_year < 69) tm->tm_year += 100;
    break;
  case 'Y': tm->tm_year = number(r, 0, 9999, 4) - 1900, r->has_part = true; break;
  default: r->s = NULL;
  }
}

static void read_one(struct reader *r, char letter) {
  struct tm *tm = r->tm;
  switch (letter) {
  case 'H':
  case 'k': tm->tm_hour = number(r, 0, 23, 2), r->has_afternoon = false; break;
  case 'I':
  case 'l': tm->tm_hour = number(r, 1, 12, 2) % 12; break;
  case 'M': tm->tm_min = number(r, 0, 59, 2); break;
  case 'n':
  case 't': skip_space(r); break;
  case 'p':
  case 'P': read_half(r); break;
  case 'r': read_all(r, "%I:%M:%S %p"); break;
  case 'R': read_all(r, "%H:%M"); break;
  case 's': read_seconds(r); break;
  case 'S': tm->tm_sec = number(r, 0, 61, 2); break;
  case 'T':
  case 'X': read_all(r, "%H:%M:%S"); break;
  case 'z': read_zone(r); break;
  case '%': r->s = *r->s == '%' ? r->s + 1 : NULL; break;
  default: read_date(r, letter);
  }
}

static void read_all(struct reader *r, const char *f) {
  for (; *f != '\0' && r->s != NULL; f++) {
    if (isspace((unsigned char)*f)) {
      skip_space(r);
    } else if (*f != '%') {
      r->s = *r->s == *f ? r->s + 1 : NULL;
    } else {
      f++;
      if (*f == 'E' || *f == 'O') f++;
      if (*f == '\0') break;
      read_one(r, *f);
    }
  }
}

static void derive(const struct reader *r) {
  struct tm *tm = r->tm;
  if (tm->tm_mon < 0 || tm->tm_mon > 11) return;
  long long year = tm->tm_year + 1900LL, days = __days_to(year, tm->tm_mon, tm->tm_mday);
  if (!r->has_weekday) tm->tm_wday = (int)(((days + 4) % 7 + 7) % 7);
  if (!r->has_yearday) tm->tm_yday = (int)(days - __days_to(year, 0, 1));
}

char *strptime(const char *restrict s, const char *restrict format, struct tm *restrict tm) {
  struct reader r = {.s = s, .tm = tm, .century = -1};
  read_all(&r, format);
  if (r.s == NULL) return NULL;
  if (r.has_afternoon && r.afternoon) tm->tm_hour += 12;
  if (r.century >= 0) tm->tm_year = r.century * 100 - 1900 + (tm->tm_year + 1900) % 100;
  if (r.has_part) derive(&r);
  return (char *)r.s;
}
