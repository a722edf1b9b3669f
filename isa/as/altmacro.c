/* altmacro.c - what .altmacro changes in macros:
 *
 *   parameters    need no backslash, and `&` ends or begins one: x&name&y
 *   LOCAL a, b    in a macro: a and b stand for labels that each use of the macro has for itself
 *   <a, b>        one argument, without the brackets; !> in it is a >
 *   %expression   an argument: the expression's value, in decimal */
#include "source.h"

#include <stdio.h>
#include <string.h>

struct text pg32_as_alternate_piece(const struct frame *f, const char *p, const char *end, size_t *taken) {
  const bool joined = *p == '&';
  struct text word = pg32_as_word_at(p + joined, end), piece = {p, 1};
  *taken = 1;
  if (!word.n) return piece;
  const struct param *param = pg32_as_find_param(f, word);
  if (!param && joined) return piece;
  *taken = word.n + joined;
  if (p + *taken < end && p[*taken] == '&' && param) ++*taken;
  return param ? param->value : word;
}

bool pg32_as_define_locals(struct assembler *as, struct frame *f) {
  const char *p = as->now.text.p, *end = p + as->now.text.n;
  struct text word = pg32_as_word_at(p, end);
  if (!pg32_as_text_is(word, "LOCAL") && !pg32_as_text_is(word, "local")) return false;
  size_t most = f->nparams + as->now.text.n;
  struct param *params = pg32_as_alloc(as, most * sizeof *params);
  if (f->nparams) memcpy(params, f->params, f->nparams * sizeof *params);
  f->params = params;
  pg32_as_spend(as, most);
  for (p += word.n, pg32_as_skip_separator(&p, end); p < end; pg32_as_skip_separator(&p, end)) {
    char name[24];
    struct text text = pg32_as_word_at(p, end);
    if (!text.n) {
      pg32_as_error_in(as, (struct text){p, 0}, "expected the names of labels after LOCAL");
      break;
    }
    snprintf(name, sizeof name, ".LL%u", as->locals++);
    const char *copy = pg32_as_string(as, (struct text){name, strlen(name)});
    params[f->nparams++] = (struct param){.name = text, .value = {copy, strlen(copy)}};
    p += text.n;
  }
  as->now.text.n = 0;
  return true;
}

/* <...>: without the brackets; ! takes the character after it as it is. */
static struct text bracketed(struct assembler *as, const char **p, const char *end) {
  char *out = pg32_as_alloc(as, (size_t)(end - *p));
  size_t n = 0;
  unsigned depth = 1;
  for (++*p; *p < end; ++*p) {
    char c = **p;
    if (c == '!' && *p + 1 < end) {
      out[n++] = *++*p;
      continue;
    }
    if (c == '<') depth++;
    if (c == '>' && --depth == 0) break;
    out[n++] = c;
  }
  if (*p < end) ++*p;
  return (struct text){out, n};
}

bool pg32_as_alternate_argument(struct assembler *as, const char **p, const char *end, struct text *arg) {
  if (!as->alternate || *p >= end || (**p != '<' && **p != '%')) return false;
  if (**p == '<') {
    *arg = bracketed(as, p, end);
    return true;
  }
  int64_t n = 0;
  char number[24];
  pg32_as_tokens_from(as, *p + 1);
  if (!pg32_as_constant(as, &n)) pg32_as_tokens_from(as, end);
  *p = as->token.text.p;
  snprintf(number, sizeof number, "%lld", (long long)n);
  *arg = (struct text){pg32_as_string(as, (struct text){number, strlen(number)}), strlen(number)};
  return true;
}
