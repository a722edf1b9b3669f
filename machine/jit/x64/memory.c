/* memory.c - loads and stores: the look-up in the tables, guesses of what it gives, groups that do
 * without.
 *
 * An access is a host instruction on the address that its page's entry leads to. Whatever has no entry, is
 * misaligned or not RAM is C's, behind the block. */
#include "writer.h"

#if JIT_HOST

void emit_address(struct writer *w, const struct aside *a) {
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

/* A site's addend was wrong: it gets the table's if that has one, and the patience to be wrong once more. */
void emit_wrong(struct writer *w, struct aside *a) {
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
void emit_group_failed(struct writer *w, const struct aside *a) {
  ins(w, GROUP5, G5_DEC, site_field(w, a->group_site, offsetof(struct jit_site, patience)));
  uint8_t *patient = jump_if(w, CC_NS);
  ins(w, 0xC7, 0, field(offsetof(struct machine, wavered)));
  word(w, a->group_site);
  aim(patient, w->p);
}

static uint32_t size_mask(enum pg32_id id) {
  return id == PG32_lw || id == PG32_sw ? 3 : id == PG32_lh || id == PG32_lhu || id == PG32_sh ? 1 : 0;
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

void emit_load(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct aside *a;
  const struct rm from = emit_access(w, s, TABLE_LOAD, &a);
  const unsigned rd = s->insn.rd, r = target_of(w, rd);
  ins(w, op, r, from);
  store_guest(w, rd, r);
  if (a) a->back = w->p;
}

void emit_store(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct aside *a;
  const struct rm to = emit_access(w, s, TABLE_STORE, &a);
  ins(w, op, in_register(w, s->insn.rs2, RDX), to);
  if (a) a->back = w->p;
}

#endif
