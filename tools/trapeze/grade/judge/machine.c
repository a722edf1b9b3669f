/* machine.c - judges invariants, and memory at the end of a run. */
#include <stdlib.h>
#include <string.h>

#include "expect.h"

/* ---- invariants ---- */

static const struct {
  enum watch_rule rule;
  const char *words;
} rules[] = {
    [INVARIANT_UNPRIVILEGED] =
        {RULE_MODE, "the machine runs every guest in user mode, with interrupts on and translated"},
    [INVARIANT_SHADOW_OWNED] = {RULE_TLB,
                                "every TLB entry of a VM is one that its VMM owns, with no more rights"},
};

static void watched(const struct run *r, enum invariant i, struct outcome *o) {
  const struct watch *w = r->watch;
  enum watch_rule rule = rules[i].rule;
  o->share = w && !w->rule[rule].violated;
  if (o->share == 1 || !w) return;
  size_t at = event_at(r, w->rule[rule].retired);
  fprintf(o->say, "Expected: %s.\nHappened: %s.\n", rules[i].words, w->rule[rule].text);
  o->event = r->events.n ? r->events.event[at].event : 0;
  fputs("The events before it:\n", o->show);
  show_events(o->show, r, at > 15 ? at - 15 : 0, at + 1, 8, &at, 1);
}

/* The trap out of the guest that led to the difference, or else the last one before it. */
static uint64_t event_of_difference(const struct run *r, const struct fidelity_result *f) {
  const struct event *e = r->events.event;
  for (size_t i = 0; f->tick && i < r->events.n; i++)
    if (e[i].kind == RECORD_TRAP && e[i].tick == f->tick) return e[i].event;
  for (size_t i = r->events.n ? event_at(r, f->retired) + 1 : 0; i-- > 0;)
    if (e[i].kind == RECORD_TRAP && e[i].levels >= r->of->depth) return e[i].event;
  return 0;
}

/* The run once more, beside the bare machine. */
static void compare_with_bare(const struct run *r, const struct lab_expect *e, struct outcome *o) {
  bool whole = e->invariant.name == INVARIANT_WHOLE;
  struct fidelity_part part = {e->invariant.first, e->invariant.first_app};
  struct fidelity_result f;
  fidelity_compare(&r->plan.options, r->plan.input, r->of->limits.instructions,
                   whole ? FIDELITY_PATH : FIDELITY_ALL, part, &f);
  o->share = f.same;
  if (f.same) return;
  fprintf(o->say, "Expected: the guest executes %s as on the bare machine%s.\nHappened: %s.\n",
          whole ? "the same instructions with the same registers"
                : "the same instructions with the same results",
          part.steps || part.app_insns ? ", at least at first" : "", f.words);
  if (f.details) fputs(f.details, o->show);
  o->event = event_of_difference(r, &f);
  if (o->event)
    fprintf(o->show,
            f.tick ? "What led there is event #%llu.\n"
                   : "The last trap out of the guest before is event #%llu.\n",
            (unsigned long long)o->event);
  o->mistake = f.mistake;
  free(f.details);
}

void expect_invariant(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  if (e->invariant.name == INVARIANT_EQUIVALENT || e->invariant.name == INVARIANT_WHOLE)
    compare_with_bare(r, e, o);
  else
    watched(r, e->invariant.name, o);
}

/* ---- memory and registers ---- */

/* A symbol that no submission can have is a mistake of the lab. */
static void check_symbol(const struct built *b, const struct lab_expect *e, const struct artifact *a,
                         bool own, bool found) {
  const struct mark *at = &e->memory.mark;
  if (!a && !own)
    die(GRADE_BROKEN,
        "%s/lab.yaml:%u:%u: '%s': expected an address: at level %u neither an image nor a kernel of the "
        "run's has "
        "symbols",
        b->lab->path, at->line, at->column, e->memory.at, e->memory.level);
  if (a && a->built && a->build->of_lab && !found)
    die(GRADE_BROKEN, "%s/lab.yaml:%u:%u: '%s': %s has no symbol of this name", b->lab->path, at->line,
        at->column, e->memory.at, a->build->name);
}

/* Finds a symbol of the image that runs at the level that is asked about: at the run's own depth its image,
 * built or handed in; else a kernel. */
static bool symbol(const struct built *b, const struct lab_run *run, const struct lab_expect *e,
                   uint32_t *value) {
  bool own = run->image && e->memory.level == run->depth, found = false;
  bool guest = run->guest_kernel && e->memory.level == run->depth;
  const struct artifact *a = built_artifact(b, own ? run->image : guest ? run->guest_kernel : run->kernel);
  struct bytes elf = {0};
  if (a) found = a->built && symbol_find(a->debug, e->memory.at, value, &(uint32_t){0});
  check_symbol(b, e, a, own, found);
  if (a) return found;
  if (own && submission_file(b->workshop, run->image, &elf))
    found = symbol_find(elf, e->memory.at, value, &(uint32_t){0});
  free(elf.data);
  return found;
}

struct memory_ask memory_ask(const struct built *b, const struct lab_run *run, const struct lab_expect *e) {
  struct memory_ask ask = {.level = e->memory.level, .words = e->memory.words};
  uint64_t address;
  if (parse_size(e->memory.at, UINT32_MAX, &address))
    ask.address = (uint32_t)address;
  else if (!symbol(b, run, e, &ask.address))
    ask.words = 0; /* no such symbol: a student's image need not have it */
  ask.word = must(calloc(e->memory.words, sizeof *ask.word));
  return ask;
}

void expect_memory(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct memory_ask *ask = &t->ask[e - t->test->expect];
  const struct run *r = t->run[e->in];
  if (ask->words == 0) {
    fprintf(o->say, "Expected: a symbol `%s`.\nHappened: the image has none of that name.\n", e->memory.at);
    if (t->built->reveal)
      fprintf(o->show, "The symbol is in lab.yaml:%u:%u.\n", e->memory.mark.line, e->memory.mark.column);
    return;
  }
  o->share = ask->known;
  for (size_t i = 0; i < ask->words; i++)
    if (ask->word[i] != bound_word_value(t, e, i)) o->share = 0;
  if (o->share == 1) return;
  fprintf(o->say, "Expected at the end, in memory at %s:", e->memory.at);
  for (size_t i = 0; i < ask->words; i++) fprintf(o->say, " 0x%08x", bound_word_value(t, e, i));
  fputs(".\nHappened:", o->say);
  for (size_t i = 0; ask->known && i < ask->words; i++) fprintf(o->say, " 0x%08x", ask->word[i]);
  fputs(ask->known ? ".\n" : " there is no such memory.\n", o->say);
  o->event = last_trap(r);
}
