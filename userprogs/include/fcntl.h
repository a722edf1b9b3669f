/* fcntl.h - open files. The file system is read-only: every flag but O_RDONLY fails with EROFS. */
#ifndef _FCNTL_H
#define _FCNTL_H
#include <sys/cdefs.h>

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0x40
#define O_TRUNC 0x200
#define O_APPEND 0x400

__BEGIN_DECLS
int open(const char *path, int flags, ...);
__END_DECLS

#endif
