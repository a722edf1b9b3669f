/* reference.h - PG32 as plainly as it can be said: one instruction at a time, no caches, nothing shared with
 * machine/ but the headers. Written from the definition, to be compared with the engine. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <assert.h>
#include <string.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "machine/machine.h"

#ifndef REF_RAM /* bytes of RAM: a power of two */
#define REF_RAM 0x10000
#endif
#define REF_INPUTS 4096

struct ref {
  struct machine_regs r;
  uint64_t retired, last_trap;
  uint64_t unretired; /* steps that retired nothing */
  bool trapped, waiting, off, check_stopped;
  struct machine_tlb_entry tlb[MACHINE_TLB_ENTRIES];
  uint32_t tlb_entries, tlb_pointer;
  uint8_t ram[REF_RAM];
  uint32_t console_ctrl, clock_hi, exit_status;
  uint32_t block[5]; /* sector, address, count, -, status; there is no disk */
  uint64_t input_tick[REF_INPUTS];
  uint8_t input[REF_INPUTS];
  unsigned input_head, input_end;
  uint32_t out_hash; /* of what was transmitted */
};

enum { REF_OK, REF_TRAP = -1 };

static uint32_t ref_word(const struct ref *f, uint32_t pa) {
  uint32_t w;
  memcpy(&w, f->ram + pa, 4);
  return w;
}
static void ref_set_word(struct ref *f, uint32_t pa, uint32_t w) { memcpy(f->ram + pa, &w, 4); }

static bool ref_arrived(const struct ref *f) {
  return f->input_head < f->input_end && f->input_tick[f->input_head] <= f->r.tick;
}
static bool ref_pending(const struct ref *f) { return f->console_ctrl && ref_arrived(f); }

static void ref_trap(struct ref *f, uint32_t cause, uint32_t badva, uint32_t badinst) {
  f->unretired += cause < 9 || cause > 11;
  if (cause >= 3 && f->trapped && f->last_trap == f->retired) {
    f->check_stopped = true;
    return;
  }
  const uint32_t words[] = {f->r.pc, f->r.status, f->r.timer, cause, badva, badinst};
  memcpy(f->ram, words, sizeof words);
  f->trapped = true;
  f->last_trap = f->retired;
  f->r.pc = ref_word(f, 0x18);
  f->r.status &= 0xFF00;
}

static void ref_retire(struct ref *f, uint32_t next) {
  f->r.pc = next;
  f->r.tick++;
  f->retired++;
  if (f->r.timer) f->r.timer--;
}

/* access: 0 fetch, 1 load, 2 store */
static uint32_t ref_xlate(const struct ref *f, uint32_t va, int access, uint32_t *pa) {
  static const uint32_t right[] = {4, 1, 2}, miss[] = {4, 14, 15}, prot[] = {5, 16, 17};
  *pa = va;
  if (!(f->r.status & 4)) return 0;
  const uint32_t hi = (va & 0xFFFFF000) | (f->r.status >> 8 & 0xFF);
  for (uint32_t i = 0; i < f->tlb_entries; i++) {
    if (!f->tlb[i].valid || f->tlb[i].hi != hi) continue;
    *pa = (f->tlb[i].lo & 0xFFFFF000) | (va & 0xFFF);
    return f->tlb[i].lo & right[access] ? 0 : prot[access];
  }
  return miss[access];
}

static bool ref_device_load(struct ref *f, uint32_t pa, uint32_t *v) {
  switch (pa) {
  case 0xF0000000: *v = ref_arrived(f) ? f->input[f->input_head++] : 0xFFFFFFFF; return true;
  case 0xF0000004: *v = ref_arrived(f); return true;
  case 0xF0000008: *v = f->console_ctrl; return true;
  case 0xF0001000:
  case 0xF0001004:
  case 0xF0001008:
  case 0xF0001010: *v = f->block[pa % 32 / 4]; return true;
  case 0xF0001014: *v = 0; return true;
  case 0xF0002000: *v = (uint32_t)f->r.tick, f->clock_hi = (uint32_t)(f->r.tick >> 32); return true;
  case 0xF0002004: *v = f->clock_hi; return true;
  case 0xF0004000: *v = REF_RAM; return true;
  case 0xF0004004: *v = f->tlb_entries; return true;
  case 0xF0004008:
  case 0xF000400C:
  case 0xF0004010:
  case 0xF0004014: *v = 0; return true;
  case 0xF0004018: *v = 100000000; return true;
  default: return false;
  }
}

static uint32_t ref_command(const struct ref *f, uint32_t command) {
  if (command != 1 && command != 2) return 3;
  if (f->block[0] != 0 || f->block[2] != 0) return 1;
  return f->block[1] % 4 || f->block[1] > REF_RAM ? 2 : 0;
}

static bool ref_device_store(struct ref *f, uint32_t pa, uint32_t v) {
  switch (pa) {
  case 0xF0000000: f->out_hash = f->out_hash * 31 + (v & 0xFF); return true;
  case 0xF0000008: f->console_ctrl = v & 1; return true;
  case 0xF0001000:
  case 0xF0001004:
  case 0xF0001008: f->block[pa % 32 / 4] = v; return true;
  case 0xF000100C: f->block[4] = ref_command(f, v); return true;
  case 0xF0003000: f->off = true, f->exit_status = v & 0xFF; return true;
  default: return false;
  }
}

static uint32_t ref_load(struct ref *f, uint32_t va, uint32_t size, uint32_t *v) {
  uint32_t pa, cause;
  if (va % size) return 12;
  if ((cause = ref_xlate(f, va, 1, &pa))) return cause;
  *v = 0;
  if (pa >= REF_RAM) return size == 4 && ref_device_load(f, pa, v) ? 0 : 18;
  memcpy(v, f->ram + pa, size);
  return 0;
}

static uint32_t ref_store(struct ref *f, uint32_t va, uint32_t size, uint32_t v) {
  uint32_t pa, cause;
  if (va % size) return 13;
  if ((cause = ref_xlate(f, va, 2, &pa))) return cause;
  if (pa >= REF_RAM) return size == 4 && ref_device_store(f, pa, v) ? 0 : 19;
  memcpy(f->ram + pa, &v, size);
  return 0;
}

static void ref_tlbw(struct ref *f, uint32_t hi, uint32_t lo) {
  uint32_t slot = 0;
  hi &= 0xFFFFF0FF, lo &= 0xFFFFF007;
  while (slot < f->tlb_entries && !(f->tlb[slot].valid && f->tlb[slot].hi == hi)) slot++;
  if (slot == f->tlb_entries) {
    slot = f->tlb_pointer;
    f->tlb_pointer = (slot + 1) % f->tlb_entries;
  }
  f->tlb[slot] = (struct machine_tlb_entry){hi, lo, true};
}

static void ref_tlbi(struct ref *f, uint32_t hi, uint32_t scope) {
  const uint32_t mask = scope == 0 ? 0 : scope == 1 ? 0xFF : 0xFFFFF0FF;
  for (uint32_t i = 0; i < f->tlb_entries; i++)
    if (f->tlb[i].valid && ((f->tlb[i].hi ^ hi) & mask) == 0) f->tlb[i] = (struct machine_tlb_entry){0};
}

static uint32_t ref_alu(enum pg32_id id, uint32_t a, uint32_t b) {
  const int32_t sa = (int32_t)a, sb = (int32_t)b;
  switch (id) {
  case PG32_add:
  case PG32_addi: return a + b;
  case PG32_sub: return a - b;
  case PG32_sll:
  case PG32_slli: return a << (b & 31);
  case PG32_slt:
  case PG32_slti: return sa < sb;
  case PG32_sltu:
  case PG32_sltiu: return a < b;
  case PG32_xor:
  case PG32_xori: return a ^ b;
  case PG32_srl:
  case PG32_srli: return a >> (b & 31);
  case PG32_sra:
  case PG32_srai: return (uint32_t)(sa >> (b & 31));
  case PG32_or:
  case PG32_ori: return a | b;
  case PG32_and:
  case PG32_andi: return a & b;
  case PG32_mul: return a * b;
  case PG32_mulh: return (uint32_t)(((int64_t)sa * sb) >> 32);
  case PG32_mulhsu: return (uint32_t)(((int64_t)sa * (int64_t)b) >> 32);
  case PG32_mulhu: return (uint32_t)(((uint64_t)a * b) >> 32);
  case PG32_div: return b == 0 ? 0xFFFFFFFF : a == 0x80000000 && b == 0xFFFFFFFF ? a : (uint32_t)(sa / sb);
  case PG32_divu: return b == 0 ? 0xFFFFFFFF : a / b;
  case PG32_rem: return b == 0 ? a : a == 0x80000000 && b == 0xFFFFFFFF ? 0 : (uint32_t)(sa % sb);
  case PG32_remu: return b == 0 ? a : a % b;
  default: assert(!"ref_alu has no case for this instruction"); return 0;
  }
}

static bool ref_condition(enum pg32_id id, uint32_t a, uint32_t b) {
  switch (id) {
  case PG32_beq: return a == b;
  case PG32_bne: return a != b;
  case PG32_blt: return (int32_t)a < (int32_t)b;
  case PG32_bge: return (int32_t)a >= (int32_t)b;
  case PG32_bltu: return a < b;
  case PG32_bgeu: return a >= b;
  default: assert(!"ref_condition has no case for this instruction"); return false;
  }
}

static void ref_set(struct ref *f, unsigned rd, uint32_t v) {
  if (rd) f->r.x[rd] = v;
}

static void ref_memory(struct ref *f, struct pg32_insn i, uint32_t word) {
  const uint32_t va = f->r.x[i.rs1] + (uint32_t)i.imm;
  uint32_t v = 0, cause = 0;
  switch (i.id) {
  case PG32_lb: cause = ref_load(f, va, 1, &v), v = (uint32_t)(int8_t)v; break;
  case PG32_lh: cause = ref_load(f, va, 2, &v), v = (uint32_t)(int16_t)v; break;
  case PG32_lbu: cause = ref_load(f, va, 1, &v); break;
  case PG32_lhu: cause = ref_load(f, va, 2, &v); break;
  case PG32_lw: cause = ref_load(f, va, 4, &v); break;
  case PG32_sb: cause = ref_store(f, va, 1, f->r.x[i.rs2]); break;
  case PG32_sh: cause = ref_store(f, va, 2, f->r.x[i.rs2]); break;
  case PG32_sw: cause = ref_store(f, va, 4, f->r.x[i.rs2]); break;
  default: assert(!"ref_memory has no case for this instruction");
  }
  if (cause) {
    ref_trap(f, cause, va, word);
    return;
  }
  if (pg32_row(i.id)->shape == PG32_SHAPE_LOAD) ref_set(f, i.rd, v);
  ref_retire(f, f->r.pc + 4);
}

static void ref_jump(struct ref *f, struct pg32_insn i, uint32_t word) {
  const uint32_t pc = f->r.pc,
                 to = i.id == PG32_jal ? pc + (uint32_t)i.imm : (f->r.x[i.rs1] + (uint32_t)i.imm) & ~1u;
  if (to & 3) {
    ref_trap(f, 3, to, word);
    return;
  }
  ref_set(f, i.rd, pc + 4);
  ref_retire(f, to);
}

/* One tick of waiting, or its end. */
static void ref_wait(struct ref *f) {
  if (f->r.timer == 0 || ref_pending(f)) {
    f->waiting = false;
    ref_retire(f, f->r.pc + 4);
  } else {
    f->waiting = true;
    f->r.tick++;
    f->r.timer--;
  }
}

static void ref_privileged(struct ref *f, struct pg32_insn i, uint32_t word) {
  const uint32_t a = f->r.x[i.rs1], b = f->r.x[i.rs2];
  if (f->r.status & 1) {
    ref_trap(f, 8, 0, word);
    return;
  }
  if (i.id == PG32_wait) {
    ref_wait(f);
    return;
  }
  ref_retire(f, f->r.pc + 4);
  switch (i.id) {
  case PG32_mfst: ref_set(f, i.rd, f->r.status); break;
  case PG32_mtst: f->r.status = a & 0xFF07; break;
  case PG32_tlbw: ref_tlbw(f, a, b); break;
  case PG32_tlbi: ref_tlbi(f, a, (uint32_t)i.imm); break;
  default:
    f->r.pc = ref_word(f, 0);
    f->r.status = ref_word(f, 4) & 0xFF07;
    f->r.timer = ref_word(f, 8);
  }
}

static void ref_execute(struct ref *f, uint32_t word) {
  const struct pg32_insn i = pg32_decode(word);
  const uint32_t a = f->r.x[i.rs1], b = f->r.x[i.rs2], pc = f->r.pc;
  if (i.id == PG32_ILLEGAL) {
    ref_trap(f, 7, 0, word);
    return;
  }
  switch (pg32_row(i.id)->shape) {
  case PG32_SHAPE_RRR: ref_set(f, i.rd, ref_alu(i.id, a, b)); break;
  case PG32_SHAPE_RRI:
  case PG32_SHAPE_SHIFT: ref_set(f, i.rd, ref_alu(i.id, a, (uint32_t)i.imm)); break;
  case PG32_SHAPE_UPPER: ref_set(f, i.rd, ((uint32_t)i.imm << 12) + (i.id == PG32_auipc ? pc : 0)); break;
  case PG32_SHAPE_BRANCH: ref_retire(f, ref_condition(i.id, a, b) ? pc + (uint32_t)i.imm : pc + 4); return;
  case PG32_SHAPE_JUMP: ref_jump(f, i, word); return;
  case PG32_SHAPE_LOAD:
    if (i.id == PG32_jalr)
      ref_jump(f, i, word);
    else
      ref_memory(f, i, word);
    return;
  case PG32_SHAPE_STORE: ref_memory(f, i, word); return;
  case PG32_SHAPE_MARK: break;
  default:
    if (i.id == PG32_fence) break;
    if (pg32_row(i.id)->class == PG32_PRIVILEGED) {
      ref_privileged(f, i, word);
      return;
    }
    ref_retire(f, pc + 4);
    ref_trap(f, i.id == PG32_syscall ? 9 : i.id == PG32_hcall ? 10 : 11, 0, word);
    return;
  }
  ref_retire(f, pc + 4);
}

/* From one boundary to the next: an interrupt, or a fetch and what comes of it. */
static void ref_step(struct ref *f) {
  uint32_t pa, cause;
  if ((f->r.status & 2) && !f->waiting && (f->r.timer == 0 || ref_pending(f))) {
    ref_trap(f, f->r.timer == 0 ? 1 : 2, 0, 0);
    return;
  }
  if (f->r.pc & 3)
    cause = 3;
  else if (!(cause = ref_xlate(f, f->r.pc, 0, &pa)) && pa >= REF_RAM)
    cause = 6;
  if (cause)
    ref_trap(f, cause, f->r.pc, 0);
  else
    ref_execute(f, ref_word(f, pa));
}

/* As machine_run_to. */
static enum machine_exit ref_run(struct ref *f, uint64_t insns, uint64_t until_tick, uint64_t step) {
  const uint64_t last = f->retired + insns;
  for (;;) {
    if (f->off || f->check_stopped) return f->off ? EXIT_POWER : EXIT_CHECKSTOP;
    if (f->retired >= last || f->r.tick >= until_tick || f->retired + f->unretired >= step) return EXIT_LIMIT;
    ref_step(f);
  }
}

#endif
