/* unwind_table.c - rows of call frame information, from .debug_frame (DWARF 5, section 6.4).
 *
 * A function's rows are the result of a program for a small machine. libdw finds the programs, but executes
 * those of machines that it knows, and PG32 is none of them. */
#include <dwarf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "unwind.h"

enum { ROWS = 4096, REMEMBERED = 32, REGISTERS = 32 };

struct program {
  struct table *table;
  const uint8_t *at, *end;
  Dwarf_Word code_align;
  Dwarf_Sword data_align;
  struct table_row now, initial, remembered[REMEMBERED];
  unsigned depth; /* of `remembered` */
  size_t room;    /* of table->row */
  bool bad;
};

/* ---- operands ---- */

static uint64_t fixed(struct program *p, unsigned bytes) {
  uint64_t n = 0;
  if ((size_t)(p->end - p->at) < bytes) return p->bad = true, 0;
  for (unsigned i = bytes; i-- > 0;) n = n << 8 | p->at[i];
  p->at += bytes;
  return n;
}

static uint64_t leb(struct program *p, bool is_signed) {
  uint64_t n = 0;
  for (unsigned shift = 0;; shift += 7) {
    const uint8_t byte = (uint8_t)fixed(p, 1);
    if (shift < 64) n |= (uint64_t)(byte & 127) << shift;
    if (byte & 128 && !p->bad) continue;
    if (is_signed && byte & 64 && shift + 7 < 64) n |= UINT64_MAX << (shift + 7);
    return n;
  }
}

static unsigned register_operand(struct program *p) {
  const uint64_t r = leb(p, false);
  if (r >= REGISTERS) p->bad = true;
  return r % REGISTERS;
}

static int32_t factored(struct program *p, bool is_signed) {
  return (int32_t)((uint64_t)p->data_align * leb(p, is_signed));
}

static void skip_block(struct program *p) {
  const uint64_t n = leb(p, false);
  if (n > (uint64_t)(p->end - p->at))
    p->bad = true;
  else
    p->at += n;
}

/* ---- rows ---- */

/* The row is complete: the next one begins at `address`. */
static void advance(struct program *p, uint32_t address) {
  struct table *t = p->table;
  if (address == p->now.address) return;
  if (address < p->now.address || t->rows == ROWS) {
    p->bad = true;
    return;
  }
  if (t->rows == p->room) {
    p->room = p->room ? 2 * p->room : 8;
    t->row = must(realloc(t->row, p->room * sizeof *t->row));
  }
  t->row[t->rows++] = p->now;
  p->now.address = address;
}

static void rule(struct program *p, unsigned reg, enum rule_kind kind, int32_t n) {
  p->now.rule[reg % REGISTERS] = (struct frame_rule){kind, n};
}

static void set_cfa(struct program *p, int reg, int32_t offset) {
  p->now.reg = reg;
  p->now.offset = offset;
}

static void restore(struct program *p, unsigned reg) {
  p->now.rule[reg % REGISTERS] = p->initial.rule[reg % REGISTERS];
}

static void remember(struct program *p) {
  if (p->depth == REMEMBERED)
    p->bad = true;
  else
    p->remembered[p->depth++] = p->now;
}

static void take_back(struct program *p) {
  const uint32_t address = p->now.address;
  if (!p->depth)
    p->bad = true;
  else
    p->now = p->remembered[--p->depth], p->now.address = address;
}

static void advance_by(struct program *p, uint64_t units) {
  advance(p, p->now.address + (uint32_t)(units * p->code_align));
}

/* ---- operations ---- */

static void cfa_operation(struct program *p, unsigned op) {
  unsigned r;
  switch (op) {
  case DW_CFA_def_cfa: r = register_operand(p), set_cfa(p, (int)r, (int32_t)leb(p, false)); break;
  case DW_CFA_def_cfa_sf: r = register_operand(p), set_cfa(p, (int)r, factored(p, true)); break;
  case DW_CFA_def_cfa_register: set_cfa(p, (int)register_operand(p), p->now.offset); break;
  case DW_CFA_def_cfa_offset: set_cfa(p, p->now.reg, (int32_t)leb(p, false)); break;
  case DW_CFA_def_cfa_offset_sf: set_cfa(p, p->now.reg, factored(p, true)); break;
  case DW_CFA_def_cfa_expression: skip_block(p), set_cfa(p, -1, 0); break;
  default: p->bad = true;
  }
}

static void rule_operation(struct program *p, unsigned op) {
  const unsigned r = register_operand(p);
  switch (op) {
  case DW_CFA_offset_extended: rule(p, r, RULE_OFFSET, factored(p, false)); break;
  case DW_CFA_offset_extended_sf: rule(p, r, RULE_OFFSET, factored(p, true)); break;
  case DW_CFA_val_offset: rule(p, r, RULE_VALUE, factored(p, false)); break;
  case DW_CFA_val_offset_sf: rule(p, r, RULE_VALUE, factored(p, true)); break;
  case DW_CFA_restore_extended: restore(p, r); break;
  case DW_CFA_undefined: rule(p, r, RULE_UNDEFINED, 0); break;
  case DW_CFA_same_value: rule(p, r, RULE_SAME, 0); break;
  case DW_CFA_register: rule(p, r, RULE_REGISTER, (int32_t)register_operand(p)); break;
  case DW_CFA_expression:
  case DW_CFA_val_expression: skip_block(p), rule(p, r, RULE_UNKNOWN, 0); break;
  default: p->bad = true;
  }
}

static void operate(struct program *p) {
  const unsigned op = (unsigned)fixed(p, 1), low = op & 0x3f;
  switch (op & 0xc0) {
  case DW_CFA_advance_loc: advance_by(p, low); return;
  case DW_CFA_offset: rule(p, low, RULE_OFFSET, factored(p, false)), p->bad |= low >= REGISTERS; return;
  case DW_CFA_restore: restore(p, low), p->bad |= low >= REGISTERS; return;
  }
  switch (op) {
  case DW_CFA_nop: break;
  case DW_CFA_set_loc: advance(p, (uint32_t)fixed(p, 4)); break;
  case DW_CFA_advance_loc1: advance_by(p, fixed(p, 1)); break;
  case DW_CFA_advance_loc2: advance_by(p, fixed(p, 2)); break;
  case DW_CFA_advance_loc4: advance_by(p, fixed(p, 4)); break;
  case DW_CFA_remember_state: remember(p); break;
  case DW_CFA_restore_state: take_back(p); break;
  case DW_CFA_GNU_args_size: leb(p, false); break;
  case DW_CFA_def_cfa:
  case DW_CFA_def_cfa_sf:
  case DW_CFA_def_cfa_register:
  case DW_CFA_def_cfa_offset:
  case DW_CFA_def_cfa_offset_sf:
  case DW_CFA_def_cfa_expression: cfa_operation(p, op); break;
  default: rule_operation(p, op);
  }
}

static void run(struct program *p, const uint8_t *from, const uint8_t *to) {
  for (p->at = from, p->end = to; p->at < p->end && !p->bad;) operate(p);
}

/* ---- entries ---- */

static Elf_Data *frame_section(Dwarf *dwarf, const unsigned char **ident) {
  Elf *elf = dwarf_getelf(dwarf);
  size_t names;
  GElf_Shdr header;
  *ident = (const unsigned char *)elf_getident(elf, NULL);
  if (!*ident || elf_getshdrstrndx(elf, &names)) return NULL;
  for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
    const char *name = gelf_getshdr(s, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
    if (name && strcmp(name, ".debug_frame") == 0) return elf_getdata(s, NULL);
  }
  return NULL;
}

/* The entry of the function at `pc`, and the common one that it names. */
static bool find_entry(Dwarf *dwarf, uint32_t pc, Dwarf_CFI_Entry *common, Dwarf_FDE *found,
                       uint32_t bounds[2]) {
  const unsigned char *ident;
  Elf_Data *data = frame_section(dwarf, &ident);
  Dwarf_CFI_Entry entry;
  Dwarf_Off next, unused;
  for (Dwarf_Off at = 0; data && dwarf_next_cfi(ident, data, false, at, &next, &entry) == 0; at = next) {
    if (dwarf_cfi_cie_p(&entry) || entry.fde.end - entry.fde.start < 8) continue;
    memcpy(bounds, entry.fde.start, 8);
    if (pc < bounds[0] || pc - bounds[0] >= bounds[1]) continue;
    *found = entry.fde;
    return dwarf_next_cfi(ident, data, false, found->CIE_pointer, &unused, common) == 0 &&
           dwarf_cfi_cie_p(common);
  }
  return false;
}

static bool execute(struct table *t, const Dwarf_CIE *cie, const Dwarf_FDE *fde) {
  struct program *p = must(calloc(1, sizeof *p));
  *p = (struct program){.table = t,
                        .code_align = cie->code_alignment_factor,
                        .data_align = cie->data_alignment_factor,
                        .now = {.address = t->start, .reg = -1}};
  run(p, cie->initial_instructions, cie->initial_instructions_end);
  p->initial = p->now;
  run(p, fde->start + 8, fde->end);
  if (!p->bad) advance(p, UINT32_MAX);
  const bool ok = !p->bad && t->rows;
  free(p);
  return ok;
}

bool table_read(struct image *i, uint32_t pc, struct table *t) {
  Dwarf *dwarf = source_dwarf(i);
  Dwarf_CFI_Entry common;
  Dwarf_FDE fde;
  uint32_t bounds[2];
  *t = (struct table){0};
  if (!dwarf || !find_entry(dwarf, pc, &common, &fde, bounds)) return false;
  const Dwarf_CIE *cie = &common.cie;
  const char *a = cie->augmentation; /* another one may mean operands that are not known here */
  if ((*a && strcmp(a, "S") != 0) || cie->return_address_register >= REGISTERS) return false;
  t->start = bounds[0], t->end = bounds[0] + bounds[1];
  t->return_column = (unsigned)cie->return_address_register;
  if (execute(t, cie, &fde)) return true;
  free(t->row);
  return false;
}
