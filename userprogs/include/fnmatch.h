/* fnmatch.h - does a name match a shell's pattern, such as "*.c"? */
#ifndef _FNMATCH_H
#define _FNMATCH_H
#include <sys/cdefs.h>

#define FNM_NOMATCH 1
#define FNM_PATHNAME 1    /* wildcards and brackets match no slash */
#define FNM_NOESCAPE 2    /* a backslash is an ordinary character */
#define FNM_PERIOD 4      /* nor a period that comes first (with FNM_PATHNAME: first behind a slash) */
#define FNM_LEADING_DIR 8 /* a slash and more may follow what matches */
#define FNM_CASEFOLD 16
#define FNM_FILE_NAME FNM_PATHNAME

__BEGIN_DECLS
/* 0, or FNM_NOMATCH. The time grows with the product of both lengths, at most. */
int fnmatch(const char *pattern, const char *name, int flags);
__END_DECLS

#endif
