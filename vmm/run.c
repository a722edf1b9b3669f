/* run.c - the loop of a virtual machine: inject an interrupt if one is due, let the guest run, see why it
 * stopped. */
#include "vmm.h"
#include <stdio.h>
#include <string.h>
#include <errno.h>

enum { EXIT_CHECKSTOP = 126 };

void vm__stop(struct vm *vm, const char *why) {
  fprintf(stderr,
          "vmm: the guest is stopped: %s at pc 0x%08lx, address 0x%08lx; its vector E[0x18] is 0x%08lx\n",
          why, (unsigned long)vm->state->pc, (unsigned long)vm->state->badva,
          (unsigned long)vm->low_core[LC_VECTOR / 4]);
  vm->exit_status = EXIT_CHECKSTOP;
  vm->off = true;
}

/* Before the guest's next instruction: if the guest has interrupts on, it gets the one that is due. Are they on then? */
static inline bool inject(struct vm *vm) {
  if (!(vm->state->vstatus & ST_IE)) return false;
  if (likely(vm->timer && !vm->pending)) return true;
  vm__reflect(vm, vm->timer ? CAUSE_DEVICE : CAUSE_TIMER, 0, 0);
  return false;
}

/* The guest is about to run until something happens. It stops at the latest when its TIMER is due, so that the
 * interrupt comes after the right instruction. A trap takes no time, so input must not arrive between a trap and the
 * first instruction of the guest's handler: before an instruction has retired, input does not end vm_run. */
static inline void prepare(struct vm *vm) {
  struct vm_state *s = vm->state;
  s->budget = inject(vm) ? vm->timer : UINT32_MAX;
  s->events = vm->retired ? vm->events : 0;
}

/* The guest's time goes on by the instructions that it has retired on the real CPU. */
static inline void account(struct vm *vm) {
  uint32_t n = vm->state->retired;
  vm->tick += n;
  vm->timer -= n < vm->timer ? n : vm->timer;
  if (n) vm->retired = true;
}

/* The guest has stopped; result: vm_run's. */
static inline void look(struct vm *vm, int result) {
  if (unlikely(result != 0)) die("vm_run", strerror(errno));
  account(vm);
  if (likely(vm->state->reason == VM_TRAP))
    vm__trap(vm);
  else if (vm->state->reason == VM_EVENT)
    device__receive(vm);
}

int vm__run(struct vm *vm) {
  while (vm->way == &trap_way && !vm->off) {
    prepare(vm);
    look(vm, vm_run(vm->id)); /* not by trap_way.run, which would save registers that are not needed here */
  }
  while (!vm->off) {
    prepare(vm);
    look(vm, vm->way->run(vm->id));
  }
  device__flush(vm);
  return vm->exit_status;
}
