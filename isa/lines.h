/* lines.h - between addresses and names: source lines and symbols of a linked image.
 *
 * For disassemblers and debuggers. Tables are read once, from .debug_line and .symtab, and looked
 * up by binary search; an image without debug information has symbols only. */
#ifndef PG32_LINES_H
#define PG32_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg32_lines;

struct pg32_lines_place {
  const char *file;     /* NULL if the source line is not known; belongs to the lines */
  int line;             /* from 1 */
  const char *function; /* the symbol at or before the address; NULL if there is none */
  uint32_t offset;      /* of the address from that symbol */
};

struct pg32_lines_symbol {
  const char *name;
  uint32_t address, size; /* size 0: not told */
  uint8_t type;           /* STT_FUNC, STT_OBJECT or STT_NOTYPE */
  bool global;
};

/* Reads the image open for reading as `fd`, which stays the caller's and must stay open. NULL if it
 * is not an ELF file for PG32; *why is then a constant string that says so. */
struct pg32_lines *pg32_lines_open(int fd, const char **why);
void pg32_lines_close(struct pg32_lines *lines);

/* Fills *place for `address`; false if neither line nor symbol is known. */
bool pg32_lines_at(const struct pg32_lines *lines, uint32_t address, struct pg32_lines_place *place);

/* The address of the symbol `name`. */
bool pg32_lines_find_symbol(const struct pg32_lines *lines, const char *name, uint32_t *address);

/* The lowest address at which code of `file`:`line` starts, or of the next line that has code.
 * `file` may be the end of the path: "main.c" for "/src/main.c". */
bool pg32_lines_find_line(const struct pg32_lines *lines, const char *file, int line, uint32_t *address);

/* All symbols that name an address, by rising address; *count of them. */
const struct pg32_lines_symbol *pg32_lines_symbols(const struct pg32_lines *lines, size_t *count);

#endif
