/* stop_read.c - breakpoints and watchpoints as they are typed.
 *
 *   break [trap [CAUSE...]] [WHERE] [in LANE] [depth N] [mode user|kernel] [asid N] [insn NAME]
 *         [if EXPRESSION [and EXPRESSION]...] [ignore N]
 *   watch EXPRESSION | phys ADDRESS [in LANE] ... [ignore N] */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"

/* ---- reading ---- */

struct reader { /* of what follows `break` or `watch` */
  struct debug *d;
  char words[256], *rest; /* the text, and what is left to read of it */
  char where[256];        /* WHERE; "" = none yet */
  struct stop *s;         /* what is being read */
};

/* The next word, or NULL. Words may be quoted: 'vm1 kernel'. */
static const char *word(struct reader *r) {
  char *w = r->rest ? r->rest + strspn(r->rest, " \t") : NULL;
  bool quoted = w && *w == '\'' && strchr(w + 1, '\'');
  if (!w || !*w) return r->rest = NULL;
  r->rest = w + quoted;
  return strsep(&r->rest, quoted ? "'" : " \t");
}

static bool small_number(struct reader *r, const char *what, int *value) {
  uint64_t n;
  const char *w = word(r);
  if (!w || !number_of(w, &n) || n > 255) return fail(r->d, "break: a number must follow `%s`.", what);
  *value = (int)n;
  return true;
}

static bool read_mode(struct reader *r) {
  const char *w = word(r);
  if (!w || (strcmp(w, "user") != 0 && strcmp(w, "kernel") != 0))
    return fail(r->d, "break: `user` or `kernel` must follow `mode`.");
  r->s->user = *w == 'u';
  return true;
}

/* The next part of a condition: all characters up to the first that is not in `of` (with `not`: that is in
 * `of`). */
static void part(struct reader *r, const char *of, bool not, char *buf, size_t size) {
  char *p = r->rest ? r->rest : "";
  p += strspn(p, " \t");
  size_t n = not ? strcspn(p, of) : strspn(p, of);
  snprintf(buf, size, "%.*s", (int)n, p);
  if (r->rest) r->rest = p + n;
}

/* Does a clause, or nothing, begin here? */
static bool ends_condition(const char *p) {
  static const char *const words[] = {"and",  "in",     "depth", "mode", "asid",
                                      "insn", "ignore", "if",    "at",   "trap"};
  p += strspn(p, " \t");
  const size_t n = strcspn(p, " \t");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i]) == n && strncmp(p, words[i], n) == 0) return true;
  return !n;
}

/* REG OP VALUE with a VALUE that does not change, with or without blanks: the quick kind of condition. False,
 * with nothing said and nothing read: it is another one. */
static bool read_comparison(struct reader *r) {
  char reg[8], op[4], value[80], *begin = r->rest;
  struct condition c;
  part(r, " \t=!<>&", true, reg, sizeof reg);
  part(r, "=!<>&", false, op, sizeof op);
  part(r, " \t", true, value, sizeof value);
  const bool ok = !source_hides_register(r->d, reg) && (c.reg = register_of(reg)) >= 0 &&
                  compare_named(op, strlen(op), &c.op) && register_of(value) < 0 &&
                  expr_value(r->d, value, &c.value) && ends_condition(r->rest) &&
                  r->s->conditions < CONDITIONS;
  if (!ok) return r->rest = begin, false;
  snprintf(c.text, sizeof c.text, "%s %s %s", reg, op, value);
  return r->s->condition[r->s->conditions++] = c, true;
}

static bool add_expression(struct reader *r, const char *text, size_t n) {
  char *all = r->s->expression, both[2 * sizeof r->s->expression];
  snprintf(both, sizeof both, *all ? "(%s) && (%.*s)" : "%s%.*s", all, (int)n, text);
  if (strlen(both) >= sizeof r->s->expression) return fail(r->d, "break: the conditions are too long.");
  return strcpy(all, both), true;
}

/* Any C expression. */
static bool read_expression(struct reader *r) {
  char error[256];
  const char *text = r->rest ? r->rest + strspn(r->rest, " \t") : "", *rest;
  if (!eval_extent(r->d, text, &rest, error, sizeof error))
    return fail(r->d, "break: the condition, %s.", error);
  if (!ends_condition(rest))
    return fail(
        r->d, "break: the condition ends before `%s`: expected an operator, `and`, or another clause.", rest);
  if (!add_expression(r, text, (size_t)(rest - text))) return false;
  r->rest = r->words + (rest - r->words);
  return true;
}

static bool read_condition(struct reader *r) { return (r->rest && read_comparison(r)) || read_expression(r); }

static bool read_lane(struct reader *r) {
  const char *w = word(r);
  if (!w) return fail(r->d, "break: a lane must follow `in`.");
  snprintf(r->s->lane, sizeof r->s->lane, "%s", w);
  if (r->rest && strncmp(r->rest, "kernel", 6) == 0 && (!r->rest[6] || r->rest[6] == ' ')) {
    strncat(r->s->lane, " kernel", sizeof r->s->lane - strlen(r->s->lane) - 1);
    word(r);
  }
  return true;
}

/* WHERE is looked up when all is read, as `in LANE` may come behind it. */
static bool read_where(struct reader *r) {
  const char *rest;
  if (*r->where) return fail(r->d, "break: `%s` and `%.40s`: only one place is possible.", r->where, r->rest);
  if (!where_extent(r->d, r->rest, &rest)) return false;
  snprintf(r->where, sizeof r->where, "%.*s", (int)(rest - r->rest), r->rest);
  r->rest = r->words + (rest - r->words);
  return true;
}

static bool read_ignore(struct reader *r) {
  uint64_t n;
  const char *w = word(r);
  if (!w || !number_of(w, &n) || n > UINT32_MAX) return fail(r->d, "break: a number must follow `ignore`.");
  r->s->ignore = (uint32_t)n;
  return true;
}

static bool read_insn(struct reader *r) {
  const char *w = word(r);
  r->s->insn = w ? pg32_lookup(w) : PG32_ILLEGAL;
  return r->s->insn != PG32_ILLEGAL || fail(r->d, "break: an instruction's name must follow `insn`.");
}

/* Is the word the beginning of a clause? `and` is one behind a condition. */
static bool is_clause(const struct reader *r, const char *w) {
  static const char *const words[] = {"in", "depth", "asid", "mode", "insn", "if", "ignore"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(w, words[i]) == 0) return true;
  return strcmp(w, "and") == 0 && (r->s->conditions || *r->s->expression);
}

static bool read_clause(struct reader *r) {
  const char *w = word(r);
  if (strcmp(w, "in") == 0) return read_lane(r);
  if (strcmp(w, "depth") == 0) return small_number(r, w, &r->s->depth);
  if (strcmp(w, "asid") == 0) return small_number(r, w, &r->s->asid);
  if (strcmp(w, "mode") == 0) return read_mode(r);
  if (strcmp(w, "insn") == 0) return read_insn(r);
  if (strcmp(w, "ignore") == 0) return read_ignore(r);
  return read_condition(r);
}

/* A clause was not understood. Its word may be the name of a function. */
static bool fail_clause(struct reader *r, const char *w) {
  struct stop s = {.kind = STOP_CODE};
  char *why = must(strdup(r->d->said));
  const bool is_function = !*r->where && where_find(r->d, w, &s);
  places_free(&s.places);
  if (is_function)
    fail(r->d, "%s The function of that name stands in quotes: '%s'.", why, w);
  else
    fail(r->d, "%s", why);
  free(why);
  return false;
}

/* The next clause, cause or WHERE of a breakpoint. Words in quotes are names. */
static bool read_part(struct reader *r) {
  char w[32];
  snprintf(w, sizeof w, "%.*s", (int)strcspn(r->rest, " \t"), r->rest);
  if (is_clause(r, w)) return read_clause(r) || fail_clause(r, w);
  if (strcmp(w, "at") == 0) return word(r), true;
  if (strcmp(w, "trap") == 0) return word(r), r->s->kind = STOP_TRAP, true;
  if (r->s->kind == STOP_TRAP && cause_add(&r->s->causes, w, strlen(w))) return word(r), true;
  return read_where(r);
}

/* Is there more to read? */
static bool more(struct reader *r) {
  if (r->rest) r->rest += strspn(r->rest, " \t");
  return r->rest && *r->rest;
}

/* What looks like a register may be a C variable where the breakpoint is. */
static bool find_variables(struct reader *r, const struct code_place *at) {
  struct stop *s = r->s;
  char name[8];
  for (unsigned i = 0; at && i < s->conditions; i++) {
    struct condition *c = &s->condition[i];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(c->text, " "), c->text);
    if (*name == '$' || !eval_has_variable(r->d, name, at)) continue;
    if (!add_expression(r, c->text, strlen(c->text))) return false;
    *c-- = s->condition[--s->conditions];
    i--;
  }
  return true;
}

/* The names of a condition must be known where the breakpoint is or, without an address, here. */
static bool check_names(struct reader *r) {
  char error[256];
  const struct places *p = &r->s->places;
  const struct code_place *at = p->n && p->place->image ? p->place : NULL;
  if (!find_variables(r, at)) return false;
  if (!*r->s->expression || eval_names_known(r->d, r->s->expression, at, error, sizeof error)) return true;
  return fail(r->d, "break: the condition, %s.", error);
}

static void break_here(struct reader *r) {
  struct machine_regs regs;
  machine_get_regs(r->d->m, &regs);
  r->s->located = true;
  struct image *i = image_of(r->d, recorder_current(timeline_recorder(r->d->t)));
  places_add(&r->s->places, (struct code_place){i, regs.pc, 0});
  snprintf(r->s->text, sizeof r->s->text, "*0x%08x", regs.pc);
}

static bool read_break(struct reader *r) {
  if (!more(r)) return break_here(r), true;
  while (more(r))
    if (!read_part(r)) return false;
  return (!*r->where || where_find(r->d, r->where, r->s)) && check_names(r);
}

/* What may follow the address or register that is watched. */
static bool read_limits(struct reader *r) {
  while (more(r)) {
    char w[32];
    snprintf(w, sizeof w, "%.*s", (int)strcspn(r->rest, " \t"), r->rest);
    if (!is_clause(r, w)) return fail(r->d, "watch: `%s` is not understood; see `help break`.", w);
    if (!read_clause(r)) return false;
  }
  return true;
}

/* The bits of a bit-field, else all bits of the bytes. */
static void set_mask(struct watched *w, uint32_t size, unsigned bit_offset, unsigned bit_size) {
  const unsigned from = bit_size ? bit_offset : 0, end = bit_size ? bit_offset + bit_size : 8 * size;
  for (unsigned i = from; i < end; i++) w->mask[i / 8] |= (uint8_t)(1u << i % 8);
}

static bool watch_memory(struct reader *r, const struct eval_place *p, struct watched *w) {
  const uint32_t left = PAGE_SIZE - p->physical % PAGE_SIZE;
  uint8_t value[WATCH_BYTES];
  if (p->size > WATCH_BYTES)
    return fail(r->d, "watch: that is %u bytes, and at most %d can be watched; name a member or an element.",
                p->size, WATCH_BYTES);
  w->physical = p->physical;
  w->follows = p->follows;
  w->lane = p->lane, w->address = p->address;
  w->size = p->size < left ? p->size : left;
  w->next_size = p->size - w->size;
  if (w->next_size && !mmu_recall(r->d, p->status, p->address + left, &w->next_physical))
    return fail(r->d, "watch: no memory is mapped at 0x%08x.", p->address + left);
  set_mask(w, p->size, p->bit_offset, p->bit_size);
  return watched_read(r->d, w, value) || fail(r->d, "watch: 0x%08x is not in RAM.", p->physical);
}

static bool watch_register(struct reader *r, const struct eval_place *p, struct watched *w) {
  const char *name = p->reg == 32 ? "pc" : pg32_register_name((unsigned)p->reg);
  if (p->is_c)
    return fail(
        r->d,
        "watch: that variable is not in memory here but in register %s; `watch $%s` watches the register.",
        name, name);
  w->reg = p->reg;
  set_mask(w, 4, 0, 0);
  return true;
}

static bool read_watch(struct reader *r) {
  const char *text = r->rest + strspn(r->rest, " \t"), *rest;
  const bool physical = strncmp(text, "phys", 4) == 0 && (text[4] == ' ' || !text[4]);
  struct eval_place place;
  char error[256];
  if (physical) text += 4 + strspn(text + 4, " \t");
  if (!*text) return fail(r->d, "watch: expected a C expression, an address, a register or `phys ADDRESS`.");
  if (!eval_place(r->d, text, &rest, physical, &place, error, sizeof error))
    return fail(r->d, "watch: %s.", error);
  const bool ok = place.kind == PLACE_REGISTER ? watch_register(r, &place, &r->s->watched)
                                               : watch_memory(r, &place, &r->s->watched);
  r->rest = r->words + (rest - r->words);
  return ok && read_limits(r) && check_names(r);
}

bool stop_read(struct debug *d, enum stop_kind kind, const char *text, struct stop *s) {
  const bool watch = kind != STOP_CODE;
  struct reader r = {.d = d, .s = s};
  *s = (struct stop){
      .depth = -1, .user = -1, .asid = -1, .insn = PG32_ILLEGAL, .watched.reg = -1, .kind = kind};
  if (strlen(text) >= sizeof r.words)
    return fail(d, "%s: at most %zu characters are possible.", watch ? "watch" : "break", sizeof r.words - 1);
  snprintf(r.words, sizeof r.words, "%s", text);
  snprintf(s->text, sizeof s->text, "%s", text);
  r.rest = r.words;
  return watch ? read_watch(&r) : read_break(&r);
}

bool stop_read_condition(struct debug *d, const char *text, struct stop *s) {
  struct stop changed = *s;
  struct reader r = {.d = d, .s = &changed};
  if (strlen(text) >= sizeof r.words) return fail(d, "condition: that is too long.");
  snprintf(r.words, sizeof r.words, "%s", text);
  r.rest = r.words;
  changed.conditions = 0;
  *changed.expression = 0;
  for (bool first = true; r.rest && r.rest[strspn(r.rest, " \t")]; first = false) {
    const char *between = first ? "and" : word(&r);
    if (!between || strcmp(between, "and") != 0)
      return fail(d, "condition: expected an operator or `and`, not `%s`.", between ? between : "");
    if (!read_condition(&r)) return false;
  }
  if (!check_names(&r)) return false;
  condition_free(s->sites);
  changed.sites = NULL;
  return *s = changed, true;
}
