/* regcomp.c - reads regular expressions: a tree for each. The grammar is GNU's, which says more than POSIX about where
 * an operator is an ordinary character. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/patterns/regex.h"

#define NESTING_MAX 1000 /* groups in groups */
#define REPEAT_MAX 0x7FFF

enum token {
  CHARACTER,
  ANY,
  BRACKET,
  OPEN,
  CLOSE,
  OR,
  STAR,
  PLUS,
  OPTION,
  BRACE,
  PLACE,
  REFERENCE,
  KIND,
  END
};

struct reader {
  const char *p, *end;
  struct pattern *pattern;
  enum token token; /* at p, so many bytes: */
  int bytes;
  enum place place;
  unsigned char c;
  bool extended, begins; /* begins: p is where an expression begins, so that ^ is no character */
  int open, groups;
  unsigned closed; /* bit n: group n, which \n may name */
  int error;
};

bool __is_word(unsigned char c) { return isalnum(c) || c == '_'; }

/* ---- tokens ---- */

static void look(struct reader *r);

/* In a basic expression $ is an anchor only at an end. */
static bool dollar_ends(struct reader *r) {
  if (r->extended || r->p + 1 == r->end) return true;
  return r->p + 2 < r->end && r->p[1] == '\\' && (r->p[2] == ')' || r->p[2] == '|');
}

static void look_place(struct reader *r, enum place place) { r->token = PLACE, r->place = place; }

static void look_escape(struct reader *r) {
  if (r->p + 1 == r->end) {
    r->error = REG_EESCAPE, r->token = END;
    return;
  }
  r->c = (unsigned char)r->p[1], r->bytes = 2;
  switch (r->c) {
  case '<': look_place(r, WORD_START); return;
  case '>': look_place(r, WORD_END); return;
  case 'b': look_place(r, WORD_EDGE); return;
  case 'B': look_place(r, NO_WORD_EDGE); return;
  case '`': look_place(r, TEXT_START); return;
  case '\'': look_place(r, TEXT_END); return;
  case 'w':
  case 'W':
  case 's':
  case 'S': r->token = KIND; return;
  default: break;
  }
  if (r->c >= '1' && r->c <= '9') r->token = REFERENCE;
  if (r->extended) return;
  const char *operators = "(){|+?";
  static const enum token tokens[] = {OPEN, CLOSE, BRACE, OR, PLUS, OPTION};
  const char *found = strchr(operators, r->c);
  if (found != NULL) r->token = tokens[found - operators];
}

/* What is at r->p. */
static void look(struct reader *r) {
  r->token = CHARACTER, r->bytes = 1;
  if (r->p == r->end) {
    r->token = END, r->bytes = 0;
    return;
  }
  r->c = (unsigned char)*r->p;
  switch (r->c) {
  case '\\': look_escape(r); return;
  case '.': r->token = ANY; return;
  case '[': r->token = BRACKET; return;
  case '*': r->token = STAR; return;
  case '^':
    if (r->extended || r->begins) look_place(r, LINE_START);
    return;
  case '$':
    if (dollar_ends(r)) look_place(r, LINE_END);
    return;
  default: break;
  }
  const char *operators = "(){|+?";
  static const enum token tokens[] = {OPEN, CLOSE, BRACE, OR, PLUS, OPTION};
  const char *found = r->extended ? strchr(operators, r->c) : NULL;
  if (found != NULL) r->token = tokens[found - operators];
}

static void advance(struct reader *r, bool begins) {
  r->p += r->bytes, r->begins = begins;
  look(r);
}

/* ---- the tree ---- */

static struct node *make(struct reader *r, enum node_kind kind) {
  struct node *n = __zeroed(sizeof *n);
  if (n == NULL) {
    r->error = REG_ESPACE;
    return NULL;
  }
  n->kind = kind, n->groups = kind == NODE_GROUP;
  n->made = r->pattern->made, r->pattern->made = n;
  return n;
}

static void add(struct node *parent, struct node *child) {
  if (child == NULL || parent == NULL) return;
  child->previous = parent->last;
  if (parent->last != NULL)
    parent->last->next = child;
  else
    parent->first = child;
  parent->last = child, parent->groups |= child->groups;
}

static struct node *expression(struct reader *r);

static struct node *character(struct reader *r) {
  struct node *n = make(r, NODE_SET);
  if (n == NULL) return NULL;
  __set_add(&n->set, r->c);
  if (r->pattern->flags & REG_ICASE) {
    __set_add(&n->set, (unsigned char)tolower(r->c));
    __set_add(&n->set, (unsigned char)toupper(r->c));
  }
  advance(r, false);
  return n;
}

static void remove_newline(const struct reader *r, struct set *set) {
  if (r->pattern->flags & REG_NEWLINE) set->word['\n' / 32] &= ~(1u << '\n' % 32);
}

static struct node *any_or_kind(struct reader *r) {
  struct node *n = make(r, NODE_SET);
  if (n == NULL) return NULL;
  for (int c = 0; c < 256; c++) {
    bool in = c != '\0';
    if (r->token == KIND && tolower(r->c) == 'w') in = __is_word((unsigned char)c) == (r->c == 'w');
    if (r->token == KIND && tolower(r->c) == 's') in = !!isspace(c) == (r->c == 's');
    if (in) __set_add(&n->set, (unsigned char)c);
  }
  if (r->token == ANY) remove_newline(r, &n->set);
  advance(r, false);
  return n;
}

static struct node *bracket(struct reader *r) {
  static const int errors[] = {REG_NOERROR, REG_EBRACK, REG_ECTYPE, REG_ECOLLATE, REG_ERANGE};
  struct node *n = make(r, NODE_SET);
  const char *after = r->p + 1;
  if (n == NULL) return NULL;
  bool negated = after < r->end && *after == '^';
  r->error = errors[__read_bracket(&after, r->end, "^", false, r->pattern->flags & REG_ICASE, &n->set)];
  if (r->error != REG_NOERROR) return NULL;
  if (negated) remove_newline(r, &n->set);
  r->bytes = (int)(after - r->p);
  advance(r, false);
  return n;
}

static struct node *group(struct reader *r) {
  struct node *n = make(r, NODE_GROUP);
  int number = ++r->groups;
  if (n == NULL) return NULL;
  if (++r->open > NESTING_MAX) {
    r->error = REG_ESPACE;
    return NULL;
  }
  advance(r, true);
  add(n, expression(r));
  if (r->error != REG_NOERROR) return NULL;
  if (r->token != CLOSE) {
    r->error = REG_EPAREN;
    return NULL;
  }
  r->open--;
  n->number = number, n->groups = true;
  if (number <= 9) r->closed |= 1u << number;
  advance(r, false);
  return n;
}

static struct node *reference(struct reader *r) {
  struct node *n = make(r, NODE_REFERENCE);
  if (n == NULL) return NULL;
  n->number = r->c - '0';
  if (!(r->closed >> n->number & 1)) r->error = REG_ESUBREG;
  r->pattern->references = true;
  advance(r, false);
  return n;
}

static struct node *place(struct reader *r) {
  struct node *n = make(r, NODE_PLACE);
  if (n == NULL) return NULL;
  n->place = r->place;
  advance(r, false);
  return n;
}

/* ---- repetition ---- */

/* Behind the next character: is that a comma or the end of the interval? */
static bool at_stop(const struct reader *r, const char *p, int *bytes) {
  bool escaped = *p == '\\' && p + 1 < r->end;
  *bytes = escaped ? 2 : 1;
  if (*p == ',') return true;
  return r->extended ? *p == '}' : escaped && p[1] == '}';
}

/* The number up to a comma or the end of the interval, which *p then is at: -1: there is none; -2: something else. */
static int number(const struct reader *r, const char **p) {
  int n = -1, bytes = 0;
  for (; *p < r->end && !at_stop(r, *p, &bytes); *p += bytes) {
    if (!isdigit((unsigned char)**p) || n == -2)
      n = -2;
    else if (n <= REPEAT_MAX)
      n = (n < 0 ? 0 : n) * 10 + **p - '0';
  }
  return n;
}

/* {2}, {2,}, {,3} or {2,3}, whose { is at r->p. */
static void read_interval(struct reader *r, int *min, int *max) {
  const char *p = r->p + r->bytes;
  bool comma = false;
  *max = *min = number(r, &p);
  if (p < r->end && *p == ',') {
    comma = true, p++;
    if (*min == -1) *min = 0;
    *max = number(r, &p);
  }
  if (p >= r->end)
    r->error = *min == -1 ? REG_BADBR : REG_EBRACE;
  else if (*p == ',' || *min < 0 || *max == -2 || (*max == -1 && !comma) || (*max >= 0 && *max < *min))
    r->error = REG_BADBR;
  else if (*min > REPEAT_MAX || *max > REPEAT_MAX)
    r->error = REG_ESIZE;
  r->bytes = (int)(p - r->p) + (r->extended ? 1 : 2);
}

static bool repeats(enum token t) { return t == STAR || t == PLUS || t == OPTION || t == BRACE; }

static struct node *repeated(struct reader *r, struct node *child) {
  while (r->error == REG_NOERROR && repeats(r->token)) {
    struct node *n = make(r, NODE_REPEAT);
    if (n == NULL) return NULL;
    n->min = r->token == PLUS, n->max = r->token == OPTION ? 1 : UNLIMITED;
    if (r->token == BRACE) read_interval(r, &n->min, &n->max);
    if (r->error != REG_NOERROR) return NULL;
    add(n, child);
    child = n;
    advance(r, false);
    if (!r->extended && (r->token == STAR || r->token == BRACE)) r->error = REG_BADRPT;
  }
  return child;
}

/* ---- expressions ---- */

static struct node *one(struct reader *r) {
  struct node *n;
  switch (r->token) {
  case PLACE: return place(r); /* in ^* the star has nothing to repeat */
  case ANY:
  case KIND: n = any_or_kind(r); break;
  case BRACKET: n = bracket(r); break;
  case OPEN: n = group(r); break;
  case REFERENCE: n = reference(r); break;
  case STAR:
  case PLUS:
  case OPTION:
  case BRACE:
    if (r->extended || r->token == BRACE) {
      r->error = REG_BADRPT;
      return NULL;
    }
    n = character(r);
    break;
  case CLOSE:
    if (!r->extended) {
      r->error = REG_EPAREN;
      return NULL;
    }
    n = character(r);
    break;
  default: n = character(r);
  }
  return r->error == REG_NOERROR ? repeated(r, n) : NULL;
}

static struct node *sequence(struct reader *r) {
  struct node *n = make(r, NODE_SEQUENCE);
  while (n != NULL && r->error == REG_NOERROR && r->token != END && r->token != OR &&
         !(r->token == CLOSE && r->open > 0))
    add(n, one(r));
  return n;
}

static struct node *expression(struct reader *r) {
  struct node *n = sequence(r);
  if (n == NULL || r->error != REG_NOERROR || r->token != OR) return n;
  struct node *choice = make(r, NODE_CHOICE);
  if (choice == NULL) return NULL;
  add(choice, n);
  while (r->error == REG_NOERROR && r->token == OR) {
    advance(r, true);
    add(choice, sequence(r));
  }
  return choice;
}

static void free_pattern(struct pattern *pattern) {
  for (struct node *n = pattern->made, *made; n != NULL; n = made) {
    made = n->made;
    free(n);
  }
  free(pattern);
}

int regcomp(regex_t *restrict regex, const char *restrict text, int flags) {
  struct pattern *pattern = __zeroed(sizeof *pattern);
  if (pattern == NULL) return REG_ESPACE;
  pattern->flags = flags;
  struct reader r = {.p = text, .end = text + strlen(text), .pattern = pattern};
  r.extended = flags & REG_EXTENDED, r.begins = true;
  look(&r);
  pattern->root = r.error == REG_NOERROR ? expression(&r) : NULL;
  if (r.error != REG_NOERROR) {
    free_pattern(pattern);
    return r.error;
  }
  regex->re_nsub = (size_t)r.groups, regex->__pattern = pattern;
  return 0;
}

void regfree(regex_t *regex) {
  if (regex->__pattern != NULL) free_pattern(regex->__pattern);
  regex->__pattern = NULL;
}
