/* recorder.h - a run of a machine as a stream of records: traps, what became of them, and what led to what.
 *
 * The recorder observes one machine (machine_observe). The words that it uses, which tools/TRACE.md explains
 * to users, too:
 *
 *   level    how deep in VMs a program runs: 0 is the machine itself, 1 a VM on it, 2 a VM in that VM, ...
 *   lane     one program that the machine runs: a kernel, a process, or a kernel's idle loop, in one certain
 *            VM. For example "vm1/sh": the process sh of the first VM. At each moment one lane runs.
 *   event    a trap, a resume (an rfe of the kernel at level 0), a write or an invalidation of a TLB entry, a
 *            device access, or a mark. Events are numbered 1, 2, 3, ... in order of machine time.
 *   record   all that is known about one event.
 *   verdict  what the VMM of one level did with a trap out of its VM, or that it never saw the trap. A trap
 *            out of a program at level 2 has two verdicts: the VMM of level 1 handles it first.
 *   step     one of the numbered steps in the lecture's lists: 4 for a system call, 7 for a TLB fault.
 *
 * The kernels tell the recorder which process or VM they run next, with the instruction `mark`; lanes rest on
 * that. Verdicts and steps rest on what the machine does: low cores, PCs and TLB writes.
 *
 * Unless a function says otherwise, its pointers must not be NULL; a `const` result belongs to the recorder
 * and is valid until the machine runs or the recorder is restored or freed. No function exits or aborts for
 * want of memory. One recorder must not be used by two threads at a time. */
#ifndef RECORDER_H
#define RECORDER_H

#include "isa/platform.h"
#include "machine.h"

#define RECORDER_DEPTH 8 /* levels that are told apart; a VM deeper in counts as part of level 8 */

enum verdict {
  VERDICT_NONE,    /* not known: the machine stopped before an answer, or too much came in between */
  VERDICT_REFLECT, /* the guest was resumed at its own trap vector, and its low core describes this trap */
  VERDICT_EMULATE, /* resumed after the instruction, or for an rfe where the rfe leads */
  VERDICT_FILL,    /* resumed at the same instruction by the VMM, and nothing that the guest sees has changed:
                    * the VMM has filled in an entry that the virtual TLB has and the machine's lacked */
  VERDICT_HOST,    /* handled at a lower level: this level's VMM never ran */
  VERDICT_KILL,    /* never resumed: the VM is gone */
  VERDICT_OTHER,   /* resumed elsewhere, as no correct VMM does; wrong_word: where, 1 */
  VERDICT_WRONG,   /* answered in a way that the virtual machine's state does not call for (enum wrong) */
  VERDICT_TRANSLATE /* no trap of the guest's: its translation needed the VMM, for example to go on in code that was
                     * not translated yet; and it goes on where the guest is */
};

/* What a correct VMM does with a trap. A number below DUE_EMULATE, but 0, is a cause: the VMM reflects the
 * trap to the guest's kernel with that cause. */
enum due {
  DUE_UNKNOWN = 0, /* an interrupt, or the recorder does not know the VM's state */
  DUE_EMULATE = 32,
  DUE_FILL,     /* resume at the same instruction: the virtual TLB allows the access */
  DUE_TRANSLATE /* go on where the guest is: its translation has trapped, not the guest */
};

/* What was wrong with the answer to a trap. */
enum wrong {
  WRONG_NOTHING,
  WRONG_ACTION,       /* for example, emulated what was to be reflected */
  WRONG_FILLED_BELOW, /* the layer below filled in the page, though the virtual TLB forbids the access */
  WRONG_CAUSE,        /* reflected with another cause */
  /* From here on: did what was due, but wrongly in a detail */
  WRONG_STATUS,      /* reflected with another old STATUS, */
  WRONG_TIMER,       /* old TIMER, */
  WRONG_BADVA,       /* BADVA */
  WRONG_BADINST,     /* or BADINST in the guest's low core */
  WRONG_INTERRUPTED, /* injected an interrupt while the virtual STATUS has IE = 0 or the virtual TIMER runs */
  WRONG_UNINTERRUPTED, /* injected none, though the virtual TIMER is 0 and the virtual STATUS has IE = 1 */
#define WRONG_RIGHTS_SHIFT 8
  /* "Around" is the machine, or at levels over 1 the VM around. What follows has two words in wrong_word. */
  WRONG_RIGHTS, /* the TLB around allows more than the guest's entry: high word of the guest's entry, with its
                 * rights shifted; low word of the entry around */
  WRONG_STALE,  /* the VM runs on with an entry in the TLB around that the virtual TLB has not: high word as
                 * the guest would have it, low word of the entry around */
  WRONG_CLOCK,  /* the VM's clock showed more ticks than have passed since the VM began: these two */
  WRONG_HOST_CLOCK, /* the same, and what it showed is what the clock around showed meanwhile */
  WRONGS
};

enum lane_kind {
  LANE_KERNEL,
  LANE_PROCESS,
  LANE_USER, /* any process of a kernel that does not mark its processes */
  LANE_IDLE  /* a kernel that waits for an interrupt */
};

struct lane {
  uint32_t id;    /* 0, 1, 2, ... in the order in which lanes first ran; a lane's id stays the same */
  uint32_t depth; /* its level */
  enum lane_kind kind;
  char name[48]; /* "host kernel", "host/vmm", "vm1 kernel", "vm1/sh", "vm1.1 kernel" */
};

/* ---- records ---- */

enum record_kind {
  RECORD_TRAP,
  RECORD_RESUME, /* an rfe of the real kernel */
  RECORD_TLBW,
  RECORD_TLBI,
  RECORD_DEVICE,
  RECORD_MARK,
  RECORD_END /* the last record: it says only when the run ended */
};

/* LIST_PROTECTION is ours: the lecture has no list for a protection fault.
 * Its steps are those of LIST_TLB. */
enum lecture_list { LIST_NONE, LIST_SYSCALL, LIST_TLB, LIST_PROTECTION, LISTS };

/* Whether a list ends with a step. */
enum list_end {
  LIST_GOES_ON,
  LIST_RETURNED, /* the context that began it continues */
  LIST_IN_VAIN,  /* it continues, but its page still has no entry that allows the access */
  LIST_ELSEWHERE /* it continues elsewhere than where it trapped: for example, its system call is made again
                  */
};

/* That an event is a step of a list. One event can be several steps: for example, the trap of the guest
 * kernel's tlbw is both "tries to load an entry into the TLB" and "trap to the host OS". */
#define LIST_STEP_WORDS 6
#define LIST_STEP_TEXT 240 /* bytes that hold any step's sentence, with its 0 */
struct list_step {
  uint64_t list_event; /* the event that is step 1 of the list: it names the list */
  uint8_t list;        /* enum lecture_list */
  uint8_t step;  /* 1..4 or 1..7. 0: one of the two events that end a TLB fault and that the lecture does not
                  * number, the guest kernel's rfe and the second try of the instruction, or the address space
                  * runs on elsewhere. They may follow step 3 at once: then no entry was loaded yet */
  uint8_t level; /* of the program that began the list */
  uint8_t sentence;               /* which sentence tells the step, */
  uint32_t word[LIST_STEP_WORDS]; /* and what the sentence quotes; see recorder_step_text */
  uint8_t end;                    /* enum list_end */
  uint8_t unused[7];
};
#define RECORD_STEPS 4 /* of one record, at most */

/* What only records of one kind say. Each is made of 32-bit words, so that none has a hole. */
#define RECORD_WORDS 10
struct record_trap { /* the low core as the trap left it, but for STATUS, which is real_status */
  uint32_t cause, pc, timer, badva, badinst;
  uint32_t rs1, rs2; /* cause PRIVILEGED: the values of the registers that badinst names; else 0 */
  /* Of the guest's own code, if the machine executed a translation of it (record.translated): by the VMM's claims. For
   * a guest_cause of 0 the guest itself did not trap. Else the same as above. */
  uint32_t guest_cause, guest_pc, guest_badinst;
};
struct record_resume { /* what the rfe loaded: where the next lane continues, and for how long */
  uint32_t pc, timer;
  uint32_t guest_pc; /* of the guest's own code; see record_trap */
};
struct record_tlbw { /* an entry of the machine's TLB was written */
  uint32_t slot, hi, lo;
};
struct record_tlbi { /* entries were invalidated: TLBI_ALL, TLBI_ASID or TLBI_PAGE, of hi */
  uint32_t scope, hi;
};
struct record_device { /* a device register was read or written by the instruction at pc */
  uint32_t pc, address, value;
  uint32_t store; /* 1: written; 0: read */
};
struct record_mark { /* MARK_... and the two registers of the instruction */
  uint32_t kind, a, b;
};

/* A record is complete when it leaves the recorder. The verdicts of a trap, and the steps that the trap turns
 * out to be, become known only when the machine resumes what trapped; until then the record waits. All else
 * is known at once. A record has no holes, so that records can be copied and compared as bytes. */
struct record {
  enum record_kind kind;
  unsigned steps;  /* how many of step[] hold */
  uint64_t event;  /* its number */
  uint64_t parent; /* the trap during whose handling the event happened, or 0 */
  uint64_t tick, retired;
  uint64_t position; /* machine_steps just before the step that it records */
  uint64_t resumes;  /* RESUME: the reflected trap whose program continues with this resume; else 0 */
  uint32_t from, to; /* lanes: the one that ran, the one that runs after the event */
  /* STATUS of the machine. TRAP: of `from`, as the trap saved it; RESUME: of `to`, as the rfe loaded it;
   * other kinds: at the event */
  uint32_t real_status;
  /* STATUS of the VM in which `from` (RESUME: `to`) runs, as its guest's own traps have made it; ~0 at level
   * 0, and for TLBW and TLBI. While that is not known (the recorder was made while the VM ran, or after
   * verdict OTHER): vmm_status, the STATUS that the VMM keeps for the VM, which rests on marks. */
  uint32_t virtual_status, vmm_status;
  uint32_t a0, a7;     /* these registers after the event */
  uint16_t translated; /* TRAP: `from` (RESUME: `to`) runs as a translation of its code; 1 or 0 */
  /* TRAP: `from` runs in a VM whose kernel knows that it is a guest (isa/para.h); 1 or 0. And if so: the answer of the
   * innermost level came from the hypervisor's part of the kernel below, and no VMM of that level has run; 1 or 0 */
  uint8_t para, by_hypervisor;
  /* TRAP: what VERDICT_OTHER and some of enum wrong say, of the two outermost levels at which they hold; wrong_level 0: none */
  uint32_t wrong_level[2], wrong_word[2][2];
  union { /* by kind; words that a kind does not use are 0 */
    struct record_trap trap;
    struct record_resume resume;
    struct record_tlbw tlbw;
    struct record_tlbi tlbi;
    struct record_device device;
    struct record_mark mark;
    uint32_t word[RECORD_WORDS];
  };
  uint8_t levels; /* TRAP: the level of `from`; verdict[1] .. verdict[levels] hold. Other kinds: 0 */
  /* enum verdict, by level. [0]: that of the innermost level; HOST if `from` is at level 0 */
  uint8_t verdict[RECORDER_DEPTH + 1];
  bool injected[RECORDER_DEPTH +
                1]; /* the VMM of that level also injected an interrupt when it resumed the VM */
  bool hidden_fill[RECORDER_DEPTH + 1]; /* verdict HOST, of a TLB fault: a lower level filled in the entry */
  uint8_t due[RECORDER_DEPTH + 1];      /* what that level's VMM should have done: enum due, or a cause */
  uint8_t
      seen[RECORDER_DEPTH + 1]; /* the cause with which it entered the guest's kernel, at this answer; or 0 */
  uint8_t wrong[RECORDER_DEPTH + 1]; /* verdict WRONG: enum wrong; else 0 */
  uint8_t
      did[RECORDER_DEPTH + 1]; /* verdict WRONG: the verdict that the answer would have had if it were due */
  struct list_step step[RECORD_STEPS];
};

/* The verdict of that level. If the VMM did what was due and was wrong only in a detail, the verdict that the
 * answer would have had without the mistake. */
static inline enum verdict recorder_done(const struct record *record, unsigned level) {
  return (enum verdict)(record->wrong[level] > WRONG_CAUSE ? record->did[level] : record->verdict[level]);
}

/* The bytes of *record up to its last step: what is enough to copy. */
size_t recorder_record_size(const struct record *record);

/* ---- life ---- */

struct recorder;

/* Records that may wait; after that the oldest leaves without its verdicts. */
#define RECORDER_WAITING 16384

/* Receives each record once, complete and in order of `event`. It is called while the machine runs, or from
 * recorder_finish. The record belongs to the recorder, and is valid during the call only. */
typedef void recorder_sink(void *arg, const struct record *record);

/* A recorder that observes m, in place of any observer that m had. sink: NULL for counts without records; arg
 * is passed to it. NULL if memory is short. The caller owns the recorder, and frees it before m. */
struct recorder *recorder_new(struct machine *m, recorder_sink *sink, void *arg);
/* Ends the recording, as the machine stands: records that wait leave, and RECORD_END after them. Called again
 * it does nothing. */
void recorder_finish(struct recorder *r);
void recorder_free(struct recorder *r); /* m has no observer then; NULL is allowed */

/* The observer that recorder_new has installed. If you need to observe the machine, too, install an observer
 * of your own whose functions call those of this one. */
struct machine_observer recorder_observer(struct recorder *r);
/* Was memory short at some time since recorder_new, or before the snapshot that was restored last? Then lanes
 * may stand under another lane's name and verdicts may be missing; counts of traps are still right. */
bool recorder_short_of_memory(const struct recorder *r);

/* ---- snapshots: everything that a recorder knows, to go with a snapshot of its machine ---- */

struct recorder_snapshot;
/* The caller owns it; it may outlive r. NULL if memory is short. */
struct recorder_snapshot *recorder_snapshot(const struct recorder *r);
/* r knows what it knew then, or what another recorder knew; its machine and its sink stay. False if memory is
 * short, then nothing has changed. */
bool recorder_restore(struct recorder *r, const struct recorder_snapshot *s);
void recorder_snapshot_free(struct recorder_snapshot *s); /* NULL is allowed */
size_t recorder_snapshot_bytes(const struct recorder_snapshot *s);
/* recorder_waiting at the time of the snapshot, copied to *record. False if that event did not wait then. */
bool recorder_snapshot_waiting(const struct recorder_snapshot *s, uint64_t event, struct record *record);

/* ---- what is known so far ---- */

/* How many events there were, and how many of these the sink has received: the first ones. */
uint64_t recorder_events(const struct recorder *r);
uint64_t recorder_emitted(const struct recorder *r);
/* The record of an event, as far as it is known, while it waits; NULL for any other number. */
const struct record *recorder_waiting(const struct recorder *r, uint64_t event);

/* What is known of a list that has no end yet (enum list_end), at the time of the call. */
enum list_state {
  LIST_STATE_WAITS,       /* no context has been resumed since that could be the one that began it */
  LIST_STATE_INTERRUPTED, /* its kernel has returned to it, but an interrupt came first */
  LIST_STATE_LEFT,        /* its address space runs on elsewhere, and may have got back by itself */
  LIST_STATE_UNSURE,      /* its ASID has been invalidated, and a context has been resumed that may be it */
  LIST_STATE_AGAIN,       /* its program has trapped at the same place again, with the same registers */
  LIST_STATE_FORGOTTEN    /* too many contexts waited */
};
/* level and list_event are those of the list's steps. */
enum list_state recorder_list_state(const struct recorder *r, unsigned level, uint64_t list_event);

/* The lanes so far have the ids 0 .. recorder_lanes - 1; NULL for any other id. A struct lane is valid until
 * the recorder is restored or freed. */
uint32_t recorder_lanes(const struct recorder *r);
const struct lane *recorder_lane(const struct recorder *r, uint32_t id);

/* Makes a process's name, as its kernel tells it, the one that its lane has behind the slash. UTF-8 stays, with
 * blanks and quotes. '?' replaces each byte that is no UTF-8, and each byte of a control character or of a
 * character that is invisible or changes the direction of writing. A last character that the kernel has cut
 * off is left out. A kernel may put the name of a container and a colon before the name. `size`: bytes of the array. */
void recorder_process_name(char *name, size_t size);
/* The program in the name of a process's lane: "httpd" of "vm1/httpd" and of "vm1/web:httpd". */
const char *recorder_lane_program(const char *lane);
/* Instructions that a lane has retired; 0 for an id that no lane has. */
uint64_t recorder_lane_retired(const struct recorder *r, uint32_t id);
/* The lane that runs now. */
uint32_t recorder_current(const struct recorder *r);

/* Counts for one level: of the guests at that level and of all that runs inside them. */
struct depth_stats {
  uint64_t exits;                       /* traps out of them that reached a VMM */
  uint64_t by_cause[32];                /* exits, by CAUSE_... */
  uint64_t by_instruction[128];         /* exits by privileged and always-trapping instructions, by opcode */
  uint64_t reflected, emulated, filled; /* verdicts of this level's VMMs, as recorder_done has them */
  uint64_t wrong;                       /* verdicts WRONG and OTHER of this level */
  uint64_t hidden_fills;                /* TLB faults that were handled at a lower level */
  uint64_t host_traps; /* other traps that were handled there: the host's timer and devices */
  uint64_t retired_native,
      retired_emulated; /* instructions: run by the machine; emulated by this level's VMM */
};
/* The counts of levels 1 .. recorder_depths, which is the deepest level from which a trap has come; NULL for
 * any other level. */
uint32_t recorder_depths(const struct recorder *r);
const struct depth_stats *recorder_depth(const struct recorder *r, uint32_t depth);

/* The VM of one level in which a lane runs. */
struct lane_vm {
  uint32_t vstatus;  /* its virtual STATUS, when it was last resumed */
  bool low_known;    /* false until the guest has touched its physical page 0; then: */
  uint32_t low_core; /* real physical address of that page */
  /* The virtual TIMER, exact while it is known. It is unknown for a VM that ran before the recorder was made,
   * and after a `wait` of its kernel that no interrupt followed at once; in both cases until the VM's next
   * trap or rfe. */
  bool timer_known;
  uint32_t timer;
  bool para; /* its kernel knows that it is a guest: the page of its low core is what isa/para.h shares */
};
/* level: 1 .. the lane's depth. False, with *vm unchanged, for any other level or an id that no lane has. */
bool recorder_lane_vm(const struct recorder *r, uint32_t lane, uint32_t level, struct lane_vm *vm);

/* The VM of one level that runs now, as its guest sees it. */
struct recorder_vm {
  uint32_t status; /* its virtual STATUS, as its VMM keeps it; this rests on marks */
  bool
      translated; /* what runs is a translation of its code; `status` is the one with which that was entered */
  bool low_known;       /* false until the guest has touched its physical page 0: then low_core is all zero */
  uint32_t low_core[7]; /* E[0x00] .. E[0x18] */
};
/* False, with *vm unchanged, if no VM of that depth (from 1) runs now. It runs, too,
 * while a VM in it does. */
bool recorder_vm(const struct recorder *r, uint32_t depth, struct recorder_vm *vm);

/* What a VMM that translates claims of a word of its window (platform.h, MARK_CLAIM). */
struct recorder_claim {
  bool begins;       /* an instruction of the guest begins here; */
  bool inside;       /* one is under way here that began elsewhere; */
  bool between;      /* none is under way here. All false: nothing is known */
  bool done;         /* if the word traps as illegal, the instruction is done, and the guest is at done_pc */
  uint32_t pc, word; /* that instruction's address and word; between: where the guest is */
  uint32_t done_pc;
};
/* The state of the guest whose code, or a translation of its code, the machine executes. */
struct recorder_guest {
  bool translated;
  struct recorder_claim claim; /* translated: of the machine's word */
  uint32_t pc, status, x[32];  /* the guest's own: as if the translation were not there */
  uint32_t jumped;             /* translated: x4 of the translation, see CLAIM_JUMPED */
};
/* *g: pc and x of the machine, which are the present ones or those of a moment ago; they become those of the guest at
 * that depth. False, with *g unchanged, if no VM of that depth runs now. */
bool recorder_guest(const struct recorder *r, uint32_t depth, struct recorder_guest *g);
/* *t, a trap at the word that g describes (at a syscall, hcall or break: not the one behind it), becomes the trap of
 * the guest's instruction. Cause 0: the guest has no trap, only its translation has. g->translated must be true. */
void recorder_guest_trap(const struct recorder_guest *g, struct machine_trap *t);
/* What the VMM of the VM that runs now at that depth claims of a word; all false if it claims nothing. */
struct recorder_claim recorder_claim(const struct recorder *r, uint32_t depth, uint32_t address);

/* ---- words ---- */

const char *recorder_verdict_name(enum verdict v); /* "reflect", ...; "?" for a number that is none */
const char *recorder_wrong_name(enum wrong w); /* "action", ...: one word; "?" for a number that is none */
/* What was wrong with the answer of that level's VMM (1 .. record->levels), as a sentence or two that quote
 * the words that show it; empty if nothing was. Written to buf, cut to `size` bytes with its 0 (size > 0;
 * WRONG_TEXT are always enough). Returns buf. */
#define WRONG_TEXT 320
const char *recorder_wrong_text(const struct record *record, unsigned level, char *buf, size_t size);
const char *recorder_list_name(enum lecture_list list); /* "syscall", "tlb", "protection"; else "?" */
/* The lecture's own words for a step, 1 .. 4 or 1 .. 7; for LIST_PROTECTION ours; NULL for any other list or
 * step. */
const char *recorder_lecture_words(enum lecture_list list, unsigned step);
/* The words for a step that has happened: the lecture's, or ours where the guest knows that it is one (isa/para.h), and
 * the hypervisor in the kernel below has done what the lecture's VMM does. NULL: it has no number. */
const char *recorder_step_words(const struct list_step *s);
/* Does the step say that its context or its address space runs on elsewhere than where it trapped? */
bool recorder_step_is_elsewhere(const struct list_step *step);
/* What happened in a step of r's run, as a sentence, and the registers or words that show it. The text is
 * written to buf, cut to `size` bytes with its 0 (size > 0; LIST_STEP_TEXT are always enough).
 * Returns buf. */
const char *recorder_step_text(const struct recorder *r, const struct list_step *step, char *buf,
                               size_t size);
/* The same, if the lanes' names are kept elsewhere: name(arg, id) returns the name of a lane, or NULL. */
typedef const char *recorder_lane_namer(const void *arg, uint32_t id);
const char *recorder_step_sentence(const struct list_step *step, recorder_lane_namer *name, const void *arg,
                                   char *buf, size_t size);

#endif
