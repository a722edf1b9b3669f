/* sensitive.c - instructions that would show or change the real STATUS, and those that trap.
 *
 * As it stands, each instruction is copied into the cache. */
#include "translate/unit.h"

/* The guest's STATUS is in the translator's data. */
bool unit__mfst(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return true;
}

/* Interrupts off or on, and nothing else, should need no exit unless an interrupt is due. */
bool unit__mtst(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return true;
}

/* Optional: which registers hold a STATUS that the unit has computed. */
void unit__follow_status(struct build *b, uint32_t insn) {
  (void)b;
  (void)insn;
}

/* syscall, hcall, break: they trap by themselves. */
bool unit__call(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return false;
}

/* An instruction that traps by itself before it does anything: the VMM finds out by the place what it stood for. */
bool unit__trap(struct build *b, uint32_t insn, uint32_t cause) {
  b->t->place[build__emit(b, insn)].cause = cause;
  return false;
}
