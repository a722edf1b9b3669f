/* main.c - trapeze: the subcommands, in one table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/trapeze/grade/lab/lab.h"
#include "trapeze.h"

static const struct command {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *what;
} commands[] = {
    {"run", command_run, "run a program, or a shell, at some depth of virtualization"},
    {"trace", command_trace, "run it and tell what happens, trap by trap"},
    {"debug", command_debug, "step back and forth through a run"},
    {"translate", command_translate, "show guest code beside its binary translation"},
    {"classify", command_classify, "measure whether PG32 can be virtualized: Popek and Goldberg's theorem 1"},
    {"disk", command_disk, "look into the file of --disk, and copy files to it and from it"},
    {"verify", command_verify, "measure what a VMM promises: fidelity, performance, safety"},
    {"compare", command_compare, "measure what the ways to virtualize cost, in one table"},
    {"grade", command_grade, "grade a submission of a lab, or a class"},
    {"lab", command_lab, "write labs: begin one, check it, give out its starter, package it"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void usage(FILE *f) {
  fputs("Usage: trapeze COMMAND [OPTION...] [PROG [ARGS...]]\n"
        "A teaching simulator of full virtualization.\n\n",
        f);
  int width = 0;
  for (size_t i = 0; i < COMMANDS; i++)
    if (width < (int)strlen(commands[i].name)) width = (int)strlen(commands[i].name);
  for (size_t i = 0; i < COMMANDS; i++) fprintf(f, "  %-*s  %s\n", width, commands[i].name, commands[i].what);
  fputs("\n`trapeze help COMMAND` gives details.\n", f);
}

static const struct command *find(const char *name) {
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(commands[i].name, name) == 0) return &commands[i];
  return NULL;
}

static int start(const struct command *c, int argc, char **argv) {
  char name[32]; /* argp's messages begin with this name */
  snprintf(name, sizeof name, "trapeze %s", c->name);
  argv[0] = name;
  return c->run(argc, argv);
}

static const struct command *find_or_die(const char *name) {
  const struct command *c = find(name);
  if (!c) die(STATUS_USAGE, "no command called '%s'; `trapeze --help` lists them", name);
  return c;
}

/* `trapeze help COMMAND [WORD]` is `trapeze COMMAND [WORD] --help`. */
static int help(int argc, char **argv) {
  char option[] = "--help";
  char *words[4] = {NULL, option};
  if (argc == 0) {
    usage(stdout);
    return 0;
  }
  if (argc > 1) words[1] = argv[1], words[2] = option;
  return start(find_or_die(argv[0]), argc > 1 ? 3 : 2, words);
}

/* Output that is lost is an error: a full disk must not look like success. argp ends the process by itself, so
 * this is looked at when the process ends. */
static int status_of_loss = STATUS_USAGE;

static void check_output(void) {
  if (has_failed || (fflush(stdout) == 0 && !ferror(stdout))) return;
  if (errno != EPIPE) /* EPIPE: the reader, such as `head`, has what it wants */
    fprintf(stderr, "trapeze: standard output: %s\n", errno ? strerror(errno) : "some of it was lost");
  _exit(status_of_loss);
}

int main(int argc, char **argv) {
  bool grades = argc > 1 && (strcmp(argv[1], "grade") == 0 || strcmp(argv[1], "lab") == 0);
  if (grades) status_of_loss = no_memory_status = GRADE_TROUBLE;
  atexit(check_output);
  argp_err_exit_status = STATUS_USAGE;
  if (argc < 2) {
    usage(stderr);
    return STATUS_USAGE;
  }
  if (help_wanted(argv[1])) return help(argc - 2, argv + 2);
  if (version_wanted(argv[1])) return 0;
  const int status = start(find_or_die(argv[1]), argc - 1, argv + 1);
  has_failed = status != 0;
  return status;
}
