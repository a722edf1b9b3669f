/* pg32-cc - the C compiler driver: clang for RV32IM assembly, then pg32-as, then pg32-ld.
 *
 * Everything it needs lies relative to its own file: pg32-as and pg32-ld beside it, headers and
 * libraries in ../share/trapeze. PG32_CLANG names another clang. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base_name.h"
#include "tools/version.h"

extern char **environ;

enum stage { PREPROCESS, COMPILE, ASSEMBLE, LINK }; /* where to stop */
enum kind { C_FILE, ASSEMBLY, ASSEMBLY_TO_PREPROCESS, LINKABLE };

struct list {
  const char **text;
  size_t count, room;
};

struct driver {
  enum stage last;
  const char *output, *layout, *depfile, *language;
  bool verbose, no_libraries, no_startup, no_headers, save_temporaries;
  bool dependencies, dependency_target; /* -MD or -MMD; -MT or -MQ */
  struct list inputs;                   /* files and -l in order */
  struct list clang;                    /* options passed on to clang */
  struct list linker;                   /* options passed on to pg32-ld */
  struct list only;                     /* --only-from: folders, real paths */
  const char *overlay;                  /* of clang's file system, once it is written */
  struct list linkables;                /* what pg32-ld gets in place of the inputs */
  struct list temporaries;              /* files to remove, all in folder `temporary` */
  char *temporary;                      /* private; NULL until it is needed */
  char *home;                           /* the folder of this program's file */
  char *resources;                      /* clang's own headers */
  struct block *memory;                 /* all text and lists */
};

/* ---- text, kept until the end ---- */

struct block {
  struct block *next;
  max_align_t bytes[];
};

static void *allocate(struct driver *driver, size_t size) {
  struct block *block = malloc(sizeof *block + size);
  if (!block) {
    fputs("pg32-cc: out of memory\n", stderr);
    exit(EXIT_FAILURE);
  }
  block->next = driver->memory;
  driver->memory = block;
  return block->bytes;
}

static void free_all(struct driver *driver) {
  while (driver->memory) {
    struct block *block = driver->memory;
    driver->memory = block->next;
    free(block);
  }
}

__attribute__((format(printf, 2, 3))) static char *format(struct driver *driver, const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  size_t size = (size_t)vsnprintf(NULL, 0, pattern, again) + 1;
  va_end(again);
  char *text = allocate(driver, size);
  vsnprintf(text, size, pattern, arguments);
  va_end(arguments);
  return text;
}

static void add(struct driver *driver, struct list *list, const char *text) {
  if (list->count + 1 >= list->room) {
    size_t used = list->count * sizeof *list->text;
    list->room = list->room ? 2 * list->room : 32;
    const char **larger = allocate(driver, list->room * sizeof *list->text);
    list->text = used ? memcpy(larger, list->text, used) : larger;
  }
  list->text[list->count++] = text;
  list->text[list->count] = NULL;
}

static void add_all(struct driver *driver, struct list *list, const struct list *more) {
  for (size_t i = 0; i < more->count; i++) add(driver, list, more->text[i]);
}

static bool starts(const char *text, const char *with) { return !strncmp(text, with, strlen(with)); }

/* ---- temporary files ---- */

static void remove_temporaries(struct driver *driver) {
  if (!driver->temporary) return;
  for (size_t i = 0; i < driver->temporaries.count; i++) unlink(driver->temporaries.text[i]);
  rmdir(driver->temporary);
  driver->temporary = NULL;
}

__attribute__((noreturn)) static void quit(struct driver *driver, int status) {
  remove_temporaries(driver);
  free_all(driver);
  exit(status);
}

__attribute__((noreturn, format(printf, 2, 3))) static void die(struct driver *driver, const char *pattern,
                                                                ...) {
  va_list arguments;
  va_start(arguments, pattern);
  fputs("pg32-cc: ", stderr);
  vfprintf(stderr, pattern, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  quit(driver, EXIT_FAILURE);
}

/* The name of `path` in the current folder, with another suffix. */
static const char *with_suffix(struct driver *driver, const char *path, const char *suffix) {
  const char *name = base_name(path);
  const char *dot = strrchr(name, '.');
  return format(driver, "%.*s%s", (int)(dot ? (size_t)(dot - name) : strlen(name)), name, suffix);
}

static void make_temporary_folder(struct driver *driver) {
  const char *parent = getenv("TMPDIR");
  char *name = format(driver, "%s/pg32-cc.XXXXXX", parent && *parent ? parent : "/tmp");
  if (!mkdtemp(name)) die(driver, "%s: %s", name, strerror(errno));
  driver->temporary = name;
}

/* A file for what is made of `input` on the way; -save-temps leaves it in the current folder. */
static const char *intermediate(struct driver *driver, const char *input, const char *suffix) {
  if (driver->save_temporaries) return with_suffix(driver, input, suffix);
  if (!driver->temporary) make_temporary_folder(driver);
  const char *name = format(driver, "%s/%zu-%s", driver->temporary, driver->temporaries.count,
                            with_suffix(driver, input, suffix));
  add(driver, &driver->temporaries, name);
  return name;
}

/* ---- running other programs ---- */

/* SIGCHLD and the signals that end us are blocked all the time and only taken here, so that no
 * signal finds a temporary file that is not removed. */
static void watched_signals(sigset_t *set) {
  static const int numbers[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
  sigemptyset(set);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(set, numbers[i]);
}

static void die_of(struct driver *driver, int number) {
  sigset_t set;
  remove_temporaries(driver);
  sigemptyset(&set);
  sigaddset(&set, number);
  raise(number);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int wait_for(struct driver *driver, pid_t child) {
  sigset_t set;
  int status;
  watched_signals(&set);
  while (waitpid(child, &status, WNOHANG) != child) {
    int number = sigwaitinfo(&set, NULL);
    if (number < 0 || number == SIGCHLD) continue;
    kill(child, number);
    waitpid(child, &status, 0);
    die_of(driver, number);
  }
  return status;
}

static int spawn(pid_t *child, const struct list *command, const posix_spawn_file_actions_t *actions) {
  posix_spawnattr_t attributes;
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  int error = posix_spawnp(child, command->text[0], actions, &attributes, (char **)command->text, environ);
  posix_spawnattr_destroy(&attributes);
  return error;
}

static void show(const struct list *command) {
  for (size_t i = 0; i < command->count; i++) fprintf(stderr, " %s", command->text[i]);
  fputc('\n', stderr);
}

/* Runs `command`; its failure is ours. `advice` says where the program comes from. */
static void run(struct driver *driver, const struct list *command, const char *advice) {
  pid_t child;
  if (driver->verbose) show(command);
  int error = spawn(&child, command, NULL);
  if (error) die(driver, "cannot run %s: %s; %s", command->text[0], strerror(error), advice);
  int status = wait_for(driver, child);
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "pg32-cc: %s was ended by %s\n", command->text[0], strsignal(WTERMSIG(status)));
    quit(driver, 128 + WTERMSIG(status)); /* as a shell has it */
  }
  if (WEXITSTATUS(status)) quit(driver, WEXITSTATUS(status));
}

static const char *const get_clang = "install the package clang, or name one in PG32_CLANG";
static const char *const get_tools = "it belongs beside pg32-cc";

static const char *clang_name(void) {
  const char *name = getenv("PG32_CLANG");
  return name && *name ? name : "clang";
}

/* The one line that `clang -print-resource-dir` prints. */
static char *ask_clang(struct driver *driver) {
  struct list command = {0};
  posix_spawn_file_actions_t actions;
  int ends[2];
  pid_t child;
  add(driver, &command, clang_name());
  add(driver, &command, "-print-resource-dir");
  if (pipe2(ends, O_CLOEXEC)) die(driver, "pipe: %s", strerror(errno));
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  int error = spawn(&child, &command, &actions);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error) die(driver, "cannot run %s: %s; %s", command.text[0], strerror(error), get_clang);
  char line[PATH_MAX] = "";
  FILE *answer = fdopen(ends[0], "r");
  bool good = answer && fgets(line, sizeof line, answer);
  if (answer) fclose(answer);
  if (wait_for(driver, child) || !good) die(driver, "%s does not tell its resource folder", command.text[0]);
  line[strcspn(line, "\n")] = 0;
  return format(driver, "%s", line);
}

/* ---- --only-from ---- */

/* The folder of headers and libraries. */
static const char *share(struct driver *driver) {
  const char *path = format(driver, "%s/../share/trapeze", driver->home);
  char real[PATH_MAX];
  return realpath(path, real) ? format(driver, "%s", real) : path;
}

static void write_root(struct driver *driver, FILE *f, const char *path, bool last) {
  for (const char *p = path; *p; p++)
    if ((unsigned char)*p < ' ' || strchr("\"\\", *p))
      die(driver, "--only-from cannot name the folder %s", path);
  fprintf(f, "  {\"type\": \"directory-remap\", \"name\": \"%s\", \"external-contents\": \"%s\"}%s\n", path,
          path, last ? "" : ",");
}

/* Writes what clang may see at all: a file system of the folders that are allowed, and of the headers. Names
 * outside them do not exist for #include, #embed and __has_include. */
static const char *overlay(struct driver *driver) {
  if (driver->overlay) return driver->overlay;
  if (!driver->temporary) make_temporary_folder(driver);
  const char *name = format(driver, "%s/overlay", driver->temporary);
  FILE *f = fopen(name, "w");
  if (!f) die(driver, "%s: %s", name, strerror(errno));
  add(driver, &driver->temporaries, name);
  fputs("{\"version\": 0, \"fallthrough\": false, \"case-sensitive\": true, \"roots\": [\n", f);
  for (size_t i = 0; i < driver->only.count; i++) write_root(driver, f, driver->only.text[i], false);
  if (!driver->no_headers) write_root(driver, f, format(driver, "%s/include", driver->resources), false);
  write_root(driver, f, format(driver, "%s/include", share(driver)), true);
  fputs("]}\n", f);
  if (fclose(f)) die(driver, "%s: %s", name, strerror(errno));
  return driver->overlay = name;
}

static void add_only(struct driver *driver, const char *folder) {
  char real[PATH_MAX];
  if (!realpath(folder, real)) die(driver, "--only-from %s: %s", folder, strerror(errno));
  add(driver, &driver->only, format(driver, "%s", real));
}

/* ---- the stages ---- */

/* What every run of clang has: the machine, the language's environment, the headers. */
static void begin_clang(struct driver *driver, struct list *command) {
  static const char *const fixed[] = {"--target=riscv32-unknown-elf",
                                      "-march=rv32im",
                                      "-mabi=ilp32",
                                      "-mno-relax",
                                      "-msmall-data-limit=0",
                                      "-fno-pic",
                                      "-fno-addrsig",
                                      "-fno-asynchronous-unwind-tables",
                                      "-fno-unwind-tables",
                                      "-fno-stack-protector",
                                      "-Wno-unused-command-line-argument",
                                      "-nostdinc",
                                      "-D__pg32__=1",
                                      "-Xclang",
                                      "-no-integrated-as"}; /* inline assembly is for pg32-as to judge */
  add(driver, command, clang_name());
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) add(driver, command, fixed[i]);
  if (strcmp(driver->layout, "user")) add(driver, command, "-ffreestanding");
  add_all(driver, command, &driver->clang);
  if (!driver->no_headers) {
    if (!driver->resources) driver->resources = ask_clang(driver);
    add(driver, command, "-isystem");
    add(driver, command, format(driver, "%s/include", share(driver)));
    add(driver, command, "-isystem");
    add(driver, command, format(driver, "%s/include", driver->resources));
  }
  if (driver->only.count) add(driver, command, "-ivfsoverlay"), add(driver, command, overlay(driver));
}

/* -MD would write rules for the assembly that clang makes; wanted is what we make of it. */
static void add_dependencies(struct driver *driver, struct list *command, const char *input,
                             const char *made) {
  if (!driver->dependencies) return;
  if (!driver->dependency_target) add(driver, command, "-MT"), add(driver, command, made);
  if (driver->depfile) return;
  const char *dot = strrchr(base_name(made), '.');
  add(driver, command, "-MF");
  add(driver, command,
      driver->last == LINK ? with_suffix(driver, input, ".d")
      : dot                ? format(driver, "%.*s.d", (int)(dot - made), made)
                           : format(driver, "%s.d", made));
}

/* `input` through clang, to `output` (NULL: standard output), on the way to `made`. */
static void run_clang(struct driver *driver, const char *input, enum kind kind, const char *output,
                      const char *made) {
  struct list command = {0};
  bool assembly = kind != C_FILE;
  begin_clang(driver, &command);
  add(driver, &command, assembly || driver->last == PREPROCESS ? "-E" : "-S");
  if (assembly) add(driver, &command, "-D__ASSEMBLER__=1");
  if (made) add_dependencies(driver, &command, input, made);
  if (output) add(driver, &command, "-o"), add(driver, &command, output);
  const char *language = assembly ? "assembler-with-cpp" : driver->language;
  if (language) add(driver, &command, "-x"), add(driver, &command, language);
  add(driver, &command, input);
  run(driver, &command, get_clang);
}

static void assemble(struct driver *driver, const char *input, const char *output) {
  struct list command = {0};
  add(driver, &command, format(driver, "%s/pg32-as", driver->home));
  add(driver, &command, "-o");
  add(driver, &command, output);
  for (size_t i = 0; i < driver->only.count; i++)
    add(driver, &command, "--only-from"), add(driver, &command, driver->only.text[i]);
  add(driver, &command, input);
  run(driver, &command, get_tools);
}

static void link_all(struct driver *driver) {
  struct list command = {0};
  bool libraries = !strcmp(driver->layout, "user") && !driver->no_libraries;
  add(driver, &command, format(driver, "%s/pg32-ld", driver->home));
  add(driver, &command, "-T");
  add(driver, &command, driver->layout);
  add(driver, &command, "-o");
  add(driver, &command, driver->output ? driver->output : "a.out");
  add_all(driver, &command, &driver->linker);
  if (libraries && !driver->no_startup)
    add(driver, &command, format(driver, "%s/../share/trapeze/lib/crt0.o", driver->home));
  add_all(driver, &command, &driver->linkables);
  if (libraries) add(driver, &command, format(driver, "%s/../share/trapeze/lib/libc.a", driver->home));
  run(driver, &command, get_tools);
}

/* ---- one input ---- */

static enum kind kind_of(const struct driver *driver, const char *input) {
  const char *dot = strrchr(base_name(input), '.');
  if (driver->language) return starts(driver->language, "assembler") ? ASSEMBLY_TO_PREPROCESS : C_FILE;
  if (!dot || starts(input, "-l")) return LINKABLE;
  if (!strcmp(dot, ".c") || !strcmp(dot, ".i")) return C_FILE;
  if (!strcmp(dot, ".S")) return ASSEMBLY_TO_PREPROCESS;
  return strcmp(dot, ".s") ? LINKABLE : ASSEMBLY;
}

/* From `input` to the object `object`. */
static void make_object(struct driver *driver, const char *input, enum kind kind, const char *object) {
  const char *assembly = input;
  if (kind != ASSEMBLY) {
    assembly = intermediate(driver, input, ".s");
    run_clang(driver, input, kind, assembly, object);
  }
  assemble(driver, assembly, object);
}

static void translate(struct driver *driver, const char *input) {
  enum kind kind = kind_of(driver, input);
  if (kind == LINKABLE) {
    add(driver, &driver->linkables, input);
    return;
  }
  const char *output = driver->output;
  switch (driver->last) {
  case PREPROCESS: run_clang(driver, input, kind, output, NULL); break;
  case COMPILE:
    if (kind == ASSEMBLY) break;
    if (!output && kind == C_FILE) output = with_suffix(driver, input, ".s");
    run_clang(driver, input, kind, output, output);
    break;
  case ASSEMBLE: make_object(driver, input, kind, output ? output : with_suffix(driver, input, ".o")); break;
  case LINK:
    output = intermediate(driver, input, ".o");
    make_object(driver, input, kind, output);
    add(driver, &driver->linkables, output);
    break;
  }
}

/* ---- the command line ---- */

static const char usage[] =
    "Usage: pg32-cc [OPTION...] FILE...\n"
    "Compiles, assembles and links C (.c), assembly (.s, .S), objects and archives for PG32.\n\n"
    "  -T LAYOUT   user (the default), kernel or bare; the latter two without C library\n"
    "  -c -S -E    stop before linking, assembling, compiling\n"
    "  -o FILE     write FILE\n"
    "  -l LIB -L DIR -e SYMBOL -Wl,OPTION -s   for the linker\n"
    "  -nostdlib -nostartfiles -nostdinc       without libraries, crt0.o, headers\n"
    "  -save-temps -v                          keep intermediate files; show commands\n"
    "  --only-from DIR                         read sources and what they include from below DIR (or\n"
    "                                          another one given so) and the own headers only\n"
    "Others, such as -g -O2 -I -D -U -W -f -std= -M -MMD -MF, go to clang (PG32_CLANG names another).\n";

/* If argv[*i] is `option`, joined or not to its value: the value; *i moves on to its word. */
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

/* -Wl,a,b: both to the linker. */
static void add_linker_words(struct driver *driver, const char *words) {
  char *rest = format(driver, "%s", words);
  for (char *word; (word = strsep(&rest, ","));)
    if (*word) add(driver, &driver->linker, word);
}

static bool parse_linking(struct driver *driver, char **argv, int *i) {
  const char *value;
  if (!strcmp(argv[*i], "-s") || !strcmp(argv[*i], "-Wl,-s")) {
    add(driver, &driver->linker, "--strip-debug");
  } else if (starts(argv[*i], "-Wl,")) {
    add_linker_words(driver, argv[*i] + strlen("-Wl,"));
  } else if ((value = value_of(driver, "-L", argv, i))) {
    add(driver, &driver->linker, format(driver, "-L%s", value));
  } else if ((value = value_of(driver, "-l", argv, i))) {
    add(driver, &driver->inputs, format(driver, "-l%s", value));
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

/* What clang's options mean to us too. */
static void note_clang(struct driver *driver, const char *word) {
  if (!strcmp(word, "-M") || !strcmp(word, "-MM")) driver->last = PREPROCESS;
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
    if (argv[i][0] != '-' || !argv[i][1])
      add(driver, &driver->inputs, argv[i]);
    else if (!parse_own(driver, argv, &i))
      parse_clang(driver, argv, &i);
  }
  if (!driver->inputs.count) die(driver, "no input files; pg32-cc --help tells more");
  if (driver->output && driver->last != LINK && driver->inputs.count > 1)
    die(driver, "-o %s cannot hold what is made of %zu files", driver->output, driver->inputs.count);
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
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length < 0) die(driver, "/proc/self/exe: %s", strerror(errno));
  path[length] = 0;
  *strrchr(path, '/') = 0;
  return format(driver, "%s", path);
}

int main(int argc, char **argv) {
  (void)argc;
  sigset_t watched;
  struct driver driver = {.last = LINK, .layout = "user"};
  driver.home = own_folder(&driver);
  parse(&driver, argv);
  check_output(&driver);
  watched_signals(&watched);
  sigprocmask(SIG_BLOCK, &watched, NULL);
  for (size_t i = 0; i < driver.inputs.count; i++) translate(&driver, driver.inputs.text[i]);
  if (driver.last == LINK) link_all(&driver);
  quit(&driver, EXIT_SUCCESS);
}
