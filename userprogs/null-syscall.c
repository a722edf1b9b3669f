/* null-syscall [N] - makes the shortest system call, getpid, N times and does nothing in between: what
 * this takes is the cost of a system call. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 1000;
  for (int i = 0; i < n; i++) getpid();
  printf("%d system calls\n", n);
  return 0;
}
