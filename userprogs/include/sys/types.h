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
typedef long suseconds_t;
typedef unsigned uid_t, gid_t, id_t, dev_t, ino_t, nlink_t;
typedef long blksize_t, blkcnt_t;
#if __SHOW_ALL
typedef unsigned char u_char;
typedef unsigned short u_short, ushort;
typedef unsigned u_int, uint;
typedef unsigned long u_long, ulong;
typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef char *caddr_t;
typedef unsigned char u_int8_t;
typedef unsigned short u_int16_t;
typedef unsigned u_int32_t;
typedef unsigned long long u_int64_t;
#endif

#endif
