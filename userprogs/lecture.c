/* lecture - the two events of the lecture and nothing else: after start-up, exactly one system call and
 * then exactly one TLB fault.
 *
 * Start-up writes to one page, and then to more other pages than the TLB has entries. So the page is in
 * memory, but its TLB entry is gone. The last steps are on a page of code of their own, whose TLB entry
 * is the newest when they run: only the load can miss. These steps use neither stack nor library. They
 * are the system call getpid, the load, and the system call _exit with status 0. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "pg32.h"

#define WORDS (PAGE_SIZE / sizeof(uint32_t))
/* Pages beyond the TLB's entries. Start-up itself uses a few. The others decide where in the TLB the
 * round-robin replacement stands at the end: with this number no page of a kernel or VMM is replaced during
 * the last steps, at depths 1 to 3 (trace.t counts their exits). After a change of the kernel's or the VMM's
 * code another may be needed. */
#define SPARE 64

enum { /* CALL_getpid ... */
#define NUMBER(number, name, arguments) CALL_##name = number,
       PG32_SYSCALLS(NUMBER)
};

_Noreturn static void one_call_one_fault(const volatile uint32_t *page);

static uint32_t tlb_size(void) {
  struct pg32_sysinfo info;
  if (sysinfo(&info) == 0) return info.tlb_entries;
  perror("lecture");
  exit(1);
}

int main(void) {
  uint32_t others = tlb_size() + SPARE;
  volatile uint32_t *page = aligned_alloc(PAGE_SIZE, (1 + others) * PAGE_SIZE);
  if (page == NULL) {
    perror("lecture");
    return 1;
  }
  printf("lecture: a system call (getpid), a TLB fault (a load from %p), the end\n", (void *)page);
  page[0] = 1;
  for (uint32_t i = 1; i <= others; i++) page[i * WORDS] = i;
  one_call_one_fault(page);
}

/* On a page of its own: it begins a page and is the last function of the file. */
__attribute__((noinline, aligned(PAGE_SIZE))) static void one_call_one_fault(const volatile uint32_t *page) {
  __asm__ volatile("li a7, %1\n\t"
                   "syscall\n\t"
                   "lw a1, 0(%0)\n\t"
                   "li a0, 0\n\t"
                   "li a7, %2\n\t"
                   "syscall"
                   :
                   : "r"(page), "i"(CALL_getpid), "i"(CALL__exit)
                   : "a0", "a1", "a7", "memory");
  __builtin_unreachable();
}
