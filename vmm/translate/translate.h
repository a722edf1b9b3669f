/* translate.h - binary translation: the way of VMware, for a CPU that is not virtualizable.
 *
 * The guest's kernel never runs as it stands. Only translations of it run, from a cache; the guest's user code
 * runs directly, unless option `user` is given. Read unit.c first (one unit), then cache.c (all units, and how they
 * jump to each other), then way.c (into the cache, and out of it); trace.c keeps the cache true when the guest changes
 * its code. adapt.c finds what exits often, and callout.c has what is done for it.
 *
 * The window (platform.h) is the end of the guest kernel's addresses. It has three parts:
 *
 *   the cache   units, and in its last words the routines of callout.c and the miss
 *   the hash    for each context a page of code, by which indirect jumps find their unit
 *   the data    what translated code needs beside registers; loads and stores reach it by base x0 alone
 *
 * The CPU must have feature L: then only a load or store by base x0 can reach the data, which the translator sees
 * when it meets the instruction. (So does no other instruction: the cache and the hash are execute-only, and no
 * jump of the guest is executed as it stands.)
 *
 * Rules
 *
 *   Registers. Translated code has four registers for itself (COUNT, A, B, C), which compilers seldom use. The
 *   guest's registers of these numbers are in the data (guest_copy); all other registers are the guest's own.
 *
 *   One guest instruction becomes a sequence of words, most often the same single word. Whatever the guest can
 *   see, a sequence changes in its last word; words that may trap for the guest's sake come before any change.
 *   So at the first word of a sequence (a boundary), and where a word of it traps, the guest's state is whole.
 *
 *   Counts. COUNT holds how many words more than guest instructions have been executed since the cache was
 *   entered. Within a unit it lags behind by a number that is known for each word, the debt:
 *       guest instructions = words executed - COUNT - debt of the word where it stands
 *   A unit is entered with a debt of 0, and so each exit to another unit settles it first.
 *
 *   Exits. A jump to a unit that is not there yet is the word 0, which is illegal: it traps without retiring.
 *   The VMM makes the unit and puts the jump in the word's place (a chain). What a translation cannot do is a
 *   word 0, too, and the VMM does it as if the guest's instruction had trapped.
 *
 *   Callouts. A branch may lead to words behind the unit's last instruction that do the rest of one instruction in the
 *   VMM's place, and leave the unit by an exit. */
#ifndef TRANSLATE_H
#define TRANSLATE_H

#include "../vmm.h"

/* ---- the window ---- */

#define HASHES 3
#define CACHE_BYTES (VM_WINDOW_BYTES - (HASHES + 1) * PAGE_SIZE)
#define CACHE_WORDS (CACHE_BYTES / 4)
#define HASH_START (VM_WINDOW_START + CACHE_BYTES)
#define DATA_START (0u - PAGE_SIZE)
_Static_assert(HASH_START == CPU_L_WINDOW, "jalr reaches the hash from register B, and x0 the data");

enum { COUNT = 3, A = 4, C = 30, B = 31 }; /* gp, tp, t5, t6 */
static inline bool is_ours(uint32_t r) { return r == COUNT || r == A || r == B || r == C; }

/* The data page. */
struct data {
  uint32_t status;         /* the virtual STATUS */
  uint32_t due;            /* not 0: an interrupt is due as soon as the guest turns interrupts on */
  uint32_t guest_copy[32]; /* of the guest's registers COUNT, A, B and C */
  uint32_t on, off;        /* `status` with interrupts on, and with interrupts off */
  uint32_t mask;           /* ST_MASK */
  uint32_t room;           /* the routine that takes the next post (callout.c); 0: there is no room */
  struct post {
    uint32_t from; /* where the instruction stands in the cache */
    uint32_t a, b; /* its operands */
    uint32_t next; /* `room` afterwards */
  } post[8];
};
_Static_assert(offsetof(struct data, status) == CLAIM_STATUS, "platform.h, MARK_CLAIM");
_Static_assert(offsetof(struct data, guest_copy) == CLAIM_REGISTER(0), "platform.h, MARK_CLAIM");
_Static_assert(offsetof(struct data, due) == CLAIM_DUE, "platform.h, MARK_CLAIM");
_Static_assert(offsetof(struct data, on) == CLAIM_ON && offsetof(struct data, off) == CLAIM_OFF &&
                   offsetof(struct data, mask) == CLAIM_MASK,
               "platform.h, MARK_CLAIM");
_Static_assert((1u << COUNT | 1u << A | 1u << B | 1u << C) == CLAIM_OURS && A == 4, "platform.h, MARK_CLAIM");
/* The offset from x0 of a member. */
#define DATA(member) ((uint32_t)offsetof(struct data, member) - PAGE_SIZE)
#define GUEST_COPY(r) (DATA(guest_copy) + 4 * (r))

/* A slot of a hash: four words, entered with the guest's target in A. They compare A with the address that the
 * slot is for, and jump to that address's unit or to the miss. */
#define SLOT_WORDS 4
#define SLOTS (PAGE_SIZE / 4 / SLOT_WORDS)

enum {
  POSTS = sizeof((struct data *)0)->post / sizeof(struct post),
  ROUTINE_WORDS = 6,
  ROUTINES_START = CACHE_WORDS - 1 - POSTS * ROUTINE_WORDS /* before the miss */
};
_Static_assert(VM_WINDOW_START + 4 * ROUTINES_START == CLAIM_ROUTINES, "platform.h, MARK_CLAIM");

/* ---- units ---- */

enum {
  UNIT_INSNS = 24,  /* guest instructions of a unit, at most */
  UNIT_WORDS = 900, /* words that they can need */
  UNITS = 2048,
  EXITS = 8192,
  BUCKETS = 1024,
  NONE = -1
};

/* What of STATUS translated code depends on: with T=0 the bits U and IE; with T=1 the ASID, too. */
static inline uint32_t status_key(uint32_t status) {
  return status & (status & ST_T ? ST_U | ST_IE | ST_T | ST_ASID_MASK : ST_U | ST_IE);
}
enum { NO_KEY = -1 };
/* Which hash page code with this key uses: the kernel's untranslated code with interrupts off 0, on 1. For all other
 * keys there is one page, which is emptied for each. */
static inline uint32_t key_hash(uint32_t key) { return key & (ST_T | ST_U) ? 2 : (key & ST_IE) != 0; }

/* As the cause of a word 0 (struct place): a check has found that the guest's code has changed. */
enum { CODE_CHANGED = 0xFE };

/* Why a unit was dropped: somebody has written to the guest's instructions that it was made from, or it was too slow. */
enum drop {
  DROP_NONE,    /* it was not */
  DROP_STORE,   /* a store of the guest */
  DROP_DISK,    /* the block device */
  DROP_TRAP,    /* a trap of the guest, which writes its low core */
  DROP_CALLOUT, /* nobody has: an instruction of it exits often, and gets a callout */
  DROP_PLAIN, /* nobody has: a callout of it turned out not to help, and its instruction stands as it is again */
  DROP_CHECKED, /* its page is stored to often, and has no memory trace from now on */
  DROP_TRACED,  /* its page's code changes often, and has a memory trace again */
  DROP_CHANGED  /* a check has found that the guest's code has changed */
};

struct unit {
  uint32_t pc, pa;      /* guest-virtual and guest-physical address of the first instruction */
  uint32_t key;         /* status_key of the STATUS that it is for */
  uint16_t insns;       /* guest instructions that it was made from */
  uint16_t start;       /* its first word in the cache */
  uint16_t exit, exits; /* its exits: [exit, exit + exits) */
  int16_t next;         /* in the bucket's chain */
  int16_t in;           /* the first exit that is chained to this unit */
  bool live;            /* false: dropped; its words are not entered again */
  enum drop dropped;    /* why */
  uint32_t dropped_by;  /* the guest's PC then: at DROP_STORE, of the store */
  uint32_t dropped_at;  /* guest-physical address that was written */
};

/* A jump from one unit to another. */
struct exit {
  uint32_t pc, key; /* where it leads */
  uint16_t unit;    /* whose exit it is */
  uint16_t word;    /* the jump or branch to chain */
  uint16_t stub;    /* the word 0 that it comes to while it is not chained; may be `word` itself */
  int8_t debt;      /* at the stub, with the guest at `pc` */
  int16_t to;       /* the unit it is chained to */
  int16_t next;     /* in that unit's list `in` */
  bool listed;      /* in `far` */
};

/* What stands at a word of the cache: the side table, by which a trap is given back to the guest. */
struct place {
  uint16_t unit;
  uint8_t insn;  /* the guest instruction, counted from the unit's start */
  int8_t debt;   /* before the word is executed */
  bool boundary; /* the first word of the instruction's sequence */
  uint8_t cause; /* of a word 0 that stands for the guest's instruction: the trap it gets */
  int16_t exit;  /* of a word 0 that is a stub: the exit */
};

/* What is known of an instruction that exits often; see adapt.c. */
struct habit {
  uint32_t pa;           /* guest-physical address of the instruction */
  bool adapted;          /* it is translated with a callout ... */
  uint32_t va;           /* ... for this address, if it is a load or store */
  uint32_t seen;         /* the address of the last exits ... */
  uint16_t exits, often; /* ... how many there were, and how many there must be to change anything */
};
enum { HABITS = 256 };

/* What is known of a page of code that is stored to; see adapt.c. */
struct page_habit {
  uint32_t page; /* its guest-physical address */
  bool checked;  /* has no memory trace: each instruction is compared with the guest's when it is executed */
  uint16_t events, often; /* what spoke for the other manner, and how often it must */
};
enum { PAGE_HABITS = 64 };

/* `trapeze translate` and the debugger's pane `unit` read this structure, and those above, in the VMM's memory, by the
 * names of their members (tools/trapeze/debug/translation.c). */
struct translator {
  struct vm *vm;
  uint32_t *cache; /* the window's pages, as we see them */
  uint32_t *hash;  /* [HASHES][SLOTS][SLOT_WORDS] */
  struct data *data;
  uint8_t *map; /* a bit for each page of RAM: a translation was made from it (platform.h, vm_window) */
  uint32_t shared_key; /* the key that hash 2 is for, or NO_KEY */
  uint32_t words;      /* of the cache in use */
  uint32_t units, exits;
  uint32_t flushes; /* how often the cache was emptied */
  /* What the options ask for (option.c): */
  bool users;          /* user code is translated, too */
  bool tells;          /* each unit is told to whoever records the run */
  uint32_t most_units; /* that the cache holds */
  uint32_t flush_seed; /* the next random number; 0: the cache is emptied only when it is full */
  uint32_t fars;       /* exits in `far` */
  uint16_t far[EXITS]; /* exits that were chained to a unit of another page of a guest that runs mapped */
  struct habit habit[HABITS];
  struct page_habit page_habit[PAGE_HABITS];
  int16_t bucket[BUCKETS];
  int16_t owner[HASHES][SLOTS]; /* the unit that a slot leads to */
  struct unit unit[UNITS];
  struct exit exit[EXITS];
  struct place place[CACHE_WORDS];
};

/* ---- unit.c ---- */
/* Appends a unit for the guest's code at pc, which is at guest-physical pa, and returns its number. There is room. */
int unit__make(struct translator *t, uint32_t pc, uint32_t pa, uint32_t key);

/* ---- option.c: what follows the name in --way translate,... ---- */
bool option__take(const char *word);      /* struct way */
void option__apply(struct translator *t); /* sets what the options ask for */
bool option__flush_now(
    struct translator *t); /* with option `flush`, now and then: the cache is to be emptied now */

/* ---- tell.c ---- */
void unit__tell(const struct translator *t, int unit); /* platform.h, MARK_TELL */

/* ---- cache.c ---- */
void cache__empty(struct translator *t);
/* The unit for that code; makes it if there is none. */
int cache__unit(struct translator *t, uint32_t pc, uint32_t pa, uint32_t key);
void cache__chain(struct translator *t, int exit, int unit);
void cache__fill_slot(struct translator *t, int unit);      /* from now on, indirect jumps to it find it */
void cache__share_hash(struct translator *t, uint32_t key); /* hash 2 is empty, and for that key */
/* The virtual TLB has changed: no jump leads from one mapped page to another any more. */
void cache__forget_mapped(struct translator *t);
/* Drops the units made from any of the bytes [pa, pa + bytes) of RAM, which have been written to. Returns how many. */
uint32_t cache__drop(struct translator *t, uint32_t pa, uint32_t bytes, enum drop why);
bool cache__page_used(struct translator *t, uint32_t pa); /* is there a unit from the page of pa? */

/* ---- callout.c ---- */
void posts__begin(struct translator *t); /* writes the routines into the cache; there are no posts */
void posts__do(struct translator *t);    /* does the work that was posted since the cache was entered */

/* ---- adapt.c ---- */
/* The instruction at guest-physical address pa, in the untranslated kernel, is left to the VMM. va: of a load or store,
 * where it leads; else 0. */
void adapt__exit(struct translator *t, uint32_t pa, uint32_t insn, uint32_t va);
/* What is known of the instruction at pa, if it is to be translated with a callout; else NULL. */
const struct habit *adapt__habit(struct translator *t, uint32_t pa, uint32_t insn);

/* Have units from the page of pa, for code with that key, no memory trace, but checks? */
bool adapt__checked(struct translator *t, uint32_t pa, uint32_t key);
/* A store to the traced page of pa changed no code (changed: a check has found code that has changed). */
void adapt__page(struct translator *t, uint32_t pa, bool changed);

/* ---- trace.c ---- */
void trace__begin(struct translator *t, uint32_t pa); /* the page of pa must not be stored to unnoticed */
bool trace__on(const struct translator *t, uint32_t pa);
void trace__strip(struct translator *t); /* takes W from what the next vm_run tells of traced pages */
/* The guest's store has trapped: carries it out if that is only because the page is traced. */
bool trace__store(struct translator *t);
/* The guest's access by base x0 to its own page where the window is has been left to the VMM: carries it out, if the
 * guest may make it and it leads to RAM. */
bool trace__window_access(struct translator *t);

#endif
