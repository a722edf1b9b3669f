/* start_virt.S - a workload on QEMU's `virt` machine without firmware: in user mode behind Sv32 with pages of 4 KiB,
 * each mapped to itself, interrupts off. The checksum goes to the serial port, the test finisher ends it. */
        .equ    UART, 0x10000000
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

        la      t0, user
        csrw    mepc, t0
        li      t0, 3 << 11             # to user mode
        csrc    mstatus, t0
        mret

user:   la      sp, stack_end
        call    bench
        ecall

trap:   csrr    t0, mcause
        li      t1, 8                   # a call from user mode
        bne     t0, t1, fail
        li      t0, UART
        li      t1, 28
3:      srl     t2, a0, t1
        andi    t2, t2, 15
        sltiu   t3, t2, 10
        bnez    t3, 4f
        addi    t2, t2, 'a' - '0' - 10
4:      addi    t2, t2, '0'
        sb      t2, 0(t0)
        addi    t1, t1, -4
        bgez    t1, 3b
        li      t2, '\n'
        sb      t2, 0(t0)
        li      t1, 0x5555
        j       5f
fail:   slli    t1, t0, 16
        li      t2, 0x3333
        or      t1, t1, t2
5:      li      t0, FINISHER
        sw      t1, 0(t0)
        j       5b

        .bss
        .balign 4096
root:   .space  4096
tables: .space  RAM_MIB * 1024
        .balign 16
        .space  16384
stack_end:
