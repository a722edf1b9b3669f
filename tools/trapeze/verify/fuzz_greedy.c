/* fuzz_greedy.c - hostile guests that are after time. A random machine seldom does the same for long; a greedy guest goes
 * round a loop of a few fragments that it draws once. Each makes work for the kernel or the VMM with few instructions of
 * its own: it walks over pages, writes entries of many ASIDs, invalidates, changes the address space, stores into its own
 * code. Whoever forgets to charge such work to the guest takes it from the neighbours. */
#include "fuzz.h"
#include "isa/para.h"

enum {
  USER = CODE_END - PAGE_SIZE, /* a page with a system call in it */
  RAM = 2 << 20,
};
/* Registers: where the loop goes on after a trap; the page and the ASID that come next; how often yet. */
enum { NEXT = 28, AT = 20, AS = 21, COUNT = 23, HI = 10, LO = 11, T = 9 };

/* ---- fragments ---- */

/* The next page of RAM, any number of pages further on. */
static void step(struct code *c, uint64_t *seed) {
  LUI(T, PAGE_SIZE * (1 + fuzz_below(seed, 5))), RRR(add, AT, AT, T);
  LUI(T, RAM - PAGE_SIZE), RRR(and, AT, AT, T);
}

/* (Stores go to the upper half, where the guest has nothing.) */
static void walk(struct code *c, uint64_t *seed) {
  step(c, seed);
  if (fuzz_below(seed, 2)) {
    LOAD(T, 0, AT);
    return;
  }
  LUI(T, RAM / 2), RRR(or, T, T, AT);
  STORE(T, 0, T);
}

/* HI, LO = an entry for that page in the next ASID. */
static void next_entry(struct code *c) {
  RRI(addi, AS, AS, 1), RRI(andi, AS, AS, TLB_ASID_MASK);
  RRR(or, HI, AT, AS), RRI(ori, LO, AT, TLB_RIGHTS);
}

static void write_entry(struct code *c, uint64_t *seed) {
  step(c, seed);
  next_entry(c);
  RRR(tlbw, 0, HI, LO);
}

static void invalidate(struct code *c, uint64_t *seed) {
  next_entry(c);
  code_emit(c, PG32_tlbi, 0, HI, 0, (int32_t)fuzz_below(seed, 3));
}

/* PC and STATUS of a process in the next ASID, HI and LO its page. */
static void next_process(struct code *c) {
  LUI(AT, USER);
  next_entry(c);
  STORE(AT, LC_PC, 0);
  RRI(slli, T, AS, ST_ASID_SHIFT), RRI(ori, T, T, ST_U | ST_T), STORE(T, LC_STATUS, 0);
}

static void change_space(struct code *c, uint64_t *seed) {
  (void)seed;
  next_process(c);
  RRR(tlbw, 0, HI, LO);
  RRR(rfe, 0, 0, 0);
}

/* Interrupts on, or off again. */
static void toggle(struct code *c, uint64_t *seed) {
  (void)seed;
  code_emit(c, PG32_mfst, T, 0, 0, 0);
  RRI(xori, T, T, ST_IE);
  code_emit(c, PG32_mtst, 0, T, 0, 0);
}

static void load_device(struct code *c, uint64_t *seed) {
  LUI(T, DEV_BASE + PAGE_SIZE * fuzz_below(seed, (DEV_END - DEV_BASE) / PAGE_SIZE));
  LOAD(T, 4, T);
}

static void store_code(struct code *c, uint64_t *seed) {
  LUI(T, fuzz_below(seed, 2) ? CODE : USER);
  STORE(0, PAGE_SIZE - 8, T);
}

static void trap(struct code *c, uint64_t *seed) {
  switch (fuzz_below(seed, 3)) {
  case 0: RRR(syscall, 0, 0, 0); break;
  case 1: RRR(hcall, 0, 0, 0); break;
  default: code_emit(c, PG32_break, 0, 0, 0, 0);
  }
}

/* ---- the same of a guest that knows that it is one ---- */

static void call(struct code *c, uint32_t number) {
  RRI(addi, 17, 0, (int32_t)number);
  RRR(hcall, 0, 0, 0);
}

static void iret(struct code *c, uint64_t *seed) {
  (void)seed;
  next_process(c);
  STORE(HI, PARA_OPS, 0), STORE(LO, PARA_OPS + 4, 0);
  RRI(addi, T, 0, 1), STORE(T, PARA_NOPS, 0);
  call(c, HCALL_IRET);
}

static void flush(struct code *c, uint64_t *seed) {
  const int32_t n = (int32_t)fuzz_below(seed, PARA_OPS_MAX + 1);
  const uint32_t op = fuzz_below(seed, 4) << 8;
  for (int32_t i = 0; i < n; i++) {
    step(c, seed);
    next_entry(c);
    RRI(ori, HI, HI, (int32_t)op);
    STORE(HI, PARA_OPS + 8 * i, 0), STORE(LO, PARA_OPS + 8 * i + 4, 0);
  }
  RRI(addi, T, 0, n), STORE(T, PARA_NOPS, 0);
  call(c, HCALL_FLUSH);
}

static void any_call(struct code *c, uint64_t *seed) {
  call(c, (uint32_t[]){0, HCALL_START, HCALL_FLUSH, HCALL_KICK}[fuzz_below(seed, 4)]);
}

/* ---- the loop ---- */

typedef void fragment(struct code *c, uint64_t *seed);
static fragment *const plain[] = {walk,   write_entry, invalidate, change_space,
                                  toggle, load_device, store_code, trap};
static fragment *const told[] = {walk, iret, flush, any_call, store_code};

/* Once, or some times in turn. After a trap, the guest goes on behind it. */
static void emit_fragment(struct code *c, fragment *f, uint64_t *seed) {
  const uint32_t start = c->at;
  const int32_t times = fuzz_below(seed, 2) ? 1 : 1 + (int32_t)fuzz_below(seed, 400);
  c->at += 8;
  RRI(addi, COUNT, 0, times);
  const uint32_t body = c->at;
  f(c, seed);
  RRI(addi, COUNT, COUNT, -1);
  code_emit(c, PG32_bne, 0, COUNT, 0, (int32_t)(body - c->at));
  const uint32_t end = c->at;
  c->at = start;
  LUI(NEXT, end), RRI(addi, NEXT, NEXT, (int32_t)(end & (PAGE_SIZE - 1)));
  c->at = end;
}

static void emit_loop(struct code *c, uint64_t *seed, fragment *const *from, uint32_t n) {
  for (uint32_t k = fuzz_below(seed, 2) ? 1 : 2 + fuzz_below(seed, 3); k--;)
    emit_fragment(c, from[fuzz_below(seed, n)], seed);
  code_emit(c, PG32_jal, 0, 0, 0, CODE - (int32_t)c->at);
}

static void emit_user(struct code *c) { RRR(syscall, 0, 0, 0); }

void greedy_tables(uint8_t *image, uint64_t *seed) {
  emit_user(&(struct code){image, USER});
  emit_loop(&(struct code){image, CODE}, seed, plain, sizeof plain / sizeof *plain);
}

void greedy_para_tables(uint8_t *image, uint64_t *seed) {
  emit_user(&(struct code){image, USER});
  emit_loop(&(struct code){image, CODE}, seed, told, sizeof told / sizeof *told);
}

/* ---- the handler, with which the guest also starts ---- */

static void emit_return(struct code *c) {
  LUI(T, BASE), STORE(T, LC_VECTOR, 0);
  code_emit(c, PG32_bne, 0, NEXT, 0, 8), LUI(NEXT, CODE);
  STORE(NEXT, LC_PC, 0), STORE(0, LC_STATUS, 0);
}

void greedy_handler(struct code *c) {
  emit_return(c);
  RRR(rfe, 0, 0, 0);
}

void greedy_para_handler(struct code *c) {
  emit_return(c);
  call(c, HCALL_IRET);
}
