/* device.S - devices answer words, at the registers they have, in the directions they have them.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define FAULT(insn, cause, addr) li a1, addr; TRY(ST_U, 9, at_##insn); CHECK_WORD(LC_CAUSE, cause); \
  CHECK_WORD(LC_BADVA, addr); CHECK_WORD(LC_TIMER, 9); PC_WAS(at_##insn)
#define WIDTHS(addr) \
  FAULT(lb, CAUSE_LOAD_BUS, addr); FAULT(lbu, CAUSE_LOAD_BUS, addr); FAULT(lh, CAUSE_LOAD_BUS, addr); FAULT(lhu, CAUSE_LOAD_BUS, addr); \
  FAULT(sb, CAUSE_STORE_BUS, addr); FAULT(sh, CAUSE_STORE_BUS, addr)
#define NO_LOAD(addr) FAULT(lw, CAUSE_LOAD_BUS, addr)
#define NO_STORE(addr) FAULT(sw, CAUSE_STORE_BUS, addr)
#define NOTHING(addr) NO_LOAD(addr); NO_STORE(addr)
#define WORKS(insn, addr) li a1, addr; TRY(ST_U, 9, at_##insn); CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
_start: li      a0, 0
        WIDTHS(DEV_CONSOLE + CONSOLE_STATUS)
        WIDTHS(DEV_BLOCK + BLOCK_ADDR)
        WIDTHS(DEV_CLOCK + CLOCK_LO)
        WIDTHS(DEV_POWER + POWER_OFF)
        WIDTHS(DEV_FACTS + FACTS_RAM)
        FAULT(lw, CAUSE_LOAD_MISALIGNED, DEV_CONSOLE + 1)
        NO_STORE(DEV_CONSOLE + CONSOLE_STATUS)
        NOTHING(DEV_CONSOLE + 0xC)
        NOTHING(DEV_CONSOLE + 0xFFC)
        NO_LOAD(DEV_BLOCK + BLOCK_CMD)
        NO_STORE(DEV_BLOCK + BLOCK_STATUS)
        NO_STORE(DEV_BLOCK + BLOCK_SIZE)
        NOTHING(DEV_BLOCK + 0x18)
        NO_STORE(DEV_CLOCK + CLOCK_LO)
        NO_STORE(DEV_CLOCK + CLOCK_HI)
        NOTHING(DEV_CLOCK + 0x8)
        NO_LOAD(DEV_POWER + POWER_OFF)
        NOTHING(DEV_POWER + 4)
        NO_STORE(DEV_FACTS + FACTS_RAM)
        NO_STORE(DEV_FACTS + FACTS_HZ)
        NO_STORE(DEV_FACTS + FACTS_CPU)
        NOTHING(DEV_FACTS + 0x20)
        NOTHING(DEV_FACTS + 0xFFC)
        NOTHING(DEV_END)
        NOTHING(DEV_BASE - 4)
        WORKS(lw, DEV_CONSOLE + CONSOLE_CTRL)
        WORKS(sw, DEV_CONSOLE + CONSOLE_CTRL)
        li      a0, 0x1234
        WORKS(sw, DEV_BLOCK + BLOCK_SECTOR)
        WORKS(sw, DEV_BLOCK + BLOCK_ADDR)
        WORKS(sw, DEV_BLOCK + BLOCK_COUNT)
        li      a0, 0
        WORKS(lw, DEV_BLOCK + BLOCK_SECTOR)
        CHECK(a0, 0x1234)
        WORKS(lw, DEV_BLOCK + BLOCK_ADDR)
        CHECK(a0, 0x1234)
        WORKS(lw, DEV_BLOCK + BLOCK_COUNT)
        CHECK(a0, 0x1234)
        li      a0, -1
        WORKS(sw, DEV_CONSOLE + CONSOLE_CTRL)
        WORKS(lw, DEV_CONSOLE + CONSOLE_CTRL)
        CHECK(a0, CONSOLE_RX_IE)        # other bits read 0
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
