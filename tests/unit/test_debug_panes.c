/* test_debug_panes.c - scrolling and searching in the debugger's panes: no row is left out, none is empty. */
#include <limits.h>

#include "debug_kit.h"
#include "normal_tlb.h"

static struct debug d;

static bool run(const char *line) { return command_run_line(&d, line); }

static int open_lecture(void **state) {
  static char *argv[] = {"lecture"};
  (void)state;
  open_debug(&d, 1, 1, argv);
  return 0;
}

static int close_lecture(void **state) {
  (void)state;
  model_close(&d);
  return 0;
}

#define FAR (INT_MAX / 4)
static const struct { int width, height; } sizes[] = {{39, 8}, {79, 21}, {44, 11}, {60, 2}, {159, 47}};
#define SIZES (sizeof sizes / sizeof *sizes)

static char *pane_text(enum pane p, size_t size, int *scroll) {
  struct cells *c = pane_render(&d, p, sizes[size].width, sizes[size].height, false, scroll, NULL, NULL);
  char *text = text_of(c);
  cells_free(c);
  return text;
}

static unsigned rows_in(const char *text) {
  unsigned n = 0;
  for (; *text; text++) n += *text == '\n';
  return n;
}

/* Scrolls row by row: what was the second row is then the first, and so on; and no window has fewer rows than
 * the first. */
static void scroll_through(enum pane p, size_t size, int from, int steps, int direction) {
  int scroll = from;
  char *before = pane_text(p, size, &scroll);
  const unsigned rows = rows_in(before);
  for (int i = 0; i < steps; i++) {
    const int wanted = scroll + direction;
    scroll = wanted;
    char *after = pane_text(p, size, &scroll);
    if (scroll == wanted) {
      const char *upper = direction > 0 ? before : after, *lower = direction > 0 ? after : before;
      upper += strcspn(upper, "\n") + 1;
      if (strncmp(upper, lower, strlen(upper)) != 0)
        fail_msg("%s at %d: after\n%s\ncomes\n%s", pane_rows[p].name, scroll, before, after);
    }
    assert_int_equal(rows_in(after), rows);
    free(before);
    before = after;
    if (scroll != wanted) break;
  }
  free(before);
}

static bool ends_in_an_empty_row(const char *text) {
  const size_t n = strlen(text);
  return n > 1 && text[n - 1] == '\n' && text[n - 2] == '\n';
}

/* As far as possible in a direction; there the window is as full as at home. */
static void check_end(enum pane p, size_t size, int direction) {
  int home = 0, end = direction * FAR;
  char *there = pane_text(p, size, &end), *here = pane_text(p, size, &home);
  assert_in_range(rows_in(there), rows_in(here), sizes[size].height);
  if (direction > 0 && ends_in_an_empty_row(there))
    fail_msg("%s %d: the last row is empty:\n%s", pane_rows[p].name, end, there);
  assert_true(direction > 0 ? end >= home : end <= home);
  scroll_through(p, size, end, 60, -direction);
  free(there);
  free(here);
}

static void check_pane(enum pane p) {
  for (size_t size = 0; size < SIZES; size++) {
    scroll_through(p, size, 0, 150, 1);
    scroll_through(p, size, 0, 150, -1);
    check_end(p, size, 1);
    check_end(p, size, -1);
  }
}

static void check_all_panes(const char *where) {
  assert_true(run(where));
  for (enum pane p = 0; p < PANES; p++) check_pane(p);
}

static void test_rows_hang_together(void **state) {
  (void)state;
  check_all_panes("goto start");
  assert_true(run("break main in app"));
  check_all_panes("continue");
  assert_true(run("x $sp"));
  check_pane(PANE_MEMORY);
  assert_true(run("x 0x10004"));
  check_pane(PANE_MEMORY);
  d.source = true;
  check_pane(PANE_CODE);
  d.source = false;
  check_all_panes("goto end");
  check_all_panes("goto reset");
  assert_true(run("x phys 0x1c"));
  check_pane(PANE_MEMORY);
}

/* ---- panes show all that they have ---- */

static bool shows(enum pane p, size_t size, const char *text) {
  int row = -FAR, column;
  char *top = pane_text(p, size, &row);
  free(top);
  enum find found = FIND_ON;
  while (found == FIND_ON)
    found = pane_find(&d, p, sizes[size].width, sizes[size].height, text, 1, &row, &column);
  return found == FIND_HERE;
}

static void test_all_events(void **state) {
  (void)state;
  assert_true(run("goto start"));
  for (uint64_t e = 1; e <= index_events(&d); e += 37) {
    char text[32];
    snprintf(text, sizeof text, " %llu ", (unsigned long long)e);
    const uint8_t kind = index_note(&d, e).kind;
    assert_int_equal(shows(PANE_TRAPS, 0, text), kind == RECORD_TRAP || kind == RECORD_RESUME);
  }
}

static void test_all_tlb_entries(void **state) {
  static struct tlb_model real;
  (void)state;
  assert_true(run("goto end"));
  mmu_tlb(&d, 0, 0, &real);
  for (unsigned i = 0; i < real.entries; i++) {
    char text[40];
    if (!real.slot[i].valid) continue;
    snprintf(text, sizeof text, "%4u %05x a%u ", i, real.slot[i].hi >> PAGE_SHIFT,
             real.slot[i].hi & TLB_ASID_MASK);
    assert_true(shows(PANE_MMU, 0, text));
  }
}

/* Each row begins where the words of the row above end, and the words are those of the memory. */
static void test_memory_has_no_gaps(void **state) {
  (void)state;
  assert_true(run("x phys 0x100"));
  for (size_t size = 0; size < SIZES; size++) {
    int scroll = 3;
    uint32_t next = 0, words = 0, word;
    char *text = pane_text(PANE_MEMORY, size, &scroll), *p = text, *end;
    for (; *p; p += strcspn(p, "\n") + 1) {
      const uint32_t address = (uint32_t)strtoul(p + 1, &p, 16);
      if (next) assert_int_equal(address, next);
      for (next = address; word = (uint32_t)strtoul(p, &end, 16), end == p + 9; p = end, next += 4, words++) {
        uint32_t there;
        assert_true(memory_word(&d, true, next, &there));
        assert_int_equal(word, there);
      }
    }
    assert_true(words >= 4);
    free(text);
  }
}

static void test_all_registers(void **state) {
  (void)state;
  struct layout l = layout_of(24, 80, PANE_REGISTERS, false);
  assert_int_equal(l.pane[PANE_REGISTERS].height, 1 + REGISTER_ROWS);
  l = layout_of(50, 160, PANE_CODE, false);
  assert_in_range(l.pane[PANE_REGISTERS].height, 1 + REGISTER_ROWS, 50);
  assert_in_range(l.pane[PANE_REGISTERS].width, 3 * REGISTER_COLUMNS, 160);
  int scroll = 0;
  struct cells *c = pane_render(&d, PANE_REGISTERS, 39, REGISTER_ROWS, false, &scroll, NULL, NULL);
  char *text = text_of(c);
  for (unsigned i = 1; i < 32; i++) assert_non_null(strstr(text, pg32_register_name(i)));
  free(text);
  cells_free(c);
}

static void test_locals_and_frames(void **state) {
  (void)state;
  assert_true(run("goto start"));
  assert_true(run("continue")); /* main, where the breakpoint is */
  bool page = shows(PANE_LOCALS, 0, "volatile uint32_t *page");
  for (int i = 0; i < 3 && !page; i++) { /* main may be the caller of an inlined function */
    assert_true(run("up"));
    page = shows(PANE_LOCALS, 0, "volatile uint32_t *page");
  }
  assert_true(page);
  assert_true(shows(PANE_LOCALS, 0, "__libc_start"));
  assert_false(shows(PANE_LOCALS, 0, "noreturn"));
  char *said = strdup(d.said);
  int scroll = 0;
  char *text = pane_text(PANE_LOCALS, 0, &scroll);
  assert_string_equal(d.said, said);
  free(text);
  free(said);
}

/* What a pane shows when it is shifted are the columns that come next. */
static void test_sideways(void **state) {
  (void)state;
  assert_true(run("goto start"));
  assert_true(run("continue"));
  d.source = true;
  int scroll = 0, shift = 0;
  struct cells *wide = pane_render(&d, PANE_CODE, 120, 8, false, &scroll, &shift, NULL);
  for (int from = 8; from <= 80; from += 8) {
    shift = from;
    struct cells *c = pane_render(&d, PANE_CODE, 39, 8, false, &scroll, &shift, NULL);
    assert_true(shift <= from);
    for (int y = 0; y < 8; y++)
      for (int x = 0; x < 39; x++)
        assert_int_equal(c->cell[y * 39 + x].ch, wide->cell[y * 120 + x + shift].ch);
    if (shift < from) assert_int_equal(shift, c->columns - 39); /* the widest row ends at the edge */
    cells_free(c);
  }
  d.source = false;
  cells_free(wide);
}

static void test_searching(void **state) {
  (void)state;
  int row = 0, back, column;
  assert_true(run("goto start"));
  assert_true(run("continue"));
  assert_int_equal(pane_find(&d, PANE_CODE, 39, 8, "lecture.c:41 PRINTF", 1, &row, &column), FIND_HERE);
  assert_true(row > 0);
  back = row;
  assert_int_equal(pane_find(&d, PANE_CODE, 39, 8, "main:", -1, &back, &column), FIND_HERE);
  assert_true(back < row);
  row = 0; /* far on the right of what a pane of that width shows */
  assert_int_equal(pane_find(&d, PANE_CODE, 39, 8, "= aligned_alloc(PAGE_SIZE", 1, &row, &column), FIND_HERE);
  assert_true(column > 30);
  enum find found = FIND_ON;
  for (int n = 0; found == FIND_ON; n++) {
    assert_in_range(n, 0, 100);
    found = pane_find(&d, PANE_CODE, 39, 8, "no such text", 1, &row, &column);
  }
  assert_int_equal(found, FIND_NOWHERE);
}

int main(void) {
  NEEDS_THE_NORMAL_TLB();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows_hang_together), cmocka_unit_test(test_all_events),
      cmocka_unit_test(test_all_tlb_entries),    cmocka_unit_test(test_memory_has_no_gaps),
      cmocka_unit_test(test_all_registers),      cmocka_unit_test(test_locals_and_frames),
      cmocka_unit_test(test_sideways),           cmocka_unit_test(test_searching),
  };
  return cmocka_run_group_tests(tests, open_lecture, close_lecture);
}
