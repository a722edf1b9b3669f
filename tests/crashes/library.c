/* A null pointer given to the library.
 * says: no page at address 0: a null pointer? `strlen`, called by `main` */
#include <string.h>

const char *volatile name;

int main(void) {
  const unsigned n = strlen(name); // here
  return n == 3;
}
