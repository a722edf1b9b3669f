/* poll.h - wait until the console has input. Files are ready always. */
#ifndef _POLL_H
#define _POLL_H
#include <sys/cdefs.h>

struct pollfd {
  int fd;
  short events, revents;
};
typedef unsigned nfds_t;

#define POLLIN 1
#define POLLPRI 2
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16
#define POLLNVAL 32

__BEGIN_DECLS
/* Milliseconds; below 0: as long as it takes. How many of them are ready. */
int poll(struct pollfd *fds, nfds_t count, int timeout);
__END_DECLS

#endif
