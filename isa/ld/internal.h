/* internal.h - the linker's data, shared by the files of isa/ld/ only. A link goes through them in this
 * order:
 *
 *   ld.c        the public functions; memory and messages
 *   read.c      files, archives and objects; checks every index and offset once, so that later passes need
 *               not check them
 *   names.c     what the command line says about names
 *   resolve.c   which definition each global name stands for
 *   gc.c        which sections are live
 *   frames.c    call frame information of live functions only
 *   layout.c    an address for every section and symbol
 *   reloc.c     fills in addresses
 *   image.c     sections, segments and symbol table of the result (copy.c: of a copied executable)
 *   write.c     the result as a file
 *
 * All memory comes from one arena, which is freed with the link. */
#ifndef LD_INTERNAL_H
#define LD_INTERNAL_H

#include "isa/ld.h"
#include <elf.h>
#include <gelf.h>
#include <setjmp.h>

enum { LD_PAGE = 4096, LD_BUCKETS = 4096, LD_MAX_ALIGN = 65536 };

/* In the order of addresses. LD_NONE: not in memory, for example debug information. */
enum ld_class { LD_TEXT, LD_RODATA, LD_DATA, LD_BSS, LD_NONE };

struct ld_reloc { /* read.c has checked that offset lies in the section, symbol in the table */
  uint32_t offset, type, symbol;
  int32_t addend;
};

struct ld_section { /* a section of an object, or the room of a common symbol */
  struct ld_object *object;
  const char *name;
  uint32_t type, flags, size, align, entsize;
  const uint8_t *bytes; /* NULL if it has none in the file */
  struct ld_reloc *relocs;
  size_t nrelocs;
  bool live;
  struct ld_output *output; /* NULL: not in the image */
  uint32_t offset;          /* in output */
  size_t sequence;          /* order of appearance, for stable sorting */
};

enum ld_kind { LD_UNDEFINED, LD_DEFINED, LD_ABSOLUTE, LD_COMMON };

struct ld_symbol {
  const char *name;
  enum ld_kind kind;
  bool weak, used; /* used: an object refers to it */
  bool given;      /* by --defsym, which wins over what objects define */
  uint8_t type, binding;
  struct ld_object *object;   /* which defines it; NULL: undefined, or the linker's own */
  struct ld_section *section; /* of LD_DEFINED */
  uint32_t value, size;       /* LD_COMMON: value is the alignment */
  unsigned reported;          /* times it was reported undefined */
  struct ld_symbol *next;     /* in its bucket */
};

struct ld_object {
  const char *name; /* "file.o" or "lib.a(file.o)" */
  Elf *elf;         /* one of ld->files owns it */
  GElf_Ehdr header;
  bool loaded; /* takes part in the link; a member of an archive does so if it is needed */
  struct ld_section *sections;
  size_t nsections;
  struct ld_symbol *own;     /* its symbols as the file has them */
  struct ld_symbol **symbol; /* what each stands for: `own` if it is local, else the global symbol */
  size_t nsymbols;
  struct ld_object *next;
};

struct ld_output { /* a section of the image */
  const char *name;
  enum ld_class class;
  uint32_t type, flags, size, align, address, entsize;
  uint8_t *bytes;
  struct ld_section **parts;
  size_t nparts, room;
  uint32_t index; /* in the image */
};

struct ld_image_section {
  const char *name;
  Elf32_Shdr header; /* pg32_ld_name_sections fills in sh_name */
  const void *bytes;
};

struct ld_image { /* what is written to the file; section 0 is unused */
  uint32_t entry;
  Elf32_Phdr *segments;
  size_t nsegments;
  struct ld_image_section *sections;
  size_t nsections;
};

struct pg32_ld {
  struct pg32_ld_options options;
  jmp_buf out;    /* into the public function that is running, when memory runs out */
  bool no_memory; /* memory ran out: every function fails from now on */
  struct ld_block *arena;
  struct ld_file *files;
  const char **folders;
  size_t nfolders, folders_room;
  struct ld_object *objects, **last_object;
  struct ld_object *executable; /* the one input, if it is an executable; it is copied */
  struct ld_symbol *bucket[LD_BUCKETS];
  struct ld_section **commons; /* room for common symbols */
  size_t ncommons, commons_room;
  struct ld_output **outputs;
  size_t noutputs, outputs_room;
  struct ld_image image;
  struct ld_wrap *wraps;
  struct ld_define *defines;
  bool whole_archives; /* every member of the archives that follow takes part */
  unsigned errors;
  size_t sections; /* read so far */
};

/* ---- ld.c: memory and messages ---- */

/* Zeroed memory that lives as long as the link. If there is none, control leaves for the public function that
 * is running, which fails. So whatever is not in the arena (a file descriptor, an Elf) must have an owner, or
 * be closed, before anything is allocated. */
void *pg32_ld_alloc(struct pg32_ld *ld, size_t count, size_t size);
char *pg32_ld_format(struct pg32_ld *ld, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Returns an array with room for at least one element more than `count`: `array` itself, or a copy of its
 * first `count` elements. *room is how many elements of `size` bytes it has room for. As the elements are
 * copied, and never reallocated through a pointer of another type, C's aliasing rules are kept. */
void *pg32_ld_grow(struct pg32_ld *ld, void *array, size_t count, size_t *room, size_t size);
/* Reports and returns false. Allocates nothing, but may leave like pg32_ld_alloc if it was called because
 * libelf found no memory. */
bool pg32_ld_error(struct pg32_ld *ld, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "file.o:(.text+0x10), in function 'f'" */
const char *pg32_ld_place(struct pg32_ld *ld, const struct ld_section *section, uint32_t offset);

/* ---- read.c ---- */
bool pg32_ld_read_file(struct pg32_ld *ld, const char *path);
bool pg32_ld_read_memory(struct pg32_ld *ld, const char *name, const void *bytes, size_t size);
bool pg32_ld_read_library(struct pg32_ld *ld, const char *name);
void pg32_ld_free_files(struct pg32_ld *ld);

/* ---- names.c ---- */
void pg32_ld_require_name(struct pg32_ld *ld, const char *name);
void pg32_ld_wrap_name(struct pg32_ld *ld, const char *name);
/* What an object that refers to `name` means: `name` itself, unless --wrap says otherwise. */
const char *pg32_ld_wrapped(struct pg32_ld *ld, const char *name);
bool pg32_ld_define_name(struct pg32_ld *ld, const char *text); /* "name=value" */
/* One after the other the sections that --defsym refers to; *at begins as ld->defines. NULL: no more. */
struct ld_section *pg32_ld_next_defined(struct pg32_ld *ld, struct ld_define **at);
void pg32_ld_settle_defines(struct pg32_ld *ld); /* gives the values of those that refer to a symbol */

/* ---- resolve.c ---- */
struct ld_symbol *pg32_ld_lookup(struct pg32_ld *ld,
                                 const char *name); /* a new, undefined one if there is none */
bool pg32_ld_resolve(struct pg32_ld *ld);
bool pg32_ld_check_undefined(struct pg32_ld *ld);

/* ---- gc.c: sets `live` of each section ---- */
void pg32_ld_collect(struct pg32_ld *ld);

/* ---- frames.c ---- */
bool pg32_ld_drop_frames(struct pg32_ld *ld);

/* ---- layout.c ---- */
bool pg32_ld_lay_out(struct pg32_ld *ld);
uint32_t pg32_ld_base(const struct pg32_ld *ld);
uint32_t pg32_ld_value(const struct ld_symbol *symbol); /* its address */
static inline uint64_t ld_align(uint64_t value, uint64_t align) { return (value + align - 1) & -align; }

/* ---- reloc.c ---- */
bool pg32_ld_relocate(struct pg32_ld *ld);

/* ---- image.c, copy.c: make ld->image ---- */
bool pg32_ld_build_image(struct pg32_ld *ld);
bool pg32_ld_copy_executable(struct pg32_ld *ld);
void pg32_ld_name_sections(struct pg32_ld *ld); /* appends .shstrtab, after everything else in the file */

/* ---- write.c: ld->image as a file ---- */
int pg32_ld_make_file(struct pg32_ld *ld); /* in memory, open; -1 after a report */
bool pg32_ld_write_file(struct pg32_ld *ld, const char *path);

#endif
