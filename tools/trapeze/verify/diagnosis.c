/* diagnosis.c - what a VMM did wrong, said from the first step that a guest makes differently in the VM.
 *
 * The bare machine shows what should have happened: its TLB is the guest's TLB, and its traps are the
 * guest's. The machine around the VM shows what the VMM did: how the guest was left, where and with which
 * virtual STATUS it was resumed, and which entries the machine's own TLB had. Each sentence is chosen by a
 * comparison of such facts, and quotes them. */
#include <string.h>

#include "isa/pg32.h"
#include "tools/trapeze/calls.h"
#include "lockstep.h"

enum { PC, STATUS, TIMER, CAUSE, BADVA, BADINST }; /* words of a low core */

/* The first step that differs, on both machines, and the step before, which was the same. */
struct difference {
  const struct step *bare, *nested, *before; /* any of them may be NULL */
  const struct step_facts *bare_facts, *nested_facts, *before_bare, *before_nested;
  const struct stream *bare_stream;
  const struct options *options;
  uint64_t step; /* its number */
};

/* ---- words ---- */

static const char *rights(uint32_t lo, char buf[4]) {
  buf[0] = lo & TLB_R ? 'R' : '-', buf[1] = lo & TLB_W ? 'W' : '-', buf[2] = lo & TLB_X ? 'X' : '-';
  buf[3] = 0;
  return buf;
}

static const char *instruction(uint32_t word, uint32_t pc, char *buf, size_t size) {
  pg32_disassemble(buf, size, word, pc);
  for (char *p = buf, *q = buf; (*q = *p); p++) q += !(*p == ' ' && p[1] == ' ');
  return buf;
}

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

static bool entered_badly(FILE *f, const struct difference *d) {
  const struct step_facts *n = d->nested_facts;
  const uint32_t should = d->bare->status & ST_ASID_MASK;
  if (!d->bare->trap || (d->nested && d->nested->trap) || !n->at_vector || n->entered_status == should)
    return false;
  if (n->low_core[PC] != d->bare->low_core[PC] || n->low_core[CAUSE] != d->bare->low_core[CAUSE])
    return false;
  fprintf(f,
          "The VMM passed the trap (%s) to the guest kernel at its vector, but left the virtual STATUS at "
          "0x%08x, where a trap makes it 0x%08x",
          pg32_cause_name(n->low_core[CAUSE]), n->entered_status, should);
  say_status(f, n->entered_status, should);
  fputs(".\n", f);
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
  const char *name = calls_name(d->options, d->options->depth, call->x[17]);
  if (n->exits == 1 && d->nested->trap) return false;
  if (n->first_pc != call->pc + 4 && n->at_vector) return false;
  instruction(call->word, call->pc, text, sizeof text);
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

static void say_emulated(FILE *f, const struct difference *d) {
  char text[48];
  const struct step *s = d->nested;
  instruction(s->word, s->pc, text, sizeof text);
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
static void say_no_trap(FILE *f, const struct step *s) {
  char text[48];
  fprintf(f,
          "The CPU let `%s` at 0x%08x pass in real user mode without a trap: no VMM saw it, so none could "
          "emulate or reflect it.\n",
          instruction(s->word, s->pc, text, sizeof text), s->pc);
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

static void say_stale(FILE *f, const struct difference *d, const struct machine_tlb_entry *had, uint32_t va) {
  uint32_t hi = (va & TLB_VPN_MASK) | status_asid(d->bare->low_core[STATUS]);
  const struct tlb_change *c = taken_away(d->bare_stream, d->step, hi);
  char r[4];
  fprintf(f,
          "The machine's TLB had an entry for page 0x%05x (%s) while the guest ran, the guest's TLB has none "
          "for its ASID %u: ",
          va >> PAGE_SHIFT, rights(had->lo, r), hi & TLB_ASID_MASK);
  if (c)
    fprintf(f, "a stale entry, which the guest's tlbi (scope %u, rs1 = 0x%08x) after step %llu took away.\n",
            c->lo, c->hi, (unsigned long long)c->step);
  else
    fputs("the shadow has an entry that the guest has not.\n", f);
}

/* The machine allowed an access that the guest's TLB forbids. */
static bool say_allowed(FILE *f, const struct difference *d) {
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
  rights(extra, more);
  fprintf(f, "The shadow has");
  for (char *c = more; *c; c++)
    if (*c != '-') fprintf(f, " %c", *c);
  fprintf(f,
          ", the guest's entry has not: for page 0x%05x the guest's TLB has %s, the entry that the machine "
          "used has %s.\n",
          va >> PAGE_SHIFT, rights(guest->lo, has), rights(real->lo, real_has));
  if (left->cause && is_prot(left->cause) && left->badva == va)
    fprintf(
        f,
        "The machine did trap (%s), and the VMM mended the fault itself: it gave the right and resumed the "
        "guest at the same instruction; the guest's kernel, which would have copied the page (copy on "
        "write) or refused, never saw the fault.\n",
        pg32_cause_name(left->cause));
  return true;
}

static bool unseen_trap(FILE *f, const struct difference *d) {
  const uint32_t cause = d->bare->low_core[CAUSE];
  const struct step_facts *n = d->nested_facts;
  if (!d->bare->trap || d->nested->trap || cause <= CAUSE_DEVICE) return false;
  if (d->nested->pc != d->bare->low_core[PC]) return false;
  if (cause == CAUSE_ILLEGAL || cause == CAUSE_PRIVILEGED) {
    if (n->emulated)
      say_emulated(f, d);
    else
      say_no_trap(f, d->nested);
    return true;
  }
  return (is_miss(cause) || is_prot(cause)) && say_allowed(f, d);
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
              bare[BADVA] >> PAGE_SHIFT, rights(e->lo, r), access_of(bare[CAUSE]));
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

/* ---- the instruction before had another result ---- */

static bool within(uint32_t word, uint64_t from, uint64_t to) {
  return (uint32_t)(word - (uint32_t)from) <= (uint32_t)(to - from);
}

/* The physical address of the bare machine's load or store. */
static uint32_t physical(const struct step_facts *bare) {
  if (!bare->data.valid) return bare->address;
  return (bare->data.lo & TLB_PFN_MASK) | (bare->address & (PAGE_SIZE - 1));
}

static bool say_clock(FILE *f, const struct difference *d, unsigned rd, uint32_t pa) {
  const struct step_facts *n = d->before_nested;
  uint32_t bare = d->bare->x[rd], nested = d->nested->x[rd];
  if ((pa & TLB_PFN_MASK) != DEV_CLOCK || !n->emulated) return false;
  fprintf(f, "The VMM answered the load of %s with %u; the guest's own time is %u.",
          pa == DEV_CLOCK + CLOCK_LO ? "CLOCK_LO" : "CLOCK_HI", nested, bare);
  if (pa == DEV_CLOCK + CLOCK_LO && within(nested, n->exit_tick, n->resume_tick))
    fprintf(f, " The machine's clock showed %u when the load trapped: the guest was shown the host's clock.",
            (uint32_t)n->exit_tick);
  fputc('\n', f);
  return true;
}

static bool other_result(FILE *f, const struct difference *d) {
  const struct step *b = d->bare, *n = d->nested, *s = d->before;
  char text[48];
  if (!s || s->trap || b->trap || n->trap || b->pc != n->pc) return false;
  struct pg32_insn insn = pg32_decode(s->word);
  bool leaky = (insn.id == PG32_mfst || insn.id == PG32_mtst) && !d->before_nested->emulated;
  if (leaky) {
    say_no_trap(f, s);
    fprintf(f,
            insn.id == PG32_mfst
                ? "It read the real STATUS, 0x%08x; the guest's own STATUS is 0x%08x. SMSW on the old x86 "
                  "did the "
                  "same.\n"
                : "It did nothing: the guest's STATUS stays 0x%08x, where the guest's kernel had set 0x%08x. "
                  "POPF on the old x86 did the same.\n",
            insn.id == PG32_mfst ? n->x[insn.rd] : n->status,
            insn.id == PG32_mfst ? b->x[insn.rd] : b->status);
    return true;
  }
  unsigned r = 1;
  while (r < 32 && b->x[r] == n->x[r]) r++;
  if (r == 32) return false;
  instruction(s->word, s->pc, text, sizeof text);
  if (insn.id == PG32_lw && r == insn.rd && say_clock(f, d, r, physical(d->before_bare))) return true;
  if (r == insn.rd && d->before_nested->emulated)
    fprintf(f, "The VMM emulated `%s` and put 0x%08x into %s; the bare machine puts 0x%08x there.\n", text,
            n->x[r], pg32_register_name(r), b->x[r]);
  else if (r == insn.rd)
    fprintf(f, "`%s` has loaded or computed another value: %s = 0x%08x, not 0x%08x.\n", text,
            pg32_register_name(r), n->x[r], b->x[r]);
  else
    fprintf(f, "%s has changed during `%s`, which does not write it: 0x%08x, not 0x%08x.\n",
            pg32_register_name(r), text, n->x[r], b->x[r]);
  return true;
}

/* ---- a trap too many ---- */

static bool trap_too_many(FILE *f, const struct difference *d) {
  if (d->bare->trap || !d->nested->trap) return false;
  fprintf(f, "The VMM gave the guest's kernel a trap (%s, PC 0x%08x) that the bare machine does not take.\n",
          pg32_cause_name(d->nested->low_core[CAUSE]), d->nested->low_core[PC]);
  return true;
}

void diagnose(FILE *f, const struct pair *p, size_t i) {
  struct difference d = {.bare = side_kept(&p->bare, i),
                         .nested = side_kept(&p->nested, i),
                         .bare_facts = side_facts(&p->bare, i),
                         .nested_facts = side_facts(&p->nested, i),
                         .bare_stream = &p->bare.stream,
                         .options = p->options,
                         .step = p->bare.keep_from + i};
  if (!d.bare) return;
  if (!d.nested) { /* the guest was ended, for example because its handler faulted at once */
    d.nested_facts = &p->nested.stream.facts;
    entered_badly(f, &d);
    return;
  }
  if (i > 0) {
    d.before = side_kept(&p->bare, i - 1);
    d.before_bare = side_facts(&p->bare, i - 1);
    d.before_nested = side_facts(&p->nested, i - 1);
  }
  if (entered_badly(f, &d) || serviced(f, &d) || unseen_trap(f, &d) || other_trap(f, &d)) return;
  if (other_result(f, &d)) return;
  trap_too_many(f, &d);
}
