/* trap.c - what the kernel does at a trap. entry.S has saved the registers of what was running, and calls
 * trap().
 *
 * A trap out of a VM goes to vm.c. Of the others, a system call is made, an interrupt is answered, and a
 * fault brings the page in or ends the process. */
#include "kernel.h"

_Static_assert(offsetof(struct low_core, scratch) == 0x40, "entry.S");
_Static_assert(offsetof(struct low_core, save) == 0x4c, "entry.S");
_Static_assert(offsetof(struct low_core, pages) == 0x50, "entry.S, counted.S");
_Static_assert(offsetof(struct low_core, mirror_end) == 0x60, "entry.S");
_Static_assert(offsetof(struct low_core, stack) == 0x64, "entry.S");
_Static_assert(offsetof(struct proc, x) == 0, "entry.S saves registers at the front");
_Static_assert(CAUSE_STORE_MISS == CAUSE_LOAD_MISS + 1 && SYS_VM_RUN == SYS_vm_run, "entry.S");

/* By cause: what a message says, the right that the access lacked (0 if the trap is not about a right), and the signal
 * that ends a process which causes such a trap (0: SIGSEGV). */
static const char *const cause_text[] = {
    [0] = "?",
#define PG32_CAUSE(name, number, text) [number] = text,
#include "isa/pg32.def"
};
static const uint8_t right_needed[PG32_CAUSES] = {
    [CAUSE_FETCH_MISS] = TLB_X, [CAUSE_LOAD_MISS] = TLB_R, [CAUSE_STORE_MISS] = TLB_W,
    [CAUSE_FETCH_PROT] = TLB_X, [CAUSE_LOAD_PROT] = TLB_R, [CAUSE_STORE_PROT] = TLB_W,
};
static const uint8_t signal_of[PG32_CAUSES] = {
    [CAUSE_FETCH_MISALIGNED] = SIGBUS, [CAUSE_LOAD_MISALIGNED] = SIGBUS, [CAUSE_STORE_MISALIGNED] = SIGBUS,
    [CAUSE_FETCH_BUS] = SIGBUS,        [CAUSE_LOAD_BUS] = SIGBUS,        [CAUSE_STORE_BUS] = SIGBUS,
    [CAUSE_ILLEGAL] = SIGILL,          [CAUSE_PRIVILEGED] = SIGILL,      [CAUSE_HCALL] = SIGILL,
    [CAUSE_BREAK] = SIGTRAP,
};

/* Does the stack pointer point below the stack, or the access lie in the guard? */
static bool is_stack_overflow(struct proc *p, uint32_t va) {
  uint32_t sp = p->x[2];
  return va < STACK_END && (va >= HEAP_LIMIT || (sp > p->heap_end && sp < STACK_END && va >= sp - PAGE_SIZE));
}

/* Says in a person's words why there is no page at va. Says nothing where the cause says all. */
static void explain(struct proc *p, uint32_t va, uint32_t right) {
  if (va < PAGE_SIZE) kprintf("null pointer: ");
  if (is_stack_overflow(p, va)) kprintf("stack overflow: ");
  if (space_error(p, va, right) != -ENOMEM) return;
  if (va >= STACK_END) kprintf("stack overflow: "); /* it may grow further, but not in this machine */
  kprintf("out of memory");
  advise_ram();
  kprintf(": ");
}

/* The first process, with whose end the machine or its container would end, lacks a page: the process with the most
 * memory there ends in its place, and the first one tries again. False: there is none. A process with a VM is spared;
 * its memory was set aside for it long before. */
static bool end_hog(struct proc *p) {
  struct proc *hog = NULL;
  for (struct proc *q = procs; q < procs_end; q++)
    if (q != p && q->pages && container_has(p->container, q) && !vm_owned(q))
      if (q->pid != 1 && (!hog || q->resident > hog->resident)) hog = q;
  if (p->self != 1 || !hog) return false;
  if (!hog->killed) kprintf("%s[%u]: ended, because %s[1] is out of memory", hog->name, hog->pid, p->name);
  if (!hog->killed) advise_ram(), kprintf("\n");
  signal_send(hog, SIGKILL);
  p->state = PROC_RUNNABLE;
  return true;
}

/* The process has done what it may not, or has used a page that is not there yet. */
static void fault(struct proc *p) {
  uint32_t right = right_needed[low_core->cause], va = low_core->badva;
  if (right && space_reach(p, va, right)) return; /* now the page is there: try again */
  if (right && space_error(p, va, right) == -ENOMEM && end_hog(p)) return;
  uint32_t signal = signal_of[low_core->cause] ? signal_of[low_core->cause] : SIGSEGV;
  p->blocked &= ~(1u << signal);
  if (p->action[signal] > SIG_IGN) return signal_send(p, signal);
  kprintf("%s[%u]: ", p->name, p->pid);
  if (right) explain(p, va, right);
  kprintf("%s, address %x, pc %x\n", cause_text[low_core->cause], va, p->pc);
  proc_end(p, signal); /* a fault cannot be ignored */
}

/* A trap in the kernel itself is a defect of the kernel. */
_Noreturn static void kernel_fault(void) {
  kprintf("%s in the kernel, address %x, pc %x\n", cause_text[low_core->cause], low_core->badva,
          low_core->pc);
  panic("trap: in the kernel");
}

/* The timer or a device has interrupted a process, or the idle loop (current is NULL). Never returns. */
static noinline void interrupt(uint32_t cause) {
  if (cause > CAUSE_DEVICE) kernel_fault();
  if (cause == CAUSE_DEVICE) console_interrupt();
  if (!current) return schedule();
  if (cause == CAUSE_DEVICE && current->state == PROC_RUNNING) return proc_resume(current);
  current->state = PROC_RUNNABLE;
  return schedule();
}

/* A trap of a process that is no system call. Never returns. */
static noinline void other_trap(struct proc *p, uint32_t cause) {
  if (!(low_core->status & ST_U)) kernel_fault();
  if (cause == CAUSE_TIMER || cause == CAUSE_DEVICE) return interrupt(cause);
  fault(p);
  return p->state == PROC_RUNNING ? proc_resume(p) : schedule();
}

/* Makes the system call, whose result goes to a0. A process that has to wait, or has yielded, has no result
 * yet: then the scheduler goes on. Never returns. */
HOT static noinline void user_call(struct proc *p) {
  int32_t result = system_call(p);
  p = current; /* the same one: to load it again is cheaper than to keep it in a register across the call */
  if (p->state != PROC_RUNNING) return schedule();
  p->x[10] = result;
  return proc_resume(p);
}

/* The quickest way is that of a VM's exit. (The system call vm_run does not come here: see entry.S.) */
HOT void trap(void) {
  struct proc *p = current;
  uint32_t cause = low_core->cause;
  if (!p) return interrupt(cause); /* it was the idle loop */
  if (p->vm) return vm_trap(p->vm, cause);
  p->pc = low_core->pc;
  slice = low_core->timer;
  return cause == CAUSE_SYSCALL ? user_call(p) : other_trap(p, cause);
}
