/* compiled.c - C that makes a compiler use what an assembler finds hard: jump tables, merged strings,
 * aliases, weak and common symbols, helper calls, functions named like mnemonics, inline assembly. */
#include <stdint.h>

struct record {
  int key;
  char bytes[10];
  struct {
    short half;
  } inner;
};

extern int external(const char *, ...);
extern int imported;
static int table[20];
int common_int;
int initialized = 5;
const char *const names[] = {"one", "two", "one"};

static inline int scale(int x) { return x * 3 + table[x & 15]; }

int fence(int x) {
  switch (x) {
  case 1: return 5;
  case 2: return external("two");
  case 3: return imported;
  case 4: return scale(x);
  case 5: return -1;
  case 6: return x / 7;
  default: return 0;
  }
}

__attribute__((weak)) int replaceable(void) { return 1; }
double product(double a, float b) { return a * b + 1.5; }
uint64_t wide(uint64_t a, uint64_t b) { return a / b + (a * b) % 10; }

void walk(struct record *r, int n) {
  for (int i = 0; i < n; i++) {
    r->bytes[i] = (char)scale(i);
    if (r->key == 0x12345678) r->inner.half++;
  }
  table[n] = common_int;
  replaceable();
  fence(n);
}

void (*pointer)(struct record *, int) = walk;
int alias(int) __attribute__((alias("fence")));

void large_frame(void) {
  char buf[100000];
  external(buf);
  __asm__ volatile("nop # comment\n1: j 1b; nop" ::: "memory");
}

int main(int argc, char **argv) {
  struct record r = {0};
  walk(&r, argc);
  if (argc > 5) __builtin_trap();
  return external("%s\n", argv[0], names[argc]) + initialized;
}
