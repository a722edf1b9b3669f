/* expr.c - addresses and values as they are typed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "debug.h"

bool number_of(const char *text, uint64_t *value) {
  char *end;
  if (*text < '0' || *text > '9') return false;
  errno = 0;
  *value = strtoull(text, &end, 0);
  return !errno && !*end;
}

int register_of(const char *name) {
  if (*name == '$') name++;
  return strcmp(name, "pc") == 0 ? 32 : pg32_register_number(name);
}

uint32_t register_value(const struct machine_regs *regs, int reg) {
  return reg == 32 ? regs->pc : regs->x[reg];
}

/* file.c:120 */
static bool line_address(struct image *i, const char *text, const char *colon, uint32_t *value) {
  char file[256];
  uint64_t line;
  if (!number_of(colon + 1, &line)) return false;
  snprintf(file, sizeof file, "%.*s", (int)(colon - text), text);
  return pg32_lines_find_line(i->lines, file, (int)line, value);
}

bool expr_in_image(struct image *i, const char *text, uint32_t *value) {
  if (!i || !i->lines) return false;
  const char *colon = strchr(text, ':');
  return colon ? line_address(i, text, colon, value) : pg32_lines_find_symbol(i->lines, text, value);
}

static bool lane_symbol(struct debug *d, const char *text, const char *colon, uint32_t *value) {
  char lane[64];
  snprintf(lane, sizeof lane, "%.*s", (int)(colon - text), text);
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (strcmp(d->lanes[i].name, lane) == 0) return expr_in_image(image_of(d, i), colon + 1, value);
  return expr_in_image(image_named(d, lane), colon + 1, value);
}

static bool term(struct debug *d, const char *text, uint32_t *value) {
  uint64_t n;
  int reg = register_of(text);
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  if (reg >= 0) return *value = register_value(&regs, reg), true;
  if (number_of(text, &n)) return *value = (uint32_t)n, n <= UINT32_MAX;
  if (expr_in_image(image_of(d, recorder_current(timeline_recorder(d->t))), text, value)) return true;
  const char *colon = strchr(text, ':');
  return colon && lane_symbol(d, text, colon, value);
}

bool expr_value(struct debug *d, const char *text, uint32_t *value) {
  char left[256];
  const char *sign = *text ? strpbrk(text + 1, "+-") : NULL;
  uint64_t offset;
  if (!sign) return term(d, text, value);
  snprintf(left, sizeof left, "%.*s", (int)(sign - text), text);
  if (!number_of(sign + 1, &offset) || !term(d, left, value)) return term(d, text, value);
  *value += *sign == '+' ? (uint32_t)offset : -(uint32_t)offset;
  return true;
}
