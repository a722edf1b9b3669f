/* as.h - the PG32 assembler as a library: GNU assembler text in, an ELF relocatable object out.
 *
 * The assembler reads what `clang --target=riscv32 -march=rv32im -S` and `riscv64-unknown-elf-gcc -S`
 * write. isa/MANUAL.md lists its directives and pseudo-instructions.
 *
 * The library opens no file: the caller loads the files that the source includes. The library holds no
 * state between calls, so several threads may assemble at the same time. It never ends the process: bad
 * input and a lack of memory are results. */
#ifndef PG32_AS_H
#define PG32_AS_H

#include <stddef.h>

enum pg32_as_kind { PG32_AS_ERROR, PG32_AS_WARNING /* .warning */, PG32_AS_NOTE /* .print */ };

/* One error in the source, or what the source itself asks to say. The strings belong to the assembler and are valid only during the call of
 * `report` that they are passed to. */
struct pg32_as_diagnostic {
  const char
      *file;     /* as named by options.name, by .include or by a marker such as `# 12 "file"`; never NULL */
  unsigned line; /* from 1 */
  unsigned column;    /* from 1, in bytes */
  const char *text;   /* what is wrong and what was expected, without a full stop; never NULL */
  const char *source; /* the whole source line, not NUL-terminated; NULL if source_len is 0 */
  size_t source_len;  /* bytes */
  enum pg32_as_kind kind;
  const char
      *loc_file; /* the last .loc before this: the file of a compiled source, and its line; else NULL */
  unsigned loc_line;
};

#define PG32_AS_MAX_ERRORS 20 /* after this many errors the assembler gives up */

/* What the caller provides. All members may be NULL. */
struct pg32_as_options {
  const char *name; /* of the source file, for messages; NULL: "-" */
  void *user;       /* passed to the two functions below, and not used otherwise */

  /* Called once for each error, in the order in which errors are found, at most PG32_AS_MAX_ERRORS times; and
   * for each .warning and .print. */
  void (*report)(void *user, const struct pg32_as_diagnostic *);

  /* Loads the file `name` for .include and .incbin. Returns a buffer from malloc, which the assembler
   * frees, and stores its length in *size; or returns NULL if the file cannot be read, which is an error
   * in the source. Without this function every .include and .incbin is an error. */
  char *(*load)(void *user, const char *name, size_t *size);

  /* Why `load` may refuse a file. The text stands in brackets behind the message "cannot read ...". */
  const char *rule;
};

enum pg32_as_result {
  PG32_AS_OK,       /* there is an object */
  PG32_AS_ERRORS,   /* there is none: at least one error was reported */
  PG32_AS_NO_MEMORY /* there is none: memory ran out; errors may have been reported before */
};

/* Assembles the `size` bytes at `text`, whatever they are; no NUL is needed at their end. `text` may be
 * NULL if `size` is 0. No other argument may be NULL.
 *
 * With PG32_AS_OK *object is the object file (from malloc; the caller frees it) and *object_size its length
 * in bytes. With any other result *object is NULL and *object_size is 0. */
enum pg32_as_result pg32_assemble(const char *text, size_t size, const struct pg32_as_options *options,
                                  char **object, size_t *object_size);

#endif
