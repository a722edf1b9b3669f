/* way.c - into the cache, and out of it.
 *
 * To the core we behave as vm_run does (vmm.h, struct way): it tells us the guest's state, and we tell it the
 * guest's state and what the guest did, in the guest's own addresses and instructions. In between, while the guest's
 * kernel runs, the state page holds the cache's addresses, and perhaps many units are entered and chained. */
#include "translate.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct translator *translator;

/* ---- the guest's user code runs directly, without option `user` ---- */

static int run_user(struct translator *t) {
  struct vm_state *s = t->vm->state;
  uint32_t space = s->space;
  if (space == 0) s->space = VM_MAPPED;
  int result = vm_run(t->vm->id);
  s->space = space;
  if (result == 0 && s->reason == VM_TRAP && trace__store(t)) {
    s->retired++;
    s->reason = VM_BUDGET; /* nothing that the core must deal with */
  }
  return result;
}

/* ---- translated code: which unit ---- */

/* Can the guest fetch its next instruction? If so, *pa is where it is. */
static bool fetch(const struct translator *t, uint32_t *pa) {
  struct vm *vm = t->vm;
  const struct vm_state *s = vm->state;
  *pa = s->pc;
  if (s->pc & 3) return false;
  if (s->vstatus & ST_T) {
    const struct vtlb_entry *e = vtlb__find(&vm->tlb, (s->pc & TLB_VPN_MASK) | vm__asid(vm));
    if (!e || !(e->lo & TLB_X)) return false;
    *pa = (e->lo & TLB_PFN_MASK) | (s->pc & (PAGE_SIZE - 1));
  }
  return *pa < vm->ram_bytes;
}

/* It cannot: the CPU finds out why. (The window is not in this space.) */
static void fail_to_fetch(struct translator *t) {
  struct vm_state *s = t->vm->state;
  uint32_t space = s->space;
  if (space == 0) s->space = VM_MAPPED;
  s->budget = 1, s->events = 0;
  trace__strip(t);
  if (vm_run(t->vm->id) != 0) die("vm_run", strerror(errno));
  s->space = space;
}

/* ---- into the cache ---- */

static const uint8_t ours[] = {COUNT, A, B, C};

static void enter(struct translator *t, const struct unit *u) {
  struct vm *vm = t->vm;
  struct vm_state *s = vm->state;
  for (unsigned i = 0; i < sizeof ours; i++) t->data->guest_copy[ours[i]] = s->x[ours[i]];
  t->data->status = s->vstatus;
  t->data->on = s->vstatus | ST_IE;
  t->data->off = s->vstatus & ~ST_IE;
  t->data->mask = ST_MASK;
  t->data->due = vm->timer == 0 || vm->pending;
  s->x[COUNT] = 0;
  s->pc = VM_WINDOW_START + 4 * u->start;
  s->space |= VM_WINDOW;
  if (s->nops && (s->vstatus & ST_T)) s->space |= VM_FRESH;
  s->vstatus |= VM_TRANSLATED;
}

/* ---- out of it ---- */

/* The place of a word; NULL: it is a word of the hash or the miss. */
static const struct place *place_of(const struct translator *t, uint32_t pc) {
  uint32_t word = (pc - VM_WINDOW_START) / 4;
  return word < t->words ? &t->place[word] : NULL;
}

static bool retired_first(const struct vm_state *s) {
  return s->cause == CAUSE_SYSCALL || s->cause == CAUSE_HCALL || s->cause == CAUSE_BREAK;
}

static uint32_t guest_word(const struct translator *t, const struct place *p) {
  uint32_t word;
  memcpy(&word, t->vm->ram + t->unit[p->unit].pa + 4 * p->insn, sizeof word);
  return word;
}

/* What out() found at the word where the cache was left. */
struct left {
  int debt;      /* there */
  int exit;      /* the exit to chain; NONE */
  bool indirect; /* an indirect jump has not found its unit */
  bool again;    /* no concern of the core's: go on in the cache */
};

static void set_trap(struct vm_state *s, uint32_t cause, uint32_t badva, uint32_t badinst) {
  s->cause = cause, s->badva = badva, s->badinst = badinst;
}

/* The guest has jumped to the address in A, for which the hash has no unit. B tells where it jumped. */
static struct left at_miss(struct translator *t) {
  struct vm_state *s = t->vm->state;
  if (!(s->x[A] & 2)) {
    s->pc = s->x[A];
    return (struct left){.debt = -1, .exit = NONE, .indirect = true, .again = true};
  }
  const struct place *p = place_of(t, s->x[B] - 4); /* it entered the slot in the middle */
  s->pc = t->unit[p->unit].pc + 4 * p->insn;
  set_trap(s, CAUSE_FETCH_MISALIGNED, s->x[A], guest_word(t, p));
  return (struct left){.debt = -2, .exit = NONE};
}

static bool is_memory(uint32_t cause) { return cause >= CAUSE_LOAD_MISALIGNED; }

/* At a word 0 that stands for an instruction: the trap that the guest gets, or the access that the VMM makes. */
static void set_guest_trap(struct translator *t, const struct place *p) {
  struct vm_state *s = t->vm->state;
  uint32_t word = guest_word(t, p), badva = 0;
  if (p->cause == CAUSE_FETCH_MISALIGNED) badva = s->x[A];
  if (is_memory(p->cause)) badva = (uint32_t)((int32_t)(word << 17) >> 17); /* base x0 */
  set_trap(s, p->cause, badva, word);
}

/* The guest's PC from the cache's, and why it was left. */
static struct left at_word(struct translator *t) {
  struct vm_state *s = t->vm->state;
  bool trap = s->reason == VM_TRAP, behind = trap && retired_first(s);
  const struct place *p = place_of(t, s->pc - 4 * behind);
  if (!p) return at_miss(t);
  struct left left = {.debt = p->debt, .exit = NONE};
  s->pc = t->unit[p->unit].pc + 4 * p->insn + 4 * behind;
  if (!trap || behind) return left;
  if (s->cause != CAUSE_ILLEGAL) {
    s->badinst = guest_word(t, p); /* a fault of the guest's own load or store */
  } else if (p->exit != NONE) {
    const struct exit *e = &t->exit[p->exit];
    s->pc = e->pc;
    left = (struct left){.debt = e->debt, .exit = p->exit, .again = true};
  } else if (p->cause == CODE_CHANGED) {
    left.again = true;
    cache__drop(t, s->pc, 4, DROP_CHANGED);
    adapt__page(t, s->pc, true);
  } else {
    set_guest_trap(t, p);
  }
  return left;
}

/* Makes the state page the guest's again. Returns what was found; *insns: the guest's instructions since enter(), in
 * which `words` words were executed. */
static struct left out(struct translator *t, uint32_t words, uint32_t *insns) {
  struct vm *vm = t->vm;
  struct vm_state *s = vm->state;
  struct left left = at_word(t);
  *insns = words - s->x[COUNT] - left.debt;
  for (unsigned i = 0; i < sizeof ours; i++) s->x[ours[i]] = t->data->guest_copy[ours[i]];
  vm__set_status(vm, t->data->status);
  posts__do(t);
  if (s->reason != VM_TRAP || left.again) return left;
  if (!trace__store(t) && !trace__window_access(t)) {
    if (!(s->vstatus & (ST_T | ST_U))) adapt__exit(t, s->pc, s->badinst, is_memory(s->cause) ? s->badva : 0);
    return left;
  }
  ++*insns;
  left.again = true;
  return left;
}

/* Lets the cache run until a trap, or until the guest's state is whole again. Returns the words executed. */
static uint32_t run_words(struct translator *t) {
  struct vm_state *s = t->vm->state;
  uint32_t words = 0;
  trace__strip(t);
  for (;;) {
    if (vm_run(t->vm->id) != 0) die("vm_run", strerror(errno));
    words += s->retired;
    s->space &= ~VM_FRESH;
    const struct place *p = place_of(t, s->pc);
    if (s->reason == VM_TRAP || (p && p->boundary)) return words;
    s->budget = 1, s->events = 0;
  }
}

/* ---- the loop ---- */

/* Input must be heard of sooner or later, although the core did not want it at once. */
enum { DEAF = 10000 };

static int run_translated(struct translator *t) {
  struct vm *vm = t->vm;
  struct vm_state *s = vm->state;
  uint32_t limit = vm->timer ? vm->timer : UINT32_MAX, done = 0, insns, pa, flushes = 0;
  struct left left = {.exit = NONE};
  if (!s->events && limit > DEAF) limit = DEAF;
  for (;;) {
    uint32_t key = status_key(s->vstatus);
    if (s->nops) cache__forget_mapped(t);
    if (key_hash(key) == 2 && key != t->shared_key) cache__share_hash(t, key);
    if (option__flush_now(t)) cache__empty(t);
    if (!fetch(t, &pa)) {
      fail_to_fetch(t);
      break;
    }
    int unit = cache__unit(t, s->pc, pa, key);
    if (flushes == t->flushes && left.exit != NONE) cache__chain(t, left.exit, unit);
    if (flushes == t->flushes && left.indirect) cache__fill_slot(t, unit);
    enter(t, &t->unit[unit]);
    s->budget = limit - done;
    uint32_t words = run_words(t);
    left = out(t, words, &insns);
    done += insns;
    flushes = t->flushes;
    if (!left.again) break;
    s->reason = VM_BUDGET;
    if (done >= limit) break;
    if (done) s->events = vm->events;
  }
  s->retired = done;
  return 0;
}

static int run(int id) {
  struct translator *t = translator;
  (void)id;
  if (t->map[0] & 1)
    cache__drop(t, 0, LC_VECTOR, DROP_TRAP); /* the VMM writes the low core when it reflects */
  if (!(t->vm->state->vstatus & ST_U) || t->users) return run_translated(t);
  trace__strip(t);
  return run_user(t);
}

/* ---- the beginning ---- */

static void *zero_pages(uint32_t bytes) {
  uint32_t at = (uint32_t)sbrk(0), pad = -at & (PAGE_SIZE - 1);
  if (sbrk(pad + bytes) == (void *)-1) die("--way translate", "not enough memory");
  return (void *)(at + pad);
}

static void start(struct vm *vm) {
  if (!(vm->state->cpu & CPU_FEATURE_L))
    die("--way translate", "this CPU has no feature L, which keeps the guest out of the translator's data");
  struct translator *t = translator = zero_pages(sizeof *t);
  uint8_t *pages = zero_pages(VM_WINDOW_BYTES);
  t->vm = vm;
  t->cache = (uint32_t *)pages;
  t->hash = (uint32_t *)(pages + CACHE_BYTES);
  t->data = (struct data *)(pages + VM_WINDOW_BYTES - PAGE_SIZE);
  option__apply(t);
  t->map = zero_pages((vm->ram_bytes / PAGE_SIZE + 7) / 8);
  if (vm_window(vm->id, pages, t->map) != 0) die("vm_window", strerror(errno));
  cache__empty(t);
}

static void written(uint32_t pa, uint32_t bytes) { cache__drop(translator, pa, bytes, DROP_DISK); }

const struct way translate_way = {
    .name = "translate", .option = option__take, .start = start, .run = run, .written = written};
