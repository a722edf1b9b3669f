/* A callback that nobody has set.
 * says: jump to address 0: a call through a null function pointer? `main` */
static void (*volatile callback)(int);

int main(void) {
  callback(3); // here
  return 0;
}
