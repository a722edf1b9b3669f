/* stream.c - what a guest's machine does, step by step: instructions retired, and traps that the guest sees.
 *
 * On the bare machine each step is the machine's own. At depth N a guest's instruction has retired when the
 * machine continued after it, or when the VMM resumed the guest after it (the VMM emulated it). An
 * instruction that trapped and was resumed at the same PC (the VMM filled a TLB entry, or the trap was the
 * host's own) will be tried again and has not happened yet. A trap has happened to the guest when the guest
 * was resumed at its own vector. All this is read from PCs, low cores and STATUS; no VMM is asked. The
 * recorder only tells when the guest runs. */
#include <stdlib.h>
#include <string.h>

#include "isa/pg32.h"
#include "verify.h"

#define CONTROL (ST_U | ST_IE | ST_T) /* what a trap clears in STATUS */

enum { PC, STATUS, TIMER, CAUSE, BADVA, BADINST, VECTOR }; /* words of a low core */

static void pass_on(struct stream *s, const struct step *step) {
  s->steps++;
  s->trapped = step->trap;
  s->facts.retired = step->trap ? machine_retired(s->m) : s->retired;
  s->sink(s->arg, step);
  if (s->curious) s->facts = (struct step_facts){0};
}

static void retire(struct stream *s) {
  s->begun = false;
  pass_on(s, &s->now);
}

static void trapped(struct stream *s, const uint32_t *low_core) {
  struct step step = {.trap = true, .pc = low_core[PC], .status = low_core[STATUS]};
  memcpy(step.low_core, low_core, sizeof step.low_core);
  pass_on(s, &step);
}

/* ---- facts, for whoever is curious ---- */

static struct machine_tlb_entry entry_for(const struct machine *m, uint32_t status, uint32_t va) {
  uint32_t hi = (va & TLB_VPN_MASK) | status_asid(status), n = machine_tlb_entries(m);
  for (uint32_t i = 0; (status & ST_T) && i < n; i++) {
    struct machine_tlb_entry e = machine_tlb_get(m, i);
    if (e.valid && e.hi == hi) return e;
  }
  return (struct machine_tlb_entry){0};
}

static void find_entries(struct stream *s, const struct machine_regs *r, uint32_t word) {
  struct pg32_insn insn = pg32_decode(word);
  bool load = insn.id >= PG32_lb && insn.id <= PG32_lhu, store = insn.id >= PG32_sb && insn.id <= PG32_sw;
  s->facts.fetch = entry_for(s->m, r->status, r->pc);
  if (!load && !store) return;
  s->facts.address = r->x[insn.rs1] + (uint32_t)insn.imm;
  s->facts.data = entry_for(s->m, r->status, s->facts.address);
}

static void note_exit(struct stream *s, const struct machine_trap *t) {
  if (t->cause <= CAUSE_DEVICE) return; /* the host's own */
  if (s->facts.exits++ == 0) s->facts.first = *t;
  s->facts.exit = *t;
  s->facts.vstatus = s->status;
  s->facts.exit_tick = t->tick;
  if (!s->begun && !s->facts.before) s->facts.before = t->tick;
}

static void note_resume(struct stream *s, const struct machine_regs *r, const struct recorder_vm *vm) {
  if (!s->facts.exit.cause) return;
  if (s->facts.exits == 1) s->facts.first_pc = r->pc, s->facts.first_a0 = r->x[10];
  s->facts.resume_tick = r->tick;
  s->facts.at_vector = vm->low_known && r->pc == vm->low_core[VECTOR];
  s->facts.entered_status = vm->status;
  memcpy(s->facts.low_core, vm->low_core, sizeof s->facts.low_core);
}

static void note_change(struct stream *s, struct tlb_change change) {
  change.step = s->steps;
  s->change = must(realloc(s->change, (s->changes + 1) * sizeof *s->change));
  s->change[s->changes++] = change;
}

static void on_bare_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  (void)m, (void)slot;
  note_change(arg, (struct tlb_change){.write = true, .hi = hi, .lo = lo});
}

static void on_bare_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  (void)m;
  note_change(arg, (struct tlb_change){.hi = hi, .lo = scope});
}

/* ---- a guest whose VMM translates: its state, from what the VMM claims of the machine's words ---- */

/* With the machine at pc. */
static struct recorder_guest guest_at(const struct stream *s, uint32_t pc) {
  struct machine_view view;
  struct recorder_guest g = {.pc = pc};
  machine_get_view(s->m, &view);
  memcpy(g.x, view.x, sizeof g.x);
  recorder_guest(s->recorder, s->depth, &g);
  return g;
}

/* Is no instruction under way before the word? */
static bool is_whole(const struct recorder_claim *c) { return c->begins || c->between; }

/* The machine executes a word of a translation. */
static void on_word(struct stream *s, uint32_t pc) {
  struct recorder_guest g = guest_at(s, pc);
  if (s->begun && is_whole(&g.claim)) retire(s);
  s->status = g.status;
  if (!g.claim.begins) return;
  s->now.pc = g.pc;
  s->now.word = g.claim.word;
  s->now.status = g.status;
  memcpy(s->now.x, g.x, sizeof g.x);
  s->begun = true;
  s->retired = machine_retired(s->m);
}

/* An instruction begins: the one before has retired. */
static void on_insn(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  struct stream *s = arg;
  struct machine_regs r;
  if (s->translated) {
    on_word(s, pc);
    return;
  }
  machine_get_regs(m, &r);
  if (s->begun) retire(s);
  s->now.pc = pc;
  s->now.word = word;
  s->now.status = s->depth ? s->status : r.status;
  memcpy(s->now.x, r.x, sizeof r.x);
  if (s->curious) find_entries(s, &r, word);
  s->begun = true;
  s->retired = machine_retired(m);
}

/* Observing every instruction is slow, so it is done only while the guest runs. */
static void listen(struct stream *s);

/* ---- bare ---- */

static void on_bare_trap(void *arg, struct machine *m, const struct machine_trap *t) {
  struct stream *s = arg;
  if (s->begun && t->retired > s->retired) retire(s);
  s->begun = false;
  if (s->curious) s->facts.data = entry_for(m, t->status, t->badva);
  trapped(s, (const uint32_t[]){t->pc, t->status, t->timer, t->cause, t->badva, t->badinst});
}

/* ---- in a VM ---- */

static bool is_interrupt(uint32_t cause) { return cause == CAUSE_TIMER || cause == CAUSE_DEVICE; }
static bool retires(uint32_t cause) { return cause >= CAUSE_SYSCALL && cause <= CAUSE_BREAK; }

/* A trap at a word of a translation: what trap of the guest's instruction it is. */
static struct machine_trap trap_at_word(struct stream *s, const struct machine_trap *t) {
  struct machine_trap guest = *t;
  const bool call = retires(t->cause);
  const struct recorder_guest g = guest_at(s, call ? t->pc - 4 : t->pc);
  const bool done = call || (t->cause == CAUSE_ILLEGAL && g.claim.done);
  s->status = g.status;
  recorder_guest_trap(&g, &guest);
  if (s->begun && (done || (is_whole(&g.claim) && t->retired > s->retired))) retire(s);
  return guest;
}

/* The guest's trap for the machine's, and whether its instruction has retired. */
static struct machine_trap guest_trap(struct stream *s, const struct machine_trap *t) {
  s->exit_pc =
      t->cause >= CAUSE_ILLEGAL && t->cause <= CAUSE_BREAK ? 0 : t->pc; /* 0: it cannot go on there */
  if (s->translated) return trap_at_word(s, t);
  if (s->begun && t->retired > s->retired) retire(s);
  return *t;
}

static void on_trap(void *arg, struct machine *m, const struct machine_trap *t) {
  struct stream *s = arg;
  if (s->inside) {
    struct machine_trap guest = guest_trap(s, t);
    if (s->curious) note_exit(s, &guest);
    s->exit = guest;
    s->left = true;
    s->inside = false;
    listen(s);
  }
  s->recording.trap(s->recording.arg, m, t);
}

/* The VMM executes it for the guest's kernel. */
static bool emulated(const struct stream *s) {
  return s->exit.cause == CAUSE_PRIVILEGED && !(s->status & ST_U);
}

/* Is the exit one that leads to the guest's vector and nowhere else? */
static bool always_reflected(uint32_t cause) {
  return cause == CAUSE_ILLEGAL || (cause >= CAUSE_SYSCALL && cause <= CAUSE_BREAK);
}

/* Has the guest, resumed at its vector with a STATUS that a trap could have left, been trapped there? */
static bool trapped_there(const struct stream *s, const struct recorder_vm *vm) {
  const struct machine_trap *t = &s->exit;
  const uint32_t *e = vm->low_core;
  struct pg32_insn insn = pg32_decode(t->badinst);
  if (emulated(s) && insn.id == PG32_mtst) return vm->status != (s->now.x[insn.rs1] & ST_MASK);
  if (emulated(s) && insn.id == PG32_rfe) return is_interrupt(e[CAUSE]) && (e[STATUS] & ST_IE);
  if ((s->status & CONTROL) || always_reflected(t->cause)) return true;
  return vm->low_known && e[PC] == t->pc && e[BADVA] == t->badva && !is_interrupt(e[CAUSE]);
}

/* The instruction that the guest was left with has retired: its VMM has emulated it, or has gone on behind it. If the
 * guest is resumed at its vector, what the next step shows may be due to this exit. */
static void retire_left(struct stream *s) {
  const struct step_facts facts = s->facts;
  s->facts.emulated = true;
  retire(s);
  if (s->curious && facts.at_vector) s->facts = facts;
}

/* The guest is resumed after an exit: has the instruction that was under way retired, and did the guest get a
 * trap? */
static void resolve(struct stream *s, uint32_t pc, const struct recorder_vm *vm) {
  bool trap = pc == vm->low_core[VECTOR] && !(vm->status & CONTROL) && trapped_there(s, vm);
  bool interrupt = trap && is_interrupt(vm->low_core[CAUSE]);
  uint32_t next = interrupt ? vm->low_core[PC] : pc;
  if (s->begun && (emulated(s) || ((!trap || interrupt) && next != s->exit.pc))) retire_left(s);
  s->begun = false;
  s->owed = trap;
}

/* Passes on a trap that the guest got. The low core of a guest that has never touched its page 0 is not known
 * yet: then this waits until it is. */
static void pay(struct stream *s, const struct recorder_vm *vm) {
  if (!s->owed || !vm->low_known) return;
  s->owed = false;
  trapped(s, vm->low_core);
}

/* The guest is resumed at a word of a translation: at which PC of its own, with which STATUS? Returns whether it is
 * the word at which it was left, as after an interrupt of the host's; then nothing has happened to the guest. (A cache
 * that was emptied meanwhile has another unit's word there: the guest's PC tells.) */
static bool resumed_at_word(struct stream *s, uint32_t *pc, uint32_t *status) {
  const struct recorder_guest g = guest_at(s, *pc);
  bool same = s->left && *pc == s->exit_pc && g.pc == s->exit.pc;
  if (same && g.claim.begins) s->begun = false; /* it will begin again */
  *pc = g.pc;
  *status = g.status;
  return same;
}

static void on_rfe(void *arg, struct machine *m) {
  struct stream *s = arg;
  struct recorder_vm vm;
  struct machine_regs r;
  s->recording.rfe(s->recording.arg, m);
  s->inside = recorder_vm(s->recorder, s->depth, &vm);
  if (!s->inside) return;
  machine_get_regs(m, &r);
  pay(s, &vm);
  if (s->curious) note_resume(s, &r, &vm);
  uint32_t pc = r.pc, status = vm.status;
  s->translated = vm.translated && !s->claims_ignored;
  bool same = s->translated && resumed_at_word(s, &pc, &status);
  if (s->left && !same) resolve(s, pc, &vm);
  pay(s, &vm);
  s->left = false;
  s->status = status;
  listen(s);
}

/* Each level's VMM marks the input of its guest. The VMM of our guest is the process one level out. */
static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct stream *s = arg;
  const struct lane *l = recorder_lane(s->recorder, recorder_current(s->recorder));
  if (kind == MARK_INPUT && l->depth + 1 == s->depth && l->kind != LANE_KERNEL) {
    s->arrival = must(realloc(s->arrival, (s->arrivals + 1) * sizeof *s->arrival));
    s->arrival[s->arrivals++] = (struct arrival){b | (uint64_t)(a >> 16) << 32, a & 0xFFFF, s->steps};
  }
  s->recording.mark(s->recording.arg, m, kind, a, b);
}

static void on_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  const struct machine_observer *r = &((struct stream *)arg)->recording;
  r->tlbw(r->arg, m, slot, hi, lo);
}

static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  const struct machine_observer *r = &((struct stream *)arg)->recording;
  r->tlbi(r->arg, m, hi, scope);
}

static void on_device(void *arg, struct machine *m, const struct machine_device_access *access) {
  const struct machine_observer *r = &((struct stream *)arg)->recording;
  r->device(r->arg, m, access);
}

/* ---- both ---- */

static void listen(struct stream *s) {
  struct machine_observer bare = {.trap = on_bare_trap, .insn = on_insn, .arg = s};
  if (s->curious_of_tlb) bare.tlbw = on_bare_tlbw, bare.tlbi = on_bare_tlbi;
  struct machine_observer nested = {.trap = on_trap,
                                    .rfe = on_rfe,
                                    .tlbw = on_tlbw,
                                    .tlbi = on_tlbi,
                                    .device = on_device,
                                    .mark = on_mark,
                                    .insn = s->inside ? on_insn : NULL,
                                    .insn_sometimes = true,
                                    .arg = s};
  machine_observe(s->m, s->depth ? &nested : &bare);
}

void stream_open(struct stream *s, struct machine *m, unsigned depth, stream_sink *sink, void *arg) {
  *s = (struct stream){.m = m, .depth = depth, .sink = sink, .arg = arg};
  if (depth) {
    s->recorder = must(recorder_new(m, NULL, NULL));
    s->recording = recorder_observer(s->recorder);
  }
  listen(s);
}

static bool is_store(uint32_t cause) {
  return cause == CAUSE_STORE_MISS || cause == CAUSE_STORE_PROT || cause == CAUSE_STORE_BUS;
}

/* Has the store that the guest was left with, and never resumed after, switched its machine off? Or has the
 * guest check-stopped, because the store trapped and no instruction had retired since the trap before? In
 * that case nothing but the trap has come before, so the guest is untranslated, and BADVA is the
 * guest-physical address. */
static bool switched_off(const struct stream *s) {
  return is_store(s->exit.cause) && (!s->trapped || s->exit.badva == DEV_POWER + POWER_OFF);
}

/* A guest that powers off ends with the store that does so. */
void stream_finish(struct stream *s, enum machine_exit exit) {
  if (!s->begun || exit != EXIT_POWER) return;
  bool retired = s->left ? switched_off(s) : machine_retired(s->m) > s->retired;
  if (retired) retire(s);
}

void stream_watch_tlb(struct stream *s) {
  s->curious_of_tlb = true;
  listen(s);
}

void stream_close(struct stream *s) {
  if (s->recorder)
    recorder_free(s->recorder);
  else
    machine_observe(s->m, NULL);
  free(s->arrival);
  free(s->change);
}
