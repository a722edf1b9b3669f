/* move.c - moves by position, by event and by trap, and what every move has in common. */
#include <stdlib.h>
#include <string.h>

#include "debug.h"

void model_remember(struct debug *d) {
  machine_get_regs(d->m, &d->before);
  d->moved = true;
  if (!d->memory_before) d->memory_before = must(calloc(MEMORY_WORDS, sizeof *d->memory_before));
  for (uint32_t i = 0; i < MEMORY_WORDS; i++)
    memory_word(d, d->memory_physical, d->memory + 4 * i, &d->memory_before[i]);
  d->at_list_stop = 0;
  d->walk_set = false;
  d->frame = 0;
}

bool model_broken_off(struct debug *d, enum timeline_stop stop) {
  d->no_memory = stop == TIMELINE_NO_MEMORY;
  return stop == TIMELINE_STOPPED || stop == TIMELINE_NO_MEMORY;
}

bool fail_broken_off(struct debug *d) {
  return fail(d, "%s", d->no_memory ? "Memory is short: this was not finished." : "Interrupted.");
}

bool model_arrived(struct debug *d, enum timeline_stop stop) {
  index_update(d);
  if (model_position(d) == timeline_latest(d->t)) {
    d->ended |= stop == TIMELINE_END;
    d->cut_off |= stop == TIMELINE_END && timeline_cut_off(d->t);
    d->idle |= stop == TIMELINE_IDLE;
  }
  if (model_broken_off(d, stop)) return fail_broken_off(d);
  switch (stop) {
  case TIMELINE_START: return fail(d, "The run begins here: there is nothing earlier.");
  case TIMELINE_END:
    return fail(d, d->cut_off ? "--max-insns is used up: there is nothing later."
                              : "The machine has stopped: there is nothing later.");
  case TIMELINE_IDLE: return fail(d, "The machine waits for input: `type TEXT` gives it some.");
  default: return true;
  }
}

/* Each Ctrl-C that has arrived can end one attempt, hence the loop. */
void model_return(struct debug *d, uint64_t position) {
  for (int i = 0; i < 8 && timeline_go(d->t, position) == TIMELINE_STOPPED; i++) {
  }
}

bool model_go(struct debug *d, uint64_t position) {
  model_remember(d);
  return model_arrived(d, timeline_go(d->t, position));
}

bool model_say_instruction(struct debug *d) {
  const struct stack_frame f = frame_innermost(d);
  const struct source_function at = frame_function(d, &f);
  uint32_t word;
  char text[80] = "(no page)";
  if (memory_word(d, false, f.regs.pc, &word)) pg32_disassemble(text, sizeof text, word, f.regs.pc);
  if (!at.file)
    return say(d, "0x%08x %s: %s", f.regs.pc, at.name ? at.name : model_lane_name(d, f.lane), text);
  return say(d, "0x%08x %s, %s:%d: %s", f.regs.pc, at.name ? at.name : "?", base_name(at.file), at.line,
             text);
}

bool model_step(struct debug *d, int64_t n) {
  uint64_t here = model_position(d);
  if (n < 0 && here == 0) return fail(d, "The run begins here: there is nothing earlier.");
  if (!model_go(d, n < 0 && (uint64_t)-n > here ? 0 : here + (uint64_t)n)) return false;
  return model_say_instruction(d);
}

const char *model_event_words(struct debug *d, uint64_t event, char *buf, size_t size) {
  const struct note n = index_note(d, event);
  const struct record *rec = n.cause == CAUSE_SYSCALL ? timeline_event(d->t, event) : NULL;
  const char *verdict = n.kind == RECORD_TRAP ? recorder_verdict_name(n.verdict) : "";
  const char *call = rec ? why_call_name(d, rec) : NULL;
  snprintf(buf, size, "%s %s%s%s%s%s", n.kind == RECORD_TRAP ? pg32_cause_name(n.cause) : "resume of",
           call ? call : "", call ? " " : "", n.kind == RECORD_TRAP ? "by " : "",
           model_lane_name(d, n.kind == RECORD_TRAP ? n.from : n.to),
           d->predict.on ? " (P: which lane, what verdict?)"
           : *verdict    ? ", verdict "
                         : "");
  if (!d->predict.on) strncat(buf, verdict, size - strlen(buf) - 1);
  return buf;
}

bool model_event(struct debug *d, uint64_t event) {
  char words[128];
  while (event > index_events(d) && index_extend(d)) {
  }
  const struct note n = index_note(d, event);
  if (n.kind == NO_NOTE)
    return fail(d, "There is no event #%llu; the last is #%llu.", (unsigned long long)event,
                (unsigned long long)index_events(d));
  if (!model_go(d, n.position)) return false;
  if (n.kind != RECORD_TRAP && n.kind != RECORD_RESUME)
    return say(d, "Before event #%llu.", (unsigned long long)event);
  return say(d, "Before #%llu: %s.", (unsigned long long)event,
             model_event_words(d, event, words, sizeof words));
}

bool model_trap(struct debug *d, int direction) {
  uint64_t here = model_position(d), n = direction > 0 ? index_before(d, here + 1) : index_before(d, here);
  for (;;) {
    n += direction > 0;
    if (n > index_events(d) && !index_extend(d)) return fail(d, "No trap comes after this one.");
    const struct note note = index_note(d, n);
    if (note.kind == NO_NOTE && direction < 0) return fail(d, "No trap came before this one.");
    if (note.kind == RECORD_TRAP) return model_event(d, n);
    n -= note.kind == NO_NOTE || direction < 0;
  }
}
