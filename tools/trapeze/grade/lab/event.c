/* event.c - a record, cut down to what patterns, predictions and feedback need; who a lane is; names of
 * traps. */
#include <string.h>

#include "event.h"
#include "tools/trapeze/cause.h"

/* ---- lanes ---- */

static const char *const who_names[] = {"none", "app", "guest-os", "vmm", "host-os"};

enum who who_named(const char *word, size_t n) {
  for (unsigned w = WHO_APP; w <= WHO_HOST_OS; w++)
    if (strlen(who_names[w]) == n && memcmp(word, who_names[w], n) == 0) return (enum who)w;
  return WHO_NOBODY;
}

const char *who_name(enum who who) { return who_names[who]; }

bool role_is(const struct role *role, enum who who, unsigned depth) {
  switch (who) {
  case WHO_APP: return !role->kernel && role->depth == depth;
  case WHO_GUEST_OS: return role->kernel && role->depth == depth;
  case WHO_VMM: return role->vmm && role->depth + 1u == depth;
  case WHO_HOST_OS: return role->kernel && role->depth + 1u == depth;
  default: return false;
  }
}

/* ---- traps ---- */

const char *trap_word_exact(const char *word, size_t n) {
  struct cause_set set = {0};
  return cause_add(&set, word, n) ? cause_only(&set) : NULL;
}

enum pg32_id event_insn(const struct event *e) {
  return e->trap.cause == CAUSE_PRIVILEGED ? pg32_decode(e->trap.badinst).id : PG32_ILLEGAL;
}

const char *trap_word(const struct event *e) { return cause_word(e->trap.cause, event_insn(e)); }

/* ---- from a record, and back ---- */

static void take_trap(const struct record *rec, struct event *e) {
  e->trap.cause = rec->trap.cause, e->trap.badva = rec->trap.badva, e->trap.badinst = rec->trap.badinst;
  e->levels = rec->levels;
  for (unsigned l = 0; l <= rec->levels; l++) {
    e->verdict[l] = (uint8_t)rec->verdict[l];
    e->done[l] = (uint8_t)recorder_done(rec, l);
    e->hidden |= (uint16_t)(rec->hidden_fill[l] << l);
    e->injected |= (uint16_t)(rec->injected[l] << l);
  }
}

static void take_particulars(const struct record *rec, struct event *e) {
  if (rec->kind == RECORD_TRAP) take_trap(rec, e);
  if (rec->kind == RECORD_TLBW)
    e->tlbw.slot = rec->tlbw.slot, e->tlbw.hi = rec->tlbw.hi, e->tlbw.lo = rec->tlbw.lo;
  if (rec->kind == RECORD_TLBI) e->tlbi.scope = rec->tlbi.scope, e->tlbi.hi = rec->tlbi.hi;
  if (rec->kind == RECORD_DEVICE)
    e->device.address = rec->device.address, e->device.value = rec->device.value,
    e->device.store = rec->device.store;
}

static void give_particulars(const struct event *e, struct record *rec) {
  if (e->kind == RECORD_TRAP)
    rec->trap = (struct record_trap){.cause = e->trap.cause,
                                     .badva = e->trap.badva,
                                     .badinst = e->trap.badinst,
                                     .guest_cause =
                                         e->trap.cause, /* as the machine had it: an event keeps no claims */
                                     .guest_badinst = e->trap.badinst};
  if (e->kind == RECORD_TLBW) rec->tlbw = (struct record_tlbw){e->tlbw.slot, e->tlbw.hi, e->tlbw.lo};
  if (e->kind == RECORD_TLBI) rec->tlbi = (struct record_tlbi){e->tlbi.scope, e->tlbi.hi};
  if (e->kind == RECORD_DEVICE)
    rec->device = (struct record_device){
        .address = e->device.address, .value = e->device.value, .store = e->device.store};
}

bool event_of(const struct record *rec, struct event *e) {
  if (rec->kind == RECORD_MARK || rec->kind == RECORD_END) return false;
  *e = (struct event){.event = rec->event,
                      .tick = rec->tick,
                      .retired = rec->retired,
                      .from = rec->from,
                      .to = rec->to,
                      .a7 = rec->a7,
                      .kind = (uint8_t)rec->kind,
                      .of_para = rec->para && !(rec->virtual_status & ST_U)};
  take_particulars(rec, e);
  e->steps = (uint8_t)rec->steps;
  for (unsigned i = 0; i < rec->steps; i++)
    e->step[i].list = (uint8_t)rec->step[i].list, e->step[i].step = rec->step[i].step,
    e->step[i].level = rec->step[i].level;
  return true;
}

struct record event_record(const struct event *e) {
  struct record rec = {.kind = (enum record_kind)e->kind,
                       .event = e->event,
                       .tick = e->tick,
                       .from = e->from,
                       .to = e->to,
                       .a7 = e->a7,
                       .levels = e->levels,
                       .para = e->of_para,
                       .virtual_status = e->of_para ? 0 : ST_U,
                       .steps = e->steps};
  give_particulars(e, &rec);
  for (unsigned l = 0; l <= e->levels; l++) {
    rec.verdict[l] = (enum verdict)e->verdict[l];
    rec.hidden_fill[l] = e->hidden >> l & 1;
    rec.injected[l] = e->injected >> l & 1;
  }
  for (unsigned i = 0; i < e->steps; i++)
    rec.step[i] = (struct list_step){
        .list = (enum lecture_list)e->step[i].list, .step = e->step[i].step, .level = e->step[i].level};
  return rec;
}
