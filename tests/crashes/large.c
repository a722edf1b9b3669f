/* More local variables than the stack has room for.
 * says: the stack is full: are the local variables of `fill` too large? */
__attribute__((noinline)) static int fill(int n) { // here or
  volatile char room[9000000];
  for (int i = 0; i < 9000000; i++) room[i] = (char)n; // here
  return room[n];
}

int main(int argc, char **argv) { return fill(argc) + !argv; }
