/* sys/times.h - time used by processes. The machine does not account time to processes: all of it is the caller's. */
#ifndef _SYS_TIMES_H
#define _SYS_TIMES_H
#include <sys/cdefs.h>
#include <time.h>

struct tms {
  clock_t tms_utime, tms_stime, tms_cutime, tms_cstime;
};

__BEGIN_DECLS
/* Hundredths of a second since boot (sysconf(_SC_CLK_TCK) is 100). */
clock_t times(struct tms *result);
__END_DECLS

#endif
