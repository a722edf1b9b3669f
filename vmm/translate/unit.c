/* unit.c - makes one unit: the words that stand for the guest's instructions from one address on.
 *
 * A unit goes on behind a branch that is not taken, and ends behind a jump, a trap, or UNIT_INSNS instructions, or
 * at the end of its page. Branches that are taken leave it by side exits, whose stubs stand at its end. The rules
 * that each sequence keeps are in translate.h. */
#include "translate.h"

/* ---- words ---- */

enum shape { UNKNOWN, RRR, RD, RS, RST, PLAIN, RRI, SHIFT, LOAD, STORE, BRANCH, SCOPE, MARK, UPPER, JUMP };
#define SHAPE_RRR RRR
#define SHAPE_RD RD
#define SHAPE_RS RS
#define SHAPE_RST RST
#define SHAPE_NONE PLAIN
#define SHAPE_RRI RRI
#define SHAPE_SHIFT SHIFT
#define SHAPE_LOAD LOAD
#define SHAPE_STORE STORE
#define SHAPE_BRANCH BRANCH
#define SHAPE_SCOPE SCOPE
#define SHAPE_MARK MARK
#define SHAPE_UPPER UPPER
#define SHAPE_JUMP JUMP
static const uint8_t shape_of[128] = {
#define PG32_INSN(name, opcode, shape, class, meaning) [opcode] = SHAPE_##shape,
#include <isa/pg32.def>
};

static uint32_t word_r(uint32_t op, uint32_t rd, uint32_t rs1, uint32_t rs2) {
  return op << 25 | rd << 20 | rs1 << 15 | rs2 << 10;
}
static uint32_t word_i(uint32_t op, uint32_t rd, uint32_t rs1, uint32_t imm) {
  return op << 25 | rd << 20 | rs1 << 15 | (imm & 0x7FFF);
}
static uint32_t word_u(uint32_t op, uint32_t rd, uint32_t imm) {
  return op << 25 | rd << 20 | (imm & 0xFFFFF);
}

static uint32_t signed_imm(uint32_t insn) { return (uint32_t)((int32_t)(insn << 17) >> 17); }
static uint32_t signed_imm20(uint32_t insn) { return (uint32_t)((int32_t)(insn << 12) >> 12); }

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

/* ---- the unit that is being made ---- */

struct build {
  struct translator *t;
  struct unit *u;
  uint32_t key;     /* of the STATUS in which the next instruction runs */
  uint32_t on, off; /* guest registers that are known to hold that STATUS with IE on, with IE off (bits) */
  uint32_t insn;    /* the guest instruction whose turn it is, counted from the unit's start */
  int debt;         /* before the next word; see translate.h */
  bool boundary;    /* the next word is the first of a sequence */
  bool ended;       /* what follows belongs to no instruction */
  const uint32_t *code; /* the guest's words */
  uint32_t stubs;       /* branches that need a stub at the end of the unit */
  struct stub {
    uint32_t word;    /* the branch */
    uint32_t pc, key; /* where the guest goes on if it is taken ... */
    uint8_t cause;    /* ... or 0xFF: there; else what the guest's instruction `insn` becomes: CAUSE_... */
    uint8_t insn;
    int8_t debt;
  } stub[2 * UNIT_INSNS];
};
enum { GOES_ON = 0xFF };

static uint32_t pc_of(const struct build *b) { return b->u->pc + 4 * b->insn; }

/* Tells whoever records the run what the word stands for. (The word's address is behind a claim's kind.) */
static void claim(uint32_t at, uint32_t kind, uint32_t value) {
  __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_CLAIM), "r"((VM_WINDOW_START + 4 * at) | kind), "r"(value));
}

static uint32_t emit(struct build *b, uint32_t word) {
  uint32_t at = b->t->words++;
  if (b->ended) {
    claim(at, CLAIM_BETWEEN, pc_of(b));
  } else if (b->boundary) {
    claim(at, CLAIM_BEGINS, pc_of(b));
    claim(at, CLAIM_WORD, b->code[b->insn]);
  }
  b->t->cache[at] = word;
  b->t->place[at] = (struct place){
      .unit = b->u - b->t->unit, .insn = b->insn, .debt = b->debt, .boundary = b->boundary, .exit = NONE};
  b->debt++;
  b->boundary = false;
  return at;
}

/* The guest's instruction is done with the word just emitted. */
static void commit(struct build *b) {
  b->insn++;
  b->debt--;
  b->boundary = true;
}

/* Settles the debt: after `words` more words, with which `insns` guest instructions are done, it will be 0. */
static void settle(struct build *b, int words, int insns) {
  int count = b->debt + 1 + words - insns;
  emit(b, word_i(PG32_OP_addi, COUNT, COUNT, count));
  b->debt -= count;
}

/* A word 0 that gives the guest's present instruction the trap `cause`, or lets the VMM emulate it. */
static void emit_trap(struct build *b, uint32_t cause) {
  uint32_t at = emit(b, 0);
  b->t->place[at].cause = cause;
}

/* An exit to pc that is not chained: a word 0. `branch`: the word that comes here; NONE: the word itself will be
 * the jump. insns: guest instructions that are done with the jump. */
static void emit_exit(struct build *b, uint32_t pc, uint32_t key, int branch, int insns) {
  struct translator *t = b->t;
  uint32_t at = emit(b, 0);
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

static void add_stub(struct build *b, uint32_t word, uint32_t pc, uint32_t cause) {
  b->stub[b->stubs++] =
      (struct stub){.word = word, .pc = pc, .key = b->key, .cause = cause, .insn = b->insn, .debt = b->debt};
}

/* ---- registers ---- */

/* The register that has the content of the guest's register r: r itself, or `scratch` after a load. */
static uint32_t operand(struct build *b, uint32_t r, uint32_t scratch) {
  if (!is_ours(r)) return r;
  emit(b, word_i(PG32_OP_lw, scratch, 0, GUEST_COPY(r)));
  return scratch;
}

/* The register in which to compute a result for the guest's register r; result_done must follow. */
static uint32_t result(uint32_t r) { return is_ours(r) ? A : r; }
static void result_done(struct build *b, uint32_t r) {
  if (is_ours(r)) emit(b, word_i(PG32_OP_sw, A, 0, GUEST_COPY(r)));
}

static void emit_constant(struct build *b, uint32_t rd, uint32_t value) {
  uint32_t to = result(rd), high = (value + 0x800) >> 12;
  int32_t low = (int32_t)(value << 20) >> 20;
  if ((int32_t)value == (int32_t)(value << 17) >> 17) {
    emit(b, word_i(PG32_OP_addi, to, 0, value));
  } else {
    emit(b, word_u(PG32_OP_lui, to, high));
    if (low) emit(b, word_i(PG32_OP_addi, to, to, low));
  }
  result_done(b, rd);
}

/* ---- instructions; those that return false end the unit ---- */

static bool plain(struct build *b, uint32_t insn) {
  emit(b, insn);
  commit(b);
  return true;
}

static bool arithmetic(struct build *b, uint32_t insn, bool two) {
  uint32_t rd = insn_rd(insn), rs1 = operand(b, insn_rs1(insn), A);
  uint32_t low = two ? operand(b, insn_rs2(insn), B) << 10 : insn_imm(insn);
  emit(b, insn_op(insn) << 25 | result(rd) << 20 | rs1 << 15 | low);
  result_done(b, rd);
  commit(b);
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
  emit_trap(b, aligned ? (store ? CAUSE_STORE_MISS : CAUSE_LOAD_MISS)
                       : (store ? CAUSE_STORE_MISALIGNED : CAUSE_LOAD_MISALIGNED));
  return false;
}

static bool load(struct build *b, uint32_t insn) {
  uint32_t rd = insn_rd(insn);
  if (insn_rs1(insn) == 0 && signed_imm(insn) >= CPU_L_WINDOW) return window_access(b, insn, false);
  uint32_t base = operand(b, insn_rs1(insn), A);
  emit(b, word_i(insn_op(insn), result(rd), base, insn_imm(insn)));
  result_done(b, rd);
  commit(b);
  return true;
}

static bool store(struct build *b, uint32_t insn) {
  if (insn_rs1(insn) == 0 && signed_imm(insn) >= CPU_L_WINDOW) return window_access(b, insn, true);
  uint32_t base = operand(b, insn_rs1(insn), A), value = operand(b, insn_rd(insn), B);
  emit(b, word_i(insn_op(insn), value, base, insn_imm(insn)));
  commit(b);
  return true;
}

static bool mark(struct build *b, uint32_t insn) {
  uint32_t rs1 = operand(b, insn_rs1(insn), A), rs2 = operand(b, insn_rd(insn), B);
  emit(b, word_i(PG32_OP_mark, rs2, rs1, insn_imm(insn)));
  commit(b);
  return true;
}

static bool upper(struct build *b, uint32_t insn) {
  uint32_t high = signed_imm20(insn) << 12;
  if (insn_op(insn) == PG32_OP_lui && !is_ours(insn_rd(insn))) return plain(b, insn);
  emit_constant(b, insn_rd(insn), insn_op(insn) == PG32_OP_lui ? high : pc_of(b) + high);
  commit(b);
  return true;
}

static bool branch(struct build *b, uint32_t insn) {
  uint32_t rs1 = operand(b, insn_rs1(insn), A), rs2 = operand(b, insn_rd(insn), B);
  uint32_t target = pc_of(b) + 4 * signed_imm(insn);
  if (b->debt) settle(b, 1, 1);
  uint32_t at = emit(b, word_i(insn_op(insn), rs2, rs1, 0));
  commit(b);
  add_stub(b, at, target, GOES_ON);
  return true;
}

static bool jump(struct build *b, uint32_t insn) {
  uint32_t target = pc_of(b) + 4 * signed_imm20(insn);
  if (insn_rd(insn)) emit_constant(b, insn_rd(insn), pc_of(b) + 4);
  if (b->debt) settle(b, 1, 1);
  emit_exit(b, target, b->key, NONE, 1);
  commit(b);
  return false;
}

/* The guest's target goes into A, and the place of its slot into B. The word behind the jump to the slot, which
 * the jump leaves in B, tells the VMM afterwards where the guest jumped. */
static bool jump_register(struct build *b, uint32_t insn) {
  uint32_t rd = insn_rd(insn), rs1 = operand(b, insn_rs1(insn), A);
  if (insn_imm(insn)) rs1 = (emit(b, word_i(PG32_OP_addi, A, rs1, insn_imm(insn))), A);
  emit(b, word_i(PG32_OP_andi, A, rs1, -2));
  if (rd) { /* a misaligned target must be found before rd changes; if there is no rd, the slot finds it */
    emit(b, word_i(PG32_OP_andi, B, A, 2));
    add_stub(b, emit(b, word_i(PG32_OP_bne, 0, B, 0)), 0, CAUSE_FETCH_MISALIGNED);
    uint32_t link = pc_of(b) + 4;
    if (is_ours(rd)) { /* A is taken */
      emit(b, word_u(PG32_OP_lui, B, (link + 0x800) >> 12));
      emit(b, word_i(PG32_OP_addi, B, B, (int32_t)(link << 20) >> 20));
      emit(b, word_i(PG32_OP_sw, B, 0, GUEST_COPY(rd)));
    } else {
      emit_constant(b, rd, link);
    }
  }
  emit(b, word_i(PG32_OP_slli, B, A, 22));
  emit(b, word_i(PG32_OP_srli, B, B, 20));
  settle(b, 1 + SLOT_WORDS, 1);
  emit(b, word_i(PG32_OP_jalr, B, B, HASH_START + PAGE_SIZE * key_hash(b->key)));
  commit(b);
  return false;
}

static bool mfst(struct build *b, uint32_t insn) {
  uint32_t rd = insn_rd(insn);
  emit(b, word_i(PG32_OP_lw, result(rd), 0, DATA(status)));
  result_done(b, rd);
  commit(b);
  return true;
}

/* The STATUS that the guest has before and after the instruction, as far as the unit itself has computed it: the
 * usual `mfst a; andi b, a, ~IE; mtst b` ... `mtst a` is known through and through. */
static void follow_status(struct build *b, uint32_t insn) {
  static const uint32_t writes =
      1 << RRR | 1 << RD | 1 << RRI | 1 << SHIFT | 1 << LOAD | 1 << UPPER | 1 << JUMP;
  uint32_t rd = 1u << insn_rd(insn), rs1 = 1u << insn_rs1(insn), op = insn_op(insn);
  bool on = b->on & rs1, off = b->off & rs1, known = on || off;
  if (!(writes >> shape_of[op] & 1)) return;
  b->on &= ~rd, b->off &= ~rd;
  if (op == PG32_OP_mfst)
    on = b->key & ST_IE, off = !on;
  else if (op == PG32_OP_andi && known && signed_imm(insn) == (uint32_t)~ST_IE)
    on = false, off = true;
  else if (op == PG32_OP_ori && known && signed_imm(insn) == ST_IE)
    on = true, off = false;
  else if (op != PG32_OP_addi || signed_imm(insn) != 0)
    return;
  if (on) b->on |= rd & ~1u;
  if (off) b->off |= rd & ~1u;
}

/* The new STATUS is known: the unit goes on with the other key. Only an interrupt that is due needs the VMM. */
static bool mtst_known(struct build *b, uint32_t rs1) {
  bool on = b->on >> rs1 & 1;
  uint32_t value = operand(b, rs1, B);
  if (on && !(b->key & ST_IE)) {
    emit(b, word_i(PG32_OP_lw, A, 0, DATA(due)));
    add_stub(b, emit(b, word_i(PG32_OP_bne, 0, A, 0)), 0, CAUSE_PRIVILEGED);
  }
  emit(b, word_i(PG32_OP_sw, value, 0, DATA(status)));
  b->key = on ? b->key | ST_IE : b->key & ~ST_IE;
  commit(b);
  return true;
}

/* Interrupts off or on, and nothing else, needs no exit unless an interrupt is due. The new STATUS is in a
 * register; where only IE differs, the guest goes on in the unit for the other key. */
static bool mtst(struct build *b, uint32_t insn) {
  bool on = b->key & ST_IE;
  if (b->key & ST_T) {
    emit_trap(b, CAUSE_PRIVILEGED);
    return false;
  }
  if ((b->on | b->off) >> insn_rs1(insn) & 1) return mtst_known(b, insn_rs1(insn));
  uint32_t rs1 = operand(b, insn_rs1(insn), B);
  emit(b, word_i(PG32_OP_lw, A, 0, DATA(status)));
  emit(b, word_r(PG32_OP_xor, A, A, rs1));
  emit(b, word_i(PG32_OP_andi, A, A, ~ST_IE));
  uint32_t other_bits = emit(b, word_i(PG32_OP_bne, 0, A, 0));
  add_stub(b, other_bits, 0, CAUSE_PRIVILEGED);
  emit(b, word_i(PG32_OP_andi, A, rs1, ST_IE));
  uint32_t skip = emit(b, word_i(on ? PG32_OP_bne : PG32_OP_beq, 0, A, 0));
  int debt = b->debt;
  if (!on) {
    emit(b, word_i(PG32_OP_lw, A, 0, DATA(due)));
    uint32_t is_due = emit(b, word_i(PG32_OP_bne, 0, A, 0));
    add_stub(b, is_due, 0, CAUSE_PRIVILEGED);
  }
  emit(b, word_i(PG32_OP_sw, rs1, 0, DATA(status)));
  settle(b, 1, 1);
  emit_exit(b, pc_of(b) + 4, b->key ^ ST_IE, NONE, 1);
  b->t->cache[skip] |= (b->t->words - skip) & 0x7FFF;
  b->debt = debt;
  commit(b);
  return true;
}

/* syscall, hcall, break: they trap by themselves. */
static bool call(struct build *b, uint32_t insn) {
  plain(b, insn);
  return false;
}

/* An instruction that traps by itself, in user mode as here, before it does anything: for the VMM to emulate, or for
 * the guest to hear of. */
static bool trap(struct build *b, uint32_t insn, uint32_t cause) {
  b->t->place[emit(b, insn)].cause = cause;
  return false;
}

static bool translate(struct build *b, uint32_t insn) {
  if (!well_formed(insn)) return trap(b, insn, CAUSE_ILLEGAL);
  follow_status(b, insn);
  switch (insn_op(insn)) {
  case PG32_OP_mfst: return mfst(b, insn);
  case PG32_OP_mtst: return mtst(b, insn);
  case PG32_OP_jalr: return jump_register(b, insn);
  case PG32_OP_rfe:
  case PG32_OP_tlbw:
  case PG32_OP_tlbi:
  case PG32_OP_wait: return trap(b, insn, CAUSE_PRIVILEGED);
  case PG32_OP_syscall:
  case PG32_OP_hcall:
  case PG32_OP_break: return call(b, insn);
  }
  switch ((enum shape)shape_of[insn_op(insn)]) {
  case RRR: return arithmetic(b, insn, true);
  case RRI:
  case SHIFT: return arithmetic(b, insn, false);
  case LOAD: return load(b, insn);
  case STORE: return store(b, insn);
  case BRANCH: return branch(b, insn);
  case JUMP: return jump(b, insn);
  case UPPER: return upper(b, insn);
  case MARK: return mark(b, insn);
  default: return plain(b, insn); /* fence */
  }
}

/* The stubs: where the branches of the unit lead while they are not chained. */
static void emit_stubs(struct build *b) {
  for (uint32_t i = 0; i < b->stubs; i++) {
    struct stub *s = &b->stub[i];
    b->insn = s->insn;
    b->debt = s->debt;
    b->boundary = false;
    b->t->cache[s->word] |= (b->t->words - s->word) & 0x7FFF;
    if (s->cause == GOES_ON)
      emit_exit(b, s->pc, s->key, s->word, 0);
    else
      emit_trap(b, s->cause);
  }
}

int unit__make(struct translator *t, uint32_t pc, uint32_t pa, uint32_t key) {
  struct unit *u = &t->unit[t->units++];
  *u = (struct unit){
      .pc = pc, .pa = pa, .key = key, .start = t->words, .exit = t->exits, .in = NONE, .live = true};
  struct build b = {
      .t = t, .u = u, .key = key, .boundary = true, .code = (const uint32_t *)(t->vm->ram + pa)};
  uint32_t most = (PAGE_SIZE - (pa & (PAGE_SIZE - 1))) / 4;
  bool on = true;
  while (on && b.insn < most && b.insn < UNIT_INSNS) {
    if (b.debt > 40) settle(&b, 0, 0);
    on = translate(&b, b.code[b.insn]);
  }
  u->insns = on ? b.insn : b.insn + (b.boundary ? 0 : 1);
  b.ended = on;
  if (on) {
    settle(&b, 1, 0);
    emit_exit(&b, pc_of(&b), b.key, NONE, 0);
  }
  b.ended = false;
  emit_stubs(&b);
  u->exits = t->exits - u->exit;
  return u - t->unit;
}
