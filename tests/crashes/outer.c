/* An array of one of the outermost functions is overrun, to where the stack ends.
 * says: just behind the stack: has a local array been overrun? `fill` */
__attribute__((noinline)) static int fill(int n) {
  int numbers[10];
  for (int i = 0; i < 100000; i++) {
    numbers[i] = n; // here
    __asm__ volatile("" : : "r"(numbers) : "memory");
  }
  return numbers[n];
}

int main(int argc, char **argv) { return fill(argc) + !argv; }
