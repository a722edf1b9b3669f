/* fcntl.h - open files. The file system is read-only: every flag but O_RDONLY fails with EROFS. */
#ifndef _FCNTL_H
#define _FCNTL_H
#include <sys/cdefs.h>
#include <sys/types.h>

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_ACCMODE 3
#define O_CREAT 0x40
#define O_EXCL 0x80 /* the kernel knows no others: they change nothing */
#define O_NOCTTY 0x100
#define O_TRUNC 0x200
#define O_APPEND 0x400
#define O_NONBLOCK 0x800
#define O_SYNC 0x101000
#define O_DIRECTORY 0x10000
#define O_CLOEXEC 0x80000

__BEGIN_DECLS
int open(const char *path, int flags, ...);
int creat(const char *path, mode_t mode);
__END_DECLS

#endif
