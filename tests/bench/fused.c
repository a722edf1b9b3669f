/* fused.c - chooses the sequences of fused.def: runs programs, counts what straight runs they execute, and
 * prints the HANDLERS sequences that save most.
 *
 *     bench_fused HANDLERS INSNS [?][IMAGE | DEPTH:PROGRAM ARGUMENT...]...
 *
 * An IMAGE is run on the bare machine, a program under the guest's kernel at that depth, each for INSNS
 * instructions at most; of one with `?` it is only told how well it is served. No program and no loop decides
 * alone: roots are taken of how often a run is executed and of what a sequence saves in each program; and
 * since a program that nobody has counted has other sequences, pairs count as if the same instructions came
 * in any order, too. Sequences are chosen a few at a time; each time, all runs are parsed anew, as code.c
 * will. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fused.h"
#include "machine/interp/code.h"

/* What a handler costs, and what a form saves beside M, in cycles or so of a host of today. */
#define COST 4
static const double saved_by[FORMS] = {[FORM_F] = 4, [FORM_S] = 4, [FORM_O] = 6};

#define ANY_ORDER 0.25 /* what weigh_any_order says, beside all programs */
#define AT_A_TIME 12
#define PROGRAMS_MOST 64
#define RUN_MOST 64 /* ops; what is longer is counted in pieces */

/* ---- executed runs ---- */

struct op_seen {
  uint8_t form, id; /* id PG32_ILLEGAL: in no sequence */
};

struct executed {
  struct executed *next; /* of the same hash */
  uint64_t times;
  uint32_t at, n; /* index in its page */
  uint32_t word[RUN_MOST];
  struct op_seen op[RUN_MOST];
};

#define BUCKETS 65536
struct program {
  const char *name;
  bool counts;
  struct executed *bucket[BUCKETS];
  struct executed *run[BUCKETS * 4];
  uint32_t runs;
  double total; /* instructions */
  struct executed now;
  uint32_t next_pc; /* with which the present run goes on */
};

static uint32_t hash(const struct executed *e) {
  uint32_t h = e->at * 2654435761u;
  for (uint32_t i = 0; i < e->n; i++) h = (h ^ e->word[i]) * 16777619u ^ h >> 15;
  return (h ^ h >> 16) % BUCKETS;
}

static void end_run(struct program *p) {
  struct executed *now = &p->now, **bucket = &p->bucket[hash(now)], *e = *bucket;
  if (now->n == 0) return;
  const size_t bytes = now->n * sizeof now->word[0];
  while (e && (e->n != now->n || e->at != now->at || memcmp(e->word, now->word, bytes) != 0)) e = e->next;
  if (!e && p->runs < sizeof p->run / sizeof p->run[0]) {
    p->run[p->runs++] = e = must(calloc(1, sizeof *e));
    *e = *now;
    e->next = *bucket;
    *bucket = e;
  }
  if (e) e->times++;
  p->total += now->n;
  now->n = 0;
}

static bool id_goes_on(enum pg32_id id) {
  if (id == PG32_ILLEGAL || id == PG32_jalr || pg32_row(id)->class != PG32_INNOCUOUS) return false;
  return pg32_row(id)->shape != PG32_SHAPE_BRANCH && pg32_row(id)->shape != PG32_SHAPE_JUMP;
}

static bool has_result(enum pg32_id id) { return pg32_row(id)->shape != PG32_SHAPE_STORE; }

static void executed(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  struct program *p = arg;
  (void)m;
  if (pc != p->next_pc || pc % PAGE_SIZE == 0 || p->now.n == RUN_MOST) end_run(p);
  if (p->now.n == 0) p->now.at = pc % PAGE_SIZE / 4;
  p->now.word[p->now.n++] = word;
  p->next_pc = id_goes_on(pg32_decode(word).id) ? pc + 4 : 1;
}

/* ---- what code.c makes of a run ---- */

static void decode(struct machine *m, struct executed *e) {
  static struct code code;
  for (uint32_t i = 0; i < PAGE_WORDS; i++) code.op[i] = (struct op){0};
  memset(code.kind, OP_DECODE, sizeof code.kind);
  code.page = PAGE_SIZE;
  const struct machine_space physical = {0};
  static const uint32_t zeros[PAGE_WORDS];
  machine_poke(m, physical, code.page, zeros, sizeof zeros);
  machine_poke(m, physical, code.page + 4 * e->at, e->word, e->n * sizeof e->word[0]);
  machine_code_decode(m, &code, e->at);
  for (uint32_t i = 0; i < e->n; i++)
    e->op[i] = (struct op_seen){(uint8_t)machine_code_form(&code, e->at + i),
                                (uint8_t)machine_code_name(code.kind[e->at + i])};
}

static void decode_all(struct program *p) {
  struct machine *m = machine_new(&(struct machine_config){.ram_bytes = 1 << 20, .engine = ENGINE_INTERP});
  machine_run(must(m),
              &(struct machine_limits){.insns = 1, .until_tick = UINT64_MAX}); /* it has handlers now */
  for (uint32_t i = 0; i < p->runs; i++) decode(m, p->run[i]);
  machine_free(m);
}

/* ---- sequences: up to four of (form, id), a byte each, as a number ---- */

#define NONE 0xFFu
#define SLOTS (1u << 22)
_Static_assert(FUSED_MOST == 4 && PG32_INSNS < 63 && FORMS == 4, "a key has four bytes");

static uint32_t length(uint32_t key) { return key >> 16 == 0xFFFF ? 2 : key >> 24 == NONE ? 3 : 4; }

/* What is known of a sequence. */
struct slot {
  uint32_t key;
  bool handler, beginning; /* chosen; that of something chosen */
  double worth;            /* over the programs so far */
  double here;             /* in the present program */
};

struct chosen {
  struct slot *slot;
  struct slot **found; /* with `here` */
  uint32_t n, count, used;
};

static struct slot *slot_of(const struct chosen *c, uint32_t key) {
  uint32_t i = key * 2654435761u >> 10;
  while (c->slot[i].key && c->slot[i].key != key) i = (i + 1) % SLOTS;
  return &c->slot[i];
}

static bool may_be_in(struct op_seen o) {
  if (o.id == PG32_ILLEGAL || pg32_row(o.id)->class != PG32_INNOCUOUS) return false;
  const enum pg32_shape s = pg32_row(o.id)->shape;
  return s != PG32_SHAPE_MARK && s != PG32_SHAPE_NONE;
}

/* The n-th best form that an op of a form may be executed in, or FORMS;
 * as the first of its handler or not. */
static uint32_t form_as(uint32_t form, bool first, uint32_t n) {
  if (form == FORM_M) return n == 0 ? FORM_M : FORMS;
  if (form == FORM_S && first) return n == 0 ? FORM_M : FORMS;
  if (form == FORM_O && !first) return n == 0 ? FORM_O : n == 1 ? FORM_F : n == 2 ? FORM_M : FORMS;
  return n == 0 ? (form == FORM_S ? FORM_S : FORM_F) : n == 1 ? FORM_M : FORMS;
}

/* A handler's ops in their forms. */
struct unit {
  uint32_t n;
  struct op_seen op[FUSED_MOST];
};

static uint32_t unit_key(const struct unit *u) {
  uint32_t key = 0;
  for (uint32_t i = 0; i < FUSED_MOST; i++)
    key |= (i < u->n ? (uint32_t)u->op[i].form << 6 | u->op[i].id : NONE) << 8 * i;
  return key;
}

static double saved(const struct unit *u) {
  double s = 0;
  for (uint32_t i = 0; i < u->n; i++) s += saved_by[u->op[i].form];
  return s;
}

/* Calls `each` with every unit that could begin at `at`, the prefixes too, the best forms first; if `known`,
 * only with those that are chosen or begin such. */
static void units(const struct chosen *c, const struct executed *e, uint32_t at, struct unit u, bool known,
                  void (*each)(void *arg, const struct unit *u, struct slot *s), void *arg) {
  if (u.n == FUSED_MOST || at + u.n >= e->n || !may_be_in(e->op[at + u.n])) return;
  const struct op_seen o = e->op[at + u.n++];
  for (uint32_t k = 0; form_as(o.form, u.n == 1, k) < FORMS; k++) {
    u.op[u.n - 1] = (struct op_seen){(uint8_t)form_as(o.form, u.n == 1, k), o.id};
    struct slot *s = slot_of(c, unit_key(&u));
    if (u.n > 1 && known && !s->handler && !s->beginning) continue;
    each(arg, &u, s);
    units(c, e, at, u, known, each, arg);
  }
}

static void keep_longer(void *arg, const struct unit *u, struct slot *s) {
  struct unit *best = arg;
  if (u->n > best->n && (u->n == 1 || s->handler)) *best = *u;
}

/* The unit that code.c would begin at `at`. */
static struct unit parse(const struct chosen *c, const struct executed *e, uint32_t at) {
  struct unit best = {0};
  units(c, e, at, best, true, keep_longer, &best);
  if (best.n == 0) best = (struct unit){1, {{FORM_M, e->op[at].id}}};
  return best;
}

/* ---- what a sequence would be worth ---- */

struct candidate {
  struct chosen *c;
  double starts[RUN_MOST + 1], saved[RUN_MOST + 1]; /* of the present parse, before each op */
  bool start[RUN_MOST + 1];
  uint32_t at;
  double times;
};

static void weigh(void *arg, const struct unit *u, struct slot *s) {
  struct candidate *k = arg;
  const uint32_t end = k->at + u->n;
  if (u->n < 2 || s->handler || k->c->used > SLOTS / 2) return;
  const double now = COST * (k->starts[end] - k->starts[k->at]) - (k->saved[end] - k->saved[k->at]);
  const double then = COST * (k->start[end] ? 1 : 2) - saved(u);
  if (now <= then) return;
  if (!s->key) s->key = unit_key(u), k->c->used++;
  if (s->here == 0) k->c->found[k->c->n++] = s;
  s->here += k->times * (now - then);
}

/* The root here too: a shape that many runs have is worth more than one that a hot loop has. */
static double weight(const struct executed *e) { return sqrt((double)e->times); }

static void weigh_run(struct chosen *c, const struct executed *e) {
  struct candidate k = {.c = c, .times = weight(e)};
  struct unit u;
  for (uint32_t i = 0; i < e->n; i += u.n) {
    u = parse(c, e, i);
    k.start[i] = true;
    for (uint32_t j = 0; j < u.n; j++) {
      k.starts[i + j + 1] = k.starts[i] + 1;
      k.saved[i + j + 1] = k.saved[i + j] + saved_by[u.op[j].form];
    }
  }
  k.start[e->n] = true;
  for (k.at = 0; k.at < e->n; k.at++)
    if (k.start[k.at]) units(c, e, k.at, (struct unit){0}, false, weigh, &k);
}

/* Adds the program's square roots to what the keys are worth. */
static void weigh_program(struct chosen *c, const struct program *p) {
  double total = 0;
  c->n = 0;
  for (uint32_t i = 0; i < p->runs; i++) weigh_run(c, p->run[i]), total += weight(p->run[i]) * p->run[i]->n;
  for (uint32_t i = 0; i < c->n; i++) {
    c->found[i]->worth += sqrt(c->found[i]->here / total);
    c->found[i]->here = 0;
  }
}

/* How often an op of a form is executed, of all ops, in the mean of the programs: `first`, as the first of
 * its handler. */
struct frequencies {
  double first[FORMS][PG32_INSNS], later[FORMS][PG32_INSNS];
};

static void count_ops(struct frequencies *f, const struct program *p, double share) {
  double total = 0;
  for (uint32_t i = 0; i < p->runs; i++) total += weight(p->run[i]) * p->run[i]->n;
  for (uint32_t i = 0; i < p->runs; i++)
    for (uint32_t j = 0; j < p->run[i]->n; j++) {
      const struct op_seen o = p->run[i]->op[j];
      if (!may_be_in(o)) continue;
      f->first[form_as(o.form, true, 0)][o.id] += share * weight(p->run[i]) / total;
      f->later[o.form][o.id] += share * weight(p->run[i]) / total;
    }
}

/* Programs that nobody has counted have other pairs, of the same ops: what each pair would be worth if they
 * came in any order. */
static void weigh_any_order(struct chosen *c, const struct frequencies *f, double times) {
  for (uint32_t k = 0; k < 2 * PG32_INSNS * FORMS * PG32_INSNS; k++) {
    const struct op_seen a = {(uint8_t)(k % 2), (uint8_t)(k / 2 % PG32_INSNS)};
    const struct op_seen b = {(uint8_t)(k / 2 / PG32_INSNS % FORMS), (uint8_t)(k / 2 / PG32_INSNS / FORMS)};
    const double often = f->first[a.form][a.id] * f->later[b.form][b.id];
    const uint32_t key = unit_key(&(struct unit){2, {a, b}});
    struct slot *s = slot_of(c, key);
    if (often == 0 || s->handler || !id_goes_on(a.id) || (b.form != FORM_M && !has_result(a.id))) continue;
    const bool joined = slot_of(c, unit_key(&(struct unit){2, {a, {FORM_M, b.id}}}))->handler;
    if (!s->key) s->key = key, c->used++;
    s->worth += times * sqrt(often * (saved_by[b.form] + (joined ? 0 : COST)));
  }
}

static void choose(struct chosen *c, struct slot *s) {
  s->handler = true;
  c->count++;
  for (uint32_t n = 2, key = s->key; n < length(key); n++) {
    const uint32_t beginning = key | UINT32_MAX << 8 * n;
    struct slot *b = slot_of(c, beginning);
    if (!b->key) b->key = beginning, c->used++;
    b->beginning = true;
  }
}

static void choose_best(struct chosen *c) {
  for (int n = 0; n < AT_A_TIME; n++) {
    struct slot *best = &c->slot[0];
    for (uint32_t i = 1; i < SLOTS; i++)
      if (c->slot[i].worth > best->worth) best = &c->slot[i];
    if (best->worth == 0) return;
    best->worth = 0;
    choose(c, best);
  }
}

/* What the chosen are worth to each program, to stderr. */
static void report(const struct chosen *c, const struct program *p) {
  double handlers = 0, form[FORMS] = {0};
  for (uint32_t r = 0; r < p->runs; r++) {
    struct unit u;
    for (uint32_t i = 0; i < p->run[r]->n; i += u.n) {
      u = parse(c, p->run[r], i);
      handlers += (double)p->run[r]->times;
      for (uint32_t j = 0; j < u.n; j++) form[u.op[j].form] += (double)p->run[r]->times;
    }
  }
  fprintf(stderr, "%-32s %10.0f instructions, %.2f each handler;  F %.2f  S %.2f  O %.2f\n", p->name,
          p->total, p->total / handlers, form[FORM_F] / p->total, form[FORM_S] / p->total,
          form[FORM_O] / p->total);
}

/* ---- output, sorted by key ---- */

/* The preprocessor cannot look a shape up in a table; so each instruction of the sequences brings its own
 * along. */
static void print_shapes(const struct chosen *c) {
  static const char *const shape_name[] = {
#define PG32_SHAPE(name, format, operands) [PG32_SHAPE_##name] = #name,
#include "isa/pg32.def"
  };
  bool used[PG32_INSNS] = {false};
  for (uint32_t i = 0; i < SLOTS; i++)
    for (uint32_t key = c->slot[i].handler || c->slot[i].beginning ? c->slot[i].key : 0; key; key >>= 8)
      used[key & 63] = true;
  for (uint32_t id = 0; id < PG32_INSNS; id++)
    if (used[id]) printf("\n#define SHAPE_%s %s", pg32_row(id)->name, shape_name[pg32_row(id)->shape]);
  putchar('\n');
}

static void print_sequence(const char *word, uint32_t key) {
  static const char letter[FORMS + 1] = "MFSO";
  static int column;
  char text[80];
  const uint32_t ops = length(key);
  int n = snprintf(text, sizeof text, "%s%u(", word, ops);
  for (uint32_t i = 0; i < ops; i++, key >>= 8)
    n += snprintf(text + n, sizeof text - (size_t)n, "%s%c, %s", i ? ", " : "", letter[key >> 6 & 3],
                  pg32_row(key & 63)->name);
  column = column + n + 2 > 115 ? 0 : column;
  printf("%s%s)", column ? " " : "\n", text);
  column += n + 2;
}

static int by_key(const void *a, const void *b) {
  const uint32_t x = __builtin_bswap32((*(struct slot *const *)a)->key);
  const uint32_t y = __builtin_bswap32((*(struct slot *const *)b)->key);
  return (x > y) - (x < y);
}

static void print_all(struct chosen *c) {
  for (uint32_t n = 2; n <= FUSED_MOST; n++) {
    c->n = 0;
    for (uint32_t i = 0; i < SLOTS; i++)
      if (c->slot[i].key && length(c->slot[i].key) == n) c->found[c->n++] = &c->slot[i];
    qsort(c->found, c->n, sizeof *c->found, by_key);
    for (uint32_t i = 0; i < c->n; i++)
      if (c->found[i]->handler || c->found[i]->beginning)
        print_sequence(c->found[i]->handler ? "FUSED" : "BEGIN", c->found[i]->key);
  }
  putchar('\n');
}

/* ---- programs ---- */

static struct program *profile(char *what, uint64_t insns) {
  struct program *p = must(calloc(1, sizeof *p));
  p->counts = what[0] != '?';
  struct machine *m = fused_machine(p->counts ? what : what + 1);
  machine_observe(m, &(struct machine_observer){.insn = executed, .arg = p});
  machine_run(m, &(struct machine_limits){.insns = insns, .until_tick = UINT64_MAX});
  end_run(p);
  machine_free(m);
  decode_all(p);
  p->name = what;
  return p;
}

int main(int argc, char **argv) {
  struct program *program[PROGRAMS_MOST];
  int n = 0;
  if (argc < 4 || argc - 3 > PROGRAMS_MOST) {
    fprintf(stderr, "usage: bench_fused HANDLERS INSNS PROGRAM..., at most %d programs\n", PROGRAMS_MOST);
    return 2;
  }
  const uint32_t handlers = (uint32_t)fused_number("HANDLERS", argv[1], SLOTS);
  const uint64_t insns = fused_number("INSNS", argv[2], UINT64_MAX);
  for (int i = 3; i < argc; i++) program[n++] = profile(argv[i], insns);
  struct chosen c = {must(calloc(SLOTS, sizeof *c.slot)), must(calloc(SLOTS, sizeof(struct slot *))), 0, 0,
                     0};
  struct frequencies f = {0};
  double counted = 0;
  for (int i = 0; i < n; i++) counted += program[i]->counts;
  for (int i = 0; i < n; i++)
    if (program[i]->counts) count_ops(&f, program[i], 1 / counted);
  const double any_order = ANY_ORDER * counted;
  for (uint32_t before = UINT32_MAX; c.count < handlers && c.count != before;) {
    before = c.count;
    for (uint32_t i = 0; i < SLOTS; i++) c.slot[i].worth = 0;
    for (int i = 0; i < n; i++)
      if (program[i]->counts) weigh_program(&c, program[i]);
    weigh_any_order(&c, &f, any_order);
    choose_best(&c);
  }
  for (int i = 0; i < n; i++) report(&c, program[i]);
  print_shapes(&c);
  print_all(&c);
  return 0;
}
