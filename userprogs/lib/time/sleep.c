/* sleep.c - waiting for a time. */
#include <unistd.h>
#include "userprogs/lib/internal.h"
#include "pg32.h"

/* Sleeps any number of ticks; the kernel's call takes 32 bits of them. */
int __sleep_long(uint64_t ticks) {
  const uint32_t most = UINT32_MAX / 2;
  for (; ticks > most; ticks -= most)
    if (sleep_ticks(most) < 0) return -1;
  return sleep_ticks((uint32_t)ticks);
}

unsigned sleep(unsigned seconds) { return __sleep_long((uint64_t)seconds * __hz()) < 0 ? seconds : 0; }

/* Rounded up: it sleeps at least so long. */
int usleep(useconds_t microseconds) {
  return __sleep_long(((uint64_t)microseconds * __hz() + 999999) / 1000000);
}
