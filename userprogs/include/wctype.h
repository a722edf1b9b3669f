/* wctype.h - classes of wide characters: those of <ctype.h>, and no character from 128 on. */
#ifndef _WCTYPE_H
#define _WCTYPE_H
#include <sys/cdefs.h>

typedef __WINT_TYPE__ wint_t;
typedef unsigned long wctype_t;
typedef unsigned long wctrans_t;
#ifndef WEOF
#define WEOF ((wint_t)-1)
#endif

__BEGIN_DECLS
int iswalnum(wint_t c);
int iswalpha(wint_t c);
int iswblank(wint_t c);
int iswcntrl(wint_t c);
int iswdigit(wint_t c);
int iswgraph(wint_t c);
int iswlower(wint_t c);
int iswprint(wint_t c);
int iswpunct(wint_t c);
int iswspace(wint_t c);
int iswupper(wint_t c);
int iswxdigit(wint_t c);
wint_t towlower(wint_t c);
wint_t towupper(wint_t c);
/* By the name of a class, "alpha", or of a mapping, "tolower" or "toupper"; 0: there is none. */
wctype_t wctype(const char *name);
int iswctype(wint_t c, wctype_t type);
wctrans_t wctrans(const char *name);
wint_t towctrans(wint_t c, wctrans_t mapping);
__END_DECLS

#endif
