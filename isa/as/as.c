/* as.c - the assembler's driver: it takes statements one by one. Also its memory and its error messages. */
#include "internal.h"

#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 400

/* ---- memory ---- */

struct block {
  struct block *next;
  size_t used, size;
  _Alignas(max_align_t) char bytes[];
};
#define BLOCK_SIZE (64u << 10)

void *pg32_as_alloc(struct assembler *as, size_t size) {
  size = (size + 15) & ~(size_t)15;
  struct block *block = as->blocks;
  if (!block || block->size - block->used < size) {
    size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    block = calloc(1, sizeof *block + capacity);
    if (!block) pg32_as_no_memory(as);
    *block = (struct block){.next = as->blocks, .size = capacity};
    as->blocks = block;
  }
  void *p = block->bytes + block->used;
  block->used += size;
  return p;
}

void pg32_as_no_memory(struct assembler *as) {
  as->no_memory = true;
  longjmp(as->out, 1);
}

static void free_all(struct assembler *as) {
  for (struct block *block = as->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  for (size_t i = 0; i < as->nloaded; i++) free(as->loaded[i]);
  free(as->loaded);
}

char *pg32_as_string(struct assembler *as, struct text text) {
  char *copy = pg32_as_alloc(as, text.n + 1);
  if (text.n) memcpy(copy, text.p, text.n);
  return copy;
}

void pg32_as_put_le(uint8_t *p, uint64_t number, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i++) p[i] = (uint8_t)(number >> (8 * i));
}

uint64_t pg32_as_get_le(const uint8_t *p, unsigned bytes) {
  uint64_t number = 0;
  for (unsigned i = bytes; i-- > 0;) number = number << 8 | p[i];
  return number;
}

/* ---- errors ---- */

static void report(struct assembler *as, enum pg32_as_kind kind, const struct place *place,
                   const char *format, va_list args) {
  char message[MESSAGE_MAX];
  int n = vsnprintf(message, sizeof message, format, args);
  if (place->context && n >= 0 && n < MESSAGE_MAX)
    snprintf(message + n, sizeof message - (size_t)n, " (%s)", place->context);
  as->errors += kind == PG32_AS_ERROR;
  struct pg32_as_diagnostic d = {.file = place->file,
                                 .line = place->line,
                                 .column = place->column,
                                 .text = message,
                                 .source = place->source.p,
                                 .source_len = place->source.n,
                                 .kind = kind};
  if (place->loc_line) d.loc_file = pg32_as_file_name(as, place->loc_file), d.loc_line = place->loc_line;
  if (as->options->report) as->options->report(as->options->user, &d);
}

struct place pg32_as_place(const struct assembler *as, struct text where) {
  struct place place = as->now.place;
  const char *start = as->now.text.p;
  if (where.p >= start && where.p <= start + as->now.text.n) place.column += (unsigned)(where.p - start);
  return place;
}

#define SAY(as, kind, place, format)       \
  do {                                     \
    va_list args;                          \
    va_start(args, format);                \
    report(as, kind, place, format, args); \
    va_end(args);                          \
  } while (0)
#define REPORT(as, place, format) SAY(as, PG32_AS_ERROR, place, format)

void pg32_as_error_at(struct assembler *as, const struct place *place, const char *format, ...) {
  REPORT(as, place, format);
  if (as->errors >= PG32_AS_MAX_ERRORS) longjmp(as->out, 1);
}

void pg32_as_error(struct assembler *as, const char *format, ...) {
  struct place place = pg32_as_place(as, as->token.text);
  REPORT(as, &place, format);
  if (as->errors >= PG32_AS_MAX_ERRORS) longjmp(as->out, 1);
}

void pg32_as_error_in(struct assembler *as, struct text where, const char *format, ...) {
  struct place place = pg32_as_place(as, where);
  REPORT(as, &place, format);
  if (as->errors >= PG32_AS_MAX_ERRORS) longjmp(as->out, 1);
}

void pg32_as_say_in(struct assembler *as, struct text where, enum pg32_as_kind kind, const char *format,
                    ...) {
  struct place place = pg32_as_place(as, where);
  SAY(as, kind, &place, format);
}

void pg32_as_fatal(struct assembler *as, const char *format, ...) {
  struct place place = pg32_as_place(as, as->now.text);
  REPORT(as, &place, format);
  longjmp(as->out, 1);
}

/* ---- statements ---- */

/* `12:` defines the next instance of the numeric local label 12; `12$:` the one label 12$ between two ordinary
 * labels. */
static void local_label(struct assembler *as, struct token number) {
  unsigned instance = number.op == '$' ? 0 : ++pg32_as_local_counter(as, number.number)->instances;
  struct symbol *symbol = pg32_as_local_symbol(as, &number, instance);
  struct place place = pg32_as_place(as, number.text);
  if (symbol->kind == SYM_UNDEFINED)
    pg32_as_label(as, symbol, place);
  else
    pg32_as_error_at(as, &place, "'%.*s' is already defined, at %s:%u", (int)number.text.n, number.text.p,
                     symbol->place.file, symbol->place.line);
}

static void named_label(struct assembler *as, struct text name, struct text where) {
  struct symbol *symbol = pg32_as_symbol(as, name);
  pg32_as_label(as, symbol, pg32_as_place(as, where));
  if (!pg32_as_is_private(symbol)) as->scope++;
}

/* Defines the labels at the start of the statement. The next token is then the word after them. */
static void labels(struct assembler *as) {
  for (;;) {
    struct token first = as->token;
    bool scoped = first.kind == TOK_LOCAL && first.op == '$';
    bool label = first.kind == TOK_NAME || first.kind == TOK_NUMBER || first.kind == TOK_STRING || scoped;
    const char *p = first.text.p + first.text.n, *end = as->now.text.p + as->now.text.n;
    while (label && p < end && (*p == ' ' || *p == '\t')) p++;
    if (!label || p >= end || *p != ':') return;
    if (pg32_as_hidden(as)) {
      pg32_as_tokens_from(as, p + 1);
      continue;
    }
    struct text name = first.text;
    if (first.kind == TOK_NUMBER || scoped)
      local_label(as, first);
    else if (pg32_as_name(as, &name))
      named_label(as, name, first.text);
    pg32_as_tokens_from(as, p + 1);
  }
}

/* GNU's assembler does not care for case in the names of instructions and directives. The text is a copy of the
 * assembler's own; messages show the original. */
bool pg32_as_lower(struct text word) {
  bool changed = false;
  for (size_t i = 0; i < word.n; i++) {
    if (word.p[i] < 'A' || word.p[i] > 'Z') continue;
    ((char *)word.p)[i] |= 32;
    changed = true;
  }
  return changed;
}

static void statement(struct assembler *as) {
  unsigned errors = as->errors;
  pg32_as_tokens_from(as, as->now.text.p);
  labels(as);
  if (as->token.kind == TOK_END) return;
  struct text name = as->token.text;
  if (as->token.kind != TOK_NAME) {
    if (!pg32_as_hidden(as)) pg32_as_error(as, "expected a label, an instruction or a directive");
    return;
  }
  pg32_as_advance(as);
  if (pg32_as_source_directive(as, name) || pg32_as_hidden(as)) return;
  if (pg32_as_expand(as, name)) return;
  if (pg32_as_accept(as, '=')) {
    pg32_as_assign(as, name);
  } else if (pg32_as_accept(as, OP2('=', '='))) {
    pg32_as_assign_new(as, name);
  } else if (name.p[0] == '.') {
    if (!pg32_as_directive(as, name) && !(pg32_as_lower(name) && pg32_as_directive(as, name)))
      pg32_as_error_in(as, name, "unknown directive '%.*s'", (int)name.n, name.p);
  } else {
    pg32_as_instruction(as, name);
  }
  if (as->errors == errors && as->token.kind != TOK_END)
    pg32_as_error(as, "unexpected '%.*s' at the end of the statement", (int)as->token.text.n,
                  as->token.text.p);
}

static void assemble(struct assembler *as, struct text text) {
  as->nbuckets = FIRST_BUCKETS;
  as->buckets = pg32_as_alloc(as, FIRST_BUCKETS * sizeof *as->buckets);
  as->section_buckets = pg32_as_alloc(as, SECTION_BUCKETS * sizeof *as->section_buckets);
  as->last_symbol = &as->symbols;
  as->last_section = &as->sections;
  as->last_fixup = &as->fixups;
  as->last_procedure = &as->procedures;
  as->last_reloc = &as->relocs;
  pg32_as_begin_structure(as);
  as->here = pg32_as_section(as, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR);
  as->previous = as->here;
  pg32_as_push_file(as, as->now.place.file, text);
  while (pg32_as_next_statement(as)) statement(as);
  pg32_as_finish_source(as);
  pg32_as_join_parts(as);
  pg32_as_line_program(as);
  pg32_as_frames(as);
  pg32_as_settle(as);
}

/* The assembly from its first to its last allocation. False if there is no object: after errors, and after a
 * longjmp to as->out. */
static bool run(struct assembler *as, const struct text *text, char **object, size_t *object_size) {
  if (setjmp(as->out)) return false;
  assemble(as, *text);
  if (!as->errors) pg32_as_write(as, object, object_size);
  return *object != NULL;
}

enum pg32_as_result pg32_assemble(const char *text, size_t size, const struct pg32_as_options *options,
                                  char **object, size_t *object_size) {
  struct assembler *as = calloc(1, sizeof *as);
  struct text whole = {text, size};
  *object = NULL;
  *object_size = 0;
  if (!as) return PG32_AS_NO_MEMORY;
  as->options = options;
  as->now.place = (struct place){.file = options->name ? options->name : "-", .line = 1, .column = 1};
  enum pg32_as_result result = run(as, &whole, object, object_size) ? PG32_AS_OK : PG32_AS_ERRORS;
  if (as->no_memory) result = PG32_AS_NO_MEMORY;
  free_all(as);
  free(as);
  return result;
}
