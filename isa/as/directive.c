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

/* .warning and .print, with a text */
static void say(struct assembler *as, int kind) {
  struct text text = {".warning", 8};
  struct text where = as->now.text;
  if (as->token.kind == TOK_STRING && !pg32_as_string_bytes(as, &text)) return;
  pg32_as_say_in(as, where, (enum pg32_as_kind)kind, "%.*s", (int)text.n, text.p);
}

/* .fail NUMBER is a warning from 500 on */
static void fail(struct assembler *as, int unused) {
  (void)unused;
  struct text where = as->now.text;
  int64_t number;
  if (!pg32_as_constant(as, &number)) return;
  pg32_as_say_in(as, where, number >= 500 ? PG32_AS_WARNING : PG32_AS_ERROR, ".fail %lld", (long long)number);
}

static void file(struct assembler *as, int unused) { (void)unused, pg32_as_file_directive(as); }
static void loc(struct assembler *as, int unused) { (void)unused, pg32_as_loc_directive(as); }

static void insn(struct assembler *as, int unused) { (void)unused, pg32_as_insn_directive(as); }
static void reloc(struct assembler *as, int unused) { (void)unused, pg32_as_reloc_directive(as); }
static void alternate(struct assembler *as, int on) { as->alternate = on; }

/* .nop, and .nops with a number of bytes */
static void nops(struct assembler *as, int one) {
  int64_t bytes = 4;
  if (!one && !pg32_as_constant_in(as, 0, MAX_OUTPUT, &bytes)) return;
  if (bytes % 4) {
    pg32_as_error_in(as, as->now.text, "%lld bytes are no whole number of instructions", (long long)bytes);
    return;
  }
  for (; bytes; bytes -= 4) pg32_as_instruction(as, (struct text){"nop", 3});
}

/* Directives of GNU's that ask for what PG32 does not have. */
static void refuse(struct assembler *as, int which) {
  static const char *const why[] = {
      "debug information here is DWARF: .file, .loc and .cfi_...",
      "there is no thread-local storage",
      "there are no shared libraries, whose symbols have versions",
      "PG32 has no such numbers",
  };
  pg32_as_error_in(as, as->now.text, "not supported: %s", why[which]);
}

/* For directives that change nothing in the object, such as .ident. */
static void ignore(struct assembler *as, int unused) {
  (void)unused;
  pg32_as_tokens_from(as, as->now.text.p + as->now.text.n);
}

/* clang-format off */
static const struct directive directives[] = {
  {".insn", insn, 0}, {".reloc", reloc, 0}, {".altmacro", alternate, true}, {".noaltmacro", alternate, false},
  {".nop", nops, true}, {".nops", nops, false},
  {".stabs", refuse, 0}, {".stabn", refuse, 0}, {".stabd", refuse, 0}, {".dtprelword", refuse, 1},
  {".symver", refuse, 2}, {".dc.x", refuse, 3}, {".dcb.x", refuse, 3}, {".ds.x", refuse, 3}, {".ds.p", refuse, 3},
  {".file", file, 0}, {".loc", loc, 0}, {".error", error, 0}, {".fail", fail, 0},
  {".ident", ignore, 0}, {".extern", ignore, 0}, {".option", ignore, 0},
  {".attribute", ignore, 0}, {".addrsig", ignore, 0}, {".addrsig_sym", ignore, 0},
  {".variant_cc", ignore, 0}, {".warning", say, PG32_AS_WARNING}, {".print", say, PG32_AS_NOTE},
  {".version", ignore, 0}, {".title", ignore, 0}, {".sbttl", ignore, 0}, {".eject", ignore, 0},
  {".list", ignore, 0}, {".nolist", ignore, 0}, {".psize", ignore, 0}, {".lflags", ignore, 0},
  {".func", ignore, 0}, {".endfunc", ignore, 0}, {".gnu_attribute", ignore, 0}, {".mri", ignore, 0},
  {".loc_mark_labels", ignore, 0}, {".ln", ignore, 0}, {".line", ignore, 0}, {".linefile", ignore, 0},
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
         pg32_as_symbol_directive(as, name) || pg32_as_part_directive(as, name) ||
         pg32_as_cfi_directive(as, name) ||
         pg32_as_execute(as, directives, sizeof directives / sizeof *directives, name);
}
