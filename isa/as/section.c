/* section.c - sections: making them, filling them, and the directives that choose one. */
#include "internal.h"

#include <elf.h>
#include <string.h>

struct section *pg32_as_section(struct assembler *as, const char *name, uint32_t type, uint32_t flags) {
  struct section **bucket =
      &as->section_buckets[pg32_as_hash((struct text){name, strlen(name)}) % SECTION_BUCKETS];
  for (struct section *s = *bucket; s; s = s->chain)
    if (!strcmp(s->name, name)) return s;
  if (++as->nsections > MAX_SECTIONS) pg32_as_fatal(as, "more than %d sections", MAX_SECTIONS);
  struct section *s = pg32_as_alloc(as, sizeof *s);
  *s = (struct section){.name = name, .chain = *bucket, .type = type, .flags = flags, .align = 1};
  *bucket = s;
  s->last_relocation = &s->relocations;
  s->last_line = &s->lines;
  *as->last_section = s;
  as->last_section = &s->next;
  return s;
}

void pg32_as_enter(struct assembler *as, struct section *section) {
  as->previous = as->here;
  as->here = section;
}

static void grow(struct assembler *as, struct section *s, uint32_t size) {
  if (size <= s->capacity) return;
  uint32_t capacity = s->capacity ? s->capacity : 64;
  while (capacity < size) capacity *= 2;
  uint8_t *data = pg32_as_alloc(as, capacity);
  if (s->size) memcpy(data, s->data, s->size);
  s->data = data;
  s->capacity = capacity;
}

/* Whether the bytes, if any are given, are all zero. */
static bool all_zero(const uint8_t *p, uint64_t size) {
  for (uint64_t i = 0; p && i < size; i++)
    if (p[i]) return false;
  return true;
}

uint8_t *pg32_as_emit(struct assembler *as, const void *data, uint64_t size) {
  struct section *s = as->here;
  as->output += size;
  if (size > MAX_OUTPUT || as->output > MAX_OUTPUT)
    pg32_as_fatal(as, "more than %u MiB of output", MAX_OUTPUT >> 20);
  if (s->type == SHT_NOBITS) {
    if (!all_zero(data, size))
      pg32_as_error(as, "'%s' holds only zeros, so nothing can be stored there", s->name);
    s->size += (uint32_t)size;
    return NULL;
  }
  if (!size) return NULL;
  grow(as, s, s->size + (uint32_t)size);
  uint8_t *p = s->data + s->size;
  if (data) memcpy(p, data, size);
  s->size += (uint32_t)size;
  return p;
}

void pg32_as_emit_number(struct assembler *as, uint64_t number, unsigned bytes) {
  uint8_t buf[8];
  pg32_as_put_le(buf, number, bytes);
  pg32_as_emit(as, buf, bytes);
}

/* Pads to a multiple of 1 << log2, if that takes at most `most` bytes (0: any number). Without a fill byte (<
 * 0) code is padded with nops as far as whole words are needed, all else with zeros. */
void pg32_as_align(struct assembler *as, unsigned log2, int fill, uint32_t most) {
  struct section *s = as->here;
  uint32_t align = 1u << log2, pad = -s->size & (align - 1);
  if (align > s->align) s->align = align;
  if (most && pad > most) return;
  bool code = s->flags & SHF_EXECINSTR && fill < 0 && s->size % 4 == 0;
  uint32_t nop = 0;
  pg32_encode((struct pg32_insn){.id = PG32_addi}, &nop);
  for (; code && pad >= 4; pad -= 4) pg32_as_emit_number(as, nop, 4);
  uint8_t *p = pg32_as_emit(as, NULL, pad);
  if (p && fill > 0) memset(p, fill, pad);
}

void pg32_as_fixup(struct assembler *as, enum fixup_kind kind, enum modifier modifier, uint32_t size,
                   const struct expr *expr, struct place place) {
  if (as->here->type == SHT_NOBITS) {
    pg32_as_error_at(as, &place, "'%s' holds only zeros, so nothing can be stored there", as->here->name);
    return;
  }
  struct fixup *f = pg32_as_alloc(as, sizeof *f);
  *f = (struct fixup){.section = as->here,
                      .offset = as->here->size - size,
                      .kind = kind,
                      .modifier = modifier,
                      .expr = expr,
                      .place = place};
  *as->last_fixup = f;
  as->last_fixup = &f->next;
}

void pg32_as_emit_address(struct assembler *as, struct section *section, uint32_t offset) {
  struct symbol *there = pg32_as_alloc(as, sizeof *there);
  *there = (struct symbol){.name = "", .kind = SYM_LABEL, .section = section, .offset = offset};
  pg32_as_emit_number(as, 0, 4);
  pg32_as_fixup(as, FIX_WORD, MOD_NONE, 4, pg32_as_symbol_expr(as, there), as->now.place);
}

/* ---- directives ---- */

struct attributes {
  uint32_t type, flags, entsize;
};

static bool begins(const char *name, const char *prefix) {
  size_t n = strlen(prefix);
  return !strncmp(name, prefix, n) && (!name[n] || name[n] == '.');
}

/* Type and flags of a section whose directive does not give them. */
static struct attributes customary(const char *name) {
  static const struct {
    const char *prefix;
    uint32_t type, flags;
  } known[] = {
      {".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR},
      {".init", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR},
      {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE},
      {".sdata", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE},
      {".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE},
      {".sbss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE},
      {".rodata", SHT_PROGBITS, SHF_ALLOC},
      {".srodata", SHT_PROGBITS, SHF_ALLOC},
      {".init_array", SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE},
      {".fini_array", SHT_FINI_ARRAY, SHF_ALLOC | SHF_WRITE},
      {".note", SHT_NOTE, 0},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (begins(name, known[i].prefix)) return (struct attributes){known[i].type, known[i].flags, 0};
  return (struct attributes){SHT_PROGBITS, 0, 0};
}

static bool section_flags(struct assembler *as, struct text letters, struct attributes *a, bool *group) {
  a->flags = 0;
  for (size_t i = 0; i < letters.n; i++) switch (letters.p[i]) {
    case 'a': a->flags |= SHF_ALLOC; break;
    case 'w': a->flags |= SHF_WRITE; break;
    case 'x': a->flags |= SHF_EXECINSTR; break;
    case 'M': a->flags |= SHF_MERGE; break;
    case 'S': a->flags |= SHF_STRINGS; break;
    case 'G': *group = true; break;
    case 'o':
    case 'R':
    case '?':
    case 'e': break;
    case 'T': pg32_as_error(as, "PG32 has no thread-local storage"); return false;
    default: pg32_as_error(as, "unknown section flag '%c'", letters.p[i]); return false;
    }
  return true;
}

static bool section_type(struct assembler *as, struct attributes *a) {
  static const struct {
    const char *name;
    uint32_t type;
  } types[] = {
      {"progbits", SHT_PROGBITS},     {"nobits", SHT_NOBITS},         {"note", SHT_NOTE},
      {"init_array", SHT_INIT_ARRAY}, {"fini_array", SHT_FINI_ARRAY}, {"preinit_array", SHT_PREINIT_ARRAY},
  };
  if (!pg32_as_accept(as, '@') && !pg32_as_accept(as, '%')) {
    pg32_as_error(as, "expected @progbits, @nobits or another type");
    return false;
  }
  if (as->token.kind == TOK_NUMBER) {
    pg32_as_advance(as);
    a->type = SHT_PROGBITS;
    return true;
  }
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (pg32_as_text_is(as->token.text, types[i].name)) {
      a->type = types[i].type;
      pg32_as_advance(as);
      return true;
    }
  pg32_as_error(as, "unknown section type '%.*s'", (int)as->token.text.n, as->token.text.p);
  return false;
}

/* , "flags" [, @type [, entsize] [, group [, comdat]] [, unique, n]] */
static bool section_attributes(struct assembler *as, struct attributes *a) {
  struct text letters;
  bool group = false;
  int64_t entsize = 0;
  if (!pg32_as_string_bytes(as, &letters)) return false;
  if (!section_flags(as, letters, a, &group)) return false;
  if (!pg32_as_accept(as, ',')) return true;
  if (!section_type(as, a)) return false;
  if (a->flags & SHF_MERGE) {
    if (!pg32_as_expect(as, ',') || !pg32_as_constant_in(as, 1, 256, &entsize)) return false;
    a->entsize = (uint32_t)entsize;
  }
  /* pg32-ld knows neither comdat groups nor `unique` sections */
  if (as->token.kind == TOK_OP && as->token.op == ',')
    pg32_as_tokens_from(as, as->now.text.p + as->now.text.n);
  return true;
}

/* A section's name goes up to the comma, as it may hold characters that other names may not, such as `-`. */
static bool section_name(struct assembler *as, struct text *name) {
  if (as->token.kind == TOK_STRING) return pg32_as_name(as, name);
  struct text rest = pg32_as_rest(as);
  *name = (struct text){rest.p, 0};
  while (name->n < rest.n && rest.p[name->n] != ',') name->n++;
  pg32_as_tokens_from(as, rest.p + name->n);
  while (name->n && (name->p[name->n - 1] == ' ' || name->p[name->n - 1] == '\t')) name->n--;
  if (name->n && !memchr(name->p, 0, name->n)) return true;
  pg32_as_error(as, "expected the section's name");
  return false;
}

static struct section *named_section(struct assembler *as) {
  struct text text;
  if (!section_name(as, &text)) return NULL;
  const char *name = pg32_as_string(as, text);
  struct attributes a = customary(name);
  bool comma = pg32_as_accept(as, ','), part = comma && as->token.kind == TOK_NUMBER;
  if (comma && !part && !section_attributes(as, &a)) return NULL;
  struct section *s = pg32_as_section(as, name, a.type, a.flags);
  if (!s->size && !s->entsize) s->entsize = a.entsize;
  return part ? pg32_as_part(as, s) : s;
}

static void section(struct assembler *as, int unused) {
  (void)unused;
  struct section *s = named_section(as);
  if (s) pg32_as_enter(as, s);
}

static void common_section(struct assembler *as, const char *name) {
  struct attributes a = customary(name);
  pg32_as_enter(as, pg32_as_part(as, pg32_as_section(as, name, a.type, a.flags)));
}

static void text_section(struct assembler *as, int unused) { (void)unused, common_section(as, ".text"); }
static void data_section(struct assembler *as, int unused) { (void)unused, common_section(as, ".data"); }
static void bss_section(struct assembler *as, int unused) { (void)unused, common_section(as, ".bss"); }
static void rodata_section(struct assembler *as, int unused) { (void)unused, common_section(as, ".rodata"); }

static void push_section(struct assembler *as, int unused) {
  (void)unused;
  struct section *s = named_section(as);
  if (!s) return;
  if (as->stacked == MAX_NESTING) {
    pg32_as_error(as, "sections pushed deeper than %d", MAX_NESTING);
    return;
  }
  as->stack[as->stacked][0] = as->here;
  as->stack[as->stacked++][1] = as->previous;
  pg32_as_enter(as, s);
}

static void pop_section(struct assembler *as, int unused) {
  (void)unused;
  if (!as->stacked) {
    pg32_as_error(as, "no .pushsection for this");
    return;
  }
  as->here = as->stack[--as->stacked][0];
  as->previous = as->stack[as->stacked][1];
}

static void previous_section(struct assembler *as, int unused) {
  (void)unused, pg32_as_enter(as, as->previous);
}

/* clang-format off */
static const struct directive directives[] = {
  {".section", section, 0}, {".text", text_section, 0}, {".data", data_section, 0},
  {".bss", bss_section, 0}, {".rodata", rodata_section, 0}, {".pushsection", push_section, 0},
  {".popsection", pop_section, 0}, {".previous", previous_section, 0},
};
/* clang-format on */

bool pg32_as_section_directive(struct assembler *as, struct text name) {
  return pg32_as_execute(as, directives, sizeof directives / sizeof *directives, name);
}
