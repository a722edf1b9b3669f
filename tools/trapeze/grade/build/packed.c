/* packed.c - walks through zip and tar files with libarchive, and refuses what must not be in them. */
#define _GNU_SOURCE /* asprintf, newlocale */
#include "packed.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "making.h"
#include "tools/trapeze/untrusted.h"

const char *packed_ending(const char *name) {
  static const char *const endings[] = {".zip",    ".tar", ".tar.gz", ".tgz", ".tar.bz2",
                                        ".tar.xz", ".rar", ".7z",     ".gz"};
  size_t n = strlen(name);
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    size_t end = strlen(endings[i]);
    if (n > end && strcasecmp(name + n - end, endings[i]) == 0) return name + n - end;
  }
  return NULL;
}

/* ---- names ---- */

bool packed_noise(const char *name) {
  if (strncmp(name, "__MACOSX", 8) == 0 && (name[8] == '/' || !name[8])) return true;
  for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
    if (*part == '.') return true;
  return false;
}

/* A name's parts, joined by '/'; a backslash of an old Windows program counts as one. NULL when the name leads
 * out of the archive. */
static char *clean_name(const char *name) {
  char *clean = must(strdup(name)), *to = clean;
  for (char *c = clean; *c; c++)
    if (*c == '\\') *c = '/';
  bool out = *clean == '/' || (*clean && clean[1] == ':');
  for (char *at = clean; *at && !out;) {
    size_t n = strcspn(at, "/"), next = n + (at[n] == '/');
    out = n == 2 && at[0] == '.' && at[1] == '.';
    if (n > 0 && !(n == 1 && *at == '.')) {
      if (to > clean) *to++ = '/';
      memmove(to, at, n), to += n;
    }
    at += next;
  }
  *to = 0;
  if (!out) return clean;
  free(clean);
  return NULL;
}

/* Does a link called `name` lead out of the archive? A relative target is looked for beside the link. */
static bool leads_out(const char *name, const char *target) {
  if (*target == '/' || strchr(target, '\\') || (*target && target[1] == ':')) return true;
  long depth = 0;
  for (const char *c = name; *c; c++) depth += *c == '/';
  for (const char *at = target; *at && depth >= 0;) {
    size_t n = strcspn(at, "/");
    if (n == 2 && at[0] == '.' && at[1] == '.')
      depth--;
    else if (n > 0 && !(n == 1 && *at == '.'))
      depth++;
    at += n + (at[n] == '/');
  }
  return depth < 0;
}

/* ---- an entry ---- */

static const char damaged[] = "damaged, or neither a zip nor a tar file";

static const char *name_of(struct archive_entry *e) {
  const char *name = archive_entry_pathname_utf8(e);
  return name ? name : archive_entry_pathname(e);
}

static char *check_link(struct archive_entry *e, struct packed_entry *entry, const char *shown) {
  const char *hard = archive_entry_hardlink(e), *soft = archive_entry_symlink(e);
  entry->kind = PACKED_LINK;
  if (hard ? leads_out("", hard) : !soft || leads_out(entry->name, soft))
    return text_of("'%s' is a link that leads out of the archive; nothing of the archive is taken", shown);
  return NULL;
}

static char *check_kind(struct archive_entry *e, struct packed_entry *entry, const char *shown) {
  unsigned type = archive_entry_filetype(e);
  entry->kind = type == AE_IFDIR ? PACKED_FOLDER : PACKED_FILE;
  if (archive_entry_hardlink(e) || type == AE_IFLNK) return check_link(e, entry, shown);
  if (type != AE_IFREG && type != AE_IFDIR && type != 0)
    return text_of("'%s' is a device or a pipe; nothing of the archive is taken", shown);
  if (archive_entry_is_encrypted(e)) return text_of("'%s' is encrypted", shown);
  return NULL;
}

struct walk {
  struct archive *reader;
  const struct packed_limits *limits;
  packed_visit *visit;
  void *arg;
  uint64_t entries, bytes;
};

static char *too_big(const struct walk *w) {
  return text_of("more than %llu bytes when it is unpacked; nothing of the archive is taken",
                 (unsigned long long)w->limits->bytes);
}

static char *check_limits(struct walk *w, uint64_t bytes) {
  if (++w->entries > w->limits->entries)
    return text_of("more than %llu files and folders; nothing of the archive is taken",
                   (unsigned long long)w->limits->entries);
  if (bytes > w->limits->bytes - w->bytes) return too_big(w);
  w->bytes += bytes;
  return NULL;
}

static char *show(struct walk *w, struct archive_entry *e) {
  const char *given = name_of(e);
  char *name = given ? clean_name(given) : NULL;
  char *shown = printable_name(given ? given : "");
  int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;
  struct packed_entry entry = {.name = name, .bytes = (uint64_t)(size < 0 ? 0 : size), .reader = w->reader};
  char *bad = NULL;
  if (!given)
    bad = text_of("%s", damaged);
  else if (!name)
    bad = text_of("'%s' leads out of the archive; nothing of the archive is taken", shown);
  if (!bad) bad = check_limits(w, entry.bytes);
  if (!bad) bad = check_kind(e, &entry, shown);
  if (!bad && *name) bad = w->visit(w->arg, &entry);
  free(name), free(shown);
  return bad;
}

/* ---- the walk ---- */

/* The formats and filters that students and sites use, and no others: fewer parsers see bytes from outside. */
static struct archive *new_reader(void) {
  struct archive *a = must(archive_read_new());
  archive_read_support_format_zip(a);
  archive_read_support_format_tar(a);
  archive_read_support_filter_gzip(a);
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  return a;
}

static char *walk_all(struct walk *w) {
  struct archive_entry *e;
  char *bad = NULL;
  int got = ARCHIVE_OK;
  while (!bad && ((got = archive_read_next_header(w->reader, &e)) == ARCHIVE_OK || got == ARCHIVE_WARN)) {
    bad = show(w, e);
    if (!bad && archive_filter_bytes(w->reader, 0) > (int64_t)w->limits->bytes + (INT64_C(64) << 20))
      bad = too_big(w);
  }
  return bad || got == ARCHIVE_EOF ? bad : text_of("%s", damaged);
}

/* The library turns names into texts by the locale. Names are to be the same in each. */
static char *walk(struct walk *w, int opened) {
  locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
  char *bad = opened == ARCHIVE_OK ? walk_all(w) : text_of("%s", damaged);
  archive_read_free(w->reader);
  if (utf8) uselocale(before), freelocale(utf8);
  return bad;
}

char *packed_walk(struct bytes data, const struct packed_limits *limits, packed_visit *visit, void *arg) {
  struct walk w = {.reader = new_reader(), .limits = limits, .visit = visit, .arg = arg};
  return walk(&w, archive_read_open_memory(w.reader, data.data, data.size));
}

char *packed_walk_file(int fd, const struct packed_limits *limits, packed_visit *visit, void *arg) {
  struct walk w = {.reader = new_reader(), .limits = limits, .visit = visit, .arg = arg};
  if (lseek(fd, 0, SEEK_SET) != 0) return archive_read_free(w.reader), text_of("%s", damaged);
  return walk(&w, archive_read_open_fd(w.reader, fd, 1 << 16));
}

bool packed_content(const struct packed_entry *entry, uint64_t most, struct bytes *content, char **why) {
  char part[1 << 16];
  uint64_t taken = 0;
  ssize_t n = 0;
  while (taken <= most && (n = archive_read_data(entry->reader, part, sizeof part)) > 0) {
    bytes_append(content, part, (size_t)n);
    taken += (uint64_t)n;
  }
  if (n < 0) *why = text_of("%s", damaged);
  if (n >= 0 && taken > most) *why = text_of("more than %llu bytes", (unsigned long long)most);
  return n >= 0 && taken <= most;
}
