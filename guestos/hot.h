/* hot.h - the tricks that keep a VM's exits short, all of them, with their reasons.
 *
 * A VMM lives on exits: each system call of a guest's application costs two of them, and eight when the VMM
 * runs in a VM itself. So the path of an exit (trap, vm_trap, hand_over, proc_resume_vmm; then, when the
 * VMM calls vm_run, vm_run, vm_enter) is kept short, and tests/unit/test_stack.c holds us to three
 * numbers:
 *
 *   - a round trip from the guest to the VMM and back takes at most 300 instructions, the VMM's included;
 *   - on the path there is no privileged instruction but rfe and no access to a device, because each of them
 *     would be one more exit when this kernel is itself a guest;
 *   - kernel and VMM together touch at most 40 pages, because each page that the TLB lacks costs a miss.
 *
 * The tricks are below. Everything else of the kernel is ordinary C. */
#ifndef HOT_H
#define HOT_H

#include <stdbool.h>
#include "isa/platform.h"

/* ---- few pages: what an exit needs lies together ---- */

#define HOT __attribute__((section(".text.hot")))
#define HOT_DATA __attribute__((section(".data.hot")))

/* ---- few instructions: no stack frame on the path ----
 *
 * A function that calls another one and goes on afterwards must save its return address, that is, make a
 * stack frame: four instructions at least. Two rules avoid frames:
 *
 *   - The functions that lead back into a process or a VM (resume, proc_resume, vm_enter, schedule, ...)
 *     never return: they end with rfe. kernel.h says so beside each of them. Call them as `return
 *     proc_resume(p);`, which the compiler turns into a jump. They are not declared _Noreturn: the compiler
 *     would make a real call, with a stack frame, to a function that it knows not to return.
 *   - A rare case that needs a frame is a function of its own, marked noinline. If the compiler inlined the
 *     rare case, the common one would pay for its frame, too. */
#define noinline __attribute__((__noinline__))
#define unlikely(condition) __builtin_expect(condition, 0)

/* ---- no address computed twice ----
 *
 * Makes the compiler forget how `variable` was computed, so that it keeps the value in a register instead of
 * computing it anew for each use: &vms[index], for example, takes a multiplication. (Linux has the same
 * macro.) */
#define OPTIMIZER_HIDE_VAR(variable) __asm__("" : "+r"(variable))

/* ---- variables that one instruction reaches ----
 *
 * An address takes two instructions to build, and the page it leads to may cost a TLB miss. But the low core
 * is at physical address 0, where the kernel runs untranslated: `lw a0, 0x68(zero)` loads `current`. So the
 * few variables that each trap needs are in the part of the low core that belongs to the kernel. */
struct low_core {
  /* Written by a trap; the first three are loaded by rfe. */
  uint32_t pc, status, timer;
  uint32_t cause, badva, badinst;
  uint32_t vector; /* trap_entry; or counted_entry (counted.S) */
  uint32_t reserved[9];

  /* Used by entry.S, which knows these offsets; trap.c asserts them. */
  uint32_t scratch[3];                 /* 0x40: t0, t1, t2 while entry.S works */
  uint32_t *save;                      /* 0x4c: where a trap saves x0..x31: p->x, or a VM's state->x */
  uint32_t *pages;                     /* 0x50: page directory for the refill path; NULL: leave misses to C */
  uint32_t asid;                       /* 0x54: the ASID that goes with it; 0 while no process runs */
  uint32_t *mirror;                    /* 0x58: where the next tlbw goes, in tlb.c's mirror of the TLB */
  uint32_t *mirror_start, *mirror_end; /* 0x5c, 0x60: the mirror's bounds */
  char *stack;                         /* 0x64: top of the kernel's stack */

  /* Used by C alone. */
  struct proc *current;  /* the process whose turn it is; NULL in the idle loop */
  uint32_t slice;        /* instructions that are left of its turn; UINT32_MAX: nobody else wants the CPU */
  bool console_readable; /* some process's read would not wait; vm_run looks at it first */
};
static volatile struct low_core *const low_core = 0;
#define console_readable (low_core->console_readable)
#define current (low_core->current)
#define slice (low_core->slice)

/* ---- loops that stay loops ----
 *
 * The compiler knows a loop that copies or clears bytes and replaces it by a call of memcpy or memset: inside
 * memcpy itself, that never ends. */
#define KEEP_LOOP() __asm__ volatile("")

#endif
