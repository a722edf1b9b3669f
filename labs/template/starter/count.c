/* count.c - prints the numbers from 1 to argv[1], one a line, with one system call. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int last = argc > 1 ? atoi(argv[1]) : 0;
  (void)last; /* Yours: snprintf() writes into memory, write(1, text, bytes) to the console. */
  return 0;
}
