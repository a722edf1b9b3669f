/* source.c - where the assembler's statements come from: files, and what .include, .macro, .rept,
 * .irp and .if make of them. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct param {
  struct text name, value; /* value: the default in a definition, the argument in an expansion */
  bool required, rest;     /* :req, :vararg */
};

struct body {
  struct statement *statements;
  size_t n, capacity;
};

struct macro {
  const char *name;
  struct param *params;
  size_t nparams;
  struct body body;
};

/* A frame reads either a file's lines or a body, `repeat` times. */
struct frame {
  struct frame *outer;
  /* file */
  const char *clean, *original; /* the same text with comments blanked, and as it was */
  const char *line, *line_end, *end, *p;
  struct place place;
  unsigned next_line;
  /* body */
  const struct body *body;
  size_t next;
  int64_t repeat;
  struct param *params;
  size_t nparams;
  unsigned expansion;  /* what \@ stands for */
  struct text *values; /* .irp: one for each repetition, into params[0] */
  const char *context;
};

struct condition {
  struct condition *outer;
  bool active, taken; /* this branch; any branch so far */
  bool hidden;        /* the whole .if is inside an inactive one */
  bool had_else;
  struct place place;
};

/* ---- characters ---- */

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '$' || (unsigned char)c >= 0x80;
}

static struct text trim(struct text t) {
  while (t.n && is_space(t.p[0])) t.p++, t.n--;
  while (t.n && is_space(t.p[t.n - 1])) t.n--;
  return t;
}

/* Past the string or character constant that starts at p, else past one character. */
static const char *skip_unit(const char *p, const char *end) {
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

/* A copy of the text in which blanks stand for comments, so that columns stay what they were. */
static char *blank_comments(struct assembler *as, struct text text) {
  char *copy = pg32_as_string(as, text);
  const char *p = copy, *end = copy + text.n;
  bool line_start = true;
  while (p < end) {
    bool slash = *p == '/' && p + 1 < end && (p[1] == '/' || p[1] == '*');
    if (slash || (*p == '#' && !(line_start && is_marker(p, end)))) {
      const char *stop = comment_end(p, end);
      for (char *q = copy + (p - copy); q < stop; q++)
        if (*q != '\n') *q = ' ';
      p = stop;
    } else {
      line_start = *p == '\n' || (line_start && is_space(*p));
      p = skip_unit(p, end);
    }
  }
  return copy;
}

/* ---- frames ---- */

static struct frame *push(struct assembler *as) {
  if (as->depth >= MAX_NESTING)
    pg32_as_fatal(as, "macros, repetitions or includes nested deeper than %d", MAX_NESTING);
  struct frame *f = pg32_as_alloc(as, sizeof *f);
  f->outer = as->frame;
  as->frame = f;
  as->depth++;
  return f;
}

static void pop(struct assembler *as) {
  as->frame = as->frame->outer;
  as->depth--;
}

void pg32_as_push_file(struct assembler *as, const char *name, struct text text) {
  const char *clean = blank_comments(as, text);
  struct frame *f = push(as);
  f->clean = f->line = f->line_end = f->p = clean;
  f->original = text.p;
  f->end = clean + text.n;
  f->place = (struct place){.file = name};
  f->next_line = 1;
  f->line_end = NULL; /* no line yet */
}

static void push_body(struct assembler *as, const struct body *body, int64_t repeat, struct param *params,
                      size_t nparams, const char *context) {
  struct frame *f = push(as);
  f->body = body;
  f->repeat = repeat;
  f->params = params;
  f->nparams = nparams;
  f->expansion = as->expansions;
  f->context = context;
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

/* Moves on to the file's next line that is not a marker; false at its end. */
static bool next_line(struct assembler *as, struct frame *f) {
  for (;;) {
    const char *start = f->line_end ? f->line_end + 1 : f->clean;
    if (start >= f->end) return false;
    const char *newline = memchr(start, '\n', (size_t)(f->end - start));
    f->line = f->p = start;
    f->line_end = newline ? newline : f->end;
    f->place.line = f->next_line++;
    f->place.source = (struct text){f->original + (start - f->clean), (size_t)(f->line_end - start)};
    while (start < f->line_end && is_space(*start)) start++;
    if (start == f->line_end || *start != '#') return true;
    marker(as, f);
  }
}

static bool file_statement(struct assembler *as, struct frame *f) {
  while (!f->line_end || f->p >= f->line_end)
    if (!next_line(as, f)) return false;
  const char *start = f->p, *stop = start;
  while (stop < f->line_end && *stop != ';') stop = skip_unit(stop, f->line_end);
  if (stop > f->line_end) stop = f->line_end;
  f->p = stop + 1;
  as->now.text = trim((struct text){start, (size_t)(stop - start)});
  as->now.place = f->place;
  as->now.place.column = (unsigned)(as->now.text.p - f->line) + 1;
  return true;
}

/* ---- bodies ---- */

static const struct param *find_param(const struct frame *f, struct text name) {
  for (size_t i = 0; i < f->nparams; i++)
    if (f->params[i].name.n == name.n && !memcmp(f->params[i].name.p, name.p, name.n)) return &f->params[i];
  return NULL;
}

static struct text word_at(const char *p, const char *end) {
  struct text word = {p, 0};
  while (p + word.n < end && is_word(p[word.n])) word.n++;
  return word;
}

/* What the backslash at p stands for, and how much of the text that takes; n = 0: for itself. */
static struct text escape(const struct frame *f, const char *p, const char *end, char *number,
                          size_t *taken) {
  if (p + 1 < end && p[1] == '@') {
    *taken = 2;
    return (struct text){number, strlen(number)};
  }
  if (p + 2 < end && p[1] == '(' && p[2] == ')') {
    *taken = 3;
    return (struct text){p, 0};
  }
  struct text word = word_at(p + 1, end);
  /* a parameter's name may be followed by `.` and more */
  for (; word.n; word.n--) {
    const struct param *param = find_param(f, word);
    if (!param) continue;
    *taken = word.n + 1;
    return param->value;
  }
  *taken = 1;
  return (struct text){p, 1};
}

static size_t substitute(const struct frame *f, struct text text, char *number, char *out) {
  size_t n = 0, taken;
  for (const char *p = text.p, *end = p + text.n; p < end; p += taken) {
    struct text piece = {p, 1};
    taken = 1;
    if (*p == '\\') piece = escape(f, p, end, number, &taken);
    if (out && piece.n) memcpy(out + n, piece.p, piece.n);
    n += piece.n;
  }
  return n;
}

static void spend(struct assembler *as, size_t bytes) {
  as->expanded += bytes + 16;
  if (as->expanded > MAX_EXPANSION) pg32_as_fatal(as, "macros and repetitions expand to too much text");
}

static struct text expand_text(struct assembler *as, const struct frame *f, struct text text) {
  if (!f->nparams || !memchr(text.p, '\\', text.n)) return text;
  char number[16];
  snprintf(number, sizeof number, "%u", f->expansion);
  size_t n = substitute(f, text, number, NULL);
  spend(as, n);
  char *out = pg32_as_alloc(as, n + 1);
  substitute(f, text, number, out);
  return (struct text){out, n};
}

static bool body_statement(struct assembler *as, struct frame *f) {
  if (f->next == f->body->n) {
    if (f->repeat <= 1 || !f->body->n) return false;
    f->repeat--;
    f->next = 0;
    if (f->values) f->params[0].value = *++f->values;
  }
  as->now = f->body->statements[f->next++];
  spend(as, as->now.text.n);
  struct text expanded = expand_text(as, f, as->now.text);
  if (expanded.p != as->now.text.p) {
    as->now.place.source = as->now.text = expanded;
    as->now.place.column = 1;
  }
  if (f->context) as->now.place.context = f->context;
  return true;
}

bool pg32_as_next_statement(struct assembler *as) {
  while (as->frame) {
    struct frame *f = as->frame;
    if (f->body ? body_statement(as, f) : file_statement(as, f)) return true;
    pop(as);
  }
  return false;
}

/* ---- collecting a body ---- */

/* The first word of a statement, after its labels. */
static struct text first_word(struct text t) {
  for (;;) {
    t = trim(t);
    struct text word = word_at(t.p, t.p + t.n);
    size_t after = word.n;
    while (after < t.n && is_space(t.p[after])) after++;
    if (!word.n || after >= t.n || t.p[after] != ':') return word;
    t.p += after + 1;
    t.n -= after + 1;
  }
}

static bool begins_repetition(struct text word) {
  return pg32_as_text_is(word, ".rept") || pg32_as_text_is(word, ".irp") || pg32_as_text_is(word, ".irpc");
}

static void add_statement(struct assembler *as, struct body *body) {
  if (body->n == body->capacity) {
    body->capacity = body->capacity ? 2 * body->capacity : 8;
    struct statement *more = pg32_as_alloc(as, body->capacity * sizeof *more);
    if (body->n) memcpy(more, body->statements, body->n * sizeof *more);
    body->statements = more;
  }
  body->statements[body->n++] = as->now;
}

/* Takes statements up to the matching .endm or .endr; false if there is none. */
static bool collect(struct assembler *as, struct body *body, bool macro) {
  struct place start = as->now.place;
  for (unsigned depth = 1; pg32_as_next_statement(as);) {
    struct text word = first_word(as->now.text);
    if (macro ? pg32_as_text_is(word, ".macro") : begins_repetition(word)) depth++;
    bool end = macro ? pg32_as_text_is(word, ".endm") || pg32_as_text_is(word, ".endmacro")
                     : pg32_as_text_is(word, ".endr");
    if (end && --depth == 0) return true;
    if (word.n || as->now.text.n) add_statement(as, body);
  }
  pg32_as_error_at(as, &start, "no %s for this", macro ? ".endm" : ".endr");
  return false;
}

/* ---- macros ---- */

static struct macro *find_macro(struct assembler *as, struct text name) {
  const struct symbol *s = as->macros ? pg32_as_find_symbol(as, name) : NULL;
  return s ? s->macro : NULL;
}

/* Up to a comma, or to a blank between two words, outside quotes and parentheses. */
static struct text argument(const char **p, const char *end, bool all) {
  const char *start = *p;
  unsigned depth = 0;
  while (*p < end) {
    char c = **p;
    if (all) {
      *p = end;
      break;
    }
    if (c == '(') depth++;
    if (c == ')' && depth) depth--;
    if (!depth && c == ',') break;
    if (!depth && is_space(c)) {
      const char *next = *p;
      while (next < end && is_space(*next)) next++;
      char before = *p > start ? (*p)[-1] : ',';
      if (next < end && (is_word(before) || before == ')' || before == '"') &&
          (is_word(*next) || *next == '%' || *next == '"' || *next == '\\'))
        break;
    }
    *p = skip_unit(*p, end);
  }
  return trim((struct text){start, (size_t)(*p - start)});
}

static void skip_separator(const char **p, const char *end) {
  while (*p < end && is_space(**p)) (*p)++;
  if (*p < end && **p == ',') (*p)++;
  while (*p < end && is_space(**p)) (*p)++;
}

/* "..." around a whole argument only groups it. */
static struct text unquote(struct text t) {
  if (t.n >= 2 && t.p[0] == '"' && skip_unit(t.p, t.p + t.n) == t.p + t.n && t.p[t.n - 1] == '"')
    return (struct text){t.p + 1, t.n - 2};
  return t;
}

/* One parameter of a definition: name, name:req, name:vararg, name=default. */
static struct param parameter(struct text text) {
  struct param param = {.name = word_at(text.p, text.p + text.n)};
  struct text tail = trim((struct text){text.p + param.name.n, text.n - param.name.n});
  param.required = pg32_as_text_is(tail, ":req");
  param.rest = pg32_as_text_is(tail, ":vararg");
  if (tail.n && tail.p[0] == '=') param.value = unquote(trim((struct text){tail.p + 1, tail.n - 1}));
  return param;
}

#define MAX_PARAMS 64

static void define_macro(struct assembler *as) {
  struct text rest = pg32_as_rest(as), name = word_at(rest.p, rest.p + rest.n);
  struct macro *m = pg32_as_alloc(as, sizeof *m);
  const char *p = rest.p + name.n, *end = rest.p + rest.n;
  struct param params[MAX_PARAMS];
  bool good = name.n > 0;
  if (!good)
    pg32_as_error(as, "expected the macro's name");
  else if (find_macro(as, name)) {
    pg32_as_error(as, "macro '%.*s' is already defined", (int)name.n, name.p);
    good = false;
  }
  for (skip_separator(&p, end); p < end; skip_separator(&p, end)) {
    struct param param = parameter(argument(&p, end, false));
    if (!param.name.n || m->nparams == MAX_PARAMS) {
      pg32_as_error_in(as, (struct text){p, 0}, "expected the name of a parameter (at most %d)", MAX_PARAMS);
      good = false;
      break;
    }
    params[m->nparams++] = param;
  }
  m->params = pg32_as_alloc(as, (m->nparams + 1) * sizeof *params);
  memcpy(m->params, params, m->nparams * sizeof *params);
  if (!collect(as, &m->body, true) || !good) return;
  m->name = pg32_as_string(as, name);
  pg32_as_symbol(as, name)->macro = m;
  as->macros = true;
}

/* `name = value` as an argument: which parameter that is, and the value; else NULL. */
static struct param *keyword(struct param *params, size_t n, struct text *arg) {
  struct text word = word_at(arg->p, arg->p + arg->n);
  struct text tail = trim((struct text){arg->p + word.n, arg->n - word.n});
  if (!word.n || !tail.n || tail.p[0] != '=' || (tail.n > 1 && tail.p[1] == '=')) return NULL;
  for (size_t i = 0; i < n; i++) {
    if (params[i].name.n != word.n || memcmp(params[i].name.p, word.p, word.n)) continue;
    *arg = trim((struct text){tail.p + 1, tail.n - 1});
    return &params[i];
  }
  return NULL;
}

static bool bind_arguments(struct assembler *as, const struct macro *m, struct param *params,
                           struct text rest) {
  const char *p = rest.p, *end = rest.p + rest.n;
  bool given[MAX_PARAMS] = {false};
  for (size_t i = 0; p < end;) {
    bool all = i < m->nparams && params[i].rest;
    struct text arg = argument(&p, end, all);
    struct param *param = all ? NULL : keyword(params, m->nparams, &arg);
    if (!param && i >= m->nparams) {
      pg32_as_error_in(as, arg, "macro '%s' takes at most %zu arguments", m->name, m->nparams);
      return false;
    }
    if (!param) param = &params[i++];
    if (arg.n) param->value = all ? arg : unquote(arg), given[param - params] = true;
    skip_separator(&p, end);
  }
  for (size_t i = 0; i < m->nparams; i++)
    if (params[i].required && !given[i]) {
      pg32_as_error(as, "macro '%s' needs its argument '%.*s'", m->name, (int)params[i].name.n,
                    params[i].name.p);
      return false;
    }
  return true;
}

bool pg32_as_expand(struct assembler *as, struct text name) {
  struct macro *m = find_macro(as, name);
  if (!m) return false;
  struct param *params = pg32_as_alloc(as, (m->nparams + 1) * sizeof *params);
  memcpy(params, m->params, m->nparams * sizeof *params);
  /* \@ works without parameters too: one that nobody can name */
  if (!bind_arguments(as, m, params, pg32_as_rest(as))) return true;
  struct place call = as->now.place;
  char context[200];
  snprintf(context, sizeof context, "in macro '%.60s', used at %.100s:%u", m->name, call.file, call.line);
  const char *why = call.context ? call.context : pg32_as_string(as, (struct text){context, strlen(context)});
  push_body(as, &m->body, 1, params, m->nparams + 1, why);
  as->expansions++;
  return true;
}

static void purge(struct assembler *as) {
  if (find_macro(as, as->token.text))
    pg32_as_symbol(as, as->token.text)->macro = NULL;
  else
    pg32_as_error(as, "no such macro");
}

/* ---- repetitions ---- */

static void repeat(struct assembler *as) {
  int64_t count = 0;
  bool good = pg32_as_constant_in(as, 0, MAX_EXPANSION, &count);
  struct body *body = pg32_as_alloc(as, sizeof *body);
  if (collect(as, body, false) && good && count > 0) push_body(as, body, count, NULL, 0, NULL);
}

/* .irp name, value, ...: the body once for each value; .irpc: for each character. */
static void repeat_for(struct assembler *as, bool characters) {
  struct text rest = pg32_as_rest(as);
  const char *p = rest.p, *end = p + rest.n;
  struct param *param = pg32_as_alloc(as, sizeof *param);
  param->name = word_at(p, end);
  if (!param->name.n) pg32_as_error(as, "expected the name of a parameter");
  p += param->name.n;
  skip_separator(&p, end);
  size_t n = 0;
  struct text *values = pg32_as_alloc(as, ((size_t)(end - p) + 2) * sizeof *values);
  for (; p < end; n++) {
    if (characters)
      values[n] = (struct text){p++, 1};
    else
      values[n] = unquote(argument(&p, end, false)), skip_separator(&p, end);
  }
  struct body *body = pg32_as_alloc(as, sizeof *body);
  if (!collect(as, body, false) || !param->name.n) return;
  param->value = values[0];
  push_body(as, body, n ? (int64_t)n : 1, param, 1, NULL);
  as->frame->values = values;
}

/* ---- conditions ---- */

bool pg32_as_hidden(const struct assembler *as) { return as->conditions && !as->conditions->active; }

static bool is_defined(struct assembler *as) {
  struct text name;
  return pg32_as_name(as, &name) && pg32_as_symbol(as, name)->kind != SYM_UNDEFINED;
}

static bool same_text(struct assembler *as) {
  struct text rest = pg32_as_rest(as);
  const char *p = rest.p, *end = p + rest.n;
  struct text a = argument(&p, end, false);
  skip_separator(&p, end);
  struct text b = argument(&p, end, true);
  return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

enum test {
  IF_NE,
  IF_EQ,
  IF_GT,
  IF_GE,
  IF_LT,
  IF_LE,
  IF_DEF,
  IF_NDEF,
  IF_BLANK,
  IF_NBLANK,
  IF_SAME,
  IF_NSAME
};

/* clang-format off */
static const struct {
  const char *name;
  enum test test;
} ifs[] = {
  {".if", IF_NE},       {".ifne", IF_NE},       {".ifeq", IF_EQ},  {".ifgt", IF_GT},    {".ifge", IF_GE},
  {".iflt", IF_LT},     {".ifle", IF_LE},       {".ifdef", IF_DEF}, {".ifndef", IF_NDEF}, {".ifnotdef", IF_NDEF},
  {".ifb", IF_BLANK},   {".ifnb", IF_NBLANK},   {".ifc", IF_SAME}, {".ifnc", IF_NSAME},
};
/* clang-format on */

static bool holds(struct assembler *as, enum test test) {
  int64_t n = 0;
  if (test <= IF_LE && !pg32_as_constant(as, &n)) return false;
  switch (test) {
  case IF_NE: return n != 0;
  case IF_EQ: return n == 0;
  case IF_GT: return n > 0;
  case IF_GE: return n >= 0;
  case IF_LT: return n < 0;
  case IF_LE: return n <= 0;
  case IF_DEF: return is_defined(as);
  case IF_NDEF: return !is_defined(as);
  case IF_BLANK: return pg32_as_rest(as).n == 0;
  case IF_NBLANK: return pg32_as_rest(as).n != 0;
  case IF_SAME: return same_text(as);
  case IF_NSAME: return !same_text(as);
  }
  return false;
}

static void open_condition(struct assembler *as, enum test test) {
  bool hidden = pg32_as_hidden(as);
  struct condition *c = pg32_as_alloc(as, sizeof *c);
  *c = (struct condition){.outer = as->conditions, .hidden = hidden, .place = as->now.place};
  if (!hidden) c->active = c->taken = holds(as, test);
  as->conditions = c;
}

static void next_branch(struct assembler *as, bool tested) {
  struct condition *c = as->conditions;
  if (!c || c->had_else) {
    pg32_as_error(as, "no .if for this");
    return;
  }
  c->had_else = !tested;
  c->active = !c->hidden && !c->taken;
  if (c->active && tested) c->active = holds(as, IF_NE);
  c->taken |= c->active;
}

static void close_condition(struct assembler *as) {
  if (as->conditions)
    as->conditions = as->conditions->outer;
  else
    pg32_as_error(as, "no .if for this");
}

static bool condition_directive(struct assembler *as, struct text name) {
  for (size_t i = 0; i < sizeof ifs / sizeof *ifs; i++)
    if (pg32_as_text_is(name, ifs[i].name)) return open_condition(as, ifs[i].test), true;
  if (pg32_as_text_is(name, ".else")) return next_branch(as, false), true;
  if (pg32_as_text_is(name, ".elseif")) return next_branch(as, true), true;
  if (pg32_as_text_is(name, ".endif")) return close_condition(as), true;
  return false;
}

void pg32_as_finish_source(struct assembler *as) {
  if (as->conditions) pg32_as_error_at(as, &as->conditions->place, "no .endif for this");
}

/* ---- directives ---- */

/* Room for one more; it is doubled whenever it is a power of two and full. */
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
  spend(as, size);
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

bool pg32_as_source_directive(struct assembler *as, struct text name) {
  if (name.p[0] != '.') return false;
  if (condition_directive(as, name)) return true;
  if (pg32_as_hidden(as)) return false;
  if (pg32_as_text_is(name, ".macro"))
    define_macro(as);
  else if (pg32_as_text_is(name, ".rept"))
    repeat(as);
  else if (pg32_as_text_is(name, ".irp"))
    repeat_for(as, false);
  else if (pg32_as_text_is(name, ".irpc"))
    repeat_for(as, true);
  else if (pg32_as_text_is(name, ".include"))
    include(as);
  else if (pg32_as_text_is(name, ".purgem"))
    purge(as);
  else if (pg32_as_text_is(name, ".endm") || pg32_as_text_is(name, ".endr"))
    pg32_as_error_in(as, name, "nothing for this %.*s to end", (int)name.n, name.p);
  else
    return false;
  return true;
}
