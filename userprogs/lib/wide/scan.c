/* scan.c - the wscanf family: scanf's, with a format that becomes UTF-8 before, and widths that count characters. */
#include <stdlib.h>
#include <stdio.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

int vfwscanf(FILE *restrict f, const wchar_t *restrict format, va_list args) {
  char *narrow = __narrow(format);
  if (narrow == NULL) return EOF;
  int n = __scan(f, NULL, narrow, args, true);
  free(narrow);
  return n;
}

int vswscanf(const wchar_t *restrict s, const wchar_t *restrict format, va_list args) {
  char *narrow = __narrow(format), *text = __narrow(s);
  int n = narrow != NULL && text != NULL ? __scan(NULL, text, narrow, args, true) : EOF;
  free(narrow), free(text);
  return n;
}

int vwscanf(const wchar_t *restrict format, va_list args) { return vfwscanf(stdin, format, args); }

#define WITH_ARGUMENTS(call) \
  va_list args;              \
  va_start(args, format);    \
  int n = call;              \
  va_end(args);              \
  return n

int fwscanf(FILE *restrict f, const wchar_t *restrict format, ...) {
  WITH_ARGUMENTS(vfwscanf(f, format, args));
}
int wscanf(const wchar_t *restrict format, ...) { WITH_ARGUMENTS(vfwscanf(stdin, format, args)); }
int swscanf(const wchar_t *restrict s, const wchar_t *restrict format, ...) {
  WITH_ARGUMENTS(vswscanf(s, format, args));
}
