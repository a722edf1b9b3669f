/* stops.c - breakpoints and watchpoints: reading what was typed, listing and deleting them.
 *
 *   break [trap [CAUSE...]] [LOCATION] [in LANE] [depth N] [mode user|kernel] [asid N] [insn NAME]
 *         [if REG OP VALUE [and REG OP VALUE]...] [ignore N]       OP: == != < <= > >= & (unsigned)
 *   watch [phys] ADDRESS | REGISTER [in LANE] ... [ignore N] */
#include <stdlib.h>
#include <string.h>

#include "debug.h"

/* ---- reading ---- */

struct reader { /* of what follows `break` or `watch` */
  struct debug *d;
  char words[256], *rest; /* the text, and what is left to read of it */
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

/* REG OP VALUE, with or without blanks. */
static bool read_comparison(struct reader *r) {
  char reg[8], op[4], value[80];
  struct condition c;
  part(r, " \t=!<>&", true, reg, sizeof reg);
  part(r, "=!<>&", false, op, sizeof op);
  part(r, " \t", true, value, sizeof value);
  if (source_hides_register(r->d, reg))
    return fail(r->d, "break: `%s` is a C variable here, which cannot be compared; `$%s` is the register.",
                reg, reg);
  if ((c.reg = register_of(reg)) < 0 || !compare_named(op, strlen(op), &c.op) ||
      !expr_value(r->d, value, &c.value))
    return fail(r->d, "break: expected `if REGISTER == VALUE` (or != < <= > >= &).");
  if (r->s->conditions == CONDITIONS)
    return fail(r->d, "break: at most %d conditions are possible.", CONDITIONS);
  r->s->condition[r->s->conditions++] = c;
  return true;
}

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

/* A symbol is looked up in the program that runs now, then in every program that has run. (`in LANE` limits
 * the breakpoint to one of them.) */
static bool read_location(struct reader *r, const char *w) {
  struct stop *s = r->s;
  s->has_address = true;
  if (register_of(w) < 0 && expr_value(r->d, w, &s->address)) return true;
  for (uint32_t i = 0; i < r->d->nlanes; i++)
    if (expr_in_image(image_of(r->d, i), w, &s->address)) return true;
  if (s->kind != STOP_TRAP) return fail(r->d, "break: `%s` is not a known address, symbol or FILE:LINE.", w);
  char causes[400];
  return fail(r->d, "break: `%.40s` is not a cause, address, symbol or FILE:LINE. Causes are %s.", w,
              cause_nearest(w, strlen(w), causes, sizeof causes));
}

static bool read_ignore(struct reader *r) {
  int n;
  if (!small_number(r, "ignore", &n)) return false;
  r->s->ignore = (uint32_t)n;
  return true;
}

static bool read_insn(struct reader *r) {
  const char *w = word(r);
  r->s->insn = w ? pg32_lookup(w) : PG32_ILLEGAL;
  return r->s->insn != PG32_ILLEGAL || fail(r->d, "break: an instruction's name must follow `insn`.");
}

static bool read_word(struct reader *r, const char *w) {
  if (strcmp(w, "trap") == 0) return r->s->kind = STOP_TRAP, true;
  if (strcmp(w, "at") == 0) return true;
  if (strcmp(w, "in") == 0) return read_lane(r);
  if (strcmp(w, "depth") == 0) return small_number(r, w, &r->s->depth);
  if (strcmp(w, "asid") == 0) return small_number(r, w, &r->s->asid);
  if (strcmp(w, "mode") == 0) return read_mode(r);
  if (strcmp(w, "insn") == 0) return read_insn(r);
  if (strcmp(w, "if") == 0 || (strcmp(w, "and") == 0 && r->s->conditions)) return read_comparison(r);
  if (strcmp(w, "ignore") == 0) return read_ignore(r);
  if (r->s->kind == STOP_TRAP && cause_add(&r->s->causes, w, strlen(w))) return true;
  return read_location(r, w);
}

static bool read_break(struct reader *r) {
  const char *w = word(r);
  struct machine_regs regs;
  if (!w) {
    machine_get_regs(r->d->m, &regs);
    r->s->has_address = true;
    r->s->address = regs.pc;
    snprintf(r->s->text, sizeof r->s->text, "0x%08x", regs.pc);
  }
  for (; w; w = word(r))
    if (!read_word(r, w)) return false;
  return true;
}

/* What may follow the address or register that is watched. */
static bool read_limits(struct reader *r) {
  for (const char *w; (w = word(r));) {
    bool known = strcmp(w, "in") == 0 || strcmp(w, "depth") == 0 || strcmp(w, "mode") == 0 ||
                 strcmp(w, "asid") == 0 || strcmp(w, "insn") == 0 || strcmp(w, "if") == 0 ||
                 strcmp(w, "and") == 0 || strcmp(w, "ignore") == 0;
    if (!known) return fail(r->d, "watch: `%s` is not understood; see `help break`.", w);
    if (!read_word(r, w)) return false;
  }
  return true;
}

static bool read_watch(struct reader *r) {
  const char *w = word(r);
  bool physical = w && strcmp(w, "phys") == 0;
  uint32_t pa, old;
  if (physical) w = word(r);
  if (!w) return fail(r->d, "watch: expected an address, a symbol, `phys ADDRESS` or a register.");
  r->s->kind = STOP_WATCH;
  const bool variable = source_hides_register(r->d, w);
  r->s->reg = variable ? -1 : register_of(w);
  r->s->watching = r->s->reg >= 0 ? WATCH_REGISTER : WATCH_WORD;
  if (r->s->reg >= 0) return read_limits(r);
  if (variable && !source_address(r->d, w, &pa))
    return fail(r->d, "watch: the C variable `%s` is not in memory here; `$%s` is the register.", w, w);
  if (!variable && !expr_value(r->d, w, &pa) && !source_address(r->d, w, &pa))
    return fail(r->d, "watch: `%s` is not an address, a symbol or a C variable in memory.", w);
  if (!physical && !mmu_real(r->d, pa, &pa))
    return fail(r->d, "watch: no TLB entry maps 0x%08x at this moment.", pa);
  r->s->address = pa & ~3u;
  if (!memory_word(r->d, true, r->s->address, &old)) return fail(r->d, "watch: 0x%08x is not in RAM.", pa);
  return read_limits(r);
}

static bool no_lane_matches(const struct debug *d, const char *lane) {
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (lane_matches(d, lane, i)) return false;
  return *lane != 0;
}

static bool stop_add(struct debug *d, bool watch, const char *text) {
  struct stop s = {.depth = -1, .user = -1, .asid = -1, .insn = PG32_ILLEGAL, .reg = -1, .kind = STOP_CODE};
  struct reader r = {.d = d, .s = &s};
  if (d->nstops == STOPS) return fail(d, "There are %d breakpoints already; `delete` some.", STOPS);
  if (strlen(text) >= sizeof r.words)
    return fail(d, "%s: at most %zu characters are possible.", watch ? "watch" : "break", sizeof r.words - 1);
  snprintf(r.words, sizeof r.words, "%s", text);
  snprintf(s.text, sizeof s.text, "%s", text);
  r.rest = r.words;
  if (!(watch ? read_watch(&r) : read_break(&r))) return false;
  s.number = ++d->stop_number;
  d->stop[d->nstops++] = s;
  return say(d, "%s %u: %s%s", watch ? "Watchpoint" : "Breakpoint", s.number, s.text,
             no_lane_matches(d, s.lane) ? " (there is no such lane yet)" : "");
}

bool command_break(struct debug *d, struct call c) { return stop_add(d, false, c.args); }
bool command_watch(struct debug *d, struct call c) { return stop_add(d, true, c.args); }

bool command_delete(struct debug *d, struct call c) {
  const char *text = c.args;
  uint64_t n;
  if (!*text) return d->nstops = 0, say(d, "All breakpoints deleted.");
  if (!number_of(text, &n)) return fail(d, "delete: expected a number; `info breakpoints` lists them.");
  for (unsigned i = 0; i < d->nstops; i++) {
    if (d->stop[i].number != n) continue;
    memmove(&d->stop[i], &d->stop[i + 1], (--d->nstops - i) * sizeof d->stop[0]);
    return say(d, "Breakpoint %llu deleted.", (unsigned long long)n);
  }
  return fail(d, "There is no breakpoint %llu.", (unsigned long long)n);
}

void stops_list(struct debug *d) {
  static const char *const kinds[] = {"break", "break", "watch"};
  for (unsigned i = 0; i < d->nstops; i++)
    fprintf(d->out, "%3u %s %s, hit %u time%s\n", d->stop[i].number, kinds[d->stop[i].kind], d->stop[i].text,
            d->stop[i].hits, d->stop[i].hits == 1 ? "" : "s");
  if (!d->nstops) fputs("No breakpoints. For example, `break trap tlb-miss in app` sets one.\n", d->out);
}
