/* unit_rows.c - a unit as text: the guest's instructions on the left, the words that stand for them on the right. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "translation.h"

#define GUEST_COLUMNS 28
#define CACHE_COLUMNS 24 /* behind the address */
#define DATA_PAGE (0u - PAGE_SIZE)
#define NO_WORD UINT32_MAX

/* ---- rows ---- */

__attribute__((format(printf, 4, 5))) static void add(struct unit_rows *rows, enum unit_row_kind kind,
                                                      uint32_t word, const char *format, ...) {
  if ((rows->n & (rows->n - 1)) == 0)
    rows->row = must(realloc(rows->row, (rows->n ? 2 * rows->n : 1) * sizeof *rows->row));
  struct unit_row *r = &rows->row[rows->n++];
  va_list ap;
  r->kind = kind, r->word = word;
  va_start(ap, format);
  vsnprintf(r->text, sizeof r->text, format, ap);
  va_end(ap);
}

static uint32_t address_of(uint32_t word) { return VM_WINDOW_START + 4 * word; }

/* "0x00001d98 trap_miss" */
static const char *guest_address(const struct translation *t, uint32_t pc, char *buf, size_t size) {
  char symbol[100];
  image_symbol(image_of(t->d, t->guest), pc, symbol, sizeof symbol);
  snprintf(buf, size, "0x%08x%s%s", pc, *symbol ? " " : "", symbol);
  return buf;
}

static const char *key_words(uint32_t key, char *buf, size_t size) {
  snprintf(buf, size, "interrupts %s%s", key & ST_IE ? "on" : "off", key & ST_T ? ", translated" : "");
  return buf;
}

/* ---- what a word is about ---- */

/* A load or store of the translator's data. */
static bool note_data(const struct translation *t, struct pg32_insn i, char *buf, size_t size) {
  const uint32_t offset = (uint32_t)i.imm - DATA_PAGE;
  const bool access = i.id == PG32_lw || i.id == PG32_sw;
  if (!access || i.rs1 != 0 || (uint32_t)i.imm < DATA_PAGE) return false;
  if (offset == CLAIM_STATUS) return snprintf(buf, size, "STATUS"), true;
  for (size_t w = 0; w < TRANSLATION_DATA_WORDS; w++)
    if (offset == t->data[w]) return snprintf(buf, size, "%s", translation_data_word[w][1]), true;
  for (unsigned r = 1; r < 32; r++)
    if (CLAIM_OURS >> r & 1 && offset == CLAIM_REGISTER(r))
      return snprintf(buf, size, "guest's %s", pg32_register_name(r)), true;
  return false;
}

static void note_exit(const struct translated_exit *e, bool stub, char *buf, size_t size) {
  if (stub && e->to >= 0)
    snprintf(buf, size, "unused stub");
  else if (e->to >= 0)
    snprintf(buf, size, "-> unit %d", e->to);
  else if (stub || e->word == e->stub)
    snprintf(buf, size, "-> VMM, to 0x%x", e->pc);
  else
    snprintf(buf, size, "-> stub");
}

static bool note_exits(const struct translation *t, const struct translated_unit *u, uint32_t word, char *buf,
                       size_t size) {
  for (uint32_t i = u->exit; i < u->exit + u->exits; i++) {
    const struct translated_exit *e = &t->exit[i];
    if (e->word != word && e->stub != word) continue;
    return note_exit(e, e->word != word, buf, size), true;
  }
  return false;
}

/* Counts the words that are no instructions of the guest: the register is the first of the translator's own. */
static bool is_count(struct pg32_insn i) {
  return i.id == PG32_addi && i.rd == i.rs1 && CLAIM_OURS >> i.rd & 1 && !(CLAIM_OURS & ((1u << i.rd) - 1));
}

/* What the VMM does at a word 0: an instruction's trap, or (CODE_CHANGED of translate.h) a check has failed. */
static const char *trap_words(uint32_t cause) {
  return cause == 0xFE ? "code changed" : pg32_cause_name(cause);
}

/* A branch within the unit: to a word 0 that is no exit, or to a callout, which stands behind the last instruction. */
static bool note_branch(const struct translation *t, const struct translated_unit *u, uint32_t word,
                        struct pg32_insn i, char *buf, size_t size) {
  const uint32_t to = word + (uint32_t)i.imm / 4;
  const bool branch = i.id >= PG32_beq && i.id <= PG32_bgeu;
  if (!branch || to < u->start || to >= u->end || t->word[to].exit >= 0) return false;
  if (!t->word[to].word) return snprintf(buf, size, "-> VMM: %s", trap_words(t->word[to].cause)), true;
  return to > word + 2 && snprintf(buf, size, "-> callout") > 0;
}

/* The call of a routine that takes a post; the word behind it is the guest's, for the VMM. */
static bool is_post(struct pg32_insn i) { return i.id == PG32_jalr && i.rd == i.rs1 && i.imm == 0; }

/* "" if there is nothing to say. */
static const char *note(const struct translation *t, const struct translated_unit *u, uint32_t word,
                        char *buf, size_t size) {
  const struct translated_word *w = &t->word[word];
  const struct pg32_insn i = pg32_decode(w->word);
  *buf = 0;
  if (note_data(t, i, buf, size) || note_exits(t, u, word, buf, size) ||
      note_branch(t, u, word, i, buf, size))
    return buf;
  if (word > u->start && is_post(pg32_decode(t->word[word - 1].word)))
    snprintf(buf, size, "for the VMM, at the next exit");
  else if (is_post(i))
    snprintf(buf, size, "post");
  else if (!w->word)
    snprintf(buf, size, "-> VMM: %s", trap_words(w->cause));
  else if (is_count(i))
    snprintf(buf, size, "count %d", i.imm);
  else if (i.id == PG32_jalr)
    snprintf(buf, size, "-> hash");
  return buf;
}

/* ---- one unit ---- */

/* The instruction, without the blanks that align its operands. */
static void disassemble(char *buf, size_t size, uint32_t word, uint32_t pc) {
  char text[100];
  pg32_disassemble(text, sizeof text, word, pc);
  const size_t name = strcspn(text, " ");
  if (word)
    snprintf(buf, size, "%.*s%s%s", (int)name, text, text[name] ? " " : "",
             text + name + strspn(text + name, " "));
  else
    snprintf(buf, size, ".word 0");
}

static bool is_stub(const struct translation *t, uint32_t word) {
  const int32_t exit = t->word[word].exit;
  return exit >= 0 && (uint32_t)exit < t->exits && t->exit[exit].word != word;
}

/* The words of one instruction: [first, last]. */
static uint32_t last_of(const struct translation *t, const struct translated_unit *u, uint32_t first) {
  uint32_t last = first;
  while (last + 1 < u->end && t->word[last + 1].insn == t->word[first].insn && !is_stub(t, last + 1)) last++;
  return last;
}

static void word_row(const struct translation *t, const struct translated_unit *u, enum unit_row_kind kind,
                     uint32_t word, const char *guest, struct unit_rows *rows) {
  char text[100], about[80];
  static const char marks[] = {[UNIT_SAME] = '=', [UNIT_OTHER] = '*', [UNIT_STUB] = '+'};
  disassemble(text, sizeof text, t->word[word].word, address_of(word));
  note(t, u, word, about, sizeof about);
  add(rows, kind, word, "%-*s %c %08x %-*s%s%s", GUEST_COLUMNS, guest, marks[kind], address_of(word),
      *about ? CACHE_COLUMNS : 0, text, *about ? " " : "", about);
}

/* Rows of the instruction that the words from `first` on stand for; returns the first word behind them. */
static uint32_t insn_rows(const struct translation *t, int unit, uint32_t first, struct unit_rows *rows) {
  const struct translated_unit *u = &t->unit[unit];
  const uint32_t insn = t->word[first].insn, last = last_of(t, u, first), pc = u->pc + 4 * insn;
  char text[100], guest[120];
  uint32_t word = 0;
  if (translation_guest_word(t, unit, insn, &word))
    disassemble(text, sizeof text, word, pc);
  else
    snprintf(text, sizeof text, "?");
  snprintf(guest, sizeof guest, "%06x %s", pc, text);
  const bool same = first == last && t->word[first].word == word;
  for (uint32_t w = first; w <= last; w++)
    word_row(t, u, same ? UNIT_SAME : UNIT_OTHER, w, w == first ? guest : "", rows);
  return last + 1;
}

/* Which units lead here. */
static void reached_row(const struct translation *t, int unit, struct unit_rows *rows) {
  char text[160] = "";
  size_t used = 0;
  for (uint32_t i = 0; i < t->exits && used < 90; i++)
    if (t->exit[i].to == unit)
      used +=
          (size_t)snprintf(text + used, sizeof text - used, "%sunit %u", used ? ", " : "", t->exit[i].unit);
  if (used >= 90) used += (size_t)snprintf(text + used, sizeof text - used, ", ...");
  if (translation_in_hash(t, unit)) snprintf(text + used, sizeof text - used, "%sthe hash", used ? ", " : "");
  add(rows, UNIT_HEAD, NO_WORD, "  reached from: %s", *text ? text : "the VMM alone");
}

const char *unit_title(const struct translation *t, int unit, char *buf, size_t size) {
  const struct translated_unit *u = &t->unit[unit];
  char address[160], key[60];
  snprintf(buf, size, "unit %d: %s, %s: %u instruction%s in %u words%s", unit,
           guest_address(t, u->pc, address, sizeof address), key_words(u->key, key, sizeof key), u->insns,
           u->insns == 1 ? "" : "s", u->end - u->start, u->live ? "" : "; dropped");
  return buf;
}

void unit_rows(const struct translation *t, int unit, struct unit_rows *rows) {
  const struct translated_unit *u = &t->unit[unit];
  char text[200];
  add(rows, UNIT_HEAD, NO_WORD, "%s", unit_title(t, unit, text, sizeof text));
  if (!u->live)
    add(rows, UNIT_HEAD, NO_WORD, "  dropped: %s; on the left, the code as it is now",
        translation_drop(t, unit, text, sizeof text));
  else
    reached_row(t, unit, rows);
  if (translation_traced(t, u->pa))
    add(rows, UNIT_HEAD, NO_WORD, "  memory trace: stores to the guest's page 0x%05x trap",
        u->pa / PAGE_SIZE);
  uint32_t w = u->start;
  for (uint32_t insn = 0; w < u->end && t->word[w].insn == insn && insn < u->insns; insn++)
    w = insn_rows(t, unit, w, rows);
  for (; w < u->end; w++) word_row(t, u, UNIT_STUB, w, "", rows);
}

uint32_t unit_same(const struct translation *t, int unit) {
  const struct translated_unit *u = &t->unit[unit];
  uint32_t same = 0, word;
  for (uint32_t w = u->start; w < u->end && t->word[w].insn < u->insns; w = last_of(t, u, w) + 1)
    same += last_of(t, u, w) == w && translation_guest_word(t, unit, t->word[w].insn, &word) &&
            word == t->word[w].word;
  return same;
}
