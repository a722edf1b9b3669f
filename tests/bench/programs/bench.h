/* bench.h - what a workload is: a file with `bench`, which computes for about a second on QEMU and returns a
 * checksum of all it did.
 *
 * It is compiled once to RISC-V assembly, which serves PG32 and QEMU alike, and natively. Integers of 32 bits
 * only, no library, memory in static arrays; nothing may depend on the host. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

uint32_t bench(void);

/* The next number of a sequence that every machine agrees on. */
static inline uint32_t bench_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}
/* A checksum with one more word in it. */
static inline uint32_t bench_mix(uint32_t sum, uint32_t value) { return (sum << 5 | sum >> 27) ^ value; }

#endif
