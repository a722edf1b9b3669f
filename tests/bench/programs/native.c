/* native.c - a workload on this host: prints its checksum and the CPU time it took. */
#include <stdio.h>
#include <time.h>

#include "bench.h"

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int main(void) {
  const long long start = now();
  const uint32_t sum = bench();
  const long long ns = now() - start;
  printf("checksum=%08x ns=%lld\n", (unsigned)sum, ns);
  return 0;
}
