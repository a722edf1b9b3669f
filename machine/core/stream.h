/* stream.h - a machine's state as a stream of bytes, and bytes that a machine shares with its snapshots.
 *
 * One function passes over the state in a fixed order, whatever is done with the state: it is saved to a
 * buffer that grows, hashed, or restored from a buffer. So saving and restoring cannot disagree about the
 * order. */
#ifndef MACHINE_STREAM_H
#define MACHINE_STREAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stream_mode { STREAM_SAVE, STREAM_HASH, STREAM_RESTORE };
struct stream {
  enum stream_mode mode;
  uint8_t *bytes; /* saving: malloc'd, freed by the owner of the stream; restoring: [at, capacity) is still to
                     be read */
  size_t at, capacity;
  bool failed;    /* memory was short, or the bytes ran out: from then on nothing is read or written */
  bool no_memory; /* it failed for want of memory */
  uint64_t hash;
};

/* Saves or hashes n bytes, or overwrites them with the next n of the stream. */
void machine_stream_bytes(struct stream *s, void *bytes, size_t n);
/* The same for a bool. Any byte but 0 is restored as true, so that a damaged stream makes no invalid bool. */
void machine_stream_bool(struct stream *s, bool *value);
#define STREAM(s, field) machine_stream_bytes(s, &(field), sizeof(field))

/* Bytes that are never written while more than one user has them. */
struct copy {
  atomic_uint users;
  uint8_t bytes[];
};
void machine_copy_release(struct copy *c); /* NULL is allowed */

/* A device's bulk content, which snapshots share as long as it does not change. Before `bytes` are written,
 * `copy` must be released and set to NULL. */
struct bulk {
  uint8_t *bytes;
  size_t n;
  struct copy *copy; /* equals `bytes`, or NULL */
};

#endif
