/* access.S - which accesses of a device's page are answered: those of whole words, at registers that exist, in a
 * direction that they have. Any other one is a bus error without an effect. Each register of the processor must work.
 * */
#include "probe.inc"
#define FAULT(insn, cause, addr, what) li a1, addr; TRY(ST_U, 9, at_##insn); CAUSE_IS(cause, what); BADVA_IS(addr, what); \
  PC_IS(at_##insn, what); TIMER_IS(9, what)
#define WIDTHS(addr, name) \
  FAULT(lb, CAUSE_LOAD_BUS, addr, "lb from " name); FAULT(lbu, CAUSE_LOAD_BUS, addr, "lbu from " name); \
  FAULT(lh, CAUSE_LOAD_BUS, addr, "lh from " name); FAULT(lhu, CAUSE_LOAD_BUS, addr, "lhu from " name); \
  FAULT(sb, CAUSE_STORE_BUS, addr, "sb to " name); FAULT(sh, CAUSE_STORE_BUS, addr, "sh to " name)
#define NO_LOAD(addr, name) FAULT(lw, CAUSE_LOAD_BUS, addr, "a load from " name)
#define NO_STORE(addr, name) FAULT(sw, CAUSE_STORE_BUS, addr, "a store to " name)
#define NOTHING(addr, name) NO_LOAD(addr, name); NO_STORE(addr, name)
#define WORKS(insn, addr, what) li a1, addr; TRY(ST_U, 9, at_##insn); CAUSE_IS(CAUSE_BREAK, what); TIMER_IS(7, what ", TIMER loaded with 9, then a break")
_start: li      a0, 0x1234
        WIDTHS(DEV_CONSOLE + CONSOLE_STATUS, "CONSOLE_STATUS")
        WIDTHS(DEV_CLOCK + CLOCK_LO, "CLOCK_LO")
        WIDTHS(DEV_POWER + POWER_OFF, "POWER_OFF")
        WIDTHS(DEV_FACTS + FACTS_RAM, "FACTS_RAM")
        NO_STORE(DEV_CONSOLE + CONSOLE_STATUS, "CONSOLE_STATUS, which is read-only")
        NOTHING(DEV_CONSOLE + 0xC, "the console, offset 0xC, where nothing is")
        NOTHING(DEV_CONSOLE + 0xFFC, "the console, offset 0xFFC, where nothing is")
        NO_STORE(DEV_CLOCK + CLOCK_LO, "CLOCK_LO, which is read-only")
        NO_STORE(DEV_CLOCK + CLOCK_HI, "CLOCK_HI, which is read-only")
        NOTHING(DEV_CLOCK + 0x8, "the clock, offset 8, where nothing is")
        NO_LOAD(DEV_POWER + POWER_OFF, "POWER_OFF, which is write-only")
        NOTHING(DEV_POWER + 4, "the power device, offset 4, where nothing is")
        NO_STORE(DEV_FACTS + FACTS_RAM, "FACTS_RAM, which is read-only")
        NOTHING(DEV_FACTS + 0x20, "the facts, offset 0x20, where nothing is")
        NOTHING(DEV_END, "the page behind the devices")
        CHECK(a0, 0x1234, "a0, after so many loads that failed")

        li      a0, -1
        WORKS(sw, DEV_CONSOLE + CONSOLE_CTRL, "a store to CONSOLE_CTRL")
        WORKS(lw, DEV_CONSOLE + CONSOLE_CTRL, "a load from CONSOLE_CTRL")
        CHECK(a0, CONSOLE_RX_IE, "CONSOLE_CTRL after a store of -1: other bits read 0")
        li      a1, DEV_CONSOLE
        sw      zero, CONSOLE_CTRL(a1)
        lw      t6, CONSOLE_CTRL(a1)
        CHECK(t6, 0, "CONSOLE_CTRL after a store of zero, loaded into t6")
        li      t6, CONSOLE_RX_IE
        sw      t6, CONSOLE_CTRL(a1)
        lw      ra, CONSOLE_CTRL(a1)
        CHECK(ra, CONSOLE_RX_IE, "CONSOLE_CTRL after a store of t6, loaded into ra")
        lw      a1, CONSOLE_CTRL(a1)    # into the register that the address came from
        CHECK(a1, CONSOLE_RX_IE, "CONSOLE_CTRL, loaded into the register that held the address")
        li      a1, DEV_FACTS
        lw      zero, FACTS_RAM(a1)
        CHECK(zero, 0, "register zero after a load from a device")
        li      a2, DEV_CONSOLE
        lw      zero, CONSOLE_CTRL(a2)  # 1, from above
        sw      zero, CONSOLE_CTRL(a2)
        lw      a3, CONSOLE_CTRL(a2)
        CHECK(a3, 0, "CONSOLE_CTRL after a load of it into register zero and a store of register zero")
        lw      a2, FACTS_TLB(a1)
        sltiu   a3, a2, 2
        CHECK(a3, 0, "whether FACTS_TLB is below 2")
        lw      a2, FACTS_HZ(a1)
        sltiu   a3, a2, 1000
        CHECK(a3, 0, "whether FACTS_HZ is below 1000")
        lw      a2, FACTS_RAM(a1)
        lw      a3, -4(a2)              # its last word is there
        CHECK(a3, 0, "the last word of RAM, by FACTS_RAM")
        lw      a2, FACTS_ARGS_SIZE(a1)
        CHECK(a2, 8, "FACTS_ARGS_SIZE, the arguments being `one two`")
        lw      a2, FACTS_CPU(a1)
        CHECK(a2, 0, "FACTS_CPU, on a CPU without a feature that it tells")
        lw      a2, FACTS_ARGS(a1)
        lbu     a3, 4(a2)
        CHECK(a3, 't', "byte 4 of the arguments, which are `one two`")
        PASS
at_lb:  lb      a0, 0(a1)
        break
at_lbu: lbu     a0, 0(a1)
        break
at_lh:  lh      a0, 0(a1)
        break
at_lhu: lhu     a0, 0(a1)
        break
at_lw:  lw      a0, 0(a1)
        break
at_sb:  sb      a0, 0(a1)
        break
at_sh:  sh      a0, 0(a1)
        break
at_sw:  sw      a0, 0(a1)
        break
