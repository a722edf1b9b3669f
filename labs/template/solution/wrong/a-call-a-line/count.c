/* count.c - a system call for each line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char line[16];
  int last = argc > 1 ? atoi(argv[1]) : 0;
  for (int i = 1; i <= last; i++) write(1, line, (unsigned)snprintf(line, sizeof line, "%d\n", i));
  return 0;
}
