/* condition.c - conditions, which are evaluated again and again.
 *
 * What an expression's names mean depends on the program and the PC alone. For each such place, a site, the
 * evaluation is kept with its tree, scopes, names and types; then only registers and memory are read anew. A
 * site is made anew now and then, which frees what its evaluations have allocated. */
#include <stdlib.h>
#include <string.h>

#include "eval.h"

#define SITES 4096 /* at most one for each hash of a PC */
#define USES 256   /* evaluations until a site is made anew */

struct site {
  struct image *image;
  uint32_t pc;
  unsigned uses;
  const struct node *tree; /* NULL: it does not parse */
  struct eval e;
};

struct condition_sites {
  struct site *site[SITES];
};

static void site_free(struct site *s) {
  if (s) eval_end(&s->e);
  free(s);
}

void condition_free(struct condition_sites *sites) {
  for (size_t i = 0; sites && i < SITES; i++) site_free(sites->site[i]);
  free(sites);
}

static struct site *site_new(struct debug *d, const char *text, int inlined, struct image *image,
                             const struct stack_frame *f) {
  struct site *s = must(calloc(1, sizeof *s));
  s->image = image;
  s->pc = f->regs.pc;
  eval_begin_in(&s->e, d, f->lane, &f->regs, true, inlined);
  s->e.kept = true;
  s->tree = eval_parse(&s->e, eval_copy(&s->e, text, strlen(text)), NULL);
  return s;
}

/* The site of the place where the session stands. */
static struct site *site_here(struct debug *d, const char *text, int inlined, struct condition_sites *all) {
  const struct stack_frame f = frame_innermost(d);
  struct image *image = image_of(d, f.lane);
  struct site **s = &all->site[(f.regs.pc / 4) % SITES];
  if (*s && ((*s)->image != image || (*s)->pc != f.regs.pc || (*s)->uses++ >= USES)) site_free(*s), *s = NULL;
  if (!*s) return *s = site_new(d, text, inlined, image, &f);
  (*s)->e.regs = f.regs;
  (*s)->e.lane = f.lane;
  return *s;
}

/* Begins an evaluation that may have another result; that a name is not known stays so. */
static void begin_anew(struct eval *e) {
  e->error[0] = 0;
  e->touched_c = e->optimized_out = false;
  e->depth = e->fuel = 0;
}

int condition_holds(struct debug *d, const char *text, int inlined, struct condition_sites **sites,
                    char *error, size_t size) {
  struct value v;
  bool truth;
  if (!*sites) *sites = must(calloc(1, sizeof **sites));
  struct site *s = site_here(d, text, inlined, *sites);
  if (s->tree && !s->e.unknown) begin_anew(&s->e);
  const bool ok =
      s->tree && !s->e.unknown && compute(&s->e, s->tree, &v) && arithmetic_truth(&s->e, &v, 1, &truth);
  if (!ok) snprintf(error, size, "%s", s->e.error);
  return ok ? truth : -1;
}
