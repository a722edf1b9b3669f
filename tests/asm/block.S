/* block.S - the block device: reads, writes, several sectors, and what it refuses.
 *
 * expect: status 0
 * disk: 4
 * depths: 0 1 */
#include "check.inc"
#define COMMAND(sector, addr, count, cmd, outcome) \
  li a0, sector; sw a0, BLOCK_SECTOR(s0); li a0, addr; sw a0, BLOCK_ADDR(s0); \
  li a0, count; sw a0, BLOCK_COUNT(s0); li a0, cmd; sw a0, BLOCK_CMD(s0); \
  lw a0, BLOCK_STATUS(s0); CHECK(a0, outcome)
#define BUFFER 0x00100000
#define WORD_IS(offset, value) li a0, BUFFER + (offset); lw a0, 0(a0); CHECK(a0, value)
#define AAAA 0x61616161
#define BBBB 0x62626262
#define CCCC 0x63636363
#define DDDD 0x64646464
_start: li      s0, DEV_BLOCK
        lw      a0, BLOCK_SIZE(s0)
        CHECK(a0, 4)
        COMMAND(0, BUFFER, 1, BLOCK_READ, BLOCK_OK)
        WORD_IS(0, AAAA)
        WORD_IS(508, AAAA)
        WORD_IS(512, 0)
        COMMAND(1, BUFFER + 4, 2, BLOCK_READ, BLOCK_OK) # two, to a word boundary
        WORD_IS(0, AAAA)
        WORD_IS(4, BBBB)
        WORD_IS(512, BBBB)
        WORD_IS(516, CCCC)
        WORD_IS(1024, CCCC)
        WORD_IS(1028, 0)
        COMMAND(3, BUFFER + 512, 1, BLOCK_WRITE, BLOCK_OK)      # 1 word b, the rest c
        COMMAND(3, BUFFER + 4096, 1, BLOCK_READ, BLOCK_OK)
        WORD_IS(4096, BBBB)
        WORD_IS(4100, CCCC)
        COMMAND(2, BUFFER, 1, BLOCK_READ, BLOCK_OK)             # the neighbour is as it was
        WORD_IS(0, CCCC)
        WORD_IS(508, CCCC)

        # what fails transfers nothing, and the status tells
        COMMAND(4, BUFFER, 1, BLOCK_READ, BLOCK_BAD_SECTOR)
        COMMAND(3, BUFFER, 2, BLOCK_READ, BLOCK_BAD_SECTOR)
        COMMAND(0xFFFFFFFF, BUFFER, 2, BLOCK_READ, BLOCK_BAD_SECTOR)
        COMMAND(1, BUFFER, 0xFFFFFFFF, BLOCK_WRITE, BLOCK_BAD_SECTOR)
        COMMAND(0, BUFFER + 2, 1, BLOCK_READ, BLOCK_BAD_ADDR)
        COMMAND(0, DEV_CONSOLE, 1, BLOCK_READ, BLOCK_BAD_ADDR)
        COMMAND(0, 0xFFFFFFFC, 1, BLOCK_READ, BLOCK_BAD_ADDR)
        li      t0, DEV_FACTS
        lw      s1, FACTS_RAM(t0)
        COMMAND(0, BUFFER, 1, 3, BLOCK_BAD_CMD)
        COMMAND(0, BUFFER, 1, 0, BLOCK_BAD_CMD)
        WORD_IS(0, CCCC)
        addi    a0, s1, -508                                    # one word too far
        sw      a0, BLOCK_ADDR(s0)
        li      a0, BLOCK_READ
        sw      a0, BLOCK_CMD(s0)
        lw      a0, BLOCK_STATUS(s0)
        CHECK(a0, BLOCK_BAD_ADDR)
        lw      a0, -4(s1)
        CHECK(a0, 0)
        addi    a0, s1, -512                                    # just inside
        sw      a0, BLOCK_ADDR(s0)
        li      a0, BLOCK_READ
        sw      a0, BLOCK_CMD(s0)
        lw      a0, BLOCK_STATUS(s0)
        CHECK(a0, BLOCK_OK)
        lw      a0, -4(s1)
        CHECK(a0, AAAA)

        # DMA into code is seen by the next fetch
        li      a0, WORD_I(PG32_OP_addi, 11, 0, 7)
        li      t0, BUFFER
        sw      a0, 0(t0)
        li      a0, PG32_OP_break << 25
        sw      a0, 4(t0)
        COMMAND(0, BUFFER, 1, BLOCK_WRITE, BLOCK_OK)
        li      a0, WORD_I(PG32_OP_addi, 11, 0, 9)
        sw      a0, 0(t0)
        TRY_VA(0, 0, BUFFER)
        CHECK(a1, 9)
        COMMAND(0, BUFFER, 1, BLOCK_READ, BLOCK_OK)
        TRY_VA(0, 0, BUFFER)
        CHECK(a1, 7)
        PASS
