/* A pointer to a function taken for one to data.
 * says: which is the code of `main`. `main` */
int main(void) {
  int *volatile p = (int *)main;
  *p = 0; // here
  return 0;
}
