/* mem.S - loads and stores: byte order, sign extension, offsets, what a narrow store leaves alone.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define LOAD(op, at, z) op a0, at(s0); CHECK(a0, z)
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   la      s0, data
        li      a1, 0x8182F384
        sw      a1, 0(s0)
        LOAD(lw, 0, 0x8182F384)
        LOAD(lb, 0, 0xFFFFFF84)                 # little endian: the low byte comes first
        LOAD(lb, 1, 0xFFFFFFF3)
        LOAD(lb, 3, 0xFFFFFF81)
        LOAD(lbu, 0, 0x84)
        LOAD(lbu, 3, 0x81)
        LOAD(lh, 0, 0xFFFFF384)
        LOAD(lh, 2, 0xFFFF8182)
        LOAD(lhu, 0, 0xF384)
        LOAD(lhu, 2, 0x8182)
        li      a1, 0x7F017F02
        sw      a1, 0(s0)
        LOAD(lb, 1, 0x7F)                       # no sign to extend
        LOAD(lh, 2, 0x7F01)
        li      a1, -1
        sw      a1, 0(s0)
        sw      a1, 4(s0)
        li      a1, 0x11223344
        sb      a1, 1(s0)
        LOAD(lw, 0, 0xFFFF44FF)
        sh      a1, 2(s0)
        LOAD(lw, 0, 0x334444FF)
        LOAD(lw, 4, 0xFFFFFFFF)
        sb      zero, 3(s0)
        LOAD(lw, 0, 0x004444FF)
        li      t0, 8191                        # the ends of a 15-bit offset
        addi    t0, t0, 8191
        add     t0, t0, s0
        sb      a1, -16382(t0)
        LOAD(lw, 0, 0x00444444)
        li      t0, -16383
        add     t0, t0, s0
        li      a2, 0x55
        sb      a2, 16383(t0)
        LOAD(lbu, 0, 0x55)
        mv      a1, s0                          # the base may be the destination
        lw      a1, 0(a1)
        CHECK(a1, 0x00444455)
        sw      s0, 8(s0)                       # and the base what is stored
        lw      a1, 8(s0)
        CHECK_SAME(a1, s0)
        break
        .balign PAGE_SIZE
data:   .space  PAGE_SIZE
