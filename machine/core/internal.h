/* internal.h - the inside of struct machine, and what the files of this folder say to each other.
 *
 * Only machine/ includes this. Three rules hold everywhere:
 *  - m->pc, m->tick and m->timer are exact whenever code outside the engine body runs;
 *  - whoever writes RAM calls ram_touch first (decoded code, snapshot copies and host TLBs depend on it);
 *  - a host TLB entry says no more than the architectural TLB does (tlb.c drops what it must). */
#ifndef MACHINE_INTERNAL_H
#define MACHINE_INTERNAL_H

#include <stdatomic.h>
#include <stddef.h>

#include "code.h"
#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/jit/hooks.h"
#include "machine/machine.h"

#define PAGE_WORDS (PAGE_SIZE / 4)
#define PAGE_MASK 0xFFFFF000u
#define LIKELY(c) __builtin_expect(!!(c), 1)
#define UNLIKELY(c) __builtin_expect(!!(c), 0)

/* ---- the host TLB: what the last translations led to ----
 * A tag is the virtual page, and in the high half the context: valid, T and ASID. No context is 0, so no
 * address has the tag 0. */
#define CONTEXT_VALID 0x800u
#define CONTEXT_T 0x400u
#define HOST_BANKS 4 /* a context has one of them, the untranslated one for itself */
#define HOST_BANK_ENTRIES 512
#define HOST_ENTRIES (HOST_BANKS * HOST_BANK_ENTRIES)

struct host_entry {
  _Alignas(16) uint64_t tag;
  union {
    uintptr_t addend;  /* load and store: virtual address + addend = host address */
    struct code *code; /* fetch */
  };
};

#define HOST_ENTRY_SHIFT 4
_Static_assert(sizeof(struct host_entry) == 1 << HOST_ENTRY_SHIFT, "for an index by one shift and one mask");

static inline uint32_t context_of(uint32_t status) {
  return CONTEXT_VALID | (status & ST_T ? CONTEXT_T | (status & ST_ASID_MASK) >> 6 : 0);
}
/* The first entry of its bank. */
static inline uint32_t host_bank(uint32_t context) {
  return context & CONTEXT_T ? (1 + (context >> 2 & 0xFF) % (HOST_BANKS - 1)) * HOST_BANK_ENTRIES : 0;
}
/* The entry of va in a bank. */
static inline const struct host_entry *host_entry(const struct host_entry *bank, uint64_t va) {
  const uint32_t mask = (HOST_BANK_ENTRIES - 1) << HOST_ENTRY_SHIFT;
  return (const struct host_entry *)((const char *)bank + (va >> (PAGE_SHIFT - HOST_ENTRY_SHIFT) & mask));
}
static inline uint32_t host_index(uint32_t va, uint32_t context) {
  return host_bank(context) + (va >> PAGE_SHIFT & (HOST_BANK_ENTRIES - 1));
}
static inline uint64_t host_tag(uint32_t va, uint32_t context) {
  return (uint64_t)context << 32 | (va & PAGE_MASK);
}
/* Does the entry know an access of `size` bytes at the address that is `va` in its low half, and in its high
 * half the context? Misaligned ones none does. */
static inline bool host_knows(const struct host_entry *e, uint64_t va, uint32_t size) {
  return ((va ^ e->tag) & (~0ull << PAGE_SHIFT | (size - 1))) == 0;
}

/* ---- memory ---- */

/* Bytes shared between a machine and its snapshots; never written while shared. */
struct copy {
  atomic_uint users;
  uint8_t bytes[];
};

struct ram_page {
  struct code *code;    /* decoded from it, or NULL */
  struct jit_page *jit; /* translated from it, or NULL */
  struct copy *copy;    /* equals its content, or NULL */
  bool written;         /* since reset: otherwise all zero */
  bool reached;         /* m->store may lead here */
  uint32_t jit_vpage;   /* of `jit`: the virtual page that it was translated for */
};

/* ---- devices ---- */

struct input {
  uint64_t tick;
  uint8_t byte;
};
struct console {
  uint32_t ctrl;
  struct input *queue; /* [head, end) has arrived or will; ticks never fall */
  size_t head, end, capacity;
  bool hangup;
  uint64_t hangup_tick;
  void (*put)(void *arg, uint8_t byte);
  void *arg;
};
struct block {
  uint32_t sector, addr, count, status;
  uint8_t *disk;
  size_t bytes;
  bool dirty;
  struct copy *copy; /* equals the disk, or NULL */
};
struct facts {
  uint32_t initrd, initrd_bytes, args, args_bytes;
};

enum { RUNNING, POWERED_OFF, CHECK_STOPPED };
#define TLB_BUCKETS 512

struct machine {
  /* the engine's */
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
  struct host_entry fetch[HOST_ENTRIES], load[HOST_ENTRIES], store[HOST_ENTRIES];
  struct machine_observer observer;
  bool traced;      /* the observer wants the engine's other copy */
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
  uint8_t tlb_used[MACHINE_TLB_ENTRIES]; /* what a host TLB may hold of an entry: USED_... */
  uint32_t tlb_entries, tlb_pointer;

  /* decoded code: a fixed pool, replaced in turn */
  struct ram_page *pages;
  struct code *pool, *scratch;
  uint32_t pool_next, pool_pages;
  const void *const *handlers; /* of the engine copy whose handlers the ops hold the numbers of */

  enum machine_cpu cpu;
  struct console console;
  struct block block;
  uint64_t quiet; /* no device is pending before this tick; 0 = not known */
  uint32_t clock_hi;
  struct facts facts;
};
#define NEVER UINT64_MAX

static inline uint64_t retired(const struct machine *m) { return m->tick - m->skipped; }
static inline uint64_t steps(const struct machine *m) { return retired(m) + m->unretired; }

/* ---- cpu.c: traps, interrupts, wait ---- */
/* The trap: saves m->pc and the rest in low core and enters the vector, or check-stops. */
void machine_cpu_trap(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst);
/* What the rule of two traps in a row demands. */
void machine_cpu_check_stop(struct machine *m, uint32_t cause, uint32_t badva);
void machine_cpu_rfe(struct machine *m);
/* Ticks until the `wait` at hand completes; 0 = now. */
uint64_t machine_cpu_wait_ticks(const struct machine *m);
/* Lets time pass inside a `wait`. */
void machine_cpu_skip(struct machine *m, uint64_t ticks);

/* ---- tlb.c ---- */
void machine_tlb_reset(struct machine *m);
void machine_tlb_write(struct machine *m, uint32_t hi, uint32_t lo);
void machine_tlb_invalidate(struct machine *m, uint32_t hi, uint32_t scope);
/* The entry of va and ASID: 0 = none, else TLB_FOUND | its rights, and *pa. */
uint32_t machine_tlb_look_up(const struct machine *m, uint32_t va, uint32_t asid, uint32_t *pa);
#define TLB_FOUND 0x8u
/* A host TLB is about to hold something of the entry of va in the context of STATUS. */
enum { USED_HASHED = 1, USED_DATA = 2, USED_FETCH = 4 };
void machine_tlb_use(struct machine *m, uint32_t status, uint32_t va, uint8_t use);
/* Rebuilds the chains after the entries were replaced wholesale, and empties the host TLBs. */
void machine_tlb_rebuild(struct machine *m);
void machine_host_tlb_flush(struct machine *m);
/* Makes the next store to the physical page / to any page take the slow path. */
void machine_host_tlb_drop_stores(struct machine *m, uint32_t page);
void machine_host_tlb_flush_stores(struct machine *m);

/* ---- bus.c: physical memory and devices ---- */
void machine_ram_store_word(struct machine *m, uint32_t pa, uint32_t value);
/* Copies into RAM, any length; the range must be in RAM. */
void machine_ram_write(struct machine *m, uint32_t pa, const void *from, size_t n);
/* Loads and stores by the present STATUS, when the host TLB does not know: 0 or the cause of the fault.
 * A store may have changed anything that the engine holds in its hands. */
uint32_t machine_mem_load(struct machine *m, uint32_t va, uint32_t size, uint32_t *value);
uint32_t machine_mem_store(struct machine *m, uint32_t va, uint32_t size, uint32_t value);
bool machine_bus_pending(const struct machine *m);
/* The tick after now at which a device that does not now interrupt will, or NEVER. */
uint64_t machine_bus_next_event(const struct machine *m);

/* ---- devices: a device is one record ---- */
struct stream;
struct device {
  uint32_t base;
  bool (*load)(struct machine *m, uint32_t offset, uint32_t *value); /* false: bus error */
  bool (*store)(struct machine *m, uint32_t offset, uint32_t value);
  bool (*pending)(const struct machine *m);                             /* NULL: never interrupts */
  uint64_t (*next_event)(const struct machine *m);                      /* NULL: none */
  bool (*init)(struct machine *m, const struct machine_config *config); /* NULL: zeroes will do */
  void (*free)(struct machine *m);
  void (*state)(struct machine *m, struct stream *s); /* its state but disk content, both ways */
};
extern const struct device machine_console_device, machine_block_device, machine_clock_device,
    machine_power_device, machine_facts_device;
#define DEVICES 5
extern const struct device *const machine_devices[DEVICES]; /* by base, a page each */

/* ---- snapshot.c ---- */
/* One pass over the state in a fixed order: out to a buffer that grows, out to a hash, or in from [at,
 * capacity) of a buffer. After a failure - no memory, no more bytes - nothing happens any more. */
enum stream_way { STREAM_SAVE, STREAM_HASH, STREAM_RESTORE };
struct stream {
  enum stream_way way;
  uint8_t *bytes;
  size_t at, capacity;
  bool failed;
  uint64_t hash;
};
void stream_bytes(struct stream *s, void *bytes, size_t n);
void stream_bool(struct stream *s, bool *value); /* whatever the byte, restored as a bool */
#define STREAM(s, field) stream_bytes(s, &(field), sizeof(field))
void machine_copy_release(struct copy *c); /* NULL is allowed */

/* ---- load.c ---- */
/* Puts the text into *error. Returns false. */
bool reject(struct machine_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- on many short paths ---- */

/* Before a trap or an rfe, at m->pc: true if the observer wants the machine stopped first. */
static inline bool cpu_held(struct machine *m) {
  if (LIKELY(!m->observer.before_trap) || !m->observer.before_trap(m->observer.arg, m)) return false;
  machine_stop(m);
  return true;
}

/* Is a device pending? One cannot be before `quiet`, which is looked for afresh when something changes. */
static inline bool device_pending(struct machine *m) {
  if (LIKELY(m->tick < m->quiet)) return false;
  m->quiet = machine_bus_pending(m) ? 0 : machine_bus_next_event(m);
  return m->quiet == 0;
}

/* The interrupt to take at this boundary, or 0. */
static inline uint32_t cpu_interrupt(struct machine *m) {
  if (!(m->status & ST_IE) || m->waiting) return CAUSE_NONE;
  if (m->timer == 0) return CAUSE_TIMER;
  return device_pending(m) ? CAUSE_DEVICE : CAUSE_NONE;
}

/* Does `id`, a privileged row, trap in the present mode? The leaky variant has two holes: mfst reads STATUS
 * in user mode, mtst does nothing there. */
static inline bool cpu_privileged_traps(const struct machine *m, enum pg32_id id) {
  if (!(m->status & ST_U)) return false;
  return m->cpu != CPU_LEAKY || (id != PG32_mfst && id != PG32_mtst);
}

/* Before [pa, pa + n), inside one page of RAM, is written. */
static inline void ram_touch(struct machine *m, uint32_t pa, uint32_t n) {
  struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  if (UNLIKELY((pa & PAGE_MASK) == m->watched) && m->observer.store) {
    m->observer.store(m->observer.arg, m, pa, n);
    if (m->jit) jit_request_exit(m->jit);
  }
  page->written = true;
  if (UNLIKELY(page->copy != NULL)) {
    machine_copy_release(page->copy);
    page->copy = NULL;
  }
  if (UNLIKELY(page->code != NULL)) machine_code_stored(m, page->code, pa, n);
  if (UNLIKELY(page->jit != NULL)) jit_before_store(m, pa, n);
}

/* May a host TLB lead stores to the page at pa past ram_touch? It must have been `written`. */
static inline bool may_store_directly(const struct machine *m, uint32_t pa) {
  const struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  return !page->code && !page->jit && !page->copy && (pa & PAGE_MASK) != m->watched;
}

/* pa: aligned, in RAM */
static inline uint32_t ram_word(const struct machine *m, uint32_t pa) {
  uint32_t value;
  __builtin_memcpy(&value, m->ram + pa, sizeof value);
  return value;
}

/* Not by an array and one copy: a compiler's wide loads would wait for the narrow stores before them. */
static inline void put_low_core(struct machine *m, uint32_t at, uint32_t value) {
  __builtin_memcpy(m->ram + at, &value, sizeof value);
}

/* After ram_touch: the old PSW and the rest to low core, and into the vector. */
static inline void cpu_enter_vector(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst) {
  put_low_core(m, LC_PC, m->pc);
  put_low_core(m, LC_STATUS, m->status);
  put_low_core(m, LC_TIMER, m->timer);
  put_low_core(m, LC_CAUSE, cause);
  put_low_core(m, LC_BADVA, badva);
  put_low_core(m, LC_BADINST, badinst);
  m->last_trap = retired(m);
  m->pc = ram_word(m, LC_VECTOR);
  m->status &= ST_ASID_MASK;
}

/* machine_cpu_trap for a fault (a cause that neither retires nor interrupts), where m->low_core is not NULL.
 */
static inline void cpu_fault_alone(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst) {
  if (UNLIKELY(m->last_trap == retired(m))) {
    machine_cpu_check_stop(m, cause, badva);
    return;
  }
  m->unretired++;
  cpu_enter_vector(m, cause, badva, badinst);
}

/* Neighbouring pages get buckets of their own, so that chains are short where programs are. */
static inline uint32_t tlb_bucket(uint32_t hi) {
  return (hi >> PAGE_SHIFT ^ hi >> 21 ^ (hi & TLB_ASID_MASK) * 37) % TLB_BUCKETS;
}

/* The slot of a TLB entry, by the bits of its high word that count; -1 = none. */
static inline int tlb_find_in(const struct machine *m, uint32_t bucket, uint32_t hi) {
  int slot = m->tlb_head[bucket];
  while (slot >= 0 && m->tlb[slot].hi != hi) slot = m->tlb_next[slot];
  return slot;
}
static inline int tlb_find(const struct machine *m, uint32_t hi) {
  return tlb_find_in(m, tlb_bucket(hi), hi);
}

#endif
