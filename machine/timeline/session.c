/* session.c - a timeline as a file, and back: the start, the log, and the present position.
 *
 * The bytes are those of one pass, little endian (tools/SESSION.md):
 *
 *     magic "TRAPEZE SESSION\n", version
 *     cpu, RAM bytes, TLB entries (32 bit each), disk bytes (64 bit)
 *     the machine at the start: CPU, TLB, devices; the pages of RAM that are not zero; the disk
 *     the log: how many; position, value (64 bit each), kind (32 bit)
 *     the present position, the latest one, the machine's hash there (64 bit each)
 *     checksum of all before (64 bit)
 *
 * Nothing in a file is trusted: everything is checked before it is used, and the machine must be the same
 * after the replay as when the session was saved. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

#define MAGIC "TRAPEZE SESSION\n"
#define VERSION 2 /* 1 had no pokes */
#define MAGIC_BYTES 16
_Static_assert(sizeof MAGIC == MAGIC_BYTES + 1, "16 bytes, as hex dumps show them");

/* FNV-1a. */
static uint64_t checksum(const uint8_t *bytes, size_t n) {
  uint64_t sum = 0xCBF29CE484222325u;
  for (size_t i = 0; i < n; i++) sum = (sum ^ bytes[i]) * 0x100000001B3u;
  return sum;
}

/* Puts why a session could not be saved or loaded into *error. Returns false. */
__attribute__((format(printf, 2, 3))) static bool refuse(struct machine_error *error, const char *format,
                                                         ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(error->text, sizeof error->text, format, ap);
  va_end(ap);
  return false;
}

/* ---- bytes, written one after the other or read so ---- */

/* A buffer that grows while it is written, or `size` bytes that are read. After a failure (memory is short,
 * or no bytes are left) nothing happens any more. */
struct bytes {
  uint8_t *at;
  size_t done, size; /* written or read so far; bytes at hand */
  bool reading, failed;
};

static bool make_room(struct bytes *b, size_t n) {
  if (b->size - b->done >= n) return true;
  uint8_t *grown = realloc(b->at, (b->done + n) * 2);
  if (!grown) return false;
  b->at = grown;
  b->size = (b->done + n) * 2;
  return true;
}

/* Writes the n bytes of `value`, or reads them into it. */
static void transfer(struct bytes *b, void *value, size_t n) {
  if (!b->failed) b->failed = b->reading ? b->size - b->done < n : !make_room(b, n);
  if (b->failed) return;
  if (b->reading)
    memcpy(value, b->at + b->done, n);
  else
    memcpy(b->at + b->done, value, n);
  b->done += n;
}
#define TRANSFER(b, field) transfer(b, &(field), sizeof(field))

/* ---- what is written and read alike ---- */

struct head {
  char magic[MAGIC_BYTES];
  uint32_t version, cpu, ram_bytes, tlb_entries;
  uint64_t disk_bytes;
};

static void transfer_head(struct bytes *b, struct head *h) {
  TRANSFER(b, h->magic);
  TRANSFER(b, h->version);
  TRANSFER(b, h->cpu);
  TRANSFER(b, h->ram_bytes);
  TRANSFER(b, h->tlb_entries);
  TRANSFER(b, h->disk_bytes);
}

#define ENTRY_BYTES (8 + 8 + 4)
static void transfer_entry(struct bytes *b, struct log_entry *e) {
  uint32_t kind = e->kind;
  TRANSFER(b, e->position);
  TRANSFER(b, e->value);
  TRANSFER(b, kind);
  e->kind = kind;
}

static void transfer_session(struct bytes *b, struct session *session) {
  TRANSFER(b, session->position);
  TRANSFER(b, session->latest);
  TRANSFER(b, session->hash);
}

/* ---- out ---- */

static struct head head_of(const struct machine *m) {
  struct machine_config config;
  machine_get_config(m, &config);
  struct head h = {.version = VERSION,
                   .cpu = config.cpu,
                   .ram_bytes = config.ram_bytes,
                   .tlb_entries = config.tlb_entries,
                   .disk_bytes = config.disk_bytes};
  memcpy(h.magic, MAGIC, MAGIC_BYTES);
  return h;
}

/* What the file says of t. The hash is the machine's at the latest position, so t goes there and back. */
static enum timeline_stop session_of(struct timeline *t, struct session *s) {
  *s = (struct session){.position = timeline_position(t), .latest = t->latest};
  const enum timeline_stop stop = timeline_go(t, s->latest);
  s->hash = machine_hash(t->m);
  const enum timeline_stop back = timeline_go(t, s->position);
  return stop == TIMELINE_THERE ? back : stop;
}

static void write_snapshot(const struct machine_snapshot *s, struct bytes *out) {
  const size_t n = machine_snapshot_size(s);
  if (!out->failed) out->failed = !make_room(out, n);
  if (out->failed) return;
  machine_snapshot_write(s, out->at + out->done);
  out->done += n;
}

static void write_all(struct timeline *t, struct session session, struct bytes *out) {
  struct head head = head_of(t->m);
  uint64_t entries = t->log.n;
  transfer_head(out, &head);
  write_snapshot(t->checkpoints.at[0].machine, out);
  TRANSFER(out, entries);
  for (size_t i = 0; i < t->log.n; i++) transfer_entry(out, &t->log.at[i]);
  transfer_session(out, &session);
  uint64_t sum = checksum(out->at, out->done);
  TRANSFER(out, sum);
}

static bool write_file(const char *path, const struct bytes *b) {
  FILE *f = fopen(path, "wb");
  if (!f) return false;
  const bool written = fwrite(b->at, 1, b->done, f) == b->done;
  return fclose(f) == 0 && written;
}

/* Writes a new file beside the old one and renames it, so that a full disk does not destroy an earlier
 * session. */
static bool replace_regular(const char *path, const struct bytes *b, struct machine_error *error) {
  const size_t n = strlen(path) + sizeof ".new";
  char *fresh = malloc(n);
  if (!fresh) return refuse(error, "memory is short");
  snprintf(fresh, n, "%s.new", path);
  const bool done = write_file(fresh, b) && rename(fresh, path) == 0;
  if (!done) {
    refuse(error, "%.100s: %s", path, strerror(errno));
    remove(fresh);
  }
  free(fresh);
  return done;
}

/* A symbolic link is followed, not replaced; a device or pipe is written to. */
static bool replace_file(const char *path, const struct bytes *b, struct machine_error *error) {
  struct stat st;
  char *real = realpath(path, NULL); /* NULL: there is no such file yet */
  const char *target = real ? real : path;
  bool done;
  if (stat(target, &st) == 0 && !S_ISREG(st.st_mode))
    done = write_file(target, b) || refuse(error, "%.100s: %s", path, strerror(errno));
  else
    done = replace_regular(target, b, error);
  free(real);
  return done;
}

bool timeline_save(struct timeline *t, const char *path, struct machine_error *error) {
  struct bytes out = {0};
  struct session session;
  const enum timeline_stop stop = session_of(t, &session);
  if (stop != TIMELINE_THERE)
    return refuse(error, stop == TIMELINE_NO_MEMORY ? "memory is short" : "interrupted");
  write_all(t, session, &out);
  const bool saved = out.failed ? refuse(error, "memory is short") : replace_file(path, &out, error);
  free(out.at);
  return saved;
}

/* ---- in ---- */

static bool check_head(const struct bytes *in, const struct head *h, struct machine_error *error) {
  if (in->failed || memcmp(h->magic, MAGIC, MAGIC_BYTES) != 0)
    return refuse(error, "not a recorded session of trapeze");
  if (h->version < 1 || h->version > VERSION)
    return refuse(error, "a session of version %" PRIu32 "; this trapeze reads versions 1 to %d", h->version,
                  VERSION);
  if (h->disk_bytes > in->size - in->done) return refuse(error, "the session is cut short");
  return true;
}

static void why_not_made(const struct head *h, int why, struct machine_error *error) {
  if (why == ENOTSUP)
    refuse(error, "this host has no jit engine");
  else if (why == ENOMEM)
    refuse(error, "memory is short");
  else
    refuse(error, "no such machine: %" PRIu32 " bytes of RAM, %" PRIu32 " TLB entries", h->ram_bytes,
           h->tlb_entries);
}

static struct machine *read_machine(struct bytes *in, enum machine_engine engine,
                                    struct machine_error *error) {
  struct head h = {0};
  transfer_head(in, &h);
  if (!check_head(in, &h, error)) return NULL;
  const struct machine_config config = {.cpu = h.cpu,
                                        .engine = engine,
                                        .ram_bytes = h.ram_bytes,
                                        .tlb_entries = h.tlb_entries,
                                        .disk_bytes = h.disk_bytes};
  errno = 0;
  struct machine *m = h.tlb_entries ? machine_new(&config) : NULL;
  if (!m) {
    why_not_made(&h, errno, error);
    return NULL;
  }
  const size_t n = machine_snapshot_read(m, in->at + in->done, in->size - in->done);
  in->done += n;
  if (n > 0) return m;
  refuse(error, errno == ENOMEM ? "memory is short" : "the session's machine is damaged or cut short");
  machine_free(m);
  return NULL;
}

/* Entries are in order of position, from the start to the latest. NULL, or why there is no log. */
static const char *read_log(struct timeline *t, struct bytes *in) {
  static const char damaged[] = "the session's log is damaged or cut short";
  uint64_t entries = 0, position = t->start;
  TRANSFER(in, entries);
  if (in->failed || entries > (in->size - in->done) / ENTRY_BYTES) return damaged;
  for (struct log_entry e = {0}; entries > 0; entries--) {
    transfer_entry(in, &e);
    if (e.position < position || !timeline_log_valid(t, &e)) return damaged;
    if (!timeline_log_append(&t->log, e)) return "memory is short";
    position = e.position;
  }
  return NULL;
}

static bool read_session(const struct timeline *t, struct bytes *in, struct session *s) {
  transfer_session(in, s);
  const uint64_t last = t->log.n ? t->log.at[t->log.n - 1].position : t->start;
  return !in->failed && in->done == in->size && s->position >= t->start && s->latest >= s->position &&
         s->latest >= last;
}

struct timeline *timeline_session_open(const uint8_t *bytes, size_t n, const struct timeline_config *config,
                                       struct session *session, struct machine_error *error) {
  struct bytes in = {.at = (uint8_t *)bytes, .size = n, .reading = true};
  struct machine *m = read_machine(&in, config ? config->engine : ENGINE_AUTO, error);
  if (!m) return NULL;
  struct timeline *t = timeline_new(m, config);
  if (!t) {
    refuse(error, "memory is short");
    machine_free(m);
    return NULL;
  }
  const char *wrong = read_log(t, &in);
  if (!wrong && read_session(t, &in, session)) return t;
  refuse(error, "%s", wrong ? wrong : "the session's end is damaged or cut short");
  timeline_free(t);
  return NULL;
}

/* Runs to the latest position, then goes to the one that was present. */
static bool replay(struct timeline *t, const struct session *s, struct machine_error *error) {
  const enum timeline_stop stop = timeline_go(t, s->latest);
  if (stop == TIMELINE_NO_MEMORY) return refuse(error, "memory is short");
  if (timeline_position(t) != s->latest || machine_hash(t->m) != s->hash)
    return refuse(error,
                  "the session does not replay: at step %" PRIu64 " of %" PRIu64 " the machine differs",
                  timeline_position(t), s->latest);
  if (timeline_go(t, s->position) == TIMELINE_NO_MEMORY) return refuse(error, "memory is short");
  return true;
}

static struct timeline *open_and_replay(const struct bytes *file, const struct timeline_config *config,
                                        struct machine_error *error) {
  struct session session = {0};
  uint64_t sum;
  if (file->done < MAGIC_BYTES + sizeof sum || memcmp(file->at, MAGIC, MAGIC_BYTES) != 0) {
    refuse(error, "not a recorded session of trapeze");
    return NULL;
  }
  const size_t n = file->done - sizeof sum;
  memcpy(&sum, file->at + n, sizeof sum);
  if (sum != checksum(file->at, n)) {
    refuse(error, "the session is damaged or cut short: its checksum is wrong");
    return NULL;
  }
  struct timeline *t = timeline_session_open(file->at, n, config, &session, error);
  if (!t || replay(t, &session, error)) return t;
  timeline_free(t);
  return NULL;
}

static bool read_file(const char *path, struct bytes *b) {
  uint8_t part[65536];
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0 && !b->failed;) transfer(b, part, n);
  const bool read = !ferror(f);
  fclose(f);
  return read && !b->failed;
}

struct timeline *timeline_load(const char *path, const struct timeline_config *config,
                               struct machine_error *error) {
  struct bytes file = {0};
  struct timeline *t = NULL;
  if (!read_file(path, &file))
    refuse(error, "%.100s: %s", path, file.failed ? "memory is short" : strerror(errno));
  else
    t = open_and_replay(&file, config, error);
  free(file.at);
  return t;
}
