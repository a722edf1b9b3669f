/* test_a64.c - what the JIT's encoder for AArch64 (machine/jit/a64/encoder.h) appends, on any host: words by hand from
 * Arm's manual, the same instructions by an assembler where there is one, and immediates by decoding them again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
/* after the above */
#include <cmocka.h>

#include "machine/jit/a64/encoder.h"

/* clang-format off */
#define ROWS(ROW) \
  ROW(0x0B020020, "add w0, w1, w2",            a64_rrr(e, ADD, 0, 1, 2)) \
  ROW(0x8B1F03E5, "add x5, xzr, xzr",          a64_rrr(e, ADD | WIDE, 5, ZR, ZR)) \
  ROW(0x2B03005F, "cmn w2, w3",                a64_rrr(e, ADDS, ZR, 2, 3)) \
  ROW(0x4B0C016A, "sub w10, w11, w12",         a64_rrr(e, SUB, 10, 11, 12)) \
  ROW(0xEB10023F, "cmp x17, x16",              a64_rrr(e, SUBS | WIDE, ZR, 17, 16)) \
  ROW(0x0A0F01CD, "and w13, w14, w15",         a64_rrr(e, AND, 13, 14, 15)) \
  ROW(0x6A1C037F, "tst w27, w28",              a64_rrr(e, ANDS, ZR, 27, 28)) \
  ROW(0x2A0403E3, "mov w3, w4",                a64_mov(e, 0, 3, 4)) \
  ROW(0xAA1303E0, "mov x0, x19",               a64_mov(e, WIDE, 0, 19)) \
  ROW(0x2A2503E6, "mvn w6, w5",                a64_rrr(e, ORN, 6, ZR, 5)) \
  ROW(0x4A1A0338, "eor w24, w25, w26",         a64_rrr(e, EOR, 24, 25, 26)) \
  ROW(0x1AC20820, "udiv w0, w1, w2",           a64_rrr(e, UDIV, 0, 1, 2)) \
  ROW(0x1AC50C83, "sdiv w3, w4, w5",           a64_rrr(e, SDIV, 3, 4, 5)) \
  ROW(0x1AC820E6, "lsl w6, w7, w8",            a64_rrr(e, LSLV, 6, 7, 8)) \
  ROW(0x1ACB2549, "lsr w9, w10, w11",          a64_rrr(e, LSRV, 9, 10, 11)) \
  ROW(0x1ACE29AC, "asr w12, w13, w14",         a64_rrr(e, ASRV, 12, 13, 14)) \
  ROW(0x1B067CA4, "mul w4, w5, w6",            a64_rrr(e, MUL, 4, 5, 6)) \
  ROW(0x9B117E10, "mul x16, x16, x17",         a64_rrr(e, MUL | WIDE, 16, 16, 17)) \
  ROW(0x9B267CB0, "smull x16, w5, w6",         a64_rrr(e, SMULL, 16, 5, 6)) \
  ROW(0x9BA67CB0, "umull x16, w5, w6",         a64_rrr(e, UMULL, 16, 5, 6)) \
  ROW(0x1B0B99AA, "msub w10, w13, w11, w6",    a64_rrrr(e, MSUB, 10, 13, 11, 6)) \
  ROW(0x8B110610, "add x16, x16, x17, lsl #1", a64_rrr_shifted(e, ADD | WIDE, 16, 16, 17, 1)) \
  ROW(0x113FFC64, "add w4, w3, #4095",         a64_rri(e, ADD_IMM, 4, 3, 4095)) \
  ROW(0x91600296, "add x22, x20, #0x800, lsl #12", a64_rri(e, ADD_IMM | WIDE, 22, 20, 0x800000)) \
  ROW(0x910003F1, "mov x17, sp",               a64_rri(e, ADD_IMM | WIDE, 17, SP, 0)) \
  ROW(0x9100021F, "mov sp, x16",               a64_rri(e, ADD_IMM | WIDE, SP, 16, 0)) \
  ROW(0xF10302B5, "subs x21, x21, #192",       a64_rri(e, SUBS_IMM | WIDE, 21, 21, 192)) \
  ROW(0x7100053F, "cmp w9, #1",                a64_rri(e, SUBS_IMM, ZR, 9, 1)) \
  ROW(0x3100053F, "cmn w9, #1",                a64_rri(e, ADDS_IMM, ZR, 9, 1)) \
  ROW(0x513FC108, "sub w8, w8, #4080",         a64_add(e, 0, 8, 8, -4080)) \
  ROW(0x7200049F, "tst w4, #3",                a64_rr_mask(e, ANDS_MASK, ZR, 4, 3)) \
  ROW(0x121E2491, "and w17, w4, #0xffc",       a64_rr_mask(e, AND_MASK, 17, 4, 0xFFC)) \
  ROW(0x121F7884, "and w4, w4, #0xfffffffe",   a64_rr_mask(e, AND_MASK, 4, 4, ~1u)) \
  ROW(0x3200F3E5, "mov w5, #0x55555555",       a64_rr_mask(e, ORR_MASK, 5, ZR, 0x55555555)) \
  ROW(0x52099CC5, "eor w5, w6, #0x7f807f80",   a64_rr_mask(e, EOR_MASK, 5, 6, 0x7F807F80)) \
  ROW(0x529FFFE7, "mov w7, #0xffff",           a64_mov_imm(e, 7, 0xFFFF)) \
  ROW(0x52A24687, "mov w7, #0x12340000",       a64_mov_imm(e, 7, 0x12340000)) \
  ROW(0x12800007, "mov w7, #-1",               a64_mov_imm(e, 7, 0xFFFFFFFF)) \
  ROW(0x72A00031, "movk w17, #1, lsl #16",     a64_movz(e, MOVK, 17, 1, 16)) \
  ROW(0xF2EACF10, "movk x16, #0x5678, lsl #48", a64_movz(e, MOVK | WIDE, 16, 0x5678, 48)) \
  ROW(0x531D7062, "lsl w2, w3, #3",            a64_lsl(e, 2, 3, 3)) \
  ROW(0x530C7C90, "lsr w16, w4, #12",          a64_lsr(e, 0, 16, 4, 12)) \
  ROW(0xD360FE10, "lsr x16, x16, #32",         a64_lsr(e, WIDE, 16, 16, 32)) \
  ROW(0x131F7C62, "asr w2, w3, #31",           a64_asr(e, 2, 3, 31)) \
  ROW(0x13831C62, "ror w2, w3, #7",            a64_ror(e, 2, 3, 7)) \
  ROW(0x93407CB0, "sxtw x16, w5",              a64_sxtw(e, 16, 5)) \
  ROW(0x1A8337E4, "csinc w4, wzr, w3, lo",     a64_choose(e, CSINC, 4, ZR, 3, CC_LO)) \
  ROW(0x1A8533E5, "csel w5, wzr, w5, lo",      a64_choose(e, CSEL, 5, ZR, 5, CC_LO)) \
  ROW(0x9A973017, "csel x23, x0, x23, lo",     a64_choose(e, CSEL | WIDE, 23, 0, 23, CC_LO)) \
  ROW(0x5A9F1004, "csinv w4, w0, wzr, ne",     a64_choose(e, CSINV, 4, 0, ZR, CC_NE)) \
  ROW(0x1A9FA7E8, "cset w8, lt",               a64_cset(e, 8, CC_LT)) \
  ROW(0xB9407E65, "ldr w5, [x19, #124]",       a64_access(e, SIZE_32 | LOAD, 5, 19, 124)) \
  ROW(0xB93FFE65, "str w5, [x19, #16380]",     a64_access(e, SIZE_32, 5, 19, 16380)) \
  ROW(0xF9406E70, "ldr x16, [x19, #216]",      a64_access(e, SIZE_64 | LOAD, 16, 19, 216)) \
  ROW(0x39400CE6, "ldrb w6, [x7, #3]",         a64_access(e, SIZE_8 | LOAD, 6, 7, 3)) \
  ROW(0x39C00CE6, "ldrsb w6, [x7, #3]",        a64_access(e, SIZE_8 | SIGNED_LOAD, 6, 7, 3)) \
  ROW(0x79C00CE6, "ldrsh w6, [x7, #6]",        a64_access(e, SIZE_16 | SIGNED_LOAD, 6, 7, 6)) \
  ROW(0xB84030E6, "ldur w6, [x7, #3]",         a64_access(e, SIZE_32 | LOAD, 6, 7, 3)) \
  ROW(0x781FF0E6, "sturh w6, [x7, #-1]",       a64_access(e, SIZE_16, 6, 7, -1)) \
  ROW(0xF8707A90, "ldr x16, [x20, x16, lsl #3]", a64_access_indexed(e, SIZE_64 | LOAD, 16, 20, 16, true)) \
  ROW(0xB8656A06, "ldr w6, [x16, x5]",         a64_access_indexed(e, SIZE_32 | LOAD, 6, 16, 5, false)) \
  ROW(0x38256A06, "strb w6, [x16, x5]",        a64_access_indexed(e, SIZE_8, 6, 16, 5, false)) \
  ROW(0x29452668, "ldp w8, w9, [x19, #40]",    a64_pair(e, true, 0, 8, 9, 19, 40)) \
  ROW(0xA90153F3, "stp x19, x20, [sp, #16]",   a64_pair(e, false, WIDE, 19, 20, SP, 16)) \
  ROW(0xA9BF47F0, "stp x16, x17, [sp, #-16]!", a64_push(e, 16, 17, 16)) \
  ROW(0xA8C67BFD, "ldp x29, x30, [sp], #96",   a64_pop(e, 29, LR, 96)) \
  ROW(0x10000070, "adr x16, .+12",             a64_adr(e, 16, 12)) \
  ROW(0x10FFFFD0, "adr x16, .-8",              a64_adr(e, 16, -8)) \
  ROW(0xD61F0200, "br x16",                    a64_br(e, 16)) \
  ROW(0xD63F0000, "blr x0",                    a64_blr(e, 0)) \
  ROW(0xD65F03C0, "ret",                       a64_ret(e, LR)) \
  ROW(0xD503201F, "nop",                       a64_nop(e)) \
  ROW(0x14000002, "b .+8",                     a64_bind(a64_b(e), e->base + at + 8)) \
  ROW(0x97FFFFFF, "bl .-4",                    a64_bind(a64_bl(e), e->base + at - 4)) \
  ROW(0x5400004D, "b.le .+8",                  a64_bind(a64_b_cond(e, CC_LE), e->base + at + 8)) \
  ROW(0x54FFFFE1, "b.ne .-4",                  a64_bind(a64_b_cond(e, CC_NE), e->base + at - 4)) \
  ROW(0xB4000050, "cbz x16, .+8",              a64_bind(a64_cbz(e, WIDE, 16), e->base + at + 8)) \
  ROW(0x35FFFFE5, "cbnz w5, .-4",              a64_bind(a64_cbnz(e, 0, 5), e->base + at - 4))
/* clang-format on */

enum {
  NONE,
  ROWS_COUNT =
#define ONE(word, text, call) +1
      ROWS(ONE)
};
static const uint32_t expected[] = {
#define WORD(word, text, call) word,
    ROWS(WORD)};
static const char *const texts[] = {
#define TEXT(word, text, call) text,
    ROWS(TEXT)};

static void rows_are_encoded_as_by_hand(void **state) {
  uint32_t code[ROWS_COUNT + 1];
  struct encoder encoder = {.p = (uint8_t *)code, .base = (uint8_t *)code}, *e = &encoder;
  uint32_t at;
  (void)state;
#define ENCODE(word, text, call)                                                             \
  at = code_offset(e);                                                                       \
  call;                                                                                      \
  if (code[at / 4] != (word)) print_error("%s: %08x, not %08x\n", text, code[at / 4], word); \
  assert_int_equal(code_offset(e), at + 4);
  ROWS(ENCODE)
  assert_memory_equal(code, expected, sizeof expected);
}

/* The texts by LLVM's assembler. */
static void an_assembler_agrees(void **state) {
  char folder[] = "/tmp/test_a64.XXXXXX", command[200];
  uint32_t code[ROWS_COUNT + 1] = {0};
  (void)state;
  if (system("command -v llvm-mc llvm-objcopy >/dev/null")) skip();
  assert_non_null(mkdtemp(folder));
  snprintf(command, sizeof command, "cd %s && llvm-mc -triple=aarch64 -filetype=obj -o a.o", folder);
  FILE *f = popen(command, "w");
  assert_non_null(f);
  for (unsigned i = 0; i < ROWS_COUNT; i++) fprintf(f, "%s\n", texts[i]);
  assert_int_equal(pclose(f), 0);
  snprintf(command, sizeof command, "cd %s && llvm-objcopy -O binary a.o a.bin && cat a.bin; rm -r %s",
           folder, folder);
  f = popen(command, "r");
  assert_non_null(f);
  assert_int_equal(fread(code, 1, sizeof code, f), sizeof expected);
  assert_int_equal(pclose(f), 0);
  for (unsigned i = 0; i < ROWS_COUNT; i++)
    if (code[i] != expected[i]) print_error("%s: %08x, not %08x\n", texts[i], code[i], expected[i]);
  assert_memory_equal(code, expected, sizeof expected);
}

/* ---- immediates, decoded as the manual says (DecodeBitMasks, for 32 bits) ---- */

static uint32_t decoded_mask(uint32_t fields) {
  const uint32_t immr = fields >> 16 & 0x3F, imms = fields >> 10 & 0x3F;
  unsigned size = 32;
  while (size > 1 && imms & size)
    size /= 2; /* the row of ones in imms, from its highest bit on, says the size */
  const unsigned ones = (imms & (size - 1)) + 1, right = immr & (size - 1);
  uint32_t mask = 0;
  for (unsigned bit = 0; bit < 32; bit++)
    if ((bit + right) % size < ones) mask |= 1u << bit;
  return mask;
}

static void masks_are_all_there_is(void **state) {
  uint32_t accepted = 0, fields = 0;
  (void)state;
  for (unsigned size = 2; size <= 32; size *= 2)
    for (unsigned ones = 1; ones < size; ones++)
      for (unsigned right = 0; right < size; right++) {
        uint32_t mask = 0;
        for (unsigned bit = 0; bit < 32; bit++)
          if ((bit + right) % size < ones) mask |= 1u << bit;
        assert_true(a64_mask(mask, &fields));
        assert_int_equal(decoded_mask(fields), mask);
        accepted++;
      }
  assert_int_equal(accepted, 1302);
  assert_false(a64_mask(0, &fields));
  assert_false(a64_mask(UINT32_MAX, &fields));
  for (uint32_t n = 0, mask = 1; n < 1000000; n++, mask = mask * 1664525 + 1013904223)
    if (a64_mask(mask, &fields)) assert_int_equal(decoded_mask(fields), mask);
}

/* What register 7 holds after the instructions, which are those that a64_mov_imm and a64_mov_imm64 use. */
static uint64_t moved(const uint32_t *code, const uint32_t *end) {
  uint64_t r = 0xDEADBEEFDEADBEEF;
  for (; code < end; code++) {
    const unsigned shift = (*code >> 21 & 3) * 16;
    const uint64_t imm = (uint64_t)(*code >> 5 & 0xFFFF) << shift;
    assert_int_equal(*code & 31, 7);
    switch (*code & 0x7F800000) {
    case MOVZ: r = imm; break;
    case MOVN: r = (uint32_t)~imm; break;
    case MOVK: r = (r & ~(0xFFFFull << shift)) | imm; break;
    case ORR_MASK: r = decoded_mask(*code); break;
    default: fail();
    }
  }
  return r;
}

static void constants_arrive(void **state) {
  static const uint32_t some[] = {0,          1,          0xFFFF,     0x10000,   0x12345678,
                                  0xFFFF0000, 0xFFFF1234, 0x7FFFFFFF, 0xFFFFFFFF};
  uint32_t code[8];
  (void)state;
  for (uint32_t n = 0, imm = 7; n < 100000; n++, imm = imm * 1664525 + 1013904223) {
    const uint32_t low = n < sizeof some / sizeof some[0] ? some[n] : imm >> imm % 32;
    const uint64_t wide = (uint64_t)low << 32 | imm >> low % 32;
    struct encoder e = {.p = (uint8_t *)code, .base = (uint8_t *)code};
    a64_mov_imm(&e, 7, low);
    assert_true(code_offset(&e) <= 8 && moved(code, code + code_offset(&e) / 4) == low);
    e.p = e.base;
    a64_mov_imm64(&e, 7, wide);
    assert_true(code_offset(&e) <= 16 && moved(code, code + code_offset(&e) / 4) == wide);
  }
}

/* A jump that has a target gets another one; the rest of the instruction stays. */
static void jumps_change_their_targets(void **state) {
  static uint8_t code[1 << 20];
  struct encoder e = {.p = code + (1 << 19), .base = code};
  uint32_t word;
  (void)state;
  uint8_t *jump = a64_cbz(&e, WIDE, 9);
  for (unsigned way = 0; way < 3; way++) {
    a64_bind(jump, way == 0 ? code : way == 1 ? jump : code + sizeof code - 4);
    memcpy(&word, jump, 4);
    const int32_t words = (int32_t)(word << 8) >> 13;
    assert_int_equal(word & 0xFF00001F, 0xB4000009);
    assert_int_equal(words, way == 0 ? -(1 << 17) : way == 1 ? 0 : (1 << 17) - 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_encoded_as_by_hand), cmocka_unit_test(an_assembler_agrees),
      cmocka_unit_test(masks_are_all_there_is), cmocka_unit_test(constants_arrive),
      cmocka_unit_test(jumps_change_their_targets)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
