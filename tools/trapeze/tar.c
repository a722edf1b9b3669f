/* tar.c - just enough of POSIX ustar to find a file in the initrd and to add one. */
#include <stdlib.h>
#include <string.h>

#include "isa/ustar.h"
#include "trapeze.h"

static size_t blocks(size_t bytes) { return (bytes + USTAR_BLOCK - 1) / USTAR_BLOCK * USTAR_BLOCK; }

/* The header at offset `at`; NULL at the archive's end. */
static const struct ustar_header *header_at(struct bytes tar, size_t at, size_t *size) {
  const struct ustar_header *h = (const void *)(tar.data + at);
  if (at + USTAR_BLOCK > tar.size || h->name[0] == 0) return NULL;
  char digits[sizeof h->size + 1] = {0};
  memcpy(digits, h->size, sizeof h->size);
  *size = strtoul(digits, NULL, 8);
  if (memcmp(h->magic, USTAR_MAGIC, 5) != 0 || *size > tar.size - at - USTAR_BLOCK)
    die(STATUS_USAGE, "the initrd is not a ustar archive");
  return h;
}

static bool named(const struct ustar_header *h, const char *name) {
  char full[sizeof h->name + 1] = {0};
  memcpy(full, h->name, sizeof h->name);
  return h->prefix[0] == 0 && strcmp(strncmp(full, "./", 2) == 0 ? full + 2 : full, name) == 0;
}

/* The offset of the member called `name`; when there is none, the offset of the end blocks, with *size 0. */
static size_t seek(struct bytes tar, const char *name, size_t *size) {
  size_t at = 0;
  const struct ustar_header *h;
  while ((h = header_at(tar, at, size)) && !(name && named(h, name))) at += USTAR_BLOCK + blocks(*size);
  if (!h) *size = 0;
  return at;
}

bool tar_find(struct bytes tar, const char *name, struct bytes *member) {
  size_t size, at = seek(tar, name, &size), ignored;
  const struct ustar_header *h = header_at(tar, at, &ignored);
  if (!h) return false;
  char of[sizeof h->link + 1] = {0};
  memcpy(of, h->link, sizeof h->link);
  if (h->type == USTAR_LINK && strcmp(of, name) != 0) return tar_find(tar, of, member); /* it stands before */
  *member = (struct bytes){tar.data + at + USTAR_BLOCK, size};
  return true;
}

static void tar_remove(struct bytes *tar, const char *name) {
  size_t size, ignored, at = seek(*tar, name, &size);
  if (!header_at(*tar, at, &ignored)) return;
  size_t next = at + USTAR_BLOCK + blocks(size);
  memmove(tar->data + at, tar->data + next, tar->size - next);
  tar->size -= next - at;
}

static struct ustar_header make_header(const char *name, size_t size) {
  struct ustar_header h = {.mode = "0000755",
                           .uid = "0000000",
                           .gid = "0000000",
                           .mtime = "00000000000",
                           .checksum = "        ",
                           .type = USTAR_FILE,
                           .magic = USTAR_MAGIC,
                           .version = "00"};
  memset(h.checksum, ' ', sizeof h.checksum);
  memcpy(h.version, "00", 2);
  snprintf(h.name, sizeof h.name, "%s", name);
  snprintf(h.size, sizeof h.size, "%011lo", (unsigned long)size);
  unsigned sum = 0;
  for (size_t i = 0; i < USTAR_BLOCK; i++) sum += ((const uint8_t *)&h)[i];
  snprintf(h.checksum, sizeof h.checksum, "%06o", sum);
  return h;
}

void tar_put(struct bytes *tar, const char *name, struct bytes content) {
  static const char zeroes[2 * USTAR_BLOCK];
  size_t size;
  tar_remove(tar, name);
  tar->size = seek(*tar, NULL, &size);
  struct ustar_header h = make_header(name, content.size);
  bytes_append(tar, &h, sizeof h);
  bytes_append(tar, content.data, content.size);
  bytes_append(tar, zeroes, blocks(content.size) - content.size);
  bytes_append(tar, zeroes, sizeof zeroes);
}
