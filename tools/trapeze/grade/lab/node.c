/* node.c - reads the YAML of a lab.yaml, node by node, strictly.
 *
 * The file is composed into nodes first. A map's values are put into an array by key, so that the schema
 * chooses the order in which they are read: what names something comes after what defines it. The first
 * mistake is kept, and reading goes on with harmless values; nothing of a lab with a mistake is used. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"

/* ---- mistakes ---- */

static void mistake(struct reader *r, const yaml_mark_t *at, const char *format, va_list ap) {
  if (r->bad) return;
  r->bad = true;
  int n =
      snprintf(r->error->text, sizeof r->error->text, "%s:%zu:%zu: ", r->path, at->line + 1, at->column + 1);
  if (n >= 0 && (size_t)n < sizeof r->error->text)
    vsnprintf(r->error->text + n, sizeof r->error->text - (size_t)n, format, ap);
}

void node_bad(struct reader *r, node *n, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  mistake(r, &n->start_mark, format, ap);
  va_end(ap);
}

/* ---- single values and lists ---- */

static node *node_at(struct reader *r, int index) { return yaml_document_get_node(&r->document, index); }

struct mark node_mark(node *n) {
  return (struct mark){(unsigned)n->start_mark.line + 1, (unsigned)n->start_mark.column + 1};
}

const char *node_scalar(struct reader *r, node *n, const char *expected) {
  const char *text = (const char *)n->data.scalar.value;
  if (n->type != YAML_SCALAR_NODE)
    node_bad(r, n, "expected %s", expected);
  else if (strlen(text) != n->data.scalar.length)
    node_bad(r, n, "a text cannot contain a NUL character");
  else
    return text;
  return "";
}

/* YAML has several words for no value. In quotes they are texts. */
static bool is_null(node *n) {
  static const char *const words[] = {"", "~", "null", "Null", "NULL"};
  bool null = false;
  for (size_t i = 0; node_is_plain(n) && i < sizeof words / sizeof *words; i++)
    null |= strcmp((const char *)n->data.scalar.value, words[i]) == 0;
  return null;
}

char *node_text(struct reader *r, node *n) {
  const char *text = node_scalar(r, n, "a text");
  if (is_null(n)) node_bad(r, n, "no value: expected a text; the text `%s` would be \"%s\"", text, text);
  return must(strdup(text));
}

bool node_is_plain(node *n) {
  return n->type == YAML_SCALAR_NODE && n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

bool number_is_octal(const char *text) { return text[0] == '0' && text[1] >= '0' && text[1] <= '9'; }

bool number_scaled(const char *text, uint64_t unit, uint64_t *value) {
  char *end;
  if (*text < '0' || *text > '9' || number_is_octal(text)) return false;
  unsigned long long n = strtoull(text, &end, 0);
  static const char suffixes[] = "KMG";
  const char *suffix = *end ? strchr(suffixes, *end) : NULL;
  if (*end && (!suffix || end[1])) return false;
  for (; suffix && suffix >= suffixes; suffix--) {
    if (n > UINT64_MAX / unit) return false;
    n *= unit;
  }
  *value = n;
  return n != UINT64_MAX;
}

uint64_t node_number(struct reader *r, node *n, uint64_t unit, uint64_t least, uint64_t most) {
  uint64_t value = least;
  if (!node_is_plain(n) || !number_scaled(node_scalar(r, n, "a number"), unit, &value) || value < least ||
      value > most) {
    node_bad(r, n, "expected a number from %llu to %llu%s", (unsigned long long)least,
             (unsigned long long)most,
             unit == 1      ? ""
             : unit == 1000 ? ", with K, M or G for thousands"
                            : ", with K or M for multiples of 1024");
    return least;
  }
  return value;
}

double node_decimal(struct reader *r, node *n) {
  char *end = NULL;
  const char *text = node_is_plain(n) ? node_scalar(r, n, "a number") : "";
  double value =
      *text >= '0' && *text <= '9' && !number_is_octal(text) && strspn(text, "0123456789.") == strlen(text)
          ? strtod(text, &end)
          : 0;
  if (!end || *end || value > 1e6) node_bad(r, n, "expected a number such as 10 or 2.5");
  return value;
}

bool node_bool(struct reader *r, node *n) {
  const char *text = node_is_plain(n) ? node_scalar(r, n, "true or false") : "";
  if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) node_bad(r, n, "expected true or false");
  return strcmp(text, "true") == 0;
}

unsigned node_choice(struct reader *r, node *n, const char *const *words) {
  const char *text = node_scalar(r, n, "a word");
  char list[200] = "";
  for (unsigned i = 0; words[i]; i++) {
    if (strcmp(words[i], text) == 0) return i;
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", words[i]);
  }
  node_bad(r, n, "'%.40s': expected one of %s", text, list);
  return 0;
}

size_t node_items(struct reader *r, node *n, const char *of) {
  if (n->type != YAML_SEQUENCE_NODE) {
    node_bad(r, n, "expected a list of %s: [..., ...]", of);
    return 0;
  }
  size_t count = (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
  if (count <= LIST_MOST) return count;
  node_bad(r, n, "%zu items: at most %d are allowed", count, LIST_MOST);
  return 0;
}

node *node_item(struct reader *r, node *n, size_t i) { return node_at(r, n->data.sequence.items.start[i]); }

struct words node_words(struct reader *r, node *n, const char *of) {
  struct words w = {.n = node_items(r, n, of)};
  w.word = must(calloc(w.n + 1, sizeof *w.word));
  for (size_t i = 0; i < w.n; i++) w.word[i] = node_text(r, node_item(r, n, i));
  return w;
}

/* ---- maps ---- */

size_t node_pairs(struct reader *r, node *n, const char *what) {
  if (n->type != YAML_MAPPING_NODE) {
    node_bad(r, n, "expected a map: %s", what);
    return 0;
  }
  size_t count = (size_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start);
  if (count <= LIST_MOST) return count;
  node_bad(r, n, "%zu keys: at most %d are allowed", count, LIST_MOST);
  return 0;
}

node *node_key(struct reader *r, node *n, size_t i, const char **name) {
  node *key = node_at(r, n->data.mapping.pairs.start[i].key);
  *name = node_scalar(r, key, "a key that is a word");
  for (size_t before = 0; before < i; before++) {
    node *other = node_at(r, n->data.mapping.pairs.start[before].key);
    if (other->type == YAML_SCALAR_NODE && strcmp((const char *)other->data.scalar.value, *name) == 0)
      node_bad(r, key, "'%.40s' is given twice; the first time is in line %u", *name, node_mark(other).line);
  }
  return key;
}

node *node_value(struct reader *r, node *n, size_t i) {
  return node_at(r, n->data.mapping.pairs.start[i].value);
}

bool node_has_key(struct reader *r, node *n, const char *name) {
  if (n->type != YAML_MAPPING_NODE) return false;
  for (yaml_node_pair_t *pair = n->data.mapping.pairs.start; pair < n->data.mapping.pairs.top; pair++) {
    node *key = node_at(r, pair->key);
    if (key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, name) == 0) return true;
  }
  return false;
}

static void unknown_key(struct reader *r, node *key, const char *name, const char *what,
                        const char *const *keys) {
  char list[300] = "";
  for (unsigned i = 0; keys[i]; i++)
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "",
             keys[i] + (keys[i][0] == '!'));
  node_bad(r, key, "%s has no key '%.40s'; expected %s", what, name, list);
}

bool node_map(struct reader *r, node *n, const char *what, const char *const *keys, node **value) {
  for (unsigned k = 0; keys[k]; k++) value[k] = NULL;
  size_t count = node_pairs(r, n, what);
  for (size_t i = 0; i < count; i++) {
    const char *name;
    node *key = node_key(r, n, i, &name);
    unsigned k = 0;
    while (keys[k] && strcmp(keys[k] + (keys[k][0] == '!'), name) != 0) k++;
    if (keys[k])
      value[k] = node_value(r, n, i);
    else
      unknown_key(r, key, name, what, keys);
  }
  for (unsigned k = 0; keys[k]; k++)
    if (keys[k][0] == '!' && !value[k]) node_bad(r, n, "%s needs the key '%s'", what, keys[k] + 1);
  return !r->bad;
}

/* ---- names ---- */

static bool is_word(const char *s) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  return *s && strlen(s) <= 60 && strspn(s, letters) == strlen(s);
}

char *node_id(struct reader *r, node *n) {
  char *id = node_text(r, n);
  if (!is_word(id)) node_bad(r, n, "'%.60s': expected a word of at most 60 letters, digits and '-'", id);
  return id;
}

char *node_file(struct reader *r, node *n) {
  char *file = node_text(r, n);
  bool good = *file && *file != '/' && strlen(file) < 200;
  for (const char *p = file; good && *p; p = strchr(p, '/') ? strchr(p, '/') + 1 : "")
    good = *p != '/' && *p != '.' && strcspn(p, "/") > 0;
  for (const char *p = file; *p; p++) good &= *p > ' ' && *p < 0x7F && !strchr("\"'\\$`:*?", *p);
  if (!good || (*file && file[strlen(file) - 1] == '/'))
    node_bad(r, n, "'%.80s': expected a file's name, such as trap.c or src/trap.c", file);
  return file;
}

struct words node_files(struct reader *r, node *n) {
  struct words w = {.n = node_items(r, n, "files")};
  w.word = must(calloc(w.n + 1, sizeof *w.word));
  w.mark = must(calloc(w.n + 1, sizeof *w.mark));
  for (size_t i = 0; i < w.n; i++)
    w.word[i] = node_file(r, node_item(r, n, i)), w.mark[i] = node_mark(node_item(r, n, i));
  return w;
}

/* ---- the document ---- */

static void bad_at(struct reader *r, yaml_mark_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void bad_at(struct reader *r, yaml_mark_t at, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  mistake(r, &at, format, ap);
  va_end(ap);
}

static void read_document(struct reader *r, yaml_parser_t *parser, node_reading *read) {
  yaml_document_t second;
  node *root = yaml_document_get_root_node(&r->document);
  if (root)
    read(r, root);
  else
    bad_at(r, (yaml_mark_t){0}, "the file is empty");
  if (r->bad) return;
  if (!yaml_parser_load(parser, &second)) {
    if (parser->error == YAML_MEMORY_ERROR || !parser->problem) must(NULL);
    return;
  }
  root = yaml_document_get_root_node(&second);
  if (root) node_bad(r, root, "a second document; expected one");
  yaml_document_delete(&second);
}

/* A byte that is no UTF-8: libyaml tells the offset of such a byte, and no line. */
static yaml_mark_t mark_of_offset(const uint8_t *yaml, size_t bytes, size_t offset) {
  yaml_mark_t at = {.index = offset};
  for (size_t i = 0; i < offset && i < bytes; i++) {
    at.column += (yaml[i] & 0xC0) != 0x80;
    if (yaml[i] == '\n') at.line++, at.column = 0;
  }
  return at;
}

void reader_read(struct reader *r, const void *yaml, size_t bytes, node_reading *read) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) must(NULL);
  yaml_parser_set_input_string(&parser, yaml, bytes);
  if (yaml_parser_load(&parser, &r->document)) {
    read_document(r, &parser, read);
    yaml_document_delete(&r->document);
  } else if (parser.error == YAML_MEMORY_ERROR || !parser.problem) {
    must(NULL);
  } else {
    yaml_mark_t at = parser.error == YAML_READER_ERROR ? mark_of_offset(yaml, bytes, parser.problem_offset)
                                                       : parser.problem_mark;
    bad_at(r, at, "this is not YAML: %s", parser.problem);
  }
  yaml_parser_delete(&parser);
}
