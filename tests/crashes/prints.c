/* A recursion that never ends; the stack is full in the C library, which it calls.
 * says: the stack is full: `countdown` has called itself */
#include <stdio.h>

__attribute__((noinline)) static int countdown(volatile int *n) {
  char text[64];
  volatile int here = *n - 1;
  sprintf(text, "%d", here);         // here
  return countdown(&here) + text[0]; // here
}

int main(void) {
  volatile int n = 1000000;
  return countdown(&n);
}
