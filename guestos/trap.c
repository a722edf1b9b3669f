/* trap.c - from entry.S: what a trap is about, and what happens then. */
#include "kernel.h"

_Static_assert(offsetof(struct low_core, scratch) == 0x40, "entry.S");
_Static_assert(offsetof(struct low_core, save) == 0x4c, "entry.S");
_Static_assert(offsetof(struct low_core, mirror_end) == 0x60, "entry.S");
_Static_assert(offsetof(struct low_core, stack) == 0x64, "entry.S");
_Static_assert(offsetof(struct proc, x) == 0, "entry.S saves registers at the front");
_Static_assert(CAUSE_FETCH_MISS == 4 && CAUSE_SYSCALL == 9 && CAUSE_LOAD_MISS == 14 && CAUSE_STORE_MISS == 15,
               "platform.h tells assembly these numbers");

static uint32_t right_needed(uint32_t cause) {
  switch (cause) {
  case CAUSE_FETCH_MISS:
  case CAUSE_FETCH_PROT: return TLB_X;
  case CAUSE_LOAD_MISS:
  case CAUSE_LOAD_PROT: return TLB_R;
  case CAUSE_STORE_MISS:
  case CAUSE_STORE_PROT: return TLB_W;
  default: return 0;
  }
}

static uint32_t signal_of(uint32_t cause) {
  switch (cause) {
  case CAUSE_FETCH_MISALIGNED:
  case CAUSE_LOAD_MISALIGNED:
  case CAUSE_STORE_MISALIGNED:
  case CAUSE_FETCH_BUS:
  case CAUSE_LOAD_BUS:
  case CAUSE_STORE_BUS: return SIGBUS;
  case CAUSE_ILLEGAL:
  case CAUSE_PRIVILEGED:
  case CAUSE_HCALL: return SIGILL;
  case CAUSE_BREAK: return SIGTRAP;
  default: return SIGSEGV;
  }
}

static const char *const cause_text[] = {
    [0] = "?",
#define PG32_CAUSE(name, number, text) [number] = text,
#include "isa/pg32.def"
};

static void fault(struct proc *p) {
  uint32_t right = right_needed(LC->cause);
  if (right && space_reach(p, LC->badva, right)) return; /* the page is there now: try again */
  kprintf("%s[%u]: %s, address %x, pc %x\n", p->name, p->pid, cause_text[LC->cause], LC->badva, p->pc);
  proc_end(p, signal_of(LC->cause));
}

void kernel_fault(void) {
  kprintf("%s in the kernel, address %x, pc %x\n", cause_text[LC->cause], LC->badva, LC->pc);
  panic("trap: in the kernel");
}

/* An interrupt has come to a process or to the idle loop. */
APART static INTO interrupt(uint32_t cause) {
  if (cause > CAUSE_DEVICE) kernel_fault();
  if (cause == CAUSE_DEVICE) console_interrupt();
  if (!current) return schedule();
  if (cause == CAUSE_DEVICE) return proc_resume(current);
  current->state = PROC_RUNNABLE;
  return schedule();
}

APART static INTO other_trap(struct proc *p, uint32_t cause) {
  if (!(LC->status & ST_U)) kernel_fault();
  if (cause == CAUSE_TIMER || cause == CAUSE_DEVICE) return interrupt(cause);
  fault(p);
  return proc_resume(p);
}

HOT APART static INTO user_call(struct proc *p) {
  int32_t result = system_call(p);
  p = current;
  if (p->state != PROC_RUNNING) return schedule();
  p->x[10] = result;
  return proc_resume(p);
}

HOT INTO trap(void) {
  struct proc *p = current;
  uint32_t cause = LC->cause;
  if (!p) return interrupt(cause); /* the idle loop */
  if (p->vm) return vm_trap(p->vm);
  p->pc = LC->pc;
  slice = LC->timer;
  if (cause != CAUSE_SYSCALL) return other_trap(p, cause);
  return p->x[17] == SYS_vm_run ? vm_run(p) : user_call(p); /* half of each exit of a VM is a vm_run */
}
