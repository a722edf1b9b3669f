/* app.S - an application to try your kernel with: says hi, and ends with status 42. */
        .section .app, "ax"
        .balign 4096
        .globl  app_text, app_text_end
app_text:
        li      a0, 'h'
        li      a7, 1
        syscall
        li      a0, 'i'
        syscall
        li      a0, '\n'
        syscall
        li      a0, 42
        li      a7, 0
        syscall
        .balign 4096
app_text_end:
