/* sys/param.h - limits, and small macros of BSD. */
#ifndef _SYS_PARAM_H
#define _SYS_PARAM_H
#include <endian.h>
#include <limits.h>
#include <sys/types.h>

#define MAXPATHLEN PATH_MAX
#define NBBY 8
#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#endif
#define howmany(n, unit) (((n) + ((unit)-1)) / (unit))
#define roundup(n, unit) (howmany(n, unit) * (unit))
#define powerof2(n) ((((n)-1) & (n)) == 0)

#endif
