/* elf.c - the object file: symbol table, sections and headers. */
#include "internal.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "ELF structures are written in the host's byte order");

/* ---- the symbol table ---- */

struct object {
  char *strings; /* of .strtab, which holds the names of the sections, too */
  size_t nstrings, capacity;
  Elf32_Sym *symbols;
  unsigned nsymbols, nlocals;
  unsigned symtab, strtab; /* section indices */
  Elf32_Shdr *headers;     /* of all sections; 0 is unused */
  const void **bytes;      /* their contents */
  unsigned nsections;
  uint64_t end; /* the size of the file so far */
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

/* The symbol's name in the file. A numeric label needs one if a %pcrel_lo refers to it: the second label `1:`
 * is called .L1_2. */
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
  if (s->kind == SYM_UNDEFINED || pg32_as_is_private(s)) return false;
  return s->kind != SYM_EQUATE || s->binding != STB_LOCAL;
}

/* Fills in the section and value of an equate, which may stand for an address. */
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

/* The order is ELF's: the null symbol, the file, sections and other local symbols, then global symbols. */
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

static void add_section(struct assembler *as, struct object *o, Elf32_Shdr header, const void *bytes,
                        size_t size) {
  uint64_t align = header.sh_addralign ? header.sh_addralign : 1;
  o->end = (o->end + align - 1) & -align;
  header.sh_offset = (Elf32_Off)o->end;
  header.sh_size = (Elf32_Word)size;
  if (header.sh_type != SHT_NOBITS) o->end += size;
  if (o->end > UINT32_MAX - sizeof header * SHN_LORESERVE)
    pg32_as_fatal(as, "the object file would be too large");
  o->headers[o->nsections] = header;
  o->bytes[o->nsections++] = bytes;
}

static void add_relocations(struct assembler *as, struct object *o, const struct section *s) {
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
  add_section(as, o, header, rela, s->nrelocations * sizeof *rela);
}

static void add_sections(struct assembler *as, struct object *o) {
  for (const struct section *s = as->sections; s; s = s->next) {
    Elf32_Shdr header = {.sh_name = add_string(as, o, s->name),
                         .sh_type = s->type,
                         .sh_flags = s->flags,
                         .sh_entsize = s->entsize,
                         .sh_addralign = s->align};
    add_section(as, o, header, s->data, s->size);
  }
  for (const struct section *s = as->sections; s; s = s->next)
    if (s->relocations) add_relocations(as, o, s);
  Elf32_Shdr symtab = {.sh_name = add_string(as, o, ".symtab"),
                       .sh_type = SHT_SYMTAB,
                       .sh_link = o->strtab,
                       .sh_info = o->nlocals,
                       .sh_addralign = 4,
                       .sh_entsize = sizeof *o->symbols};
  add_section(as, o, symtab, o->symbols, o->nsymbols * sizeof *o->symbols);
  Elf32_Shdr strtab = {.sh_name = add_string(as, o, ".strtab"), .sh_type = SHT_STRTAB, .sh_addralign = 1};
  add_section(as, o, strtab, o->strings, o->nstrings);
}

static Elf32_Ehdr file_header(const struct object *o) {
  return (Elf32_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                      .e_type = ET_REL,
                      .e_machine = EM_PG32,
                      .e_version = EV_CURRENT,
                      .e_shoff = (Elf32_Off)((o->end + 3) & -4ull),
                      .e_ehsize = sizeof(Elf32_Ehdr),
                      .e_shentsize = sizeof(Elf32_Shdr),
                      .e_shnum = (Elf32_Half)o->nsections,
                      .e_shstrndx = (Elf32_Half)o->strtab};
}

/* The order in the file: ELF header, sections, section headers. */
static void write_object(const struct object *o, const Elf32_Ehdr *header, char *file) {
  memcpy(file, header, sizeof *header);
  for (unsigned i = 1; i < o->nsections; i++)
    if (o->headers[i].sh_type != SHT_NOBITS && o->headers[i].sh_size)
      memcpy(file + o->headers[i].sh_offset, o->bytes[i], o->headers[i].sh_size);
  memcpy(file + header->e_shoff, o->headers, o->nsections * sizeof *o->headers);
}

void pg32_as_write(struct assembler *as, char **object, size_t *size) {
  struct object o = {.end = sizeof(Elf32_Ehdr), .nsections = 1};
  number_sections(as, &o);
  symbol_table(as, &o);
  if (as->errors) return;
  o.headers = pg32_as_alloc(as, (o.strtab + 1) * sizeof *o.headers);
  o.bytes = pg32_as_alloc(as, (o.strtab + 1) * sizeof *o.bytes);
  add_sections(as, &o);
  Elf32_Ehdr header = file_header(&o);
  size_t bytes = header.e_shoff + o.nsections * sizeof *o.headers;
  *object = calloc(1, bytes);
  if (!*object) pg32_as_no_memory(as);
  *size = bytes;
  write_object(&o, &header, *object);
}
