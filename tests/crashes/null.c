/* A list whose last element is not the one that the programmer thinks of.
 * says: no page at address 0: a null pointer? `sum` */
struct node {
  volatile int value;
  struct node *next;
};

__attribute__((noinline)) static int sum(const struct node *n) {
  int s = 0;
  while (1) {
    s += n->value; // here
    n = n->next;
  }
}

int main(void) {
  struct node b = {2, 0}, a = {1, &b};
  return sum(&a);
}
