/* session.c - a timeline as a file, and back: the start, what the outside world did, where one was.
 *
 * The bytes are those of one pass over a struct stream, little endian (tools/SESSION.md):
 *
 *     magic "TRAPEZE SESSION\n", version
 *     cpu, RAM bytes, TLB entries (32 bit each), disk bytes (64 bit)
 *     the machine at the start: CPU, TLB, devices; the pages of RAM that are not zero; the disk
 *     the log: how many; position, value (64 bit each), kind (32 bit)
 *     the present position, the latest one, the machine's hash there (64 bit each)
 *     checksum of all before (64 bit)
 *
 * Nothing in a file is trusted: what is read is checked before it is used, and the replayed machine must come
 * out as the recorded one did. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/core/internal.h"
#include "internal.h"

#define MAGIC "TRAPEZE SESSION\n"
#define VERSION 1
#define MAGIC_BYTES 16
_Static_assert(sizeof MAGIC == MAGIC_BYTES + 1, "16 bytes, as hex dumps show them");

/* FNV-1a. */
static uint64_t checksum(const uint8_t *bytes, size_t n) {
  uint64_t sum = 0xCBF29CE484222325u;
  for (size_t i = 0; i < n; i++) sum = (sum ^ bytes[i]) * 0x100000001B3u;
  return sum;
}

/* ---- what goes both ways ---- */

struct head {
  char magic[MAGIC_BYTES];
  uint32_t version, cpu, ram_bytes, tlb_entries;
  uint64_t disk_bytes;
};

static void stream_head(struct stream *s, struct head *h) {
  STREAM(s, h->magic);
  STREAM(s, h->version);
  STREAM(s, h->cpu);
  STREAM(s, h->ram_bytes);
  STREAM(s, h->tlb_entries);
  STREAM(s, h->disk_bytes);
}

#define ENTRY_BYTES (8 + 8 + 4)
static void stream_entry(struct stream *s, struct log_entry *e) {
  uint32_t kind = e->kind;
  STREAM(s, e->position);
  STREAM(s, e->value);
  STREAM(s, kind);
  e->kind = kind;
}

static void stream_session(struct stream *s, struct session *session) {
  STREAM(s, session->position);
  STREAM(s, session->latest);
  STREAM(s, session->hash);
}

/* ---- out ---- */

static struct head head_of(const struct machine *m) {
  struct head h = {.version = VERSION,
                   .cpu = m->cpu,
                   .ram_bytes = m->ram_bytes,
                   .tlb_entries = m->tlb_entries,
                   .disk_bytes = m->block.bytes};
  memcpy(h.magic, MAGIC, MAGIC_BYTES);
  return h;
}

/* The hash is that of the latest position. */
static struct session session_of(struct timeline *t) {
  struct session s = {.position = timeline_position(t), .latest = t->latest};
  timeline_go(t, s.latest);
  s.hash = machine_hash(t->m);
  timeline_go(t, s.position);
  return s;
}

static void write_all(struct timeline *t, struct stream *out) {
  struct head head = head_of(t->m);
  struct session session = session_of(t);
  uint64_t entries = t->log.n;
  stream_head(out, &head);
  snapshot_write(t->checkpoints.at[0].machine, out);
  STREAM(out, entries);
  for (size_t i = 0; i < t->log.n; i++) stream_entry(out, &t->log.at[i]);
  stream_session(out, &session);
  uint64_t sum = checksum(out->bytes, out->at);
  STREAM(out, sum);
}

static bool write_file(const char *path, const struct stream *s) {
  FILE *f = fopen(path, "wb");
  if (!f) return false;
  const bool written = fwrite(s->bytes, 1, s->at, f) == s->at;
  return fclose(f) == 0 && written;
}

/* Beside it first, so that a full disk costs no earlier session. */
static bool replace_file(const char *path, const struct stream *s, struct machine_error *error) {
  const size_t n = strlen(path) + sizeof ".new";
  char *fresh = malloc(n);
  if (!fresh) return reject(error, "memory is short");
  snprintf(fresh, n, "%s.new", path);
  const bool done = write_file(fresh, s) && rename(fresh, path) == 0;
  if (!done) {
    reject(error, "%.100s: %s", path, strerror(errno));
    remove(fresh);
  }
  free(fresh);
  return done;
}

bool timeline_save(struct timeline *t, const char *path, struct machine_error *error) {
  struct stream out = {.way = STREAM_SAVE};
  write_all(t, &out);
  const bool saved = out.failed ? reject(error, "memory is short") : replace_file(path, &out, error);
  free(out.bytes);
  return saved;
}

/* ---- in ---- */

static bool check_head(const struct stream *in, const struct head *h, struct machine_error *error) {
  if (in->failed || memcmp(h->magic, MAGIC, MAGIC_BYTES) != 0)
    return reject(error, "not a recorded session of trapeze");
  if (h->version != VERSION)
    return reject(error, "a session of version %" PRIu32 "; this trapeze reads version %d", h->version,
                  VERSION);
  if (h->disk_bytes > in->capacity - in->at) return reject(error, "the session is cut short");
  return true;
}

static struct machine *read_machine(struct stream *in, enum machine_engine engine,
                                    struct machine_error *error) {
  struct head h = {0};
  stream_head(in, &h);
  if (!check_head(in, &h, error)) return NULL;
  const struct machine_config config = {.cpu = h.cpu,
                                        .engine = engine,
                                        .ram_bytes = h.ram_bytes,
                                        .tlb_entries = h.tlb_entries,
                                        .disk_bytes = h.disk_bytes};
  errno = 0;
  struct machine *m = h.tlb_entries ? machine_new(&config) : NULL;
  if (!m && errno == ENOTSUP) {
    reject(error, "this host has no jit engine");
    return NULL;
  }
  if (!m) {
    reject(error, "no such machine: %" PRIu32 " bytes of RAM, %" PRIu32 " TLB entries", h.ram_bytes,
           h.tlb_entries);
    return NULL;
  }
  if (snapshot_read(m, in)) return m;
  reject(error, "the session's machine is damaged or cut short");
  machine_free(m);
  return NULL;
}

/* Entries are in order of position, from the start to the latest. */
static bool read_log(struct timeline *t, struct stream *in) {
  uint64_t entries = 0, position = t->start;
  STREAM(in, entries);
  if (in->failed || entries > (in->capacity - in->at) / ENTRY_BYTES) return false;
  for (struct log_entry e = {0}; entries > 0; entries--) {
    stream_entry(in, &e);
    if (e.position < position || e.kind > LOG_HANGUP || !timeline_log_append(&t->log, e)) return false;
    position = e.position;
  }
  return true;
}

static bool read_session(const struct timeline *t, struct stream *in, struct session *s) {
  stream_session(in, s);
  const uint64_t last = t->log.n ? t->log.at[t->log.n - 1].position : t->start;
  return !in->failed && in->at == in->capacity && s->position >= t->start && s->latest >= s->position &&
         s->latest >= last;
}

struct timeline *timeline_session_open(const uint8_t *bytes, size_t n, const struct timeline_config *config,
                                       struct session *session, struct machine_error *error) {
  struct stream in = {.way = STREAM_RESTORE, .bytes = (uint8_t *)bytes, .capacity = n};
  struct machine *m = read_machine(&in, config ? config->engine : ENGINE_AUTO, error);
  if (!m) return NULL;
  struct timeline *t = timeline_new(m, config);
  if (!t) {
    reject(error, "memory is short");
    machine_free(m);
  } else if (!read_log(t, &in) || !read_session(t, &in, session)) {
    reject(error, "the session's log is damaged or cut short");
    timeline_free(t);
    t = NULL;
  }
  return t;
}

/* Runs all of it again, then goes to where one was. */
static bool replay(struct timeline *t, const struct session *s, struct machine_error *error) {
  timeline_go(t, s->latest);
  if (timeline_position(t) != s->latest || machine_hash(t->m) != s->hash)
    return reject(error,
                  "the session does not replay: at step %" PRIu64 " of %" PRIu64 " the machine differs",
                  timeline_position(t), s->latest);
  timeline_go(t, s->position);
  return true;
}

static struct timeline *open_and_replay(const struct stream *file, const struct timeline_config *config,
                                        struct machine_error *error) {
  struct session session = {0};
  uint64_t sum;
  if (file->at < MAGIC_BYTES + sizeof sum || memcmp(file->bytes, MAGIC, MAGIC_BYTES) != 0) {
    reject(error, "not a recorded session of trapeze");
    return NULL;
  }
  const size_t n = file->at - sizeof sum;
  memcpy(&sum, file->bytes + n, sizeof sum);
  if (sum != checksum(file->bytes, n)) {
    reject(error, "the session is damaged or cut short: its checksum is wrong");
    return NULL;
  }
  struct timeline *t = timeline_session_open(file->bytes, n, config, &session, error);
  if (!t || replay(t, &session, error)) return t;
  timeline_free(t);
  return NULL;
}

static bool read_file(const char *path, struct stream *s) {
  uint8_t part[65536];
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0 && !s->failed;) stream_bytes(s, part, n);
  const bool read = !ferror(f);
  fclose(f);
  return read && !s->failed;
}

struct timeline *timeline_load(const char *path, const struct timeline_config *config,
                               struct machine_error *error) {
  struct stream file = {.way = STREAM_SAVE};
  struct timeline *t = NULL;
  if (!read_file(path, &file))
    reject(error, "%.100s: %s", path, file.failed ? "memory is short" : strerror(errno));
  else
    t = open_and_replay(&file, config, error);
  free(file.bytes);
  return t;
}
