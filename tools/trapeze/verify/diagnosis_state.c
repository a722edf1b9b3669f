/* diagnosis_state.c - what the guest in the VM was left with by what came before: a result, PC, STATUS, a page. */
#include <string.h>

#include "isa/pg32.h"
#include "diagnosis.h"

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

/* ---- a word of the low core ---- */

enum {
  LOW_CORE_END = 0x40
}; /* the vector, the words of a trap and, on some CPUs, the old PSW of before are below */

/* The last kept step at which the VMM wrote the guest's low core: it passed on a trap, or emulated rfe. -1: there is none,
 * or the guest itself has stored to the word since. */
static ptrdiff_t last_of_vmm(const struct difference *d, uint32_t pa) {
  const struct side *bare = &d->pair->bare, *nested = &d->pair->nested;
  for (ptrdiff_t i = (ptrdiff_t)(d->step - bare->keep_from) - 1; i-- > 0;) {
    const struct step *s = side_kept(bare, (size_t)i);
    if (s->trap) return i;
    struct pg32_insn insn = pg32_decode(s->word);
    if (insn.id == PG32_rfe) return side_facts(nested, (size_t)i)->emulated ? i : -1;
    bool store = insn.id == PG32_sw || insn.id == PG32_sh || insn.id == PG32_sb;
    if (store && ((physical(side_facts(bare, (size_t)i)) ^ pa) & ~3u) == 0) return -1;
  }
  return -1;
}

/* The guest has loaded another word of its low core, which it has not written itself. */
static bool say_low_core(FILE *f, struct difference *d, unsigned rd) {
  const uint32_t pa = physical(d->before_bare);
  const ptrdiff_t last = pa < LOW_CORE_END ? last_of_vmm(d, pa) : -1;
  if (last < 0) return false;
  const struct step *s = side_kept(&d->pair->bare, (size_t)last);
  fprintf(f, "In its low core, at E[0x%02x], the guest finds 0x%08x; on the bare machine 0x%08x is there. ",
          pa & ~3u, d->nested->x[rd], d->bare->x[rd]);
  if (s->trap)
    fprintf(f, "The VMM had to write the low core last when it passed the trap (%s) to the guest's kernel.\n",
            pg32_cause_name(s->low_core[CAUSE]));
  else
    fprintf(f, "The VMM had to write the low core last when it emulated `rfe` at 0x%08x.\n", s->pc);
  const uint64_t tick = diagnosis_tick(d, d->pair->nested.keep_from + (uint64_t)last);
  if (tick) d->cause = tick;
  return true;
}

static bool other_result(FILE *f, struct difference *d) {
  const struct step *b = d->bare, *n = d->nested, *s = d->before;
  char text[48];
  if (!s || s->trap || b->trap || n->trap || b->pc != n->pc) return false;
  struct pg32_insn insn = pg32_decode(s->word);
  bool leaky = (insn.id == PG32_mfst || insn.id == PG32_mtst) && !d->before_nested->emulated;
  if (leaky) {
    diagnosis_say_no_trap(f, s);
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
  diagnosis_instruction(s->word, s->pc, text, sizeof text);
  if (insn.id == PG32_lw && r == insn.rd && say_clock(f, d, r, physical(d->before_bare))) return true;
  if (r == insn.rd && d->before_nested->emulated)
    fprintf(f, "The VMM emulated `%s` and put 0x%08x into %s; the bare machine puts 0x%08x there.\n", text,
            n->x[r], pg32_register_name(r), b->x[r]);
  else if (r == insn.rd && insn.id == PG32_lw && say_low_core(f, d, r))
    return true;
  else if (r == insn.rd) {
    fprintf(f, "`%s` has loaded or computed another value: %s = 0x%08x, not 0x%08x.\n", text,
            pg32_register_name(r), n->x[r], b->x[r]);
    d->symptom = true;
  } else
    fprintf(f, "%s has changed during `%s`, which does not write it: 0x%08x, not 0x%08x.\n",
            pg32_register_name(r), text, n->x[r], b->x[r]);
  return true;
}

/* ---- another PC or STATUS ---- */

static const char *status_bits(uint32_t bits, char *buf, size_t size) {
  const struct {
    uint32_t bits;
    const char *name;
  } parts[] = {{ST_U, "U"}, {ST_IE, "IE"}, {ST_T, "T"}, {ST_ASID_MASK, "ASID"}};
  size_t n = 0;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (bits & parts[i].bits) n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? ", " : "", parts[i].name);
  return buf;
}

/* `mtst zero` has set another STATUS than 0. Finds the emulated `mfst zero` that put this word there, among the kept
 * steps; NULL when there is none. */
static const struct step_facts *zero_written(const struct difference *d, uint32_t word) {
  const struct side *side = &d->pair->nested;
  for (size_t i = (size_t)(d->step - side->keep_from); i-- > 0;) {
    const struct step *s = side_kept(side, i);
    struct pg32_insn insn = pg32_decode(s->word);
    if (!s->trap && insn.id == PG32_mfst && insn.rd == 0 && s->status == word) return side_facts(side, i);
  }
  return NULL;
}

static void say_zero(FILE *f, struct difference *d) {
  const uint32_t word = d->nested->status;
  const struct step_facts *writer = zero_written(d, word);
  fprintf(f, "In the VM the register zero is not 0 any more: %s 0x%08x there.\n",
          writer ? "the VMM emulated `mfst zero` and put" : "an instruction that the VMM emulated has put",
          word);
  if (writer) d->cause = writer->exit_tick;
}

static void say_emulated(FILE *f, const struct difference *d) {
  const struct step *b = d->bare, *n = d->nested;
  char text[48], bits[32];
  fprintf(f, "The VMM emulated `%s` and",
          diagnosis_instruction(d->before->word, d->before->pc, text, sizeof text));
  if (b->pc != n->pc)
    fprintf(f, " resumed the guest at 0x%08x; the bare machine goes on at 0x%08x", n->pc, b->pc);
  if (b->status != n->status)
    fprintf(f, "%s left the guest's STATUS at 0x%08x, where the bare machine has 0x%08x: other bits in %s",
            b->pc != n->pc ? ". It" : "", n->status, b->status,
            status_bits(n->status ^ b->status, bits, sizeof bits));
  fputs(".\n", f);
}

static bool other_state(FILE *f, struct difference *d) {
  const struct step *b = d->bare, *n = d->nested, *s = d->before;
  if (!s || (b->pc == n->pc && b->status == n->status)) return false;
  if (s->trap && b->pc == n->pc) {
    diagnosis_say_entry(f, s->low_core[CAUSE], n->status, b->status);
    return true;
  }
  if (s->trap || !d->before_nested->emulated) return false;
  struct pg32_insn insn = pg32_decode(s->word);
  say_emulated(f, d);
  if (insn.id == PG32_mtst && insn.rs1 == 0 && n->status) say_zero(f, d);
  return true;
}

/* ---- another page ---- */

/* The guest's last tlbw for the page of that PC. */
static const struct tlb_change *last_write(const struct difference *d) {
  const uint32_t hi = (d->bare->pc & TLB_VPN_MASK) | status_asid(d->bare->status);
  const struct stream *s = d->bare_stream;
  const struct tlb_change *last = NULL;
  for (size_t i = 0; i < s->changes && s->change[i].step <= d->step; i++)
    if (s->change[i].write && !((s->change[i].hi ^ hi) & (TLB_VPN_MASK | TLB_ASID_MASK)))
      last = &s->change[i];
  return last;
}

/* The guest fetches another word at the same address. */
static bool other_page(FILE *f, struct difference *d) {
  const struct step *b = d->bare, *n = d->nested;
  if (b->pc != n->pc || b->word == n->word || !(b->status & ST_T)) return false;
  const struct tlb_change *last = last_write(d);
  if (!last) return false;
  fprintf(f,
          "At 0x%08x the guest finds another word than on the bare machine. The guest's last tlbw for page "
          "0x%05x "
          "(rs1 = 0x%08x, rs2 = 0x%08x, after step %llu) leads to frame 0x%05x; the machine's own TLB leads "
          "elsewhere, as with a stale entry of the shadow.\n",
          b->pc, b->pc >> PAGE_SHIFT, last->hi, last->lo, (unsigned long long)last->step,
          last->lo >> PAGE_SHIFT);
  const uint64_t tick = diagnosis_tick(d, last->step);
  if (tick) d->cause = tick;
  return true;
}

bool diagnose_state(FILE *f, struct difference *d) {
  if (d->bare->trap || d->nested->trap) return false;
  return other_result(f, d) || other_state(f, d) || other_page(f, d);
}
