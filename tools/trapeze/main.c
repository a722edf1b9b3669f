/* main.c - trapeze: the subcommands, in one table. */
#include <string.h>

#include "trapeze.h"

static const struct command {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *what;
} commands[] = {
    {"run", command_run, "run a program, or a shell, at some depth of virtualization"},
    {"trace", command_trace, "run it and tell what happens, trap by trap"},
    {"debug", command_debug, "step back and forth through a run"},
    {"classify", command_classify, "measure whether PG32 can be virtualized: Popek and Goldberg's theorem 1"},
    {"verify", command_verify, "measure what a VMM promises: fidelity, performance, safety"},
    {"grade", command_grade, "grade a submission of a lab, or a class"},
    {"lab", command_lab, "write labs: begin one, check it, give out its starter, package it"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void usage(FILE *f) {
  fputs("Usage: trapeze COMMAND [OPTION...] [PROG [ARGS...]]\n"
        "A teaching simulator of full virtualization.\n\n",
        f);
  for (size_t i = 0; i < COMMANDS; i++) fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].what);
  fputs("\n`trapeze COMMAND --help` tells more.\n", f);
}

static const struct command *find(const char *name) {
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp(commands[i].name, name) == 0) return &commands[i];
  return NULL;
}

int main(int argc, char **argv) {
  argp_err_exit_status = STATUS_USAGE;
  if (argc < 2) {
    usage(stderr);
    return STATUS_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
    usage(stdout);
    return 0;
  }
  const struct command *c = find(argv[1]);
  if (!c) die(STATUS_USAGE, "no command called '%s'; `trapeze --help` lists them", argv[1]);
  char name[32]; /* argp calls us by it */
  snprintf(name, sizeof name, "trapeze %s", c->name);
  argv[1] = name;
  return c->run(argc - 1, argv + 1);
}
