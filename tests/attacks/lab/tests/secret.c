/* The instructor's: asks the student's square() for a number that only this file knows. */
#include <stdio.h>

int square(int n);

int main(void) {
  printf("kept: %d\n", square(64));
  return 0;
}
