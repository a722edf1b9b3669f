/* calls.c - which kernel handles a system call, and what that kernel calls the call. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "isa/para.h"
#include "isa/platform.h"

#define NAME_MOST 24 /* characters of a name: a line of a trace has room for these */

struct call {
  uint32_t number;
  char name[NAME_MOST + 1];
};

struct call_names {
  size_t n;
  struct call *call;
};

/* ---- a file of names ---- */

struct reading {
  const char *path;
  unsigned line;
  struct call_names *names;
};

static bool is_name(const char *text, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!isalnum((unsigned char)text[i]) && !strchr("_.-", text[i])) return false;
  return n > 0 && n <= NAME_MOST && !isdigit((unsigned char)*text);
}

static const char *name_in(const struct call_names *names, uint32_t number) {
  for (size_t i = 0; i < names->n; i++)
    if (names->call[i].number == number) return names->call[i].name;
  return NULL;
}

static void add(struct reading *r, uint32_t number, const char *name) {
  struct call_names *names = r->names;
  const char *before = name_in(names, number);
  if (before) die(STATUS_USAGE, "%s:%u: system call %u is %s already", r->path, r->line, number, before);
  names->call = must(realloc(names->call, (names->n + 1) * sizeof *names->call));
  struct call *call = &names->call[names->n++];
  call->number = number;
  snprintf(call->name, sizeof call->name, "%s", name);
}

/* A line without its newline; `text` is changed. */
static void read_line(struct reading *r, char *text) {
  static const char blanks[] = " \t\r";
  char *rest = text, *number, *name;
  uint64_t value;
  text[strcspn(text, "#")] = 0;
  while ((number = strsep(&rest, blanks)) && !*number) continue;
  if (!number) return;
  while ((name = strsep(&rest, blanks)) && !*name) continue;
  if (!parse_size(number, UINT32_MAX, &value) || isalpha((unsigned char)number[strlen(number) - 1]))
    die(STATUS_USAGE, "%s:%u: `%s`: expected the number of a system call, as in `9 read`", r->path, r->line,
        number);
  if (!name || !is_name(name, strlen(name)))
    die(STATUS_USAGE,
        "%s:%u: expected a name after the number, as in `9 read`: up to %d letters, digits, _ . or -",
        r->path, r->line, NAME_MOST);
  if (rest && rest[strspn(rest, blanks)])
    die(STATUS_USAGE, "%s:%u: `%s`: expected one name for each number, as in `9 read`", r->path, r->line,
        rest + strspn(rest, blanks));
  add(r, (uint32_t)value, name);
}

struct call_names *calls_read(const char *path) {
  struct bytes file = file_read(path);
  struct reading r = {.path = path, .names = must(calloc(1, sizeof *r.names))};
  bytes_append(&file, "", 1);
  if (memchr(file.data, 0, file.size) != file.data + file.size - 1)
    die(STATUS_USAGE, "%s: not a text file; expected lines such as `9 read`", path);
  for (char *rest = (char *)file.data, *line; (line = strsep(&rest, "\n"));) {
    r.line++;
    read_line(&r, line);
  }
  free(file.data);
  return r.names;
}

void calls_free(struct call_names *names) {
  if (names) free(names->call);
  free(names);
}

/* ---- whose calls ---- */

static const char *our_name(uint32_t number) {
  switch (number) {
#define S(n, name, arguments) \
  case n: return #name;
    PG32_SYSCALLS(S)
#undef S
  default: return NULL;
  }
}

/* Is another kernel in the place of ours, at every level? */
static bool is_replaced(const struct options *o) {
  for (size_t i = 0; i < o->files; i++)
    if (strcmp(o->file[i].name, "boot/kernel") == 0) return true;
  return o->kernel;
}

bool calls_have_own_kernel(const struct options *o) { return o->image || is_replaced(o); }

const char *calls_name(const struct options *o, unsigned level, uint32_t number) {
  const bool inside = level > o->depth, image = o->image && level >= o->depth;
  if (inside && (o->image || o->initrd)) return NULL;
  if (!image && !is_replaced(o)) return our_name(number);
  /* With an image, the file names the image's calls, not those of a --kernel around the image. */
  if (!o->calls || (o->image && !image)) return NULL;
  return name_in(o->calls, number);
}

bool calls_is_hypercall(const struct record *rec) {
  return rec->kind == RECORD_TRAP && rec->para && rec->trap.cause == CAUSE_HCALL &&
         !(rec->virtual_status & ST_U);
}

const char *calls_hypercall(const struct record *rec) {
  if (!calls_is_hypercall(rec)) return NULL;
  switch (rec->a7) {
  case HCALL_START: return "HCALL_START";
  case HCALL_IRET: return "HCALL_IRET";
  case HCALL_FLUSH: return "HCALL_FLUSH";
  case HCALL_KICK: return "HCALL_KICK";
  case HCALL_WAIT: return "HCALL_WAIT";
  default: return NULL;
  }
}
