/* fuzz_para.c - the hostile handler of a guest that knows that it is one. Each time it puts random operations into the
 * queue, a random word somewhere into the shared page, and makes a random hypercall, most often an IRET into the random
 * code. If the call comes back, the next one follows at once: sequences of hypercalls. */
#include <string.h>

#include "fuzz.h"
#include "isa/para.h"

/* Tables of 64 words each, behind those of fuzz.h. A request for the disk is four words. */
enum { COUNTS = 0x600, CALLS = 0x700, WORDS = 0x800, REQUESTS = 0x900 };
enum { OPS = 3 }; /* that are new each time */

static bool one_in(uint64_t *seed, uint32_t n) { return fuzz_below(seed, n) == 0; }

/* ---- the handler ---- */

/* x11 = a word of the table. */
static void pick(struct code *c, int32_t table, int shift) {
  code_choose(c, 10, shift);
  LOAD(11, table, 10);
}

/* The next place, STATUS and TIMER. */
static void emit_low_core(struct code *c) {
  LUI(7, BASE), STORE(7, LC_VECTOR, 0);
  LUI(8, CODE_END - CODE), RRI(addi, 8, 8, -4), RRR(and, 9, 6, 8);
  LUI(8, CODE), RRR(add, 9, 9, 8), STORE(9, LC_PC, 0);
  pick(c, STATUSES, 15), STORE(11, LC_STATUS, 0);
  pick(c, TIMERS, 21), STORE(11, LC_TIMER, 0);
}

static void emit_queue(struct code *c) {
  for (int i = 0; i < OPS; i++) {
    code_random(c);
    pick(c, HIS, 8), STORE(11, PARA_OPS + 8 * i, 0);
    pick(c, LOS, 13), STORE(11, PARA_OPS + 8 * i + 4, 0);
  }
  pick(c, COUNTS, 20), STORE(11, PARA_NOPS, 0);
}

/* Half the time, the first operation is the entry that the next place needs. Otherwise hardly any would be reached. */
static void emit_own_page(struct code *c) {
  LOAD(9, LC_PC, 0), RRI(srli, 9, 9, PAGE_SHIFT), RRI(slli, 9, 9, PAGE_SHIFT);
  LOAD(10, LC_STATUS, 0), RRI(srli, 10, 10, ST_ASID_SHIFT), RRI(andi, 10, 10, TLB_ASID_MASK);
  RRR(or, 10, 10, 9), RRI(ori, 9, 9, TLB_RIGHTS);
  RRI(andi, 11, 6, 1), code_emit(c, PG32_beq, 0, 11, 0, 12);
  STORE(10, PARA_OPS, 0), STORE(9, PARA_OPS + 4, 0);
}

static void emit_request(struct code *c) {
  code_random(c);
  code_choose(c, 10, 17), RRI(andi, 10, 10, -16);
  for (int i = 0; i < 16; i += 4) LOAD(11, REQUESTS + i, 10), STORE(11, PARA_BLOCK_DATA + i, 0);
  pick(c, COUNTS, 5), STORE(11, PARA_BLOCKS, 0);
}

/* Half the time, a random word goes into the shared page. */
static void emit_word(struct code *c) {
  code_random(c);
  STORE(0, PARA_KICK, 0), STORE(0, PARA_PENDING, 0);
  pick(c, WORDS, 8), RRR(add, 12, 11, 0);
  pick(c, VALUES, 19);
  RRI(andi, 9, 6, 1), code_emit(c, PG32_beq, 0, 9, 0, 8);
  STORE(11, 0, 12);
}

void para_handler(struct code *c) {
  code_random(c);
  emit_low_core(c);
  emit_queue(c);
  emit_own_page(c);
  emit_request(c);
  emit_word(c);
  pick(c, CALLS, 3), STORE(11, CALL, 0);
  code_choose(c, 31, 13), RRI(addi, 31, 31, VALUES);
  for (unsigned r = 1; r < 32; r++) LOAD(r, 4 * (int)r, 31);
  LOAD(17, CALL, 0);
  RRR(hcall, 0, 0, 0);
  code_emit(c, PG32_jal, 0, 0, 0, BASE - (int32_t)c->at);
}

/* ---- the tables ---- */

/* Most lead into a process, some into the kernel's own code, some are none. */
static uint32_t random_status(uint64_t *seed) {
  const uint32_t asid = (uint32_t[]){0, 1, 2, 255}[fuzz_below(seed, 4)] << ST_ASID_SHIFT;
  if (one_in(seed, 16)) return fuzz_random(seed);
  if (one_in(seed, 12)) return asid | fuzz_below(seed, 16);
  return asid | (one_in(seed, 10) ? fuzz_below(seed, 2) * ST_IE : ST_U | ST_IE | ST_T);
}

static uint32_t random_count(uint64_t *seed) {
  if (one_in(seed, 16)) return fuzz_random(seed);
  return one_in(seed, 6) ? fuzz_below(seed, PARA_OPS_MAX + 2) : fuzz_below(seed, OPS + 1);
}

static uint32_t random_call(uint64_t *seed) {
  if (one_in(seed, 24)) return fuzz_random(seed);
  return one_in(seed, 4) ? fuzz_below(seed, HCALL_WAIT + 2) : HCALL_IRET;
}

/* Where a random word goes. */
static uint32_t random_word(uint64_t *seed) {
  if (one_in(seed, 2)) return PARA_TICK + 4 * fuzz_below(seed, (PARA_OPS - PARA_TICK) / 4);
  if (one_in(seed, 2)) return PARA_OPS + 4 * fuzz_below(seed, 2 * PARA_OPS_MAX);
  return PARA_BLOCK_DATA + 4 * fuzz_below(seed, 4 * PARA_BLOCK_MAX);
}

/* Requests for the disk: command, sector, count, address. Most could be carried out, and leave the code as it is. */
static uint32_t random_request_word(uint64_t *seed) {
  static unsigned at;
  if (one_in(seed, 12)) return at++, fuzz_random(seed);
  switch (at++ % 4) {
  case 0: return one_in(seed, 2) ? BLOCK_READ : BLOCK_WRITE;
  case 1: return fuzz_below(seed, 130);
  case 2: return fuzz_below(seed, 9);
  default:
    return one_in(seed, 4) ? (2u << 20) - 4 * fuzz_below(seed, 256)
                           : CODE_END + 4 * fuzz_below(seed, (END - CODE_END) / 4);
  }
}

/* An operation on a page: an entry for the most part. */
static void vary_operations(uint8_t *image, uint64_t *seed) {
  for (int i = 0; i < 64; i++) {
    uint32_t hi, *at = (void *)(image + TABLES + HIS + 4 * i - BASE);
    memcpy(&hi, at, sizeof hi);
    const uint32_t op = one_in(seed, 4) ? fuzz_below(seed, 6) << 8 : 0; /* two of the six are unknown */
    hi = (hi & ~(uint32_t)PARA_OP_MASK) | op;
    memcpy(at, &hi, sizeof hi);
  }
}

/* A privileged instruction in its kernel's code would end the guest. */
static void take_privileged_out(uint8_t *image) {
  for (uint32_t at = CODE; at < CODE_END; at += 4) {
    uint32_t word, hcall = 0;
    memcpy(&word, image + at - BASE, sizeof word);
    const enum pg32_id id = pg32_decode(word).id;
    if (id >= PG32_INSNS || pg32_row(id)->class != PG32_PRIVILEGED) continue;
    pg32_encode((struct pg32_insn){.id = PG32_hcall}, &hcall);
    memcpy(image + at - BASE, &hcall, sizeof hcall);
  }
}

void para_tables(uint8_t *image, uint64_t *seed) {
  vary_operations(image, seed);
  take_privileged_out(image);
  code_fill(image, TABLES + STATUSES, 64, random_status, seed);
  code_fill(image, TABLES + COUNTS, 64, random_count, seed);
  code_fill(image, TABLES + CALLS, 64, random_call, seed);
  code_fill(image, TABLES + WORDS, 64, random_word, seed);
  code_fill(image, TABLES + REQUESTS, 64, random_request_word, seed);
}
