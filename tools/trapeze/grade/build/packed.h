/* packed.h - zip and tar files from outside: what is in them, read carefully. libarchive reads the formats; the
 * rules are ours.
 *
 * Nothing is unpacked onto the disk here: a visitor is shown each entry, and may read the content into memory.
 * An archive is refused as a whole when a name leads out of it (`..`, an absolute name, a name with a drive), when
 * a link leads out of it, when it holds a device, a pipe or an encrypted file, when it has too many entries or
 * unpacks to too many bytes, and when it is damaged. */
#ifndef PACKED_H
#define PACKED_H

#include "tools/trapeze/trapeze.h"

struct packed_limits {
  uint64_t entries;
  uint64_t bytes; /* of all files together, unpacked */
};

struct packed_entry {
  const char *name; /* its path in the archive: parts with one '/' between them, none of them "." or ".." */
  enum { PACKED_FILE, PACKED_FOLDER, PACKED_LINK } kind;
  uint64_t bytes; /* what the archive says about its size */
  void *reader;
};

/* Is shown an entry. Returns NULL to go on; otherwise what is wrong with the archive, malloc'ed. */
typedef char *packed_visit(void *arg, const struct packed_entry *entry);

/* Does the name end as those of the archives do that can be read: .zip, .tar, .tar.gz, .tgz, .tar.bz2, .tar.xz, or as
 * those of others that people take for such: .rar, .7z, .gz? Returns where the ending begins; NULL when it is no such name. */
const char *packed_ending(const char *name);

/* Do systems add an entry of this name by themselves: __MACOSX, or a part that begins with a dot? */
bool packed_noise(const char *name);

/* Shows `visit` each entry of the archive in `data`, in the archive's order. Returns NULL when all were shown;
 * otherwise what is wrong, in words for a person that are the same with every version of the library, malloc'ed.
 * Dies with STATUS_USAGE when memory is short. */
char *packed_walk(struct bytes data, const struct packed_limits *limits, packed_visit *visit, void *arg);
/* The same for an open file, from its beginning. */
char *packed_walk_file(int fd, const struct packed_limits *limits, packed_visit *visit, void *arg);

/* Appends the content of the entry that is being shown, of at most `most` bytes, to *content. False when there
 * are more bytes, or when the archive is damaged there; then *why says which, malloc'ed. */
bool packed_content(const struct packed_entry *entry, uint64_t most, struct bytes *content, char **why);

#endif
