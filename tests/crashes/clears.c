/* The C library is given more local variables than the stack has room for.
 * says: the stack is full: are the local variables of `clear` too large? */
#include <string.h>

__attribute__((noinline)) static int clear(int n) { // here or
  char room[9000000];
  memset(room, n, sizeof room); // here
  __asm__ volatile("" : : "r"(room) : "memory");
  return room[n];
}

int main(int argc, char **argv) { return clear(argc) + !argv; }
