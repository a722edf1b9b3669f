/* test_eval.c - the evaluator's parser and its arithmetic. Of an expression without names the compiler of this test
 * says what C makes of it: its value, size and sign. The host's int and long long are those of PG32; constants of
 * type long do not occur, except those that are long long on PG32. What C leaves undefined, and what is no
 * expression, is in tables of its own. */
#include "debug_kit.h"

#include <stdio.h>

#include "normal_tlb.h"
#include "tools/trapeze/debug/eval/eval.h"

static struct debug d;

static int open_session(void **state) {
  static char *argv[] = {"hello"};
  (void)state;
  open_debug(&d, 0, 1, argv);
  return 0;
}

static int close_session(void **state) {
  (void)state;
  model_close(&d);
  return 0;
}

/* ---- what C says ---- */

struct sample {
  const char *text;
  unsigned size;
  bool is_signed, is_float;
  uint64_t bits; /* extended by the sign, if there is one */
  double floating;
};

#define IS_FLOAT(e) _Generic((e), float : true, double : true, default : false)
#define IS_SIGNED(e) \
  _Generic((e), unsigned : false, unsigned long : false, unsigned long long : false, default : true)
#define E(e) \
  { #e, sizeof(e), IS_SIGNED(e), IS_FLOAT(e), IS_FLOAT(e) ? 0 : (uint64_t)(long long)(e), (double)(e) }

/* clang-format off */
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Weverything"
#else
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wbool-compare"
#pragma GCC diagnostic ignored "-Wbool-operation"
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
#pragma GCC diagnostic ignored "-Wlogical-not-parentheses"
#pragma GCC diagnostic ignored "-Wtype-limits"
#endif
static const struct sample SAMPLES[] = {
  /* constants */
  E(0), E(7), E(2147483647), E(2147483648), E(4294967295), E(4294967296), E(9223372036854775807),
  E(0x7fffffff), E(0x80000000), E(0xffffffff), E(0x100000000), E(0x7fffffffffffffff), E(0x8000000000000000),
  E(0), E(017), E(037777777777), E(040000000000), E(0u), E(7U), E(4294967295u), E(4294967296u), E(1ll), E(1LL),
  E(1ull), E(1llu), E(0xffffffffll), E(18446744073709551615ull), E(1.5), E(.5), E(2.), E(1e3), E(1.5e-3), E(1E+2),
  E(1.5f), E(2.f), E(0x10 + 010 + 10),
  /* precedence and direction */
  E(1 + 2 * 3), E((1 + 2) * 3), E(10 - 4 - 3), E(100 / 10 / 5), E(100 / 10 * 5), E(17 % 10 % 4), E(2 * 17 % 5),
  E(1 << 2 + 3), E(1 << 2 << 3), E(256 >> 2 >> 1), E(1 + 1 << 4 - 1), E(5 & 3 == 3), E(4 | 2 ^ 6 & 3), E(1 | 2 ^ 3 & 4),
  E(6 ^ 3 | 8), E(1 < 2 == 1), E(3 > 2 > 1), E(1 < 2 < 3), E(2 == 2 != 0), E(1 || 0 && 0), E((1 || 0) && 0),
  E(0 && 1 || 1), E(1 ? 2 : 0 ? 3 : 4), E(0 ? 2 : 0 ? 3 : 4), E(0 ? 1 : 2 + 3), E(1 || 1 ? 5 : 6), E(!0 + 1), E(-2 + 3),
  E(~0 & 15), E(-1 - -1), E(- -1), E(!!5), E(~~5), E(-~5), E(~-5), E(+5), E(-(2 + 3)), E(!(1 && 0)), E(1 - (2 - 3)),
  E(2 * -3), E(6 / -4), E(-6 / 4), E(-6 % 4), E(6 % -4), E(7 - 2 * 3 + 4 / 2 % 2 << 1 & 7 | 8),
  /* conversions: integers */
  E(1 + 1u), E(-1 + 1u), E(1u - 2), E(-1 < 1u), E(-1 > 0u), E(-1ll < 1u), E(-1 < 1ull), E(4294967295u + 1), E(2147483647u + 1),
  E(4294967295u + 1ll), E(-1 + 1ull), E(1ll * 4294967295u), E(4294967295u * 4294967295u), E(4294967295ull * 4294967295u),
  E(-7 / 2u), E(-7ll / 2u), E(-7 % 3u), E(1 ? 1 : 2ll), E(1 ? -1 : 2u), E(0 ? 1 : 2.5), E(1 ? 1 : 2.5), E(1 ? 1u : 2ll),
  E(1u == 1ll), E(-1 == 4294967295u), E(-1ll == 4294967295u), E(!1u), E(~0u), E(~0ull), E(~0ll), E(-1u), E(-5ull),
  /* shifts: of the left side's type */
  E(1 << 30), E(1u << 31), E(1ll << 40), E(1ull << 63), E(-8 >> 1), E(-1ll >> 40), E(4294967288u >> 1), E(1 << 4ull),
  E(4294967295u << 4), E(0xf0000000u >> 28), E(0x8000000000000000ull >> 63),
  /* characters */
  E((int)'a'), E('a' + 1), E('z' - 'a'), E('\n' + 0), E('\\' + 0), E('\'' + 0), E('\0' + 0), E('\x41' + 0), E('\101' + 0),
  E('\t' * 2), E('a' < 'b'), E('"' + 0),
  /* floating point */
  E(1.5 + 1), E(1 / 2.0), E(1.0f / 3), E(1.0 / 3), E(1.0f / 3.0), E(2 * 1.5f), E(1.5 == 1.5f), E(0.1 == 0.1f), E(-1.5),
  E(-0.0), E(!0.5), E(!0.0), E(1.5 && 1), E(0.0 || 0), E(1 < 1.5), E(1e300 * 1e10), E(16777217 + 0.0f), E(2.5 - 5 * 0.5),
  E(4294967295u + 0.5), E(18446744073709551615ull + 0.0),
  /* casts */
  E((int)1.9), E((int)-1.9), E((unsigned)-1), E((long long)-1), E((long long)4294967295u), E((unsigned long long)-1),
  E((int)4294967295u), E((unsigned)1.5e9), E((float)0.1), E((double)0.1f), E((double)1), E((float)16777217),
  E((int)(1ll << 40)), E((unsigned char)300 + 0), E((signed char)200 + 0), E((short)70000 + 0), E((unsigned short)-1 + 0),
  E((unsigned char)-1 << 4), E(-(unsigned char)1), E(~(unsigned short)0), E((_Bool)0.5 + 0), E((_Bool)256 + 0),
  E((int)-5000000000ll), E((short)-5000000000ll + 0),
  E((int)'a' * 2), E((int)1.5 + (int)1.5), E((int)(1.5 + 1.5)), E((long long)1 << 40), E((unsigned)1 << 31),
  /* sizeof */
  E((int)sizeof(int)), E((int)sizeof(char)), E((int)sizeof(long long)), E((int)sizeof(double)), E((int)sizeof(short)),
  E((int)sizeof(1 + 1ll)), E((int)sizeof(1.5f)), E((int)sizeof 1 + 1), E((int)sizeof(int) * 2),
};
#pragma GCC diagnostic pop
/* clang-format on */

static bool evaluate(struct eval *e, const char *text, struct value *v, struct number *n) {
  const struct node *node = eval_parse(e, text, NULL);
  return node && compute(e, node, v) && value_number(e, v, n);
}

static bool is_same(const struct sample *s, const struct value *v, const struct number *n) {
  if (v->type->size != s->size || n->is_float != s->is_float) return false;
  if (s->is_float) return n->floating == s->floating;
  return v->type->is_signed == s->is_signed && n->bits == s->bits;
}

static void test_as_c(void **state) {
  (void)state;
  unsigned wrong = 0;
  for (size_t i = 0; i < sizeof SAMPLES / sizeof *SAMPLES; i++) {
    const struct sample *s = &SAMPLES[i];
    struct eval e;
    struct value v;
    struct number n;
    char type[80] = "";
    eval_begin(&e, &d);
    const bool ok = evaluate(&e, s->text, &v, &n);
    if (!ok || !is_same(s, &v, &n)) {
      wrong++;
      if (!ok)
        printf("%s: %s\n", s->text, e.error);
      else
        printf("%s: %s, 0x%llx or %.17g; expected %u bytes, 0x%llx or %.17g\n", s->text,
               type_spell(&e, v.type, type, sizeof type), (unsigned long long)n.bits, n.floating, s->size,
               (unsigned long long)s->bits, s->floating);
    }
    eval_end(&e);
  }
  assert_int_equal(wrong, 0);
}

/* ---- what C leaves open, as the debugger has it: two's complement, and errors ---- */

static void test_text(const char *const table[][2], size_t n) {
  for (size_t i = 0; i < n; i++) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    d.said[0] = 0;
    const bool ok = eval_print(&d, table[i][0], 0, out);
    fclose(out);
    assert_string_equal(ok ? text : d.said, table[i][1]);
    free(text);
  }
}
#define TEST_TEXT(table) test_text(table, sizeof(table) / sizeof *(table))

static void test_overflow(void **state) {
  static const char *const table[][2] = {
      {"2147483647 + 1", "0x80000000 = -2147483648"},
      {"-2147483648ll - 9223372036854775807", "9223372034707292161"},
      {"9223372036854775807 + 1", "-9223372036854775808"},
      {"65536 * 65536", "0x00000000 = 0"},
      {"65536ll * 65536", "4294967296"},
      {"-(-2147483647 - 1)", "0x80000000 = -2147483648"},
      {"(-2147483647 - 1) / -1", "0x80000000 = -2147483648"},
      {"(-2147483647 - 1) % -1", "0x00000000 = 0"},
      {"(-9223372036854775807 - 1) / -1", "-9223372036854775808"},
      {"(-9223372036854775807 - 1) % -1", "0"},
      {"1 / 0", "column 3: division by 0."},
      {"1 % 0", "column 3: division by 0."},
      {"1u / (1 - 1)", "column 4: division by 0."},
      {"1.5 / 0", "inf"},
      {"-1 / 0.0f", "-inf"},
      {"0.0 / 0", "nan"},
      {"1.5L * 2", "3"},
      {"(long double) 1 / 3", "0.333333333333333315"},
      {"0b1011", "0x0000000b = 11"},
      {"1 << 32", "column 3: a shift of 32 bits by 32 is not defined."},
      {"1 << -1", "column 3: a shift of 32 bits by -1 is not defined."},
      {"1ll >> 64", "column 5: a shift of 64 bits by 64 is not defined."},
      {"1.5 % 2", "column 5: this operator wants integers."},
      {"1.5 << 1", "column 5: a shift wants integers."},
      {"1 & 1.5", "column 3: this operator wants integers."},
      {"~1.5", "column 1: `~` wants an integer."},
      /* not evaluated, as in C */
      {"0 && 1 / 0", "0x00000000 = 0"},
      {"1 || 1 / 0", "0x00000001 = 1"},
      {"1 ? 2 : 1 / 0", "0x00000002 = 2"},
      {"0 ? 1 / 0 : 3", "0x00000003 = 3"},
  };
  (void)state;
  TEST_TEXT(table);
}

static void test_pointers(void **state) {
  static const char *const table[][2] = {
      {"(int *)0x1000 + 1", "(int *) 0x00001004"},
      {"1 + (int *)0x1000", "(int *) 0x00001004"},
      {"(short *)0x1000 + 3", "(short *) 0x00001006"},
      {"(int *)0x1000 - 1", "(int *) 0x00000ffc"},
      {"(int *)0x1000 + -1", "(int *) 0x00000ffc"},
      {"(int *)0x1010 - (int *)0x1000", "4"},
      {"(int *)0x1000 - (int *)0x1010", "-4"},
      {"(char *)0x1010 - (char *)0x1000", "16"},
      {"(int **)0x1000 + 2", "(int **) 0x00001008"},
      {"(void *)0x1000 + 2", "(void *) 0x00001002"},
      {"(int *)0x1000 == (int *)0x1000", "1"},
      {"(int *)0x1000 < (int *)0x1004", "1"},
      {"!(int *)0", "1"},
      {"(int *)0 || 0", "0"},
      {"(int)(int *)0x1004", "4100"},
      {"&*(int *)0x1000", "(int *) 0x00001000"},
      {"&((int *)0x1000)[3]", "(int *) 0x0000100c"},
      {"(int *)0x1000 + (int *)1", "column 15: this operator does not take pointers."},
      {"(int *)0x1000 * 2", "column 15: this operator does not take pointers."},
      {"-(int *)0x1000", "column 1: `-` does not take pointers."},
      {"(int *)0x1000 + 1.5", "column 15: a pointer moves by integers only."},
      {"1[2]", "column 3: `int` is no array and no pointer."},
  };
  (void)state;
  TEST_TEXT(table);
}

/* ---- what is no expression ---- */

static void test_mistakes(void **state) {
  static const char *const table[][2] = {
      {"", "column 1: expected an operand, found the end."},
      {"1 +", "column 4: expected an operand, found the end."},
      {"(1", "column 3: expected `)` after the expression in parentheses."},
      {"1)", "column 2: expected an operator or the end, not `)`."},
      {"1 2", "column 3: expected an operator or the end, not `2`."},
      {"1 ? 2", "column 6: expected `:` after the first alternative."},
      {"a[1", "column 4: expected `]` after the index."},
      {"0x", "column 1: `0x` is not a number."},
      {"08", "column 1: `08` is not a number."},
      {"1abc", "column 1: `1abc` is not a number."},
      {"1uu", "column 1: `1uu` is not a number."},
      {"1lL", "column 1: `1lL` is not a number."},
      {"1e", "column 1: `1e` is not a number."},
      {"1..2", "column 4: expected a member's name."},
      {"18446744073709551616", "column 1: the number is too large."},
      {"'ab'", "column 1: expected one character between quotes, such as 'a' or '\\n'."},
      {"''", "column 1: expected one character between quotes, such as 'a' or '\\n'."},
      {"'a", "column 1: expected one character between quotes, such as 'a' or '\\n'."},
      {"\"a", "column 1: the string does not end."},
      {"\"a\\q\"", "column 4: `\\q` means no character."},
      {"1 += 2", "column 3: `=` assigns: use `set`; `==` compares."},
      {"1 < = 2", "column 5: expected an operand, not `=`."},
      {"a.c::b", "column 4: a file's name stands in quotes: 'FILE.c'::b."},
      {"nowhere", "column 1: there is no `nowhere` here."},
      {"1 ? 2 : nowhere", "column 9: there is no `nowhere` here."},
      {"(struct nowhere)1", "column 2: there is no type `struct nowhere` here."},
      {"(int)", "column 6: expected an operand, found the end."},
      {"(int(*)(int))1", "column 5: types in parentheses are not supported."},
      {"sizeof", "column 7: expected an operand, found the end."},
      {"&1", "column 1: only what is in memory has an address."},
      {"*1.5", "column 1: `double` is not a pointer."},
      {"1.5.x", "column 5: `double` has no members."},
      {"0b2", "column 1: `0b2` is not a number."},
      {"1@2", "column 2: only what is in memory can be followed by `@`."},
      {"*(int *)0@0", "column 10: expected a number from 1 to 1048576 after `@`."},
      {"int", "column 1: `int` is a type, not a value; whatis, ptype, sizeof and casts take types."},
      {"struct pair", "column 1: a type has no value; whatis, ptype, sizeof and casts take types."},
      {"*(void *)4", "column 1: what a `void *` points at has no type: cast the pointer, as in *(int *)p."},
      {"1++", "column 2: `++` is not supported."},
      {"&&1", "column 1: expected an operand, not `&&`."},
      {"main(1)", "column 5: a function cannot be called: the run has happened already."},
      {"1 = 2", "column 3: `=` assigns: use `set`; `==` compares."},
      {"@", "column 1: expected an operand, not `@`."},
      {"$nix", "column 1: `$nix` is not a register."},
      {"a::", "column 4: expected a name after `::`."},
  };
  (void)state;
  TEST_TEXT(table);
}

/* Deep nesting is refused, not followed until the stack ends. */
static void test_nesting(void **state) {
  char text[20001];
  (void)state;
  for (const char *open = "(-!~*&"; *open; open++) {
    memset(text, *open, sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_false(eval_print(&d, text, 0, d.out ? d.out : stdout));
    assert_non_null(strstr(d.said, "column"));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_as_c),     cmocka_unit_test(test_overflow), cmocka_unit_test(test_pointers),
      cmocka_unit_test(test_mistakes), cmocka_unit_test(test_nesting),
  };
  return cmocka_run_group_tests(tests, open_session, close_session);
}
