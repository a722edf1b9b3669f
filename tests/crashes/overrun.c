/* A local array is overrun, and with it the return address.
 * says: ("AAAA"), where no page is: has a local array been overrun? `greet` */
const char *volatile input = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

__attribute__((noinline)) static void copy(volatile char *to, const char *from) {
  while (*from) *to++ = *from++;
}

__attribute__((noinline)) static int greet(void) {
  volatile char name[8];
  copy(name, input);
  return name[0]; // here
}

int main(void) { return greet() + 1; }
