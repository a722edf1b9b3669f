/* operand.c - reads the operands of an instruction, and compares them with the patterns of pg32.def. */
#include "insn.h"

#include <stdio.h>
#include <string.h>

const char *const pg32_as_modifier_names[] = {"", "hi", "lo", "pcrel_hi", "pcrel_lo"};

/* ---- reading ---- */

static int register_of(struct text name) {
  char buf[8] = "";
  if (name.n >= sizeof buf) return -1;
  memcpy(buf, name.p, name.n);
  return pg32_register_number(buf);
}

/* After '%': the modifier's name and its argument in parentheses. */
static bool modified(struct assembler *as, struct operand *o) {
  struct text name = as->token.text;
  for (unsigned m = MOD_HI; m <= MOD_PCREL_LO; m++)
    if (pg32_as_text_is(name, pg32_as_modifier_names[m])) o->modifier = m;
  if (o->modifier == MOD_NONE) {
    bool tls = name.n > 2 && !memcmp(name.p, "t", 1);
    bool got = name.n > 3 && !memcmp(name.p, "got", 3);
    pg32_as_error(as, "PG32 has no %%%.*s%s", (int)name.n, name.p,
                  tls   ? ": there is no thread-local storage"
                  : got ? ": there is no global offset table, compile with -fno-pic"
                        : "");
    return false;
  }
  pg32_as_advance(as);
  if (!pg32_as_expect(as, '(')) return false;
  o->expr = pg32_as_expr(as);
  return o->expr && pg32_as_expect(as, ')');
}

/* Takes `(register)` if that is next. */
static bool base(struct assembler *as, struct operand *o) {
  struct token open = as->token;
  if (!pg32_as_accept(as, '(')) return false;
  int reg = as->token.kind == TOK_NAME ? register_of(as->token.text) : -1;
  if (reg >= 0) pg32_as_advance(as);
  if (reg < 0 || !pg32_as_accept(as, ')')) {
    as->token = open;
    return false;
  }
  o->kind = MEMORY;
  o->reg = (uint8_t)reg;
  return true;
}

static bool plain_register(struct assembler *as, struct operand *o) {
  struct token name = as->token;
  int reg = name.kind == TOK_NAME ? register_of(name.text) : -1;
  if (reg < 0) return false;
  pg32_as_advance(as);
  bool alone = as->token.kind == TOK_END || (as->token.kind == TOK_OP && as->token.op == ',');
  if (!alone) {
    as->token = name;
    return false;
  }
  o->kind = REGISTER;
  o->reg = (uint8_t)reg;
  return true;
}

static bool operand(struct assembler *as, struct operand *o) {
  *o = (struct operand){.kind = EXPRESSION, .where = as->token.text};
  if (plain_register(as, o)) return true;
  if (base(as, o)) {
    o->expr = pg32_as_number_expr(as, 0);
    return true;
  }
  if (pg32_as_accept(as, '%')) {
    if (!modified(as, o)) return false;
  } else if (!(o->expr = pg32_as_expr(as))) {
    return false;
  }
  if (as->token.kind == TOK_OP && as->token.op == '(' && !base(as, o)) {
    pg32_as_error(as, "expected a register in parentheses");
    return false;
  }
  return true;
}

bool pg32_as_operands(struct assembler *as, struct operand *o, unsigned *n) {
  for (*n = 0; as->token.kind != TOK_END;) {
    if (*n && !pg32_as_expect(as, ',')) return false;
    if (*n == MAX_OPERANDS) {
      pg32_as_error(as, "too many operands");
      return false;
    }
    if (!operand(as, &o[(*n)++])) return false;
  }
  return true;
}

/* ---- patterns ---- */

static bool fits(char letter, const char *rest, const struct operand *o) {
  switch (letter) {
  case 'd':
  case 's':
  case 't': return o->kind == REGISTER;
  case 'p': return o->kind == EXPRESSION || o->kind == REGISTER;
  case 'i': return rest[1] == '(' ? o->kind == MEMORY : o->kind == EXPRESSION;
  default: return o->kind == EXPRESSION;
  }
}

const char *pg32_as_next_operand(const char *pattern) {
  while (*pattern && *pattern != ',') pattern++;
  return *pattern ? pattern + 1 : pattern;
}

int pg32_as_match(const char *pattern, const struct operand *o, unsigned n) {
  unsigned i = 0;
  for (; i < n && *pattern; i++, pattern = pg32_as_next_operand(pattern))
    if (!fits(*pattern, pattern, &o[i])) return (int)i;
  return i == n && !*pattern ? -1 : (int)i;
}

/* Writes the pattern out for a message: "lw rd, imm(rs1)". */
static void describe(char *buf, size_t size, struct text name, const char *pattern) {
  static const char *const letters[] = {"drd",    "srs1",    "trs2",   "iimm",
                                        "hshift", "ptarget", "uimm20", "kkind"};
  size_t n = (size_t)snprintf(buf, size, "%.*s ", (int)name.n, name.p);
  for (; *pattern && n < size; pattern++) {
    const char *word = NULL;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
      if (letters[i][0] == *pattern) word = letters[i] + 1;
    if (word)
      n += (size_t)snprintf(buf + n, size - n, "%s", word);
    else
      n += (size_t)snprintf(buf + n, size - n, *pattern == ',' ? ", " : "%c", *pattern);
  }
}

void pg32_as_mismatch(struct assembler *as, struct text name, const char *pattern, struct operand *o,
                      unsigned n) {
  char text[64];
  describe(text, sizeof text, name, pattern);
  int first = pg32_as_match(pattern, o, n);
  struct text where = first >= 0 && (unsigned)first < n ? o[first].where : as->token.text;
  if (*pattern)
    pg32_as_error_in(as, where, "expected: %s", text);
  else
    pg32_as_error_in(as, where, "'%.*s' takes no operands", (int)name.n, name.p);
}
