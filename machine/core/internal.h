/* internal.h - the inside of struct machine, for core/, interp/ and jit/.
 *
 * Three rules hold everywhere:
 *  - m->pc, m->tick and m->timer are exact whenever code outside an engine runs;
 *  - whoever writes RAM calls ram_touch first (bus.h), because decoded code, snapshots and host TLBs depend
 *    on RAM;
 *  - the host TLBs (host_tlb.h and the JIT's flat tables) never say more than the architectural TLB: whoever
 *    changes an entry of the architectural TLB drops every entry derived from it (tlb.c). */
#ifndef MACHINE_INTERNAL_H
#define MACHINE_INTERNAL_H

#include <stdatomic.h>
#include <stddef.h>

#include "basics.h"
#include "device.h"
#include "host_tlb.h"
#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/machine.h"

struct jit;
struct ram_page; /* bus.h */

enum { RUNNING, POWERED_OFF, CHECK_STOPPED };
#define TLB_BUCKETS 512

#define HANDLERS_MOST 2048

/* A handler of the interpreter (interp/code.h). */
struct op;
typedef void handler(struct machine *m, struct op *op, uint64_t word, uint32_t forward, int64_t left,
                     uint64_t context);

struct machine {
  /* registers, and what the engines look at often */
  _Alignas(32) uint32_t x[33]; /* x[X_SINK] takes what is written to x0 */
#define X_SINK 32
  uint32_t pc, status, timer;
  uint64_t tick, skipped; /* retired = tick - skipped */
  uint8_t *ram;
  uint32_t ram_bytes;
  atomic_bool stop;
  struct jit *jit;   /* NULL: no JIT */
  uint64_t *table;   /* the JIT's flat tables of the present context; valid only while it runs */
  uint8_t *low_core; /* RAM, if translated code may do traps and rfe by itself (jit.c); else NULL */
  uint32_t prediction_to_review; /* the JIT's: a prediction site (jit.h), or 0 */
  void *return_stack;       /* the JIT's return-address stack: the host's stack pointer when it is empty, */
  void *return_stack_limit; /* and when it is full */
  handler *handlers[HANDLERS_MOST]; /* those that decoded code holds the numbers of (interp/code.h) */
  struct host_entry fetch[HOST_ENTRIES], load[HOST_ENTRIES], store[HOST_ENTRIES];
  struct machine_observer observer;
  bool traced;      /* the observer wants the engine's traced copy */
  uint32_t watched; /* page reported to observer.store, or MACHINE_NO_PAGE */

  /* traps */
  uint64_t last_trap; /* retired when it happened, or NEVER */
  uint64_t unretired; /* steps that retired nothing */
  bool waiting;       /* inside a `wait` that has skipped time and not yet retired: no interrupts */
  uint32_t halt;      /* RUNNING, ... */
  uint32_t exit_status;
  uint32_t stop_cause, stop_badva; /* of the check-stop */

  /* the architectural TLB, chained by hash; -1 ends a chain */
  struct machine_tlb_entry tlb[MACHINE_TLB_ENTRIES];
  int16_t tlb_next[MACHINE_TLB_ENTRIES], tlb_head[TLB_BUCKETS];
  uint8_t tlb_used[MACHINE_TLB_ENTRIES]; /* what the host TLBs may hold of an entry: USED_... (tlb.h) */
  uint32_t tlb_entries, tlb_pointer;

  /* decoded code (interp/code.c): a fixed pool of pages, replaced in turn */
  struct ram_page *pages; /* one for each page of RAM */
  struct code *pool, *scratch;
  uint32_t pool_next, pool_used; /* the first pool_used pages may be live */

  /* the interpreter's (interp/handlers.h), valid only while it runs */
  struct run *run;
  struct code *code;
  struct op *ops; /* of `code`, or of the scratch page */
  uint32_t page;  /* its virtual address */
  uint32_t bank;  /* of the host TLB, for the present context: its offset from bank 0 in bytes */

  enum machine_cpu cpu;
  uint64_t next_device_event; /* no device interrupts before this tick; 0 = not known */
  void *device_state[DEVICES];
};

static inline uint64_t retired(const struct machine *m) { return m->tick - m->skipped; }
static inline uint64_t steps(const struct machine *m) { return retired(m) + m->unretired; }

#endif
