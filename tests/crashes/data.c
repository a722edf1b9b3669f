/* Data taken for a function.
 * says: which is no code but `table`: a wrong function pointer? `main` */
int table[4] = {1, 2, 3, 4};

int main(void) {
  void (*volatile f)(void) = (void (*)(void))table;
  f(); // here
  return 0;
}
