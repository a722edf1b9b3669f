/* user.c - a workload as a program of the guest's operating system. */
#include <stdint.h>
#include <stdio.h>

uint32_t bench(void);

int main(void) {
  printf("%08x\n", (unsigned)bench());
  return 0;
}
