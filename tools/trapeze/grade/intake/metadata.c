/* metadata.c - Gradescope's submission_metadata.yml: a map from submissions to who has handed them in. Its keys are
 * symbols of Ruby, as `:submitters:`. What else it says (scores, times, a history) is not read. */
#include <stdlib.h>
#include <string.h>

#include "site.h"
#include "tools/trapeze/grade/lab/node.h"

struct metadata_reader {
  struct reader reader; /* first: what the functions of node.h know */
  struct metadata *out;
};

/* The value of the key `name`; NULL = none. */
static node *value_of(struct reader *r, node *map, const char *name) {
  for (yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++) {
    node *key = yaml_document_get_node(&r->document, pair->key);
    if (key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, name) == 0)
      return yaml_document_get_node(&r->document, pair->value);
  }
  return NULL;
}

static char *text_at(struct reader *r, node *map, const char *name) {
  node *value = value_of(r, map, name);
  return value ? must(strdup(node_scalar(r, value, "a text"))) : NULL;
}

static void read_submitter(struct reader *r, node *n, struct submitter *s) {
  if (n->type != YAML_MAPPING_NODE) {
    node_bad(r, n, "expected a submitter: {:name: ..., :sid: ..., :email: ...}");
    return;
  }
  s->keys.key[KEY_NAME] = text_at(r, n, ":name");
  s->keys.key[KEY_SID] = text_at(r, n, ":sid");
  s->keys.key[KEY_ADDRESS] = text_at(r, n, ":email");
}

static const char *address(const struct submitter *s) {
  return s->keys.key[KEY_ADDRESS] ? s->keys.key[KEY_ADDRESS] : "";
}

static int by_address(const void *a, const void *b) {
  const char *x = address(a), *y = address(b);
  if (!*x || !*y) return !*x - !*y; /* without an address: last */
  return strcmp(x, y);
}

static void read_hand_in(struct reader *r, node *n, struct hand_in *h) {
  node *list = n->type == YAML_MAPPING_NODE ? value_of(r, n, ":submitters") : NULL;
  if (!list) {
    node_bad(r, n, "expected a submission, with its `:submitters:`");
    return;
  }
  h->submitters = node_items(r, list, "submitters");
  h->submitter = must(calloc(h->submitters + 1, sizeof *h->submitter));
  for (size_t i = 0; i < h->submitters; i++) read_submitter(r, node_item(r, list, i), &h->submitter[i]);
  qsort(h->submitter, h->submitters, sizeof *h->submitter, by_address);
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct hand_in *)a)->name, ((const struct hand_in *)b)->name);
}

static void read_metadata(struct reader *r, node *root) {
  struct metadata *m = ((struct metadata_reader *)r)->out;
  if (root->type != YAML_MAPPING_NODE) {
    node_bad(r, root, "expected a map of submissions: `submission_98765:` and what belongs to it");
    return;
  }
  size_t n = (size_t)(root->data.mapping.pairs.top - root->data.mapping.pairs.start);
  m->hand_in = must(calloc(n + 1, sizeof *m->hand_in));
  for (m->n = 0; m->n < n && !r->bad; m->n++) {
    yaml_node_pair_t *pair = &root->data.mapping.pairs.start[m->n];
    node *key = yaml_document_get_node(&r->document, pair->key);
    m->hand_in[m->n].name = must(strdup(node_scalar(r, key, "a submission's name")));
    read_hand_in(r, yaml_document_get_node(&r->document, pair->value), &m->hand_in[m->n]);
  }
  qsort(m->hand_in, m->n, sizeof *m->hand_in, by_name);
}

bool metadata_parse(const char *path, struct bytes yaml, struct metadata *m, struct lab_error *error) {
  struct metadata_reader r = {.reader = {.path = path, .error = error}, .out = m};
  *m = (struct metadata){0};
  reader_read(&r.reader, yaml.data, yaml.size, read_metadata);
  if (!r.reader.bad) return true;
  metadata_free(m);
  return false;
}

void metadata_free(struct metadata *m) {
  for (size_t i = 0; i < m->n; i++) {
    struct hand_in *h = &m->hand_in[i];
    for (size_t k = 0; h->submitter && k < h->submitters; k++)
      for (size_t key = 0; key < STUDENT_KEYS; key++) free(h->submitter[k].keys.key[key]);
    free(h->submitter), free(h->name);
  }
  free(m->hand_in);
  *m = (struct metadata){0};
}

const struct hand_in *metadata_find(const struct metadata *m, const char *name) {
  struct hand_in wanted = {.name = (char *)name};
  return m->n ? bsearch(&wanted, m->hand_in, m->n, sizeof *m->hand_in, by_name) : NULL;
}
