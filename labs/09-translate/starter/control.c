/* control.c - instructions that jump: branches and jumps lead to other units, by exits and by the hash.
 *
 * As it stands, each instruction is copied into the cache, where its target is wrong. */
#include "translate/unit.h"

/* beq, bne, blt, bge, bltu, bgeu: taken, it leaves the unit by an exit; not taken, the unit goes on. */
bool unit__branch(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return true;
}

/* jal: the link is an address of the guest; the unit ends in an exit. */
bool unit__jump(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return false;
}

/* jalr: the target is not known. The hash finds its unit. */
bool unit__jump_register(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return false;
}
