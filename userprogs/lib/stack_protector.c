/* stack_protector.c - what a program compiled with -fstack-protector calls: a function keeps a number between its arrays
 * and its return address, and compares that number when it returns. */
#include <stdlib.h>
#include <unistd.h>

/* Its first byte in memory is 0, at which strcpy stops. */
unsigned long __stack_chk_guard = 0x9e0a0d00;

_Noreturn void __stack_chk_fail(void) {
  static const char text[] =
      "a function has written beyond its own array: the stack is damaged (-fstack-protector)\n";
  write(STDERR_FILENO, text, sizeof text - 1);
  abort();
}
