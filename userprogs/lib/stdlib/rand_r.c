/* rand_r.c - random numbers whose state is the caller's: three steps of the linear congruential generator that the C
 * standard gives as an example, for 10 or 11 bits each. */
#include <stdlib.h>

int rand_r(unsigned *state) {
  unsigned n = *state, result;
  n = n * 1103515245 + 12345;
  result = n / 65536 % 2048;
  n = n * 1103515245 + 12345;
  result = result << 10 ^ n / 65536 % 1024;
  n = n * 1103515245 + 12345;
  result = result << 10 ^ n / 65536 % 1024;
  *state = n;
  return (int)result;
}
