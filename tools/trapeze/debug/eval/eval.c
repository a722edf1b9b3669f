/* eval.c - what the debugger's commands call: an evaluation from its beginning to its end. */
#include <dwarf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "eval.h"

/* ---- the arena, and errors ---- */

void *eval_alloc(struct eval *e, size_t size) {
  struct arena_block *b = must(calloc(1, sizeof *b + size));
  b->next = e->blocks;
  e->blocks = b;
  return b + 1;
}

const char *eval_copy(struct eval *e, const char *text, size_t n) {
  char *copy = eval_alloc(e, n + 1);
  memcpy(copy, text, n);
  return copy;
}

const char *eval_text(struct eval *e, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  const int n = vsnprintf(NULL, 0, format, ap);
  va_end(ap);
  char *text = eval_alloc(e, (size_t)n + 1);
  va_start(ap, format);
  vsnprintf(text, (size_t)n + 1, format, ap);
  va_end(ap);
  return text;
}

bool eval_fail(struct eval *e, unsigned column, const char *format, ...) {
  va_list ap;
  size_t used = 0;
  if (e->error[0]) return false;
  if (column) used = (size_t)snprintf(e->error, sizeof e->error, "column %u: ", column);
  va_start(ap, format);
  vsnprintf(e->error + used, sizeof e->error - used, format, ap);
  va_end(ap);
  return false;
}

/* ---- the frame ---- */

/* Makes the function that is `inlined` levels outside the innermost inlined one the frame's. */
static void choose_function(struct eval *e, int inlined) {
  e->function = -1;
  for (int i = 0; i < e->nscopes; i++) {
    const int tag = dwarf_tag(&e->scopes[i]);
    if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine) continue;
    e->function = i;
    if (inlined-- == 0 || tag == DW_TAG_subprogram) return;
  }
}

static void begin(struct eval *e, struct image *image, int inlined) {
  e->function = -1;
  e->image = image;
  e->dwarf = source_dwarf(image);
  e->nscopes = source_scopes(image, e->innermost ? e->regs.pc : e->regs.pc - 4, &e->scopes);
  choose_function(e, inlined);
}

void eval_begin_in(struct eval *e, struct debug *d, uint32_t lane, const struct frame_regs *r, bool innermost,
                   int inlined) {
  *e = (struct eval){.d = d, .lane = lane, .regs = *r, .innermost = innermost};
  begin(e, image_of(d, lane), inlined);
}

/* As if the lane that runs were at the place. */
static void eval_begin_at(struct eval *e, struct debug *d, const struct code_place *at) {
  const struct stack_frame f = frame_innermost(d);
  *e = (struct eval){.d = d, .lane = f.lane, .regs = f.regs, .innermost = true};
  e->regs.pc = at->address;
  begin(e, at->image, at->outwards);
}

void eval_begin(struct eval *e, struct debug *d) {
  const struct stack_frame f = frame_viewed(d);
  eval_begin_in(e, d, f.lane, &f.regs, f.innermost, f.inlined);
}

void eval_end(struct eval *e) {
  while (e->blocks) {
    struct arena_block *b = e->blocks;
    e->blocks = b->next;
    free(b);
  }
  free(e->scopes);
  e->scopes = NULL;
}

static bool evaluate(struct eval *e, const char *text, const char **rest, struct value *v) {
  const struct node *n = eval_parse(e, text, rest);
  return n && compute(e, n, v);
}

/* ---- print ---- */

/* A register or a plain number: as a word, and as an address if it may be one. */
static void print_word(struct eval *e, uint32_t word, bool is_signed, FILE *out) {
  char symbol[200];
  const bool known = word > 4095 && e->image && e->image->lines &&
                     pg32_lines_is_loaded(e->image->lines, word) &&
                     *image_symbol(e->image, word, symbol, sizeof symbol);
  const long long number = is_signed ? (int32_t)word : (long long)word;
  fprintf(out, "0x%08x = %lld%s%s", word, number, known ? " = " : "", known ? symbol : "");
}

/* An enumeration by its number, too; an unsigned number also in hexadecimal. */
static void print_result(struct eval *e, const struct value *v, char format, FILE *out) {
  struct number n;
  const struct type *t = v->type;
  const bool word = !format && t->kind == TYPE_INTEGER && t->size == 4 && value_number(e, v, &n);
  const bool named = !format && t->kind == TYPE_ENUM && value_number(e, v, &n);
  if (word && !e->touched_c)
    print_word(e, (uint32_t)n.bits, t->is_signed, out);
  else if (named)
    fprintf(out, t->is_signed ? "%lld (0x%x, " : "%llu (0x%x, ", (long long)n.bits, (uint32_t)n.bits);
  if (!word || e->touched_c) eval_format(e, v, format, true, out);
  if (named) fputc(')', out);
  if (word && e->touched_c && !t->is_signed && n.bits > 9) fprintf(out, " (0x%x)", (uint32_t)n.bits);
}

bool eval_print(struct debug *d, const char *text, char format, FILE *out) {
  struct eval e;
  struct value v;
  struct number n;
  eval_begin(&e, d);
  bool ok = evaluate(&e, text, NULL, &v) && (!type_is_scalar(v.type) || value_number(&e, &v, &n));
  if (ok)
    print_result(&e, &v, format, out);
  else
    fail(d, "%s.", e.error);
  eval_end(&e);
  return ok;
}

/* ---- types ---- */

/* Of a typedef `whatis` says what it stands for. The type of an expression needs no values: it is known of a
 * variable that has been optimized out, too. */
static bool type_or_value(struct eval *e, const char *text, bool whole, const struct type **type) {
  const char *cast = eval_text(e, "sizeof(%s)", text);
  const struct node *n = eval_parse(e, cast, NULL);
  struct value v;
  if (n && n->kind == NODE_SIZEOF && n->cast) {
    const struct type *named = whole ? NULL : scope_typedef(e, n->cast);
    return named ? (*type = named, true) : scope_type(e, n->cast, 1, type);
  }
  e->error[0] = 0;
  e->type_only = true;
  const bool ok = evaluate(e, text, NULL, &v) && (*type = v.type, true);
  e->type_only = false;
  return ok;
}

bool eval_whatis(struct debug *d, const char *text, bool whole, FILE *out) {
  struct eval e;
  const struct type *type;
  char name[400];
  eval_begin(&e, d);
  const bool ok = type_or_value(&e, text, whole, &type);
  if (!ok)
    fail(d, "%s.", e.error);
  else if (whole)
    type_define(&e, type, out);
  else
    fprintf(out, "%s\n", type_spell(&e, type, name, sizeof name));
  eval_end(&e);
  return ok;
}

/* ---- places ---- */

/* FILE:LINE and LANE:SYMBOL are addresses, no C expressions. *rest is where the word ends. */
bool eval_colon_address(struct debug *d, const char *text, const char **rest, uint32_t *address) {
  char word[256];
  const size_t n = strcspn(text, " \t");
  if (n >= sizeof word) return false;
  snprintf(word, sizeof word, "%.*s", (int)n, text);
  const char *colon = strchr(word, ':');
  if (!colon || colon[1] == ':' || !expr_value(d, word, address)) return false;
  if (rest) *rest = text + n;
  return rest || !text[n];
}

/* Something that is an address rather than in memory: 0x1000, $sp + 8, &x, p + 1. */
static bool pointed_place(struct eval *e, const struct value *v, struct eval_place *place) {
  struct number n;
  const bool pointer = v->type->kind == TYPE_POINTER;
  if (!pointer && (e->touched_c || !type_is_integer(v->type)))
    return eval_fail(e, 0, "`%s` is a computed value, which has no place in memory", e->text);
  if (!value_number(e, v, &n)) return false;
  place->address = (uint32_t)n.bits;
  place->status = v->status;
  place->size = pointer && type_target(e, v->type)->size ? type_target(e, v->type)->size : 4;
  return true;
}

bool eval_has_registers(struct eval *e, unsigned r, const char *what) {
  const bool runs = e->lane == recorder_current(timeline_recorder(e->d->t));
  if (e->innermost && runs) return true;
  const char *name = r == 32 ? "pc" : pg32_register_name(r);
  if (runs) return eval_fail(e, 0, "`%s` is in register %s of a caller: `finish` there first", what, name);
  return eval_fail(e, 0, "`%s` is in register %s of %s, which does not run here: go there first", what, name,
                   model_lane_name(e->d, e->lane));
}

static bool place_of(struct eval *e, const struct value *v, struct eval_place *place) {
  *place = (struct eval_place){.status = v->status, .size = v->type->size, .is_c = e->touched_c};
  if (v->where == IN_REGISTER) {
    place->kind = PLACE_REGISTER, place->reg = (int)v->reg;
    return !e->touched_c || eval_has_registers(e, v->reg, e->text);
  }
  if (v->where == IN_BYTES && !v->known) return pointed_place(e, v, place);
  if (v->where != IN_MEMORY) return eval_fail(e, 0, "`%s` is not in one piece in memory", e->text);
  place->address = v->address;
  place->lane = e->lane;
  place->follows = v->status == e->regs.status && v->status & ST_T && e->lane < e->d->nlanes &&
                   e->d->lanes[e->lane].kind == LANE_PROCESS;
  if (v->type->kind == TYPE_FUNCTION || v->type->kind == TYPE_SYMBOL) place->size = 4;
  if (v->is_bits) {
    place->bit_offset = v->bit_offset, place->bit_size = v->bit_size;
    place->size = (v->bit_offset + v->bit_size + 7) / 8;
  }
  return true;
}

static bool address_meant(struct eval *e, const struct value *v, uint32_t *address) {
  struct number n;
  const bool lvalue = v->where == IN_MEMORY && v->type->kind != TYPE_POINTER;
  if (lvalue) return *address = v->address, true;
  return value_number(e, v, &n) && (*address = (uint32_t)n.bits, true);
}

/* `physical`: the value is a real address, of a word. */
static bool find_place(struct eval *e, const char *text, const char **rest, bool physical,
                       struct eval_place *place) {
  struct value v;
  uint32_t address;
  if (eval_colon_address(e->d, text, rest, &address))
    *place = (struct eval_place){.address = address, .status = e->regs.status, .size = 4};
  else if (!evaluate(e, text, rest, &v))
    return false;
  else if (!physical && !place_of(e, &v, place))
    return false;
  else if (physical && !address_meant(e, &v, &address))
    return false;
  if (physical) *place = (struct eval_place){.address = address & ~3u, .physical = address & ~3u, .size = 4};
  if (physical || place->kind == PLACE_REGISTER) return true;
  if (mmu_recall(e->d, place->status, place->address, &place->physical)) return true;
  if (mmu_zero(e->d, place->status, place->address))
    return eval_fail(
        e, 0, "nothing has used the page of 0x%08x yet: it reads as zeros, and has no memory of its own",
        place->address);
  return eval_fail(e, 0, "no memory is mapped at 0x%08x", place->address);
}

bool eval_place(struct debug *d, const char *text, const char **rest, bool physical, struct eval_place *place,
                char *error, size_t size) {
  struct eval e;
  eval_begin(&e, d);
  const bool ok = find_place(&e, text, rest, physical, place);
  if (!ok) snprintf(error, size, "%s", e.error);
  eval_end(&e);
  return ok;
}

/* The bytes of a floating-point number, if the value is one, or points at one, or is an array of such. */
static unsigned floating_size(struct eval *e, const struct type *t) {
  if (t->kind == TYPE_POINTER) t = type_target(e, t);
  while (t->kind == TYPE_ARRAY) t = type_target(e, t);
  return t->kind == TYPE_FLOAT ? t->size : 0;
}

bool eval_memory(struct debug *d, const char *text, struct eval_memory *m, char *error, size_t size) {
  struct eval e;
  struct value v = {0};
  eval_begin(&e, d);
  bool ok = eval_colon_address(d, text, NULL, &m->address);
  v.status = e.regs.status, v.image = e.image;
  m->floating = 0;
  if (!ok && (ok = evaluate(&e, text, NULL, &v) && address_meant(&e, &v, &m->address)))
    m->floating = floating_size(&e, v.type);
  if (!ok) snprintf(error, size, "%s", e.error);
  m->status = v.status, m->image = v.image;
  m->here = v.status == e.regs.status;
  eval_end(&e);
  return ok;
}

bool eval_address(struct debug *d, const char *text, uint32_t *address, char *error, size_t size) {
  struct eval_memory m;
  return eval_memory(d, text, &m, error, size) && (*address = m.address, true);
}

/* ---- conditions ---- */

bool source_hides_register(struct debug *d, const char *name) {
  struct eval e;
  if (*name == '$' || register_of(name) < 0) return false;
  eval_begin(&e, d);
  const bool hides = scope_has_variable(&e, name);
  eval_end(&e);
  return hides;
}

bool eval_extent(struct debug *d, const char *text, const char **rest, char *error, size_t size) {
  struct eval e;
  eval_begin(&e, d);
  const struct node *n = eval_parse(&e, text, rest);
  const bool ok = n && (n->kind != NODE_ASSIGN || eval_fail(&e, n->column, "`=` assigns; `==` compares"));
  if (!ok) snprintf(error, size, "%s", e.error);
  eval_end(&e);
  return ok;
}

bool eval_has_variable(struct debug *d, const char *name, const struct code_place *at) {
  struct eval e;
  eval_begin_at(&e, d, at);
  const bool has = scope_has_variable(&e, name);
  eval_end(&e);
  return has;
}

/* Values need not exist yet, but names must. */
bool eval_names_known(struct debug *d, const char *text, const struct code_place *at, char *error,
                      size_t size) {
  struct eval e;
  struct value v;
  if (at)
    eval_begin_at(&e, d, at);
  else
    eval_begin(&e, d);
  evaluate(&e, text, NULL, &v);
  if (e.unknown) snprintf(error, size, "%s", e.error);
  const bool known = !e.unknown;
  eval_end(&e);
  return known;
}

/* ---- info locals ---- */

static void print_variable(struct eval *e, Dwarf_Die *die) {
  struct value v;
  char *text = NULL;
  size_t size;
  FILE *out = must(open_memstream(&text, &size));
  if (location_variable(e, scope_frame_function(e), die, &v))
    eval_format(e, &v, 0, false, out);
  else
    fprintf(out, "<%s>", e->error);
  fclose(out);
  e->error[0] = 0, e->optimized_out = false;
  fprintf(e->d->out, "%s = %s\n", type_declare(e, type_of_die(e, die), dwarf_diename(die)), text);
  free(text);
}

static void print_scope(struct eval *e, Dwarf_Die *scope, bool arguments) {
  Dwarf_Die die;
  if (dwarf_child(scope, &die)) return;
  do {
    const bool argument = dwarf_tag(&die) == DW_TAG_formal_parameter;
    if (scope_is_variable(&die) && dwarf_diename(&die) && (argument || !arguments) &&
        !dwarf_hasattr_integrate(&die, DW_AT_artificial)) /* the compiler's, such as an array's length */
      print_variable(e, &die);
  } while (dwarf_siblingof(&die, &die) == 0);
}

bool eval_locals(struct debug *d, bool arguments) {
  struct eval e;
  eval_begin(&e, d);
  const bool known = e.function >= 0;
  for (int i = scope_first(&e); i <= e.function; i++) print_scope(&e, &e.scopes[i], arguments);
  eval_end(&e);
  return known ? true : fail(d, "No C function is known here: assembly, or no debug information.");
}
