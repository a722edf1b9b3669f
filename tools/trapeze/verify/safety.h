/* safety.h - the parts of `trapeze verify safety`: watch.c observes a machine that runs our kernel and checks
 * what must hold, with told.c for guests that know that they are guests; fuzz.c and fuzz_para.c make hostile
 * guests; safety.c puts innocent and hostile guests onto one machine.
 * The grader uses watch.c, too. */
#ifndef SAFETY_H
#define SAFETY_H

#include "verify.h"

/* ---- safety.c ---- */

enum { SAFETY_HOSTILE = 3, SAFETY_MUTANT = SAFETY_HOSTILE - 1 };
/* What the shell of the mutant's guest is given to do. */
#define SAFETY_PROGRAMS "touch-pages 30 9; null-syscall 9; primes 99999"
/* The hostile guests of a round: a bare image of fuzz_image, or of fuzz_para_image if the guests know that they are
 * guests; one of fuzz_greedy_image; and a fuzz_mutant of `kernel`, an ELF image. *seed is the round's, and is not
 * the same afterwards. The caller frees the images' data. */
void safety_guests(struct bytes kernel, bool para, uint64_t *seed, struct bytes image[SAFETY_HOSTILE]);

/* ---- watch.c ---- */

enum { WATCH_PROCESSES = 64, WATCH_VMS = 64, WATCH_SLOTS = 256 };

/* A process or a VM that runs in user mode: its registers when it was left. It must have the same when it is
 * resumed. */
struct context {
  bool seen;
  uint32_t x[32];           /* when it was left */
  struct machine_trap left; /* by this trap */
};

struct process {
  struct context context;
  uint32_t directory; /* of its page table */
  bool gone;
  uint32_t status;      /* with which it has exited */
  uint64_t insns;       /* its own, its VM's, and the kernel's for the VM and for faults */
  uint64_t guest_insns; /* its VM's alone */
  uint64_t hash;        /* of its memory, and of its VM's RAM, when it exited */
  struct bytes output;
};

/* A slot of a VM's shadow as its VMM has described it to the kernel. */
struct promise {
  uint32_t vpn, gpn, rights, space;
};

struct told; /* told.c */

struct guest {
  struct context context;
  uint32_t owner;      /* pid; 0 = no such VM */
  uint32_t state;      /* physical address of its state page */
  uint32_t ram, bytes; /* the window of its owner's memory */
  uint32_t pages,
      map;       /* of a VM whose VMM translates (platform.h, vm_window): where its owner has them; 0: none */
  uint64_t code; /* a hash of the translation when the VM was resumed; 0: none was taken */
  struct promise slot[WATCH_SLOTS];
  uint32_t status;   /* of its kernel's view, as the last mark had it; with VM_PARAVIRTUAL: one that knows */
  bool asked;        /* it was left by a hypercall of its kernel */
  struct told *told; /* what such a guest has told its hypervisor; NULL: nothing yet */
};

/* ---- told.c: the entries that a paravirtual guest has told its hypervisor, and not taken back ---- */

/* Carries out the queue of the guest's page 0 as HCALL_IRET and HCALL_FLUSH do (isa/para.h). `bytes` of RAM. The caller
 * ends with told_free. Dies with STATUS_USAGE when memory is short. */
struct para_page;
void told_queue(struct told **t, const struct para_page *page, uint32_t bytes);
/* The low word of the entry for a page of an ASID; 0: there is none. */
uint32_t told_entry(const struct told *t, uint32_t asid, uint32_t vpn);
void told_free(struct told *t);

/* The rules that are checked. */
enum watch_rule {
  RULE_MODE,      /* user mode, interrupts on, translated; only the kernel's code runs in kernel mode */
  RULE_TLB,       /* a TLB entry is one that its owner may have; no VM has written its translation */
  RULE_REGISTERS, /* a context is resumed with the registers that it had */
  RULE_FRAMES,    /* no writable frame is shared; the kernel's code is what was loaded */
  RULE_END,       /* the machine did not end as it should (safety.c) */
  WATCH_RULES
};

struct watch {
  struct machine *m;
  uint32_t image_end;  /* the kernel's image is [IMAGE_BASE, image_end) */
  uint32_t kernel_end; /* and with initrd and boot arguments the kernel's own is all below here */
  struct process process[WATCH_PROCESSES]; /* by pid */
  struct guest guest[WATCH_VMS];           /* by id */
  struct context *running, *next;          /* next: as marked by the kernel since the last trap */
  uint32_t pid;                            /* of the process that runs, or whose VM does */
  uint32_t id;                             /* of the VM that runs; 0 = the process itself */
  uint32_t next_pid, next_id, next_status;
  uint32_t creating;       /* pid inside vm_create */
  uint64_t resumed;        /* instructions retired when `running` was resumed */
  uint64_t exits, entries; /* traps out of user mode; TLB entries looked at */
  uint32_t until[2];       /* stop when one of these processes exits; 0 = none */
  uint8_t *owner;          /* a scratch byte a frame, for the census */
  bool go_on;              /* a violation does not stop the machine */
  char violation[256];     /* the first; empty = none */
  struct {
    bool violated;
    char text[256];
    uint64_t retired;  /* by the machine, when it was noticed */
  } rule[WATCH_RULES]; /* the first of each */
};

/* Observes m, which is loaded with `kernel` (an ELF image) and has not run yet, until watch_close. `w` must
 * stay where it is. Dies with STATUS_USAGE when memory is short. */
void watch_open(struct watch *w, struct machine *m, struct bytes kernel);
/* The same, but leaves m's observer alone: that observer must pass on what it sees to watch_observer's. */
void watch_begin(struct watch *w, struct machine *m, struct bytes kernel);
struct machine_observer watch_observer(struct watch *w);
/* Checks what can be checked only at the end: the kernel's code is what was loaded. */
void watch_finish(struct watch *w, struct bytes kernel);
void watch_close(struct watch *w); /* of watch_open */
void watch_end(struct watch *w);   /* of watch_begin */

/* ---- fuzz.c ---- */

/* The next random number; *seed is the generator's state. */
uint32_t fuzz_random(uint64_t *seed);
/* A bare image (an ELF file) of random instructions, with a trap handler that continues at a random place in
 * a random state. The caller frees .data. */
struct bytes fuzz_image(uint64_t *seed);
/* The same, of a guest that knows that it is one: its handler puts random operations, counts and words into the page that
 * it shares with its hypervisor, and makes random hypercalls, most of them IRET. The caller frees .data. */
struct bytes fuzz_para_image(uint64_t *seed);
/* A bare image that goes round a short loop of random work for others; with `para`, of a guest that knows that it is one.
 * The caller frees .data. */
struct bytes fuzz_greedy_image(uint64_t *seed, bool para);
/* A copy of an ELF image with up to twelve random instructions planted in its code.
 * The caller frees .data. */
struct bytes fuzz_mutant(struct bytes image, uint64_t *seed);

#endif
