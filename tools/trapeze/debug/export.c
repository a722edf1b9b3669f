/* export.c - events as files: the formats of `trapeze trace`, and a recording of the screen for asciinema; and saved
 * sessions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/json_out.h"
#include "tools/trapeze/trace/trace.h"
#include "view.h"

/* ---- what `trapeze trace` writes ---- */

static const struct trace_format *trace_format_named(const char *name) {
  static const struct trace_format *const all[] = {&trace_text,  &trace_json, &trace_mermaid, &trace_perfetto,
                                                   &trace_lists, &trace_svg,  &trace_html};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  return NULL;
}

static void write_trace(struct debug *d, const struct trace_format *format, uint64_t first, uint64_t last,
                        FILE *out) {
  struct trace t = {.out = out,
                    .r = timeline_recorder(d->t),
                    .m = d->m,
                    .o = &d->options,
                    .ended = d->ended,
                    .first = first,
                    .last = last,
                    .tail = UINT64_MAX,
                    .format = format};
  format->begin(&t);
  /* a format that looks at the machine wants all that came before, too */
  for (uint64_t e = format->look ? 1 : first; e <= last && e <= index_events(d); e++) {
    if (format->look && e >= first && timeline_go(d->t, index_note(d, e).position + 1) == TIMELINE_THERE)
      format->look(&t, e);
    const struct record *rec = timeline_event(d->t, e);
    if (rec && (format->whole || trace_wants(&t, rec))) format->record(&t, rec);
  }
  model_return(d, timeline_latest(d->t));
  format->end(&t);
}

/* ---- asciicast, version 2 ---- */

static bool transfer(struct note n) { return n.kind == RECORD_TRAP || n.kind == RECORD_RESUME; }

static void frame(struct debug *d, FILE *out, double seconds) {
  char *text = NULL, *shown = NULL;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  struct cells *c = cells_new(80, 24, false);
  compose(d, c, NULL);
  cells_print_styled(c, f);
  cells_free(c);
  fclose(f);
  f = must(open_memstream(&shown, &size));
  fputs("\x1b[H\x1b[2J", f); /* the cursor goes home, the screen is cleared */
  for (const char *p = text; *p; p++)
    if (*p != '\n')
      fputc(*p, f);
    else if (p[1])
      fputs("\r\n", f);
  fclose(f);
  fprintf(out, "[%.1f, \"o\", ", seconds);
  json_out_string(out, shown);
  fputs("]\n", out);
  free(text), free(shown);
}

static void write_cast(struct debug *d, uint64_t first, uint64_t last, FILE *out) {
  double seconds = 0;
  fputs("{\"version\": 2, \"width\": 80, \"height\": 24}\n", out);
  for (uint64_t e = first; e <= last && e <= index_events(d); e++) {
    if (!transfer(index_note(d, e)) || !model_event(d, e)) continue;
    frame(d, out, seconds);
    seconds += 1.5;
  }
}

/* ---- which ---- */

#define FORMATS "text, lists, json, mermaid, perfetto, html, svg or asciicast"
#define FILM 2000  /* events that an SVG diagram or an asciicast may have */
#define PAGE 20000 /* and a page */

bool export_events(struct debug *d, const char *format, uint64_t first, uint64_t last, const char *path) {
  const struct trace_format *trace = trace_format_named(format);
  const bool cast = strcmp(format, "asciicast") == 0;
  const uint64_t most = cast || trace == &trace_svg ? FILM : trace && trace->look ? PAGE : UINT64_MAX;
  uint64_t here = model_position(d);
  if (!trace && !cast) return fail(d, "export: expected " FORMATS ".");
  if (first < 1) first = 1;
  if (last > index_events(d)) last = index_events(d);
  if (first > last)
    return fail(d, "export: the trace has events 1 to %llu.", (unsigned long long)index_events(d));
  if (last - first >= most)
    return fail(d, "export: at most %d events are possible: choose some with `export %s A..B FILE`.",
                (int)most, format);
  FILE *out = fopen(path, "w");
  if (!out) return fail(d, "%s: %s", path, strerror(errno));
  model_return(d, timeline_latest(d->t)); /* there all lanes are known */
  if (trace)
    write_trace(d, trace, first, last, out);
  else
    write_cast(d, first, last, out);
  model_return(d, here);
  bool ok = fclose(out) == 0;
  return ok ? say(d, "Events %llu to %llu are in %s.", (unsigned long long)first, (unsigned long long)last,
                  path)
            : fail(d, "%s: %s", path, strerror(errno));
}

/* ---- the commands ---- */

bool command_export(struct debug *d, struct call c) {
  char format[16] = "", range[64] = "", path[400] = "";
  uint64_t first = 1, last = UINT64_MAX;
  int n = sscanf(c.args, "%15s %63s %399s", format, range, path);
  if (n < 2) return fail(d, "export: expected FORMAT [A..B] FILE; FORMAT is " FORMATS ".");
  char *dots = strstr(range, "..");
  if (n == 2 && range[strspn(range, "0123456789.")] == 0)
    return fail(d, "export: expected a FILE after %s.", range);
  if (n == 2)
    snprintf(path, sizeof path, "%s", range);
  else if (!dots)
    return fail(d, "export: expected a range of events, A..B.");
  else {
    *dots = 0;
    if ((*range && !number_of(range, &first)) || (dots[2] && !number_of(dots + 2, &last)))
      return fail(d, "export: expected numbers in A..B.");
  }
  return export_events(d, format, first, last, path);
}

bool command_record(struct debug *d, struct call c) {
  const char *a = c.args;
  struct machine_error error;
  if (!*a) return fail(d, "record: expected the name of a file; the run itself is recorded already.");
  if (strcmp(a, "stop") == 0 || strcmp(a, "full") == 0 || strncmp(a, "btrace", 6) == 0 ||
      strncmp(a, "breakpoints ", 12) == 0)
    return fail(
        d,
        "`record %.12s` is gdb's; here all is recorded, and `record FILE` saves the session; write ./%s for "
        "a file of that name.",
        a, a);
  if (!timeline_save(d->t, a, &error)) return fail(d, "%s", error.text);
  return say(d, "Saved; `trapeze debug %s` opens it.", a);
}
