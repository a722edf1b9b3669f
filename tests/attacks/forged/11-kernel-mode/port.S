/* The application runs in kernel mode, where its text lies, and its calls come back to it: no hypercall is needed. */
#include <isa/para.h>
        .globl  port_start, port_leave, port_tlb_write, port_tlb_drop, port_tlb_drop_asid, port_putchar
        .text
port_start:
        la      t0, bare
        sw      t0, LC_VECTOR(zero)
        li      a7, HCALL_START
        li      a0, PARA_VERSION
        hcall
        ret
bare:   li      t1, PARA_NEEDED
        li      t0, DEV_POWER
        sw      t1, POWER_OFF(t0)
port_leave:
        sw      t0, 0x400(zero)
        la      t0, app_text
        sw      t0, 0x404(zero)
        lw      t0, 0x404(zero)
        jr      t0
port_tlb_write:
port_tlb_drop:
port_tlb_drop_asid:
port_putchar:
        ret
