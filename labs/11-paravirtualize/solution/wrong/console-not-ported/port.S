/* port.S - what depends on the machine, for a guest that knows that it is one: the queue, HCALL_IRET, the output ring. */
#include <isa/para.h>

        .globl  port_start, port_leave, port_tlb_write, port_tlb_drop, port_tlb_drop_asid, port_putchar
        .text

# port_start(): before all else. On a machine without a hypervisor it never returns.
port_start:
        la      t0, nobody
        sw      t0, LC_VECTOR(zero)     # without a hypervisor, hcall traps to there
        li      a7, HCALL_START
        li      a0, PARA_VERSION
        hcall
        bnez    a0, nobody              # another version
        ret
nobody: li      t0, DEV_POWER
        li      t1, PARA_NEEDED
        sw      t1, POWER_OFF(t0)

# Goes on where the low core says. All registers are the application's: none may change.
port_leave:
        sw      a7, PARA_A7(zero)
        li      a7, HCALL_IRET
        hcall
refused:
        li      t0, DEV_POWER
        li      t1, 125
        sw      t1, POWER_OFF(t0)

# port_tlb_write(a0 = hi, a1 = lo): an entry, as tlbw has it, before the application goes on
port_tlb_write:
        lw      t0, PARA_NOPS(zero)
        li      t1, PARA_OPS_MAX
        bltu    t0, t1, 1f
        mv      t2, a0                  # the queue is full
        li      a7, HCALL_FLUSH
        hcall
        bnez    a0, refused
        mv      a0, t2
        li      t0, 0
1:      slli    t1, t0, 3
        sw      a0, PARA_OPS(t1)
        sw      a1, PARA_OPS+4(t1)
        addi    t0, t0, 1
        sw      t0, PARA_NOPS(zero)
        ret

# port_tlb_drop(a0 = hi): from now on there is no entry for that page in that ASID
port_tlb_drop:
        ori     a0, a0, PARA_OP_PAGE
        j       port_tlb_write

# port_tlb_drop_asid(a0 = ASID): there is no entry in that ASID
port_tlb_drop_asid:
        ori     a0, a0, PARA_OP_ASID
        j       port_tlb_write

# port_putchar(a0 = byte): to the console, with the line or when the ring is full
port_putchar:
        li      t0, DEV_CONSOLE
        sw      a0, CONSOLE_DATA(t0)
        ret
