/* test_debug_layout.c - the debugger's layout and cells, without a terminal. */
#include <locale.h>

#include "debug_kit.h"

/* Every pane inside the screen, none over another. */
static void check_layout(int rows, int columns, enum pane wanted, bool zoom) {
  struct layout l = layout_of(rows, columns, wanted, zoom);
  char *used = calloc((size_t)rows, (size_t)columns);
  struct rect all[PANES + 3] = {l.status, l.timeline, l.message};
  memcpy(all + 3, l.pane, sizeof l.pane);
  for (size_t i = 0; i < PANES + 3; i++)
    for (int y = 0; y < all[i].height; y++)
      for (int x = 0; x < all[i].width; x++) {
        int row = all[i].row + y, column = all[i].column + x;
        assert_in_range(row, 0, rows - 1);
        assert_in_range(column, 0, columns - 1);
        assert_int_equal(used[row * columns + column]++, 0);
      }
  for (int i = 0; i < rows * columns; i++) assert_int_equal(used[i], 1);
  assert_true(l.pane[wanted].height > 0);
  free(used);
}

static void test_every_size_is_filled(void **state) {
  (void)state;
  for (int rows = LAYOUT_MIN_ROWS; rows < 70; rows++)
    for (int columns = LAYOUT_MIN_COLUMNS; columns < 220; columns += 7)
      for (enum pane p = 0; p < PANES; p++) {
        check_layout(rows, columns, p, false);
        check_layout(rows, columns, p, true);
      }
}

static void test_too_small(void **state) {
  (void)state;
  assert_true(layout_of(LAYOUT_MIN_ROWS - 1, 80, PANE_CPU, false).too_small);
  assert_true(layout_of(24, LAYOUT_MIN_COLUMNS - 1, PANE_CPU, false).too_small);
  assert_false(layout_of(LAYOUT_MIN_ROWS, LAYOUT_MIN_COLUMNS, PANE_CPU, false).too_small);
}

/* All but the unit, which takes the place of two others when it is wanted. */
static void test_large_shows_all(void **state) {
  (void)state;
  struct layout l = layout_of(50, 160, PANE_CPU, false);
  for (enum pane p = 0; p < PANES; p++) assert_true(l.pane[p].height > 1 || p == PANE_UNIT);
}

static void test_cells_clip(void **state) {
  (void)state;
  struct cells *c = cells_new(6, 2, false);
  cells_put(c, 0, 4, PLAIN, "abc");
  cells_put(c, 0, -1, PLAIN, "xyz");
  cells_put(c, 5, 0, PLAIN, "far below");
  char *text = text_of(c);
  assert_string_equal(text, "yz  ab\n\n");
  assert_int_equal(c->rows, 6);
  free(text);
  cells_free(c);
}

static void test_cells_scroll_and_wrap(void **state) {
  (void)state;
  struct cells *c = cells_new(12, 2, false);
  c->scroll = 1;
  assert_int_equal(cells_wrap(c, 0, 0, PLAIN, "one two three four five six"), 3);
  char *text = text_of(c);
  assert_string_equal(text, "three four\nfive six\n");
  free(text);
  cells_free(c);
}

static void test_tabs(void **state) {
  (void)state;
  struct cells *c = cells_new(14, 3, false);
  assert_int_equal(cells_wrap(c, 0, 1, PLAIN, "a\tbcde\tf\nabcdefgh\tijk"), 3);
  char *text = text_of(c);
  assert_string_equal(text, " a   bcde    f\n abcdefgh\n ijk\n");
  free(text);
  cells_free(c);
}

static void test_ascii_has_no_other_signs(void **state) {
  (void)state;
  struct cells *c = cells_new(30, 1, true);
  cells_put(c, 0, 0, PLAIN, "▼▶◀●─│┄≠✓✗█░ é\033[2J");
  char *text = text_of(c);
  assert_string_equal(text, "v><o=|-*+x#. ??[2J\n");
  free(text);
  cells_free(c);
}

static void test_wide_characters_take_two_columns(void **state) {
  (void)state;
  assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
  struct cells *c = cells_new(6, 2, false);
  assert_int_equal(cells_put(c, 0, 0, PLAIN, "日本x"), 5);
  assert_int_equal(c->cell[1].ch, CELL_BEHIND_WIDE);
  cells_put(c, 1, 0, PLAIN, "12345語"); /* half of it would be seen */
  char *text = text_of(c);
  assert_string_equal(text, "日本x\n12345\n");
  free(text);
  cells_free(c);
  c = cells_new(6, 2, false);
  assert_int_equal(cells_put(c, 0, 0, PLAIN, "e\u0301a\U0001F600"), 4); /* an accent takes no column */
  text = text_of(c);
  assert_string_equal(text, "e\u0301a\U0001F600\n");
  free(text);
  cells_free(c);
  setlocale(LC_ALL, "C");
}

static void test_find_and_mark(void **state) {
  (void)state;
  struct cells *c = cells_new(20, 2, false);
  cells_put(c, 0, 3, PLAIN, "Two and two");
  assert_int_equal(cells_find(c, 0, 0, "two"), 3);
  assert_int_equal(cells_find(c, 0, 4, "two"), 11);
  assert_int_equal(cells_find(c, 0, 12, "two"), -1);
  assert_int_equal(cells_find(c, 1, 0, "two"), -1);
  cells_mark(c, "two");
  for (int x = 0; x < 20; x++)
    assert_int_equal(c->cell[x].style, (x >= 3 && x < 6) || (x >= 11 && x < 14) ? FOUND : PLAIN);
  cells_free(c);
}

/* The styles of a line, a letter for each column. */
static void check_styles(enum language language, const char *line, const char *styles, bool *in_comment) {
  struct cells *c = cells_new(60, 1, false);
  static const char letters[STYLES] = {
      [PLAIN] = ' ', [CODE_KEYWORD] = 'k', [CODE_TEXT] = 't', [CODE_NUMBER] = 'n', [CODE_COMMENT] = 'c'};
  assert_int_equal(highlight_line(c, 0, 0, language, line, in_comment), strlen(line));
  for (size_t x = 0; line[x]; x++) {
    assert_int_equal(c->cell[x].ch, line[x]);
    if (line[x] != ' ') assert_int_equal(letters[c->cell[x].style], styles[x]);
  }
  cells_free(c);
}

static void test_source_looks_like_source(void **state) {
  bool in_comment = false;
  (void)state;
  check_styles(LANGUAGE_C, "int x2 = 0x2a + f('\\'', \"a//b\"); // c",
               "kkk      nnnn     tttt  tttttt   cccc", &in_comment);
  check_styles(LANGUAGE_C, "returned /* if */ return /* a", "         cccccccc kkkkkk cccc", &in_comment);
  assert_true(in_comment);
  check_styles(LANGUAGE_C, "int \" */ int y;", "cccccccc kkk   ", &in_comment);
  assert_false(in_comment);
  check_styles(LANGUAGE_C, "#include <a.h>", "kkkkkkkk      ", &in_comment);
  check_styles(LANGUAGE_ASSEMBLY, "l1: lw t0, 12(sp) # int", "    kk     nn     ccccc", &in_comment);
  check_styles(LANGUAGE_ASSEMBLY, "#define N 5", "kkkkkkk   n", &in_comment);
  assert_int_equal(highlight_language("a/entry.S"), LANGUAGE_ASSEMBLY);
  assert_int_equal(highlight_language("s.c"), LANGUAGE_C);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_size_is_filled),
      cmocka_unit_test(test_too_small),
      cmocka_unit_test(test_large_shows_all),
      cmocka_unit_test(test_cells_clip),
      cmocka_unit_test(test_cells_scroll_and_wrap),
      cmocka_unit_test(test_tabs),
      cmocka_unit_test(test_ascii_has_no_other_signs),
      cmocka_unit_test(test_wide_characters_take_two_columns),
      cmocka_unit_test(test_find_and_mark),
      cmocka_unit_test(test_source_looks_like_source),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
