/* poll.c - wait until the console has input. */
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"
#include "pg32.h"

/* Whether a read would wait; what else is asked for is so at once. */
static bool waits(const struct pollfd *p) {
  struct stat st;
  return (p->events & POLLIN) != 0 && fstat(p->fd, &st) == 0 && S_ISCHR(st.st_mode) &&
         !(poll_events(EVENT_INPUT, 0) & EVENT_INPUT);
}

static int look(struct pollfd *fds, nfds_t count) {
  int ready = 0;
  struct stat st;
  for (nfds_t i = 0; i < count; i++) {
    fds[i].revents = 0;
    if (fds[i].fd < 0) continue;
    if (fstat(fds[i].fd, &st) < 0)
      fds[i].revents = POLLNVAL;
    else
      fds[i].revents = (short)(fds[i].events & (waits(&fds[i]) ? POLLOUT : POLLIN | POLLOUT));
    ready += fds[i].revents != 0;
  }
  return ready;
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
  int ready = look(fds, count);
  if (ready != 0 || timeout == 0) return ready;
  uint64_t ticks = (uint64_t)timeout * __hz() / 1000;
  const uint64_t most = POLL_FOREVER - 1;
  poll_events(EVENT_INPUT, timeout < 0 ? POLL_FOREVER : (uint32_t)(ticks < most ? ticks : most));
  return look(fds, count);
}
