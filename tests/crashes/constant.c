/* A string constant is read-only memory.
 * says: write to read-only memory: the constant "hello". `main` */
char *volatile name = "hello";

int main(void) {
  name[0] = 'H'; // here
  return 0;
}
