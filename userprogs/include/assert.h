/* assert.h - stop a program that has gone wrong, and say where. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __assert_fail(#condition, __FILE__, __LINE__, __func__))
#endif

#ifndef _ASSERT_H
#define _ASSERT_H
#include <sys/cdefs.h>
#if __SHOW_C11 && !defined __cplusplus && (!defined __STDC_VERSION__ || __STDC_VERSION__ <= 201710L)
#define static_assert _Static_assert
#endif
__BEGIN_DECLS
__NORETURN void __assert_fail(const char *condition, const char *file, int line, const char *function);
__END_DECLS
#endif
