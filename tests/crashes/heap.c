/* An array of the heap whose end is overlooked.
 * says: just behind the heap: beyond what malloc gave? `main` */
#include <stdlib.h>

int main(void) {
  volatile int *a = malloc(40);
  for (int i = 0;; i++) a[i] = i; // here
}
