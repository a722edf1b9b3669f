/* why.c - one or two sentences about an event: the rule, and the register or word that shows it.
 *
 * Each sentence stands behind the condition that makes it true. The conditions are facts of the event's
 * record: the trap, the STATUS of the machine and of the virtual machine, what was due, and what was done.
 * What a VMM did wrong is said by the recorder (recorder_wrong_text). */
#include "why.h"

#include <string.h>

#include "isa/para.h"
#include "tools/trapeze/calls.h"
#include "trace.h"

const char *why_call(const struct why *w, const struct record *rec) {
  if (rec->kind != RECORD_TRAP || rec->trap.cause != CAUSE_SYSCALL) return NULL;
  const struct lane *from = w->lane(w->arg, rec->from);
  return from ? calls_name(w->o, from->depth, rec->a7) : NULL;
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

const char *why_instruction(uint32_t word, uint32_t pc, char *buf, size_t size) {
  pg32_disassemble(buf, size, word, pc);
  for (char *p = buf, *q = buf; (*q = *p); p++) q += !(*p == ' ' && p[1] == ' ');
  return buf;
}

/* ---- hypercalls ---- */

/* What each is for, with its arguments by their names in isa/para.h. */
const char *why_hypercall(uint32_t number) {
  switch (number) {
  case HCALL_START:
    return "The guest's kernel asks for a hypervisor with the version of the interface in a0, PARA_VERSION.";
  case HCALL_IRET:
    return "The hypervisor carries out the queue (PARA_NOPS, PARA_OPS), and loads PC, STATUS and TIMER from "
           "the "
           "guest's low core, and a7 from PARA_A7.";
  case HCALL_FLUSH:
    return "The hypervisor carries out the queue (PARA_NOPS, PARA_OPS), and the guest's kernel "
           "goes on.";
  case HCALL_KICK: return "The guest's kernel wants the VMM to look at the rings.";
  case HCALL_WAIT:
    return "The guest's kernel waits until its TIMER is 0 or an event is pending that it has enabled "
           "(PARA_PENDING and PARA_ENABLED).";
  default: return "There is no such hypercall: its result is -ENOSYS.";
  }
}

static void hypercall_subject(const struct record *rec, const char *who, char *buf, size_t size) {
  const char *name = calls_hypercall(rec);
  int n = snprintf(buf, size, "%s executes hcall at 0x%08x, a7 = %u%s%s%s", who, rec->trap.guest_pc - 4,
                   rec->a7, name ? " (" : "", name ? name : "", name ? ")" : "");
  if (name && rec->a7 == HCALL_START) snprintf(buf + n, size - (size_t)n, ", a0 = %u", rec->a0);
}

/* The kernel of a guest that knows that it is one has called. */
static void called(const struct record *rec, char *buf, size_t size) {
  snprintf(buf, size, "%s %s", why_hypercall(rec->a7),
           rec->by_hypervisor ? "Its VMM does not run." : "Its VMM runs, and looks at the rings, too.");
}

void why_subject(const struct why *w, const struct record *rec, char *buf, size_t size) {
  const char *who = w->lane(w->arg, rec->from)->name;
  const uint32_t cause = rec->trap.guest_cause;
  char insn[64];
  const char *call = why_call(w, rec);
  if (cause == 0)
    snprintf(buf, size, "%s is at 0x%08x, and its translation traps at 0x%08x: %s", who, rec->trap.guest_pc,
             rec->trap.pc, pg32_cause_text(rec->trap.cause));
  else if (cause == CAUSE_SYSCALL)
    snprintf(buf, size, "%s executes syscall at 0x%08x, a7 = %u%s%s%s", who, rec->trap.guest_pc - 4, rec->a7,
             call ? " (" : "", call ? call : "", call ? ")" : "");
  else if (cause == CAUSE_PRIVILEGED)
    snprintf(buf, size, "%s executes `%s` at 0x%08x, which is privileged", who,
             why_instruction(rec->trap.guest_badinst, rec->trap.guest_pc, insn, sizeof insn),
             rec->trap.guest_pc);
  else if (calls_is_hypercall(rec))
    hypercall_subject(rec, who, buf, size);
  else if (cause == CAUSE_BREAK || cause == CAUSE_HCALL)
    snprintf(buf, size, "%s executes %s at 0x%08x", who, cause == CAUSE_BREAK ? "break" : "hcall",
             rec->trap.guest_pc - 4);
  else if (is_interrupt(cause))
    snprintf(buf, size, "A %s comes before %s executes the instruction at 0x%08x", pg32_cause_text(cause),
             who, rec->trap.guest_pc);
  else if (rec->trap.badva)
    snprintf(buf, size, "%s at 0x%08x: %s, address 0x%08x", who, rec->trap.guest_pc, pg32_cause_text(cause),
             rec->trap.badva);
  else
    snprintf(buf, size, "%s at 0x%08x: %s", who, rec->trap.guest_pc, pg32_cause_text(cause));
}

/* ---- the rule, by what became of the trap at the innermost level ---- */

static void reflected(const struct record *rec, char *buf, size_t size) {
  const uint32_t seen = rec->seen[rec->levels], page = rec->trap.badva >> PAGE_SHIFT;
  const bool due = rec->due[rec->levels] == seen; /* as the recorder knows from the virtual TLB */
  const char *who = rec->by_hypervisor ? "hypervisor" : "VMM";
  int n = 0;
  if (seen == CAUSE_TIMER) {
    snprintf(buf, size,
             "The guest's own TIMER is 0 and its STATUS has IE = 1: the %s gives its kernel the interrupt.",
             who);
    return;
  }
  if (seen == CAUSE_DEVICE) {
    snprintf(buf, size, "A device of the VM asks for an interrupt: the %s gives the guest's kernel one.",
             who);
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
  if (rec->by_hypervisor)
    snprintf(
        buf + n, size - (size_t)n,
        "The virtual STATUS has U = %u: the hypervisor, a part of the host OS, passes the trap to the guest "
        "OS, and its VMM does not run.",
        rec->virtual_status & ST_U);
  else
    snprintf(buf + n, size - (size_t)n, "%s",
             rec->virtual_status & ST_U
                 ? "The virtual STATUS has U = 1, so the application trapped: the VMM passes the trap to the "
                   "guest OS."
                 : "The guest OS would have taken this trap on the bare machine, too: the VMM reflects it.");
}

static void emulated(const struct record *rec, char *buf, size_t size) {
  if (calls_is_hypercall(rec))
    called(rec, buf, size);
  else if (rec->due[rec->levels] == DUE_FILL)
    snprintf(buf, size,
             "The VMM carries the access out itself: the page has code that it has translated, so that a "
             "store must "
             "drop the translation; or the VMM's own pages stand there.");
  else if (rec->translated && rec->trap.guest_cause == CAUSE_PRIVILEGED)
    snprintf(buf, size,
             "The translation leaves the instruction to the VMM, which emulates it on the virtual machine's "
             "state.");
  else if (rec->trap.cause == CAUSE_PRIVILEGED && !(rec->virtual_status & ST_U))
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
  else if (rec->para)
    snprintf(
        buf, size,
        "The machine's TLB has no entry for the page, but the guest's kernel has given the hypervisor one: "
        "%s supplies it, and the guest notices nothing.",
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
static void unanswered(const struct why *w, char *buf, size_t size) {
  snprintf(buf, size, "%s",
           w->ended ? "The run ends before the trap has been handled."
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

static void rule(const struct why *w, const struct record *rec, char *buf, size_t size) {
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
  case VERDICT_TRANSLATE:
    snprintf(buf, size,
             "The guest has no trap: the VMM finds or makes the translation of the code at 0x%08x, and goes "
             "on there.",
             rec->trap.guest_pc);
    break;
  case VERDICT_HOST: below(rec, buf, size); break;
  case VERDICT_KILL: ended(rec, buf, size); break;
  case VERDICT_OTHER:
  case VERDICT_WRONG: break; /* mistakes() says so */
  default: unanswered(w, buf, size);
  }
  size_t n = strlen(buf);
  mistakes(rec, buf, size, n);
  n = strlen(buf);
  if (rec->injected[level] && rec->verdict[0] != VERDICT_WRONG)
    snprintf(buf + n, size - n, " With it the guest gets an interrupt (%s).",
             pg32_cause_name(rec->seen[level]));
}

void why_trap(const struct why *w, const struct record *rec, char *buf, size_t size) {
  char what[200], why[3 * WRONG_TEXT];
  why_subject(w, rec, what, sizeof what);
  rule(w, rec, why, sizeof why);
  snprintf(buf, size, "%s. The machine enters %s. %s", what, w->lane(w->arg, rec->to)->name, why);
}

void why_resume(const struct why *w, const struct record *rec, char *buf, size_t size) {
  const char *from = w->lane(w->arg, rec->from)->name, *to = w->lane(w->arg, rec->to)->name;
  snprintf(
      buf, size,
      "%s executes rfe: PC = 0x%08x, STATUS and TIMER come from its low core, and %s runs, in real %s mode.",
      from, rec->resume.pc, to, rec->real_status & ST_U ? "user" : "kernel");
  size_t n = strlen(buf);
  if (rec->translated)
    n += (size_t)snprintf(buf + n, size - n, " What runs is a translation of its code at 0x%08x.",
                          rec->resume.guest_pc);
  if (rec->resumes)
    n += (size_t)snprintf(buf + n, size - n, " Trap #%llu has been handled.",
                          (unsigned long long)rec->resumes);
  if (rec->virtual_status != rec->vmm_status && n < size)
    snprintf(buf + n, size - n, " Its VMM keeps the virtual STATUS 0x%08x, where the guest's is 0x%08x.",
             rec->vmm_status, rec->virtual_status);
}
