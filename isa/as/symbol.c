/* symbol.c - symbols: the table of them, labels, equates, and the directives that describe one. */
#include "internal.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

uint32_t pg32_as_hash(struct text name) {
  uint32_t h = 2166136261u;
  for (size_t i = 0; i < name.n; i++) h = (h ^ (uint8_t)name.p[i]) * 16777619u;
  return h ^ h >> 15;
}

struct symbol *pg32_as_find_symbol(struct assembler *as, struct text name) {
  uint32_t h = pg32_as_hash(name);
  struct symbol *s = as->buckets[h % as->nbuckets];
  while (s && (s->hash != h || !pg32_as_text_is(name, s->name))) s = s->chain;
  return s;
}

/* Four times as many buckets whenever there are as many symbols: a source may have a million. */
static void grow_buckets(struct assembler *as) {
  as->nbuckets *= 4;
  as->buckets = pg32_as_alloc(as, as->nbuckets * sizeof *as->buckets);
  for (struct symbol *s = as->symbols; s; s = s->next) {
    struct symbol **bucket = &as->buckets[s->hash % as->nbuckets];
    s->chain = *bucket;
    *bucket = s;
  }
}

struct symbol *pg32_as_symbol(struct assembler *as, struct text name) {
  struct symbol *s = pg32_as_find_symbol(as, name);
  if (s) return s;
  if (as->nsymbols++ == as->nbuckets) grow_buckets(as);
  s = pg32_as_alloc(as, sizeof *s);
  s->name = pg32_as_string(as, name);
  s->place = pg32_as_place(as, as->token.text);
  s->hash = pg32_as_hash(name);
  struct symbol **bucket = &as->buckets[s->hash % as->nbuckets];
  s->chain = *bucket;
  *bucket = s;
  *as->last_symbol = s;
  as->last_symbol = &s->next;
  return s;
}

bool pg32_as_is_private(const struct symbol *s) {
  return s->name[0] <= 1 || (s->name[0] == '.' && s->name[1] == 'L');
}

struct symbol *pg32_as_dot(struct assembler *as) {
  struct symbol *s = pg32_as_alloc(as, sizeof *s);
  *s = (struct symbol){.name = "", .kind = SYM_LABEL, .section = as->here, .offset = as->here->size};
  return s;
}

void pg32_as_label(struct assembler *as, struct symbol *symbol, struct place place) {
  if (symbol->kind != SYM_UNDEFINED) {
    pg32_as_error_at(as, &place, "'%s' is already defined, at %s:%u", symbol->name, symbol->place.file,
                     symbol->place.line);
    return;
  }
  symbol->place = place;
  if (as->here == &as->structure) { /* a member's offset */
    symbol->kind = SYM_EQUATE;
    symbol->expr = pg32_as_number_expr(as, as->here->size);
    return;
  }
  symbol->kind = SYM_LABEL;
  symbol->section = as->here;
  symbol->offset = as->here->size;
}

struct symbol *pg32_as_local_counter(struct assembler *as, uint64_t number) {
  char name[48];
  snprintf(name, sizeof name, "\001%llu", (unsigned long long)number);
  return pg32_as_symbol(as, (struct text){name, strlen(name)});
}

struct symbol *pg32_as_local_symbol(struct assembler *as, const struct token *label, unsigned instance) {
  char name[64];
  bool scoped = label->op == '$';
  snprintf(name, sizeof name, "\001%llu%s%u", (unsigned long long)label->number, scoped ? "$" : "\001",
           scoped ? as->scope : instance);
  return pg32_as_symbol(as, (struct text){name, strlen(name)});
}

void pg32_as_assign(struct assembler *as, struct text name) {
  if (pg32_as_text_is(name, ".")) { /* . = . + 7: the place itself moves */
    pg32_as_org(as);
    return;
  }
  const struct expr *expr = pg32_as_expr(as);
  struct symbol *symbol = pg32_as_symbol(as, name);
  if (!expr) return;
  if (symbol->kind == SYM_LABEL || symbol->kind == SYM_COMMON) {
    pg32_as_error_in(as, name, "'%s' is already defined, at %s:%u", symbol->name, symbol->place.file,
                     symbol->place.line);
    return;
  }
  symbol->kind = SYM_EQUATE;
  symbol->expr = expr;
  symbol->place = pg32_as_place(as, name);
}

/* ---- directives ---- */

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

void pg32_as_assign_new(struct assembler *as, struct text name) {
  const struct symbol *s = pg32_as_find_symbol(as, name);
  if (s && s->kind != SYM_UNDEFINED)
    pg32_as_error_in(as, name, "'%s' is already defined, at %s:%u", s->name, s->place.file, s->place.line);
  else
    pg32_as_assign(as, name);
}

/* .equiv and .eqv: like .set, but the name must be new. */
static void set_new(struct assembler *as, int unused) {
  (void)unused;
  struct text name;
  if (pg32_as_name(as, &name) && pg32_as_expect(as, ',')) pg32_as_assign_new(as, name);
}

/* .weakref name, target: another name for a symbol that need not be defined anywhere. */
static void weakref(struct assembler *as, int unused) {
  (void)unused;
  struct text name, target;
  if (!pg32_as_name(as, &name) || !pg32_as_expect(as, ',') || !pg32_as_name(as, &target)) return;
  struct symbol *s = pg32_as_symbol(as, name), *t = pg32_as_symbol(as, target);
  if (s->kind != SYM_UNDEFINED) {
    pg32_as_error_in(as, name, "'%s' is already defined, at %s:%u", s->name, s->place.file, s->place.line);
    return;
  }
  if (!t->binding_given && t->kind == SYM_UNDEFINED) t->binding = STB_WEAK;
  s->kind = SYM_EQUATE;
  s->expr = pg32_as_symbol_expr(as, t);
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

/* clang-format off */
static const struct directive directives[] = {
  {".globl", binding, STB_GLOBAL}, {".global", binding, STB_GLOBAL}, {".local", binding, STB_LOCAL},
  {".weak", binding, STB_WEAK}, {".hidden", visibility, STV_HIDDEN},
  {".internal", visibility, STV_INTERNAL}, {".protected", visibility, STV_PROTECTED}, {".type", type, 0},
  {".size", size, 0}, {".set", set, 0}, {".equ", set, 0}, {".equiv", set_new, 0},
  {".eqv", set_new, 0}, {".weakref", weakref, 0}, {".comm", common, false},
  {".common", common, false}, {".lcomm", common, true},
};
/* clang-format on */

bool pg32_as_symbol_directive(struct assembler *as, struct text name) {
  return pg32_as_execute(as, directives, sizeof directives / sizeof *directives, name);
}
