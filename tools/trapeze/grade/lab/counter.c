/* counter.c - what can be counted of a run: parses a counter's name and finds its value. */
#include <stdio.h>
#include <string.h>

#include "counter.h"
#include "isa/pg32.h"
#include "isa/platform.h"
#include "tools/trapeze/cause.h"

enum kind { KIND_OF_RUN, KIND_EXITS, KIND_TRAPS, KIND_OF_DEPTH, KIND_LANE };

struct counter {
  enum kind kind;
  unsigned depth;
  size_t offset;          /* OF_RUN: in struct counts; OF_DEPTH: in struct depth_stats */
  struct cause_set traps; /* TRAPS: exits that are counted */
  enum who who;           /* LANE: this one, or with NOBODY the one called `lane` */
  char lane[48];
};

static const struct field {
  const char *name;
  size_t offset;
} of_run[] = {{"instructions", offsetof(struct counts, instructions)},
              {"ticks", offsetof(struct counts, ticks)},
              {"console", offsetof(struct counts, console)}},
  of_depth[] = {{"reflected", offsetof(struct depth_stats, reflected)},
                {"emulated", offsetof(struct depth_stats, emulated)},
                {"filled", offsetof(struct depth_stats, filled)},
                {"wrong", offsetof(struct depth_stats, wrong)},
                {"hidden_fills", offsetof(struct depth_stats, hidden_fills)},
                {"host_traps", offsetof(struct depth_stats, host_traps)},
                {"native", offsetof(struct depth_stats, retired_native)}};
#define FIELDS(table) (sizeof(table) / sizeof *(table))

static bool field_named(const struct field *table, size_t n, const char *name, size_t *offset) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(table[i].name, name) == 0) {
      *offset = table[i].offset;
      return true;
    }
  return false;
}

static bool exits_of(const char *name, struct counter *c) {
  c->kind = KIND_TRAPS;
  return cause_add(&c->traps, name, strlen(name));
}

/* The depth of a lane by its own name: 0 for "host kernel" and "host/sh", 2 for "vm1.1/sh"; -1 when no lane is
 * named so. */
static int depth_of_lane(const char *name) {
  int depth = 0;
  if (strncmp(name, "host", 4) == 0) {
    name += 4;
  } else {
    if (strncmp(name, "vm", 2) != 0) return -1;
    for (name++, depth = 0; *name == (depth ? '.' : 'm'); depth++) {
      size_t digits = strspn(name + 1, "0123456789");
      if (digits == 0) return -1;
      name += 1 + digits;
    }
  }
  return (*name == '/' || *name == ' ') && name[1] ? depth : -1;
}

static bool lane_of(const char *name, struct counter *c) {
  static const char tail[] = ".instructions";
  size_t n = strlen(name), end = sizeof tail - 1;
  if (n <= end || strcmp(name + n - end, tail) != 0 || n - end >= sizeof c->lane) return false;
  c->kind = KIND_LANE;
  memcpy(c->lane, name, n - end);
  c->lane[n - end] = 0;
  c->who = who_named(c->lane, n - end);
  return c->who != WHO_NOBODY || depth_of_lane(c->lane) >= 0;
}

static bool named(const char *name, struct counter *c) {
  if (field_named(of_run, FIELDS(of_run), name, &c->offset)) return true;
  c->kind = KIND_OF_DEPTH;
  if (field_named(of_depth, FIELDS(of_depth), name, &c->offset)) return true;
  c->kind = KIND_EXITS;
  return strcmp(name, "exits") == 0 || (strncmp(name, "exits.", 6) == 0 && exits_of(name + 6, c));
}

/* NAME, NAME@N, lane.LANE.instructions or lane.LANE@N.instructions */
static bool parse(const char *text, struct counter *c) {
  char name[96];
  *c = (struct counter){.kind = KIND_OF_RUN, .depth = 1};
  if (strlen(text) >= sizeof name) return false;
  strcpy(name, text);
  char *level = strchr(name, '@');
  if (level) {
    if (level[1] < '0' || level[1] > '0' + RECORDER_DEPTH) return false;
    c->depth = (unsigned)(level[1] - '0');
    memmove(level, level + 2, strlen(level + 2) + 1);
  }
  if (strncmp(name, "lane.", 5) == 0) {
    bool below = c->depth == 0; /* the machine: nothing is below it */
    return lane_of(name + 5, c) && (!level || c->who != WHO_NOBODY) &&
           !(below && (c->who == WHO_VMM || c->who == WHO_HOST_OS));
  }
  return named(name, c) && (!level || (c->kind != KIND_OF_RUN && *level == 0 && c->depth > 0));
}

bool counter_good(const char *name, char *why, size_t size) {
  struct counter c;
  char causes[200];
  if (parse(name, &c)) return true;
  if (strncmp(name, "lane.", 5) == 0)
    snprintf(why, size,
             "'%.60s' is no counter; expected lane.LANE.instructions, where LANE is app, guest-os, vmm or "
             "host-os, or a lane's own name, such as host kernel, host/vmm or vm1/sh",
             name);
  else if (strncmp(name, "exits.", 6) == 0)
    snprintf(why, size, "'%.60s' is no counter; after `exits.` expected a cause: %s, ...", name,
             cause_nearest(name + 6, strcspn(name + 6, "@"), causes, sizeof causes));
  else
    snprintf(why, size,
             "'%.60s' is no counter; expected instructions, ticks, console, exits, exits.CAUSE, "
             "reflected, ... (labs/LAB.md)",
             name);
  return false;
}

unsigned counter_depth(const char *name) {
  struct counter c;
  if (!parse(name, &c) || c.kind == KIND_OF_RUN) return 0;
  if (c.kind != KIND_LANE) return c.depth;
  if (c.who == WHO_NOBODY) return (unsigned)depth_of_lane(c.lane);
  return c.who == WHO_HOST_OS ? c.depth - 1 : c.depth; /* host-os@N is the kernel of depth N - 1 */
}

static uint64_t lanes_retired(const struct counter *c, const struct counts *counts) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < counts->lanes; i++)
    if (c->who != WHO_NOBODY ? role_is(&counts->role[i], c->who, c->depth)
                             : strcmp(counts->lane[i].name, c->lane) == 0)
      sum += counts->retired[i];
  return sum;
}

static uint64_t traps_sum(const struct counter *c, const struct depth_stats *d) {
  uint64_t sum = 0;
  for (uint32_t cause = 1; cause < PG32_CAUSES; cause++)
    if (c->traps.causes >> cause & 1) sum += d->by_cause[cause];
  for (enum pg32_id id = 0; id < PG32_INSNS; id++)
    if (c->traps.insns >> id & 1) sum += d->by_instruction[pg32_row(id)->opcode];
  return sum;
}

uint64_t counter_value(const char *name, const struct counts *counts) {
  struct counter c;
  uint64_t value = 0;
  if (!parse(name, &c)) return 0;
  const struct depth_stats *d = c.depth ? &counts->depth[c.depth - 1] : NULL; /* some are at none */
  switch (c.kind) {
  case KIND_OF_RUN: memcpy(&value, (const char *)counts + c.offset, sizeof value); break;
  case KIND_OF_DEPTH: memcpy(&value, (const char *)d + c.offset, sizeof value); break;
  case KIND_EXITS: value = d->exits; break;
  case KIND_TRAPS: value = traps_sum(&c, d); break;
  case KIND_LANE: value = lanes_retired(&c, counts); break;
  }
  return value;
}

static bool counts_exit(const struct counter *c, const struct event *e) {
  if (e->kind != RECORD_TRAP || e->levels < c->depth || e->verdict[1] == VERDICT_HOST) return false;
  if (c->kind == KIND_EXITS) return true;
  bool privileged = e->trap.cause == CAUSE_PRIVILEGED;
  return c->kind == KIND_TRAPS &&
         cause_has(&c->traps, e->trap.cause, privileged ? pg32_decode(e->trap.badinst).id : PG32_ILLEGAL);
}

uint64_t counter_event(const char *name, const struct events *events, uint64_t nth) {
  struct counter c;
  if (!parse(name, &c) || nth == 0) return 0;
  for (size_t i = 0; i < events->n; i++)
    if (counts_exit(&c, &events->event[i]) && --nth == 0) return events->event[i].event;
  return 0;
}
