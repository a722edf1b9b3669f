/* digest.c - digests of a lab, and of anything piece by piece. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "digest.h"
#include "folder.h"

static uint64_t mix(uint64_t digest, const void *data, size_t size) {
  for (const uint8_t *p = data; size--; p++) digest = (digest ^ *p) * UINT64_C(0x100000001B3);
  return digest;
}

/* The size first, so that pieces cannot run into each other. */
uint64_t digest_add(uint64_t digest, const void *piece, size_t size) {
  uint64_t length = size;
  return mix(mix(digest, &length, sizeof length), piece, size);
}

uint64_t digest_add_text(uint64_t digest, const char *text) { return digest_add(digest, text, strlen(text)); }

static uint64_t add_path(uint64_t digest, const char *path);

static uint64_t add_folder(uint64_t digest, const char *path) {
  size_t n;
  char **names = folder_names(path, &n);
  for (size_t i = 0; i < n; i++) {
    char *below = path_join(path, names[i]);
    digest = add_path(digest_add_text(digest, names[i]), below);
    free(below);
  }
  folder_names_free(names);
  return digest_add_text(digest, ""); /* its end: no name is empty */
}

/* A file, or a folder with all that is below it; nothing when there is none. */
static uint64_t add_path(uint64_t digest, const char *path) {
  struct stat st;
  if (stat(path, &st) != 0) return digest;
  if (S_ISDIR(st.st_mode)) return add_folder(digest, path);
  if (!S_ISREG(st.st_mode)) return digest;
  struct bytes content = file_read(path);
  digest = digest_add(digest, content.data, content.size);
  free(content.data);
  return digest;
}

uint64_t digest_folder(const char *path) { return add_folder(DIGEST_NONE, path); }

uint64_t digest_lab(const struct lab *lab, const char *only) {
  static const char *const parts[] = {"lab.yaml", "tests", "starter"};
  uint64_t digest = digest_add_text(DIGEST_NONE, only ? only : "");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char *path = lab_path(lab, parts[i]);
    digest = add_path(digest_add_text(digest, parts[i]), path);
    free(path);
  }
  if (lab->persons) digest = digest_add_text(digest, "rubric");
  if (lab->way) digest = digest_add_text(digest_add_text(digest, "way"), lab->way);
  return lab->revealed ? digest_add(digest, &(uint8_t){(uint8_t)lab->revealed}, 1) : digest;
}

const char *digest_text(uint64_t digest, char buf[20]) {
  snprintf(buf, 20, "%016llx", (unsigned long long)digest);
  return buf;
}
