/* condition.c - .if and its relatives: they hide the statements of the branches that are not taken. */
#include "source.h"

#include <string.h>

struct condition {
  struct condition *outer;
  bool active; /* the current branch is assembled */
  bool taken;  /* this branch, or one before it, was */
  bool hidden; /* the whole .if lies inside a branch that is not assembled */
  bool had_else;
  struct place place;
};

bool pg32_as_hidden(const struct assembler *as) { return as->conditions && !as->conditions->active; }

static bool is_defined(struct assembler *as) {
  struct text name;
  return pg32_as_name(as, &name) && pg32_as_symbol(as, name)->kind != SYM_UNDEFINED;
}

static bool same_text(struct assembler *as) {
  struct text rest = pg32_as_rest(as);
  const char *p = rest.p, *end = p + rest.n;
  struct text a = pg32_as_argument(&p, end, false);
  pg32_as_skip_separator(&p, end);
  struct text b = pg32_as_argument(&p, end, true);
  return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

static bool same_strings(struct assembler *as) {
  struct text a, b;
  return pg32_as_string_bytes(as, &a) && pg32_as_expect(as, ',') && pg32_as_string_bytes(as, &b) &&
         a.n == b.n && !memcmp(a.p, b.p, a.n);
}

/* clang-format off */
enum test {
  IF_NE, IF_EQ, IF_GT, IF_GE, IF_LT, IF_LE, /* a number compared with 0 */
  IF_DEF, IF_NDEF, IF_BLANK, IF_NBLANK, IF_SAME, IF_NSAME, IF_EQUAL, IF_UNEQUAL
};

static const struct {
  const char *name;
  enum test test;
} ifs[] = {
  {".if", IF_NE},         {".ifne", IF_NE},   {".ifeq", IF_EQ},   {".ifgt", IF_GT}, {".ifge", IF_GE},
  {".iflt", IF_LT},       {".ifle", IF_LE},   {".ifdef", IF_DEF}, {".ifndef", IF_NDEF},
  {".ifnotdef", IF_NDEF}, {".ifb", IF_BLANK}, {".ifnb", IF_NBLANK}, {".ifc", IF_SAME}, {".ifnc", IF_NSAME},
  {".ifeqs", IF_EQUAL},   {".ifnes", IF_UNEQUAL},
};
/* clang-format on */

static bool holds(struct assembler *as, enum test test) {
  int64_t n = 0;
  if (test <= IF_LE && !pg32_as_constant(as, &n)) return false;
  switch (test) {
  case IF_NE: return n != 0;
  case IF_EQ: return n == 0;
  case IF_GT: return n > 0;
  case IF_GE: return n >= 0;
  case IF_LT: return n < 0;
  case IF_LE: return n <= 0;
  case IF_DEF: return is_defined(as);
  case IF_NDEF: return !is_defined(as);
  case IF_BLANK: return pg32_as_rest(as).n == 0;
  case IF_NBLANK: return pg32_as_rest(as).n != 0;
  case IF_SAME: return same_text(as);
  case IF_NSAME: return !same_text(as);
  case IF_EQUAL: return same_strings(as);
  case IF_UNEQUAL: return !same_strings(as);
  }
  return false;
}

static void open_condition(struct assembler *as, enum test test) {
  bool hidden = pg32_as_hidden(as);
  struct condition *c = pg32_as_alloc(as, sizeof *c);
  *c = (struct condition){.outer = as->conditions, .hidden = hidden, .place = as->now.place};
  if (!hidden) c->active = c->taken = holds(as, test);
  as->conditions = c;
}

static void next_branch(struct assembler *as, bool tested) {
  struct condition *c = as->conditions;
  if (!c || c->had_else) {
    pg32_as_error(as, "no .if for this");
    return;
  }
  c->had_else = !tested;
  c->active = !c->hidden && !c->taken;
  if (c->active && tested) c->active = holds(as, IF_NE);
  c->taken |= c->active;
}

static void close_condition(struct assembler *as) {
  if (as->conditions)
    as->conditions = as->conditions->outer;
  else
    pg32_as_error(as, "no .if for this");
}

bool pg32_as_condition_directive(struct assembler *as, struct text name) {
  for (size_t i = 0; i < sizeof ifs / sizeof *ifs; i++)
    if (pg32_as_text_is(name, ifs[i].name)) return open_condition(as, ifs[i].test), true;
  if (pg32_as_text_is(name, ".else")) return next_branch(as, false), true;
  if (pg32_as_text_is(name, ".elseif")) return next_branch(as, true), true;
  if (pg32_as_text_is(name, ".endif")) return close_condition(as), true;
  return false;
}

void pg32_as_finish_source(struct assembler *as) {
  if (as->conditions) pg32_as_error_at(as, &as->conditions->place, "no .endif for this");
}
