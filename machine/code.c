/* code.c - decoded code: each executed page of RAM as an array of ops, kept until it is stored to or its
 * place in the pool is needed.
 *
 * Invariant: for each i, op[i].run > 1 implies op[i].run == op[i + 1].run + 1. So at any op, what the engine
 * paid for the run beforehand and has not yet used is op->run. An op that a store made stale keeps its
 * run; only its handler is taken away, and the handlers that execute it together with those before it. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

#define STALE_STORES 256 /* stores into a page without decoding from it, after which it counts as data */

_Static_assert((CODE_PAGES_ALONE + 1) * sizeof(struct code) + sizeof(struct machine) < 30ull << 20,
               "without a JIT, a machine's own memory; see MOST_MEMORY");

bool code_new(struct machine *m) {
  const size_t bytes = (CODE_PAGES_ALONE + 1) * sizeof(struct code);
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  m->pool = p;
  m->scratch = &m->pool[CODE_PAGES_ALONE];
  return true;
}

void code_drop(struct machine *m, struct code *code) {
  host_tlb_drop_fetches(m, code);
  m->pages[code->page >> PAGE_SHIFT].code = NULL;
  code->live = false;
}

void code_drop_all(struct machine *m) {
  for (uint32_t i = 0; i < m->pool_pages; i++)
    if (m->pool[i].live) code_drop(m, &m->pool[i]);
}

static struct code *code_at(struct machine *m, uint32_t pa) {
  struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  if (page->code) return page->code;
  struct code *code = &m->pool[m->pool_next];
  m->pool_next = (m->pool_next + 1) % m->pool_pages;
  if (code->live) code_drop(m, code);
  const struct op undecoded = {.go = m->handlers[OP_DECODE]};
  for (uint32_t i = 0; i < PAGE_WORDS; i++) code->op[i] = undecoded;
  memset(code->kind, OP_DECODE, sizeof code->kind);
  code->op[PAGE_WORDS] = (struct op){.go = m->handlers[OP_PAGE_END]};
  code->page = pa & PAGE_MASK;
  code->stores = 0;
  code->way = NO_WAY;
  code->live = true;
  page->code = code;
  host_tlb_drop_stores(m, code->page);
  return code;
}

uint32_t code_fetch(struct machine *m, uint32_t pc, struct code **code) {
  const uint32_t asid = (m->status & ST_ASID_MASK) >> ST_ASID_SHIFT, context = context_of(m->status);
  uint32_t pa;
  if (pc & 3) return PG32_CAUSE_FETCH_MISALIGNED;
  const uint32_t cause = machine_translate(m, pc, ACCESS_FETCH, m->status & ST_T, asid, &pa);
  if (cause) return cause;
  if (pa >= m->ram_bytes) return PG32_CAUSE_FETCH_BUS;
  *code = code_at(m, pa);
  tlb_use(m, m->status, pc, USED_HASHED);
  const uint32_t way = host_index(pc, context);
  struct host_entry *e = &m->fetch[way];
  (*code)->way = (*code)->way == NO_WAY || (*code)->way == way ? way : MANY_WAYS;
  e->tag = host_tag(pc, context, 1);
  e->page = (*code)->page;
  e->code = *code;
  return PG32_NO_CAUSE;
}

/* ---- decoding ---- */

static bool rs2_in_place_of_rd(enum pg32_shape shape) {
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_MARK ||
         shape == PG32_SHAPE_RST;
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
  if (make_near(op, shape, index)) code->kind[index] = (uint8_t)(OP_NEAR + insn.id);
  return ends_run(insn.id);
}

/* The name by which fused.def knows an op; PG32_ILLEGAL: by none. */
static enum pg32_id fused_name(uint32_t kind) {
  if (kind >= OP_NEAR) return kind - OP_NEAR;
  if (kind >= PG32_INSNS) return PG32_ILLEGAL;
  const enum pg32_shape shape = pg32_row(kind)->shape;
  return shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_JUMP ? PG32_ILLEGAL : kind;
}

/* The handler of the sequence that has handler `so_far`, and of the op after it; 0: there is none. */
_Static_assert(OP_FUSED2 <= 256, "a kind is a byte");
static uint32_t longer(uint32_t so_far, enum pg32_id next) {
  static const uint16_t two[PG32_INSNS][PG32_INSNS] = {
#define FUSED2(a, b) [PG32_##a][PG32_##b] = OP_##a##_##b,
#include "fused.def"
  };
  static const uint16_t three[OP_FUSED3 - OP_FUSED2][PG32_INSNS] = {
#define FUSED3(a, b, c) [OP_##a##_##b - OP_FUSED2][PG32_##c] = OP_##a##_##b##_##c,
#include "fused.def"
  };
  if (next == PG32_ILLEGAL) return 0;
  return so_far < PG32_INSNS ? two[so_far][next] : three[so_far - OP_FUSED2][next];
}

/* Gives the op the handler of the longest sequence that begins with it, or its own. */
static void fuse(const struct machine *m, struct code *code, uint32_t index) {
  struct op *op = &code->op[index];
  uint32_t handler = code->kind[index];
  op->go = m->handlers[handler];
  if (handler >= PG32_INSNS) return; /* not decoded, or the last of its run */
  for (uint32_t n = 1; n < FUSED_MOST && op[n - 1].run > 1; n++) {
    handler = longer(handler, fused_name(code->kind[index + n]));
    if (!handler || !m->handlers[handler]) return;
    op->go = m->handlers[handler];
  }
}

/* The first op whose sequence could reach the one at index. */
static uint32_t first_before(uint32_t index) { return index < FUSED_MOST - 1 ? 0 : index - (FUSED_MOST - 1); }

void code_decode(struct machine *m, struct code *code, uint32_t index) {
  uint32_t last = index;
  bool ended = decode_op(m, code, last);
  while (!ended && last + 1 < PAGE_WORDS && code->kind[last + 1] == OP_DECODE)
    ended = decode_op(m, code, ++last);
  code->op[last].run = ended ? 1 : code->op[last + 1].run + 1;
  for (uint32_t i = last; i > 0 && (i > index || code->op[i - 1].run > 1); i--)
    code->op[i - 1].run = code->op[i].run + 1;
  for (uint32_t i = first_before(index); i <= last; i++) fuse(m, code, i);
  code->stores = 0;
}

void code_truncate(struct machine *m, const struct code *code, uint32_t index, uint32_t n) {
  struct op *op = &m->scratch->op[index];
  memcpy(op, &code->op[index], n * sizeof *op);
  for (uint32_t i = 0; i < n; i++) op[i].run = (uint16_t)(n - i);
  for (uint32_t i = n < FUSED_MOST ? 0 : n - (FUSED_MOST - 1); i < n; i++)
    op[i].go = m->handlers[code->kind[index + i]];
  op[n] = (struct op){.go = m->handlers[OP_STOP]};
}

/* ---- stores into decoded pages ---- */

void code_stored(struct machine *m, struct code *code, uint32_t pa, uint32_t n) {
  const uint32_t first = pa % PAGE_SIZE / 4, last = (pa % PAGE_SIZE + n - 1) / 4;
  if (n == 0) return;
  if (++code->stores > STALE_STORES || last - first > STALE_STORES) {
    code_drop(m, code);
    return;
  }
  for (uint32_t i = first; i <= last; i++) code->kind[i] = OP_DECODE;
  for (uint32_t i = first_before(first); i <= last; i++) code->op[i].go = m->handlers[code->kind[i]];
}
