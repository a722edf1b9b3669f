# entry.S - boot, trap entry with the TLB-refill path, resume, idle. What is done by sensitive instructions is a
# macro, for a kernel that knows that it is a guest does it otherwise.
#
# After a trap the machine is untranslated, in kernel mode and with interrupts off, and every register still
# holds what the interrupted program left in it. The low core is at address 0, so that a register can be
# saved there without the help of another: three are. Then all 31 go to the save area that low_core->save
# points to, which is a process's struct proc or the state page of a VM. The system call vm_run keeps two registers
# alone, so only these are saved.

#ifdef PARAVIRTUAL
#include "para/sensitive.inc"
#else
#include "sensitive.inc"
#endif

# offsets in struct low_core (hot.h); trap.c asserts them
#define SCRATCH0     0x40
#define SCRATCH1     0x44
#define SCRATCH2     0x48
#define SAVE         0x4c
#define PAGES        0x50
#define ASID         0x54
#define STACK        0x64

# The directives .cfi_* tell debuggers that nobody has called this code: a back trace ends here.
        .macro  BEGIN name
        .globl  \name
\name:
        .cfi_startproc
        .cfi_undefined ra
        .endm

        .section .text.hot.0, "ax"
        BEGIN   _start
        la      sp, kernel_stack_top
        sw      sp, STACK(zero)
        la      t0, trap_entry
        sw      t0, LC_VECTOR(zero)
        tail    kernel_main
        .cfi_endproc

        BEGIN   trap_entry
        .cfi_signal_frame
        sw      t0, SCRATCH0(zero)
        sw      t1, SCRATCH1(zero)
        lw      t1, PAGES(zero)
        beqz    t1, save_all            # a VM or the idle loop: no page table to walk here
        lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        beqz    t0, system_call
        sw      t2, SCRATCH2(zero)
        addi    t2, t0, CAUSE_SYSCALL - CAUSE_LOAD_MISS
        sltiu   t2, t2, 2               # CAUSE_STORE_MISS is the next
        bnez    t2, walk
        addi    t0, t0, CAUSE_SYSCALL - CAUSE_FETCH_MISS
        bnez    t0, not_a_miss

# A TLB miss of a process: walk its page table of two levels (space.c). If the page is there, its PTE goes into
# the TLB just as it is, and the instruction is tried again. If not, this is a fault for trap.c.
walk:   lw      t0, LC_BADVA(zero)
        srli    t2, t0, 22
        slli    t2, t2, 2
        add     t1, t1, t2
        lw      t1, 0(t1)
        beqz    t1, not_a_miss
        srli    t2, t0, 10
        andi    t2, t2, 0xffc
        add     t1, t1, t2
        lw      t1, 0(t1)
        andi    t2, t1, TLB_RIGHTS
        beqz    t2, not_a_miss
        andi    t0, t0, -PAGE_SIZE
        lw      t2, ASID(zero)
        or      t0, t0, t2
        TLB_WRITE t0, t1, t2            # goes with RETURN
        lw      t0, SCRATCH0(zero)
        lw      t1, SCRATCH1(zero)
        lw      t2, SCRATCH2(zero)
        RETURN

system_call:
        li      t0, SYS_VM_RUN
        bne     a7, t0, save_all
        lw      a1, SAVE(zero)
        sw      sp, 8(a1)
        sw      s0, 32(a1)
        lw      sp, STACK(zero)
        j       vm_run                  # (id, the process)

not_a_miss:
        lw      t2, SCRATCH2(zero)
save_all:
        lw      t0, SAVE(zero)
        .irp    n, 1,2,3,4,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        sw      x\n, 4 * \n(t0)
        .endr
        lw      t1, SCRATCH0(zero)
        sw      t1, 20(t0)
        lw      t1, SCRATCH1(zero)
        sw      t1, 24(t0)
        lw      sp, STACK(zero)
        j       trap
        .cfi_endproc

# resume(x): goes on with the registers in x, and with the PC, STATUS and TIMER that are in the low core.
# x10 comes last, because a0 holds x.
        BEGIN   resume
        .irp    n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        lw      x\n, 4 * \n(a0)
        .endr
        lw      x10, 40(a0)
        RETURN
        .cfi_endproc

# vm_run_return(x): the same at the end of vm_run, whose result is 0. A register that C preserves is still the guest's;
# the kernel's own values go.
        BEGIN   vm_run_return
        lw      sp, 8(a0)
        lw      s0, 32(a0)
        .irp    n, 1,5,6,7,10,11,12,13,14,15,16,17,28,29,30,31
        li      x\n, 0
        .endr
        RETURN
        .cfi_endproc

# reschedule(): for a caller that will not go on. The stack is emptied, and the next process gets its turn.
        BEGIN   reschedule
        lw      sp, STACK(zero)
        tail    schedule
        .cfi_endproc

# No process can run: wait for an interrupt, in kernel mode with interrupts on.
        BEGIN   idle_loop
        WAIT
        j       idle_loop
        .cfi_endproc

        .section .data.hot.stack, "aw"
        .p2align 12
        .zero   4096
        .globl  kernel_stack_top
kernel_stack_top:
