/* why.c - one or two sentences about the current event: the rule, and the register or word that shows it. */
#include <string.h>

#include "debug.h"

const char *why_call_name(uint32_t number) {
  switch (number) {
#define S(n, name, arguments) \
  case n: return #name;
    PG32_SYSCALLS(S)
#undef S
  default: return "?";
  }
}

/* What trapped: "vm1/lecture executed syscall (getpid) at 0x00012008". */
static void subject(struct debug *d, const struct record *rec, char *buf, size_t size) {
  const char *who = model_lane_name(d, rec->from);
  char insn[64] = "";
  if (rec->trap.badinst) pg32_disassemble(insn, sizeof insn, rec->trap.badinst, rec->trap.pc);
  for (char *p = insn, *q = insn; (*q = *p); p++) q += !(*p == ' ' && p[1] == ' ');
  if (rec->trap.cause == CAUSE_SYSCALL)
    snprintf(buf, size, "%s executes syscall at 0x%08x, a7 = %u (%s)", who, rec->trap.pc - 4, rec->a7,
             why_call_name(rec->a7));
  else if (rec->trap.cause == CAUSE_PRIVILEGED)
    snprintf(buf, size, "%s executes `%s` at 0x%08x, which is privileged", who, insn, rec->trap.pc);
  else if (rec->trap.badva)
    snprintf(buf, size, "%s at 0x%08x: %s, address 0x%08x", who, rec->trap.pc,
             pg32_cause_text(rec->trap.cause), rec->trap.badva);
  else
    snprintf(buf, size, "%s at 0x%08x: %s", who, rec->trap.pc, pg32_cause_text(rec->trap.cause));
}

static const char *rule(struct debug *d, const struct record *rec) {
  unsigned depth = rec->levels;
  bool virtual_user = rec->virtual_status & ST_U, privileged = rec->trap.cause == CAUSE_PRIVILEGED;
  (void)d;
  switch (rec->verdict[0]) {
  case VERDICT_REFLECT:
    return virtual_user
               ? "The virtual STATUS has U = 1, so the application trapped: the VMM passes the trap to the "
                 "guest OS."
               : "The guest OS would have taken this trap on the bare machine, too: the VMM reflects it.";
  case VERDICT_EMULATE:
    return privileged
               ? "The real STATUS has U = 1 but the virtual STATUS has U = 0, so the guest OS may execute "
                 "the instruction: the VMM emulates it on the virtual machine's state."
               : "The guest-physical address belongs to a device of the VM: the VMM emulates the device.";
  case VERDICT_FILL:
    return "The guest's TLB has an entry for the page, the machine's TLB has none: the VMM supplies one, and "
           "the "
           "guest notices nothing.";
  case VERDICT_HOST:
    if (depth == 0) return "No VM is involved: the host OS handles the trap.";
    return rec->hidden_fill[depth]
               ? "The virtual TLB has an entry for the page, the real TLB has none: the host OS supplies one "
                 "by "
                 "itself, and neither the VMM nor the guest notices."
               : "The trap concerns the host OS alone (its timer or a device): no VMM sees it.";
  case VERDICT_KILL: return "The code that trapped is never resumed: its process or VM ends.";
  case VERDICT_OTHER: return "The code that trapped is resumed where no correct VMM would resume it.";
  default: return "The run ends before the trap has been handled.";
  }
}

static void why_trap(struct debug *d, const struct record *rec, char *buf, size_t size) {
  char what[200];
  subject(d, rec, what, sizeof what);
  if (d->predict.on)
    snprintf(buf, size, "%s. Predict: which lane handles the trap, with which verdict?", what);
  else
    snprintf(buf, size, "%s. The machine enters %s. %s", what, model_lane_name(d, rec->to), rule(d, rec));
}

static void why_resume(struct debug *d, const struct record *rec, char *buf, size_t size) {
  const char *from = model_lane_name(d, rec->from), *to = model_lane_name(d, rec->to);
  snprintf(
      buf, size,
      "%s executes rfe: PC = 0x%08x, STATUS and TIMER come from its low core, and %s runs, in real %s mode.",
      from, rec->resume.pc, to, rec->real_status & ST_U ? "user" : "kernel");
  size_t n = strlen(buf);
  if (rec->resumes)
    snprintf(buf + n, size - n, " Trap #%llu has been handled.", (unsigned long long)rec->resumes);
}

/* At a step of a list: its number, the lecture's words, and the evidence. */
static bool why_step(struct debug *d, char *buf, size_t size) {
  const struct list_step *s = model_list_at(d);
  char text[LIST_STEP_TEXT];
  if (!s) return false;
  timeline_step_text(d->t, s, text, sizeof text);
  const char *what = s->list == LIST_SYSCALL ? "System call" : "TLB fault",
             *words = recorder_lecture_words(s->list, s->step);
  if (words)
    snprintf(buf, size, "%s %u of %u: \"%s\" %s", what, s->step, s->list == LIST_SYSCALL ? 4 : 7, words,
             text);
  else
    snprintf(buf, size, "%s, after its list: %s", what, text);
  return true;
}

void model_why(struct debug *d, char *buf, size_t size) {
  struct place p = model_place(d);
  if (why_step(d, buf, size)) return;
  const struct record *rec = p.event ? timeline_event(d->t, p.event) : NULL;
  if (!rec)
    snprintf(buf, size,
             "Nothing has happened yet: the machine has been reset, in kernel mode, untranslated.");
  else if (rec->kind == RECORD_TRAP)
    why_trap(d, rec, buf, size);
  else
    why_resume(d, rec, buf, size);
}
