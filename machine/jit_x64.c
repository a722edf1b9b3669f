/* jit_x64.c - the emitter for x86-64 (System V).
 *
 * A block is its hot path, one way through; what is seldom needed lies behind it: exits of branches, and
 * accesses that the tables do not know. */
#include "jit_x64.h"

#if JIT_HOST

#ifndef JIT_BMI2 /* to try a host without: CFLAGS="-O2 -DJIT_BMI2=0" */
#define JIT_BMI2 __builtin_cpu_supports("bmi2")
#endif

/* ---- PG32 registers ---- */

static bool lives_in(const struct writer *w, unsigned g, unsigned r) { return w->home[g] && w->home[g] == r; }
static void load_guest(struct writer *w, unsigned r, unsigned g) {
  if (g == 0)
    ins(w, XOR, r, reg(r));
  else if (!lives_in(w, g, r))
    ins(w, MOV, r, guest(w, g));
}
/* Where the result for g is to be put together, */
static unsigned target_of(const struct writer *w, unsigned g) { return w->home[g] ? w->home[g] : RAX; }
/* and brought home from. */
static void store_guest(struct writer *w, unsigned g, unsigned r) {
  if (g && !lives_in(w, g, r)) ins(w, MOV_TO, r, guest(w, g));
}
/* The register that holds g, if need be after loading it into `scratch`. */
static unsigned in_register(struct writer *w, unsigned g, unsigned scratch) {
  if (w->home[g]) return w->home[g];
  load_guest(w, scratch, g);
  return scratch;
}

static void forget_guest(struct writer *w, unsigned g) {
  w->known[g] = false;
  w->aligned[g] = 0;
}
static void learn(struct writer *w, unsigned g, uint32_t value) {
  if (g == 0) return;
  w->known[g] = true;
  w->value[g] = value;
  w->aligned[g] = ~value & (value - 1) & 3;
}
static bool is_known(const struct writer *w, unsigned g) { return g == 0 || w->known[g]; }
static uint32_t value_of(const struct writer *w, unsigned g) { return g ? w->value[g] : 0; }
static uint32_t alignment(const struct writer *w, unsigned g) { return g ? w->aligned[g] : 3; }

static void set_known(struct writer *w, unsigned g, uint32_t value) {
  if (g == 0) return;
  if (w->home[g]) {
    move_imm(w, w->home[g], value);
  } else {
    ins(w, 0xC7, 0, guest(w, g));
    word(w, value);
  }
  learn(w, g, value);
}

/* ---- arithmetic ---- */

static void copy_guest(struct writer *w, unsigned rd, unsigned rs) {
  if (rd == rs) return;
  const unsigned r = w->home[rd] ? w->home[rd] : in_register(w, rs, RAX);
  if (w->home[rd]) load_guest(w, r, rs);
  store_guest(w, rd, r);
}

/* The host's flags are those of the result in r, until something more is written. */
static void flags_tell_of(struct writer *w, unsigned r) {
  w->flags_of = r;
  w->flags_at = w->p;
}

static void emit_alu(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2, bool commutes) {
  const unsigned r = target_of(w, rd);
  if (op != AND && rs2 == 0) return copy_guest(w, rd, rs1);
  if (commutes && (rs1 == 0 || (rd == rs2 && rd != rs1))) {
    const unsigned swap = rs1;
    rs1 = rs2, rs2 = swap;
    if (op != AND && rs2 == 0) return copy_guest(w, rd, rs1);
  }
  if (op == ADD && w->home[rd] && w->home[rs1] && w->home[rs2] && rd != rs1) {
    ins(w, LEA, r, indexed(w->home[rs1], w->home[rs2], 0, 0));
    return;
  }
  if (w->home[rd] && rd == rs2 && rd != rs1) { /* rd = rs1 - rd */
    ins(w, GROUP3, G3_NEG, reg(r));
    ins(w, ADD, r, guest(w, rs1));
    return;
  }
  load_guest(w, r, rs1);
  ins(w, op, r, guest(w, rs2));
  store_guest(w, rd, r);
  if (w->home[rd]) flags_tell_of(w, r);
}

static void emit_alu_imm(struct writer *w, unsigned group, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = target_of(w, rd);
  if (imm == 0 && group != G_AND) return copy_guest(w, rd, rs1);
  if (group == G_AND && imm == 0xFF) {
    ins(w, MOVZX8, r, guest(w, rs1));
  } else if (group == G_ADD && w->home[rd] && w->home[rs1] && rd != rs1) {
    ins(w, LEA, r, at(w->home[rs1], imm));
  } else if (rd == rs1) {
    ins_imm(w, group, 0, guest(w, rd), imm);
    if (w->home[rd]) flags_tell_of(w, r);
    return;
  } else {
    load_guest(w, r, rs1);
    ins_imm(w, group, 0, reg(r), imm);
    if (w->home[rd]) flags_tell_of(w, r);
  }
  store_guest(w, rd, r);
}

static void emit_shift_imm(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = target_of(w, rd);
  if (imm == 0) return copy_guest(w, rd, rs1);
  load_guest(w, r, rs1);
  ins(w, SHIFT, kind, reg(r));
  byte(w, (uint32_t)imm);
  store_guest(w, rd, r);
}

static void emit_shift(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = target_of(w, rd);
  if (w->bmi2) {
    shift_bmi2(w, kind, r, guest(w, rs1), in_register(w, rs2, RCX));
  } else {
    load_guest(w, RCX, rs2);
    load_guest(w, r, rs1);
    ins(w, SHIFT_CL, kind, reg(r));
  }
  store_guest(w, rd, r);
}

/* Compares; gives the condition that holds when `cc` holds between rs1 and rs2. */
static unsigned emit_compare(struct writer *w, unsigned cc, unsigned rs1, unsigned rs2) {
  static const uint8_t swapped[16] = {
      [CC_B] = CC_A,   [CC_AE] = CC_BE, [CC_E] = CC_E,   [CC_NE] = CC_NE, [CC_A] = CC_B,
      [CC_BE] = CC_AE, [CC_L] = CC_G,   [CC_GE] = CC_LE, [CC_G] = CC_L,   [CC_LE] = CC_GE};
  if (rs1 == 0 && rs2 != 0) return emit_compare(w, swapped[cc], rs2, rs1);
  const bool told = rs2 == 0 && w->home[rs1] && w->flags_at == w->p && w->flags_of == w->home[rs1];
  if (told && (cc == CC_E || cc == CC_NE)) return cc;
  if (told && (cc == CC_L || cc == CC_GE)) return cc == CC_L ? CC_S : CC_NS;
  if (rs2 == 0 && w->home[rs1])
    ins(w, TEST, w->home[rs1], reg(w->home[rs1]));
  else if (rs2 == 0)
    ins_imm(w, G_CMP, 0, guest(w, rs1), 0);
  else if (!w->home[rs1] && w->home[rs2])
    ins(w, CMP_TO, w->home[rs2], guest(w, rs1));
  else
    ins(w, CMP, in_register(w, rs1, RAX), guest(w, rs2));
  return cc;
}

/* Where 0 or 1 is put together: it must be zeroed before the compare. */
static unsigned set_target(const struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = target_of(w, rd);
  return lives_in(w, rs1, r) || lives_in(w, rs2, r) ? RAX : r;
}
static void emit_set(struct writer *w, unsigned rd, unsigned r, unsigned cc) {
  ins(w, 0x90 | cc | TWO | BYTE_RM, 0, reg(r));
  store_guest(w, rd, r);
}

static void emit_slt(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = set_target(w, rd, rs1, rs2);
  unsigned a = w->home[rs1];
  if (!a && rs1) load_guest(w, a = RCX, rs1);
  ins(w, XOR, r, reg(r));
  if (rs1 == 0 && rs2 != 0)
    cc = emit_compare(w, cc, rs1, rs2);
  else
    ins(w, CMP, rs1 ? a : r, guest(w, rs2));
  emit_set(w, rd, r, cc);
}

static void emit_slt_imm(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = set_target(w, rd, rs1, 0);
  ins(w, XOR, r, reg(r));
  ins_imm(w, G_CMP, 0, guest(w, rs1), imm);
  emit_set(w, rd, r, cc);
}

static void emit_mul(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = target_of(w, rd), swap = rs1;
  if (rd == rs2) rs1 = rs2, rs2 = swap;
  load_guest(w, r, rs1);
  ins(w, IMUL, r, guest(w, rs2));
  store_guest(w, rd, r);
}

/* The high word: both factors extended to 64 bits. */
static void emit_mulh(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  ins(w, signed1 ? MOVSXD : MOV, RAX, guest(w, rs1));
  ins(w, signed2 ? MOVSXD : MOV, RCX, guest(w, rs2));
  ins(w, IMUL | WIDE, RAX, reg(RCX));
  ins(w, SHIFT | WIDE, S_SHR, reg(RAX));
  byte(w, 32);
  store_guest(w, rd, RAX);
}

/* By 0, and by -1 if signed, the host would trap. */
static void emit_divide(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool is_signed,
                        bool remainder) {
  const unsigned result = remainder ? RDX : RAX;
  uint8_t *minus_one = NULL, *out[2] = {NULL, NULL};
  ins(w, MOV, RAX, guest(w, rs1));
  ins(w, MOV, RCX, guest(w, rs2));
  ins(w, TEST, RCX, reg(RCX));
  uint8_t *zero = jump_if(w, CC_E);
  if (is_signed) {
    ins_imm(w, G_CMP, 0, reg(RCX), -1);
    minus_one = jump_if(w, CC_E);
    byte(w, 0x99); /* cdq */
  } else {
    ins(w, XOR, RDX, reg(RDX));
  }
  ins(w, GROUP3, is_signed ? G3_IDIV : G3_DIV, reg(RCX));
  out[0] = jump(w);
  aim(zero, w->p);
  ins(w, MOV, RDX, reg(RAX));
  move_imm(w, RAX, UINT32_MAX);
  if (is_signed) {
    out[1] = jump(w);
    aim(minus_one, w->p);
    ins(w, GROUP3, G3_NEG, reg(RAX));
    ins(w, XOR, RDX, reg(RDX));
  }
  aim(out[0], w->p);
  aim(out[1], w->p);
  store_guest(w, rd, result);
}

/* ---- what lies behind the block ---- */

static struct aside *new_aside(struct writer *w, const struct jit_step *s, uint32_t thunk) {
  struct aside *a = &w->aside[w->asides++];
  *a = (struct aside){.step = s, .done = (uint32_t)(s - w->trace->step), .places = w->now, .thunk = thunk};
  return a;
}

static void call_thunk(struct writer *w, uint32_t thunk) {
  byte(w, 0xE8);
  word(w, 0);
  aim(w->p, w->j->rw + w->j->thunk[thunk]);
}

/* rs1 + imm in rax. */
static void emit_address(struct writer *w, const struct aside *a) {
  const struct pg32_insn *i = &a->step->insn;
  if (a->constant) {
    move_imm(w, RAX, a->address);
  } else if (w->home[i->rs1]) {
    ins(w, LEA, RAX, at(w->home[i->rs1], i->imm));
  } else {
    load_guest(w, RAX, i->rs1);
    if (i->imm) ins_imm(w, G_ADD, 0, reg(RAX), i->imm);
  }
}

static bool takes_rs2(enum pg32_id id) {
  const enum pg32_shape shape = pg32_row(id)->shape;
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_MARK || shape == PG32_SHAPE_RST;
}

static void emit_what(struct writer *w, const struct jit_step *s, uint32_t done) {
  const struct pg32_insn *i = &s->insn;
  move_imm(w, RDX, s->pc);
  move_imm(w, RCX, JIT_WHAT(done, i->id, takes_rs2(i->id) ? i->rs2 : i->rd ? i->rd : X_SINK, i->rs1));
}

/* What an unlinked jump comes to: registers go where they are between blocks, then it is said who came. */
static void emit_stub(struct writer *w, uint32_t link) {
  w->j->links[link].stub = offset(w);
  places_leave(w);
  move_imm(w, RCX, link);
  jump_to_thunk(w, THUNK_FOLLOW);
}

/* Goes on at `target`, `done` instructions being done. Gives the link. */
static uint32_t emit_go(struct writer *w, uint32_t done, uint32_t target) {
  const uint32_t vpage = target & PAGE_MASK, id = jit_link_new(w->j, target);
  struct jit_link *link = &w->j->links[id];
  uint8_t *spent = NULL, *go;
  places_leave(w);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)done);
  if (vpage != w->trace->page->vpage) {
    const uint32_t entry = (TABLE_FETCH * TABLE_ENTRIES + (vpage >> PAGE_SHIFT)) * sizeof(uint64_t);
    spent = jump_if(w, CC_S);
    ins(w, 0x81, G_CMP, at(TABLE, (int32_t)entry));
    link->page = offset(w);
    word(w, 0);
    go = jump_if(w, CC_E);
  } else {
    go = jump_if(w, CC_NS);
  }
  link->site = offset(w) - 4;
  aim(go, w->p);
  aim(spent, w->p);
  emit_stub(w, id);
  return id;
}

static struct rm site_field(const struct writer *w, uint32_t site, size_t offset_in_site) {
  const uint8_t *field = (const uint8_t *)&w->j->sites[site] + offset_in_site;
  return (struct rm){.memory = true, .code = true, .disp = (int32_t)(field - w->j->rx)};
}

/* A site's addend was wrong: it gets the table's if that has one, and the patience to be wrong once more. */
static void emit_wrong(struct writer *w, struct aside *a) {
  aim(a->wrong, w->p);
  ins(w, MOV | WIDE, RDX, indexed(TABLE, RCX, 3, TABLE_LOAD * TABLE_ENTRIES * sizeof(uint64_t)));
  ins(w, TEST | WIDE, RDX, reg(RDX));
  a->from[1] = jump_if(w, CC_E);
  ins(w, GROUP5, G5_DEC, site_field(w, a->site, offsetof(struct jit_site, patience)));
  uint8_t *out_of_patience = jump_if(w, CC_S);
  ins(w, MOV_TO | WIDE, RDX, site_field(w, a->site, offsetof(struct jit_site, addend)));
  aim(jump(w), a->right);
  aim(out_of_patience, w->p);
  ins(w, 0xC7, 0, field(offsetof(struct machine, wavered)));
  word(w, a->site);
}

/* The group's first access is done alone; that it is, is counted. */
static void emit_group_failed(struct writer *w, const struct aside *a) {
  ins(w, GROUP5, G5_DEC, site_field(w, a->group_site, offsetof(struct jit_site, patience)));
  uint8_t *patient = jump_if(w, CC_NS);
  ins(w, 0xC7, 0, field(offsetof(struct machine, wavered)));
  word(w, a->group_site);
  aim(patient, w->p);
}

static void emit_aside(struct writer *w, struct aside *a) {
  const bool access = a->thunk == THUNK_ACCESS;
  if (a->site) emit_wrong(w, a);
  for (int k = 0; k < 3; k++) aim(a->from[k], w->p);
  if (a->group_site) emit_group_failed(w, a);
  places_recall(w, &a->places);
  if (access) emit_address(w, a);
  if (a->thunk == THUNK_MTST) load_guest(w, RAX, a->step->insn.rs1);
  if (!access && a->back) move_imm(w, RAX, (uint32_t)a->step->insn.imm);
  places_leave(w);
  emit_what(w, a->step, a->back ? a->done : 0);
  if (!a->back && a->done) ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)a->done);
  if (!a->back) return jump_to_thunk(w, a->thunk);
  call_thunk(w, a->thunk);
  if (a->group_site) { /* not into the rest of the group */
    emit_go(w, a->done + 1, a->step->pc + 4);
    return;
  }
  places_come_back(w, &a->places);
  aim(jump(w), a->back);
}

static void emit_out(struct writer *w, const struct way_out *o) {
  const uint32_t out = offset(w);
  aim(o->from, w->p);
  places_recall(w, &o->places);
  struct jit_link *link = &w->j->links[emit_go(w, o->done, o->target)];
  if (!w->trace->depth || (o->target & PAGE_MASK) != w->trace->page->vpage) return;
  link->depth = w->trace->depth;
  link->done = (uint8_t)o->done;
  link->branch = (uint32_t)(o->from - w->j->rw) - 4;
  link->out = out;
  link->places = places_without_groups(&o->places);
}

/* Goes on at the head of a loop, the trace's own or another's. */
static void emit_loop(struct writer *w) {
  struct jit_trace *t = w->trace;
  const uint32_t id = jit_link_new(w->j, t->target);
  struct jit_link *link = &w->j->links[id];
  places_go_round(w);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)t->n);
  uint8_t *go = jump_if(w, CC_NS);
  if (t->end == JIT_LOOP) {
    aim(go, w->j->rw + t->head);
  } else {
    aim(go, w->p);
    link->site = offset(w) - 4;
    link->inner = true;
    link->places = t->places;
    t->enter = id;
  }
  emit_stub(w, id);
}

/* A tail's beginning pays for what was done before the side exit. */
static uint8_t *emit_tail_begins(struct writer *w) {
  if (!w->trace->tail_of) return NULL;
  ins_imm(w, G_SUB, WIDE, reg(LEFT), w->trace->tail_of->done);
  return jump_if(w, CC_S);
}

static void emit_tail_spent(struct writer *w, uint8_t *spent) {
  const struct jit_link *link = w->trace->tail_of;
  if (!link) return;
  aim(spent, w->p);
  places_recall(w, &link->places);
  places_leave(w);
  move_imm(w, RCX, (uint32_t)(link - w->j->links));
  jump_to_thunk(w, THUNK_FOLLOW);
}

void jit_patch(struct jit *j, uint32_t site, uint32_t to) {
  const uint32_t distance = to - (site + 4);
  memcpy(j->rw + site, &distance, sizeof distance);
}

void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  const uint32_t id = (uint32_t)(uintptr_t)page;
  memcpy(j->rw + at, &id, sizeof id);
}

/* ---- loads and stores ---- */

static uint32_t size_mask(enum pg32_id id) {
  return id == PG32_lw || id == PG32_sw ? 3 : id == PG32_lh || id == PG32_lhu || id == PG32_sh ? 1 : 0;
}

/* The number of the page of the address in register va, in rcx. */
static void emit_page_number(struct writer *w, unsigned va) {
  if (w->bmi2) return shift_bmi2(w, S_SHR, RCX, reg(va), RBP);
  ins(w, MOV, RCX, reg(va));
  ins(w, SHIFT, S_SHR, reg(RCX));
  byte(w, PAGE_SHIFT);
}

/* Addresses in sp are known long before they are needed. */
static bool worth_a_site(const struct writer *w, const struct jit_step *s) {
  return s->insn.rs1 != SP && jit_foretells(w->trace->page, s->pc);
}

/* With the number of the page in rcx: what its entry should be in rdx, found to be so or else put right
 * behind the block. */
static void emit_foretold(struct writer *w, struct aside *a) {
  a->site = jit_site_new(w->j);
  ins(w, MOV | WIDE, RDX, site_field(w, a->site, offsetof(struct jit_site, addend)));
  ins(w, CMP | WIDE, RDX, indexed(TABLE, RCX, 3, TABLE_LOAD * TABLE_ENTRIES * sizeof(uint64_t)));
  a->wrong = jump_if(w, CC_NE);
  a->right = w->p;
}

/* Looks the page up: afterwards guest memory is at the result. The ways to the aside are noted in it. */
static struct rm emit_look_up(struct writer *w, struct aside *a, uint32_t kind) {
  const struct pg32_insn *i = &a->step->insn;
  const uint32_t mask = size_mask(i->id);
  const int32_t table = (int32_t)(kind * TABLE_ENTRIES * sizeof(uint64_t));
  unsigned va = RAX;
  if (is_known(w, i->rs1)) {
    a->constant = true;
    a->address = value_of(w, i->rs1) + (uint32_t)i->imm;
    ins(w, MOV | WIDE, RCX, at(TABLE, table + (int32_t)(a->address >> PAGE_SHIFT) * 8));
    if (a->address & mask) a->from[0] = jump(w);
    if (a->address > INT32_MAX) move_imm(w, RAX, a->address);
  } else {
    if (i->imm == 0 && w->home[i->rs1])
      va = w->home[i->rs1];
    else
      emit_address(w, a);
    if (mask & ~(alignment(w, i->rs1) & ~(uint32_t)i->imm)) {
      ins(w, 0xF6 | BYTE_RM, 0, reg(va));
      byte(w, mask);
      a->from[0] = jump_if(w, CC_NE);
    }
    emit_page_number(w, va);
    if (i->rs1 && !(i->imm & (int32_t)mask)) w->aligned[i->rs1] |= mask;
    if (kind == TABLE_LOAD && worth_a_site(w, a->step)) {
      emit_foretold(w, a);
      return indexed(va, RDX, 0, 0);
    }
    ins(w, MOV | WIDE, RCX, indexed(TABLE, RCX, 3, table));
  }
  ins(w, TEST | WIDE, RCX, reg(RCX));
  a->from[1] = jump_if(w, CC_E);
  return a->constant && a->address <= INT32_MAX ? at(RCX, (int32_t)a->address) : indexed(va, RCX, 0, 0);
}

/* The first access of a group: the tables must turn its lowest and its highest address into the host's in the
 * same way. Then these do not wrap around, nor does anything between them lie elsewhere: it is in the page of
 * one or the other. */
static void emit_group(struct writer *w, const struct jit_step *s, const struct group *g) {
  const int32_t table = (int32_t)(g->kind * TABLE_ENTRIES * sizeof(uint64_t));
  const unsigned holder = w->home[GROUP_HOLDER + (g - w->group)];
  const uint32_t unsure = g->mask & ~alignment(w, g->base);
  struct aside *a = new_aside(w, s, THUNK_ACCESS);
  a->group_site = jit_site_new(w->j);
  if (unsure) {
    ins(w, 0xF6 | BYTE_RM, 0, guest(w, g->base));
    byte(w, unsure);
    a->from[0] = jump_if(w, CC_NE);
  }
  w->aligned[g->base] |= g->mask;
  if (w->home[g->base]) {
    ins(w, LEA, RAX, at(w->home[g->base], g->lo));
  } else {
    load_guest(w, RAX, g->base);
    ins_imm(w, G_ADD, 0, reg(RAX), g->lo);
  }
  emit_page_number(w, RAX);
  ins(w, MOV | WIDE, holder, indexed(TABLE, RCX, 3, table));
  ins(w, LEA, RCX, at(RAX, g->hi - g->lo));
  emit_page_number(w, RCX);
  ins(w, CMP | WIDE, holder, indexed(TABLE, RCX, 3, table));
  a->from[1] = jump_if(w, CC_NE);
  ins(w, TEST | WIDE, holder, reg(holder));
  a->from[2] = jump_if(w, CC_E);
  ins(w, ADD | WIDE, holder, reg(RAX));
  a->back = w->p;
}

/* Begins a group with this access if one is worth while. */
static void begin_group(struct writer *w, const struct jit_step *s, uint32_t k, uint32_t kind) {
  unsigned n = 0;
  while (n < GROUPS && w->home[GROUP_HOLDER + n] && w->group[n].last >= k) n++;
  if (n == GROUPS || is_known(w, s->insn.rs1) || !jit_foretells(w->trace->page, s->pc)) return;
  struct group g;
  if (group_find(w, k, kind, &g) && places_hold_group(w, n, k, &g)) emit_group(w, s, &w->group[n]);
}

/* Where what a load or store accesses is; *a: what is to be told the place after it, or NULL. */
static struct rm emit_access(struct writer *w, const struct jit_step *s, uint32_t kind, struct aside **a) {
  const uint32_t k = (uint32_t)(s - w->trace->step);
  if (!group_of(w, k, kind)) begin_group(w, s, k, kind);
  const struct group *g = group_of(w, k, kind);
  *a = g ? NULL : new_aside(w, s, THUNK_ACCESS);
  return g ? at(w->home[GROUP_HOLDER + (g - w->group)], s->insn.imm - g->lo) : emit_look_up(w, *a, kind);
}

static void emit_load(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct aside *a;
  const struct rm from = emit_access(w, s, TABLE_LOAD, &a);
  const unsigned rd = s->insn.rd, r = target_of(w, rd);
  ins(w, op, r, from);
  store_guest(w, rd, r);
  if (a) a->back = w->p;
}

static void emit_store(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct aside *a;
  const struct rm to = emit_access(w, s, TABLE_STORE, &a);
  ins(w, op, in_register(w, s->insn.rs2, RDX), to);
  if (a) a->back = w->p;
}

/* ---- control flow ---- */

static void emit_branch(struct writer *w, const struct jit_step *s, unsigned cc) {
  const uint32_t done = (uint32_t)(s - w->trace->step) + 1;
  const uint32_t to = s->pc + (uint32_t)s->insn.imm, on = s->pc + 4;
  cc = emit_compare(w, cc, s->insn.rs1, s->insn.rs2);
  w->out[w->outs++] = (struct way_out){jump_if(w, s->taken ? cc ^ 1 : cc), done, s->taken ? on : to, w->now};
}

static void emit_jalr(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  if (s->taken) return set_known(w, i->rd, s->pc + 4);
  struct aside *a = new_aside(w, s, THUNK_INTERPRET);
  load_guest(w, RAX, i->rs1);
  if (i->imm) ins_imm(w, G_ADD, 0, reg(RAX), i->imm);
  ins(w, 0xF6, 0, reg(RAX));
  byte(w, 3);
  a->from[0] = jump_if(w, CC_NE);
  set_known(w, i->rd, s->pc + 4);
  places_wrote(w, i);
  places_leave(w);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)a->done + 1);
  aim(jump_if(w, CC_S), w->j->rw + w->j->thunk[THUNK_INDIRECT]);
  emit_page_number(w, RAX);
  ins(w, MOV | WIDE, RCX, indexed(TABLE, RCX, 3, (int32_t)(TABLE_FETCH * TABLE_ENTRIES * sizeof(uint64_t))));
  ins(w, TEST | WIDE, RCX, reg(RCX));
  aim(jump_if(w, CC_E), w->j->rw + w->j->thunk[THUNK_INDIRECT]);
  ins(w, MOV, RDX, reg(RAX));
  ins_imm(w, G_AND, 0, reg(RDX), PAGE_SIZE - 4);
  ins(w, GROUP5, 4, indexed(RCX, RDX, 1, 0));
}

/* Told to whoever watches; nothing otherwise. */
static void emit_mark(struct writer *w, const struct jit_step *s) {
  struct aside *a = new_aside(w, s, THUNK_SERVE);
  ins(w, 0x83 | WIDE, G_CMP, field(offsetof(struct machine, observer.mark)));
  byte(w, 0);
  a->from[0] = jump_if(w, CC_NE);
  a->back = w->p;
}

/* In user mode it traps, or does not (CPU_LEAKY). */
static void emit_mfst(struct writer *w, const struct jit_step *s) {
  struct aside *a = new_aside(w, s, THUNK_SERVE);
  const unsigned rd = s->insn.rd, r = target_of(w, rd);
  ins(w, 0xF6, 0, field(offsetof(struct machine, status)));
  byte(w, ST_U);
  a->from[0] = jump_if(w, CC_NE);
  if (rd) ins(w, MOV, r, field(offsetof(struct machine, status)));
  store_guest(w, rd, r);
  if (w->home[rd]) w->now.dirty |= 1u << rd;
  forget_guest(w, rd);
  a->back = w->p;
}

/* Done by a call on the way. */
static void emit_serve(struct writer *w, const struct jit_step *s, uint32_t thunk) {
  places_leave(w);
  move_imm(w, RAX, (uint32_t)s->insn.imm);
  emit_what(w, s, (uint32_t)(s - w->trace->step));
  call_thunk(w, thunk);
}

static void emit_operate(struct writer *w, const struct jit_step *s, uint32_t thunk) {
  new_aside(w, s, thunk);
}

/* ---- the rows that have an emitter ---- */
/* clang-format off */
#define EMITTERS(E) \
  E(add,    emit_alu(w, ADD, i->rd, i->rs1, i->rs2, true)) \
  E(sub,    emit_alu(w, SUB, i->rd, i->rs1, i->rs2, false)) \
  E(xor,    emit_alu(w, XOR, i->rd, i->rs1, i->rs2, true)) \
  E(or,     emit_alu(w, OR, i->rd, i->rs1, i->rs2, true)) \
  E(and,    emit_alu(w, AND, i->rd, i->rs1, i->rs2, true)) \
  E(sll,    emit_shift(w, S_SHL, i->rd, i->rs1, i->rs2)) \
  E(srl,    emit_shift(w, S_SHR, i->rd, i->rs1, i->rs2)) \
  E(sra,    emit_shift(w, S_SAR, i->rd, i->rs1, i->rs2)) \
  E(slt,    emit_slt(w, CC_L, i->rd, i->rs1, i->rs2)) \
  E(sltu,   emit_slt(w, CC_B, i->rd, i->rs1, i->rs2)) \
  E(mul,    emit_mul(w, i->rd, i->rs1, i->rs2)) \
  E(mulh,   emit_mulh(w, i->rd, i->rs1, i->rs2, true, true)) \
  E(mulhsu, emit_mulh(w, i->rd, i->rs1, i->rs2, true, false)) \
  E(mulhu,  emit_mulh(w, i->rd, i->rs1, i->rs2, false, false)) \
  E(div,    emit_divide(w, i->rd, i->rs1, i->rs2, true, false)) \
  E(divu,   emit_divide(w, i->rd, i->rs1, i->rs2, false, false)) \
  E(rem,    emit_divide(w, i->rd, i->rs1, i->rs2, true, true)) \
  E(remu,   emit_divide(w, i->rd, i->rs1, i->rs2, false, true)) \
  E(addi,   emit_alu_imm(w, G_ADD, i->rd, i->rs1, i->imm)) \
  E(xori,   emit_alu_imm(w, G_XOR, i->rd, i->rs1, i->imm)) \
  E(ori,    emit_alu_imm(w, G_OR, i->rd, i->rs1, i->imm)) \
  E(andi,   emit_alu_imm(w, G_AND, i->rd, i->rs1, i->imm)) \
  E(slti,   emit_slt_imm(w, CC_L, i->rd, i->rs1, i->imm)) \
  E(sltiu,  emit_slt_imm(w, CC_B, i->rd, i->rs1, i->imm)) \
  E(slli,   emit_shift_imm(w, S_SHL, i->rd, i->rs1, i->imm)) \
  E(srli,   emit_shift_imm(w, S_SHR, i->rd, i->rs1, i->imm)) \
  E(srai,   emit_shift_imm(w, S_SAR, i->rd, i->rs1, i->imm)) \
  E(lui,    set_known(w, i->rd, (uint32_t)i->imm << 12)) \
  E(auipc,  set_known(w, i->rd, s->pc + ((uint32_t)i->imm << 12))) \
  E(lb,     emit_load(w, s, MOVSX8)) \
  E(lh,     emit_load(w, s, MOVSX16)) \
  E(lw,     emit_load(w, s, MOV)) \
  E(lbu,    emit_load(w, s, MOVZX8)) \
  E(lhu,    emit_load(w, s, MOVZX16)) \
  E(sb,     emit_store(w, s, MOV_TO8)) \
  E(sh,     emit_store(w, s, MOV_TO | HALF)) \
  E(sw,     emit_store(w, s, MOV_TO)) \
  E(beq,    emit_branch(w, s, CC_E)) \
  E(bne,    emit_branch(w, s, CC_NE)) \
  E(blt,    emit_branch(w, s, CC_L)) \
  E(bge,    emit_branch(w, s, CC_GE)) \
  E(bltu,   emit_branch(w, s, CC_B)) \
  E(bgeu,   emit_branch(w, s, CC_AE)) \
  E(jal,    set_known(w, i->rd, s->pc + 4)) \
  E(jalr,   emit_jalr(w, s)) \
  E(mark,   emit_mark(w, s)) \
  E(fence,  (void)0) \
  E(syscall, emit_operate(w, s, THUNK_SYSCALL)) \
  E(hcall,  emit_operate(w, s, THUNK_HCALL)) \
  E(break,  emit_operate(w, s, THUNK_BREAK)) \
  E(mfst,   emit_mfst(w, s)) \
  E(mtst,   emit_operate(w, s, THUNK_MTST)) \
  E(rfe,    emit_operate(w, s, THUNK_RFE)) \
  E(tlbw,   emit_serve(w, s, THUNK_TLBW)) \
  E(tlbi,   emit_serve(w, s, THUNK_TLBI))
/* clang-format on */

bool jit_can_emit(enum pg32_id id) {
#define CAN_EMIT(name, emit) [PG32_##name] = true,
  static const bool can[PG32_INSNS + 1] = {EMITTERS(CAN_EMIT)};
  return can[id];
}

/* What is known of rd afterwards, where that is more than nothing. */
static void follow_values(struct writer *w, const struct pg32_insn *i) {
  const uint32_t low = alignment(w, i->rs1), low2 = alignment(w, i->rs2);
  if (i->id == PG32_lui || i->id == PG32_auipc || i->id == PG32_jal || i->id == PG32_jalr) return;
  forget_guest(w, i->rd);
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
  const bool idle = i->rd == 0 && places_writes(shape) && shape != PG32_SHAPE_LOAD;
  places_for(w, (uint32_t)(s - w->trace->step));
  if (i->id == PG32_addi && is_known(w, i->rs1)) {
    set_known(w, i->rd, value_of(w, i->rs1) + (uint32_t)i->imm);
  } else if (!idle) {
    switch (i->id) {
#define EMIT(name, emit) \
  case PG32_##name: emit; break;
      EMITTERS(EMIT)
    default: break;
    }
    if (places_writes(shape)) follow_values(w, i);
  }
  places_wrote(w, i);
}

void jit_emit(struct jit *j, struct jit_trace *trace) {
  struct writer w;
  w.j = j;
  w.trace = trace;
  w.p = j->rw + j->at;
  w.bmi2 = JIT_BMI2;
  w.asides = w.outs = 0;
  w.flags_at = NULL;
  memset(w.group, 0, sizeof w.group);
  memset(w.known, 0, sizeof w.known);
  memset(w.aligned, 0, sizeof w.aligned);
  uint8_t *spent = emit_tail_begins(&w);
  places_begin(&w);
  trace->head = offset(&w);
  for (uint32_t i = 0; i < trace->n; i++) emit_step(&w, &trace->step[i]);
  if (trace->end == JIT_LOOP || trace->end == JIT_ENTER) emit_loop(&w);
  if (trace->end == JIT_GO_ON) emit_go(&w, trace->n, trace->target);
  for (uint32_t i = w.asides; i-- > 0;) emit_aside(&w, &w.aside[i]);
  for (uint32_t i = 0; i < w.outs; i++) emit_out(&w, &w.out[i]);
  emit_tail_spent(&w, spent);
  j->at = (offset(&w) + 15) & ~15u;
}

#else /* jit_new refuses, so that none of these is ever called */

bool jit_can_emit(enum pg32_id id) { return (void)id, false; }
void jit_emit(struct jit *j, struct jit_trace *trace) { (void)j, (void)trace; }
void jit_patch(struct jit *j, uint32_t site, uint32_t to) { (void)j, (void)site, (void)to; }
void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  (void)j, (void)at, (void)page;
}

#endif
