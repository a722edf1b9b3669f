/* test_debug_layout.c - the debugger's layout and cells, without a terminal. */
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

static void test_large_shows_all(void **state) {
  (void)state;
  struct layout l = layout_of(50, 160, PANE_CPU, false);
  for (enum pane p = 0; p < PANES; p++) assert_true(l.pane[p].height > 1);
}

static char *text_of(const struct cells *c) {
  char *text = NULL;
  size_t size;
  FILE *f = open_memstream(&text, &size);
  cells_print(c, f);
  fclose(f);
  return text;
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

static void test_ascii_has_no_other_signs(void **state) {
  (void)state;
  struct cells *c = cells_new(30, 1, true);
  cells_put(c, 0, 0, PLAIN, "▼▶◀●─│┄≠✓✗█░ é\033[2J");
  char *text = text_of(c);
  assert_string_equal(text, "v><o=|-*+x#. ??[2J\n");
  free(text);
  cells_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_size_is_filled),  cmocka_unit_test(test_too_small),
      cmocka_unit_test(test_large_shows_all),       cmocka_unit_test(test_cells_clip),
      cmocka_unit_test(test_cells_scroll_and_wrap), cmocka_unit_test(test_ascii_has_no_other_signs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
