/* view_memory.c - the memory pane: words of memory from an address on, and their bytes as text. */
#include "view.h"

#define ADDRESS_COLUMNS 7 /* "v010000" */

struct memory {
  struct debug *d;
  struct cells *c;
  uint32_t status;    /* of the lane that runs */
  int words;          /* per row */
  bool text;          /* the bytes as text stand behind the words */
  int64_t first, end; /* addresses that may be shown */
  /* the page that was asked for last: */
  int64_t page; /* its address; -1 = none */
  bool mapped;
  bool zero;     /* not mapped: it gets memory when it is first used, and reads as zeros */
  uint32_t real; /* its real address */
};

/* ---- reading ---- */

/* A page that the TLB does not know now is known from earlier entries, or from the kernels' page tables. */
static bool page_mapped(struct memory *m, uint32_t page) {
  if (m->page == page) return m->mapped;
  m->page = page;
  m->real = page;
  m->mapped = m->d->memory_physical || mmu_recall(m->d, m->status, page, &m->real);
  m->zero = !m->mapped && mmu_zero(m->d, m->status, page);
  return m->mapped;
}

static bool word_at(struct memory *m, int64_t address, uint32_t *word) {
  const uint32_t a = (uint32_t)address, offset = a & ~TLB_VPN_MASK;
  if (page_mapped(m, a & TLB_VPN_MASK)) return memory_word(m->d, true, m->real + offset, word);
  *word = 0;
  return m->zero;
}

/* ---- how far the memory around an address reaches ---- */

static bool page_exists(struct memory *m, int64_t page) {
  uint32_t word;
  return page >= 0 && page < (int64_t)1 << 32 && word_at(m, page, &word);
}

/* The pages that hang together with that of the address, but none that is wholly outside of `from` to `to`. */
static void find_extent(struct memory *m, int64_t address, int64_t from, int64_t to) {
  const int64_t here = address & TLB_VPN_MASK;
  if (!page_exists(m, here)) {
    m->first = address, m->end = address + 4;
    return;
  }
  for (m->first = here; m->first > from && page_exists(m, m->first - PAGE_SIZE);) m->first -= PAGE_SIZE;
  for (m->end = here + PAGE_SIZE; m->end < to && page_exists(m, m->end);) m->end += PAGE_SIZE;
}

/* ---- rows ---- */

static bool has_changed(const struct memory *m, int64_t address, uint32_t word) {
  const int64_t index = (address - m->d->memory) / 4;
  if (!m->d->moved || !m->d->memory_before || index < 0 || index >= MEMORY_WORDS) return false;
  return m->d->memory_before[index] != word;
}

static void show_text(const struct memory *m, int row, int column, uint32_t word) {
  for (int i = 0; i < 4; i++) {
    const uint32_t byte = word >> (8 * i) & 0xFF;
    cells_put_char(m->c, row, column + i, DIM, byte >= ' ' && byte < 0x7F ? byte : '.');
  }
}

static void memory_row(struct memory *m, int row, int64_t base) {
  struct cells *c = m->c;
  const bool real = m->d->memory_physical || !(m->status & ST_T);
  const int64_t shown = base < m->first ? m->first : base;
  cells_printf(c, row, 0, DIM, "%c%06x", real ? 'p' : 'v', (uint32_t)shown);
  for (int i = 0; i < m->words; i++) {
    const int64_t address = base + 4 * i;
    const int x = ADDRESS_COLUMNS + 9 * i;
    uint32_t word;
    if (address < m->first || address >= m->end) continue;
    if (!word_at(m, address, &word)) {
      cells_put(c, row, x + 1, DIM, i || m->end - m->first > 4 ? "--------" : "not mapped");
      continue;
    }
    const bool changed = has_changed(m, address, word);
    cells_printf(c, row, x, changed ? CHANGED : PLAIN, "%c%08x", changed ? '*' : ' ', word);
    if (m->text) show_text(m, row, ADDRESS_COLUMNS + 9 * m->words + 1 + 4 * i, word);
  }
}

/* As many words as fit, but a power of two of them; and their text, if there is room for that as well. */
static void choose_columns(struct memory *m) {
  const int room = m->c->width - ADDRESS_COLUMNS;
  m->words = room >= 16 * 13 + 1 ? 16 : room >= 8 * 13 + 1 ? 8 : room >= 4 * 9 ? 4 : 2;
  m->text = room >= m->words * 13 + 1;
}

/* Rows hang together: each begins where the one above ends, at whatever width. */
void view_memory(struct debug *d, struct cells *c) {
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  struct memory m = {.d = d, .c = c, .status = regs.status, .page = -1};
  choose_columns(&m);
  const int64_t stride = 4 * m.words, home = d->memory;
  find_extent(&m, home, home + (c->scroll - 1) * stride, home + (c->scroll + c->height + 1) * stride);
  const int first = -(int)((home - m.first + stride - 1) / stride),
            last = (int)((m.end - home + stride - 1) / stride) - 1;
  cells_reach(c, first);
  cells_reach(c, last);
  for (int row = c->scroll; row < c->scroll + c->height; row++)
    if (row >= first && row <= last) memory_row(&m, row, home + row * stride);
}
