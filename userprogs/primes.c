/* primes [N] - counts the primes up to N with a sieve, and prints the last one. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  unsigned limit = argc > 1 ? (unsigned)atoi(argv[1]) : 10000, count = 0, last = 0;
  char *composite = calloc(limit + 1, 1);
  if (composite == NULL) {
    perror("primes");
    return 1;
  }
  for (unsigned n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    count++, last = n;
    if (n > limit / n) continue;
    for (unsigned multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = 1;
  }
  printf("%u primes up to %u, the last is %u\n", count, limit, last);
  return 0;
}
