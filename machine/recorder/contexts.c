/* contexts.c - the user contexts of a VM that wait for their guest kernel: where each trapped, and which
 * returns.
 *
 * A guest kernel may serve many processes, which may wait at the same address at once. So a return belongs to
 * the context that has its PC, its mode, its translation and, if it is translated, its ASID. If several
 * contexts agree in these, for example the threads of one address space, the one whose registers agree most
 * is it; the stack pointer must agree. No mark is asked. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum {
  SP = 2,
  MOST = 4096,
  ALIKE = 28
}; /* ALIKE: of 31 registers, so many agree in one and the same context */

static uint32_t key_of(uint32_t status) {
  return status & ST_T ? status & (ST_U | ST_T | ST_ASID_MASK) : status & ST_U;
}

static unsigned agreement(const struct context *c, const uint32_t *x) {
  unsigned n = 0;
  for (unsigned i = 1; i < 32; i++) n += c->x[i] == x[i];
  return n;
}

/* The context that is resumed at pc. NULL: none that waits. */
struct context *recorder_context_at(const struct node *n, uint32_t pc, uint32_t status, const uint32_t *x) {
  struct context *best = NULL;
  unsigned most = 0;
  for (struct context *c = n->contexts; c < n->contexts + n->ncontexts; c++) {
    if (c->pc != pc || key_of(c->status) != key_of(status) || c->x[SP] != x[SP]) continue;
    const unsigned agrees = 1 + agreement(c, x);
    if (agrees > most) best = c, most = agrees;
  }
  return best;
}

/* A context that may have been resumed elsewhere than where it trapped: the last one of that address space;
 * for an untranslated one, with that stack pointer. */
struct context *recorder_context_elsewhere(const struct node *n, uint32_t status, const uint32_t *x) {
  struct context *best = NULL;
  for (struct context *c = n->contexts; c < n->contexts + n->ncontexts; c++) {
    if (key_of(c->status) != key_of(status)) continue;
    if (c->x[SP] == x[SP] || ((status & ST_T) && !best)) best = c;
  }
  return best;
}

bool recorder_context_is_alike(const struct context *c, const uint32_t *x) {
  return c->x[SP] == x[SP] && agreement(c, x) >= ALIKE;
}

void recorder_context_drop(struct node *n, struct context *c) {
  memmove(c, c + 1, (size_t)(n->contexts + --n->ncontexts - c) * sizeof *c);
}

/* A new context, at the end of the list. NULL if memory is short. */
struct context *recorder_context_add(struct recorder *r, struct node *n) {
  if (n->ncontexts == MOST) recorder_context_drop(n, n->contexts);
  if (n->ncontexts == n->context_room) {
    const uint32_t room = n->context_room ? 2 * n->context_room : 8;
    struct context *grown = realloc(n->contexts, room * sizeof *grown);
    if (!grown) {
      r->short_of_memory = true;
      return NULL;
    }
    n->contexts = grown;
    n->context_room = room;
  }
  return memset(&n->contexts[n->ncontexts++], 0, sizeof *n->contexts);
}

/* ---- a return without rfe ---- */

/* Executes an instruction that only computes, loads or jumps. False: it does something else. */
static bool follow(const struct recorder *r, uint32_t asid, uint32_t *x, uint32_t *pc) {
  const struct machine_space space = {true, asid};
  bool there;
  const uint32_t word = machine_peek_word(r->m, space, *pc, &there);
  if (!there) return false;
  const struct pg32_insn i = pg32_decode(word);
  const uint32_t a = x[i.rs1], b = x[i.rs2], imm = (uint32_t)i.imm;
  uint32_t next = *pc + 4, value = x[i.rd];
  switch (i.id) {
  case PG32_addi: value = a + imm; break;
  case PG32_ori: value = a | imm; break;
  case PG32_add: value = a + b; break;
  case PG32_lui: value = imm << 12; break;
  case PG32_lw:
    value = machine_peek_word(r->m, space, a + imm, &there);
    if (!there) return false;
    break;
  case PG32_jal: value = *pc + 4, next = *pc + imm; break;
  case PG32_jalr: value = *pc + 4, next = (a + imm) & ~1u; break;
  default: return false;
  }
  if (i.rd) x[i.rd] = value;
  *pc = next;
  return true;
}

struct context *recorder_context_ahead(const struct recorder *r, const struct node *n, uint32_t status,
                                       uint32_t *x, uint32_t *pc) {
  enum { FAR = 64 };
  for (unsigned i = 0; i < FAR; i++) {
    struct context *c = recorder_context_at(n, *pc, status, x);
    if (c) return c;
    if (!follow(r, status_asid(r->now.status), x, pc)) return NULL;
  }
  return NULL;
}
