/* nodisk.S - without a disk the block device has no sectors.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: li      s0, DEV_BLOCK
        lw      a0, BLOCK_SIZE(s0)
        CHECK(a0, 0)
        li      a0, 0x00100000
        sw      a0, BLOCK_ADDR(s0)
        li      a0, 1
        sw      a0, BLOCK_COUNT(s0)
        li      a0, BLOCK_READ
        sw      a0, BLOCK_CMD(s0)
        lw      a0, BLOCK_STATUS(s0)
        CHECK(a0, BLOCK_BAD_SECTOR)
        PASS
