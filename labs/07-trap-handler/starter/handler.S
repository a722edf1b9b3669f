/* handler.S - the trap handler. README.md says what it has to do; here is what the rest of the kernel gives you:
 *
 *   page_table        64 words. Word i is for the virtual page 0x40000000 + 4096 i: its frame | TLB_R, TLB_W, TLB_X,
 *                     just as the second operand of tlbw wants it; 0: there is no such page
 *   system_calls      5 words: where the kernel's system calls are, by number
 *   timer_ticks       a word: count the timer interrupts there
 *   kernel_stack_end  the end of a stack of a kilobyte
 *   app_killed        jump there, with CAUSE still in the low core, when the application has done what it must not
 *
 * The low core (isa/platform.h: LC_...) is at address 0, so `sw t0, 0x40(zero)` saves a register without needing
 * another; from LC_FREE on it is yours. */
#include <isa/platform.h>

#define APP_VA 0x40000000
#define APP_ASID 7
#define APP_PAGES 64
#define QUANTUM 1000
#define SYSTEM_CALLS 5
#define ENOSYS 38

        .globl  trap_vector
        .text
trap_vector:
        j       app_killed              # TODO
