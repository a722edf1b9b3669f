/* alarm.c - a signal after some seconds. */
#include <unistd.h>
#include "userprogs/lib/internal.h"

int __alarm(uint32_t low, uint32_t high, uint64_t *left); /* the system call */

unsigned alarm(unsigned seconds) {
  uint64_t ticks = (uint64_t)seconds * __hz(), left = 0;
  __alarm((uint32_t)ticks, (uint32_t)(ticks >> 32), &left);
  return (unsigned)((left + __hz() - 1) / __hz());
}
