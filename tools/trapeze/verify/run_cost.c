/* run_cost.c - measures one run; see run_cost.h. */
#include <stdlib.h>

#include "run_cost.h"

struct meter {
  struct run_cost *cost;
  const struct recorder *r;
  bool began;    /* the innermost guest has */
  uint64_t last; /* retired, at the last record */
  run_cost_watch *watch;
  void *arg;
};

static enum who who(const struct meter *m, const struct lane *l) {
  if (l->depth >= m->cost->depth) return WHO_GUEST;
  return l->kind == LANE_PROCESS || l->kind == LANE_USER ? WHO_VMMS : WHO_KERNELS;
}

static void take(void *arg, const struct record *rec) {
  struct meter *m = arg;
  const struct lane *to = recorder_lane(m->r, rec->to);
  const uint64_t ran = rec->retired - m->last;
  m->last = rec->retired;
  if (m->began)
    m->cost->by[who(m, recorder_lane(m->r, rec->from))] += ran;
  else
    m->cost->boot += ran;
  m->cost->traps += m->began && rec->kind == RECORD_TRAP;
  m->began |= who(m, to) == WHO_GUEST;
  if (m->watch) m->watch(m->arg, rec, to, ran);
}

static void take_counts(struct run_cost *c, const struct recorder *r) {
  const struct depth_stats *all = recorder_depth(r, 1), *own = recorder_depth(r, c->depth);
  c->native = c->by[WHO_GUEST];
  if (c->depth == 0 || !all || !own) return;
  c->native = own->retired_native;
  c->emulated =
      own->retired_emulated + 1; /* and the store that powered off, after which it was not resumed */
  c->exits = all->exits;
  c->own_exits = own->reflected + own->emulated + own->filled;
  for (unsigned i = 0; i < PG32_CAUSES; i++) c->by_cause[i] = all->by_cause[i];
}

static void queue_input(struct machine *m, const char *path) {
  if (path) {
    struct bytes b = file_read(path);
    if (!machine_console_input(m, 0, b.data, b.size)) must(NULL);
    free(b.data);
  }
  machine_console_hangup(m, 0);
}

static void put(void *arg, uint8_t byte) { bytes_append(arg, &byte, 1); }

enum machine_exit run_cost_measure(const struct options *options, unsigned depth, struct run_cost *c,
                                   run_cost_watch *watch, void *arg) {
  struct options o = *options;
  o.depth = depth;
  struct boot b = boot_assemble(&o);
  struct machine *machine = boot_machine(&o, &b);
  boot_free(&b);
  queue_input(machine, o.input);
  *c = (struct run_cost){.depth = depth};
  machine_console_output(machine, put, &c->output);
  struct meter m = {.cost = c, .began = depth == 0, .watch = watch, .arg = arg};
  struct recorder *r = must(recorder_new(machine, take, &m));
  m.r = r;
  enum machine_exit exit = machine_run(machine, &(struct machine_limits){o.max_insns, UINT64_MAX, false});
  recorder_finish(r);
  if (recorder_short_of_memory(r)) must(NULL); /* lanes or verdicts may be wrong */
  take_counts(c, r);
  c->status = machine_exit_status(machine);
  recorder_free(r);
  machine_free(machine);
  return exit;
}
