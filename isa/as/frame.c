/* frame.c - .debug_frame, from what cfi.c has read: a common entry (CIE) for functions that begin alike, and
 * for each function an entry of its own (FDE) with its program (DWARF 5, section 6.4.1). */
#include "internal.h"

#include <elf.h>
#include <string.h>

enum { SP = 2, CIE_ID = -1, VERSION = 4, CFA_nop = 0, CFA_def_cfa = 0x0c };

struct cie {
  struct cie *next;
  bool simple, signal;
  unsigned return_column;
  uint32_t offset; /* in .debug_frame */
};

static void byte(struct assembler *as, unsigned n) { pg32_as_emit_number(as, n, 1); }

static void leb(struct assembler *as, int64_t n, bool is_signed) {
  uint8_t buf[10];
  pg32_as_emit(as, buf, pg32_as_leb(buf, n, is_signed));
}

/* Begins an entry, whose length comes when it ends. Returns where the entry is. */
static uint32_t begin(struct assembler *as) {
  const uint32_t at = as->here->size;
  pg32_as_emit_number(as, 0, 4);
  return at;
}

static void end(struct assembler *as, uint32_t at) {
  while (as->here->size % PG32_AS_FRAME_WORD) byte(as, CFA_nop);
  pg32_as_put_le(as->here->data + at, as->here->size - at - 4, 4);
}

static void write_cie(struct assembler *as, struct cie *c) {
  c->offset = begin(as);
  pg32_as_emit_number(as, (uint32_t)CIE_ID, 4);
  byte(as, VERSION);
  pg32_as_emit(as, c->signal ? "S" : "", c->signal ? 2 : 1); /* the augmentation */
  byte(as, 4), byte(as, 0);           /* sizes of an address and of a segment selector */
  leb(as, 1, false);                  /* addresses advance in bytes ... */
  leb(as, -PG32_AS_FRAME_WORD, true); /* ... and offsets in words, downwards */
  leb(as, c->return_column, false);
  if (!c->simple) byte(as, CFA_def_cfa), leb(as, SP, false), leb(as, 0, false); /* sp is the CFA */
  end(as, c->offset);
}

/* The common entry for a function, written when it is first needed. */
static const struct cie *cie_of(struct assembler *as, struct cie **all, const struct procedure *p) {
  for (const struct cie *c = *all; c; c = c->next)
    if (c->simple == p->simple && c->signal == p->signal && c->return_column == p->return_column) return c;
  struct cie *c = pg32_as_alloc(as, sizeof *c);
  *c = (struct cie){*all, p->simple, p->signal, p->return_column, 0};
  write_cie(as, c);
  return *all = c;
}

static void write_fde(struct assembler *as, const struct cie *c, const struct procedure *p) {
  const uint32_t at = begin(as);
  pg32_as_emit_address(as, as->here, c->offset);
  pg32_as_emit_address(as, p->section, p->start);
  pg32_as_emit_number(as, p->end - p->start, 4);
  pg32_as_emit(as, p->program, p->size);
  end(as, at);
}

void pg32_as_frames(struct assembler *as) {
  struct cie *all = NULL;
  if (as->procedure) pg32_as_error_at(as, &as->procedure->place, "no .cfi_endproc for this");
  if (!as->procedures) return;
  struct section *s = pg32_as_section(as, ".debug_frame", SHT_PROGBITS, 0);
  if (s->type == SHT_NOBITS) {
    pg32_as_error_at(as, &as->now.place, "'.debug_frame' must be able to hold the call frame information");
    return;
  }
  as->here = s;
  pg32_as_align(as, 2, -1, 0);
  for (const struct procedure *p = as->procedures; p; p = p->next) {
    const struct cie *c = cie_of(as, &all, p);
    write_fde(as, c, p);
  }
}
