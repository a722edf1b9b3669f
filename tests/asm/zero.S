/* zero.S - register 0 reads 0 after every kind of write to it; a load to it still happens.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define Z CHECK(zero, 0)
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   li      a1, 5
        add     zero, a1, a1
        Z
        addi    zero, a1, 1
        Z
        mul     zero, a1, a1
        Z
        div     zero, a1, a1
        Z
        lui     zero, 5
        Z
        auipc   zero, 5
        Z
        la      a0, data
        sw      a1, 0(a0)
        lw      zero, 0(a0)
        Z
        lb      zero, 0(a0)
        Z
        jal     zero, 1f
1:      Z
        la      a0, 2f
        jalr    zero, 0(a0)
2:      Z
        nop
        Z
        break
        .balign PAGE_SIZE
data:   .space  8
