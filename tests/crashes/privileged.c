/* A program is no kernel.
 * says: `mfst` is a privileged instruction, which only a kernel may execute. `main` */
int main(void) {
  __asm__ volatile("mfst a0"); // here
  return 0;
}
