/* A pointer that was never set.
 * says: no page at 0x12345678: a wrong pointer or index? `main` */
int *volatile p = (int *)0x12345678;

int main(void) {
  *p = 1; // here
  return 0;
}
