/* translation.h - what a VMM that translates (vmm/translate) has made of its guest: units, their exits, and what each
 * word of the cache stands for. All of that is read in the VMM's own memory, by the names of the members of
 * vmm/translate/translate.h, so that what one sees is what runs. translation.c reads; unit_rows.c writes a unit as
 * text, guest and translation side by side; view_unit.c is the pane; translate.c is the subcommand. */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include "debug.h"

struct translated_unit {
  uint32_t pc, pa,
      key;        /* the guest's first instruction: virtual and physical address; and the STATUS it is for */
  uint32_t insns; /* guest instructions */
  uint32_t start, end;  /* its words of the cache: [start, end) */
  uint32_t exit, exits; /* its exits: [exit, exit + exits) */
  bool live;
  uint32_t dropped_by, dropped_at;
};
struct translated_exit {
  uint32_t pc, key;          /* where it leads */
  uint32_t unit, word, stub; /* as in translate.h */
  int32_t to;                /* the unit that it is chained to; -1 = none */
};
struct translated_word {
  uint32_t word;
  uint32_t unit, insn; /* the guest instruction, counted from the unit's start */
  uint32_t cause;      /* of a word 0 that stands for an instruction */
  int32_t exit;        /* of a word 0 that is a stub; -1 = none */
};

/* Words of the translator's data beside STATUS and registers: the member's name, and what it means. */
enum { TRANSLATION_DATA_WORDS = 5 };
extern const char *const translation_data_word[TRANSLATION_DATA_WORDS][2];

struct translation {
  struct debug *d;
  char vmm[48];      /* the VMM's lane */
  uint32_t guest;    /* the guest's kernel: its lane */
  uint32_t status;   /* of the VMM's address space */
  uint32_t ram, map; /* the guest's RAM, and the map of traced pages, as addresses in that space */
  uint32_t data[TRANSLATION_DATA_WORDS]; /* their offsets in the data page */
  uint32_t units, exits, words, flushes, slots;
  struct translated_unit *unit;
  struct translated_exit *exit;
  struct translated_word *word;
  int16_t *owner; /* the unit of each slot of the hash */
};

/* Reads, as of now, what the VMM of the VM that runs, or that ran last, has translated. For translation_free, also if
 * the result is false. False: d->said says why there is nothing to read. */
bool translation_read(struct debug *d, struct translation *t);
void translation_free(struct translation *t);
/* The unit that the cache's address belongs to; -1 = none. */
int translation_unit_at(const struct translation *t, uint32_t address);
/* The first unit from number `from` on that was made from the guest's instruction at pc; live ones only, or all.
 * -1 = none. */
int translation_unit_of(const struct translation *t, uint32_t pc, int from, bool live);
/* The guest's word from which instruction `insn` of the unit was made, as it is in the guest's RAM now. */
bool translation_guest_word(const struct translation *t, int unit, uint32_t insn, uint32_t *word);
/* Is there a memory trace on the page of the guest-physical address? */
bool translation_traced(const struct translation *t, uint32_t pa);
/* Is the unit what indirect jumps to its address find? */
bool translation_in_hash(const struct translation *t, int unit);
/* "the guest's store at 0x00001234 wrote to 0x00005678": why a unit that is not live was dropped. Returns buf. */
const char *translation_drop(const struct translation *t, int unit, char *buf, size_t size);

/* ---- unit_rows.c ---- */

enum unit_row_kind {
  UNIT_HEAD,  /* about the unit as a whole */
  UNIT_SAME,  /* an instruction that stands as it is */
  UNIT_OTHER, /* a word that was put in an instruction's place */
  UNIT_STUB   /* a word behind the last instruction */
};
struct unit_row {
  enum unit_row_kind kind;
  uint32_t word; /* its number in the cache; of a head 0xFFFFFFFF */
  char text[200];
};
struct unit_rows { /* all zero at first */
  struct unit_row *row;
  size_t n;
};
/* Appends the rows of a unit; for free(rows->row). */
void unit_rows(const struct translation *t, int unit, struct unit_rows *rows);
/* One line: number, address, symbol, STATUS, sizes, whether it was dropped. Returns buf. */
const char *unit_title(const struct translation *t, int unit, char *buf, size_t size);
/* How many of its instructions stand as they are. */
uint32_t unit_same(const struct translation *t, int unit);

#endif
