/* parse.c - from a text to a tree: POSIX's shell grammar, by recursive descent. Words are kept as they were typed. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "sh.h"

struct parser {
  const char *at;
  jmp_buf stop;
  enum parsed result;
  const char *wrong;
  struct redirect *here[16]; /* here documents whose text comes after this line */
  int heres;
};

static struct node *list(struct parser *p);
static struct node *command(struct parser *p);

_Noreturn static void fail(struct parser *p, enum parsed result, const char *wrong) {
  p->result = result, p->wrong = wrong;
  longjmp(p->stop, 1);
}

/* ---- words ---- */

bool is_name(const char *s, size_t n) {
  if (n == 0 || isdigit((unsigned char)s[0])) return false;
  for (size_t i = 0; i < n; i++)
    if (!isalnum((unsigned char)s[i]) && s[i] != '_') return false;
  return true;
}

static const char *skip_single(const char *s) {
  const char *end = strchr(s, '\'');
  return end != NULL ? end + 1 : NULL;
}

static const char *skip_back(const char *s) { /* behind `: behind the next one */
  for (; *s != '\0' && *s != '`'; s++)
    if (*s == '\\' && s[1] != '\0') s++;
  return *s == '`' ? s + 1 : NULL;
}

/* s is at something that begins with $: behind it. */
static const char *skip_dollar(const char *s) {
  if (s[1] == '(') return skip_substitution(s + 2);
  if (s[1] == '{') return skip_braces(s + 2);
  return s + 1;
}

static const char *skip_double(const char *s) {
  while (s != NULL && *s != '"') {
    if (*s == '\0') return NULL;
    if (*s == '\\' && s[1] != '\0')
      s += 2;
    else if (*s == '$')
      s = skip_dollar(s);
    else if (*s == '`')
      s = skip_back(s + 1);
    else
      s++;
  }
  return s != NULL ? s + 1 : NULL;
}

/* Behind one character of a word, or what counts as one. */
static const char *skip_one(const char *s) {
  switch (*s) {
  case '\'': return skip_single(s + 1);
  case '"': return skip_double(s + 1);
  case '\\': return s[1] != '\0' ? s + 2 : NULL;
  case '$': return skip_dollar(s);
  case '`': return skip_back(s + 1);
  default: return s + 1;
  }
}

/* A case in a substitution has unmatched brackets; whoever writes one puts ( before the pattern. */
const char *skip_substitution(const char *s) {
  int depth = 1;
  bool fresh = true; /* a # here begins a comment */
  while (s != NULL && *s != '\0') {
    if (*s == '(') depth++;
    if (*s == ')' && --depth == 0) return s + 1;
    if (*s == '#' && fresh) {
      while (*s != '\0' && *s != '\n') s++;
      continue;
    }
    fresh = strchr(" \t\n;&|(", *s) != NULL;
    s = skip_one(s);
  }
  return NULL;
}

const char *skip_braces(const char *s) {
  if (*s == '#' && s[1] != '}') s++; /* ${#name} */
  while (s != NULL && *s != '\0') {
    if (*s == '}') return s + 1;
    s = skip_one(s);
  }
  return NULL;
}

const char *word_end(const char *s) {
  while (s != NULL && *s != '\0' && strchr(" \t\n;&|<>()", *s) == NULL) s = skip_one(s);
  return s;
}

/* ---- tokens ---- */

static void skip_blanks(struct parser *p) {
  for (;;) {
    if (*p->at == ' ' || *p->at == '\t' || *p->at == '\r')
      p->at++;
    else if (p->at[0] == '\\' && p->at[1] == '\n')
      p->at += 2;
    else
      break;
  }
  if (*p->at == '#')
    while (*p->at != '\0' && *p->at != '\n') p->at++;
}

static void read_here(struct parser *p, struct redirect *r) {
  const char *end = r->raw, *from = p->at;
  size_t n = strlen(end);
  struct text body = {0};
  text_add(&body, "", 0);
  for (;;) {
    if (*from == '\0') fail(p, INCOMPLETE, "a here document has no end");
    const char *line_end = strchr(from, '\n');
    size_t length = line_end != NULL ? (size_t)(line_end - from) : strlen(from);
    while (r->fd < 0 && *from == '\t') from++, length--;
    if (length == n && memcmp(from, end, n) == 0) {
      p->at = from + length + (line_end != NULL);
      break;
    }
    if (line_end == NULL) fail(p, INCOMPLETE, "a here document has no end");
    text_add(&body, from, length + 1);
    from = line_end + 1;
  }
  r->raw = body.s;
  if (r->fd < 0) r->fd = -1 - r->fd;
}

static void newline(struct parser *p) {
  p->at++;
  for (int i = 0; i < p->heres; i++) read_here(p, p->here[i]);
  p->heres = 0;
}

static void skip_newlines(struct parser *p) {
  for (skip_blanks(p); *p->at == '\n'; skip_blanks(p)) newline(p);
}

static bool take(struct parser *p, const char *operator) {
  skip_blanks(p);
  size_t n = strlen(operator);
  if (strncmp(p->at, operator, n) != 0) return false;
  p->at += n;
  return true;
}

/* Is the next word this one, unquoted? */
static bool sees(struct parser *p, const char *word) {
  skip_blanks(p);
  size_t n = strlen(word);
  if (strncmp(p->at, word, n) != 0) return false;
  return p->at[n] == '\0' || strchr(" \t\r\n;&|<>()", p->at[n]) != NULL;
}

static bool accept(struct parser *p, const char *word) {
  if (!sees(p, word)) return false;
  p->at += strlen(word);
  return true;
}

static void expect(struct parser *p, const char *word, const char *wrong) {
  skip_newlines(p);
  if (accept(p, word)) return;
  fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, wrong);
}

static const char *read_word(struct parser *p) {
  const char *end = word_end(p->at);
  if (end == NULL) fail(p, INCOMPLETE, "a quote or a bracket is not closed");
  const char *raw = arena_text(p->at, (size_t)(end - p->at));
  p->at = end;
  return raw;
}

static void append(struct word ***end, const char *raw) {
  struct word *w = arena_alloc(sizeof *w);
  w->raw = raw;
  **end = w, *end = &w->next;
}

/* ---- redirections ---- */

static char *unquoted(const char *raw, bool *quoted) {
  struct text t = {0};
  text_add(&t, "", 0);
  for (; *raw != '\0'; raw++) {
    if (*raw == '\\' || *raw == '\'' || *raw == '"')
      *quoted = true;
    else
      text_put(&t, *raw);
  }
  return t.s;
}

/* A redirection, perhaps with a descriptor before. */
static bool read_redirect(struct parser *p, struct redirect ***end) {
  static const struct {
    const char *text;
    int op, fd;
  } ops[] = {{"<<-", HERE, 0}, {"<<", HERE, 0},       {">>", APPEND, 1}, {">|", WRITE, 1}, {">&", DUP, 1},
             {"<&", DUP, 0},   {"<>", READ_WRITE, 0}, {"<", READ, 0},    {">", WRITE, 1}};
  skip_blanks(p);
  const char *s = p->at;
  while (isdigit((unsigned char)*s)) s++;
  if (*s != '<' && *s != '>') return false;
  struct redirect *r = arena_alloc(sizeof *r);
  size_t i = 0;
  while (strncmp(s, ops[i].text, strlen(ops[i].text)) != 0) i++;
  r->op = ops[i].op, r->fd = s > p->at ? atoi(p->at) : ops[i].fd;
  p->at = s + strlen(ops[i].text);
  skip_blanks(p);
  r->raw = read_word(p);
  if (*r->raw == '\0') fail(p, WRONG, "a file's name is missing");
  if (r->op == HERE) {
    r->raw = unquoted(r->raw, &r->literal);
    if (ops[i].text[2] == '-') r->fd = -1 - r->fd; /* until its text is read: tabs are cut off */
    if (p->heres == 16) fail(p, WRONG, "too many here documents");
    p->here[p->heres++] = r;
  }
  **end = r, *end = &r->next;
  return true;
}

static void read_redirects(struct parser *p, struct node *n) {
  struct redirect **end = &n->redirects;
  while (read_redirect(p, &end)) {
  }
}

/* ---- commands ---- */

static struct node *node(int kind, struct node *a, struct node *b) {
  struct node *n = arena_alloc(sizeof *n);
  n->kind = kind, n->a = a, n->b = b;
  return n;
}

static bool is_assignment(const char *raw) {
  const char *equals = strchr(raw, '=');
  return equals != NULL && is_name(raw, (size_t)(equals - raw));
}

static bool ends_command(struct parser *p) {
  skip_blanks(p);
  return *p->at == '\0' || strchr("\n;&|()", *p->at) != NULL;
}

static struct node *function(struct parser *p, const char *name) {
  struct node *n = node(FUNCTION, NULL, NULL);
  n->name = name;
  skip_newlines(p);
  const char *from = p->at;
  command(p);
  n->text = arena_text(from, (size_t)(p->at - from));
  return n;
}

static struct node *simple(struct parser *p) {
  struct node *n = node(SIMPLE, NULL, NULL);
  struct word **words = &n->words, **assignments = &n->assignments;
  struct redirect **redirects = &n->redirects;
  for (;;) {
    if (read_redirect(p, &redirects)) continue;
    if (ends_command(p)) break;
    const char *raw = read_word(p);
    if (n->words == NULL && is_assignment(raw))
      append(&assignments, raw);
    else
      append(&words, raw);
    if (n->words != NULL && n->words->next == NULL && is_name(raw, strlen(raw)) && take(p, "(")) {
      if (!take(p, ")")) fail(p, WRONG, "a ) is missing behind a function's name");
      return function(p, raw);
    }
  }
  if (n->words == NULL && n->assignments == NULL && n->redirects == NULL)
    fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, "a command is missing");
  return n;
}

static struct node *body(struct parser *p) {
  struct node *n = list(p);
  if (n == NULL) fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, "a command is missing");
  return n;
}

static struct node *if_command(struct parser *p) {
  struct node *n = node(IF, body(p), NULL);
  expect(p, "then", "`then` is missing");
  n->b = body(p);
  skip_newlines(p);
  if (accept(p, "elif")) {
    n->c = if_command(p);
    return n;
  }
  if (accept(p, "else")) n->c = body(p);
  expect(p, "fi", "`fi` is missing");
  return n;
}

static struct node *loop(struct parser *p, int kind) {
  struct node *n = node(kind, body(p), NULL);
  expect(p, "do", "`do` is missing");
  n->b = body(p);
  expect(p, "done", "`done` is missing");
  return n;
}

static struct node *for_command(struct parser *p) {
  struct node *n = node(FOR, NULL, NULL);
  struct word **end = &n->words;
  skip_blanks(p);
  n->name = read_word(p);
  if (!is_name(n->name, strlen(n->name))) fail(p, WRONG, "`for` takes the name of a variable");
  skip_newlines(p);
  n->every = !accept(p, "in");
  while (!n->every && !ends_command(p)) append(&end, read_word(p));
  take(p, ";");
  expect(p, "do", "`do` is missing");
  n->a = body(p);
  expect(p, "done", "`done` is missing");
  return n;
}

static struct node *case_command(struct parser *p) {
  struct node *n = node(CASE, NULL, NULL);
  struct word **end = &n->words;
  struct item **items = &n->items;
  skip_blanks(p);
  append(&end, read_word(p));
  expect(p, "in", "`in` is missing");
  for (skip_newlines(p); !accept(p, "esac"); skip_newlines(p)) {
    struct item *item = arena_alloc(sizeof *item);
    struct word **patterns = &item->patterns;
    take(p, "(");
    do skip_blanks(p), append(&patterns, read_word(p));
    while (take(p, "|"));
    if (!take(p, ")")) fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, "a ) is missing behind a pattern");
    item->body = list(p);
    *items = item, items = &item->next;
    skip_newlines(p);
    if (take(p, ";;")) continue;
    if (!sees(p, "esac")) fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, "`esac` is missing");
  }
  return n;
}

static struct node *compound(struct parser *p) {
  if (accept(p, "if")) return if_command(p);
  if (accept(p, "while")) return loop(p, WHILE);
  if (accept(p, "until")) return loop(p, UNTIL);
  if (accept(p, "for")) return for_command(p);
  if (accept(p, "case")) return case_command(p);
  if (accept(p, "{")) {
    struct node *n = node(GROUP, body(p), NULL);
    expect(p, "}", "a } is missing");
    return n;
  }
  if (take(p, "(")) {
    struct node *n = node(SUBSHELL, body(p), NULL);
    skip_newlines(p);
    if (!take(p, ")")) fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, "a ) is missing");
    return n;
  }
  return NULL;
}

/* Words that end a list: they stand where a command would begin. */
static bool at_end(struct parser *p) {
  static const char *const ends[] = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};
  skip_blanks(p);
  if (*p->at == '\0' || *p->at == ')' || strncmp(p->at, ";;", 2) == 0) return true;
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    if (sees(p, ends[i])) return true;
  return false;
}

static struct node *command(struct parser *p) {
  if (at_end(p)) fail(p, *p->at == '\0' ? INCOMPLETE : WRONG, "a command is missing");
  struct node *n = compound(p);
  if (n == NULL) return simple(p);
  read_redirects(p, n);
  return n;
}

static struct node *pipeline(struct parser *p) {
  bool not = accept(p, "!");
  struct node *n = command(p);
  skip_blanks(p);
  if (p->at[0] == '|' && p->at[1] != '|') {
    p->at++;
    skip_newlines(p);
    struct node *rest = pipeline(p);
    n = node(PIPE, n, rest);
  }
  return not ? node(NOT, n, NULL) : n;
}

static struct node *and_or(struct parser *p) {
  struct node *n = pipeline(p);
  for (;;) {
    int kind = take(p, "&&") ? AND : take(p, "||") ? OR : SIMPLE;
    if (kind == SIMPLE) return n;
    skip_newlines(p);
    n = node(kind, n, pipeline(p));
  }
}

/* Commands up to a word that ends a list, or the text's end. NULL: there is none. */
static struct node *list(struct parser *p) {
  struct node *all = NULL;
  for (;;) {
    skip_newlines(p);
    if (at_end(p)) return all;
    const char *from = p->at;
    struct node *n = and_or(p);
    skip_blanks(p);
    if (p->at[0] == '&') {
      n = node(BEHIND, n, NULL);
      const char *end = p->at;
      while (end > from && end[-1] == ' ') end--;
      n->text = arena_text(from, (size_t)(end - from));
      p->at++;
    } else if (p->at[0] == ';' && p->at[1] != ';') {
      p->at++;
    } else if (*p->at != '\n' && !at_end(p)) {
      fail(p, WRONG, "something is wrong behind a command");
    } else {
      all = all != NULL ? node(SEQUENCE, all, n) : n;
      if (*p->at != '\n') return all;
      continue;
    }
    all = all != NULL ? node(SEQUENCE, all, n) : n;
  }
}

enum parsed parse(const char *text, struct node **tree, const char **wrong) {
  struct parser p = {.at = text};
  if (setjmp(p.stop) == 0) {
    *tree = list(&p);
    if (*p.at != '\0')
      fail(&p, WRONG, *p.at == ')' ? "a ) without (" : "a word stands where a command should begin");
    if (p.heres > 0) fail(&p, INCOMPLETE, "a here document has no end");
    return PARSED;
  }
  *wrong = p.wrong;
  return p.result;
}
