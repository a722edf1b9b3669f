/* classes.c - classes of wide characters. In the C locale, the only one, a character from 128 on belongs to none. */
#include <ctype.h>
#include <string.h>
#include <wctype.h>
#include "userprogs/lib/internal.h"

#define CLASS(name) \
  int isw##name(wint_t c) { return c < 128 && is##name((int)c); }

CLASS(alnum)
CLASS(alpha)
CLASS(blank)
CLASS(cntrl)
CLASS(digit)
CLASS(graph)
CLASS(lower)
CLASS(print)
CLASS(punct)
CLASS(space)
CLASS(upper)
CLASS(xdigit)

wint_t towlower(wint_t c) { return c < 128 ? (wint_t)tolower((int)c) : c; }
wint_t towupper(wint_t c) { return c < 128 ? (wint_t)toupper((int)c) : c; }

static const struct {
  const char *name;
  int (*has)(int c);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

wctype_t wctype(const char *name) {
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
    if (strcmp(classes[i].name, name) == 0) return i + 1;
  return 0;
}

int iswctype(wint_t c, wctype_t type) {
  return type > 0 && type <= sizeof classes / sizeof *classes && c < 128 && classes[type - 1].has((int)c);
}

wctrans_t wctrans(const char *name) {
  return strcmp(name, "tolower") == 0 ? 1 : strcmp(name, "toupper") == 0 ? 2 : 0;
}
wint_t towctrans(wint_t c, wctrans_t mapping) {
  return c >= 128 || mapping == 0 ? c : (wint_t)(mapping == 1 ? tolower((int)c) : toupper((int)c));
}
