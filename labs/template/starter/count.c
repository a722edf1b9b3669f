/* count.c - prints the numbers from 1 to argv[1], each on a line, with one system call. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  int last = argc > 1 ? atoi(argv[1]) : 0;
  (void)last; /* TODO: snprintf() writes text into memory; write(1, text, bytes) prints it. */
  return 0;
}
