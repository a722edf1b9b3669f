/* options.c - getopt and getopt_long on many command lines; the host's library is the oracle (tests/libc.t). */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int flag;
static const struct option options[] = {
    {"verbose", no_argument, NULL, 'v'},
    {"version", no_argument, NULL, 'V'},
    {"output", required_argument, NULL, 'o'},
    {"color", optional_argument, NULL, 'c'},
    {"flag", no_argument, &flag, 5},
    {"out", required_argument, NULL, 'O'},
    {NULL, 0, NULL, 0},
};

static const char *const lines[] = {
    "-a -b x file",
    "file -a more -b x last",
    "-abx",
    "-b",
    "-z",
    "-a -- -b x",
    "-c -cx y",
    "--verbose --output=f g",
    "--verb",
    "--ver",
    "--output",
    "--out f",
    "--outp f",
    "--color --color=red x",
    "--verbose=1",
    "--nothing",
    "--flag f -a g --flag",
    "-",
    "x - y",
    "x y z",
    "-a x -b y -a z -- -a w",
    "--",
    "-ab",
    "-b -a",
    "-verbose -o f",
    "-a:",
    "-:",
    "x -a y --verbose z -o f -- -q r",
    "--c",
    "-o",
};

static void run(const char *line, const char *letters, int how, int quiet) {
  static char copy[200];
  char *argv[20] = {(char *)"prog"};
  int argc = 1, c, index = -1;
  strcpy(copy, line);
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) argv[argc++] = word;
  argv[argc] = NULL;
  optind = 0, opterr = !quiet, flag = 0;
  printf("%d '%s' %s:", how, letters, line);
  for (;;) {
    optarg = NULL;
    c = how == 0   ? getopt(argc, argv, letters)
        : how == 1 ? getopt_long(argc, argv, letters, options, &index)
                   : getopt_long_only(argc, argv, letters, options, &index);
    if (c == -1) break;
    printf(" %c", c > 31 ? c : '0' + c);
    if (optarg != NULL) printf("(%s)", optarg);
    if (c == '?' || c == ':') printf("[%d]", optopt);
    if (index >= 0) printf("#%d", index), index = -1;
  }
  printf(" | %d %d", optind, flag);
  for (int i = 1; i < argc; i++) printf(" %s", argv[i]);
  putchar('\n');
}

int main(void) {
  static const char *const letters[] = {"ab:c::o:", "+ab:c::", "-ab:c::", ":ab:c::", "+:b:a"};
  freopen("/dev/console", "w", stderr);
  setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
  for (int how = 0; how < 3; how++)
    for (size_t l = 0; l < sizeof letters / sizeof *letters; l++)
      for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) run(lines[i], letters[l], how, 1);
  return 0;
}
