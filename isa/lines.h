/* lines.h - from addresses to source lines and symbols of a linked image, and back.
 *
 * For disassemblers and debuggers. pg32_lines_open reads .debug_line (DWARF 5, section 6.2) and .symtab once;
 * look-ups by address are binary searches. An image without debug information has symbols only, a stripped
 * image has neither.
 *
 * Unless a comment says otherwise, no argument may be NULL. Look-ups change nothing, so that several threads
 * may make them at the same time. */
#ifndef PG32_LINES_H
#define PG32_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg32_lines;

/* Where an address lies. The strings belong to the lines and live as long as they do. */
struct pg32_lines_place {
  const char *file;     /* the source file as the compiler named it; NULL if the line is not known */
  int line;             /* from 1; 0 if the line is not known */
  const char *function; /* the last symbol at or before the address; NULL if there is none, or if that is
                         * data which ends before the address */
  uint32_t offset;      /* of the address from that symbol, in bytes */
};

struct pg32_lines_symbol {
  const char *name; /* not empty; belongs to the lines */
  uint32_t address;
  uint32_t size; /* bytes; 0: the image does not say */
  uint8_t type;  /* STT_FUNC, STT_OBJECT or STT_NOTYPE of <elf.h> */
  bool global;   /* global or weak, rather than local */
};

/* A row of the line table: the code from this address to the next row's belongs to the line. Of rows at one
 * address the last one counts. */
struct pg32_lines_row {
  uint32_t address;
  const char *file; /* NULL: from here on nothing is known; belongs to the lines */
  int line;
  bool statement; /* a good place to stop before the line */
  size_t order;   /* of the row in the image, from 0 */
};

/* What *why becomes when memory runs out: compare the pointers. Its text is "out of memory". */
extern const char pg32_lines_no_memory[];

/* Reads the image that is open for reading as `fd`. The descriptor stays the caller's, and must stay open
 * until pg32_lines_close. The caller frees the result with pg32_lines_close. NULL if the file is not an ELF
 * file for PG32, or if memory ran out; *why is then a constant string that says which, else it is NULL. */
struct pg32_lines *pg32_lines_open(int fd, const char **why);

/* Frees the lines. `lines` may be NULL. */
void pg32_lines_close(struct pg32_lines *lines);

/* Fills *place for `address`. False, with *place all zero, if neither a line nor a symbol is known. */
bool pg32_lines_at(const struct pg32_lines *lines, uint32_t address, struct pg32_lines_place *place);

/* Does `address` lie in a section that takes memory when the image runs? */
bool pg32_lines_is_loaded(const struct pg32_lines *lines, uint32_t address);

/* Stores the address of the symbol `name` in *address; a global symbol goes before a local one of the same
 * name. False, leaving *address alone, if there is none. */
bool pg32_lines_find_symbol(const struct pg32_lines *lines, const char *name, uint32_t *address);

/* Stores in *address the lowest address of the code for line `line` of `file` or, if that line has no code,
 * of the next line that has some. `file` is the whole path or its last components: "main.c" also finds
 * "/src/main.c". False, leaving *address alone, if no such line has code. */
bool pg32_lines_find_line(const struct pg32_lines *lines, const char *file, int line, uint32_t *address);

/* All symbols that name an address, by rising address; the best name of an address comes last. Stores how
 * many in *count. The array belongs to the lines; with *count 0 it may be NULL. */
const struct pg32_lines_symbol *pg32_lines_symbols(const struct pg32_lines *lines, size_t *count);

/* All rows of the line table, by rising address. Stores how many in *count. The array belongs to the lines;
 * with *count 0 it may be NULL. */
const struct pg32_lines_row *pg32_lines_rows(const struct pg32_lines *lines, size_t *count);

/* Does a row begin at `address` that is a good place to stop? `first`: and the row before is not of the same
 * line. */
bool pg32_lines_begins(const struct pg32_lines *lines, uint32_t address, bool first);

/* Is `file` the whole path `path`, or its last components? */
bool pg32_lines_is_file(const char *file, const char *path);

#endif
