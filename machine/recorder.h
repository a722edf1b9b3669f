/* recorder.h - what happened, told as traps between lanes.
 *
 * The recorder watches one machine (machine_observe) and turns what it sees into a stream of records:
 * every trap, with the lane it left, the lane it went to, the verdict of each level on it, and its place in
 * the lecture's two numbered lists. Lanes come from the kernels' marks; verdicts and lists rest on
 * machine facts alone (low cores, PCs, TLB writes). tools/TRACE.md documents what users see of it. */
#ifndef RECORDER_H
#define RECORDER_H

#include "machine.h"

#define RECORDER_DEPTH 8 /* levels of nesting told apart; deeper ones count as this one */

enum verdict {
  VERDICT_NONE,    /* not (yet) known: the machine stopped first */
  VERDICT_REFLECT, /* resumed at the guest's own vector, its low core saying this trap */
  VERDICT_EMULATE, /* resumed after the instruction, or where the guest's rfe leads */
  VERDICT_FILL,    /* resumed at the same PC by the VMM, nothing visible changed */
  VERDICT_HOST,    /* dealt with below, this level's VMM never ran */
  VERDICT_KILL,    /* never resumed: its process or VM is gone */
  VERDICT_OTHER    /* resumed elsewhere: no correct VMM does that */
};

enum lane_kind { LANE_KERNEL, LANE_PROCESS, LANE_USER /* unmarked user mode */, LANE_IDLE };

struct lane { /* one who runs; ids are small, dense, never reused in a run */
  uint32_t id;
  uint32_t depth; /* 0 = on the machine, 1 = in a VM, ... */
  enum lane_kind kind;
  char name[48]; /* "host kernel", "host/vmm", "vm1 kernel", "vm1/sh", "vm1.1 kernel" */
};

enum record_kind {
  RECORD_TRAP,
  RECORD_RESUME, /* an rfe of the real kernel */
  RECORD_TLBW,
  RECORD_TLBI,
  RECORD_DEVICE,
  RECORD_MARK,
  RECORD_END /* the last one; says nothing but when */
};

enum lecture_list { LIST_NONE, LIST_SYSCALL, LIST_TLB };

/* A step of a list: which list (by the event that began it), at which level, which number. One record can be
 * several steps (a trap is "trap to the host OS"; the resume of the VMM is "hand the trap to the VMM"). */
#define LIST_STEP_WORDS 6
#define LIST_STEP_TEXT 240 /* bytes that hold any step's sentence */
struct list_step {
  uint64_t list_event; /* the event number of the trap that is step 1: names the list */
  uint8_t list;        /* enum lecture_list */
  uint8_t step;        /* 1..4 or 1..7; 0 = what follows a TLB fault's list: the guest's rfe and the retry.
                        * They may follow step 3: then the guest's kernel has loaded no entry yet */
  uint8_t level;       /* the guest's depth whose list it is */
  uint8_t sentence;    /* what it says, with the words that it quotes: recorder_step_text makes the text */
  uint32_t word[LIST_STEP_WORDS];
};
#define RECORD_STEPS 4

/* What only records of one kind say. Each is made of 32-bit words, so that none has a hole. */
#define RECORD_WORDS 7
struct record_trap { /* the low core as the trap left it, but for STATUS, which is real_status */
  uint32_t cause, pc, timer, badva, badinst;
  uint32_t rs1, rs2; /* cause PRIVILEGED: the values of the registers that badinst names; else 0 */
};
struct record_resume { /* what the rfe loaded: where the next lane runs on, and for how long */
  uint32_t pc, timer;
};
struct record_tlbw { /* an entry of the machine's TLB was written */
  uint32_t slot, hi, lo;
};
struct record_tlbi { /* entries were invalidated: TLBI_ALL, TLBI_ASID or TLBI_PAGE, of hi */
  uint32_t scope, hi;
};
struct record_device { /* a load or store of a device register, by the instruction at pc */
  uint32_t pc, address, value;
  uint32_t store; /* 1: a store; 0: a load */
};
struct record_mark { /* MARK_... and the two registers of the instruction */
  uint32_t kind, a, b;
};

/* Everything in a record is known from this event and earlier ones, but for a trap's verdicts and the steps
 * that its answer makes of it: a record waits for those. */
struct record { /* without holes, for it is copied and compared as bytes */
  enum record_kind kind;
  unsigned steps;  /* of step[] */
  uint64_t event;  /* 1, 2, 3 ... in order of machine time */
  uint64_t parent; /* the trap in whose handling this happened, or 0 */
  uint64_t tick, retired;
  uint64_t position; /* machine_steps just before the step that it records */
  uint64_t resumes;  /* RESUME: the reflected trap whose context runs on with it, or 0 */
  uint32_t from, to; /* lanes: to is who runs after the event */
  /* TRAP: of `from`, as the trap saved it; RESUME: of `to`, as rfe loaded it; else now */
  uint32_t real_status;
  /* of the VM that `from` (RESUME: `to`) runs in, as its VMM keeps it; ~0: in none */
  uint32_t virtual_status;
  uint32_t a0, a7; /* these registers after the event */
  union {          /* by kind; words that a kind does not use are 0 */
    struct record_trap trap;
    struct record_resume resume;
    struct record_tlbw tlbw;
    struct record_tlbi tlbi;
    struct record_device device;
    struct record_mark mark;
    uint32_t word[RECORD_WORDS];
  };
  uint8_t levels; /* TRAP: depth of `from`; verdict[1..levels] hold */
  /* enum verdict. [0]: that of the innermost level, or HOST at depth 0 */
  uint8_t verdict[RECORDER_DEPTH + 1];
  bool injected[RECORDER_DEPTH + 1];    /* that level's VMM injected an interrupt in the same go */
  bool hidden_fill[RECORDER_DEPTH + 1]; /* HOST, and a TLB fault that something below filled */
  struct list_step step[RECORD_STEPS];
};

struct depth_stats {                    /* index d - 1: the guest at depth d and all inside it */
  uint64_t exits;                       /* traps out of it that reached a VMM */
  uint64_t by_cause[32];                /* index CAUSE_... */
  uint64_t by_instruction[128];         /* by PG32 opcode, of privileged and always-trapping instructions */
  uint64_t reflected, emulated, filled; /* verdicts of the VMM of this depth */
  uint64_t hidden_fills;                /* filled below it, level 1: by the host kernel */
  uint64_t host_traps;                  /* others dealt with below it (the host's own timer and devices) */
  uint64_t retired_native, retired_emulated; /* instructions: run by the machine; emulated by their own VMM */
};

struct recorder;

#define RECORDER_WAITING 16384 /* records that may wait for a verdict; past that the oldest goes without */

/* Receives each record once, complete and in order of `event`; a record waits until its verdicts and steps
 * are known (or the machine stops). The record belongs to the recorder, for the call only. */
typedef void recorder_sink(void *arg, const struct record *record);

/* Attaches to m (replacing its observer). `sink` may be NULL: only statistics. NULL if memory is short. */
struct recorder *recorder_new(struct machine *m, recorder_sink *sink, void *arg);
/* Flushes what waits (as the machine stands now), emits RECORD_END. A second time it does nothing. */
void recorder_finish(struct recorder *r);
void recorder_free(struct recorder *r); /* detaches */

/* The observer that recorder_new has installed: whoever wants to see the same installs one that passes on to
 * it. */
struct machine_observer recorder_observer(struct recorder *r);
/* Was memory short at some time since the reset, or since before the snapshot that was restored last? Then
 * lanes may stand under another lane's name and verdicts may be missing; counts of traps are still right. */
bool recorder_short_of_memory(const struct recorder *r);
/* Events seen so far, and how many of them the sink has had: the first ones. */
uint64_t recorder_events(const struct recorder *r);
uint64_t recorder_emitted(const struct recorder *r);
/* One that still waits, as far as it is known; NULL outside. Valid until the machine runs. */
const struct record *recorder_waiting(const struct recorder *r, uint64_t event);
/* The bytes of *record up to its last step: what copying it takes. */
size_t recorder_record_size(const struct record *record);

/* Everything that a recorder knows, to go with a snapshot of its machine. NULL if memory is short. */
struct recorder_snapshot;
struct recorder_snapshot *recorder_snapshot(const struct recorder *r);
/* Back to it; false if memory is short, then nothing has changed. The sink stays what it is. */
bool recorder_restore(struct recorder *r, const struct recorder_snapshot *s);
void recorder_snapshot_free(struct recorder_snapshot *s);
size_t recorder_snapshot_bytes(const struct recorder_snapshot *s);
/* recorder_waiting as of the snapshot; copied to *record. */
bool recorder_snapshot_waiting(const struct recorder_snapshot *s, uint64_t event, struct record *record);

/* Lanes seen so far: 0 .. recorder_lanes - 1. */
uint32_t recorder_lanes(const struct recorder *r);
const struct lane *recorder_lane(const struct recorder *r, uint32_t id);
uint64_t recorder_lane_retired(const struct recorder *r, uint32_t id);
/* Depths seen: 1 .. recorder_depths; NULL outside. */
uint32_t recorder_depths(const struct recorder *r);
const struct depth_stats *recorder_depth(const struct recorder *r, uint32_t depth);
/* The lane running now. */
uint32_t recorder_current(const struct recorder *r);

/* The VM of `level` (1 .. the lane's depth) that the lane runs in, as of now. False outside. */
struct lane_vm {
  uint32_t vstatus;  /* virtual STATUS, as last resumed */
  bool low_known;    /* has its page 0 been seen? */
  uint32_t low_core; /* real address of it */
  /* Virtual TIMER, exact, while it is known. Not known: of a VM that was there before the recorder, and after
   * a `wait` of its kernel that was not followed by an interrupt at once; until its next trap or rfe. */
  bool timer_known;
  uint32_t timer;
};
bool recorder_lane_vm(const struct recorder *r, uint32_t lane, uint32_t level, struct lane_vm *vm);

/* A VM as its guest sees it: the virtual STATUS that its VMM keeps, and the first words of its low core. */
struct recorder_vm {
  uint32_t status;
  bool low_known;       /* false until the guest has touched its page 0 */
  uint32_t low_core[7]; /* E[0x00] .. E[0x18] */
};
/* The VM of that depth which runs now, or inside which somebody does. False: none. */
bool recorder_vm(const struct recorder *r, uint32_t depth, struct recorder_vm *vm);

const char *recorder_verdict_name(enum verdict v); /* "reflect" ... */
/* The lecture's own words for a step; NULL outside. */
const char *recorder_lecture_words(enum lecture_list list, unsigned step);
/* A step's own sentence: what happened, and which register or word shows it. Written to buf, cut to `size`
 * bytes with its 0; LIST_STEP_TEXT are enough. The step is one of r's run. Returns buf. */
const char *recorder_step_text(const struct recorder *r, const struct list_step *step, char *buf,
                               size_t size);
/* The same for a step whose lanes somebody else remembers: name(arg, id) returns the name of a lane, NULL if
 * there is none. */
typedef const char *recorder_lane_namer(const void *arg, uint32_t id);
const char *recorder_step_sentence(const struct list_step *step, recorder_lane_namer *name, const void *arg,
                                   char *buf, size_t size);

#endif
