/* The application's first instructions are replaced by `li a0, 42; li a7, 0; syscall`, which then run as its own. */
#include <isa/para.h>
        .globl  port_start, port_leave, port_tlb_write, port_tlb_drop, port_tlb_drop_asid, port_putchar
        .text
port_start:
        la      t0, bare
        sw      t0, LC_VECTOR(zero)
        li      a7, HCALL_START
        li      a0, PARA_VERSION
        hcall
        la      t0, app_text
        la      t1, mine
        lw      t2, 0(t1)
        sw      t2, 0(t0)
        lw      t2, 4(t1)
        sw      t2, 4(t0)
        lw      t2, 8(t1)
        sw      t2, 8(t0)
        ret
bare:   li      t1, PARA_NEEDED
        li      t0, DEV_POWER
        sw      t1, POWER_OFF(t0)
mine:   li      a0, 42
        li      a7, 0
        syscall
port_leave:
        sw      a7, PARA_A7(zero)
        li      a7, HCALL_IRET
        hcall
port_tlb_write:
        sw      a0, PARA_OPS(zero)
        sw      a1, PARA_OPS+4(zero)
        li      t0, 1
        sw      t0, PARA_NOPS(zero)
port_tlb_drop:
port_tlb_drop_asid:
port_putchar:
        ret
