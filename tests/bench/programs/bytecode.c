/* bytecode - an interpreter of a stack machine with a `switch`, which runs a program of two nested loops. */
#include "bench.h"

#define TURNS 6000
#define INNER 200

enum { PUSH, LOAD, STORE, ADD, MUL, XOR, MASK, LESS, JUMP, JUMP_IF_NOT, PEEK, POKE, HALT };
enum { I, J, SUM, VARIABLES };

static int32_t program[128], variable[VARIABLES], memory[64];
static int length;

static int emit(int32_t op, int32_t operand) {
  program[length++] = op;
  program[length++] = operand;
  return length - 1; /* where the operand is, to be put right */
}

/* The variable is one more, and the loop goes round again. */
static void next_turn(int32_t name, int32_t top, int out) {
  emit(LOAD, name), emit(PUSH, 1), emit(ADD, 0), emit(STORE, name), emit(JUMP, top);
  program[out] = length;
}

/* for i: { for j: memory[j & 63] = memory[i * 7 & 63] * 3 + (j ^ i); sum ^= memory[i & 63]; } */
static void write_program(void) {
  length = 0;
  emit(PUSH, 0), emit(STORE, I);
  const int32_t outer = length;
  emit(LOAD, I), emit(PUSH, TURNS), emit(LESS, 0);
  const int done = emit(JUMP_IF_NOT, 0);
  emit(PUSH, 0), emit(STORE, J);
  const int32_t inner = length;
  emit(LOAD, J), emit(PUSH, INNER), emit(LESS, 0);
  const int inner_done = emit(JUMP_IF_NOT, 0);
  emit(LOAD, I), emit(PUSH, 7), emit(MUL, 0), emit(MASK, 63), emit(PEEK, 0), emit(PUSH, 3), emit(MUL, 0);
  emit(LOAD, J), emit(LOAD, I), emit(XOR, 0), emit(ADD, 0);
  emit(LOAD, J), emit(MASK, 63), emit(POKE, 0);
  next_turn(J, inner, inner_done);
  emit(LOAD, SUM), emit(LOAD, I), emit(MASK, 63), emit(PEEK, 0), emit(XOR, 0), emit(STORE, SUM);
  next_turn(I, outer, done);
  emit(HALT, 0);
}

static void run(void) {
  int32_t stack[16], *top = stack;
  const int32_t *at = program;
  for (;;) {
    const int32_t op = at[0], operand = at[1];
    at += 2;
    switch (op) {
    case PUSH: *top++ = operand; break;
    case LOAD: *top++ = variable[operand]; break;
    case STORE: variable[operand] = *--top; break;
    case ADD: top--, top[-1] = (int32_t)((uint32_t)top[-1] + (uint32_t)top[0]); break;
    case MUL: top--, top[-1] = (int32_t)((uint32_t)top[-1] * (uint32_t)top[0]); break;
    case XOR: top--, top[-1] ^= top[0]; break;
    case MASK: top[-1] &= operand; break;
    case LESS: top--, top[-1] = top[-1] < top[0]; break;
    case JUMP: at = program + operand; break;
    case JUMP_IF_NOT:
      if (!*--top) at = program + operand;
      break;
    case PEEK: top[-1] = memory[top[-1]]; break;
    case POKE: top -= 2, memory[top[1]] = top[0]; break;
    default: return;
    }
  }
}

uint32_t bench(void) {
  uint32_t seed = 4;
  for (int i = 0; i < 64; i++) memory[i] = (int32_t)bench_random(&seed);
  write_program();
  run();
  return (uint32_t)variable[SUM];
}
