/* diagnosis_trap.c - a trap that the guest in the VM saw otherwise than on the bare machine, elsewhere, or never. */
#include "isa/pg32.h"
#include "tools/trapeze/calls.h"
#include "diagnosis.h"

/* ---- words ---- */

static const char *access_of(uint32_t cause) {
  if (cause <= CAUSE_FETCH_BUS) return "a fetch";
  return cause == CAUSE_LOAD_MISS || cause == CAUSE_LOAD_PROT || cause == CAUSE_LOAD_BUS ? "a load"
                                                                                         : "a store";
}

static bool is_fetch(uint32_t cause) { return cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS; }
static bool is_miss(uint32_t cause) {
  return cause == CAUSE_FETCH_MISS || cause == CAUSE_LOAD_MISS || cause == CAUSE_STORE_MISS;
}
static bool is_prot(uint32_t cause) {
  return cause == CAUSE_FETCH_PROT || cause == CAUSE_LOAD_PROT || cause == CAUSE_STORE_PROT;
}

/* ---- the guest was entered at its vector, but not as a trap enters ---- */

/* What is wrong with a STATUS at a vector. */
static void say_status(FILE *f, uint32_t is, uint32_t should) {
  const struct {
    uint32_t bits;
    const char *words;
  } parts[] = {{ST_U, "the mode was not flipped, the guest kernel is still in virtual user mode"},
               {ST_T, "translation is still on"},
               {ST_IE, "interrupts are still on"},
               {ST_ASID_MASK, "the ASID differs"}};
  const char *between = ": ";
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (!((is ^ should) & parts[i].bits)) continue;
    fprintf(f, "%s%s", between, parts[i].words);
    between = "; ";
  }
}

void diagnosis_say_entry(FILE *f, uint32_t cause, uint32_t status, uint32_t should) {
  fprintf(f,
          "The VMM passed the trap (%s) to the guest kernel at its vector, but left the virtual STATUS at "
          "0x%08x, where a trap makes it 0x%08x",
          pg32_cause_name(cause), status, should);
  say_status(f, status, should);
  fputs(".\n", f);
}

static bool entered_badly(FILE *f, const struct difference *d) {
  const struct step_facts *n = d->nested_facts;
  const uint32_t should = d->bare->status & ST_ASID_MASK;
  if (!d->bare->trap || (d->nested && d->nested->trap) || !n->at_vector || n->entered_status == should)
    return false;
  if (n->low_core[PC] != d->bare->low_core[PC] || n->low_core[CAUSE] != d->bare->low_core[CAUSE])
    return false;
  diagnosis_say_entry(f, n->low_core[CAUSE], n->entered_status, should);
  return true;
}

bool diagnose_end(FILE *f, const struct difference *d) {
  const struct machine_trap *last = &d->nested_facts->exit;
  if (entered_badly(f, d)) return true;
  if (!last->cause) return false;
  fprintf(f, "The guest trapped (%s, PC 0x%08x) and was never resumed: its VMM ended.\n",
          pg32_cause_name(last->cause), last->pc);
  return true;
}

/* ---- a trap of the guest that the VM's guest never saw ---- */

/* A system call, hcall or break: the machine has left the guest for it,
 * and the guest was resumed behind it, or elsewhere. */
static bool serviced(FILE *f, const struct difference *d) {
  const struct step *call = d->before;
  const struct step_facts *n = d->nested_facts;
  const uint32_t cause = d->bare->low_core[CAUSE];
  char text[48];
  if (!d->bare->trap || cause < CAUSE_SYSCALL || cause > CAUSE_BREAK || !call || call->trap) return false;
  if (call->pc + 4 != d->bare->low_core[PC] || n->exits == 0 || n->first.cause != cause) return false;
  const char *name = calls_name(d->pair->options, d->pair->depth, call->x[17]);
  if (n->exits == 1 && d->nested->trap) return false;
  if (n->first_pc != call->pc + 4 && n->at_vector) return false;
  diagnosis_instruction(call->word, call->pc, text, sizeof text);
  if (n->first_pc != call->pc + 4)
    fprintf(f,
            "The VMM answered `%s` by resuming the guest at 0x%08x; the trap should have been reflected to "
            "the guest's kernel, at its vector.\n",
            text, n->first_pc);
  else if (cause == CAUSE_SYSCALL)
    fprintf(
        f,
        "The VMM serviced the guest's system call itself: the guest executed `%s` with a7 = %u%s%s%s, the "
        "machine trapped, and the guest went on at 0x%08x with a0 = 0x%x; its own kernel was not "
        "entered.\n",
        text, call->x[17], name ? " (" : "", name ? name : "", name ? ")" : "", n->first_pc, n->first_a0);
  else
    fprintf(f,
            "The VMM emulated `%s` itself: the guest went on at 0x%08x, and its own kernel was not "
            "entered.\n",
            text, n->first_pc);
  return true;
}

/* A fault, and the guest was resumed neither at its vector nor at the instruction. */
static bool led_astray(FILE *f, const struct difference *d) {
  const struct step_facts *n = d->nested_facts;
  char text[48];
  if (!d->bare->trap || d->nested->trap || !n->exits || n->at_vector) return false;
  const uint32_t cause = d->bare->low_core[CAUSE], pc = d->nested->pc;
  if (pc != d->bare->low_core[PC] || n->first.cause != cause || n->first_pc == pc || n->first_pc == pc + 4)
    return false;
  fprintf(f,
          "The VMM answered the trap (%s) of `%s` by resuming the guest at 0x%08x; the trap should have been "
          "reflected to the guest's kernel, at its vector.\n",
          pg32_cause_name(cause), diagnosis_instruction(d->nested->word, pc, text, sizeof text), n->first_pc);
  return true;
}

static void say_emulated(FILE *f, const struct difference *d) {
  char text[48];
  const struct step *s = d->nested;
  diagnosis_instruction(s->word, s->pc, text, sizeof text);
  if (d->bare->low_core[CAUSE] == CAUSE_ILLEGAL)
    fprintf(f,
            "The VMM emulated an undefined instruction: `%s` at 0x%08x trapped (ILLEGAL), and the guest was "
            "resumed behind it; the trap should have been reflected to the guest's kernel.\n",
            text, s->pc);
  else
    fprintf(
        f,
        "The VMM emulated `%s` at 0x%08x, although the virtual STATUS 0x%08x has U = %u: the bare machine "
        "traps (%s).\n",
        text, s->pc, s->status, s->status & ST_U, pg32_cause_name(d->bare->low_core[CAUSE]));
}

/* On a CPU with holes: no VMM has been asked. */
void diagnosis_say_no_trap(FILE *f, const struct step *s) {
  char text[48];
  fprintf(f,
          "The CPU let `%s` at 0x%08x pass in real user mode without a trap: no VMM saw it, so none could "
          "emulate or reflect it.\n",
          diagnosis_instruction(s->word, s->pc, text, sizeof text), s->pc);
}

/* The last tlbi of the guest that took the entry for that page away; NULL if there is none after the last
 * tlbw for the page. */
static const struct tlb_change *taken_away(const struct stream *s, uint64_t before, uint32_t hi) {
  const struct tlb_change *found = NULL;
  bool had = false;
  for (size_t i = 0; i < s->changes && s->change[i].step <= before; i++) {
    const struct tlb_change *c = &s->change[i];
    uint32_t differ = c->hi ^ hi;
    if (c->write && !(differ & (TLB_VPN_MASK | TLB_ASID_MASK))) had = true, found = NULL;
    if (c->write || !had) continue;
    bool covers = c->lo == TLBI_ALL || (c->lo == TLBI_ASID && !(differ & TLB_ASID_MASK)) ||
                  !(differ & (TLB_VPN_MASK | TLB_ASID_MASK));
    if (covers) found = c, had = false;
  }
  return found;
}

static void say_stale(FILE *f, struct difference *d, const struct machine_tlb_entry *had, uint32_t va) {
  uint32_t hi = (va & TLB_VPN_MASK) | status_asid(d->bare->low_core[STATUS]);
  const struct tlb_change *c = taken_away(d->bare_stream, d->step, hi);
  char r[4];
  fprintf(f,
          "The machine's TLB had an entry for page 0x%05x (%s) while the guest ran, the guest's TLB has none "
          "for its ASID %u: ",
          va >> PAGE_SHIFT, diagnosis_rights(had->lo, r), hi & TLB_ASID_MASK);
  const uint64_t tick = c ? diagnosis_tick(d, c->step) : 0;
  if (tick) d->cause = tick;
  if (c)
    fprintf(f, "a stale entry, which the guest's tlbi (scope %u, rs1 = 0x%08x) after step %llu took away.\n",
            c->lo, c->hi, (unsigned long long)c->step);
  else
    fputs("the shadow has an entry that the guest has not.\n", f);
}

/* The machine allowed an access that the guest's TLB forbids. */
static bool say_allowed(FILE *f, struct difference *d) {
  const uint32_t cause = d->bare->low_core[CAUSE], va = d->bare->low_core[BADVA];
  const struct machine_tlb_entry *guest = &d->bare_facts->data,
                                 *real = is_fetch(cause) ? &d->nested_facts->fetch : &d->nested_facts->data;
  const struct machine_trap *left = &d->nested_facts->exit;
  char has[4], real_has[4], more[4];
  if (!real->valid) {
    fprintf(f, "The VMM emulated %s at 0x%08x of address 0x%08x, where the bare machine traps (%s).\n",
            access_of(cause), d->nested->pc, va, pg32_cause_name(cause));
    return true;
  }
  if (!guest->valid) {
    say_stale(f, d, real, va);
    return true;
  }
  uint32_t extra = real->lo & ~guest->lo & TLB_RIGHTS;
  if (!extra) return false;
  diagnosis_rights(extra, more);
  fprintf(f, "The shadow has");
  for (char *c = more; *c; c++)
    if (*c != '-') fprintf(f, " %c", *c);
  fprintf(f,
          ", the guest's entry has not: for page 0x%05x the guest's TLB has %s, the entry that the machine "
          "used has %s.\n",
          va >> PAGE_SHIFT, diagnosis_rights(guest->lo, has), diagnosis_rights(real->lo, real_has));
  if (left->cause && is_prot(left->cause) && left->badva == va)
    fprintf(
        f,
        "The machine did trap (%s), and the VMM mended the fault itself: it gave the right and resumed the "
        "guest at the same instruction; the guest's kernel, which would have copied the page (copy on "
        "write) or refused, never saw the fault.\n",
        pg32_cause_name(left->cause));
  return true;
}

/* An access of what is neither RAM nor a device's register, or is not aligned, had a result. */
static void say_answered(FILE *f, const struct difference *d) {
  const uint32_t cause = d->bare->low_core[CAUSE], va = d->bare->low_core[BADVA];
  const struct machine_tlb_entry *guest = &d->bare_facts->data;
  const uint32_t pa = guest->valid ? (guest->lo & TLB_PFN_MASK) | (va & (PAGE_SIZE - 1)) : va;
  fprintf(f, "The VMM %s %s at 0x%08x of address 0x%08x",
          d->nested_facts->emulated ? "emulated" : "let the machine carry out", access_of(cause),
          d->nested->pc, va);
  if (pa != va) fprintf(f, " (guest-physical 0x%08x)", pa);
  fprintf(f, ", where the bare machine traps (%s).\n", pg32_cause_name(cause));
}

static bool missed_interrupt(FILE *f, const struct difference *d) {
  const uint32_t cause = d->bare->trap ? d->bare->low_core[CAUSE] : CAUSE_NONE;
  if (d->nested->trap || cause == CAUSE_NONE || cause > CAUSE_DEVICE ||
      d->nested->pc != d->bare->low_core[PC])
    return false;
  fprintf(f,
          cause == CAUSE_TIMER
              ? "The bare machine's TIMER is 0 here, and the interrupt comes; in the VM the guest goes "
                "on at 0x%08x, without its interrupt.\n"
              : "On the bare machine a device's interrupt comes here; in the VM the guest goes on at "
                "0x%08x, without its interrupt.\n",
          d->nested->pc);
  return true;
}

static bool unseen_trap(FILE *f, struct difference *d) {
  const uint32_t cause = d->bare->low_core[CAUSE];
  const struct step_facts *n = d->nested_facts;
  if (!d->bare->trap || d->nested->trap || cause <= CAUSE_DEVICE) return false;
  if (d->nested->pc != d->bare->low_core[PC]) return false;
  if (cause == CAUSE_ILLEGAL || cause == CAUSE_PRIVILEGED) {
    if (n->emulated)
      say_emulated(f, d);
    else
      diagnosis_say_no_trap(f, d->nested);
    return true;
  }
  if (is_miss(cause) || is_prot(cause)) return say_allowed(f, d);
  const bool access = cause == CAUSE_FETCH_BUS || cause >= CAUSE_LOAD_MISS;
  if (access) say_answered(f, d);
  return access;
}

/* ---- the guest saw another trap ---- */

static const char *const word_name[] = {"PC", "STATUS", "TIMER", "CAUSE", "BADVA", "BADINST"};

static bool other_trap(FILE *f, const struct difference *d) {
  if (!d->bare->trap || !d->nested->trap) return false;
  const uint32_t *bare = d->bare->low_core, *nested = d->nested->low_core;
  const struct machine_tlb_entry *e = &d->bare_facts->data;
  char r[4];
  if (bare[PC] == nested[PC] && bare[CAUSE] != nested[CAUSE]) {
    fprintf(f, "The VMM reported %s to the guest's kernel as %s", pg32_cause_name(bare[CAUSE]),
            pg32_cause_name(nested[CAUSE]));
    if (is_prot(bare[CAUSE]) && e->valid)
      fprintf(f, ": the guest's TLB has an entry for page 0x%05x (%s), which forbids %s",
              bare[BADVA] >> PAGE_SHIFT, diagnosis_rights(e->lo, r), access_of(bare[CAUSE]));
    else if (is_miss(bare[CAUSE]))
      fprintf(f, ": the guest's TLB has no entry for page 0x%05x", bare[BADVA] >> PAGE_SHIFT);
    fputs(".\n", f);
    return true;
  }
  fputs("The VMM wrote other words into the guest's low core:", f);
  for (int i = 0; i < 6; i++)
    if (bare[i] != nested[i]) fprintf(f, " %s = 0x%08x, not 0x%08x;", word_name[i], nested[i], bare[i]);
  fputs(" the bare machine's are the right ones.\n", f);
  return true;
}

/* ---- a trap too many ---- */

static bool trap_too_many(FILE *f, const struct difference *d) {
  if (d->bare->trap || !d->nested->trap) return false;
  fprintf(f, "The VMM gave the guest's kernel a trap (%s, PC 0x%08x) that the bare machine does not take.\n",
          pg32_cause_name(d->nested->low_core[CAUSE]), d->nested->low_core[PC]);
  return true;
}

bool diagnose_trap(FILE *f, struct difference *d) {
  return entered_badly(f, d) || missed_interrupt(f, d) || serviced(f, d) || led_astray(f, d) ||
         unseen_trap(f, d) || other_trap(f, d) || trap_too_many(f, d);
}
