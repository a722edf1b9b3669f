/* A string that is longer than its array lies over the pointer behind the array.
 * says: no page at 0x7474656c, which spells "lett": a pointer that a string has overwritten? `main` */
struct {
  char name[8];
  int *count;
} volatile s;

const char *volatile input = "fifteen letters";

int main(void) {
  for (int i = 0; i < 12; i++) s.name[i] = input[i];
  ++*s.count; // here
  return 0;
}
