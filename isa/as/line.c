/* line.c - .file and .loc, and the DWARF line program that they describe (DWARF 5, section 6.2; version 4 if
 * the compiler writes version 4). */
#include "source.h"

#include <elf.h>
#include <string.h>

#define MAX_FILES 4096

struct line_file {
  struct line_file *next;
  unsigned number;
  struct text dir, name;
  uint8_t md5[16];
  bool has_md5;
};

/* A row of the line table. */
struct line {
  struct line *next;
  uint32_t offset;
  struct line_loc loc;
};

/* ---- reading ---- */

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* md5 0x<32 digits>, read without the tokens: a token's number has 64 bits at most. */
static void md5(struct assembler *as, struct line_file *f) {
  const char *p = as->token.text.p + as->token.text.n, *end = as->now.text.p + as->now.text.n;
  while (p < end && *p == ' ') p++;
  if (end - p < 34 || p[0] != '0' || p[1] != 'x') {
    pg32_as_error(as, "expected 0x and 32 hexadecimal digits after md5");
    return;
  }
  p += 2;
  for (int i = 0; i < 32; i++, p++) {
    if (hex(*p) < 0) {
      pg32_as_error(as, "expected 0x and 32 hexadecimal digits after md5");
      return;
    }
    f->md5[i / 2] = (uint8_t)(f->md5[i / 2] << 4 | hex(*p));
  }
  f->has_md5 = true;
  pg32_as_tokens_from(as, p);
}

static struct line_file *find_file(struct assembler *as, unsigned number) {
  struct line_file *f = as->files;
  while (f && f->number != number) f = f->next;
  return f;
}

const char *pg32_as_file_name(struct assembler *as, unsigned number) {
  const struct line_file *f = find_file(as, number);
  if (!f) return NULL;
  bool plain = !f->dir.n || pg32_as_text_is(f->dir, ".") || f->name.p[0] == '/';
  size_t before = plain ? 0 : f->dir.n + 1;
  char *path = pg32_as_alloc(as, before + f->name.n + 1);
  if (!plain) memcpy(path, f->dir.p, f->dir.n), path[f->dir.n] = '/';
  memcpy(path + before, f->name.p, f->name.n);
  return path;
}

/* .file "name"; .file number ["directory"] "name" [md5 0x...] [source "..."] */
void pg32_as_file_directive(struct assembler *as) {
  struct text text;
  int64_t number;
  if (as->token.kind == TOK_STRING) {
    if (pg32_as_string_bytes(as, &text)) as->source_name = pg32_as_string(as, text);
    return;
  }
  if (!pg32_as_constant_in(as, 0, MAX_FILES, &number)) return;
  struct line_file *f = pg32_as_alloc(as, sizeof *f);
  f->number = (unsigned)number;
  if (!pg32_as_string_bytes(as, &f->name)) return;
  if (as->token.kind == TOK_STRING) {
    f->dir = f->name;
    if (!pg32_as_string_bytes(as, &f->name)) return;
  }
  if (as->token.kind == TOK_NAME && pg32_as_text_is(as->token.text, "md5")) md5(as, f);
  if (as->token.kind == TOK_NAME && pg32_as_text_is(as->token.text, "source")) {
    pg32_as_advance(as);
    if (!pg32_as_string_bytes(as, &text)) return;
  }
  if (number == 0) as->dwarf5 = true;
  f->next = as->files;
  as->files = f;
  if (f->number > as->last_file) as->last_file = f->number;
}

static bool loc_option(struct assembler *as, struct line_loc *loc) {
  struct token word = as->token;
  int64_t n = 0;
  pg32_as_advance(as);
  if (pg32_as_text_is(word.text, "prologue_end"))
    loc->prologue_end = true;
  else if (pg32_as_text_is(word.text, "epilogue_begin"))
    loc->epilogue_begin = true;
  else if (pg32_as_text_is(word.text, "basic_block"))
    loc->basic_block = true;
  else if (pg32_as_text_is(word.text, "view"))
    pg32_as_advance(as);
  else if (pg32_as_text_is(word.text, "is_stmt")) {
    if (!pg32_as_constant_in(as, 0, 1, &n)) return false;
    loc->is_stmt = n;
  } else if (pg32_as_text_is(word.text, "discriminator")) {
    if (!pg32_as_constant_in(as, 0, UINT32_MAX, &n)) return false;
    loc->discriminator = (unsigned)n;
  } else if (pg32_as_text_is(word.text, "isa")) {
    return pg32_as_constant_in(as, 0, UINT32_MAX, &n);
  } else {
    pg32_as_error_in(as, word.text, "unknown option of .loc");
    return false;
  }
  return true;
}

/* .loc file line [column] [options] */
void pg32_as_loc_directive(struct assembler *as) {
  int64_t file, line, column = 0;
  struct token at = as->token;
  if (!pg32_as_constant_in(as, 0, MAX_FILES, &file)) return;
  if (!find_file(as, (unsigned)file)) {
    pg32_as_error_in(as, at.text, "no .file %lld before this", (long long)file);
    return;
  }
  if (!pg32_as_constant_in(as, 0, INT32_MAX, &line)) return;
  if (as->token.kind == TOK_NUMBER && !pg32_as_constant_in(as, 0, UINT16_MAX, &column)) return;
  struct line_loc loc = {.pending = true,
                         .file = (unsigned)file,
                         .line = (unsigned)line,
                         .column = (unsigned)column,
                         .is_stmt = !as->have_loc || as->loc.is_stmt};
  while (as->token.kind == TOK_NAME)
    if (!loc_option(as, &loc)) return;
  pg32_as_line_note(as); /* the .loc before gets its row even if no instruction followed it */
  as->loc = loc;
  as->have_loc = true;
  if (as->frame) as->frame->place.loc_file = loc.file, as->frame->place.loc_line = loc.line;
}

void pg32_as_line_note(struct assembler *as) {
  if (!as->loc.pending) return;
  struct line *line = pg32_as_alloc(as, sizeof *line);
  *line = (struct line){.offset = as->here->size, .loc = as->loc};
  *as->here->last_line = line;
  as->here->last_line = &line->next;
  as->loc.pending = false;
}

/* ---- writing ---- */

/* clang-format off */
enum {
  LNS_copy = 1, LNS_advance_pc, LNS_advance_line, LNS_set_file, LNS_set_column, LNS_negate_stmt,
  LNS_set_basic_block, LNS_set_prologue_end = 10, LNS_set_epilogue_begin,
  LNE_end_sequence = 1, LNE_set_address, LNE_set_discriminator = 4,
  LNCT_path = 1, LNCT_directory_index, LNCT_MD5 = 5,
  FORM_string = 0x08, FORM_udata = 0x0f, FORM_data16 = 0x1e,
  LINE_BASE = -5, LINE_RANGE = 14, OPCODE_BASE = 13,
};
/* clang-format on */

static void byte(struct assembler *as, unsigned n) { pg32_as_emit_number(as, n, 1); }

static void leb(struct assembler *as, int64_t n, bool is_signed) {
  uint8_t buf[10];
  pg32_as_emit(as, buf, pg32_as_leb(buf, n, is_signed));
}

static void string(struct assembler *as, struct text t) {
  const char *nul = t.n ? memchr(t.p, 0, t.n) : NULL;
  pg32_as_emit(as, t.p, nul ? (size_t)(nul - t.p) : t.n);
  byte(as, 0);
}

void pg32_as_move_lines(struct section *part, struct section *whole) {
  if (!part->lines) return;
  for (struct line *l = part->lines; l; l = l->next) l->offset += part->base;
  *whole->last_line = part->lines;
  whole->last_line = part->last_line;
  part->lines = NULL;
}

static void advance(struct assembler *as, uint32_t bytes, int64_t lines) {
  int64_t special = lines - LINE_BASE + (int64_t)LINE_RANGE * bytes + OPCODE_BASE;
  if (lines >= LINE_BASE && lines < LINE_BASE + LINE_RANGE && special <= 255) {
    byte(as, (unsigned)special);
    return;
  }
  byte(as, LNS_advance_line);
  leb(as, lines, true);
  byte(as, LNS_advance_pc);
  leb(as, bytes, false);
  byte(as, LNS_copy);
}

static void flags(struct assembler *as, const struct line_loc *from, const struct line_loc *to) {
  if (to->is_stmt != from->is_stmt) byte(as, LNS_negate_stmt);
  if (to->basic_block) byte(as, LNS_set_basic_block);
  if (to->prologue_end) byte(as, LNS_set_prologue_end);
  if (to->epilogue_begin) byte(as, LNS_set_epilogue_begin);
  if (!to->discriminator) return;
  uint8_t buf[10];
  unsigned size = pg32_as_leb(buf, to->discriminator, false);
  byte(as, 0);
  byte(as, 1 + size);
  byte(as, LNE_set_discriminator);
  pg32_as_emit(as, buf, size);
}

/* One sequence: the rows of one section, whose addresses rise by distances that are known now. */
static void sequence(struct assembler *as, struct section *s) {
  struct line_loc now = {.file = 1, .line = 1, .is_stmt = true};
  uint32_t offset = 0;
  byte(as, 0);
  byte(as, 5);
  byte(as, LNE_set_address);
  pg32_as_emit_address(as, s, 0);
  for (const struct line *l = s->lines; l; l = l->next) {
    if (l->loc.file != now.file) byte(as, LNS_set_file), leb(as, l->loc.file, false);
    if (l->loc.column != now.column) byte(as, LNS_set_column), leb(as, l->loc.column, false);
    flags(as, &now, &l->loc);
    advance(as, l->offset - offset, (int64_t)l->loc.line - now.line);
    now = l->loc;
    offset = l->offset;
  }
  byte(as, LNS_advance_pc);
  leb(as, s->size - offset, false);
  byte(as, 0);
  byte(as, 1);
  byte(as, LNE_end_sequence);
}

static bool same(struct text a, struct text b) { return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n)); }

/* All files from 0 to the last, those without a .file included, and their directories. Directory 0 is the one
 * in which the compiler ran. */
struct tables {
  struct line_file *files;
  struct text *dirs;
  unsigned nfiles, ndirs;
};

static unsigned directory(struct tables *t, struct text dir) {
  for (unsigned i = 0; i < t->ndirs; i++)
    if (!dir.n || same(t->dirs[i], dir)) return i;
  t->dirs[t->ndirs] = dir;
  return t->ndirs++;
}

static struct tables tables(struct assembler *as) {
  struct tables t = {.nfiles = as->last_file + 1};
  t.files = pg32_as_alloc(as, t.nfiles * sizeof *t.files);
  t.dirs = pg32_as_alloc(as, (t.nfiles + 1) * sizeof *t.dirs);
  for (const struct line_file *f = as->files; f; f = f->next)
    if (!t.files[f->number].name.p) t.files[f->number] = *f;
  if (!t.files[0].name.p && t.nfiles > 1) t.files[0] = t.files[1];
  t.dirs[t.ndirs++] = t.files[0].dir.n ? t.files[0].dir : (struct text){".", 1};
  return t;
}

static void names5(struct assembler *as) {
  struct tables t = tables(as);
  bool sums = true;
  for (unsigned i = 0; i < t.nfiles; i++) sums &= t.files[i].has_md5, directory(&t, t.files[i].dir);
  byte(as, 1);
  byte(as, LNCT_path), byte(as, FORM_string);
  leb(as, t.ndirs, false);
  for (unsigned i = 0; i < t.ndirs; i++) string(as, t.dirs[i]);
  byte(as, sums ? 3 : 2);
  byte(as, LNCT_path), byte(as, FORM_string);
  byte(as, LNCT_directory_index), byte(as, FORM_udata);
  if (sums) byte(as, LNCT_MD5), byte(as, FORM_data16);
  leb(as, t.nfiles, false);
  for (unsigned i = 0; i < t.nfiles; i++) {
    string(as, t.files[i].name);
    leb(as, directory(&t, t.files[i].dir), false);
    if (sums) pg32_as_emit(as, t.files[i].md5, 16);
  }
}

static void names4(struct assembler *as) {
  struct tables t = tables(as);
  for (unsigned i = 1; i < t.nfiles; i++) directory(&t, t.files[i].dir);
  for (unsigned i = 1; i < t.ndirs; i++) string(as, t.dirs[i]);
  byte(as, 0);
  for (unsigned i = 1; i < t.nfiles; i++) {
    string(as, t.files[i].name.n ? t.files[i].name : (struct text){"?", 1});
    leb(as, directory(&t, t.files[i].dir), false);
    byte(as, 0), byte(as, 0); /* time and size: unknown */
  }
  byte(as, 0);
}

/* The header, up to where the program starts. Its field header_length counts the bytes after the field. */
static void header(struct assembler *as, bool version5) {
  static const uint8_t operands[OPCODE_BASE - 1] = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};
  struct section *s = as->here;
  pg32_as_emit_number(as, version5 ? 5 : 4, 2);
  if (version5) byte(as, 4), byte(as, 0); /* sizes of an address and of a segment selector */
  uint32_t length = s->size;
  pg32_as_emit_number(as, 0, 4);
  byte(as, 1); /* bytes of the smallest instruction */
  byte(as, 1); /* operations of one instruction */
  byte(as, 1); /* is_stmt at the start */
  byte(as, (uint8_t)LINE_BASE);
  byte(as, LINE_RANGE);
  byte(as, OPCODE_BASE);
  pg32_as_emit(as, operands, sizeof operands);
  if (version5)
    names5(as);
  else
    names4(as);
  pg32_as_put_le(s->data + length, s->size - length - 4, 4);
}

/* The DWARF version of .debug_info, 0 if there is none. */
static unsigned info_version(const struct assembler *as) {
  for (const struct section *s = as->sections; s; s = s->next)
    if (!strcmp(s->name, ".debug_info") && s->data && s->size >= 6)
      return (unsigned)pg32_as_get_le(s->data + 4, 2);
  return 0;
}

void pg32_as_line_program(struct assembler *as) {
  if (!as->have_loc && !as->files) return;
  struct section *s = pg32_as_section(as, ".debug_line", SHT_PROGBITS, 0);
  if (s->type == SHT_NOBITS) {
    pg32_as_error_at(as, &as->now.place, "'.debug_line' must be able to hold the line program");
    return;
  }
  as->here = s;
  uint32_t start = s->size;
  pg32_as_emit_number(as, 0, 4);
  header(as, as->dwarf5 || info_version(as) == 5);
  for (struct section *code = as->sections; code; code = code->next)
    if (code->lines) sequence(as, code);
  pg32_as_put_le(s->data + start, s->size - start - 4, 4);
}
