/* callout.c - instructions that are the VMM's work, done without an exit.
 *
 * A *post* leaves the work for later: the unit writes down the guest's instruction and its two operands, and goes on.
 * The VMM does the work at the next exit, whatever that is for, before anything else (posts__do). That is right for work
 * that the guest cannot notice before then: changes of its TLB while it runs untranslated, and bytes to its console.
 * The word behind the call of a routine is never executed: it is the guest's, for the VMM.
 *
 * A load of a device register that never changes becomes a constant.
 *
 * A device's sequence begins with a test, because the instruction may have another address the next time. Then the
 * instruction itself follows, in a callout, and traps if it must. */
#include "unit.h"

/* ---- routines: in the cache's last words, one for each post that there is room for ----
 *
 * Entered with the operands in A and B, and with the address behind the caller in C. */

static uint32_t routine(uint32_t n) { return ROUTINES_START + n * ROUTINE_WORDS; }
static uint32_t room(uint32_t n) { return n < POSTS ? VM_WINDOW_START + 4 * routine(n) : 0; }

void posts__begin(struct translator *t) {
  for (uint32_t n = 0; n < POSTS; n++) {
    uint32_t *w = t->cache + routine(n), at = DATA(post) + n * sizeof(struct post);
    w[0] = word_i(PG32_OP_sw, A, 0, at + offsetof(struct post, a));
    w[1] = word_i(PG32_OP_sw, B, 0, at + offsetof(struct post, b));
    w[2] = word_i(PG32_OP_sw, C, 0, at + offsetof(struct post, from));
    w[3] = word_i(PG32_OP_lw, A, 0, at + offsetof(struct post, next));
    w[4] = word_i(PG32_OP_sw, A, 0, DATA(room));
    w[5] = word_i(PG32_OP_jalr, 0, C, 4);
    t->data->post[n].next = room(n + 1);
  }
  t->data->room = room(0);
}

/* ---- the VMM's part ---- */

/* Tells whoever records the run. */
static void mark_posted(uint32_t insn, uint32_t a, uint32_t b) {
  uint32_t hi = a & (TLB_VPN_MASK | TLB_ASID_MASK);
  if (insn_op(insn) == PG32_OP_tlbi) hi |= POSTED_TLBI, b = insn_imm(insn);
  __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_POSTED), "r"(hi), "r"(b));
}

/* Emulates an instruction as if the guest had executed it with these operands, but takes no time. The operands are
 * those of the register fields rs1 and rs2, or of a store: the address, and the stored register. */
static void emulate(struct vm *vm, uint32_t insn, uint32_t a, uint32_t b) {
  struct vm_state *s = vm->state;
  bool store = insn_op(insn) == PG32_OP_sw;
  uint32_t ra = insn_rs1(insn), rb = store ? insn_rd(insn) : insn_rs2(insn);
  uint32_t xa = s->x[ra], xb = s->x[rb], pc = s->pc, cause = s->cause, badva = s->badva, badinst = s->badinst;
  uint32_t timer = vm->timer;
  uint64_t tick = vm->tick;
  bool retired = vm->retired;
  if (!store) s->x[ra] = a;
  s->x[rb] = b;
  s->badva = a, s->badinst = insn;
  if (store) {
    device__access(vm, a, CAUSE_STORE_BUS);
  } else {
    mark_posted(insn, a, b);
    vm__emulate(vm, insn);
  }
  s->x[rb] = xb;
  s->x[ra] = xa;
  s->pc = pc, s->cause = cause, s->badva = badva, s->badinst = badinst;
  vm->timer = timer, vm->tick = tick, vm->retired = retired;
}

void posts__do(struct translator *t) {
  struct data *d = t->data;
  for (uint32_t n = 0; n < POSTS && d->room != room(n); n++)
    emulate(t->vm, t->cache[(d->post[n].from - VM_WINDOW_START) / 4], d->post[n].a, d->post[n].b);
  d->room = room(0);
  if (t->vm->state->nops) cache__forget_mapped(t);
}

/* ---- the units' part ---- */

/* Posts the instruction; its operands are in A and B. `full`: the stub for when there is no room. */
static void post(struct build *b, uint32_t insn) {
  build__emit(b, word_i(PG32_OP_jalr, C, C, 0));
  b->debt += ROUTINE_WORDS;
  build__emit(b, insn);
  b->debt--; /* it is not executed */
  build__commit(b);
}

static void move(struct build *b, uint32_t to, uint32_t r) {
  if (build__operand(b, r, to) == r) build__emit(b, word_i(PG32_OP_addi, to, r, 0));
}

static uint32_t test_room(struct build *b) {
  build__emit(b, word_i(PG32_OP_lw, C, 0, DATA(room)));
  return build__emit(b, word_i(PG32_OP_beq, 0, C, 0));
}

bool unit__post(struct build *b, uint32_t insn) {
  move(b, A, insn_rs1(insn));
  move(b, B, insn_rs2(insn));
  build__stub(b, test_room(b), 0, CAUSE_PRIVILEGED);
  post(b, insn);
  return true;
}

/* The callouts of a load and a store whose address was not the expected one, or for which there was no room. */
static void go_on_behind(struct build *b) {
  build__settle(b, 1, 1);
  build__exit(b, pc_of(b) + 4, b->key, NONE, 1);
}
static void load_itself(struct build *b) {
  uint32_t insn = b->code[b->insn], rd = insn_rd(insn), base = build__operand(b, insn_rs1(insn), A);
  build__emit(b, word_i(PG32_OP_lw, build__result(rd), base, insn_imm(insn)));
  build__result_done(b, rd);
  go_on_behind(b);
}
static void store_itself(struct build *b) {
  uint32_t insn = b->code[b->insn], base = build__operand(b, insn_rs1(insn), A);
  uint32_t value = build__operand(b, insn_rd(insn), B);
  build__emit(b, word_i(PG32_OP_sw, value, base, insn_imm(insn)));
  go_on_behind(b);
}

/* Leaves the access's address in A; if it is not va, the callout does what the guest's instruction does. */
static void test_address(struct build *b, uint32_t insn, uint32_t va, void (*otherwise)(struct build *b)) {
  uint32_t base = build__operand(b, insn_rs1(insn), A), low = (uint32_t)((int32_t)(va << 20) >> 20);
  build__emit(b, word_i(PG32_OP_addi, A, base, insn_imm(insn)));
  build__emit(b, word_u(PG32_OP_lui, C, (va + 0x800) >> 12));
  if (low) build__emit(b, word_i(PG32_OP_addi, C, C, low));
  build__callout(b, build__emit(b, word_i(PG32_OP_bne, C, A, 0)), otherwise);
}

bool unit__device_store(struct build *b, uint32_t insn, uint32_t va) {
  test_address(b, insn, va, store_itself);
  move(b, B, insn_rd(insn));
  build__callout(b, test_room(b), store_itself);
  post(b, insn);
  return true;
}

bool unit__device_load(struct build *b, uint32_t insn, uint32_t va) {
  uint32_t fact = 0;
  device__fact(b->t->vm, va - DEV_FACTS, &fact);
  test_address(b, insn, va, load_itself);
  build__constant(b, insn_rd(insn), fact);
  build__commit(b);
  return true;
}
