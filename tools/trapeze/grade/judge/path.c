/* path.c - judges which instructions the application of an image executed, from its first to its last.
 *
 * A kernel that is a student's can print every text and power off with every status. It cannot make the lab's
 * application execute its own instructions, in the right order and to the end, unless traps are handled as
 * the application needs it. lab.yaml has the number of these instructions and a digest of them, which
 * `trapeze lab check` takes from the reference. */
#include <stdlib.h>

#include "expect.h"
#include "isa/platform.h"
#include "tools/trapeze/verify/verify.h"

struct path {
  uint64_t instructions, digest;
};

/* Registers do not count: until the application has set them, they hold what the kernel has left there. */
static void take(void *arg, const struct step *step) {
  struct path *p = arg;
  if (step->trap || !(step->status & ST_U)) return;
  p->instructions++;
  p->digest = (p->digest ^ ((uint64_t)step->pc << 32 | step->word)) * UINT64_C(0x9E3779B97F4A7C15);
  p->digest ^= p->digest >> 29;
}

/* The run once more, instruction by instruction. */
static struct path path_of(const struct run *r) {
  struct path p = {0};
  struct stream s;
  struct boot boot = boot_assemble(&r->plan.options);
  struct machine *m = boot_machine(&r->plan.options, &boot);
  struct machine_limits limits = {r->of->limits.instructions, UINT64_MAX, false};
  if (r->plan.input.size && !machine_console_input(m, 0, r->plan.input.data, r->plan.input.size)) must(NULL);
  machine_console_hangup(m, 0);
  stream_open(&s, m, r->of->depth, take, &p);
  s.claims_ignored = !options_translate(&r->plan.options);
  stream_finish(&s, machine_run(m, &limits));
  stream_close(&s);
  machine_free(m);
  boot_free(&boot);
  return p;
}

static bool ends_well(const struct run *r, const struct lab_expect *e) {
  return !e->path.has_status || (r->end == RUN_POWERED_OFF && r->status == e->path.status);
}

static void say_path(FILE *f, const struct run *r, const struct lab_expect *e, const struct path *p) {
  fprintf(f, "Expected: the application executes %llu instruction%s, the same as under a right kernel",
          (unsigned long long)e->path.instructions, e->path.instructions == 1 ? "" : "s");
  if (e->path.has_status) fprintf(f, ", and the machine powers off with status %u", e->path.status);
  fprintf(f, ".\nHappened: it executes %llu%s", (unsigned long long)p->instructions,
          p->instructions == e->path.instructions && p->digest != e->path.digest ? ", but others" : "");
  if (e->path.has_status) fputs(", and the machine ", f), say_end(f, r);
  fputs(".\n", f);
}

void expect_path(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  struct path p = path_of(r);
  o->share = p.instructions == e->path.instructions && p.digest == e->path.digest && ends_well(r, e);
  if (o->share == 1) return;
  say_path(o->say, r, e, &p);
  if (t->built->reveal)
    fprintf(o->show, "In lab.yaml this would be path: {instructions: %llu, digest: 0x%016llx}\n",
            (unsigned long long)p.instructions, (unsigned long long)p.digest);
  o->event = last_trap(r);
  show_tail(o->show, r);
}
