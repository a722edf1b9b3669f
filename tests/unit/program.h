/* program.h - random programs that mean something: a small kernel and functions with loops that have several
 * exits, branches, calls within a page and across pages, tables of jumps, groups of loads and stores by one
 * base register, lists, stores into their own code, and every trap. Each program has more of some of these
 * than of others, and some not at all.
 *
 * RAM of PROGRAM_RAM bytes, by pages:
 *     0       low core, and the kernel's words at SAVE_; at times a piece of the kernel's code
 *     1, 2    the kernel
 *     3       page tables: a word for each of SPACES address spaces and 32 pages
 *     4 .. 15 functions; the first of them is `main`, an endless loop
 *     16 ..   data: stack, tables, a pool of instruction words to be stored into code
 *     30      the twin: a copy of one page of code with other arithmetic, mapped in its place now and then
 *
 * The kernel runs untranslated. A page table maps the low five bits of a VPN, whatever the others are, so an
 * address space shows RAM over and over; code lies at the same place in each, data anywhere. Most system
 * calls do nothing; some change the space, the mode, the page table, the TLB or the code, or start over. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdlib.h>
#include <string.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "chance.h"

#define PROGRAM_RAM 0x20000u
#define PROGRAM_WORDS (PROGRAM_RAM / 4)
#define KERNEL 0x1000u
#define PAGE_TABLES 0x3000u
#define SPACES 4u
#define FIRST_CODE 0x4000u
#define FIRST_DATA 0x10000u
#define STACK (FIRST_DATA + 0x0F00u) /* grows down from here or somewhat above; frames cross a page's end */
#define POOL (FIRST_DATA + 0x1E00u)  /* 16 instruction words */
#define TABLE (FIRST_DATA + 0x1F00u) /* 16 addresses of functions, less the base */
#define COUNTERS (POOL + 0x140u)     /* to the end of the page, each for one place in the code */
#define TWIN 30u
#define HEAP (FIRST_DATA + 0x2000u)
#define HEAP_PAGES 12u
#define FUNCTIONS 12u
#define LEAVES 4u /* the last of them: short, without loops and calls */
#define DISK_SECTORS 16u
#define SLOT 24u      /* where in a function patch_function stores: behind the prologue */
#define PTE_HARD 0x8u /* ignored by the machine: a protection fault there is not forgiven */

/* registers by use; the others are scratch */
enum {
  R_ZERO = 0,
  R_RA = 1,
  R_SP = 2,
  R_BASE = 3,  /* what addresses begin with: 0 when untranslated */
  R_POOL = 4,  /* tp */
  R_PTR = 18,  /* s2 .. s5: into the heap */
  R_LOOP = 24, /* s8 .. s11: counters, by depth of the loop */
};
#define PTRS 4u
#define LOOPS 4u
#define LOCALS 12u /* short functions inside of a function, at most */
#define FAVOURITES 14u
#define EXITS 8u /* of a loop, by branches in the middle, at most */

enum statement {
  S_ARITHMETIC,
  S_ACCESS,
  S_INDEXED,
  S_ALIGNED,
  S_KNOWN,
  S_GROUP,
  S_FRAME,
  S_LIST,
  S_ADVANCE,
  S_LOOP,
  S_CONDITION,
  S_EXIT,
  S_CALL,
  S_LOCAL,
  S_CALL_LOCAL,
  S_JUMP_TABLE,
  S_PATCH,
  S_COUNT_IN_CODE,
  S_DEVICE,
  S_PRIVILEGED,
  S_TRAP,
  S_ANY,
  STATEMENTS
};

/* A branch out of a loop, to be put where it is left. */
struct exit {
  uint32_t where;
  enum pg32_id id;
  uint8_t a, b;
};

/* A function inside of one; `link` is the register that it goes back by. */
struct local {
  uint32_t at;
  uint8_t link;
};

struct program {
  uint32_t word[PROGRAM_WORDS];
  uint32_t at;  /* address that is written next */
  uint32_t end; /* of the room for code */
  uint32_t function[FUNCTIONS];
  uint32_t asid; /* first of SPACES */
  uint32_t main;
  bool calm;      /* fewer traps: more code becomes hot */
  bool low_code;  /* the kernel leaves through code in low core */
  unsigned loops; /* that are open where code is written */
  uint8_t favourite[FAVOURITES];
  unsigned favourites;
  struct exit exit[LOOPS][EXITS];
  unsigned exits[LOOPS];
  struct local local[LOCALS];
  unsigned locals;
  bool in_local;
  uint16_t weight[STATEMENTS];
  uint32_t weights; /* their sum */
  uint32_t stack;
  uint32_t twinned;                /* page that has a twin */
  uint32_t bases;                  /* bits of the base, as a mask */
  bool fragile;                    /* the handler's first instruction traps when s2 is odd: a check-stop */
  uint8_t innocent[PROGRAM_WORDS]; /* arithmetic that nothing depends on */
  struct random *g;
};

/* ---- writing code ---- */

static inline uint32_t program_insn(enum pg32_id id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm) {
  uint32_t word = 0;
  const struct pg32_insn i = {id, (uint8_t)rd, (uint8_t)rs1, (uint8_t)rs2, imm};
  if (!pg32_encode(i, &word)) abort(); /* a bug of the generator */
  return word;
}
static inline void emit_word(struct program *p, uint32_t word) {
  p->word[p->at / 4] = word;
  p->at += 4;
}
#define EMIT(name, rd, rs1, rs2, imm) emit_word(p, program_insn(PG32_##name, rd, rs1, rs2, imm))
#define E_RRR(name, rd, rs1, rs2) EMIT(name, rd, rs1, rs2, 0)
#define E_RRI(name, rd, rs1, imm) EMIT(name, rd, rs1, 0, imm)
#define E_LOAD(name, rd, imm, rs1) EMIT(name, rd, rs1, 0, imm)
#define E_STORE(name, rs2, imm, rs1) EMIT(name, 0, rs1, rs2, imm)
#define E_BRANCH(name, rs1, rs2, to) EMIT(name, 0, rs1, rs2, (int32_t)((to)-p->at))
#define E_JUMP(rd, to) EMIT(jal, rd, 0, 0, (int32_t)((to)-p->at))
#define E_LUI(rd, value) EMIT(lui, rd, 0, 0, (int32_t)((value) >> 12))
#define E_OP(name) EMIT(name, 0, 0, 0, 0)

static inline void emit_li(struct program *p, unsigned rd, uint32_t value) {
  E_LUI(rd, value + 0x800);
  E_RRI(addi, rd, rd, (int32_t)(value << 20) >> 20);
}

/* A branch or jump to a place not yet known: written as a nop, then put there. */
static inline uint32_t hole(struct program *p) {
  E_RRI(addi, 0, 0, 0);
  return p->at - 4;
}
static inline void fill_branch(struct program *p, uint32_t where, enum pg32_id id, unsigned a, unsigned b) {
  p->word[where / 4] = program_insn(id, 0, a, b, (int32_t)(p->at - where));
}
static inline void fill_jump(struct program *p, uint32_t where, unsigned rd) {
  p->word[where / 4] = program_insn(PG32_jal, rd, 0, 0, (int32_t)(p->at - where));
}

/* ---- the kernel ---- */

#define SAVE_REG 0x40 /* t0 .. t3 */
#define SAVE_RANDOM 0x80
#define SAVE_MAIN 0x84
#define SAVE_BORED 0x88 /* timer interrupts since the last start */
enum { K0 = 5, K1 = 6, K2 = 7, K3 = 28 };

/* K0 = the next random number of the kernel's own. */
static void kernel_random(struct program *p) {
  E_LOAD(lw, K0, SAVE_RANDOM, 0);
  emit_li(p, K1, 0x41C64E6D);
  E_RRR(mul, K0, K0, K1);
  E_RRI(addi, K0, K0, 0x3039);
  E_STORE(sw, K0, SAVE_RANDOM, 0);
}

#define LOW_CODE 0x200u
static void kernel_leave_here(struct program *p) {
  for (unsigned i = 0; i < 4; i++) E_LOAD(lw, i < 3 ? K0 + i : (unsigned)K3, SAVE_REG + 4 * (int32_t)i, 0);
  E_OP(rfe);
}

static void kernel_leave(struct program *p) {
  if (p->low_code)
    E_JUMP(0, LOW_CODE);
  else
    kernel_leave_here(p);
}

/* Behind the instruction. */
static void kernel_skip(struct program *p, int32_t leave) {
  E_LOAD(lw, K1, LC_PC, 0);
  E_RRI(addi, K1, K1, 4);
  E_STORE(sw, K1, LC_PC, 0);
  if (chance(p->g, 50))
    kernel_leave(p);
  else
    E_LOAD(jalr, 0, leave, 0);
}

static void kernel_new_timer(struct program *p) {
  E_RRI(srli, K1, K0, 9);
  E_RRI(andi, K1, K1, p->calm ? 16383 : chance(p->g, 20) ? 7 : chance(p->g, 50) ? 255 : 4095);
  E_STORE(sw, K1, LC_TIMER, 0);
}

/* From the top of main, in a mode, space and view of memory drawn from K0. */
static void kernel_restart(struct program *p) {
  E_STORE(sw, 0, SAVE_BORED, 0);
  E_RRI(srli, K1, K0, 22);
  E_RRI(andi, K1, K1, 0x307 & ~(chance(p->g, 30) ? ST_U : 0));
  E_RRI(andi, K2, K1, ST_T);
  emit_li(p, K3, p->asid << ST_ASID_SHIFT);
  E_RRR(or, K1, K1, K3);
  E_STORE(sw, K1, LC_STATUS, 0);
  E_RRI(addi, R_BASE, 0, 0);
  const uint32_t real = hole(p);
  emit_li(p, R_BASE, p->bases);
  E_RRI(slli, K2, K0, 7);
  E_RRR(xor, K2, K2, K0);
  E_RRR(and, R_BASE, R_BASE, K2);
  fill_branch(p, real, PG32_beq, K2, 0);
  E_LOAD(lw, K1, SAVE_MAIN, 0);
  E_RRR(add, K1, K1, R_BASE);
  E_STORE(sw, K1, LC_PC, 0);
  kernel_new_timer(p);
  kernel_leave(p);
}

/* K1 = address, K2 = that of its page table entry, K3 = entry's hi word. */
static void kernel_walk(struct program *p) {
  E_LOAD(lw, K1, LC_BADVA, 0);
  E_LOAD(lw, K2, LC_STATUS, 0);
  E_RRI(srli, K2, K2, ST_ASID_SHIFT);
  E_LUI(K3, 0xFFFFF000);
  E_RRR(and, K3, K3, K1);
  E_RRR(or, K3, K3, K2);
  E_RRI(andi, K2, K2, SPACES - 1);
  E_RRI(slli, K2, K2, 7);
  E_RRI(srli, K1, K1, 12 - 2);
  E_RRI(andi, K1, K1, 31 * 4);
  E_RRR(add, K2, K2, K1);
}

static void kernel_miss(struct program *p, uint32_t skip) {
  kernel_walk(p);
  E_LUI(K1, PAGE_TABLES);
  E_RRR(add, K2, K2, K1);
  E_LOAD(lw, K2, 0, K2);
  E_BRANCH(beq, K2, 0, skip);
  E_RRR(tlbw, 0, K3, K2);
  kernel_leave(p);
}

/* Rights are granted when they are missed, as a kernel does after a copy on write. */
static void kernel_protection(struct program *p, uint32_t skip) {
  kernel_walk(p);
  E_LUI(K1, PAGE_TABLES);
  E_RRR(add, K2, K2, K1);
  E_LOAD(lw, K1, 0, K2);
  E_RRI(andi, K0, K1, PTE_HARD);
  E_BRANCH(bne, K0, 0, skip);
  E_RRI(ori, K1, K1, TLB_RIGHTS);
  E_STORE(sw, K1, 0, K2);
  E_RRR(tlbw, 0, K3, K1);
  kernel_leave(p);
}

static void kernel_timer(struct program *p, uint32_t restart) {
  E_LOAD(lw, K1, SAVE_BORED, 0);
  E_RRI(addi, K1, K1, 1);
  E_STORE(sw, K1, SAVE_BORED, 0);
  E_RRI(addi, K2, 0, 1000);
  E_BRANCH(bgeu, K1, K2, restart);
  kernel_new_timer(p);
  kernel_leave(p);
}

static void kernel_device(struct program *p) {
  E_LUI(K1, DEV_CONSOLE);
  E_LOAD(lw, K2, CONSOLE_DATA, K1);
  E_RRI(srli, K0, K0, 20);
  E_RRI(andi, K0, K0, 3);
  if (chance(p->g, 50)) E_STORE(sw, K0, CONSOLE_CTRL, K1); /* perhaps none is wanted for a while */
  kernel_leave(p);
}

/* What a system call may do; K0 is random. Each leaves by itself. */
static void service_space(struct program *p) { /* goes on in another address space */
  E_LOAD(lw, K1, LC_STATUS, 0);
  E_RRI(srli, K0, K0, 14);
  E_RRI(andi, K0, K0, 0x300);
  E_RRR(xor, K1, K1, K0);
  E_STORE(sw, K1, LC_STATUS, 0);
  kernel_leave(p);
}
static void service_invalidate(struct program *p, int32_t scope) {
  E_LUI(K1, 0xFFFFF000);
  E_LOAD(lw, K2, LC_PC, 0);
  E_RRR(and, K1, K1, K2);
  E_LOAD(lw, K2, LC_STATUS, 0);
  E_RRI(srli, K2, K2, ST_ASID_SHIFT);
  E_RRR(or, K1, K1, K2);
  EMIT(tlbi, 0, K1, 0, scope);
  kernel_leave(p);
}
/* Another frame for a heap page in all spaces at once or in one, with or without telling the TLB. */
static void service_remap(struct program *p) {
  const uint32_t page = HEAP / PAGE_SIZE + below(p->g, HEAP_PAGES), space = below(p->g, SPACES);
  emit_li(p, K2, PAGE_TABLES + (space * 32 + page) * 4);
  E_LOAD(lw, K1, 0, K2);
  E_RRI(srli, K3, K0, 28);
  E_RRI(slli, K3, K3, 12);
  E_RRR(xor, K1, K1, K3);
  E_RRI(srli, K3, K0, 25);
  E_RRI(andi, K3, K3, 7);
  E_RRR(xor, K1, K1, K3);
  E_STORE(sw, K1, 0, K2);
  if (chance(p->g, 70)) {
    emit_li(p, K2, page << PAGE_SHIFT | p->asid | space);
    E_RRR(add, K2, K2, R_BASE);
    EMIT(tlbi, 0, K2, 0, (int32_t)below(p->g, 3));
  }
  if (chance(p->g, 50)) E_RRR(tlbw, 0, K2, K1);
  kernel_leave(p);
}
/* A page of code and its twin change places in one space, or it is to be fetched from no more
 * until missed. */
static void service_recode(struct program *p) {
  const uint32_t space = below(p->g, SPACES);
  emit_li(p, K2, PAGE_TABLES + (space * 32 + p->twinned) * 4);
  E_LOAD(lw, K1, 0, K2);
  emit_li(p, K3, chance(p->g, 80) ? (p->twinned ^ TWIN) << PAGE_SHIFT : TLB_X);
  E_RRR(xor, K1, K1, K3);
  E_STORE(sw, K1, 0, K2);
  emit_li(p, K2, p->twinned << PAGE_SHIFT | p->asid | space);
  E_RRR(add, K2, K2, R_BASE);
  if (chance(p->g, 50))
    E_RRR(tlbw, 0, K2, K1);
  else
    EMIT(tlbi, 0, K2, 0, (int32_t)below(p->g, 3));
  kernel_leave(p);
}
static void service_console(struct program *p) {
  E_LUI(K1, DEV_CONSOLE);
  E_STORE(sw, K0, CONSOLE_DATA, K1);
  E_LOAD(lw, K2, CONSOLE_STATUS, K1);
  E_RRI(srli, K0, K0, 20);
  E_STORE(sw, K0, CONSOLE_CTRL, K1);
  kernel_leave(p);
}
/* A word of the pool into code, by its physical address. */
static void service_patch(struct program *p) {
  const uint32_t to = FIRST_CODE + 4 * below(p->g, (FIRST_DATA - FIRST_CODE) / 4);
  emit_li(p, K1, POOL + 4 * below(p->g, 16));
  E_LOAD(lw, K2, 0, K1);
  emit_li(p, K1, to);
  E_STORE(sw, K2, 0, K1);
  kernel_leave(p);
}
static void service_wait(struct program *p) {
  E_OP(wait);
  kernel_new_timer(p);
  kernel_leave(p);
}
static void service_mode(struct program *p) { /* user or kernel, interrupts on or off, from here on */
  E_LOAD(lw, K1, LC_STATUS, 0);
  E_RRI(srli, K0, K0, 27);
  E_RRI(andi, K0, K0, ST_U | ST_IE);
  E_RRR(xor, K1, K1, K0);
  if (chance(p->g, 30)) { /* bits that STATUS does not have */
    emit_li(p, K2, ~ST_MASK);
    E_RRR(or, K1, K1, K2);
  }
  E_RRI(ori, K1, K1, chance(p->g, 50) ? 0xF8 : 0); /* bits that STATUS has not */
  E_STORE(sw, K1, LC_STATUS, 0);
  kernel_new_timer(p);
  kernel_leave(p);
}

/* To an address that is no instruction's. */
static void service_odd(struct program *p) {
  E_LOAD(lw, K1, LC_PC, 0);
  E_RRI(ori, K1, K1, 1 + (int32_t)below(p->g, 3));
  E_STORE(sw, K1, LC_PC, 0);
  kernel_leave(p);
}

static void service(struct program *p) {
  switch (below(p->g, 13)) {
  case 8:
  case 11: service_odd(p); return;
  case 9:
  case 10: service_recode(p); return;
  case 0: service_space(p); return;
  case 1: service_invalidate(p, (int32_t)below(p->g, 3)); return;
  case 2:
  case 3: service_remap(p); return;
  case 4: service_console(p); return;
  case 5: service_patch(p); return;
  case 6: service_wait(p); return;
  case 7: service_mode(p); return;
  default: kernel_restart(p);
  }
}

/* One call in four is served, by one of eight services. */
static void kernel_syscall(struct program *p, uint32_t leave) {
  uint32_t next = 0;
  E_RRI(srli, K1, K0, 13);
  E_RRI(andi, K1, K1, 31);
  for (int32_t i = 0; i < 8; i++) {
    if (next) fill_branch(p, next, PG32_bne, K1, K2);
    E_RRI(addi, K2, 0, i);
    next = hole(p);
    service(p);
  }
  fill_branch(p, next, PG32_bne, K1, K2);
  E_JUMP(0, leave);
}

static void make_kernel(struct program *p) {
  static const uint32_t causes[] = {
      CAUSE_TIMER,      CAUSE_DEVICE,           CAUSE_FETCH_MISS, CAUSE_LOAD_MISS, CAUSE_STORE_MISS,
      CAUSE_FETCH_PROT, CAUSE_LOAD_PROT,        CAUSE_STORE_PROT, CAUSE_SYSCALL,   CAUSE_HCALL,
      CAUSE_BREAK,      CAUSE_FETCH_MISALIGNED, CAUSE_FETCH_BUS};
  enum { N = sizeof causes / sizeof *causes };
  uint32_t where[N];
  p->at = LOW_CODE;
  kernel_leave_here(p);
  p->at = KERNEL;
  const uint32_t leave = p->at;
  kernel_leave(p);
  const uint32_t skip = p->at;
  kernel_skip(p, (int32_t)leave);
  const uint32_t restart = p->at;
  kernel_restart(p);
  p->word[LC_VECTOR / 4] = p->at;
  if (p->fragile) E_LOAD(lh, 0, 0, R_PTR);
  if (chance(p->g, 4)) E_LOAD(lbu, 0, 0, R_LOOP + 2); /* a check-stop if it counts from below 0 */
  for (unsigned i = 0; i < 4; i++) E_STORE(sw, i < 3 ? K0 + i : (unsigned)K3, SAVE_REG + 4 * (int32_t)i, 0);
  kernel_random(p);
  E_LOAD(lw, K1, LC_CAUSE, 0);
  for (unsigned i = 0; i < N; i++) {
    E_RRI(addi, K2, 0, (int32_t)causes[i]);
    where[i] = hole(p);
  }
  E_JUMP(0, skip);
  for (unsigned i = 0; i < N; i++) {
    fill_branch(p, where[i], PG32_beq, K1, K2);
    switch (causes[i]) {
    case CAUSE_TIMER: kernel_timer(p, restart); break;
    case CAUSE_DEVICE: kernel_device(p); break;
    case CAUSE_FETCH_MISS: kernel_miss(p, restart); break;
    case CAUSE_LOAD_MISS:
    case CAUSE_STORE_MISS: kernel_miss(p, skip); break;
    case CAUSE_FETCH_PROT: kernel_protection(p, restart); break;
    case CAUSE_LOAD_PROT:
    case CAUSE_STORE_PROT: kernel_protection(p, skip); break;
    case CAUSE_SYSCALL: kernel_syscall(p, leave); break;
    case CAUSE_HCALL:
    case CAUSE_BREAK: kernel_leave(p); break;
    default: E_JUMP(0, restart);
    }
  }
  if (p->at > PAGE_TABLES) abort();
}

/* ---- address spaces ---- */

static uint32_t page_table_entry(struct program *p, uint32_t page) {
  struct random *g = p->g;
  if (page >= FIRST_CODE / PAGE_SIZE && page < FIRST_DATA / PAGE_SIZE)
    return (page == p->twinned && chance(g, 50) ? TWIN : page) << PAGE_SHIFT | TLB_X |
           (chance(g, 80) ? TLB_R : 0) | (chance(g, 20) ? TLB_W : 0);
  if (page == 0) return DEV_CONSOLE | TLB_R | TLB_W;
  if (page == 1) return DEV_BLOCK | TLB_R | TLB_W;
  if (page == 2) return DEV_CLOCK | TLB_R;
  if (page == 3) return chance(g, 50) ? 0 : 0x40000000 | TLB_RIGHTS; /* beyond RAM */
  const uint32_t rights = chance(g, 70) ? TLB_R | TLB_W : rnd(g) & (TLB_RIGHTS | PTE_HARD);
  if (chance(g, 5)) return 0;
  if (chance(g, 5)) return (FIRST_CODE / PAGE_SIZE + below(g, 12)) << PAGE_SHIFT | rights; /* code, as data */
  if (page < HEAP / PAGE_SIZE || chance(g, 50)) return page << PAGE_SHIFT | rights;
  return (HEAP / PAGE_SIZE + below(g, HEAP_PAGES + 2)) << PAGE_SHIFT | rights;
}

static void make_page_tables(struct program *p) {
  for (uint32_t space = 0; space < SPACES; space++)
    for (uint32_t page = 0; page < 32; page++)
      p->word[PAGE_TABLES / 4 + space * 32 + page] = page_table_entry(p, page);
}

/* ---- functions ---- */

/* Some are favoured for a while, so that a trace is short of host registers, or of uses for them. */
static const uint8_t scratch[] = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 22, 23, 28, 29, 30, 31};
static void choose_favourites(struct program *p) {
  p->favourites = chance(p->g, 20) ? 0 : 1 + below(p->g, FAVOURITES);
  for (unsigned i = 0; i < p->favourites; i++) p->favourite[i] = scratch[below(p->g, sizeof scratch)];
}
static unsigned scratch_register(struct program *p) {
  if (chance(p->g, 4)) return 0;
  if (p->favourites && chance(p->g, 80)) return p->favourite[below(p->g, p->favourites)];
  return scratch[below(p->g, sizeof scratch)];
}
static unsigned pointer_register(struct random *g) { return R_PTR + below(g, PTRS); }

static uint32_t arithmetic_insn(struct program *p) {
  struct random *const g = p->g;
  const unsigned d = scratch_register(p), s = chance(g, 10) ? below(g, 32) : scratch_register(p);
  const enum pg32_id id = (enum pg32_id)(PG32_add + below(g, PG32_auipc - PG32_add + 1));
  const unsigned t = scratch_register(p);
  const int32_t imm15 = chance(g, 60) ? (int32_t)below(g, 64) - 32 : (int32_t)below(g, 32768) - 16384;
  switch (pg32_row(id)->shape) {
  case PG32_SHAPE_RRR: return program_insn(id, d, s, t, 0);
  case PG32_SHAPE_RRI: return program_insn(id, d, s, 0, imm15);
  case PG32_SHAPE_SHIFT: return program_insn(id, d, s, 0, imm15 & 31);
  default: return program_insn(id, d, 0, 0, (int32_t)(rnd(g) >> 12));
  }
}

static uint32_t memory_insn_at(struct program *p, unsigned base, bool calm) {
  struct random *const g = p->g;
  static const enum pg32_id ids[] = {PG32_lw, PG32_sw, PG32_lw, PG32_sw,  PG32_lb,
                                     PG32_lh, PG32_sb, PG32_sh, PG32_lbu, PG32_lhu};
  const enum pg32_id id = ids[below(g, 10)];
  int32_t imm = (int32_t)below(g, 32) * 4;
  if (chance(g, calm ? 1 : 8)) imm = (int32_t)below(g, 32768) - 16384;
  if (chance(g, calm ? 99 : 90)) imm &= ~3;
  if (pg32_row(id)->shape == PG32_SHAPE_STORE) return program_insn(id, 0, base, scratch_register(p), imm);
  return program_insn(id, scratch_register(p), base, 0, imm);
}

/* A word that a program may come to execute by storing it. */
static uint32_t pool_word(struct program *p) {
  struct random *const g = p->g;
  static const enum pg32_id calls[] = {PG32_syscall, PG32_hcall, PG32_break, PG32_fence, PG32_mfst};
  switch (below(g, 20)) {
  case 0: return rnd(g);
  case 1: return 0;
  case 2: return program_insn(PG32_fence, 0, 0, 0, 0);
  case 3: return program_insn(PG32_beq, 0, scratch_register(p), scratch_register(p), 8);
  case 4: return program_insn(PG32_jal, 0, 0, 0, 8);
  case 5: return program_insn(calls[below(g, 5)], 0, 0, 0, 0);
  case 6:
  case 7: return memory_insn_at(p, pointer_register(g), true);
  default: return arithmetic_insn(p);
  }
}

static bool room(const struct program *p, uint32_t words) { return p->at + 4 * words <= p->end; }
static void statements(struct program *p, unsigned n, unsigned self, unsigned depth);
static void privileged(struct program *p);
static void trap_call(struct program *p);

#define X_NONE 32u
/* That leaves a register alone. */
static void arithmetic_beside(struct program *p, unsigned n, unsigned kept) {
  while (n-- > 0) {
    const uint32_t word = arithmetic_insn(p);
    if (pg32_decode(word).rd == kept) continue;
    p->innocent[p->at / 4] = 1;
    emit_word(p, word);
  }
}

/* A register that an instruction of a row may name: mostly one of these, else another. */
static unsigned one_of(struct program *p, unsigned a, unsigned b) {
  return chance(p->g, 10) ? scratch_register(p) : chance(p->g, 50) ? a : b;
}

/* Two shifts and what joins them: mostly a rotation. */
static void rotation(struct program *p) {
  static const enum pg32_id shifts[] = {PG32_slli, PG32_srli, PG32_srai},
                            joins[] = {PG32_or, PG32_add, PG32_xor, PG32_sub};
  const unsigned s = scratch_register(p), t = scratch_register(p), u = one_of(p, s, scratch_register(p));
  const unsigned left = below(p->g, 2), usual = chance(p->g, 90), known = chance(p->g, 20);
  const int32_t n = (int32_t)below(p->g, 32), rest = (32 - n + (usual ? 0 : 1)) & 31;
  if (known) emit_li(p, one_of(p, t, u), rnd(p->g));
  emit_word(p, program_insn(shifts[usual ? left : below(p->g, 3)], t, s, 0, n));
  emit_word(p, program_insn(shifts[1 - left], u, one_of(p, s, s), 0, rest));
  const enum pg32_id join = joins[below(p->g, usual ? 3 : 4)];
  const unsigned d = one_of(p, t, u);
  emit_word(p, program_insn(join, d, chance(p->g, 50) ? t : u, chance(p->g, 50) ? u : t, 0));
  if (known) E_RRI(addi, scratch_register(p), d, 5);
}

/* Two products, mostly of the same factors. */
static void product(struct program *p) {
  const unsigned a = scratch_register(p), b = one_of(p, a, scratch_register(p));
  const enum pg32_id high = (enum pg32_id)(PG32_mulh + below(p->g, 3));
  const bool high_first = chance(p->g, 50);
  for (unsigned i = 0; i < 2; i++) {
    const enum pg32_id id = (i == 0) == high_first ? high : PG32_mul;
    const bool swap = chance(p->g, 25);
    emit_word(p,
              program_insn(id, scratch_register(p), swap ? b : a, one_of(p, swap ? a : b, swap ? a : b), 0));
  }
}

static void arithmetic(struct program *p, unsigned n) {
  if (chance(p->g, 12)) rotation(p);
  if (chance(p->g, 6)) product(p);
  arithmetic_beside(p, n, X_NONE);
}

static void indexed_access(struct program *p) {
  const unsigned t = 5 + below(p->g, 3), ptr = pointer_register(p->g);
  E_RRI(andi, t, scratch_register(p),
        chance(p->g, p->calm ? 98 : 80) ? 0xFFC
        : chance(p->g, 50)              ? 0xFFE
                                        : 0xFFF);
  E_RRR(add, t, t, ptr);
  emit_word(p, memory_insn_at(p, t, p->calm));
}

/* The pointer goes on by a few bytes and stays in its page. */
static void advance(struct program *p) {
  const unsigned ptr = pointer_register(p->g);
  const uint32_t page = HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE;
  if (chance(p->g, 70)) {
    E_RRI(addi, ptr, ptr, (int32_t)(1 + below(p->g, 16)) * 4);
    E_RRI(andi, ptr, ptr, p->calm || chance(p->g, 95) ? 0xFFC : 0xFFF);
    E_LUI(6, page);
    E_RRR(add, ptr, ptr, 6);
  } else {
    E_LUI(ptr, page);
  }
  E_RRR(add, ptr, ptr, R_BASE);
}

/* ---- groups of accesses by one base register ---- */

/* Of any size, near enough to others that what is known of one may be used for another. */
static int32_t group_offset(struct program *p, uint32_t window) {
  const int32_t at = (int32_t)below(p->g, window);
  return chance(p->g, p->calm ? 97 : 85) ? at & ~3 : chance(p->g, 50) ? at & ~1 : at;
}

static void group_access_of(struct program *p, unsigned base, int32_t from, uint32_t window, uint32_t kinds);
static void group_access(struct program *p, unsigned base, int32_t from, uint32_t window) {
  group_access_of(p, base, from, window, chance(p->g, 50) ? 0x1F : 0x7FF);
}

/* kinds: of the table's, a bit each. */
static void group_access_of(struct program *p, unsigned base, int32_t from, uint32_t window, uint32_t kinds) {
  static const enum pg32_id ids[] = {PG32_lw, PG32_sw, PG32_lw,  PG32_sw, PG32_lw, PG32_lb,
                                     PG32_lh, PG32_sb, PG32_lbu, PG32_sh, PG32_lhu};
  unsigned kind = below(p->g, 11);
  while (!(kinds >> kind & 1)) kind = (kind + 1) % 11;
  const enum pg32_id id = ids[kind];
  const int32_t imm = from + group_offset(p, window);
  const unsigned other = scratch_register(p);
  if (pg32_row(id)->shape == PG32_SHAPE_STORE)
    emit_word(p, program_insn(id, 0, base, chance(p->g, 5) ? base : other, imm));
  else
    emit_word(p, program_insn(id, other == base ? 10 : other, base, 0, imm));
}

/* What follows is done every so often only, so that the code around it has become hot: a branch to be filled
 * by often(). */
static uint32_t seldom(struct program *p) {
  static const int32_t every[] = {3, 15, 31, 63, 255};
  const int32_t at = (int32_t)(COUNTERS - POOL + 4 * below(p->g, 48));
  E_LOAD(lw, 6, at, R_POOL);
  E_RRI(addi, 6, 6, 1);
  E_STORE(sw, 6, at, R_POOL);
  E_RRI(andi, 6, 6, every[below(p->g, 5)]);
  return hole(p);
}
static void often(struct program *p, uint32_t where) { fill_branch(p, where, PG32_bne, 6, 0); }

/* What may lie between two accesses of a group; the base stays good. */
static void group_between(struct program *p, unsigned base) {
  switch (below(p->g, 24)) {
  case 0: E_RRI(addi, base, base, chance(p->g, 80) ? 4 * (int32_t)below(p->g, 9) - 16 : 1); return;
  case 1: privileged(p); return;
  case 2: trap_call(p); return;
  case 3:
  case 11:
  case 12: EMIT(mark, 0, base, scratch_register(p), (int32_t)below(p->g, 9)); return;
  case 4:
  case 13: /* its page's entry goes, or is there again */
    E_LUI(6, 0xFFFFF000);
    E_RRR(and, 6, 6, base);
    if (chance(p->g, 70)) {
      E_RRR(mfst, 7, 0, 0);
      E_RRI(srli, 7, 7, ST_ASID_SHIFT);
      E_RRR(or, 6, 6, 7);
    } else {
      E_RRI(ori, 6, 6, (int32_t)(p->asid + below(p->g, SPACES)));
    }
    if (chance(p->g, 50)) {
      EMIT(tlbi, 0, 6, 0, TLBI_PAGE);
    } else {
      emit_li(p, 7, (HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE) | TLB_R | TLB_W);
      E_RRR(tlbw, 0, 6, 7);
    }
    return;
  case 5: /* a branch over the next one or two */
    EMIT(bltu, 0, scratch_register(p), scratch_register(p), 4 + 4 * (int32_t)(1 + below(p->g, 2)));
    arithmetic_beside(p, 1, base);
    return;
  case 6: /* a copy of the base: the same page by another name */
    E_RRI(addi, 7, base, 4 * (int32_t)below(p->g, 4));
    if (base != 7) group_access(p, 7, -16, 64);
    return;
  case 7:
  case 8:
  case 9:
  case 10: arithmetic_beside(p, 1 + below(p->g, 3), base); return;
  default: return;
  }
}

/* Not of registers that group_between writes. */
static unsigned group_base(struct program *p) {
  const unsigned ptr = pointer_register(p->g), t = 28 + below(p->g, 3);
  const uint32_t page = HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE;
  switch (below(p->g, 6)) {
  case 0: E_RRI(addi, t, ptr, (int32_t)(chance(p->g, 50) ? 0 : below(p->g, 4))); return t;
  case 1: /* near the end of a page, or at its beginning */
    emit_li(p, t, page + (chance(p->g, 70) ? 0xFA0 + 4 * below(p->g, 24) : 4 * below(p->g, 6)));
    E_RRR(add, t, t, R_BASE);
    return t;
  case 2:
    E_LUI(ptr, page);
    E_RRI(addi, ptr, ptr, 0xF00 + (int32_t)below(p->g, 64) * 4);
    E_RRR(add, ptr, ptr, R_BASE);
    return ptr;
  case 3: /* the same page elsewhere, if the base is not 0 */ E_RRR(add, t, ptr, R_BASE); return t;
  default: return ptr;
  }
}

static void group(struct program *p) {
  static const uint32_t windows[] = {16, 16, 80, 80, 80, 3000, 9000};
  static const uint32_t kinds[] = {0x7FF, 0x7FF, 0x015, 0x01F,
                                   0x5E0, 0x540, 0x280}; /* bytes and halves, say */
  const unsigned base = group_base(p);
  const int32_t from = chance(p->g, 60) ? 0 : 4 * (int32_t)below(p->g, 64) - 128;
  const uint32_t window = windows[below(p->g, 7)], of = kinds[below(p->g, 7)];
  const bool dense = chance(p->g, 40);
  for (unsigned n = 2 + below(p->g, 8); n > 0; n--) {
    group_access_of(p, base, from, window, of);
    if (!dense || chance(p->g, 20)) group_between(p, base);
  }
  if (chance(p->g, 50)) group_access(p, base, from, window);
}

/* t = some address, of which the low bits may be known and may not be zero. */
static void aligned_address(struct program *p, unsigned t, unsigned ptr, bool odd) {
  static const int32_t masks[] = {0xFFC, 0xFFE, 0xFFE, 0xFFD, 0xFFF, 0x7F8, 0x7FA, 0x3FE};
  E_RRI(andi, t, scratch_register(p), masks[odd ? below(p->g, 8) : 0]);
  for (unsigned n = below(p->g, 3); n > 0; n--) switch (below(p->g, 6)) {
    case 0: E_RRI(slli, t, t, (int32_t)below(p->g, 3)); break;
    case 1: E_RRI(addi, t, t, (int32_t)(odd ? below(p->g, 8) : 4 * below(p->g, 8))); break;
    case 2: E_RRI(srli, t, t, odd ? 1 : 0); break;
    case 3: E_RRR(sub, t, ptr, t); break;
    case 4: E_RRI(andi, t, t, masks[odd ? below(p->g, 8) : 0]); break;
    default: E_RRI(ori, t, t, odd ? (int32_t)below(p->g, 8) : 8);
    }
  if (chance(p->g, 80))
    E_RRR(add, t, chance(p->g, 50) ? ptr : t, t);
  else
    E_RRR(sub, t, ptr, t);
  E_RRI(andi, t, t, odd ? 0xFFF : 0xFFC);
  E_RRR(add, t, chance(p->g, 50) ? ptr : t, t);
}

/* What one instruction makes of known low bits, and an access that must not believe more than that. */
static void alignment_rule(struct program *p) {
  const unsigned t = 28 + below(p->g, 3), ptr = pointer_register(p->g), s = scratch_register(p);
  const bool odd = chance(p->g, p->calm ? 30 : 60);
  const int32_t low = odd ? (int32_t)below(p->g, 8) : 0;
  group_access(p, ptr, 0, 4); /* which tells of ptr */
  switch (below(p->g, 6)) {
  case 0: E_RRI(addi, t, ptr, low); break;
  case 1:
    E_RRI(andi, t, s, 0x3F8 | low);
    E_RRR(add, t, t, ptr);
    break;
  case 2:
    E_RRI(andi, t, s, 0x3F8 | low);
    E_RRI(slli, t, t, (int32_t)below(p->g, 3));
    E_RRR(add, t, ptr, t);
    break;
  case 3:
    E_RRI(andi, t, s, 0x3F8 | low);
    E_RRR(sub, t, ptr, t);
    break;
  case 4:
    E_RRI(addi, t, 0, 0x100 | low);
    E_RRR(add, t, t, ptr);
    break;
  default: E_RRI(xori, t, ptr, low);
  }
  static const enum pg32_id ids[] = {PG32_lw, PG32_lhu, PG32_lw, PG32_lh};
  if (chance(p->g, 30))
    emit_word(p, program_insn(chance(p->g, 80) ? PG32_sw : PG32_sh, 0, t, s, 0));
  else
    emit_word(p, program_insn(ids[below(p->g, 4)], 10, t, 0, 0));
}

/* An address put together bit by bit, and accesses that fit its alignment, or do not. */
static void aligned_access(struct program *p) {
  const unsigned t = 28 + below(p->g, 3), ptr = pointer_register(p->g);
  const bool odd = chance(p->g, p->calm ? 25 : 50);
  if (chance(p->g, 60)) {
    alignment_rule(p);
    return;
  }
  if (chance(p->g, 70)) E_LOAD(lw, scratch_register(p), 4 * (int32_t)below(p->g, 4), ptr);
  aligned_address(p, t, ptr, odd);
  for (unsigned n = 1 + below(p->g, 3); n > 0; n--) {
    group_access(p, t, 0, chance(p->g, 70) ? 4 : 64);
    if (!odd || chance(p->g, 60)) continue;
    if (chance(p->g, 50))
      emit_word(p,
                program_insn((enum pg32_id)(PG32_addi + below(p->g, 4)), t, t, 0, (int32_t)below(p->g, 4)));
    else
      E_RRI(addi, ptr, ptr, (int32_t)below(p->g, 5));
  }
}

/* Data at an address that is known from that of the code. */
static void known_access(struct program *p) {
  const unsigned t = 28 + below(p->g, 3);
  const uint32_t page = (chance(p->g, 80) ? HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE : FIRST_DATA);
  const int32_t from = -(int32_t)(p->at % PAGE_SIZE) + (int32_t)below(p->g, 64) * 4;
  const int32_t odd = (int32_t)(chance(p->g, p->calm ? 10 : 40) ? below(p->g, 4) : 0);
  EMIT(auipc, t, 0, 0, (int32_t)((page - (p->at & ~(PAGE_SIZE - 1))) >> PAGE_SHIFT));
  if (chance(p->g, 40)) E_RRI(addi, t, t, odd);
  if (chance(p->g, 20)) E_RRI(xori, t, t, 0);
  for (unsigned n = 1 + below(p->g, 4); n > 0; n--) group_access(p, t, from, 64);
  if (chance(p->g, 60)) return;
  E_RRI(andi, 6, scratch_register(p), chance(p->g, 70) ? 0x7FC : 0x7FE);
  E_RRR(add, t, t, 6);
  for (unsigned n = 1 + below(p->g, 3); n > 0; n--) group_access(p, t, from, 16);
}

#define FRAME 96
#define FRAME_LOCALS 20 /* below: what the prologue saved */

/* Locals of the frame, as code without enough registers has them. */
static void frame_group(struct program *p) {
  for (unsigned n = 2 + below(p->g, 7); n > 0; n--) {
    group_access(p, R_SP, FRAME_LOCALS, FRAME - FRAME_LOCALS - 4);
    if (chance(p->g, 40)) arithmetic(p, 1);
  }
}

/* Nodes linked in a ring, and a walk along it. */
static void list(struct program *p) {
  const unsigned n = 1 + below(p->g, 4);
  const uint32_t page = HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE;
  const int32_t each = chance(p->g, 70) ? 16 : 1020;
  const uint32_t at = page + 4 * below(p->g, 900);
  if (p->loops == LOOPS) return;
  emit_li(p, 28, at);
  E_RRR(add, 28, 28, R_BASE);
  for (unsigned i = 0; i < n; i++) {
    E_RRI(addi, 29, 28, i + 1 < n ? each : -each * (int32_t)(n - 1));
    E_STORE(sw, 29, 0, 28);
    if (i + 1 < n || n == 1) E_RRR(add, 28, 29, 0);
  }
  E_RRI(addi, R_LOOP + p->loops, 0, 1 + (int32_t)below(p->g, 30));
  const uint32_t top = p->at;
  group_access(p, 28, 4, 8);
  arithmetic_beside(p, below(p->g, 2), 28);
  E_LOAD(lw, 28, 0, 28);
  if (chance(p->g, 50)) group_access(p, 28, 4, 8);
  E_RRI(addi, R_LOOP + p->loops, R_LOOP + p->loops, -1);
  E_BRANCH(bne, R_LOOP + p->loops, 0, top);
}

/* ---- control flow ---- */

/* Out of the innermost loop, seldom. */
static void exit_loop(struct program *p) {
  if (p->loops == 0 || p->in_local || p->exits[p->loops - 1] == EXITS) return;
  struct exit *e = &p->exit[p->loops - 1][p->exits[p->loops - 1]++];
  E_RRI(andi, 6, chance(p->g, 50) ? R_LOOP + p->loops - 1 : scratch_register(p), chance(p->g, 50) ? 31 : 7);
  e->id = chance(p->g, 50) ? PG32_beq : PG32_bltu;
  e->a = 6, e->b = e->id == PG32_beq ? 0 : 7;
  if (e->b) E_RRI(addi, 7, 0, 1 + (int32_t)below(p->g, 3));
  e->where = hole(p);
}

static void loop(struct program *p, unsigned self, unsigned depth) {
  static const uint32_t most[] = {60, 8, 4, 3};
  if (p->loops == LOOPS) return;
  const unsigned counter = R_LOOP + p->loops;
  const int32_t times = 1 + (int32_t)below(p->g, most[depth < 4 ? 3 - depth : 0]);
  const bool up = chance(p->g, 30);
  if (chance(p->g, 50)) choose_favourites(p);
  p->exits[p->loops++] = 0;
  E_RRI(addi, counter, 0, up ? -times : times);
  const uint32_t top = p->at;
  statements(p, 1 + below(p->g, 6), self, depth + 1);
  E_RRI(addi, counter, counter, up ? 1 : -1);
  if (up)
    E_BRANCH(blt, counter, 0, top);
  else
    E_BRANCH(bne, counter, 0, top);
  p->loops--;
  for (unsigned i = 0; i < p->exits[p->loops]; i++) {
    const struct exit *e = &p->exit[p->loops][i];
    fill_branch(p, e->where, e->id, e->a, e->b);
  }
}

static void condition(struct program *p, unsigned self, unsigned depth) {
  const enum pg32_id id = (enum pg32_id)(PG32_beq + below(p->g, 6));
  const unsigned a = scratch_register(p), b = chance(p->g, 40) ? 0 : scratch_register(p);
  if (chance(p->g, 60)) { /* of what has just been computed */
    const unsigned c = chance(p->g, 50) ? a : scratch_register(p), d = scratch_register(p);
    switch (below(p->g, 4)) {
    case 0: E_RRR(add, a, c, d); break;
    case 1: E_RRR(sub, a, c, d); break;
    case 2: E_RRI(addi, a, c, (int32_t)below(p->g, 3) - 1); break;
    default: emit_word(p, arithmetic_insn(p));
    }
  }
  const uint32_t otherwise = hole(p);
  statements(p, 1 + below(p->g, 3), self, depth + 1);
  if (chance(p->g, 50)) {
    const uint32_t end = hole(p);
    fill_branch(p, otherwise, id, a, b);
    statements(p, 1 + below(p->g, 3), self, depth + 1);
    fill_jump(p, end, 0);
  } else {
    fill_branch(p, otherwise, id, a, b);
  }
}

static void call_alone(struct program *p, unsigned self);
/* What is known before a call may not be so after it: values, alignments, and what nobody seems to read. */
static void call(struct program *p, unsigned self) {
  const unsigned kind = below(p->g, 10), a = 5 + below(p->g, 3), ptr = pointer_register(p->g);
  if (kind == 0) {
    E_RRI(addi, a, 0, (int32_t)below(p->g, 4096));
  } else if (kind == 1) {
    E_LOAD(lw, a, 4 * (int32_t)below(p->g, 8), ptr);
  } else if (kind == 2) { /* a rotation, of which only the whole is wanted */
    const unsigned r = 10 + below(p->g, 8);
    const int32_t n = 1 + (int32_t)below(p->g, 31);
    E_RRI(slli, a, r, n);
    E_RRI(srli, 8, r, 32 - n);
    E_RRR(or, r, a, 8);
  }
  const bool jumps = kind == 3 && chance(p->g, 25); /* to an address made before it */
  const uint32_t here = p->at;
  if (jumps) EMIT(auipc, a, 0, 0, 0);
  call_alone(p, self);
  if (jumps) E_LOAD(jalr, 0, (int32_t)(p->at + 4 - here), a);
  if (kind == 0) {
    E_RRI(addi, scratch_register(p), a, (int32_t)below(p->g, 4096));
  } else if (kind == 1) {
    E_LOAD(lw, a, 4 * (int32_t)below(p->g, 8), ptr);
  } else if (kind == 2) {
    E_LUI(a, 0x1000);
    E_LUI(8, 0x2000);
  }
}

/* A later function, so that calls come to an end: directly, by its address,
 * or by one of four in the table. */
static void call_alone(struct program *p, unsigned self) {
  if (self + LEAVES >= FUNCTIONS) return;
  const unsigned leaf = FUNCTIONS - LEAVES + below(p->g, LEAVES);
  const unsigned to = chance(p->g, 60) ? leaf : self + 1 + below(p->g, FUNCTIONS - self - 1);
  switch (below(p->g, 3)) {
  case 0: E_JUMP(R_RA, p->function[to]); return;
  case 1:
    emit_li(p, 6, p->function[to]);
    E_RRR(add, 6, 6, R_BASE);
    if (chance(p->g, 20)) E_RRR(add, 6, 6, R_BASE); /* the same code at another place */
    EMIT(jalr, R_RA, 6, 0, (int32_t)(chance(p->g, 10) ? 1 : 0));
    return;
  default:
    E_RRI(andi, 6, scratch_register(p), 3 * 4);
    E_RRR(add, 6, 6, R_POOL);
    E_LOAD(lw, 6, (int32_t)(TABLE - POOL + (self + 1) * 4), 6);
    E_RRR(add, 6, 6, R_BASE);
    E_LOAD(jalr, R_RA, 0, 6);
  }
}

/* ---- functions inside of a function ---- */

static void return_by(struct program *p, unsigned link) { E_LOAD(jalr, 0, 0, link); }

/* Goes back by a register, perhaps by a way about. */
static void local_leaf(struct program *p, unsigned link) {
  arithmetic_beside(p, below(p->g, 4), link);
  switch (below(p->g, 8)) {
  case 0: /* two ways back, of which one skips an instruction */
    EMIT(bltu, 0, scratch_register(p), scratch_register(p), 8);
    E_RRI(addi, link, link, 4);
    break;
  case 1: /* returns in the middle */
    EMIT(beq, 0, scratch_register(p), 0, 8);
    return_by(p, link);
    arithmetic_beside(p, 1, link);
    break;
  case 2: /* bit 0 does not count, bit 1 does */
    if (chance(p->g, 50))
      E_RRI(ori, link, link, chance(p->g, 95) ? 1 : 2);
    else
      E_RRI(addi, link, link, chance(p->g, 80) ? 1 : 2);
    break;
  case 3: /* by another register */
    E_RRR(add, 31, link, 0);
    arithmetic_beside(p, 1, 31);
    E_RRI(addi, link, 0, 0);
    E_RRR(add, link, 31, 0);
    break;
  case 4: /* not where it came from, but behind here, whence it goes back */
    E_RRR(add, 31, link, 0);
    EMIT(auipc, link, 0, 0, 0);
    E_RRI(addi, link, link, 12);
    return_by(p, link);
    return_by(p, 31);
    return;
  case 5: emit_word(p, memory_insn_at(p, pointer_register(p->g), p->calm)); break;
  default: break;
  }
  return_by(p, link);
}

/* The address in register 6 of a local function that is mostly the same one: another every so often, or for a
 * while. Both go back by the same register. */
static bool mostly_the_same(struct program *p, const struct local *l) {
  const struct local *other = &p->local[below(p->g, p->locals)];
  const int32_t counter = (int32_t)(COUNTERS - POOL + 4 * below(p->g, 48)),
                bits = 1 + (int32_t)below(p->g, 9);
  if (other->link != l->link) return false;
  E_LOAD(lw, 6, counter, R_POOL);
  E_RRI(addi, 6, 6, 1);
  E_STORE(sw, 6, counter, R_POOL);
  if (chance(p->g, 50)) { /* 7 = all ones, or none */
    E_RRI(andi, 7, 6, (1 << bits) - 1);
    E_RRI(sltiu, 7, 7, 1);
  } else {
    E_RRI(srli, 7, 6, bits);
    E_RRI(andi, 7, 7, 1);
  }
  E_RRR(sub, 7, 0, 7);
  const uint32_t low = l->at < other->at ? l->at : other->at;
  E_RRI(andi, 7, 7, (int32_t)(l->at + other->at - 2 * low));
  const uint32_t here = p->at;
  EMIT(auipc, 6, 0, 0, 0);
  E_RRI(addi, 6, 6, (int32_t)(low - here));
  E_RRR(add, 6, 6, 7);
  return true;
}

static void call_local(struct program *p) {
  if (p->locals == 0) return;
  const struct local *l = &p->local[below(p->g, p->locals)];
  if (chance(p->g, 30) && mostly_the_same(p, l)) {
    const bool same = chance(p->g, 30); /* register for both addresses */
    if (same) E_RRR(add, l->link, 6, 0);
    E_LOAD(jalr, l->link, 0, same ? l->link : 6u);
    arithmetic(p, 1);
    return;
  }
  if (chance(p->g, 70)) {
    E_JUMP(l->link, l->at);
  } else { /* where it goes is known to whoever looks at both */
    const int32_t distance = (int32_t)(l->at - p->at);
    EMIT(auipc, 6, 0, 0, 0);
    E_LOAD(jalr, l->link, distance, 6);
  }
  arithmetic(p, 1); /* which may be skipped */
}

/* With a frame of its own, calls and what else there is. */
static void local_nested(struct program *p, unsigned self) {
  E_RRI(addi, R_SP, R_SP, -FRAME);
  E_STORE(sw, R_RA, 0, R_SP);
  if (p->locals) call_local(p);
  statements(p, 1 + below(p->g, 4), self, 4);
  E_LOAD(lw, R_RA, 0, R_SP);
  E_RRI(addi, R_SP, R_SP, FRAME);
  return_by(p, R_RA);
}

/* Calls itself up to seven times. */
static uint32_t local_recursive(struct program *p) {
  E_RRI(andi, 10, 10, 7);
  const uint32_t entry = p->at;
  E_RRI(addi, R_SP, R_SP, -16);
  E_STORE(sw, R_RA, 12, R_SP);
  const uint32_t last = hole(p);
  E_STORE(sw, 10, 8, R_SP);
  E_RRI(addi, 10, 10, -1);
  E_JUMP(R_RA, entry);
  E_LOAD(lw, 11, 8, R_SP);
  E_RRR(add, 12, 12, 11);
  fill_branch(p, last, PG32_beq, 10, 0);
  E_LOAD(lw, R_RA, 12, R_SP);
  E_RRI(addi, R_SP, R_SP, 16);
  return_by(p, R_RA);
  return entry - 4;
}

/* Calls a function that at times goes back to where this one was called, past it; or that changes where this
 * one goes back to. */
static void local_unwound(struct program *p) {
  const bool past = chance(p->g, 50);
  E_RRI(addi, R_SP, R_SP, -16);
  E_STORE(sw, R_RA, 0, R_SP);
  E_STORE(sw, R_RA, 4, R_SP);
  const uint32_t inner = hole(p);
  arithmetic_beside(p, below(p->g, 3), R_RA);
  E_LOAD(lw, 31, 4, R_SP);
  E_LOAD(lw, R_RA, 0, R_SP);
  E_RRI(addi, R_SP, R_SP, 16);
  return_by(p, R_RA);
  const uint32_t by_another = p->at;
  return_by(p, 31);
  fill_jump(p, inner, R_RA);
  const uint32_t over = seldom(p);
  if (past) {
    E_LOAD(lw, R_RA, 0, R_SP);
    E_RRI(addi, R_SP, R_SP, 16);
  } else {
    EMIT(auipc, 7, 0, 0, 0);
    E_RRI(addi, 7, 7, (int32_t)(by_another - p->at + 4));
    E_STORE(sw, 7, 0, R_SP);
  }
  often(p, over);
  return_by(p, R_RA);
}

/* Calls itself without ever going back to itself; or goes back to 0 or 1 at times. */
static void local_lost(struct program *p) {
  if (chance(p->g, 30)) {
    const uint32_t over = seldom(p);
    E_RRI(addi, R_RA, 0, (int32_t)below(p->g, 2));
    often(p, over);
    return_by(p, R_RA);
    return;
  }
  E_RRR(add, 31, R_RA, 0);
  E_RRI(andi, 6, scratch_register(p), chance(p->g, 20) ? 0x7FF : 15);
  const uint32_t top = p->at;
  E_RRI(addi, 6, 6, -1);
  E_BRANCH(bge, 0, 6, p->at + 8);
  E_JUMP(R_RA, top);
  return_by(p, 31);
}

/* Jumped over where it stands. */
static void local_function(struct program *p, unsigned self) {
  if (p->locals == LOCALS || p->in_local) return;
  const unsigned loops = p->loops, kind = below(p->g, 11);
  struct local l = {.link = kind == 0 ? 5 : R_RA};
  const uint32_t over = hole(p);
  l.at = p->at;
  p->in_local = true;
  p->loops = LOOPS; /* none in here: the counters are the caller's */
  if (kind < 4)
    local_leaf(p, l.link);
  else if (kind < 7)
    local_nested(p, self);
  else if (kind < 8)
    local_unwound(p);
  else if (kind < 9)
    local_lost(p);
  else
    local_recursive(p);
  p->in_local = false;
  p->loops = loops;
  fill_jump(p, over, 0);
  p->local[p->locals++] = l;
  call_local(p);
}

/* One of four places by a computed address. */
static void jump_table(struct program *p) {
  E_RRI(andi, 6, scratch_register(p), 3);
  E_RRI(slli, 6, 6, 3);
  EMIT(auipc, 7, 0, 0, 0);
  E_RRR(add, 7, 7, 6);
  E_LOAD(jalr, chance(p->g, 80) ? 0 : R_RA, 12, 7);
  for (uint32_t i = 0; i < 4; i++) {
    emit_word(p, arithmetic_insn(p));
    EMIT(jal, 0, 0, 0, (int32_t)(28 - 8 * i));
  }
}
/* after the fourth pair, where all of them go: 28 - 8 i bytes from the jump of pair i */

/* A word of the pool into the first instruction of a function's body, which is an innocent one so far. */
static void patch_function(struct program *p) {
  if (chance(p->g, 50)) {
    E_LOAD(lw, 6, (int32_t)below(p->g, 16) * 4, R_POOL);
  } else {
    E_RRI(andi, 6, scratch_register(p), 15 * 4);
    E_RRR(add, 6, 6, R_POOL);
    E_LOAD(lw, 6, 0, 6);
  }
  emit_li(p, 7, p->function[FUNCTIONS - 1 - below(p->g, chance(p->g, 70) ? LEAVES : FUNCTIONS - 1)] + SLOT);
  E_RRR(add, 7, 7, R_BASE);
  E_STORE(sw, 6, 0, 7);
}

/* A word of the pool into code near by: the very next instruction, this block, this page or another. */
static void patch_near(struct program *p) {
  static const uint32_t reach[] = {2, 10, 60, 1500};
  const uint32_t words = reach[below(p->g, 4)];
  int32_t at = 4 * (int32_t)below(p->g, words);
  if (chance(p->g, 40)) at = -at;
  if (chance(p->g, 30)) at = 8; /* the instruction after the store */
  E_LOAD(lw, 6, (int32_t)below(p->g, 16) * 4, R_POOL);
  EMIT(auipc, 7, 0, 0, 0);
  if (chance(p->g, 90))
    E_STORE(sw, 6, at, 7);
  else
    E_STORE(sb, 6, at, 7);
  emit_word(p, arithmetic_insn(p));
}

/* Some arithmetic not far before or behind `at`, or 0. */
static uint32_t innocent_near(struct program *p) {
  for (unsigned tries = 0; tries < 16; tries++) {
    const uint32_t at = p->at - 4 * below(p->g, chance(p->g, 50) ? 30 : 800);
    if (at >= FIRST_CODE && p->innocent[at / 4]) return at;
  }
  return 0;
}

/* Other operands, to and fro, for an instruction that was not long ago, or for the one after the store. */
static void patch_operand(struct program *p) {
  const bool next = chance(p->g, 30);
  const uint32_t size = below(p->g, 3), place = next ? p->at + (size == 2 ? 20u : 16u) : innocent_near(p);
  if (place == 0) return;
  const int32_t at = (int32_t)(place - p->at);
  EMIT(auipc, 7, 0, 0, 0);
  E_LOAD(lw, 6, at, 7);
  E_RRI(xori, 6, 6, 0x400); /* rs2, or a bit of an immediate */
  if (size == 2) E_RRI(srli, 6, 6, 8);
  if (size == 0) E_STORE(sw, 6, at, 7);
  if (size == 1) E_STORE(sh, 6, at, 7);
  if (size == 2) E_STORE(sb, 6, at + 1, 7);
  arithmetic(p, 1);
}

static void patch(struct program *p) {
  const uint32_t over = chance(p->g, 80) ? seldom(p) : 0;
  const uint32_t kind = below(p->g, 10);
  if (kind < 2)
    patch_function(p);
  else if (kind < 4)
    patch_near(p);
  else
    patch_operand(p);
  if (over) often(p, over);
}

/* A word of data between the instructions, counted up: stores into a page of code that change no code. */
static void count_in_code(struct program *p) {
  EMIT(jal, 0, 0, 0, 8);
  emit_word(p, rnd(p->g));
  EMIT(auipc, 7, 0, 0, 0);
  E_LOAD(lw, 6, -4, 7);
  E_RRI(addi, 6, 6, 1);
  E_STORE(sw, 6, -4, 7);
  if (chance(p->g, 50)) E_STORE(sw, 6, -4, 7);
}

/* A sector into code, or any page to the disk; nothing happens where there is no disk. */
static void transfer(struct program *p) {
  E_LUI(6, DEV_BLOCK);
  E_RRI(andi, 7, scratch_register(p), DISK_SECTORS - 1);
  E_STORE(sw, 7, BLOCK_SECTOR, 6);
  const bool in = chance(p->g, 60);
  emit_li(p, 7, in ? p->at + 4 * below(p->g, 512) : HEAP + 4 * below(p->g, 4096));
  E_STORE(sw, 7, BLOCK_ADDR, 6);
  E_RRI(addi, 7, 0, chance(p->g, 80));
  E_STORE(sw, 7, BLOCK_COUNT, 6);
  E_RRI(addi, 7, 0, in ? BLOCK_READ : BLOCK_WRITE);
  E_STORE(sw, 7, BLOCK_CMD, 6);
  E_LOAD(lw, scratch_register(p), BLOCK_STATUS, 6);
}

static void device(struct program *p) {
  static const uint32_t registers[] = {DEV_CONSOLE + CONSOLE_DATA, DEV_CONSOLE + CONSOLE_STATUS,
                                       DEV_CLOCK + CLOCK_LO, DEV_CLOCK + CLOCK_HI,
                                       DEV_CONSOLE + CONSOLE_CTRL};
  const uint32_t at = registers[below(p->g, 5)];
  if (chance(p->g, 15)) {
    transfer(p);
    return;
  }
  E_LUI(6, at);
  if (chance(p->g, 60))
    E_LOAD(lw, scratch_register(p), (int32_t)(at & 0xFFF), 6);
  else
    E_STORE(sw, scratch_register(p), (int32_t)(at & 0xFFF), 6);
}

/* Into a register that has just been read, or whose value is known; and read again. */
static void status_into(struct program *p) {
  const unsigned d = scratch_register(p);
  if (chance(p->g, 50))
    E_RRI(addi, scratch_register(p), d, 1);
  else
    E_RRI(addi, d, 0, (int32_t)below(p->g, 2048));
  E_RRR(mfst, d, 0, 0);
  E_RRI(addi, scratch_register(p), d, (int32_t)below(p->g, 2048));
}

/* The page it is in, or its whole space. */
static void invalidate_itself(struct program *p) {
  E_RRR(mfst, 7, 0, 0);
  E_RRI(srli, 7, 7, ST_ASID_SHIFT);
  EMIT(auipc, 6, 0, 0, 0);
  E_RRI(srli, 6, 6, PAGE_SHIFT);
  E_RRI(slli, 6, 6, PAGE_SHIFT);
  E_RRR(or, 6, 6, 7);
  EMIT(tlbi, 0, 6, 0, 1 + (int32_t)below(p->g, 2));
}

/* Which is a trap in user mode, and something else in kernel mode. */
static void privileged(struct program *p) {
  if (p->calm && chance(p->g, 70)) return;
  const unsigned t = 6;
  switch (below(p->g, 8)) {
  case 0: status_into(p); return;
  case 6: invalidate_itself(p); return;
  case 1:
  case 2: /* interrupts or translation the other way; code is at the same place under both if the base is 0 */
    E_RRR(mfst, t, 0, 0);
    if (chance(p->g, 40)) /* or another address space, where pages of code may be others */
      E_RRI(xori, t, t, (int32_t)(1 + below(p->g, SPACES - 1)) << ST_ASID_SHIFT);
    else
      E_RRI(xori, t, t, chance(p->g, 80) ? ST_IE : chance(p->g, 80) ? ST_T : ST_U);
    if (chance(p->g, 30)) E_RRI(ori, t, t, 0xF8); /* bits that STATUS has not */
    E_RRR(mtst, 0, t, 0);
    return;
  case 3:
    E_LUI(t, 0xFFFFF000);
    E_RRR(and, t, t, scratch_register(p));
    E_RRI(ori, t, t, (int32_t)(p->asid + below(p->g, SPACES)));
    EMIT(tlbi, 0, t, 0, (int32_t)below(p->g, 3));
    return;
  case 4: /* an entry for a heap page, or none that is used */
    emit_li(p, 6, (HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE) | (p->asid + below(p->g, SPACES)));
    E_RRR(add, 6, 6, R_BASE);
    emit_li(p, 7, (HEAP + below(p->g, HEAP_PAGES) * PAGE_SIZE) | below(p->g, 8));
    E_RRR(tlbw, 0, 6, 7);
    return;
  case 5: E_OP(wait); return;
  default:
    if (chance(p->g, 30)) E_OP(rfe);
  }
}

static void trap_call(struct program *p) {
  if (p->calm && chance(p->g, 70)) return;
  switch (below(p->g, 8)) {
  case 0: E_OP(hcall); return;
  case 1: E_OP(break); return;
  case 2: E_OP(fence); return;
  case 3: EMIT(mark, 0, scratch_register(p), scratch_register(p), (int32_t)below(p->g, 32768)); return;
  default: E_OP(syscall);
  }
}

static void trap(struct program *p, enum statement kind) {
  const uint32_t over = chance(p->g, 50) ? seldom(p) : 0;
  if (kind == S_DEVICE)
    device(p);
  else if (kind == S_PRIVILEGED)
    privileged(p);
  else
    trap_call(p);
  if (over) often(p, over);
}

static enum statement any_statement(struct program *p) {
  uint32_t at = below(p->g, p->weights);
  unsigned kind = 0;
  while (at >= p->weight[kind]) at -= p->weight[kind++];
  return (enum statement)kind;
}

static void statement(struct program *p, unsigned self, unsigned depth) {
  if (!room(p, 160)) return;
  const enum statement kind = any_statement(p);
  switch (kind) {
  case S_ARITHMETIC: arithmetic(p, 1 + below(p->g, chance(p->g, 6) ? 100 : 5)); return;
  case S_ACCESS: emit_word(p, memory_insn_at(p, pointer_register(p->g), p->calm)); return;
  case S_INDEXED: indexed_access(p); return;
  case S_ALIGNED: aligned_access(p); return;
  case S_KNOWN: known_access(p); return;
  case S_GROUP: group(p); return;
  case S_FRAME: frame_group(p); return;
  case S_LIST: list(p); return;
  case S_ADVANCE: advance(p); return;
  case S_LOOP:
    if (depth < 4) loop(p, self, depth);
    return;
  case S_CONDITION:
    if (depth < 5) condition(p, self, depth);
    return;
  case S_EXIT: exit_loop(p); return;
  case S_CALL: call(p, self); return;
  case S_LOCAL: local_function(p, self); return;
  case S_CALL_LOCAL: call_local(p); return;
  case S_JUMP_TABLE: jump_table(p); return;
  case S_PATCH: patch(p); return;
  case S_COUNT_IN_CODE: count_in_code(p); return;
  case S_DEVICE:
  case S_PRIVILEGED:
  case S_TRAP: trap(p, kind); return;
  default:
    if (chance(p->g, 20)) emit_word(p, pool_word(p));
  }
}

static void statements(struct program *p, unsigned n, unsigned self, unsigned depth) {
  while (n-- > 0) statement(p, self, depth);
}

static void prologue(struct program *p) {
  E_RRI(addi, R_SP, R_SP, -FRAME);
  E_STORE(sw, R_RA, 0, R_SP);
  for (unsigned i = 0; i < LOOPS; i++) E_STORE(sw, R_LOOP + i, 4 + 4 * (int32_t)i, R_SP);
}
static void epilogue(struct program *p) {
  E_LOAD(lw, R_RA, 0, R_SP);
  for (unsigned i = 0; i < LOOPS; i++) E_LOAD(lw, R_LOOP + i, 4 + 4 * (int32_t)i, R_SP);
  E_RRI(addi, R_SP, R_SP, FRAME);
  E_LOAD(jalr, 0, 0, R_RA);
}

static void make_function(struct program *p, unsigned self) {
  p->at = p->function[self];
  p->end = self + 1 < FUNCTIONS ? p->function[self + 1] : FIRST_DATA;
  p->locals = 0;
  choose_favourites(p);
  prologue(p);
  if (p->at != p->function[self] + SLOT) abort();
  arithmetic(p, 1);
  if (self + LEAVES < FUNCTIONS)
    statements(p, 4 + below(p->g, 40), self, 0);
  else
    statements(p, 1 + below(p->g, 4), self, 4);
  epilogue(p);
  if (p->at > p->end) abort();
}

/* Whoever comes here from the kernel has nothing but R_BASE. */
static void make_main(struct program *p) {
  p->at = p->main = p->function[0];
  p->end = p->function[1];
  emit_li(p, R_SP, p->stack);
  E_RRR(add, R_SP, R_SP, R_BASE);
  emit_li(p, R_POOL, POOL);
  E_RRR(add, R_POOL, R_POOL, R_BASE);
  for (unsigned i = 0; i < PTRS; i++) {
    emit_li(p, R_PTR + i, HEAP + PAGE_SIZE * below(p->g, HEAP_PAGES) + 4 * below(p->g, 900));
    E_RRR(add, R_PTR + i, R_PTR + i, R_BASE);
  }
  const uint32_t top = p->at;
  for (unsigned n = 1 + below(p->g, 6); n > 0; n--) {
    call(p, 0);
    statements(p, below(p->g, 4), 0, 1);
  }
  E_OP(syscall);
  E_JUMP(0, top);
}

/* Where functions begin, with room for each; most straddle a page or two. Or all at the same offset of their
 * pages, where one page may be taken for another. */
static void place_functions(struct program *p) {
  const uint32_t each = (FIRST_DATA - FIRST_CODE) / FUNCTIONS & ~3u;
  const bool alike = chance(p->g, 40);
  for (unsigned i = 0; i < FUNCTIONS; i++)
    p->function[i] = FIRST_CODE + i * each + 4 * (alike ? 20 : below(p->g, i ? 300 : 40));
}

/* How often each kind of statement comes; what a program has much of, and not at all, is up to chance. */
static void choose_weights(struct program *p) {
  static const uint16_t usual[STATEMENTS] = {
      [S_ARITHMETIC] = 320, [S_ACCESS] = 100, [S_INDEXED] = 50,      [S_ALIGNED] = 50, [S_GROUP] = 80,
      [S_KNOWN] = 30,       [S_FRAME] = 40,   [S_LIST] = 20,         [S_ADVANCE] = 40, [S_LOOP] = 80,
      [S_CONDITION] = 80,   [S_EXIT] = 40,    [S_CALL] = 60,         [S_LOCAL] = 40,   [S_CALL_LOCAL] = 60,
      [S_JUMP_TABLE] = 20,  [S_PATCH] = 30,   [S_COUNT_IN_CODE] = 5, [S_DEVICE] = 15,  [S_PRIVILEGED] = 20,
      [S_TRAP] = 30,        [S_ANY] = 10};
  static const uint8_t times[] = {0, 1, 2, 2, 2, 2, 4, 10};
  p->weights = 0;
  for (unsigned i = 0; i < STATEMENTS; i++) {
    p->weight[i] = (uint16_t)(usual[i] * (i == S_ARITHMETIC ? 2 : times[below(p->g, 8)]));
    p->weights += p->weight[i];
  }
}

/* Some of it zero, as at the start of real programs, and some pages never written. */
static void fill_heap(struct program *p) {
  for (uint32_t page = 0; page < HEAP_PAGES; page++) {
    if (chance(p->g, 25)) continue;
    for (uint32_t i = 0; i < PAGE_SIZE / 4; i++)
      if (rnd(p->g) & 3) p->word[HEAP / 4 + page * (PAGE_SIZE / 4) + i] = rnd(p->g);
  }
}

/* The same page of code, but that some arithmetic is other arithmetic. */
static void make_twin(struct program *p) {
  for (uint32_t i = 0; i < PAGE_SIZE / 4; i++) {
    const uint32_t from = p->twinned * (PAGE_SIZE / 4) + i;
    const bool other = p->innocent[from] && chance(p->g, 30);
    p->word[TWIN * (PAGE_SIZE / 4) + i] = other ? arithmetic_insn(p) : p->word[from];
  }
}

/* Writes a whole program; p->g stays the caller's. It starts in the kernel at PROGRAM_START with all
 * registers 0. */
#define PROGRAM_START(p) ((p)->word[LC_VECTOR / 4])
static void make_program(struct program *p, struct random *g) {
  memset(p, 0, sizeof *p);
  p->g = g;
  p->calm = chance(g, 50);
  p->low_code = chance(g, 10);
  p->asid = chance(g, 80) ? 4 * below(g, 64) : 0;
  p->stack = STACK + 4 * below(g, 200);
  p->twinned = FIRST_CODE / PAGE_SIZE + below(g, (FIRST_DATA - FIRST_CODE) / PAGE_SIZE);
  p->bases = chance(g, 70) ? 0x80060000u : chance(g, 50) ? 0x80000000u : 0xFFFE0000u;
  p->fragile = chance(g, 6);
  if (p->fragile) p->bases = 0;
  choose_weights(p);
  place_functions(p);
  make_main(p);
  for (unsigned i = 1; i < FUNCTIONS; i++) make_function(p, i);
  make_twin(p);
  fill_heap(p);
  make_page_tables(p);
  make_kernel(p);
  for (uint32_t i = 0; i < 16; i++) {
    p->word[POOL / 4 + i] = pool_word(p);
    p->word[TABLE / 4 + i] = p->function[i + 1 < FUNCTIONS ? i + 1 : FUNCTIONS - 1];
  }
  p->word[SAVE_MAIN / 4] = p->main;
  p->word[SAVE_RANDOM / 4] = rnd(g);
  p->word[LC_CAUSE / 4] = CAUSE_FETCH_BUS; /* as if: the kernel starts over */
}

/* A disk of instruction words, for those machines that have one. */
static void make_disk(struct program *p, uint32_t *words) {
  for (uint32_t i = 0; i < DISK_SECTORS * BLOCK_SECTOR_BYTES / 4; i++) words[i] = pool_word(p);
}

#endif
