/* writer.h - for the files that write x86-64: the use of registers, and the writer of instructions.
 *
 * While translated code runs:
 *     rbp  the machine, so that m->x[i] is at a distance of one byte
 *     r14  the host TLB of the present context    r15  what is left of the budget, less JIT_MOST
 *     rax, rcx, rdx  scratch, dead between instructions
 *     rsp  the records of calls (x64/calls.c)
 *     all others  PG32 registers, upper halves zero (x64/registers.c), or a group's address
 * The other PG32 registers are operands in memory. m->x[0] is always 0 and may be read like any other. */
#ifndef JIT_X64_H
#define JIT_X64_H

#include <stddef.h>
#include <string.h>

#include "machine/jit/jit.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };
#define TABLE R14
#define LEFT R15
#define SP 2    /* PG32's stack pointer */
#define BIAS 76 /* rbp = m + BIAS: as a shift count, which counts modulo 32, it is PAGE_SHIFT */
_Static_assert(offsetof(struct machine, x) == 0 && BIAS <= 128 && (X_SINK + 1) * 4 - BIAS <= 128,
               "x[0] .. x[X_SINK] are within a byte of rbp");
_Static_assert(BIAS % 32 == PAGE_SHIFT && _Alignof(struct machine) % 32 == 0, "rbp modulo 32 is PAGE_SHIFT");

/* PG32 registers that are in a host register between blocks, for compilers use them most; 0 = not so. */
#define GROUPS 2
#define GROUP_HOLDER 33 /* and on: in the place of PG32 registers, what holds a group's address */
#define HOLDERS (GROUP_HOLDER + GROUPS)
static const uint8_t fixed[HOLDERS] = {[SP] = R11, [10] = R8, [11] = R9, [12] = R10, [13] = RDI, [14] = RSI};

/* ---- instructions: opcode with flags, a register, and a register or memory ---- */

#define TWO 0x100     /* 0F goes before */
#define WIDE 0x200    /* 64 bits */
#define BYTE 0x400    /* `reg` is a byte register */
#define BYTE_RM 0x800 /* so is a register in rm's place */
#define HALF 0x1000   /* 16 bits */

enum { /* reg op= rm; the group of immediates has the operation in reg's place */
       ADD = 0x03,
       ADD_TO = 0x01,
       OR = 0x0B,
       AND = 0x23,
       SUB = 0x2B,
       XOR = 0x33,
       CMP = 0x3B,
       CMP_TO = 0x39,
       TEST = 0x85,
       MOV = 0x8B,
       MOV_TO = 0x89,
       MOV_TO8 = 0x88 | BYTE,
       LEA = 0x8D,
       MOVZX8 = 0xB6 | TWO | BYTE_RM,
       MOVZX16 = 0xB7 | TWO,
       MOVSX8 = 0xBE | TWO | BYTE_RM,
       MOVSX16 = 0xBF | TWO,
       MOVSXD = 0x63 | WIDE,
       IMUL = 0xAF | TWO,
       CMOV = 0x40 | TWO, /* with a condition */
       NOP = 0x1F | TWO,
       GROUP3 = 0xF7,
       GROUP5 = 0xFF,
       SHIFT = 0xC1,
       SHIFT_CL = 0xD3
};
enum { G_ADD = 0, G_OR = 1, G_AND = 4, G_SUB = 5, G_XOR = 6, G_CMP = 7 };
enum { S_ROR = 1, S_SHL = 4, S_SHR = 5, S_SAR = 7 };
enum { G5_DEC = 1, G5_CALL = 2, G5_JUMP = 4 };
enum { G3_NOT = 2, G3_NEG = 3, G3_DIV = 6, G3_IDIV = 7 };
enum {
  CC_B = 2,
  CC_AE = 3,
  CC_E = 4,
  CC_NE = 5,
  CC_BE = 6,
  CC_A = 7,
  CC_S = 8,
  CC_NS = 9,
  CC_L = 12,
  CC_GE = 13,
  CC_LE = 14,
  CC_G = 15
};

struct rm { /* a register, or memory at base + index * scale + disp */
  bool memory;
  bool code;                  /* at disp from the beginning of the code */
  uint8_t base, index, scale; /* index 0 = none; scale as a power of two */
  int32_t disp;
};

#define POOL JIT_POOL

/* An access that the tables may not know, or an instruction that leaves: code behind the block. */
struct aside {
  const struct jit_step *step;
  uint32_t done;
  struct jit_places places;
  uint8_t *from[3]; /* jumps here: the ends of their distances */
  uint8_t *back;
  uint8_t *wrong, *right; /* where a site's addend is found to be wrong, and it would have been right */
  uint32_t site;          /* 0 = none */
  uint32_t group_site;    /* of a group's first access; it has the patience only. 0 = it is not one */
  uint32_t thunk;
  bool constant; /* the address is known */
  uint32_t address;
  uint32_t link; /* of a call to what is known; 0 = none */
};
struct way_out {
  uint8_t *from;
  uint32_t done, target;
  struct jit_places places;
};

/* Loads, or stores, by one base register from step to step: see x64/groups.c. */
struct group {
  uint8_t base, kind; /* TABLE_LOAD or TABLE_STORE */
  uint32_t mask;      /* low bits of base that must be zero */
  int32_t lo, hi;     /* its lowest and its highest byte, from base */
  uint32_t last;      /* step */
};

struct writer {
  struct jit *j;
  struct jit_trace *trace;
  uint8_t *p;
  bool bmi2;
  uint8_t home[HOLDERS]; /* the host register that holds a PG32 register now; 0 = in memory */
  struct jit_places now;
  struct group group[GROUPS];
  const uint8_t *flags_at; /* at this place the flags are those of a result in flags_of */
  unsigned flags_of;
  uint32_t paid; /* steps that the budget has been charged with */
  uint32_t asides, outs;
  struct aside aside[2 * JIT_MOST];
  struct way_out out[JIT_MOST];
  /* what is known of the PG32 registers at this place of the trace */
  bool known[32];
  uint32_t value[32];
  uint32_t aligned[32]; /* low bits that are zero, as a mask */
};

enum {
  THUNK_OPERATE,
  THUNK_FOLLOW,
  THUNK_INDIRECT,
  THUNK_INTERPRET,
  THUNK_ACCESS,
  THUNK_SERVE,
  THUNK_TLBW,
  THUNK_TLBI,
  THUNK_SYSCALL,
  THUNK_HCALL,
  THUNK_BREAK,
  THUNK_RFE,
  THUNK_MTST,
  THUNK_TABLE,
  THUNK_RETURN,
  THUNKS
};
_Static_assert(THUNKS <= sizeof((struct jit *)0)->thunk / sizeof(uint32_t), "a place for each thunk");

static inline struct rm reg(unsigned r) { return (struct rm){.base = (uint8_t)r}; }
static inline struct rm at(unsigned base, int32_t disp) {
  return (struct rm){.memory = true, .base = (uint8_t)base, .disp = disp};
}
static inline struct rm indexed(unsigned base, unsigned index, unsigned scale, int32_t disp) {
  return (struct rm){true, false, (uint8_t)base, (uint8_t)index, (uint8_t)scale, disp};
}
static inline struct rm guest(const struct writer *w, unsigned g) {
  return w->home[g] ? reg(w->home[g]) : at(RBP, (int32_t)(g * 4) - BIAS);
}
/* In memory, where all others are: at x[g]. */
static inline struct rm slot(unsigned g) { return at(RBP, (int32_t)(g * 4) - BIAS); }
static inline struct rm field(size_t offset) { return at(RBP, (int32_t)offset - BIAS); }

static inline uint32_t offset(const struct writer *w) { return (uint32_t)(w->p - w->j->rw); }
static inline void byte(struct writer *w, uint32_t b) { *w->p++ = (uint8_t)b; }
static inline void word(struct writer *w, uint32_t v) {
  memcpy(w->p, &v, sizeof v);
  w->p += sizeof v;
}
static inline void quad(struct writer *w, uint64_t v) {
  memcpy(w->p, &v, sizeof v);
  w->p += sizeof v;
}
static inline bool fits(int64_t v) { return v >= -128 && v < 128; }

static inline void mod_rm(struct writer *w, unsigned r, struct rm rm) {
  const bool sib = rm.index || (rm.base & 7) == RSP;
  const unsigned low = (r & 7) << 3;
  if (!rm.memory) {
    byte(w, 0xC0 | low | (rm.base & 7));
    return;
  }
  if (rm.code) { /* relative to the instruction's end, which is here: none of these has an immediate */
    byte(w, low | RBP);
    word(w, (uint32_t)rm.disp - offset(w) - 4);
    return;
  }
  const unsigned mod = rm.disp == 0 && (rm.base & 7) != RBP ? 0 : fits(rm.disp) ? 0x40 : 0x80;
  byte(w, mod | low | (sib ? RSP : rm.base & 7u));
  if (sib) byte(w, (unsigned)rm.scale << 6 | (rm.index ? rm.index & 7u : RSP) << 3 | (rm.base & 7));
  if (mod == 0x40) byte(w, (uint32_t)rm.disp);
  if (mod == 0x80) word(w, (uint32_t)rm.disp);
}

static inline void ins(struct writer *w, uint32_t op, unsigned r, struct rm rm) {
  const bool bytes = (op & BYTE && r >= RSP) || (op & BYTE_RM && !rm.memory && rm.base >= RSP);
  const unsigned rex =
      (op & WIDE ? 8u : 0) | (r >= R8 ? 4u : 0) | (rm.index >= R8 ? 2u : 0) | (rm.base >= R8);
  if (op & HALF) byte(w, 0x66);
  if (rex || bytes) byte(w, 0x40 | rex);
  if (op & TWO) byte(w, 0x0F);
  byte(w, op & 0xFF);
  mod_rm(w, r, rm);
}

/* rm op= imm, of the group G_... */
static inline void ins_imm(struct writer *w, unsigned group, uint32_t wide, struct rm rm, int32_t imm) {
  ins(w, (fits(imm) ? 0x83u : 0x81u) | wide, group, rm);
  if (fits(imm))
    byte(w, (uint32_t)imm);
  else
    word(w, (uint32_t)imm);
}

static inline void move_imm(struct writer *w, unsigned r, uint32_t imm) { /* leaves the flags alone */
  if (r >= R8) byte(w, 0x41);
  byte(w, 0xB8 | (r & 7));
  word(w, imm);
}

/* BMI2: reg = rm shifted by `by`; kind as in S_... */
static inline void shift_bmi2(struct writer *w, unsigned kind, unsigned r, struct rm rm, unsigned by) {
  const unsigned pp = kind == S_SHL ? 1 : kind == S_SAR ? 2 : 3;
  byte(w, 0xC4);
  byte(w, (r >= R8 ? 0 : 0x80u) | (rm.index >= R8 ? 0 : 0x40u) | (rm.base >= R8 ? 0 : 0x20u) | 2);
  byte(w, (~by & 15) << 3 | pp);
  byte(w, 0xF7);
  mod_rm(w, r, rm);
}

/* BMI2: reg = rm rotated to the right. */
static inline void rotate_bmi2(struct writer *w, unsigned r, struct rm rm, uint32_t by) {
  byte(w, 0xC4);
  byte(w, (r >= R8 ? 0 : 0x80u) | (rm.index >= R8 ? 0 : 0x40u) | (rm.base >= R8 ? 0 : 0x20u) | 3);
  byte(w, 0x7B);
  byte(w, 0xF0);
  mod_rm(w, r, rm);
  byte(w, by);
}

/* Jumps with distances of four bytes; they give the place after the distance, for aim(). */
static inline uint8_t *jump_if(struct writer *w, unsigned cc) {
  byte(w, 0x0F);
  byte(w, 0x80 | cc);
  word(w, 0);
  return w->p;
}
static inline uint8_t *jump(struct writer *w) {
  byte(w, 0xE9);
  word(w, 0);
  return w->p;
}
static inline void aim(uint8_t *from, const uint8_t *to) {
  const int32_t distance = (int32_t)(to - from);
  if (from) memcpy(from - 4, &distance, sizeof distance);
}
static inline void jump_to_thunk(struct writer *w, uint32_t thunk) {
  aim(jump(w), w->j->rw + w->j->thunk[thunk]);
}

static inline void push(struct writer *w, unsigned r) {
  if (r >= R8) byte(w, 0x41);
  byte(w, 0x50 | (r & 7));
}
static inline void pop(struct writer *w, unsigned r) {
  if (r >= R8) byte(w, 0x41);
  byte(w, 0x58 | (r & 7));
}

/* ---- PG32 registers ---- */

static inline bool lives_in(const struct writer *w, unsigned g, unsigned r) {
  return w->home[g] && w->home[g] == r;
}
static inline void load_guest(struct writer *w, unsigned r, unsigned g) {
  if (g == 0)
    ins(w, XOR, r, reg(r));
  else if (!lives_in(w, g, r))
    ins(w, MOV, r, guest(w, g));
}
/* Where the result for g is to be put together, */
static inline unsigned target_of(const struct writer *w, unsigned g) { return w->home[g] ? w->home[g] : RAX; }
/* and brought home from. */
static inline void store_guest(struct writer *w, unsigned g, unsigned r) {
  if (g && !lives_in(w, g, r)) ins(w, MOV_TO, r, guest(w, g));
}
/* The register that holds g, if need be after loading it into `scratch`. */
static inline unsigned in_register(struct writer *w, unsigned g, unsigned scratch) {
  if (w->home[g]) return w->home[g];
  load_guest(w, scratch, g);
  return scratch;
}

static inline void forget_guest(struct writer *w, unsigned g) {
  w->known[g] = false;
  w->aligned[g] = 0;
}
static inline void learn(struct writer *w, unsigned g, uint32_t value) {
  if (g == 0) return;
  w->known[g] = true;
  w->value[g] = value;
  w->aligned[g] = ~value & (value - 1) & 3;
}
static inline bool is_known(const struct writer *w, unsigned g) { return g == 0 || w->known[g]; }
static inline uint32_t value_of(const struct writer *w, unsigned g) { return g ? w->value[g] : 0; }
static inline uint32_t alignment(const struct writer *w, unsigned g) { return g ? w->aligned[g] : 3; }

static inline void set_known(struct writer *w, unsigned g, uint32_t value) {
  if (g == 0) return;
  if (w->home[g]) {
    move_imm(w, w->home[g], value);
  } else {
    ins(w, 0xC7, 0, guest(w, g));
    word(w, value);
  }
  learn(w, g, value);
}

/* ---- shared by those that write steps ---- */

/* Steps before s that the budget has not been charged with. */
static inline uint32_t done_before(const struct writer *w, const struct jit_step *s) {
  return (uint32_t)(s - w->trace->step) - w->paid;
}

/* Behind the block, code for step s, as things are now. */
static inline struct aside *new_aside(struct writer *w, const struct jit_step *s, uint32_t thunk) {
  struct aside *a = &w->aside[w->asides++];
  *a = (struct aside){.step = s, .done = done_before(w, s), .places = w->now, .thunk = thunk};
  return a;
}

/* The number of the page of the address in register va, in rcx. */
static inline void emit_page_number(struct writer *w, unsigned va) {
  if (w->bmi2) return shift_bmi2(w, S_SHR, RCX, reg(va), RBP);
  ins(w, MOV, RCX, reg(va));
  ins(w, SHIFT, S_SHR, reg(RCX));
  byte(w, PAGE_SHIFT);
}

static inline struct rm site_field(const struct writer *w, uint32_t site, size_t offset_in_site) {
  const uint8_t *field = (const uint8_t *)&w->j->sites[site] + offset_in_site;
  return (struct rm){.memory = true, .code = true, .disp = (int32_t)(field - w->j->rx)};
}

/* ---- x64/emit.c ---- */
/* The code behind the block. */
void emit_aside(struct writer *w, struct aside *a);
/* Leaves by a link that is not connected, registers being where they are between blocks. */
void emit_follow(struct writer *w, uint32_t link);
/* Compares the page that va is fetched from with `page`; gives the offset of that constant. */
uint32_t emit_compare_page(struct writer *w, uint32_t va, const struct jit_page *page);

/* ---- x64/calls.c ---- */
/* A jal, or what a jalr has in common with it. */
void emit_link(struct writer *w, const struct jit_step *s);
void emit_jalr(struct writer *w, const struct jit_step *s);
/* Behind the block: a jump does not go where the trace guessed. */
void emit_astray(struct writer *w, struct aside *a);
/* Behind the block: of a call that leaves the trace. */
void emit_call_aside(struct writer *w, struct aside *a);
/* Looks eax up and goes there. */
void emit_table_jump(struct writer *w);

/* ---- x64/arithmetic.c ---- */
/* rd = rs1 op rs2; op = an opcode. rd = rs1 op imm; group = G_... Shifts: kind = S_... */
void emit_alu(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2, bool commutes);
void emit_alu_imm(struct writer *w, unsigned group, unsigned rd, unsigned rs1, int32_t imm);
void emit_shift(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, unsigned rs2);
void emit_shift_imm(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, int32_t imm);
/* rd = 1 if cc holds between rs1 and rs2, or imm; else 0. */
void emit_slt(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, unsigned rs2);
void emit_slt_imm(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, int32_t imm);
/* Compares; gives the condition that holds when `cc` holds between rs1 and rs2. */
unsigned emit_compare(struct writer *w, unsigned cc, unsigned rs1, unsigned rs2);
/* Multiplication, its high word, division; rax = the product of 64 bits. */
void emit_mul(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2);
void emit_mulh(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool signed1, bool signed2);
void emit_multiply(struct writer *w, unsigned rs1, unsigned rs2, bool signed1, bool signed2);
void emit_divide(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool is_signed, bool remainder);

/* ---- x64/idioms.c ---- */
/* Writes what begins at step k if that is one: the number of steps it is, or 0. */
uint32_t idiom_emit(struct writer *w, uint32_t k);

/* ---- x64/memory.c ---- */
/* A load or store by `op`, which moves what is in memory. */
void emit_load(struct writer *w, const struct jit_step *s, uint32_t op);
void emit_store(struct writer *w, const struct jit_step *s, uint32_t op);
/* The address that an access behind the block is for, in rax. */
void emit_address(struct writer *w, const struct aside *a);
/* What goes before the access behind the block: where a site was wrong, or a group failed. */
void emit_wrong(struct writer *w, struct aside *a);
void emit_group_failed(struct writer *w, const struct aside *a);

/* ---- x64/groups.c ---- */
/* The group that begins with the access of step k, if one is worth while. */
bool group_find(const struct writer *w, uint32_t k, uint32_t kind, struct group *g);
/* The group that holds the address which step k needs, or NULL. */
const struct group *group_of(const struct writer *w, uint32_t k, uint32_t kind);

/* ---- x64/registers.c ---- */
/* At the beginning of w->trace; writes what is needed before a loop's first instruction. */
void places_begin(struct writer *w);
/* Before step k is written, and the n - 1 after it, together: places for what they read and write, as far as
 * they pay. */
void places_for(struct writer *w, uint32_t k, uint32_t n);
/* Is g written again, from step k on, before it is read and before the trace can be left? */
bool places_dead(const struct writer *w, unsigned g, uint32_t k);
/* After an instruction: what it wrote into a host register is not in memory. */
void places_wrote(struct writer *w, const struct pg32_insn *i);
/* Do instructions of that shape write rd? */
bool places_writes(enum pg32_shape shape);
/* Writes moves: all to where they are at the beginning of the loop that the trace is, or enters; all to where
 * they are between blocks. */
void places_go_round(struct writer *w);
void places_leave(struct writer *w);
/* Writes moves from where they are between blocks, memory being up to date, to where they were at `p`. */
void places_come_back(struct writer *w, const struct jit_places *p);
/* Makes g group n, which is over if it was another, with a host register from step k on that C keeps; false:
 * there is none. */
bool places_hold_group(struct writer *w, unsigned n, uint32_t k, const struct group *g);
/* As they are for a trace that knows nothing of groups. */
struct jit_places places_without_groups(const struct jit_places *p);
/* Writes nothing: goes on as if at another place of the trace. */
void places_recall(struct writer *w, const struct jit_places *p);

static inline void thunk(struct writer *w, uint32_t n) { w->j->thunk[n] = offset(w); }

/* x64/traps.c */
void jit_emit_trap_thunks(struct writer *w);

#endif
