/* refuse.c - options of other compilers' drivers: those that ask for what PG32 does not have are refused with the
 * reason, and those that change nothing here are dropped. */
#include <stdio.h>

#include "tools/cc/driver.h"

static const struct {
  const char *option; /* or its beginning, if it ends with = or * */
  const char *why;
} refused[] = {
    {"-shared", "PG32 has no shared libraries: everything is linked into the program"},
    {"-pie", "a PG32 program is linked for one address"},
    {"-static-pie", "a PG32 program is linked for one address"},
    {"-r", "pg32-ld makes programs only; `ar` collects objects for a later link"},
    {"-flto*", "an object holds PG32's instructions, so a link can optimize nothing more"},
    {"-emit-llvm", "an object holds PG32's instructions, not a compiler's own code"},
    {"-fsanitize=*",
     "the sanitizers' libraries do not exist for PG32; MANUAL.md tells what the machine itself notices"},
    {"-fprofile*", "PG32 has no files to write a profile to; `trapeze run --stats` counts"},
    {"-pg", "PG32 has no files to write a profile to; `trapeze run --stats` counts"},
    {"-coverage", "PG32 has no files to write to"},
    {"--coverage", "PG32 has no files to write to"},
    {"-pthread", "PG32 has processes (fork), but no threads"},
    {"-lpthread", "PG32 has processes (fork), but no threads"},
    {"-fopenmp*", "PG32 has one processor and no threads"},
    {"-fblocks", "PG32 has no runtime library for blocks"},
    {"-fexceptions", "C++ is freestanding here: -fno-exceptions is always on"},
    {"-frtti", "C++ is freestanding here: -fno-rtti is always on"},
    {"-m32", "pg32-cc compiles for PG32 only"},
    {"-m64", "pg32-cc compiles for PG32 only"},
    {"-march=*", "pg32-cc compiles for PG32 only, which is RV32IM to the compiler"},
    {"-mabi=*", "pg32-cc compiles for PG32 only, which has the ABI ilp32"},
    {"-mcpu=*", "pg32-cc compiles for PG32 only"},
    {"--target=*", "pg32-cc compiles for PG32 only"},
    {"-target", "pg32-cc compiles for PG32 only"},
};

/* A program is linked for its place whatever these say. */
static const char *const dropped[] = {
    "-fpic",   "-fPIC",  "-fpie",       "-fPIE", "-fno-pic", "-fno-PIC", "-fno-pie",       "-fno-PIE",
    "-static", "-pipe",  "-rdynamic",   "-lc",   "-lm",      "-lgcc",    "-static-libgcc", "-march=rv32im",
    "-no-pie", "-nopie", "-mabi=ilp32", "-lrt",  "-ldl",     "-lutil", /* empty on other systems, too */
};

static bool matches(const char *word, const char *option) {
  const size_t length = strlen(option);
  if (option[length - 1] == '*') return !strncmp(word, option, length - 1);
  return !strcmp(word, option);
}

bool is_dropped(const char *word) {
  for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
    if (!strcmp(word, dropped[i])) return true;
  return starts(word, "-Wa,");
}

/* Optimizations of gcc's that clang calls errors: what follows -f or -fno-, or its beginning. */
static const char *const optimizations[] = {
    "tree-*",  "ipa-*", "ira-*",  "sched*",    "early-inlining", "optimize-strlen", "dce",
    "dse",     "gcse*", "cse-*",  "web",       "crossjumping",   "ivopts",          "rename-registers",
    "modulo*", "peel*", "split*", "unswitch*", "code-hoisting",  "store-merging",   "forward-propagate",
};

static bool is_optimization(const char *word) {
  if (!starts(word, "-f")) return false;
  word += starts(word, "-fno-") ? strlen("-fno-") : strlen("-f");
  for (size_t i = 0; i < sizeof optimizations / sizeof *optimizations; i++)
    if (matches(word, optimizations[i])) return true;
  return false;
}

void drop_optimizations(struct driver *driver) {
  size_t kept = 0;
  for (size_t i = 0; i < driver->clang.count; i++) {
    const char *word = driver->clang.text[i];
    if (is_optimization(word))
      fprintf(stderr, "pg32-cc: warning: %s is an optimization of gcc's, and has no effect with clang\n",
              word);
    else
      driver->clang.text[kept++] = word;
  }
  driver->clang.count = kept;
}

void refuse(struct driver *driver, const char *word) {
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    if (matches(word, refused[i].option)) die(driver, "%s: %s", word, refused[i].why);
}

/* ---- inputs ---- */

static const struct {
  const char *suffix, *language;
} others[] = {
    {"h", "a header; include it in a source"},
    {"hpp", "a header; include it in a source"},
    {"bc", "LLVM's own code; pg32-cc compiles sources"},
    {"ll", "LLVM's own code; pg32-cc compiles sources"},
    {"so", "a shared library, which PG32 does not have"},
    {"m", "Objective-C"},
    {"mm", "Objective-C++"},
    {"cu", "CUDA"},
    {"f", "Fortran"},
    {"f90", "Fortran"},
    {"go", "Go"},
    {"rs", "Rust"},
    {"d", "D"},
    {"adb", "Ada"},
    {"java", "Java"},
    {"py", "Python"},
    {"txt", "text"},
};

void refuse_input(struct driver *driver, const char *input, const char *suffix) {
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (!strcmp(suffix, others[i].suffix))
      die(driver, "%s: this is %s%s", input, others[i].language,
          strchr(others[i].language, ';') || strchr(others[i].language, ',') ||
                  starts(others[i].language, "text")
              ? ""
              : "; pg32-cc compiles C, C++ and assembly");
}
