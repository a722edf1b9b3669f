/* trace.h - the output formats of `trapeze trace`, and what they share. The debugger's `export` uses them,
 * too. */
#ifndef TRACE_H
#define TRACE_H

#include "isa/pg32.h"
#include "isa/platform.h"
#include "tools/trapeze/cause.h"
#include "tools/trapeze/trapeze.h"

#define TRACE_VERSION 1 /* of the JSON lines; TRACE.md */

struct trace { /* a trace that is being written; the caller owns all that it points to */
  FILE *out;
  const struct recorder *r;
  const struct machine *m; /* that r observes; only formats with `look` need it */
  const struct options *o;
  const char *lane;        /* glob, or NULL */
  struct cause_set causes; /* wanted; empty = all */
  uint64_t first, last;    /* events */
  uint64_t tail;           /* lists, trees, and svg of lists: only the last so many; UINT64_MAX: not given */
  uint64_t collapse;       /* tree: levels below this one are not shown */
  bool ended;              /* the run is over, and the machine has powered off or check-stopped */
  const char *beside;      /* html: a page written before, to be shown beside this trace; NULL = none */
  bool complete;           /* show only lists of which every step happened */
  const struct trace_format *format;
  void *state; /* the format's own */
};

struct trace_format {
  const char *name; /* as -f takes it */
  bool whole;       /* gets every record and calls trace_wants itself; else gets only those that pass */
  void (*begin)(struct trace *t);
  void (*record)(struct trace *t, const struct record *record);
  void (*end)(struct trace *t);
  /* Called for each event as soon as the machine stands just behind it, before its record. NULL: not wanted */
  void (*look)(struct trace *t, uint64_t event);
};
extern const struct trace_format trace_text, trace_json, trace_mermaid, trace_perfetto, trace_svg, trace_html,
    trace_lists, trace_tree;

/* Do the filters (lane, causes, first and last) let the record pass? */
bool trace_wants(const struct trace *t, const struct record *record);
/* The name and depth of a lane. The name is the recorder's and stays valid as long as the recorder. */
const char *trace_lane(const struct trace *t, uint32_t lane);
uint32_t trace_depth(const struct trace *t, uint32_t lane);
/* The layer that a lane belongs to, and the layer's name, such as "guest OS" (layers.c). */
enum trace_layer { LAYER_APPLICATION, LAYER_GUEST_OS, LAYER_VMM, LAYER_HOST_OS, TRACE_LAYERS };
enum trace_layer trace_layer(const struct trace *t, uint32_t lane);
const char *trace_layer_name(enum trace_layer layer);
/* Sorts n lanes in the order of the layers: deeper VMs first, and in each machine the applications first and the kernel
 * last. */
void trace_sort_lanes(const struct trace *t, uint32_t *lane, size_t n);
/* The name of the system call that a trap is (calls.h); NULL if it is none, or nobody here knows the name. */
const char *trace_call(const struct trace *t, const struct record *record);
/* A trap in a few words: "SYSCALL a7=9 getpid", "PRIVILEGED tlbw", "LOAD_MISS 0x00012000". Cut off to `size`
 * bytes; returns buf. */
const char *trace_what(const struct trace *t, const struct record *record, char *buf, size_t size);
/* The same for people who look from afar: "system call getpid", "tlbw in user mode". */
const char *trace_deed(const struct trace *t, const struct record *record, char *buf, size_t size);
/* A trap's verdicts, level 1 first: "reflect", "hidden", "reflect/emulate+int" (+int: an interrupt was
 * injected). Cut off to `size` bytes; returns buf. */
const char *trace_verdicts(const struct record *record, char *buf, size_t size);
/* The rights in the low word of a TLB entry, as "r-x". buf has 4 bytes; returns buf. */
const char *trace_rights(uint32_t lo, char buf[4]);
/* "At level 2: ", to begin a sentence about the VMM of one level; "" if the trap has only one level. Returns
 * buf. */
const char *trace_level(const struct record *record, unsigned level, char *buf, size_t size);
/* "System call", "TLB fault" or "Protection fault". */
const char *trace_list_title(enum lecture_list list);
/* The words of a step that are not the lecture's, because the guest knows that it is one (isa/para.h); else NULL. */
const char *trace_own_words(const struct list_step *step);
/* 'S' (system call), 'T' (TLB fault) or 'P' (protection fault): "T4" is step 4 of a TLB fault. */
char trace_list_letter(enum lecture_list list);

#endif
