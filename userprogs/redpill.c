/* redpill - asks the CPU for STATUS, as a program that wants to know whether its machine is a virtual one.
 *
 * `mfst` is privileged, so on PG32 the kernel ends this program with SIGILL, in a VM as on the machine. On
 * the CPU pg32-leaky, `mfst` does not trap in user mode: it shows the real STATUS, in which a VM's ASID is
 * another than the one that the guest's kernel has chosen. No VMM can hide that. The name is that of J.
 * Rutkowska's program for the x86 (2004), which did the same with SIDT. */
#include <stdint.h>
#include <stdio.h>
#include "pg32.h"

int main(void) {
  uint32_t status;
  __asm__ volatile("mfst %0" : "=r"(status));
  printf("STATUS is 0x%08lx: %s mode, interrupts %s, translation %s, ASID %lu\n", (unsigned long)status,
         status & ST_U ? "user" : "kernel", status & ST_IE ? "on" : "off", status & ST_T ? "on" : "off",
         (unsigned long)status_asid(status));
  return 0;
}
