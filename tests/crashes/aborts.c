/* A program that gives up.
 * says: it calls abort(). `main` */
#include <stdlib.h>

int main(void) {
  abort(); // here
}
