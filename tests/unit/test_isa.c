/* test_isa.c - the one table: encoding and decoding are each other's inverse, every bit is accounted for,
 * and what the disassembler writes the assembler reads. */
#include "isa/as.h"
#include "isa/pg32.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 2000000
#define ASSEMBLED 4000

static uint32_t next_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  return *state ^= *state << 5;
}

/* The table is this test's oracle: the bits that an operand's letter stands for. */
static uint32_t bits_of(char letter, enum pg32_shape shape) {
  bool first = shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_MARK;
  bool wide = pg32_shape_format(shape) == PG32_U;
  switch (letter) {
  case 'd': return 31u << 20;
  case 's': return 31u << 15;
  case 't': return first ? 31u << 20 : 31u << 10;
  case 'h': return 31;
  case 'i':
  case 'k': return 0x7fff;
  case 'p':
  case 'u': return wide ? 0xfffff : 0x7fff;
  default: return 0;
  }
}

static uint32_t used_bits(enum pg32_shape shape) {
  uint32_t bits = 0x7fu << 25;
  for (const char *p = pg32_operands(shape); *p; p++) bits |= bits_of(*p, shape);
  return bits;
}

static bool is_legal(uint32_t word) {
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    const struct pg32_row *row = pg32_row(id);
    if (row->opcode != word >> 25) continue;
    bool scope = row->shape != PG32_SHAPE_SCOPE || (word & 0x7fff) <= 2;
    return !(word & ~used_bits(row->shape)) && scope;
  }
  return false;
}

static void check_word(uint32_t word) {
  struct pg32_insn insn = pg32_decode(word);
  uint32_t back = ~word;
  if ((insn.id != PG32_ILLEGAL) != is_legal(word)) fail_msg("0x%08x: legal or not?", word);
  if (insn.id == PG32_ILLEGAL) {
    assert_int_equal(insn.rd | insn.rs1 | insn.rs2 | insn.imm, 0);
    assert_false(pg32_encode(insn, &back));
    assert_int_equal(back, ~word);
  } else if (!pg32_encode(insn, &back) || back != word) {
    fail_msg("0x%08x encodes back to 0x%08x", word, back);
  }
}

/* A random word, made legal more often than not. */
static uint32_t likely_word(uint32_t *seed) {
  uint32_t word = next_random(seed);
  if (next_random(seed) % 4 == 0) return word;
  const struct pg32_row *row = pg32_row(next_random(seed) % PG32_INSNS);
  word = (word & 0x01ffffff) | (uint32_t)row->opcode << 25;
  if (next_random(seed) % 8) word &= used_bits(row->shape);
  if (row->shape == PG32_SHAPE_SCOPE && next_random(seed) % 2) word &= ~0x7ffcu;
  return word;
}

static void round_trips(void **state) {
  (void)state;
  uint32_t seed = 1;
  for (unsigned i = 0; i < WORDS; i++) check_word(likely_word(&seed));
}

static void opcodes_differ(void **state) {
  (void)state;
  for (unsigned a = 0; a < PG32_INSNS; a++) {
    assert_int_equal(pg32_lookup(pg32_row(a)->name), a);
    assert_in_range(pg32_row(a)->opcode, 1, 127);
    assert_int_equal(pg32_row(a)->format, pg32_shape_format(pg32_row(a)->shape));
    for (unsigned b = 0; b < a; b++) assert_int_not_equal(pg32_row(a)->opcode, pg32_row(b)->opcode);
  }
  assert_int_equal(pg32_lookup("ecall"), PG32_ILLEGAL);
}

/* For each row, each unused bit set alone makes the word illegal. */
static void reserved_bits(void **state) {
  (void)state;
  assert_int_equal(pg32_decode(0).id, PG32_ILLEGAL);
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    const struct pg32_row *row = pg32_row(id);
    uint32_t plain = (uint32_t)row->opcode << 25;
    assert_int_equal(pg32_decode(plain).id, id);
    for (unsigned bit = 0; bit < 25; bit++) check_word(plain | 1u << bit);
  }
}

/* The drawing in pg32.def, checked by hand. */
static void known_words(void **state) {
  (void)state;
  static const struct {
    uint32_t word;
    struct pg32_insn insn;
    const char *text; /* at 0x1000 */
  } known[] = {
      {0x20b60400, {PG32_add, 11, 12, 1, 0}, "add     a1, a2, ra"},
      {0x60a57fff, {PG32_addi, 10, 10, 0, -1}, "addi    a0, a0, -1"},
      {0x94110004, {PG32_sw, 0, 2, 1, 4}, "sw      ra, 4(sp)"},
      {0xa0050003, {PG32_beq, 0, 10, 0, 12}, "beq     a0, zero, 0x100c"},
      {0xb00ffffe, {PG32_jal, 0, 0, 0, -8}, "jal     zero, 0xff8"},
      {0x78b12345, {PG32_lui, 11, 0, 0, 0x12345}, "lui     a1, 0x12345"},
      {0xb8b50001, {PG32_mark, 0, 10, 11, 1}, "mark    1, a0, a1"},
      {0xe6052c00, {PG32_tlbw, 0, 10, 11, 0}, "tlbw    a0, a1"},
      {0xe8050002, {PG32_tlbi, 0, 10, 0, 2}, "tlbi    a0, 2"},
      {0xe4000000, {PG32_rfe, 0, 0, 0, 0}, "rfe"},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    char text[64];
    uint32_t word;
    assert_true(pg32_encode(known[i].insn, &word));
    assert_int_equal(word, known[i].word);
    pg32_disassemble(text, sizeof text, known[i].word, 0x1000);
    assert_string_equal(text, known[i].text);
  }
}

static void fields_out_of_range(void **state) {
  (void)state;
  static const struct pg32_insn bad[] = {
      {PG32_add, 32, 0, 0, 0},       {PG32_add, 0, 0, 0, 1},        {PG32_addi, 0, 0, 0, 0x4000},
      {PG32_addi, 0, 0, 0, -0x4001}, {PG32_addi, 0, 0, 1, 0},       {PG32_slli, 0, 0, 0, 32},
      {PG32_slli, 0, 0, 0, -1},      {PG32_beq, 0, 0, 0, 2},        {PG32_beq, 0, 0, 0, 0x10000},
      {PG32_beq, 1, 0, 0, 0},        {PG32_jal, 0, 0, 0, 0x200000}, {PG32_lui, 0, 0, 0, -1},
      {PG32_lui, 0, 0, 0, 0x100000}, {PG32_tlbi, 0, 0, 0, 3},       {PG32_mark, 0, 0, 0, 0x8000},
      {PG32_rfe, 0, 0, 1, 0},        {PG32_ILLEGAL, 0, 0, 0, 0},
  };
  uint32_t word = 42;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(pg32_encode(bad[i], &word));
  assert_int_equal(word, 42);
}

static void names(void **state) {
  (void)state;
  for (unsigned r = 0; r < 32; r++) {
    char x[8];
    snprintf(x, sizeof x, "x%u", r);
    assert_int_equal(pg32_register_number(x), r);
    assert_int_equal(pg32_register_number(pg32_register_name(r)), r);
  }
  assert_int_equal(pg32_register_number("fp"), 8);
  static const char *const none[] = {"", "x", "x32", "x01", "x100", "t7", "a8", "s12", "zer", "x1 "};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(pg32_register_number(none[i]), -1);
  assert_string_equal(pg32_cause_name(CAUSE_LOAD_MISS), "LOAD_MISS");
  assert_string_equal(pg32_cause_text(CAUSE_LOAD_MISS), "TLB miss on load");
  assert_string_equal(pg32_cause_name(0), "NONE");
  assert_string_equal(pg32_cause_text(0), "no cause");
  assert_string_equal(pg32_cause_name(PG32_CAUSES), "?");
  assert_string_equal(pg32_cause_text(UINT32_MAX), "?");
}

static void disassembly_is_bounded(void **state) {
  (void)state;
  char all[64], some[8];
  int n = pg32_disassemble(all, sizeof all, 0x60a57fff, 0);
  assert_int_equal(n, strlen(all));
  assert_int_equal(pg32_disassemble(some, sizeof some, 0x60a57fff, 0), n);
  assert_int_equal(strlen(some), 7);
  assert_int_equal(pg32_disassemble(NULL, 0, 0, 0), strlen(".word 0x00000000"));
}

/* Branch and jump targets are absolute; at address 0 they are distances, which the assembler takes
 * after a dot. */
static void source_of(char *buf, size_t size, uint32_t word) {
  char text[40];
  enum pg32_id id = pg32_decode(word).id;
  pg32_disassemble(text, sizeof text, word, 0);
  enum pg32_shape shape = id == PG32_ILLEGAL ? PG32_SHAPE_NONE : pg32_row(id)->shape;
  char *target = strstr(text, "0x");
  if (shape != PG32_SHAPE_BRANCH && shape != PG32_SHAPE_JUMP) {
    snprintf(buf, size, "%s\n", text);
    return;
  }
  int32_t distance = (int32_t)strtoul(target, NULL, 16);
  *target = 0;
  snprintf(buf, size, "%s.%+d\n", text, distance);
}

static void complain(void *user, const struct pg32_as_diagnostic *d) {
  (void)user;
  print_error("%u: %s\n", d->line, d->text);
}

static void assembler_reads_disassembly(void **state) {
  (void)state;
  enum { LINE = 64 };
  static uint32_t words[ASSEMBLED];
  char *source = test_malloc(ASSEMBLED * LINE), *p = source, *object;
  uint32_t seed = 7;
  size_t size;
  for (unsigned i = 0; i < ASSEMBLED; i++) {
    words[i] = likely_word(&seed);
    source_of(p, LINE, words[i]);
    p += strlen(p);
  }
  struct pg32_as_options options = {.name = "round", .report = complain};
  assert_int_equal(pg32_assemble(source, (size_t)(p - source), &options, &object, &size), PG32_AS_OK);
  const Elf32_Ehdr *header = (const Elf32_Ehdr *)object;
  const Elf32_Shdr *text = (const Elf32_Shdr *)(object + header->e_shoff) + 1;
  assert_int_equal(text->sh_size, sizeof words);
  assert_memory_equal(object + text->sh_offset, words, sizeof words);
  free(object);
  test_free(source);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opcodes_differ),         cmocka_unit_test(round_trips),
      cmocka_unit_test(reserved_bits),          cmocka_unit_test(known_words),
      cmocka_unit_test(fields_out_of_range),    cmocka_unit_test(names),
      cmocka_unit_test(disassembly_is_bounded), cmocka_unit_test(assembler_reads_disassembly),
  };
  return cmocka_run_group_tests_name("isa", tests, NULL, NULL);
}
