/* fenv.c - the floating-point environment: nothing in it can change. */
#include <fenv.h>

int feclearexcept(int exceptions) {
  (void)exceptions;
  return 0;
}

int fegetexceptflag(fexcept_t *flags, int exceptions) {
  (void)exceptions;
  *flags = 0;
  return 0;
}

int feraiseexcept(int exceptions) { return exceptions == 0 ? 0 : -1; }

int fesetexceptflag(const fexcept_t *flags, int exceptions) {
  return (*flags & (unsigned)exceptions) == 0 ? 0 : -1;
}

int fetestexcept(int exceptions) {
  (void)exceptions;
  return 0;
}

int fegetround(void) { return FE_TONEAREST; }
int fesetround(int mode) { return mode == FE_TONEAREST ? 0 : -1; }

int fegetenv(fenv_t *environment) {
  environment->__nothing = 0;
  return 0;
}

int feholdexcept(fenv_t *environment) { return fegetenv(environment); }

int fesetenv(const fenv_t *environment) {
  (void)environment;
  return 0;
}

int feupdateenv(const fenv_t *environment) {
  (void)environment;
  return 0;
}
