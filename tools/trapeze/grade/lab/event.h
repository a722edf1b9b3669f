/* event.h - a record of the recorder, cut down to what patterns, predictions and feedback need: a run keeps
 * many. Also the words for lanes (app, guest-os, ...) and for traps (syscall, load-miss, ...). */
#ifndef EVENT_H
#define EVENT_H

#include "isa/pg32.h"
#include "machine/recorder.h"

struct event {
  uint64_t event, tick, retired;
  uint32_t from, to; /* lanes */
  uint32_t a7;
  union { /* by kind, as in struct record; a RESUME has none */
    struct {
      uint32_t cause, badva, badinst;
    } trap;
    struct {
      uint32_t slot, hi, lo;
    } tlbw;
    struct {
      uint32_t scope, hi;
    } tlbi;
    struct {
      uint32_t address, value, store;
    } device;
  };
  uint8_t kind; /* enum record_kind */
  uint8_t levels;
  bool of_para;                        /* TRAP: of a kernel that knows that it is a guest */
  uint8_t verdict[RECORDER_DEPTH + 1]; /* enum verdict, for each level */
  uint8_t done[RECORDER_DEPTH + 1];    /* as recorder_done: it differs if the VMM was wrong in a detail */
  uint16_t hidden, injected;           /* a bit for each level */
  uint8_t steps;
  struct {
    uint8_t list, step, level;
  } step[RECORD_STEPS];
};

/* What a lane is. */
struct role {
  uint8_t depth;
  bool kernel; /* a kernel, or its idle loop */
  bool vmm;    /* a process that has called vm_run */
};

/* The events of a run, in order. Whoever made the struct owns the arrays. */
struct events {
  struct event *event;
  size_t n;
  const struct role *role; /* of each lane that an event names, by the lane's number */
};

/* Fills *event from a record. False, with *event unchanged, for records that no pattern can name: marks and
 * the end of the run. */
bool event_of(const struct record *record, struct event *event);
/* The record again, as far as it was kept: enough for the text of `trapeze trace`. */
struct record event_record(const struct event *event);
/* The privileged instruction that trapped; PG32_ILLEGAL for a trap of another cause. */
enum pg32_id event_insn(const struct event *event);

/* The parts that a lane can play for a guest. */
enum who { WHO_NOBODY, WHO_APP, WHO_GUEST_OS, WHO_VMM, WHO_HOST_OS };
/* Does the lane play that part for the guest of level `depth` (from 0)? The guest of depth d runs on the VMM
 * and the host OS of depth d - 1. */
bool role_is(const struct role *role, enum who who, unsigned depth);
/* The part that a word of n characters names ("app", "guest-os", "vmm", "host-os"); else WHO_NOBODY. */
enum who who_named(const char *word, size_t n);
/* The word for it: "app"; "none" for WHO_NOBODY. */
const char *who_name(enum who who);

/* The word for a trap: "syscall", "load-miss", or for a privileged instruction "rfe", "tlbw-trap", ... */
const char *trap_word(const struct event *event);
/* If a word of n characters names exactly one kind of trap, that trap's name as trap_word spells it; else
 * NULL. */
const char *trap_word_exact(const char *word, size_t n);

#endif
