/* A member of a structure that does not exist.
 * says: no page at address 8: a member or element at +8 of a null pointer? `move` */
struct point {
  int x, y, z;
};

__attribute__((noinline)) static void move(volatile struct point *p) {
  p->z = 3; // here
}

int main(void) {
  move(0);
  return 0;
}
