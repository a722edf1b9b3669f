/* layers.c - files whose bytes lie within another file: how the files of a container are read in its image's layers.
 *
 * A layer is a file, an archive. keep_file makes a file whose bytes are a part of the layer, where they stay: the new
 * file takes no memory but its node, however many containers have it. node.c copies a page up at the first store. A
 * layer cannot be changed as long as files are laid in it. Which files an image has, and what hides what, is decided by
 * the program that reads the archive (userprogs/container/). */
#include "kernel.h"

/* Where the bytes at `offset` of the layer really are, if it is itself laid in another: no chains grow from that. */
static struct node *lowest(struct node *n, uint32_t *offset, uint32_t bytes) {
  while (n->layer && !n->root && *offset <= n->kept_bytes && bytes <= n->kept_bytes - *offset) {
    *offset += n->at;
    n = n->layer;
  }
  return n;
}

static void lay(struct node *n, struct node *layer, uint32_t offset, uint32_t bytes) {
  layer->refs++;
  layer->laid++;
  n->layer = layer;
  n->at = offset;
  n->kept_bytes = n->size = bytes;
}

CALL3(keep_file, fd, path, part) {
  struct place to;
  uint32_t range[2]; /* offset, bytes */
  struct file *f = fd < NFILE ? p->file[fd] : NULL;
  if (!f) return -EBADF;
  int error = copy_in(p, range, part, sizeof range);
  if (error) return error;
  struct node *layer = f->node;
  if (!layer || layer->kind != NODE_FILE || (f->flags & O_ACCMODE) == O_WRONLY) return -EINVAL;
  if (range[0] > layer->size || range[1] > layer->size - range[0]) return -EINVAL;
  error = path_in_call(p, path, &to);
  if (error) return error;
  if (to.node || to.slash) return to.node ? -EEXIST : -EISDIR;
  layer = lowest(layer, &range[0], range[1]);
  if (layer->laid == UINT16_MAX) return -ENOSPC;
  error = path_make(&to, NODE_FILE);
  if (!error) lay(to.node, layer, range[0], range[1]);
  return error;
}
