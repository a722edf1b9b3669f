/* elf.c - the end of the assembly: fixups become values or relocations, and all becomes an ELF file. */
#define _GNU_SOURCE /* memfd_create */
#include "internal.h"

#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- relocations ---- */

/* A name that stays inside the assembler: .L..., a numeric local label, or none at all. */
static bool is_private(const struct symbol *s) {
  return s->name[0] <= 1 || (s->name[0] == '.' && s->name[1] == 'L');
}

static void relocate(struct assembler *as, struct section *place, uint32_t offset, unsigned type,
                     struct symbol *symbol, int64_t addend) {
  struct relocation *r = pg32_as_alloc(as, sizeof *r);
  *r = (struct relocation){.offset = offset, .type = type, .addend = (int32_t)addend};
  bool by_section = symbol && symbol->kind == SYM_LABEL && is_private(symbol) && type != R_PG32_PCREL_LO12;
  if (by_section) {
    r->section = symbol->section;
    r->section->symbol_index = 1; /* wanted */
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
  relocate(as, f->section, f->offset, type, v->add, v->n);
}

/* ---- fixups ---- */

static bool overflows(struct assembler *as, const struct fixup *f, int64_t n, int64_t low, int64_t high) {
  if (n >= low && n <= high) return false;
  pg32_as_error_at(as, &f->place, "%lld is not in %lld..%lld", (long long)n, (long long)low, (long long)high);
  return true;
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
  } else if (bytes == 4 && v->add) {
    fixup_relocation(as, f, R_PG32_32, v);
    relocate(as, f->section, f->offset, R_PG32_SUB32, v->sub, 0);
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
  if (!s || s->kind != SYM_UNDEFINED || !is_private(s)) return false;
  if (s->name[0] == 1)
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

/* A name that nothing defines but a section has means the start of that section (`.word .debug_abbrev`). */
static void define_section_names(struct assembler *as) {
  for (struct section *section = as->sections; section; section = section->next) {
    struct symbol *symbol = pg32_as_find_symbol(as, (struct text){section->name, strlen(section->name)});
    if (symbol && symbol->kind == SYM_UNDEFINED) symbol->kind = SYM_LABEL, symbol->section = section;
  }
}

void pg32_as_settle(struct assembler *as) {
  define_section_names(as);
  for (const struct fixup *f = as->fixups; f; f = f->next) settle(as, f);
}

/* ---- the symbol table ---- */

struct object {
  Elf *elf;
  char *strings; /* .strtab, and .shstrtab too: one table serves both */
  size_t nstrings, capacity;
  Elf32_Sym *symbols;
  unsigned nsymbols, nlocals;
  unsigned symtab, strtab; /* section indices */
};

static Elf32_Word add_string(struct assembler *as, struct object *o, const char *s) {
  size_t n = strlen(s) + 1, at = o->nstrings;
  if (n == 1 && at) return 0;
  if (at + n > o->capacity) {
    o->capacity = 2 * (at + n) + 256;
    char *more = pg32_as_alloc(as, o->capacity);
    if (at) memcpy(more, o->strings, at);
    o->strings = more;
  }
  memcpy(o->strings + at, s, n);
  o->nstrings += n;
  return (Elf32_Word)at;
}

/* The name it gets in the file: a numeric label 1: that %pcrel_lo needs becomes .L1_<instance>. */
static const char *file_name(struct assembler *as, const struct symbol *s) {
  if (s->name[0] != 1) return s->name;
  size_t n = strlen(s->name) + 2;
  char *name = pg32_as_alloc(as, n);
  snprintf(name, n, ".L%s", s->name + 1);
  for (char *p = name; *p; p++)
    if (*p == 1) *p = '_';
  return name;
}

static bool is_global(const struct symbol *s) {
  return s->binding != STB_LOCAL || s->kind == SYM_UNDEFINED || s->kind == SYM_COMMON;
}

static bool is_listed(const struct symbol *s) {
  if (s->used) return true;
  if (s->kind == SYM_UNDEFINED || is_private(s)) return false;
  return s->kind != SYM_EQUATE || s->binding != STB_LOCAL;
}

/* Where an equate for an address points: the section, and the value in it. */
static void place_equate(struct assembler *as, const struct symbol *s, Elf32_Sym *sym) {
  struct value v;
  const char *why;
  bool good = pg32_as_value(as, s->expr, &v, &why) && !v.sub && (!v.add || v.add->kind == SYM_LABEL);
  if (!good) {
    pg32_as_error_at(as, &s->place, "'%s' must be a constant or an address of this file", s->name);
    return;
  }
  sym->st_shndx = v.add ? (Elf32_Half)v.add->section->elf_index : SHN_ABS;
  sym->st_value = (uint32_t)v.n + (v.add ? v.add->offset : 0);
  if (v.add && !s->type) sym->st_info = ELF32_ST_INFO(ELF32_ST_BIND(sym->st_info), v.add->type);
}

static Elf32_Word symbol_size(struct assembler *as, const struct symbol *s) {
  int64_t size = 0;
  if (s->kind == SYM_COMMON) return s->offset;
  if (s->size && !pg32_as_is_constant(as, s->size, &size))
    pg32_as_error_at(as, &s->place, "the .size of '%s' is not a constant", s->name);
  return (Elf32_Word)size;
}

static void add_symbol(struct assembler *as, struct object *o, struct symbol *s) {
  unsigned binding = is_global(s) && s->binding == STB_LOCAL ? STB_GLOBAL : s->binding;
  Elf32_Sym sym = {.st_name = add_string(as, o, file_name(as, s)),
                   .st_info = ELF32_ST_INFO(binding, s->type),
                   .st_other = s->visibility,
                   .st_size = symbol_size(as, s)};
  if (s->kind == SYM_LABEL) sym.st_shndx = (Elf32_Half)s->section->elf_index, sym.st_value = s->offset;
  if (s->kind == SYM_COMMON) sym.st_shndx = SHN_COMMON, sym.st_value = s->align;
  if (s->kind == SYM_EQUATE) place_equate(as, s, &sym);
  s->elf_index = o->nsymbols;
  o->symbols[o->nsymbols++] = sym;
}

static unsigned count_symbols(const struct assembler *as) {
  unsigned n = 2;
  for (const struct symbol *s = as->symbols; s; s = s->next) n++;
  for (const struct section *s = as->sections; s; s = s->next) n++;
  return n;
}

/* Null, file, sections, locals, then globals, as ELF wants them. */
static void symbol_table(struct assembler *as, struct object *o) {
  o->symbols = pg32_as_alloc(as, count_symbols(as) * sizeof *o->symbols);
  add_string(as, o, "");
  o->nsymbols = 1;
  if (as->source_name)
    o->symbols[o->nsymbols++] = (Elf32_Sym){.st_name = add_string(as, o, as->source_name),
                                            .st_info = ELF32_ST_INFO(STB_LOCAL, STT_FILE),
                                            .st_shndx = SHN_ABS};
  for (struct section *s = as->sections; s; s = s->next) {
    if (!s->symbol_index) continue;
    s->symbol_index = o->nsymbols;
    o->symbols[o->nsymbols++] =
        (Elf32_Sym){.st_info = ELF32_ST_INFO(STB_LOCAL, STT_SECTION), .st_shndx = (Elf32_Half)s->elf_index};
  }
  for (struct symbol *s = as->symbols; s; s = s->next)
    if (is_listed(s) && !is_global(s)) add_symbol(as, o, s);
  o->nlocals = o->nsymbols;
  for (struct symbol *s = as->symbols; s; s = s->next)
    if (is_listed(s) && is_global(s)) add_symbol(as, o, s);
}

/* ---- the file ---- */

static void number_sections(struct assembler *as, struct object *o) {
  unsigned n = 1;
  for (struct section *s = as->sections; s; s = s->next) s->elf_index = n++;
  for (struct section *s = as->sections; s; s = s->next) n += s->relocations != NULL;
  o->symtab = n;
  o->strtab = n + 1;
  if (n + 1 >= SHN_LORESERVE) pg32_as_fatal(as, "too many sections");
}

static void fail(struct assembler *as) {
  pg32_as_fatal(as, "cannot write the object file: %s", elf_errmsg(-1));
}

static void add_section(struct assembler *as, struct object *o, Elf32_Shdr header, Elf_Type type, void *bytes,
                        size_t size) {
  Elf_Scn *scn = elf_newscn(o->elf);
  Elf_Data *data = scn ? elf_newdata(scn) : NULL;
  Elf32_Shdr *shdr = data ? elf32_getshdr(scn) : NULL;
  if (!shdr) fail(as);
  data->d_type = type;
  data->d_buf = bytes;
  data->d_size = size;
  data->d_align = header.sh_addralign;
  data->d_version = EV_CURRENT;
  header.sh_size = (Elf32_Word)size;
  *shdr = header;
}

static void write_relocations(struct assembler *as, struct object *o, const struct section *s) {
  Elf32_Rela *rela = pg32_as_alloc(as, s->nrelocations * sizeof *rela), *p = rela;
  for (const struct relocation *r = s->relocations; r; r = r->next) {
    unsigned symbol = r->symbol ? r->symbol->elf_index : r->section ? r->section->symbol_index : 0;
    *p++ =
        (Elf32_Rela){.r_offset = r->offset, .r_info = ELF32_R_INFO(symbol, r->type), .r_addend = r->addend};
  }
  size_t n = strlen(s->name) + 6;
  char *name = pg32_as_alloc(as, n);
  snprintf(name, n, ".rela%s", s->name);
  Elf32_Shdr header = {.sh_name = add_string(as, o, name),
                       .sh_type = SHT_RELA,
                       .sh_flags = SHF_INFO_LINK,
                       .sh_link = o->symtab,
                       .sh_info = s->elf_index,
                       .sh_addralign = 4,
                       .sh_entsize = sizeof *rela};
  add_section(as, o, header, ELF_T_RELA, rela, s->nrelocations * sizeof *rela);
}

static void write_sections(struct assembler *as, struct object *o) {
  for (const struct section *s = as->sections; s; s = s->next) {
    Elf32_Shdr header = {.sh_name = add_string(as, o, s->name),
                         .sh_type = s->type,
                         .sh_flags = s->flags,
                         .sh_entsize = s->entsize,
                         .sh_addralign = s->align};
    add_section(as, o, header, ELF_T_BYTE, s->data, s->size);
  }
  for (const struct section *s = as->sections; s; s = s->next)
    if (s->relocations) write_relocations(as, o, s);
  Elf32_Shdr symtab = {.sh_name = add_string(as, o, ".symtab"),
                       .sh_type = SHT_SYMTAB,
                       .sh_link = o->strtab,
                       .sh_info = o->nlocals,
                       .sh_addralign = 4,
                       .sh_entsize = sizeof *o->symbols};
  add_section(as, o, symtab, ELF_T_SYM, o->symbols, o->nsymbols * sizeof *o->symbols);
  Elf32_Shdr strtab = {.sh_name = add_string(as, o, ".strtab"), .sh_type = SHT_STRTAB, .sh_addralign = 1};
  add_section(as, o, strtab, ELF_T_BYTE, o->strings, o->nstrings);
}

static void write_header(struct assembler *as, struct object *o) {
  Elf32_Ehdr *header = elf32_newehdr(o->elf);
  if (!header) fail(as);
  header->e_ident[EI_DATA] = ELFDATA2LSB;
  header->e_type = ET_REL;
  header->e_machine = EM_PG32;
  header->e_version = EV_CURRENT;
  header->e_shstrndx = (Elf32_Half)o->strtab;
}

/* All of a file, from its start. */
static char *read_back(int fd, size_t size) {
  char *bytes = malloc(size ? size : 1);
  for (size_t n = 0; bytes && n < size;) {
    ssize_t got = pread(fd, bytes + n, size - n, (off_t)n);
    if (got <= 0) {
      free(bytes);
      return NULL;
    }
    n += (size_t)got;
  }
  return bytes;
}

void pg32_as_write(struct assembler *as, char **object, size_t *size) {
  struct object o = {0};
  number_sections(as, &o);
  symbol_table(as, &o);
  if (as->errors) return;
  elf_version(EV_CURRENT);
  as->fd = memfd_create("object", MFD_CLOEXEC);
  as->elf = o.elf = as->fd < 0 ? NULL : elf_begin(as->fd, ELF_C_WRITE, NULL);
  if (!o.elf) fail(as);
  write_header(as, &o);
  write_sections(as, &o);
  off_t bytes = elf_update(o.elf, ELF_C_WRITE);
  if (bytes < 0) fail(as);
  *object = read_back(as->fd, (size_t)bytes);
  if (!*object) pg32_as_fatal(as, "out of memory");
  *size = (size_t)bytes;
}

void pg32_as_close(struct assembler *as) {
  if (as->elf) elf_end(as->elf);
  if (as->fd >= 0) close(as->fd);
}
