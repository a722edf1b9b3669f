/* query.c - what gdb asks: what the stub can do, descriptions, the one thread, and the debugger's own commands
 * (`monitor`). */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gdb.h"

/* ---- qSupported ---- */

static void supported(struct gdb *g, const char *theirs) {
  g->says_break = strstr(theirs, "swbreak+") != NULL;
  gdb_reply(g,
            "PacketSize=%x;QStartNoAckMode+;swbreak+;hwbreak+;vContSupported+;ReverseStep+;ReverseContinue+;"
            "qXfer:features:read+;qXfer:exec-file:read+;qXfer:threads:read+",
            GDB_PACKET);
}

/* ---- qXfer ---- */

/* The file with the symbols of the program that gdb debugs; NULL = none is known. malloc'ed. */
static char *exec_file(struct gdb *g) {
  const struct image *i = image_of(g->d, gdb_lane(g));
  char link[64], path[PATH_MAX];
  if (!i || i->fd < 0) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", i->fd);
  const ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return NULL;
  path[n] = 0;
  return must(strdup(path));
}

/* The lane's name, in which < & and quotes may stand. */
static void print_xml(FILE *out, const char *text) {
  for (; *text; text++)
    if (strchr("<>&\"'", *text))
      fprintf(out, "&#%d;", (unsigned char)*text);
    else
      fputc(*text, out);
}

static char *threads(struct gdb *g) {
  char *text = NULL, status[512];
  size_t size;
  FILE *out = must(open_memstream(&text, &size));
  model_status(g->d, status, sizeof status);
  fputs("<?xml version=\"1.0\"?><threads><thread id=\"1\" core=\"0\" name=\"", out);
  print_xml(out, model_lane_name(g->d, recorder_current(timeline_recorder(g->d->t))));
  fputs("\">", out);
  print_xml(out, status);
  fputs("</thread></threads>", out);
  fclose(out);
  return text;
}

/* The part of the text that is asked for, OFFSET,LENGTH; m = there is more, l = the last. */
static void reply_part(struct gdb *g, char *text, const char *at) {
  uint32_t offset, length;
  if (!text || !gdb_number(&at, &offset) || *at++ != ',' || !gdb_number(&at, &length) || *at)
    gdb_error(g, NULL);
  else {
    const size_t size = strlen(text), from = offset < size ? offset : size;
    size_t n = size - from < length ? size - from : length;
    if (n > GDB_PACKET / 2) n = GDB_PACKET / 2; /* each byte may need two */
    gdb_reply(g, from + n < size ? "m" : "l");
    gdb_reply_binary(g, text + from, n);
  }
  free(text);
}

static bool skip(const char **at, const char *word) {
  const size_t n = strlen(word);
  if (strncmp(*at, word, n) != 0) return false;
  *at += n;
  return true;
}

static void transfer(struct gdb *g, const char *at) {
  if (skip(&at, "features:read:target.xml:"))
    reply_part(g, gdb_target_xml(), at);
  else if (skip(&at, "threads:read::"))
    reply_part(g, threads(g), at);
  else if (skip(&at, "exec-file:read:"))
    reply_part(g, exec_file(g), strchr(at, ':') ? strchr(at, ':') + 1 : at);
  else if (skip(&at, "features:read:"))
    gdb_reply(g, "E00"); /* no other part of the description */
}

/* ---- monitor ---- */

static const char moved[] =
    "The session has moved, and gdb does not know: `maintenance flush register-cache` "
    "tells gdb.\n";

/* A command of the debugger, or `lane`, which is the stub's own. */
static void obey(struct gdb *g, const char *line, FILE *out) {
  const uint64_t here = model_position(g->d);
  const char *lane = strncmp(line, "lane", 4) == 0 && strchr(" \t", line[4]) ? line + 4 : NULL;
  if (lane) {
    gdb_choose_lane(g, lane + strspn(lane, " \t"), out);
    return;
  }
  gdb_link_watch(&g->link, true);
  command_run_line(g->d, line);
  gdb_link_watch(&g->link, false);
  if (g->d->answer) fputs(g->d->answer, out);
  if (*g->d->said) fprintf(out, "%s\n", g->d->said);
  if (model_position(g->d) != here) fputs(moved, out);
  if (g->d->quit) fputs("`detach` or `kill` ends the session.\n", out);
  g->d->quit = false;
}

static void monitor(struct gdb *g, const char *digits) {
  char line[1024], *text = NULL;
  size_t size;
  const size_t n = gdb_hex_bytes(digits, line, sizeof line - 1);
  line[n] = 0;
  if (digits[2 * n]) return gdb_error(g, "monitor: the command is too long.");
  FILE *out = must(open_memstream(&text, &size));
  obey(g, line + strspn(line, " \t"), out);
  fclose(out);
  gdb_print(g, text, size);
  gdb_reply(g, "OK");
  free(text);
}

/* ---- packets ---- */

void gdb_query(struct gdb *g, const char *packet) {
  const char *at = packet;
  if (skip(&at, "qSupported"))
    supported(g, at);
  else if (skip(&at, "qXfer:"))
    transfer(g, at);
  else if (skip(&at, "qRcmd,"))
    monitor(g, at);
  else if (strcmp(at, "qC") == 0)
    gdb_reply(g, "QC1");
  else if (strcmp(at, "qfThreadInfo") == 0)
    gdb_reply(g, "m1");
  else if (strcmp(at, "qsThreadInfo") == 0)
    gdb_reply(g, "l");
  else if (skip(&at, "qAttached"))
    gdb_reply(g, "1"); /* so that gdb detaches when it ends */
  else if (skip(&at, "qSymbol"))
    gdb_reply(g, "OK"); /* no symbol is wanted */
}

void gdb_set(struct gdb *g, const char *packet) {
  if (strcmp(packet, "QStartNoAckMode") != 0) return;
  g->no_ack = true;
  gdb_reply(g, "OK");
}
