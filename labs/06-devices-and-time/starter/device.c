/* device.c - the virtual devices: console, block device, clock, power, machine facts.
 *
 * Each device is a page of registers, each a word, as platform.h lists them. A load or store of a register
 * traps, because no memory of the VM is there, and device__access answers it. For input and output the
 * devices use ordinary system calls.
 *
 * Given are input and output, and the block device as an example of a device. TODO marks what you write. */
#include "vmm.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- console ---- */

enum {
  CONSOLE_WORDS = 4 * {seed.words : 4..15}
}; /* the register for several bytes, which only your console has */

/* Has the guest a byte to read? */
static bool waiting(const struct vconsole *c) { return c->head != c->tail; }

/* TODO: CONSOLE_RX while a byte is waiting; CONSOLE_HANGUP when none is waiting and none will ever come. */
static uint32_t console_status(const struct vconsole *c) {
  (void)c, (void)waiting;
  return 0;
}

bool device__room(const struct vm *vm) {
  return !vm->console.hung_up && vm->console.tail - vm->console.head < CONSOLE_BUFFER;
}

/* To call after each change of the console: does it ask for an interrupt now (TODO: vm->pending), and is
 * there room for more input? */
static void console_changed(struct vm *vm) {
  vm->pending = false;
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

/* TODO: what a load of CONSOLE_DATA answers. vm->console.data is a ring of bytes: [head, tail) have been
 * received and not read. The byte that is read goes: head moves on. */
static uint32_t next_byte(struct vm *vm) {
  (void)vm, (void)console_status;
  return UINT32_MAX;
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

/* TODO, here and in all the *_load and *_store functions below but the block device's. A *_load function sets
 * *value to what the register answers, and a *_store function changes the register. They return false if
 * there is no such register to load or to store. */
static bool console_load(struct vm *vm, uint32_t reg, uint32_t *value) {
  if (reg != CONSOLE_DATA) return false;
  *value = next_byte(vm);
  return true;
}

static bool console_store(struct vm *vm, uint32_t reg, uint32_t value) {
  if (reg != CONSOLE_DATA) return false;
  transmit(vm, value);
  return true;
}

/* ---- block device: given ---- */

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
  (void)vm, (void)reg, (void)value;
  return false;
}

static bool power_store(struct vm *vm, uint32_t reg, uint32_t value) {
  (void)vm, (void)reg, (void)value;
  return false;
}

bool device__fact(const struct vm *vm, uint32_t reg, uint32_t *value) {
  (void)vm, (void)reg, (void)value;
  return false;
}

/* ---- the bus: given ---- */

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

/* TODO: carries out the load or store that has trapped (vm->state->badinst), of guest-physical address gpa.
 * If there is such a register, the instruction has its effect and retires. If not, the guest gets bus_error,
 * a cause. */
void device__access(struct vm *vm, uint32_t gpa, uint32_t bus_error) {
  (void)gpa, (void)bus_error, (void)load, (void)store;
  vm__stop(vm, "device accesses are not emulated yet");
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
