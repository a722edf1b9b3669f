# entry.S - the traps of a paravirtual guest, as far as they need no C: a system call or a miss of its processes goes
# to the guest's kernel (reflect), that kernel's HCALL_IRET goes back (iret), and a miss on a page that the table has
# is filled. All else goes to hypervisor_trap.
#
# Three registers are saved in the low core and are enough. Nothing else of the guest is touched, so that nothing else
# need be restored.

#include "isa/para.h"

# struct low_core (hot.h)
#define SAVE         0x4c
#define MIRROR       0x58
#define MIRROR_START 0x5c
#define MIRROR_END   0x60
#define STACK        0x64
#define SLICE        0x6c
# struct hypervisor_core; hypervisor.c asserts these offsets, and those below
#define T0           0x80
#define T1           0x84
#define T2           0x88
#define T3           0x8c
#define PARA         0x90
#define PAGE         0x94
#define TABLE        0x98
#define TAG          0x9c
#define STATUS       0xa0
#define ENTERED      0xa4
#define TIMER        0xa8
#define KERNEL_STATUS 0xac
#define KERNEL_TAG   0xb0
#define ID           0xb4
# struct para: by space, so that ASID a is at 1 + a
#define PARA_ASID1   1
#define PARA_TAG1    264
# struct filled
#define FILLED_HI    0
#define FILLED_TAG   4
#define FILLED_LO    8
#define FILLED_SLOT  12
# What a trap costs the guest of its turn, in instructions.
#define COST         60

#define MISSES ((1 << CAUSE_FETCH_MISS) | (1 << CAUSE_LOAD_MISS) | (1 << CAUSE_STORE_MISS))

#ifdef PARAVIRTUAL
#include "guestos/para/sensitive.inc"
#else
#include "sensitive.inc"
#endif

# t1: the guest's page 0. Afterwards t2 holds the instructions since the entry; the guest's tick has gone on by them,
# and its turn is shorter by them and the cost. t0 is lost.
        .macro  ACCOUNT
        lw      t0, LC_TIMER(zero)
        lw      t2, ENTERED(zero)
        sub     t2, t2, t0
        lw      t0, PARA_TICK(t1)
        add     t0, t0, t2
        sw      t0, PARA_TICK(t1)
        bgeu    t0, t2, 1f
        lw      t0, PARA_TICK+4(t1)
        addi    t0, t0, 1
        sw      t0, PARA_TICK+4(t1)
1:      addi    t2, t2, COST
        lw      t0, SLICE(zero)
        bgeu    t0, t2, 2f
        mv      t0, t2
2:      sub     t0, t0, t2
        sw      t0, SLICE(zero)
        addi    t2, t2, -COST
        .endm

        .macro  GO_ON
        lw      t0, ID(zero)
        lw      t1, STATUS(zero)
        lui     t2, VM_PARAVIRTUAL >> 12
        or      t1, t1, t2
        mark    MARK_VM, t0, t1
        lw      t0, T0(zero)
        lw      t1, T1(zero)
        lw      t2, T2(zero)
        RETURN
        .endm

        .section .text.hot.hypervisor, "ax"
        .globl  hypervisor_entry
hypervisor_entry:
        .cfi_startproc
        .cfi_signal_frame
        .cfi_undefined ra
        sw      t0, T0(zero)
        sw      t1, T1(zero)
        sw      t2, T2(zero)
        lw      t0, LC_CAUSE(zero)
        lw      t1, STATUS(zero)
        andi    t1, t1, ST_U
        beqz    t1, of_kernel
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, reflect
        li      t1, MISSES
        srl     t1, t1, t0
        andi    t1, t1, 1
        beqz    t1, rare

# A miss. t0: the cause.
miss:
        sw      t3, T3(zero)
        lw      t1, LC_BADVA(zero)
        srli    t1, t1, PAGE_SHIFT
        lw      t3, TAG(zero)
        slli    t2, t3, 4
        xor     t2, t2, t1
        andi    t2, t2, 511             # SETS - 1
        slli    t2, t2, 5
        lw      t0, TABLE(zero)
        add     t0, t0, t2
        lw      t2, FILLED_TAG(t0)
        bne     t2, t3, second
        lw      t2, FILLED_HI(t0)
        srli    t2, t2, PAGE_SHIFT
        beq     t2, t1, found
second: addi    t0, t0, 16
        lw      t2, FILLED_TAG(t0)
        bne     t2, t3, not_there
        lw      t2, FILLED_HI(t0)
        srli    t2, t2, PAGE_SHIFT
        bne     t2, t1, not_there
found:  slli    t1, t1, PAGE_SHIFT
        lw      t2, LC_STATUS(zero)     # the real ASID
        srli    t2, t2, ST_ASID_SHIFT
        or      t1, t1, t2
        sw      t1, FILLED_HI(t0)
        lw      t2, FILLED_LO(t0)
        TLB_WRITE t1, t2, t3
        sw      t3, FILLED_SLOT(t0)
        lw      t0, T0(zero)
        lw      t1, T1(zero)
        lw      t2, T2(zero)
        lw      t3, T3(zero)
        RETURN                          # to the same instruction, with the low core as the trap has left it

not_there:
        lw      t3, T3(zero)
        lw      t0, LC_CAUSE(zero)
        lw      t1, STATUS(zero)
        andi    t1, t1, ST_U
        beqz    t1, rare                # the guest's kernel has no space but its RAM

# A trap of the guest's process, into the guest's kernel: what hardware does at a trap. t0: the cause.
reflect:
        lw      t1, PAGE(zero)
        sw      t0, LC_CAUSE(t1)
        lw      t0, LC_PC(zero)
        sw      t0, LC_PC(t1)
        lw      t0, LC_BADVA(zero)
        sw      t0, LC_BADVA(t1)
        lw      t0, LC_BADINST(zero)
        sw      t0, LC_BADINST(t1)
        lw      t0, STATUS(zero)
        sw      t0, LC_STATUS(t1)
        srli    t0, t0, ST_ASID_SHIFT
        slli    t0, t0, ST_ASID_SHIFT
        sw      t0, STATUS(zero)
        ACCOUNT
        sw      t0, LC_TIMER(zero)
        sw      t0, ENTERED(zero)
        lw      t0, TIMER(zero)
        sub     t0, t0, t2
        sw      t0, LC_TIMER(t1)
        lw      t0, LC_VECTOR(t1)
        sw      t0, LC_PC(zero)
        lw      t0, KERNEL_STATUS(zero)
        sw      t0, LC_STATUS(zero)
        lw      t0, KERNEL_TAG(zero)
        sw      t0, TAG(zero)
        GO_ON

# A trap of the guest's kernel.
of_kernel:
        addi    t1, t0, -CAUSE_HCALL
        beqz    t1, hypercall
        li      t1, MISSES
        srl     t1, t1, t0
        andi    t1, t1, 1
        beqz    t1, rare
        j       miss
hypercall:
        addi    t1, a7, -HCALL_IRET
        bnez    t1, rare

# HCALL_IRET into a process, with nothing to be done on the way.
        lw      t1, PAGE(zero)
        lw      t0, PARA_NOPS(t1)
        bnez    t0, rare
        lw      t0, PARA_KICK(t1)
        bnez    t0, rare
        lw      t0, PARA_PENDING(t1)
        lw      t2, PARA_ENABLED(t1)
        and     t0, t0, t2
        bnez    t0, rare
        lw      t0, LC_STATUS(t1)
        srli    t2, t0, 16
        bnez    t2, rare
        andi    t2, t0, 0xff
        addi    t2, t2, -(ST_U | ST_IE | ST_T)
        bnez    t2, rare
        sw      t0, T3(zero)            # the new virtual STATUS, read once
        srli    t0, t0, ST_ASID_SHIFT
        lw      t2, PARA(zero)
        add     t2, t2, t0
        lbu     t2, PARA_ASID1(t2)
        beqz    t2, rare
        slli    t2, t2, ST_ASID_SHIFT
        ori     t2, t2, ST_U | ST_IE | ST_T
        sw      t2, LC_STATUS(zero)
        slli    t0, t0, 2
        lw      t2, PARA(zero)
        add     t2, t2, t0
        lw      t2, PARA_TAG1(t2)
        sw      t2, TAG(zero)
        lw      t0, T3(zero)
        sw      t0, STATUS(zero)
        ACCOUNT                         # t0: what is left of the turn
        lw      t2, LC_TIMER(t1)
        sw      t2, TIMER(zero)
        bgeu    t2, t0, 3f
        mv      t0, t2
3:      sw      t0, LC_TIMER(zero)
        sw      t0, ENTERED(zero)
        lw      t0, LC_PC(t1)
        sw      t0, LC_PC(zero)
        lw      a7, PARA_A7(t1)
        GO_ON

# What C deals with: the registers go to the save area, as trap_entry does it, and the vector is the usual one again.
rare:
        la      t1, trap_entry
        sw      t1, LC_VECTOR(zero)
        lw      t0, SAVE(zero)
        lw      t1, T0(zero)
        sw      t1, 20(t0)
        lw      t1, T1(zero)
        sw      t1, 24(t0)
        lw      t2, T2(zero)
        .irp    r, 1,2,3,4,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        sw      x\r, 4*\r(t0)
        .endr
        lw      sp, STACK(zero)
        j       hypervisor_trap
        .cfi_endproc
