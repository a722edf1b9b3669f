/* setjmp.S - setjmp and longjmp: the callee-saved registers, in the order of the psABI's numbers.
 * The directives .cfi_* tell debuggers who the caller is. */
        .text
        .weak   setjmp
setjmp:
        .cfi_startproc
        sw      ra, 0(a0)
        sw      sp, 4(a0)
        sw      s0, 8(a0)
        sw      s1, 12(a0)
        sw      s2, 16(a0)
        sw      s3, 20(a0)
        sw      s4, 24(a0)
        sw      s5, 28(a0)
        sw      s6, 32(a0)
        sw      s7, 36(a0)
        sw      s8, 40(a0)
        sw      s9, 44(a0)
        sw      s10, 48(a0)
        sw      s11, 52(a0)
        li      a0, 0
        ret
        .cfi_endproc

        .weak   longjmp
        .globl  __libc_longjmp          /* for the library itself: see names.h */
longjmp:
__libc_longjmp:
        .cfi_startproc
        lw      ra, 0(a0)
        .cfi_def_cfa a0, 0              /* from now on the caller is that of setjmp */
        .cfi_offset ra, 0
        .cfi_offset sp, 4
        .cfi_offset s0, 8
        .cfi_offset s1, 12
        .cfi_offset s2, 16
        .cfi_offset s3, 20
        .cfi_offset s4, 24
        .cfi_offset s5, 28
        .cfi_offset s6, 32
        .cfi_offset s7, 36
        .cfi_offset s8, 40
        .cfi_offset s9, 44
        .cfi_offset s10, 48
        .cfi_offset s11, 52
        lw      sp, 4(a0)
        lw      s0, 8(a0)
        lw      s1, 12(a0)
        lw      s2, 16(a0)
        lw      s3, 20(a0)
        lw      s4, 24(a0)
        lw      s5, 28(a0)
        lw      s6, 32(a0)
        lw      s7, 36(a0)
        lw      s8, 40(a0)
        lw      s9, 44(a0)
        lw      s10, 48(a0)
        lw      s11, 52(a0)
        .cfi_def_cfa sp, 0
        .cfi_val_offset sp, 0
        .cfi_restore ra, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
        seqz    a0, a1                  /* setjmp never returns 0 a second time */
        add     a0, a0, a1
        ret
        .cfi_endproc
