/* life - Conway's game on a torus of bytes. */
#include "bench.h"

#define SIDE 128
#define TURNS 1500

static uint8_t board[2][SIDE][SIDE];

static void turn(const uint8_t now[SIDE][SIDE], uint8_t then[SIDE][SIDE]) {
  for (int y = 0; y < SIDE; y++) {
    const uint8_t *above = now[(y + SIDE - 1) % SIDE], *here = now[y], *under = now[(y + 1) % SIDE];
    for (int x = 0; x < SIDE; x++) {
      const int l = (x + SIDE - 1) % SIDE, r = (x + 1) % SIDE;
      const int around = above[l] + above[x] + above[r] + here[l] + here[r] + under[l] + under[x] + under[r];
      then[y][x] = around == 3 || (around == 2 && here[x]);
    }
  }
}

uint32_t bench(void) {
  uint32_t seed = 12, sum = 0;
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) board[0][y][x] = bench_random(&seed) & 1;
  for (int t = 0; t < TURNS; t++) {
    turn(board[t & 1], board[~t & 1]);
    for (int x = 0; x < SIDE; x++) sum = bench_mix(sum, board[~t & 1][t % SIDE][x]);
  }
  return sum;
}
