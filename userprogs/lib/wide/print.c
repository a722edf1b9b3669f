/* print.c - the wprintf family: printf's, with a format that becomes UTF-8 before, and widths that count characters. */
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

char *__narrow(const wchar_t *s) {
  const wchar_t *from = s;
  size_t n = wcsrtombs(NULL, &from, 0, NULL);
  char *text = n != (size_t)-1 ? malloc(n + 1) : NULL;
  if (text != NULL) wcsrtombs(text, &s, n + 1, NULL);
  return text;
}

int vfwprintf(FILE *restrict f, const wchar_t *restrict format, va_list args) {
  char *narrow = __narrow(format);
  if (narrow == NULL) return -1;
  int n = __print(f, narrow, args, true);
  free(narrow);
  return n;
}

struct wide_sink {
  struct sink sink;
  wchar_t *s;
  size_t room; /* without the final 0 */
  mbstate_t state;
  bool failed;
};

static void put_wide(struct sink *sink, const char *s, size_t n) {
  struct wide_sink *out = (struct wide_sink *)sink;
  for (size_t i = 0; i < n && !out->failed; i++) {
    wchar_t c;
    size_t done = mbrtowc(&c, s + i, 1, &out->state);
    if (done == (size_t)-2) continue;
    if (done == (size_t)-1 || out->room == 0)
      out->failed = true;
    else
      *out->s++ = c, out->room--;
  }
}

/* Text that does not fit is an error, other than in snprintf. */
int vswprintf(wchar_t *restrict s, size_t size, const wchar_t *restrict format, va_list args) {
  struct wide_sink out = {.sink = {.put = put_wide, .wide = true}, .s = s, .room = size - 1};
  char *narrow = size > 0 ? __narrow(format) : NULL;
  if (narrow == NULL) return -1;
  __format(&out.sink, narrow, args);
  *out.s = 0;
  free(narrow);
  return out.failed ? -1 : out.sink.total;
}

int vwprintf(const wchar_t *restrict format, va_list args) { return vfwprintf(stdout, format, args); }

#define WITH_ARGUMENTS(call) \
  va_list args;              \
  va_start(args, format);    \
  int n = call;              \
  va_end(args);              \
  return n

int fwprintf(FILE *restrict f, const wchar_t *restrict format, ...) {
  WITH_ARGUMENTS(vfwprintf(f, format, args));
}
int wprintf(const wchar_t *restrict format, ...) { WITH_ARGUMENTS(vfwprintf(stdout, format, args)); }
int swprintf(wchar_t *restrict s, size_t size, const wchar_t *restrict format, ...) {
  WITH_ARGUMENTS(vswprintf(s, size, format, args));
}
