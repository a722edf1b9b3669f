/* device.c - the virtual devices: the reference.
 *
 * Each device is a page of registers, each a word, as platform.h lists them. A load or store of a register
 * traps, because no memory of the VM is there, and device__access answers it. For input and output the
 * devices use ordinary system calls. */
#include "vmm.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- console ---- */

enum {
  CONSOLE_WORDS = 4 * {seed.words : 4..15}
}; /* the register for several bytes, of this student's console */

/* Has the guest a byte to read? */
static bool waiting(const struct vconsole *c) { return c->head != c->tail; }

static uint32_t console_status(const struct vconsole *c) {
  return waiting(c) ? CONSOLE_RX : c->hung_up ? CONSOLE_HANGUP : 0;
}

bool device__room(const struct vm *vm) {
  return !vm->console.hung_up && vm->console.tail - vm->console.head < CONSOLE_BUFFER;
}

/* To call after each change of the console: does it ask for an interrupt now, and is there room for more
 * input? */
static void console_changed(struct vm *vm) {
  vm->pending = (vm->console.ctrl & CONSOLE_RX_IE) && console_status(&vm->console);
  vm->events = device__room(vm) ? EVENT_INPUT : 0;
}

/* Tells the recorder of the run that a byte (256: the hang-up) arrives at this tick of the guest's. */
static void mark_input(const struct vm *vm, uint32_t byte) {
  uint32_t high = vm->tick >> 32 << 16;
  __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_INPUT), "r"(byte | high), "r"((uint32_t)vm->tick));
}

void device__receive(struct vm *vm) {
  struct vconsole *c = &vm->console;
  uint8_t in[CONSOLE_BUFFER];
  int n = read(STDIN_FILENO, in, CONSOLE_BUFFER - (c->tail - c->head));
  if (n <= 0) {
    c->hung_up = true;
    mark_input(vm, 256);
  }
  for (int i = 0; i < n; i++) {
    c->data[c->tail++ % CONSOLE_BUFFER] = in[i];
    mark_input(vm, in[i]);
  }
  console_changed(vm);
}

/* What a load of CONSOLE_DATA answers. */
static uint32_t next_byte(struct vm *vm) {
  struct vconsole *c = &vm->console;
  if (!waiting(c)) return UINT32_MAX;
  uint32_t byte = c->data[c->head++ % CONSOLE_BUFFER];
  console_changed(vm);
  return byte;
}

void device__flush(struct vm *vm) {
  struct vline *l = &vm->console.out;
  char line[LINE_BUFFER + 32];
  if (l->n == 0) return;
  int n = snprintf(line, sizeof line, "%s%s%.*s", l->open ? "" : l->name, l->open ? "" : "| ", (int)l->n,
                   l->text);
  write(STDOUT_FILENO, line, n);
  l->open = l->text[l->n - 1] != '\n';
  l->n = 0;
}

/* What a store to CONSOLE_DATA does. */
static void transmit(struct vm *vm, uint8_t byte) {
  struct vline *l = &vm->console.out;
  if (!l->name) {
    write(STDOUT_FILENO, &byte, 1);
    return;
  }
  l->text[l->n++] = byte;
  if (byte == '\n' || l->n == LINE_BUFFER) device__flush(vm);
}

/* What a load of CONSOLE_WORDS answers: up to three bytes, and above them how many. */
static uint32_t next_bytes(struct vm *vm) {
  uint32_t word = 0, n = 0;
  for (; n < 3 && waiting(&vm->console); n++) word |= next_byte(vm) << 8 * n;
  return word | n << 24;
}

/* What a store to CONSOLE_WORDS does. */
static void transmit_word(struct vm *vm, uint32_t word) {
  for (; word & 0xFF; word >>= 8) transmit(vm, word);
}

/* The *_load functions below set *value to what the register answers, and the *_store functions change the
 * register. They return false if there is no such register to load or to store. */
static bool console_load(struct vm *vm, uint32_t reg, uint32_t *value) {
  const struct vconsole *c = &vm->console;
  switch (reg) {
  case CONSOLE_DATA: *value = next_byte(vm); return true;
  case CONSOLE_WORDS: *value = next_bytes(vm); return true;
  case CONSOLE_STATUS: *value = console_status(c); return true;
  case CONSOLE_CTRL: *value = c->ctrl; return true;
  default: return false;
  }
}

static bool console_store(struct vm *vm, uint32_t reg, uint32_t value) {
  switch (reg) {
  case CONSOLE_DATA: transmit(vm, value); return true;
  case CONSOLE_WORDS: transmit_word(vm, value); return true;
  case CONSOLE_CTRL:
    vm->console.ctrl = value & CONSOLE_RX_IE;
    console_changed(vm);
    return true;
  default: return false;
  }
}

/* ---- block device ---- */

/* Carries out a command. Returns the status. */
static uint32_t transfer(struct vm *vm, uint32_t command) {
  struct vblock *b = &vm->block;
  uint32_t bytes = b->count * BLOCK_SECTOR_BYTES;
  if (command != BLOCK_READ && command != BLOCK_WRITE) return BLOCK_BAD_CMD;
  if (b->sector > b->sectors || b->count > b->sectors - b->sector) return BLOCK_BAD_SECTOR;
  if ((b->addr & 3) || b->addr > vm->ram_bytes || bytes > vm->ram_bytes - b->addr) return BLOCK_BAD_ADDR;
  if (bytes == 0) return BLOCK_OK;
  lseek(b->fd, b->sector * BLOCK_SECTOR_BYTES, SEEK_SET);
  uint8_t *at = vm->ram + b->addr;
  int n = command == BLOCK_READ ? read(b->fd, at, bytes) : write(b->fd, at, bytes);
  return n == (int)bytes ? BLOCK_OK : BLOCK_BAD_SECTOR;
}

static bool block_load(struct vm *vm, uint32_t reg, uint32_t *value) {
  const struct vblock *b = &vm->block;
  switch (reg) {
  case BLOCK_SECTOR: *value = b->sector; return true;
  case BLOCK_ADDR: *value = b->addr; return true;
  case BLOCK_COUNT: *value = b->count; return true;
  case BLOCK_STATUS: *value = b->status; return true;
  case BLOCK_SIZE: *value = b->sectors; return true;
  default: return false;
  }
}

static bool block_store(struct vm *vm, uint32_t reg, uint32_t value) {
  struct vblock *b = &vm->block;
  switch (reg) {
  case BLOCK_SECTOR: b->sector = value; return true;
  case BLOCK_ADDR: b->addr = value; return true;
  case BLOCK_COUNT: b->count = value; return true;
  case BLOCK_CMD: b->status = transfer(vm, value); return true;
  default: return false;
  }
}

/* ---- clock, power, facts ---- */

static bool clock_load(struct vm *vm, uint32_t reg, uint32_t *value) {
  switch (reg) {
  case CLOCK_LO: *value = vm->tick; return true;
  case CLOCK_HI: *value = vm->tick >> 32; return true;
  default: return false;
  }
}

static bool power_store(struct vm *vm, uint32_t reg, uint32_t value) {
  if (reg != POWER_OFF) return false;
  vm->exit_status = value & 0xFF;
  return vm->off = true;
}

bool device__fact(const struct vm *vm, uint32_t reg, uint32_t *value) {
  switch (reg) {
  case FACTS_RAM: *value = vm->ram_bytes; return true;
  case FACTS_TLB: *value = vm->tlb.entries; return true;
  case FACTS_INITRD: *value = vm->initrd; return true;
  case FACTS_INITRD_SIZE: *value = vm->initrd_bytes; return true;
  case FACTS_ARGS: *value = vm->args; return true;
  case FACTS_ARGS_SIZE: *value = vm->args_bytes; return true;
  case FACTS_HZ: *value = vm->hz; return true;
  case FACTS_CPU: *value = vm->state->cpu; return true;
  default: return false;
  }
}

/* ---- the bus ---- */

static bool load(struct vm *vm, uint32_t gpa, uint32_t *value) {
  uint32_t reg = gpa & (PAGE_SIZE - 1);
  switch (gpa & TLB_PFN_MASK) {
  case DEV_CONSOLE: return console_load(vm, reg, value);
  case DEV_BLOCK: return block_load(vm, reg, value);
  case DEV_CLOCK: return clock_load(vm, reg, value);
  case DEV_FACTS: return device__fact(vm, reg, value);
  default: return false;
  }
}

static bool store(struct vm *vm, uint32_t gpa, uint32_t value) {
  uint32_t reg = gpa & (PAGE_SIZE - 1);
  switch (gpa & TLB_PFN_MASK) {
  case DEV_CONSOLE: return console_store(vm, reg, value);
  case DEV_BLOCK: return block_store(vm, reg, value);
  case DEV_POWER: return power_store(vm, reg, value);
  default: return false;
  }
}

/* Carries out the load or store of a register; false: bus error. Only whole words can be accessed. */
static bool answered(struct vm *vm, uint32_t gpa, uint32_t insn) {
  uint32_t value;
  if (insn_op(insn) == PG32_OP_sw) return store(vm, gpa, vm->state->x[insn_rd(insn)]);
  if (insn_op(insn) != PG32_OP_lw || !load(vm, gpa, &value)) return false;
  vm__set_register(vm, insn_rd(insn), value);
  return true;
}

void device__access(struct vm *vm, uint32_t gpa, uint32_t bus_error) {
  struct vm_state *s = vm->state;
  if (!answered(vm, gpa, s->badinst)) {
    vm__reflect(vm, bus_error, s->badva, s->badinst);
    return;
  }
  vm__retire(vm);
}

void device__init(struct vm *vm) {
  struct stat st = {0};
  vm->block.fd = open("/dev/disk", O_RDWR);
  if (vm->block.fd >= 0 && fstat(vm->block.fd, &st) == 0) vm->block.sectors = st.st_size / BLOCK_SECTOR_BYTES;
  struct pg32_sysinfo info;
  sysinfo(&info);
  vm->hz = info.hz;
  console_mode(CONSOLE_RAW); /* the guest's kernel edits lines itself */
  console_changed(vm);
}
