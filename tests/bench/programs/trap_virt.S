/* trap_virt.S - what trap_pg32.S does, on QEMU's `virt` machine, in user mode behind Sv32. A fault is the first touch of a
 * page whose entry is invalid: the handler makes it valid, and nothing is ever taken out (RISC-V allows that without
 * `sfence.vma`, which QEMU makes dear). All the pages are one frame. The handlers run in machine mode, which spares
 * them a translation. */
#ifdef trap_fault
        .equ    TURNS, 200000           /* one a page */
#else
        .equ    TURNS, 1000000
#endif
        .equ    REGION, 0x40000000
        .equ    REGION_TABLES, 200      /* 4 MiB each */
        .equ    FINISHER, 0x100000
        .equ    RAM, 0x80000000
        .equ    RAM_MIB, 32
        .equ    LEAF, 0xDF              # valid, R, W, X, user, accessed, dirty

        .section .text.start
        .globl  _start
_start: la      t0, trap
        csrw    mtvec, t0
        li      t0, -1                  # user and supervisor mode may touch all of physical memory
        csrw    pmpaddr0, t0
        li      t0, 0x1F
        csrw    pmpcfg0, t0

        la      t0, tables              # RAM_MIB / 4 tables of 1024 pages each
        li      t1, RAM >> 2 | LEAF
        li      t2, RAM_MIB * 256
1:      sw      t1, 0(t0)
        addi    t0, t0, 4
        addi    t1, t1, 1 << 10
        addi    t2, t2, -1
        bnez    t2, 1b
        la      t0, root + (RAM >> 22) * 4
        la      t1, tables
        srli    t1, t1, 2
        ori     t1, t1, 1
        li      t2, RAM_MIB / 4
2:      sw      t1, 0(t0)
        addi    t0, t0, 4
        addi    t1, t1, 1 << 10
        addi    t2, t2, -1
        bnez    t2, 2b
        la      t0, root
        srli    t0, t0, 12
        li      t1, 1 << 31             # Sv32
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma

        li      s0, TURNS
        li      s1, REGION
        la      s2, region_tables
        la      t0, root + (REGION >> 22) * 4
        srli    t1, s2, 2
        ori     t1, t1, 1
        li      t2, REGION_TABLES
3:      sw      t1, 0(t0)
        addi    t0, t0, 4
        addi    t1, t1, 1 << 10
        addi    t2, t2, -1
        bnez    t2, 3b
        la      s3, frame               # the entry to be
        srli    s3, s3, 2
        ori     s3, s3, LEAF
        la      t0, user
        csrw    mepc, t0
        li      t0, 3 << 11             # to user mode
        csrc    mstatus, t0
        mret

user:
#ifdef trap_syscall
1:      ecall
#endif
#ifdef trap_fault
1:      lw      t2, 0(s1)
        li      t3, 4096
        add     s1, s1, t3
#endif
#ifdef trap_loop
1:
#endif
        addi    s0, s0, -1
        bnez    s0, 1b
        ecall                           # the end

trap:   beqz    s0, done
#ifdef trap_syscall
        csrr    t0, mepc
        addi    t0, t0, 4
        csrw    mepc, t0
        mret
#else
        csrr    t0, mtval
        srli    t0, t0, 12
        slli    t0, t0, 2
        li      t1, REGION >> 10
        sub     t0, t0, t1
        add     t0, t0, s2
        sw      s3, 0(t0)
        mret
#endif
done:   li      t0, FINISHER
        li      t1, 0x5555
        sw      t1, 0(t0)
        j       done

        .bss
        .balign 4096
root:   .space  4096
tables: .space  RAM_MIB * 1024
region_tables:
        .space  REGION_TABLES * 4096
frame:  .space  4096
