/* wchar.h - wide characters, one Unicode code point each, and texts of them. Narrow texts are UTF-8. There are no
 * streams of wide characters. */
#ifndef _WCHAR_H
#define _WCHAR_H
#include <sys/cdefs.h>
#include <stddef.h>
#include <stdint.h>

typedef __WINT_TYPE__ wint_t;
typedef struct {
  unsigned point, left; /* what the bytes so far make, and how many bytes are to come */
} mbstate_t;

#define WEOF ((wint_t)-1)

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
__END_DECLS

#endif
