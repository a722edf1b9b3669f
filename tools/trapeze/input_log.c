/* input_log.c - a log of all that came into a run from outside: with it the run can be made again. */
#include <stdlib.h>

#include "trapeze.h"

void input_log_add(struct input_log *log, int kind, const struct machine *m, const void *bytes, uint64_t n) {
  if (!log) return;
  if (log->entries == log->room) {
    log->room = log->room ? 2 * log->room : 16;
    log->entry = must(realloc(log->entry, log->room * sizeof *log->entry));
  }
  log->entry[log->entries++] = (struct input_entry){kind, machine_steps(m), n};
  if (bytes) bytes_append(&log->bytes, bytes, n);
}

void input_log_free(struct input_log *log) {
  free(log->entry);
  free(log->bytes.data);
  *log = (struct input_log){0};
}
