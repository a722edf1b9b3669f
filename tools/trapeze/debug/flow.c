/* flow.c - which instructions of a function can be reached from where.
 *
 * A jump through a table may lead to any instruction behind which the code before does not go on. */
#include <string.h>

#include "flow.h"

static bool is_branch(struct pg32_insn i) {
  return i.id != PG32_ILLEGAL && pg32_row(i.id)->shape == PG32_SHAPE_BRANCH;
}
static bool is_jump(struct pg32_insn i) { return i.id == PG32_jal && i.rd == 0; }
static bool is_return_or_table(struct pg32_insn i) { return i.id == PG32_jalr && i.rd == 0; }

bool flow_read(struct flow *f, struct image *i, uint32_t start) {
  uint32_t word;
  const uint32_t end = image_function_end(i, start);
  if (f->start != start || !f->n) {
    *f = (struct flow){.start = start};
    while (f->n < FLOW_CODE && start + 4 * f->n < end && image_word(i, start + 4 * f->n, &word))
      f->insn[f->n++] = pg32_decode(word);
  }
  memset(f->mark, FLOW_NEW, sizeof f->mark);
  return f->n > 0;
}

void flow_close(struct flow *f, uint32_t address) {
  const uint32_t at = (address - f->start) / 4;
  if (at < f->n) f->mark[at] = FLOW_CLOSED;
}

static void go_on(struct flow *f, uint32_t at) {
  if (at >= f->n || f->mark[at] != FLOW_NEW) return;
  f->mark[at] = FLOW_SEEN;
  f->path[f->paths++] = at;
}

static void go_through_table(struct flow *f) {
  for (uint32_t at = 1; at < f->n; at++)
    if (is_jump(f->insn[at - 1]) || is_return_or_table(f->insn[at - 1])) go_on(f, at);
}

/* To the instructions that may come next. */
static void leave(struct flow *f, uint32_t at) {
  const struct pg32_insn i = f->insn[at];
  if (is_branch(i) || is_jump(i)) go_on(f, at + (uint32_t)(i.imm / 4));
  if (is_return_or_table(i) && i.rs1 != 1) go_through_table(f);
  if (!is_jump(i) && !is_return_or_table(i)) go_on(f, at + 1);
}

static bool finds(struct flow *f, uint32_t wanted) {
  while (f->paths) {
    const uint32_t at = f->path[--f->paths];
    if (at == wanted) return true;
    leave(f, at);
  }
  return false;
}

bool flow_leads_to(struct flow *f, uint32_t address) {
  f->paths = 0;
  go_on(f, 0);
  return finds(f, (address - f->start) / 4);
}

bool flow_comes_back(struct flow *f, uint32_t address) {
  const uint32_t wanted = (address - f->start) / 4;
  f->paths = 0;
  if (wanted < f->n) leave(f, wanted);
  return finds(f, wanted);
}
