/* Characters taken for integers.
 * says: which is no multiple of 4: a pointer to another type? `main` */
char text[8] = "1234567";
char *volatile at = text + 1;

int main(void) {
  return *(int *)at; // here
}
