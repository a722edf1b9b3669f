/* A recursion that never ends.
 * says: the stack is full: `depth` has called itself */
__attribute__((noinline)) static int depth(volatile int *n) { // here or
  volatile int here = *n + 1;                                 // here
  return depth(&here) + here;
}

int main(void) {
  volatile int n = 0;
  return depth(&n);
}
