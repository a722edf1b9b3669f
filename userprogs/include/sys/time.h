/* sys/time.h - the time since boot in microseconds: see time.h. */
#ifndef _SYS_TIME_H
#define _SYS_TIME_H
#include <sys/cdefs.h>
#include <sys/types.h>

struct timeval {
  time_t tv_sec;
  suseconds_t tv_usec;
};

struct timezone {
  int tz_minuteswest, tz_dsttime;
};

#define timerclear(t) ((t)->tv_sec = (t)->tv_usec = 0)
#define timerisset(t) ((t)->tv_sec || (t)->tv_usec)
#define timercmp(a, b, op) \
  ((a)->tv_sec == (b)->tv_sec ? (a)->tv_usec op(b)->tv_usec : (a)->tv_sec op(b)->tv_sec)
#define timeradd(a, b, sum)                                                    \
  do {                                                                         \
    (sum)->tv_sec = (a)->tv_sec + (b)->tv_sec;                                 \
    (sum)->tv_usec = (a)->tv_usec + (b)->tv_usec;                              \
    if ((sum)->tv_usec >= 1000000) (sum)->tv_sec++, (sum)->tv_usec -= 1000000; \
  } while (0)
#define timersub(a, b, difference)                                                           \
  do {                                                                                       \
    (difference)->tv_sec = (a)->tv_sec - (b)->tv_sec;                                        \
    (difference)->tv_usec = (a)->tv_usec - (b)->tv_usec;                                     \
    if ((difference)->tv_usec < 0) (difference)->tv_sec--, (difference)->tv_usec += 1000000; \
  } while (0)

__BEGIN_DECLS
/* `zone` may be NULL; else it becomes UTC. */
int gettimeofday(struct timeval *__restrict result, void *__restrict zone);
__END_DECLS

#endif
