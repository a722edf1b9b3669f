/* courier.c - a kernel of another make, for the checker: it has more tasks than address-space identifiers.
 *
 * It runs translated, in an ASID of its own, and misses its own pages. Six tasks share three ASIDs: a task that has
 * none takes one away from another task, whose entries are invalidated. So a task may go on in another ASID than it
 * trapped in, and another task may then wait at the same address in its old ASID. Its page table is hashed by task
 * and page. Tasks send each other messages that wait in the kernel; one receives by making its call again. The
 * console's driver is a task. One task has upcalls: the kernel lets it go on elsewhere, and later where it was.
 * Pages are copied on write. It makes no `mark`. The argument is the number of rounds. At any depth it must print
 * the same, and power off with status 42. It needs a TLB of 6 entries: with 4 it never gets on, on the
 * bare machine either, because its own pages and the task's drive each other out. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/platform.h"

#define TASKS 6
#define DRIVER 0
#define SLEEPER 5
#define ASIDS_FOR_TASKS 3
#define FIRST_ASID 200
#define DATA 0x50000000u
#define PAGES 4
#define CONSOLE 0x30000000u
#define STACK 0x60000000u
#define QUANTUM 1777
#define UPCALL_EVERY 3 /* times that the sleeper goes on */
#define LETTERS 8
#define BUCKETS 16
#define MAPPINGS 64

struct frame {
  uint32_t x[32], pc, status, timer, cause, badva;
};

struct task {
  struct frame frame, interrupted;
  uint32_t number, upcall, turns;
  bool waits, done, in_upcall;
  struct {
    uint32_t from, value;
  } letter[LETTERS];
  uint32_t letters;
};

struct mapping {
  struct mapping *next;
  uint32_t task, page, lo;
};

extern char driver[], worker[], sleeper[], tasks_end[];
void resume(struct task *task);
void write_tlb(uint32_t hi, uint32_t lo);
void forget_asid(uint32_t asid);
struct task *trap(struct task *task);

static struct task tasks[TASKS];
static struct task *owner[ASIDS_FOR_TASKS]; /* of an ASID */
static uint32_t taken;                      /* ASIDs that have been taken away so far */
static struct mapping pool[MAPPINGS], *bucket[BUCKETS];
static uint32_t mappings;
static char original[PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static char copies[TASKS][PAGES + 1][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static volatile uint32_t *reg(uint32_t device, uint32_t offset) {
  return (volatile uint32_t *)(uintptr_t)(device + offset);
}

static void put(const char *text) {
  while (*text) *reg(DEV_CONSOLE, CONSOLE_DATA) = (uint32_t)*text++;
}

static void put_number(uint32_t n) {
  if (n >= 10) put_number(n / 10);
  *reg(DEV_CONSOLE, CONSOLE_DATA) = '0' + n % 10;
}

static void off(uint32_t status) { *reg(DEV_POWER, POWER_OFF) = status; }

static void crash(const char *why, const struct task *t) {
  put("courier: ");
  put(why);
  put(", task ");
  put_number(t->number);
  put(", cause ");
  put_number(t->frame.cause);
  put("\n");
  off(1);
}

static uint32_t frame_of(const void *page) { return (uint32_t)(uintptr_t)page; }

/* ---- the page table ---- */

static struct mapping **chain(uint32_t task, uint32_t page) {
  return &bucket[((page >> PAGE_SHIFT) * 5 + task) % BUCKETS];
}

static struct mapping *find(uint32_t task, uint32_t page) {
  struct mapping *m = *chain(task, page);
  while (m && (m->task != task || m->page != page)) m = m->next;
  return m;
}

static struct mapping *map(uint32_t task, uint32_t page, uint32_t lo) {
  struct mapping *m = &pool[mappings++], **at = chain(task, page);
  *m = (struct mapping){*at, task, page, lo};
  *at = m;
  return m;
}

/* ---- address spaces ---- */

static uint32_t asid_of(struct task *t) {
  for (uint32_t i = 0; i < ASIDS_FOR_TASKS; i++)
    if (owner[i] == t) return FIRST_ASID + i;
  const uint32_t i = taken++ % ASIDS_FOR_TASKS;
  owner[i] = t;
  forget_asid(FIRST_ASID + i);
  return FIRST_ASID + i;
}

static uint32_t first_mapping(const struct task *t, uint32_t page) {
  if (page >= frame_of(driver) && page < frame_of(tasks_end)) return page | TLB_R | TLB_X;
  if (page >= DATA && page < DATA + PAGES * PAGE_SIZE)
    return frame_of(original[(page - DATA) >> PAGE_SHIFT]) | TLB_R;
  if (page == STACK - PAGE_SIZE) return frame_of(copies[t->number][PAGES]) | TLB_R | TLB_W;
  if (page == CONSOLE && t->number == DRIVER) return DEV_CONSOLE | TLB_W;
  return 0;
}

/* A page of data is entered into the table by the first miss, and loaded by the next; any other page at once. */
static void miss(struct task *t) {
  const uint32_t page = t->frame.badva & TLB_VPN_MASK;
  struct mapping *m = find(t->number, page);
  if (!m) {
    m = map(t->number, page, first_mapping(t, page));
    if (!m->lo) crash("no such page", t);
    if (page >= DATA && page < STACK - PAGE_SIZE) return;
  }
  write_tlb(page | asid_of(t), m->lo);
}

static void copy_on_write(struct task *t) {
  const uint32_t page = t->frame.badva & TLB_VPN_MASK;
  struct mapping *m = find(t->number, page);
  uint32_t *to = (uint32_t *)copies[t->number][((page - DATA) >> PAGE_SHIFT) % PAGES];
  const uint32_t *from = (const uint32_t *)(uintptr_t)(m->lo & TLB_PFN_MASK);
  for (int i = 0; i < 8; i++) to[i] = from[i];
  m->lo = frame_of(to) | TLB_R | TLB_W;
  write_tlb(page | asid_of(t), m->lo);
}

static void share(struct task *t) {
  for (uint32_t i = 0; i < PAGES; i++) {
    struct mapping *m = find(t->number, DATA + i * PAGE_SIZE);
    if (m) m->lo = frame_of(original[i]) | TLB_R;
  }
  forget_asid(asid_of(t));
}

/* ---- who goes on ---- */

static struct task *next(const struct task *t) {
  for (uint32_t i = 1; i <= TASKS; i++) {
    struct task *other = &tasks[(t->number + i) % TASKS];
    if (!other->done && !other->waits) return other;
  }
  crash("all wait", t);
  return NULL;
}

/* The sleeper goes on elsewhere now and then. */
static void maybe_upcall(struct task *t) {
  if (!t->upcall || t->in_upcall || ++t->turns % UPCALL_EVERY) return;
  t->in_upcall = true;
  t->interrupted = t->frame;
  t->frame.pc = t->upcall;
}

static struct task *go_on(struct task *t) {
  maybe_upcall(t);
  t->frame.status = ST_U | ST_IE | ST_T | asid_of(t) << ST_ASID_SHIFT;
  return t;
}

/* ---- messages ---- */

static void deliver(struct task *t) {
  t->frame.x[10] = t->letter[0].from;
  t->frame.x[11] = t->letter[0].value;
  for (uint32_t i = 1; i < t->letters; i++) t->letter[i - 1] = t->letter[i];
  t->letters--;
}

static void send(const struct task *from, uint32_t number, uint32_t value) {
  struct task *to = &tasks[number % TASKS];
  if (to->letters == LETTERS) crash("a full box", to);
  to->letter[to->letters].from = from->number;
  to->letter[to->letters++].value = value;
  if (to->waits && to->number % 2 == 0) deliver(to); /* the others make their call again */
  to->waits = false;
}

static struct task *receive(struct task *t) {
  if (t->letters) {
    deliver(t);
    return t;
  }
  t->waits = true;
  if (t->number % 2) t->frame.pc -= 4;
  return next(t);
}

/* ---- traps ---- */

static struct task *ended(struct task *t, uint32_t sum) {
  static uint32_t alive = TASKS;
  put("courier: task ");
  put_number(t->number);
  put(" has ");
  put_number(sum);
  put("\n");
  t->done = true;
  if (--alive == 1) send(t, DRIVER, 0);
  if (alive == 0) off(42);
  return next(t);
}

static struct task *call(struct task *t) {
  switch (t->frame.x[17]) {
  case 0: return ended(t, t->frame.x[10]);
  case 1: send(t, t->frame.x[10], t->frame.x[11]); return t;
  case 2: return receive(t);
  case 3: return next(t);
  case 4: share(t); return t;
  case 5: t->upcall = t->frame.x[10]; return t;
  case 6:
    t->in_upcall = false;
    t->frame = t->interrupted;
    return t;
  default: crash("no such call", t); return t;
  }
}

struct task *trap(struct task *t) {
  switch (t->frame.cause) {
  case CAUSE_TIMER: t->frame.timer = QUANTUM; return go_on(next(t));
  case CAUSE_SYSCALL: return go_on(call(t));
  case CAUSE_FETCH_MISS:
  case CAUSE_LOAD_MISS:
  case CAUSE_STORE_MISS: miss(t); break;
  case CAUSE_STORE_PROT: copy_on_write(t); break;
  default: crash("what is that", t);
  }
  return t;
}

static uint32_t rounds(void) {
  const char *text = (const char *)(uintptr_t)*reg(DEV_FACTS, FACTS_ARGS);
  uint32_t n = 0;
  for (; *reg(DEV_FACTS, FACTS_ARGS_SIZE) && *text >= '0' && *text <= '9'; text++)
    n = n * 10 + (uint32_t)(*text - '0');
  return n ? n : 2;
}

void main(void) {
  const uint32_t n = rounds();
  for (int i = 0; i < PAGES; i++) *(uint32_t *)original[i] = (uint32_t)i + 1;
  for (uint32_t i = 0; i < TASKS; i++) {
    struct task *t = &tasks[i];
    t->number = i;
    t->frame.pc = frame_of(i == DRIVER ? driver : i == SLEEPER ? sleeper : worker);
    t->frame.timer = QUANTUM;
    t->frame.x[2] = STACK;
    t->frame.x[9] = n;
    t->frame.x[10] = i;
  }
  resume(go_on(&tasks[0]));
}
