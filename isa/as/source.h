/* source.h - what the files that read the source share: source.c, macro.c, condition.c, scan.c. */
#ifndef PG32_AS_SOURCE_H
#define PG32_AS_SOURCE_H

#include "internal.h"

struct param {
  struct text name, value; /* value: the default in a macro's definition, the argument in a use of it */
  bool required, rest;     /* :req, :vararg */
};

struct body {
  struct statement *statements;
  size_t n, capacity;
};

/* What statements are read from: the lines of a file, or a body, `repeat` times. */
struct frame {
  struct frame *outer;
  /* file */
  const char *clean, *original; /* the text without comments, and the text itself */
  const char *line, *line_end, *end, *p;
  const char *row; /* in `line`: the line of the source that is being read; its place is below */
  struct place place;
  unsigned next_line;
  /* body */
  const struct body *body;
  size_t next;
  int64_t repeat;
  struct param *params;
  size_t nparams;
  unsigned expansion;  /* what \@ stands for */
  struct text *values; /* .irp: the value of params[0] in each repetition */
  bool alternate;      /* .altmacro was on when the frame began */
  const char *context;
  struct condition *conditions; /* that were open before it */
};

/* ---- scan.c: pieces of text ---- */

static inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

static inline bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '$' || (unsigned char)c >= 0x80;
}

/* Past the string or character constant that starts at p, else past one character; p is before end. */
static inline const char *skip_unit(const char *p, const char *end) {
  char quote = *p++;
  if (quote == '\'') {
    if (p < end && *p == '\\') p++;
    if (p < end && *p != '\n') p++;
    return p < end && *p == '\'' ? p + 1 : p;
  }
  if (quote != '"') return p;
  while (p < end && *p != '"' && *p != '\n') p += *p == '\\' && p + 1 < end && p[1] != '\n' ? 2 : 1;
  return p < end && *p == '"' ? p + 1 : p;
}

/* The text without the blanks around it. */
struct text pg32_as_trim(struct text t);
/* The word that starts at p: letters, digits and `_.$`; empty if none does. */
struct text pg32_as_word_at(const char *p, const char *end);
/* Takes one argument: up to a comma, or to a blank between two words, outside quotes and parentheses. With
 * `all`: all the rest. */
struct text pg32_as_argument(const char **p, const char *end, bool all);
/* Moves past a comma and the blanks around it. */
void pg32_as_skip_separator(const char **p, const char *end);

/* ---- source.c ---- */

/* A new innermost frame. */
struct frame *pg32_as_push(struct assembler *as);
/* Leaves the innermost frame. */
void pg32_as_pop(struct assembler *as);
/* Counts the bytes of macros and repetitions; ends the assembly when there are more than MAX_EXPANSION. */
void pg32_as_spend(struct assembler *as, size_t bytes);

/* ---- macro.c ---- */

/* The frame's next statement into as->now; false at its end. */
bool pg32_as_body_statement(struct assembler *as, struct frame *f);
/* Executes the directive if it is one of .macro, .purgem, .rept, .irp, .irpc, .endm, .endr, .exitm. */
bool pg32_as_macro_directive(struct assembler *as, struct text name);

/* The parameter of that name, or NULL. */
const struct param *pg32_as_find_param(const struct frame *f, struct text name);

/* ---- altmacro.c ---- */

/* What the characters at p stand for in a body, when .altmacro is on; *taken is how many that replaces. */
struct text pg32_as_alternate_piece(const struct frame *f, const char *p, const char *end, size_t *taken);
/* If the statement as->now is LOCAL: gives the frame these names, and leaves the statement empty. */
bool pg32_as_define_locals(struct assembler *as, struct frame *f);
/* Takes an argument of the forms that .altmacro adds; false if the one at *p is an ordinary one. */
bool pg32_as_alternate_argument(struct assembler *as, const char **p, const char *end, struct text *arg);

/* ---- condition.c ---- */

/* Executes the directive if it is .else, .elseif, .endif or one of the .if family. */
bool pg32_as_condition_directive(struct assembler *as, struct text name);

#endif
