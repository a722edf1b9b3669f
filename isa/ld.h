/* ld.h - the linker: PG32 objects and archives of them in, one static executable out.
 *
 * A link is a value: make one with pg32_ld_new, add the inputs in order, link, write, free. Messages go
 * to a function of the caller's; the library itself prints nothing. No input can make it do more
 * than fail with a message. */
#ifndef PG32_LD_H
#define PG32_LD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct pg32_ld;

/* Where the image lives. USER: at USER_BASE, entered by a kernel's exec. KERNEL and BARE: at
 * IMAGE_BASE, physical = virtual addresses, entered by reset. All have three page-aligned segments:
 * text (R X), read-only data (R), data and bss (R W); `.text.hot*` and `.data.hot*` come first. */
enum pg32_ld_layout { PG32_LD_USER, PG32_LD_KERNEL, PG32_LD_BARE };

struct pg32_ld_options {
  enum pg32_ld_layout layout;
  const char *entry;    /* the entry symbol; NULL: "_start" */
  bool gc_sections;     /* drop what cannot be reached from the entry and the constructors */
  bool strip_debug;     /* leave out the .debug_* sections */
  bool allow_undefined; /* undefined symbols are 0 (for looking at a single object) */
  void (*report)(void *context, const char *message); /* one line, no newline at its end */
  void *context;
};

/* A new, empty link. The options are copied; the entry string must outlive the link. */
struct pg32_ld *pg32_ld_new(const struct pg32_ld_options *options);

/* Adds an object, an executable (to be copied, then the only input) or an archive. Archive members
 * take part only if they define a symbol that is otherwise undefined. False, after a report, if the
 * file cannot be read or is not what it should be. */
bool pg32_ld_add_file(struct pg32_ld *ld, const char *path);

/* The same for `size` bytes at `bytes`, which must outlive the link; `name` stands in messages. */
bool pg32_ld_add_memory(struct pg32_ld *ld, const char *name, const void *bytes, size_t size);

/* Adds folder `path` to those that pg32_ld_add_library searches. The string must outlive the link. */
void pg32_ld_add_folder(struct pg32_ld *ld, const char *path);

/* Adds lib`name`.a from the first folder that has it. */
bool pg32_ld_add_library(struct pg32_ld *ld, const char *name);

/* Resolves, lays out and relocates everything added. False, after reports, on any error. */
bool pg32_ld_link(struct pg32_ld *ld);

/* Writes the linked image; after a successful pg32_ld_link only. The file appears whole, executable, or
 * not at all. */
bool pg32_ld_write(struct pg32_ld *ld, const char *path);

/* A file descriptor of the linked image in memory, the caller's to close; -1 after a report. */
int pg32_ld_open_image(struct pg32_ld *ld);

/* Prints which input section went where; after a successful pg32_ld_link. */
void pg32_ld_print_map(const struct pg32_ld *ld, FILE *out);

/* The linked address of section `index` (an ELF section number) of the first object added; false
 * if it has none. */
bool pg32_ld_section_address(const struct pg32_ld *ld, uint32_t index, uint32_t *address);

/* Frees the link and all it holds. NULL is allowed. */
void pg32_ld_free(struct pg32_ld *ld);

#endif
