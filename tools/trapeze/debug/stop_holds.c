/* stop_holds.c - does a breakpoint or watchpoint stop here? */
#include <fnmatch.h>
#include <string.h>

#include "eval/eval.h"

/* ---- lanes by name ---- */

static bool is_app(const struct lane *l) {
  return l->kind == LANE_USER ||
         (l->kind == LANE_PROCESS && strcmp(recorder_lane_program(l->name), "vmm") != 0);
}

/* Does the lane belong to a process that runs that program: "sh", "vm1/sh", also a name that the kernel cuts? */
static bool is_process_of(const struct lane *l, const char *program) {
  char name[PROC_NAME];
  const size_t before = (size_t)(base_name(program) - program);
  return l->kind == LANE_PROCESS && strncmp(l->name, program, before) == 0 &&
         (!before || base_name(l->name) == l->name + before) &&
         (strcmp(base_name(l->name), image_process_name(program, name)) == 0 ||
          strcmp(recorder_lane_program(l->name), name) == 0);
}

bool lane_matches(const struct debug *d, const char *wanted, uint32_t lane) {
  const struct lane *l = &d->lanes[lane];
  size_t n = strlen(wanted);
  if (strcmp(wanted, "app") == 0) return is_app(l);
  if (strcmp(wanted, "vmm") == 0) return l->kind == LANE_PROCESS && !is_app(l);
  if (strcmp(wanted, "kernel") == 0) return l->kind == LANE_KERNEL;
  if (strcmp(wanted, l->name) == 0 || fnmatch(wanted, l->name, 0) == 0) return true;
  if (is_process_of(l, wanted)) return true;
  /* a VM, with all that runs in it: vm1 is vm1/sh, vm1 kernel, vm1.2 kernel */
  return !strchr(wanted, '/') && strncmp(wanted, l->name, n) == 0 && strchr(" /.", l->name[n]) && l->name[n];
}

/* ---- conditions ---- */

static bool conditions_hold(const struct stop *s, const struct machine_regs *regs) {
  for (unsigned i = 0; i < s->conditions; i++) {
    const struct condition *c = &s->condition[i];
    if (!compare_holds(c->op, register_value(regs, c->reg), c->value)) return false;
  }
  return true;
}

/* Where a condition cannot be evaluated, for example because its variable is not in scope, a breakpoint on an
 * address and a watchpoint stop and say so; others go on. */
static bool expression_holds(struct debug *d, struct stop *s, int inlined) {
  char error[256];
  if (!*s->expression) return true;
  const int truth = condition_holds(d, s->expression, inlined, &s->sites, error, sizeof error);
  s->broken = truth < 0;
  return truth < 0 ? s->located || s->kind == STOP_WATCH : truth;
}

static bool status_holds(const struct stop *s, uint32_t status) {
  if (s->user >= 0 && s->user != (int)(status & ST_U)) return false;
  return s->asid < 0 || s->asid == (int)(status_asid(status));
}

static bool insn_holds(struct debug *d, const struct stop *s, const struct machine_regs *regs) {
  struct machine_space space = {(regs->status & ST_T) != 0, status_asid(regs->status)};
  return s->insn == PG32_ILLEGAL || pg32_decode(machine_peek_word(d->m, space, regs->pc, NULL)).id == s->insn;
}

/* What the record of the trap does not say is looked up just before the trap:
 * this moves the session there. */
static bool holds_before(struct debug *d, struct stop *s, uint64_t event) {
  struct machine_regs regs;
  enum timeline_stop stop = timeline_go(d->t, index_note(d, event).position);
  if (model_broken_off(d, stop)) d->stopped = true;
  if (stop != TIMELINE_THERE) return false;
  machine_get_regs(d->m, &regs);
  return conditions_hold(s, &regs) && insn_holds(d, s, &regs) && expression_holds(d, s, 0);
}

/* Is it the address of the instruction that trapped, or the address that it accessed? */
static bool trap_place_holds(struct debug *d, const struct stop *s, const struct record *rec) {
  const bool passed =
      rec->trap.cause == CAUSE_SYSCALL || rec->trap.cause == CAUSE_BREAK || rec->trap.cause == CAUSE_HCALL;
  const uint32_t pc = rec->trap.pc - (passed ? 4 : 0);
  for (unsigned i = 0; i < s->places.n; i++) {
    const struct code_place *p = &s->places.place[i];
    const bool there = pc == p->address || (!p->image && rec->trap.badva == p->address);
    if (there && (!p->image || image_meant(d, rec->from) == p->image)) return true;
  }
  return false;
}

bool stop_on_trap(struct debug *d, struct stop *s, uint64_t event) {
  if (s->disabled) return false;
  const struct note n = index_note(d, event);
  if (n.kind != RECORD_TRAP) return false;
  if (!cause_is_empty(&s->causes) && !cause_has(&s->causes, n.cause, n.insn)) return false;
  if (s->lane[0] && !lane_matches(d, s->lane, n.from)) return false;
  if (s->depth >= 0 && s->depth != (int)d->lanes[n.from].depth) return false;
  if (s->user >= 0 || s->asid >= 0 || s->located) {
    const struct record *rec = timeline_event(d->t, event);
    bool vm = rec && rec->virtual_status != ~(uint32_t)0;
    if (!rec || !status_holds(s, vm ? rec->virtual_status : rec->real_status)) return false;
    if (s->located && !trap_place_holds(d, s, rec)) return false;
  }
  return (!s->conditions && !*s->expression && s->insn == PG32_ILLEGAL) || holds_before(d, s, event);
}

/* ---- what is watched ---- */

bool watched_read(struct debug *d, const struct watched *w, uint8_t value[WATCH_BYTES]) {
  const struct machine_space real = {0};
  struct machine_regs regs;
  memset(value, 0, WATCH_BYTES);
  if (w->reg >= 0) {
    machine_get_regs(d->m, &regs);
    const uint32_t word = register_value(&regs, w->reg);
    memcpy(value, &word, sizeof word);
  } else if (machine_peek(d->m, real, w->physical, value, w->size) < w->size ||
             machine_peek(d->m, real, w->next_physical, value + w->size, w->next_size) < w->next_size)
    return false;
  for (unsigned i = 0; i < WATCH_BYTES; i++) value[i] &= w->mask[i];
  return true;
}

const char *watched_text(const struct watched *w, const uint8_t value[WATCH_BYTES], char *buf, size_t size) {
  const uint32_t n = w->reg >= 0 ? 4 : w->size + w->next_size;
  size_t used = 2;
  snprintf(buf, size, "0x");
  for (uint32_t i = n; n <= 8 && i-- && used < size;)
    used += (size_t)snprintf(buf + used, size - used, "%02x", value[i]);
  if (n <= 8) return buf;
  for (uint32_t i = used = 0; i < n && used < size; i++)
    used += (size_t)snprintf(buf + used, size - used, i % 4 || !i ? "%02x" : " %02x", value[i]);
  return buf;
}

bool watched_follow(struct debug *d, struct watched *w) {
  uint32_t first = 0, second = w->next_physical;
  if (!w->follows || recorder_current(timeline_recorder(d->t)) != w->lane) return w->away = true, false;
  if (!w->away) return false;
  w->away = !mmu_real(d, w->address, &first) || (w->next_size && !mmu_real(d, w->address + w->size, &second));
  if (w->away || (w->physical == first && w->next_physical == second)) return false;
  return w->physical = first, w->next_physical = second, true;
}

void watched_arm(struct debug *d, struct watched *w) {
  w->away = true;
  watched_follow(d, w);
  w->unsure = w->away;
  watched_read(d, w, w->now);
}

/* Has it been changed since the position before? From now on the new value is the one to compare with. */
static bool has_changed(struct debug *d, struct watched *w) {
  uint8_t now[WATCH_BYTES];
  if (watched_follow(d, w) && w->unsure) watched_read(d, w, w->now); /* another page, but no change */
  w->unsure &= w->away;
  if (!watched_read(d, w, now) || memcmp(now, w->now, sizeof now) == 0) return false;
  memcpy(w->before, w->now, sizeof w->before);
  memcpy(w->now, now, sizeof w->now);
  return true;
}

/* Does the range [address, address + size) of real memory meet the bytes that are watched? */
static bool meets(const struct watched *w, uint32_t address, uint32_t size) {
  return (address < w->physical + w->size && w->physical < address + size) ||
         (address < w->next_physical + w->next_size && w->next_physical < address + size);
}

/* Will the next instruction load from the bytes that are watched, or store to them? */
static bool is_accessed(struct debug *d, const struct stop *s, const struct machine_regs *regs) {
  const struct machine_space space = {(regs->status & ST_T) != 0, status_asid(regs->status)};
  const struct pg32_insn i = pg32_decode(machine_peek_word(d->m, space, regs->pc, NULL));
  uint32_t size, real;
  switch (i.id) {
  case PG32_lb:
  case PG32_lbu:
  case PG32_sb: size = 1; break;
  case PG32_lh:
  case PG32_lhu:
  case PG32_sh: size = 2; break;
  case PG32_lw:
  case PG32_sw: size = 4; break;
  default: return false;
  }
  if (s->only_reads && (i.id == PG32_sb || i.id == PG32_sh || i.id == PG32_sw)) return false;
  return mmu_real(d, regs->x[i.rs1] + (uint32_t)i.imm, &real) && meets(&s->watched, real, size);
}

/* ---- breakpoints on code, and watchpoints ---- */

/* A breakpoint without address, instruction or condition stops where its lane begins to run. */
static bool just_entered(struct debug *d) {
  struct place p = model_place(d);
  return p.event && !p.before && p.since == 0;
}

/* Programs are told apart by what the lane runs. */
const struct code_place *stop_place_at(struct debug *d, const struct stop *s, uint32_t lane, uint32_t pc) {
  for (unsigned i = 0; i < s->places.n; i++) {
    const struct code_place *p = &s->places.place[i];
    if (p->address == pc && (!p->image || image_meant(d, lane) == p->image)) return p;
  }
  return NULL;
}

bool stop_on_state(struct debug *d, struct stop *s) {
  struct machine_regs regs;
  struct lane_vm vm;
  if (s->disabled) return false;
  machine_get_regs(d->m, &regs);
  if (s->kind == STOP_WATCH && !has_changed(d, &s->watched)) return false;
  if (s->kind == STOP_ACCESS) watched_follow(d, &s->watched);
  if (s->kind == STOP_ACCESS && !is_accessed(d, s, &regs)) return false;
  if (!conditions_hold(s, &regs)) return false;
  uint32_t id = recorder_current(timeline_recorder(d->t));
  if (id >= d->nlanes) return false;
  const struct code_place *place = stop_place_at(d, s, id, regs.pc);
  if (s->located && !place) return false;
  const struct lane *l = &d->lanes[id];
  if (s->depth >= 0 && s->depth != (int)l->depth) return false;
  if (s->lane[0] && !lane_matches(d, s->lane, id)) return false;
  bool inside = recorder_lane_vm(timeline_recorder(d->t), id, l->depth, &vm);
  if (!status_holds(s, inside ? vm.vstatus : regs.status) || !insn_holds(d, s, &regs)) return false;
  bool everywhere =
      s->kind == STOP_CODE && !s->located && !s->conditions && !*s->expression && s->insn == PG32_ILLEGAL;
  if (everywhere) return just_entered(d);
  return expression_holds(d, s, place ? place->outwards : 0) && (s->kind == STOP_WATCH || stop_arrives(d, s));
}
