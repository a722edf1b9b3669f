/* tell.c - option `tell`: a unit that was made is told, whole, to whoever records the run (platform.h, MARK_TELL).
 * `trapeze verify translation` runs what it is told against the guest's own words. */
#include "translate.h"

static void tell(uint32_t what, uint32_t value) {
  __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_TELL), "r"(what), "r"(value));
}

static void tell_word(const struct translator *t, uint32_t at) {
  const struct place *p = &t->place[at];
  tell(TELL_WORD, t->cache[at]);
  tell(TELL_PLACE, p->insn | (p->boundary ? TELL_BOUNDARY : 0) | (uint32_t)(uint8_t)p->debt << 16 |
                       (uint32_t)p->cause << 24);
  if (p->exit == NONE) return;
  const struct exit *e = &t->exit[p->exit];
  tell(TELL_EXIT_PC, e->pc);
  tell(TELL_EXIT_KEY, e->key);
  tell(TELL_EXIT_DEBT, e->debt);
}

void unit__tell(const struct translator *t, int unit) {
  const struct unit *u = &t->unit[unit];
  tell(TELL_PC, u->pc);
  tell(TELL_KEY, u->key);
  tell(TELL_START, VM_WINDOW_START + 4 * u->start);
  for (uint32_t i = 0; i < u->insns; i++) tell(TELL_GUEST, *(const uint32_t *)(t->vm->ram + u->pa + 4 * i));
  for (uint32_t fact, reg = 0; device__fact(t->vm, reg, &fact); reg += 4) tell(TELL_FACT, fact);
  for (uint32_t at = u->start; at < t->words; at++) tell_word(t, at);
  tell(TELL_END, 0);
}
