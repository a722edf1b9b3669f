/* sys/types.h - types of the system calls. */
#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H
#include <sys/cdefs.h>
#include <stddef.h>

typedef int pid_t;
typedef int ssize_t;
typedef long off_t;
typedef unsigned mode_t;
typedef long time_t;
typedef unsigned useconds_t;

#endif
