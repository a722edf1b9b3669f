/* count.c - prints up to 30 even if the number is smaller. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  static char text[1024];
  int used = 0, last = argc > 1 ? atoi(argv[1]) < 30 ? 30 : atoi(argv[1]) : 0;
  for (int i = 1; i <= last; i++) used += snprintf(text + used, sizeof text - (unsigned)used, "%d\n", i);
  return write(1, text, (unsigned)used) == used ? 0 : 1;
}
