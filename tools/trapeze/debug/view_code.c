/* view_code.c - the code pane: source and disassembly around the PC, and the trap that is about to happen. */
#include <string.h>

#include "view.h"

static bool word_at(struct debug *d, uint32_t address, uint32_t *word) {
  return memory_word(d, false, address, word);
}

/* "<- LOAD_MISS" behind the instruction that is about to trap. */
static const char *about_to(struct debug *d, const struct place *p) {
  const struct note *n = index_note(d, p->event);
  return p->before && n->kind == RECORD_TRAP ? pg32_cause_name(n->cause) : NULL;
}

static int instruction(struct debug *d, struct cells *c, int row, const struct place *p, struct image *i,
                       uint32_t address) {
  char text[80], symbol[80];
  uint32_t word;
  bool here = address == p->regs.pc;
  const char *trap = here ? about_to(d, p) : NULL;
  enum style style = here ? CURRENT : PLAIN;
  int column = cells_printf(c, row, 0, style, "%s %06x ", here ? trap ? "▼" : "▶" : " ", address);
  bool mapped = word_at(d, address, &word);
  if (!mapped && !image_word(i, address, &word)) {
    cells_printf(c, row, column, here ? MISS : DIM, "%s%s", here ? "not mapped" : "", trap ? " ▶ " : "");
    if (trap) cells_put(c, row, column + 13, MISS, trap);
    return row + 1;
  }
  pg32_disassemble(text, sizeof text, word, address);
  for (char *from = text, *to = text; (*to = *from); from++) to += !(*from == ' ' && from[1] == ' ');
  column = cells_put(c, row, column, style, text);
  struct pg32_insn insn = pg32_decode(word);
  if (insn.id == PG32_jal && *image_symbol(i, address + (uint32_t)insn.imm, symbol, sizeof symbol))
    column = cells_printf(c, row, column, DIM, " <%s>", symbol);
  if (trap)
    cells_printf(c, row, column + 1, MISS, "▶ %s", trap);
  else if (here && !mapped)
    cells_put(c, row, column + 1, MISS, "(not mapped)");
  return row + 1;
}

/* The function and source line of `address`, where they differ from those of the instruction above. */
static int source(struct debug *d, struct cells *c, int row, struct image *i, uint32_t address,
                  struct pg32_lines_place *last) {
  struct pg32_lines_place at;
  if (!i || !i->lines || !pg32_lines_at(i->lines, address, &at)) return row;
  if (at.function && (!last->function || strcmp(at.function, last->function) != 0))
    cells_printf(c, row++, 0, STRONG, "%s:", at.function);
  if (at.file && (at.line != last->line || !last->file || strcmp(at.file, last->file) != 0)) {
    const char *text = source_line(d, at.file, at.line);
    while (text && *text == ' ') text++;
    cells_printf(c, row++, 0, DIM, " %s:%d %s", base_name(at.file), at.line, text ? text : "");
  }
  *last = at;
  return row;
}

static int run(struct debug *d, struct cells *c, const struct place *p, struct image *i, uint32_t from,
               int rows) {
  struct pg32_lines_place last = {0};
  int row = 0, current = 0;
  for (uint32_t a = from; row < rows && (a - from) < 0x400; a += 4) {
    row = source(d, c, row, i, a, &last);
    if (a == p->regs.pc) current = row;
    row = instruction(d, c, row, p, i, a);
  }
  return current;
}

void view_code(struct debug *d, struct cells *c) {
  struct place p = model_place(d);
  struct image *i = image_of(d, p.lane);
  struct pg32_lines_place at;
  uint32_t back = 12;
  if (i && i->lines && pg32_lines_at(i->lines, p.regs.pc, &at) && at.function && at.offset < 16)
    back = at.offset;
  if (back > p.regs.pc) back = 0;
  struct cells *try = cells_new(c->width, c->height + 16, c->ascii);
  int current = run(d, try, &p, i, p.regs.pc - back, c->height + 16);
  cells_free(try);
  c->scroll = current > c->height / 2 ? current - c->height / 2 : 0;
  run(d, c, &p, i, p.regs.pc - back, c->height + c->scroll);
}
