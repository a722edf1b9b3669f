/* scopes.c - where values hide: in registers, in blocks within blocks, in arrays whose size is computed, behind
 * pointers, in types within types. values.t asks the debugger and, of the same program on the host, gdb.
 *
 * `ask F: ...; ...` in a comment: when the function F has been called, its caller is asked for these expressions;
 * with `up N`, the Nth caller. */
#include <stdbool.h>

#define ASK(f) \
  __attribute__((noinline)) void f(void) { __asm__ volatile("" : : : "memory"); }
#define KEEP(x) __asm__ volatile("" : : "r"(&(x)) : "memory")
/* In a register, or in several, whatever the compiler knows about the value. */
#define HIDE(x) __asm__ volatile("" : "+r"(x))
#define USE(x) __asm__ volatile("" : : "r"(x))

/* ---- locals and arguments in registers ---- */

enum hue { RED = -3, BLUE = 8 };
enum large { LITTLE, HUGE_ONE = 4000000000u };
enum { NAMELESS = 77 } nameless = NAMELESS;
struct point {
  int x, y;
};
struct thing {
  enum hue hue : 5;
  bool yes : 1;
  unsigned char small : 2;
  const struct point at;
  struct point *to;
};

ASK(in_registers)
/* ask in_registers: i; u; s; us; c; sc; uc; b; h; hi; p; *p; p->y; f; f[3]; fn; 2 * i + u; i < u; sizeof(i); c == 'k'; -u; us + 1; uc > sc; h == RED; q; q.y */
__attribute__((noinline)) int registers(int i, unsigned u, struct point *p) {
  short s = -5;
  unsigned short us = 65535;
  char c = 'k';
  signed char sc = -1;
  unsigned char uc = 255;
  bool b = true;
  enum hue h = RED;
  enum large hi = HUGE_ONE;
  int (*fn)(int, unsigned, struct point *) = registers;
  const char *f = "in a register";
  HIDE(i);
  HIDE(u);
  HIDE(p);
  HIDE(s);
  HIDE(us);
  HIDE(c);
  HIDE(sc);
  HIDE(uc);
  HIDE(h);
  HIDE(fn);
  HIDE(f);
  HIDE(hi);
  struct point q = *p;
  HIDE(q.x);
  HIDE(q.y);
  in_registers();
  USE(q.x);
  USE(q.y);
  USE(i);
  USE(u);
  USE(p);
  USE(s);
  USE(us);
  USE(c);
  USE(sc);
  USE(uc);
  USE(b);
  USE(h);
  USE(fn);
  USE(f);
  USE(hi);
  return 0;
}

ASK(in_pairs)
/* ask in_pairs: l; u; l + 1; l / 1000; u >> 32; u > 1; (int)u; -l; l < 0; sizeof(l); u * 3; l % 7 */
__attribute__((noinline)) void pairs(long long l, unsigned long long u) {
  KEEP(l);
  KEEP(u);
  in_pairs();
  KEEP(l);
  KEEP(u);
}

/* ---- blocks within blocks ---- */

int name = 1;
static int own = 100;
ASK(outermost)
ASK(outer)
ASK(inner)
ASK(innermost)
ASK(outer_again)

/* ask outermost: name; own; counter
 * ask outer: name; own; counter
 * ask inner: name; own; counter
 * ask innermost: name; own; counter; name[2]; sizeof(name)
 * ask outer_again: name; own; counter */
__attribute__((noinline)) void scopes(int own) {
  static int counter = 40;
  counter++;
  KEEP(counter);
  KEEP(own);
  KEEP(name);
  outermost();
  KEEP(own);
  {
    int name = 2;
    KEEP(name);
    outer();
    for (int counter = 5; counter < 6; counter++) {
      KEEP(counter);
      inner();
      KEEP(counter);
      {
        char name[] = "block";
        KEEP(name);
        innermost();
        KEEP(name);
      }
    }
    outer_again();
    KEEP(name);
  }
  KEEP(own);
}

ASK(other_static)
/* ask other_static: counter; own; name; scopes::counter */
__attribute__((noinline)) void other(void) {
  static unsigned counter = 9;
  KEEP(counter);
  KEEP(own);
  other_static();
  KEEP(counter);
}

/* ---- recursion: which frame's? ---- */

ASK(at_the_bottom)
/* ask at_the_bottom: n; square
 * ask at_the_bottom up 2: n; square
 * ask at_the_bottom up 3: n; square */
__attribute__((noinline)) int recursive(int n) {
  int square = n * n;
  HIDE(n);
  HIDE(square);
  if (n == 0) at_the_bottom();
  if (n > 0) square += recursive(n - 1) * 0;
  USE(n);
  USE(square);
  return square;
}

/* ---- types within types ---- */

struct list {
  struct list *next;
  int value;
  union {
    struct {
      unsigned low : 12, high : 20;
    };
    unsigned word;
    unsigned char bytes[4];
  };
  int (*call)(int);
};
struct flexible {
  int n;
  short rest[];
};
typedef struct list *link;
typedef const volatile int fixed;
typedef int (*maker(int))(int);

int twice(int n) { return 2 * n; }
int thrice(int n) { return 3 * n; }
struct list second = {0, 22, {{1, 2}}, thrice}, first = {&second, 11, {{0xabc, 0x12345}}, twice};
link head = &first, *to_head = &head;
int cube[2][3][2] = {{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}};
int (*rows)[3][2] = cube;
int *pointers[3] = {&cube[0][1][0], 0, &cube[1][2][1]};
int (*calls[2])(int) = {twice, thrice};
const char *const *texts = (const char *const[]){"zero", "one", "two"};
char long_text[300], no_end[4] = {'f', 'o', 'u', 'r'}, several[8] = "ab\0cd";
unsigned char high[] = {0x80, 0xff, 'A', 0};
struct {
  struct flexible f;
  short room[3];
} tail = {{2}, {-1, -2, -3}};
struct thing thing = {BLUE, true, 3, {5, 6}, &(struct point){7, 8}};
struct never *incomplete = (struct never *)&first;
extern int unknown_size[];
int unknown_size[3] = {1, 2, 3};
fixed steady = 12;
bool truths[3] = {true, false, true};
double doubles[2] = {0.1, -1e-7};
void *nowhere, *somewhere = &cube;

ASK(types)
/* ask types: first.value; first.low; first.high; first.word; first.bytes; head->value; head->next->value; head->next->low
 * ask types: (*to_head)->value; (**to_head).word; head->next->next == 0; head->call; calls[1]; *calls[0]; second.call
 * ask types: cube; cube[1]; cube[1][2]; cube[1][2][0]; **cube; ***cube; *rows; rows[1][0][1]; (*rows)[2][1]; *pointers[0]
 * ask types: *pointers[2]; pointers[2] - pointers[0]; &cube[1] - &cube[0]; sizeof(cube); sizeof(cube[0]); sizeof(*rows)
 * ask types: texts[1]; *texts[2]; texts[0][1]; long_text; no_end; several; high; high[1]; &several[3]; tail.f.n; tail.room
 * ask types: thing.hue; thing.yes; thing.small; thing.at; thing.to->y; *thing.to; thing.hue == BLUE; thing.yes + 1
 * ask types: nameless; NAMELESS; HUGE_ONE; RED; (enum hue)-3; (enum hue)8; (enum hue)1; unknown_size; unknown_size[2]
 * ask types: steady; truths; truths[1]; doubles; doubles[0] * 10; (int)doubles[1]; (char)65; (short)-1; (unsigned char)300
 * ask types: nowhere == 0; ((struct point *)somewhere)->y; *(struct point *)somewhere; ((int *)somewhere)[3]
 * ask types: (long long)1 << 40; 1ull << 63; -1 >> 1; -1u >> 1; sizeof(thing.at); tail.f.rest[1]; !head; head && 1; ~0
 * ask types: 1 ? 2 : 3; 07 + 0x1f; 'a' + 1; '\n'; -5 / 2; -5 % 3; 5u - 6; 1.5 + 1; 3 / 2.0; 1 == 1.0; (float)0.1 */
__attribute__((noinline)) void all_types(void) { types(); }

/* ---- a size that is computed ---- */

ASK(variable)
/* ask variable: n; array; array[1]; sizeof(array); *array; grid; grid[1]; grid[1][2] */
__attribute__((noinline)) void vla(int n) {
  HIDE(n);
  int array[n];
  short grid[3][n];
  for (int i = 0; i < n; i++) array[i] = 10 * i;
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < n; k++) grid[i][k] = (short)(10 * i + k);
  KEEP(array);
  KEEP(grid);
  variable();
  KEEP(array);
  USE(sizeof grid[0] / sizeof grid[0][0]);
  KEEP(grid);
  USE(n);
}

int main(void) {
  struct point p = {3, 4};
  for (int i = 0; i < 299; i++) long_text[i] = (char)('a' + i % 26);
  registers(-7, 4000000000u, &p);
  pairs(-5000000000, 18000000000000000000u);
  scopes(7);
  other();
  recursive(3);
  all_types();
  vla(4);
  KEEP(p);
  return 0;
}
