/* variables.c - variables, which live in the environment if they are exported, and functions. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sh.h"

struct named {
  struct named *next;
  char *name, *value; /* value NULL: not set */
  bool exported, constant;
  int level; /* of `local`: how many were made before */
};

static struct named *variables, *functions, *hidden; /* hidden: old values, the newest local first */
static int locals;

static struct named *find(struct named *list, const char *name) {
  while (list != NULL && strcmp(list->name, name) != 0) list = list->next;
  return list;
}

static struct named *make(struct named **list, const char *name) {
  struct named *v = find(*list, name);
  if (v != NULL) return v;
  v = calloc(1, sizeof *v);
  if (v == NULL || (v->name = strdup(name)) == NULL) {
    complain("no memory is left");
    _exit(BAD_LINE);
  }
  v->next = *list, *list = v;
  return v;
}

static void store(struct named *v, const char *value) {
  char *copy = value != NULL ? strdup(value) : NULL;
  free(v->value);
  v->value = copy;
  if (v->exported && copy != NULL) setenv(v->name, copy, 1);
  if (copy == NULL) unsetenv(v->name);
}

const char *variable(const char *name) {
  struct named *v = find(variables, name);
  return v != NULL ? v->value : NULL;
}

bool set_variable(const char *name, const char *value) {
  struct named *v = make(&variables, name);
  if (v->constant) {
    complain("%s: is read only", name);
    return false;
  }
  store(v, value);
  return true;
}

void unset_variable(const char *name) { set_variable(name, NULL); }

void export_variable(const char *name) {
  struct named *v = make(&variables, name);
  v->exported = true;
  if (v->value != NULL) setenv(name, v->value, 1);
}

void protect_variable(const char *name) { make(&variables, name)->constant = true; }

void variables_init(void) {
  for (char **p = environ; *p != NULL; p++) {
    char *equals = strchr(*p, '=');
    if (equals == NULL) continue;
    char *name = strndup(*p, (size_t)(equals - *p));
    struct named *v = make(&variables, name);
    v->value = strdup(equals + 1), v->exported = true;
    free(name);
  }
  set_variable("IFS", " \t\n");
}

void print_exports(void) {
  for (struct named *v = variables; v != NULL; v = v->next)
    if (v->exported && v->value != NULL) printf("export %s='%s'\n", v->name, v->value);
}

void function_set(const char *name, const char *text) { store(make(&functions, name), text); }

const char *function_text(const char *name) {
  struct named *f = find(functions, name);
  return f != NULL ? f->value : NULL;
}

void each_function(void (*act)(const char *name)) {
  for (struct named *f = functions; f != NULL; f = f->next)
    if (f->value != NULL) act(f->name);
}

/* ---- local variables ---- */

void make_local(const char *name) {
  struct named *old = calloc(1, sizeof *old);
  const char *value = variable(name);
  if (old == NULL || (old->name = strdup(name)) == NULL) return;
  old->value = value != NULL ? strdup(value) : NULL;
  old->level = locals++;
  old->next = hidden, hidden = old;
}

int locals_mark(void) { return locals; }

void locals_end(int mark) {
  while (hidden != NULL && hidden->level >= mark) {
    struct named *old = hidden;
    hidden = old->next;
    set_variable(old->name, old->value);
    free(old->name), free(old->value), free(old);
  }
  locals = mark;
}
