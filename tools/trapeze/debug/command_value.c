/* command_value.c - the commands that show values, types and memory: print, whatis, ptype, x. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "view.h"

/* ---- /FORMAT ---- */

struct display { /* what follows the slash: 8xw */
  unsigned count;
  char format, size; /* 0 = not given */
};

/* Reads `/8xw ` if it stands there; *args is then what follows. */
static bool read_layout(struct debug *d, const char *command, const char *formats, const char **args,
                        struct display *l) {
  const char *p = *args;
  char *end;
  *l = (struct display){.count = 1};
  if (*p != '/') return true;
  p++;
  if (isdigit((unsigned char)*p)) {
    const unsigned long n = strtoul(p, &end, 10);
    l->count = n > 4096 ? 4096 : (unsigned)n;
    p = end;
  }
  for (; *p && *p != ' '; p++) {
    const bool size = strchr("bhwg", *p) != NULL;
    if (!size && !strchr(formats, *p))
      return fail(d,
                  "%s: `%c` is not a format; after the slash stands a count, one of %s, and b, h, w or g for "
                  "the size.",
                  command, *p, formats);
    *(size ? &l->size : &l->format) = *p;
  }
  *args = p + strspn(p, " ");
  return true;
}

/* ---- print, whatis, ptype ---- */

static bool print_place(struct debug *d, const char *text) {
  char symbol[200];
  uint32_t value;
  if (!eval_colon_address(d, text, NULL, &value)) return false;
  image_symbol(image_of(d, recorder_current(timeline_recorder(d->t))), value, symbol, sizeof symbol);
  return say(d, "%s = 0x%08x = %u%s%s", text, value, value, *symbol && value > 4095 ? " = " : "",
             value > 4095 ? symbol : "");
}

/* One line that is short enough becomes the command's last line; all else is text. */
static bool answer(struct debug *d, const char *name, const char *text) {
  if (strlen(name) + strlen(text) + 8 < sizeof d->said && !strchr(text, '\n'))
    return say(d, "%s = %s", name, text);
  fprintf(d->out, "%s = %s\n", name, text);
  return say_nothing(d);
}

static bool complain(struct debug *d, const char *command) {
  char *why = must(strdup(d->said));
  fail(d, "%s: %s", command, why);
  free(why);
  return false;
}

bool command_print(struct debug *d, struct call c) {
  const char *a = c.args;
  struct display l;
  char *text = NULL;
  size_t size;
  if (!read_layout(d, "print", "xduotacfsz", &a, &l)) return false;
  if (!*a) return fail(d, "print: expected a C expression, a register or an address.");
  if (print_place(d, a)) return true;
  FILE *out = must(open_memstream(&text, &size));
  bool ok = eval_print(d, a, l.format, out);
  fclose(out);
  ok = ok ? answer(d, a, text) : complain(d, "print");
  free(text);
  return ok;
}

bool command_whatis(struct debug *d, struct call c) {
  if (!*c.args) return fail(d, "whatis: expected a C expression or a type.");
  return eval_whatis(d, c.args, false, d->out) ? say_nothing(d) : complain(d, "whatis");
}

bool command_ptype(struct debug *d, struct call c) {
  if (!*c.args) return fail(d, "ptype: expected a C expression or a type.");
  return eval_whatis(d, c.args, true, d->out) ? say_nothing(d) : complain(d, "ptype");
}

/* ---- x ---- */

static bool memory_of(struct debug *d, const char *text, struct eval_memory *m) {
  char error[256];
  return eval_memory(d, text, m, error, sizeof error) || fail(d, "x: %s.", error);
}

static bool memory_pane(struct debug *d, uint32_t address, bool physical) {
  d->memory = address & ~3u;
  d->memory_physical = physical;
  d->moved = false;
  pane_print(d, PANE_MEMORY);
  pane_select(d, PANE_MEMORY);
  return say_nothing(d);
}

struct dump {
  struct debug *d;
  struct eval e;
  uint32_t address;
  bool physical;
  struct display l;
};

static bool read_memory(struct dump *m, uint32_t address, void *to, size_t n) {
  if (m->physical) return machine_peek(m->d->m, (struct machine_space){0}, address, to, n) == n;
  return eval_read(&m->e, m->e.regs.status, address, to, n) == n;
}

static void print_label(struct dump *m, const char *between) {
  char symbol[200] = "";
  struct image *i = m->physical ? NULL : m->e.image;
  if (i && i->lines && pg32_lines_is_loaded(i->lines, m->address))
    image_symbol(i, m->address, symbol, sizeof symbol);
  fprintf(m->d->out, "0x%08x%s%s%s:%s", m->address, *symbol ? " <" : "", symbol, *symbol ? ">" : "", between);
}

static bool dump_instruction(struct dump *m) {
  uint32_t word;
  char text[80];
  if (!read_memory(m, m->address, &word, sizeof word) && !image_word(m->e.image, m->address, &word))
    return false;
  print_label(m, "\t");
  pg32_disassemble(text, sizeof text, word, m->address);
  fprintf(m->d->out, "%s\n", text);
  m->address += 4;
  return true;
}

static bool dump_string(struct dump *m) {
  uint8_t text[201];
  size_t n = 0;
  while (n < sizeof text && read_memory(m, m->address + (uint32_t)n, text + n, 1) && text[n++]) continue;
  if (!n) return false;
  const bool ended = text[n - 1] == 0;
  print_label(m, "\t");
  eval_format_text(m->d->out, text, 1, ended || n == sizeof text ? n - 1 : n, !ended);
  fputc('\n', m->d->out);
  m->address += (uint32_t)(ended ? n : n - (n == sizeof text));
  return true;
}

/* A line of as many units as fit in 16 bytes, as gdb has it. */
static bool dump_units(struct dump *m, unsigned *left) {
  static const char *const types[] = {"unsigned char", "unsigned short", "unsigned int",
                                      "unsigned long long"};
  const unsigned log = m->l.size == 'b'   ? 0
                       : m->l.size == 'h' ? 1
                       : m->l.size == 'g' ? 3
                                          : 2,
                 size = 1u << log;
  const unsigned line = m->l.format == 'c' || size == 1 ? 8 : 16 / size;
  uint64_t bits = 0;
  if (!read_memory(m, m->address, &bits, size)) return false;
  print_label(m, "");
  for (unsigned i = 0; i < line && *left; i++, --*left, m->address += size) {
    if (!read_memory(m, m->address, &bits, size)) break;
    const struct value v = value_of_number(&m->e, type_base(&m->e, types[log]), bits);
    fputc('\t', m->d->out);
    eval_format(&m->e, &v, m->l.format == 'x' ? 'z' : m->l.format, true, m->d->out);
  }
  fputc('\n', m->d->out);
  return true;
}

/* What `x` has shown last; `x` without an address goes on behind it. */
struct examined {
  struct eval_memory at;
  bool physical;
  struct display l;
};

static void remember(struct dump *m, const struct eval_memory *at) {
  struct debug *d = m->d;
  if (!d->examined) d->examined = must(malloc(sizeof *d->examined));
  *d->examined = (struct examined){*at, m->physical, m->l};
  d->examined->at.address = m->address;
}

static bool dump(struct debug *d, const struct eval_memory *at, bool physical, struct display l) {
  struct dump m = {.d = d, .address = at->address, .physical = physical, .l = l};
  bool ok = true;
  eval_begin(&m.e, d);
  m.e.regs.status = at->status;
  m.e.image = at->image;
  for (unsigned left = l.count; ok && left;)
    if (l.format == 'i' || l.format == 's')
      ok = l.format == 'i' ? dump_instruction(&m) : dump_string(&m), left--;
    else
      ok = dump_units(&m, &left);
  eval_end(&m.e);
  remember(&m, at);
  return ok ? say_nothing(d) : fail(d, "x: no memory is mapped at 0x%08x.", m.address);
}

/* Without a format that of the last time, of one unit. */
static bool examine_on(struct debug *d, bool laid_out, struct display l) {
  if (!d->examined) return fail(d, "x: expected an address: a number, a register, or a C expression.");
  struct examined e = *d->examined;
  e.l.count = laid_out ? l.count : 1;
  if (l.format) e.l.format = l.format;
  if (l.size) e.l.size = l.size;
  return dump(d, &e.at, e.physical, e.l);
}

bool command_examine(struct debug *d, struct call c) {
  const char *a = c.args;
  struct display l;
  struct eval_memory m;
  bool laid_out = *a == '/';
  if (!read_layout(d, "x", "xduotacfsiz", &a, &l)) return false;
  const bool physical = strncmp(a, "phys ", 5) == 0;
  if (physical) a += 5 + strspn(a + 5, " ");
  if (!*a) return examine_on(d, laid_out, l);
  if (!memory_of(d, a, &m)) return false;
  if (!laid_out && !physical && !m.here) laid_out = true, l.count = 16; /* the pane shows what runs */
  if (!laid_out) return memory_pane(d, m.address, physical);
  if (!l.format) l.format = 'x';
  if (!l.size && l.format == 'c') l.size = 'b';
  if (!l.size && l.format == 'f' && m.floating == 8) l.size = 'g';
  return dump(d, &m, physical, l);
}
