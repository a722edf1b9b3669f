/* An assertion.
 * says: an assertion has failed, and the console says which. `half` */
#include <assert.h>

__attribute__((noinline)) static int half(int n) {
  assert(n % 2 == 0); // here
  return n / 2;
}

int main(int argc, char **argv) { return half(argc) + !argv; }
