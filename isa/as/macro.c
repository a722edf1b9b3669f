/* macro.c - .macro, .rept, .irp and .irpc: their statements are collected into a body; each use of the macro,
 * and each repetition, reads the body with arguments in the places of its parameters. */
#include "source.h"

#include <stdio.h>
#include <string.h>

struct macro {
  const char *name;
  struct param *params;
  size_t nparams;
  struct body body;
};

/* ---- bodies ---- */

const struct param *pg32_as_find_param(const struct frame *f, struct text name) {
  for (size_t i = 0; i < f->nparams; i++)
    if (f->params[i].name.n == name.n && !memcmp(f->params[i].name.p, name.p, name.n)) return &f->params[i];
  return NULL;
}

/* What the backslash at p and the characters after it stand for, such as an argument; *taken is how many
 * characters that replaces. */
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
  struct text word = pg32_as_word_at(p + 1, end);
  /* Words may contain dots: \size.x may be the parameter `size`, followed by `.x`. */
  for (; word.n; word.n--) {
    const struct param *param = pg32_as_find_param(f, word);
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
    if (*p == '\\')
      piece = escape(f, p, end, number, &taken);
    else if (f->alternate)
      piece = pg32_as_alternate_piece(f, p, end, &taken);
    if (out && piece.n) memcpy(out + n, piece.p, piece.n);
    n += piece.n;
  }
  return n;
}

static struct text expand_text(struct assembler *as, const struct frame *f, struct text text) {
  if (!f->nparams || (!f->alternate && !memchr(text.p, '\\', text.n))) return text;
  char number[16];
  snprintf(number, sizeof number, "%u", f->expansion);
  size_t n = substitute(f, text, number, NULL);
  pg32_as_spend(as, n);
  char *out = pg32_as_alloc(as, n + 1);
  substitute(f, text, number, out);
  return (struct text){out, n};
}

bool pg32_as_body_statement(struct assembler *as, struct frame *f) {
  if (f->next == f->body->n) {
    if (f->repeat <= 1 || !f->body->n) return false;
    f->repeat--;
    f->next = 0;
    if (f->values) f->params[0].value = *++f->values;
  }
  as->now = f->body->statements[f->next++];
  pg32_as_spend(as, as->now.text.n);
  if (f->alternate && pg32_as_define_locals(as, f)) return true;
  struct text expanded = expand_text(as, f, as->now.text);
  if (expanded.p != as->now.text.p) {
    as->now.place.source = as->now.text = expanded;
    as->now.place.column = 1;
  }
  if (f->context) as->now.place.context = f->context;
  return true;
}

static void push_body(struct assembler *as, const struct body *body, int64_t repeat, struct param *params,
                      size_t nparams, const char *context) {
  struct frame *f = pg32_as_push(as);
  f->body = body;
  f->repeat = repeat;
  f->params = params;
  f->nparams = nparams;
  f->expansion = as->expansions;
  f->context = context;
  f->alternate = as->alternate;
}

/* ---- collecting a body ---- */

/* The first word of a statement, after its labels. */
static struct text first_word(struct text t) {
  for (;;) {
    t = pg32_as_trim(t);
    struct text word = pg32_as_word_at(t.p, t.p + t.n);
    size_t after = word.n;
    while (after < t.n && is_space(t.p[after])) after++;
    if (!word.n || after >= t.n || t.p[after] != ':') return word;
    t.p += after + 1;
    t.n -= after + 1;
  }
}

static bool begins_repetition(struct text word) {
  return pg32_as_text_is(word, ".rept") || pg32_as_text_is(word, ".rep") || pg32_as_text_is(word, ".irp") ||
         pg32_as_text_is(word, ".irpc");
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

/* Quotes around a whole argument only hold it together. */
static struct text unquote(struct text t) {
  if (t.n >= 2 && t.p[0] == '"' && skip_unit(t.p, t.p + t.n) == t.p + t.n && t.p[t.n - 1] == '"')
    return (struct text){t.p + 1, t.n - 2};
  return t;
}

/* One parameter of a definition: name, name:req, name:vararg, name=default. */
static struct param parameter(struct text text) {
  struct param param = {.name = pg32_as_word_at(text.p, text.p + text.n)};
  struct text tail = pg32_as_trim((struct text){text.p + param.name.n, text.n - param.name.n});
  param.required = pg32_as_text_is(tail, ":req");
  param.rest = pg32_as_text_is(tail, ":vararg");
  if (tail.n && tail.p[0] == '=') param.value = unquote(pg32_as_trim((struct text){tail.p + 1, tail.n - 1}));
  return param;
}

#define MAX_PARAMS 64

static void define_macro(struct assembler *as) {
  struct text rest = pg32_as_rest(as), name = pg32_as_word_at(rest.p, rest.p + rest.n);
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
  for (pg32_as_skip_separator(&p, end); p < end; pg32_as_skip_separator(&p, end)) {
    struct param param = parameter(pg32_as_argument(&p, end, false));
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

/* If the argument is `name = value`: the parameter of that name, and *arg becomes the value. Else NULL. */
static struct param *keyword(struct param *params, size_t n, struct text *arg) {
  struct text word = pg32_as_word_at(arg->p, arg->p + arg->n);
  struct text tail = pg32_as_trim((struct text){arg->p + word.n, arg->n - word.n});
  if (!word.n || !tail.n || tail.p[0] != '=' || (tail.n > 1 && tail.p[1] == '=')) return NULL;
  for (size_t i = 0; i < n; i++) {
    if (params[i].name.n != word.n || memcmp(params[i].name.p, word.p, word.n)) continue;
    *arg = pg32_as_trim((struct text){tail.p + 1, tail.n - 1});
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
    struct text arg;
    bool whole = all || pg32_as_alternate_argument(as, &p, end, &arg);
    if (all || !whole) arg = pg32_as_argument(&p, end, all);
    struct param *param = whole ? NULL : keyword(params, m->nparams, &arg);
    if (!param && i >= m->nparams) {
      pg32_as_error_in(as, arg, "macro '%s' takes at most %zu arguments", m->name, m->nparams);
      return false;
    }
    if (!param) param = &params[i++];
    if (arg.n) param->value = whole ? arg : unquote(arg), given[param - params] = true;
    pg32_as_skip_separator(&p, end);
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
  /* One parameter more, without a name, so that \@ is replaced in macros without parameters, too. */
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
  param->name = pg32_as_word_at(p, end);
  if (!param->name.n) pg32_as_error(as, "expected the name of a parameter");
  p += param->name.n;
  pg32_as_skip_separator(&p, end);
  size_t n = 0;
  struct text *values = pg32_as_alloc(as, ((size_t)(end - p) + 2) * sizeof *values);
  for (; p < end; n++) {
    if (characters)
      values[n] = (struct text){p++, 1};
    else if (pg32_as_alternate_argument(as, &p, end, &values[n]))
      pg32_as_skip_separator(&p, end);
    else
      values[n] = unquote(pg32_as_argument(&p, end, false)), pg32_as_skip_separator(&p, end);
  }
  struct body *body = pg32_as_alloc(as, sizeof *body);
  if (!collect(as, body, false) || !param->name.n) return;
  param->value = values[0];
  push_body(as, body, n ? (int64_t)n : 1, param, 1, NULL);
  as->frame->values = values;
}

/* .exitm: leaves the innermost macro or repetition, and the .ifs that were opened in it. */
static void exit_body(struct assembler *as, struct text where) {
  if (!as->frame || !as->frame->body) {
    pg32_as_error_in(as, where, "there is no macro or repetition to leave");
    return;
  }
  as->conditions = as->frame->conditions;
  pg32_as_pop(as);
}

/* ---- directives ---- */

bool pg32_as_macro_directive(struct assembler *as, struct text name) {
  if (pg32_as_text_is(name, ".macro"))
    define_macro(as);
  else if (pg32_as_text_is(name, ".rept") || pg32_as_text_is(name, ".rep"))
    repeat(as);
  else if (pg32_as_text_is(name, ".irp"))
    repeat_for(as, false);
  else if (pg32_as_text_is(name, ".irpc"))
    repeat_for(as, true);
  else if (pg32_as_text_is(name, ".purgem"))
    purge(as);
  else if (pg32_as_text_is(name, ".exitm"))
    exit_body(as, name);
  else if (pg32_as_text_is(name, ".endm") || pg32_as_text_is(name, ".endr"))
    pg32_as_error_in(as, name, "nothing for this %.*s to end", (int)name.n, name.p);
  else
    return false;
  return true;
}
