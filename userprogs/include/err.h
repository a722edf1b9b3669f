/* err.h - messages about errors, with the program's name: "NAME: TEXT: what errno means". Those that end with x leave
 * errno out; err and errx end the program. */
#ifndef _ERR_H
#define _ERR_H
#include <sys/cdefs.h>
#include <stdarg.h>

__BEGIN_DECLS
void warn(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
void warnx(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));
void vwarn(const char *format, va_list args) __attribute__((__format__(__printf__, 1, 0)));
void vwarnx(const char *format, va_list args) __attribute__((__format__(__printf__, 1, 0)));
__NORETURN void err(int status, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));
__NORETURN void errx(int status, const char *format, ...) __attribute__((__format__(__printf__, 2, 3)));
__NORETURN void verr(int status, const char *format, va_list args)
    __attribute__((__format__(__printf__, 2, 0)));
__NORETURN void verrx(int status, const char *format, va_list args)
    __attribute__((__format__(__printf__, 2, 0)));
__END_DECLS

#endif
