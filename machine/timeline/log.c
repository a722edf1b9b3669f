/* log.c - what comes from outside: input, idle time and pokes. Each is noted with its position and done there
 * whenever the run passes that position. */
#include <string.h>

#include "internal.h"

/* ---- the log ---- */

bool timeline_log_append(struct log *log, struct log_entry entry) {
  struct log_entry *at = timeline_grow(log->at, log->n, &log->room, sizeof *at);
  if (!at) return false;
  log->at = at;
  log->at[log->n++] = entry;
  return true;
}

/* Bytes of RAM that an entry changes; 0 = none. */
static uint32_t poked_bytes(const struct log_entry *e) {
  return e->kind == LOG_POKE_BYTE ? 1 : e->kind == LOG_POKE_WORD ? 4 : 0;
}

/* A poke's value: what is changed in the high word, the new content in the low one. */
static uint32_t poked_place(const struct log_entry *e) { return (uint32_t)(e->value >> 32); }

bool timeline_log_valid(const struct timeline *t, const struct log_entry *e) {
  const uint32_t place = poked_place(e), n = poked_bytes(e);
  if (n) return (e->value & UINT32_MAX) >> (8 * n - 1) >> 1 == 0 && machine_ram(t->m, place, n);
  if (e->kind == LOG_POKE_REGISTER) return place >= 1 && place <= TIMELINE_PC;
  return e->kind < LOG_KINDS;
}

static void poke_register(struct machine *m, unsigned reg, uint32_t value) {
  struct machine_regs regs;
  machine_get_regs(m, &regs);
  *(reg == TIMELINE_PC ? &regs.pc : &regs.x[reg]) = value;
  machine_set_regs(m, &regs);
}

/* False if memory is short, then nothing has happened. */
static bool act(struct timeline *t, const struct log_entry *e) {
  const struct machine_space real = {0};
  const uint8_t byte = (uint8_t)e->value;
  const uint32_t word = (uint32_t)e->value;
  switch (e->kind) {
  case LOG_IDLE: machine_idle(t->m, e->value); break;
  case LOG_BYTE: return machine_console_input(t->m, 0, &byte, 1);
  case LOG_HANGUP: machine_console_hangup(t->m, 0); break;
  case LOG_POKE_BYTE: machine_poke(t->m, real, poked_place(e), &byte, 1); break;
  case LOG_POKE_WORD: machine_poke(t->m, real, poked_place(e), &word, 4); break;
  case LOG_POKE_REGISTER: poke_register(t->m, poked_place(e), word); break;
  case LOG_KINDS: break;
  }
  return true;
}

bool timeline_follow_log(struct timeline *t) {
  for (; t->log.next < t->log.n && t->log.at[t->log.next].position <= timeline_position(t); t->log.next++)
    if (!act(t, &t->log.at[t->log.next])) return false;
  return true;
}

/* ---- new entries ---- */

bool timeline_in_the_past(const struct timeline *t) { return timeline_position(t) < t->latest; }

/* Lets it happen now, and whenever this position is passed again. */
static bool happen(struct timeline *t, enum log_kind kind, uint64_t value) {
  if (timeline_in_the_past(t)) return false;
  if (!timeline_follow_log(t)) return false; /* earlier entries are first */
  if (!timeline_log_append(&t->log, (struct log_entry){timeline_position(t), value, kind})) return false;
  if (timeline_follow_log(t)) return true;
  t->log.n--; /* it has not happened */
  return false;
}

bool timeline_input(struct timeline *t, const void *bytes, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!happen(t, LOG_BYTE, ((const uint8_t *)bytes)[i])) return false;
  return !timeline_in_the_past(t);
}

bool timeline_hangup(struct timeline *t) { return happen(t, LOG_HANGUP, 0); }

uint64_t timeline_idle_ticks(const struct timeline *t) {
  return timeline_in_the_past(t) ? 0 : machine_idle_ticks(t->m);
}

bool timeline_idle(struct timeline *t, uint64_t ticks) {
  const uint64_t most = timeline_idle_ticks(t);
  return happen(t, LOG_IDLE, ticks < most ? ticks : most);
}

void timeline_fork(struct timeline *t) {
  timeline_checkpoints_drop_after(t, timeline_position(t));
  t->latest = timeline_position(t);
  t->log.n = t->log.next;
  t->outputs = t->output_shown;
  timeline_events_fork(t);
}

/* ---- pokes ---- */

/* Whole aligned words as such, to keep the log short. */
bool timeline_poke(struct timeline *t, uint32_t physical, const void *bytes, size_t n) {
  const uint8_t *from = bytes;
  if (n > UINT32_MAX || (n && !machine_ram(t->m, physical, (uint32_t)n))) return false;
  for (size_t done = 0; done < n;) {
    const uint32_t place = physical + (uint32_t)done;
    const bool whole = place % 4 == 0 && n - done >= 4;
    uint32_t value = from[done];
    if (whole) memcpy(&value, from + done, sizeof value);
    if (!happen(t, whole ? LOG_POKE_WORD : LOG_POKE_BYTE, (uint64_t)place << 32 | value)) return false;
    done += whole ? 4 : 1;
  }
  return !timeline_in_the_past(t);
}

bool timeline_poke_register(struct timeline *t, unsigned reg, uint32_t value) {
  const struct log_entry e = {.kind = LOG_POKE_REGISTER, .value = (uint64_t)reg << 32 | value};
  return timeline_log_valid(t, &e) && happen(t, e.kind, e.value);
}

static bool pokes_byte(const struct log_entry *e, uint32_t physical) {
  return physical - poked_place(e) < poked_bytes(e);
}

bool timeline_last_poke(const struct timeline *t, uint32_t physical, uint64_t *position) {
  for (size_t i = t->log.next; i-- > 0;)
    if (pokes_byte(&t->log.at[i], physical)) return *position = t->log.at[i].position, true;
  return false;
}

bool timeline_last_poke_register(const struct timeline *t, unsigned reg, uint64_t *position) {
  for (size_t i = t->log.next; i-- > 0;) {
    const struct log_entry *e = &t->log.at[i];
    if (e->kind == LOG_POKE_REGISTER && poked_place(e) == reg) return *position = e->position, true;
  }
  return false;
}
