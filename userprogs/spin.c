/* spin [N] - computes for N million instructions, without a system call in between. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Each turn is two instructions. */
static void turn(uint32_t turns) {
  if (turns > 0) __asm__ volatile("1: addi %0, %0, -1\n\tbnez %0, 1b" : "+r"(turns));
}

int main(int argc, char **argv) {
  int millions = argc > 1 ? atoi(argv[1]) : 1;
  for (int i = 0; i < millions; i++) turn(500000);
  printf("%d million instructions\n", millions);
  return 0;
}
