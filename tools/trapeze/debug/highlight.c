/* highlight.c - lines of source code in styles: keywords, comments, strings and numbers. */
#include <ctype.h>
#include <string.h>

#include "view.h"

/* ---- words ---- */

static bool is_keyword(const char *word, size_t n) {
  static const char *const keywords[] = {
      "_Alignas", "_Alignof", "_Bool",    "_Generic", "_Noreturn", "_Static_assert", "_Thread_local", "auto",
      "bool",     "break",    "case",     "char",     "const",     "continue",       "default",       "do",
      "double",   "else",     "enum",     "extern",   "false",     "float",          "for",           "goto",
      "if",       "inline",   "int",      "long",     "register",  "restrict",       "return",        "short",
      "signed",   "sizeof",   "static",   "struct",   "switch",    "true",           "typedef",       "union",
      "unsigned", "void",     "volatile", "while",
  };
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
    if (strlen(keywords[i]) == n && memcmp(keywords[i], word, n) == 0) return true;
  return false;
}

static size_t word_length(const char *p) {
  size_t n = 0;
  while (isalnum((unsigned char)p[n]) || p[n] == '_') n++;
  return n;
}

/* Up to and including the closing quote, or to the end of the line. */
static size_t quoted_length(const char *p) {
  size_t n = 1;
  for (; p[n] && p[n] != *p; n++)
    if (p[n] == '\\' && p[n + 1]) n++;
  return p[n] ? n + 1 : n;
}

/* The rest of a comment: to its end, or to the end of the line. */
static size_t comment_length(const char *p, bool *in_comment) {
  const char *end = strstr(p, "*/");
  *in_comment = !end;
  return end ? (size_t)(end - p) + 2 : strlen(p);
}

/* ---- pieces ---- */

/* The mnemonic or directive is a line's first word, after any labels. */
static bool is_mnemonic(const char *line, const char *p) {
  while (p > line && p[-1] == ' ') p--;
  return p == line || p[-1] == ':';
}

struct piece {
  size_t n;
  enum style style;
};

static struct piece word(const char *line, const char *p, enum language language) {
  const size_t n = word_length(p + (*p == '.' || *p == '#')) + (*p == '.' || *p == '#');
  if (isdigit((unsigned char)*p)) return (struct piece){n, CODE_NUMBER};
  if (*p == '#') return (struct piece){n, CODE_KEYWORD};
  if (language == LANGUAGE_ASSEMBLY)
    return (struct piece){n, is_mnemonic(line, p) && p[n] != ':' ? CODE_KEYWORD : PLAIN};
  return (struct piece){n, is_keyword(p, n) ? CODE_KEYWORD : PLAIN};
}

/* In assembly, # begins a comment, except where a line of the preprocessor begins with it. */
static bool begins_comment(const char *line, const char *p, enum language language) {
  if (p[0] == '/' && (p[1] == '/' || p[1] == '*')) return true;
  return language == LANGUAGE_ASSEMBLY && *p == '#' &&
         !(is_mnemonic(line, p) && isalpha((unsigned char)p[1]));
}

static struct piece next_piece(const char *line, const char *p, enum language language, bool *in_comment) {
  if (*in_comment) return (struct piece){comment_length(p, in_comment), CODE_COMMENT};
  if (begins_comment(line, p, language)) {
    if (p[1] != '*' || *p != '/') return (struct piece){strlen(p), CODE_COMMENT};
    return (struct piece){2 + comment_length(p + 2, in_comment), CODE_COMMENT};
  }
  if (*p == '"' || *p == '\'') return (struct piece){quoted_length(p), CODE_TEXT};
  const bool directive = (*p == '#' || (*p == '.' && language == LANGUAGE_ASSEMBLY)) && word_length(p + 1);
  if (isalnum((unsigned char)*p) || *p == '_' || directive) return word(line, p, language);
  size_t n = 1;
  while (((unsigned char)p[n] & 0xC0) == 0x80) n++; /* the rest of a character */
  return (struct piece){n, PLAIN};
}

int highlight_line(struct cells *c, int row, int column, enum language language, const char *line,
                   bool *in_comment) {
  char text[512];
  for (const char *p = line; *p;) {
    const struct piece piece = next_piece(line, p, language, in_comment);
    if (c) {
      snprintf(text, sizeof text, "%.*s", (int)piece.n, p);
      column = cells_put(c, row, column, piece.style, text);
    }
    p += piece.n;
  }
  return column;
}

enum language highlight_language(const char *file) {
  const size_t n = strlen(file);
  const bool assembly = n > 2 && (strcmp(file + n - 2, ".S") == 0 || strcmp(file + n - 2, ".s") == 0);
  return assembly ? LANGUAGE_ASSEMBLY : LANGUAGE_C;
}
