/* streams.c - wide characters from streams and to them: UTF-8 outside. Bytes and wide characters may be mixed. */
#include <errno.h>
#include <stdio.h>
#include <wchar.h>
#include "userprogs/lib/stream.h"

wint_t fputwc(wchar_t c, FILE *f) {
  char bytes[4];
  size_t n = __encode(bytes, (unsigned)c);
  if (n == 0) {
    errno = EILSEQ, f->failed = true;
    return WEOF;
  }
  for (size_t i = 0; i < n; i++)
    if (fputc(bytes[i], f) == EOF) return WEOF;
  return (wint_t)c;
}

int fputws(const wchar_t *restrict s, FILE *restrict f) {
  for (; *s != 0; s++)
    if (fputwc(*s, f) == WEOF) return -1;
  return 0;
}

/* An end of file in a character, or a byte that cannot be there, is EILSEQ. */
wint_t fgetwc(FILE *f) {
  mbstate_t state = {0};
  wchar_t c;
  for (;;) {
    int byte = fgetc(f);
    if (byte == EOF && state.left == 0) return WEOF;
    char one = (char)byte;
    size_t n = byte == EOF ? (size_t)-1 : mbrtowc(&c, &one, 1, &state);
    if (n <= 1) return (wint_t)c;
    if (n == (size_t)-1) break;
  }
  errno = EILSEQ, f->failed = true;
  return WEOF;
}

wchar_t *fgetws(wchar_t *restrict s, int n, FILE *restrict f) {
  int i = 0;
  wint_t c = 0;
  while (i < n - 1 && c != '\n' && (c = fgetwc(f)) != WEOF) s[i++] = (wchar_t)c;
  if (n <= 0 || (c == WEOF && (i == 0 || f->failed))) return NULL;
  s[i] = 0;
  return s;
}

wint_t ungetwc(wint_t c, FILE *f) {
  char bytes[4];
  size_t n = c != WEOF ? __encode(bytes, c) : 0;
  if (n == 0) return WEOF;
  for (size_t i = n; i > 0; i--)
    if (ungetc((unsigned char)bytes[i - 1], f) == EOF) return WEOF;
  return c;
}

wint_t getwc(FILE *f) { return fgetwc(f); }
wint_t getwchar(void) { return fgetwc(stdin); }
wint_t putwc(wchar_t c, FILE *f) { return fputwc(c, f); }
wint_t putwchar(wchar_t c) { return fputwc(c, stdout); }

int fwide(FILE *f, int mode) {
  if (f->orientation == 0 && mode != 0) f->orientation = mode > 0 ? 1 : -1;
  return f->orientation;
}
