/* touch-pages [PAGES [ROUNDS]] - touches one word in each of PAGES pages, ROUNDS times.
 * The first round makes the pages; in later rounds each page that the TLB no longer has is a TLB fault. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "pg32.h"

int main(int argc, char **argv) {
  unsigned pages = argc > 1 ? (unsigned)atoi(argv[1]) : 512, rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 4;
  volatile uint32_t *region = aligned_alloc(PAGE_SIZE, pages * PAGE_SIZE);
  uint32_t sum = 0;
  if (region == NULL) {
    perror("touch-pages");
    return 1;
  }
  for (unsigned round = 0; round < rounds; round++)
    for (unsigned page = 0; page < pages; page++) sum += region[page * (PAGE_SIZE / 4)] += page + round;
  printf("%u pages, %u rounds: sum %u\n", pages, rounds, (unsigned)sum);
  return 0;
}
