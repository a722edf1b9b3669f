/* unit.c - makes one unit: the words that stand for the guest's instructions from one address on. control.c has the
 * instructions that jump, sensitive.c those that are sensitive or trap; unit.h is what the three share.
 *
 * A unit goes on behind a branch that is not taken, and ends behind a jump, a trap, or UNIT_INSNS instructions, or
 * at the end of its page. Branches that are taken leave it by side exits, whose stubs stand at its end. The rules
 * that each sequence keeps are in translate.h. */
#include "unit.h"

const uint8_t shape_of[128] = {
#define PG32_INSN(name, opcode, shape, class, meaning) [opcode] = SHAPE_##shape,
#include <isa/pg32.def>
};

/* Are the bits zero that the instruction does not use? If not, the word is illegal. */
static bool well_formed(uint32_t insn) {
  switch ((enum shape)shape_of[insn_op(insn)]) {
  case UNKNOWN: return false;
  case RRR: return (insn & 0x3FF) == 0;
  case RD: return (insn & 0xFFFFF) == 0;
  case RS: return (insn & 0x1F07FFF) == 0;
  case RST: return (insn & 0x1F003FF) == 0;
  case PLAIN: return (insn & 0x1FFFFFF) == 0;
  case SHIFT: return insn_imm(insn) < 32;
  case SCOPE: return insn_rd(insn) == 0 && insn_imm(insn) <= TLBI_PAGE;
  default: return true;
  }
}

/* Tells whoever records the run what the word stands for. (The word's address is behind a claim's kind.) */
static void claim(uint32_t at, uint32_t kind, uint32_t value) {
  __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_CLAIM), "r"((VM_WINDOW_START + 4 * at) | kind), "r"(value));
}

uint32_t build__emit(struct build *b, uint32_t word) {
  uint32_t at = b->t->words++;
  if (b->ended || b->stub_of) {
    claim(at, CLAIM_BETWEEN, pc_of(b) | (b->ended ? 0 : CLAIM_INSIDE));
    if (b->stub_of) claim(at, CLAIM_WORD, b->code[b->insn]);
  } else if (b->boundary) {
    claim(at, CLAIM_BEGINS, pc_of(b));
    claim(at, CLAIM_WORD, b->code[b->insn]);
  }
  b->t->cache[at] = word;
  b->t->place[at] = (struct place){.unit = b->u - b->t->unit,
                                   .insn = b->insn,
                                   .debt = b->debt,
                                   .boundary = b->boundary && !b->compared,
                                   .exit = NONE};
  b->debt++;
  b->boundary = b->compared = false;
  return at;
}

/* The guest's instruction is done with the word just emitted. */
void build__commit(struct build *b) {
  b->insn++;
  b->debt--;
  b->boundary = true;
}

/* Settles the debt: after `words` more words, with which `insns` guest instructions are done, it will be 0. */
void build__settle(struct build *b, int words, int insns) {
  int count = b->debt + 1 + words - insns;
  build__emit(b, word_i(PG32_OP_addi, COUNT, COUNT, count));
  b->debt -= count;
}

/* A word 0 that gives the guest's present instruction the trap `cause`, or lets the VMM emulate it. */
void build__trap(struct build *b, uint32_t cause) {
  uint32_t at = build__emit(b, 0);
  b->t->place[at].cause = cause;
}

/* An exit to pc that is not chained: a word 0. `branch`: the word that comes here; NONE: the word itself will be
 * the jump. insns: guest instructions that are done with the jump. */
void build__exit(struct build *b, uint32_t pc, uint32_t key, int branch, int insns) {
  struct translator *t = b->t;
  uint32_t at = build__emit(b, 0);
  claim(at, CLAIM_DONE, pc);
  t->place[at].exit = t->exits;
  t->exit[t->exits++] = (struct exit){.pc = pc,
                                      .key = key,
                                      .unit = b->u - t->unit,
                                      .word = branch == NONE ? at : (uint32_t)branch,
                                      .stub = at,
                                      .debt = t->place[at].debt - insns,
                                      .to = NONE};
}

void build__stub(struct build *b, uint32_t word, uint32_t pc, uint32_t cause) {
  b->stub[b->stubs++] =
      (struct stub){.word = word, .pc = pc, .key = b->key, .cause = cause, .insn = b->insn, .debt = b->debt};
}

void build__callout(struct build *b, uint32_t word, void (*append)(struct build *b)) {
  build__stub(b, word, 0, 0);
  b->stub[b->stubs - 1].append = append;
}

void build__here(struct build *b, uint32_t word) { b->t->cache[word] |= (b->t->words - word) & 0x7FFF; }

/* ---- registers ---- */

/* The register that has the content of the guest's register r: r itself, or `scratch` after a load. */
uint32_t build__operand(struct build *b, uint32_t r, uint32_t scratch) {
  if (!is_ours(r)) return r;
  build__emit(b, word_i(PG32_OP_lw, scratch, 0, GUEST_COPY(r)));
  return scratch;
}

/* The register in which to compute a result for the guest's register r; result_done must follow. */
uint32_t build__result(uint32_t r) { return is_ours(r) ? A : r; }
void build__result_done(struct build *b, uint32_t r) {
  if (is_ours(r)) build__emit(b, word_i(PG32_OP_sw, A, 0, GUEST_COPY(r)));
}

void build__constant(struct build *b, uint32_t rd, uint32_t value) {
  uint32_t to = build__result(rd), high = (value + 0x800) >> 12;
  int32_t low = (int32_t)(value << 20) >> 20;
  if ((int32_t)value == (int32_t)(value << 17) >> 17) {
    build__emit(b, word_i(PG32_OP_addi, to, 0, value));
  } else {
    build__emit(b, word_u(PG32_OP_lui, to, high));
    if (low) build__emit(b, word_i(PG32_OP_addi, to, to, low));
  }
  build__result_done(b, rd);
}

/* ---- instructions; those that return false end the unit ---- */

static const uint32_t NOP = (uint32_t)PG32_OP_addi << 25;

static bool plain(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return true;
}

static bool arithmetic(struct build *b, uint32_t insn, bool two) {
  uint32_t rd = insn_rd(insn), rs1 = build__operand(b, insn_rs1(insn), A);
  uint32_t low = two ? build__operand(b, insn_rs2(insn), B) << 10 : insn_imm(insn);
  build__emit(b, insn_op(insn) << 25 | build__result(rd) << 20 | rs1 << 15 | low);
  build__result_done(b, rd);
  build__commit(b);
  return true;
}

static uint32_t access_bytes(uint32_t op) {
  return op == PG32_OP_lw || op == PG32_OP_sw                        ? 4
         : op == PG32_OP_lb || op == PG32_OP_lbu || op == PG32_OP_sb ? 1
                                                                     : 2;
}

/* By base x0 it would reach our data: the VMM does what the guest's own window would have done. */
static bool window_access(struct build *b, uint32_t insn, bool store) {
  bool aligned = (signed_imm(insn) & (access_bytes(insn_op(insn)) - 1)) == 0;
  build__trap(b, aligned ? (store ? CAUSE_STORE_MISS : CAUSE_LOAD_MISS)
                         : (store ? CAUSE_STORE_MISALIGNED : CAUSE_LOAD_MISALIGNED));
  return false;
}

static bool load(struct build *b, uint32_t insn) {
  uint32_t rd = insn_rd(insn);
  if (insn_rs1(insn) == 0 && signed_imm(insn) >= CPU_L_WINDOW) return window_access(b, insn, false);
  uint32_t base = build__operand(b, insn_rs1(insn), A);
  build__emit(b, word_i(insn_op(insn), build__result(rd), base, insn_imm(insn)));
  build__result_done(b, rd);
  build__commit(b);
  return true;
}

static bool store(struct build *b, uint32_t insn) {
  if (insn_rs1(insn) == 0 && signed_imm(insn) >= CPU_L_WINDOW) return window_access(b, insn, true);
  uint32_t base = build__operand(b, insn_rs1(insn), A), value = build__operand(b, insn_rd(insn), B);
  build__emit(b, word_i(insn_op(insn), value, base, insn_imm(insn)));
  build__commit(b);
  return true;
}

static bool mark(struct build *b, uint32_t insn) {
  uint32_t rs1 = build__operand(b, insn_rs1(insn), A), rs2 = build__operand(b, insn_rd(insn), B);
  build__emit(b, word_i(PG32_OP_mark, rs2, rs1, insn_imm(insn)));
  build__commit(b);
  return true;
}

static bool upper(struct build *b, uint32_t insn) {
  uint32_t high = signed_imm20(insn) << 12;
  if (insn_op(insn) == PG32_OP_lui && !is_ours(insn_rd(insn))) return plain(b, insn);
  build__constant(b, insn_rd(insn), insn_op(insn) == PG32_OP_lui ? high : pc_of(b) + high);
  build__commit(b);
  return true;
}

/* An instruction that exits often, with a callout. */
static bool adapted(struct build *b, uint32_t insn, uint32_t va) {
  switch (insn_op(insn)) {
  case PG32_OP_sw: return unit__device_store(b, insn, va);
  case PG32_OP_lw: return unit__device_load(b, insn, va);
  default: return unit__post(b, insn);
  }
}

static bool translate(struct build *b, uint32_t insn) {
  if (!well_formed(insn)) return unit__trap(b, insn, CAUSE_ILLEGAL);
  unit__follow_status(b, insn);
  const struct habit *h = adapt__habit(b->t, b->u->pa + 4 * b->insn, insn);
  if (h && !(b->key & (ST_T | ST_U))) return adapted(b, insn, h->va);
  switch (insn_op(insn)) {
  case PG32_OP_mfst: return unit__mfst(b, insn);
  case PG32_OP_mtst:
    return b->key & ST_U ? plain(b, NOP) : unit__mtst(b, insn); /* in user mode it does nothing */
  case PG32_OP_jalr: return unit__jump_register(b, insn);
  case PG32_OP_rfe:
  case PG32_OP_tlbw:
  case PG32_OP_tlbi:
  case PG32_OP_wait: return unit__trap(b, insn, CAUSE_PRIVILEGED);
  case PG32_OP_syscall:
  case PG32_OP_hcall:
  case PG32_OP_break: return unit__call(b, insn);
  }
  switch ((enum shape)shape_of[insn_op(insn)]) {
  case RRR: return arithmetic(b, insn, true);
  case RRI:
  case SHIFT: return arithmetic(b, insn, false);
  case LOAD: return load(b, insn);
  case STORE: return store(b, insn);
  case BRANCH: return unit__branch(b, insn);
  case JUMP: return unit__jump(b, insn);
  case UPPER: return upper(b, insn);
  case MARK: return mark(b, insn);
  default: return plain(b, insn); /* fence */
  }
}

/* Before the instruction: is the guest's word still this one? If not, the VMM makes another unit. */
static void check_code(struct build *b) {
  uint32_t at = b->u->pa + 4 * b->insn, word = b->code[b->insn];
  b->ended = true; /* the instruction before is done, this one is not begun */
  build__emit(b, word_u(PG32_OP_lui, A, (at + 0x800) >> 12));
  build__emit(b, word_i(PG32_OP_lw, A, A, (uint32_t)((int32_t)(at << 20) >> 20)));
  build__emit(b, word_u(PG32_OP_lui, C, (word + 0x800) >> 12));
  if (word << 20) build__emit(b, word_i(PG32_OP_addi, C, C, (uint32_t)((int32_t)(word << 20) >> 20)));
  build__stub(b, build__emit(b, word_i(PG32_OP_bne, C, A, 0)), 0, CODE_CHANGED);
  b->ended = false;
  b->boundary = b->compared = true;
}

/* The stub of such a check: no instruction is under way. */
static void changed_stub(struct build *b) {
  b->ended = true;
  uint32_t at = build__emit(b, 0);
  claim(at, CLAIM_DONE, pc_of(b));
  b->t->place[at].cause = CODE_CHANGED;
  b->ended = false;
}

/* The stubs: where the branches of the unit lead while they are not chained. */
static void emit_stubs(struct build *b) {
  for (uint32_t i = 0; i < b->stubs; i++) {
    struct stub *s = &b->stub[i];
    b->insn = s->insn;
    b->debt = s->debt;
    b->key = s->key;
    b->boundary = false;
    build__here(b, s->word);
    if (s->append)
      s->append(b);
    else if (s->cause == CODE_CHANGED)
      changed_stub(b);
    else if (s->cause == GOES_ON)
      build__exit(b, s->pc, s->key, s->word, 0);
    else
      build__trap(b, s->cause);
  }
}

int unit__make(struct translator *t, uint32_t pc, uint32_t pa, uint32_t key) {
  struct unit *u = &t->unit[t->units++];
  *u = (struct unit){
      .pc = pc, .pa = pa, .key = key, .start = t->words, .exit = t->exits, .in = NONE, .live = true};
  struct build b = {
      .t = t, .u = u, .key = key, .boundary = true, .code = (const uint32_t *)(t->vm->ram + pa)};
  b.checked = adapt__checked(t, pa, key);
  uint32_t most = (PAGE_SIZE - (pa & (PAGE_SIZE - 1))) / 4;
  bool on = true;
  while (on && b.insn < most && b.insn < UNIT_INSNS) {
    if (b.checked) check_code(&b);
    if (b.debt > 40) build__settle(&b, 0, 0);
    on = translate(&b, b.code[b.insn]);
  }
  u->insns = on ? b.insn : b.insn + (b.boundary ? 0 : 1);
  b.ended = on;
  if (on) {
    build__settle(&b, 1, 0);
    build__exit(&b, pc_of(&b), b.key, NONE, 0);
  }
  b.ended = false;
  b.stub_of = true;
  emit_stubs(&b);
  u->exits = t->exits - u->exit;
  return u - t->unit;
}
