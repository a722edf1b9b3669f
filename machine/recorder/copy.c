/* copy.c - snapshots of a recorder.
 *
 * The tree is copied node by node; meanwhile `twin` leads from each node to its copy. Of the records that
 * wait only the bytes up to the last step are kept. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct recorder_snapshot {
  struct recorder state; /* its own tree and lanes, no queue */
  uint8_t *packed;       /* the records that wait: `open`, then the record */
  size_t packed_bytes, bytes;
};

size_t recorder_record_size(const struct record *record) {
  return offsetof(struct record, step) + record->steps * sizeof record->step[0];
}

/* ---- the tree and the lanes ---- */

static bool copy_processes(struct node *to, const struct node *from) {
  struct process **link = &to->processes;
  for (const struct process *p = from->processes; p; p = p->next) {
    struct process *copy = malloc(sizeof *copy);
    if (!copy) return false;
    *copy = *p;
    copy->next = NULL;
    *link = copy;
    link = &copy->next;
  }
  return true;
}

static bool copy_guest(struct node *to, const struct node *from) {
  if (!from->guest) return true;
  to->guest = malloc(sizeof *to->guest);
  if (!to->guest) return false;
  *to->guest = *from->guest;
  return true;
}

static bool copy_contexts(struct node *to, const struct node *from) {
  if (!from->ncontexts) return true;
  to->contexts = malloc(from->ncontexts * sizeof *to->contexts);
  if (!to->contexts) return false;
  memcpy(to->contexts, from->contexts, from->ncontexts * sizeof *to->contexts);
  to->ncontexts = to->context_room = from->ncontexts;
  return true;
}

static bool copy_nodes(struct recorder *to, const struct recorder *from) {
  struct node **link = &to->nodes;
  for (struct node *n = from->nodes; n; n = n->next) {
    struct node *copy = malloc(sizeof *copy);
    if (!copy) return false;
    *copy = *n;
    copy->next = NULL;
    copy->processes = NULL;
    copy->guest = NULL;
    copy->contexts = NULL;
    copy->context_room = copy->ncontexts = 0;
    n->twin = *link = copy;
    link = &copy->next;
    if (!copy_processes(copy, n) || !copy_guest(copy, n) || !copy_contexts(copy, n)) return false;
  }
  for (struct node *n = to->nodes; n; n = n->next) {
    n->parent = n->parent ? n->parent->twin : NULL;
    for (uint32_t i = 0; i < ASIDS; i++)
      if (n->space[i].node) n->space[i].node = n->space[i].node->twin;
  }
  to->root = from->root->twin;
  return true;
}

static bool copy_lanes(struct recorder *to, const struct recorder *from) {
  to->runners = malloc(from->lane_room * sizeof(struct runner *));
  if (!to->runners) return false;
  while (to->lanes < from->lanes) {
    struct runner *copy = malloc(sizeof *copy);
    if (!copy) return false;
    *copy = *from->runners[to->lanes];
    copy->node = copy->node->twin;
    to->runners[to->lanes++] = copy;
    if (copy->claims && !(copy->claims = recorder_claims_copy(copy->claims))) return false;
  }
  return true;
}

/* *to becomes a copy of *from, with a tree of its own and without a queue. False if memory is short, then *to
 * owns nothing. */
static bool copy_state(struct recorder *to, const struct recorder *from) {
  *to = *from;
  to->nodes = to->root = NULL;
  to->runners = NULL;
  to->lanes = 0;
  to->queue = NULL;
  to->room = 0;
  if (copy_nodes(to, from) && copy_lanes(to, from)) return true;
  recorder_lanes_free(to);
  return false;
}

static size_t state_bytes(const struct recorder *r) {
  size_t bytes = r->lane_room * sizeof *r->runners + r->lanes * sizeof(struct runner);
  for (uint32_t i = 0; i < r->lanes; i++) bytes += recorder_claims_bytes(r->runners[i]->claims);
  for (const struct node *n = r->nodes; n; n = n->next) {
    bytes += sizeof *n + (n->guest ? sizeof *n->guest : 0) + n->context_room * sizeof *n->contexts;
    for (const struct process *p = n->processes; p; p = p->next) bytes += sizeof *p;
  }
  return bytes;
}

/* ---- the queue ---- */

static bool pack(struct recorder_snapshot *s, const struct recorder *r) {
  size_t bytes = 0;
  for (uint64_t e = r->first; e < r->next; e++)
    bytes += sizeof(unsigned) + recorder_record_size(&recorder_held(r, e)->record);
  s->packed = malloc(bytes + 1);
  if (!s->packed) return false;
  for (uint64_t e = r->first; e < r->next; e++) {
    const struct held *h = recorder_held(r, e);
    const size_t n = recorder_record_size(&h->record);
    memcpy(s->packed + s->packed_bytes, &h->open, sizeof h->open);
    memcpy(s->packed + s->packed_bytes + sizeof h->open, &h->record, n);
    s->packed_bytes += sizeof h->open + n;
  }
  return true;
}

/* Reads the record at *at, and moves *at to the next one. */
static void unpack(const struct recorder_snapshot *s, size_t *at, struct held *h) {
  const uint8_t *from = s->packed + *at;
  memcpy(&h->open, from, sizeof h->open);
  memcpy(&h->record, from + sizeof h->open, offsetof(struct record, step));
  const size_t n = recorder_record_size(&h->record);
  memcpy(&h->record, from + sizeof h->open, n);
  *at += sizeof h->open + n;
}

/* ---- from outside ---- */

struct recorder_snapshot *recorder_snapshot(const struct recorder *r) {
  struct recorder_snapshot *s = calloc(1, sizeof *s);
  if (!s || !copy_state(&s->state, r)) {
    free(s);
    return NULL;
  }
  if (!pack(s, r)) {
    recorder_snapshot_free(s);
    return NULL;
  }
  s->bytes = sizeof *s + s->packed_bytes + state_bytes(&s->state);
  return s;
}

bool recorder_restore(struct recorder *r, const struct recorder_snapshot *s) {
  struct recorder fresh;
  if (!recorder_reserve(r, s->state.next - s->state.first) || !copy_state(&fresh, &s->state)) return false;
  recorder_lanes_free(r);
  fresh.m = r->m;
  fresh.sink = r->sink, fresh.sink_arg = r->sink_arg;
  fresh.queue = r->queue, fresh.room = r->room;
  *r = fresh;
  size_t at = 0;
  if (!r->sink) r->first = r->next;
  for (uint64_t e = r->first; e < r->next; e++) unpack(s, &at, recorder_held(r, e));
  return true;
}

void recorder_snapshot_free(struct recorder_snapshot *s) {
  if (!s) return;
  recorder_lanes_free(&s->state);
  free(s->packed);
  free(s);
}

size_t recorder_snapshot_bytes(const struct recorder_snapshot *s) { return s->bytes; }

bool recorder_snapshot_waiting(const struct recorder_snapshot *s, uint64_t event, struct record *record) {
  struct held h;
  size_t at = 0;
  if (event < s->state.first || event >= s->state.next) return false;
  for (uint64_t e = s->state.first; e <= event; e++) unpack(s, &at, &h);
  *record = h.record;
  return true;
}
