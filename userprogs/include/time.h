/* time.h - time, made of the machine's ticks and its nominal clock. It starts at boot. */
#ifndef _TIME_H
#define _TIME_H
#include <sys/cdefs.h>
#include <sys/types.h>

#define CLOCKS_PER_SEC 1000000L
typedef long clock_t;

__BEGIN_DECLS
/* Microseconds since boot: the machine does not account time to processes. After 2147 seconds (clock_t)-1, as a
 * clock_t can hold no more. */
clock_t clock(void);
/* Seconds since boot. */
time_t time(time_t *result);
__END_DECLS

#endif
