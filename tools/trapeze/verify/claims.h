/* claims.h - what a VMM that translates claims of its words (platform.h, MARK_CLAIM): which instruction of the guest
 * a word of the window stands for. The stream takes the guest's steps from the claims, and the comparison with the
 * bare machine checks them: a false claim is a difference. */
#ifndef VERIFY_CLAIMS_H
#define VERIFY_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "isa/platform.h"
#include "machine/machine.h"

/* What is claimed of a word. */
struct word_claim {
  bool begins; /* an instruction of the guest begins here: */
  uint32_t pc, word;
  bool between; /* no instruction is under way here; the guest's PC is `pc` */
  bool done;    /* if the word traps as illegal, the instruction under way is done, and the guest's PC is: */
  uint32_t done_pc;
};

struct claims { /* all zero at first */
  bool any;
  struct word_claim word[VM_WINDOW_BYTES / 4];
  uint32_t frame[ASIDS];  /* by ASID: physical page of the window's last page; 0 = not known */
  uint32_t status, x[32]; /* the guest's, as last seen; of x those in CLAIM_OURS */
};

/* The VMM's `mark`, with its a and b. */
void claims_mark(struct claims *c, uint32_t a, uint32_t b);
/* A tlbw of the machine. */
void claims_tlbw(struct claims *c, uint32_t hi, uint32_t lo);
/* Does the machine, with these registers, execute the window's words? */
bool claims_cover(const struct claims *c, uint32_t pc);
/* What is claimed of the word at PC. Registers and STATUS in `r` become the guest's; PC does not. */
struct word_claim claims_at(struct claims *c, const struct machine *m, struct machine_regs *r);
/* The guest's trap for the real one at a word that stands for the guest's instruction `word`. */
void claims_trap(struct machine_trap *t, const struct machine_regs *real, uint32_t word);

#endif
