/* text.c - characters and strings as text, in gdb's manner: "abc", 'x' <repeats 12 times>, L"wide". */
#include <string.h>

#include "eval.h"

#define REPEATS 10 /* equal characters that are written rather than counted */

static bool print_escape(FILE *out, uint32_t c) {
  static const char codes[] = "\a\b\f\n\r\t\v", letters[] = "abfnrtv";
  const char *at = c && c < 0x20 ? strchr(codes, (int)c) : NULL;
  return at && fprintf(out, "\\%c", letters[at - codes]) > 0;
}

/* A character that is no ASCII: in octal, as gdb has it; of a wide string by its Unicode number. */
static void print_character(FILE *out, uint32_t c, unsigned size, char quote) {
  if (print_escape(out, c)) return;
  if (c == '\\' || c == (unsigned char)quote)
    fprintf(out, "\\%c", (int)c);
  else if (c >= 0x20 && c <= 0x7E)
    fputc((int)c, out);
  else if (size == 1 || c < 0x80)
    fprintf(out, "\\%03o", c);
  else
    fprintf(out, c > 0xFFFF ? "\\U%08x" : "\\u%04x", c);
}

void eval_format_character(FILE *out, uint32_t c, unsigned size) {
  fputs(size == 1 ? "'" : size == 2 ? "u'" : "L'", out);
  print_character(out, c, size, '\'');
  fputc('\'', out);
}

static uint32_t character(const void *text, unsigned size, size_t i) {
  uint32_t c = 0;
  memcpy(&c, (const uint8_t *)text + i * size, size);
  return c;
}

static size_t run_length(const void *text, unsigned size, size_t i, size_t n) {
  size_t run = 1;
  while (i + run < n && character(text, size, i + run) == character(text, size, i)) run++;
  return run;
}

void eval_format_text(FILE *out, const void *text, unsigned size, size_t n, bool cut) {
  const char *prefix = size == 1 ? "" : size == 2 ? "u" : "L";
  bool open = false, any = false;
  size_t i = 0;
  for (unsigned written = 0; i < n && written < EVAL_LIMIT;) {
    const size_t run = run_length(text, size, i, n);
    const bool repeats = run > REPEATS;
    if (any && repeats) fputs(open ? "\", " : ", ", out);
    if (!repeats && !open) fprintf(out, "%s%s\"", any ? ", " : "", prefix);
    if (repeats) {
      fprintf(out, "%s'", prefix);
      print_character(out, character(text, size, i), size, '\'');
      fprintf(out, "' <repeats %zu times>", run);
    } else
      print_character(out, character(text, size, i), size, '"');
    written += repeats ? REPEATS : 1;
    i += repeats ? run : 1;
    open = !repeats;
    any = true;
  }
  if (!any) fprintf(out, "%s\"\"", prefix);
  if (open) fputc('"', out);
  if (cut || i < n) fputs("...", out);
}
