/* stats.c - counts of one run as JSON; TRACE.md documents each member. */
#include <errno.h>
#include <string.h>

#include "isa/pg32.h"
#include "json_out.h"
#include "trapeze.h"

static void set_count(json_t *object, const char *key, uint64_t n) {
  json_put(object, key, json_integer((json_int_t)n));
}

static const char *reason(enum machine_exit exit) {
  switch (exit) {
  case EXIT_POWER: return "power";
  case EXIT_LIMIT: return "limit";
  case EXIT_CHECKSTOP: return "checkstop";
  default: return "stopped";
  }
}

static json_t *lanes(const struct recorder *r) {
  json_t *all = must(json_object());
  for (uint32_t i = 0; i < recorder_lanes(r); i++) {
    const char *name = recorder_lane(r, i)->name; /* two processes may share one */
    uint64_t before = (uint64_t)json_integer_value(json_object_get(all, name));
    set_count(all, name, before + recorder_lane_retired(r, i));
  }
  return all;
}

static json_t *by_cause(const struct depth_stats *d) {
  json_t *all = must(json_object());
  for (uint32_t i = 1; i < PG32_CAUSES; i++)
    if (d->by_cause[i]) set_count(all, pg32_cause_name(i), d->by_cause[i]);
  return all;
}

static json_t *by_instruction(const struct depth_stats *d) {
  json_t *all = must(json_object());
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    const struct pg32_row *row = pg32_row((enum pg32_id)id);
    if (d->by_instruction[row->opcode]) set_count(all, row->name, d->by_instruction[row->opcode]);
  }
  return all;
}

static json_t *depth(uint32_t n, const struct depth_stats *d) {
  json_t *all = must(json_object()), *exits = must(json_object()), *retired = must(json_object());
  set_count(exits, "total", d->exits);
  json_put(exits, "by_cause", by_cause(d));
  json_put(exits, "by_instruction", by_instruction(d));
  set_count(retired, "native", d->retired_native);
  set_count(retired, "emulated", d->retired_emulated);
  set_count(all, "depth", n);
  json_put(all, "exits", exits);
  set_count(all, "reflected", d->reflected);
  set_count(all, "emulated", d->emulated);
  set_count(all, "filled", d->filled);
  set_count(all, "wrong", d->wrong);
  set_count(all, "hidden_fills", d->hidden_fills);
  set_count(all, "host_traps", d->host_traps);
  json_put(all, "retired", retired);
  return all;
}

static json_t *depths(const struct recorder *r) {
  json_t *all = must(json_array());
  for (uint32_t i = 1; i <= recorder_depths(r); i++) json_push(all, depth(i, recorder_depth(r, i)));
  return all;
}

void stats_write(const char *path, const struct machine *m, enum machine_exit exit,
                 const struct recorder *r) {
  struct machine_regs regs;
  machine_get_regs(m, &regs);
  json_t *all = must(json_object());
  json_put(all, "reason", json_string(reason(exit)));
  set_count(all, "exit_status", machine_exit_status(m));
  set_count(all, "instructions", machine_retired(m));
  set_count(all, "ticks", regs.tick);
  json_put(all, "lanes", lanes(r));
  json_put(all, "depths", depths(r));
  if (json_dump_file(all, path, JSON_INDENT(2)) != 0) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  json_decref(all);
}
