/* code.c - decoded code: each executed page of RAM as an array of ops, kept until it is stored to or its
 * place in the pool is needed.
 *
 * Invariant: for each i, op[i].run > 1 implies op[i].run == op[i + 1].run + 1. So at any op, what the engine
 * paid for the run beforehand and has not yet used is op->run. An op that a store made stale keeps its
 * run; only its handler is taken away, and the handlers that execute it together with those before it. The
 * one after it may still have a handler that takes what it left in `forward`: that one is reached by a jump,
 * which puts it there, or from an op that has been decoded there since. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "code.h"

#define STALE_STORES 256 /* stores into a page without decoding from it, after which it counts as data */

_Static_assert((CODE_PAGES_ALONE + 1) * sizeof(struct code) + sizeof(struct machine) < 30ull << 20,
               "without a JIT, a machine's own memory; see MOST_MEMORY");

bool machine_code_new(struct machine *m) {
  const size_t bytes = (CODE_PAGES_ALONE + 1) * sizeof(struct code);
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  m->pool = p;
  m->pool_pages = m->jit ? CODE_PAGES : CODE_PAGES_ALONE;
  m->scratch = &m->pool[CODE_PAGES_ALONE];
  return true;
}

void machine_code_free(struct machine *m) {
  if (m->pool) munmap(m->pool, (CODE_PAGES_ALONE + 1) * sizeof *m->pool);
}

/* No entry of the host TLB leads to it any more. */
static void drop_fetches(struct machine *m, const struct code *code) {
  if (code->way == NO_WAY) return;
  const uint32_t first = code->way == MANY_WAYS ? 0 : code->way;
  const uint32_t last = code->way == MANY_WAYS ? HOST_WAYS - 1 : code->way;
  for (uint32_t i = first; i <= last; i++)
    if (m->fetch[i].code == code) m->fetch[i].tag = 0;
}

static void code_drop(struct machine *m, struct code *code) {
  drop_fetches(m, code);
  m->pages[code->page >> PAGE_SHIFT].code = NULL;
  code->live = false;
}

void machine_code_drop_all(struct machine *m) {
  for (uint32_t i = 0; i < m->pool_pages; i++)
    if (m->pool[i].live) code_drop(m, &m->pool[i]);
}

static struct code *code_at(struct machine *m, uint32_t pa) {
  struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  if (page->code) return page->code;
  struct code *code = &m->pool[m->pool_next];
  m->pool_next = (m->pool_next + 1) % m->pool_pages;
  if (code->live) code_drop(m, code);
  const struct op undecoded = {.go = OP_DECODE, .enter = OP_DECODE};
  for (uint32_t i = 0; i < PAGE_WORDS; i++) code->op[i] = undecoded;
  memset(code->kind, OP_DECODE, sizeof code->kind);
  code->op[PAGE_WORDS] = (struct op){.go = OP_PAGE_END, .enter = OP_PAGE_END};
  code->page = pa & PAGE_MASK;
  code->stores = 0;
  code->way = NO_WAY;
  code->live = true;
  page->code = code;
  machine_host_tlb_drop_stores(m, code->page);
  return code;
}

uint32_t machine_code_fetch(struct machine *m, uint32_t pc, struct code **code) {
  const uint32_t asid = status_asid(m->status), context = context_of(m->status);
  uint32_t pa;
  if (pc & 3) return CAUSE_FETCH_MISALIGNED;
  const uint32_t cause = machine_translate(m, pc, ACCESS_FETCH, m->status & ST_T, asid, &pa);
  if (cause) return cause;
  if (pa >= m->ram_bytes) return CAUSE_FETCH_BUS;
  *code = code_at(m, pa);
  machine_tlb_use(m, m->status, pc, USED_HASHED);
  const uint32_t way = host_index(pc, context);
  struct host_entry *e = &m->fetch[way];
  (*code)->way = (*code)->way == NO_WAY || (*code)->way == way ? way : MANY_WAYS;
  e->tag = host_tag(pc, context);
  e->code = *code;
  return CAUSE_NONE;
}

/* ---- decoding ---- */

static bool rs2_in_place_of_rd(enum pg32_shape shape) {
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_MARK ||
         shape == PG32_SHAPE_RST;
}

/* Where in the host TLB an op looks for the first time: anywhere. */
static uint32_t first_way(enum pg32_shape shape) {
  return (uint32_t)(shape == PG32_SHAPE_STORE ? offsetof(struct machine, store)
                                              : offsetof(struct machine, load));
}

static bool ends_run(enum pg32_id id) {
  if (id == PG32_ILLEGAL || id == PG32_jalr) return true;
  const struct pg32_row *row = pg32_row(id);
  return row->shape == PG32_SHAPE_BRANCH || row->shape == PG32_SHAPE_JUMP || row->class != PG32_INNOCUOUS;
}

/* A branch or jump that stays in its page needs no address: its imm becomes a distance between ops. */
static bool make_near(struct op *op, enum pg32_shape shape, uint32_t index) {
  const int64_t target = (int64_t)index + op->imm / 4;
  if (shape != PG32_SHAPE_BRANCH && shape != PG32_SHAPE_JUMP) return false;
  if (target < 0 || target >= PAGE_WORDS) return false;
  op->imm = op->imm / 4 * (int32_t)sizeof *op;
  return true;
}

/* Decodes one word, but for its handler; does it end its run? */
static bool decode_op(const struct machine *m, struct code *code, uint32_t index) {
  const struct pg32_insn insn = pg32_decode(ram_word(m, code->page + 4 * index));
  struct op *op = &code->op[index];
  op->rs1 = insn.rs1;
  op->imm = insn.imm;
  code->kind[index] = (uint8_t)insn.id;
  if (insn.id == PG32_ILLEGAL) return true;
  const enum pg32_shape shape = pg32_row(insn.id)->shape;
  op->rd = rs2_in_place_of_rd(shape) ? insn.rs2 : insn.rd ? insn.rd : X_SINK;
  if (shape == PG32_SHAPE_RRR) op->imm = insn.rs2;
  op->way = first_way(shape);
  if (make_near(op, shape, index)) code->kind[index] = (uint8_t)(OP_NEAR + insn.id);
  return ends_run(insn.id);
}

/* ---- which handler ---- */

enum pg32_id machine_code_name(uint32_t kind) {
  if (kind >= OP_NEAR) return kind - OP_NEAR;
  if (kind >= PG32_INSNS) return PG32_ILLEGAL;
  const enum pg32_shape shape = pg32_row(kind)->shape;
  return shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_JUMP ? PG32_ILLEGAL : kind;
}

/* Does it leave its result in `forward`? */
static bool leaves_result(enum pg32_id id) {
  if (id == PG32_ILLEGAL || id == PG32_jalr) return false;
  const enum pg32_shape shape = pg32_row(id)->shape;
  return shape == PG32_SHAPE_RRR || shape == PG32_SHAPE_RRI || shape == PG32_SHAPE_SHIFT ||
         shape == PG32_SHAPE_UPPER || shape == PG32_SHAPE_LOAD;
}

/* The registers that an op reads; X_SINK: none. */
struct sources {
  uint32_t rs1, rs2;
};

static struct sources sources(const struct op *op, enum pg32_id id) {
  if (id == PG32_ILLEGAL) return (struct sources){X_SINK, X_SINK};
  switch (pg32_row(id)->shape) {
  case PG32_SHAPE_RRR: return (struct sources){op->rs1, (uint32_t)op->imm};
  case PG32_SHAPE_STORE:
  case PG32_SHAPE_BRANCH: return (struct sources){op->rs1, op->rd};
  case PG32_SHAPE_RRI:
  case PG32_SHAPE_SHIFT:
  case PG32_SHAPE_LOAD: return (struct sources){op->rs1, X_SINK};
  default: return (struct sources){X_SINK, X_SINK};
  }
}

/* The register whose value is in `forward` when the op is reached from the one before; X_SINK: none. */
static uint32_t forwarded(const struct code *code, uint32_t index) {
  return index > 0 && leaves_result(machine_code_name(code->kind[index - 1])) ? code->op[index - 1].rd
                                                                              : X_SINK;
}

static bool commutes(enum pg32_id id) {
  return id == PG32_add || id == PG32_xor || id == PG32_or || id == PG32_and || id == PG32_mul ||
         id == PG32_beq || id == PG32_bne;
}

/* Operands that may be exchanged are, if the second would come from the op before and the first does not. */
static void order_sources(struct code *code, uint32_t index) {
  struct op *op = &code->op[index];
  const enum pg32_id id = machine_code_name(code->kind[index]);
  const struct sources s = sources(op, id);
  const uint32_t rd = forwarded(code, index);
  if (rd == X_SINK || s.rs1 == rd || s.rs2 != rd || !commutes(id)) return;
  op->rs1 = (uint8_t)s.rs2;
  if (pg32_row(id)->shape == PG32_SHAPE_RRR)
    op->imm = (int32_t)s.rs1;
  else
    op->rd = (uint8_t)s.rs1;
}

enum form machine_code_form(const struct code *code, uint32_t index) {
  const struct op *op = &code->op[index];
  const enum pg32_id id = machine_code_name(code->kind[index]);
  const struct sources s = sources(op, id);
  const uint32_t rd = forwarded(code, index);
  if (rd == X_SINK || (s.rs1 != rd && s.rs2 != rd)) return FORM_M;
  if (s.rs1 != rd) return FORM_S;
  return leaves_result(id) && op->rd == rd && s.rs2 != rd ? FORM_O : FORM_F;
}

/* The handler, or beginning, that is `so_far` and an op after it; 0: there is none. */
_Static_assert(OP_FUSED <= 256, "a kind is a byte");
static uint32_t longer(uint32_t so_far, enum form form, enum pg32_id next) {
  static const uint16_t two[2][PG32_INSNS][FORMS][PG32_INSNS] = {
#define FUSED2(f, a, g, b) [FORM_##f][PG32_##a][FORM_##g][PG32_##b] = OP2(f, a, g, b),
#define BEGIN2 FUSED2
#include "fused.def"
  };
  static const uint16_t more[OP_NODES - OP_FUSED][FORMS][PG32_INSNS] = {
#define FUSED3(f, a, g, b, h, c) [OP2(f, a, g, b) - OP_FUSED][FORM_##h][PG32_##c] = OP3(f, a, g, b, h, c),
#define BEGIN3 FUSED3
#define FUSED4(f, a, g, b, h, c, i, d) \
  [OP3(f, a, g, b, h, c) - OP_FUSED][FORM_##i][PG32_##d] = OP4(f, a, g, b, h, c, i, d),
#include "fused.def"
  };
  if (next == PG32_ILLEGAL) return 0;
  if (so_far < PG32_INSNS) return two[FORM_M][so_far][form][next];
  if (so_far < OP_FUSED) return two[FORM_F][so_far - OP_FORWARD][form][next];
  return more[so_far - OP_FUSED][form][next];
}

/* What an op of a form may be executed as, the best first. */
static const struct {
  enum form form[3];
  uint32_t n;
} as[FORMS] = {[FORM_M] = {{FORM_M}, 1},
               [FORM_F] = {{FORM_F, FORM_M}, 2},
               [FORM_S] = {{FORM_S, FORM_M}, 2},
               [FORM_O] = {{FORM_O, FORM_F, FORM_M}, 3}};

/* A sequence of n ops. */
struct sequence {
  uint32_t handler, n;
};

static bool has_handler(const struct machine *m, uint32_t handler) {
  return handler < OP_HANDLERS && m->handlers[handler];
}

/* The longest with a handler that begins with `so_far`; `best`, if none is longer than that. */
static struct sequence longest(const struct machine *m, const struct code *code, uint32_t index,
                               struct sequence so_far, struct sequence best) {
  const uint32_t i = index + so_far.n;
  if (so_far.n > best.n && has_handler(m, so_far.handler)) best = so_far;
  if (so_far.n == FUSED_MOST || code->op[i - 1].run <= 1) return best;
  const enum form form = machine_code_form(code, i);
  for (uint32_t k = 0; k < as[form].n; k++) {
    const uint32_t next = longer(so_far.handler, as[form].form[k], machine_code_name(code->kind[i]));
    if (next) best = longest(m, code, index, (struct sequence){next, so_far.n + 1}, best);
  }
  return best;
}

/* The handler of the op alone. */
static uint32_t alone(const struct machine *m, const struct code *code, uint32_t index) {
  const uint32_t kind = code->kind[index], forward = OP_FORWARD + machine_code_name(kind);
  const enum form form = machine_code_form(code, index);
  return (form == FORM_F || form == FORM_O) && has_handler(m, forward) ? forward : kind;
}

/* Gives the op the handlers of the longest sequences that begin with it, or its own. */
static void fuse(const struct machine *m, struct code *code, uint32_t index) {
  struct op *op = &code->op[index];
  const uint32_t kind = code->kind[index], own = alone(m, code, index);
  struct sequence enter = {kind, 1}, go = {own, 1};
  if (kind < PG32_INSNS) { /* decoded, and perhaps not the last of its run */
    enter = longest(m, code, index, enter, enter);
    go = own == kind ? enter : longest(m, code, index, go, go);
  }
  op->enter = (uint16_t)enter.handler;
  op->go = (uint16_t)(go.n >= enter.n ? go.handler : enter.handler);
}

static void go_alone(struct op *op, uint8_t kind) { op->go = op->enter = kind; }

/* The first op whose sequence could reach the one at index. */
static uint32_t first_before(uint32_t index) { return index < FUSED_MOST - 1 ? 0 : index - (FUSED_MOST - 1); }

void machine_code_decode(struct machine *m, struct code *code, uint32_t index) {
  uint32_t last = index;
  bool ended = decode_op(m, code, last);
  while (!ended && last + 1 < PAGE_WORDS && code->kind[last + 1] == OP_DECODE)
    ended = decode_op(m, code, ++last);
  code->op[last].run = ended ? 1 : code->op[last + 1].run + 1;
  for (uint32_t i = last; i > 0 && (i > index || code->op[i - 1].run > 1); i--)
    code->op[i - 1].run = code->op[i].run + 1;
  const uint32_t after = last + 1 < PAGE_WORDS ? last + 1 : last; /* may have another before it now */
  for (uint32_t i = index; i <= after; i++) order_sources(code, i);
  for (uint32_t i = first_before(index); i <= after; i++) fuse(m, code, i);
  code->stores = 0;
}

void machine_code_truncate(struct machine *m, const struct code *code, uint32_t index, uint32_t n) {
  struct op *op = &m->scratch->op[index];
  memcpy(op, &code->op[index], n * sizeof *op);
  for (uint32_t i = 0; i < n; i++) op[i].run = (uint16_t)(n - i);
  for (uint32_t i = n < FUSED_MOST ? 0 : n - (FUSED_MOST - 1); i < n; i++)
    go_alone(&op[i], code->kind[index + i]);
  op[n] = (struct op){.go = OP_STOP, .enter = OP_STOP};
}

/* ---- stores into decoded pages ---- */

void machine_code_stored(struct machine *m, struct code *code, uint32_t pa, uint32_t n) {
  const uint32_t first = pa % PAGE_SIZE / 4, last = (pa % PAGE_SIZE + n - 1) / 4;
  if (n == 0) return;
  if (++code->stores > STALE_STORES || last - first > STALE_STORES) {
    code_drop(m, code);
    return;
  }
  for (uint32_t i = first; i <= last; i++) code->kind[i] = OP_DECODE;
  for (uint32_t i = first_before(first); i <= last; i++) go_alone(&code->op[i], code->kind[i]);
}
