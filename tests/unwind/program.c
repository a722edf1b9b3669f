/* program.c - functions of every kind, for test_unwind: frames large and small, of variable size, none at all,
 * tail calls, jump tables, early returns, calls that do not return, longjmp. The first argument of each is called n
 * and never changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN __attribute__((__noinline__))

volatile int sink;
jmp_buf back;

OWN int leaf(int n) { return n * 3 + 1; }

OWN int small(int n) { return leaf(n) + leaf(n + 1); }

OWN int many(int n, int b, int c, int d, int e, int f, int g, int h, int i, int j) {
  return small(n) + b * c + d * e + f * g + h * i + small(j) + b + d + f + h + j;
}

OWN int recursive(int n) { return n < 2 ? leaf(n) : recursive(n - 1) + recursive(n - 2); }

OWN int large(int n) {
  volatile int space[3000];
  space[n] = small(n);
  space[n + 2900] = leaf(n);
  return space[n] + space[n + 2900];
}

OWN int variable(int n) {
  int space[n + 1];
  for (int i = 0; i <= n; i++) space[i] = leaf(i);
  if (n > 20) return small(n);
  return space[n] + small(space[0]);
}

OWN int from_alloca(int n) {
  char *text = NULL;
  if (n & 1) text = __builtin_alloca((size_t)n * 8);
  sink = small(n);
  if (text) memset(text, n, (size_t)n * 8);
  return text ? text[3] + leaf(n) : leaf(n);
}

/* Most calls return before there is a frame. */
OWN int early(int n) {
  if (n < 3) return n;
  int sum = 0;
  for (int i = 0; i < 3; i++) sum += small(i + n) * i;
  if (sum == 17) return 1;
  return sum + leaf(sum);
}

OWN int tail(int n) { return n > 5 ? small(n) : leaf(n); }

static int (*volatile pointer)(int) = small;
OWN int tail_by_pointer(int n) { return pointer(n); }
OWN int tail_with_frame(int n) {
  sink = leaf(n);
  return pointer(sink);
}

OWN int table(int n) {
  switch (n) {
  case 0: return leaf(n);
  case 1: return small(n) + 2;
  case 2: sink = leaf(n); return 7;
  case 3: return variable(n);
  case 4: return n;
  case 5: return leaf(leaf(n));
  case 6: sink = 9; break;
  default: return tail(n);
  }
  return small(n) - 1;
}

OWN _Noreturn void out(int n) {
  sink = leaf(n);
  longjmp(back, n);
}

OWN int may_not_return(int n) {
  if (n > 3) out(n);
  return small(n) + 1;
}

OWN int jumps(int n) {
  const int got = setjmp(back);
  if (got) return small(got);
  sink = may_not_return(n);
  return sink + leaf(n);
}

struct big {
  int word[9];
};
OWN struct big structure(int n) {
  struct big b = {{n, small(n), leaf(n)}};
  b.word[8] = leaf(b.word[1]);
  return b;
}

OWN int variadic(int n, ...) {
  va_list ap;
  int sum = 0;
  va_start(ap, n);
  for (int i = 0; i < n; i++) sum += leaf(va_arg(ap, int));
  va_end(ap);
  return sum;
}

static inline __attribute__((__always_inline__)) int inner(int n) { return small(n) * 2; }
static inline __attribute__((__always_inline__)) int outer(int n) { return inner(n + 1) + leaf(n); }
OWN int inlined(int n) { return outer(n) - 1; }

OWN long long wide(int n) { return (long long)n * 1000000007 / (n + 3) + small(n); }

OWN int compare(const void *a, const void *b) { return *(const int *)a - leaf(*(const int *)b) / 3; }
OWN int sorted(int n) {
  int some[5] = {4, 1, n, 2, 7};
  qsort(some, 5, sizeof some[0], compare);
  return some[2];
}

OWN _Noreturn void last(int n) {
  sink = small(n);
  printf("%d\n", n);
  exit(0);
}

#ifdef FRAMES
int in_register(int n), other_stack(int n), wrapped(int n), pointing(int n); /* frames.S */
#else
#define in_register small
#define wrapped leaf
#define pointing small
#define other_stack recursive
#endif

int main(void) {
  int sum = many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) + recursive(5) + large(7) + variable(4) + variable(21);
  sum += from_alloca(2) + from_alloca(5) + early(1) + early(4) + tail(3) + tail(9) + tail_by_pointer(3);
  sum += tail_with_frame(2) + jumps(2) + jumps(6) + structure(3).word[8] + variadic(3, 5, 6, 7) + inlined(4);
  for (int i = 0; i < 9; i++) sum += table(i);
  sum += (int)wide(sum) + sorted(3) + snprintf(NULL, 0, "%s %5d %x", "text", sum, sum) + (int)strlen("abc");
  sum += in_register(2) + other_stack(3) + other_stack(-1) + wrapped(2) + wrapped(-2) + pointing(2);
  last(sum);
}
