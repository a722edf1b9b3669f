/* why.c - one or two sentences about the current event: the rule, and the register or word that shows it.
 *
 * Each sentence stands behind the condition that makes it true. The conditions are facts of the event's
 * record: the trap, the STATUS of the machine and of the virtual machine, what was due, and what was done.
 * What a VMM did wrong is said by the recorder (recorder_wrong_text). */
#include <string.h>

#include "tools/trapeze/calls.h"
#include "tools/trapeze/trace/trace.h"
#include "debug.h"

const char *why_call_name(const struct debug *d, const struct record *rec) {
  if (rec->kind != RECORD_TRAP || rec->trap.cause != CAUSE_SYSCALL || rec->from >= d->nlanes) return NULL;
  return calls_name(&d->options, d->lanes[rec->from].depth, rec->a7);
}

static bool is_interrupt(uint32_t cause) { return cause == CAUSE_TIMER || cause == CAUSE_DEVICE; }

static bool is_miss(uint32_t cause) {
  return cause == CAUSE_FETCH_MISS || cause == CAUSE_LOAD_MISS || cause == CAUSE_STORE_MISS;
}

static bool is_prot(uint32_t cause) {
  return cause == CAUSE_FETCH_PROT || cause == CAUSE_LOAD_PROT || cause == CAUSE_STORE_PROT;
}

static bool is_bus(uint32_t cause) {
  return cause == CAUSE_FETCH_BUS || cause == CAUSE_LOAD_BUS || cause == CAUSE_STORE_BUS;
}

static const char *instruction(uint32_t word, uint32_t pc, char *buf, size_t size) {
  pg32_disassemble(buf, size, word, pc);
  for (char *p = buf, *q = buf; (*q = *p); p++) q += !(*p == ' ' && p[1] == ' ');
  return buf;
}

/* What trapped: "vm1/lecture executes syscall at 0x00012008, a7 = 9 (getpid)". An interrupt is nobody's
 * doing. */
static void subject(struct debug *d, const struct record *rec, char *buf, size_t size) {
  const char *who = model_lane_name(d, rec->from);
  const uint32_t cause = rec->trap.cause;
  char insn[64];
  const char *call = why_call_name(d, rec);
  if (cause == CAUSE_SYSCALL)
    snprintf(buf, size, "%s executes syscall at 0x%08x, a7 = %u%s%s%s", who, rec->trap.pc - 4, rec->a7,
             call ? " (" : "", call ? call : "", call ? ")" : "");
  else if (cause == CAUSE_PRIVILEGED)
    snprintf(buf, size, "%s executes `%s` at 0x%08x, which is privileged", who,
             instruction(rec->trap.badinst, rec->trap.pc, insn, sizeof insn), rec->trap.pc);
  else if (cause == CAUSE_BREAK || cause == CAUSE_HCALL)
    snprintf(buf, size, "%s executes %s at 0x%08x", who, cause == CAUSE_BREAK ? "break" : "hcall",
             rec->trap.pc - 4);
  else if (is_interrupt(cause))
    snprintf(buf, size, "A %s comes before %s executes the instruction at 0x%08x", pg32_cause_text(cause),
             who, rec->trap.pc);
  else if (rec->trap.badva)
    snprintf(buf, size, "%s at 0x%08x: %s, address 0x%08x", who, rec->trap.pc, pg32_cause_text(cause),
             rec->trap.badva);
  else
    snprintf(buf, size, "%s at 0x%08x: %s", who, rec->trap.pc, pg32_cause_text(cause));
}

/* ---- the rule, by what became of the trap at the innermost level ---- */

static void reflected(const struct record *rec, char *buf, size_t size) {
  const uint32_t seen = rec->seen[rec->levels], page = rec->trap.badva >> PAGE_SHIFT;
  const bool due = rec->due[rec->levels] == seen; /* as the recorder knows from the virtual TLB */
  int n = 0;
  if (seen == CAUSE_TIMER) {
    snprintf(buf, size,
             "The guest's own TIMER is 0 and its STATUS has IE = 1: the VMM gives its kernel the interrupt.");
    return;
  }
  if (seen == CAUSE_DEVICE) {
    snprintf(buf, size, "A device of the VM asks for an interrupt: the VMM gives the guest's kernel one.");
    return;
  }
  if (due && is_miss(seen))
    n = snprintf(buf, size, "The guest's TLB has no entry for page 0x%05x. ", page);
  else if (due && is_prot(seen))
    n = snprintf(buf, size, "The guest's TLB has an entry for page 0x%05x that does not allow the access. ",
                 page);
  else if (is_bus(seen))
    n = snprintf(buf, size, "The address leads to nothing that the VM has. ");
  if (seen != rec->trap.cause && seen)
    n += snprintf(buf + n, size - (size_t)n, "For the guest this is %s. ", pg32_cause_name(seen));
  snprintf(buf + n, size - (size_t)n, "%s",
           rec->virtual_status & ST_U
               ? "The virtual STATUS has U = 1, so the application trapped: the VMM passes the trap to the "
                 "guest OS."
               : "The guest OS would have taken this trap on the bare machine, too: the VMM reflects it.");
}

static void emulated(const struct record *rec, char *buf, size_t size) {
  if (rec->trap.cause == CAUSE_PRIVILEGED && !(rec->virtual_status & ST_U))
    snprintf(buf, size,
             "The real STATUS has U = 1 but the virtual STATUS has U = 0, so the guest OS may execute the "
             "instruction: the VMM emulates it on the virtual machine's state.");
  else if (rec->due[rec->levels] == DUE_EMULATE)
    snprintf(buf, size,
             "The guest-physical address belongs to a device of the VM: the VMM emulates the device.");
  else
    snprintf(buf, size, "The VMM resumed the guest behind the instruction.");
}

/* The layer that filled in the page, with a verb. */
static void filled(const struct record *rec, const char *who, char *buf, size_t size) {
  if (!(rec->virtual_status & ST_T))
    snprintf(buf, size,
             "The virtual STATUS has T = 0, so the address is a guest-physical one, in the VM's RAM. The "
             "machine's "
             "TLB has no entry for it: %s supplies one, and the guest notices nothing.",
             who);
  else
    snprintf(buf, size,
             "The guest's TLB has an entry for the page, the machine's TLB has none: %s supplies one, and "
             "the guest "
             "notices nothing.",
             who);
}

static void below(const struct record *rec, char *buf, size_t size) {
  const unsigned level = rec->levels;
  if (rec->hidden_fill[level])
    filled(rec, level == 1 ? "the host OS by itself" : "a layer below the VMM", buf, size);
  else if (is_interrupt(rec->trap.cause))
    snprintf(buf, size, "The %s is the host's own: no VMM sees it.",
             rec->trap.cause == CAUSE_TIMER ? "timer interrupt" : "device interrupt");
  else
    snprintf(buf, size, "A layer below handles the trap; the VMM of level %u never runs for it.", level);
}

/* The VM ended at this trap. A correct VMM ends it when the guest powers off, and when a trap comes before the
 * guest has retired an instruction since the trap before (a check-stop). These three have retired. */
static void ended(const struct record *rec, char *buf, size_t size) {
  const uint32_t cause = rec->trap.cause;
  const bool retired = cause == CAUSE_SYSCALL || cause == CAUSE_HCALL || cause == CAUSE_BREAK;
  snprintf(buf, size, "The code that trapped is never resumed: its VM ends.%s",
           retired ? " A machine of its own would have entered the guest's kernel." : "");
}

/* The trap has no answer (yet). */
static void unanswered(const struct debug *d, char *buf, size_t size) {
  snprintf(buf, size, "%s",
           d->ended ? "The run ends before the trap has been handled."
                    : "What becomes of the trap is not known yet: the run has not been followed that far.");
}

/* Appends what VMMs of any level did wrong. */
static void mistakes(const struct record *rec, char *buf, size_t size, size_t n) {
  char text[WRONG_TEXT], of_level[16];
  for (unsigned l = rec->levels; l >= 1; l--) {
    if (rec->verdict[l] != VERDICT_WRONG && rec->verdict[l] != VERDICT_OTHER) continue;
    snprintf(buf + n, size - n, "%s%s%s", n ? " " : "", trace_level(rec, l, of_level, sizeof of_level),
             recorder_wrong_text(rec, l, text, sizeof text));
    n += strlen(buf + n);
  }
}

static void rule(const struct debug *d, const struct record *rec, char *buf, size_t size) {
  const unsigned level = rec->levels;
  if (level == 0) {
    snprintf(buf, size, "The trap does not come out of a VM: the host OS handles it.");
    return;
  }
  *buf = 0;
  switch (rec->verdict[0]) {
  case VERDICT_REFLECT: reflected(rec, buf, size); break;
  case VERDICT_EMULATE: emulated(rec, buf, size); break;
  case VERDICT_FILL:
    if (is_interrupt(rec->trap.cause))
      snprintf(buf, size,
               "The VMM was told of the interrupt, and the guest goes on where it was interrupted.");
    else
      filled(rec, "the VMM", buf, size);
    break;
  case VERDICT_HOST: below(rec, buf, size); break;
  case VERDICT_KILL: ended(rec, buf, size); break;
  case VERDICT_OTHER:
  case VERDICT_WRONG: break; /* mistakes() says so */
  default: unanswered(d, buf, size);
  }
  size_t n = strlen(buf);
  mistakes(rec, buf, size, n);
  n = strlen(buf);
  if (rec->injected[level] && rec->verdict[0] != VERDICT_WRONG)
    snprintf(buf + n, size - n, " With it the guest gets an interrupt (%s).",
             pg32_cause_name(rec->seen[level]));
}

static void why_trap(struct debug *d, const struct record *rec, char *buf, size_t size) {
  char what[200], why[3 * WRONG_TEXT];
  subject(d, rec, what, sizeof what);
  if (d->predict.on) {
    snprintf(buf, size, "%s. Predict: which lane handles the trap, with which verdict?", what);
    return;
  }
  rule(d, rec, why, sizeof why);
  snprintf(buf, size, "%s. The machine enters %s. %s", what, model_lane_name(d, rec->to), why);
}

static void why_resume(struct debug *d, const struct record *rec, char *buf, size_t size) {
  const char *from = model_lane_name(d, rec->from), *to = model_lane_name(d, rec->to);
  snprintf(
      buf, size,
      "%s executes rfe: PC = 0x%08x, STATUS and TIMER come from its low core, and %s runs, in real %s mode.",
      from, rec->resume.pc, to, rec->real_status & ST_U ? "user" : "kernel");
  size_t n = strlen(buf);
  if (rec->resumes)
    n += (size_t)snprintf(buf + n, size - n, " Trap #%llu has been handled.",
                          (unsigned long long)rec->resumes);
  if (rec->virtual_status != rec->vmm_status && n < size)
    snprintf(buf + n, size - n, " Its VMM keeps the virtual STATUS 0x%08x, where the guest's is 0x%08x.",
             rec->vmm_status, rec->virtual_status);
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
                   p->who.name, instruction(word, p->regs.pc, text, sizeof text));
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
  const char *what = trace_list_title((enum lecture_list)s->list),
             *words = recorder_lecture_words(s->list, s->step);
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
  if (why_step(d, buf, size) || why_no_trap(d, &p, buf, size)) return;
  const struct record *rec = p.event ? timeline_event(d->t, p.event) : NULL;
  if (!rec)
    snprintf(buf, size,
             "Nothing has happened yet: the machine has been reset, in kernel mode, untranslated.");
  else if (rec->kind == RECORD_TRAP)
    why_trap(d, rec, buf, size);
  else
    why_resume(d, rec, buf, size);
}
