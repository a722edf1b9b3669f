/* cache.h - what the JIT keeps: pages, blocks and links (cache.c), predictions and profiles, and entries in
 * the flat tables (tables.c). The terms are explained in jit.h. */
#ifndef JIT_CACHE_H
#define JIT_CACHE_H

#include "code_memory.h"
#include "helpers.h"
#include "hooks.h"
#include "machine/interp/engine.h"
#include "params.h"

/* Which PG32 register each allocatable host register holds (0 = none), and which of those have an old value
 * in memory, as a set. The emitter's own; the cache keeps it for loop heads and side exits. */
struct jit_register_map {
  uint8_t holds[JIT_MAP_REGS];
  uint32_t dirty;
};

/* A page of RAM, under one virtual address, that has or may get blocks. `entry` is the first member, because
 * translated code jumps through it. Sets are of the page's words. */
struct jit_page {
  const void *entry[PAGE_WORDS];        /* host code of the block that begins there, or jit->untranslated */
  uint8_t hotness[PAGE_WORDS];          /* executions in the interpreter, while there is no block */
  uint32_t covered[PAGE_WORDS / 32];    /* set: those that are part of some block */
  uint32_t loop_heads[PAGE_WORDS / 32]; /* set: where a block begins that is a loop */
  uint32_t unpredictable[PAGE_WORDS / 32]; /* set: loads and stores that get no prediction site */
  uint32_t evicted[PAGE_WORDS / 32];       /* set: where a block began that was evicted to make room */
  uint32_t page, vpage;                    /* its physical and its virtual address */
  uint32_t stores;                         /* into it since something was last translated */
  uint32_t blocks;                         /* the first; 0 = none */
  struct jit_page *alias;                  /* the same page of RAM under another virtual address */
  bool live;
};

struct jit_block {
  struct jit_page *page;
  uint32_t next, prev; /* in the page's list */
  uint32_t incoming;   /* the first link that jumps here; 0 = none */
  uint32_t first_link, first_prediction;
  uint32_t code;                    /* offset of its code */
  uint32_t loop_head;               /* of a loop: offset of its first instruction's code; else 0 */
  struct jit_register_map loop_map; /* and the register map there */
  uint16_t links, predictions;
  uint16_t index; /* of its first instruction in the page, or: */
#define JIT_SIDE_TRACE 0xFFFF
};

/* A jump from a block to a PG32 address. All offsets are in the code cache. */
struct jit_link {
  uint32_t jump;       /* offset of the jump's displacement; 0 = it is never linked */
  uint32_t page_check; /* offset of the constant that the fetch table is compared with; 0 = the same page */
  uint32_t stub;       /* where the jump goes while there is no target block */
  uint32_t target;     /* virtual address */
  uint32_t from;       /* the block that it belongs to */
  uint32_t to;         /* the target block; 0 = none */
  uint32_t next, prev; /* among the links to that block */
  bool to_loop_head;   /* it goes to a loop head whose register map is `map` */
  /* Of a side exit that may get a side trace: */
  uint8_t depth;      /* side traces on the way to it, and itself */
  uint8_t hotness;    /* times that it was taken */
  uint8_t uncharged;  /* instructions before it that the budget has not been charged with */
  uint32_t branch;    /* offset of the branch's displacement; 0 = it gets no side trace */
  uint32_t side_exit; /* where the branch goes without a side trace */
  struct jit_register_map map;
};

/* A prediction site: a load that uses its predicted addend, an access group, or an inline cache. */
struct jit_prediction {
  uint64_t addend; /* of a load: host address less virtual address, last time; 1 = none, as no entry is 1 */
  int32_t misses_left; /* counts mispredictions down to the next review */
  uint32_t reviewed;   /* tick of the last review */
};

/* Where an indirect jump went while it was interpreted. */
struct jit_target_profile {
  uint32_t pc;
  uint32_t target; /* 0 = more than one, or none yet */
  uint8_t samples;
  uint8_t misses; /* predictions that were given up */
};

struct jit_speed {
  uint64_t ns, steps;
};

/* choice.c: is translated code quicker than the interpreter? */
struct jit_choice {
  bool gives_way;        /* to the interpreter where that is quicker; else the rest does not matter */
  bool investing;        /* in this period: much of the work was that of getting started */
  bool counted;          /* the period's loss has been dealt with */
  bool frugal;           /* nothing new is counted or translated */
  uint32_t work;         /* that translated code has left to C in this period */
  uint32_t starting;     /* the part of it that is done once for each piece of code: counting, translating */
  uint32_t lost;         /* what lost blocks must do again, which is not starting */
  uint32_t wins;         /* of the interpreter over translated code that is complete, in a row */
  uint64_t since, began; /* steps and CPU time at the period's beginning */
  uint64_t most;         /* steps of a period */
  uint64_t next_sample;  /* steps of it */
  uint64_t age;          /* steps of translated code since the last sample */
  double
      best_speed; /* of a period so far, steps per ns; the last sample is of a time when it was half as good, or better */
  uint64_t time, loss;     /* ns: all, and what of it was lost by not interpreting */
  struct jit_speed period; /* of translated code, the last one */
  struct jit_speed sample; /* of the interpreter, the last one; steps == 0: none yet */
};

struct jit {
  struct jit_tables tables; /* first: hooks.h */
  struct jit_choice choice;
  struct run *run;
  const void *untranslated; /* code: nothing is translated at the target (eax) */
  const void *epilogue;     /* code: back to jit_run */
  struct jit_continuation (*prologue)(struct machine *m, int64_t budget, const void *code);
  bool interpret;                   /* the interpreter executes the next instruction */
  bool exit_requested;              /* since it was last cleared: blocks were dropped, or jit_request_exit */
  uint8_t *rw;                      /* the code cache: written here, */
  const uint8_t *rx;                /* executed here */
  uint32_t segment, at;             /* the segment being filled; offset of its next byte */
  uint32_t segments;                /* in use */
  uint32_t opened;                  /* counts segments as they are opened, */
  uint32_t opened_as[JIT_SEGMENTS]; /* and says of each which that was: the least is the oldest */
  uint32_t again;                   /* blocks of the present segment that had been evicted before */
  uint32_t block_at, link_at, prediction_at; /* the last ones in use */
  uint32_t thunk[16];                        /* offsets; the emitter's */
  struct jit_page *pages;
  uint32_t page_at;
  struct jit_block *blocks;
  struct jit_link *links;
  struct jit_target_profile profile[JIT_TARGET_PROFILES]; /* by hash of the pc */
  struct jit_prediction *predictions; /* right after the code that is executed, within rip's reach */
};
_Static_assert(offsetof(struct jit, tables) == 0, "jit_tables() of hooks.h");

/* Sets of a page's words. */
static inline void jit_set_add(uint32_t *set, uint32_t i) { set[i / 32] |= 1u << i % 32; }
static inline void jit_set_remove(uint32_t *set, uint32_t i) { set[i / 32] &= ~(1u << i % 32); }
static inline bool jit_set_has(const uint32_t *set, uint32_t i) { return set[i / 32] >> i % 32 & 1; }
/* The number in its page of the word at an address. */
static inline uint32_t jit_word_index(uint32_t address) { return address % PAGE_SIZE / 4; }

/* ---- choice.c ---- */

/* Translated code has left work to C, as much as `n` calls of a helper are. */
static inline void jit_worked(struct jit *j, uint32_t n) { j->choice.work += n; }
/* A block that must be counted and translated again is lost. */
static inline void jit_lost_block(struct jit *j) {
  jit_worked(j, JIT_WORK_OF_BLOCK);
  j->choice.lost += JIT_THRESHOLD + JIT_WORK_OF_BLOCK;
}
/* The same work, on code that is being counted or translated. */
static inline void jit_started(struct jit *j, uint32_t n) {
  const uint32_t again = n < j->choice.lost ? n : j->choice.lost;
  jit_worked(j, n);
  j->choice.lost -= again;
  j->choice.starting += n - again;
}
/* Has so much been left to C that the period is over? Then jit_run calls jit_choose. */
static inline bool jit_must_choose(const struct jit *j) { return j->choice.work >= JIT_WORK_PER_PERIOD; }
/* Is it over because so many steps have been executed? */
static inline bool jit_period_is_long(const struct jit_choice *c, uint64_t steps) {
  return steps - c->since >= c->most;
}
/* Ends the period. May let the interpreter execute many instructions. */
void jit_choose(struct machine *m, struct run *run);
/* To be called at the end of machine_run and again at the next beginning: the time between is not the machine's. */
void jit_choice_pause(struct jit_choice *c);

/* The decisions alone. Translated code has executed so many steps in so many ns; the interpreter has. */
void jit_choice_translated(struct jit_choice *c, uint64_t ns, uint64_t steps);
void jit_choice_interpreted(struct jit_choice *c, uint64_t ns, uint64_t steps);
/* Steps that the interpreter should execute next; 0: translated code should go on. */
uint64_t jit_choice_next(struct jit_choice *c);

/* ---- cache.c: pages and blocks ---- */

/* False if there is no memory, or none that may be executed. */
bool jit_cache_new(struct machine *m);
void jit_cache_free(struct machine *m);
/* The page of blocks for pc under the present STATUS, made if there is none yet. NULL if pc cannot be fetched
 * from, or is not in RAM. */
struct jit_page *jit_page_at(struct machine *m, uint32_t pc);
/* Translates what is at pc. Returns the host code; NULL if the emitter cannot write its first instruction. */
const void *jit_translate(struct machine *m, struct jit_page *page, uint32_t pc);
/* A link without a target block was taken, to m->pc in `page`: links it, or grows a side trace there. */
void jit_resolve_link(struct machine *m, uint32_t link, struct jit_page *page);
/* For the emitter: a new link of the block that is being written. */
uint32_t jit_link_new(struct jit *j, uint32_t target);

/* ---- cache.c: predictions ---- */

/* For the emitter: a new prediction site of the block that is being written. */
uint32_t jit_prediction_new(struct jit *j);
/* May the access at pc be given a prediction site? */
static inline bool jit_is_predictable(const struct jit_page *page, uint32_t pc) {
  return !jit_set_has(page->unpredictable, jit_word_index(pc));
}
/* Reviews m->prediction_to_review, the site of the access or jump at m->pc: it may be mispredicted as often
 * again, or, if it was mispredicted too often, its block is dropped, and will be translated without it. */
void jit_review_prediction(struct machine *m);

static inline struct jit_target_profile *jit_target_profile(struct jit *j, uint32_t pc) {
  return &j->profile[pc / 4 % JIT_TARGET_PROFILES];
}
/* The predicted target of the jalr at pc; 0 = none. */
static inline uint32_t jit_predicted_target(struct jit *j, uint32_t pc) {
  const struct jit_target_profile *p = jit_target_profile(j, pc);
  const bool good = p->pc == pc && p->samples >= JIT_TARGET_SAMPLES && p->misses < JIT_TARGET_MISSES;
  return good ? p->target : 0;
}

/* ---- tables.c ---- */

/* False if memory is short. */
bool jit_tables_new(struct jit_tables *t);
void jit_tables_free(struct jit_tables *t);
/* The context that STATUS names, and its tables. */
static inline uint32_t jit_context_of(uint32_t status) { return status & ST_T ? 1 + status_asid(status) : 0; }
static inline uint64_t *jit_table(const struct jit *j, uint32_t status) {
  return j->tables.table[jit_context_of(status)];
}
/* Sets the entry for va in one of the present context's tables (TABLE_...). They may be new: then m->table is
 * set, too, and translated code must be left. */
void jit_fill_entry(struct machine *m, uint32_t kind, uint32_t va, uint64_t value);
/* No table says any more that the virtual page may be fetched from. */
void jit_drop_fetches(struct machine *m, uint32_t vpage);

/* The page of blocks for va, by the present context's fetch table alone; NULL if the table has no entry. */
static inline struct jit_page *jit_known_page(const struct machine *m, uint32_t va) {
  return (struct jit_page *)(uintptr_t)m->table[TABLE_FETCH * TABLE_ENTRIES + (va >> PAGE_SHIFT)];
}

#endif
