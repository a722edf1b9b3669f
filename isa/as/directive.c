/* directive.c - directives that put data, choose sections and describe symbols: one table of them. */
#include "internal.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- data ---- */

static void one_number(struct assembler *as, unsigned bytes) {
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  int64_t n = 0;
  if (!e) return;
  bool constant = pg32_as_is_constant(as, e, &n);
  int64_t low = bytes == 8 ? INT64_MIN : -((int64_t)1 << (8 * bytes - 1));
  int64_t high = bytes == 8 ? INT64_MAX : ((int64_t)1 << 8 * bytes) - 1;
  if (constant && (n < low || n > high))
    pg32_as_error_in(as, at.text, "%lld does not fit in %u bytes", (long long)n, bytes);
  pg32_as_emit_number(as, constant ? (uint64_t)n : 0, bytes);
  if (constant) return;
  enum fixup_kind kind = bytes == 1 ? FIX_BYTE : bytes == 2 ? FIX_HALF : bytes == 4 ? FIX_WORD : FIX_DOUBLE;
  pg32_as_fixup(as, kind, MOD_NONE, bytes, e, pg32_as_place(as, at.text));
}

static void numbers(struct assembler *as, int bytes) {
  if (as->token.kind == TOK_END) return;
  unsigned errors = as->errors;
  do one_number(as, (unsigned)bytes);
  while (as->errors == errors && pg32_as_accept(as, ','));
}

unsigned pg32_as_leb(uint8_t *p, int64_t n, bool is_signed) {
  unsigned size = 0;
  uint64_t rest = (uint64_t)n;
  for (;;) {
    uint8_t byte = rest & 127;
    rest = is_signed ? (rest >> 7) | (n < 0 ? UINT64_MAX << 57 : 0) : rest >> 7;
    bool end = is_signed ? (rest == 0 && !(byte & 64)) || (rest == UINT64_MAX && byte & 64) : rest == 0;
    p[size++] = end ? byte : byte | 128;
    if (end) return size;
  }
}

/* One whose value is not known yet takes LEB_WIDTH bytes. */
static void one_leb(struct assembler *as, bool is_signed) {
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  uint8_t buf[10];
  int64_t n;
  if (!e) return;
  if (pg32_as_is_constant(as, e, &n)) {
    pg32_as_emit(as, buf, pg32_as_leb(buf, n, is_signed));
    return;
  }
  pg32_as_emit(as, NULL, LEB_WIDTH);
  pg32_as_fixup(as, is_signed ? FIX_SLEB : FIX_ULEB, MOD_NONE, LEB_WIDTH, e, pg32_as_place(as, at.text));
}

static void lebs(struct assembler *as, int is_signed) {
  unsigned errors = as->errors;
  do one_leb(as, is_signed);
  while (as->errors == errors && pg32_as_accept(as, ','));
}

static void strings(struct assembler *as, int terminated) {
  struct text bytes;
  if (as->token.kind == TOK_END) return;
  do {
    if (!pg32_as_string_bytes(as, &bytes)) return;
    pg32_as_emit(as, bytes.p, bytes.n);
    while (as->token.kind == TOK_STRING && pg32_as_string_bytes(as, &bytes))
      pg32_as_emit(as, bytes.p, bytes.n);
    if (terminated) pg32_as_emit(as, "", 1);
  } while (pg32_as_accept(as, ','));
}

static void fill_bytes(struct assembler *as, uint64_t count, uint64_t fill) {
  uint8_t *p = pg32_as_emit(as, NULL, count);
  if (p)
    memset(p, (uint8_t)fill, count);
  else if (fill && count)
    pg32_as_error(as, "'%s' holds only zeros, so nothing can be stored there", as->here->name);
}

/* .zero count [, fill] */
static void space(struct assembler *as, int unused) {
  (void)unused;
  int64_t count, fill = 0;
  if (!pg32_as_constant_in(as, 0, UINT32_MAX, &count)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, -128, 255, &fill)) return;
  fill_bytes(as, (uint64_t)count, (uint64_t)fill);
}

/* .fill repeat [, size [, value]] */
static void fill(struct assembler *as, int unused) {
  (void)unused;
  int64_t repeat, size = 1, value = 0;
  if (!pg32_as_constant_in(as, 0, MAX_OUTPUT, &repeat)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, 8, &size)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant(as, &value)) return;
  for (int64_t i = 0; i < repeat && size; i++) pg32_as_emit_number(as, (uint64_t)value, (unsigned)size);
}

/* .org: a number or a label of this section, plus a number; never backwards. */
static void org(struct assembler *as, int unused) {
  (void)unused;
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  struct value v;
  const char *why;
  int64_t byte = 0;
  if (!e || (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, -128, 255, &byte))) return;
  bool good = pg32_as_value(as, e, &v, &why) && !v.sub;
  if (good && v.add) good = v.add->kind == SYM_LABEL && v.add->section == as->here;
  if (good && v.add) v.n += v.add->offset;
  if (!good)
    pg32_as_error_in(as, at.text, "expected an offset in this section");
  else if (v.n < as->here->size)
    pg32_as_error_in(as, at.text, "cannot go back to offset %lld from %u", (long long)v.n, as->here->size);
  else
    fill_bytes(as, (uint64_t)v.n - as->here->size, (uint64_t)byte);
}

/* .p2align log2 [, [fill] [, most]]; .balign counts bytes instead. */
static void align(struct assembler *as, int in_bytes) {
  int64_t n, byte = -1, most = 0;
  unsigned log2 = 0;
  struct token at = as->token;
  if (!pg32_as_constant_in(as, 0, in_bytes ? 1 << MAX_ALIGN_LOG2 : MAX_ALIGN_LOG2, &n)) return;
  if (in_bytes)
    while ((1 << log2) < n) log2++;
  else
    log2 = (unsigned)n;
  if (in_bytes && n && (1 << log2) != n) {
    pg32_as_error_in(as, at.text, "%lld is not a power of two", (long long)n);
    return;
  }
  if (pg32_as_accept(as, ',')) {
    bool given = as->token.kind != TOK_END && !(as->token.kind == TOK_OP && as->token.op == ',');
    if (given && !pg32_as_constant_in(as, 0, 255, &byte)) return;
    if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, UINT32_MAX, &most)) return;
  }
  pg32_as_align(as, log2, (int)byte, (uint32_t)most);
}

/* .incbin "file" [, skip [, count]] */
static void incbin(struct assembler *as, int unused) {
  (void)unused;
  struct token at = as->token;
  struct text name;
  int64_t skip = 0, count = INT64_MAX;
  if (!pg32_as_string_bytes(as, &name)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, UINT32_MAX, &skip)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, UINT32_MAX, &count)) return;
  const char *path = pg32_as_string(as, name);
  struct text contents;
  if (!pg32_as_load(as, path, &contents)) {
    pg32_as_cannot_read(as, at.text, path);
    return;
  }
  size_t start = (size_t)skip < contents.n ? (size_t)skip : contents.n, left = contents.n - start;
  pg32_as_emit(as, contents.p + start, (uint64_t)count < left ? (uint64_t)count : left);
}

/* ---- sections ---- */

struct attributes {
  uint32_t type, flags, entsize;
};

static bool begins(const char *name, const char *prefix) {
  size_t n = strlen(prefix);
  return !strncmp(name, prefix, n) && (!name[n] || name[n] == '.');
}

/* What a section is when the directive does not say. */
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
  /* comdat groups and `unique` matter only to linkers that know them */
  if (as->token.kind == TOK_OP && as->token.op == ',')
    pg32_as_tokens_from(as, as->now.text.p + as->now.text.n);
  return true;
}

/* Section names may hold what other names may not: up to the comma. */
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
  if (pg32_as_accept(as, ',') && !section_attributes(as, &a)) return NULL;
  struct section *s = pg32_as_section(as, name, a.type, a.flags);
  if (!s->size && !s->entsize) s->entsize = a.entsize;
  return s;
}

static void section(struct assembler *as, int unused) {
  (void)unused;
  struct section *s = named_section(as);
  if (s) pg32_as_enter(as, s);
}

static void common_section(struct assembler *as, const char *name) {
  struct attributes a = customary(name);
  pg32_as_enter(as, pg32_as_section(as, name, a.type, a.flags));
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

/* ---- symbols ---- */

static void binding(struct assembler *as, int binding) {
  struct text name;
  do {
    if (!pg32_as_name(as, &name)) return;
    struct symbol *s = pg32_as_symbol(as, name);
    bool weak = binding == STB_GLOBAL && s->binding == STB_WEAK && s->binding_given;
    if (!weak) s->binding = (unsigned char)binding;
    s->binding_given = true;
  } while (pg32_as_accept(as, ','));
}

static void visibility(struct assembler *as, int visibility) {
  struct text name;
  do {
    if (!pg32_as_name(as, &name)) return;
    pg32_as_symbol(as, name)->visibility = (unsigned char)visibility;
  } while (pg32_as_accept(as, ','));
}

/* .type name, @function */
static void type(struct assembler *as, int unused) {
  (void)unused;
  static const struct {
    const char *name, *stt;
    unsigned char type;
  } types[] = {
      {"function", "STT_FUNC", STT_FUNC},    {"object", "STT_OBJECT", STT_OBJECT},
      {"notype", "STT_NOTYPE", STT_NOTYPE},  {"common", "STT_COMMON", STT_OBJECT},
      {"gnu_unique_object", "", STT_OBJECT},
  };
  struct text name, kind;
  if (!pg32_as_name(as, &name)) return;
  pg32_as_accept(as, ',');
  if (!pg32_as_accept(as, '@')) pg32_as_accept(as, '%');
  struct token at = as->token;
  if (!pg32_as_name(as, &kind)) return;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (pg32_as_text_is(kind, types[i].name) || pg32_as_text_is(kind, types[i].stt)) {
      pg32_as_symbol(as, name)->type = types[i].type;
      return;
    }
  bool tls = pg32_as_text_is(kind, "tls_object");
  pg32_as_error_in(as, at.text, tls ? "PG32 has no thread-local storage" : "unknown symbol type");
}

static void size(struct assembler *as, int unused) {
  (void)unused;
  struct text name;
  if (!pg32_as_name(as, &name) || !pg32_as_expect(as, ',')) return;
  const struct expr *e = pg32_as_expr(as);
  if (e) pg32_as_symbol(as, name)->size = e;
}

static void set(struct assembler *as, int unused) {
  (void)unused;
  struct text name;
  if (pg32_as_name(as, &name) && pg32_as_expect(as, ',')) pg32_as_assign(as, name);
}

/* Reserves room in .bss for a local symbol. */
static void reserve(struct assembler *as, struct symbol *s, uint32_t bytes, unsigned log2,
                    struct place place) {
  struct section *here = as->here;
  as->here = pg32_as_section(as, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE);
  pg32_as_align(as, log2, -1, 0);
  pg32_as_label(as, s, place);
  pg32_as_emit(as, NULL, bytes);
  as->here = here;
  if (!s->type) s->type = STT_OBJECT;
  if (!s->size) s->size = pg32_as_number_expr(as, bytes);
}

/* .comm name, size [, alignment in bytes]; .lcomm the same, local. */
static void common(struct assembler *as, int local) {
  struct text name;
  int64_t bytes, align = 4;
  unsigned log2 = 0;
  struct token at = as->token;
  if (!pg32_as_name(as, &name) || !pg32_as_expect(as, ',') || !pg32_as_constant_in(as, 0, MAX_OUTPUT, &bytes))
    return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 1, 1 << MAX_ALIGN_LOG2, &align)) return;
  while ((1 << log2) < align) log2++;
  struct symbol *s = pg32_as_symbol(as, name);
  if (local || (s->binding_given && s->binding == STB_LOCAL)) {
    reserve(as, s, (uint32_t)bytes, log2, pg32_as_place(as, at.text));
  } else if (s->kind == SYM_LABEL || s->kind == SYM_EQUATE) {
    pg32_as_error_in(as, at.text, "'%s' is already defined, at %s:%u", s->name, s->place.file, s->place.line);
  } else {
    s->kind = SYM_COMMON;
    if (bytes > s->offset) s->offset = (uint32_t)bytes;
    if ((1u << log2) > s->align) s->align = 1u << log2;
    if (!s->binding_given) s->binding = STB_GLOBAL;
    s->type = STT_OBJECT;
  }
}

/* ---- the rest ---- */

static void error(struct assembler *as, int unused) {
  (void)unused;
  struct text text = {".error", 6};
  struct text where = as->now.text;
  if (as->token.kind == TOK_STRING && !pg32_as_string_bytes(as, &text)) return;
  pg32_as_error_in(as, where, "%.*s", (int)text.n, text.p);
}

static void file(struct assembler *as, int unused) { (void)unused, pg32_as_file_directive(as); }
static void loc(struct assembler *as, int unused) { (void)unused, pg32_as_loc_directive(as); }

/* Nothing that this assembler does depends on it. */
static void ignore(struct assembler *as, int unused) {
  (void)unused;
  pg32_as_tokens_from(as, as->now.text.p + as->now.text.n);
}

/* clang-format off */
static const struct {
  const char *name;
  void (*execute)(struct assembler *, int);
  int argument;
} directives[] = {
  {".byte", numbers, 1}, {".half", numbers, 2}, {".2byte", numbers, 2}, {".short", numbers, 2},
  {".hword", numbers, 2}, {".word", numbers, 4}, {".4byte", numbers, 4}, {".long", numbers, 4},
  {".int", numbers, 4}, {".8byte", numbers, 8}, {".quad", numbers, 8}, {".dword", numbers, 8},
  {".uleb128", lebs, false}, {".sleb128", lebs, true},
  {".ascii", strings, false}, {".asciz", strings, true}, {".string", strings, true},
  {".zero", space, 0}, {".space", space, 0}, {".skip", space, 0}, {".fill", fill, 0}, {".org", org, 0},
  {".p2align", align, false}, {".align", align, false}, {".balign", align, true}, {".incbin", incbin, 0},
  {".section", section, 0}, {".text", text_section, 0}, {".data", data_section, 0}, {".bss", bss_section, 0},
  {".rodata", rodata_section, 0}, {".pushsection", push_section, 0}, {".popsection", pop_section, 0},
  {".previous", previous_section, 0},
  {".globl", binding, STB_GLOBAL}, {".global", binding, STB_GLOBAL}, {".local", binding, STB_LOCAL},
  {".weak", binding, STB_WEAK}, {".hidden", visibility, STV_HIDDEN}, {".internal", visibility, STV_INTERNAL},
  {".protected", visibility, STV_PROTECTED}, {".type", type, 0}, {".size", size, 0}, {".set", set, 0},
  {".equ", set, 0}, {".comm", common, false}, {".lcomm", common, true},
  {".file", file, 0}, {".loc", loc, 0}, {".error", error, 0},
  {".ident", ignore, 0}, {".option", ignore, 0}, {".attribute", ignore, 0}, {".addrsig", ignore, 0},
  {".addrsig_sym", ignore, 0}, {".variant_cc", ignore, 0}, {".warning", ignore, 0}, {".print", ignore, 0},
};
/* clang-format on */

bool pg32_as_directive(struct assembler *as, struct text name) {
  for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
    if (pg32_as_text_is(name, directives[i].name)) {
      directives[i].execute(as, directives[i].argument);
      return true;
    }
  /* call frames are for unwinders; frame pointers serve the debugger here */
  if (name.n < 5 || memcmp(name.p, ".cfi_", 5)) return false;
  ignore(as, 0);
  return true;
}
