/* malloc gives NULL, and nobody looks.
 * says: no page at address 0: the null pointer of a malloc that got no memory? `main` */
#include <stdlib.h>

int main(void) {
  volatile char *first = malloc(4000000);
  volatile int *p = malloc(4000000);
  first[0] = 1;
  *p = 1; // here
  return 0;
}
