/* wchar.h - wide characters, one Unicode code point each, and texts of them. Narrow texts and streams are UTF-8. */
#ifndef _WCHAR_H
#define _WCHAR_H
#include <sys/cdefs.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef __WINT_TYPE__ wint_t;
typedef struct {
  unsigned point, left; /* what the bytes so far make, and how many bytes are to come */
} mbstate_t;

#ifndef WEOF
#define WEOF ((wint_t)-1)
#endif
#ifndef WCHAR_MAX
#define WCHAR_MAX __WCHAR_MAX__
#define WCHAR_MIN (-WCHAR_MAX - 1)
#endif
struct __file;
struct tm;

__BEGIN_DECLS
size_t wcslen(const wchar_t *s);
wchar_t *wcscpy(wchar_t *__restrict to, const wchar_t *__restrict from);
wchar_t *wcsncpy(wchar_t *__restrict to, const wchar_t *__restrict from, size_t n);
wchar_t *wcscat(wchar_t *__restrict to, const wchar_t *__restrict from);
wchar_t *wcsncat(wchar_t *__restrict to, const wchar_t *__restrict from, size_t n);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *wcschr(const wchar_t *s, wchar_t c);
wchar_t *wcsrchr(const wchar_t *s, wchar_t c);
wchar_t *wcsstr(const wchar_t *s, const wchar_t *part);
wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set);
size_t wcsspn(const wchar_t *s, const wchar_t *set);
size_t wcscspn(const wchar_t *s, const wchar_t *set);
wchar_t *wmemcpy(wchar_t *__restrict to, const wchar_t *__restrict from, size_t n);
wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *wmemset(wchar_t *s, wchar_t c, size_t n);
wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n);

wint_t btowc(int c);
int wctob(wint_t c);
int mbsinit(const mbstate_t *state);
/* With `state` NULL the function keeps one of its own. */
size_t mbrtowc(wchar_t *__restrict wide, const char *__restrict s, size_t n, mbstate_t *__restrict state);
size_t mbrlen(const char *__restrict s, size_t n, mbstate_t *__restrict state);
size_t wcrtomb(char *__restrict s, wchar_t wide, mbstate_t *__restrict state);
size_t mbsrtowcs(wchar_t *__restrict to, const char **__restrict from, size_t n, mbstate_t *__restrict state);
size_t wcsrtombs(char *__restrict to, const wchar_t **__restrict from, size_t n, mbstate_t *__restrict state);

/* ---- streams: bytes and wide characters may be mixed ---- */

/* The character; WEOF at the end, and with EILSEQ for what is no UTF-8. */
wint_t fgetwc(struct __file *f);
wint_t getwc(struct __file *f);
wint_t getwchar(void);
wint_t fputwc(wchar_t c, struct __file *f);
wint_t putwc(wchar_t c, struct __file *f);
wint_t putwchar(wchar_t c);
wint_t ungetwc(wint_t c, struct __file *f);
wchar_t *fgetws(wchar_t *__restrict s, int n, struct __file *__restrict f);
int fputws(const wchar_t *__restrict s, struct __file *__restrict f);
/* Remembers the first mode other than 0, and answers what has been remembered. */
int fwide(struct __file *f, int mode);

/* printf and scanf. Widths and precisions count characters. swprintf answers -1 when the text does not fit. */
int wprintf(const wchar_t *__restrict format, ...);
int fwprintf(struct __file *__restrict f, const wchar_t *__restrict format, ...);
int swprintf(wchar_t *__restrict s, size_t size, const wchar_t *__restrict format, ...);
int vwprintf(const wchar_t *__restrict format, va_list args);
int vfwprintf(struct __file *__restrict f, const wchar_t *__restrict format, va_list args);
int vswprintf(wchar_t *__restrict s, size_t size, const wchar_t *__restrict format, va_list args);
int wscanf(const wchar_t *__restrict format, ...);
int fwscanf(struct __file *__restrict f, const wchar_t *__restrict format, ...);
int swscanf(const wchar_t *__restrict s, const wchar_t *__restrict format, ...);
int vwscanf(const wchar_t *__restrict format, va_list args);
int vfwscanf(struct __file *__restrict f, const wchar_t *__restrict format, va_list args);
int vswscanf(const wchar_t *__restrict s, const wchar_t *__restrict format, va_list args);

/* ---- numbers, dates, order ---- */

double wcstod(const wchar_t *__restrict s, wchar_t **__restrict end);
float wcstof(const wchar_t *__restrict s, wchar_t **__restrict end);
long double wcstold(const wchar_t *__restrict s, wchar_t **__restrict end);
long wcstol(const wchar_t *__restrict s, wchar_t **__restrict end, int base);
long long wcstoll(const wchar_t *__restrict s, wchar_t **__restrict end, int base);
unsigned long wcstoul(const wchar_t *__restrict s, wchar_t **__restrict end, int base);
unsigned long long wcstoull(const wchar_t *__restrict s, wchar_t **__restrict end, int base);
size_t wcsftime(wchar_t *__restrict s, size_t size, const wchar_t *__restrict format,
                const struct tm *__restrict t);
wchar_t *wcstok(wchar_t *__restrict s, const wchar_t *__restrict separators, wchar_t **__restrict rest);
int wcscoll(const wchar_t *a, const wchar_t *b);
size_t wcsxfrm(wchar_t *__restrict to, const wchar_t *__restrict from, size_t n);
#if __SHOW_POSIX
wchar_t *wcsdup(const wchar_t *s);
size_t wcsnlen(const wchar_t *s, size_t most);
#endif
__END_DECLS

#endif
