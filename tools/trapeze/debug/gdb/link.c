/* link.c - the connection with gdb: a socket of this computer, or standard input and output.
 *
 * While a command is at work, a timer looks now and then whether gdb has sent Ctrl-C or hung up. In this
 * protocol gdb sends nothing else meanwhile, but for a + that confirms what the stub has printed. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "gdb.h"

#define CTRL_C 3
#define LOOK_EVERY 20000 /* microseconds */

/* ---- opening ---- */

static bool read_port(const char *port, uint16_t *number) {
  uint64_t n;
  const char *digits = *port == ':' ? port + 1 : strncmp(port, "localhost:", 10) == 0 ? port + 10 : port;
  if (!parse_size(digits, 65535, &n) || strspn(digits, "0123456789") != strlen(digits)) return false;
  return *number = (uint16_t)n, true;
}

bool gdb_is_port(const char *port) {
  uint16_t number;
  return strcmp(port, "-") == 0 || read_port(port, &number);
}

static int listen_at(const char *port) {
  uint16_t number = 0;
  read_port(port, &number);
  struct sockaddr_in a = {
      .sin_family = AF_INET, .sin_port = htons(number), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof a;
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  if (s >= 0) setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1) ||
      getsockname(s, (struct sockaddr *)&a, &size))
    die(STATUS_USAGE, "--gdb %s: %s", port, strerror(errno));
  fprintf(stderr, "trapeze: waiting for gdb; there, type `target remote :%u`\n", ntohs(a.sin_port));
  return s;
}

static int accept_one(int s) {
  int c;
  while ((c = accept(s, NULL, NULL)) < 0 && errno == EINTR) {
  }
  if (c < 0) die(STATUS_USAGE, "--gdb: %s", strerror(errno));
  close(s);
  return c;
}

void gdb_link_open(struct gdb_link *l, const char *port) {
  signal(SIGPIPE, SIG_IGN);
  if (strcmp(port, "-") == 0)
    l->in = STDIN_FILENO, l->out = STDOUT_FILENO;
  else
    l->in = l->out = accept_one(listen_at(port));
}

void gdb_link_close(struct gdb_link *l) {
  if (l->in > STDERR_FILENO) close(l->in);
  l->in = l->out = -1;
}

/* ---- bytes ---- */

/* Async-signal-safe. */
static void fill(struct gdb_link *l) {
  ssize_t n;
  while ((n = read(l->in, l->buffer, sizeof l->buffer)) < 0 && errno == EINTR) {
  }
  l->from = 0;
  l->to = n > 0 ? (size_t)n : 0;
  l->ended = n <= 0;
}

int gdb_link_byte(struct gdb_link *l) {
  if (l->from == l->to && !l->ended) fill(l);
  return l->from < l->to ? l->buffer[l->from++] : -1;
}

void gdb_link_write(struct gdb_link *l, const void *bytes, size_t n) {
  const uint8_t *at = bytes;
  for (ssize_t done; n > 0; at += done, n -= (size_t)done) {
    done = write(l->out, at, n);
    if (done < 0 && errno == EINTR) done = 0;
    if (done < 0) return;
  }
}

/* ---- while a command is at work ---- */

static struct gdb_link *volatile watched; /* NULL = no command is at work */

static bool wants_stop(struct gdb_link *l) {
  while (l->from < l->to && l->buffer[l->from] == '+') l->from++;
  struct pollfd p = {.fd = l->in, .events = POLLIN};
  if (l->from == l->to && !l->ended && poll(&p, 1, 0) > 0) fill(l);
  return l->from < l->to ? l->buffer[l->from] == CTRL_C : l->ended;
}

static void look(int number) {
  const int was = errno;
  struct gdb_link *l = watched;
  (void)number;
  if (l && wants_stop(l)) model_interrupt();
  errno = was;
}

void gdb_link_watch(struct gdb_link *l, bool at_work) {
  if (l->in < 0) return;
  const struct itimerval every = {{0, at_work ? LOOK_EVERY : 0}, {0, at_work ? LOOK_EVERY : 0}};
  struct sigaction action = {.sa_handler = look, .sa_flags = SA_RESTART};
  watched = at_work ? l : NULL;
  if (at_work) sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &every, NULL);
}
