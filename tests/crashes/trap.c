/* Where the compiler thinks that nobody comes.
 * says: 0x00000000 is no instruction: a function without `return`, or undefined behaviour? `main` */
volatile int kind = 3;

int main(void) {
  if (kind == 3) __builtin_trap(); // here
  return 0;
}
