/* names.c - what the command line says about names: -u, --wrap and --defsym. */
#include "internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct ld_wrap {
  const char *name;
  struct ld_wrap *next;
};

struct ld_define { /* symbol = base + addend */
  struct ld_symbol *symbol, *base;
  uint32_t addend;
  const char *text;
  struct ld_define *next;
};

void pg32_ld_require_name(struct pg32_ld *ld, const char *name) {
  struct ld_symbol *symbol = pg32_ld_lookup(ld, pg32_ld_format(ld, "%s", name));
  symbol->weak = false;
  symbol->used = true;
}

/* ---- --wrap ---- */

void pg32_ld_wrap_name(struct pg32_ld *ld, const char *name) {
  struct ld_wrap *wrap = pg32_ld_alloc(ld, 1, sizeof *wrap);
  *wrap = (struct ld_wrap){.name = pg32_ld_format(ld, "%s", name), .next = ld->wraps};
  ld->wraps = wrap;
}

const char *pg32_ld_wrapped(struct pg32_ld *ld, const char *name) {
  static const char real[] = "__real_";
  for (const struct ld_wrap *wrap = ld->wraps; wrap; wrap = wrap->next) {
    if (!strcmp(name, wrap->name)) return pg32_ld_format(ld, "__wrap_%s", name);
    if (!strncmp(name, real, sizeof real - 1) && !strcmp(name + sizeof real - 1, wrap->name))
      return wrap->name;
  }
  return name;
}

/* ---- --defsym ---- */

static bool read_number(const char *text, uint32_t *number) {
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 0);
  *number = (uint32_t)value;
  return end > text && !*end && !errno && value <= UINT32_MAX;
}

/* "symbol", "symbol+4" or "symbol-4" */
static bool read_base(struct pg32_ld *ld, const char *text, struct ld_define *define) {
  size_t length = strcspn(text, "+-");
  const char *sign = text + length;
  if (!length || (*sign && !read_number(sign + 1, &define->addend))) return false;
  if (*sign == '-') define->addend = -define->addend;
  const char *name = pg32_ld_format(ld, "%.*s", (int)length, text);
  pg32_ld_require_name(ld, name);
  define->base = pg32_ld_lookup(ld, name);
  return true;
}

bool pg32_ld_define_name(struct pg32_ld *ld, const char *text) {
  struct ld_define *define = pg32_ld_alloc(ld, 1, sizeof *define);
  const char *equals = strchr(text, '=');
  if (!equals || equals == text ||
      (!read_number(equals + 1, &define->addend) && !read_base(ld, equals + 1, define)))
    return pg32_ld_error(ld, "--defsym %s: expected NAME=NUMBER, NAME=SYMBOL or NAME=SYMBOL+NUMBER", text);
  define->text = pg32_ld_format(ld, "%s", text);
  define->symbol = pg32_ld_lookup(ld, pg32_ld_format(ld, "%.*s", (int)(equals - text), text));
  define->symbol->kind = LD_ABSOLUTE;
  define->symbol->value = define->addend;
  define->symbol->given = define->symbol->used = true;
  define->symbol->weak = false;
  define->next = ld->defines;
  ld->defines = define;
  return true;
}

struct ld_section *pg32_ld_next_defined(struct pg32_ld *ld, struct ld_define **at) {
  (void)ld;
  struct ld_section *section = NULL;
  for (; *at && !section; *at = (*at)->next) section = (*at)->base ? (*at)->base->section : NULL;
  return section;
}

void pg32_ld_settle_defines(struct pg32_ld *ld) {
  for (const struct ld_define *define = ld->defines; define; define = define->next) {
    if (!define->base) continue;
    if (define->base->kind == LD_UNDEFINED)
      pg32_ld_error(ld, "--defsym %s: undefined symbol '%s'", define->text, define->base->name);
    define->symbol->value = pg32_ld_value(define->base) + define->addend;
  }
}
