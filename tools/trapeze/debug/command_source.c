/* command_source.c - source text and instructions of any place: list, disassemble, and `info line`, `source`,
 * `symbol`. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "view.h"

#define LINES 10 /* that `list` shows */

/* ---- the lines that are shown ---- */

struct span {
  const char *file;
  int from, to;
};

static const char *mark_of(struct debug *d, const char *file, int line) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  return at.file && strcmp(at.file, file) == 0 && at.line == line ? "=>" : "  ";
}

static bool print_lines(struct debug *d, struct span s) {
  const char *text;
  int line = s.from;
  for (; line <= s.to && (text = source_line(d, s.file, line)); line++)
    fprintf(d->out, "%s%5d  %s\n", mark_of(d, s.file, line), line, text);
  if (line == s.from && !source_line(d, s.file, 1))
    return fail(d, "list: the file %s cannot be read.", s.file);
  if (line == s.from) return fail(d, "list: %s has no line %d.", base_name(s.file), s.from);
  d->listed_file = s.file;
  d->listed_from = s.from;
  d->listed_to = line - 1;
  d->listed_at = model_position(d);
  return say_nothing(d);
}

/* ---- a place as typed ---- */

/* Where the frame that is looked at is; if no line is known of that, the program's main. NULL: neither is known. */
static const char *file_here(struct debug *d, int *line) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function here = frame_function(d, &f);
  struct stop main = {.kind = STOP_CODE};
  struct pg32_lines_place at = {0};
  *line = here.line;
  if (here.file && source_line(d, here.file, here.line)) return here.file;
  if (where_find(d, "main", &main) && main.places.n && main.places.place[0].image)
    pg32_lines_at(main.places.place[0].image->lines, main.places.place[0].address, &at);
  places_free(&main.places);
  say_nothing(d);
  *line = at.line;
  return at.file;
}

/* The first place that a WHERE of `break` means. */
static bool find_code(struct debug *d, const char *where, struct code_place *place) {
  struct stop s = {.kind = STOP_CODE};
  const bool ok = where_find(d, where, &s) && s.places.n;
  if (ok) *place = s.places.place[0];
  if (ok && !place->image) place->image = image_of(d, frame_viewed(d).lane);
  places_free(&s.places);
  return ok;
}

/* FILE:LINE, LINE, FUNCTION or *ADDRESS as a source line; *in_function: it is a function's first one. */
static bool find_line(struct debug *d, const char *text, const char **file, int *line) {
  struct code_place place;
  struct pg32_lines_place at;
  uint64_t n;
  int here;
  const char *colon = strrchr(text, ':');
  if (number_of(text, &n) && n && n < INT32_MAX) {
    *line = (int)n;
    return (*file = file_here(d, &here)) ||
           fail(d, "list: the line %d of which file? Write FILE:%d.", *line, *line);
  }
  if (!find_code(d, text, &place)) return false;
  if (!place.image || !pg32_lines_at(place.image->lines, place.address, &at) || !at.file)
    return fail(d, "list: no source line is known of %s.", text);
  *file = at.file;
  *line = at.line;
  if (colon && number_of(colon + 1, &n) && n < INT32_MAX)
    *line = (int)n; /* the line itself, though it may have no code */
  else if (*text != '*' && pg32_lines_at(place.image->lines, place.address - at.offset, &at) && at.file)
    *line = at.line;
  return true;
}

/* "FROM,TO", "FROM," and ",TO". */
static bool find_span(struct debug *d, const char *text, const char *comma, struct span *s) {
  char first[200], last[200];
  const char *file;
  snprintf(first, sizeof first, "%.*s", (int)(comma - text), text);
  first[strcspn(first, " \t")] = 0;
  snprintf(last, sizeof last, "%s", comma + 1 + strspn(comma + 1, " \t"));
  if (*first && !find_line(d, first, &s->file, &s->from)) return false;
  if (*last && !find_line(d, last, &file, &s->to)) return false;
  if (!*first && !*last) return fail(d, "list: expected FROM,TO.");
  if (!*first) s->file = file, s->from = s->to > LINES ? s->to - LINES + 1 : 1;
  if (!*last) s->to = s->from + LINES - 1;
  return s->to >= s->from || fail(d, "list: line %d comes before line %d.", s->to, s->from);
}

static bool print_around(struct debug *d, const char *file, int line) {
  const int from = line > LINES / 2 ? line - LINES / 2 : 1;
  if (source_line(d, file, 1) && !source_line(d, file, line))
    return fail(d, "list: %s has no line %d.", base_name(file), line);
  return print_lines(d, (struct span){file, from, from + LINES - 1});
}

/* `list` alone: around the place; when it is repeated, what comes next; `list -`: what came before. */
static bool list_on(struct debug *d, bool back) {
  int line;
  const bool again = d->listed_file && d->listed_at == model_position(d);
  if (again && back && d->listed_from == 1) return fail(d, "list: this is the beginning of the file.");
  if (again && back) {
    const int from = d->listed_from > LINES ? d->listed_from - LINES : 1;
    return print_lines(d, (struct span){d->listed_file, from, d->listed_from - 1});
  }
  if (again) return print_lines(d, (struct span){d->listed_file, d->listed_to + 1, d->listed_to + LINES});
  const char *file = file_here(d, &line);
  if (file && source_line(d, file, line)) return print_around(d, file, line);
  pane_print(d, PANE_CODE);
  return say_nothing(d);
}

bool command_list(struct debug *d, struct call c) {
  const char *comma = strchr(c.args, ',');
  struct span s = {0};
  if (!*c.args || strcmp(c.args, "-") == 0) return list_on(d, *c.args == '-');
  if (comma) return find_span(d, c.args, comma, &s) && print_lines(d, s);
  return find_line(d, c.args, &s.file, &s.from) && print_around(d, s.file, s.from);
}

/* ---- instructions ---- */

/* What `disassemble` shows beside the instructions. */
struct extras {
  bool lines, words;
};

static bool print_instruction(struct debug *d, struct image *i, uint32_t address, uint32_t pc, bool words) {
  struct eval e;
  uint32_t word;
  char text[80], symbol[200];
  eval_begin(&e, d);
  const bool ok = image_word(i, address, &word) ||
                  eval_read(&e, e.regs.status, address, &word, sizeof word) == sizeof word;
  eval_end(&e);
  if (!ok) return false;
  pg32_disassemble(text, sizeof text, word, address);
  fprintf(d->out, "%s 0x%08x <%s>:\t", address == pc ? "=>" : "  ", address,
          image_symbol(i, address, symbol, sizeof symbol));
  if (words) fprintf(d->out, "%08x\t", word);
  fprintf(d->out, "%s\n", text);
  return true;
}

/* The line's text, where the code of another line begins. */
static void print_line_of(struct debug *d, struct image *i, uint32_t address, int *line) {
  struct pg32_lines_place at;
  if (!i || !i->lines || !pg32_lines_at(i->lines, address, &at) || !at.file || at.line == *line) return;
  const char *text = source_line(d, at.file, at.line);
  fprintf(d->out, "%s:%d\t%s\n", base_name(at.file), at.line, text ? text : "");
  *line = at.line;
}

static bool is_same_function(struct image *i, uint32_t address, const char *name) {
  struct pg32_lines_place at;
  return pg32_lines_is_loaded(i->lines, address) && pg32_lines_at(i->lines, address, &at) && at.function &&
         strcmp(at.function, name) == 0;
}

static bool print_range(struct debug *d, struct image *i, uint32_t from, uint32_t to, struct extras show) {
  const struct stack_frame f = frame_viewed(d);
  int line = 0;
  for (uint32_t at = from; at < to && at >= from; at += 4) {
    if (model_interrupted()) return fail(d, "Interrupted.");
    if (show.lines) print_line_of(d, i, at, &line);
    if (!print_instruction(d, i, at, f.regs.pc, show.words))
      return fail(d, "disassemble: no memory is known at 0x%08x.", at);
  }
  return say_nothing(d);
}

static bool print_function(struct debug *d, struct image *i, uint32_t address, struct extras show) {
  struct pg32_lines_place at;
  if (!i || !i->lines || !pg32_lines_is_loaded(i->lines, address) || !pg32_lines_at(i->lines, address, &at) ||
      !at.function)
    return fail(d, "disassemble: no function is known at 0x%08x; write FROM,TO.", address);
  const uint32_t from = address - at.offset;
  uint32_t to = from + 4;
  while (is_same_function(i, to, at.function)) to += 4;
  return print_range(d, i, from, to, show);
}

/* "FROM,TO" or "FROM,+BYTES". */
static bool disassemble_range(struct debug *d, const char *text, const char *comma, struct extras show) {
  char first[200], error[256];
  uint32_t from, to;
  const char *second = comma + 1 + strspn(comma + 1, " \t");
  const bool relative = *second == '+';
  snprintf(first, sizeof first, "%.*s", (int)(comma - text), text);
  if (!eval_address(d, first, &from, error, sizeof error) ||
      !eval_address(d, second + relative, &to, error, sizeof error))
    return fail(d, "disassemble: %s.", error);
  if (relative) to += from;
  from &= ~3u;
  if (to <= from) return fail(d, "disassemble: 0x%08x comes before 0x%08x.", to, from);
  return print_range(d, image_of(d, frame_viewed(d).lane), from, to, show);
}

bool command_disassemble(struct debug *d, struct call c) {
  const char *text = c.args, *comma;
  const struct stack_frame f = frame_viewed(d);
  struct code_place place = {image_of(d, f.lane), f.innermost ? f.regs.pc : f.regs.pc - 4, 0};
  struct extras show = {0};
  for (; *text == '/'; text += strspn(text, " \t")) {
    const size_t n = strcspn(text, " \t");
    if (strspn(text + 1, "smr") != n - 1)
      return fail(d, "disassemble: after the slash stands s: source lines, too; r: the instructions' words.");
    show.words |= memchr(text, 'r', n) != NULL;
    show.lines |= memchr(text, 's', n) || memchr(text, 'm', n);
    text += n;
  }
  if ((comma = strchr(text, ','))) return disassemble_range(d, text, comma, show);
  if (*text && !find_code(d, text, &place)) return false;
  return print_function(d, place.image, place.address, show);
}

/* ---- info line, source, symbol ---- */

bool info_line(struct debug *d, const char *text) {
  struct stop s = {.kind = STOP_CODE};
  char words[400];
  const struct stack_frame f = frame_viewed(d);
  if (!*text) {
    places_add(&s.places,
               (struct code_place){image_of(d, f.lane), f.innermost ? f.regs.pc : f.regs.pc - 4, 0});
  } else if (!where_find(d, text, &s)) {
    return places_free(&s.places), false;
  }
  for (unsigned i = 0; i < s.places.n; i++)
    fprintf(d->out, "%s\n", place_words(&s.places.place[i], words, sizeof words));
  places_free(&s.places);
  return say_nothing(d);
}

bool info_source(struct debug *d, const char *text) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  struct image *i = image_of(d, f.lane);
  (void)text;
  if (!at.file) return fail(d, "info source: no source line is known here.");
  fprintf(d->out, "%s, line %d, in `%s` of the program `%s`; %s\n", at.file, at.line, at.name ? at.name : "?",
          i ? i->name : "?", source_line(d, at.file, at.line) ? "it can be read" : "the file cannot be read");
  return say_nothing(d);
}

bool info_symbol(struct debug *d, const char *text) {
  char symbol[200], error[256];
  uint32_t address;
  struct image *i = image_of(d, frame_viewed(d).lane);
  if (!*text) return fail(d, "info symbol: expected an address.");
  if (!eval_address(d, text, &address, error, sizeof error)) return fail(d, "info symbol: %s.", error);
  if (!i || !i->lines || !pg32_lines_is_loaded(i->lines, address) ||
      !*image_symbol(i, address, symbol, sizeof symbol))
    return fail(d, "info symbol: no symbol is known at 0x%08x.", address);
  fprintf(d->out, "0x%08x is %s\n", address, symbol);
  return say_nothing(d);
}
