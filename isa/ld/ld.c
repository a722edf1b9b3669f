/* ld.c - the linker's public functions, its memory and its messages. */
#include "internal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct ld_block {
  struct ld_block *next;
  max_align_t memory[];
};

/* Leaves the public function that is running; see LD_ENTER. */
_Noreturn static void run_out(struct pg32_ld *ld) {
  if (!ld->no_memory && ld->options.report) ld->options.report(ld->options.context, "out of memory");
  ld->no_memory = true;
  longjmp(ld->out, 1);
}

void *pg32_ld_alloc(struct pg32_ld *ld, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2) run_out(ld);
  struct ld_block *block = calloc(1, sizeof *block + bytes);
  if (!block) run_out(ld);
  block->next = ld->arena;
  ld->arena = block;
  return block->memory;
}

void *pg32_ld_grow(struct pg32_ld *ld, void *array, size_t count, size_t *room, size_t size) {
  if (count < *room) return array;
  *room = *room ? *room * 2 : 16;
  void *larger = pg32_ld_alloc(ld, *room, size);
  if (count) memcpy(larger, array, count * size);
  return larger;
}

char *pg32_ld_format(struct pg32_ld *ld, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) return "";
  char *text = pg32_ld_alloc(ld, (size_t)length + 1, 1);
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

enum { MOST = 50, MESSAGE = 4096 }; /* errors shown; bytes of one, its NUL included */

/* libelf says only that it failed, but its malloc leaves ENOMEM in errno, which LD_ENTER has cleared. */
bool pg32_ld_error(struct pg32_ld *ld, const char *format, ...) {
  char text[MESSAGE];
  va_list arguments;
  if (errno == ENOMEM) run_out(ld);
  va_start(arguments, format);
  vsnprintf(text, sizeof text, ld->errors < MOST ? format : "too many errors; the rest is not shown",
            arguments);
  va_end(arguments);
  if (ld->errors <= MOST && ld->options.report) ld->options.report(ld->options.context, text);
  ld->errors++;
  return false;
}

/* The function in whose code `offset` of `section` lies, or NULL. */
static const struct ld_symbol *function_at(const struct ld_section *section, uint32_t offset) {
  const struct ld_object *object = section->object;
  const struct ld_symbol *best = NULL;
  for (size_t i = 1; i < object->nsymbols; i++) {
    const struct ld_symbol *symbol = &object->own[i];
    if (symbol->section != section || symbol->type != STT_FUNC || symbol->value > offset) continue;
    if (symbol->size && offset - symbol->value >= symbol->size) continue;
    if (!best || symbol->value > best->value) best = symbol;
  }
  return best;
}

const char *pg32_ld_place(struct pg32_ld *ld, const struct ld_section *section, uint32_t offset) {
  if (ld->errors > MOST) return ""; /* no more is shown, and there may be a million */
  const struct ld_symbol *function = function_at(section, offset);
  const char *place =
      pg32_ld_format(ld, "%s:(%s+0x%x)", section->object->name, section->name, (unsigned)offset);
  return function ? pg32_ld_format(ld, "%s, in function '%s'", place, function->name) : place;
}

/* ---- the public functions ---- */

/* Begins a public function: one that needs memory and finds none comes back here and returns `failure`. */
#define LD_ENTER(ld, failure)              \
  if ((ld)->no_memory) return (failure);   \
  if (setjmp((ld)->out)) return (failure); \
  errno = 0

struct pg32_ld *pg32_ld_new(const struct pg32_ld_options *options) {
  elf_version(EV_CURRENT);
  struct pg32_ld *ld = calloc(1, sizeof *ld);
  if (!ld) return NULL;
  ld->options = *options;
  if (!ld->options.entry) ld->options.entry = "_start";
  ld->last_object = &ld->objects;
  return ld;
}

bool pg32_ld_add_file(struct pg32_ld *ld, const char *path) {
  LD_ENTER(ld, false);
  return pg32_ld_read_file(ld, path);
}

bool pg32_ld_add_memory(struct pg32_ld *ld, const char *name, const void *bytes, size_t size) {
  LD_ENTER(ld, false);
  return pg32_ld_read_memory(ld, name, bytes, size);
}

bool pg32_ld_add_folder(struct pg32_ld *ld, const char *path) {
  LD_ENTER(ld, false);
  ld->folders = pg32_ld_grow(ld, ld->folders, ld->nfolders, &ld->folders_room, sizeof *ld->folders);
  ld->folders[ld->nfolders++] = path;
  return true;
}

bool pg32_ld_add_library(struct pg32_ld *ld, const char *name) {
  LD_ENTER(ld, false);
  return pg32_ld_read_library(ld, name);
}

void pg32_ld_whole_archives(struct pg32_ld *ld, bool whole) { ld->whole_archives = whole; }

bool pg32_ld_require(struct pg32_ld *ld, const char *name) {
  LD_ENTER(ld, false);
  pg32_ld_require_name(ld, name);
  return true;
}

bool pg32_ld_wrap(struct pg32_ld *ld, const char *name) {
  LD_ENTER(ld, false);
  pg32_ld_wrap_name(ld, name);
  return true;
}

bool pg32_ld_define(struct pg32_ld *ld, const char *text) {
  LD_ENTER(ld, false);
  return pg32_ld_define_name(ld, text);
}

static bool link_objects(struct pg32_ld *ld) {
  if (!ld->objects) return pg32_ld_error(ld, "no input files");
  if (!pg32_ld_resolve(ld)) return false;
  pg32_ld_collect(ld);
  return pg32_ld_drop_frames(ld) && pg32_ld_lay_out(ld) && pg32_ld_check_undefined(ld) &&
         pg32_ld_relocate(ld) && pg32_ld_build_image(ld);
}

bool pg32_ld_link(struct pg32_ld *ld) {
  LD_ENTER(ld, false);
  if (ld->errors) return false;
  if (!(ld->executable ? pg32_ld_copy_executable(ld) : link_objects(ld))) return false;
  pg32_ld_name_sections(ld);
  return true;
}

int pg32_ld_open_image(struct pg32_ld *ld) {
  LD_ENTER(ld, -1);
  return pg32_ld_make_file(ld);
}

bool pg32_ld_write(struct pg32_ld *ld, const char *path) {
  LD_ENTER(ld, false);
  return pg32_ld_write_file(ld, path);
}

bool pg32_ld_no_memory(const struct pg32_ld *ld) { return ld->no_memory; }

bool pg32_ld_section_address(const struct pg32_ld *ld, uint32_t index, uint32_t *address) {
  const struct ld_object *first = ld->objects;
  if (!first || index >= first->nsections || !first->sections[index].output) return false;
  *address = first->sections[index].output->address + first->sections[index].offset;
  return true;
}

void pg32_ld_print_map(const struct pg32_ld *ld, FILE *out) {
  for (size_t i = 0; i < ld->noutputs; i++) {
    const struct ld_output *output = ld->outputs[i];
    fprintf(out, "%08x %8x %s\n", (unsigned)output->address, (unsigned)output->size, output->name);
    for (size_t j = 0; j < output->nparts; j++) {
      const struct ld_section *part = output->parts[j];
      fprintf(out, "%08x %8x   %-24s %s\n", (unsigned)(output->address + part->offset), (unsigned)part->size,
              part->name, part->object->name);
    }
  }
}

void pg32_ld_free(struct pg32_ld *ld) {
  if (!ld) return;
  pg32_ld_free_files(ld);
  while (ld->arena) {
    struct ld_block *block = ld->arena;
    ld->arena = block->next;
    free(block);
  }
  free(ld);
}
