/* trap_way.c - trap and emulate: the way of Popek and Goldberg, and of IBM's VM/370.
 *
 * The guest's instructions stand as they are and run on the real CPU, in user mode. Each sensitive instruction
 * must trap there; the core's exits (trap.c, reflect.c, privileged.c, memory.c) do the rest. So this way adds
 * nothing to vm_run. On a CPU that is not virtualizable it fails: what does not trap, the VMM never sees. */
#include "../vmm.h"

const struct way trap_way = {.name = "trap", .run = vm_run};
