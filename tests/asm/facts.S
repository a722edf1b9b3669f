/* facts.S - the machine facts, and where the loader has put initrd and boot arguments.
 *
 * expect: status 0
 * args: one two
 * options: --ram 8M
 * depths: 0 1 */
#include "check.inc"
_start: li      s0, DEV_FACTS
        lw      a0, FACTS_RAM(s0)
        CHECK(a0, 8 << 20)
        lw      a0, FACTS_TLB(s0)
        sltiu   a1, a0, 2
        CHECK(a1, 0)
        sltiu   a1, a0, 257
        CHECK(a1, 1)
        lw      a0, FACTS_HZ(s0)
        CHECK(a0, 100000000)
        lw      a0, FACTS_CPU(s0)
        CHECK(a0, 0)
        lw      s1, FACTS_ARGS(s0)
        lw      a0, FACTS_ARGS_SIZE(s0)
        CHECK(a0, 8)
        lw      a0, 0(s1)
        CHECK(a0, 0x00656E6F)           # "one"
        lw      a0, 4(s1)
        CHECK(a0, 0x006F7774)           # "two"
        slli    a0, s1, 32 - PAGE_SHIFT
        CHECK(a0, 0)
        lw      a1, FACTS_INITRD_SIZE(s0)
        beqz    a1, 1f
        la      a2, image_end           # the initrd begins the page after the image, the arguments that after it
        addi    a2, a2, 2047
        addi    a2, a2, 2048
        srli    a2, a2, PAGE_SHIFT
        slli    a2, a2, PAGE_SHIFT
        lw      a0, FACTS_INITRD(s0)
        CHECK_SAME(a0, a2)
        add     a0, a0, a1
        addi    a0, a0, 2047
        addi    a0, a0, 2048
        srli    a0, a0, PAGE_SHIFT
        slli    a0, a0, PAGE_SHIFT
        CHECK_SAME(s1, a0)
1:      PASS
        .bss
        .space  100
image_end:
