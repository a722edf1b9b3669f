/* vmm.h - the virtual machine monitor: an ordinary user program over vm_run.
 *
 * It keeps the state of one virtual machine that is not in the state page it shares with the kernel:
 * the virtual STATUS, TIMER and tick, the virtual TLB, the guest's RAM (its own memory) and the virtual
 * devices. The guest runs on the real CPU, de-privileged; whatever traps comes back here.
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

/* ---- the virtual TLB: the real one's exact behaviour, found by hash ---- */

#define VTLB_SLOTS 256
#define VTLB_BUCKETS (4 * VTLB_SLOTS) /* few chains, so that a miss is soon known for one */
#define VTLB_NONE (-1)

struct vtlb_entry {
  uint32_t hi, lo; /* as tlbw wrote them, ignored bits cleared */
  int16_t next;    /* in the bucket's chain; VTLB_NONE ends it */
  bool valid;
};

struct vtlb {
  uint32_t entries, pointer;
  int16_t bucket[VTLB_BUCKETS];
  struct vtlb_entry slot[VTLB_SLOTS];
};

static inline int16_t *vtlb__bucket(struct vtlb *tlb, uint32_t hi) {
  return &tlb->bucket[((hi >> PAGE_SHIFT) ^ (hi & TLB_ASID_MASK) << 4) % VTLB_BUCKETS];
}

/* The entry for the VPN and ASID of hi, whose other bits are zero; NULL if there is none. */
static inline struct vtlb_entry *vtlb__find(struct vtlb *tlb, uint32_t hi) {
  for (int i = *vtlb__bucket(tlb, hi); i >= 0; i = tlb->slot[i].next)
    if (tlb->slot[i].hi == hi) return &tlb->slot[i];
  return NULL;
}

/* ---- devices ---- */

#define CONSOLE_BUFFER 64

#define LINE_BUFFER 128

/* With a name, output goes out line by line behind it, so that lines of several VMs do not mix. */
struct vline {
  const char *name; /* NULL: byte by byte, as it comes */
  char text[LINE_BUFFER];
  uint32_t n;
  bool open; /* its beginning is out already */
};

struct vconsole {
  struct vline out;
  uint8_t data[CONSOLE_BUFFER]; /* received, not yet read by the guest: [head, tail) */
  uint32_t head, tail;
  uint32_t ctrl;
  bool hung_up;
};

struct vblock {
  int fd; /* /dev/disk, or -1 */
  uint32_t sector, addr, count, status, sectors;
};

struct vm {
  struct vm_state *state; /* registers and PC, shared with the kernel */
  uint32_t timer;         /* virtual, like STATUS, which is the state page's vstatus */
  uint64_t tick;
  bool retired;    /* an instruction, since the last virtual trap, if there was one */
  bool pending;    /* a device asks for an interrupt; kept by device.c */
  uint32_t events; /* EVENT_... that are welcome; kept by device.c */
  bool off;
  uint32_t exit_status;
  int id;
  uint8_t *ram;
  uint32_t ram_bytes;
  uint32_t *low_core; /* the first words of ram */
  uint32_t clock_high;
  uint32_t initrd, initrd_bytes, args, args_bytes, hz;
  struct vconsole console;
  struct vblock block;
  struct vtlb tlb;
};

/* Code that would lengthen, inlined, the short way of the two commonest exits: a system call and its rfe. */
#define APART __attribute__((noinline))
#define LIKELY(condition) __builtin_expect(condition, 1)
#define UNLIKELY(condition) __builtin_expect(condition, 0)

/* An instruction's fields, as the manual draws them. */
static inline uint32_t insn_op(uint32_t i) { return i >> 25; }
static inline uint32_t insn_rd(uint32_t i) { return i >> 20 & 31; } /* also rs2 of a store */
static inline uint32_t insn_rs1(uint32_t i) { return i >> 15 & 31; }
static inline uint32_t insn_rs2(uint32_t i) { return i >> 10 & 31; }
static inline uint32_t insn_imm(uint32_t i) { return i & 0x7FFF; }

static inline void vm__set_register(struct vm *vm, uint32_t r, uint32_t value) {
  if (r) vm->state->x[r] = value;
}

static inline uint32_t vm__asid(const struct vm *vm) { return status_asid(vm->state->vstatus); }

/* The virtual STATUS decides in which space guest addresses are meant. */
static inline void vm__set_status(struct vm *vm, uint32_t status) {
  vm->state->vstatus = status & ST_MASK;
  vm->state->space = status & ST_T ? 1 + vm__asid(vm) : 0;
}

/* run.c: the loop */
int vm__run(struct vm *vm);                    /* until the guest powers off; its exit status */
void vm__stop(struct vm *vm, const char *why); /* check-stop, or something the VMM cannot go on from */

/* trap.c: one exit, decided */
void vm__trap(struct vm *vm);

/* reflect.c: into the guest's kernel, and its way back */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst);
void vm__rfe(struct vm *vm);

/* memory.c: a trap about an address, decided */
void vm__memory(struct vm *vm, uint32_t cause);

/* An emulated instruction retires like any other. */
static inline void vm__retire(struct vm *vm) {
  vm->state->pc += 4;
  vm->tick++;
  if (vm->timer) vm->timer--;
  vm->retired = true;
}

/* privileged.c: the six, rfe by way of reflect.c */
void vm__emulate(struct vm *vm, uint32_t insn);

/* vtlb.c */
void vtlb__init(struct vtlb *tlb, uint32_t entries);
uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi, uint32_t lo); /* the slot it went to */
void vtlb__clear(struct vtlb *tlb, struct vtlb_entry *e);
void vtlb__clear_asid(struct vtlb *tlb, uint32_t asid);
void vtlb__clear_all(struct vtlb *tlb);
void vm__shadow(struct vm *vm, uint32_t slot); /* tells the kernel, at the next entry, what the slot holds */

/* device.c: the bus of the virtual machine, and what stands on it */
void device__init(struct vm *vm);
void device__access(struct vm *vm, uint32_t gpa,
                    uint32_t bus_error); /* the load or store that trapped; bus_error: its cause */
bool device__room(const struct vm *vm);  /* for console input */
void device__receive(struct vm *vm);     /* takes what our own console has */
void device__flush(struct vm *vm);       /* shows the line that the guest has begun */

/* load.c */
void vm__load(struct vm *vm, const char *kernel, int words, char **word);

/* main.c */
_Noreturn void die(const char *what, const char *why); /* exit status 125 */

#endif
