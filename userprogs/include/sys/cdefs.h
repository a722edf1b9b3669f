/* sys/cdefs.h - what the headers share: C++, old C, and which functions a program asks to see.
 *
 * A strict standard (-std=c89, -std=c11, -ansi) shows what that standard has, so that a program may use all other
 * names: K&R's getline, for example. _POSIX_C_SOURCE, _XOPEN_SOURCE, _DEFAULT_SOURCE and _GNU_SOURCE ask for more. By
 * default (-std=gnu17) everything is there. */
#ifndef _SYS_CDEFS_H
#define _SYS_CDEFS_H

#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#define __NORETURN __attribute__((__noreturn__))
#else
#define __BEGIN_DECLS
#define __END_DECLS
#define __NORETURN __attribute__((__noreturn__))
#endif

#if !defined __STRICT_ANSI__ || defined _GNU_SOURCE || defined _DEFAULT_SOURCE || defined _BSD_SOURCE
#define __SHOW_ALL 1
#else
#define __SHOW_ALL 0
#endif

#if __SHOW_ALL || defined _POSIX_SOURCE || defined _POSIX_C_SOURCE || defined _XOPEN_SOURCE
#define __SHOW_POSIX 1
#else
#define __SHOW_POSIX 0
#endif

#if __SHOW_POSIX || defined __cplusplus || (defined __STDC_VERSION__ && __STDC_VERSION__ >= 199901L)
#define __SHOW_C99 1
#else
#define __SHOW_C99 0
#endif

#if __SHOW_ALL || defined __cplusplus || (defined __STDC_VERSION__ && __STDC_VERSION__ >= 201112L)
#define __SHOW_C11 1
#else
#define __SHOW_C11 0
#endif

#endif
