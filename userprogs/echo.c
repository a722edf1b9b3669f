/* echo [-n] [WORD...] - prints its arguments; -n: without a newline. */
#include <stdio.h>
#include <stdbool.h>
#include <string.h>

int main(int argc, char **argv) {
  bool newline = argc < 2 || strcmp(argv[1], "-n") != 0;
  for (int i = newline ? 1 : 2, first = i; i < argc; i++) printf(i > first ? " %s" : "%s", argv[i]);
  if (newline) putchar('\n');
  return 0;
}
