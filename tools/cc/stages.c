/* stages.c - the stages of a compilation: clang, pg32-as and pg32-ld, for each input. */
#include "tools/base_name.h"
#include "tools/cc/driver.h"

/* ---- the stages ---- */

/* What every run of clang is told: the machine, the environment of the language, the headers. */
static void begin_clang(struct driver *driver, struct list *command) {
  static const char *const fixed[] = {
      "--target=riscv32-unknown-elf",
      "-march=rv32im",
      "-mabi=ilp32",
      "-mno-relax",
      "-msmall-data-limit=0",
      "-fno-pic",
      "-fno-addrsig",
      "-fno-asynchronous-unwind-tables",
      "-fno-stack-protector",
      "-Wno-unused-command-line-argument",
      "-nostdinc",
      "-D__pg32__=1",
      "-Xclang",
      "-no-integrated-as"}; /* clang does not know the instructions of inline assembly */
  add(driver, command, clang_name());
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) add(driver, command, fixed[i]);
  /* Else a function that goes on to abort() would not keep its return address, and no debugger finds its caller. */
  add(driver, command, driver->debug ? "-funwind-tables" : "-fno-unwind-tables");
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

static enum kind kind_of(const struct driver *driver, const char *input) {
  const char *dot = strrchr(base_name(input), '.');
  if (driver->language) return starts(driver->language, "assembler") ? ASSEMBLY_TO_PREPROCESS : C_FILE;
  if (!dot || starts(input, "-l")) return LINKABLE;
  if (!strcmp(dot, ".c") || !strcmp(dot, ".i")) return C_FILE;
  if (!strcmp(dot, ".S")) return ASSEMBLY_TO_PREPROCESS;
  return strcmp(dot, ".s") ? LINKABLE : ASSEMBLY;
}

/* Makes the object `object` from `input`. */
static void make_object(struct driver *driver, const char *input, enum kind kind, const char *object) {
  const char *assembly = input;
  if (kind != ASSEMBLY) {
    assembly = intermediate(driver, input, ".s");
    run_clang(driver, input, kind, assembly, object);
  }
  assemble(driver, assembly, object);
}

void translate(struct driver *driver, const char *input) {
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
