/* lab_command.c - trapeze lab: what an instructor does with a lab. The subcommands, in one table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/trapeze/grade/build/folder.h"
#include "grade.h"
#include "lab_command.h"
#include "tools/trapeze/grade/build/sandbox.h"
#include "tools/trapeze/grade/lab/seed.h"

static int lab_new(int argc, char **argv);
static int lab_starter(int argc, char **argv);

static const struct command {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *what;
} commands[] = {
    {"new", lab_new, "write a small lab that works, to begin with"},
    {"check", lab_check, "does the lab tell the reference solution from the wrong ones?"},
    {"starter", lab_starter, "what a student gets: the README and the starter files"},
    {"package", lab_package, "a lab as Gradescope or Autolab takes it"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void usage(FILE *f) {
  fputs("Usage: trapeze lab COMMAND [OPTION...] ...\nWhat an instructor does with a lab.\n\n", f);
  for (size_t i = 0; i < COMMANDS; i++) fprintf(f, "  %-9s %s\n", commands[i].name, commands[i].what);
  help_print(
      f,
      "\n`trapeze lab COMMAND --help` explains a command;\n{doc}/labs/INSTRUCTORS.md explains everything.\n");
}

int command_lab(int argc, char **argv) {
  if (argc < 2) {
    usage(stderr);
    return STATUS_USAGE;
  }
  if (help_wanted(argv[1])) {
    usage(stdout);
    return 0;
  }
  if (version_wanted(argv[1])) return 0;
  for (size_t i = 0; i < COMMANDS; i++) {
    if (strcmp(commands[i].name, argv[1]) != 0) continue;
    char name[32];
    snprintf(name, sizeof name, "trapeze lab %s", commands[i].name);
    argv[1] = name;
    return commands[i].run(argc - 1, argv + 1);
  }
  die(STATUS_USAGE, "no lab command called '%s'; `trapeze lab --help` lists them", argv[1]);
}

char *instructors_file(const char *name) {
  char *folder = path_join(toolchain()->share, "instructor"), *path = path_join(folder, name);
  if (access(path, R_OK) != 0)
    die(STATUS_USAGE,
        "%s: %s; it comes with the instructor's edition (`make install-instructor`, or the package "
        "trapeze-instructor)",
        path, strerror(errno));
  free(folder);
  return path;
}

/* ---- new ---- */

static error_t parse_folder(int key, char *arg, struct argp_state *state) {
  const char **folder = state->input;
  switch (key) {
  case ARGP_KEY_ARG:
    if (*folder) argp_error(state, "%s: expected one folder", arg);
    *folder = arg;
    return 0;
  case ARGP_KEY_NO_ARGS: argp_error(state, "expected a folder for the new lab"); return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp new_argp = {
    .parser = parse_folder,
    .args_doc = "DIR",
    .doc = "Writes a small lab that works into DIR, a new folder: a lab.yaml with comments, a README for "
           "students, starter "
           "files, a reference solution and wrong ones. It passes `trapeze lab check DIR`; change it piece "
           "by piece.",
};

static int lab_new(int argc, char **argv) {
  const char *folder = NULL;
  argp_parse(&new_argp, argc, argv, 0, &folder);
  if (!folder_free(folder)) die(STATUS_USAGE, "%s: expected a new folder, or an empty one", folder);
  char *template = instructors_file("labs/template");
  folder_copy(template, folder, &(struct folder_copy){0});
  printf("%s is a lab now. What to do with it:\n"
         "  trapeze lab check %s\n"
         "  trapeze grade %s %s/starter\n",
         folder, folder, folder, folder);
  free(template);
  return GRADE_DONE;
}

/* ---- starter ---- */

struct starter {
  const char *lab, *folder, *student;
  bool solution;
};

enum { KEY_STUDENT = 0x600, KEY_SOLUTION };

/* clang-format off */
static const struct argp_option starter_rows[] = {
  {"student", KEY_STUDENT, "ID", 0, "the student (default: DIR's name), for the numbers that the lab chooses for each student; grade "
                                    "with the same ID", 0},
  {"solution", KEY_SOLUTION, NULL, 0, "the reference solution with the student's numbers, in place of the starter files", 0},
  {0}
};
/* clang-format on */

static error_t parse_starter(int key, char *arg, struct argp_state *state) {
  struct starter *s = state->input;
  switch (key) {
  case KEY_STUDENT: s->student = arg; return 0;
  case KEY_SOLUTION: s->solution = true; return 0;
  case ARGP_KEY_ARG:
    if (s->folder) argp_error(state, "%s: expected a lab and a folder", arg);
    *(s->lab ? &s->folder : &s->lab) = arg;
    return 0;
  case ARGP_KEY_END:
    if (!s->folder) argp_error(state, "expected a lab and a folder");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp starter_argp = {
    .options = starter_rows,
    .parser = parse_starter,
    .args_doc = "LAB DIR",
    .doc = "Writes what a student gets into DIR, a new folder: README.md and the starter files of LAB, and "
           "nothing else. DIR is "
           "what the student works in and hands in: `trapeze grade LAB DIR`.",
};

static void fill_in(void *student, const char *path, struct bytes *content) {
  seed_fill_in(student, path, content);
}

static void copy_readme(const struct lab *lab, const char *folder, char *student) {
  char *from = lab_path(lab, "README.md"), *to = path_join(folder, "README.md");
  struct bytes text = file_read(from);
  fill_in(student, from, &text);
  file_put(to, text.data, text.size);
  if (chmod(to, 0644) != 0) die(GRADE_TROUBLE, "%s: %s", to, strerror(errno));
  free(text.data);
  free(from), free(to);
}

static int lab_starter(int argc, char **argv) {
  struct starter s = {0};
  argp_parse(&starter_argp, argc, argv, 0, &s);
  if (!folder_free(s.folder)) die(STATUS_USAGE, "%s: expected a new folder, or an empty one", s.folder);
  struct lab *lab = lab_read(s.lab);
  if (s.solution) lab_need_instructors(lab, "`trapeze lab starter --solution`");
  char *files = lab_path(lab, s.solution ? "solution/reference" : "starter"),
       *student = s.student ? must(strdup(s.student)) : student_of(s.folder);
  folder_copy(files, s.folder, &(struct folder_copy){NULL, fill_in, student});
  copy_readme(lab, s.folder, student);
  printf("%s: %s, for %s; begin with %s/README.md\n", s.folder, lab->title, student, s.folder);
  free(files), free(student);
  lab_free(lab);
  return GRADE_DONE;
}
