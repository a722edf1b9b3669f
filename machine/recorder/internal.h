/* internal.h - the inside of the recorder, and what its files say to each other.
 *
 *   lanes.c     who runs: the tree of operating systems, from marks
 *   verdict.c   what became of a trap, from low cores and PCs alone
 *   lists.c     the lecture's two numbered lists, from verdicts
 *   sentences.c what their steps say
 *   recorder.c  the machine's observer, the queue of records, the counts
 *   copy.c  all of it as a value
 *
 * It is asked at every trap, so it reads the machine itself where the public functions would copy much. */
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

#define NESTED 8 /* traps within traps of one kernel that are told apart */

struct low_core {
  uint32_t pc, status, timer, cause, badva, badinst, vector;
};

struct tlb_write {
  uint64_t event;
  uint32_t hi, lo;
};

/* A trap out of a guest: what is still to be known when it is answered. */
struct trap_facts {
  uint64_t event;
  uint32_t lane, depth;
  bool user; /* the innermost guest's virtual mode */
  uint32_t cause, pc, badva, badinst, a0, a7, rs1, rs2;
  enum pg32_id insn; /* PRIVILEGED: which; else PG32_ILLEGAL */
  bool rfe_known;    /* rfe of a guest kernel: what its low core said then */
  uint32_t rfe_target, rfe_timer;
  /* for the level that it is kept for: the ASID that the OS below knows its address space by; and for levels
   * over 1, where that OS was entered with it */
  uint32_t asid, entry_pc, entry_cause;
};

/* A trap that one level has not answered yet. */
struct pending {
  bool open;
  struct trap_facts trap;
  uint64_t handed; /* the RESUME of the VMM since; 0 = not yet */
  uint32_t handed_to, handed_pc, handed_a0;
  bool handed_by_vm_run;   /* whose return that was */
  bool filled;             /* the kernel below has written a TLB entry since, for it */
  struct tlb_write shadow; /* tlbw: what the kernel below wrote for that page since */
};

/* What a lane waits for: the answer to its reflected trap. */
struct outstanding {
  uint64_t event; /* 0 = nothing */
  uint32_t pc, badva, asid;
  enum lecture_list list;
  uint8_t level, step; /* the last step that was recognized */
};

struct handling {
  uint64_t event;
  uint32_t lane;
};

struct child { /* as marked; kind 0 = nothing */
  uint32_t kind, id, vstatus;
};

struct process { /* one that has been named or has run */
  struct process *next;
  uint32_t pid, lane; /* NO_LANE until it runs under this name */
  char name[PROC_NAME];
};

/* One operating system: the host's, or that of a VM. */
struct node {
  struct node *next, *parent; /* next: all of them */
  struct node *twin;          /* its copy, while a tree is being copied */
  uint32_t depth, vm, vms;    /* vm: the parent's id for it; vms: children so far, which number them */
  bool gone;
  char name[32]; /* "host", "vm1", "vm1.2" */
  uint32_t kernel_lane, idle_lane, user_lane;
  struct process *processes;
  /* lanes.c */
  struct child marked, child; /* as last marked; as in force since its last rfe */
  bool idle;
  uint32_t naming;      /* the process whose name is being spelled, + 1 */
  uint32_t vstatus;     /* of a VM, as last resumed */
  uint32_t caller, vmm; /* lanes: who called vm_run last; who runs this VM */
  /* the virtual TIMER, up to where instructions have been counted */
  bool timer_known;
  uint32_t timer;
  /* verdict.c */
  struct pending pending;
  bool low_known, asid_known;
  uint32_t low_page, asid; /* real address of its physical page 0; the ASID under which it saw it */
  struct handling handling[NESTED];
  unsigned handlings;
};

struct runner { /* a lane, and what only we need to know of it */
  struct lane lane;
  struct node *node;
  uint64_t retired;
  bool in_vm_run;
  struct outstanding waits;
};

struct held {
  struct record record;
  unsigned open; /* levels without a verdict */
};

struct recorder {
  struct machine *m;
  struct machine_view now; /* m, when it last called the observer */
  recorder_sink *sink;
  void *sink_arg;
  struct node *nodes, *root; /* nodes: all of them */
  struct runner **runners;
  uint32_t lanes, lane_room;
  uint32_t current;
  uint64_t retired; /* up to where instructions have been counted */
  bool from_reset;  /* it has seen all that the machine did: a VM that is new to it is new */
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
struct held *recorder_held(const struct recorder *r, uint64_t event); /* NULL when it has left */
bool recorder_reserve(struct recorder *r, uint64_t records);          /* room for so many that wait */
struct answer {
  enum verdict verdict;
  bool injected, hidden_fill;
};
/* The verdict of one level. */
void recorder_settle(struct recorder *r, const struct trap_facts *trap, uint32_t level, struct answer answer);
/* A trap has reached the VMM of level 1. */
void recorder_count_exit(struct recorder *r, const struct trap_facts *trap);

/* `instructions` of the VM of n have retired. */
static inline void node_retires(struct node *n, uint64_t instructions) {
  n->timer = n->timer > instructions ? n->timer - (uint32_t)instructions : 0;
}

/* ---- lanes.c ---- */
struct node *recorder_lanes_new_node(struct recorder *r, struct node *parent, uint32_t vm);
void recorder_lanes_free(struct recorder *r);
/* A mark by the lane that runs. */
void recorder_lanes_mark(struct recorder *r, uint32_t kind, uint32_t a, uint32_t b);
/* The kernel of `n` executes rfe: what it has marked is in force. */
void recorder_lanes_rfe(struct node *n);
/* Who runs when the real kernel has resumed something with this real STATUS. */
uint32_t recorder_lanes_follow(struct recorder *r, uint32_t status);

/* ---- verdict.c ---- */
/* A trap out of a guest, with that real STATUS: its levels are pending from now on. Adds to *trap what they
 * know. */
void recorder_verdict_trap(struct recorder *r, struct trap_facts *trap, uint32_t real_status);
/* A resume, recorded as `event`, into r->current: answers what it answers. */
void recorder_verdict_resume(struct recorder *r, uint64_t event);
/* A real TLB write: fills for the trap at hand, and shows where low cores are. */
void recorder_verdict_tlbw(struct recorder *r, const struct tlb_write *write);
/* `n` and all VMs in it are gone. */
void recorder_verdict_kill(struct recorder *r, struct node *n);
/* At the end. */
void recorder_verdict_finish(struct recorder *r);
bool recorder_low_core_read(const struct recorder *r, const struct node *n, struct low_core *e);

/* ---- lists.c ---- */
struct resume { /* into level n->depth, by n's VMM */
  uint64_t event;
  uint32_t to, pc, a0, a7;
};
/* `p` was reflected: its lane's list begins, if it is the beginning of one. */
void recorder_lists_reflected(struct recorder *r, const struct node *n, const struct pending *p,
                              const struct resume *to, const struct low_core *e);
/* `p`, a privileged instruction of n's kernel, was emulated. */
void recorder_lists_emulated(struct recorder *r, const struct node *n, const struct pending *p,
                             const struct resume *to);

/* ---- sentences.c ---- */
/* Which a step says; ..._DEEPER: of a VM in a VM. */
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
  SENTENCES
};

#endif
