/* fenv.h - the floating-point environment. PG32 computes with integers: there is one rounding mode, to the nearest, and
 * there are no exceptions. As C17 has it for such machines, FE_ALL_EXCEPT is 0, and FE_INEXACT, FE_UPWARD and the like
 * are not defined. */
#ifndef _FENV_H
#define _FENV_H
#include <sys/cdefs.h>

typedef unsigned fexcept_t;
typedef struct {
  unsigned __nothing;
} fenv_t;

#define FE_ALL_EXCEPT 0
#define FE_TONEAREST 0
#define FE_DFL_ENV ((const fenv_t *)-1)

__BEGIN_DECLS
/* All but fegetround, which answers FE_TONEAREST, and fetestexcept, which answers 0, answer 0 when they could do what
 * was asked. fesetround answers -1 for any other mode, feraiseexcept and fesetexceptflag for any exception. */
int feclearexcept(int exceptions);
int fegetexceptflag(fexcept_t *flags, int exceptions);
int feraiseexcept(int exceptions);
int fesetexceptflag(const fexcept_t *flags, int exceptions);
int fetestexcept(int exceptions);
int fegetround(void);
int fesetround(int mode);
int fegetenv(fenv_t *environment);
int feholdexcept(fenv_t *environment);
int fesetenv(const fenv_t *environment);
int feupdateenv(const fenv_t *environment);
__END_DECLS

#endif
