/* cfi.c - call frame information: the directives that say how to find a function's caller, instruction by
 * instruction (DWARF 5, section 6.4). frame.c puts what they say into .debug_frame.
 *
 * The rows of such a table are written as a program for a small machine (DW_CFA_...). Each directive here
 * adds to the program of its function; as the size of every instruction is known, so is every advance. */
#include "internal.h"

#include <string.h>

#define MAX_REGISTER 31
#define DATA_ALIGN (-PG32_AS_FRAME_WORD)

/* clang-format off */
enum {
  CFA_advance_loc1 = 0x02, CFA_advance_loc2, CFA_advance_loc4, CFA_undefined = 0x07, CFA_same_value,
  CFA_register, CFA_remember_state, CFA_restore_state, CFA_def_cfa, CFA_def_cfa_register, CFA_def_cfa_offset,
  CFA_offset_extended_sf = 0x11, CFA_def_cfa_sf, CFA_def_cfa_offset_sf, CFA_val_offset, CFA_val_offset_sf,
  CFA_advance_loc = 0x40, CFA_offset = 0x80, CFA_restore = 0xc0,
};
/* clang-format on */

/* ---- the program ---- */

static void put(struct assembler *as, const void *bytes, uint32_t n) {
  struct procedure *p = as->procedure;
  if (p->size + n > p->capacity) {
    p->capacity = 2 * (p->size + n);
    uint8_t *more = pg32_as_alloc(as, p->capacity);
    if (p->size) memcpy(more, p->program, p->size);
    p->program = more;
  }
  memcpy(p->program + p->size, bytes, n);
  p->size += n;
}

static void byte(struct assembler *as, unsigned n) { put(as, &(uint8_t){(uint8_t)n}, 1); }

static void leb(struct assembler *as, int64_t n, bool is_signed) {
  uint8_t buf[10];
  put(as, buf, pg32_as_leb(buf, n, is_signed));
}

static void number(struct assembler *as, uint32_t n, unsigned bytes) {
  uint8_t buf[4];
  pg32_as_put_le(buf, n, bytes);
  put(as, buf, bytes);
}

/* The next operation is about the current position. */
static void advance(struct assembler *as) {
  struct procedure *p = as->procedure;
  const uint32_t by = as->here->size - p->at;
  p->at = as->here->size;
  if (!by) return;
  if (by < 0x40)
    byte(as, CFA_advance_loc | by);
  else if (by <= UINT8_MAX)
    byte(as, CFA_advance_loc1), number(as, by, 1);
  else if (by <= UINT16_MAX)
    byte(as, CFA_advance_loc2), number(as, by, 2);
  else
    byte(as, CFA_advance_loc4), number(as, by, 4);
}

/* ---- operands ---- */

/* `sp`, `x2` or 2 */
static bool frame_register(struct assembler *as, unsigned *reg) {
  const struct token at = as->token;
  char name[8] = "";
  int64_t n;
  if (at.kind == TOK_NAME && at.text.n < sizeof name) {
    memcpy(name, at.text.p, at.text.n);
    const int known = pg32_register_number(name);
    if (known >= 0) return pg32_as_advance(as), *reg = (unsigned)known, true;
  }
  if (at.kind == TOK_NUMBER)
    return pg32_as_constant_in(as, 0, MAX_REGISTER, &n) && (*reg = (unsigned)n, true);
  pg32_as_error(as, "expected a register, or its number");
  return false;
}

static bool comma_register(struct assembler *as, unsigned *reg) {
  return pg32_as_expect(as, ',') && frame_register(as, reg);
}

static bool offset_operand(struct assembler *as, int64_t *n) {
  return pg32_as_constant_in(as, INT32_MIN, INT32_MAX, n);
}

/* An offset that the program has in units of a word. */
static bool in_words(struct assembler *as, struct text where, int64_t n, int64_t *words) {
  *words = n / DATA_ALIGN;
  if (n % DATA_ALIGN == 0) return true;
  pg32_as_error_in(as, where, "%lld is not a multiple of %d", (long long)n, -DATA_ALIGN);
  return false;
}

/* ---- rows ---- */

static void cfa_offset(struct assembler *as, struct text where, int64_t n) {
  int64_t words = 0;
  if (n < 0 && !in_words(as, where, n, &words)) return;
  as->procedure->cfa_offset = n;
  advance(as);
  byte(as, n < 0 ? CFA_def_cfa_offset_sf : CFA_def_cfa_offset);
  leb(as, n < 0 ? words : n, n < 0);
}

/* .cfi_def_cfa register, offset */
static void def_cfa(struct assembler *as, int unused) {
  (void)unused;
  unsigned reg;
  int64_t n, words = 0;
  if (!frame_register(as, &reg) || !pg32_as_expect(as, ',')) return;
  const struct text where = as->token.text;
  if (!offset_operand(as, &n) || (n < 0 && !in_words(as, where, n, &words))) return;
  as->procedure->cfa_offset = n;
  advance(as);
  byte(as, n < 0 ? CFA_def_cfa_sf : CFA_def_cfa);
  leb(as, reg, false);
  leb(as, n < 0 ? words : n, n < 0);
}

/* .cfi_def_cfa_offset offset; .cfi_adjust_cfa_offset by */
static void def_cfa_offset(struct assembler *as, int relative) {
  const struct text where = as->token.text;
  int64_t n;
  if (!offset_operand(as, &n)) return;
  if (relative) n += as->procedure->cfa_offset;
  if (n >= INT32_MIN && n <= INT32_MAX)
    cfa_offset(as, where, n);
  else
    pg32_as_error_in(as, where, "the offset of the CFA becomes %lld", (long long)n);
}

static void saved_at(struct assembler *as, unsigned reg, int64_t words) {
  advance(as);
  byte(as, words >= 0 ? CFA_offset | reg : CFA_offset_extended_sf);
  if (words < 0) leb(as, reg, false);
  leb(as, words, words < 0);
}

/* .cfi_offset register, offset; .cfi_rel_offset register, offset: from where the CFA is computed. */
static void offset(struct assembler *as, int relative) {
  unsigned reg;
  int64_t n, words;
  if (!frame_register(as, &reg) || !pg32_as_expect(as, ',')) return;
  const struct text where = as->token.text;
  if (!offset_operand(as, &n)) return;
  if (relative) n -= as->procedure->cfa_offset;
  if (in_words(as, where, n, &words)) saved_at(as, reg, words);
}

/* .cfi_val_offset register, offset: the value is the CFA plus the offset. */
static void val_offset(struct assembler *as, int unused) {
  (void)unused;
  unsigned reg;
  int64_t n, words;
  if (!frame_register(as, &reg) || !pg32_as_expect(as, ',')) return;
  const struct text where = as->token.text;
  if (!offset_operand(as, &n) || !in_words(as, where, n, &words)) return;
  advance(as);
  byte(as, words >= 0 ? CFA_val_offset : CFA_val_offset_sf);
  leb(as, reg, false);
  leb(as, words, words < 0);
}

/* .cfi_register register, register: the value of the first is in the second. */
static void in_register(struct assembler *as, int unused) {
  (void)unused;
  unsigned reg, holder;
  if (!frame_register(as, &reg) || !comma_register(as, &holder)) return;
  advance(as);
  byte(as, CFA_register);
  leb(as, reg, false);
  leb(as, holder, false);
}

static void def_cfa_register(struct assembler *as, int unused) {
  (void)unused;
  unsigned reg;
  if (!frame_register(as, &reg)) return;
  advance(as);
  byte(as, CFA_def_cfa_register);
  leb(as, reg, false);
}

/* .cfi_undefined, .cfi_same_value and .cfi_restore register, ... */
static void rule(struct assembler *as, int operation) {
  unsigned reg;
  do {
    if (!frame_register(as, &reg)) return;
    advance(as);
    byte(as, operation == CFA_restore ? CFA_restore | reg : (unsigned)operation);
    if (operation != CFA_restore) leb(as, reg, false);
  } while (pg32_as_accept(as, ','));
}

static void remember_state(struct assembler *as, int unused) {
  (void)unused;
  struct procedure *p = as->procedure;
  if (p->remembered == MAX_NESTING) {
    pg32_as_error_in(as, as->now.text, "states remembered deeper than %d", MAX_NESTING);
    return;
  }
  p->offsets[p->remembered++] = p->cfa_offset;
  advance(as);
  byte(as, CFA_remember_state);
}

static void restore_state(struct assembler *as, int unused) {
  (void)unused;
  struct procedure *p = as->procedure;
  if (!p->remembered) {
    pg32_as_error_in(as, as->now.text, "no .cfi_remember_state for this");
    return;
  }
  p->cfa_offset = p->offsets[--p->remembered];
  advance(as);
  byte(as, CFA_restore_state);
}

/* .cfi_escape byte, ...: operations that have no directive. */
static void escape(struct assembler *as, int unused) {
  (void)unused;
  int64_t n;
  advance(as);
  do {
    if (!pg32_as_constant_in(as, -128, 255, &n)) return;
    byte(as, (unsigned)n & 0xff);
  } while (pg32_as_accept(as, ','));
}

/* ---- about the whole function ---- */

static void return_column(struct assembler *as, int unused) {
  (void)unused;
  unsigned reg;
  if (frame_register(as, &reg)) as->procedure->return_column = reg;
}

static void signal_frame(struct assembler *as, int unused) { (void)unused, as->procedure->signal = true; }

/* .cfi_personality and .cfi_lsda are about exceptions at run time, which PG32's programs do not have. */
static void exception(struct assembler *as, int unused) {
  (void)unused;
  pg32_as_tokens_from(as, as->now.text.p + as->now.text.n);
}

/* ---- a function's beginning and end ---- */

/* .cfi_startproc [simple]: simple, if nothing is known at the beginning, not even that sp is the CFA. */
static void startproc(struct assembler *as, int unused) {
  (void)unused;
  struct procedure *p = as->procedure;
  if (p) {
    pg32_as_error_in(as, as->now.text, "the function that began at %s:%u has no .cfi_endproc", p->place.file,
                     p->place.line);
    return;
  }
  p = pg32_as_alloc(as, sizeof *p);
  *p = (struct procedure){.section = as->here,
                          .start = as->here->size,
                          .at = as->here->size,
                          .return_column = (unsigned)pg32_register_number("ra"),
                          .place = pg32_as_place(as, as->now.text)};
  if (as->token.kind == TOK_NAME && pg32_as_text_is(as->token.text, "simple")) {
    pg32_as_advance(as);
    p->simple = true;
  }
  as->procedure = p;
}

static void endproc(struct assembler *as, int unused) {
  (void)unused;
  struct procedure *p = as->procedure;
  p->end = as->here->size;
  *as->last_procedure = p;
  as->last_procedure = &p->next;
  as->procedure = NULL;
}

/* .cfi_sections .eh_frame, .debug_frame: all tables go to .debug_frame, whatever is said here. An .eh_frame
 * would be loaded into memory, for exceptions that PG32's programs do not have. */
static void sections(struct assembler *as, int unused) {
  (void)unused;
  do {
    const struct text name = as->token.text;
    if (as->token.kind != TOK_NAME ||
        (!pg32_as_text_is(name, ".debug_frame") && !pg32_as_text_is(name, ".eh_frame"))) {
      pg32_as_error(as, "expected .debug_frame or .eh_frame");
      return;
    }
    pg32_as_advance(as);
  } while (pg32_as_accept(as, ','));
}

/* clang-format off */
static const struct directive in_function[] = {
  {".cfi_def_cfa", def_cfa, 0}, {".cfi_def_cfa_offset", def_cfa_offset, false},
  {".cfi_adjust_cfa_offset", def_cfa_offset, true}, {".cfi_def_cfa_register", def_cfa_register, 0},
  {".cfi_offset", offset, false}, {".cfi_rel_offset", offset, true}, {".cfi_val_offset", val_offset, 0},
  {".cfi_register", in_register, 0}, {".cfi_undefined", rule, CFA_undefined},
  {".cfi_same_value", rule, CFA_same_value}, {".cfi_restore", rule, CFA_restore},
  {".cfi_remember_state", remember_state, 0}, {".cfi_restore_state", restore_state, 0},
  {".cfi_escape", escape, 0}, {".cfi_return_column", return_column, 0},
  {".cfi_signal_frame", signal_frame, 0}, {".cfi_personality", exception, 0}, {".cfi_lsda", exception, 0},
  {".cfi_endproc", endproc, 0},
};
/* clang-format on */

static const struct directive anywhere[] = {{".cfi_startproc", startproc, 0}, {".cfi_sections", sections, 0}};

#define COUNT(table) (sizeof(table) / sizeof *(table))

bool pg32_as_cfi_directive(struct assembler *as, struct text name) {
  if (pg32_as_execute(as, anywhere, COUNT(anywhere), name)) return true;
  const struct procedure *p = as->procedure;
  if (p && p->section == as->here) return pg32_as_execute(as, in_function, COUNT(in_function), name);
  bool known = false;
  for (size_t i = 0; i < COUNT(in_function); i++) known |= pg32_as_text_is(name, in_function[i].name);
  if (!known) return false;
  if (p)
    pg32_as_error_in(as, name, "the function that began at %s:%u is in section '%s'", p->place.file,
                     p->place.line, p->section->name);
  else
    pg32_as_error_in(as, name, "no .cfi_startproc before this");
  exception(as, 0);
  return true;
}
