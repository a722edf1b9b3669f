/* diagnosis.c - what a VMM did wrong, said from the first step that a guest makes differently in the VM.
 *
 * The bare machine shows what should have happened: its TLB is the guest's TLB, and its traps are the
 * guest's. The machine around the VM shows what the VMM did: how the guest was left, where and with which
 * virtual STATUS it was resumed, and which entries the machine's own TLB had. Each sentence is chosen by a
 * comparison of such facts, and quotes them. */
#include "isa/pg32.h"
#include "diagnosis.h"

/* ---- words ---- */

const char *diagnosis_rights(uint32_t lo, char buf[4]) {
  buf[0] = lo & TLB_R ? 'R' : '-', buf[1] = lo & TLB_W ? 'W' : '-', buf[2] = lo & TLB_X ? 'X' : '-';
  buf[3] = 0;
  return buf;
}

const char *diagnosis_instruction(uint32_t word, uint32_t pc, char *buf, size_t size) {
  pg32_disassemble(buf, size, word, pc);
  for (char *p = buf, *q = buf; (*q = *p); p++) q += !(*p == ' ' && p[1] == ' ');
  return buf;
}

uint64_t diagnosis_tick(const struct difference *d, uint64_t step) {
  const struct side *s = &d->pair->nested;
  const struct step_facts *facts = step >= s->keep_from ? side_facts(s, (size_t)(step - s->keep_from)) : NULL;
  return facts ? facts->exit_tick : 0;
}

/* ---- whose fault it is ---- */

/* The tick of the trap out of the guest that led to the difference. What an instruction finds is what was left to it:
 * by an exit before it began, or by the emulation of the one before. A trap that differs is the work of the exits since
 * the step before, and so is the end of a guest that makes no step any more. */
static uint64_t tick_of_exit(const struct difference *d) {
  const struct step_facts *n = d->nested_facts, *before = d->before_nested;
  if (!d->bare || !d->nested || d->bare->trap || d->nested->trap) return n->exits ? n->first.tick : 0;
  if (n->before) return n->before;
  return before && (before->emulated || d->before->trap) ? before->exit_tick : 0;
}

bool diagnose(FILE *f, const struct pair *p, size_t i, uint64_t *tick) {
  struct difference d = {.bare = side_kept(&p->bare, i),
                         .nested = side_kept(&p->nested, i),
                         .bare_facts = side_facts(&p->bare, i),
                         .nested_facts = side_facts(&p->nested, i),
                         .bare_stream = &p->bare.stream,
                         .pair = p,
                         .step = p->bare.keep_from + i};
  if (!d.nested_facts) d.nested_facts = &p->nested.stream.facts;
  if (i > 0) {
    d.before = side_kept(&p->bare, i - 1);
    d.before_bare = side_facts(&p->bare, i - 1);
    d.before_nested = side_facts(&p->nested, i - 1);
  }
  d.cause = tick_of_exit(&d);
  bool said = false;
  if (d.bare && !d.nested)
    said = diagnose_end(f, &d); /* the guest was ended, for example because its handler faulted at once */
  else if (d.bare)
    said = diagnose_trap(f, &d) || diagnose_state(f, &d);
  *tick = d.cause;
  return said && !d.symptom;
}
