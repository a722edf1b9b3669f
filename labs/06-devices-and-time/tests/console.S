/* console.S - reads input by polling the console: `abcdefg` has been typed, and then the line hangs up. The boot argument
 * is the word of the console's page that is the register for several bytes. */
#include "probe.inc"
#define WAIT_FOR(bit) 1: lw a0, CONSOLE_STATUS(s0); andi a0, a0, bit; beqz a0, 1b
#define NEXT_IS(byte, what) WAIT_FOR(CONSOLE_RX | CONSOLE_HANGUP); CHECK(a0, CONSOLE_RX, "CONSOLE_STATUS while " what " waits"); \
  lw a1, CONSOLE_STATUS(s0); CHECK(a1, CONSOLE_RX, "CONSOLE_STATUS while " what " waits, at the second look"); \
  lw a1, CONSOLE_DATA(s0); CHECK(a1, byte, "CONSOLE_DATA: " what)
#define SEVERAL(value, what) lw a0, 0(s1); CHECK(a0, value, "the register for several bytes: " what)
_start: call    probe_seed
        slli    a0, a0, 2
        li      s0, DEV_CONSOLE
        add     s1, s0, a0
        NEXT_IS('a', "the first byte")
        NEXT_IS('b', "the second byte")
        NEXT_IS('c', "the third byte")
        SEVERAL(3 << 24 | 'f' << 16 | 'e' << 8 | 'd', "`d`, `e` and `f` wait, and `g`")
        lw      a0, CONSOLE_STATUS(s0)
        CHECK(a0, CONSOLE_RX, "CONSOLE_STATUS when one byte is left")
        SEVERAL(1 << 24 | 'g', "`g` waits")
        SEVERAL(0, "none waits")
        WAIT_FOR(CONSOLE_RX | CONSOLE_HANGUP)
        CHECK(a0, CONSOLE_HANGUP, "CONSOLE_STATUS when all has been taken and the line has hung up")
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, -1, "CONSOLE_DATA when there is no byte")
        lw      a0, CONSOLE_STATUS(s0)
        CHECK(a0, CONSOLE_HANGUP, "CONSOLE_STATUS after that")
        li      a0, 0x12345600 + 'X'    # the low byte goes out
        sw      a0, CONSOLE_DATA(s0)
        li      a0, 1 | 10 << 8 | 0xFF000000 # what comes behind a byte that is 0 does not go out
        sw      a0, 0(s1)
        sw      zero, 0(s1)
        PASS
