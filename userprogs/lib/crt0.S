/* crt0.S - where a program starts: a0 = argc, a1 = argv, sp aligned to 16 bytes. */
        .text
        .globl  _start
_start:
        .cfi_startproc
        .cfi_undefined ra               /* nobody has called this */
        li      ra, 0                   /* the end of the chain of callers and frames */
        li      s0, 0
        tail    __libc_start
        .cfi_endproc
