/* An address that belongs to a device.
 * says: write to address 0xf0000000, which no program may use: a wrong pointer? `main` */
int main(void) {
  *(volatile int *)0xF0000000 = 'x'; // here
  return 0;
}
