/* subsection.c - the numbered parts of a section (.subsection, .text 1), and the layout of structures (.struct).
 *
 * A part is a section of its own while the source is read. At the end each part is appended to its section, in the
 * order of the numbers, and everything that lies in the part moves with it. A .struct is a place without a section:
 * its labels are numbers. */
#include "internal.h"

#include <elf.h>

/* ---- parts ---- */

#define MAX_PART 8192 /* as in GNU's assembler */

static struct section *part_of(struct assembler *as, struct section *whole, unsigned number) {
  if (!number) return whole;
  struct section **at = &whole->parts;
  while (*at && (*at)->number < number) at = &(*at)->next;
  if (*at && (*at)->number == number) return *at;
  if (++as->nsections > MAX_SECTIONS) pg32_as_fatal(as, "more than %d sections", MAX_SECTIONS);
  struct section *part = pg32_as_alloc(as, sizeof *part);
  *part = (struct section){.next = *at,
                           .name = whole->name,
                           .type = whole->type,
                           .flags = whole->flags,
                           .align = 1,
                           .number = number,
                           .whole = whole};
  part->last_line = &part->lines;
  part->last_relocation = &part->relocations;
  as->parts = true;
  return *at = part;
}

struct section *pg32_as_part(struct assembler *as, struct section *section) {
  int64_t number;
  struct section *whole = section->whole ? section->whole : section;
  if (as->token.kind == TOK_END) return whole;
  if (!pg32_as_constant_in(as, 0, MAX_PART, &number)) return section;
  return part_of(as, whole, (unsigned)number);
}

static void subsection(struct assembler *as, int unused) {
  (void)unused;
  if (as->token.kind == TOK_END)
    pg32_as_error(as, "expected the number of a subsection");
  else
    pg32_as_enter(as, pg32_as_part(as, as->here));
}

static void join(struct assembler *as, struct section *whole) {
  for (struct section *part = whole->parts; part; part = part->next) {
    unsigned log2 = 0;
    while (1u << log2 < part->align) log2++;
    as->here = whole;
    pg32_as_align(as, log2, -1, 0);
    part->base = whole->size;
    part->joined = true;
    as->output -= part->size;
    pg32_as_emit(as, part->data, part->size);
    pg32_as_move_lines(part, whole);
  }
}

void pg32_as_leave_part(struct symbol *symbol) {
  struct section *part = symbol->section;
  if (!part || !part->joined) return;
  symbol->offset += part->base;
  symbol->section = part->whole;
}

void pg32_as_join_parts(struct assembler *as) {
  if (!as->parts) return;
  struct section *here = as->here;
  for (struct section *s = as->sections; s; s = s->next) join(as, s);
  as->here = here;
  for (struct symbol *s = as->symbols; s; s = s->next) pg32_as_leave_part(s);
  for (struct fixup *f = as->fixups; f; f = f->next)
    if (f->section->joined) f->offset += f->section->base, f->section = f->section->whole;
  for (struct procedure *p = as->procedures; p; p = p->next)
    if (p->section->joined)
      p->start += p->section->base, p->end += p->section->base, p->section = p->section->whole;
}

/* ---- structures ---- */

/* .struct offset: the labels that follow are offsets in a structure, and .space makes room for a member. */
static void structure(struct assembler *as, int unused) {
  (void)unused;
  int64_t offset = 0;
  if (as->token.kind != TOK_END && !pg32_as_constant_in(as, 0, MAX_OUTPUT, &offset)) return;
  as->structure.size = (uint32_t)offset;
  if (as->here != &as->structure) pg32_as_enter(as, &as->structure);
}

void pg32_as_begin_structure(struct assembler *as) {
  as->structure = (struct section){.name = ".struct", .type = SHT_NOBITS, .align = 1};
  as->structure.last_line = &as->structure.lines;
}

/* clang-format off */
static const struct directive directives[] = {
  {".subsection", subsection, 0}, {".struct", structure, 0}, {".offset", structure, 0},
};
/* clang-format on */

bool pg32_as_part_directive(struct assembler *as, struct text name) {
  return pg32_as_execute(as, directives, sizeof directives / sizeof *directives, name);
}
