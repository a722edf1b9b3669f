/* source.c - where the assembler's statements come from: the lines of files, without comments and with what
 * .include adds, and the bodies that macro.c replays. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

/* ---- comments ---- */

/* Whether the `#` at p begins a preprocessor's line marker: # 12 "file". */
static bool is_marker(const char *p, const char *end) {
  p++;
  while (p < end && is_space(*p)) p++;
  return p < end && *p >= '0' && *p <= '9';
}

static const char *comment_end(const char *p, const char *end) {
  bool block = p[0] == '/' && p + 1 < end && p[1] == '*';
  if (!block) {
    const char *newline = memchr(p, '\n', (size_t)(end - p));
    return newline ? newline : end;
  }
  for (p += 2; p + 1 < end; p++)
    if (p[0] == '*' && p[1] == '/') return p + 2;
  return end;
}

/* A copy of the text with blanks in place of comments, so that all else stays in its columns. The line breaks
 * in a comment become blanks, too: a statement continues after the comment. */
static char *blank_comments(struct assembler *as, struct text text) {
  char *copy = pg32_as_string(as, text);
  const char *p = copy, *end = copy + text.n;
  bool line_start = true;
  while (p < end) {
    bool slash = *p == '/' && p + 1 < end && (p[1] == '/' || p[1] == '*');
    if (slash || (*p == '#' && !(line_start && is_marker(p, end)))) {
      const char *stop = comment_end(p, end);
      memset(copy + (p - copy), ' ', (size_t)(stop - p));
      p = stop;
    } else {
      line_start = *p == '\n' || (line_start && is_space(*p));
      p = skip_unit(p, end);
    }
  }
  return copy;
}

/* ---- frames ---- */

struct frame *pg32_as_push(struct assembler *as) {
  if (as->depth >= MAX_NESTING)
    pg32_as_fatal(as, "macros, repetitions or includes nested deeper than %d", MAX_NESTING);
  struct frame *f = pg32_as_alloc(as, sizeof *f);
  f->outer = as->frame;
  f->conditions = as->conditions;
  as->frame = f;
  as->depth++;
  return f;
}

void pg32_as_pop(struct assembler *as) {
  as->frame = as->frame->outer;
  as->depth--;
}

void pg32_as_push_file(struct assembler *as, const char *name, struct text text) {
  const char *clean = blank_comments(as, text);
  struct frame *f = pg32_as_push(as);
  f->clean = f->line = f->line_end = f->p = clean;
  f->original = text.p;
  f->end = clean + text.n;
  f->place = (struct place){.file = name};
  f->next_line = 1;
  f->line_end = NULL; /* no line yet */
}

/* # 12 "file": the next line is line 12 of that file. */
static void marker(struct assembler *as, struct frame *f) {
  const char *p = f->line;
  while (p < f->line_end && (is_space(*p) || *p == '#')) p++;
  uint64_t number = 0;
  while (p < f->line_end && *p >= '0' && *p <= '9' && number < UINT32_MAX / 16)
    number = number * 10 + (*p++ - '0');
  while (p < f->line_end && is_space(*p)) p++;
  const char *quote = p < f->line_end && *p == '"' ? memchr(p + 1, '"', (size_t)(f->line_end - p - 1)) : NULL;
  if (quote) f->place.file = pg32_as_string(as, (struct text){p + 1, (size_t)(quote - p - 1)});
  f->next_line = (unsigned)number;
}

static unsigned count_newlines(const char *p, size_t n) {
  unsigned count = 0;
  for (const char *end = p + n; (p = memchr(p, '\n', (size_t)(end - p))); p++) count++;
  return count;
}

/* Moves on to the row that starts at `row`. A line has several rows if comments go over their ends. */
static void next_row(struct frame *f, const char *row) {
  const char *source = f->original + (row - f->clean);
  size_t left = (size_t)(f->line_end - row);
  const char *newline = memchr(source, '\n', left);
  f->row = row;
  f->place.line++;
  f->place.source = (struct text){source, newline ? (size_t)(newline - source) : left};
}

/* Moves on to the file's next line that is not a marker; false at its end. */
static bool next_line(struct assembler *as, struct frame *f) {
  for (;;) {
    const char *start = f->line_end ? f->line_end + 1 : f->clean;
    if (start >= f->end) return false;
    const char *newline = memchr(start, '\n', (size_t)(f->end - start));
    f->line = f->p = start;
    f->line_end = newline ? newline : f->end;
    f->place.line = f->next_line - 1;
    f->next_line += 1 + count_newlines(f->original + (start - f->clean), (size_t)(f->line_end - start));
    next_row(f, start);
    while (start < f->line_end && is_space(*start)) start++;
    if (start == f->line_end || *start != '#') return true;
    marker(as, f);
  }
}

/* The next statement: up to a `;` outside quotes, or to the end of the line. */
static bool file_statement(struct assembler *as, struct frame *f) {
  while (!f->line_end || f->p >= f->line_end)
    if (!next_line(as, f)) return false;
  const char *start = f->p, *stop = start;
  while (stop < f->line_end && *stop != ';') stop = skip_unit(stop, f->line_end);
  if (stop > f->line_end) stop = f->line_end;
  f->p = stop + 1;
  as->now.text = pg32_as_trim((struct text){start, (size_t)(stop - start)});
  while (as->now.text.p > f->row + f->place.source.n) next_row(f, f->row + f->place.source.n + 1);
  as->now.place = f->place;
  as->now.place.column = (unsigned)(as->now.text.p - f->row) + 1;
  return true;
}

/* ---- statements ---- */

void pg32_as_spend(struct assembler *as, size_t bytes) {
  as->expanded += bytes + 16;
  if (as->expanded > MAX_EXPANSION) pg32_as_fatal(as, "macros and repetitions expand to too much text");
}

bool pg32_as_next_statement(struct assembler *as) {
  while (as->frame) {
    struct frame *f = as->frame;
    if (f->body ? pg32_as_body_statement(as, f) : file_statement(as, f)) return true;
    pg32_as_pop(as);
  }
  return false;
}

/* ---- .include ---- */

/* Makes room for one more buffer; the room is doubled whenever the number of buffers is a power of two. */
static void make_room_for_text(struct assembler *as) {
  if (as->nloaded & (as->nloaded - 1)) return;
  char **more = realloc(as->loaded, (as->nloaded ? 2 * as->nloaded : 1) * sizeof *more);
  if (!more) pg32_as_no_memory(as);
  as->loaded = more;
}

bool pg32_as_load(struct assembler *as, const char *name, struct text *contents) {
  make_room_for_text(as);
  size_t size = 0;
  char *text = as->options->load ? as->options->load(as->options->user, name, &size) : NULL;
  if (!text) return false;
  as->loaded[as->nloaded++] = text;
  pg32_as_spend(as, size);
  *contents = (struct text){text, size};
  return true;
}

void pg32_as_cannot_read(struct assembler *as, struct text where, const char *name) {
  const char *rule = as->options->rule;
  pg32_as_error_in(as, where, rule ? "cannot read '%s' (%s)" : "cannot read '%s'", name, rule);
}

static void include(struct assembler *as) {
  struct text name, contents;
  struct token at = as->token;
  if (!pg32_as_string_bytes(as, &name)) return;
  const char *path = pg32_as_string(as, name);
  if (pg32_as_load(as, path, &contents))
    pg32_as_push_file(as, path, contents);
  else
    pg32_as_cannot_read(as, at.text, path);
}

/* .end: what follows is not read. */
static void end_source(struct assembler *as) {
  while (as->frame) pg32_as_pop(as);
}

bool pg32_as_source_directive(struct assembler *as, struct text name) {
  if (name.p[0] != '.') return false;
  if (pg32_as_condition_directive(as, name)) return true;
  if (pg32_as_hidden(as)) return false;
  if (pg32_as_text_is(name, ".end")) return end_source(as), true;
  if (!pg32_as_text_is(name, ".include")) return pg32_as_macro_directive(as, name);
  include(as);
  return true;
}
