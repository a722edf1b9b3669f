/* internal.h - the recorder's data, and the functions that its files share.
 *
 *   lanes.c     which lane runs: the tree of operating systems and their processes, from marks
 *   claims.c    the guest's state while a translation of its code runs, from the claims of its VMM
 *   guest.c     the virtual STATUS and TLB of each VM, from its guest's own traps; what they call for
 *   verdict.c   what became of each trap out of a VM, from low cores and PCs; whether that was due
 *   shadow.c    whether the machine's TLB is within that of the VM, and the VM's clock its own
 *   wrong.c     the sentences about wrong answers
 *   contexts.c  the user contexts that wait for their guest kernel, and which of them is resumed
 *   lists.c     the steps of the lecture's two lists, and of ours for protection faults
 *   sentences.c the sentences that tell the steps
 *   text.c      how both are put together
 *   recorder.c  the machine's observer; the queue of records that wait; counts
 *   copy.c      snapshots of a recorder
 *
 * recorder.h defines the words: lane, level, event, record, verdict, step. Words used here only:
 *
 *   node       one operating system: the host's, or that of a VM. Nodes form a tree: the parent of a VM's
 *              node is the operating system on which its VMM runs.
 *   pending    a trap out of a VM whose verdict at that VM's level is not known yet.
 *   answer     what settles a pending trap: the resume of that VM, and the verdict that follows from it.
 *   handed     a pending trap is handed to the VMM when the VMM's process runs again after the trap.
 *   handling   a trap that a kernel was entered with and has not left by rfe yet. */
#ifndef RECORDER_INTERNAL_H
#define RECORDER_INTERNAL_H

#include <stddef.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/recorder.h"

#define NO_LANE UINT32_MAX
enum { /* system-call numbers */
#define S(number, name, arguments) SYS_##name = number,
       PG32_SYSCALLS(S)
#undef S
};

#define NESTED 8 /* traps during the handling of traps, in one kernel, that are told apart */

struct low_core {
  uint32_t pc, status, timer, cause, badva, badinst, vector;
};

struct tlb_write {
  uint64_t event;
  uint32_t hi, lo;
};

/* What must be known of a trap out of a VM when its answer comes. */
struct trap_facts {
  uint64_t event, tick;
  uint32_t lane, depth;
  bool user; /* did it come from virtual user mode? */
  uint32_t cause, pc, badva, badinst, a0, a7, rs1, rs2;
  /* If the machine executed a translation of the guest's code, the facts above are those of the guest's own code,
   * and cause is 0 if only the translation has trapped. What the machine said, and where the level around was: */
  uint32_t machine_cause, around_pc;
  enum pg32_id insn; /* PRIVILEGED: which; else PG32_ILLEGAL */
  bool rfe_known;    /* for the rfe of a guest kernel: its low core was known, and said: */
  uint32_t rfe_target, rfe_status, rfe_timer;
  /* By level: the ASID that the operating system below uses for the address space that trapped; and at levels
   * over 1, with what that operating system was entered */
  uint32_t asid, entry_pc, entry_cause;
};

/* What a correct VMM does with a trap. */
struct call_for {
  uint8_t action;   /* enum due, or the cause with which the guest's kernel must be entered */
  uint8_t or_cause; /* or this cause, as far as the recorder knows: mostly a bus error; 0 = no */
  bool
      or_emulate; /* or it carries the access out, because a page with translated code must not be stored to */
  uint32_t pa;    /* the guest-physical address that these two depend on */
};

struct answer {
  enum verdict verdict, did; /* did: the same, but if it is WRONG, what it would be if it were due */
  bool injected, hidden_fill;
  bool by_hypervisor; /* of a guest that knows that it is one: its VMM has not run */
  uint8_t due;        /* enum due, or a cause */
  uint8_t seen;       /* the cause in the low core with which the guest's kernel was entered; 0: it was not */
  enum wrong wrong;
  struct call_for learn; /* the RAM's size may follow from the answer */
  uint32_t wrong_word[2];
};

struct finding { /* what is wrong besides the answer itself; all 0: nothing */
  enum wrong wrong;
  uint32_t word[2];
};

/* As recorder_done. */
static inline enum verdict answer_done(const struct answer *a) {
  return a->wrong > WRONG_CAUSE ? a->did : a->verdict;
}

/* The pending trap of a VM, if there is one. */
struct pending {
  bool open;            /* there is */
  uint32_t vstatus;     /* the virtual STATUS before the answer */
  uint64_t around;      /* the time of the machine or VM around, at the trap */
  bool judged;          /* the VM is being resumed, and `answer` is its VMM's */
  struct answer answer; /* before it has any effect */
  struct trap_facts trap;
  uint64_t handed; /* the RESUME by which it was handed to the VMM; 0 = not yet */
  uint32_t handed_to, handed_pc, handed_a0;
  bool handed_by_vm_run;   /* the resume was the return from vm_run */
  bool filled;             /* the kernel below has since written a TLB entry while handling it */
  struct tlb_write asked;  /* of a hypercall: the entry that its queue has for a fault; event 0: none */
  struct tlb_write shadow; /* of a tlbw or TLB fault: what the kernel below has since written for that page */
};

/* Whose is the ASID of a context? */
enum space_state {
  SPACE_KEPT,        /* its address space's, as when it trapped */
  SPACE_INVALIDATED, /* the kernel has invalidated the ASID's entries since, perhaps to give it away */
  SPACE_TAKEN        /* and then another context has run in that ASID */
};

/* A user context of a VM whose reflected trap its guest kernel handles. */
struct context {
  uint64_t event;     /* the trap */
  uint32_t lane;      /* that trapped */
  uint32_t pc, badva; /* as the trap saved them */
  uint32_t status;    /* virtual STATUS, as the trap saved it */
  uint32_t asid;      /* that the operating system below uses for its address space */
  uint32_t x[32];     /* registers at the trap */
  enum lecture_list list;
  uint8_t right;       /* of a TLB list: TLB_R, TLB_W or TLB_X, the one that was needed */
  uint8_t level, step; /* step: the last one of the list that was recognized */
  bool returned;       /* the kernel has returned to it, but an interrupt came first */
  bool told;           /* it has been told that its address space runs on elsewhere */
  bool left;           /* its address space has run on elsewhere */
  bool unsure;         /* a context has been resumed that may have been this one */
  uint8_t space;       /* enum space_state */
};

struct handling {
  uint64_t event;
  uint32_t lane;
};

#define GUEST_TLB 256
#define GUEST_BUCKETS 512
/* The virtual TLB of a VM, as its guest's tlbw and tlbi have made it. */
struct guest {
  enum machine_cpu cpu;
  bool tlb_known; /* the recorder has seen the VM since its reset */
  bool suspect;   /* the machine's TLB has had more than the virtual TLB since the last tlbi */
  uint32_t entries, pointer;
  uint32_t features;            /* of the CPU: CPU_FEATURE_... */
  uint32_t ram_least, ram_most; /* guest-physical addresses below the one are RAM, from the other on not */
  uint32_t hi[GUEST_TLB], lo[GUEST_TLB];
  int16_t bucket[GUEST_BUCKETS]; /* by hash of hi: the first slot of a chain */
  int16_t next[GUEST_TLB];
};

/* Whose address space an ASID of an operating system's machine stands for, when it was used last. */
struct space {
  struct node *node; /* of a VM on that operating system; NULL: a process's, or not known */
  uint32_t asid;     /* the guest's own */
  bool window;       /* with the VMM's window at its end */
};

struct child { /* a process or VM, as a kernel has marked it; kind 0 = none yet */
  uint32_t kind, id, vstatus;
};

struct process { /* that has been named or has run */
  struct process *next;
  uint32_t pid, lane;       /* lane: NO_LANE until it runs under this name */
  char name[2 * PROC_NAME]; /* as its kernel tells it; in a container with the container's name before it */
};

/* An operating system. */
struct node {
  struct node *next, *parent; /* next: in the list of all nodes */
  struct node *twin;          /* its copy, while the tree is being copied */
  /* The time of the VM: instructions that it has retired. Not known if it has slept in `wait`. */
  bool ticks_known;
  uint64_t ticks;
  uint64_t born,
      born_around;         /* when its VM first ran: tick of the machine, time of the VM around (or tick) */
  uint32_t depth, vm, vms; /* vm: its id in the parent's marks; vms: VMs that it has had so far */
  bool gone;
  char name[32]; /* "host", "vm1", "vm1.2" */
  uint32_t kernel_lane, idle_lane, user_lane;
  struct process *processes;
  /* lanes.c */
  struct child marked, child; /* marked last; marked last before the kernel's last rfe: what runs now */
  bool idle;
  uint32_t naming; /* 1 + the pid whose name the marks at hand spell; 0 = none */
  /* The virtual STATUS since the VM was last resumed: as its guest has made it (guest.c) if status_known,
   * else as its VMM keeps it. vmm_status: as the VMM keeps it, from the marks of the kernel below */
  bool status_known;
  uint32_t vstatus, vmm_status;
  /* claims.c: of a VM whose VMM translates */
  bool translated; /* since the VM was last resumed a translation runs in its place */
  bool para;       /* its kernel knows that it is a guest (isa/para.h) */
  bool data_known; /* the page with STATUS and registers of the guest: real address */
  uint32_t data_page;
  uint32_t data_status, ours[32]; /* what it said when it was looked at last */
  uint32_t pc;                    /* the guest's, where the VM was last resumed */
  uint32_t window_asid;           /* that the operating system below uses for the space with the window */
  uint32_t caller, vmm;           /* lanes: the process here that called vm_run last; the VMM of this VM */
  /* the virtual TIMER when instructions were last counted */
  bool timer_known;
  uint32_t timer;
  /* verdict.c */
  struct guest *guest; /* of a VM; NULL: memory was short, or the VM is gone */
  struct pending pending;
  /* shadow.c: whose address space each ASID of this operating system's machine stands for */
  struct space space[ASIDS];
  bool low_known, asid_known;
  uint32_t low_page, asid; /* real address of its physical page 0; the ASID under which it saw it */
  struct handling handling[NESTED];
  unsigned handlings;
  /* contexts.c */
  struct context *contexts; /* the oldest first */
  uint32_t ncontexts, context_room;
  bool forgot_contexts; /* there were too many */
};

struct runner { /* a lane, and what is not public of it */
  struct lane lane;
  struct node *node;
  uint64_t retired;
  struct claims *claims;      /* of a VMM that translates; else NULL */
  bool in_vm_run;             /* it has called vm_run and has not gone on since: */
  uint32_t vm_run, call_asid; /* the VM that it named, and the real ASID in which it called */
};

struct held { /* a record that waits */
  struct record record;
  unsigned open; /* levels whose verdict is not known */
};

struct recorder {
  struct machine *m;
  struct machine_view now; /* m, when it last called the observer */
  recorder_sink *sink;
  void *sink_arg;
  struct node *nodes, *root; /* nodes: the list of all; root: the host's operating system */
  struct runner **runners;
  uint32_t lanes, lane_room;
  uint32_t current;
  uint64_t retired; /* instructions of the machine that have been counted */
  bool from_reset;  /* it has seen the whole run, so that a VM that it does not know is a new one */
  bool powered_off, short_of_memory, finished;
  struct held *queue; /* a ring; `room` is a power of 2, RECORDER_WAITING at most */
  size_t room;
  uint64_t first, next; /* events in it: first .. next - 1 */
  struct depth_stats stats[RECORDER_DEPTH];
  uint32_t depths;
};

static inline struct runner *runner(const struct recorder *r, uint32_t lane) { return r->runners[lane]; }
static inline bool lane_in_kernel(const struct runner *lane) {
  return lane->lane.kind == LANE_KERNEL || lane->lane.kind == LANE_IDLE;
}

/* ---- recorder.c ---- */
/* The record of an event; NULL when it no longer waits. */
struct held *recorder_held(const struct recorder *r, uint64_t event);
/* Makes room for so many records to wait. False if memory is short or that is over RECORDER_WAITING. */
bool recorder_reserve(struct recorder *r, uint64_t records);
/* Enters the verdict of one level on a trap, and counts it. */
void recorder_settle(struct recorder *r, const struct trap_facts *trap, uint32_t level, struct answer answer);
/* Counts a trap that has reached the VMM of level 1. */
void recorder_count_exit(struct recorder *r, const struct trap_facts *trap);

/* So many instructions have retired in the VM of n. */
static inline void node_retires(struct node *n, uint64_t instructions) {
  n->ticks += instructions;
  n->timer = n->timer > instructions ? n->timer - (uint32_t)instructions : 0;
}

/* ---- lanes.c ---- */
/* A node for VM `vm` of parent, or for the host's operating system (NULL). NULL if memory is short. */
struct node *recorder_lanes_new_node(struct recorder *r, struct node *parent, uint32_t vm);
void recorder_lanes_free(struct recorder *r);
/* The lane that runs executes a mark. */
void recorder_lanes_mark(struct recorder *r, uint32_t kind, uint32_t a, uint32_t b);
/* The kernel of n executes rfe: what it marked last runs now. */
void recorder_lanes_rfe(struct node *n);
/* The lane that runs after an rfe of the real kernel that has loaded this STATUS. */
uint32_t recorder_lanes_follow(struct recorder *r, uint32_t status);

/* ---- claims.c ---- */
/* The process whose lane is `vmm` executes a MARK_CLAIM. */
void recorder_claims_mark(struct recorder *r, struct runner *vmm, uint32_t a, uint32_t b);
/* A copy, which is freed by free(). NULL if memory is short. */
struct claims *recorder_claims_copy(const struct claims *c);
size_t recorder_claims_bytes(const struct claims *c); /* that they take; 0 for NULL */
/* Does the VMM of n translate? */
bool recorder_claims_any(const struct recorder *r, const struct node *n);
/* *g is the state of what the operating system around n's VM runs, which is that VM; it becomes the state of the VM. */
void recorder_claims_look_through(const struct recorder *r, struct node *n, struct recorder_guest *g);
/* The VM of n runs with that STATUS of the machine: the page that tells its state may be seen now. */
void recorder_claims_learn_data(struct recorder *r, struct node *n, uint32_t real_status);

/* ---- guest.c ---- */
/* The virtual TLB of a new VM. NULL if memory is short. */
struct guest *recorder_guest_new(const struct recorder *r);
/* The VMM of n has emulated that instruction of the guest's kernel. */
void recorder_guest_emulated(struct node *n, const struct trap_facts *trap);
/* The process whose lane is `vmm` executes a MARK_POSTED: so has the kernel of the VM that it runs. */
void recorder_guest_posted(struct recorder *r, uint32_t vmm, uint32_t a, uint32_t b);
/* The low word of the virtual TLB's entry for the page and ASID in hi, to *lo, with bit 3 set; 0 if there is
 * none. False: the virtual TLB of n is not known. */
bool recorder_guest_entry(const struct node *n, uint32_t hi, uint32_t *lo);
/* The entry in a slot of n's virtual TLB, hi without bits 8 to 11. False: the slot is empty, or not known. */
bool recorder_guest_slot(const struct node *n, uint32_t slot, uint32_t *hi, uint32_t *lo);
/* What the state of n's VM calls for at that trap. */
struct call_for recorder_guest_due(const struct node *n, const struct trap_facts *trap);
/* The VMM of n has answered a trap of which `due` was due, by filling or with a bus error. */
void recorder_guest_learn_ram(struct node *n, const struct call_for *due, bool filled);

/* ---- shadow.c ---- */
/* The operating system `around` has resumed the VM of n, by an rfe that loaded that STATUS of its machine; n
 * NULL: a process. */
void recorder_shadow_runs(struct node *around, struct node *n, uint32_t status);
/* The time of the machine or VM around n's VM. */
uint64_t recorder_time_around(const struct recorder *r, const struct node *n);
/* The VM of n runs on after that answer to its pending trap: is the TLB of the machine around within its own,
 * and its clock its own? */
struct finding recorder_shadow_check(const struct recorder *r, struct node *n, const struct answer *a);

/* ---- verdict.c ---- */
/* The VM of n, which `below` really runs with STATUS real_status, is resumed at n->pc, which the level around has as
 * around_pc: judges the pending trap of n, if there is one, and brings n->vstatus up to date. */
void recorder_verdict_judge(struct recorder *r, struct node *n, uint32_t real_status, uint32_t around_pc);
/* A trap out of a VM: it is pending at each level from now on. Adds to *trap what the levels know. */
void recorder_verdict_trap(struct recorder *r, struct trap_facts *trap, const struct machine_trap *machine);
/* The facts of t that follow from that trap, with the registers x. */
void recorder_verdict_facts(struct trap_facts *t, const struct machine_trap *trap, const uint32_t *x);
/* r->current has been resumed, which was recorded as `event`: the pending traps of its VMs are answered. */
void recorder_verdict_resume(struct recorder *r, uint64_t event);
/* The machine's TLB was written: perhaps for the trap at hand; it may also show where a low core is. */
void recorder_verdict_tlbw(struct recorder *r, const struct tlb_write *write);
/* The VM of n and all VMs in it are gone. */
void recorder_verdict_kill(struct recorder *r, struct node *n);
/* The recording ends: no pending trap will be answered. */
void recorder_verdict_finish(struct recorder *r);
/* The low core of n's VM. False, and *e all zero, while it is not known where that is. */
bool recorder_low_core_read(const struct recorder *r, const struct node *n, struct low_core *e);

/* ---- contexts.c: x is 32 registers, status the virtual STATUS of the VM's user ---- */
/* A new context, all zero, the last of n's. NULL if memory is short. */
struct context *recorder_context_add(struct recorder *r, struct node *n);
void recorder_context_drop(struct node *n, struct context *c);
struct context *recorder_context_at(const struct node *n, uint32_t pc, uint32_t status, const uint32_t *x);
struct context *recorder_context_elsewhere(const struct node *n, uint32_t status, const uint32_t *x);
/* Are the registers those of the context, but for a few? */
bool recorder_context_is_alike(const struct context *c, const uint32_t *x);
/* A context of n traps at pc. One that waits, and is the same for all that can be seen, waits no longer. */
void recorder_context_replaced(struct node *n, uint32_t pc, uint32_t status, const uint32_t *x);
/* The kernel of n has executed tlbi. */
void recorder_contexts_invalidated(struct node *n, uint32_t hi, uint32_t scope);
/* A context of n has been resumed, and waits no longer. matched: it is one of those that waited. */
void recorder_contexts_run(struct node *n, uint32_t pc, uint32_t status, const uint32_t *x, bool matched);
/* The VM that runs now goes on at *pc with registers x: the context to which this leads by a few plain
 * instructions, with *pc and x as they will be there. NULL: to none that has begun a list, as far as can be
 * seen. */
struct context *recorder_context_ahead(const struct recorder *r, const struct node *n, uint32_t status,
                                       uint32_t *x, uint32_t *pc);

/* ---- lists.c ---- */
struct resume { /* of a VM; the registers are those of the lane that runs then */
  uint64_t event;
  uint32_t to, pc, a0, a7;
};
#define QUEUED 32
struct queued { /* the entries in the queue of a guest that knows that it is one */
  uint32_t entries;
  struct {
    uint32_t hi, lo;
  } entry[QUEUED];
};
/* At a hypercall of the guest of n that carries out its queue: the first entry there which is for a fault that its kernel
 * handles; event 0: there is none. */
struct tlb_write recorder_lists_asked(const struct node *n, const struct queued *q, uint64_t event);
/* p, a trap in the VM of n, was reflected: a list may begin. vstatus: the virtual STATUS that trapped. */
void recorder_lists_reflected(struct recorder *r, struct node *n, const struct pending *p,
                              const struct resume *to, const struct low_core *e, uint32_t vstatus);
/* p, a privileged instruction of n's kernel, was emulated: a list may go on. */
void recorder_lists_emulated(struct recorder *r, struct node *n, const struct pending *p,
                             const struct resume *to, const struct low_core *e);

/* ---- sentences.c ---- */
/* Which sentence tells a step; ..._DEEPER: for a VM in a VM. */
enum sentence {
  SYSCALL_TRAPPED,
  SYSCALL_TRAPPED_DEEPER,
  HANDED,
  HANDED_BY_VM_RUN,
  SYSCALL_REFLECTED,
  SYSCALL_REFLECTED_AS_CALLED, /* with the registers of the call */
  MISS_TRAPPED,
  MISS_TRAPPED_DEEPER,
  MISS_REFLECTED,
  TLBW_EXECUTED,
  TLBW_TRAPPED,
  TLBW_TRAPPED_DEEPER,
  ADJUSTED,
  NOT_ADJUSTED,
  RFE_TRAPPED,
  SYSCALL_RETURNED,
  RETRIED,
  RETRIED_IN_VAIN,
  RETRIED_GONE,      /* the entry that was loaded has gone again */
  RETRIED_DROPPED,   /* a protection fault, and the entry is gone */
  RETRIED_FORBIDDEN, /* a protection fault, and the entry is as it was */
  PROT_TRAPPED,
  PROT_TRAPPED_DEEPER,
  MTST_TRAPPED,
  SYSCALL_RETURNED_BY_JUMP,
  RETRIED_BY_JUMP,
  RESTARTED, /* elsewhere: at its own syscall */
  SKIPPED,   /* elsewhere: after the instruction that faulted */
  RAN_ELSEWHERE,
  RAN_ELSEWHERE_UNTRANSLATED,
  /* of guests that know that they are guests, where the hypervisor in the kernel below has acted, and no VMM */
  SYSCALL_REFLECTED_BELOW,
  MISS_REFLECTED_BELOW,
  ENTRY_ASKED,
  IRET_CALLED,
  SYSCALL_RETURNED_BELOW,
  SENTENCES
};

/* ---- text.c ---- */

struct text { /* where the next character goes, and the room from there; at least 1, for the 0 */
  char *at;
  size_t left;
};
/* Appends, as printf; what the room does not hold is cut. */
void recorder_put(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for n bytes, and for a number to base 10 or 16 with `width` digits at least, up to 11: quicker, for the
 * sentences of steps, of which a trace has millions. */
void recorder_put_bytes(struct text *t, const char *bytes, size_t n);
void recorder_put_number(struct text *t, uint32_t number, unsigned base, unsigned width);

#endif
