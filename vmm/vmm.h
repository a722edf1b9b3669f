/* vmm.h - the virtual machine monitor (VMM): an ordinary user program that runs one virtual machine.
 *
 * The guest runs on the real CPU, but in user mode, by the system call vm_run. Whatever traps comes back
 * here, and the VMM decides: the trap is the guest kernel's to handle (reflect), or the VMM does for the
 * virtual machine what the hardware would have done for a real one (emulate). Read run.c first, then trap.c,
 * reflect.c, privileged.c, memory.c.
 *
 * Names: a function of the VMM that works on an object is called object__verb, as in kvmtool, for example
 * vm__reflect(vm, ...) and vtlb__find(tlb, ...). Names with one underscore, such as vm_run and vm_create, are
 * system calls: vm__run is the VMM's loop, and vm_run is the system call that the loop makes. */
#ifndef VMM_H
#define VMM_H

#include <pg32.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the hot path ----
 *
 * From a trap of the guest until it goes on, kernel and VMM execute at most 300 instructions
 * (tests/unit/test_stack.c). guestos/hot.h explains the means. In the VMM they are these: the two commonest
 * exits, a system call and an rfe, are tested first; rare cases are functions of their own, so that the path
 * needs no larger stack frame for them; and a computed address is not computed again for each use. */
#define noinline __attribute__((__noinline__))
#define likely(condition) __builtin_expect(condition, 1)
#define unlikely(condition) __builtin_expect(condition, 0)
#define OPTIMIZER_HIDE_VAR(variable) __asm__("" : "+r"(variable))

/* ---- the virtual TLB: behaves exactly as the real one does ---- */

#define VTLB_SLOTS 256
#define VTLB_BUCKETS (4 * VTLB_SLOTS) /* so many that most chains are empty: then a miss is known at once */
#define VTLB_NONE (-1)

struct vtlb_entry {
  uint32_t hi, lo; /* as tlbw wrote them, but with the bits cleared that the TLB ignores */
  uint16_t born;   /* tlb->now when they were written */
  int16_t next;    /* slot that follows in the bucket's chain; VTLB_NONE ends the chain */
  bool valid;      /* exactly the valid entries are in the chain of their bucket */
};

struct vtlb {
  uint32_t entries; /* slots that the virtual TLB has: 2 to VTLB_SLOTS */
  uint32_t pointer; /* slot that the next tlbw replaces, unless it replaces its own entry in place */

  /* A tlbi of an ASID, or of all, takes the same time however many entries there are: a valid entry is dead if it was
   * born before its ASID was cleared. */
  uint16_t now, cleared_all; /* how many such tlbis there were; after the last one of all */
  struct vtlb_entry slot[VTLB_SLOTS];
  uint16_t cleared[ASIDS];      /* by ASID: `now` after the last one */
  int16_t bucket[VTLB_BUCKETS]; /* the first slot of the chain, or VTLB_NONE */
};

static inline bool vtlb__is_live(const struct vtlb *tlb, const struct vtlb_entry *e) {
  return e->born >= tlb->cleared[e->hi & TLB_ASID_MASK] && e->born >= tlb->cleared_all;
}

static inline int16_t *vtlb__bucket(struct vtlb *tlb, uint32_t hi) {
  return &tlb->bucket[((hi >> PAGE_SHIFT) ^ (hi & TLB_ASID_MASK) << 4) % VTLB_BUCKETS];
}

/* The valid entry for the VPN and the ASID in hi, dead or alive; the other bits of hi must be zero. There is one at most.
 * NULL: there is none. */
static inline struct vtlb_entry *vtlb__slot(struct vtlb *tlb, uint32_t hi) {
  for (int i = *vtlb__bucket(tlb, hi); i >= 0; i = tlb->slot[i].next)
    if (tlb->slot[i].hi == hi) return &tlb->slot[i];
  return NULL;
}

/* The same, but NULL for a dead one. */
static inline struct vtlb_entry *vtlb__find(struct vtlb *tlb, uint32_t hi) {
  struct vtlb_entry *e = vtlb__slot(tlb, hi);
  return e && vtlb__is_live(tlb, e) ? e : NULL;
}

/* ---- the virtual devices ---- */

#define CONSOLE_BUFFER 64
#define LINE_BUFFER 128

/* What the guest prints. If the VMM was given a name, output goes out in whole lines behind that name, so
 * that the lines of several VMs do not mix. */
struct vline {
  const char *name; /* NULL: each byte goes out at once */
  char text[LINE_BUFFER];
  uint32_t n; /* bytes in text */
  bool open;  /* the beginning of this line has gone out already */
};

struct vconsole {
  struct vline out;
  uint8_t data[CONSOLE_BUFFER]; /* a ring of received bytes that the guest has not read: [head, tail) */
  uint32_t head, tail;          /* count up for ever; tail - head <= CONSOLE_BUFFER */
  uint32_t ctrl;                /* the register CONSOLE_CTRL */
  bool hung_up;                 /* no more input will come from our own console */
};

struct vblock {
  int fd;                       /* /dev/disk, or -1 */
  uint32_t sector, addr, count; /* the device's registers */
  uint32_t status;              /* of the last command: BLOCK_... */
  uint32_t sectors;             /* that the disk has */
};

/* ---- the ways ----
 *
 * How a VMM deals with its CPU is its way. The core (this folder) has the loop, the exits, the devices and the
 * loader; each way has a folder. The core calls a way by this record. */
struct vm;
struct way {
  const char *name; /* for --way */

  /* Lets the guest run, as the system call vm_run does, and tells the same in the state page when it returns:
   * of the guest, whatever the CPU has really executed in the guest's place. */
  int (*run)(int id);

  /* Takes a word that follows the name in --way NAME,WORD,... False: the way has no such option. NULL: it has none. */
  bool (*option)(const char *word);
  /* Before the guest's first instruction. NULL: nothing is to be done. */
  void (*start)(struct vm *vm);
  /* The block device has written to the guest's RAM. NULL: that does not matter. */
  void (*written)(uint32_t gpa, uint32_t bytes);
};
extern const struct way trap_way;      /* trap/trap_way.c */
extern const struct way translate_way; /* translate/way.c */
extern const struct way para_way;      /* para/way.c */

/* ---- the virtual machine ---- */

/* The guest's registers, its PC and its STATUS are in the state page, which the VMM shares with the kernel
 * (struct vm_state in platform.h): state->x, state->pc, state->vstatus. The rest of the virtual machine is
 * here. */
struct vm {
  struct vm_state *state;
  uint32_t timer; /* virtual TIMER: instructions until the timer's interrupt */
  const struct way *way;
  uint64_t tick;   /* instructions and idle ticks since the guest's reset: what its clock shows */
  bool retired;    /* an instruction has retired since the last virtual trap, or there was no trap yet */
  bool pending;    /* a device asks for an interrupt; kept up to date by device.c */
  uint32_t events; /* EVENT_... that should end vm_run; kept up to date by device.c */
  bool off;        /* the guest has powered off, or was stopped */
  uint32_t exit_status;
  int id; /* for vm_run */
  uint8_t *ram;
  uint32_t ram_bytes;
  uint32_t *low_core;  /* the guest's low core: the first words of ram */
  uint32_t clock_high; /* what CLOCK_HI answers: latched by the last load of CLOCK_LO */
  uint32_t initrd, initrd_bytes, args, args_bytes, hz; /* the machine facts that the guest can load */
  struct vconsole console;
  struct vblock block;
  struct vtlb tlb;
};

/* The fields of an instruction word, as the manual draws them. */
static inline uint32_t insn_op(uint32_t i) { return i >> 25; }
static inline uint32_t insn_rd(uint32_t i) { return i >> 20 & 31; } /* in a store, the stored register */
static inline uint32_t insn_rs1(uint32_t i) { return i >> 15 & 31; }
static inline uint32_t insn_rs2(uint32_t i) { return i >> 10 & 31; }
static inline uint32_t insn_imm(uint32_t i) { return i & 0x7FFF; }

/* Register 0 stays 0. */
static inline void vm__set_register(struct vm *vm, uint32_t r, uint32_t value) {
  if (r) vm->state->x[r] = value;
}

static inline uint32_t vm__asid(const struct vm *vm) { return status_asid(vm->state->vstatus); }

/* Sets the virtual STATUS, and with it the space in which the guest's addresses are meant: space 0 while it
 * runs untranslated, else 1 + its ASID. */
static inline void vm__set_status(struct vm *vm, uint32_t status) {
  vm->state->vstatus = status & ST_MASK;
  vm->state->space = status & ST_T ? 1 + vm__asid(vm) : 0;
}

/* An emulated instruction is done: it takes one tick, like any other, and the guest goes on behind it. */
static inline void vm__retire(struct vm *vm) {
  vm->state->pc += 4;
  vm->tick++;
  if (vm->timer) vm->timer--;
  vm->retired = true;
}

/* ---- run.c: the loop ---- */
int vm__run(struct vm *vm); /* runs the guest until it powers off; returns its exit status */
void vm__stop(struct vm *vm, const char *why); /* the guest cannot go on: says why, and ends the loop */

/* ---- trap.c: what to do about a trap out of the guest ---- */
void vm__trap(struct vm *vm); /* the trap is described in vm->state */

/* ---- reflect.c: into the guest's kernel, and back ---- */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst);
void vm__rfe(struct vm *vm);

/* ---- memory.c: what to do about a trap that is about an address ---- */
void vm__memory(struct vm *vm, uint32_t cause); /* cause: the real one; the address is vm->state->badva */

/* ---- privileged.c: the privileged instructions ---- */
void vm__emulate(struct vm *vm, uint32_t insn);

/* ---- vtlb.c: the virtual TLB, and what the kernel is told about it ---- */
void vtlb__init(struct vtlb *tlb, uint32_t entries);
uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi,
                     uint32_t lo); /* tlbw; returns the slot that was written */
void vtlb__clear(struct vtlb *tlb, struct vtlb_entry *e);
void vtlb__clear_asid(struct vtlb *tlb, uint32_t asid);
void vtlb__clear_all(struct vtlb *tlb);
void vm__shadow(struct vm *vm, uint32_t slot); /* the next vm_run tells the kernel what the slot holds */

/* ---- device.c: the bus of the virtual machine, and its devices ---- */
void device__init(struct vm *vm);
/* Emulates the load or store that has trapped (vm->state->badinst), of the device register at guest-physical
 * address gpa. If there is no such register, the guest gets bus_error, a cause. */
void device__access(struct vm *vm, uint32_t gpa, uint32_t bus_error);
bool device__fact(const struct vm *vm, uint32_t reg,
                  uint32_t *value);     /* FACTS_...; false: there is no such register */
bool device__room(const struct vm *vm); /* can the virtual console take more input? */
void device__receive(struct vm *vm);    /* takes input from our own console; waits if there is none */
void device__flush(struct vm *vm);      /* prints the line that the guest has begun */

/* ---- load.c ---- */
/* Fills the fresh VM's RAM: kernel image, initrd (a file; NULL: none) and boot arguments (words). Sets the
 * PC. */
void vm__load(struct vm *vm, const char *kernel, const char *initrd, int words, char **word);

/* ---- main.c ---- */
_Noreturn void die(const char *what, const char *why); /* exits with status 125 */

/* ---- names of earlier versions ----
 *
 * Submissions to the labs that were written with these names still build. New code does not use them. */
#define vtlb_bucket vtlb__bucket
#define vtlb_find vtlb__find
#define vm_set_register vm__set_register
#define vm_asid vm__asid
#define vm_set_status vm__set_status
#define APART noinline
#define LIKELY likely
#define UNLIKELY unlikely

#endif
