/* tlb.c - the TLB of a guest that knows that it is one. It asks the hypervisor, by a queue (isa/para.h): what stands
 * in the queue is done before a process runs again, for IRET carries it out. So nothing here traps, but for a full
 * queue. Which entries the hypervisor still has is its own affair: there is no mirror, and a slot is always 0. */
#include "guestos/kernel.h"

int32_t para_start(void); /* start.S: HCALL_START; ENOSYS if nobody answers it */

/* Without a hypervisor this kernel cannot go on: nothing in it enters the TLB. The registers of the console and of
 * power are there everywhere. */
static void complain(const char *s) {
  while (*s) dev_store(DEV_CONSOLE + CONSOLE_DATA, *s++);
  dev_store(DEV_POWER + POWER_OFF, PARA_NEEDED);
}

static void must(int32_t result) {
  if (result < 0) panic("tlb: the hypervisor refuses");
}

static void queue(uint32_t hi, uint32_t lo) {
  if (para->nops == PARA_OPS_MAX) must(hypercall(HCALL_FLUSH, 0));
  volatile struct para_op *op = &para->op[para->nops++];
  op->hi = hi;
  op->lo = lo;
}

void tlb_init(void) {
  if (para_start() == 0) return;
  complain("This kernel knows that it is a guest, and needs a hypervisor: trapeze run --way para\n");
}

uint32_t tlb_entries(void) { return 256; }

uint32_t tlb_install(uint32_t hi, uint32_t lo) {
  queue(hi, lo);
  return 0;
}

void tlb_drop(uint32_t slot, uint32_t hi) { (void)slot, tlb_drop_page(hi); }
void tlb_drop_page(uint32_t hi) { queue(hi | PARA_OP_PAGE, 0); }

void tlb_drop_asids(uint8_t *asids) {
  for (uint32_t a = 1; a < ASIDS; a++)
    if (asids[a]) queue(a | PARA_OP_ASID, 0);
}

/* From entry.S, when IRET has come back. */
void para_refused(void) { panic("entry: the hypervisor refuses IRET"); }
