/* block.c - writes one trace as a block of host code.
 *
 * jit_emit_block walks the trace's steps. A step's registers are allocated, then its row of EMITTERS writes
 * it; an idiom takes several steps at once. Rare cases are noted on the way, and written after the hot path
 * (exits.c).
 *
 * Maintains: before each step, w->map says where each PG32 register is, and w->charged says how many of the
 * steps before it the budget has been charged with. */
#include <assert.h>

#include "writer.h"

#if JIT_HOST

/* ---- branches and system instructions ---- */

static void emit_branch(struct writer *w, const struct jit_step *s, unsigned cond) {
  const uint32_t target = s->pc + (uint32_t)s->insn.imm, next = s->pc + 4;
  uint8_t *branch = jit_emit_jump_if(w, cond, !s->taken, s->insn.rs1, s->insn.rs2);
  w->side_exit[w->side_exits++] = (struct side_exit){.branch = branch,
                                                     .uncharged = uncharged_before(w, s) + 1,
                                                     .target = s->taken ? next : target,
                                                     .map = w->map};
}

/* Without an observer of marks, nothing happens. */
static void emit_mark(struct writer *w, const struct jit_step *s) {
  struct slow_path *p = new_slow_path(w, s, THUNK_HELPER);
  p->entry[0] = jit_emit_jump_if_marks(w);
  p->resume = w->e->p;
}

/* In user mode a helper traps, or does not (CPU_LEAKY, CPU_HOLE). */
static void emit_mfst(struct writer *w, const struct jit_step *s) {
  struct slow_path *p = new_slow_path(w, s, THUNK_HELPER);
  const unsigned rd = s->insn.rd, r = result_reg(w, rd);
  p->entry[0] = jit_emit_jump_if_user(w);
  if (rd) jit_emit_status(w, r);
  store_guest(w, rd, r);
  if (w->host[rd]) w->map.dirty |= 1u << rd;
  forget_facts(w, rd);
  p->resume = w->e->p;
}

/* A helper call on the hot path. */
static void emit_helper(struct writer *w, const struct jit_step *s, uint32_t n) {
  jit_regs_to_canonical(w);
  host_move_imm(w->e, ARG_IMM, (uint32_t)s->insn.imm);
  jit_emit_packed(w, s, uncharged_before(w, s));
  jit_emit_thunk_call(w, n);
}

/* The last step of a trace, which continues by a thunk. */
static void emit_system(struct writer *w, const struct jit_step *s, uint32_t n) { new_slow_path(w, s, n); }

/* ---- the instructions that have an emitter ---- */
/* clang-format off */
#define EMITTERS(E) \
  E(add,    jit_emit_alu(w, ALU_ADD, i->rd, i->rs1, i->rs2, true)) \
  E(sub,    jit_emit_alu(w, ALU_SUB, i->rd, i->rs1, i->rs2, false)) \
  E(xor,    jit_emit_alu(w, ALU_XOR, i->rd, i->rs1, i->rs2, true)) \
  E(or,     jit_emit_alu(w, ALU_OR, i->rd, i->rs1, i->rs2, true)) \
  E(and,    jit_emit_alu(w, ALU_AND, i->rd, i->rs1, i->rs2, true)) \
  E(sll,    jit_emit_shift(w, SHIFT_LEFT, i->rd, i->rs1, i->rs2)) \
  E(srl,    jit_emit_shift(w, SHIFT_RIGHT, i->rd, i->rs1, i->rs2)) \
  E(sra,    jit_emit_shift(w, SHIFT_ARITHMETIC, i->rd, i->rs1, i->rs2)) \
  E(slt,    jit_emit_slt(w, COND_LT, i->rd, i->rs1, i->rs2)) \
  E(sltu,   jit_emit_slt(w, COND_LTU, i->rd, i->rs1, i->rs2)) \
  E(mul,    jit_emit_mul(w, i->rd, i->rs1, i->rs2)) \
  E(mulh,   jit_emit_mulh(w, i->rd, i->rs1, i->rs2, true, true)) \
  E(mulhsu, jit_emit_mulh(w, i->rd, i->rs1, i->rs2, true, false)) \
  E(mulhu,  jit_emit_mulh(w, i->rd, i->rs1, i->rs2, false, false)) \
  E(div,    jit_emit_divide(w, i->rd, i->rs1, i->rs2, true, false)) \
  E(divu,   jit_emit_divide(w, i->rd, i->rs1, i->rs2, false, false)) \
  E(rem,    jit_emit_divide(w, i->rd, i->rs1, i->rs2, true, true)) \
  E(remu,   jit_emit_divide(w, i->rd, i->rs1, i->rs2, false, true)) \
  E(addi,   jit_emit_alu_imm(w, IMM_ADD, i->rd, i->rs1, i->imm)) \
  E(xori,   jit_emit_alu_imm(w, IMM_XOR, i->rd, i->rs1, i->imm)) \
  E(ori,    jit_emit_alu_imm(w, IMM_OR, i->rd, i->rs1, i->imm)) \
  E(andi,   jit_emit_alu_imm(w, IMM_AND, i->rd, i->rs1, i->imm)) \
  E(slti,   jit_emit_slt_imm(w, COND_LT, i->rd, i->rs1, i->imm)) \
  E(sltiu,  jit_emit_slt_imm(w, COND_LTU, i->rd, i->rs1, i->imm)) \
  E(slli,   jit_emit_shift_imm(w, SHIFT_LEFT, i->rd, i->rs1, i->imm)) \
  E(srli,   jit_emit_shift_imm(w, SHIFT_RIGHT, i->rd, i->rs1, i->imm)) \
  E(srai,   jit_emit_shift_imm(w, SHIFT_ARITHMETIC, i->rd, i->rs1, i->imm)) \
  E(lui,    set_constant(w, i->rd, (uint32_t)i->imm << 12)) \
  E(auipc,  set_constant(w, i->rd, s->pc + ((uint32_t)i->imm << 12))) \
  E(lb,     jit_emit_load(w, s, LOAD_S8)) \
  E(lh,     jit_emit_load(w, s, LOAD_S16)) \
  E(lw,     jit_emit_load(w, s, LOAD_32)) \
  E(lbu,    jit_emit_load(w, s, LOAD_U8)) \
  E(lhu,    jit_emit_load(w, s, LOAD_U16)) \
  E(sb,     jit_emit_store(w, s, STORE_8)) \
  E(sh,     jit_emit_store(w, s, STORE_16)) \
  E(sw,     jit_emit_store(w, s, STORE_32)) \
  E(beq,    emit_branch(w, s, COND_EQ)) \
  E(bne,    emit_branch(w, s, COND_NE)) \
  E(blt,    emit_branch(w, s, COND_LT)) \
  E(bge,    emit_branch(w, s, COND_GE)) \
  E(bltu,   emit_branch(w, s, COND_LTU)) \
  E(bgeu,   emit_branch(w, s, COND_GEU)) \
  E(jal,    jit_emit_jal(w, s)) \
  E(jalr,   jit_emit_jalr(w, s)) \
  E(mark,   emit_mark(w, s)) \
  E(fence,  (void)0) \
  E(syscall, emit_system(w, s, THUNK_SYSCALL)) \
  E(hcall,  emit_system(w, s, THUNK_HCALL)) \
  E(break,  emit_system(w, s, THUNK_BREAK)) \
  E(mfst,   emit_mfst(w, s)) \
  E(mtst,   emit_system(w, s, THUNK_MTST)) \
  E(rfe,    emit_system(w, s, THUNK_RFE)) \
  E(tlbw,   emit_helper(w, s, THUNK_TLBW)) \
  E(tlbi,   emit_helper(w, s, THUNK_TLBI))
/* clang-format on */

bool jit_can_emit(enum pg32_id id) {
#define CAN_EMIT(name, emit) [PG32_##name] = true,
  static const bool can[PG32_INSNS + 1] = {EMITTERS(CAN_EMIT)};
  return can[id];
}

/* ---- steps ---- */

/* Facts about rd after an instruction that has not noted its constant result itself. */
static void propagate_facts(struct writer *w, const struct pg32_insn *i) {
  const uint32_t low = alignment(w, i->rs1), low2 = alignment(w, i->rs2);
  if (i->id == PG32_lui || i->id == PG32_auipc || i->id == PG32_jal || i->id == PG32_jalr) return;
  forget_facts(w, i->rd);
  if (i->rd == 0) return;
  if (i->id == PG32_addi)
    w->aligned[i->rd] = low & ~(uint32_t)i->imm & (i->imm & 1 ? 0 : 3);
  else if (i->id == PG32_slli)
    w->aligned[i->rd] = i->imm >= 2 ? 3 : i->imm == 1 ? 1 : low;
  else if (i->id == PG32_add || i->id == PG32_sub)
    w->aligned[i->rd] = low & low2;
  else if (i->id == PG32_andi)
    w->aligned[i->rd] = i->imm & 1 ? 0 : i->imm & 2 ? 1 : 3;
}

static void emit_step(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const enum pg32_shape shape = pg32_row(i->id)->shape;
  const bool no_effect = i->rd == 0 && jit_regs_writes_rd(shape) && shape != PG32_SHAPE_LOAD;
  jit_regs_allocate(w, step_index(w, s), 1);
  if (i->id == PG32_addi && is_known(w, i->rs1)) {
    set_constant(w, i->rd, value_of(w, i->rs1) + (uint32_t)i->imm);
  } else if (!no_effect) {
    switch (i->id) {
#define EMIT(name, emit) \
  case PG32_##name: emit; break;
      EMITTERS(EMIT)
    default: break;
    }
    if (jit_regs_writes_rd(shape)) propagate_facts(w, i);
  }
  jit_regs_set_dirty(w, i);
}

/* ---- the block ---- */

/* Pads with NOPs to a cache line of the host. A loop that is short enough is then in one line, and costs the
 * host one prediction of a fetch an iteration. */
static void emit_padding(struct writer *w) { host_padding(w->e, -code_offset(w->e) % JIT_CACHE_LINE); }

/* A side trace first charges for what was executed before its side exit. Returns the fixup of a jump that is
 * taken if the budget is spent; NULL if the trace is no side trace. */
static uint8_t *begin_side_trace(struct writer *w) {
  if (!w->trace->parent) return NULL;
  host_charge(w->e, w->trace->parent->uncharged);
  return host_jump_if(w->e, COND_SPENT);
}

static void emit_side_trace_spent(struct writer *w, uint8_t *spent) {
  const struct jit_link *parent = w->trace->parent;
  if (!parent) return;
  bind_here(w->e, spent);
  jit_regs_assume(w, &parent->map);
  jit_regs_to_canonical(w);
  jit_emit_link_request(w, (uint32_t)(parent - w->j->links));
}

static void emit_cold_code(struct writer *w, uint8_t *spent) {
  for (uint32_t i = w->slow_paths; i-- > 0;) jit_emit_slow_path(w, &w->slow_path[i]);
  for (uint32_t i = 0; i < w->side_exits; i++) jit_emit_side_exit(w, &w->side_exit[i]);
  emit_side_trace_spent(w, spent);
}

/* Not by an initializer: the arrays are large, and need no zeroes. */
static void init_writer(struct writer *w, struct jit *j, struct jit_trace *trace, struct encoder *e) {
  w->j = j;
  w->trace = trace;
  w->e = e;
  w->slow_paths = w->side_exits = w->charged = 0;
  w->flags_at = NULL;
  memset(w->group, 0, sizeof w->group);
  memset(w->known, 0, sizeof w->known);
  memset(w->aligned, 0, sizeof w->aligned);
}

void jit_emit_block(struct jit *j, struct jit_trace *trace) {
  struct encoder e = {.p = j->rw + j->at, .base = j->rw};
  struct writer w;
  init_writer(&w, j, trace, &e);
  uint8_t *spent = begin_side_trace(&w);
  jit_regs_begin(&w);
  if (trace->end == JIT_END_LOOP) emit_padding(&w);
  trace->loop_head = code_offset(&e);
  for (uint32_t i = 0, n; i < trace->n; i += n ? n : 1)
    if (!(n = jit_emit_idiom(&w, i))) emit_step(&w, &trace->step[i]);
  if (trace->end == JIT_END_LOOP || trace->end == JIT_END_ENTER_LOOP) jit_emit_to_loop_head(&w);
  if (trace->end == JIT_END_LINK) jit_emit_exit(&w, trace->n - w.charged, trace->target);
  emit_cold_code(&w, spent);
  assert(code_offset(&e) - j->at <= (trace->n + 2) * JIT_STEP_BYTES);
  j->at = (code_offset(&e) + JIT_BLOCK_HEADER + 15) & ~15u;
}

#endif
