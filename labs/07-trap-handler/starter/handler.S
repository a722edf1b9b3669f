/* handler.S - the trap handler. README.md says what it must do. The rest of the kernel offers you:
 *
 *   page_table        64 words. Word i is for the virtual page 0x40000000 + 4096 * i: its frame and its rights (TLB_R,
 *                     TLB_W, TLB_X), in the form of tlbw's second operand. 0: there is no such page
 *   system_calls      5 words: the addresses of the kernel's system calls, by number
 *   timer_ticks       a word: count the timer interrupts there
 *   kernel_stack_end  the end of a stack of one kilobyte
 *   app_killed        jump there if the application has done what it must not; CAUSE must still be in the low core
 *
 * The low core (LC_... in isa/platform.h) is at address 0, so `sw t0, 0x40(zero)` saves a register without the help of
 * another one. From LC_FREE on, the low core is yours. */
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
