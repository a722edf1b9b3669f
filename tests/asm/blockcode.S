/* blockcode.S - code that has run is loaded over by the block device: the new code runs.
 *
 * expect: status 0
 * disk: 4
 * depths: 0 1 2 */
#include "check.inc"
/* The sector and the page of a label: BLOCK_READ or BLOCK_WRITE. */
#define COMMAND(sector, label, cmd) \
  li a0, sector; sw a0, BLOCK_SECTOR(s0); la a0, label; sw a0, BLOCK_ADDR(s0); \
  li a0, 1; sw a0, BLOCK_COUNT(s0); li a0, cmd; sw a0, BLOCK_CMD(s0); \
  lw a0, BLOCK_STATUS(s0); CHECK(a0, BLOCK_OK)
#define RUNS(n) li a0, 0; call spot; call spot; la t0, spot; jalr ra, 0(t0); CHECK(a0, 3 * (n))
_start: li      s0, DEV_BLOCK
        COMMAND(0, one, BLOCK_WRITE)
        COMMAND(1, two, BLOCK_WRITE)
        li      s2, 20
again:  COMMAND(0, spot, BLOCK_READ)
        RUNS(1)
        COMMAND(1, spot, BLOCK_READ)
        RUNS(5)
        addi    s2, s2, -1
        bnez    s2, again
        PASS

        .balign PAGE_SIZE
one:    addi    a0, a0, 1
        ret
        .balign BLOCK_SECTOR_BYTES
two:    nop
        addi    a0, a0, 5
        ret
        .balign PAGE_SIZE
spot:   .zero   PAGE_SIZE
