/* reloc.c - the directive .reloc, by which a source asks for a relocation:
 *
 *   .reloc offset, type, symbol + addend
 *
 * The type is one of isa/elf_pg32.h, or RISC-V's name of what computes the same. */
#include "internal.h"

struct reloc {
  struct reloc *next;
  struct section *section;
  const struct expr *where, *what; /* the offset; symbol + addend, or NULL */
  unsigned type;
  struct place place;
};

/* clang-format off */
static const struct { const char *name; unsigned type; } types[] = {
  {"R_PG32_NONE", R_PG32_NONE}, {"R_PG32_32", R_PG32_32}, {"R_PG32_16", R_PG32_16}, {"R_PG32_8", R_PG32_8},
  {"R_PG32_HI20", R_PG32_HI20}, {"R_PG32_LO12", R_PG32_LO12}, {"R_PG32_BRANCH", R_PG32_BRANCH},
  {"R_PG32_JUMP", R_PG32_JUMP}, {"R_PG32_PCREL_HI20", R_PG32_PCREL_HI20},
  {"R_PG32_PCREL_LO12", R_PG32_PCREL_LO12}, {"R_PG32_SUB32", R_PG32_SUB32},
  {"R_RISCV_NONE", R_PG32_NONE}, {"R_RISCV_32", R_PG32_32}, {"R_RISCV_HI20", R_PG32_HI20},
  {"R_RISCV_LO12_I", R_PG32_LO12}, {"R_RISCV_LO12_S", R_PG32_LO12}, {"R_RISCV_BRANCH", R_PG32_BRANCH},
  {"R_RISCV_JAL", R_PG32_JUMP}, {"R_RISCV_PCREL_HI20", R_PG32_PCREL_HI20},
  {"R_RISCV_PCREL_LO12_I", R_PG32_PCREL_LO12}, {"R_RISCV_PCREL_LO12_S", R_PG32_PCREL_LO12},
  {"BFD_RELOC_NONE", R_PG32_NONE}, {"BFD_RELOC_8", R_PG32_8}, {"BFD_RELOC_16", R_PG32_16},
  {"BFD_RELOC_32", R_PG32_32},
};
/* clang-format on */

static bool reloc_type(struct assembler *as, unsigned *type) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (as->token.kind == TOK_NAME && pg32_as_text_is(as->token.text, types[i].name)) {
      *type = types[i].type;
      pg32_as_advance(as);
      return true;
    }
  pg32_as_error(as, "expected the type of a relocation, such as R_PG32_32 or R_RISCV_HI20");
  return false;
}

void pg32_as_reloc_directive(struct assembler *as) {
  struct reloc *r = pg32_as_alloc(as, sizeof *r);
  *r = (struct reloc){.section = as->here, .place = pg32_as_place(as, as->token.text)};
  if (!(r->where = pg32_as_expr(as)) || !pg32_as_expect(as, ',') || !reloc_type(as, &r->type)) return;
  if (pg32_as_accept(as, ',') && !(r->what = pg32_as_expr(as))) return;
  *as->last_reloc = r;
  as->last_reloc = &r->next;
}

/* The place: an offset in the section in which the directive stands, or a label of any section. */
static bool find_place(struct assembler *as, const struct reloc *r, struct section **section,
                       uint32_t *offset) {
  struct value v;
  const char *why;
  struct section *own = r->section->joined ? r->section->whole : r->section;
  if (!pg32_as_value(as, r->where, &v, &why) || v.sub || (v.add && v.add->kind != SYM_LABEL)) return false;
  *section = v.add ? v.add->section : own;
  if (v.add)
    v.n += v.add->offset;
  else if (r->section->joined)
    v.n += r->section->base;
  *offset = (uint32_t)v.n;
  unsigned bytes = r->type == R_PG32_NONE ? 0 : r->type == R_PG32_8 ? 1 : r->type == R_PG32_16 ? 2 : 4;
  return (*section)->data && v.n >= 0 && v.n + bytes <= (*section)->size;
}

static void settle(struct assembler *as, const struct reloc *r) {
  struct section *section;
  uint32_t offset;
  struct value v = {0};
  const char *why;
  if (!find_place(as, r, &section, &offset))
    pg32_as_error_at(as, &r->place, "expected an offset in this section, or a label with data");
  else if (r->what && (!pg32_as_value(as, r->what, &v, &why) || v.sub))
    pg32_as_error_at(as, &r->place, "a relocation takes a symbol, plus a number");
  else
    pg32_as_relocate(as, section, offset, r->type, v.add, v.n);
}

void pg32_as_settle_relocs(struct assembler *as) {
  for (const struct reloc *r = as->relocs; r; r = r->next) settle(as, r);
}
