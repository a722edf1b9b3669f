/* wrong.c - the sentence about a wrong answer of a VMM. Each is chosen by what was due and what was done, and
 * quotes the words that show it. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

static void put_rights(struct text *t, uint32_t lo) {
  recorder_put(t, "%c%c%c", lo & TLB_R ? 'R' : '-', lo & TLB_W ? 'W' : '-', lo & TLB_X ? 'X' : '-');
}

static void put_instruction(struct text *t, const struct record *rec) {
  char columns[48];
  pg32_disassemble(columns, sizeof columns, rec->trap.badinst, rec->trap.pc);
  for (const char *c = columns; *c; c++)
    if (*c != ' ' || c[1] != ' ') recorder_put(t, "%c", *c);
}

static bool is_prot(uint32_t cause) {
  return cause == CAUSE_FETCH_PROT || cause == CAUSE_LOAD_PROT || cause == CAUSE_STORE_PROT;
}

static bool is_miss(uint32_t cause) {
  return cause == CAUSE_FETCH_MISS || cause == CAUSE_LOAD_MISS || cause == CAUSE_STORE_MISS;
}

static const char *access_of(uint32_t cause) {
  if (cause <= CAUSE_FETCH_BUS) return "fetch";
  return cause == CAUSE_LOAD_MISS || cause == CAUSE_LOAD_PROT || cause == CAUSE_LOAD_BUS ? "load" : "store";
}

/* Why the virtual TLB calls for that cause. */
static void put_tlb_reason(struct text *t, const struct record *rec, uint32_t cause) {
  const uint32_t page = rec->trap.badva >> PAGE_SHIFT;
  if (is_prot(cause))
    recorder_put(t, "the guest's TLB has an entry for page 0x%05x, which does not allow the %s", page,
                 access_of(cause));
  else if (is_miss(cause))
    recorder_put(t, "the guest's TLB has no entry for page 0x%05x", page);
  else
    recorder_put(t, "the guest's own machine would trap so");
}

/* ---- something else than was due ---- */

static void put_emulated(struct text *t, const struct record *rec, uint32_t due) {
  switch (due) {
  case CAUSE_SYSCALL:
    recorder_put(
        t,
        "The VMM serviced the guest's system call (a7 = %u) itself: it resumed the guest behind the syscall, "
        "and the "
        "guest's kernel was not entered.",
        rec->a7);
    return;
  case CAUSE_ILLEGAL:
    recorder_put(
        t,
        "The VMM emulated an undefined instruction (0x%08x): it resumed the guest behind the instruction, "
        "where the "
        "guest's kernel should have seen ILLEGAL.",
        rec->trap.badinst);
    return;
  case CAUSE_PRIVILEGED:
    recorder_put(t, "The VMM emulated `");
    put_instruction(t, rec);
    recorder_put(
        t, "` for a program in virtual user mode, where the guest's kernel should have seen PRIVILEGED.");
    return;
  default:
    recorder_put(t,
                 "The VMM resumed the guest behind the instruction, where its kernel should have seen %s: ",
                 pg32_cause_name(due));
    put_tlb_reason(t, rec, due);
    recorder_put(t, ".");
  }
}

static void put_filled(struct text *t, const struct record *rec, uint32_t due) {
  if (due == DUE_EMULATE) {
    recorder_put(t, "The VMM resumed the guest at the same instruction, which it should have emulated.");
    return;
  }
  if (is_prot(due))
    recorder_put(t, "The VMM mended a protection fault itself: ");
  else
    recorder_put(t, "The VMM kept a trap to itself: ");
  put_tlb_reason(t, rec, due);
  recorder_put(
      t, ", so the guest's kernel should have seen %s%s; the VMM resumed the guest at the same instruction.",
      pg32_cause_name(due), due == CAUSE_STORE_PROT ? " (as for copy on write)" : "");
}

/* The VMM may take a guest kernel for an application. What it keeps as the virtual STATUS is its own word, by
 * the marks of the kernel below. */
static void put_privileged_reflected(struct text *t, const struct record *rec) {
  recorder_put(t, "though the virtual STATUS 0x%08x has U = 0: it should have emulated the instruction.",
               rec->virtual_status);
  if (rec->vmm_status & ST_U)
    recorder_put(t, " The VMM keeps 0x%08x, with U = 1: the mode was not flipped.", rec->vmm_status);
}

static void put_reflected(struct text *t, const struct record *rec, uint32_t due, uint32_t seen) {
  recorder_put(t, "The VMM passed the trap to the guest's kernel as %s, ", pg32_cause_name(seen));
  if (due == DUE_TRANSLATE)
    recorder_put(t, "though only the translation has trapped, and the guest has not.");
  else if (due == DUE_EMULATE && rec->trap.cause == CAUSE_PRIVILEGED)
    put_privileged_reflected(t, rec);
  else if (due == DUE_EMULATE)
    recorder_put(t, "though the address 0x%08x is that of a device: it should have emulated the access.",
                 rec->trap.badva);
  else
    recorder_put(t, "though the virtual machine allows the %s: it should have filled in the page.",
                 access_of(rec->trap.cause));
}

static void put_action(struct text *t, const struct record *rec, unsigned level) {
  const uint32_t due = rec->due[level];
  switch (rec->did[level]) {
  case VERDICT_EMULATE:
    if (due != DUE_FILL)
      put_emulated(t, rec, due);
    else
      recorder_put(
          t,
          "The VMM emulated an access that the virtual machine allows: it should have filled in the page.");
    return;
  case VERDICT_FILL: put_filled(t, rec, due); return;
  case VERDICT_REFLECT: put_reflected(t, rec, due, rec->seen[level]); return;
  default: recorder_put(t, "The VMM did something else than was due.");
  }
}

/* ---- right in kind, but wrong in a word ---- */

/* What was found at that level; NULL: it was found at two levels around already, and only those are kept. */
static const uint32_t *words_of(const struct record *rec, unsigned level) {
  for (unsigned i = 0; i < 2; i++)
    if (rec->wrong_level[i] == level) return rec->wrong_word[i];
  return NULL;
}

/* The TLB that the VMM of that level has filled, through the operating system below. */
static const char *tlb_around(unsigned level) {
  return level == 1 ? "the machine's TLB" : "the TLB of the VM around it";
}

static void put_more_rights(struct text *t, const uint32_t word[2], unsigned level) {
  const uint32_t hi = word[0], guest = hi >> WRONG_RIGHTS_SHIFT & TLB_RIGHTS;
  const uint32_t real = word[1], more = real & ~guest;
  recorder_put(t, "The shadow has%s%s%s, the guest's entry has not: for page 0x%05x, ASID %u %s has ",
               more & TLB_R ? " R" : "", more & TLB_W ? " W" : "", more & TLB_X ? " X" : "", hi >> PAGE_SHIFT,
               hi & TLB_ASID_MASK, tlb_around(level));
  put_rights(t, real);
  recorder_put(t, ", the guest's TLB has ");
  put_rights(t, guest);
  recorder_put(t, ".");
}

static void put_stale(struct text *t, const uint32_t word[2], unsigned level) {
  const uint32_t hi = word[0];
  recorder_put(t, "The guest runs on with a stale entry for page 0x%05x, ASID %u (", hi >> PAGE_SHIFT,
               hi & TLB_ASID_MASK);
  put_rights(t, word[1]);
  recorder_put(t, ") in %s: the guest's own TLB has none, and the VMM left it in the shadow.",
               tlb_around(level));
}

static void put_clock(struct text *t, const uint32_t word[2], const char *whose) {
  recorder_put(t,
               "The guest was shown %s: CLOCK_LO read %u, but only %u ticks have passed since its VM began.",
               whose, word[0], word[1]);
}

/* What shadow.c has found. */
static void put_found(struct text *t, const struct record *rec, unsigned level) {
  const uint32_t *word = words_of(rec, level);
  const bool clock = rec->wrong[level] == WRONG_CLOCK || rec->wrong[level] == WRONG_HOST_CLOCK;
  if (!word)
    recorder_put(t, clock ? "The guest was shown a clock that is not its own."
                          : "The shadow has more than the guest's TLB.");
  else if (rec->wrong[level] == WRONG_RIGHTS)
    put_more_rights(t, word, level);
  else if (rec->wrong[level] == WRONG_STALE)
    put_stale(t, word, level);
  else if (rec->wrong[level] == WRONG_CLOCK)
    put_clock(t, word, "a clock that is not its own");
  else
    put_clock(t, word, level == 1 ? "the host's clock" : "the clock of the VM around it");
}

static void put_word(struct text *t, const char *word, const char *what) {
  recorder_put(t,
               "The VMM passed a trap to the guest's kernel with another %s in the guest's low core than %s.",
               word, what);
}

/* Verdict OTHER: the VM goes on where none of the answers to this trap leads. */
static void put_other(struct text *t, const struct record *rec, unsigned level) {
  const uint32_t *word = words_of(rec, level), due = rec->due[level];
  recorder_put(t, "The VMM resumed the guest");
  if (word) recorder_put(t, " at 0x%08x,", word[0]);
  recorder_put(t, " as no correct VMM does after this trap");
  if (due == DUE_EMULATE)
    recorder_put(t, ": it should have emulated the instruction");
  else if (due == DUE_FILL)
    recorder_put(t, ": it should have filled in the page, and resumed the guest at the same instruction");
  else if (due == DUE_TRANSLATE)
    recorder_put(t, ": only the translation has trapped, and the guest was at 0x%08x", rec->trap.guest_pc);
  else if (due)
    recorder_put(t, ": the guest's kernel should have seen %s, at its vector", pg32_cause_name(due));
  recorder_put(t, ".");
}

const char *recorder_wrong_text(const struct record *rec, unsigned level, char *buf, size_t size) {
  struct text t = {buf, size};
  *buf = 0;
  if (rec->verdict[level] == VERDICT_OTHER) put_other(&t, rec, level);
  switch ((enum wrong)rec->wrong[level]) {
  case WRONG_ACTION: put_action(&t, rec, level); break;
  case WRONG_FILLED_BELOW:
    recorder_put(&t, "A layer below filled in the page for the VMM, where ");
    put_tlb_reason(&t, rec, rec->due[level]);
    recorder_put(&t, ": the shadow has more than the guest's TLB.");
    break;
  case WRONG_CAUSE:
    recorder_put(&t, "The VMM reported %s to the guest's kernel as %s: ", pg32_cause_name(rec->due[level]),
                 pg32_cause_name(rec->seen[level]));
    put_tlb_reason(&t, rec, rec->due[level]);
    recorder_put(&t, ".");
    break;
  case WRONG_STATUS: put_word(&t, "STATUS", "the virtual one"); break;
  case WRONG_TIMER: put_word(&t, "TIMER", "the virtual one"); break;
  case WRONG_BADVA: put_word(&t, "BADVA", "the address that trapped"); break;
  case WRONG_BADINST: put_word(&t, "BADINST", "the instruction that trapped"); break;
  case WRONG_INTERRUPTED:
    recorder_put(
        &t,
        "The VMM injected an interrupt that was not due: the virtual STATUS has IE = 0, or TIMER is not 0.");
    break;
  case WRONG_UNINTERRUPTED:
    recorder_put(
        &t,
        "The VMM injected no interrupt, though the virtual TIMER is 0 and the virtual STATUS has IE = 1.");
    break;
  case WRONG_RIGHTS:
  case WRONG_STALE:
  case WRONG_CLOCK:
  case WRONG_HOST_CLOCK: put_found(&t, rec, level); break;
  case WRONG_NOTHING:
  case WRONGS: break;
  }
  return buf;
}
