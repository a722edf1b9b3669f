/* strftime.c - dates as text, in the C locale. Between % and the letter there may be GNU's flags (- no padding,
 * _ spaces, 0 zeros, ^ capitals), a width, and E or O, which change nothing here. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "userprogs/lib/internal.h"
#include "userprogs/lib/time/names.h"

struct text {
  char *s;
  size_t room, length;
};

struct conversion {
  char padding; /* one of the flags, or 0 */
  bool capitals;
  int width;
};

static void put(struct text *t, char c) {
  if (t->length < t->room) t->s[t->length] = c;
  t->length++;
}

static void put_padded(struct text *t, const struct conversion *c, const char *s, int width, char padding) {
  if (c->padding == '_') padding = ' ';
  if (c->padding == '0') padding = '0';
  if (c->padding == '-') width = 0;
  if (c->width > 0) width = c->width;
  bool minus = *s == '-' && padding == '0';
  if (minus) put(t, *s++), width--;
  for (int n = (int)strlen(s); n < width; n++) put(t, padding);
  for (; *s != '\0'; s++) put(t, c->capitals ? (char)toupper((unsigned char)*s) : *s);
}

static void put_number(struct text *t, const struct conversion *c, long long n, int width, char padding) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", n);
  put_padded(t, c, digits, width, padding);
}

static void put_text(struct text *t, const struct conversion *c, const char *s, int length) {
  char word[12];
  snprintf(word, sizeof word, "%.*s", length, s);
  put_padded(t, c, word, 0, ' ');
}

static void format(struct text *t, const char *f, const struct tm *tm);

/* What a format in one letter makes is one field. */
static void put_formatted(struct text *t, const struct conversion *c, const char *f, const struct tm *tm) {
  char s[64];
  struct text inner = {s, sizeof s - 1, 0};
  format(&inner, f, tm);
  s[inner.length < inner.room ? inner.length : inner.room] = '\0';
  put_padded(t, c, s, 0, ' ');
}

static const char *name_of(const char (*names)[10], int n, int count) {
  return n >= 0 && n < count ? names[n] : "?";
}

/* The year of ISO 8601, whose weeks begin with Monday, and the number of the week: the first one has a Thursday. */
static long long iso_year(const struct tm *tm, int *week) {
  long long year = tm->tm_year + 1900LL;
  int monday = (tm->tm_wday + 6) % 7,
      days = tm->tm_yday - monday + 3; /* the year's day of this week's Thursday */
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (days < 0) {
    year--;
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    days += 365 + leap;
  } else if (days >= 365 + leap) {
    days -= 365 + leap, year++;
  }
  *week = days / 7 + 1;
  return year;
}

static int hour_of_twelve(int hour) { return hour % 12 == 0 ? 12 : hour % 12; }

static bool put_date(struct text *t, const struct conversion *c, char letter, const struct tm *tm) {
  int week;
  long long year = tm->tm_year + 1900LL;
  switch (letter) {
  case 'a': return put_text(t, c, name_of(day_names, tm->tm_wday, 7), 3), true;
  case 'A': return put_text(t, c, name_of(day_names, tm->tm_wday, 7), 9), true;
  case 'b':
  case 'h': return put_text(t, c, name_of(month_names, tm->tm_mon, 12), 3), true;
  case 'B': return put_text(t, c, name_of(month_names, tm->tm_mon, 12), 9), true;
  case 'c': return put_formatted(t, c, "%a %b %e %H:%M:%S %Y", tm), true;
  case 'C': return put_number(t, c, year / 100 - (year % 100 < 0), 2, '0'), true;
  case 'd': return put_number(t, c, tm->tm_mday, 2, '0'), true;
  case 'D':
  case 'x': return put_formatted(t, c, "%m/%d/%y", tm), true;
  case 'e': return put_number(t, c, tm->tm_mday, 2, ' '), true;
  case 'F': return put_formatted(t, c, "%Y-%m-%d", tm), true;
  case 'g': return put_number(t, c, (iso_year(tm, &week) % 100 + 100) % 100, 2, '0'), true;
  case 'G': return put_number(t, c, iso_year(tm, &week), 1, '0'), true;
  case 'j': return put_number(t, c, tm->tm_yday + 1, 3, '0'), true;
  case 'm': return put_number(t, c, tm->tm_mon + 1, 2, '0'), true;
  case 'u': return put_number(t, c, tm->tm_wday == 0 ? 7 : tm->tm_wday, 1, '0'), true;
  case 'U': return put_number(t, c, (tm->tm_yday - tm->tm_wday + 7) / 7, 2, '0'), true;
  case 'V': return iso_year(tm, &week), put_number(t, c, week, 2, '0'), true;
  case 'w': return put_number(t, c, tm->tm_wday, 1, '0'), true;
  case 'W': return put_number(t, c, (tm->tm_yday - (tm->tm_wday + 6) % 7 + 7) / 7, 2, '0'), true;
  case 'y': return put_number(t, c, (year % 100 + 100) % 100, 2, '0'), true;
  case 'Y': return put_number(t, c, year, 1, '0'), true;
  default: return false;
  }
}

static bool put_time(struct text *t, const struct conversion *c, char letter, const struct tm *tm) {
  struct tm copy = *tm;
  switch (letter) {
  case 'H': return put_number(t, c, tm->tm_hour, 2, '0'), true;
  case 'I': return put_number(t, c, hour_of_twelve(tm->tm_hour), 2, '0'), true;
  case 'k': return put_number(t, c, tm->tm_hour, 2, ' '), true;
  case 'l': return put_number(t, c, hour_of_twelve(tm->tm_hour), 2, ' '), true;
  case 'M': return put_number(t, c, tm->tm_min, 2, '0'), true;
  case 'n': return put(t, '\n'), true;
  case 'p': return put_padded(t, c, tm->tm_hour < 12 ? "AM" : "PM", 0, ' '), true;
  case 'P': return put_padded(t, c, tm->tm_hour < 12 ? "am" : "pm", 0, ' '), true;
  case 'r': return put_formatted(t, c, "%I:%M:%S %p", tm), true;
  case 'R': return put_formatted(t, c, "%H:%M", tm), true;
  case 's': return put_number(t, c, mktime(&copy), 1, '0'), true;
  case 'S': return put_number(t, c, tm->tm_sec, 2, '0'), true;
  case 't': return put(t, '\t'), true;
  case 'T':
  case 'X': return put_formatted(t, c, "%H:%M:%S", tm), true;
  case 'z': return put_padded(t, c, "+0000", 0, '0'), true;
  case 'Z': return put_padded(t, c, tm->tm_zone != NULL ? tm->tm_zone : "", 0, ' '), true;
  case '%': return put(t, '%'), true;
  default: return false;
  }
}

static void format(struct text *t, const char *f, const struct tm *tm) {
  for (; *f != '\0'; f++) {
    if (*f != '%') {
      put(t, *f);
      continue;
    }
    const char *percent = f++;
    struct conversion c = {0};
    for (; *f != '\0' && strchr("-_0^#", *f) != NULL; f++) {
      if (*f == '^') c.capitals = true;
      if (*f != '^' && *f != '#') c.padding = *f;
    }
    for (; isdigit((unsigned char)*f); f++)
      if (c.width < 1000) c.width = 10 * c.width + *f - '0';
    if (*f == 'E' || *f == 'O') f++;
    if (*f != '\0' && (put_date(t, &c, *f, tm) || put_time(t, &c, *f, tm))) continue;
    for (; percent <= f && *percent != '\0'; percent++) put(t, *percent);
    if (*f == '\0') break;
  }
}

size_t strftime(char *restrict s, size_t size, const char *restrict f, const struct tm *restrict tm) {
  struct text t = {s, size, 0};
  format(&t, f, tm);
  if (t.length >= size) return 0;
  s[t.length] = '\0';
  return t.length;
}
