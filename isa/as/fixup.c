/* fixup.c - after the last statement, each fixup becomes a value, or a relocation for the linker. */
#include "internal.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* ---- relocations ---- */

void pg32_as_relocate(struct assembler *as, struct section *place, uint32_t offset, unsigned type,
                      struct symbol *symbol, int64_t addend) {
  struct relocation *r = pg32_as_alloc(as, sizeof *r);
  *r = (struct relocation){.offset = offset, .type = type, .addend = (int32_t)addend};
  bool by_section =
      symbol && symbol->kind == SYM_LABEL && pg32_as_is_private(symbol) && type != R_PG32_PCREL_LO12;
  if (by_section) {
    r->section = symbol->section;
    r->section->symbol_index = 1; /* the section needs a symbol; elf.c numbers it */
    r->addend = (int32_t)((uint32_t)addend + symbol->offset);
  } else if (symbol) {
    r->symbol = symbol;
    symbol->used = true;
  }
  *place->last_relocation = r;
  place->last_relocation = &r->next;
  place->nrelocations++;
}

static void fixup_relocation(struct assembler *as, const struct fixup *f, unsigned type,
                             const struct value *v) {
  pg32_as_relocate(as, f->section, f->offset, type, v->add, v->n);
}

/* ---- fixups ---- */

static bool overflows(struct assembler *as, const struct fixup *f, int64_t n, int64_t low, int64_t high) {
  if (n >= low && n <= high) return false;
  pg32_as_error_at(as, &f->place, "%lld is not in %lld..%lld", (long long)n, (long long)low, (long long)high);
  return true;
}

/* Other tools do not know PG32's relocations. In debug information the bytes themselves are therefore the number that
 * the relocation stands for, as far as an object can say: an offset in a section. pg32-ld overwrites the bytes. */
static void put_in_place(const struct fixup *f, const struct value *v, unsigned bytes) {
  int64_t n = v->n + (v->add ? v->add->offset : 0) - (v->sub ? v->sub->offset : 0);
  if (!(f->section->flags & SHF_ALLOC)) pg32_as_put_le(f->section->data + f->offset, (uint64_t)n, bytes);
}

static void settle_data(struct assembler *as, const struct fixup *f, const struct value *v, unsigned bytes) {
  static const unsigned types[] = {[1] = R_PG32_8, [2] = R_PG32_16, [4] = R_PG32_32, [8] = R_PG32_32};
  int64_t low = bytes == 8 ? INT64_MIN : -((int64_t)1 << (8 * bytes - 1));
  int64_t high = bytes == 8 ? INT64_MAX : ((int64_t)1 << 8 * bytes) - 1;
  if (!v->add && !v->sub) {
    if (!overflows(as, f, v->n, low, high))
      pg32_as_put_le(f->section->data + f->offset, (uint64_t)v->n, bytes);
  } else if (!v->sub) {
    fixup_relocation(as, f, types[bytes], v);
    put_in_place(f, v, bytes);
  } else if (bytes == 4 && v->add) {
    put_in_place(f, v, bytes);
    fixup_relocation(as, f, R_PG32_32, v);
    pg32_as_relocate(as, f->section, f->offset, R_PG32_SUB32, v->sub, 0);
  } else {
    pg32_as_error_at(as, &f->place, "a difference across sections needs a .word");
  }
}

static void settle_leb(struct assembler *as, const struct fixup *f, const struct value *v, bool is_signed) {
  int64_t limit = (int64_t)1 << (7 * LEB_WIDTH - is_signed);
  uint8_t *p = f->section->data + f->offset;
  if (v->add || v->sub)
    pg32_as_error_at(as, &f->place, "a LEB128 number must be a constant or a difference in one section");
  else if (!overflows(as, f, v->n, is_signed ? -limit : 0, limit - 1))
    for (unsigned i = 0; i < LEB_WIDTH; i++)
      p[i] = ((uint64_t)v->n >> (7 * i) & 127) | (i + 1 < LEB_WIDTH ? 128 : 0);
}

static void settle_modified(struct assembler *as, const struct fixup *f, const struct value *v) {
  static const unsigned types[] = {[MOD_HI] = R_PG32_HI20,
                                   [MOD_LO] = R_PG32_LO12,
                                   [MOD_PCREL_HI] = R_PG32_PCREL_HI20,
                                   [MOD_PCREL_LO] = R_PG32_PCREL_LO12};
  uint8_t *p = f->section->data + f->offset;
  uint32_t n = (uint32_t)v->n;
  bool label = v->add && v->add->kind == SYM_LABEL && v->add->name[0] && !v->n;
  if (f->modifier == MOD_PCREL_LO && !label)
    pg32_as_error_at(as, &f->place, "%%pcrel_lo takes the label of an auipc");
  else if (v->add || f->modifier == MOD_PCREL_HI)
    fixup_relocation(as, f, types[f->modifier], v);
  else if (f->modifier == MOD_HI)
    pg32_as_patch(as, p, (n + 0x800) >> 12, &f->place);
  else
    pg32_as_patch(as, p, (int32_t)((n & 0xfff) ^ 0x800) - 0x800, &f->place);
}

static void settle_insn(struct assembler *as, const struct fixup *f, const struct value *v) {
  uint8_t *p = f->section->data + f->offset;
  enum pg32_shape shape = pg32_row(pg32_decode((uint32_t)pg32_as_get_le(p, 4)).id)->shape;
  bool jump = shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_JUMP;
  bool here =
      v->add && v->add->kind == SYM_LABEL && v->add->section == f->section && v->add->binding != STB_WEAK;
  if (v->sub)
    pg32_as_error_at(as, &f->place, "a difference across sections cannot be an operand");
  else if (f->modifier != MOD_NONE)
    settle_modified(as, f, v);
  else if (jump && here)
    pg32_as_patch(as, p, v->n + v->add->offset - f->offset, &f->place);
  else if (jump)
    fixup_relocation(as, f, shape == PG32_SHAPE_JUMP ? R_PG32_JUMP : R_PG32_BRANCH, v);
  else if (!v->add)
    pg32_as_patch(as, p, v->n, &f->place);
  else
    pg32_as_error_at(as, &f->place, "an address does not fit here: use %%hi and %%lo, or la");
}

static bool undefined(struct assembler *as, const struct fixup *f, const struct symbol *s) {
  if (!s || s->kind != SYM_UNDEFINED || !pg32_as_is_private(s)) return false;
  if (strchr(s->name, '$') && s->name[0] == 1)
    pg32_as_error_at(as, &f->place, "no label %d$: between the ordinary labels around this",
                     atoi(s->name + 1));
  else if (s->name[0] == 1)
    pg32_as_error_at(as, &f->place, "no label %d: after this", atoi(s->name + 1));
  else
    pg32_as_error_at(as, &f->place, "'%s' is not defined", s->name);
  return true;
}

static void settle(struct assembler *as, const struct fixup *f) {
  struct value v;
  const char *why;
  if (!pg32_as_value(as, f->expr, &v, &why)) {
    pg32_as_error_at(as, &f->place, "cannot compute this: %s", why);
    return;
  }
  if (undefined(as, f, v.add) || undefined(as, f, v.sub)) return;
  switch (f->kind) {
  case FIX_BYTE: settle_data(as, f, &v, 1); break;
  case FIX_HALF: settle_data(as, f, &v, 2); break;
  case FIX_WORD: settle_data(as, f, &v, 4); break;
  case FIX_DOUBLE: settle_data(as, f, &v, 8); break;
  case FIX_ULEB: settle_leb(as, f, &v, false); break;
  case FIX_SLEB: settle_leb(as, f, &v, true); break;
  case FIX_INSN: settle_insn(as, f, &v); break;
  }
}

/* An undefined symbol with the name of a section stands for the start of that section, as in
 * `.word .debug_abbrev`. */
static void define_section_names(struct assembler *as) {
  for (struct section *section = as->sections; section; section = section->next) {
    struct symbol *symbol = pg32_as_find_symbol(as, (struct text){section->name, strlen(section->name)});
    if (symbol && symbol->kind == SYM_UNDEFINED) symbol->kind = SYM_LABEL, symbol->section = section;
  }
}

void pg32_as_settle(struct assembler *as) {
  define_section_names(as);
  for (const struct fixup *f = as->fixups; f; f = f->next) settle(as, f);
  pg32_as_settle_relocs(as);
}
