/* view_code.c - the code pane: the instructions around the PC, with their source lines, and the trap that is about
 * to happen. view_source.c shows the source file instead.
 *
 * Each instruction has one to three rows: the name of the function that begins there; the source line, where
 * it is another one than that of the instruction above; the instruction. */
#include <string.h>

#include "view.h"

#define BEFORE 3 /* instructions before the PC that the pane shows at home */

struct code {
  struct debug *d;
  struct cells *c;
  struct place p;
  struct image *image;
  uint32_t here;       /* the PC, or the call of the frame that is looked at ... */
  bool other_lane;     /* ... in another lane, whose memory is not seen from here */
  bool caller;         /* it is a caller's frame */
  uint32_t first, end; /* addresses that are shown */
};

/* "<- LOAD_MISS" behind the instruction that is about to trap. */
static const char *about_to(struct debug *d, const struct place *p) {
  const struct note n = index_note(d, p->event);
  return p->before && n.kind == RECORD_TRAP ? pg32_cause_name(n.cause) : NULL;
}

/* ---- what there is ---- */

static bool word_at(const struct code *k, uint32_t address, uint32_t *word) {
  return !k->other_lane && memory_word(k->d, false, address, word);
}

#define AROUND 0x10000 /* bytes on each side of a PC that is in no known program */

/* The program around the PC; else memory around it, as far as there is any. */
static void find_extent(struct code *k) {
  uint32_t word;
  if (image_segment(k->image, k->here, &k->first, &k->end)) return;
  for (k->first = k->here; k->here - k->first < AROUND && k->first >= 4; k->first -= 4)
    if (!word_at(k, k->first - 4, &word)) break;
  for (k->end = k->here + 4; k->end - k->here < AROUND && k->end < UINT32_MAX - 4; k->end += 4)
    if (!word_at(k, k->end, &word)) break;
}

static bool exists(const struct code *k, uint32_t address) {
  return address >= k->first && address < k->end && k->end - address >= 4;
}

static bool same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

struct heading {
  struct pg32_lines_place at;
  bool function, line; /* what stands above the instruction */
};

static struct heading heading_of(const struct code *k, uint32_t address) {
  struct pg32_lines_place above = {0};
  struct heading h = {0};
  struct pg32_lines *lines = k->image ? k->image->lines : NULL;
  if (!lines || !pg32_lines_at(lines, address, &h.at)) return h;
  if (address >= 4) pg32_lines_at(lines, address - 4, &above);
  h.function = h.at.function && !same(h.at.function, above.function);
  h.line = h.at.file && (h.at.line != above.line || !same(h.at.file, above.file));
  return h;
}

static int rows_of(const struct code *k, uint32_t address) {
  const struct heading h = heading_of(k, address);
  return h.function + h.line + 1;
}

/* ---- rows ---- */

static void instruction(const struct code *k, int row, uint32_t address) {
  char text[80], symbol[80];
  uint32_t word;
  struct cells *c = k->c;
  const bool here = address == k->here;
  const char *trap = here && !k->caller ? about_to(k->d, &k->p) : NULL;
  const enum style style = here ? CURRENT : PLAIN;
  int column = cells_printf(c, row, 0, style, "%s %06x ", here ? trap ? "▼" : "▶" : " ", address);
  const bool mapped = word_at(k, address, &word);
  if (!mapped && !image_word(k->image, address, &word)) {
    cells_printf(c, row, column, here ? MISS : DIM, "%s%s", here ? "not mapped" : "", trap ? " ▶ " : "");
    if (trap) cells_put(c, row, column + 13, MISS, trap);
    return;
  }
  pg32_disassemble(text, sizeof text, word, address);
  for (char *from = text, *to = text; (*to = *from); from++) to += !(*from == ' ' && from[1] == ' ');
  column = cells_put(c, row, column, style, text);
  const struct pg32_insn insn = pg32_decode(word);
  if (insn.id == PG32_jal && *image_symbol(k->image, address + (uint32_t)insn.imm, symbol, sizeof symbol))
    column = cells_printf(c, row, column, DIM, " <%s>", symbol);
  if (trap)
    cells_printf(c, row, column + 1, MISS, "▶ %s", trap);
  else if (here && !mapped && !k->other_lane)
    cells_put(c, row, column + 1, MISS, "(not mapped)");
}

static void source_row(const struct code *k, int row, const struct pg32_lines_place *at) {
  bool in_comment = source_in_comment(k->d, at->file, at->line);
  const char *text = source_line(k->d, at->file, at->line);
  int column = cells_printf(k->c, row, 0, DIM, " %s:%d ", base_name(at->file), at->line);
  if (text)
    highlight_line(k->c, row, column, highlight_language(at->file), text + strspn(text, " "), &in_comment);
}

/* The rows of an instruction, the last of which is `row`; only what is seen is put together. */
static void rows_up_to(const struct code *k, int row, uint32_t address) {
  const struct heading h = heading_of(k, address);
  const int first = row - h.function - h.line;
  cells_reach(k->c, first);
  cells_reach(k->c, row);
  if (row < k->c->scroll || first >= k->c->scroll + k->c->height) return;
  if (h.function) cells_printf(k->c, first, 0, STRONG, "%s:", h.at.function);
  if (h.line) source_row(k, row - 1, &h.at);
  instruction(k, row, address);
}

/* ---- the pane ---- */

/* The PC's row at home: below some instructions of its function, and below its source line if that is near. */
static int home_row(const struct code *k) {
  const int most = k->c->window * 2 / 3;
  int row = rows_of(k, k->here) - 1, home = row;
  bool line = heading_of(k, k->here).line;
  for (uint32_t n = 1; (n <= BEFORE || !line) && row <= most && exists(k, k->here - 4 * n); n++) {
    if (heading_of(k, k->here - 4 * n + 4).function) break;
    row += rows_of(k, k->here - 4 * n);
    line |= heading_of(k, k->here - 4 * n).line;
    if (n <= BEFORE) home = row;
  }
  if (line && row <= most) home = row;
  return home <= most ? home : k->c->window / 2;
}

static void title(const struct code *k) {
  struct pg32_lines_place at;
  if (!k->c->title || !k->image || !k->image->lines || !pg32_lines_at(k->image->lines, k->here, &at)) return;
  if (at.function) cells_printf(k->c->title, 0, 5, DIM, "%s", at.function);
  if (at.function && at.file)
    cells_printf(k->c->title, 0, 5 + (int)strlen(at.function), DIM, ", %s:%d", base_name(at.file), at.line);
}

/* Where the frame that is looked at stands: at the PC; a caller, at its call. */
static void choose_place(struct code *k) {
  const struct stack_frame f = frame_viewed(k->d);
  k->caller = frame_number(k->d) > 0;
  k->other_lane = f.lane != k->p.lane;
  k->here = f.innermost ? f.regs.pc : f.regs.pc - 4;
  k->image = image_of(k->d, f.lane);
}

void view_code(struct debug *d, struct cells *c) {
  if (d->source && view_source(d, c)) return;
  struct code k = {.d = d, .c = c, .p = model_place(d)};
  choose_place(&k);
  find_extent(&k);
  title(&k);
  const int home = home_row(&k), end = c->scroll + c->height;
  int row = home;
  for (uint32_t a = k.here; row <= end + 2; a += 4) {
    rows_up_to(&k, row, a);
    if (!exists(&k, a + 4)) break;
    row += rows_of(&k, a + 4);
  }
  row = home;
  for (uint32_t a = k.here; row >= c->scroll - 2 && exists(&k, a - 4); a -= 4) {
    row -= rows_of(&k, a);
    rows_up_to(&k, row, a - 4);
  }
}
