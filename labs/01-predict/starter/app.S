/* app.S - your application. It begins at `app`, in user mode, with s0 = the address of eight pages of data that nobody has
 * touched yet. Leave t0 to t2 to the kernel. */
#include <isa/platform.h>               /* names such as TLBI_ALL */

        .globl  app
        .text
        .balign 4096                    # a page of text of your own
app:    li      a7, 0                   # the end: system call 0
        syscall
