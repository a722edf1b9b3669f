/* all-commands - small commands in one program: see commands.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"

const char *command = "all-commands";

static const struct {
  const char *name, *usage, *what;
  int (*run)(int argc, char **argv);
} commands[] = {
#define ROW(name, usage, what) {#name, usage, what, name##_main},
    COMMANDS(ROW)
#undef ROW
};
enum { COUNT = sizeof commands / sizeof commands[0] };

static int number;

int fail(const char *what) {
  fprintf(stderr, "%s: %s: %s\n", command, what, strerror(errno));
  return 1;
}

static void print_usage(FILE *to) {
  const char *words = commands[number].usage;
  fprintf(to, "usage: %s%s%s\n", command, *words != '\0' ? " " : "", words);
}

void usage(void) {
  print_usage(stderr);
  exit(2);
}

int take_options(int argc, char **argv, const char *letters, bool *flags) {
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
    if (strcmp(argv[i], "--") == 0) return i + 1;
    for (const char *s = argv[i] + 1; *s != '\0'; s++) {
      const char *at = strchr(letters, *s);
      if (at == NULL) usage();
      flags[at - letters] = true;
    }
  }
  return i;
}

int each_input(int argc, char **argv, int first, int (*act)(FILE *, const char *, void *), void *arg) {
  int status = 0;
  if (first >= argc) return act(stdin, "-", arg);
  for (int i = first; i < argc; i++) {
    bool standard = strcmp(argv[i], "-") == 0;
    FILE *f = standard ? stdin : fopen(argv[i], "r");
    if (f == NULL) {
      status |= fail(argv[i]);
      continue;
    }
    status |= act(f, argv[i], arg);
    if (ferror(f)) status |= fail(argv[i]);
    if (!standard) fclose(f);
  }
  return status;
}

char *next_line(FILE *f) {
  static char *line;
  static size_t room;
  ssize_t n = getline(&line, &room, f);
  if (n < 0) return NULL;
  if (n > 0 && line[n - 1] == '\n') line[n - 1] = '\0';
  return line;
}

static int list(void) {
  puts("usage: all-commands NAME [ARGUMENT...], where NAME is one of");
  for (int i = 0; i < COUNT; i++) printf("  %-9s %s\n", commands[i].name, commands[i].what);
  return 0;
}

/* Goes on behind so many columns with the words of a text, in lines of less than 80. */
static void print_words(size_t column, const char *text) {
  for (size_t n; *text != '\0'; text += n, text += strspn(text, " "), column += 1 + n) {
    n = strcspn(text, " ");
    bool fits = column + 1 + n < 80;
    printf("%c%.*s", fits ? ' ' : '\n', (int)n, text);
    if (!fits) column = 0;
  }
  puts(".");
}

static int run(int argc, char **argv) {
  const char *slash = strrchr(argv[0], '/');
  command = slash != NULL ? slash + 1 : argv[0];
  for (number = 0; number < COUNT; number++) {
    if (strcmp(commands[number].name, command) != 0) continue;
    if (argc != 2 || strcmp(argv[1], "--help") != 0) return commands[number].run(argc, argv);
    print_usage(stdout);
    printf("%s", command);
    print_words(strlen(command), commands[number].what);
    return 0;
  }
  return -1;
}

int main(int argc, char **argv) {
  int status = argc > 0 ? run(argc, argv) : -1;
  if (status < 0 && argc > 1) status = run(argc - 1, argv + 1);
  if (status < 0) return list();
  if (fflush(stdout) != 0 && status == 0) status = fail("output");
  return status;
}
