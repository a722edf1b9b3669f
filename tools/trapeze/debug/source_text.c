/* source_text.c - the lines of source files. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define TAB 8

/* The file that was read last is kept: the code pane asks for line after line of it. */
static struct {
  char path[PATH_MAX];
  struct bytes text;
  struct line {
    const char *text;
    int length;
    bool in_comment; /* as the line begins */
  } * line;
  int lines;
} source;

static bool read_below(const char *folder, const char *file) {
  char path[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", folder, file);
  return file_try_read(path, &source.text);
}

/* At the path that the debug information gives; for a relative path, also in the folder of the person's own
 * sources, among the installed sources of kernel, VMM and bundled programs, and among the headers that pg32-cc
 * has: those are include/... to the programs that are bundled. */
static bool find_source(const struct debug *d, const char *file) {
  if (file_try_read(file, &source.text)) return true;
  if (*file == '/') return false;
  if (d->options.sources && read_below(d->options.sources, file)) return true;
  static const char *const installed[] = {"share/trapeze/src", "share/trapeze"};
  for (size_t i = 0; i < sizeof installed / sizeof *installed; i++) {
    char *folder = beside_executable(installed[i]);
    const bool found = folder && read_below(folder, file);
    free(folder);
    if (found) return true;
  }
  return false;
}

/* Copies a line with its tabs expanded and without control characters; what is longer than the buffer is cut. */
static const char *clean(const char *from, int n, char *to, size_t size) {
  size_t used = 0;
  for (int i = 0; i < n && used < size - 1; i++) {
    if (from[i] == '\t') do
        to[used++] = ' ';
      while (used % TAB && used < size - 1);
    else
      to[used++] = (unsigned char)from[i] < ' ' ? '?' : from[i];
  }
  to[used] = 0;
  return to;
}

#define LINE 400 /* bytes of a line that are kept */

static void find_lines(const char *file) {
  const char *p = (const char *)source.text.data, *end = p + source.text.size;
  const enum language language = highlight_language(file);
  bool in_comment = false;
  char text[LINE];
  for (; p < end; p += source.line[source.lines++].length + 1) {
    if (source.lines % 256 == 0)
      source.line = must(reallocarray(source.line, (size_t)source.lines + 256, sizeof *source.line));
    const char *newline = memchr(p, '\n', (size_t)(end - p));
    const int length = (int)((newline ? newline : end) - p);
    source.line[source.lines] = (struct line){p, length, in_comment};
    highlight_line(NULL, 0, 0, language, clean(p, length, text, sizeof text), &in_comment);
  }
}

/* A file that cannot be read has no lines. */
static void read_source(const struct debug *d, const char *file) {
  if (strcmp(source.path, file) == 0) return;
  free(source.text.data);
  source.text = (struct bytes){0};
  source.lines = 0;
  snprintf(source.path, sizeof source.path, "%s", file);
  if (find_source(d, file)) find_lines(file);
}

int source_lines(struct debug *d, const char *file) {
  if (!file) return 0;
  read_source(d, file);
  return source.lines;
}

const char *source_line(struct debug *d, const char *file, int line) {
  static char text[LINE];
  if (line < 1 || line > source_lines(d, file)) return NULL;
  return clean(source.line[line - 1].text, source.line[line - 1].length, text, sizeof text);
}

bool source_in_comment(struct debug *d, const char *file, int line) {
  return line >= 1 && line <= source_lines(d, file) && source.line[line - 1].in_comment;
}
