/* ticks.c - the machine's ticks, of which all time is made. */
#include "userprogs/lib/internal.h"
#include "pg32.h"

uint32_t __hz(void) {
  static uint32_t hz;
  struct pg32_sysinfo info;
  if (hz == 0 && sysinfo(&info) == 0) hz = info.hz;
  return hz != 0 ? hz : 1;
}

uint64_t __ticks(void) {
  uint64_t ticks = 0;
  clock_ticks(&ticks);
  return ticks;
}
