/* machine.h - the PG32 machine as a library.
 *
 * One `struct machine` is one whole machine: CPU, TLB, RAM, devices. The library holds no other
 * state, knows no terminal and no command line, and never exits or prints; many machines can live
 * in one process. isa/MANUAL.md is the specification. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct machine_snapshot;

enum machine_cpu { CPU_PG32, CPU_LEAKY };

/* How instructions are executed: it changes nothing but the time that takes. */
enum machine_engine {
  ENGINE_AUTO,   /* the fastest that this host has */
  ENGINE_INTERP, /* an interpreter of decoded code: any host */
  ENGINE_JIT     /* translation into the host's instructions */
};

#define MACHINE_TLB_ENTRIES 256
#define MACHINE_TLB_TINY 2
#define MACHINE_HZ 100000000u /* nominal clock, ticks a second */

struct machine_config {
  enum machine_cpu cpu;
  enum machine_engine engine;
  uint32_t ram_bytes;   /* multiple of 4096, 4096 .. 0xE0000000 */
  uint32_t tlb_entries; /* 0 = MACHINE_TLB_ENTRIES; 2 .. 256 */
  const void *disk;     /* copied; may be NULL */
  size_t disk_bytes;    /* rounded up to whole sectors, zero filled */
};

/* Why machine_run returned. */
enum machine_exit {
  EXIT_LIMIT,     /* the instruction limit or tick deadline is reached */
  EXIT_POWER,     /* a store to the power device; see machine_exit_status */
  EXIT_CHECKSTOP, /* a trap with no instruction retired since the previous trap */
  EXIT_IDLE,      /* only with pause_when_idle: a `wait` would skip time; call machine_idle or feed input */
  EXIT_STOPPED    /* machine_stop was called (from a signal handler, another thread or an observer) */
};

/* Architectural state, as one value: what `peek` at the CPU gives and what tests compare. */
struct machine_regs {
  uint32_t x[32], pc, status, timer;
  uint64_t tick;
};

struct machine_tlb_entry {
  uint32_t hi, lo; /* as tlbw wrote them, ignored bits cleared */
  bool valid;
};

/* ---- life ---- */

/* A machine in its reset state; NULL with errno set: ENOMEM when memory is short, EINVAL when the config is
 * out of range, ENOTSUP when it asks for an engine that this host has not. The caller owns it. RAM is
 * reserved lazily: untouched pages cost nothing. After fork, only one of the two processes may run it. */
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

/* Loads an ELF32 PG32 executable image, its initrd (NULL/0 = none) and the boot arguments (args_bytes
 * of NUL-terminated words) into a machine in its reset state, and sets the entry point. False with
 * *error set, machine untouched, if the file is not such an image or does not fit. */
bool machine_load(struct machine *m, const void *elf, size_t elf_bytes, const void *initrd,
                  size_t initrd_bytes, const void *args, size_t args_bytes, struct machine_error *error);

/* ---- running ---- */

struct machine_limits {
  uint64_t insns;       /* retired instructions at most in this call; UINT64_MAX = no limit */
  uint64_t until_tick;  /* return EXIT_LIMIT at the first boundary with tick >= this */
  bool pause_when_idle; /* return EXIT_IDLE instead of skipping time in `wait` */
};

/* Runs until something named by machine_exit happens. Always returns at an instruction boundary, with
 * exact counts; running on from there equals never having stopped. After EXIT_POWER and EXIT_CHECKSTOP
 * the machine stays stopped: further calls return the same at once. */
enum machine_exit machine_run(struct machine *m, const struct machine_limits *limits);

/* Steps since reset: each retired instruction is one, and so is each trap, interrupt or check-stop that
 * retires none. Unlike retired instructions they tell apart any two instruction boundaries that the machine
 * passes. */
uint64_t machine_steps(const struct machine *m);
/* machine_run, and EXIT_LIMIT also at the boundary after step number `step`, never beyond it. */
enum machine_exit machine_run_to(struct machine *m, const struct machine_limits *limits, uint64_t step);

/* Asks a running machine_run to return EXIT_STOPPED soon. Async-signal-safe. */
void machine_stop(struct machine *m);

/* How many ticks the `wait` at hand would skip if no input came (0 when it would complete at once or
 * the next instruction is not a privileged-mode `wait`). */
uint64_t machine_idle_ticks(const struct machine *m);
/* Skips `ticks` of them (at most machine_idle_ticks). */
void machine_idle(struct machine *m, uint64_t ticks);

uint32_t machine_exit_status(const struct machine *m); /* low 8 bits stored to the power device */
/* What check-stopped the machine, as one line. */
void machine_checkstop_text(const struct machine *m, char *buf, size_t size);
uint64_t machine_retired(const struct machine *m); /* instructions since reset; tick minus time skipped */

/* ---- devices, from the host's side ---- */

/* Console transmit: called for each byte the guest sends, in order. NULL discards. */
void machine_console_output(struct machine *m, void (*put)(void *arg, uint8_t byte), void *arg);
/* Console receive: queues bytes that arrive at `tick` (not earlier than any queued before; a tick in the
 * past means now). False if memory is short. */
bool machine_console_input(struct machine *m, uint64_t tick, const void *bytes, size_t n);
/* After everything queued, the line hangs up. */
void machine_console_hangup(struct machine *m, uint64_t tick);
/* Bytes not yet read by the guest. */
size_t machine_console_pending(const struct machine *m);
/* The disk's current content and whether a write has changed it; valid until the machine runs again. */
const void *machine_disk(const struct machine *m, size_t *bytes, bool *dirty);

/* ---- looking and changing, without side effects on the machine ---- */

void machine_get_regs(const struct machine *m, struct machine_regs *regs);
void machine_set_regs(struct machine *m, const struct machine_regs *regs); /* tick is not set */
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
uint32_t machine_tlb_entries(const struct machine *m);
struct machine_tlb_entry machine_tlb_get(const struct machine *m, uint32_t slot);
uint32_t machine_tlb_pointer(const struct machine *m);

enum machine_access { ACCESS_FETCH, ACCESS_LOAD, ACCESS_STORE };
/* xlate(va, access, T, ASID, TLB): 0 and *pa set, or the PG32_CAUSE of the fault a byte access would
 * take (miss or protection). Alignment and bus errors are not its business. */
uint32_t machine_translate(const struct machine *m, uint32_t va, enum machine_access access, bool t,
                           uint32_t asid, uint32_t *pa);

/* An address space to peek and poke through: physical, or virtual under an ASID and the present TLB. */
struct machine_space {
  bool translated;
  uint32_t asid;
};
/* Copies between RAM and buf. Returns the bytes copied before the first that is not mapped or not RAM
 * (device registers are never touched). poke keeps decoded code coherent and ignores rights. */
size_t machine_peek(const struct machine *m, struct machine_space space, uint32_t addr, void *buf, size_t n);
size_t machine_poke(struct machine *m, struct machine_space space, uint32_t addr, const void *buf, size_t n);
/* One word; *ok (may be NULL) says whether it was there. */
uint32_t machine_peek_word(const struct machine *m, struct machine_space space, uint32_t addr, bool *ok);

/* ---- snapshots ---- */

/* The whole machine: CPU, TLB, RAM, devices, queued input, disk. NULL if memory is short. Belongs to the
 * caller; may be restored into the same machine, or any of the same configuration, any number of times. */
struct machine_snapshot *machine_snapshot(const struct machine *m);
void machine_restore(struct machine *m, const struct machine_snapshot *s);
void machine_snapshot_free(struct machine_snapshot *s);
/* Bytes that would come free if s were freed now and m, which may share pages with it, ran on. */
size_t machine_snapshot_bytes(const struct machine_snapshot *s, const struct machine *m);
/* A snapshot as bytes, to be stored in a file: the same snapshot always gives the same bytes, on any host
 * (tools/SESSION.md says which). machine_snapshot_write writes exactly machine_snapshot_size(s) of them. */
size_t machine_snapshot_size(const struct machine_snapshot *s);
void machine_snapshot_write(const struct machine_snapshot *s, void *bytes);
/* Restores m, which must be in its reset state and have the configuration of the snapshot's machine, from the
 * bytes of a snapshot that are at the beginning of the n given. Returns how many these were. 0: they are
 * damaged or cut short, and m is good for nothing but machine_free. No byte is trusted. */
size_t machine_snapshot_read(struct machine *m, const void *bytes, size_t n);
/* A 64-bit hash of all that a snapshot holds (so equal machines hash alike). */
uint64_t machine_hash(const struct machine *m);

/* ---- watching ---- */

/* Called by the engine while an observer is installed; an observer without `insn` and `step` costs nothing
 * but its calls. An observer may look at the machine, call machine_stop, and put another observer in its
 * place (so that `insn` can come and go), nothing else. `trap` and `rfe` come when the transfer is done (low
 * core written, new PC and STATUS in place); `tlbw`, `tlbi`, `device` and `mark` when the effect is done but
 * pc and tick are still the instruction's own; a check-stop is not a trap. machine_stop, or a change of
 * observer, from within one takes effect at the next instruction boundary. */
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
  /* every retired or trapping instruction, before it executes: costly (the engine's other copy runs); NULL
   * unless needed */
  void (*insn)(void *arg, struct machine *m, uint32_t pc, uint32_t word);
  /* true: `insn` comes and goes often; the engine's other copy runs meanwhile, since to change copies costs
   * more */
  bool insn_sometimes;
  /* the same, as a question: true stops the machine before the instruction; costly */
  bool (*step)(void *arg, struct machine *m);
  /* before any step that is a trap or an rfe, interrupts and failing fetches included: true stops before it
   */
  bool (*before_trap)(void *arg, struct machine *m);
  /* before bytes [pa, pa + n) of the page given to machine_watch_page are written, whoever writes them */
  void (*store)(void *arg, struct machine *m, uint32_t pa, uint32_t n);
  void *arg;
};
/* Installs (copies) or, with NULL, removes. Any member may be NULL. */
void machine_observe(struct machine *m, const struct machine_observer *observer);
/* The page of RAM at physical address `page` is reported to `store`; MACHINE_NO_PAGE = none. */
#define MACHINE_NO_PAGE UINT32_MAX
void machine_watch_page(struct machine *m, uint32_t page);

#endif
