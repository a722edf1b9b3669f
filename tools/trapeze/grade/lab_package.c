/* lab_package.c - trapeze lab package: a lab as a grading service takes it.
 * share/trapeze/instructor/package/SERVICE has the scripts that the service runs,
 * share/trapeze/instructor/source.tar.gz what they build Trapeze from: a binary of ours need not run on the
 * service's system. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/format/format.h"
#include "grade.h"
#include "lab_command.h"
#include "tools/trapeze/grade/build/sandbox.h"
#include "tools/trapeze/grade/build/temporary.h"

extern char **environ;

struct package {
  const char *lab, *output;
  const struct service *service;
};

/* What a service takes. `staging` is a new folder with the service's scripts, lab/NAME and source.tar.gz. */
struct service {
  const char *name;
  bool (*pack)(const char *staging, const char *file); /* false: it has said why not */
  void (*tell)(const struct lab *lab);                 /* what to type on the service's site */
};

/* ---- tools ---- */

/* Runs words[0] in `folder`. False when it fails, having said so when it cannot be started. */
static bool run_in(const char *folder, const char *const *words) {
  posix_spawn_file_actions_t actions;
  pid_t pid;
  int status;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder);
  int error = posix_spawnp(&pid, words[0], &actions, NULL, (char **)words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error) fprintf(stderr, "trapeze: %s: %s; please install it\n", words[0], strerror(error));
  return !error && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool zip_all(const char *staging, const char *file) {
  return run_in(staging, (const char *const[]){"zip", "-q", "-X", "-r", file, ".", NULL});
}

static bool tar_names(const char *staging, const char *file, const char *const *names) {
  const char *words[16] = {"tar",        "--sort=name", "--owner=0", "--group=0", "--numeric-owner",
                           "--mtime=@0", "-cf",         file};
  for (size_t i = 0; names[i]; i++) words[8 + i] = names[i];
  return run_in(staging, words);
}

/* Autolab takes two files: a Makefile, and a tar that Autolab puts beside it. */
static bool pack_autolab(const char *staging, const char *file) {
  return tar_names(staging, "autograde.tar", (const char *const[]){"grade", "lab", "source.tar.gz", NULL}) &&
         tar_names(staging, file,
                   (const char *const[]){"autograde-Makefile", "autograde.tar", "Dockerfile", "source.tar.gz",
                                         NULL});
}

/* ---- what to do with it ---- */

static double points_of(const struct lab *lab) {
  double points = 0;
  for (size_t i = 0; i < lab->tests; i++)
    if (!lab->test[i].rubric) points += lab->test[i].points; /* a person gives the others on the site */
  return points;
}

static void tell_gradescope(const struct lab *lab) {
  char buf[32];
  printf("Gradescope: a new Programming Assignment of %s points; Configure Autograder, upload the zip, base "
         "image Ubuntu "
         "22.04 or later.\n",
         points_text(points_of(lab), buf));
  printf("Students hand in:");
  for (size_t i = 0; i < lab->files; i++) printf(" %s", lab->file[i].name);
  puts("");
}

static void tell_autolab(const struct lab *lab) {
  char buf[32];
  puts("Autolab: Edit Assessment, Add Autograder, upload autograde-Makefile and autograde.tar out of the "
       "tar.\nProblems:");
  for (size_t i = 0; i < lab->tests; i++)
    printf("  %-20s %s points\n", lab->test[i].id, points_text(lab->test[i].points, buf));
  printf("Handin filename: %s\n", lab->files == 1 ? lab->file[0].name : "handin.tar");
  if (lab->figures == 0) return;
  json_t *columns = must(json_array()), *board = must(json_object());
  json_push(columns, must(json_pack("{s:s}", "hdr", "Score")));
  for (size_t i = 0; i < lab->figures; i++) {
    json_t *column = must(json_object());
    json_put(column, "hdr", json_text(lab->figure[i].name));
    if (!lab->figure[i].descending) json_put(column, "asc", json_integer(1));
    json_push(columns, column);
  }
  json_put(board, "scoreboard", columns);
  fputs("Scoreboard: ", stdout);
  json_write(stdout, board, false);
}

static const struct service services[] = {
    {"gradescope", zip_all, tell_gradescope},
    {"autolab", pack_autolab, tell_autolab},
};

/* ---- the package ---- */

static void copy_source(const char *staging) {
  char *from = instructors_file("source.tar.gz"), *to = path_join(staging, "source.tar.gz");
  struct bytes tar = file_read(from);
  file_put(to, tar.data, tar.size);
  free(tar.data);
  free(from), free(to);
}

/* Puts the service's scripts, the lab without its solutions (as lab/NAME, for feedback names the lab), and our
 * source into `staging`. */
static void stage(const struct lab *lab, const struct service *service, const char *staging) {
  char *packages = instructors_file("package"), *scripts = path_join(packages, service->name);
  char *labs = path_join(staging, "lab"), *target = path_join(labs, lab->name);
  folder_copy(scripts, staging, &(struct folder_copy){0});
  folder_make(labs);
  folder_copy(lab->path, target, &(struct folder_copy){.skip = "solution"});
  copy_source(staging);
  free(packages), free(scripts), free(labs), free(target);
}

/* `file` as an absolute path, for tools that run elsewhere. */
static char *absolute(const char *file) {
  char here[PATH_MAX];
  if (*file == '/') return must(strdup(file));
  if (!getcwd(here, sizeof here)) die(GRADE_TROUBLE, "the current folder: %s", strerror(errno));
  return path_join(here, file);
}

static void make_package(const struct lab *lab, const struct package *p) {
  char *staging = temporary_open("trapeze-package");
  char *inner = path_join(staging, "content"), *made = path_join(staging, "made.zip"),
       *output = absolute(p->output);
  stage(lab, p->service, inner);
  struct bytes content = {0};
  bool packed = p->service->pack(inner, made) && file_try_read(made, &content);
  temporary_close(staging);
  if (!packed) die(GRADE_TROUBLE, "%s: could not be made", p->output);
  file_put(output, content.data, content.size);
  free(content.data);
  free(inner), free(made), free(output);
}

/* ---- the command ---- */

enum { KEY_FOR = 0x700 };

/* clang-format off */
static const struct argp_option rows[] = {
  {"for",    KEY_FOR, "SERVICE", 0, "the service: gradescope (makes a zip) or autolab (makes a tar)", 0},
  {"output", 'o',     "FILE",    0, "write the package to FILE", 0},
  {0}
};
/* clang-format on */

static void set_service(struct package *p, const char *name, struct argp_state *state) {
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (strcmp(services[i].name, name) == 0) p->service = &services[i];
  if (!p->service) argp_error(state, "--for %s: expected gradescope or autolab", name);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct package *p = state->input;
  switch (key) {
  case KEY_FOR: set_service(p, arg, state); return 0;
  case 'o': p->output = arg; return 0;
  case ARGP_KEY_ARG:
    if (p->lab) argp_error(state, "%s: expected one lab", arg);
    p->lab = arg;
    return 0;
  case ARGP_KEY_END:
    if (!p->lab || !p->service || !p->output) argp_error(state, "expected LAB, --for SERVICE and -o FILE");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp package_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "LAB",
    .doc = "Writes FILE, a lab as a grading service takes it: the lab without its solutions, the service's "
           "scripts, and the "
           "source of this Trapeze, which they build on the service's own system. Says what to type on the "
           "service's site. "
           "Check the lab first: `trapeze lab check LAB`.",
};

int lab_package(int argc, char **argv) {
  struct package p = {0};
  argp_parse(&package_argp, argc, argv, 0, &p);
  struct lab *lab = lab_read(p.lab);
  lab_need_instructors(lab, "`trapeze lab package`");
  make_package(lab, &p);
  printf("%s: %s, for %s.\n", p.output, lab->title, p.service->name);
  p.service->tell(lab);
  lab_free(lab);
  return GRADE_DONE;
}
