/* translation.c - reads a translator's tables in its VMM's memory, by the names that vmm/translate/translate.h gives
 * their members. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "translation.h"

/* ---- which VMM ---- */

/* The last lane of a VM that ran until now. */
static bool last_guest(struct debug *d, uint32_t *lane) {
  const struct place p = model_place(d);
  if (p.who.depth) return *lane = p.lane, true;
  for (uint64_t n = index_before(d, p.position + 1); (n = index_last(d, n, 1 << RECORD_RESUME)); n--) {
    const uint32_t to = index_note(d, n).to;
    if (d->lanes[to].depth) return *lane = to, true;
  }
  return false;
}

/* The process of the layer below whose system call, vm_run, let the lane run last. */
static bool vmm_of(struct debug *d, uint32_t lane, uint32_t *vmm) {
  bool resumed = false;
  for (uint64_t n = index_before(d, model_position(d) + 1); n; n--) {
    const struct note note = index_note(d, n);
    if (note.kind == NO_NOTE) continue;
    const struct lane *from = &d->lanes[note.from];
    resumed |= note.kind == RECORD_RESUME && note.to == lane;
    if (resumed && note.kind == RECORD_TRAP && note.cause == CAUSE_SYSCALL && from->kind == LANE_PROCESS &&
        from->depth + 1 == d->lanes[lane].depth)
      return *vmm = note.from, true;
  }
  return false;
}

/* The kernel of the VM that the lane belongs to; the lane itself if that is not known. */
static uint32_t kernel_of(const struct debug *d, uint32_t lane) {
  const char *name = d->lanes[lane].name;
  const size_t vm = strcspn(name, " /");
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (d->lanes[i].kind == LANE_KERNEL && strcspn(d->lanes[i].name, " /") == vm &&
        strncmp(d->lanes[i].name, name, vm) == 0)
      return i;
  return lane;
}

/* ---- tables ---- */

/* What an expression that begins with the VMM's `translator` is: the address of a place, or else its value. */
static bool value_of(const struct translation *t, const char *format, const char *member, uint32_t *value) {
  char text[200], place[120], error[256];
  struct eval_memory m;
  snprintf(place, sizeof place, "'%s'::translator%s", t->vmm, member);
  snprintf(text, sizeof text, format, place);
  return eval_memory(t->d, text, &m, error, sizeof error) && (*value = m.address, true);
}

static bool read_bytes(const struct translation *t, uint32_t address, void *bytes, size_t n) {
  struct eval e = {.d = t->d};
  return eval_read(&e, t->status, address, bytes, n) == n;
}

struct table { /* an array of structures */
  uint32_t n, stride;
  uint8_t *bytes;
  const char *name;
};

static bool read_table(const struct translation *t, const char *name, uint32_t n, struct table *table) {
  char first[40];
  uint32_t address;
  *table = (struct table){.n = n, .name = name};
  snprintf(first, sizeof first, "->%s[0]", name);
  if (!value_of(t, "&%s", first, &address) || !value_of(t, "sizeof %s", first, &table->stride)) return false;
  const size_t size = (size_t)n * table->stride;
  table->bytes = must(malloc(size + 1));
  return read_bytes(t, address, table->bytes, size);
}

struct member {
  uint32_t offset, size;
};

static bool find_member(const struct translation *t, const struct table *table, const char *name,
                        struct member *m) {
  char first[40], text[80];
  uint32_t base, address;
  snprintf(first, sizeof first, "->%s[0]", table->name);
  snprintf(text, sizeof text, "%s.%s", first, name);
  if (!value_of(t, "&%s", first, &base) || !value_of(t, "&%s", text, &address) ||
      !value_of(t, "sizeof %s", text, &m->size) || m->size > 4)
    return false;
  return m->offset = address - base, true;
}

static uint32_t get(const struct table *table, uint32_t i, struct member m) {
  uint32_t value = 0;
  memcpy(&value, table->bytes + (size_t)i * table->stride + m.offset, m.size);
  return value;
}

static int32_t get_signed(const struct table *table, uint32_t i, struct member m) {
  const unsigned shift = 32 - 8 * m.size;
  return (int32_t)(get(table, i, m) << shift) >> shift;
}

/* ---- the three tables ---- */

/* Finds members by their names, each of which stands for the structure's member `m.NAME`. */
#define MEMBER(name) find_member(t, &table, #name, &m.name)

static bool read_units(struct translation *t) {
  struct table table;
  struct {
    struct member pc, pa, key, insns, start, exit, exits, live, dropped_by, dropped_at;
  } m;
  const bool ok = read_table(t, "unit", t->units, &table) && MEMBER(pc) && MEMBER(pa) && MEMBER(key) &&
                  MEMBER(insns) && MEMBER(start) && MEMBER(exit) && MEMBER(exits) && MEMBER(live) &&
                  MEMBER(dropped_by) && MEMBER(dropped_at);
  t->unit = must(calloc(t->units + 1, sizeof *t->unit));
  for (uint32_t i = 0; ok && i < t->units; i++) {
    t->unit[i] = (struct translated_unit){
        .pc = get(&table, i, m.pc),
        .pa = get(&table, i, m.pa),
        .key = get(&table, i, m.key),
        .insns = get(&table, i, m.insns),
        .start = get(&table, i, m.start),
        .end = i + 1 < t->units ? get(&table, i + 1, m.start) : t->words,
        .exit = get(&table, i, m.exit),
        .exits = get(&table, i, m.exits),
        .live = get(&table, i, m.live),
        .dropped_by = get(&table, i, m.dropped_by),
        .dropped_at = get(&table, i, m.dropped_at),
    };
    struct translated_unit *u = &t->unit[i];
    if (u->end > t->words || u->start > u->end) u->start = u->end = t->words; /* it is being made */
    if (u->exit > t->exits || u->exits > t->exits - u->exit) u->exit = u->exits = 0;
  }
  free(table.bytes);
  return ok;
}

static bool read_exits(struct translation *t) {
  struct table table;
  struct {
    struct member pc, key, unit, word, stub, to;
  } m;
  const bool ok = read_table(t, "exit", t->exits, &table) && MEMBER(pc) && MEMBER(key) && MEMBER(unit) &&
                  MEMBER(word) && MEMBER(stub) && MEMBER(to);
  t->exit = must(calloc(t->exits + 1, sizeof *t->exit));
  for (uint32_t i = 0; ok && i < t->exits; i++) {
    t->exit[i] = (struct translated_exit){.pc = get(&table, i, m.pc),
                                          .key = get(&table, i, m.key),
                                          .unit = get(&table, i, m.unit),
                                          .word = get(&table, i, m.word),
                                          .stub = get(&table, i, m.stub),
                                          .to = get_signed(&table, i, m.to)};
    if (t->exit[i].to >= (int32_t)t->units) t->exit[i].to = -1;
  }
  free(table.bytes);
  return ok;
}

static bool read_words(struct translation *t) {
  struct table table;
  struct {
    struct member unit, insn, cause, exit;
  } m;
  uint32_t cache;
  const bool ok = read_table(t, "place", t->words, &table) && MEMBER(unit) && MEMBER(insn) && MEMBER(cause) &&
                  MEMBER(exit) && value_of(t, "%s", "->cache", &cache);
  t->word = must(calloc(t->words + 1, sizeof *t->word));
  uint32_t *words = must(calloc(t->words + 1, sizeof *words));
  const bool known = ok && read_bytes(t, cache, words, 4 * (size_t)t->words);
  for (uint32_t i = 0; known && i < t->words; i++)
    t->word[i] = (struct translated_word){.word = words[i],
                                          .unit = get(&table, i, m.unit),
                                          .insn = get(&table, i, m.insn),
                                          .cause = get(&table, i, m.cause),
                                          .exit = get_signed(&table, i, m.exit)};
  free(words);
  free(table.bytes);
  return known;
}

static bool read_owners(struct translation *t) {
  uint32_t size, address;
  if (!value_of(t, "&%s[0][0]", "->owner", &address) || !value_of(t, "sizeof %s", "->owner", &size))
    return false;
  t->slots = size / sizeof *t->owner;
  t->owner = must(malloc(size + 1));
  return read_bytes(t, address, t->owner, size);
}

static bool read_number(const struct translation *t, const char *member, uint32_t most, uint32_t *value) {
  uint32_t address;
  return value_of(t, "&%s", member, &address) && read_bytes(t, address, value, sizeof *value) &&
         *value <= most;
}

const char *const translation_data_word[TRANSLATION_DATA_WORDS][2] = {
    {"due", "interrupt due?"},  {"on", "STATUS with IE"},     {"off", "STATUS without IE"},
    {"mask", "bits of STATUS"}, {"room", "room for a post?"},
};

static bool read_data_words(struct translation *t) {
  uint32_t page, address;
  if (!value_of(t, "%s", "->data", &page)) return false;
  for (size_t i = 0; i < TRANSLATION_DATA_WORDS; i++) {
    char member[40];
    snprintf(member, sizeof member, "->data->%s", translation_data_word[i][0]);
    if (!value_of(t, "&%s", member, &address)) return false;
    t->data[i] = address - page;
  }
  return true;
}

static bool read_all(struct translation *t) {
  if (!read_number(t, "->units", 1u << 20, &t->units) || !read_number(t, "->exits", 1u << 20, &t->exits) ||
      !read_number(t, "->words", VM_WINDOW_BYTES / 4, &t->words) ||
      !read_number(t, "->flushes", UINT32_MAX, &t->flushes) || !value_of(t, "%s", "->vm->ram", &t->ram) ||
      !value_of(t, "%s", "->map", &t->map))
    return false;
  return read_data_words(t) && read_units(t) && read_exits(t) && read_words(t) && read_owners(t);
}

bool translation_read(struct debug *d, struct translation *t) {
  uint32_t guest, vmm, translator;
  *t = (struct translation){.d = d};
  if (!last_guest(d, &guest)) return fail(d, "No VM has run yet.");
  if (!vmm_of(d, guest, &vmm))
    return fail(d, "It is not known which VMM runs %s.", model_lane_name(d, guest));
  snprintf(t->vmm, sizeof t->vmm, "%s", model_lane_name(d, vmm));
  t->guest = kernel_of(d, guest);
  if (!value_of(t, "%s", "", &translator) || !eval_lane_status(d, vmm, &t->status))
    return fail(d,
                "%s has no translator that is known here: it needs a variable `translator`, as "
                "vmm/translate has, and debug information.",
                t->vmm);
  if (!translator)
    return fail(d, "%s does not translate. Run it with `--cpu pg32-leaky --way translate`.", t->vmm);
  return read_all(t) ||
         fail(d, "%s: the members of its `translator` are not those of vmm/translate.", t->vmm);
}

void translation_free(struct translation *t) {
  free(t->unit);
  free(t->exit);
  free(t->word);
  free(t->owner);
  *t = (struct translation){.d = t->d};
}

/* ---- questions ---- */

int translation_unit_at(const struct translation *t, uint32_t address) {
  const uint32_t word = (address - VM_WINDOW_START) / 4;
  if (address < VM_WINDOW_START || word >= t->words || t->word[word].unit >= t->units) return -1;
  return (int)t->word[word].unit;
}

int translation_unit_of(const struct translation *t, uint32_t pc, int from, bool live) {
  for (uint32_t i = (uint32_t)from; i < t->units; i++) {
    const struct translated_unit *u = &t->unit[i];
    if (pc - u->pc < 4 * u->insns && (u->live || !live)) return (int)i;
  }
  return -1;
}

bool translation_guest_word(const struct translation *t, int unit, uint32_t insn, uint32_t *word) {
  return read_bytes(t, t->ram + t->unit[unit].pa + 4 * insn, word, sizeof *word);
}

bool translation_traced(const struct translation *t, uint32_t pa) {
  uint8_t byte;
  const uint32_t page = pa / PAGE_SIZE;
  return read_bytes(t, t->map + page / 8, &byte, 1) && byte >> page % 8 & 1;
}

bool translation_in_hash(const struct translation *t, int unit) {
  for (uint32_t i = 0; i < t->slots; i++)
    if (t->owner[i] == unit) return true;
  return false;
}

const char *translation_drop(const struct translation *t, int unit, char *buf, size_t size) {
  const struct translated_unit *u = &t->unit[unit];
  char text[120], *name = NULL, by[40] = "";
  size_t length;
  FILE *f = must(open_memstream(&name, &length));
  snprintf(text, sizeof text, "'%s'::translator->unit[%d].dropped", t->vmm, unit);
  if (!eval_print(t->d, text, 0, f)) fputs("?", f);
  fclose(f);
  if (strstr(name, "DROP_STORE")) {
    snprintf(by, sizeof by, "the guest's store at 0x%08x", u->dropped_by);
    snprintf(buf, size, "%s wrote to 0x%08x", by, u->dropped_at);
  } else if (strstr(name, "DROP_DISK")) {
    snprintf(buf, size, "the block device wrote to 0x%08x", u->dropped_at);
  } else if (strstr(name, "DROP_TRAP")) {
    snprintf(buf, size, "a trap of the guest wrote the low core, where the unit's code was");
  } else if (strstr(name, "DROP_CALLOUT")) {
    snprintf(buf, size, "the instruction at 0x%08x left the cache often, and got a callout", u->dropped_at);
  } else if (strstr(name, "DROP_PLAIN")) {
    snprintf(buf, size, "the callout at 0x%08x did not help any more", u->dropped_at);
  } else if (strstr(name, "DROP_CHECKED")) {
    snprintf(buf, size, "its page was stored to often, and lost its memory trace");
  } else if (strstr(name, "DROP_TRACED")) {
    snprintf(buf, size, "its page's code changed often, and got a memory trace again");
  } else if (strstr(name, "DROP_CHANGED")) {
    snprintf(buf, size, "a check found that the code at 0x%08x had changed", u->dropped_at);
  } else {
    snprintf(buf, size, "%s", name);
  }
  free(name);
  return buf;
}
