/* complexes.c - <complex.h>, <tgmath.h> and <fenv.h>: values in all quarters of the plane, on the cuts, and infinite ones;
 * the host's library is the oracle (tests/libc.t). Signs that C17 leaves open are not printed. */
#include <fenv.h>
#include <stdio.h>
#include <tgmath.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const double values[] = {0.0,  -0.0, 0.5,    -0.75, 1.0,   -1.0,     2.0,       -3.0,
                                1e-5, 40.0, -700.0, 1e10,  1e300, INFINITY, -INFINITY, NAN};

static int open_sign; /* of zeros and infinities */

static void print_part(double x) {
  if (isnan(x))
    printf(" nan");
  else if (open_sign && (x == 0 || isinf(x)))
    printf(" %g", fabs(x));
  else
    printf(" %.11g", x);
}

static void print(const char *name, double complex z) {
  printf("%s", name);
  print_part(creal(z)), print_part(cimag(z));
  putchar('\n');
}

static int all_finite(double complex z) { return isfinite(creal(z)) && isfinite(cimag(z)); }

static void functions(double complex z) {
  static const struct {
    const char *name;
    double complex (*function)(double complex z);
  } all[] = {{"cacos", cacos}, {"casin", casin},   {"catan", catan},   {"ccos", ccos},     {"csin", csin},
             {"ctan", ctan},   {"cacosh", cacosh}, {"casinh", casinh}, {"catanh", catanh}, {"ccosh", ccosh},
             {"csinh", csinh}, {"ctanh", ctanh},   {"cexp", cexp},     {"clog", clog},     {"csqrt", csqrt},
             {"conj", conj},   {"cproj", cproj}};
  printf("of %g %g\n", creal(z), cimag(z));
  open_sign = !all_finite(z);
  for (size_t i = 0; i < COUNT(all); i++) print(all[i].name, all[i].function(z));
  printf("%.12g %.12g\n", cabs(z), isnan(creal(z)) ? 0 : carg(z));
}

/* An error of a few units in the last place must not show: few digits, of numbers without much cancellation. */
static void narrow_and_wide(void) {
  float complex f = CMPLXF(0.75f, -1.25f);
  long double complex l = CMPLXL(-2.5L, 0.625L);
  printf("%.5f %.5f %.5f %.5f\n", (double)creal(sqrt(f)), (double)cimag(exp(f)), (double)cabsf(pow(f, f)),
         (double)fabs(f));
  printf("%.15Lf %.15Lf %.15Lf %.15Lf\n", creal(sqrt(l)), cimag(log(l)), creal(acos(l)), carg(l));
  printf("%zu %zu %zu %zu %zu %zu\n", sizeof sqrt(f), sizeof sqrt(1.0f), sizeof sqrt(1), sizeof pow(1.0f, f),
         sizeof pow(1.0f, 2), sizeof atan2(1.0f, 2.0f));
  printf("%d %d\n", (int)(sizeof sqrt(l) / sizeof sqrt(1.0L)), (int)(sizeof fmax(1.0L, 2) / sizeof 1.0L));
  printf("%d %ld %.3f %.3f\n", ilogb(1000.0f), lround(2.5f), hypot(3, 4), (double)fma(2.0f, 3.0f, 4.0f));
}

int main(void) {
  for (size_t a = 0; a < COUNT(values); a++)
    for (size_t b = 0; b < COUNT(values); b++) functions(CMPLX(values[a], values[b]));
  for (size_t a = 2; a < 10; a++)
    for (size_t b = 2; b < 10; b++) print("cpow", cpow(CMPLX(values[a], 0.25), CMPLX(values[b], -1.5)));
  for (int i = 1; i < 10; i++)
    print("clog", clog(CMPLX(i * 0.1, sqrt(1 - i * i * 0.01)))); /* a size of almost 1 */
  narrow_and_wide();
  fenv_t environment;
  printf("%d %d %d\n", fegetround() == FE_TONEAREST, fesetround(FE_TONEAREST), fegetenv(&environment));
  return fesetenv(FE_DFL_ENV);
}
