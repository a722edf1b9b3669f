/* data.c - directives that put data: numbers, strings, gaps, the bytes of a file. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static void one_number(struct assembler *as, unsigned bytes) {
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  int64_t n = 0;
  if (!e) return;
  bool constant = pg32_as_is_constant(as, e, &n);
  int64_t low = bytes == 8 ? INT64_MIN : -((int64_t)1 << (8 * bytes - 1));
  int64_t high = bytes == 8 ? INT64_MAX : ((int64_t)1 << 8 * bytes) - 1;
  if (constant && (n < low || n > high))
    pg32_as_error_in(as, at.text, "%lld does not fit in %u bytes", (long long)n, bytes);
  pg32_as_emit_number(as, constant ? (uint64_t)n : 0, bytes);
  if (constant) return;
  enum fixup_kind kind = bytes == 1 ? FIX_BYTE : bytes == 2 ? FIX_HALF : bytes == 4 ? FIX_WORD : FIX_DOUBLE;
  pg32_as_fixup(as, kind, MOD_NONE, bytes, e, pg32_as_place(as, at.text));
}

static void numbers(struct assembler *as, int bytes) {
  if (as->token.kind == TOK_END) return;
  unsigned errors = as->errors;
  do one_number(as, (unsigned)bytes);
  while (as->errors == errors && pg32_as_accept(as, ','));
}

/* ---- numbers that are no 64-bit integers ---- */

/* The text of one value, up to a comma; NULL after an error. GNU's prefix 0f, 0d or 0r is left out. */
static const char *value_text(struct assembler *as, char *buf, size_t size) {
  struct text rest = pg32_as_rest(as);
  const char *comma = rest.n ? memchr(rest.p, ',', rest.n) : NULL;
  size_t n = comma ? (size_t)(comma - rest.p) : rest.n;
  while (n && (rest.p[n - 1] == ' ' || rest.p[n - 1] == '\t')) n--;
  if (!n || n >= size) {
    pg32_as_error(as, "expected a number");
    return NULL;
  }
  memcpy(buf, rest.p, n);
  buf[n] = 0;
  return n > 2 && buf[0] == '0' && strchr("fFdDrR", buf[1]) ? buf + 2 : buf;
}

static void after_value(struct assembler *as) {
  struct text rest = pg32_as_rest(as);
  const char *comma = memchr(rest.p, ',', rest.n);
  pg32_as_tokens_from(as, comma ? comma : rest.p + rest.n);
}

/* .float and .double: rounded to the nearest number of the format, as IEEE 754 has it. */
static bool read_real(struct assembler *as, unsigned bytes, uint64_t *bits) {
  char buf[128], *end;
  const char *text = value_text(as, buf, sizeof buf);
  if (!text) return false;
  float single = strtof(text, &end);
  double value = strtod(text, &end);
  if (end == text || *end) {
    pg32_as_error(as, "expected a number such as 1.5, -2e-3, inf or nan");
    return false;
  }
  if (*text == '-') { /* "-nan" too: musl forgets its sign */
    single = __builtin_copysignf(single, -1);
    value = __builtin_copysign(value, -1);
  }
  *bits = 0;
  memcpy(bits, bytes == 4 ? (void *)&single : (void *)&value, bytes);
  after_value(as);
  return true;
}

static void one_real(struct assembler *as, unsigned bytes) {
  uint64_t bits;
  if (read_real(as, bytes, &bits)) pg32_as_emit_number(as, bits, bytes);
}

static void reals(struct assembler *as, int bytes) {
  unsigned errors = as->errors;
  do one_real(as, (unsigned)bytes);
  while (as->errors == errors && pg32_as_accept(as, ','));
}

static int digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;
}

/* .octa: 16 bytes */
static void one_octa(struct assembler *as) {
  char buf[128];
  const char *text = value_text(as, buf, sizeof buf), *p = text;
  if (!text) return;
  bool minus = *p == '-';
  p += minus;
  const unsigned base = p[0] == '0' && (p[1] | 32) == 'x' ? 16 : 10;
  if (base == 16) p += 2;
  unsigned __int128 n = 0, most = ~n;
  bool good = *p;
  for (; *p; p++) {
    good &= digit(*p) < (int)base && n <= (most - (unsigned)digit(*p)) / base;
    n = n * base + (unsigned)digit(*p);
  }
  if (!good) {
    pg32_as_error(as, "expected a decimal or hexadecimal number of at most 128 bits");
    return;
  }
  if (minus) n = -n;
  after_value(as);
  pg32_as_emit_number(as, (uint64_t)n, 8);
  pg32_as_emit_number(as, (uint64_t)(n >> 64), 8);
}

static void octas(struct assembler *as, int unused) {
  (void)unused;
  unsigned errors = as->errors;
  do one_octa(as);
  while (as->errors == errors && pg32_as_accept(as, ','));
}

unsigned pg32_as_leb(uint8_t *p, int64_t n, bool is_signed) {
  unsigned size = 0;
  uint64_t rest = (uint64_t)n;
  for (;;) {
    uint8_t byte = rest & 127;
    rest = is_signed ? (rest >> 7) | (n < 0 ? UINT64_MAX << 57 : 0) : rest >> 7;
    bool end = is_signed ? (rest == 0 && !(byte & 64)) || (rest == UINT64_MAX && byte & 64) : rest == 0;
    p[size++] = end ? byte : byte | 128;
    if (end) return size;
  }
}

/* A number whose value is not known yet takes LEB_WIDTH bytes. */
static void one_leb(struct assembler *as, bool is_signed) {
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  uint8_t buf[10];
  int64_t n;
  if (!e) return;
  if (pg32_as_is_constant(as, e, &n)) {
    pg32_as_emit(as, buf, pg32_as_leb(buf, n, is_signed));
    return;
  }
  pg32_as_emit(as, NULL, LEB_WIDTH);
  pg32_as_fixup(as, is_signed ? FIX_SLEB : FIX_ULEB, MOD_NONE, LEB_WIDTH, e, pg32_as_place(as, at.text));
}

static void lebs(struct assembler *as, int is_signed) {
  unsigned errors = as->errors;
  do one_leb(as, is_signed);
  while (as->errors == errors && pg32_as_accept(as, ','));
}

static void strings(struct assembler *as, int terminated) {
  struct text bytes;
  if (as->token.kind == TOK_END) return;
  do {
    if (!pg32_as_string_bytes(as, &bytes)) return;
    pg32_as_emit(as, bytes.p, bytes.n);
    while (as->token.kind == TOK_STRING && pg32_as_string_bytes(as, &bytes))
      pg32_as_emit(as, bytes.p, bytes.n);
    if (terminated) pg32_as_emit(as, "", 1);
  } while (pg32_as_accept(as, ','));
}

/* .string16 and the like: each byte of the text as a number of `bytes` bytes, and a zero at the end. */
static void wide_strings(struct assembler *as, int bytes) {
  struct text text;
  do {
    if (!pg32_as_string_bytes(as, &text)) return;
    for (size_t i = 0; i < text.n; i++) pg32_as_emit_number(as, (uint8_t)text.p[i], (unsigned)bytes);
    pg32_as_emit_number(as, 0, (unsigned)bytes);
  } while (pg32_as_accept(as, ','));
}

static void fill_bytes(struct assembler *as, uint64_t count, uint64_t fill) {
  uint8_t *p = pg32_as_emit(as, NULL, count);
  if (p)
    memset(p, (uint8_t)fill, count);
  else if (fill && count)
    pg32_as_error(as, "'%s' holds only zeros, so nothing can be stored there", as->here->name);
}

/* .zero count [, fill] */
static void space(struct assembler *as, int unused) {
  (void)unused;
  int64_t count, fill = 0;
  if (!pg32_as_constant_in(as, 0, UINT32_MAX, &count)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, -128, 255, &fill)) return;
  fill_bytes(as, (uint64_t)count, (uint64_t)fill);
}

/* .ds.l count [, fill]: room for `count` numbers of so many bytes. */
static void room(struct assembler *as, int bytes) {
  int64_t count, fill = 0;
  if (!pg32_as_constant_in(as, 0, MAX_OUTPUT, &count)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, -128, 255, &fill)) return;
  fill_bytes(as, (uint64_t)count * (uint64_t)bytes, (uint64_t)fill);
}

/* .dcb.w count [, value]: the number `count` times. */
static void block(struct assembler *as, int bytes) {
  int64_t count, value = 0;
  if (!pg32_as_constant_in(as, 0, MAX_OUTPUT, &count)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant(as, &value)) return;
  for (int64_t i = 0; i < count; i++) pg32_as_emit_number(as, (uint64_t)value, (unsigned)bytes);
}

/* The same with a number of .float or .double. */
static void real_block(struct assembler *as, int bytes) {
  int64_t count;
  uint64_t bits = 0;
  if (!pg32_as_constant_in(as, 0, MAX_OUTPUT, &count)) return;
  if (pg32_as_accept(as, ',') && !read_real(as, (unsigned)bytes, &bits)) return;
  for (int64_t i = 0; i < count; i++) pg32_as_emit_number(as, bits, (unsigned)bytes);
}

/* .fill repeat [, size [, value]] */
static void fill(struct assembler *as, int unused) {
  (void)unused;
  int64_t repeat, size = 1, value = 0;
  if (!pg32_as_constant_in(as, 0, MAX_OUTPUT, &repeat)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, 8, &size)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant(as, &value)) return;
  for (int64_t i = 0; i < repeat && size; i++) pg32_as_emit_number(as, (uint64_t)value, (unsigned)size);
}

/* .org new-offset [, fill]: the offset is a number, or a label of this section plus a number. It cannot lie
 * before the current position. */
void pg32_as_org(struct assembler *as) {
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  struct value v;
  const char *why;
  int64_t byte = 0;
  if (!e || (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, -128, 255, &byte))) return;
  bool good = pg32_as_value(as, e, &v, &why) && !v.sub;
  if (good && v.add) good = v.add->kind == SYM_LABEL && v.add->section == as->here;
  if (good && v.add) v.n += v.add->offset;
  if (!good)
    pg32_as_error_in(as, at.text, "expected an offset in this section");
  else if (v.n < as->here->size)
    pg32_as_error_in(as, at.text, "cannot go back to offset %lld from %u", (long long)v.n, as->here->size);
  else
    fill_bytes(as, (uint64_t)v.n - as->here->size, (uint64_t)byte);
}

static void org(struct assembler *as, int unused) { (void)unused, pg32_as_org(as); }

enum { IN_BYTES = 1 }; /* how the directives of alignment differ; twice the width of the fill is added */

/* Fills up to a multiple of 1 << log2 with copies of a number of `width` bytes. */
static void align_with(struct assembler *as, unsigned log2, uint64_t number, unsigned width, uint32_t most) {
  uint32_t pad = -as->here->size & ((1u << log2) - 1);
  if (pad % width) {
    pg32_as_error_in(as, as->now.text, "the gap of %u bytes cannot be filled with numbers of %u", pad, width);
    return;
  }
  if (most && pad > most) pad = 0;
  for (; pad; pad -= width) pg32_as_emit_number(as, number, width);
  if (as->here->align < 1u << log2) as->here->align = 1u << log2;
}

/* .p2align log2 [, [fill] [, most]]; .balign has the alignment in bytes in place of its logarithm. With a w or an l
 * at the end the fill is a number of 2 or of 4 bytes. */
static void align(struct assembler *as, int form) {
  const bool in_bytes = form & IN_BYTES;
  const unsigned width = (unsigned)form >> 1;
  int64_t n, byte = -1, most = 0;
  unsigned log2 = 0;
  struct token at = as->token;
  if (!pg32_as_constant_in(as, 0, in_bytes ? 1 << MAX_ALIGN_LOG2 : MAX_ALIGN_LOG2, &n)) return;
  if (in_bytes)
    while ((1 << log2) < n) log2++;
  else
    log2 = (unsigned)n;
  if (in_bytes && n && (1 << log2) != n) {
    pg32_as_error_in(as, at.text, "%lld is not a power of two", (long long)n);
    return;
  }
  if (pg32_as_accept(as, ',')) {
    bool given = as->token.kind != TOK_END && !(as->token.kind == TOK_OP && as->token.op == ',');
    if (given && !pg32_as_constant_in(as, 0, width > 2 ? UINT32_MAX : width ? 0xffff : 255, &byte)) return;
    if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, UINT32_MAX, &most)) return;
  }
  if (width && byte >= 0)
    align_with(as, log2, (uint64_t)byte, width, (uint32_t)most);
  else
    pg32_as_align(as, log2, (int)byte, (uint32_t)most);
}

/* .incbin "file" [, skip [, count]] */
static void incbin(struct assembler *as, int unused) {
  (void)unused;
  struct token at = as->token;
  struct text name;
  int64_t skip = 0, count = INT64_MAX;
  if (!pg32_as_string_bytes(as, &name)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, UINT32_MAX, &skip)) return;
  if (pg32_as_accept(as, ',') && !pg32_as_constant_in(as, 0, UINT32_MAX, &count)) return;
  const char *path = pg32_as_string(as, name);
  struct text contents;
  if (!pg32_as_load(as, path, &contents)) {
    pg32_as_cannot_read(as, at.text, path);
    return;
  }
  size_t start = (size_t)skip < contents.n ? (size_t)skip : contents.n, left = contents.n - start;
  pg32_as_emit(as, contents.p + start, (uint64_t)count < left ? (uint64_t)count : left);
}

/* clang-format off */
static const struct directive directives[] = {
  {".byte", numbers, 1}, {".half", numbers, 2}, {".2byte", numbers, 2}, {".short", numbers, 2},
  {".hword", numbers, 2}, {".word", numbers, 4}, {".4byte", numbers, 4}, {".long", numbers, 4},
  {".int", numbers, 4}, {".8byte", numbers, 8}, {".quad", numbers, 8}, {".dword", numbers, 8},
  {".uleb128", lebs, false}, {".sleb128", lebs, true}, {".ascii", strings, false},
  {".asciz", strings, true}, {".string", strings, true}, {".zero", space, 0}, {".space", space, 0},
  {".skip", space, 0}, {".fill", fill, 0}, {".org", org, 0}, {".p2align", align, 0},
  {".align", align, 0}, {".balign", align, IN_BYTES}, {".incbin", incbin, 0},
  {".p2alignw", align, 2 << 1}, {".p2alignl", align, 4 << 1}, {".balignw", align, IN_BYTES | 2 << 1},
  {".balignl", align, IN_BYTES | 4 << 1}, {".string8", wide_strings, 1}, {".string16", wide_strings, 2},
  {".string32", wide_strings, 4}, {".string64", wide_strings, 8},
  {".dcb", block, 2}, {".dcb.b", block, 1}, {".dcb.w", block, 2}, {".dcb.l", block, 4},
  {".dcb.s", real_block, 4}, {".dcb.d", real_block, 8},
  {".float", reals, 4}, {".single", reals, 4}, {".double", reals, 8}, {".octa", octas, 0},
  {".dc", numbers, 2}, {".dc.b", numbers, 1}, {".dc.w", numbers, 2}, {".dc.l", numbers, 4},
  {".dc.a", numbers, 4}, {".dc.s", reals, 4}, {".dc.d", reals, 8}, {".ds", room, 2},
  {".ds.b", room, 1}, {".ds.w", room, 2}, {".ds.l", room, 4}, {".ds.s", room, 4}, {".ds.d", room, 8},
};
/* clang-format on */

bool pg32_as_data_directive(struct assembler *as, struct text name) {
  return pg32_as_execute(as, directives, sizeof directives / sizeof *directives, name);
}
