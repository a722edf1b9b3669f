/* ends.c - what runs before and after main: constructors and destructors by priority, functions of atexit. It prints
 * its order; the host's own library is the oracle (tests/libc.t). */
#include <stdio.h>
#include <stdlib.h>

#define BEFORE(name, ...) \
  __attribute__((constructor __VA_ARGS__)) static void name(void) { puts("constructor " #name); }
#define AFTER(name, ...) \
  __attribute__((destructor __VA_ARGS__)) static void name(void) { puts("destructor " #name); }

BEFORE(late)
BEFORE(first, (101))
BEFORE(second, (2000))
AFTER(early)
AFTER(last, (101))
AFTER(last_but_one, (2000))

static void registered_late(void) { puts("registered during exit"); }

static void registered(void) {
  puts("registered");
  atexit(registered_late);
}

static void registered_first(void) { puts("registered first, run last"); }

int main(void) {
  atexit(registered_first);
  atexit(registered);
  puts("main");
  return 3;
}
