/* stages.c - the stages of a compilation: clang, pg32-as and pg32-ld, for each input. */
#include "tools/base_name.h"
#include "tools/cc/driver.h"

/* ---- the stages ---- */

/* What every run of the front end is told: the machine and the environment of the language. */
static const char *const common[] = {"-march=rv32im",        "-mabi=ilp32", "-mno-relax",
                                     "-msmall-data-limit=0", "-fno-pic",    "-fno-asynchronous-unwind-tables",
                                     "-fno-stack-protector", "-nostdinc",   "-D__pg32__=1"};
static const char *const for_clang[] = {
    "--target=riscv32-unknown-elf",
    "-fno-addrsig",
    "-Wno-unused-command-line-argument",
    "-Wno-atomic-alignment",
    "-Xclang",
    "-no-integrated-as"}; /* clang does not know the instructions of inline assembly */
/* A program may have a malloc of its own. clang would take that for the standard one, whose blocks nothing else can
 * reach, and leave out what the function does to its pool. In C++ the four are called by new and delete only. */
static const char *const own_heap[] = {"-fno-builtin-malloc", "-fno-builtin-calloc", "-fno-builtin-realloc",
                                       "-fno-builtin-free"};
/* C++ without a library of its own: see userprogs/lib/cxx.c. */
static const char *const for_cxx[] = {"-nostdinc++", "-fno-exceptions", "-fno-rtti",
                                      "-fno-threadsafe-statics"};

/* For the lines of errors in inline assembly; the warnings have been seen. */
static const char *const lines[] = {"-g1", "-w"};

#define ADD_ALL(driver, command, words) \
  for (size_t i_ = 0; i_ < sizeof(words) / sizeof *(words); i_++) add(driver, command, (words)[i_])

static void begin_compiler(struct driver *driver, struct list *command) {
  add(driver, command, driver->compiler);
  ADD_ALL(driver, command, common);
  if (!is_gcc(driver)) ADD_ALL(driver, command, for_clang);
  ADD_ALL(driver, command, own_heap);
  /* Else a function that goes on to abort() would not keep its return address, and no debugger finds its caller. */
  add(driver, command, driver->debug ? "-funwind-tables" : "-fno-unwind-tables");
}

static void begin_clang(struct driver *driver, struct list *command, enum kind kind) {
  begin_compiler(driver, command);
  if (kind == CXX_FILE) ADD_ALL(driver, command, for_cxx);
  if (strcmp(driver->layout, "user")) add(driver, command, "-ffreestanding");
  add_all(driver, command, &driver->clang);
  if (!driver->no_headers) {
    if (!driver->resources) driver->resources = ask_headers(driver);
    add(driver, command, "-isystem");
    add(driver, command, format(driver, "%s/include", share(driver)));
    add(driver, command, "-isystem");
    add(driver, command, driver->resources);
  }
  if (driver->only.count) add(driver, command, "-ivfsoverlay"), add(driver, command, overlay(driver));
}

void query(struct driver *driver, const char *word) {
  struct list command = {0};
  begin_compiler(driver, &command);
  add(driver, &command, word);
  run(driver, &command, get_clang);
  quit(driver, 0);
}

/* With -MD alone clang would write a rule for the assembly that it makes; the rule is to be for `made`. */
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

/* Translates `input` with clang to `output` (NULL: standard output), from which `made` will be made. */
static void run_clang(struct driver *driver, const char *input, enum kind kind, const char *output,
                      const char *made) {
  struct list command = {0};
  bool assembly = kind != C_FILE && kind != CXX_FILE;
  begin_clang(driver, &command, kind);
  add(driver, &command, assembly || driver->last == PREPROCESS ? "-E" : "-S");
  if (assembly) add(driver, &command, "-D__ASSEMBLER__=1");
  if (made) add_dependencies(driver, &command, input, made);
  if (driver->blame) ADD_ALL(driver, &command, lines);
  if (driver->blame && !is_gcc(driver)) add(driver, &command, "-fdebug-compilation-dir=.");
  if (output) add(driver, &command, "-o"), add(driver, &command, output);
  const char *language = assembly ? "assembler-with-cpp" : driver->language;
  if (!language && kind == CXX_FILE) language = "c++";
  if (language) add(driver, &command, "-x"), add(driver, &command, language);
  add(driver, &command, input);
  run(driver, &command, get_clang);
}

/* The command that assembles `input`, which is compiled from `source` unless that is NULL. */
static void begin_assembler(struct driver *driver, struct list *command, const char *input,
                            const char *output, const char *source) {
  add(driver, command, format(driver, "%s/pg32-as", driver->home));
  add(driver, command, "-o");
  add(driver, command, output);
  for (size_t i = 0; i < driver->only.count; i++)
    add(driver, command, "--only-from"), add(driver, command, driver->only.text[i]);
  if (source) add(driver, command, format(driver, "--compiled-from=%s", source));
  add(driver, command, input);
}

static void assemble(struct driver *driver, const char *input, const char *output) {
  struct list command = {0};
  begin_assembler(driver, &command, input, output, NULL);
  run(driver, &command, get_tools);
}

/* Assembles what the front end made of `source`. An error is one of inline assembly, and lies at a line of the source.
 * The assembly does not tell which line, so it is made once more, with the numbers of lines. */
static void assemble_compiled(struct driver *driver, const char *source, enum kind kind, const char *assembly,
                              const char *object) {
  struct list command = {0}, again = {0};
  const char *messages = temporary_file(driver, source, ".err");
  begin_assembler(driver, &command, assembly, object, NULL);
  int status = run_aside(driver, &command, get_tools, messages);
  if (status) {
    const char *with_lines = temporary_file(driver, source, ".s");
    driver->blame = true;
    run_clang(driver, source, kind, with_lines, object);
    begin_assembler(driver, &again, with_lines, object, source);
    run(driver, &again, get_tools); /* which fails, too */
  }
  show_messages(messages);
  if (status) quit(driver, status);
}

void link_all(struct driver *driver) {
  struct list command = {0};
  bool user = !strcmp(driver->layout, "user"), libraries = !driver->no_libraries;
  add(driver, &command, format(driver, "%s/pg32-ld", driver->home));
  add(driver, &command, "-T");
  add(driver, &command, driver->layout);
  add(driver, &command, "-o");
  add(driver, &command, driver->output ? driver->output : "a.out");
  add_all(driver, &command, &driver->linker);
  if (user && libraries && !driver->no_startup)
    add(driver, &command, format(driver, "%s/../share/trapeze/lib/crt0.o", driver->home));
  add_all(driver, &command, &driver->linkables);
  if (libraries)
    add(driver, &command,
        format(driver, "%s/../share/trapeze/lib/%s.a", driver->home, user ? "libc" : "libfree"));
  run(driver, &command, get_tools);
}

/* ---- one input ---- */

static bool is_one_of(const char *word, const char *const *words) {
  while (*words && strcmp(word, *words)) words++;
  return *words != NULL;
}

static enum kind kind_of(struct driver *driver, const char *input) {
  static const char *const c[] = {"c", "i", NULL};
  static const char *const cxx[] = {"cc", "cpp", "cxx", "c++", "C", "CPP", "cp", "ii", NULL};
  const char *dot = strrchr(base_name(input), '.');
  if (driver->language && starts(driver->language, "assembler")) return ASSEMBLY_TO_PREPROCESS;
  if (driver->language) return starts(driver->language, "c++") ? CXX_FILE : C_FILE;
  if (!strcmp(input, "-") && driver->last != PREPROCESS)
    die(driver, "-: expected -x LANGUAGE, such as -x c, before it");
  if (!dot) return LINKABLE;
  if (is_one_of(dot + 1, c)) return C_FILE;
  if (is_one_of(dot + 1, cxx)) return CXX_FILE;
  if (!strcmp(dot, ".S") || !strcmp(dot, ".sx")) return ASSEMBLY_TO_PREPROCESS;
  if (!strcmp(dot, ".s")) return ASSEMBLY;
  refuse_input(driver, input, dot + 1);
  return LINKABLE;
}

/* Makes the object `object` from `input`. */
static void make_object(struct driver *driver, const char *input, enum kind kind, const char *object) {
  const char *assembly = input;
  if (kind != ASSEMBLY) {
    assembly = intermediate(driver, input, ".s");
    run_clang(driver, input, kind, assembly, object);
  }
  if ((kind == C_FILE || kind == CXX_FILE) && strcmp(input, "-"))
    assemble_compiled(driver, input, kind, assembly, object);
  else
    assemble(driver, assembly, object);
}

void translate(struct driver *driver, const char *input) {
  enum kind kind = *input == FOR_LINKER ? LINKABLE : kind_of(driver, input);
  if (kind == LINKABLE) {
    add(driver, &driver->linkables, *input == FOR_LINKER ? input + 1 : input);
    return;
  }
  const char *output = driver->output;
  switch (driver->last) {
  case PREPROCESS: run_clang(driver, input, kind, output, NULL); break;
  case COMPILE:
    if (kind == ASSEMBLY) break;
    if (!output && kind != ASSEMBLY_TO_PREPROCESS) output = with_suffix(driver, input, ".s");
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
