/* device.h - console, clock and disk of the machine, by their registers (isa/MANUAL.md). The kernel for a guest that
 * knows that it is one has para/device.h in this file's place. */
#ifndef DEVICE_H
#define DEVICE_H

#include "isa/platform.h"

static inline uint32_t dev_load(uint32_t addr) { return *(volatile uint32_t *)addr; }
static inline void dev_store(uint32_t addr, uint32_t v) { *(volatile uint32_t *)addr = v; }

static inline void console_send(uint8_t byte) { dev_store(DEV_CONSOLE + CONSOLE_DATA, byte); }
static inline uint8_t console_receive(void) { return dev_load(DEV_CONSOLE + CONSOLE_DATA); }
static inline uint32_t console_status(void) { return dev_load(DEV_CONSOLE + CONSOLE_STATUS); }
static inline void console_interrupts(bool on) {
  dev_store(DEV_CONSOLE + CONSOLE_CTRL, on ? CONSOLE_RX_IE : 0);
}

static inline uint64_t clock_tick(void) {
  uint32_t low = dev_load(DEV_CLOCK + CLOCK_LO);
  return (uint64_t)dev_load(DEV_CLOCK + CLOCK_HI) << 32 | low;
}

enum { DISK_PIECE = PAGE_SIZE }; /* bytes that one command moves at most */
/* Carries out BLOCK_READ or BLOCK_WRITE of sectors at a physical address. Returns BLOCK_... */
static inline uint32_t disk_command(uint32_t which, uint32_t sector, uint32_t address, uint32_t sectors) {
  dev_store(DEV_BLOCK + BLOCK_SECTOR, sector);
  dev_store(DEV_BLOCK + BLOCK_ADDR, address);
  dev_store(DEV_BLOCK + BLOCK_COUNT, sectors);
  dev_store(DEV_BLOCK + BLOCK_CMD, which);
  return dev_load(DEV_BLOCK + BLOCK_STATUS);
}

#endif
