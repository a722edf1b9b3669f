/* code.c - decoded code: each executed page of RAM as an array of ops, kept until it is stored to or its
 * place in the pool is needed.
 *
 * Invariant: for each i, op[i].run > 1 implies op[i].run == op[i + 1].run + 1. So at any op, what the engine
 * paid for the run beforehand and has not yet used is op->run. An op that a store made stale keeps its
 * run; only its handler is taken away. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "internal.h"

#define STALE_STORES 256 /* stores into a page without decoding from it, after which it counts as data */

bool code_new(struct machine *m) {
  const size_t bytes = (CODE_PAGES + 1) * sizeof(struct code);
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return false;
  m->pool = p;
  m->scratch = &m->pool[CODE_PAGES];
  return true;
}

void code_drop(struct machine *m, struct code *code) {
  host_tlb_drop_fetches(m, code);
  m->pages[code->page >> PAGE_SHIFT].code = NULL;
  code->live = false;
}

void code_drop_all(struct machine *m) {
  for (uint32_t i = 0; i < CODE_PAGES; i++)
    if (m->pool[i].live) code_drop(m, &m->pool[i]);
}

static struct code *code_at(struct machine *m, uint32_t pa) {
  struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  if (page->code) return page->code;
  struct code *code = &m->pool[m->pool_next];
  m->pool_next = (m->pool_next + 1) % CODE_PAGES;
  if (code->live) code_drop(m, code);
  const struct op undecoded = {.go = m->handlers[OP_DECODE]};
  for (uint32_t i = 0; i < PAGE_WORDS; i++) code->op[i] = undecoded;
  code->op[PAGE_WORDS] = (struct op){.go = m->handlers[OP_PAGE_END]};
  code->page = pa & PAGE_MASK;
  code->stores = 0;
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
  struct host_entry *e = &m->fetch[host_index(pc, context)];
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

/* A branch or jump that stays in its page needs no address: its imm becomes a distance in ops. */
static bool make_near(struct op *op, enum pg32_shape shape, uint32_t index) {
  const int64_t target = (int64_t)index + op->imm / 4;
  if (shape != PG32_SHAPE_BRANCH && shape != PG32_SHAPE_JUMP) return false;
  if (target < 0 || target >= PAGE_WORDS) return false;
  op->imm /= 4;
  return true;
}

/* Decodes one word; does it end its run? */
static bool decode_op(struct machine *m, struct code *code, uint32_t index) {
  const struct pg32_insn insn = pg32_decode(ram_word(m, code->page + 4 * index));
  struct op *op = &code->op[index];
  op->rs1 = insn.rs1;
  op->imm = insn.imm;
  op->go = m->handlers[insn.id];
  if (insn.id == PG32_ILLEGAL) return true;
  const enum pg32_shape shape = pg32_row(insn.id)->shape;
  op->rd = rs2_in_place_of_rd(shape) ? insn.rs2 : insn.rd ? insn.rd : X_SINK;
  if (shape == PG32_SHAPE_RRR) op->imm = insn.rs2;
  if (make_near(op, shape, index)) op->go = m->handlers[OP_NEAR + insn.id];
  return ends_run(insn.id);
}

void code_decode(struct machine *m, struct code *code, uint32_t index) {
  const void *undecoded = m->handlers[OP_DECODE];
  uint32_t last = index;
  bool ended = decode_op(m, code, last);
  while (!ended && last + 1 < PAGE_WORDS && code->op[last + 1].go == undecoded)
    ended = decode_op(m, code, ++last);
  code->op[last].run = ended ? 1 : code->op[last + 1].run + 1;
  for (uint32_t i = last; i > 0 && (i > index || code->op[i - 1].run > 1); i--)
    code->op[i - 1].run = code->op[i].run + 1;
  code->stores = 0;
}

void code_truncate(struct machine *m, const struct code *code, uint32_t index, uint32_t n) {
  memcpy(&m->scratch->op[index], &code->op[index], n * sizeof(struct op));
  for (uint32_t i = 0; i < n; i++) m->scratch->op[index + i].run = (uint16_t)(n - i);
  m->scratch->op[index + n] = (struct op){.go = m->handlers[OP_STOP]};
}

/* ---- stores into decoded pages ---- */

void code_stored(struct machine *m, struct code *code, uint32_t pa, uint32_t n) {
  const uint32_t first = pa % PAGE_SIZE / 4, last = (pa % PAGE_SIZE + n - 1) / 4;
  if (n == 0) return;
  if (++code->stores > STALE_STORES || last - first > STALE_STORES) {
    code_drop(m, code);
    return;
  }
  for (uint32_t i = first; i <= last; i++) code->op[i].go = m->handlers[OP_DECODE];
}
