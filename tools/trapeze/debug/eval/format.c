/* format.c - values as text, in gdb's manner: {x = 3, y = 4}, 0x00017000 "text", 97 'a', <f+4>. The characters
 * of strings are text.c's.
 *
 * Long things are cut as gdb cuts them: after 200 elements or characters; and ten or more equal elements
 * become `0 <repeats 16 times>`. */
#include <ctype.h>
#include <dwarf.h>
#include <string.h>

#include "eval.h"

#define MOST_TEXT (1u << 20) /* characters of an array that are looked at */
#define REPEATS 10           /* equal elements that are counted rather than written */
#define BUDGET 10000         /* scalars of one value, arrays of arrays included */
#define NESTED 40

struct printer {
  struct eval *e;
  FILE *out;
  char format; /* 0 = by type */
  unsigned budget, depth;
};

static void print(struct printer *p, const struct value *v, bool top);

/* ---- problems in the middle of a value ---- */

static void print_problem(struct printer *p) {
  if (p->e->optimized_out)
    fputs("<optimized out>", p->out);
  else
    fprintf(p->out, "<%s>", p->e->error);
  p->e->error[0] = 0;
  p->e->optimized_out = false;
}

/* ---- strings ---- */

/* Are values of the type characters, of which text is made? A wide character is known by its name alone. */
static bool is_character(const struct type *t) {
  if (t->kind == TYPE_CHAR) return t->size == 1;
  const char *name = t->alias ? t->alias : t->name;
  return t->kind == TYPE_INTEGER && (t->size == 2 || t->size == 4) && name &&
         (strcmp(name, "wchar_t") == 0 || strcmp(name, "char16_t") == 0 || strcmp(name, "char32_t") == 0);
}

static bool is_zero(const uint8_t *character, unsigned size) {
  for (unsigned i = 0; i < size; i++)
    if (character[i]) return false;
  return true;
}

static void print_string_at(struct printer *p, const struct value *v, uint32_t address, unsigned size) {
  uint8_t text[4 * (EVAL_LIMIT + 1)];
  size_t n = eval_read(p->e, v->status, address, text, (size_t)size * (EVAL_LIMIT + 1)) / size, length = 0;
  while (length < n && !is_zero(text + length * size, size)) length++;
  if (!n)
    fprintf(p->out, " <no memory is mapped there>");
  else {
    fputc(' ', p->out);
    eval_format_text(p->out, text, size, length, length == n);
  }
}

/* An array of characters. The NUL that ends it is not shown. */
static void print_text_array(struct printer *p, const struct value *v, unsigned size) {
  const uint32_t all = v->type->count, count = all < MOST_TEXT ? all : MOST_TEXT;
  if (v->type->unbounded) {
    print_string_at(p, v, v->address, size);
    return;
  }
  uint8_t *text = eval_alloc(p->e, (size_t)count * size + 1);
  if (!value_bytes(p->e, v, text, NULL, (size_t)count * size)) {
    print_problem(p);
    return;
  }
  const bool ends = count == all && count && is_zero(text + (size_t)(count - 1) * size, size);
  eval_format_text(p->out, text, size, count - ends, count < all);
}

/* ---- symbols ---- */

/* " <f+4>": the symbol whose code or object has the address. */
static void print_symbol(struct printer *p, const struct value *v, uint32_t address) {
  size_t n = 0;
  const struct pg32_lines_symbol *all = v->image && v->image->lines ? pg32_lines_symbols(v->image->lines, &n)
                                                                    : NULL,
                                 *best = NULL;
  for (size_t i = 0; i < n && all[i].address <= address; i++)
    if (address - all[i].address < (all[i].size ? all[i].size : 1)) best = &all[i];
  if (!best) return;
  fprintf(p->out, " <%s", best->name);
  if (address > best->address) fprintf(p->out, "+%u", address - best->address);
  fputc('>', p->out);
}

/* ---- scalars ---- */

static void print_binary(FILE *out, uint64_t bits) {
  int top = 63;
  while (top > 0 && !(bits >> top & 1)) top--;
  for (; top >= 0; top--) fputc('0' + (int)(bits >> top & 1), out);
}

/* As many digits as tell the number from its neighbours. */
static void print_float(FILE *out, double d, unsigned size) {
  if (d != d)
    fputs("nan", out);
  else
    fprintf(out, "%.*g", size == 2 ? 5 : size == 4 ? 9 : 17, d);
}

static void print_long_double(FILE *out, const uint8_t *bytes) {
  const long double n = float_decode(bytes, 16);
  if (n != n)
    fputs("nan", out);
  else
    fprintf(out, "%.18Lg", n);
}

static void print_as_float(struct printer *p, uint64_t bits, unsigned size) {
  float f;
  double d;
  memcpy(&f, &bits, sizeof f);
  memcpy(&d, &bits, sizeof d);
  if (size == 4 || size == 8)
    print_float(p->out, size == 4 ? (double)f : d, size);
  else
    fprintf(p->out, "%lld", (long long)bits);
}

static uint64_t masked(uint64_t bits, unsigned width) {
  return width < 64 ? bits & (((uint64_t)1 << width) - 1) : bits;
}

/* What an integer format shows of a floating-point number: as gdb has it, its bytes. /c and /a want a number. */
static uint64_t bits_of_float(struct printer *p, const struct value *v, const struct number *n) {
  uint8_t bytes[16] = {0};
  uint64_t bits = 0;
  if (p->format == 'c' || p->format == 'a')
    return (uint64_t)(int64_t)(n->floating > -9e18 && n->floating < 9e18 ? n->floating : 0);
  if (value_bytes(p->e, v, bytes, NULL, v->type->size)) memcpy(&bits, bytes, sizeof bits);
  return bits;
}

/* Sixteen bytes do not fit in an integer format. */
static void print_wide_formatted(struct printer *p, const struct value *v) {
  uint64_t part[2] = {0};
  if (!value_bytes(p->e, v, (uint8_t *)part, NULL, sizeof part))
    print_problem(p);
  else if (p->format == 'x' || p->format == 'z')
    fprintf(p->out, "0x%llx%016llx", (unsigned long long)part[1], (unsigned long long)part[0]);
  else
    print_long_double(p->out, (const uint8_t *)part);
}

static void print_formatted(struct printer *p, const struct value *v, const struct number *n) {
  const unsigned size = v->type->size ? v->type->size : 4, width = v->is_bits ? v->bit_size : 8 * size;
  const uint64_t bits = masked(n->is_float ? bits_of_float(p, v, n) : n->bits, width);
  if (size == 16) {
    print_wide_formatted(p, v);
    return;
  }
  switch (p->format) {
  case 'x': fprintf(p->out, "0x%llx", (unsigned long long)bits); break;
  case 'z': fprintf(p->out, "0x%0*llx", (int)(2 * size), (unsigned long long)bits); break;
  case 'o': fprintf(p->out, bits ? "0%llo" : "%llo", (unsigned long long)bits); break;
  case 't': print_binary(p->out, bits); break;
  case 'u': fprintf(p->out, "%llu", (unsigned long long)bits); break;
  case 'd':
    fprintf(p->out, "%lld",
            width && width < 64 ? (long long)((int64_t)(bits << (64 - width)) >> (64 - width))
                                : (long long)bits);
    break;
  case 'a':
    fprintf(p->out, "0x%08x", (uint32_t)bits);
    print_symbol(p, v, (uint32_t)bits);
    break;
  case 'f':
    if (n->is_float)
      print_float(p->out, n->floating, size);
    else
      print_as_float(p, bits, size);
    break;
  default: /* c */
    fprintf(p->out, n->is_signed && v->type->is_signed ? "%d " : "%u ",
            n->is_signed && v->type->is_signed ? (int8_t)bits : (int)(bits & 0xFF));
    eval_format_character(p->out, (unsigned char)bits, 1);
  }
}

/* The enumerator of a value; or for flags such as 1, 2, 4 the sum of names that gives it. */
static bool print_flags(struct printer *p, const struct type *t, uint64_t bits) {
  Dwarf_Die die = t->die, child;
  Dwarf_Attribute a;
  int64_t value;
  const char *before = "(";
  uint64_t left = bits;
  if (dwarf_child(&die, &child)) return false;
  do { /* are all of them single bits? */
    if (!type_constant(dwarf_attr(&child, DW_AT_const_value, &a), &value)) continue;
    if (value & (value - 1)) return false;
    left &= ~(uint64_t)value;
  } while (dwarf_siblingof(&child, &child) == 0);
  if (!bits || left == bits || dwarf_child(&die, &child)) return false;
  do {
    if (!type_constant(dwarf_attr(&child, DW_AT_const_value, &a), &value) || !((uint64_t)value & bits))
      continue;
    fprintf(p->out, "%s%s", before, dwarf_diename(&child));
    before = " | ";
  } while (dwarf_siblingof(&child, &child) == 0);
  if (left) fprintf(p->out, " | unknown: 0x%llx", (unsigned long long)left);
  fputc(')', p->out);
  return true;
}

static void print_enum(struct printer *p, const struct type *t, const struct number *n) {
  Dwarf_Die die = t->die, child;
  Dwarf_Attribute a;
  int64_t value;
  if (t->has_die && dwarf_child(&die, &child) == 0) do {
      if (!type_constant(dwarf_attr(&child, DW_AT_const_value, &a), &value)) continue;
      if (masked((uint64_t)value, 8 * t->size) != masked(n->bits, 8 * t->size)) continue;
      fputs(dwarf_diename(&child), p->out);
      return;
    } while (dwarf_siblingof(&child, &child) == 0);
  if (t->has_die && print_flags(p, t, n->bits)) return;
  fprintf(p->out, t->is_signed ? "%lld" : "%llu", (long long)n->bits);
}

static void print_pointer(struct printer *p, const struct value *v, uint32_t address, bool top) {
  char name[200];
  const struct type *to = type_target(p->e, v->type);
  const bool text = is_character(to);
  if (top && !text) fprintf(p->out, "(%s) ", type_spell(p->e, v->type, name, sizeof name));
  fprintf(p->out, "0x%08x", address);
  if (address) print_symbol(p, v, address);
  if (text && address) print_string_at(p, v, address, to->size);
}

static void print_as_character(struct printer *p, const struct type *t, const struct number *n) {
  fprintf(p->out, t->is_signed || t->size == 1 ? "%lld " : "%llu ", (long long)n->bits);
  eval_format_character(p->out, (uint32_t)masked(n->bits, 8 * t->size), t->size);
}

static void print_floating(struct printer *p, const struct value *v, const struct number *n) {
  uint8_t bytes[16];
  if (v->type->size == 16 && value_bytes(p->e, v, bytes, NULL, sizeof bytes))
    print_long_double(p->out, bytes);
  else
    print_float(p->out, n->floating, v->type->size);
}

static void print_number(struct printer *p, const struct value *v, const struct number *n, bool top) {
  const struct type *t = v->type;
  if (p->format && p->format != 's') {
    print_formatted(p, v, n);
    return;
  }
  switch (t->kind) {
  case TYPE_FLOAT: print_floating(p, v, n); break;
  case TYPE_ENUM: print_enum(p, t, n); break;
  case TYPE_POINTER: print_pointer(p, v, (uint32_t)n->bits, top); break;
  case TYPE_BOOL:
    if (n->bits > 1)
      fprintf(p->out, "%llu", (unsigned long long)n->bits);
    else
      fputs(n->bits ? "true" : "false", p->out);
    break;
  default:
    if (is_character(t))
      print_as_character(p, t, n);
    else
      fprintf(p->out, t->is_signed ? "%lld" : "%llu", (long long)n->bits);
  }
}

static void print_scalar(struct printer *p, const struct value *v, bool top) {
  struct number n;
  if (value_number(p->e, v, &n))
    print_number(p, v, &n, top);
  else
    print_problem(p);
}

/* ---- aggregates ---- */

static void print_members(struct printer *p, const struct value *v) {
  Dwarf_Die die = v->type->die, child;
  const char *before = "";
  if (v->type->incomplete) {
    fputs("<incomplete type>", p->out);
    return;
  }
  fputc('{', p->out);
  if (v->type->has_die && dwarf_child(&die, &child) == 0) do {
      if (dwarf_tag(&child) != DW_TAG_member) continue;
      const struct value m = value_member_of(p->e, v, &child);
      const char *name = dwarf_diename(&child);
      fprintf(p->out, "%s%s%s", before, name ? name : "", name ? " = " : "");
      print(p, &m, false);
      before = ", ";
    } while (p->budget && dwarf_siblingof(&child, &child) == 0);
  fputs(p->budget ? "}" : "...}", p->out);
}

/* How many elements from `i` on are equal to it. */
static uint32_t equal_elements(struct printer *p, const struct value *v, uint32_t i, uint32_t size) {
  uint8_t first[256], other[256];
  struct value element;
  uint32_t n = 1;
  value_element(p->e, v, i, &element);
  if (size > sizeof first || !value_bytes(p->e, &element, first, NULL, size)) return p->e->error[0] = 0, 1;
  for (; i + n < v->type->count; n++) {
    value_element(p->e, v, i + n, &element);
    if (!value_bytes(p->e, &element, other, NULL, size)) return p->e->error[0] = 0, n;
    if (memcmp(first, other, size) != 0) break;
  }
  return n;
}

static void print_elements(struct printer *p, const struct value *v) {
  const struct type *of = type_target(p->e, v->type);
  unsigned written = 0;
  fputc('{', p->out);
  for (uint32_t i = 0; i < v->type->count;) {
    struct value element;
    if (written >= EVAL_LIMIT || !p->budget) {
      fputs("...", p->out);
      break;
    }
    const uint32_t equal = equal_elements(p, v, i, of->size);
    value_element(p->e, v, i, &element);
    if (i) fputs(", ", p->out);
    print(p, &element, false);
    if (equal >= REPEATS) fprintf(p->out, " <repeats %u times>", equal);
    i += equal >= REPEATS ? equal : 1;
    written += equal >= REPEATS ? REPEATS : 1;
  }
  fputc('}', p->out);
}

/* 1.5 + -2i */
static void print_complex(struct printer *p, const struct value *v) {
  struct value real, imaginary;
  value_complex(p->e, v, &real, &imaginary);
  print(p, &real, false);
  fputs(" + ", p->out);
  print(p, &imaginary, false);
  fputc('i', p->out);
}

static void print_array(struct printer *p, const struct value *v) {
  const struct type *of = type_target(p->e, v->type);
  if (is_character(of) && (!p->format || p->format == 's'))
    print_text_array(p, v, of->size);
  else if (v->type->unbounded || of->unbounded)
    fprintf(p->out, "0x%08x", v->address);
  else
    print_elements(p, v);
}

static void print_function(struct printer *p, const struct value *v) {
  char name[200];
  if (v->type->kind == TYPE_FUNCTION) fprintf(p->out, "{%s} ", type_spell(p->e, v->type, name, sizeof name));
  fprintf(p->out, "0x%08x", v->address);
  print_symbol(p, v, v->address);
}

static void print(struct printer *p, const struct value *v, bool top) {
  char name[200];
  if (p->budget) p->budget--;
  if (p->depth++ > NESTED)
    fputs("...", p->out);
  else
    switch (v->type->kind) {
    case TYPE_STRUCT:
    case TYPE_UNION: print_members(p, v); break;
    case TYPE_ARRAY: print_array(p, v); break;
    case TYPE_COMPLEX: print_complex(p, v); break;
    case TYPE_FUNCTION:
    case TYPE_SYMBOL: print_function(p, v); break;
    case TYPE_VOID: fputs("void", p->out); break;
    case TYPE_UNSUPPORTED:
      fprintf(p->out, "<values of type `%s` are not supported>",
              type_spell(p->e, v->type, name, sizeof name));
      break;
    default: print_scalar(p, v, top);
    }
  p->depth--;
}

void eval_format(struct eval *e, const struct value *v, char format, bool typed, FILE *out) {
  struct printer p = {.e = e, .out = out, .format = format, .budget = BUDGET};
  print(&p, v, typed);
}
