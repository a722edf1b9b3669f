/* markup.c - text in XML and in Mermaid. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "isa/utf8.h"
#include "markup.h"
#include "untrusted.h"

/* ---- XML ---- */

static void escaped(FILE *f, const char *clean) {
  for (const char *c = clean; *c; c++) switch (*c) {
    case '&': fputs("&amp;", f); break;
    case '<': fputs("&lt;", f); break;
    case '>': fputs("&gt;", f); break;
    case '"': fputs("&quot;", f); break;
    default: fputc(*c, f);
    }
}

void xml_text(FILE *f, const char *text) {
  char *clean = text_clean(text);
  escaped(f, clean);
  free(clean);
}

void xml_attribute(FILE *f, const char *name, const char *text) {
  char *line = text_line(text);
  fprintf(f, " %s=\"", name);
  escaped(f, line);
  fputc('"', f);
  free(line);
}

/* ---- Mermaid ---- */

static bool is_plain(const char *name) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /._-+=,()[]?";
  return strspn(name, plain) == strlen(name);
}

void mermaid_name(FILE *f, const char *name) {
  char *line = text_line(name);
  if (is_plain(line)) {
    fputs(line, f);
  } else {
    uint32_t point = 0;
    for (const char *c = line; *c; fprintf(f, "#%u;", (unsigned)point))
      c += pg32_utf8_decode(c, strlen(c), &point); /* never 0: `line` is clean */
  }
  free(line);
}
