/* A process that ends itself.
 * says: it ends itself by signal 15 (SIGTERM). `main` */
#include <signal.h>

int main(void) {
  raise(SIGTERM); // here
  return 0;
}
