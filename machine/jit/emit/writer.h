/* writer.h - the block that is being written: its state, and what the files of emit/ and of the host's folder offer to
 * each other.
 *
 * emit/ decides what is written: which PG32 register is where, what is looked up together, how control leaves a
 * block. How a host says that is in the host's folder: x64/, a64/. Names that begin with host_ append an
 * instruction or two (host.h there); the other functions of the host are declared at the end of this file. */
#ifndef JIT_WRITER_H
#define JIT_WRITER_H

#include <string.h>

#include "machine/jit/jit.h"

#if JIT_HOST

#define PG32_SP 2

#if JIT_HOST == JIT_X64
#include "machine/jit/x64/host.h"
#else
#include "machine/jit/a64/host.h"
#endif

/* What a host register may hold, by number: PG32 registers 1 to 31, and from GROUP_REG on the host address of
 * an access group. */
#define ACCESS_GROUPS 2
#define GROUP_REG 33
#define VIRTUAL_REGS (GROUP_REG + ACCESS_GROUPS)

/* The canonical register map, in which blocks begin and end: these PG32 registers, which compilers use most,
 * are in host registers, all others in memory. */
static const uint8_t host_regs[JIT_MAP_REGS] = HOST_REGS;
static const struct jit_register_map canonical = {.holds = HOST_CANONICAL, .dirty = HOST_CANONICAL_SET};

/* Code after the block for the rare case of a step: for example, a load from a page that has no entry in the
 * table. It is written when the hot path is complete. */
struct slow_path {
  const struct jit_step *step;
  uint32_t uncharged;          /* steps before it that the budget has not been charged with */
  struct jit_register_map map; /* when it is entered */
  uint8_t *entry[3];           /* fixups of the jumps that lead here; NULL = none */
  uint8_t *resume;             /* where the hot path continues; NULL = the block is left */
  uint32_t thunk;              /* THUNK_...: what is done */
  uint32_t prediction;         /* its prediction site; 0 = none */
  uint8_t *mispredicted;       /* fixup: a load's addend is not the predicted one */
  uint8_t *corrected;          /* where the hot path continues with the right addend */
  uint32_t group_prediction;   /* of a group's first access: counts failures of its check; 0 = no group */
  bool address_known;          /* of an access: */
  uint32_t address;            /* the constant address */
  uint32_t link;               /* of a call with a known target; 0 = none */
  uint8_t *landing_moved;      /* fixup of a call's landing: its page is no longer there */
};

/* The way of a branch that the trace does not take. */
struct side_exit {
  uint8_t *branch; /* fixup */
  uint32_t uncharged, target;
  struct jit_register_map map;
};

/* Loads, or stores, by one base register, whose pages are looked up together (groups.c). */
struct access_group {
  uint8_t base, kind; /* kind: TABLE_LOAD or TABLE_STORE */
  uint32_t mask;      /* low bits of base that must be zero */
  int32_t lo, hi;     /* offsets of its lowest and its highest byte from base */
  uint32_t last;      /* its last step */
};

struct writer {
  struct jit *j;
  struct jit_trace *trace;
  struct encoder *e;
  struct jit_register_map map;
  uint8_t host[VIRTUAL_REGS]; /* the inverse of `map`: the host register that holds it; 0 = in memory */
  struct access_group group[ACCESS_GROUPS]; /* group n lives while GROUP_REG + n is in `map` */
  const uint8_t *flags_at; /* while e->p is here, the host's flags are those of the result in */
  unsigned flags_of;       /* this host register */
  uint32_t charged;        /* steps that the budget has been charged with */
  uint32_t slow_paths, side_exits;
  struct slow_path slow_path[2 * JIT_TRACE_MAX];
  struct side_exit side_exit[JIT_TRACE_MAX];
  /* facts about PG32 registers at this point of the trace, by constant propagation */
  bool known[32];
  uint32_t value[32];
  uint32_t aligned[32]; /* low bits that are zero, as a mask */
};

/* The thunks, written by the host's thunks.c and traps.c. Blocks jump to them with the canonical map. A name in
 * jit_helper_... says which helper the thunk calls. */
enum {
  THUNK_SYSTEM,    /* jit_helper_system, and out of the block */
  THUNK_LINK,      /* jit_helper_link */
  THUNK_INDIRECT,  /* jit_helper_indirect, target in SCRATCH */
  THUNK_INTERPRET, /* jit_helper_interpret */
  THUNK_ACCESS,    /* jit_helper_access; this one and the next three are called, and may return */
  THUNK_HELPER,    /* jit_helper_system */
  THUNK_TLBW,
  THUNK_TLBI,
  THUNK_SYSCALL, /* traps and rfe without C */
  THUNK_HCALL,
  THUNK_BREAK,
  THUNK_RFE,
  THUNK_MTST,
  THUNK_LOOKUP, /* looks SCRATCH up in the tables, and jumps there */
  THUNK_RETURN, /* a return whose budget is spent, or that finds the return-address stack empty */
  THUNKS
};
_Static_assert(THUNKS <= sizeof((struct jit *)0)->thunk / sizeof(uint32_t), "an offset for each thunk");

/* ---- jumps ---- */

static inline void bind_here(const struct encoder *e, uint8_t *fixup) { host_bind(fixup, e->p); }
static inline const uint8_t *thunk(const struct writer *w, uint32_t n) { return w->e->base + w->j->thunk[n]; }
static inline void jump_to_thunk(struct writer *w, uint32_t n) { host_bind(host_jump(w->e), thunk(w, n)); }
static inline void jump_to_thunk_if(struct writer *w, unsigned cond, uint32_t n) {
  host_bind(host_jump_far_if(w->e, cond), thunk(w, n));
}
/* The thunk begins here. */
static inline void begin_thunk(struct writer *w, uint32_t n) { w->j->thunk[n] = code_offset(w->e); }

/* ---- PG32 registers ---- */

static inline bool is_in(const struct writer *w, unsigned g, unsigned host) {
  return w->host[g] && w->host[g] == host;
}
static inline void load_guest(struct writer *w, unsigned host, unsigned g) {
  if (g == 0)
    host_zero(w->e, host);
  else if (!w->host[g])
    host_load(w->e, host, g);
  else if (w->host[g] != host)
    host_move(w->e, host, w->host[g]);
}
/* The host register in which to compute a new value of g; store_guest() then puts it where g is. */
static inline unsigned result_reg(const struct writer *w, unsigned g) {
  return w->host[g] ? w->host[g] : SCRATCH;
}
static inline void store_guest(struct writer *w, unsigned g, unsigned host) {
  if (!g || is_in(w, g, host)) return;
  if (w->host[g])
    host_move(w->e, w->host[g], host);
  else
    host_store(w->e, host, g);
}
/* The host register that holds g; if none does, `scratch`, after loading g into it. */
static inline unsigned in_register(struct writer *w, unsigned g, unsigned scratch) {
  if (w->host[g]) return w->host[g];
  if (g == 0 && HOST_ZERO) return HOST_ZERO;
  load_guest(w, scratch, g);
  return scratch;
}

/* ---- constant propagation ---- */

static inline void forget_facts(struct writer *w, unsigned g) {
  w->known[g] = false;
  w->aligned[g] = 0;
}
static inline void learn_value(struct writer *w, unsigned g, uint32_t value) {
  if (g == 0) return;
  w->known[g] = true;
  w->value[g] = value;
  w->aligned[g] = ~value & (value - 1) & 3;
}
static inline bool is_known(const struct writer *w, unsigned g) { return g == 0 || w->known[g]; }
static inline uint32_t value_of(const struct writer *w, unsigned g) { return g ? w->value[g] : 0; }
static inline uint32_t alignment(const struct writer *w, unsigned g) { return g ? w->aligned[g] : 3; }

/* g = a constant */
static inline void set_constant(struct writer *w, unsigned g, uint32_t value) {
  if (g == 0) return;
  if (w->host[g])
    host_move_imm(w->e, w->host[g], value);
  else
    host_store_imm(w->e, g, value);
  learn_value(w, g, value);
}

/* ---- steps ---- */

static inline uint32_t step_index(const struct writer *w, const struct jit_step *s) {
  return (uint32_t)(s - w->trace->step);
}
/* Steps before s that the budget has not been charged with. */
static inline uint32_t uncharged_before(const struct writer *w, const struct jit_step *s) {
  return step_index(w, s) - w->charged;
}

/* A slow path for step s, entered with the present register map. */
static inline struct slow_path *new_slow_path(struct writer *w, const struct jit_step *s, uint32_t n) {
  struct slow_path *p = &w->slow_path[w->slow_paths++];
  *p = (struct slow_path){.step = s, .uncharged = uncharged_before(w, s), .map = w->map, .thunk = n};
  return p;
}

/* ---- exits.c: the code after the block, and links ---- */

void jit_emit_slow_path(struct writer *w, struct slow_path *p);
void jit_emit_side_exit(struct writer *w, const struct side_exit *x);
/* Leaves by a link that has no target yet; the register map is the canonical one. */
void jit_emit_link_request(struct writer *w, uint32_t link);
/* Continues at `target`, after charging for `uncharged` instructions. Returns the new link. */
uint32_t jit_emit_exit(struct writer *w, uint32_t uncharged, uint32_t target);
/* Continues at the head of a loop, the trace's own or another's. */
void jit_emit_to_loop_head(struct writer *w);
/* Appends a call of a thunk that is called. */
void jit_emit_thunk_call(struct writer *w, uint32_t thunk);
/* Puts pc and the packed form of step s into ARG_PC and ARG_PACKED, for helpers. */
void jit_emit_packed(struct writer *w, const struct jit_step *s, uint32_t uncharged);

/* ---- calls.c ---- */

void jit_emit_jal(struct writer *w, const struct jit_step *s);
void jit_emit_jalr(struct writer *w, const struct jit_step *s);
/* The slow path of an inline cache: the jump's target is not the predicted one. */
void jit_emit_guard_failure(struct writer *w, struct slow_path *p);
/* The slow paths of a call that is not inlined. */
void jit_emit_call_slow_paths(struct writer *w, struct slow_path *p);

/* ---- idioms.c ---- */

/* If an idiom begins at step k, writes it. Returns the number of its steps; 0 = there is none. */
uint32_t jit_emit_idiom(struct writer *w, uint32_t k);

/* ---- memory.c ---- */

/* A load or store; op: LOAD_... or STORE_... */
void jit_emit_load(struct writer *w, const struct jit_step *s, uint32_t op);
void jit_emit_store(struct writer *w, const struct jit_step *s, uint32_t op);
/* Parts of an access's slow path: sets SCRATCH to the address; what is done when a group's check failed. */
void jit_emit_address(struct writer *w, const struct slow_path *p);
void jit_emit_group_failure(struct writer *w, const struct slow_path *p);

/* ---- groups.c ---- */

/* Is it worthwhile to begin a group with the access of step k? If so, *g is that group. */
bool jit_group_find(const struct writer *w, uint32_t k, uint32_t kind, struct access_group *g);
/* The living group that the access of step k belongs to; NULL = none. */
const struct access_group *jit_group_of(const struct writer *w, uint32_t k, uint32_t kind);

/* ---- registers.c ---- */

/* Takes on the register map in which w->trace begins; for a loop, chooses the loop head's map and writes the
 * moves to it. */
void jit_regs_begin(struct writer *w);
/* Before steps k to k + n - 1 are written, together: gives host registers to what they read and write, where
 * that pays. */
void jit_regs_allocate(struct writer *w, uint32_t k, uint32_t n);
/* Is the value of g dead at step k: written again before it is read, and before the trace can be left? */
bool jit_regs_is_dead(const struct writer *w, unsigned g, uint32_t k);
/* After an instruction: the value that it wrote into a host register is not yet in memory. */
void jit_regs_set_dirty(struct writer *w, const struct pg32_insn *i);
/* Do instructions of this shape write rd? */
bool jit_regs_writes_rd(enum pg32_shape shape);
/* Write the moves from the present map to that of the loop head that the trace ends at, or to the canonical
 * one. */
void jit_regs_to_loop_head(struct writer *w);
void jit_regs_to_canonical(struct writer *w);
/* Writes the moves from the canonical map, all of memory being up to date, to `map`. */
void jit_regs_reload(struct writer *w, const struct jit_register_map *map);
/* Writes nothing: the present map is `map` from here on. */
void jit_regs_assume(struct writer *w, const struct jit_register_map *map);
/* Makes g group n, with a host register that C preserves, from step k on. Ends the group that was n before.
 * False: no register is free. */
bool jit_regs_hold_group(struct writer *w, unsigned n, uint32_t k, const struct access_group *g);
/* The map with the groups' registers left empty. */
struct jit_register_map jit_regs_without_groups(const struct jit_register_map *map);

/* ==== what a host offers, beside host.h ==== */

/* ---- arithmetic.c there ---- */

/* rd = rs1 op rs2; op: ALU_... rd = rs1 op imm; op: IMM_... Shifts: kind is SHIFT_... */
void jit_emit_alu(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2, bool commutes);
void jit_emit_alu_imm(struct writer *w, unsigned op, unsigned rd, unsigned rs1, int32_t imm);
void jit_emit_shift(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, unsigned rs2);
void jit_emit_shift_imm(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, int32_t imm);
/* rd = rs, rotated to the right */
void jit_emit_rotate(struct writer *w, unsigned rd, unsigned rs, uint32_t right);
/* rd = 1 if cond holds between rs1 and rs2, or imm; else 0 */
void jit_emit_slt(struct writer *w, unsigned cond, unsigned rd, unsigned rs1, unsigned rs2);
void jit_emit_slt_imm(struct writer *w, unsigned cond, unsigned rd, unsigned rs1, int32_t imm);
/* Jumps within the block if cond holds between rs1 and rs2, or if it does not. Returns the fixup. */
uint8_t *jit_emit_jump_if(struct writer *w, unsigned cond, bool holds, unsigned rs1, unsigned rs2);
/* Jumps within the block unless rs is the constant. */
uint8_t *jit_emit_jump_unless(struct writer *w, unsigned rs, uint32_t constant);
void jit_emit_mul(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2);
void jit_emit_mulh(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool signed1, bool signed2);
/* Both halves of a product: high and low are two registers, neither of them a factor. */
void jit_emit_product(struct writer *w, unsigned high, unsigned low, unsigned rs1, unsigned rs2, bool signed1,
                      bool signed2);
void jit_emit_divide(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool is_signed,
                     bool remainder);

/* ---- lookups.c there: the flat tables, and other fields of the machine ---- */

/* Of the access at the address in register va, or at the constant p->address: looks the page up. The result is what
 * the access is to. Jumps to the slow path are noted in *p. */
struct operand jit_emit_lookup(struct writer *w, struct slow_path *p, uint32_t kind, unsigned va);
struct operand jit_emit_constant_lookup(struct writer *w, struct slow_path *p, uint32_t kind);
/* A load's slow path, when its predicted addend was wrong. */
void jit_emit_mispredicted_load(struct writer *w, struct slow_path *p);
/* Looks the two pages of a group up, and leaves the host's address of its lowest byte in the group's register. Jumps
 * to the slow path, p->entry: if the base register has any bits of `mask`, or the check fails. */
void jit_emit_group_lookup(struct writer *w, struct slow_path *p, const struct access_group *g,
                           uint32_t mask);
/* What an access of the group at this offset from its base register is to. */
struct operand jit_emit_in_group(struct writer *w, const struct access_group *g, int32_t offset);
/* Jumps to block code by the fetch table: for the address in SCRATCH, which is a multiple of 4. */
void jit_emit_lookup_jump(struct writer *w);
/* Compares the entry of the fetch table for va with `page`, so that COND_EQ tells; returns the offset of that
 * constant. */
uint32_t jit_emit_page_check(struct writer *w, uint32_t va, const struct jit_page *page);
/* Counts a misprediction at a prediction site, down to the next review. Then jumps, within the block: if the review
 * is due, or if it is not. Returns the fixup. */
uint8_t *jit_emit_count_misprediction(struct writer *w, uint32_t prediction, bool due);
/* Makes the next helper review the site. */
void jit_emit_request_review(struct writer *w, uint32_t prediction);
/* r = STATUS */
void jit_emit_status(struct writer *w, unsigned r);
/* Jumps within the block in user mode. Returns the fixup. */
uint8_t *jit_emit_jump_if_user(struct writer *w);
/* Jumps within the block if marks are observed. */
uint8_t *jit_emit_jump_if_marks(struct writer *w);

/* ---- stack.c there: the return-address stack ---- */

/* The host call of step s, and its landing; p: for the jumps to the slow path. looked_up: the callee is the block for
 * the address in SCRATCH; else the result is the fixup for it. */
uint8_t *jit_emit_host_call(struct writer *w, struct slow_path *p, const struct jit_step *s, bool looked_up);
/* If the address in SCRATCH is the topmost entry's, returns there, after charging. */
void jit_emit_host_return(struct writer *w, uint32_t insns);
/* Empties the stack. */
void jit_emit_forget_returns(struct writer *w);

#endif /* JIT_HOST */
#endif
