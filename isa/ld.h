/* ld.h - the linker: PG32 objects and archives of them in, one static executable out.
 *
 * A link is a value: make one with pg32_ld_new, add the inputs in order, link, write, free. For example:
 *
 *   struct pg32_ld *ld = pg32_ld_new(&(struct pg32_ld_options){.layout = PG32_LD_USER, .report = print});
 *   bool good = ld && pg32_ld_add_file(ld, "main.o") && pg32_ld_link(ld) && pg32_ld_write(ld, "main");
 *   pg32_ld_free(ld);
 *
 * Messages go to the caller's function; the library itself prints nothing. The library never ends the
 * process: whatever the inputs hold, a function fails with a message at worst. If memory runs out, a
 * function fails, and from then on every function of that link fails; pg32_ld_no_memory tells this case
 * from the others. A link may be used by one thread at a time.
 *
 * Unless a comment says otherwise, no argument may be NULL. */
#ifndef PG32_LD_H
#define PG32_LD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct pg32_ld;

/* Where the image lives. USER: at USER_BASE; a kernel's execv starts the image. KERNEL and BARE: at
 * IMAGE_BASE, where physical addresses are virtual addresses; a reset starts the image. Each image has up to
 * three page-aligned segments: text (R X), read-only data (R), data and bss (R W). Sections named
 * `.text.hot*` and `.data.hot*` come first in their segment. */
enum pg32_ld_layout { PG32_LD_USER, PG32_LD_KERNEL, PG32_LD_BARE };

struct pg32_ld_options {
  enum pg32_ld_layout layout;
  const char *entry;    /* the entry symbol; NULL: "_start"; must outlive the link */
  bool gc_sections;     /* leave out sections that neither the entry nor a constructor reaches */
  bool strip_debug;     /* leave out the .debug_* sections */
  bool allow_undefined; /* undefined symbols are 0, for example to look at a single object */

  /* Called for each error; at most 51 times, after which the rest is not shown. `message` is one line without
   * a newline at its end, valid only during the call, and cut off at 4095 bytes. May be NULL: no messages. */
  void (*report)(void *context, const char *message);
  void *context; /* passed to report, and not used otherwise; may be NULL */
};

/* Makes an empty link. *options is copied. NULL if there is no memory for it. */
struct pg32_ld *pg32_ld_new(const struct pg32_ld_options *options);

/* Adds the file `path`: an object, an archive, or an executable. Members of an archive take part only if
 * they define a symbol that is undefined without them. An executable must be the only input; linking then
 * copies it. False, after a report, if the file cannot be read or is none of these; pg32_ld_link
 * then fails, too. */
bool pg32_ld_add_file(struct pg32_ld *ld, const char *path);

/* Adds the `size` bytes at `bytes` as pg32_ld_add_file would add a file of that content. The bytes must
 * outlive the link. `name` stands for them in messages; it is copied. `bytes` may be NULL if size is 0, which
 * is an error in any case. */
bool pg32_ld_add_memory(struct pg32_ld *ld, const char *name, const void *bytes, size_t size);

/* Adds the folder `path` to those that pg32_ld_add_library searches, at their end. The string must outlive
 * the link. The folder need not exist. False only if memory ran out. */
bool pg32_ld_add_folder(struct pg32_ld *ld, const char *path);

/* Adds lib`name`.a from the first folder that has such a file. False, after a report, if none has one, or if
 * pg32_ld_add_file would fail. */
bool pg32_ld_add_library(struct pg32_ld *ld, const char *name);

/* From now on each member of an archive takes part (true), or those that are needed (false; at first). */
void pg32_ld_whole_archives(struct pg32_ld *ld, bool whole);

/* Names, before pg32_ld_link. False only if memory ran out; define also, after a report, if `text` is malformed.
 *   require  an archive's member that defines `name` takes part (-u)
 *   wrap     who refers to `name` gets __wrap_NAME; who refers to __real_NAME gets `name` (--wrap)
 *   define   `text` is NAME=NUMBER or NAME=SYMBOL+NUMBER: that is the symbol's value, whatever objects say */
bool pg32_ld_require(struct pg32_ld *ld, const char *name);
bool pg32_ld_wrap(struct pg32_ld *ld, const char *name);
bool pg32_ld_define(struct pg32_ld *ld, const char *text);

/* Resolves symbols, lays out sections and relocates everything that was added. To be called once. False,
 * after reports, on any error, including earlier ones of this link. */
bool pg32_ld_link(struct pg32_ld *ld);

/* Writes the linked image to the file `path`; only after pg32_ld_link has returned true. A regular file
 * appears whole and executable, or not at all; a device or a pipe is written to. False after a report. */
bool pg32_ld_write(struct pg32_ld *ld, const char *path);

/* Returns a file descriptor of the linked image, a file in memory that the caller closes; only after
 * pg32_ld_link has returned true. -1 after a report. */
int pg32_ld_open_image(struct pg32_ld *ld);

/* Prints which input section went to which address; only after pg32_ld_link has returned true. An error of
 * writing shows in ferror(out). */
void pg32_ld_print_map(const struct pg32_ld *ld, FILE *out);

/* Stores in *address where section `index` (an ELF section number, of any value) of the first object added
 * was linked to. False, leaving *address alone, if there is no such section or the image does not have it. */
bool pg32_ld_section_address(const struct pg32_ld *ld, uint32_t index, uint32_t *address);

/* Whether a function of this link failed because memory ran out. */
bool pg32_ld_no_memory(const struct pg32_ld *ld);

/* Frees the link and all it holds. `ld` may be NULL. */
void pg32_ld_free(struct pg32_ld *ld);

#endif
