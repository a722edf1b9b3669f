/* code.c - the cache of decoded code: each executed page of RAM as an array of ops, kept until too many
 * stores hit the page or the pool needs the place.
 *
 * Invariant: for each i, op[i].run > 1 implies op[i].run == op[i + 1].run + 1. The engine pays for a whole
 * run when it enters the run; so at any op, op->run instructions of what was paid are not yet used.
 *
 * A store makes the ops of the stored words stale. A stale op keeps its `run`, for the invariant; it loses
 * its handler (OP_DECODE takes its place), and so do fused handlers of earlier ops that would execute it. The
 * op after a stale one may keep a handler that expects a forwarded operand: that handler is reached only from
 * the op before, which is decoded again first. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "code.h"
#include "machine/core/tlb.h"

#define STALE_STORES 256 /* stores into a page without decoding from it, after which it counts as data */

_Static_assert((CODE_PAGES + 1) * sizeof(struct code) + sizeof(struct machine) < 30ull << 20,
               "without a JIT, a machine's own memory; see MOST_MEMORY");

bool machine_code_new(struct machine *m) {
  const size_t bytes = (CODE_PAGES + 1) * sizeof(struct code);
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  m->pool = p;
  m->scratch = &m->pool[CODE_PAGES];
  return true;
}

void machine_code_free(struct machine *m) {
  if (m->pool) munmap(m->pool, (CODE_PAGES + 1) * sizeof *m->pool);
}

/* Takes all entries for fetches that lead to `code` out of the host TLB. */
static void drop_fetches(struct machine *m, const struct code *code) {
  if (code->fetch_entry == NO_ENTRY) return;
  const uint32_t first = code->fetch_entry == MANY_ENTRIES ? 0 : code->fetch_entry;
  const uint32_t last = code->fetch_entry == MANY_ENTRIES ? HOST_ENTRIES - 1 : code->fetch_entry;
  for (uint32_t i = first; i <= last; i++)
    if (m->fetch[i].code == code) m->fetch[i].tag = 0;
}

static void code_drop(struct machine *m, struct code *code) {
  drop_fetches(m, code);
  m->pages[code->page >> PAGE_SHIFT].code = NULL;
  code->live = false;
}

void machine_code_drop_all(struct machine *m) {
  for (uint32_t i = 0; i < m->pool_used; i++)
    if (m->pool[i].live) code_drop(m, &m->pool[i]);
  m->pool_next = m->pool_used = 0;
}

static struct code *code_at(struct machine *m, uint32_t pa) {
  struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  if (page->code) return page->code;
  struct code *code = &m->pool[m->pool_next];
  m->pool_next = (m->pool_next + 1) % CODE_PAGES;
  if (m->pool_used < CODE_PAGES) m->pool_used++;
  if (code->live) code_drop(m, code);
  const struct op undecoded = {.fall_through = OP_DECODE, .jumped_to = OP_DECODE};
  for (uint32_t i = 0; i < PAGE_WORDS; i++) code->op[i] = undecoded;
  memset(code->kind, OP_DECODE, sizeof code->kind);
  code->op[PAGE_WORDS] = (struct op){.fall_through = OP_PAGE_END, .jumped_to = OP_PAGE_END};
  code->page = pa & PAGE_MASK;
  code->stores = 0;
  code->fetch_entry = NO_ENTRY;
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
  const uint32_t entry = host_index(pc, context), before = (*code)->fetch_entry;
  struct host_entry *e = &m->fetch[entry];
  (*code)->fetch_entry = before == NO_ENTRY || before == entry ? entry : MANY_ENTRIES;
  e->tag = host_tag(pc, context);
  e->code = *code;
  return CAUSE_NONE;
}

/* ---- decoding ---- */

static bool rs2_in_place_of_rd(enum pg32_shape shape) {
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_MARK ||
         shape == PG32_SHAPE_RST;
}

/* The entry of the host TLB at which an op looks first, before it has used one: any will do. */
static uint32_t initial_entry(enum pg32_shape shape) {
  return (uint32_t)(shape == PG32_SHAPE_STORE ? offsetof(struct machine, store)
                                              : offsetof(struct machine, load));
}

static bool ends_run(enum pg32_id id) {
  if (id == PG32_ILLEGAL || id == PG32_jalr) return true;
  const struct pg32_row *row = pg32_row(id);
  return row->shape == PG32_SHAPE_BRANCH || row->shape == PG32_SHAPE_JUMP || row->class != PG32_INNOCUOUS;
}

/* A branch or jump that stays in its page needs no address: its imm becomes the distance between the two ops,
 * in bytes. */
static bool make_near(struct op *op, enum pg32_shape shape, uint32_t index) {
  const int64_t target = (int64_t)index + op->imm / 4;
  if (shape != PG32_SHAPE_BRANCH && shape != PG32_SHAPE_JUMP) return false;
  if (target < 0 || target >= PAGE_WORDS) return false;
  op->imm = op->imm / 4 * (int32_t)sizeof *op;
  return true;
}

/* Decodes one word, all but the handlers of its op. Returns whether it ends its run. */
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
  op->last_entry = initial_entry(shape);
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

/* Does the instruction leave its result in the engine's variable `forward`? */
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

/* The register whose value is in `forward` when the op before has just been executed; X_SINK: none. */
static uint32_t forwarded(const struct code *code, uint32_t index) {
  return index > 0 && leaves_result(machine_code_name(code->kind[index - 1])) ? code->op[index - 1].rd
                                                                              : X_SINK;
}

static bool commutes(enum pg32_id id) {
  return id == PG32_add || id == PG32_xor || id == PG32_or || id == PG32_and || id == PG32_mul ||
         id == PG32_beq || id == PG32_bne;
}

/* Exchanges the operands of a commutative instruction if only the second is forwarded, because there are more
 * handlers that take the first from there. */
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

_Static_assert(OP_FUSED <= 256, "a kind is a byte");
_Static_assert(OP_HANDLERS <= HANDLERS_MOST, "m->handlers is too short");

/* The handler, or the beginning of one, for the sequence `so_far` followed by an op `next` of that form; 0:
 * none. */
static uint32_t extended(uint32_t so_far, enum form form, enum pg32_id next) {
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

/* The forms as which an op of a form may be executed, the best first: an operand that has been forwarded is
 * in memory as well, unless the form is O. */
static const struct {
  enum form form[3];
  uint32_t n;
} allowed[FORMS] = {[FORM_M] = {{FORM_M}, 1},
                    [FORM_F] = {{FORM_F, FORM_M}, 2},
                    [FORM_S] = {{FORM_S, FORM_M}, 2},
                    [FORM_O] = {{FORM_O, FORM_F, FORM_M}, 3}};

/* A sequence of n ops, and the handler that executes it. */
struct sequence {
  uint32_t handler, n;
};

static bool has_handler(const struct machine *m, uint32_t handler) {
  return handler < OP_HANDLERS && m->handlers[handler];
}

/* The longest sequence from op[index] on that begins with `so_far` and has a handler; `best` if that is at
 * least as long. */
static struct sequence longest(const struct machine *m, const struct code *code, uint32_t index,
                               struct sequence so_far, struct sequence best) {
  const uint32_t i = index + so_far.n;
  if (so_far.n > best.n && has_handler(m, so_far.handler)) best = so_far;
  if (so_far.n == FUSED_MOST || code->op[i - 1].run <= 1) return best;
  const enum form form = machine_code_form(code, i);
  for (uint32_t k = 0; k < allowed[form].n; k++) {
    const uint32_t next = extended(so_far.handler, allowed[form].form[k], machine_code_name(code->kind[i]));
    if (next) best = longest(m, code, index, (struct sequence){next, so_far.n + 1}, best);
  }
  return best;
}

/* The handler that executes the op and no other, its rs1 forwarded if there is one for that. */
static uint32_t own_handler(const struct machine *m, const struct code *code, uint32_t index) {
  const uint32_t kind = code->kind[index], forward = OP_FORWARD + machine_code_name(kind);
  const enum form form = machine_code_form(code, index);
  return (form == FORM_F || form == FORM_O) && has_handler(m, forward) ? forward : kind;
}

/* Gives the op the handlers of the longest sequences that begin with it, or its own handlers. */
static void fuse(const struct machine *m, struct code *code, uint32_t index) {
  struct op *op = &code->op[index];
  const uint32_t kind = code->kind[index], own = own_handler(m, code, index);
  struct sequence jumped_to = {kind, 1}, fall_through = {own, 1};
  if (kind < PG32_INSNS) { /* not stale, nor the end of a run */
    jumped_to = longest(m, code, index, jumped_to, jumped_to);
    fall_through = own == kind ? jumped_to : longest(m, code, index, fall_through, fall_through);
  }
  op->jumped_to = (uint16_t)jumped_to.handler;
  op->fall_through = (uint16_t)(fall_through.n >= jumped_to.n ? fall_through.handler : jumped_to.handler);
}

static void unfuse(struct op *op, uint8_t kind) { op->fall_through = op->jumped_to = kind; }

/* The first op whose fused handler could execute the one at index. */
static uint32_t first_before(uint32_t index) { return index < FUSED_MOST - 1 ? 0 : index - (FUSED_MOST - 1); }

void machine_code_decode(struct machine *m, struct code *code, uint32_t index) {
  uint32_t last = index;
  bool ended = decode_op(m, code, last);
  while (!ended && last + 1 < PAGE_WORDS && code->kind[last + 1] == OP_DECODE)
    ended = decode_op(m, code, ++last);
  code->op[last].run = ended ? 1 : code->op[last + 1].run + 1;
  for (uint32_t i = last; i > 0 && (i > index || code->op[i - 1].run > 1); i--)
    code->op[i - 1].run = code->op[i].run + 1;
  const uint32_t after =
      last + 1 < PAGE_WORDS ? last + 1 : last; /* what it can take from the op before may be new */
  for (uint32_t i = index; i <= after; i++) order_sources(code, i);
  for (uint32_t i = first_before(index); i <= after; i++) fuse(m, code, i);
  code->stores = 0;
}

void machine_code_truncate(struct machine *m, const struct code *code, uint32_t index, uint32_t n) {
  struct op *op = &m->scratch->op[index];
  memcpy(op, &code->op[index], n * sizeof *op);
  for (uint32_t i = 0; i < n; i++) op[i].run = (uint16_t)(n - i);
  for (uint32_t i = n < FUSED_MOST ? 0 : n - (FUSED_MOST - 1); i < n; i++)
    unfuse(&op[i], code->kind[index + i]);
  op[n] = (struct op){.fall_through = OP_STOP, .jumped_to = OP_STOP};
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
  for (uint32_t i = first_before(first); i <= last; i++) unfuse(&code->op[i], code->kind[i]);
}
