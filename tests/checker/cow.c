/* cow.c - a kernel of another make, for the checker: it runs translated (and misses its own pages), has a
 * hashed page table, two tasks in two address spaces that run the same code at the same addresses, and copies
 * pages on write. It switches tasks inside system calls and at timer interrupts. It makes no `mark`. The
 * argument is the number of rounds. At any depth it must print the same, and power off with status 42. It needs a
 * TLB of 8 entries: with fewer it never gets on, on the bare machine either, because the kernel's own pages and the
 * task's drive each other out. */
#include <stdint.h>

#include "isa/platform.h"

#define TASKS 2
#define FIRST_ASID 77
#define DATA 0x50000000u
#define PAGES 8
#define STACK 0x60000000u
#define QUANTUM 1777
#define HASH 64

struct frame {
  uint32_t x[32], pc, status, timer, cause, badva;
};

struct mapping { /* hi: page and ASID; 0 = none */
  uint32_t hi, lo;
};

extern char task_code[], task_code_end[];
void resume(struct frame *frame);
void write_tlb(uint32_t hi, uint32_t lo);
void forget_asid(uint32_t asid);
struct frame *trap(struct frame *frame);

static struct frame tasks[TASKS];
static int done[TASKS], alive = TASKS;
static struct mapping table[HASH];
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

static struct mapping *find(uint32_t hi) {
  uint32_t at = ((hi >> PAGE_SHIFT) * 7 + hi) % HASH;
  while (table[at].hi && table[at].hi != hi) at = (at + 1) % HASH;
  return &table[at];
}

static void off(uint32_t status) { *reg(DEV_POWER, POWER_OFF) = status; }

static void crash(const struct frame *f) {
  put("cow: cause ");
  put_number(f->cause);
  put("\n");
  off(1);
}

static uint32_t frame_of(const void *page) { return (uint32_t)(uintptr_t)page; }

/* What a page holds that has no entry in the table yet. */
static uint32_t first_mapping(const struct frame *f, int task) {
  const uint32_t page = f->badva & TLB_VPN_MASK;
  if (page >= frame_of(task_code) && page < frame_of(task_code_end)) return page | TLB_R | TLB_X;
  if (page >= DATA && page < DATA + PAGES * PAGE_SIZE)
    return frame_of(original[(page - DATA) >> PAGE_SHIFT]) | TLB_R;
  if (page == STACK - PAGE_SIZE) return frame_of(copies[task][PAGES]) | TLB_R | TLB_W;
  return 0;
}

/* A new mapping is only entered into the table; the next miss loads it. */
static void miss(const struct frame *f, int task) {
  const uint32_t hi = (f->badva & TLB_VPN_MASK) | (uint32_t)(FIRST_ASID + task);
  struct mapping *m = find(hi);
  if (m->hi) {
    write_tlb(m->hi, m->lo);
    return;
  }
  *m = (struct mapping){hi, first_mapping(f, task)};
  if (!m->lo) crash(f);
}

static void copy_on_write(const struct frame *f, int task) {
  struct mapping *m = find((f->badva & TLB_VPN_MASK) | (uint32_t)(FIRST_ASID + task));
  uint32_t *to = (uint32_t *)copies[task][((m->hi - DATA) >> PAGE_SHIFT) % PAGES];
  const uint32_t *from = (const uint32_t *)(uintptr_t)(m->lo & TLB_PFN_MASK);
  for (int i = 0; i < 8; i++) to[i] = from[i];
  m->lo = frame_of(to) | TLB_R | TLB_W;
  write_tlb(m->hi, m->lo);
}

/* All data pages of the task are the originals again, and may only be read. */
static void share(int task) {
  for (uint32_t i = 0; i < PAGES; i++) {
    struct mapping *m = find((DATA + i * PAGE_SIZE) | (uint32_t)(FIRST_ASID + task));
    if (m->hi) m->lo = frame_of(original[i]) | TLB_R;
  }
  forget_asid((uint32_t)(FIRST_ASID + task));
}

static struct frame *other(int task) {
  const int next = (task + 1) % TASKS;
  return done[next] ? &tasks[task] : &tasks[next];
}

static struct frame *ended(int task, uint32_t sum) {
  put("cow: the sum is ");
  put_number(sum);
  put("\n");
  done[task] = 1;
  if (--alive == 0) off(42);
  return other(task);
}

static struct frame *call(struct frame *f, int task) {
  switch (f->x[17]) {
  case 0: return ended(task, f->x[10]);
  case 2: return other(task);
  case 3: share(task); return f;
  default: crash(f); return f;
  }
}

struct frame *trap(struct frame *f) {
  const int task = (int)(f - tasks);
  switch (f->cause) {
  case CAUSE_TIMER: f->timer = QUANTUM; return other(task);
  case CAUSE_SYSCALL: return call(f, task);
  case CAUSE_FETCH_MISS:
  case CAUSE_LOAD_MISS:
  case CAUSE_STORE_MISS: miss(f, task); return f;
  case CAUSE_STORE_PROT: copy_on_write(f, task); return f;
  default: crash(f); return f;
  }
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
  for (int i = 0; i < TASKS; i++) {
    tasks[i].pc = frame_of(task_code);
    tasks[i].status = ST_U | ST_IE | ST_T | (uint32_t)(FIRST_ASID + i) << ST_ASID_SHIFT;
    tasks[i].timer = QUANTUM;
    tasks[i].x[2] = STACK;
    tasks[i].x[9] = n;
    tasks[i].x[10] = (uint32_t)i + 1;
  }
  resume(&tasks[0]);
}
