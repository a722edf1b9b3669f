/* container COMMAND ... - containers: groups of processes that share this kernel, each with a view of its own. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "container.h"

void die(const char *what) {
  fprintf(stderr, "container: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void say(const char *format, va_list arguments) {
  fputs("container: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

void refuse(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(format, arguments);
  va_end(arguments);
  exit(1);
}

void refuse_words(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say(format, arguments);
  va_end(arguments);
  exit(2);
}

void *must(void *memory) {
  if (memory == NULL) die("memory");
  return memory;
}

void path_in(char to[PATH_BYTES], const char *folder, const char *name) {
  if (snprintf(to, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES) return;
  errno = ENAMETOOLONG;
  die(name);
}

bool is_name(const char *s) {
  size_t n = strlen(s);
  for (const char *c = s; *c; c++)
    if (!isalnum((unsigned char)*c) && !strchr("-_.", *c)) return false;
  return n > 0 && n <= NAME_LENGTH && s[0] != '.';
}

void make_folders(void) {
  static const char *const folders[] = {"/containers", IMAGES, LAYERS, STEPS, RUN};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    if (mkdir(folders[i], 0777) < 0 && errno != EEXIST) die(folders[i]);
}

static const struct {
  const char *name;
  int (*main)(int argc, char **argv);
  const char *arguments, *help;
} commands[] = {
    {"run", run_main, "[OPTION...] IMAGE [PROGRAM [WORD...]]",
     "runs a program in a new container made of that image; without PROGRAM, what the image says, else sh"},
    {"ps", ps_main, "", "lists the containers that run, with their processes"},
    {"exec", exec_main, "NAME PROGRAM [WORD...]", "runs one more program in a container that runs"},
    {"kill", kill_main, "NAME...", "ends containers, with all that runs in them"},
    {"log", log_main, "NAME", "prints what a container that was started with --detach has written"},
    {"rm", rm_main, "NAME...",
     "removes containers that have ended; where no container has the name, the image of that name, with the "
     "layers that no other image has"},
    {"images", images_main, "[--verify]",
     "lists images and their layers; --verify: computes each digest anew"},
    {"build", build_main, "[--no-cache] NAME FILE",
     "makes an image by the steps in FILE; a step whose layer is there already is not done again"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };
static int chosen; /* which of them is called */

void usage(void) {
  refuse_words("usage: container %s %s", commands[chosen].name, commands[chosen].arguments);
}

static const char run_options[] =
    "Options of run:\n"
    "  --memory SIZE     frames of memory at most: 64K, 2M, or a number of frames as 40f\n"
    "  --cpu N           percent of the CPU at most, 1 to 100\n"
    "  --processes N     processes at most\n"
    "  --name NAME       the container's name; without it c1, c2, ...\n"
    "  --hostname NAME   what hostname tells inside; without it the container's name\n"
    "  --detach          go on at once; the container has no console, its output is kept for `container "
    "log`\n"
    "  --keep            leave the container's files in /containers/run/NAME at its end\n"
    "\n";
static const char build_steps[] =
    "The image base is always there: the files that this machine has booted with. A container may have the "
    "name of an\nimage. Steps in a FILE for build:\n"
    "  from IMAGE        the first step\n"
    "  copy PATH PATH    copies a file, or a folder, of this machine into the image\n"
    "  run COMMAND       runs a line of the shell in a container\n"
    "  remove PATH       removes a file, or a folder with all that is in it\n"
    "  command WORD...   what `container run` runs\n";

static void help(FILE *f) {
  fputs("usage: container COMMAND [ARGUMENT...]\n"
        "Containers are groups of processes that share this kernel: each has processes, files, a host's name "
        "and limits\n"
        "of its own. They need no VM, and cost no exit.\n\n",
        f);
  for (int i = 0; i < COMMANDS; i++)
    fprintf(f, "  container %s %s\n      %s\n", commands[i].name, commands[i].arguments, commands[i].help);
  fprintf(f, "\n%s%s", run_options, build_steps);
}

static int help_command(int i) {
  printf("usage: container %s %s\n%s\n", commands[i].name, commands[i].arguments, commands[i].help);
  if (commands[i].main == run_main) printf("\n%s", run_options);
  if (commands[i].main == build_main) printf("\n%s", build_steps);
  return 0;
}

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "";
  if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
    help(stdout);
    return 0;
  }
  for (int i = 0; i < COMMANDS; i++) {
    if (strcmp(name, commands[i].name) != 0) continue;
    if (argc > 2 && strcmp(argv[2], "--help") == 0) return help_command(i);
    make_folders();
    chosen = i;
    return commands[i].main(argc - 1, argv + 1);
  }
  if (argc > 1) refuse_words("%s is no command of container; `container --help` lists them", name);
  help(stderr);
  return 2;
}
