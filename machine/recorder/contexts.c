/* contexts.c - the user contexts of a VM that wait for their guest kernel: where each trapped, and which
 * returns.
 *
 * A guest kernel may serve many processes, which may wait at the same address at once. So a return belongs to
 * the context that has its PC, its mode, its translation, its stack pointer and, if it is translated, its
 * ASID. If several contexts agree in these, for example those of an upcall and of what the upcall
 * interrupted, the one whose registers agree most is it. No mark is asked.
 *
 * A kernel with more processes than ASIDs takes an ASID away from one of them: the kernel invalidates the
 * ASID's entries, and another process runs in it. From the invalidation on, the ASID no longer shows whose
 * context a context is, so its registers must show it. A context whose ASID has been taken may return in
 * another one. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { SP = 2 };
#define SAVED_REGISTERS 0x0FFC031Au /* ra, gp, tp, s0 .. s11 */
enum { MOST = 512, ALIKE = 28 };    /* ALIKE: of 31 registers, so many agree in one and the same context */
enum { SAVED = 15 }; /* registers that a call preserves, but for SP: they are the best evidence */

static bool same_mode(uint32_t a, uint32_t b) { return !((a ^ b) & (ST_U | ST_T)); }

static bool same_asid(uint32_t a, uint32_t b) { return !(a & ST_T) || status_asid(a) == status_asid(b); }

static bool is_saved(unsigned i) { return SAVED_REGISTERS >> i & 1; }

struct agreement {
  unsigned saved, all;
};

static struct agreement agreement(const struct context *c, const uint32_t *x) {
  struct agreement a = {0, 0};
  for (unsigned i = 1; i < 32; i++) {
    const bool same = c->x[i] == x[i];
    a.all += same;
    a.saved += same && is_saved(i);
  }
  return a;
}

/* Is the context's address space certainly still the one of its ASID? */
static bool is_kept(const struct context *c, uint32_t status) {
  return c->space == SPACE_KEPT && same_asid(c->status, status);
}

static bool is_here(const struct context *c, uint32_t pc, uint32_t status, const uint32_t *x) {
  return c->pc == pc && c->x[SP] == x[SP] && same_mode(c->status, status);
}

/* May the context go on with that STATUS, and is it likely enough that it does? */
static bool may_go_on(const struct context *c, uint32_t status, struct agreement a) {
  if (is_kept(c, status)) return true;
  if (c->space == SPACE_KEPT || (c->space == SPACE_INVALIDATED && !same_asid(c->status, status)))
    return false;
  return a.saved == SAVED || a.all >= ALIKE;
}

/* The best of some contexts at one place. */
struct best {
  struct context *c;
  struct agreement agrees;
  bool tie; /* another one is as good */
};

static void consider(struct best *b, struct context *c, const uint32_t *x) {
  const struct agreement a = agreement(c, x);
  const bool same = b->c && a.saved == b->agrees.saved && a.all == b->agrees.all;
  if (!b->c || a.saved > b->agrees.saved || (a.saved == b->agrees.saved && a.all > b->agrees.all))
    *b = (struct best){c, a, false};
  b->tie |= same;
}

/* As recorder_context_at, when it is not one context only that waits there, and certainly still there.
 * From the newest on: of two that are alike in one address space, it is the newer one. */
static struct context *best_at(const struct node *n, uint32_t pc, uint32_t status, const uint32_t *x) {
  struct best kept = {0}, other = {0};
  for (size_t i = n->ncontexts; i-- > 0;) {
    struct context *c = &n->contexts[i];
    if (is_here(c, pc, status, x)) consider(is_kept(c, status) ? &kept : &other, c, x);
  }
  const bool may = other.c && !other.tie && may_go_on(other.c, status, other.agrees);
  return may && (!kept.c || other.agrees.saved > kept.agrees.saved) ? other.c : kept.c;
}

/* The context that is resumed at pc. NULL: none that waits, or it cannot be told which. */
struct context *recorder_context_at(const struct node *n, uint32_t pc, uint32_t status, const uint32_t *x) {
  struct context *here = NULL;
  for (size_t i = 0; i < n->ncontexts; i++) {
    struct context *c = &n->contexts[i];
    if (!is_here(c, pc, status, x)) continue;
    if (here || !is_kept(c, status)) return best_at(n, pc, status, x);
    here = c;
  }
  return here;
}

/* A context whose address space runs on elsewhere than where it trapped: the last one of that address space,
 * if possible one with that stack pointer; for an untranslated one, only such a one. */
struct context *recorder_context_elsewhere(const struct node *n, uint32_t status, const uint32_t *x) {
  struct context *best = NULL;
  for (size_t i = 0; i < n->ncontexts; i++) {
    struct context *c = &n->contexts[i];
    if (!same_mode(c->status, status) || !is_kept(c, status)) continue;
    const bool stack = c->x[SP] == x[SP];
    if (stack || ((status & ST_T) && (!best || best->x[SP] != x[SP]))) best = c;
  }
  return best;
}

bool recorder_context_is_alike(const struct context *c, const uint32_t *x) {
  return c->x[SP] == x[SP] && agreement(c, x).all >= ALIKE;
}

static bool is_same_place(const struct context *c, uint32_t pc, uint32_t status, const uint32_t *x) {
  if (!is_here(c, pc, status, x) || !is_kept(c, status)) return false;
  for (unsigned i = 1; i < 32; i++)
    if (is_saved(i) && c->x[i] != x[i]) return false;
  return true;
}

void recorder_context_replaced(struct node *n, uint32_t pc, uint32_t status, const uint32_t *x) {
  for (size_t i = 0; i < n->ncontexts; i++)
    if (is_same_place(&n->contexts[i], pc, status, x)) {
      recorder_context_drop(n, &n->contexts[i]);
      return;
    }
}

void recorder_contexts_invalidated(struct node *n, uint32_t hi, uint32_t scope) {
  for (size_t i = 0; i < n->ncontexts; i++) {
    struct context *c = &n->contexts[i];
    if (scope == TLBI_PAGE || !(c->status & ST_T)) continue;
    if (scope == TLBI_ASID && status_asid(c->status) != (hi & TLB_ASID_MASK)) continue;
    if (c->space == SPACE_KEPT) c->space = SPACE_INVALIDATED;
  }
}

void recorder_contexts_run(struct node *n, uint32_t pc, uint32_t status, const uint32_t *x, bool matched) {
  for (size_t i = 0; i < n->ncontexts; i++) {
    struct context *c = &n->contexts[i];
    if (!same_mode(c->status, status)) continue;
    if (is_kept(c, status)) c->left |= !matched;
    if (c->space == SPACE_KEPT) continue;
    c->unsure |= is_here(c, pc, status, x);
    c->unsure |= !matched && (c->space == SPACE_TAKEN || same_asid(c->status, status));
    if (c->space == SPACE_INVALIDATED && same_asid(c->status, status)) c->space = SPACE_TAKEN;
  }
}

enum list_state recorder_list_state(const struct recorder *r, unsigned level, uint64_t list_event) {
  bool forgot = false;
  for (const struct node *n = r->nodes; n; n = n->next) {
    if (n->depth != level) continue;
    forgot |= n->forgot_contexts;
    for (size_t i = 0; i < n->ncontexts; i++) {
      const struct context *c = &n->contexts[i];
      if (c->event != list_event || c->list == LIST_NONE) continue;
      if (c->returned) return LIST_STATE_INTERRUPTED;
      return c->left ? LIST_STATE_LEFT : c->unsure ? LIST_STATE_UNSURE : LIST_STATE_WAITS;
    }
  }
  return forgot ? LIST_STATE_FORGOTTEN : LIST_STATE_AGAIN;
}

void recorder_context_drop(struct node *n, struct context *c) {
  memmove(c, c + 1, (size_t)(n->contexts + --n->ncontexts - c) * sizeof *c);
}

static void drop_oldest(struct node *n) {
  const uint32_t dropped = MOST / 4;
  n->forgot_contexts = true;
  n->ncontexts -= dropped;
  memmove(n->contexts, n->contexts + dropped, n->ncontexts * sizeof *n->contexts);
}

/* A new context, at the end of the list. NULL if memory is short. */
struct context *recorder_context_add(struct recorder *r, struct node *n) {
  if (n->ncontexts == MOST) drop_oldest(n);
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
  bool any = false; /* a list to which it could lead */
  for (uint32_t i = 0; i < n->ncontexts; i++)
    any |= n->contexts[i].list != LIST_NONE && same_mode(n->contexts[i].status, status) &&
           same_asid(n->contexts[i].status, status);
  if (!any) return NULL;
  for (unsigned i = 0; i < FAR; i++) {
    struct context *c = recorder_context_at(n, *pc, status, x);
    if (c && c->list != LIST_NONE) return c;
    if (!follow(r, status_asid(r->now.status), x, pc)) return NULL;
  }
  return NULL;
}
