/* console.S - reads input by polling the console: `abc` has been typed, and then the line hangs up. */
#include "probe.inc"
#define WAIT_FOR(bit) 1: lw a0, CONSOLE_STATUS(s0); andi a0, a0, bit; beqz a0, 1b
#define NEXT_IS(byte, what) WAIT_FOR(CONSOLE_RX | CONSOLE_HANGUP); CHECK(a0, CONSOLE_RX, "CONSOLE_STATUS while " what " waits"); \
  lw a1, CONSOLE_STATUS(s0); CHECK(a1, CONSOLE_RX, "CONSOLE_STATUS while " what " waits, at the second look"); \
  lw a1, CONSOLE_DATA(s0); CHECK(a1, byte, "CONSOLE_DATA: " what)
_start: li      s0, DEV_CONSOLE
        NEXT_IS('a', "the first byte")
        NEXT_IS('b', "the second byte")
        NEXT_IS('c', "the third byte")
        WAIT_FOR(CONSOLE_RX | CONSOLE_HANGUP)
        CHECK(a0, CONSOLE_HANGUP, "CONSOLE_STATUS when all has been taken and the line has hung up")
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, -1, "CONSOLE_DATA when there is no byte")
        lw      a0, CONSOLE_STATUS(s0)
        CHECK(a0, CONSOLE_HANGUP, "CONSOLE_STATUS after that")
        li      a0, 0x12345600 + 'X'    # the low byte goes out
        sw      a0, CONSOLE_DATA(s0)
        li      a0, 10
        sw      a0, CONSOLE_DATA(s0)
        PASS
