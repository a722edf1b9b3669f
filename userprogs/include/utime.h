/* utime.h - the times of files. */
#ifndef _UTIME_H
#define _UTIME_H
#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>

struct utimbuf {
  time_t actime, modtime;
};

__BEGIN_DECLS
/* The times are taken and not used: the kernel alone notes when a file changes. -1 if there is no such file. */
int utime(const char *path, const struct utimbuf *times);
__END_DECLS

#endif
