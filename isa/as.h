/* as.h - the PG32 assembler as a library: GNU assembler text in, an ELF relocatable object out.
 *
 * It reads what `clang --target=riscv32 -march=rv32im -S` and `riscv64-unknown-elf-gcc -S` write.
 * It touches no file: included files come from the caller, and so does every other thing from outside. */
#ifndef PG32_AS_H
#define PG32_AS_H

#include <stdbool.h>
#include <stddef.h>

/* One complaint. The strings are valid only during the call. */
struct pg32_as_diagnostic {
  const char *file;   /* as named by options.name, .include or a `# 12 "file"` marker */
  unsigned line;      /* from 1 */
  unsigned column;    /* from 1, in bytes */
  const char *text;   /* what is wrong and what was expected, without a full stop */
  const char *source; /* the line itself, not NUL-terminated */
  size_t source_len;
};

#define PG32_AS_MAX_ERRORS 20 /* after that many it gives up */

struct pg32_as_options {
  const char *name; /* of the source file, for messages */
  void *user;       /* handed to the two functions below */
  /* Called once for each error, in the order they are found. May be NULL. */
  void (*report)(void *user, const struct pg32_as_diagnostic *);
  /* Loads a file for .include and .incbin: a malloc'ed buffer, which the assembler frees, and its
   * size; NULL if it cannot be read. Without this function those directives are errors. */
  char *(*load)(void *user, const char *name, size_t *size);
  /* Why `load` may refuse, in brackets behind "cannot read ..."; NULL: nothing to say. */
  const char *rule;
};

/* Assembles `size` bytes of `text`, whatever they are. On success returns true and gives the object
 * file in *object (malloc'ed, the caller's) and *object_size. If anything was reported it returns
 * false and sets *object to NULL. Holds no state between calls. */
bool pg32_assemble(const char *text, size_t size, const struct pg32_as_options *options, char **object,
                   size_t *object_size);

#endif
