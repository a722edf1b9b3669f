/* A null pointer that has nothing to do with the memory that malloc has given.
 * says: no page at address 0: a null pointer? `main` */
#include <stdlib.h>

int *volatile none;

int main(void) {
  volatile int *p = malloc(100);
  *p = 1;
  *none = 1; // here
  return 0;
}
