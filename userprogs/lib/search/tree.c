/* tree.c - tsearch and its kin: AVL trees (Adelson-Velsky and Landis, 1962). The heights of a node's two subtrees differ
 * by one at most. */
#include <search.h>
#include <stdlib.h>
#include "userprogs/lib/internal.h"

struct node {
  const void *key; /* first: a node is a pointer to a pointer to the key */
  struct node *child[2];
  int height;
};

typedef int compare_function(const void *, const void *);

static int height(const struct node *n) { return n != NULL ? n->height : 0; }

static void measure(struct node *n) {
  int left = height(n->child[0]), right = height(n->child[1]);
  n->height = 1 + (left > right ? left : right);
}

/* Lets the child on one side take the node's place. */
static struct node *rotate(struct node *n, int side) {
  struct node *up = n->child[side];
  n->child[side] = up->child[!side], up->child[!side] = n;
  measure(n), measure(up);
  return up;
}

static struct node *balance(struct node *n) {
  int difference = height(n->child[1]) - height(n->child[0]), side = difference > 0;
  if (difference >= -1 && difference <= 1) {
    measure(n);
    return n;
  }
  struct node *child = n->child[side];
  if (height(child->child[!side]) > height(child->child[side])) n->child[side] = rotate(child, !side);
  return rotate(n, side);
}

struct insertion {
  const void *key;
  compare_function *compare;
  struct node *result;
};

static struct node *insert(struct node *n, struct insertion *i) {
  if (n == NULL) {
    n = __zeroed(sizeof *n);
    if (n != NULL) n->key = i->key, n->height = 1;
    return i->result = n;
  }
  int c = i->compare(i->key, n->key);
  if (c == 0) {
    i->result = n;
    return n;
  }
  struct node *child = insert(n->child[c > 0], i);
  if (child != NULL) n->child[c > 0] = child;
  return balance(n);
}

void *tsearch(const void *key, void **root, compare_function *compare) {
  struct insertion i = {key, compare, NULL};
  if (root == NULL) return NULL;
  struct node *n = insert(*root, &i);
  if (n != NULL) *root = n;
  return i.result;
}

void *tfind(const void *key, void *const *root, compare_function *compare) {
  const struct node *n = root != NULL ? *root : NULL;
  for (int c; n != NULL && (c = compare(key, n->key)) != 0;) n = n->child[c > 0];
  return (void *)n;
}

/* Takes the leftmost node out of the tree; *least becomes that node. */
static struct node *take_least(struct node *n, struct node **least) {
  if (n->child[0] == NULL) {
    *least = n;
    return n->child[1];
  }
  n->child[0] = take_least(n->child[0], least);
  return balance(n);
}

static struct node *take_out(struct node *n) {
  struct node *left = n->child[0], *right = n->child[1], *least;
  free(n);
  if (right == NULL) return left;
  right = take_least(right, &least);
  least->child[0] = left, least->child[1] = right;
  return balance(least);
}

static struct node *delete (struct node *n, const void *key, compare_function *compare,
                            struct node **parent) {
  int c = compare(key, n->key);
  if (c == 0) return take_out(n);
  if (n->child[c > 0] == NULL) {
    *parent = NULL;
    return n;
  }
  *parent = n;
  n->child[c > 0] = delete (n->child[c > 0], key, compare, parent);
  return balance(n);
}

void *tdelete(const void *restrict key, void **restrict root, compare_function *compare) {
  if (root == NULL || *root == NULL) return NULL;
  struct node *parent = *root;
  *root = delete (*root, key, compare, &parent);
  return parent;
}

static void walk(const struct node *n, void (*action)(const void *, VISIT, int), int depth) {
  if (n->height == 1) {
    action(n, leaf, depth);
    return;
  }
  action(n, preorder, depth);
  if (n->child[0] != NULL) walk(n->child[0], action, depth + 1);
  action(n, postorder, depth);
  if (n->child[1] != NULL) walk(n->child[1], action, depth + 1);
  action(n, endorder, depth);
}

void twalk(const void *root, void (*action)(const void *, VISIT, int)) {
  if (root != NULL && action != NULL) walk(root, action, 0);
}

void tdestroy(void *root, void (*free_key)(void *)) {
  struct node *n = root;
  if (n == NULL) return;
  tdestroy(n->child[0], free_key);
  tdestroy(n->child[1], free_key);
  free_key((void *)n->key);
  free(n);
}
