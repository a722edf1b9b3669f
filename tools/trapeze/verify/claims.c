/* claims.c - what a VMM that translates claims of its words. */
#include "claims.h"

#include <string.h>

#include "isa/pg32.h"

#define DATA_PAGE (0u - PAGE_SIZE)

void claims_mark(struct claims *c, uint32_t a, uint32_t b) {
  uint32_t address = a & ~3u;
  if (address < VM_WINDOW_START) {
    memset(c->word, 0, sizeof c->word);
    return;
  }
  struct word_claim *w = &c->word[(address - VM_WINDOW_START) / 4];
  c->any = true;
  switch (a & 3) {
  case CLAIM_BEGINS: *w = (struct word_claim){.begins = true, .pc = b}; break;
  case CLAIM_WORD: w->word = b; break;
  case CLAIM_BETWEEN: *w = (struct word_claim){.between = true, .pc = b}; break;
  case CLAIM_DONE: w->done = true, w->done_pc = b;
  }
}

void claims_tlbw(struct claims *c, uint32_t hi, uint32_t lo) {
  if ((hi & TLB_VPN_MASK) == DATA_PAGE) c->frame[hi & TLB_ASID_MASK] = lo & TLB_PFN_MASK;
}

bool claims_cover(const struct claims *c, uint32_t pc) { return c->any && pc >= VM_WINDOW_START; }

struct word_claim claims_at(struct claims *c, const struct machine *m, struct machine_regs *r) {
  uint32_t jumped = r->x[4], frame = c->frame[status_asid(r->status)];
  const uint8_t *data = frame ? machine_ram(m, frame, PAGE_SIZE) : NULL;
  if (data) memcpy(&c->status, data + CLAIM_STATUS, 4);
  for (unsigned i = 1; i < 32; i++) {
    if (!(CLAIM_OURS >> i & 1)) continue;
    if (data) memcpy(&c->x[i], data + CLAIM_REGISTER(i), 4);
    r->x[i] = c->x[i];
  }
  r->status = c->status;
  if (r->pc < CLAIM_JUMPED) return c->word[(r->pc - VM_WINDOW_START) / 4];
  if (jumped & 2) return (struct word_claim){0};
  return (struct word_claim){.between = true, .pc = jumped, .done = true, .done_pc = jumped};
}

void claims_trap(struct machine_trap *t, const struct machine_regs *real, uint32_t word) {
  struct pg32_insn insn = pg32_decode(word);
  t->badinst = word;
  if (t->cause != CAUSE_ILLEGAL) return;
  if (insn.id == PG32_ILLEGAL) return;
  bool privileged = pg32_row(insn.id)->class == PG32_PRIVILEGED;
  bool load = insn.id >= PG32_lb && insn.id <= PG32_lhu;
  t->cause = privileged             ? CAUSE_PRIVILEGED
             : insn.id == PG32_jalr ? CAUSE_FETCH_MISALIGNED
             : load                 ? CAUSE_LOAD_MISS
                                    : CAUSE_STORE_MISS;
  if (insn.id == PG32_jalr) t->badva = real->x[4];
  if (t->cause >= CAUSE_LOAD_MISS) t->badva = (uint32_t)insn.imm;
}
