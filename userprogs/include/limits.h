/* limits.h - the compiler's limits of numbers, and the system's. */
#ifndef _PG32_LIMITS_H
#define _PG32_LIMITS_H
#include <sys/cdefs.h>

#ifndef _LIMITS_H___
#define _GCC_LIMITS_H_ /* gcc's own file would ask for the library's, which is this one */
#endif

#define CHAR_BIT __CHAR_BIT__
#define SCHAR_MAX __SCHAR_MAX__
#define SCHAR_MIN (-SCHAR_MAX - 1)
#define UCHAR_MAX (SCHAR_MAX * 2 + 1)
#ifdef __CHAR_UNSIGNED__
#define CHAR_MIN 0
#define CHAR_MAX UCHAR_MAX
#else
#define CHAR_MIN SCHAR_MIN
#define CHAR_MAX SCHAR_MAX
#endif
#define SHRT_MAX __SHRT_MAX__
#define SHRT_MIN (-SHRT_MAX - 1)
#define USHRT_MAX (SHRT_MAX * 2 + 1)
#define INT_MAX __INT_MAX__
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX (INT_MAX * 2U + 1U)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-LONG_MAX - 1L)
#define ULONG_MAX (LONG_MAX * 2UL + 1UL)
#if __SHOW_C99
#define LLONG_MAX __LONG_LONG_MAX__
#define LLONG_MIN (-LLONG_MAX - 1LL)
#define ULLONG_MAX (LLONG_MAX * 2ULL + 1ULL)
#endif
#define MB_LEN_MAX 4 /* UTF-8 */

#if __SHOW_POSIX
#define SSIZE_MAX INT_MAX
#define WORD_BIT 32
#define LONG_BIT 32
#define ARG_MAX 131072 /* bytes of all arguments and of the environment, each with its NUL and its address */
#define PATH_MAX 256
#define NAME_MAX 55 /* as struct dirent */
#define OPEN_MAX 64
#define PIPE_BUF 512
#define IOV_MAX 16
#define ATEXIT_MAX 32
#define PAGE_SIZE 4096
#define PAGESIZE 4096
#define _POSIX_ARG_MAX 4096
#define _POSIX_NAME_MAX 14
#define _POSIX_OPEN_MAX 20
#define _POSIX_PATH_MAX 256
#endif

#endif
