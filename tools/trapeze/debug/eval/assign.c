/* assign.c - PLACE = EXPR. The bytes of the new value are put together and their places looked up before
 * anything changes; then the session pokes them (change.c). */
#include <string.h>

#include "eval.h"

#define LARGEST 4096 /* bytes of a struct */

/* ---- the new bytes ---- */

static unsigned width_of(const struct value *v) { return v->is_bits ? v->bit_size : 8 * v->type->size; }

static bool in_range(const struct number *n, unsigned width) {
  const double most = (double)(UINT64_MAX >> (64 - width)), least = -(double)(1ull << (width - 1));
  if (n->is_float) return n->floating > least - 1 && n->floating < most + 1;
  if (width == 64) return true;
  if (n->is_signed && (int64_t)n->bits < 0) return (int64_t)n->bits >= -(int64_t)(1ull << (width - 1));
  return n->bits <= UINT64_MAX >> (64 - width);
}

/* C would cut the number off; a person who types it wants to know. */
static bool fits(struct eval *e, const struct change *c, const struct value *from) {
  struct number n;
  char type[100], bits[40] = "";
  const struct value *to = &c->place;
  if (to->type->kind == TYPE_FLOAT || to->type->kind == TYPE_BOOL || !value_number(e, from, &n))
    return !e->error[0];
  if (in_range(&n, width_of(to))) return true;
  if (to->is_bits) snprintf(bits, sizeof bits, ", a bit-field of %u bits", to->bit_size);
  type_spell(e, to->type, type, sizeof type);
  if (n.is_float) return eval_fail(e, 0, "%g does not fit in `%s` (%s%s)", n.floating, c->name, type, bits);
  return eval_fail(e, 0,
                   n.is_signed ? "%lld does not fit in `%s` (%s%s)" : "%llu does not fit in `%s` (%s%s)",
                   (long long)n.bits, c->name, type, bits);
}

static bool scalar_bytes(struct eval *e, struct change *c, const struct value *from, unsigned column) {
  struct value converted;
  struct number n;
  if (!type_is_scalar(from->type) && from->type->kind != TYPE_ARRAY && from->type->kind != TYPE_FUNCTION &&
      from->type->kind != TYPE_SYMBOL) {
    char to[100], type[100];
    return eval_fail(e, column, "a `%s` cannot be assigned to a `%s`",
                     type_spell(e, from->type, type, sizeof type),
                     type_spell(e, c->place.type, to, sizeof to));
  }
  if (from->is_string)
    return eval_fail(e, column,
                     "the program has no memory with that text; an array of characters can be set");
  if (!fits(e, c, from) || !arithmetic_cast(e, from, c->place.type, column, &converted)) return false;
  if (!c->place.is_bits) return value_bytes(e, &converted, c->bytes, NULL, c->place.type->size);
  if (!value_number(e, &converted, &n) || !value_bytes(e, &c->place, c->bytes, NULL, c->size)) return false;
  for (unsigned i = 0; i < c->place.bit_size; i++) {
    const unsigned at = c->place.bit_offset + i;
    c->bytes[at / 8] = (uint8_t)((c->bytes[at / 8] & ~(1u << at % 8)) | (n.bits >> i & 1) << at % 8);
  }
  return true;
}

/* An array of characters, from a string that fits: what is left becomes 0, as in C. */
static bool string_bytes(struct eval *e, struct change *c, const struct value *from) {
  const uint32_t room = c->place.type->size, n = from->type->size;
  if (n - 1 > room)
    return eval_fail(e, 0, "%u characters do not fit in `%s`, which has %u", n - 1, c->name, room);
  memset(c->bytes, 0, room);
  return value_bytes(e, from, c->bytes, NULL, n < room ? n : room);
}

/* A struct, union or array of the same type. */
static bool whole_bytes(struct eval *e, struct change *c, const struct value *from, unsigned column) {
  const struct type *to = c->place.type;
  char a[100], b[100];
  type_spell(e, to, a, sizeof a);
  type_spell(e, from->type, b, sizeof b);
  if (to->kind != from->type->kind || to->size != from->type->size || strcmp(a, b) != 0)
    return eval_fail(e, column, "a `%s` cannot be assigned to a `%s`", b, a);
  return value_bytes(e, from, c->bytes, NULL, to->size);
}

static bool new_bytes(struct eval *e, struct change *c, const struct value *from, unsigned column) {
  const struct type *t = c->place.type;
  char name[100];
  if (t->kind == TYPE_SYMBOL)
    return eval_fail(e, 0, "the type of `%s` is not known; {int}&%s is the word there", c->name, c->name);
  if (type_is_scalar(t) && t->size && t->size <= 16) return scalar_bytes(e, c, from, column);
  const bool whole =
      t->kind == TYPE_STRUCT || t->kind == TYPE_UNION || t->kind == TYPE_ARRAY || t->kind == TYPE_COMPLEX;
  if (t->kind == TYPE_ARRAY && t->size && t->size <= LARGEST && from->is_string &&
      type_target(e, t)->kind == TYPE_CHAR)
    return string_bytes(e, c, from);
  if (whole && t->size && t->size <= LARGEST) return whole_bytes(e, c, from, column);
  if (t->kind == TYPE_FUNCTION) return eval_fail(e, 0, "`%s` is a function", c->name);
  return eval_fail(e, 0, "a `%s` cannot be set as a whole", type_spell(e, t, name, sizeof name));
}

/* ---- their places ---- */

/* A number in a register takes all of it: what is less than a word is extended, as compilers expect. */
static void fill_register(struct change *c) {
  const uint32_t n = c->place.type->size;
  const uint8_t sign = c->place.type->is_signed && c->bytes[n - 1] & 0x80 ? 0xFF : 0;
  for (uint32_t i = n; i < 4; i++) c->bytes[i] = sign;
  c->size = 4;
}

static bool no_place(struct eval *e, const struct change *c) {
  return eval_fail(e, 0, "`%s` has no place: it is computed, or the compiler has made it a constant",
                   c->name);
}

static bool find_homes(struct eval *e, struct change *c) {
  const struct value *v = &c->place;
  if (v->where == IN_REGISTER && !v->is_bits && v->type->size < 4) fill_register(c);
  if (v->where == IN_BYTES && !v->home) return no_place(e, c);
  for (uint32_t i = 0; i < c->size; i++) {
    if (v->where == IN_MEMORY)
      c->home[i] = (struct home){HOME_MEMORY, v->address + i};
    else
      c->home[i] = v->where == IN_BYTES ? v->home[i] : (struct home){HOME_REGISTER, 4 * v->reg + i};
    if (c->home[i].kind != HOME_NONE) continue;
    if (v->known && v->known[i]) return no_place(e, c);
    return eval_fail(e, 0, "`%s`, or a part of it, is optimized out", c->name);
  }
  return true;
}

/* A register of a caller that no function has saved since is still the machine's own. */
static bool check_register(struct eval *e, const struct change *c, unsigned r) {
  const bool runs = e->lane == recorder_current(timeline_recorder(e->d->t));
  uint64_t bits;
  if (r == 0) return eval_fail(e, 0, "register zero is always 0");
  if (!eval_register(e, r, &bits)) return false;
  return (runs && r < 32 && !(e->regs.computed >> r & 1)) || eval_has_registers(e, r, c->name);
}

/* A register of a caller that a function has saved is changed where that function will load it from. */
static void find_saved(const struct eval *e, struct home *home) {
  const uint32_t r = home->at / 4;
  if (home->kind != HOME_REGISTER || r > 31 || !(e->regs.saved >> r & 1)) return;
  *home = (struct home){HOME_MEMORY, e->regs.at[r] + home->at % 4};
}

/* {TYPE}ADDRESS asks for that very memory, whatever the program may do with it. */
static bool check_memory(struct eval *e, const struct change *c, bool forced, struct home *home) {
  uint32_t pa;
  const bool mapped = mmu_recall(e->d, c->place.status, home->at, &pa);
  if (!mapped && mmu_zero(e->d, c->place.status, home->at))
    return eval_fail(e, 0, "nothing has used the page of 0x%08x yet: there is no memory to change", home->at);
  if (!mapped) return eval_fail(e, 0, "no memory is mapped at 0x%08x", home->at);
  if (!machine_ram(e->d->m, pa, 1))
    return eval_fail(e, 0, "0x%08x is no RAM: a device's register, which nothing but code can write",
                     home->at);
  if (!forced && image_is_read_only(c->place.image, home->at))
    return eval_fail(e, 0,
                     "`%s` is read-only; `set {unsigned char}0x%08x = ...` changes a byte of it even so",
                     c->name, home->at);
  home->at = pa;
  return true;
}

static bool check_homes(struct eval *e, struct change *c, bool forced) {
  if (!find_homes(e, c)) return false;
  for (uint32_t i = 0; i < c->size; i++) {
    struct home *home = &c->home[i];
    find_saved(e, home);
    if (home->kind == HOME_REGISTER ? !check_register(e, c, home->at / 4) : !check_memory(e, c, forced, home))
      return false;
  }
  return true;
}

/* ---- both ---- */

static bool apply_register(struct debug *d, const struct change *c, uint32_t *i) {
  const unsigned r = c->home[*i].at / 4;
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  uint32_t word = register_value(&regs, (int)r);
  for (; *i < c->size && c->home[*i].kind == HOME_REGISTER && c->home[*i].at / 4 == r; ++*i)
    ((uint8_t *)&word)[c->home[*i].at % 4] = c->bytes[*i];
  return change_register(d, r, word);
}

static bool apply(struct debug *d, const struct change *c) {
  for (uint32_t i = 0; i < c->size;) {
    const uint32_t from = i;
    if (c->home[i].kind == HOME_REGISTER) {
      if (!apply_register(d, c, &i)) return false;
      continue;
    }
    while (++i < c->size && c->home[i].kind == HOME_MEMORY && c->home[i].at == c->home[from].at + i - from) {
    }
    if (!change_memory(d, c->home[from].at, c->bytes + from, i - from)) return false;
  }
  return true;
}

bool eval_change(struct eval *e, const struct node *n, struct change *c) {
  struct value from;
  if (!compute(e, n->left, &c->place) || !compute(e, n->right, &from)) return false;
  const struct value *v = &c->place;
  c->size = v->is_bits ? (v->bit_offset + v->bit_size + 7) / 8 : v->type->size;
  c->bytes = eval_alloc(e, (size_t)c->size + 16);
  c->home = eval_alloc(e, ((size_t)c->size + 16) * sizeof *c->home);
  return new_bytes(e, c, &from, n->right->column) && check_homes(e, c, n->left->kind == NODE_AT);
}

bool eval_assign(struct debug *d, const char *text, size_t *place) {
  struct eval e;
  struct change c = {0};
  eval_begin(&e, d);
  const struct node *n = eval_parse(&e, text, NULL);
  bool ok = n && (n->kind == NODE_ASSIGN || eval_fail(&e, 0, "expected PLACE = EXPR"));
  if (ok) {
    *place = n->column - 1;
    while (*place && text[*place - 1] == ' ') --*place;
    c.name = eval_copy(&e, text, *place);
    ok = eval_change(&e, n, &c);
  }
  if (!ok) fail(d, "%s.", e.error);
  ok = ok && change_begin(d) && apply(d, &c);
  eval_end(&e);
  return ok;
}
