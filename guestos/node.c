/* node.c - the bytes of files in memory. A node is a file, a directory or a device; names lead to it (path.c).
 *
 * The bytes of a file are in frames, which a tree of tables leads to: a table is a frame with the addresses of 1024
 * others. `height` says how many tables lie above a page, so that a small file has none. A page that is not there is
 * read in the initrd, or in the layer of a container, as far as the file came from there, and its first store copies it
 * up into a frame; behind that it is zeros. So a file's holes take no memory. */
#include "kernel.h"

enum { TABLE_BITS = 10, PER_TABLE = 1 << TABLE_BITS };

static const uint8_t zeros[PAGE_SIZE];
static uint32_t last_number;

struct node *node_new(uint32_t kind) {
  struct node *n = cell_alloc();
  if (!n) return NULL;
  n->kind = kind;
  n->number = ++last_number;
  return n;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Where the address of the page's frame is kept. NULL: nowhere; with `make`, for want of memory. */
static void **place_of(struct node *n, uint32_t page, bool make) {
  for (; page >> (TABLE_BITS * n->height); n->height++) {
    if (!make) return NULL;
    if (!n->root) continue;
    void **table = frame_alloc();
    if (!table) return NULL;
    table[0] = n->root;
    n->root = table;
  }
  void **at = &n->root;
  for (uint32_t level = n->height; level-- > 0;) {
    if (!*at && !(make && (*at = frame_alloc()))) return NULL;
    at = (void **)*at + (page >> (TABLE_BITS * level)) % PER_TABLE;
  }
  return at;
}

/* Frees the pages from number `from` on that lie under *at. */
static void drop_pages(void **at, uint32_t height, uint32_t from) {
  if (!*at || from >> (TABLE_BITS * height)) return;
  uint32_t bits = TABLE_BITS * (height - 1);
  for (uint32_t i = height ? from >> bits : PER_TABLE; i < PER_TABLE; i++)
    drop_pages((void **)*at + i, height - 1, i == from >> bits ? from & ((1 << bits) - 1) : 0);
  if (from) return;
  frame_drop(*at);
  *at = NULL;
}

const uint8_t *node_bytes(struct node *n, uint32_t offset, uint32_t *count) {
  for (;; offset += n->at, n = n->layer) {
    uint32_t within = offset % PAGE_SIZE;
    void **at = n->root ? place_of(n, offset >> PAGE_SHIFT, false) : NULL;
    if (n->root || offset >= n->kept_bytes) *count = least(*count, PAGE_SIZE - within);
    if (at && *at) return (uint8_t *)*at + within;
    if (offset >= n->kept_bytes) return zeros + within;
    *count = least(*count, n->kept_bytes - offset);
    if (!n->layer) return n->kept + offset;
  }
}

/* The frame of a page, which is made if it is not there. NULL: no memory. */
static uint8_t *page_to_write(struct node *n, uint32_t page) {
  if (frames_free() <= SPARE_PAGES) return NULL;
  void **at = place_of(n, page, true);
  if (!at || *at) return at ? *at : NULL;
  uint32_t from = page << PAGE_SHIFT,
           bytes = from < n->kept_bytes ? least(n->kept_bytes - from, PAGE_SIZE) : 0;
  uint8_t *frame = frame_alloc();
  for (uint32_t done = 0, k; frame && done < bytes; done += k) {
    k = bytes - done;
    memcpy(frame + done, node_bytes(n, from + done, &k), k);
  }
  return *at = frame;
}

int node_write(struct proc *p, struct node *n, uint32_t offset, uint32_t buf, uint32_t bytes) {
  uint32_t done = 0;
  for (uint32_t k; done < bytes; done += k) {
    uint32_t within = (offset + done) % PAGE_SIZE;
    uint8_t *page = page_to_write(n, (offset + done) >> PAGE_SHIFT);
    if (!page) return done ? (int)done : -ENOSPC;
    k = least(bytes - done, PAGE_SIZE - within);
    int error = copy_in(p, page + within, buf + done, k);
    if (error) return done ? (int)done : error;
    if (offset + done + k > n->size) n->size = offset + done + k;
  }
  return done;
}

void node_resize(struct node *n, uint32_t size) {
  uint32_t last = size >> PAGE_SHIFT, within = size % PAGE_SIZE;
  if (size < n->size) {
    drop_pages(&n->root, n->height, last + (within > 0));
    if (!n->root) n->height = 0;
    void **at = within ? place_of(n, last, false) : NULL;
    if (at && *at) memset((uint8_t *)*at + within, 0, PAGE_SIZE - within);
    n->kept_bytes = least(n->kept_bytes, size);
  }
  n->size = size;
  n->changed = now();
}

void node_drop(struct node *n) {
  while (n && --n->refs == 0 && n->links == 0) {
    struct node *layer = n->kind == NODE_FILE ? n->layer : NULL;
    if (n->kind == NODE_FILE) drop_pages(&n->root, n->height, 0);
    cell_free(n);
    if (layer) layer->laid--;
    n = layer;
  }
}
