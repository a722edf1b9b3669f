/* libgen.h - the parts of a path. Both functions may change the path, and return a part of it or a constant. */
#ifndef _LIBGEN_H
#define _LIBGEN_H
#include <sys/cdefs.h>

__BEGIN_DECLS
char *basename(char *path);
char *dirname(char *path);
__END_DECLS

#endif
