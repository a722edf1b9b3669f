/* stops.c - what stops a run: breakpoints on traps and on states, watchpoints; as one types them and as they
 * hold.
 *
 *   break [trap [CAUSE...]] [LOCATION] [in LANE] [depth N] [mode user|kernel] [asid N] [insn NAME]
 *         [if REG OP VALUE [and REG OP VALUE]...] [ignore N]       OP: == != < <= > >= & (unsigned)
 *   watch [phys] ADDRESS | REGISTER [in LANE] ... [ignore N] */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "debug.h"

/* ---- lanes by name ---- */

static bool is_app(const struct lane *l) {
  const char *slash = strrchr(l->name, '/');
  return l->kind == LANE_USER || (l->kind == LANE_PROCESS && slash && strcmp(slash, "/vmm") != 0);
}

/* A glob over names; or `app` (a process that is no VMM), `vmm`, `kernel`; or a VM's name for all inside it.
 */
bool lane_matches(const struct debug *d, const char *wanted, uint32_t lane) {
  const struct lane *l = &d->lanes[lane];
  size_t n = strlen(wanted);
  if (strcmp(wanted, "app") == 0) return is_app(l);
  if (strcmp(wanted, "vmm") == 0) return l->kind == LANE_PROCESS && !is_app(l);
  if (strcmp(wanted, "kernel") == 0) return l->kind == LANE_KERNEL;
  if (fnmatch(wanted, l->name, 0) == 0) return true;
  return strncmp(wanted, l->name, n) == 0 && strchr(" /.", l->name[n]) && l->name[n];
}

/* ---- causes by name ---- */

static const struct {
  const char *name;
  uint32_t causes;
} families[] = {
    {"any", 0},
    {"tlb-miss", 1u << CAUSE_FETCH_MISS | 1u << CAUSE_LOAD_MISS | 1u << CAUSE_STORE_MISS},
    {"protection", 1u << CAUSE_FETCH_PROT | 1u << CAUSE_LOAD_PROT | 1u << CAUSE_STORE_PROT},
};

static bool add_cause(const char *word, uint32_t *causes) {
  char name[32];
  snprintf(name, sizeof name, "%s", word);
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcasecmp(families[i].name, word) == 0) return *causes |= families[i].causes, true;
  for (char *p = name; *p; p++)
    if (*p == '-') *p = '_';
  for (uint32_t c = 1; c < PG32_CAUSES; c++)
    if (strcasecmp(pg32_cause_name(c), name) == 0) return *causes |= 1u << c, true;
  return false;
}

/* ---- reading ---- */

struct reader {
  struct debug *d;
  char words[256], *rest;
  struct stop *s;
};

/* Words may be quoted: 'vm1 kernel'. */
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

/* The next part of a condition: as many characters as `of` has of them (`not`: has not). */
static void part(struct reader *r, const char *of, bool not, char *buf, size_t size) {
  char *p = r->rest ? r->rest : "";
  p += strspn(p, " \t");
  size_t n = not ? strcspn(p, of) : strspn(p, of);
  snprintf(buf, size, "%.*s", (int)n, p);
  if (r->rest) r->rest = p + n;
}

/* REG OP VALUE, with or without blanks. */
static bool read_comparison(struct reader *r) {
  static const char *const names[] = {"==", "!=", "<", "<=", ">", ">=", "&"};
  char reg[8], op[4], value[80];
  struct condition c;
  unsigned i = 0;
  part(r, " \t=!<>&", true, reg, sizeof reg);
  part(r, "=!<>&", false, op, sizeof op);
  part(r, " \t", true, value, sizeof value);
  while (i < sizeof names / sizeof *names && strcmp(op, names[i]) != 0) i++;
  if ((c.reg = register_of(reg)) < 0 || i == sizeof names / sizeof *names ||
      !expr_value(r->d, value, &c.value))
    return fail(r->d, "break: `if REGISTER == VALUE` (or != < <= > >= &) was expected.");
  c.op = (enum compare)i;
  if (r->s->conditions == CONDITIONS) return fail(r->d, "break: at most %d conditions, please.", CONDITIONS);
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

/* A symbol is looked for in the program at hand, then in every one that has run (`in LANE` says which). */
static bool read_location(struct reader *r, const char *w) {
  struct stop *s = r->s;
  s->has_address = true;
  if (register_of(w) < 0 && expr_value(r->d, w, &s->address)) return true;
  for (uint32_t i = 0; i < r->d->nlanes; i++)
    if (expr_in_image(r->d, image_of(r->d, i), w, &s->address)) return true;
  return fail(r->d, "break: `%s` is no address, symbol or FILE:LINE that is known.", w);
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
  if (r->s->kind == STOP_TRAP && add_cause(w, &r->s->causes)) return true;
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

/* What may follow the thing that is watched. */
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
  if (!w) return fail(r->d, "watch: what? An address, a symbol, `phys ADDRESS`, or a register.");
  r->s->kind = STOP_WATCH;
  r->s->reg = register_of(w);
  r->s->watching = r->s->reg >= 0 ? WATCH_REGISTER : WATCH_WORD;
  if (r->s->reg >= 0) return read_limits(r);
  if (!expr_value(r->d, w, &pa) && !source_address(r->d, w, &pa))
    return fail(r->d, "watch: `%s` is no address, symbol or C variable in memory.", w);
  if (!physical && !mmu_real(r->d, pa, &pa))
    return fail(r->d, "watch: no TLB entry maps 0x%08x here and now.", pa);
  r->s->address = pa & ~3u;
  if (!memory_word(r->d, true, r->s->address, &old)) return fail(r->d, "watch: 0x%08x is not in RAM.", pa);
  return read_limits(r);
}

static bool nobody(const struct debug *d, const char *lane) {
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (lane_matches(d, lane, i)) return false;
  return *lane != 0;
}

bool stop_add(struct debug *d, bool watch, const char *text) {
  struct stop s = {.depth = -1, .user = -1, .asid = -1, .insn = PG32_ILLEGAL, .reg = -1, .kind = STOP_CODE};
  struct reader r = {.d = d, .s = &s};
  if (d->nstops == STOPS) return fail(d, "There are %d breakpoints already; `delete` some.", STOPS);
  snprintf(r.words, sizeof r.words, "%s", text);
  snprintf(s.text, sizeof s.text, "%s", text);
  r.rest = r.words;
  if (!(watch ? read_watch(&r) : read_break(&r))) return false;
  s.number = ++d->stop_number;
  d->stop[d->nstops++] = s;
  return say(d, "%s %u: %s%s", watch ? "Watchpoint" : "Breakpoint", s.number, s.text,
             nobody(d, s.lane) ? " (no such lane so far)" : "");
}

bool stop_delete(struct debug *d, const char *text) {
  uint64_t n;
  if (!*text) return d->nstops = 0, say(d, "All breakpoints deleted.");
  if (!number_of(text, &n)) return fail(d, "delete: a number was expected; `info breakpoints` lists them.");
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
  if (!d->nstops) fputs("No breakpoints. `break trap tlb-miss in app` makes one.\n", d->out);
}

/* ---- holding ---- */

static bool compare(enum compare op, uint32_t a, uint32_t b) {
  switch (op) {
  case COMPARE_EQ: return a == b;
  case COMPARE_NE: return a != b;
  case COMPARE_LT: return a < b;
  case COMPARE_LE: return a <= b;
  case COMPARE_GT: return a > b;
  case COMPARE_GE: return a >= b;
  default: return (a & b) != 0;
  }
}

static bool conditions_hold(const struct stop *s, const struct machine_regs *regs) {
  for (unsigned i = 0; i < s->conditions; i++) {
    const struct condition *c = &s->condition[i];
    if (!compare(c->op, c->reg == 32 ? regs->pc : regs->x[c->reg], c->value)) return false;
  }
  return true;
}

static bool status_holds(const struct stop *s, uint32_t status) {
  if (s->user >= 0 && s->user != (int)(status & ST_U)) return false;
  return s->asid < 0 || s->asid == (int)(status_asid(status));
}

static bool insn_holds(struct debug *d, const struct stop *s, const struct machine_regs *regs) {
  struct machine_space space = {(regs->status & ST_T) != 0, status_asid(regs->status)};
  return s->insn == PG32_ILLEGAL || pg32_decode(machine_peek_word(d->m, space, regs->pc, NULL)).id == s->insn;
}

/* What the record does not hold is looked up on the spot, just before the trap: this moves the present. */
static bool holds_before(struct debug *d, const struct stop *s, uint64_t event) {
  struct machine_regs regs;
  enum timeline_stop stop = timeline_go(d->t, d->notes[event - 1].position);
  if (stop == TIMELINE_STOPPED) d->stopped = true;
  if (stop != TIMELINE_THERE) return false;
  machine_get_regs(d->m, &regs);
  return conditions_hold(s, &regs) && insn_holds(d, s, &regs);
}

/* Where the instruction is; an address that trapped may also be meant. */
static bool address_holds(const struct stop *s, const struct record *rec) {
  bool passed = rec->cause == CAUSE_SYSCALL || rec->cause == CAUSE_BREAK || rec->cause == CAUSE_HCALL;
  return rec->badva == s->address || rec->pc - (passed ? 4 : 0) == s->address;
}

bool stop_on_trap(struct debug *d, const struct stop *s, uint64_t event) {
  const struct note *n = index_note(d, event);
  if (s->causes && !(s->causes >> n->cause & 1)) return false;
  if (s->lane[0] && !lane_matches(d, s->lane, n->from)) return false;
  if (s->depth >= 0 && s->depth != (int)d->lanes[n->from].depth) return false;
  if (s->user >= 0 || s->asid >= 0 || s->has_address) {
    const struct record *rec = timeline_event(d->t, event);
    bool vm = rec && rec->virtual_status != ~(uint32_t)0;
    if (!rec || !status_holds(s, vm ? rec->virtual_status : rec->real_status)) return false;
    if (s->has_address && !address_holds(s, rec)) return false;
  }
  return (!s->conditions && s->insn == PG32_ILLEGAL) || holds_before(d, s, event);
}

static bool watch_holds(struct debug *d, const struct stop *s, const struct machine_regs *regs) {
  uint32_t now = 0;
  if (s->watching == WATCH_REGISTER)
    now = s->reg == 32 ? regs->pc : regs->x[s->reg];
  else if (!memory_word(d, true, s->address, &now))
    return false;
  return now != s->old;
}

/* Without an address, instruction or value a breakpoint holds where its lane begins to run. */
static bool just_entered(struct debug *d) {
  struct place p = model_place(d);
  return p.event && !p.before && p.since == 0;
}

bool stop_on_state(struct debug *d, const struct stop *s) {
  struct machine_regs regs;
  struct lane_vm vm;
  machine_get_regs(d->m, &regs);
  if (s->kind == STOP_WATCH && !watch_holds(d, s, &regs)) return false;
  if (s->has_address && regs.pc != s->address) return false;
  if (!conditions_hold(s, &regs)) return false;
  uint32_t id = recorder_current(timeline_recorder(d->t));
  if (id >= d->nlanes) return false;
  const struct lane *l = &d->lanes[id];
  if (s->depth >= 0 && s->depth != (int)l->depth) return false;
  if (s->lane[0] && !lane_matches(d, s->lane, id)) return false;
  bool inside = recorder_lane_vm(timeline_recorder(d->t), id, l->depth, &vm);
  if (!status_holds(s, inside ? vm.vstatus : regs.status) || !insn_holds(d, s, &regs)) return false;
  bool everywhere = s->kind == STOP_CODE && !s->has_address && !s->conditions && s->insn == PG32_ILLEGAL;
  return !everywhere || just_entered(d);
}
