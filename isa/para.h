/* para.h - the interface between a paravirtual guest and its hypervisor: a kernel that knows that it is a guest asks
 * for what it needs, in place of instructions that would trap one by one.
 *
 * Three programs include this header: the guest's kernel, the hypervisor's part in the host kernel, and the VMM, which
 * remains for devices and start-up. isa/MANUAL.md, chapter 15, explains the interface.
 *
 * The guest's physical page 0 is shared. Its first words are the low core of the machine, with the machine's meaning:
 * the hypervisor writes PC, STATUS, TIMER, CAUSE, BADVA and BADINST at each trap of the guest's processes, and goes on
 * at the vector E[0x18]. From 0x800 on the page has the words below. Whatever the guest writes there is hostile until
 * it is checked: the hypervisor reads each word once, and the worst that a wrong word can do is an error, or a guest
 * that misbehaves within its own RAM. */
#ifndef PG32_PARA_H
#define PG32_PARA_H

#include "platform.h"

#define PARA_VERSION 1
#define PARA_NEEDED 123 /* exit status of a kernel that has found no hypervisor */

/* ---- hypercalls: the number in a7, the arguments in a0 and a1; the result comes back in a0 ----
 *
 * A result below zero is minus an error number. No other register changes. Only the guest's kernel (virtual STATUS
 * with U = 0) can call; an `hcall` of its processes is a trap of theirs, with CAUSE_HCALL. */
#define HCALL_START 1 /* (PARA_VERSION) -> 0; EINVAL: the hypervisor has another version */
#define HCALL_IRET \
  2 /* never returns if all is well: carries out the queue, then PC, STATUS and TIMER are loaded
                         from the low core, as rfe does, and a7 from PARA_A7. EINVAL: a bad operation in the queue,
                         or a STATUS that is neither U|IE|T, nor IE, nor 0 beside its ASID; nothing was loaded */
#define HCALL_FLUSH \
  3 /* () -> 0 when the queue has been carried out. EINVAL: a bad operation; it and those behind it
                         were not, and PARA_NOPS is how many were */
#define HCALL_KICK 4 /* () -> 0 when the VMM has looked at the rings */
#define HCALL_WAIT 5 /* () -> 0 when TIMER is 0 or an enabled event is pending: what `wait` does */
/* Any other number: ENOSYS. */

/* ---- the shared words: offsets in the guest's page 0 ---- */
#define PARA_TICK 0x800 /* 64 bits: the guest's time at its last entry. Only the hypervisor side writes it */
#define PARA_ENABLED 0x808  /* PARA_INPUT: the guest's processes can be interrupted by that event */
#define PARA_PENDING 0x80C  /* PARA_INPUT: there is something in the input ring, or its end has come */
#define PARA_KICK 0x810     /* not 0: at the next IRET, the VMM shall look at the rings; the VMM clears it */
#define PARA_NOPS 0x814     /* operations in the queue, 0 to PARA_OPS_MAX; the hypervisor sets it to 0 */
#define PARA_A7 0x818       /* what IRET loads into a7 */
#define PARA_OUT 0x820      /* the output ring's head and tail: two words */
#define PARA_IN 0x828       /* the input ring's head and tail: two words */
#define PARA_IN_STATE 0x830 /* PARA_IN_END, PARA_IN_FULL */
#define PARA_BLOCKS 0x834   /* requests in the block ring; KICK carries them out and sets the word to 0 */
#define PARA_OPS 0x840      /* the queue */
#define PARA_IN_DATA 0xA00
#define PARA_BLOCK_DATA 0xB00
#define PARA_OUT_DATA 0xC00

#define PARA_INPUT 0x1   /* the only event */
#define PARA_IN_END 0x1  /* no more input will come behind what is in the ring */
#define PARA_IN_FULL 0x2 /* there was no room for more: a kick is wanted when there is */

/* ---- the queue: what the guest has done to its TLB ----
 *
 * An operation is two words, as for tlbw; bits 8 to 11 of the first, which tlbw ignores, say what it does. The
 * hypervisor may forget an entry at any time, and then the guest's process misses again. */
#define PARA_OPS_MAX 32
#define PARA_OP_ENTRY 0x000 /* hi, lo: an entry, whose frame lies in the guest's RAM */
#define PARA_OP_PAGE 0x100  /* hi: this page of this ASID is invalid */
#define PARA_OP_ASID 0x200  /* hi: all entries of this ASID are */
#define PARA_OP_ALL 0x300   /* all entries are */
#define PARA_OP_MASK 0xF00

/* ---- the rings ----
 *
 * Head and tail count bytes, and count up for ever; byte n is at n % size of the data. The one who puts in writes the
 * tail, the one who takes out writes the head. */
#define PARA_OUT_BYTES 1024
#define PARA_IN_BYTES 256
#define PARA_BLOCK_MAX 16 /* requests, each of four words: PARA_BLOCK_... */

#ifndef __ASSEMBLER__
struct para_op {
  uint32_t hi, lo;
};
struct para_block {
  uint32_t command; /* BLOCK_READ or BLOCK_WRITE; the VMM puts the status in its place, BLOCK_... */
  uint32_t sector, count;
  uint32_t addr; /* physical address in the guest, word aligned */
};
struct para_page { /* the guest's page 0 */
  volatile uint32_t low_core[512];
  volatile uint64_t tick;
  volatile uint32_t enabled, pending, kick, nops, a7, zero;
  volatile uint32_t out_head, out_tail, in_head, in_tail, in_state, blocks, zeros[2];
  volatile struct para_op op[PARA_OPS_MAX];
  volatile uint8_t unused[PARA_IN_DATA - PARA_OPS - 8 * PARA_OPS_MAX];
  volatile uint8_t in[PARA_IN_BYTES];
  volatile struct para_block block[PARA_BLOCK_MAX];
  volatile uint8_t out[PARA_OUT_BYTES];
};
#define PARA_AT(member, offset) \
  _Static_assert(__builtin_offsetof(struct para_page, member) == offset, "para.h: " #member)
PARA_AT(tick, PARA_TICK);
PARA_AT(enabled, PARA_ENABLED);
PARA_AT(pending, PARA_PENDING);
PARA_AT(kick, PARA_KICK);
PARA_AT(nops, PARA_NOPS);
PARA_AT(a7, PARA_A7);
PARA_AT(out_head, PARA_OUT);
PARA_AT(in_head, PARA_IN);
PARA_AT(in_state, PARA_IN_STATE);
PARA_AT(blocks, PARA_BLOCKS);
PARA_AT(op, PARA_OPS);
PARA_AT(in, PARA_IN_DATA);
PARA_AT(block, PARA_BLOCK_DATA);
PARA_AT(out, PARA_OUT_DATA);
_Static_assert(sizeof(struct para_page) == PAGE_SIZE, "para.h: a page");
#endif
#endif
