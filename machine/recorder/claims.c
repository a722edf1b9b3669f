/* claims.c - VMMs that translate (platform.h, MARK_CLAIM): which instruction of the guest a word of the window stands
 * for, and the state of the guest whose translation runs.
 *
 * The claims are the VMM's; the recorder believes them, and `trapeze verify fidelity` checks them, because a false one
 * makes the guest differ from the bare machine. A process that claims falsely mislabels only the VM that it runs. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { WORDS = VM_WINDOW_BYTES / 4, FAR_BACK = 600 };

struct claims {
  uint32_t used; /* no word from here on has a claim */
  struct recorder_claim word[WORDS];
};

void recorder_claims_mark(struct recorder *r, struct runner *vmm, uint32_t a, uint32_t b) {
  const uint32_t address = a & ~3u, at = (address - VM_WINDOW_START) / 4;
  if (!vmm->claims && !(vmm->claims = calloc(1, sizeof *vmm->claims))) {
    r->short_of_memory = true;
    return;
  }
  struct claims *c = vmm->claims;
  if (address < VM_WINDOW_START) {
    memset(c->word, 0, c->used * sizeof c->word[0]);
    c->used = 0;
    return;
  }
  struct recorder_claim *w = &c->word[at];
  if (at >= c->used) c->used = at + 1;
  switch (a & 3) {
  case CLAIM_BEGINS: *w = (struct recorder_claim){.begins = true, .pc = b}; break;
  case CLAIM_WORD: w->word = b; break;
  case CLAIM_BETWEEN:
    *w = (struct recorder_claim){.inside = b & CLAIM_INSIDE, .between = !(b & CLAIM_INSIDE), .pc = b & ~3u};
    break;
  case CLAIM_DONE: w->done = true, w->done_pc = b;
  }
}

struct claims *recorder_claims_copy(const struct claims *c) {
  struct claims *copy = calloc(1, sizeof *copy);
  if (!copy) return NULL;
  copy->used = c->used;
  memcpy(copy->word, c->word, c->used * sizeof c->word[0]);
  return copy;
}

size_t recorder_claims_bytes(const struct claims *c) { return c ? sizeof *c : 0; }

/* The VMM of n, or the process that is about to become so. NULL: none is known. */
static const struct claims *claims_of(const struct recorder *r, const struct node *n) {
  const uint32_t vmm = n->vmm != NO_LANE ? n->vmm : n->parent->caller;
  return vmm != NO_LANE ? runner(r, vmm)->claims : NULL;
}

bool recorder_claims_any(const struct recorder *r, const struct node *n) { return claims_of(r, n) != NULL; }

/* Of the word at `pc`. A word without a claim belongs to the instruction that begins before it. */
static struct recorder_claim claim_at(const struct claims *c, uint32_t pc) {
  const uint32_t at = (pc - VM_WINDOW_START) / 4;
  if (!c || at >= c->used) return (struct recorder_claim){0};
  struct recorder_claim claim = c->word[at];
  for (uint32_t i = 0; i < FAR_BACK && i <= at; i++) {
    const struct recorder_claim *w = &c->word[at - i];
    if (!w->begins && !w->between && !w->inside) continue;
    if (i == 0 || w->between) break;
    claim.inside = true, claim.pc = w->pc, claim.word = w->word;
    break;
  }
  return claim;
}

/* ---- the guest's state ---- */

/* The page with the guest's STATUS and some of its registers; NULL while it is not known. */
static const uint8_t *data_page(const struct recorder *r, const struct node *n) {
  return n->data_known ? machine_ram(r->m, n->data_page, PAGE_SIZE) : NULL;
}

static void take_data(const struct recorder *r, struct node *n, struct recorder_guest *g) {
  const uint8_t *data = data_page(r, n);
  if (data) memcpy(&n->data_status, data + CLAIM_STATUS, 4);
  for (unsigned i = 1; i < 32; i++) {
    if (!(CLAIM_OURS >> i & 1)) continue;
    if (data) memcpy(&n->ours[i], data + CLAIM_REGISTER(i), 4);
    g->x[i] = n->ours[i];
  }
  g->status = n->data_status;
}

/* In the hash, or at the miss behind it: x4 has where the guest jumps, x31 the word behind the one that came here. */
static struct recorder_claim claim_of_jump(const struct claims *c, const uint32_t *x) {
  const uint32_t to = x[4];
  if (to & 2) return claim_at(c, x[31] - 4);
  return (struct recorder_claim){.between = true, .pc = to, .done = true, .done_pc = to};
}

/* In a routine, which belongs to the instruction that has called it. */
static struct recorder_claim claim_of_routine(const struct claims *c, const uint32_t *x) {
  struct recorder_claim claim = claim_at(c, x[30] - 4);
  claim.begins = claim.done = false;
  claim.inside = true;
  return claim;
}

void recorder_claims_look_through(const struct recorder *r, struct node *n, struct recorder_guest *g) {
  g->translated = n->translated && g->pc >= VM_WINDOW_START;
  if (!g->translated) {
    for (unsigned i = 1; i < 32; i++)
      if (CLAIM_OURS >> i & 1) n->ours[i] = g->x[i];
    return;
  }
  const struct claims *c = claims_of(r, n);
  g->jumped = g->x[4];
  g->claim = g->pc < CLAIM_ROUTINES ? claim_at(c, g->pc)
             : g->pc < CLAIM_JUMPED ? claim_of_routine(c, g->x)
                                    : claim_of_jump(c, g->x);
  take_data(r, n, g);
  g->pc = g->claim.pc;
}

static void look_from_outside(const struct recorder *r, struct node *n, struct recorder_guest *g) {
  if (!n->parent) return;
  look_from_outside(r, n->parent, g);
  recorder_claims_look_through(r, n, g);
}

/* The VM at that depth that runs now; NULL: none. */
static struct node *running(const struct recorder *r, uint32_t depth) {
  struct node *n = runner(r, r->current)->node;
  while (n->depth > depth) n = n->parent;
  return n->depth == depth && depth > 0 ? n : NULL;
}

bool recorder_guest(const struct recorder *r, uint32_t depth, struct recorder_guest *g) {
  struct node *n = running(r, depth);
  if (n) look_from_outside(r, n, g);
  return n;
}

struct recorder_claim recorder_claim(const struct recorder *r, uint32_t depth, uint32_t address) {
  const struct node *n = running(r, depth);
  if (!n || address < VM_WINDOW_START) return (struct recorder_claim){0};
  return claim_at(claims_of(r, n), address);
}

void recorder_claims_learn_data(struct recorder *r, struct node *n, uint32_t real_status) {
  uint32_t pa;
  if (!n->translated || n->data_known) return;
  n->data_status = n->vmm_status;
  for (const struct node *around = n->parent; around; around = around->parent)
    if (around->translated) return; /* the window in the machine's TLB is that one's */
  if (machine_translate(r->m, 0u - PAGE_SIZE, ACCESS_LOAD, true, status_asid(real_status), &pa) != 0) return;
  n->data_page = pa;
  n->data_known = true;
}

/* ---- a trap ---- */

static bool is_interrupt(uint32_t cause) { return cause == CAUSE_TIMER || cause == CAUSE_DEVICE; }

static bool is_misaligned(const struct pg32_insn *insn) {
  static const uint8_t bytes[] = {[PG32_lb] = 1,  [PG32_lh] = 2, [PG32_lw] = 4, [PG32_lbu] = 1,
                                  [PG32_lhu] = 2, [PG32_sb] = 1, [PG32_sh] = 2, [PG32_sw] = 4};
  return (uint32_t)insn->imm & (bytes[insn->id] - 1u);
}

/* A word 0, or one that stands in the guest's instruction's place, has trapped as illegal: what the guest's
 * instruction does. */
static void trap_for_instruction(const struct recorder_guest *g, const struct pg32_insn *insn,
                                 struct machine_trap *t) {
  const bool load = insn->id >= PG32_lb && insn->id <= PG32_lhu;
  const bool store = insn->id >= PG32_sb && insn->id <= PG32_sw;
  if (insn->id == PG32_ILLEGAL) return;
  t->badva = 0;
  if (pg32_row(insn->id)->class == PG32_PRIVILEGED)
    t->cause = CAUSE_PRIVILEGED;
  else if (insn->id == PG32_jalr)
    t->cause = CAUSE_FETCH_MISALIGNED, t->badva = g->jumped;
  else if (load || store) {
    t->badva = (uint32_t)insn->imm; /* base x0 */
    t->cause = is_misaligned(insn) ? CAUSE_LOAD_MISALIGNED + store : CAUSE_LOAD_MISS + store;
  }
  t->badinst = g->claim.word;
}
_Static_assert(CAUSE_STORE_MISALIGNED == CAUSE_LOAD_MISALIGNED + 1 && CAUSE_STORE_MISS == CAUSE_LOAD_MISS + 1,
               "a store's cause follows the load's");

/* Has the translation itself trapped: at a fetch of its word, or at an access to its data? */
static bool is_of_translation(const struct machine_trap *t) {
  if (t->cause >= CAUSE_FETCH_MISS && t->cause <= CAUSE_FETCH_BUS) return true;
  return t->cause >= CAUSE_LOAD_MISS && t->badva >= CPU_L_WINDOW && pg32_decode(t->badinst).rs1 == 0;
}

void recorder_guest_trap(const struct recorder_guest *g, struct machine_trap *t) {
  const struct pg32_insn insn = pg32_decode(g->claim.word);
  const bool call = t->cause >= CAUSE_SYSCALL && t->cause <= CAUSE_BREAK;
  t->status = g->status;
  t->pc = g->pc + (call ? 4 : 0);
  if (is_interrupt(t->cause) || call) return;
  if (is_of_translation(t) || (t->cause == CAUSE_ILLEGAL && g->claim.done)) {
    if (t->cause == CAUSE_ILLEGAL) t->pc = g->claim.done_pc;
    t->cause = t->badva = t->badinst = 0;
  } else if (t->cause == CAUSE_ILLEGAL) {
    trap_for_instruction(g, &insn, t);
  } else {
    t->badinst = g->claim.word;
  }
}
