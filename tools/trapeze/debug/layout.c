/* layout.c - where each pane is, for each size of the screen. Pure functions. */
#include "view.h"

static struct rect rect(int row, int column, int height, int width) {
  return (struct rect){row, column, height, width};
}

/* The pane that stands at the right of the code: these are always there, so that the CPU is. */
static enum pane beside_code(enum pane wanted) {
  return wanted == PANE_CODE || wanted == PANE_TRAPS || wanted == PANE_WHY ? PANE_CPU : wanted;
}

/* At 80x24: the code and one other pane at the top, traps below them, why at the bottom. The registers are
 * given the rows that they need, as far as the traps can do without. The unit stands in place of the code, which it
 * shows too. */
static void small(struct layout *l, int rows, int columns, enum pane wanted) {
  int body = rows - 3, why = rows >= 20 ? 5 : 4, top = (body - why) / 2 + 1, traps = body - why - top,
      half = columns < 80 ? columns - 38 : columns / 2; /* 38: real and virtual registers side by side */
  int more = wanted == PANE_REGISTERS ? 1 + REGISTER_ROWS - top : 0;
  if (more > traps - 4) more = traps - 4;
  if (more > 0) top += more, traps -= more;
  if (wanted == PANE_UNIT) {
    l->pane[PANE_UNIT] = rect(1, 0, top, columns);
    l->pane[PANE_TRAPS] = rect(1 + top, 0, traps, columns);
    l->pane[PANE_WHY] = rect(1 + top + traps, 0, why, columns);
    return;
  }
  l->pane[PANE_CODE] = rect(1, 0, top, half);
  l->pane[beside_code(wanted)] = rect(1, half, top, columns - half);
  l->pane[PANE_TRAPS] = rect(1 + top, 0, traps, columns);
  l->pane[PANE_WHY] = rect(1 + top + traps, 0, why, columns);
}

/* Room for all panes: two columns of them at the top, traps and locals below, why at the bottom. The unit, if it is
 * wanted, is in place of MMU and memory. */
static void large(struct layout *l, int rows, int columns, enum pane wanted) {
  int body = rows - 3, why = 5, top = (body - why) * 3 / 5, traps = body - why - top;
  int left = columns * 5 / 12, right = columns - left;
  int cpu = top * 5 / 12 > REGISTER_ROWS ? top * 5 / 12 : 1 + REGISTER_ROWS, mmu = top - cpu;
  int code = top * 2 / 3, memory = right / 2, locals = columns * 3 / 8;
  int registers = right - 44 < REGISTER_COLUMNS ? REGISTER_COLUMNS + 1 : right - 44;
  l->pane[PANE_CODE] = rect(1, 0, code, left);
  l->pane[PANE_CONSOLE] = rect(1 + code, 0, top - code, left);
  l->pane[PANE_CPU] = rect(1, left, cpu, right - registers);
  l->pane[PANE_REGISTERS] = rect(1, left + right - registers, cpu, registers);
  if (wanted == PANE_UNIT) {
    l->pane[PANE_UNIT] = rect(1 + cpu, left, mmu, right);
  } else {
    l->pane[PANE_MMU] = rect(1 + cpu, left, mmu, right - memory);
    l->pane[PANE_MEMORY] = rect(1 + cpu, left + right - memory, mmu, memory);
  }
  l->pane[PANE_TRAPS] = rect(1 + top, 0, traps, columns - locals);
  l->pane[PANE_LOCALS] = rect(1 + top, columns - locals, traps, locals);
  l->pane[PANE_WHY] = rect(1 + top + traps, 0, why, columns);
}

struct layout layout_of(int rows, int columns, enum pane wanted, bool zoom) {
  struct layout l = {0};
  if (rows < LAYOUT_MIN_ROWS || columns < LAYOUT_MIN_COLUMNS) {
    l.too_small = true;
    return l;
  }
  l.status = rect(0, 0, 1, columns);
  l.timeline = rect(rows - 2, 0, 1, columns);
  l.message = rect(rows - 1, 0, 1, columns);
  if (zoom)
    l.pane[wanted] = rect(1, 0, rows - 3, columns);
  else if (rows >= 40 && columns >= 120)
    large(&l, rows, columns, wanted);
  else
    small(&l, rows, columns, wanted);
  return l;
}
