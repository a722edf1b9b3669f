/* app.S - an application to try your handler with. It is linked somewhere in physical memory but runs at 0x40000000,
 * so it must not use the addresses of its own labels; jumps and branches are relative and work. */
#define HEAP_VA 0x40010000
#define SYS_EXIT 0
#define SYS_PUTCHAR 1

        .section .app, "ax"
        .balign 4096
        .globl  app_text, app_text_end
app_text:
        li      s0, HEAP_VA + 4096      # a page of its own that it may write: a TLB miss on a store
        li      s1, 'h'
        sw      s1, 0(s0)
        lw      a0, 0(s0)
        li      a7, SYS_PUTCHAR
        syscall
        li      a0, 'i'
        syscall
        li      a0, '\n'
        syscall
        li      a0, 42
        li      a7, SYS_EXIT
        syscall
        .balign 4096
app_text_end:
