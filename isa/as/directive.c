/* directive.c - finds the file that executes a directive, and executes those that belong to no other file. */
#include "internal.h"

#include <string.h>

static void error(struct assembler *as, int unused) {
  (void)unused;
  struct text text = {".error", 6};
  struct text where = as->now.text;
  if (as->token.kind == TOK_STRING && !pg32_as_string_bytes(as, &text)) return;
  pg32_as_error_in(as, where, "%.*s", (int)text.n, text.p);
}

static void file(struct assembler *as, int unused) { (void)unused, pg32_as_file_directive(as); }
static void loc(struct assembler *as, int unused) { (void)unused, pg32_as_loc_directive(as); }

static void insn(struct assembler *as, int unused) { (void)unused, pg32_as_insn_directive(as); }

/* Directives of GNU's that are known and not supported: the reason, and what does the same. */
static void refuse(struct assembler *as, int which) {
  static const char *const why[] = {
      "write `.section .text.1`: pg32-ld puts sections in the order of their names",
      "write the macro's parameters as \\name, and use \\@ for labels of its own",
      "expressions make the relocations that PG32 has",
      "write `.set name, offset` for each member",
  };
  pg32_as_error_in(as, as->now.text, "not supported: %s", why[which]);
}

static void subsection(struct assembler *as, int unused) {
  (void)unused;
  int64_t n;
  if (pg32_as_constant(as, &n) && n != 0) refuse(as, 0);
}

/* For directives that change nothing in the object, such as .ident. */
static void ignore(struct assembler *as, int unused) {
  (void)unused;
  pg32_as_tokens_from(as, as->now.text.p + as->now.text.n);
}

/* clang-format off */
static const struct directive directives[] = {
  {".insn", insn, 0}, {".subsection", subsection, 0}, {".altmacro", refuse, 1}, {".reloc", refuse, 2},
  {".struct", refuse, 3}, {".noaltmacro", ignore, 0},
  {".file", file, 0}, {".loc", loc, 0}, {".error", error, 0},
  {".ident", ignore, 0}, {".extern", ignore, 0}, {".option", ignore, 0},
  {".attribute", ignore, 0}, {".addrsig", ignore, 0}, {".addrsig_sym", ignore, 0},
  {".variant_cc", ignore, 0}, {".warning", ignore, 0}, {".print", ignore, 0},
};
/* clang-format on */

bool pg32_as_execute(struct assembler *as, const struct directive *table, size_t n, struct text name) {
  for (size_t i = 0; i < n; i++)
    if (pg32_as_text_is(name, table[i].name)) {
      table[i].execute(as, table[i].argument);
      return true;
    }
  return false;
}

bool pg32_as_directive(struct assembler *as, struct text name) {
  return pg32_as_data_directive(as, name) || pg32_as_section_directive(as, name) ||
         pg32_as_symbol_directive(as, name) || pg32_as_cfi_directive(as, name) ||
         pg32_as_execute(as, directives, sizeof directives / sizeof *directives, name);
}
