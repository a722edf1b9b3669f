/* Marks what a kernel marks, so that the trace may take it for VMs that come and go; and traps a lot. */
#include "vmm.h"
#include <stdio.h>
#include <unistd.h>

void die(const char *what, const char *why) { (void)what, (void)why; }

int main(void) {
  puts("hello");
  for (int i = 0; i < 20; i++) {
    __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_VM), "r"(1), "r"(3));
    getpid();
    __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_PROC), "r"(1), "r"(2));
    getpid();
    __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_VM), "r"(1), "r"(0));
    getpid();
  }
  return 0;
}
