/* device.h - console, clock and disk of a guest that knows that it is one: rings and words of the page that it shares
 * with its hypervisor (isa/para.h). What is rare, facts and power, it asks the VMM for by the registers, which trap. */
#ifndef PARA_DEVICE_H
#define PARA_DEVICE_H

#include "isa/para.h"

static struct para_page *const para = 0;

static inline uint32_t dev_load(uint32_t addr) { return *(volatile uint32_t *)addr; }
static inline void dev_store(uint32_t addr, uint32_t v) { *(volatile uint32_t *)addr = v; }

static inline int32_t hypercall(uint32_t number, uint32_t argument) {
  register uint32_t a7 __asm__("a7") = number;
  register uint32_t a0 __asm__("a0") = argument;
  __asm__ volatile("hcall" : "+r"(a0) : "r"(a7) : "memory");
  return a0;
}

/* The byte goes out with the next IRET; when the ring is full, at once. */
static inline void console_send(uint8_t byte) {
  if (para->out_tail - para->out_head == PARA_OUT_BYTES) hypercall(HCALL_KICK, 0);
  para->out[para->out_tail % PARA_OUT_BYTES] = byte;
  para->out_tail++;
  para->kick = 1;
}

/* Is there a byte to receive, or the end? If not, there is nothing that should interrupt us. The VMM may act between any
 * two of our instructions. So the pending word is cleared before the look, and what comes later sets it again; and the
 * end, which comes behind the bytes, is looked for before them. */
static inline uint32_t console_status(void) {
  para->pending = 0;
  uint32_t end = para->in_state & PARA_IN_END;
  uint32_t status = para->in_head != para->in_tail ? CONSOLE_RX : end ? CONSOLE_HANGUP : 0;
  if (status) para->pending = PARA_INPUT;
  return status;
}

static inline uint8_t console_receive(void) {
  uint8_t byte = para->in[para->in_head % PARA_IN_BYTES];
  para->in_head++;
  if (para->in_state & PARA_IN_FULL) para->kick = 1;
  return byte;
}

static inline void console_interrupts(bool on) { para->enabled = on ? PARA_INPUT : 0; }
static inline uint64_t clock_tick(void) { return para->tick; }

enum { DISK_PIECE = 65536 }; /* bytes that one command moves at most: an exit for each */
/* Carries out BLOCK_READ or BLOCK_WRITE of sectors at a physical address. Returns BLOCK_... */
static inline uint32_t disk_command(uint32_t which, uint32_t sector, uint32_t address, uint32_t sectors) {
  volatile struct para_block *b = &para->block[0];
  b->command = which;
  b->sector = sector;
  b->count = sectors;
  b->addr = address;
  para->blocks = 1;
  hypercall(HCALL_KICK, 0);
  return b->command;
}

#endif
