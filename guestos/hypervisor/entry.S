# entry.S - the traps of a paravirtual guest, as far as they need no C: a system call or a miss of its processes goes
# to the guest's kernel (reflect), that kernel's HCALL_IRET goes back (iret), with the entry that a miss has asked for
# (with_queue), and a miss on a page that the table has is filled. All else goes to hypervisor_trap.
#
# Three registers are saved in the low core, and with a queue four more. Nothing else of the guest is touched, so that
# nothing else need be restored.

#include "tlb.inc"

# struct low_core (hot.h)
#define SAVE         0x4c
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
#define RAM          0xb8
#define BYTES        0xbc
#define DIRECTORY    0xc0
#define T4           0xc4
#define T5           0xc8
#define T6           0xcc
#define OPS          0xd0
#define NEW          0xd4
#define AT           0xd8
#define HI           0xdc
# struct para: by space, so that ASID a is at 1 + a
#define PARA_ASID1   1
#define PARA_TAG1    264
# struct filled
#define FILLED_HI    0
#define FILLED_TAG   4
#define FILLED_LO    8
#define FILLED_SLOT  12
# What a trap costs the guest of its turn, and each operation of a queue, and a fill from the table, in instructions.
#define COST         80
#define OP_COST      70
#define FILL_COST    65
# Longer queues are for C.
#define SHORT_QUEUE  8

#define MISSES ((1 << CAUSE_FETCH_MISS) | (1 << CAUSE_LOAD_MISS) | (1 << CAUSE_STORE_MISS))

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

# \at: the set of the page \number in the space with that tag.
        .macro  SET at, tag, number, scratch
        slli    \at, \tag, 4
        xor     \at, \at, \number
        andi    \at, \at, 511           # SETS - 1
        slli    \at, \at, 5
        lw      \scratch, TABLE(zero)
        add     \at, \at, \scratch
        .endm

# Goes to \place if the entry \offset(\at) is one of that tag and that page.
        .macro  IF_THERE at, offset, tag, number, scratch, place
        lw      \scratch, \offset+FILLED_TAG(\at)
        bne     \scratch, \tag, 1f
        lw      \scratch, \offset+FILLED_HI(\at)
        srli    \scratch, \scratch, PAGE_SHIFT
        beq     \scratch, \number, \place
1:
        .endm

# t1: the guest's page 0. Goes to \otherwise if IRET does not go into a process, or if something is to be done on the
# way. Afterwards the new virtual STATUS, read once, is in NEW, t0 is its ASID, and t2 the real one.
        .macro  CHECK_IRET otherwise
        lw      t0, PARA_KICK(t1)
        bnez    t0, \otherwise
        lw      t0, PARA_PENDING(t1)
        lw      t2, PARA_ENABLED(t1)
        and     t0, t0, t2
        bnez    t0, \otherwise
        lw      t0, LC_STATUS(t1)
        srli    t2, t0, 16
        bnez    t2, \otherwise
        andi    t2, t0, 0xff
        addi    t2, t2, -(ST_U | ST_IE | ST_T)
        bnez    t2, \otherwise
        sw      t0, NEW(zero)
        srli    t0, t0, ST_ASID_SHIFT
        lw      t2, PARA(zero)
        add     t2, t2, t0
        lbu     t2, PARA_ASID1(t2)
        beqz    t2, \otherwise
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
        SET     t0, t3, t1, t2
        IF_THERE t0, 0, t3, t1, t2, found
        addi    t0, t0, 16
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
        TLB_SLOT t3, t1
        sw      t3, FILLED_SLOT(t0)

# The fill is charged: where TIMER will end the turn, TIMER ends the turn that much earlier. With 2^31 instructions left,
# nobody else wants the CPU.
        lw      t0, SLICE(zero)
        bltz    t0, filled
        lw      t1, ENTERED(zero)
        lw      t2, LC_TIMER(zero)
        sub     t1, t1, t2              # since the entry
        sub     t0, t0, t1              # left of the turn
        addi    t0, t0, -FILL_COST
        bgez    t0, 1f
        li      t0, 0
1:      add     t1, t1, t0
        sw      t1, SLICE(zero)
        bgeu    t0, t2, filled
        sw      t1, ENTERED(zero)
        sw      t0, LC_TIMER(zero)
filled: lw      t0, T0(zero)
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
        bnez    t0, with_queue
        CHECK_IRET rare
into_process:
        slli    t2, t2, ST_ASID_SHIFT
        ori     t2, t2, ST_U | ST_IE | ST_T
        sw      t2, LC_STATUS(zero)
        slli    t0, t0, 2
        lw      t2, PARA(zero)
        add     t2, t2, t0
        lw      t2, PARA_TAG1(t2)
        sw      t2, TAG(zero)
        lw      t0, NEW(zero)
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

# The same with a short queue of entries, for pages that the table does not have, and of PARA_OP_PAGE. Each word of
# the guest's is read once. Where an operation is another one, C carries out the queue from its beginning: what we have
# done already is done again, with the same result. t0: the number of operations; t1: the guest's page 0.
with_queue:
        li      t2, SHORT_QUEUE
        bltu    t2, t0, rare
        sw      t0, OPS(zero)
        sw      t3, T3(zero)
        sw      t4, T4(zero)
        sw      t5, T5(zero)
        sw      t6, T6(zero)
        CHECK_IRET rare_with_queue
        mv      t6, t1                  # in this loop, as far from PARA_OPS as the operation is from the page

operation:
        lw      t4, PARA_OPS(t6)
        andi    t0, t4, TLB_ASID_MASK
        lw      t1, PARA(zero)
        add     t2, t1, t0
        lbu     t2, PARA_ASID1(t2)      # the real ASID
        slli    t0, t0, 2
        add     t1, t1, t0
        lw      t0, PARA_TAG1(t1)
        srli    t5, t4, 8
        andi    t5, t5, PARA_OP_MASK >> 8
        srli    t4, t4, PAGE_SHIFT
        beqz    t5, entry
        addi    t5, t5, -(PARA_OP_PAGE >> 8)
        bnez    t5, rare_with_queue

# PARA_OP_PAGE
        beqz    t0, done                # a space without entries
        SET     t5, t0, t4, t1
        IF_THERE t5, 0, t0, t4, t1, drop
        addi    t5, t5, 16
        IF_THERE t5, 0, t0, t4, t1, drop
        j       done
drop:   sw      zero, FILLED_TAG(t5)
        lw      t0, FILLED_SLOT(t5)
        lw      t4, FILLED_HI(t5)
        TLB_DROP t0, t4, t1
        j       done

# PARA_OP_ENTRY
entry:  beqz    t2, rare_with_queue
        SET     t5, t0, t4, t1
        IF_THERE t5, 0, t0, t4, t1, rare_with_queue
        IF_THERE t5, 16, t0, t4, t1, rare_with_queue
        slli    t4, t4, PAGE_SHIFT
        or      t4, t4, t2              # FILLED_HI

# The frame must lie in the guest's RAM, which is memory of the owner's: walk its page table, as trap_entry does.
        lw      t2, PARA_OPS+4(t6)
        srli    t1, t2, PAGE_SHIFT
        slli    t1, t1, PAGE_SHIFT
        lw      t3, BYTES(zero)
        bgeu    t1, t3, rare_with_queue
        lw      t3, RAM(zero)
        add     t1, t1, t3
        srli    t3, t1, 22
        slli    t3, t3, 2
        andi    t2, t2, TLB_RIGHTS
        srli    t1, t1, 10
        andi    t1, t1, 0xffc
        sw      t6, AT(zero)
        lw      t6, DIRECTORY(zero)
        add     t3, t3, t6
        lw      t3, 0(t3)
        lw      t6, AT(zero)
        beqz    t3, rare_with_queue
        add     t3, t3, t1
        lw      t3, 0(t3)
        andi    t1, t3, TLB_W
        beqz    t1, rare_with_queue     # not there yet, or not the owner's alone
        srli    t3, t3, PAGE_SHIFT
        slli    t3, t3, PAGE_SHIFT
        or      t2, t2, t3              # FILLED_LO

# Its place is the first of the set. What was there becomes the second, and the second goes.
        lw      t1, FILLED_TAG(t5)
        beqz    t1, place
        lw      t1, 16+FILLED_TAG(t5)
        beqz    t1, move
        sw      t4, HI(zero)
        lw      t3, 16+FILLED_SLOT(t5)
        lw      t4, 16+FILLED_HI(t5)
        TLB_DROP t3, t4, t1
        lw      t4, HI(zero)
move:   .irp    at, 0,4,8,12
        lw      t1, \at(t5)
        sw      t1, 16+\at(t5)
        .endr
place:  sw      t4, FILLED_HI(t5)
        sw      t0, FILLED_TAG(t5)
        sw      t2, FILLED_LO(t5)
        TLB_ADD t4, t2, t3
        TLB_SLOT t3, t4
        sw      t3, FILLED_SLOT(t5)

done:   lw      t0, SLICE(zero)
        li      t1, OP_COST
        bgeu    t0, t1, 4f
        mv      t0, t1
4:      sub     t0, t0, t1
        sw      t0, SLICE(zero)
        addi    t6, t6, 8
        lw      t0, OPS(zero)
        addi    t0, t0, -1
        sw      t0, OPS(zero)
        bnez    t0, operation

        lw      t1, PAGE(zero)
        sw      zero, PARA_NOPS(t1)
        lw      t0, NEW(zero)
        srli    t0, t0, ST_ASID_SHIFT
        lw      t2, PARA(zero)
        add     t2, t2, t0
        lbu     t2, PARA_ASID1(t2)
        lw      t3, T3(zero)
        lw      t4, T4(zero)
        lw      t5, T5(zero)
        lw      t6, T6(zero)
        j       into_process

rare_with_queue:
        lw      t3, T3(zero)
        lw      t4, T4(zero)
        lw      t5, T5(zero)
        lw      t6, T6(zero)

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
