/* probe.c - a bare image that prints every fact of the machine that a program can read.
 *
 * On the bare machine and in a VM at any depth the lines must be the same: tests/bare.t compares them. The
 * lines that begin with "mfst" are those that pg32-leaky falsifies. */
#include <isa/platform.h>
#include <stdbool.h>

extern const volatile uint32_t notes[44]; /* probe-start.S says what they are; word 0 is x1 minus one word */
extern const uint8_t turns[], sleeps[], loads[], stores[], _end[];
extern volatile uint32_t page[PAGE_SIZE / 4];
extern volatile uint32_t attempted;

uint32_t attempt_lw(uint32_t address, uint32_t value), attempt_lh(uint32_t address, uint32_t value);
uint32_t attempt_lb(uint32_t address, uint32_t value), attempt_sw(uint32_t address, uint32_t value);
uint32_t attempt_sb(uint32_t address, uint32_t value), attempt_jalr(uint32_t address, uint32_t value);
uint32_t attempt_illegal(uint32_t address, uint32_t value), attempt_syscall(uint32_t address, uint32_t value);
uint32_t attempt_hcall(uint32_t address, uint32_t value), attempt_break(uint32_t address, uint32_t value);
void enter(uint32_t pc, uint32_t status, uint32_t timer, uint32_t address);

/* ---- words of memory and devices ---- */

static uint32_t load(uint32_t address) { return *(volatile uint32_t *)address; }
static void store(uint32_t address, uint32_t value) { *(volatile uint32_t *)address = value; }
/* A word of the low core; the compiler must not know that its address is near 0. */
static uint32_t low(uint32_t offset) {
  __asm__("" : "+r"(offset));
  return load(offset);
}

/* ---- output ---- */

static void put(char c) { store(DEV_CONSOLE + CONSOLE_DATA, (uint8_t)c); }

static void say(const char *text) {
  while (*text) put(*text++);
}

static void say_word(uint32_t word) {
  put(' ');
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[word >> shift & 15]);
}

static void line(const char *name, uint32_t word) {
  say(name);
  say_word(word);
  put('\n');
}

static uint32_t mix(uint32_t hash, uint32_t word) { return (hash ^ word) * 16777619u; }

static uint32_t hash_bytes(uint32_t at, uint32_t bytes) {
  uint32_t hash = 0;
  for (uint32_t i = 0; i < bytes; i++) hash = mix(hash, *(volatile uint8_t *)(at + i));
  return hash;
}

/* ---- the state at the first instruction ---- */

static void first_instruction(void) {
  uint32_t any = 0;
  for (int i = 1; i < 32; i++) any |= notes[i];
  line("registers", any);
  say("low core");
  for (int i = 32; i < 40; i++) say_word(notes[i]);
  put('\n');
  line("mfst", notes[40]);
  line("TIMER", notes[41]);
  line("tick", notes[42]);
  line("hash of RAM", notes[43]);
}

/* How many words of RAM are not zero that neither image nor initrd nor arguments explain? */
static void unused_memory(void) {
  uint32_t ram = load(DEV_FACTS + FACTS_RAM), words = 0;
  uint32_t initrd = load(DEV_FACTS + FACTS_INITRD), args = load(DEV_FACTS + FACTS_ARGS);
  uint32_t initrd_end = initrd + load(DEV_FACTS + FACTS_INITRD_SIZE);
  uint32_t args_end = args + load(DEV_FACTS + FACTS_ARGS_SIZE);
  for (uint32_t at = ((uint32_t)_end + 3) & ~3u; at < ram; at += 4) {
    bool explained = (at + 4 > initrd && at < initrd_end) || (at + 4 > args && at < args_end);
    if (!explained) words += load(at) != 0;
  }
  line("words of RAM not zero", words);
}

static void given(void) {
  uint32_t initrd = load(DEV_FACTS + FACTS_INITRD), args = load(DEV_FACTS + FACTS_ARGS);
  line("initrd", hash_bytes(initrd, load(DEV_FACTS + FACTS_INITRD_SIZE)));
  say("arguments ");
  for (uint32_t i = 0; i < load(DEV_FACTS + FACTS_ARGS_SIZE); i++) {
    char c = *(volatile char *)(args + i);
    put(c ? c : '|');
  }
  put('\n');
}

/* ---- the bus ---- */

/* Each word of a device's page is loaded, by word and in part. The facts' values are printed. */
static void device_loads(const char *name, uint32_t device, uint32_t from) {
  uint32_t hash = 0;
  say(name);
  for (uint32_t at = from; at < PAGE_SIZE; at += 4) {
    uint32_t cause = attempt_lw(device + at, 0);
    hash = mix(hash, cause);
    if (!cause) say_word(at), say_word(attempted);
    if (at < 0x40) hash = mix(mix(hash, attempt_lh(device + at, 0)), attempt_lb(device + at, 0));
  }
  line(", causes", hash);
}

static void device_stores(const char *name, uint32_t device, uint32_t from) {
  uint32_t hash = 0;
  for (uint32_t at = from; at < PAGE_SIZE; at += 4) {
    hash = mix(hash, attempt_sw(device + at, 0));
    if (at < 0x40) hash = mix(hash, attempt_sb(device + at, 0));
  }
  line(name, hash);
}

static void devices(void) {
  device_loads("facts", DEV_FACTS, 0);
  device_loads("clock", DEV_CLOCK, 0);
  device_loads("block", DEV_BLOCK, 0);
  device_loads("power", DEV_POWER, 0);
  device_loads("console", DEV_CONSOLE, CONSOLE_CTRL);
  device_stores("stores: facts", DEV_FACTS, 0);
  device_stores("stores: clock", DEV_CLOCK, 0);
  device_stores("stores: block", DEV_BLOCK, 0);
  device_stores("stores: power", DEV_POWER, POWER_OFF + 4);
  device_stores("stores: console", DEV_CONSOLE, CONSOLE_STATUS);
}

static void trapped(const char *name, uint32_t cause) {
  say(name);
  say_word(cause);
  for (uint32_t at = LC_PC; at <= LC_BADINST; at += 4) say_word(low(at));
  put('\n');
}

static void traps(void) {
  uint32_t ram = load(DEV_FACTS + FACTS_RAM);
  trapped("last word of RAM, load", attempt_lw(ram - 4, 0));
  trapped("first word beyond, load", attempt_lw(ram, 0));
  trapped("first word beyond, store", attempt_sw(ram, 0));
  trapped("first word beyond, fetch", attempt_jalr(ram, 0));
  trapped("behind the devices", attempt_lw(DEV_END, 0));
  trapped("before the devices", attempt_lw(DEV_BASE - 4, 0));
  trapped("last word of all", attempt_lw(0xFFFFFFFC, 0));
  trapped("a device, fetch", attempt_jalr(DEV_CLOCK, 0));
  trapped("misaligned load", attempt_lw(2, 0));
  trapped("misaligned store", attempt_sw(3, 0));
  trapped("misaligned jump", attempt_jalr(0x1002, 0));
  trapped("illegal", attempt_illegal(0, 0));
  trapped("syscall", attempt_syscall(0, 0));
  trapped("hcall", attempt_hcall(0, 0));
  trapped("break", attempt_break(0, 0));
}

/* ---- time ---- */

static void times(void) {
  uint32_t began = load(DEV_CLOCK + CLOCK_LO);
  enter((uint32_t)turns, ST_IE, 1000, 0);
  trapped("timer, kernel mode", load(DEV_CLOCK + CLOCK_LO) - began);
  enter((uint32_t)turns, ST_U | ST_IE, 1000, 0);
  trapped("timer, user mode", load(DEV_CLOCK + CLOCK_LO) - began);
  enter((uint32_t)sleeps, ST_IE, 12345, 0);
  trapped("wait", load(DEV_CLOCK + CLOCK_LO) - began);
  enter((uint32_t)sleeps, ST_U, 0, 0);
  trapped("wait, user mode", load(DEV_CLOCK + CLOCK_LO) - began);
  line("high word of the clock", load(DEV_CLOCK + CLOCK_HI));
}

/* ---- STATUS and the TLB ---- */

static void write_status(uint32_t status) { __asm__ volatile("mtst %0" : : "r"(status) : "memory"); }

static uint32_t read_status(void) {
  uint32_t status;
  __asm__ volatile("mfst %0" : "=r"(status));
  return status;
}

/* All bits but U, IE and T, of which those that exist stay. */
static void status_bits(void) {
  write_status(~(uint32_t)(ST_U | ST_IE | ST_T));
  line("mfst after mtst", read_status());
  write_status(0);
  line("mfst after that", read_status());
}

enum { SPACE = 5, FIRST = 0x40000000 }; /* the ASID, and where the pages are that nobody needs */

static void tlbw(uint32_t va, uint32_t asid, uint32_t lo) {
  __asm__ volatile("tlbw %0, %1" : : "r"(va | asid), "r"(lo) : "memory");
}

#define TLBI(va, asid, scope) __asm__ volatile("tlbi %0, %1" : : "r"((va) | (asid)), "i"(scope) : "memory")

/* Is the page in the TLB? Its entries grant nothing, so that a fetch traps with PROT if it is, with MISS if
 * not. */
static bool present(uint32_t va, uint32_t asid) {
  enter(va, ST_T | asid << ST_ASID_SHIFT, 0, 0);
  return low(LC_CAUSE) == CAUSE_FETCH_PROT;
}

/* Prints which of the pages are not there: their number, the first and the hash of all. */
static void absent(const char *name, uint32_t pages) {
  uint32_t count = 0, first = 0, hash = 0;
  for (uint32_t i = pages; i-- > 0;)
    if (!present(FIRST + i * PAGE_SIZE, SPACE + (i & 1))) count++, first = i, hash = mix(hash, i);
  say(name);
  say_word(count);
  say_word(first);
  line("", hash);
}

static void replacement(void) {
  uint32_t entries = load(DEV_FACTS + FACTS_TLB);
  for (uint32_t i = 0; i < entries + 1; i++) tlbw(FIRST + i * PAGE_SIZE, SPACE + (i & 1), 0);
  absent("one more than the TLB holds: absent", entries + 1);
  tlbw(FIRST + entries * PAGE_SIZE, SPACE + (entries & 1), 0x5000); /* in place: the pointer stays */
  tlbw(FIRST + (entries + 1) * PAGE_SIZE, SPACE + ((entries + 1) & 1), 0);
  absent("one in place and one more: absent", entries + 2);
  TLBI(FIRST + entries * PAGE_SIZE, SPACE + (entries & 1), TLBI_PAGE);
  absent("tlbi of a page: absent", entries + 2);
  tlbw(FIRST, SPACE, 0);
  absent("one into the pointer's place: absent", entries + 2);
  TLBI(0, SPACE + 1, TLBI_ASID);
  absent("tlbi of an address space: absent", entries + 2);
  TLBI(0, 0, TLBI_ALL);
  absent("tlbi of all: absent", entries + 2);
}

/* The cause of a fetch, a load and a store of a page with these rights, in user and in kernel mode. */
static void rights(void) {
  uint32_t code = (uint32_t)turns, offset_load = loads - turns, offset_store = stores - turns;
  for (uint32_t r = 0; r <= TLB_RIGHTS; r++) {
    uint32_t status = ST_T | SPACE << ST_ASID_SHIFT | (r & 1 ? ST_U : 0);
    tlbw(FIRST, SPACE, code | TLB_X | TLB_R);
    tlbw(FIRST + PAGE_SIZE, SPACE, (uint32_t)page | r);
    say("rights");
    say_word(r);
    enter(FIRST + PAGE_SIZE, status, 0, 0);
    say_word(low(LC_CAUSE));
    enter(FIRST + offset_load, status, 0, FIRST + PAGE_SIZE);
    say_word(low(LC_CAUSE));
    enter(FIRST + offset_store, status, 0, FIRST + PAGE_SIZE);
    say_word(low(LC_CAUSE));
    line("", low(LC_BADVA));
    TLBI(0, 0, TLBI_ALL);
  }
  tlbw(FIRST, SPACE, code | TLB_X);
  tlbw(FIRST + PAGE_SIZE, SPACE, load(DEV_FACTS + FACTS_RAM) | TLB_R);
  enter(FIRST + offset_load, ST_T | SPACE << ST_ASID_SHIFT, 0, FIRST + PAGE_SIZE);
  trapped("a frame beyond RAM", low(LC_CAUSE));
  tlbw(FIRST + PAGE_SIZE, SPACE, DEV_FACTS | TLB_R);
  enter(FIRST + offset_load, ST_T | ST_U | SPACE << ST_ASID_SHIFT, 0, FIRST + PAGE_SIZE);
  trapped("a device's frame", low(LC_CAUSE));
  TLBI(0, 0, TLBI_ALL);
}

/* ---- the disk, the console ---- */

static void command(const char *name, uint32_t sector, uint32_t address, uint32_t count, uint32_t cmd) {
  store(DEV_BLOCK + BLOCK_SECTOR, sector);
  store(DEV_BLOCK + BLOCK_ADDR, address);
  store(DEV_BLOCK + BLOCK_COUNT, count);
  store(DEV_BLOCK + BLOCK_CMD, cmd);
  say(name);
  for (uint32_t at = BLOCK_SECTOR; at <= BLOCK_COUNT; at += 4) say_word(load(DEV_BLOCK + at));
  say_word(load(DEV_BLOCK + BLOCK_STATUS));
  line(", memory", hash_bytes((uint32_t)page, PAGE_SIZE));
}

static void disk(void) {
  uint32_t sectors = load(DEV_BLOCK + BLOCK_SIZE);
  command("read the first sector", 0, (uint32_t)page, 1, BLOCK_READ);
  command("read the last", sectors - 1, (uint32_t)page + 512, 1, BLOCK_READ);
  command("read one beyond", sectors, (uint32_t)page, 1, BLOCK_READ);
  command("read none", 0, (uint32_t)page, 0, BLOCK_READ);
  command("read to a bad address", 0, (uint32_t)page + 2, 1, BLOCK_READ);
  command("read beyond RAM", 0, load(DEV_FACTS + FACTS_RAM) - 256, 1, BLOCK_READ);
  command("no command", 0, (uint32_t)page, 1, 7);
  page[0] = 0x6D726177;
  command("write the first sector", 0, (uint32_t)page, 1, BLOCK_WRITE);
}

/* When input comes is not the machine's to say; what comes is. */
static void console(void) {
  uint32_t status;
  do {
    while (!(status = load(DEV_CONSOLE + CONSOLE_STATUS)))
      ;
    say("console");
    say_word(status);
    line("", load(DEV_CONSOLE + CONSOLE_DATA));
  } while (status != CONSOLE_HANGUP);
  store(DEV_CONSOLE + CONSOLE_CTRL, ~0u);
  line("control", load(DEV_CONSOLE + CONSOLE_CTRL));
  enter((uint32_t)turns, ST_IE, 100, 0);
  trapped("device interrupt", 0);
  store(DEV_CONSOLE + CONSOLE_CTRL, 0);
}

int probe(void) {
  unused_memory();
  first_instruction();
  given();
  times();
  devices();
  traps();
  status_bits();
  replacement();
  rights();
  disk();
  console();
  return 42;
}
