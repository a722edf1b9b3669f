/* stop_where.c - the WHERE of a breakpoint: which places in which programs it means.
 *
 *   WHERE = *EXPRESSION | 0xADDRESS | LINE | [IN::] (FUNCTION | FILE:LINE | FILE:FUNCTION)
 *
 * IN is a lane or a program. Names may stand in quotes: 'depth', 'vm1 kernel'::trap. */
#define _GNU_SOURCE /* asprintf */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"

#define IMAGES 32 /* different programs in one run at most, for which a name is looked up */

struct images {
  struct image *image[IMAGES];
  unsigned n;
};

static void add_image(struct images *all, struct image *i) {
  if (!i || !i->lines || all->n == IMAGES) return;
  for (unsigned k = 0; k < all->n; k++)
    if (all->image[k] == i) return;
  all->image[all->n++] = i;
}

/* ---- which programs ---- */

static struct image *image_here(struct debug *d) {
  return image_meant(d, recorder_current(timeline_recorder(d->t)));
}

/* The program of a lane that has not run yet, by the end of its name: "vm2/two words", "vm2 kernel". */
static struct image *image_of_name(struct debug *d, const char *lane) {
  const char *last = strrchr(lane, ' ');
  return image_named(d, last && strcmp(last, " kernel") == 0 ? last + 1 : recorder_lane_program(lane));
}

/* The programs of the lanes that the stop is limited to, without limit those of all lanes; the program of the
 * run comes first. */
static void candidates(struct debug *d, const char *lane, struct images *all) {
  struct image *run = image_of_run(d);
  for (int first = 1; first >= 0; first--)
    for (uint32_t i = 0; i < d->nlanes; i++) {
      struct image *image = !*lane || lane_matches(d, lane, i) ? image_meant(d, i) : NULL;
      if ((image == run) == first) add_image(all, image);
    }
  if (!*lane) add_image(all, run);
  if (*lane && !all->n) add_image(all, image_of_name(d, lane));
}

/* ---- the parts of a WHERE ---- */

struct where {
  struct debug *d;
  const char *text; /* as typed, for messages */
  char in[64];      /* before `::` */
  char file[256];   /* before `:` */
  char name[128];   /* a function, or a line's number */
  bool quoted;      /* the name stands in quotes */
};

/* Copies a name up to one of `ends` (or the end), without its quotes. Returns where it ends; NULL: it is
 * empty, too long, or its quote has no end. */
static const char *take_name(const char *p, const char *ends, char *buf, size_t size, bool *quoted) {
  *quoted = *p == '\'';
  const size_t n = *quoted ? strcspn(++p, "'") : strcspn(p, ends);
  if (!n || n >= size || (*quoted && p[n] != '\'')) return NULL;
  snprintf(buf, size, "%.*s", (int)n, p);
  return p + n + *quoted;
}

static bool split(struct where *w) {
  char name[256];
  const char *p = take_name(w->text, ":", name, sizeof name, &w->quoted);
  if (p && strncmp(p, "::", 2) == 0) {
    if (strlen(name) >= sizeof w->in) return false;
    memcpy(w->in, name, strlen(name) + 1);
    p = take_name(p + 2, ":", name, sizeof name, &w->quoted);
  }
  if (p && *p == ':') {
    memcpy(w->file, name, strlen(name) + 1);
    p = take_name(p + 1, "", name, sizeof name, &w->quoted);
  }
  if (!p || *p || strlen(name) >= sizeof w->name) return false;
  memcpy(w->name, name, strlen(name) + 1);
  return true;
}

bool where_extent(struct debug *d, const char *text, const char **rest) {
  char error[256];
  const char *p = text;
  if (*p == '*')
    return eval_extent(d, p + 1, rest, error, sizeof error) || fail(d, "break: the address, %s.", error);
  for (; *p && *p != ' ' && *p != '\t'; p++)
    if (*p == '\'' && strchr(p + 1, '\'')) p = strchr(p + 1, '\'');
  *rest = p;
  return true;
}

/* ---- lines ---- */

static bool is_c(const char *file) {
  const size_t n = file ? strlen(file) : 0;
  return n > 2 && file[n - 2] == '.' && file[n - 1] != 'S' && file[n - 1] != 's';
}

/* The file in which a line's number alone is meant: that of the frame that is looked at, or if that is not C
 * the file of the program's main. `all` are the programs that it may be of. */
static const char *current_file(struct debug *d, const struct images *all, struct image **image) {
  const struct stack_frame f = frame_viewed(d);
  struct pg32_lines_place at = {0};
  struct places main = {0};
  *image = image_meant(d, f.lane);
  for (unsigned k = 0; k < all->n; k++)
    if (all->image[k] == *image &&
        pg32_lines_at((*image)->lines, f.innermost ? f.regs.pc : f.regs.pc - 4, &at) && is_c(at.file))
      return at.file;
  at.file = NULL;
  for (unsigned k = 0; k < all->n && !main.n; k++)
    places_of_function(*image = all->image[k], NULL, "main", &main);
  if (main.n) pg32_lines_at((*image)->lines, main.place[0].address, &at);
  places_free(&main);
  return at.file;
}

static bool line_here(struct where *w, const struct images *all, int line, struct stop *s) {
  struct image *i;
  const char *file = current_file(w->d, all, &i);
  if (!file) return fail(w->d, "break: the line %d of which file? Write FILE:%d.", line, line);
  return places_of_line(i, file, line, &s->places) ||
         fail(w->d, "break: %s has no code at line %d or behind it.", base_name(file), line);
}

/* ---- names ---- */

/* A variable is where a trap may have accessed it. */
static void add_objects(struct image *i, const char *name, struct places *places) {
  uint32_t address;
  if (pg32_lines_find_symbol(i->lines, name, &address))
    places_add(places, (struct code_place){.address = address});
}

static bool find_in(struct where *w, struct image *i, struct stop *s) {
  const unsigned before = s->places.n;
  const char *file = *w->file ? w->file : NULL;
  uint64_t line;
  if (file && !w->quoted && number_of(w->name, &line) && line < INT32_MAX)
    places_of_line(i, file, (int)line, &s->places);
  else
    places_of_function(i, file, w->name, &s->places);
  if (s->kind == STOP_TRAP && !file && s->places.n == before) add_objects(i, w->name, &s->places);
  return s->places.n > before;
}

/* More than one program has it. */
static bool ask_which(struct where *w, const struct images *found) {
  char names[200] = "";
  for (unsigned k = 0; k < found->n; k++)
    snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
             !k                  ? ""
             : k + 1 == found->n ? " and "
                                 : ", ",
             found->image[k]->name);
  return fail(w->d, "break: %s have `%s`. Say which: `break %s::%s`, or add `in LANE`.", names, w->text,
              found->image[0]->name, w->text);
}

static bool is_variable(const struct images *all, const char *name) {
  size_t n;
  for (unsigned k = 0; k < all->n; k++) {
    const struct pg32_lines_symbol *symbol = pg32_lines_symbols(all->image[k]->lines, &n);
    for (; n; n--, symbol++)
      if (symbol->type == STT_OBJECT && strcmp(symbol->name, name) == 0) return true;
  }
  return false;
}

static bool not_found(struct where *w, const struct images *all, const struct stop *s) {
  char causes[400];
  struct debug *d = w->d;
  if (s->kind == STOP_TRAP && !*w->file && !*w->in)
    return fail(d, "break: `%.40s` is not a cause, address, symbol or FILE:LINE. Causes are %s.", w->text,
                cause_nearest(w->name, strlen(w->name), causes, sizeof causes));
  if (*s->lane && !all->n) return fail(d, "break: there is no lane `%s`, and no such program.", s->lane);
  if (is_variable(all, w->name))
    return fail(d, "break: `%s` is a variable. `watch %s` stops when it changes.", w->name, w->name);
  if (register_of(w->name) >= 0)
    return fail(d, "break: `%s` is a register. `break *$%s` stops at the address in it.", w->name, w->name);
  if (*w->file)
    return fail(d, "break: no program%s%s has code of a file `%s` at %s`%s`.", *s->lane ? " in " : "",
                s->lane, w->file, *w->name >= '0' && *w->name <= '9' ? "or behind line " : "", w->name);
  return fail(d, "break: `%.60s` is not a known function, line, FILE:LINE or *ADDRESS%s%s.", w->text,
              *s->lane ? " in " : "", s->lane);
}

/* In the lanes that were said every program's places count, but the program of the run has precedence. Where
 * no lane was said, and the program of the run does not have the name, only one other program may have it. */
static bool find_name(struct where *w, const struct images *all, struct stop *s) {
  struct images found = {0};
  for (unsigned k = 0; k < all->n; k++) {
    if (!find_in(w, all->image[k], s)) continue;
    found.image[found.n++] = all->image[k];
    if (all->image[k] == image_of_run(w->d)) return true;
  }
  if (!found.n) return not_found(w, all, s);
  return found.n == 1 || *s->lane || s->kind == STOP_TRAP || ask_which(w, &found);
}

/* The programs that have the name IN, or whose lanes are called so. */
static bool programs_of(struct where *w, const char *in, struct stop *s, struct images *some) {
  struct images all = {0};
  candidates(w->d, s->lane, &all);
  for (unsigned k = 0; k < all.n; k++)
    if (strcmp(all.image[k]->name, in) == 0) add_image(some, all.image[k]);
  if (some->n || *s->lane || strlen(in) >= sizeof s->lane) return some->n;
  candidates(w->d, in, some);
  if (some->n) memcpy(s->lane, in, strlen(in) + 1);
  return some->n;
}

static bool find(struct where *w, struct stop *s) {
  struct images all = {0};
  if (!*w->in) candidates(w->d, s->lane, &all);
  if (!*w->in || programs_of(w, w->in, s, &all)) return find_name(w, &all, s);
  return fail(w->d, "break: there is no program or lane `%s`%s%s.", w->in, *s->lane ? " in " : "", s->lane);
}

/* LANE:SYMBOL is another way to write LANE::SYMBOL, where no file is called like the lane. */
static bool find_symbol_of_lane(struct where *w, struct stop *s) {
  struct images some = {0};
  struct where as_lane = *w;
  uint64_t line;
  if (*w->in || !*w->file || number_of(w->name, &line) || !programs_of(w, w->file, s, &some)) return false;
  *as_lane.file = 0;
  return find_name(&as_lane, &some, s);
}

/* ---- addresses ---- */

static bool value_of(struct debug *d, const char *text, uint32_t *address) {
  char error[256], *cast;
  if (asprintf(&cast, "(void *)(%s)", text) < 0) must(NULL);
  const bool ok = eval_address(d, cast, address, error, sizeof error) ||
                  eval_address(d, text, address, error, sizeof error);
  free(cast);
  return ok || fail(d, "break: the address, %s.", error);
}

static bool has_code(struct image *i, uint32_t address) {
  uint32_t word;
  return i && i->lines && pg32_lines_is_loaded(i->lines, address) && image_word(i, address, &word);
}

/* An address is meant in the program that runs here, else in that of the run, else in the only one that has
 * code there. Where nobody is known to have code, it is meant in all. */
static bool add_address(struct debug *d, uint32_t address, struct stop *s) {
  struct images all = {0}, found = {0};
  if (s->kind == STOP_TRAP) return places_add(&s->places, (struct code_place){.address = address}), true;
  if (address % 4) return fail(d, "break: 0x%x: instructions begin at multiples of 4.", address);
  candidates(d, s->lane, &all);
  for (unsigned k = 0; k < all.n; k++)
    if (has_code(all.image[k], address)) add_image(&found, all.image[k]);
  for (unsigned k = 0; k < found.n; k++)
    if (!*s->lane && (found.image[k] == image_here(d) ||
                      (k == 0 && found.image[k] == image_of_run(d) && !has_code(image_here(d), address))))
      return places_add(&s->places, (struct code_place){found.image[k], address, 0}), true;
  if (found.n > 1 && !*s->lane)
    return fail(d, "break: several programs have code at 0x%08x. Add `in LANE`.", address);
  for (unsigned k = 0; k < found.n; k++)
    places_add(&s->places, (struct code_place){found.image[k], address, 0});
  if (!found.n) places_add(&s->places, (struct code_place){.address = address});
  return true;
}

/* ---- all of it ---- */

bool where_find(struct debug *d, const char *text, struct stop *s) {
  struct where w = {.d = d, .text = text};
  struct images all = {0};
  uint64_t n;
  uint32_t address;
  s->located = true;
  if (*text == '*') return value_of(d, text + 1, &address) && add_address(d, address, s);
  const bool hex = *text == '0';
  if (number_of(text, &n) && n <= UINT32_MAX && hex) return add_address(d, (uint32_t)n, s);
  if (*text >= '0' && *text <= '9') {
    if (!number_of(text, &n) || !n || n > INT32_MAX)
      return fail(d, "break: `%s` is not a line's number, and not 0xADDRESS.", text);
    candidates(d, s->lane, &all);
    return line_here(&w, &all, (int)n, s);
  }
  if (!split(&w)) return fail(d, "break: `%s` is not understood: see `help break`.", text);
  return find_symbol_of_lane(&w, s) || find(&w, s);
}
