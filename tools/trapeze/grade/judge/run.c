/* run.c - one run of a test. The recorder tells which lane did what, the watch checks what must never happen.
 * A machine has one observer, so the observer here passes everything on to both. It also enforces the limits,
 * so that the same run always ends at the same step. */
#include <stdlib.h>
#include <string.h>

#include "isa/platform.h"
#include "run.h"

#define WRONGS_MOST 100 /* no feedback shows more */
#define LC_PAGES 0x50   /* guestos/kernel.h: the page directory of the process that runs */
#define PER_TABLE 1024

enum { SYSTEM_CALL_EXIT = 1, SYSTEM_CALL_VM_CREATE = 21, SYSTEM_CALL_VM_RUN = 22 };

/* Where the memory of a guest lies: a window of its VMM's memory. The VMM is a process one level out. */
struct window {
  bool known;
  uint32_t directory; /* of the VMM's page table; a physical address one level out */
  uint32_t base, bytes;
};

struct running {
  struct run *run;
  struct recorder *recorder;
  struct machine_observer recording, watching;
  uint64_t event_room;
  uint64_t traps; /* of the machine */
  bool *vmm;      /* by lane: has it called vm_run? */
  uint32_t vmm_room;
  struct window window[DEPTH_MAX + 1];
  struct memory_ask *ask;
  size_t asks;
};

/* ---- limits ---- */

static void stop(struct running *r, enum run_end why) {
  if (r->run->end == RUN_POWERED_OFF) r->run->end = why;
  machine_stop(r->run->machine);
}

static void put(void *arg, uint8_t byte) {
  struct running *r = arg;
  struct run *run = r->run;
  if (run->counts.console == run->of->limits.console) {
    stop(r, RUN_LIMIT_CONSOLE);
    return;
  }
  if (run->counts.console++ % 4096 == 0)
    run->console.data = must(realloc(run->console.data, run->console.size + 4096));
  run->console.data[run->console.size++] = byte;
}

/* Counts the exits of the outermost VM; at depth 0, the traps of the machine. */
static void check_exits(struct running *r) {
  const struct depth_stats *d = recorder_depth(r->recorder, 1);
  uint64_t exits = r->run->of->depth == 0 ? r->traps : d ? d->exits : 0;
  if (exits > r->run->of->limits.exits) stop(r, RUN_LIMIT_EXITS);
}

/* ---- events ---- */

static void note_vmm(struct running *r, uint32_t lane) {
  if (lane >= r->vmm_room) {
    uint32_t room = 2 * lane + 16;
    r->vmm = must(realloc(r->vmm, room * sizeof *r->vmm));
    memset(r->vmm + r->vmm_room, 0, (room - r->vmm_room) * sizeof *r->vmm);
    r->vmm_room = room;
  }
  r->vmm[lane] = true;
}

/* An event is a record cut down, without what was wrong. */
static void keep_wrong(struct run *run, const struct record *rec) {
  bool wrong = false;
  for (unsigned l = 1; rec->kind == RECORD_TRAP && l <= rec->levels; l++)
    wrong |= rec->verdict[l] == VERDICT_WRONG || rec->verdict[l] == VERDICT_OTHER;
  if (!wrong || run->wrongs == WRONGS_MOST) return;
  run->wrong = must(realloc(run->wrong, (run->wrongs + 1) * sizeof *run->wrong));
  run->wrong[run->wrongs++] = *rec;
}

static void keep(void *arg, const struct record *rec) {
  struct running *r = arg;
  struct events *e = &r->run->events;
  if (rec->kind == RECORD_TRAP && rec->trap.cause == CAUSE_SYSCALL && rec->a7 == SYSTEM_CALL_VM_RUN)
    note_vmm(r, rec->from);
  if (e->n == r->event_room) {
    r->event_room = r->event_room ? 2 * r->event_room : 1024;
    e->event = must(realloc(e->event, r->event_room * sizeof *e->event));
  }
  keep_wrong(r->run, rec);
  if (e->n < EVENTS_MOST)
    e->n += event_of(rec, &e->event[e->n]);
  else
    stop(r, RUN_LIMIT_EVENTS);
}

/* ---- the memory of guests ---- */

static bool memory_word(const struct running *r, unsigned level, uint32_t address, uint32_t *word);

/* The page-table entry of a page of a process at `level`, by its page directory; 0 = there is none. */
static uint32_t page_entry(const struct running *r, unsigned level, uint32_t directory, uint32_t va) {
  uint32_t table, entry;
  if (!memory_word(r, level, directory + (va >> 22) * 4, &table) || !table) return 0;
  return memory_word(r, level, table + (va >> PAGE_SHIFT) % PER_TABLE * 4, &entry) ? entry : 0;
}

/* A word of the physical memory of the guest at `level`, from 0. */
static bool memory_word(const struct running *r, unsigned level, uint32_t address, uint32_t *word) {
  bool there;
  if (level == 0) {
    *word = machine_peek_word(r->run->machine, (struct machine_space){0}, address, &there);
    return there;
  }
  const struct window *w = &r->window[level];
  if (!w->known || address >= w->bytes) return false;
  uint32_t entry = page_entry(r, level - 1, w->directory, w->base + address);
  return entry && memory_word(r, level - 1, (entry & TLB_PFN_MASK) | (address & (PAGE_SIZE - 1)), word);
}

/* A process of depth d creates a VM: its arguments say where the memory of depth d + 1 is. */
static void note_window(struct running *r, const struct lane *lane) {
  struct machine_regs regs;
  struct window w = {.known = true};
  if (lane->kind == LANE_KERNEL || lane->depth >= DEPTH_MAX) return;
  machine_get_regs(r->run->machine, &regs);
  if (regs.x[17] != SYSTEM_CALL_VM_CREATE || !memory_word(r, lane->depth, LC_PAGES, &w.directory)) return;
  w.base = regs.x[11], w.bytes = regs.x[12];
  r->window[lane->depth + 1] = w;
}

/* Is it a process of the program? Its lane is called "host/count", "vm1/count". */
static bool is_process(const struct lane *lane, const char *program) {
  const char *slash = strrchr(lane->name, '/');
  return lane->kind != LANE_KERNEL && slash && strcmp(slash + 1, program) == 0;
}

/* A process of a program that is asked about exits: its page table, of which the kernel around it has noted the address,
 * is still there. */
static void note_exit(struct running *r, const struct lane *lane) {
  struct machine_regs regs;
  for (size_t i = 0; i < r->asks; i++) {
    struct memory_ask *ask = &r->ask[i];
    if (!ask->program || ask->level != lane->depth || !is_process(lane, ask->program)) continue;
    machine_get_regs(r->run->machine, &regs);
    struct window process = {.known = true};
    if (regs.x[17] != SYSTEM_CALL_EXIT || !memory_word(r, lane->depth, LC_PAGES, &process.directory))
      continue;
    ask->known = true;
    for (size_t k = 0; k < ask->words; k++) {
      uint32_t va = ask->address + 4 * (uint32_t)k, entry = page_entry(r, lane->depth, process.directory, va);
      ask->known &= entry && memory_word(r, lane->depth, (entry & TLB_PFN_MASK) | (va & (PAGE_SIZE - 1)),
                                         &ask->word[k]);
    }
  }
}

static void answer(struct running *r, struct memory_ask *ask) {
  ask->known = true;
  for (size_t i = 0; i < ask->words; i++)
    ask->known &= memory_word(r, ask->level, ask->address + 4 * (uint32_t)i, &ask->word[i]);
}

/* A guest powers off. Afterwards its memory may be reused, so what is asked of it is read now. */
static void note_power(struct running *r, const struct lane *lane, const struct machine_trap *t) {
  if (t->badva != DEV_POWER + POWER_OFF || lane->kind != LANE_KERNEL || t->cause < CAUSE_STORE_MISS) return;
  for (size_t i = 0; i < r->asks; i++)
    if (!r->ask[i].program && r->ask[i].level == lane->depth) answer(r, &r->ask[i]);
}

/* ---- the observer ---- */

static void on_trap(void *arg, struct machine *m, const struct machine_trap *t) {
  struct running *r = arg;
  const struct lane *from = recorder_lane(r->recorder, recorder_current(r->recorder));
  r->traps++;
  if (t->cause == CAUSE_SYSCALL) note_window(r, from), note_exit(r, from);
  if (from->depth > 0) note_power(r, from, t);
  if (r->watching.trap) r->watching.trap(r->watching.arg, m, t);
  r->recording.trap(r->recording.arg, m, t);
  check_exits(r);
}

static void on_rfe(void *arg, struct machine *m) {
  struct running *r = arg;
  if (r->watching.rfe) r->watching.rfe(r->watching.arg, m);
  r->recording.rfe(r->recording.arg, m);
  check_exits(r);
}

static void on_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  const struct machine_observer *o = &((struct running *)arg)->recording;
  o->tlbw(o->arg, m, slot, hi, lo);
}

static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  const struct machine_observer *o = &((struct running *)arg)->recording;
  o->tlbi(o->arg, m, hi, scope);
}

static void on_device(void *arg, struct machine *m, const struct machine_device_access *a) {
  struct running *r = arg;
  if (r->watching.device) r->watching.device(r->watching.arg, m, a);
  r->recording.device(r->recording.arg, m, a);
}

static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct running *r = arg;
  if (r->watching.mark) r->watching.mark(r->watching.arg, m, kind, a, b);
  r->recording.mark(r->recording.arg, m, kind, a, b);
}

static void observe(struct running *r, struct bytes kernel) {
  struct run *run = r->run;
  struct machine_observer both = {.trap = on_trap,
                                  .rfe = on_rfe,
                                  .tlbw = on_tlbw,
                                  .tlbi = on_tlbi,
                                  .device = on_device,
                                  .mark = on_mark,
                                  .arg = r};
  run->recorder = r->recorder = must(recorder_new(run->machine, keep, r));
  r->recording = recorder_observer(r->recorder);
  if (run->of->depth > 0) {
    run->watch = must(malloc(sizeof *run->watch));
    watch_begin(run->watch, run->machine, kernel);
    run->watch->go_on = true;
    r->watching = watch_observer(run->watch);
  }
  machine_observe(run->machine, &both);
  machine_console_output(run->machine, put, r);
}

/* ---- afterwards ---- */

static void count(struct running *r) {
  struct counts *c = &r->run->counts;
  c->instructions = machine_retired(r->run->machine);
  c->ticks = r->run->regs.tick;
  for (uint32_t d = 1; d <= recorder_depths(r->recorder) && d <= RECORDER_DEPTH; d++)
    c->depth[d - 1] = *recorder_depth(r->recorder, d);
  c->lanes = recorder_lanes(r->recorder);
  c->lane = must(calloc(c->lanes + 1, sizeof *c->lane));
  c->role = must(calloc(c->lanes + 1, sizeof *c->role));
  c->retired = must(calloc(c->lanes + 1, sizeof *c->retired));
  for (uint32_t i = 0; i < c->lanes; i++) {
    const struct lane *l = recorder_lane(r->recorder, i);
    c->lane[i] = *l;
    c->role[i] = (struct role){(uint8_t)l->depth, l->kind == LANE_KERNEL || l->kind == LANE_IDLE,
                               i < r->vmm_room && r->vmm[i]};
    c->retired[i] = recorder_lane_retired(r->recorder, i);
  }
  r->run->events.role = c->role;
}

static void conclude(struct running *r, enum machine_exit exit, struct bytes kernel) {
  struct run *run = r->run;
  if (exit == EXIT_LIMIT) run->end = RUN_LIMIT_INSTRUCTIONS;
  if (exit == EXIT_CHECKSTOP)
    run->end = RUN_CHECKSTOPPED, machine_checkstop_text(run->machine, run->why, sizeof run->why);
  if (exit == EXIT_POWER) run->end = RUN_POWERED_OFF, run->status = machine_exit_status(run->machine);
  machine_get_regs(run->machine, &run->regs);
  for (size_t i = 0; i < r->asks; i++)
    if (!r->ask[i].program && !r->ask[i].known) answer(r, &r->ask[i]);
  recorder_finish(r->recorder);
  if (recorder_short_of_memory(r->recorder))
    must(NULL); /* no verdict on a submission rests on wrong ones of ours */
  if (run->watch) watch_finish(run->watch, kernel);
  count(r);
}

static void give_input(struct run *run) {
  if (run->plan.input.size &&
      !machine_console_input(run->machine, 0, run->plan.input.data, run->plan.input.size))
    must(NULL);
  machine_console_hangup(run->machine, 0);
}

struct run *run_new(const struct built *b, const struct lab_run *of, struct memory_ask *ask, size_t asks) {
  struct run *run = must(calloc(1, sizeof *run));
  struct running r = {.run = run, .ask = ask, .asks = asks};
  struct machine_error error;
  run->of = of;
  plan_make(&run->plan, b, of);
  struct boot boot = boot_assemble(&run->plan.options);
  run->machine = boot_try_machine(&run->plan.options, &boot, &error);
  if (run->machine) {
    observe(&r, boot.image);
    give_input(run);
    struct machine_limits limits = {of->limits.instructions, UINT64_MAX, false};
    conclude(&r, machine_run(run->machine, &limits), boot.image);
    machine_observe(run->machine, NULL); /* `r` lives on the stack */
    machine_console_output(run->machine, NULL, NULL);
  } else {
    run->end = RUN_REFUSED;
    snprintf(run->why, sizeof run->why, "%s", error.text);
  }
  boot_free(&boot);
  free(r.vmm);
  return run;
}

void run_free(struct run *r) {
  if (!r) return;
  recorder_free((struct recorder *)r->recorder);
  if (r->watch) watch_end(r->watch);
  free(r->watch);
  machine_free(r->machine);
  plan_free(&r->plan);
  free(r->console.data);
  free(r->events.event);
  free(r->wrong);
  free(r->counts.lane);
  free(r->counts.role);
  free(r->counts.retired);
  free(r);
}

const char *run_limit(const struct run *r, char *buf, size_t size) {
  switch (r->end) {
  case RUN_LIMIT_INSTRUCTIONS:
    snprintf(buf, size, "%llu instructions", (unsigned long long)r->of->limits.instructions);
    break;
  case RUN_LIMIT_EXITS: snprintf(buf, size, "%llu exits", (unsigned long long)r->of->limits.exits); break;
  case RUN_LIMIT_CONSOLE:
    snprintf(buf, size, "%llu bytes on the console", (unsigned long long)r->of->limits.console);
    break;
  case RUN_LIMIT_EVENTS: snprintf(buf, size, "%d events", EVENTS_MOST); break;
  default: return NULL;
  }
  return buf;
}
