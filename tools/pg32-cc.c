/* pg32-cc - the C compiler driver: clang for RV32IM assembly, then pg32-as, then pg32-ld. This file reads the
 * command line; tools/cc/ does the work.
 *
 * pg32-cc finds what it needs from the place of its own file: pg32-as and pg32-ld beside it, headers and
 * libraries in
 * ../share/trapeze. The environment variable PG32_CLANG names another clang. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/cc/driver.h"
#include "tools/common/own_path.h"
#include "tools/version.h"

static const char usage[] =
    "Usage: pg32-cc [OPTION...] FILE...\n"
    "Compiles, assembles and links .c, .cpp, .s and .S files, objects, archives for\n"
    "PG32. C++ is freestanding: without exceptions, RTTI and its standard library.\n\n"
    "  -T LAYOUT   user (the default), or kernel or bare, which have no C library,\n"
    "              but the functions that compilers call: memcpy, __udivdi3, ...\n"
    "  -c -S -E    stop before linking, before assembling, before compiling\n"
    "  -o FILE     write FILE\n"
    "  -l LIB -L DIR -e SYMBOL -u SYMBOL -s    for the linker; -Wl,OPTION and\n"
    "  -Xlinker OPTION for all others          (-lc and -lm are there already)\n"
    "  -nostdlib -nostartfiles -nostdinc       without libraries, crt0.o, headers\n"
    "  -save-temps -v                          keep intermediate files; show commands\n"
    "  --only-from DIR                         read only PG32's headers and files\n"
    "                                          in DIR, or in another --only-from DIR\n"
    "  --cc=COMPILER   compile with another clang, or a RISC-V gcc such as\n"
    "              riscv64-unknown-elf-gcc\n"
    "All other options, such as -g -O2 -I -D -U -W -f -std= -M -MMD -MF, go to clang.\n"
    "The environment variable PG32_CLANG names a compiler like --cc.\n";

/* The value of `option` if argv[*i] is that option, with its value in the same word or in the next one; *i
 * becomes the index of the value's word. NULL if it is another option. */
static const char *value_of(struct driver *driver, const char *option, char **argv, int *i) {
  const char *word = argv[*i];
  if (!starts(word, option)) return NULL;
  if (word[strlen(option)]) return word + strlen(option);
  if (!argv[*i + 1]) die(driver, "%s: its value is missing", option);
  return argv[++*i];
}

static bool parse_stage(struct driver *driver, const char *word) {
  static const char *const names[] = {[PREPROCESS] = "-E", [COMPILE] = "-S", [ASSEMBLE] = "-c"};
  for (enum stage stage = PREPROCESS; stage < LINK; stage++) {
    if (strcmp(word, names[stage])) continue;
    if (stage < driver->last) driver->last = stage;
    return true;
  }
  return false;
}

static bool parse_switch(struct driver *driver, const char *word) {
  const struct {
    const char *name;
    bool *value;
  } switches[] = {{"-v", &driver->verbose},
                  {"-nostdlib", &driver->no_libraries},
                  {"-nodefaultlibs", &driver->no_libraries},
                  {"-nostartfiles", &driver->no_startup},
                  {"-nostdinc", &driver->no_headers},
                  {"-save-temps", &driver->save_temporaries}};
  for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
    if (!strcmp(word, switches[i].name)) return *switches[i].value = true;
  return false;
}

/* A word that is the linker's as it stands. */
static void add_linker_word(struct driver *driver, const char *word) {
  add(driver, &driver->inputs, format(driver, "%c%s", FOR_LINKER, word));
}

/* -Wl,a,b: the linker gets `a` and `b`. */
static void add_linker_words(struct driver *driver, const char *words) {
  char *rest = format(driver, "%s", words);
  for (char *word; (word = strsep(&rest, ","));)
    if (*word) add_linker_word(driver, word);
}

static bool parse_linking(struct driver *driver, char **argv, int *i) {
  const char *value;
  if (!strcmp(argv[*i], "-s") || !strcmp(argv[*i], "-Wl,-s")) {
    add(driver, &driver->linker, "--strip-debug");
  } else if (starts(argv[*i], "-Wl,")) {
    add_linker_words(driver, argv[*i] + strlen("-Wl,"));
  } else if (!strcmp(argv[*i], "-Xlinker")) {
    add_linker_word(driver, value_of(driver, "-Xlinker", argv, i));
  } else if (!strcmp(argv[*i], "-u")) {
    add(driver, &driver->linker, format(driver, "-u%s", value_of(driver, "-u", argv, i)));
  } else if ((value = value_of(driver, "-L", argv, i))) {
    add(driver, &driver->linker, format(driver, "-L%s", value));
  } else if ((value = value_of(driver, "-l", argv, i))) {
    add_linker_word(driver, format(driver, "-l%s", value));
  } else if (!strcmp(argv[*i], "-e")) {
    add(driver, &driver->linker, format(driver, "-e%s", value_of(driver, "-e", argv, i)));
  } else {
    return false;
  }
  return true;
}

static void set_layout(struct driver *driver, const char *layout) {
  if (strcmp(layout, "user") && strcmp(layout, "kernel") && strcmp(layout, "bare"))
    die(driver, "-T %s: expected user, kernel or bare", layout);
  driver->layout = layout;
}

static bool parse_own(struct driver *driver, char **argv, int *i) {
  const char *value;
  refuse(driver, is_dropped(argv[*i]) ? "" : argv[*i]);
  if (is_dropped(argv[*i])) return true;
  if (starts(argv[*i], "--cc=")) return driver->compiler = argv[*i] + strlen("--cc="), true;
  if (parse_stage(driver, argv[*i]) || parse_switch(driver, argv[*i]) || parse_linking(driver, argv, i))
    return true;
  if ((value = value_of(driver, "-o", argv, i)))
    driver->output = value;
  else if ((value = value_of(driver, "--only-from", argv, i)))
    add_only(driver, value);
  else if ((value = value_of(driver, "-T", argv, i)))
    set_layout(driver, value);
  else if ((value = value_of(driver, "-x", argv, i)))
    driver->language = strcmp(value, "none") ? value : NULL;
  else
    return false;
  return true;
}

/* Options of clang that change what pg32-cc does, too. */
static void note_clang(struct driver *driver, const char *word) {
  if (!strcmp(word, "-M") || !strcmp(word, "-MM")) driver->last = PREPROCESS;
  if (starts(word, "-g")) driver->debug = strcmp(word, "-g0") != 0;
  if (!strcmp(word, "-fsyntax-only") && driver->last > COMPILE) driver->last = COMPILE;
  driver->dependencies |= !strcmp(word, "-MD") || !strcmp(word, "-MMD");
  driver->dependency_target |= starts(word, "-MT") || starts(word, "-MQ");
  if (starts(word, "-MF")) driver->depfile = word;
}

static void parse_clang(struct driver *driver, char **argv, int *i) {
  static const char *const separate[] = {"-I",      "-D",       "-U",       "-MF",           "-MT",
                                         "-MQ",     "-include", "-imacros", "-isystem",      "-idirafter",
                                         "-iquote", "-Xclang",  "-mllvm",   "-Xpreprocessor"};
  const char *word = argv[*i];
  note_clang(driver, word);
  add(driver, &driver->clang, word);
  for (size_t j = 0; j < sizeof separate / sizeof *separate; j++) {
    if (strcmp(word, separate[j])) continue;
    if (!argv[*i + 1]) die(driver, "%s: its value is missing", word);
    add(driver, &driver->clang, argv[++*i]);
    return;
  }
}

static void parse(struct driver *driver, char **argv) {
  for (int i = 1; argv[i]; i++) {
    if (!strcmp(argv[i], "--help")) {
      fputs(usage, stdout);
      quit(driver, EXIT_SUCCESS);
    }
    if (!strcmp(argv[i], "--version")) {
      puts(TRAPEZE_VERSION_OF("pg32-cc"));
      quit(driver, EXIT_SUCCESS);
    }
    if (starts(argv[i], "-dump") || starts(argv[i], "-print-") || starts(argv[i], "--print-"))
      query(driver, argv[i]);
    if (argv[i][0] != '-' || !argv[i][1])
      add(driver, &driver->inputs, argv[i]), driver->files++;
    else if (!parse_own(driver, argv, &i))
      parse_clang(driver, argv, &i);
  }
  if (!driver->files) die(driver, "no input files; pg32-cc --help tells more");
  if (driver->output && driver->last != LINK && driver->files > 1)
    die(driver, "-o %s cannot hold what is made of %zu files", driver->output, driver->files);
}

/* The output must not replace a source, which may be the only copy. */
static void check_output(struct driver *driver) {
  struct stat output, input;
  if (!driver->output || stat(driver->output, &output) || !S_ISREG(output.st_mode)) return;
  for (size_t i = 0; i < driver->inputs.count; i++)
    if (!stat(driver->inputs.text[i], &input) && input.st_dev == output.st_dev &&
        input.st_ino == output.st_ino)
      die(driver, "%s is both an input and the output", driver->inputs.text[i]);
}

static char *own_folder(struct driver *driver) {
  char path[PATH_MAX];
  if (!own_path(path, sizeof path)) die(driver, "where is pg32-cc? %s", strerror(errno));
  *strrchr(path, '/') = 0;
  return format(driver, "%s", path);
}

int main(int argc, char **argv) {
  (void)argc;
  sigset_t watched;
  const char *named = getenv("PG32_CLANG");
  struct driver driver = {.last = LINK, .layout = "user", .compiler = named && *named ? named : "clang"};
  driver.home = own_folder(&driver);
  watched_signals(&watched);
  sigprocmask(SIG_BLOCK, &watched, NULL);
  parse(&driver, argv);
  if (!is_gcc(&driver)) drop_optimizations(&driver);
  check_output(&driver);
  for (size_t i = 0; i < driver.inputs.count; i++) translate(&driver, driver.inputs.text[i]);
  if (driver.last == LINK) link_all(&driver);
  quit(&driver, EXIT_SUCCESS);
}
