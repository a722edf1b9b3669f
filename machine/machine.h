/* machine.h - the PG32 machine as a library.
 *
 * One `struct machine` is one whole machine: CPU, TLB, RAM, devices. isa/MANUAL.md is the specification. The
 * library holds no other state, knows no terminal and no command line, and never prints, exits or aborts,
 * whatever its input and however short memory is. (It aborts by assert where it contradicts itself.) Many
 * machines can live in one process; different threads may use different machines at the same time.
 *
 * What holds for all functions unless they say otherwise: pointers must not be NULL; strings and buffers that
 * are passed are copied or only read during the call; a pointer that is returned belongs to the machine and
 * is valid until machine_free. No function may be called from an observer, or while machine_run runs in
 * another thread, but machine_stop and those that only look. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct machine_snapshot;

/* Which CPU. CPU_LEAKY cannot be virtualized: in user mode, `mfst` reads STATUS and `mtst` does nothing,
 * instead of trapping. Those behind it are for labs: PG32 with one or two rules changed (isa/MANUAL.md, "Cousins").
 * Each rule has a number. So the value is CPU_WITH(CPU_NEST, 8), for example, or CPU_PLUS(CPU_WITH(CPU_SPARE, 77),
 * CPU_WITH(CPU_NEST, 8)), in the order of the list; the word alone is no CPU. */
enum machine_cpu {
  CPU_PG32,
  CPU_LEAKY,
  CPU_HOLE,  /* 1..7: which privileged instruction does not trap in user mode, and what it does there */
  CPU_SPARE, /* 1..255: the ASID whose entries a tlbi with TLBI_ALL spares */
  CPU_NEST,  /* 8..13: the word of low core at which the old PSW before the present one is kept */
  CPU_LOCK,  /* 8..11: the bit of tlbw's hi that locks an entry: the pointer passes it by */
  CPU_WORDS, /* 4..15: the word of the console's page that is a register for several bytes */
  CPU_KINDS
};
#define CPU_WITH(rule, number) ((enum machine_cpu)((rule) | (unsigned)(number) << 8))
#define CPU_PLUS(one, other) ((enum machine_cpu)((unsigned)(one) | (unsigned)(other) << 16))
/* The number that the CPU has for this rule; 0: it does not have the rule. */
static inline unsigned machine_cpu_number(enum machine_cpu cpu, enum machine_cpu rule) {
  if (((unsigned)cpu & 0xFF) == rule) return (unsigned)cpu >> 8 & 0xFF;
  return ((unsigned)cpu >> 16 & 0xFF) == rule ? (unsigned)cpu >> 24 : 0;
}
/* The least and the greatest number of a rule, both 0 for CPU_PG32 and CPU_LEAKY. False: no such rule. */
bool machine_cpu_numbers(unsigned rule, unsigned *least, unsigned *most);

/* How instructions are executed: this changes nothing but the time that they take. */
enum machine_engine {
  ENGINE_AUTO,   /* the fastest that this host has */
  ENGINE_INTERP, /* an interpreter of decoded code: runs on any host */
  ENGINE_JIT     /* translation into the host's instructions */
};

#define MACHINE_TLB_ENTRIES 256
#define MACHINE_TLB_TINY 2
#define MACHINE_HZ 100000000u /* nominal clock, ticks a second */

struct machine_config {
  enum machine_cpu cpu;
  enum machine_engine engine;
  uint32_t ram_bytes;   /* multiple of 4096, 4096 .. 0xE0000000 */
  uint32_t tlb_entries; /* 2 .. 256, or 0 = MACHINE_TLB_ENTRIES (in MODE=tiny, MACHINE_TLB_TINY) */
  const void *disk;     /* the disk's first disk_bytes bytes, copied; NULL: all zero */
  size_t disk_bytes;    /* rounded up to whole sectors; 0 = no disk */
};

/* Why machine_run returned. */
enum machine_exit {
  EXIT_LIMIT,     /* one of the limits is reached */
  EXIT_POWER,     /* a store to the power device; see machine_exit_status */
  EXIT_CHECKSTOP, /* a trap with no instruction retired since the previous trap */
  EXIT_IDLE,      /* only with pause_when_idle: a `wait` would skip time. Call machine_idle, or queue input */
  EXIT_STOPPED    /* machine_stop was called (from a signal handler, another thread or an observer) */
};

/* Architectural state, as one value: what `peek` at the CPU gives and what tests compare. */
struct machine_regs {
  uint32_t x[32], pc, status, timer;
  uint64_t tick;
};

#define TLB_LOCKED 0x8 /* only with CPU_LOCK */
struct machine_tlb_entry {
  uint32_t hi,
      lo; /* as tlbw wrote them, ignored bits cleared; in lo TLB_LOCKED for an entry that is locked */
  bool valid;
};

/* ---- life ---- */

/* Makes a machine in its reset state, which the caller must free. Returns NULL with errno set: EINVAL if the
 * config is out of range, ENOTSUP if it asks for an engine that this host does not have, ENOMEM if memory is
 * short. RAM is reserved lazily: pages that the guest never touches cost nothing. After fork, only one of the
 * two processes may run it. */
struct machine *machine_new(const struct machine_config *config);
void machine_free(struct machine *m); /* NULL is allowed */
/* The configuration with which another machine like m can be made: the engine that m has, its number of TLB
 * entries and the size of its disk, but not the disk's content (config->disk is NULL). */
void machine_get_config(const struct machine *m, struct machine_config *config);
/* The engine it has: "interp" or "jit". */
const char *machine_engine_name(const struct machine *m);

/* ---- loading: the one documented layout (platform.h, "boot") ---- */

/* Why a load failed, as one line without a newline. */
struct machine_error {
  char text[160];
};

/* Loads an executable image (ELF32 for PG32), an initrd and the boot arguments into a machine in its reset
 * state, and sets PC to the entry point. initrd, args: NULL is allowed if their size is 0. args:
 * NUL-terminated words, args_bytes in all. No byte of the image is trusted. Returns false, with *error set
 * and the machine unchanged, if the file is not such an image or if something does not fit RAM. */
bool machine_load(struct machine *m, const void *elf, size_t elf_bytes, const void *initrd,
                  size_t initrd_bytes, const void *args, size_t args_bytes, struct machine_error *error);

/* ---- running ---- */

struct machine_limits {
  uint64_t insns;      /* retired instructions at most in this call; UINT64_MAX = no limit, 0 = none at all */
  uint64_t until_tick; /* return EXIT_LIMIT at the first boundary with tick >= this; UINT64_MAX = no limit */
  bool pause_when_idle; /* return EXIT_IDLE instead of skipping time in `wait` */
};

/* Runs until one of the reasons in machine_exit. Always returns at an instruction boundary, with exact
 * counts; to run on from there is the same as never to have stopped. After EXIT_POWER and EXIT_CHECKSTOP the
 * machine stays stopped: further calls return the same at once. Takes no memory. */
enum machine_exit machine_run(struct machine *m, const struct machine_limits *limits);

/* Steps since reset: each retired instruction is one, and so is each trap, interrupt or check-stop that
 * retires none. So, other than the number of retired instructions, the number of steps tells any two
 * boundaries apart. */
uint64_t machine_steps(const struct machine *m);
/* machine_run, which in addition returns EXIT_LIMIT at the boundary after step number `step`, never beyond
 * it. */
enum machine_exit machine_run_to(struct machine *m, const struct machine_limits *limits, uint64_t step);

/* Asks a running machine_run to return EXIT_STOPPED soon. If none runs, the next one returns so at once. May
 * be called from a signal handler, from another thread and from an observer. */
void machine_stop(struct machine *m);

/* How many ticks the `wait` at PC would skip if no input came. 0 if it would complete at once, if the next
 * instruction is not a `wait` that may be executed, or if the machine has stopped for good. */
uint64_t machine_idle_ticks(const struct machine *m);
/* Skips that many ticks, or machine_idle_ticks if that is less. */
void machine_idle(struct machine *m, uint64_t ticks);

/* After EXIT_POWER: the low 8 bits of what was stored to the power device. Else 0. */
uint32_t machine_exit_status(const struct machine *m);
/* Writes what check-stopped the machine, as one line without a newline, to `buf`: at most `size` bytes with
 * the NUL. */
void machine_checkstop_text(const struct machine *m, char *buf, size_t size);
uint64_t machine_tick(const struct machine *m);    /* ticks since reset */
uint64_t machine_retired(const struct machine *m); /* instructions since reset: tick less the time skipped */

/* ---- devices, from the host's side ---- */

/* From now on, `put` is called with `arg` for each byte that the guest sends, in order, from within
 * machine_run. NULL: the bytes are discarded, as at the beginning. */
void machine_console_output(struct machine *m, void (*put)(void *arg, uint8_t byte), void *arg);
/* Queues n bytes that the guest receives at `tick`: not before any that were queued before, and at the
 * present tick if `tick` is in the past. False, with nothing queued, if memory is short. */
bool machine_console_input(struct machine *m, uint64_t tick, const void *bytes, size_t n);
/* At `tick`, or after everything queued if that is later, the line hangs up. A second call does nothing. */
void machine_console_hangup(struct machine *m, uint64_t tick);
/* How many queued bytes the guest has not yet read. */
size_t machine_console_pending(const struct machine *m);
/* The disk's present content, NULL if there is none. *bytes: its size; *dirty: has the guest written to it?
 * Either may be NULL. The content changes when the machine runs or is restored. */
const void *machine_disk(const struct machine *m, size_t *bytes, bool *dirty);

/* ---- looking and changing, without side effects on the machine ---- */

void machine_get_regs(const struct machine *m, struct machine_regs *regs);
/* Sets all but the tick: x[0] stays 0, and bits that STATUS does not have are ignored. A `wait` that has
 * begun is forgotten, and so is that a trap has just happened. */
void machine_set_regs(struct machine *m, const struct machine_regs *regs);
/* The part of a machine's state that changes at every event, for observers: quicker than machine_get_regs,
 * which copies all registers. */
struct machine_view {
  uint32_t pc, status, timer;
  uint64_t tick, retired, steps; /* retired, steps: as machine_retired and machine_steps return them */
  const uint32_t *x;             /* the machine's 32 registers themselves: valid until machine_free */
};
void machine_get_view(const struct machine *m, struct machine_view *view);
uint32_t machine_ram_bytes(const struct machine *m);
/* The n bytes of RAM at physical address pa, to be read only; NULL if they are not all inside RAM. Valid
 * until machine_free; what they hold changes when the machine runs, is poked or is restored. */
const void *machine_ram(const struct machine *m, uint32_t pa, uint32_t n);
uint32_t machine_tlb_entries(const struct machine *m);  /* how many the TLB has */
uint32_t machine_cpu_features(const struct machine *m); /* what FACTS_CPU tells: CPU_FEATURE_... */
uint32_t machine_features_of(enum machine_cpu cpu);     /* what it tells on a machine with this CPU */
/* The entry in a slot; one that is not valid if there is no such slot. */
struct machine_tlb_entry machine_tlb_get(const struct machine *m, uint32_t slot);
uint32_t machine_tlb_pointer(const struct machine *m); /* the slot that is replaced next */

enum machine_access { ACCESS_FETCH, ACCESS_LOAD, ACCESS_STORE };
/* The manual's xlate(va, access, T, ASID, TLB): returns 0 with *pa set, or the PG32_CAUSE of the fault that
 * the access of a byte would take: a miss or a protection fault. The address need be neither aligned nor one
 * of RAM. */
uint32_t machine_translate(const struct machine *m, uint32_t va, enum machine_access access, bool t,
                           uint32_t asid, uint32_t *pa);

/* An address space to peek and poke through: physical, or virtual under an ASID and the present TLB. */
struct machine_space {
  bool translated;
  uint32_t asid;
};
/* Copies n bytes from RAM to buf, from buf to RAM. Rights of the pages are ignored; device registers are
 * never touched; decoded code and snapshots stay right. Returns how many bytes were copied before the first
 * that is not mapped or not RAM. */
size_t machine_peek(const struct machine *m, struct machine_space space, uint32_t addr, void *buf, size_t n);
size_t machine_poke(struct machine *m, struct machine_space space, uint32_t addr, const void *buf, size_t n);
/* The word at `addr`, which need not be aligned. *ok: was all of it there? (If not, 0 is returned.) ok: NULL
 * is allowed. */
uint32_t machine_peek_word(const struct machine *m, struct machine_space space, uint32_t addr, bool *ok);

/* ---- snapshots ---- */

/* The whole machine: CPU, TLB, RAM, devices, queued input, disk. It belongs to the caller, and outlives the
 * machine. Memory is shared: a page of RAM that has not changed is held once, by however many snapshots. NULL
 * if memory is short. */
struct machine_snapshot *machine_snapshot(const struct machine *m);
/* Makes m what the snapshot's machine was; any number of times, into that machine or any of the same
 * configuration (the engine apart). The observer, the watched page and where console output goes stay.
 * Returns false, with m unchanged, if the configuration differs or if memory is short for queued input;
 * neither can be if the snapshot was taken of m. */
bool machine_restore(struct machine *m, const struct machine_snapshot *s);
void machine_snapshot_free(struct machine_snapshot *s); /* NULL is allowed */
/* Bytes that would come free if s were freed now and m, which may share pages with it, ran on. */
size_t machine_snapshot_bytes(const struct machine_snapshot *s, const struct machine *m);
/* Of two snapshots of one machine, the second taken in the course of the run from the first: has the page of RAM that
 * holds the physical address pa certainly not been written in between? False: it may have been. */
bool machine_snapshots_share(const struct machine_snapshot *first, const struct machine_snapshot *second,
                             uint32_t pa);
/* A snapshot as bytes, to be stored in a file: the same snapshot always gives the same bytes, on any host
 * (tools/SESSION.md says which). machine_snapshot_write writes exactly machine_snapshot_size(s) of them. */
size_t machine_snapshot_size(const struct machine_snapshot *s);
void machine_snapshot_write(const struct machine_snapshot *s, void *bytes);
/* Restores m, which must be in its reset state and have the configuration of the snapshot's machine, from the
 * bytes of a snapshot that are at the beginning of the n given. Returns how many these were. 0: m is good
 * for nothing but machine_free, and errno says why: EINVAL, the bytes are damaged or cut short; ENOMEM,
 * memory is short. No byte is trusted. */
size_t machine_snapshot_read(struct machine *m, const void *bytes, size_t n);
/* A 64-bit hash of all that a snapshot would hold: equal machines have equal hashes. */
uint64_t machine_hash(const struct machine *m);

/* ---- watching ---- */

/* An observer is a set of functions that are called from within machine_run. Any of them may be NULL. One
 * without `insn` and `step` costs nothing but its calls.
 *
 * When a function is called: `trap` and `rfe` when the transfer is done - low core is written, PC and STATUS
 * are new. `tlbw`, `tlbi`, `device` and `mark` when the effect is done, but PC and tick are still those of
 * the instruction. A check-stop is not a trap.
 *
 * What a function may do: look at the machine, call machine_stop, and install another observer with
 * machine_observe, so that for example `insn` comes and goes. Both take effect at the next instruction
 * boundary. */
struct machine_trap {
  uint32_t cause, pc, status, timer; /* as saved: the old PSW */
  uint32_t badva, badinst;
  uint64_t tick;
  uint64_t retired;
};
struct machine_device_access {
  uint32_t pc, addr, value;
  bool store;
};
struct machine_observer {
  void (*trap)(void *arg, struct machine *m, const struct machine_trap *trap);
  void (*rfe)(void *arg, struct machine *m); /* the new PC, STATUS, TIMER are in the machine */
  void (*tlbw)(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo);
  void (*tlbi)(void *arg, struct machine *m, uint32_t hi, uint32_t scope);
  void (*device)(void *arg, struct machine *m, const struct machine_device_access *access);
  void (*mark)(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b);
  /* Every instruction that retires or traps, before it executes. Costly: a slower copy of the engine runs. */
  void (*insn)(void *arg, struct machine *m, uint32_t pc, uint32_t word);
  /* True: `insn` comes and goes often. The slower copy also runs while there is none, because to change
   * copies costs more. */
  bool insn_sometimes;
  /* The same as insn, as a question: true stops the machine before the instruction. As costly. */
  bool (*step)(void *arg, struct machine *m);
  /* Before any step that is a trap or an rfe, interrupts and failing fetches included: true stops the machine
   * before it. */
  bool (*before_trap)(void *arg, struct machine *m);
  /* Before bytes [pa, pa + n) of the page given to machine_watch_page are written, by whomever. */
  void (*store)(void *arg, struct machine *m, uint32_t pa, uint32_t n);
  void *arg; /* passed to all of them */
};
/* Installs a copy of the observer in place of the one before. NULL: there is none from now on. */
void machine_observe(struct machine *m, const struct machine_observer *observer);
/* Stores into the page of RAM that holds the physical address `page` are reported to `store` from now on, and
 * those into no other. MACHINE_NO_PAGE: none. */
#define MACHINE_NO_PAGE UINT32_MAX
void machine_watch_page(struct machine *m, uint32_t page);

#endif
