/* costs.c - one operation, many times: `costs OPERATION N`. math.t counts the instructions that N more of them take. The
 * numbers are volatile, so that the compiler computes nothing beforehand. */
#include <stdlib.h>
#include <string.h>

volatile double d = 1.2345678, e = -3.987654, dr;
volatile float f = 1.25f, g = -3.7f, fr;
volatile int n = 12345, nr;

#define OPERATIONS(X)        \
  X("nothing", (void)0)      \
  X("double+", dr = d + e)   \
  X("double-", dr = d - e)   \
  X("double*", dr = d * e)   \
  X("double/", dr = d / e)   \
  X("double<", nr = d < e)   \
  X("double=n", dr = n)      \
  X("n=double", nr = (int)e) \
  X("float+", fr = f + g)    \
  X("float-", fr = f - g)    \
  X("float*", fr = f * g)    \
  X("float/", fr = f / g)    \
  X("float<", nr = f < g)    \
  X("float=n", fr = n)       \
  X("n=float", nr = (int)g)

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int times = atoi(argv[2]);
#define RUN(name, operation)          \
  if (strcmp(argv[1], name) == 0) {   \
    for (int i = 0; i < times; i++) { \
      operation;                      \
    }                                 \
    return 0;                         \
  }
  OPERATIONS(RUN)
  return 2;
}
