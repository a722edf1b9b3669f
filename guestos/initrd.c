/* initrd.c - the first files: those of the initrd, and a few that the archive does not have.
 *
 * The initrd is a ustar archive in RAM (isa/ustar.h). At boot each file of it gets its name and a node whose bytes are
 * those in the archive, where they stay until they are changed (node.c). */
#include "isa/ustar.h"
#include "kernel.h"

static const uint8_t *initrd;
static uint32_t initrd_size;

static uint32_t octal(const char *s, int n) {
  uint32_t v = 0;
  for (; n && *s >= '0' && *s <= '7'; n--, s++) v = v * 8 + (*s - '0');
  return v;
}

static uint32_t header_size(const struct ustar_header *h) { return octal(h->size, sizeof h->size); }

/* The padded size of so many bytes. */
static uint32_t blocks(uint32_t bytes) { return (bytes + USTAR_BLOCK - 1) & ~(USTAR_BLOCK - 1u); }

/* The header after h (the first for NULL), or NULL at the end. */
static const struct ustar_header *next_header(const struct ustar_header *h) {
  uint32_t at = h ? (uint32_t)((const uint8_t *)h - initrd) + USTAR_BLOCK + blocks(header_size(h)) : 0;
  if (at > initrd_size || initrd_size - at < USTAR_BLOCK) return NULL;
  const struct ustar_header *next = (const struct ustar_header *)(initrd + at);
  if (memcmp(next->magic, USTAR_MAGIC, 5) != 0 || header_size(next) > initrd_size - at - USTAR_BLOCK)
    return NULL;
  return next;
}

/* Makes a node of that path, and the directories that lead to it. NULL: there is no memory, or a file has the name of
 * a directory. A name that is there already keeps its node. */
static struct node *make(char *path, uint32_t kind) {
  struct place to;
  for (char *s = path; *s; s++) {
    if (s == path || *s != '/') continue;
    *s = 0;
    if (path_find(NULL, path, &to) < 0 || (!to.node && path_make(&to, NODE_DIR) < 0)) return NULL;
    *s = '/';
  }
  if (path_find(NULL, path, &to) < 0 || (!to.node && path_make(&to, kind) < 0)) return NULL;
  return to.node;
}

static void keep(struct node *n, const uint8_t *bytes, uint32_t size) {
  if (!n || n->kind != NODE_FILE) return;
  n->kept = bytes;
  n->kept_bytes = n->size = size;
}

/* The path of a field that may have no NUL, with the longest prefix that fits. */
static char *path_in(char *path, const char *prefix, const char *name) {
  uint32_t n = 0;
  for (; n < 155 && prefix[n]; n++) path[n] = prefix[n];
  if (n) path[n++] = '/';
  for (uint32_t i = 0; i < 100 && name[i]; i++) path[n++] = name[i];
  path[n] = 0;
  return path;
}

static void add(const struct ustar_header *h) {
  char path[PATH_BYTES + 1], other[PATH_BYTES + 1];
  struct place of, to;
  path_in(path, h->prefix, h->name);
  switch (h->type) {
  case USTAR_DIRECTORY: make(path, NODE_DIR); break;
  case USTAR_FILE:
  case 0: keep(make(path, NODE_FILE), (const uint8_t *)(h + 1), header_size(h)); break;
  case USTAR_LINK: /* another name of a file that came before */
    path_in(other, "", h->link);
    if (!path_find(NULL, other, &of) && of.node && !path_find(NULL, path, &to) && to.dir)
      path_link(of.node, &to);
    break;
  }
}

void initrd_init(void) {
  static const struct {
    char path[16];
    uint32_t kind;
  } more[] = {{"/dev/console", NODE_CONSOLE},
              {"/dev/disk", NODE_DISK},
              {"/dev/null", NODE_NULL},
              {"/dev/zero", NODE_ZERO},
              {"/tmp", NODE_DIR}};
  char path[16];
  initrd = (const uint8_t *)dev_load(DEV_FACTS + FACTS_INITRD);
  initrd_size = dev_load(DEV_FACTS + FACTS_INITRD_SIZE);
  for (const struct ustar_header *h = next_header(NULL); h; h = next_header(h)) add(h);
  for (uint32_t i = 0; i < sizeof more / sizeof more[0]; i++)
    if (!make(memcpy(path, more[i].path, sizeof path), more[i].kind)) panic("initrd_init: no memory");
  keep(make(memcpy(path, "/boot/initrd", 13), NODE_FILE), initrd, initrd_size);
}
