/* port.S - what depends on the machine, as it is without a hypervisor. Port it: README.md says how.
 *
 * A function may change ra, t0 to t6 and a0 to a7. From 0x400 to 0x7FF, page 0 is yours. */
#include <isa/para.h>

        .globl  port_start, port_leave, port_tlb_write, port_tlb_drop, port_tlb_drop_asid, port_putchar
        .text

# port_start(): before all else. On a machine without a hypervisor it never returns.
port_start:
        ret

# Goes on where the low core says. All registers are the application's: none may change.
port_leave:
        rfe

# port_tlb_write(a0 = hi, a1 = lo): an entry, as tlbw has it, before the application goes on
port_tlb_write:
        tlbw    a0, a1
        ret

# port_tlb_drop(a0 = hi): from now on there is no entry for that page in that ASID
port_tlb_drop:
        tlbi    a0, TLBI_PAGE
        ret

# port_tlb_drop_asid(a0 = ASID): there is no entry in that ASID
port_tlb_drop_asid:
        tlbi    a0, TLBI_ASID
        ret

# port_putchar(a0 = byte): to the console
port_putchar:
        li      t0, DEV_CONSOLE
        sw      a0, CONSOLE_DATA(t0)
        ret
