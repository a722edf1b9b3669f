/* html_page.c - one page for a browser: share/trapeze/trace.html, which is made of page/, with a trace in it. The
 * trace is compressed with gzip and written in base64, so that nothing in it can be taken for markup. */
#include "html_page.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HERE "@TRACE@"    /* in trace.html: where the first trace goes, */
#define BESIDE "@BESIDE@" /* and the second */
#define SCRIPT "<script type=\"application/gzip\" id=\"trace\">"
#define SCRIPT_END "</script>"

/* ---- gzip and base64 ---- */

static la_ssize_t gather(struct archive *a, void *to, const void *bytes, size_t n) {
  (void)a;
  bytes_append(to, bytes, n);
  return (la_ssize_t)n;
}

static struct bytes gzipped(struct bytes text) {
  struct bytes out = {0};
  struct archive *a = must(archive_write_new());
  struct archive_entry *e = must(archive_entry_new());
  archive_entry_set_pathname(e, "trace");
  archive_entry_set_filetype(e, AE_IFREG);
  bool good = archive_write_set_format_raw(a) == ARCHIVE_OK &&
              archive_write_add_filter_gzip(a) == ARCHIVE_OK &&
              archive_write_set_options(a, "gzip:!timestamp") == ARCHIVE_OK && /* two runs are equal bytes */
              archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK &&     /* nothing behind the end */
              archive_write_open(a, &out, NULL, gather, NULL) == ARCHIVE_OK &&
              archive_write_header(a, e) == ARCHIVE_OK &&
              archive_write_data(a, text.data, text.size) == (la_ssize_t)text.size &&
              archive_write_close(a) == ARCHIVE_OK;
  if (!good) die(STATUS_USAGE, "compressing the trace: %s", archive_error_string(a));
  archive_entry_free(e);
  archive_write_free(a);
  return out;
}

/* RFC 4648, section 4; with a newline behind each 76 letters. */
static void base64(FILE *f, struct bytes b) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < b.size; i += 3) {
    const size_t left = b.size - i;
    const uint32_t three = (uint32_t)b.data[i] << 16 | (left > 1 ? (uint32_t)b.data[i + 1] << 8 : 0) |
                           (left > 2 ? b.data[i + 2] : 0);
    char four[] = {letters[three >> 18], letters[three >> 12 & 63], letters[three >> 6 & 63],
                   letters[three & 63]};
    if (left < 3) four[3] = '=';
    if (left < 2) four[2] = '=';
    fwrite(four, 1, 4, f);
    if (i % 57 == 54) fputc('\n', f);
  }
}

/* ---- the page ---- */

static struct bytes read_page(void) {
  struct bytes page = {0};
  char *path = beside_executable("share/trapeze/trace.html");
  if (!path || !file_try_read(path, &page))
    die(STATUS_USAGE, "%s: %s; is trapeze installed as a whole?", path ? path : "trace.html",
        strerror(errno));
  bytes_append(&page, "", 1);
  free(path);
  return page;
}

/* The text between SCRIPT and SCRIPT_END in a page that was written before. */
static struct bytes trace_in(const char *path) {
  struct bytes page = {0}, trace = {0};
  if (!file_try_read(path, &page)) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  bytes_append(&page, "", 1);
  const char *from = strstr((char *)page.data, SCRIPT), *end = from ? strstr(from, SCRIPT_END) : NULL;
  if (!end) die(STATUS_USAGE, "%s: expected a page that `trapeze trace -f html` has written", path);
  from += strlen(SCRIPT);
  bytes_append(&trace, from, (size_t)(end - from));
  free(page.data);
  return trace;
}

void html_page_check(const char *path) { free(trace_in(path).data); }

void html_page_write(FILE *out, struct bytes json, const char *second) {
  struct bytes page = read_page(), packed = gzipped(json);
  const char *here = strstr((char *)page.data, HERE), *beside = strstr((char *)page.data, BESIDE);
  if (!here || !beside || beside < here)
    die(STATUS_USAGE, "trace.html is damaged: please install trapeze again");
  fwrite(page.data, 1, (size_t)(here - (char *)page.data), out);
  base64(out, packed);
  here += strlen(HERE);
  fwrite(here, 1, (size_t)(beside - here), out);
  if (second) {
    struct bytes trace = trace_in(second);
    fwrite(trace.data, 1, trace.size, out);
    free(trace.data);
  }
  fputs(beside + strlen(BESIDE), out);
  free(page.data), free(packed.data);
}
