/* why.c - one or two sentences about the current place: a step of a list, an event (trace/why.c has the words),
 * or an instruction that should trap and does not. */
#include <string.h>

#include "tools/trapeze/trace/trace.h"
#include "tools/trapeze/trace/why.h"
#include "debug.h"

static const struct lane *lane_of(const void *arg, uint32_t id) {
  const struct debug *d = arg;
  return id < d->nlanes ? &d->lanes[id] : NULL;
}

static struct why words_of(const struct debug *d) { return (struct why){&d->options, lane_of, d, d->ended}; }

const char *why_call_name(const struct debug *d, const struct record *rec) {
  const struct why w = words_of(d);
  return why_call(&w, rec);
}

/* ---- the one place where no trap comes: a CPU with holes ---- */

/* Is the next instruction a privileged one that this CPU lets pass in real user mode? Then no VMM will see
 * it. */
static bool why_no_trap(struct debug *d, const struct place *p, char *buf, size_t size) {
  uint32_t word;
  char text[48];
  if (d->options.cpu != CPU_LEAKY || !(p->regs.status & ST_U) || p->before) return false;
  if (!memory_word(d, false, p->regs.pc, &word)) return false;
  const struct pg32_insn insn = pg32_decode(word);
  if (insn.id != PG32_mfst && insn.id != PG32_mtst) return false;
  int n = snprintf(buf, size,
                   "%s executes `%s` in real user mode, and this CPU (pg32-leaky) does not trap, so no VMM "
                   "can emulate or reflect it. ",
                   p->who.name, why_instruction(word, p->regs.pc, text, sizeof text));
  if (insn.id == PG32_mtst)
    snprintf(buf + n, size - (size_t)n,
             "The instruction does nothing: STATUS would be 0x%08x on a machine of its own. "
             "So did POPF on the x86 with the interrupt flag.",
             p->regs.x[insn.rs1] & ST_MASK);
  else if (p->vstatus != ~(uint32_t)0)
    snprintf(buf + n, size - (size_t)n,
             "It reads the real STATUS 0x%08x; the virtual STATUS is 0x%08x. So did SMSW on "
             "the x86.",
             p->regs.status, p->vstatus);
  else
    snprintf(buf + n, size - (size_t)n, "It reads the real STATUS 0x%08x.", p->regs.status);
  return true;
}

/* At a step of a list: its number, the lecture's words, and the evidence. */
static bool why_step(struct debug *d, char *buf, size_t size) {
  const struct list_step *s = model_list_at(d);
  char text[LIST_STEP_TEXT];
  if (!s) return false;
  timeline_step_text(d->t, s, text, sizeof text);
  const char *what = trace_list_title((enum lecture_list)s->list), *words = recorder_step_words(s);
  const struct record *first = timeline_event(d->t, s->list_event);
  const char *call = first ? why_call_name(d, first) : NULL;
  if (words)
    snprintf(buf, size, "%s %u of %u%s%s%s: \"%s\" %s", what, s->step, s->list == LIST_SYSCALL ? 4 : 7,
             call ? " (" : "", call ? call : "", call ? ")" : "", words, text);
  else
    snprintf(buf, size, "%s, after its list: %s", what, text);
  return true;
}

void model_why(struct debug *d, char *buf, size_t size) {
  struct place p = model_place(d);
  const struct why w = words_of(d);
  char what[200];
  if (why_step(d, buf, size) || why_no_trap(d, &p, buf, size)) return;
  const struct record *rec = p.event ? timeline_event(d->t, p.event) : NULL;
  if (!rec)
    snprintf(buf, size,
             "Nothing has happened yet: the machine has been reset, in kernel mode, untranslated.");
  else if (rec->kind != RECORD_TRAP)
    why_resume(&w, rec, buf, size);
  else if (d->predict.on) {
    why_subject(&w, rec, what, sizeof what);
    snprintf(buf, size, "%s. Predict: which lane handles the trap, with which verdict?", what);
  } else
    why_trap(&w, rec, buf, size);
}
