/* path.c - names: directories, and how a path leads to a node.
 *
 * A directory is a list of entries, each a name and the node it leads to. Nodes and entries are cells. Each directory
 * has one name and knows its parent; the root, which has no name, is its own parent. */
#include "kernel.h"

static struct node *root;

/* What / means for the process that runs. */
static struct node *top(void) {
  struct container *c = here();
  return c ? c->root : root;
}

/* Is the directory `inner` in `outer`, at any depth, or the same? */
static bool lies_in(struct node *inner, struct node *outer) {
  while (inner != outer && inner != root) inner = inner->parent;
  return inner == outer;
}

/* The directory around. None is around the root; and none that a process may see is around a directory that was moved
 * out of its container, or removed. */
static struct node *around(struct node *dir) {
  struct node *limit = top();
  return dir != limit && lies_in(dir, limit) ? dir->parent : limit;
}

/* The entry of that name, or the list's end, where a new one goes. */
static struct entry **entry_of(struct node *dir, const char *name, uint32_t n) {
  struct entry **at = &dir->first;
  while (*at && !((*at)->name[n] == 0 && memcmp((*at)->name, name, n) == 0)) at = &(*at)->next;
  return at;
}

static bool is_dots(const char *s, uint32_t n) { return n <= 2 && s[0] == '.' && s[n - 1] == '.'; }

/* One step: from the directory to->node by a name of n characters. */
static int step(struct place *to, const char *name, uint32_t n) {
  struct node *dir = to->node;
  if (!dir) return -ENOENT;
  if (dir->kind != NODE_DIR) return -ENOTDIR;
  if (n >= NAME_BYTES) return -ENAMETOOLONG;
  to->dir = dir, to->name = name, to->length = n, to->at = NULL;
  if (is_dots(name, n)) {
    to->node = n == 2 ? around(dir) : dir;
    return 0;
  }
  to->at = entry_of(dir, name, n);
  to->node = *to->at ? (*to->at)->node : NULL;
  return 0;
}

int path_find(struct node *from, const char *path, struct place *to) {
  *to = (struct place){.node = *path == '/' || !from ? top() : from};
  if (!*path) return -ENOENT;
  for (uint32_t n; *path; path += n) {
    while (*path == '/') path++, to->slash = true;
    for (n = 0; path[n] && path[n] != '/';) n++;
    if (!n) break;
    TRY(step(to, path, n));
    to->slash = false;
  }
  return to->node && to->slash && to->node->kind != NODE_DIR ? -ENOTDIR : 0;
}

/* ---- changes ---- */

/* A file is changed now. At boot the clock is not asked, because each look at it is two exits in a VM. */
static void touch(struct node *n) { n->changed = current ? now() : 0; }

static void set_name(struct entry *e, const char *name, uint32_t n) {
  memset(e->name, 0, sizeof e->name);
  memcpy(e->name, name, n);
}

/* The name, which must be new, leads to n. */
static int attach(struct place *to, struct node *n) {
  if (to->node) return -EEXIST;
  if (!to->dir->links) return -ENOENT; /* the directory itself has been removed */
  struct entry *e = cell_alloc();
  if (!e) return -ENOSPC;
  set_name(e, to->name, to->length);
  e->node = n;
  *to->at = e;
  n->links++;
  to->node = n;
  touch(to->dir);
  return 0;
}

/* The name goes, and with the last name a node that nobody has open. */
static void detach(struct place *at) {
  struct entry *e = *at->at;
  struct node *n = e->node;
  *at->at = e->next;
  cell_free(e);
  touch(at->dir);
  if (n->kind == NODE_DIR) n->parent = root;
  n->links--;
  n->refs++;
  node_drop(n);
}

int path_make(struct place *to, uint32_t kind) {
  struct node *n = node_new(kind);
  if (!n) return -ENOSPC;
  n->parent = to->dir;
  touch(n);
  int error = attach(to, n);
  if (error) cell_free(n);
  return error;
}

int path_link(struct node *n, struct place *to) {
  if (n->kind == NODE_DIR) return -EPERM;
  return to->slash && !to->node ? -ENOENT : attach(to, n);
}

/* May `from` replace what `to` leads to? */
static int check_rename(struct place *from, struct place *to) {
  struct node *n = from->node, *old = to->node;
  if (!n) return -ENOENT;
  if (!from->at || !(old ? to->at != NULL : to->dir != NULL))
    return n == top() || old == top() ? -EBUSY : -EINVAL;
  bool directory = n->kind == NODE_DIR;
  if (!to->dir->links || (to->slash && !directory)) return -ENOENT;
  if (directory && lies_in(to->dir, n)) return -EINVAL;
  if (!old || old == n) return 0;
  if (directory != (old->kind == NODE_DIR)) return directory ? -ENOTDIR : -EISDIR;
  return directory && old->first ? -ENOTEMPTY : 0;
}

/* ---- the way back: from a directory to its path ---- */

/* The bytes of the path, with its NUL, or minus an error. */
static int path_of(struct node *dir, char *to, uint32_t size) {
  char *end = to + size, *at = end;
  *--at = 0;
  struct node *limit = top();
  if (!dir->links || !lies_in(dir, limit)) return -ENOENT;
  if (dir == limit) *--at = '/';
  for (; dir != limit; dir = dir->parent) {
    struct entry *e = dir->parent->first;
    while (e->node != dir) e = e->next;
    uint32_t n = strlen(e->name);
    if (n + 1 > (uint32_t)(at - to)) return -ERANGE;
    at -= n;
    memcpy(at, e->name, n);
    *--at = '/';
  }
  uint32_t n = end - at;
  for (uint32_t i = 0; i < n; i++) to[i] = at[i];
  return n;
}

bool path_entry(struct node *dir, uint32_t index, struct pg32_dirent *d) {
  struct entry *e = dir->first;
  for (; e && index; index--) e = e->next;
  if (!e) return false;
  *d = (struct pg32_dirent){.size = e->node->size, .mode = node_mode(e->node)};
  memcpy(d->name, e->name, sizeof d->name);
  return true;
}

void path_init(void) {
  root = node_new(NODE_DIR);
  root->parent = root;
  root->links = root->refs = 1;
}

/* ---- the system calls ---- */

int path_in_call(struct proc *p, uint32_t path, struct place *to) {
  static char name[PATH_BYTES];
  TRY(copy_in_string(p, name, path, sizeof name));
  return path_find(p->directory, name, to);
}

CALL1(mkdir, path) {
  struct place to;
  TRY(path_in_call(p, path, &to));
  return path_make(&to, NODE_DIR);
}

static int32_t remove(struct proc *p, uint32_t path, bool directory) {
  struct place at;
  TRY(path_in_call(p, path, &at));
  struct node *n = at.node;
  if (!n) return -ENOENT;
  if (directory != (n->kind == NODE_DIR)) return directory ? -ENOTDIR : -EISDIR;
  if (!at.at) return n == top() ? -EBUSY : -EINVAL; /* "/", "." or ".." */
  if (directory && n->first) return -ENOTEMPTY;
  detach(&at);
  return 0;
}

CALL1(unlink, path) { return remove(p, path, false); }
CALL1(rmdir, path) { return remove(p, path, true); }

CALL2(link, old, new) {
  struct place from, to;
  TRY(path_in_call(p, old, &from));
  if (!from.node) return -ENOENT;
  TRY(path_in_call(p, new, &to));
  return path_link(from.node, &to);
}

CALL2(rename, old, new) {
  char from[PATH_BYTES], to[PATH_BYTES];
  struct place a, b;
  TRY(copy_in_string(p, from, old, sizeof from));
  TRY(copy_in_string(p, to, new, sizeof to));
  TRY(path_find(p->directory, from, &a));
  TRY(path_find(p->directory, to, &b));
  TRY(check_rename(&a, &b));
  if (a.node == b.node) return 0;
  if (b.node) detach(&b);
  a.at = entry_of(a.dir, a.name, a.length); /* the lists have changed */
  struct entry *e = *a.at;
  *a.at = e->next;
  e->next = NULL;
  set_name(e, b.name, b.length);
  *entry_of(b.dir, b.name, b.length) = e;
  if (e->node->kind == NODE_DIR) e->node->parent = b.dir;
  touch(a.dir);
  touch(b.dir);
  return 0;
}

CALL1(chdir, path) {
  struct place at;
  TRY(path_in_call(p, path, &at));
  if (!at.node) return -ENOENT;
  if (at.node->kind != NODE_DIR) return -ENOTDIR;
  file_directory(p, at.node);
  return 0;
}

CALL2(__getcwd, to, size) {
  char path[PATH_BYTES];
  struct place here;
  path_find(p->directory, ".", &here);
  uint32_t n = TRY(path_of(here.node, path, sizeof path));
  if (size < n) return -ERANGE;
  TRY(copy_out(p, to, path, n));
  return n;
}
