/* jit.h - the inside of the JIT: translation of hot code into the host's instructions.
 *
 * jit.c runs translated code and serves it, trace.c decides what is translated together, cache.c
 * keeps the result (pages, blocks, links, eviction), tables.c keeps the host TLB that it reads; hooks.h is
 * all that core/ and interp/ see, x64/ write x86-64. Another host needs another writer of the section "the
 * emitter" and nothing else.
 *
 * A block is a trace: instructions of one page, in the order in which they were seen to be executed. It is
 * keyed by physical page, virtual page and offset, so that its PCs are constants. Blocks go on to others
 * through links, jumps patched when first taken; a link into another page checks that the page is still where
 * it was. Between blocks registers are in fixed places, but a loop's head has places of its own, and a side
 * exit of a loop that is hot gets a tail: a block that only it goes to, which begins with registers where
 * they are. A call of what is not in the trace comes back into it, by a record on the host's stack; an
 * indirect jump goes where it went when it was interpreted, or by the tables.
 *
 * Budget: translated code runs with `left` = what is left of the budget less JIT_MOST, and leaves as soon as
 * that is negative. So no block is ever cut: the interpreter runs the last instructions of a budget. */
#ifndef JIT_H
#define JIT_H

#include "hooks.h"
#include "machine/interp/code.h"
#include "machine/interp/engine.h"

#ifdef MODE_TINY
#define JIT_MOST 12 /* instructions of a block */
#define JIT_PAGES 4
#define JIT_SEGMENTS 1
#define JIT_SEGMENT_BYTES (1u << 12)
#define JIT_SEGMENT_BLOCKS 16
#define JIT_SEGMENT_LINKS 64
#define JIT_SEGMENT_SITES 64
#define JIT_THRESHOLD 12
#define JIT_TABLE_PAGES 8
#define JIT_RECORDS 2
#define JIT_STALE_STORES 32
#define JIT_STALE_STORES_HOT 256
#elif defined JIT_SMALL /* a test's: whatever can be full is, now and then, with blocks as long as ever */
#define JIT_MOST 64
#define JIT_PAGES 9
#define JIT_SEGMENTS 3
#define JIT_SEGMENT_BYTES (1u << 15)
#define JIT_SEGMENT_BLOCKS 24
#define JIT_SEGMENT_LINKS 80
#define JIT_SEGMENT_SITES 70
#define JIT_THRESHOLD 4
#define JIT_TABLE_PAGES 12
#define JIT_RECORDS 5
#define JIT_STALE_STORES 8
#define JIT_STALE_STORES_HOT 64
#else
#define JIT_MOST 192
#define JIT_PAGES 448
#define JIT_SEGMENTS 16
#define JIT_SEGMENT_BYTES (1u << 19)
#define JIT_SEGMENT_BLOCKS 1536
#define JIT_SEGMENT_LINKS 6144
#define JIT_SEGMENT_SITES 4096
#define JIT_THRESHOLD 16 /* executions after which a block is translated */
#define JIT_TABLE_PAGES 512
#define JIT_RECORDS 1024 /* of calls not yet returned from */
/* Stores into a page without translating from it, after which it counts as data: without blocks there is
 * little to lose, with them more than so many slow stores cost. */
#define JIT_STALE_STORES 256
#define JIT_STALE_STORES_HOT 4096
#endif
#ifdef JIT_SMALL
#define JIT_TAIL_THRESHOLD 3
#else
#define JIT_TAIL_THRESHOLD 16 /* times that a side exit is taken, after which it gets a tail */
#endif
#define JIT_EXPECTS 4        /* times that an indirect jump was seen, all to where it is expected to go */
#define JIT_TAILS 4          /* tails of tails of a loop's side exits */
#define JIT_THUNK_BYTES 4096 /* before the first segment */
#define JIT_CODE_BYTES (JIT_THUNK_BYTES + JIT_SEGMENTS * JIT_SEGMENT_BYTES)

/* ---- blocks ---- */

struct jit_page {
  const void *entry[PAGE_WORDS]; /* host code for the block that starts there, or jit->cold; first: code jumps
                                    through it */
  uint8_t heat[PAGE_WORDS];      /* executions before there was one */
  uint32_t covered[PAGE_WORDS / 32]; /* words that are part of some block */
  uint32_t loops[PAGE_WORDS / 32];   /* words where a block begins that goes back to its beginning */
  uint32_t varied[PAGE_WORDS / 32];  /* loads whose pages cannot be foretold */
  uint32_t page, vpage;
  uint32_t stores;        /* into it since something was last translated */
  uint32_t blocks;        /* the first; 0 = none */
  struct jit_page *alias; /* the same physical page elsewhere */
  bool live;
};

/* Where PG32 registers are: those that host registers hold, and those of them whose value in memory is old.
 * The emitter's own; others keep it. */
#define JIT_POOL 9
struct jit_places {
  uint8_t holds[JIT_POOL];
  uint32_t dirty;
};

struct jit_block {
  struct jit_page *page;
  uint32_t next, prev; /* in the page */
  uint32_t incoming;   /* the first link that jumps here; 0 = none */
  uint32_t first_link, first_site;
  uint32_t code;            /* offset of its code, */
  uint32_t head;            /* of a loop: and of its first instruction's, */
  struct jit_places places; /* before which registers are here */
  uint16_t links, sites, index;
#define JIT_TAIL 0xFFFF /* as index: begins at a side exit */
};

struct jit_link {
  uint32_t site;       /* offset of the jump's distance; 0 = it is never linked */
  uint32_t page;       /* offset of the constant that the fetch table is compared with; 0 = same page */
  uint32_t stub;       /* where the jump goes while unlinked */
  uint32_t target;     /* virtual address */
  uint32_t from;       /* the block it belongs to */
  uint32_t to;         /* the block linked to; 0 = none */
  uint32_t next, prev; /* among those that go there */
  bool inner;          /* it goes to a loop's head, registers being in its places */
  /* Of a side exit that may get a tail, a block that begins with the registers where they are: */
  uint8_t depth, heat, done; /* tails before it; times it was taken; instructions done */
  uint32_t branch, out; /* offsets of the branch's distance, 0 = no tail, and of where it goes without one */
  struct jit_places places;
};

/* A load takes its page to be where the last one's was relative to the host's memory, and asks the table only
 * whether that is so: then what it loads does not wait for the table. */
struct jit_site {
  uint64_t addend;  /* 1 = none: no entry of a table is */
  int32_t patience; /* failures until it is asked whether that pays */
  uint32_t since;   /* tick when it was last asked */
};

/* Where an indirect jump went whenever it was interpreted, and so is expected to go. Translated code counts
 * how often it does not; too often, and it is interpreted and looked at afresh, or given up. */
#define JIT_HINTS 1024
#define JIT_DISAPPOINTMENTS 3
struct jit_hint {
  uint32_t pc;
  uint32_t target; /* 0 = more than one, or none yet */
  uint8_t seen, disappointments;
};

/* Where translated code goes on, and with what budget. */
struct jit_go {
  const void *code;
  int64_t left;
};

struct jit {
  struct jit_tables tables; /* first: hooks.h */
  struct run *run;
  const void *cold, *leave; /* code: nothing is translated here (target in hand); back to jit_run */
  struct jit_go (*enter)(struct machine *m, int64_t left, const void *code);
  bool interpret;       /* the next instruction is the interpreter's */
  bool changed;         /* since it was last cleared: blocks are gone, or jit_unsettle */
  uint8_t *rw;          /* the code: written here, */
  const uint8_t *rx;    /* executed here */
  uint32_t segment, at; /* being filled; offset of the next byte */
  uint32_t block_at, link_at, site_at;
  uint32_t thunk[16];
  struct jit_page *pages;
  uint32_t page_at;
  struct jit_block *blocks;
  struct jit_link *links;
  struct jit_hint hint[JIT_HINTS];
  struct jit_site *sites; /* right behind the code that is executed, within its reach */
};
_Static_assert(offsetof(struct jit, tables) == 0, "jit_tables() of hooks.h");

/* ---- jit.c ---- */
/* The interpreter for exactly n instructions, or to the first boundary that needs a look (engine.c). */
void engine_slice(struct machine *m, struct run *run, int64_t n);

/* What translated code calls, with all registers in m->x; `done` instructions of the block went before the
 * one at pc. */
struct jit_go jit_operate(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t imm);
struct jit_go jit_tlbw(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t imm);
struct jit_go jit_tlbi(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t imm);
struct jit_go jit_access(struct machine *m, int64_t left, uint32_t pc, uint32_t what, uint32_t va);
struct jit_go jit_follow(struct machine *m, int64_t left, uint32_t unused, uint32_t link);
struct jit_go jit_indirect(struct machine *m, int64_t left, uint32_t target, uint32_t unused);
struct jit_go jit_interpret(struct machine *m, int64_t left, uint32_t pc, uint32_t what);
/* Those that jit_operate does without leaving the block; it then gives NULL. */
static inline bool jit_serves(enum pg32_id id) {
  return id == PG32_mfst || id == PG32_tlbw || id == PG32_tlbi || id == PG32_mark;
}
/* `what`: instructions done, id, and two registers: rd of those that have one, else rs2, and rs1. */
#define JIT_WHAT(done, id, a, b) \
  ((uint32_t)(done) << 24 | (uint32_t)(id) << 16 | (uint32_t)(a) << 8 | (uint32_t)(b))

/* ---- tables.c ---- */
bool jit_tables_new(struct jit_tables *t);
void jit_tables_free(struct jit_tables *t);
/* The tables of the context that STATUS names. */
static inline uint64_t *jit_table(const struct jit *j, uint32_t status) {
  const size_t context = status & ST_T ? 1 + (status_asid(status)) : 0;
  return j->tables.entry + context * TABLES * TABLE_ENTRIES;
}
void jit_remember(struct jit *j, uint32_t status, uint32_t kind, uint32_t va, uint64_t value);
/* No table says any more that the virtual page may be fetched from. */
void jit_drop_fetches(struct machine *m, uint32_t vpage);

/* The blocks at va, from the table alone. */
static inline struct jit_page *jit_known_page(const struct machine *m, uint32_t va) {
  return (struct jit_page *)(uintptr_t)m->table[TABLE_FETCH * TABLE_ENTRIES + (va >> PAGE_SHIFT)];
}

/* ---- cache.c ---- */
bool jit_cache_new(struct machine *m);
void jit_cache_free(struct machine *m);
/* The blocks at pc under the present STATUS; NULL: a fault, or no RAM. */
struct jit_page *jit_page_at(struct machine *m, uint32_t pc);
/* Translates what is at pc; the host code, or NULL if its first instruction is the interpreter's. */
const void *jit_translate(struct machine *m, struct jit_page *page, uint32_t pc);
/* A link was taken that is not linked yet, to m->pc in that page: does what makes the next time quicker. */
void jit_taken(struct machine *m, uint32_t link, struct jit_page *page);
/* For the emitter: a new link, a new site of the block being made. */
uint32_t jit_link_new(struct jit *j, uint32_t target);
uint32_t jit_site_new(struct jit *j);
/* May the load at pc be given a site? */
bool jit_foretells(const struct jit_page *page, uint32_t pc);
static inline struct jit_hint *jit_hint(struct jit *j, uint32_t pc) { return &j->hint[pc / 4 % JIT_HINTS]; }
/* Where the jalr at pc is expected to go; 0 = nobody knows. */
static inline uint32_t jit_expected(struct jit *j, uint32_t pc) {
  const struct jit_hint *h = jit_hint(j, pc);
  const bool good = h->pc == pc && h->seen >= JIT_EXPECTS && h->disappointments < JIT_DISAPPOINTMENTS;
  return good ? h->target : 0;
}
/* m->wavered, a site of the load or the jump at m->pc, has lost its patience: it gets more, or its block is
 * dropped and will be translated without it. */
void jit_reconsider(struct machine *m);

/* Sets of a page's words. */
static inline void jit_mark(uint32_t *set, uint32_t i) { set[i / 32] |= 1u << i % 32; }
static inline bool jit_is_marked(const uint32_t *set, uint32_t i) { return set[i / 32] >> i % 32 & 1; }

/* ---- traces: trace.c, for cache.c and the emitter ---- */
struct jit_step {
  struct pg32_insn insn;
  uint32_t pc;
  uint32_t callee; /* of a call that leaves, 0 = not known; where a guessed jump goes */
  bool taken;      /* a branch: the trace goes on at its target; a jalr: so it does, for that is known, */
  bool guessed;    /* or likely: to `callee` */
  bool leaves;     /* a call: of what is not in the trace, which goes on behind it */
};
enum jit_end {
  JIT_GO_ON,    /* at `target` */
  JIT_LOOP,     /* at the trace's beginning */
  JIT_ENTER,    /* at `target`, a loop's head */
  JIT_ELSEWHERE /* the last step sees to it */
};
struct jit_trace {
  struct jit_page *page;
  const struct jit_link *tail_of; /* NULL: it begins as any block */
  uint8_t depth;                  /* of its side exits, if they may get tails; else 0 */
  struct jit_places places;       /* the emitter's for a JIT_LOOP, told it for a JIT_ENTER */
  uint32_t head, enter;           /* told by the emitter: offset of a loop's head, the link of a JIT_ENTER */
  enum jit_end end;
  uint32_t n, target;
  struct jit_step step[JIT_MOST];
};
/* A call that its return is expected to be paired with. */
static inline bool jit_is_call(const struct pg32_insn *i) {
  return i->rd == 1 && (i->id == PG32_jalr || (i->id == PG32_jal && i->imm != 4));
}
static inline bool jit_is_return(const struct pg32_insn *i) {
  return i->id == PG32_jalr && i->rd == 0 && i->rs1 == 1 && i->imm == 0;
}
/* Makes the trace that begins at pc, in t->page, for t->tail_of; n = 0 and not JIT_ENTER: there is none. */
void jit_trace_make(const struct machine *m, struct jit_trace *t, uint32_t pc);

/* ---- the emitter: x64/emit.c, x64/thunks.c ---- */
#ifndef JIT_HOST /* to try a host without: CFLAGS=-DJIT_HOST=0 */
#if defined __x86_64__ && defined __LP64__
#define JIT_HOST 1
#else
#define JIT_HOST 0
#endif
#endif
/* Of host code for one step, at most, for a block's end, and for a tail's or a loop's beginning. */
#define JIT_STEP_BYTES 256
#define JIT_LINE 64 /* bytes of code that a host fetches, or keeps decoded, as one: loops begin one */
/* Writes the code that is always there, at the beginning of the cache: enter, cold, leave, and what it needs.
 */
void jit_emit_thunks(struct jit *j);
/* Is there an emitter for it? */
bool jit_can_emit(enum pg32_id id);
/* Writes the block at j->at, which has room for it, and moves j->at on. */
void jit_emit(struct jit *j, struct jit_trace *trace);
/* Makes the jump whose distance is there go to `to`; makes the constant there that page. Offsets. */
void jit_patch(struct jit *j, uint32_t site, uint32_t to);
void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page);

#endif
