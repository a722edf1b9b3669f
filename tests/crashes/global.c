/* A global array is overrun, to where the variables end.
 * says: just behind the global variables: has a global array been overrun? `fill` */
int numbers[10];

__attribute__((noinline)) static void fill(int n) {
  for (int i = 0; i < 1000000; i++) {
    numbers[i] = n; // here
    __asm__ volatile("" : : "r"(numbers) : "memory");
  }
}

int main(int argc, char **argv) {
  fill(argc);
  return !argv;
}
