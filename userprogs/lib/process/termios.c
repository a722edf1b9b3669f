/* termios.c - the console's modes in the terms of POSIX. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"
#include "pg32.h"

static int set_mode(tcflag_t local) {
  int mode = !(local & ICANON) ? CONSOLE_RAW : local & ECHO ? CONSOLE_ECHO : CONSOLE_COOKED;
  return console_mode(mode);
}

static bool is_console(int fd) {
  if (isatty(fd)) return true;
  if (errno != EBADF) errno = ENOTTY;
  return false;
}

/* The kernel tells the mode only as it sets another, which is set back at once. */
int tcgetattr(int fd, struct termios *result) {
  if (!is_console(fd)) return -1;
  int mode = console_mode(CONSOLE_COOKED);
  if (mode < 0) return -1;
  console_mode(mode);
  memset(result, 0, sizeof *result);
  result->c_iflag = ICRNL | IXON, result->c_oflag = OPOST | ONLCR, result->c_cflag = CS8 | CREAD | CLOCAL;
  result->c_ispeed = result->c_ospeed = B38400;
  result->c_cc[VMIN] = 1, result->c_cc[VINTR] = 3, result->c_cc[VEOF] = 4, result->c_cc[VERASE] = 127;
  if (mode != CONSOLE_RAW) result->c_lflag = ICANON | ISIG | ECHOE;
  if (mode == CONSOLE_ECHO) result->c_lflag |= ECHO;
  return 0;
}

int tcsetattr(int fd, int when, const struct termios *wanted) {
  if (!is_console(fd)) return -1;
  if (when < TCSANOW || when > TCSAFLUSH) {
    errno = EINVAL;
    return -1;
  }
  return set_mode(wanted->c_lflag) < 0 ? -1 : 0;
}

static unsigned short number_of(const char *variable, unsigned short otherwise) {
  const char *value = getenv(variable);
  int n = value ? atoi(value) : 0;
  return n > 0 && n <= USHRT_MAX ? (unsigned short)n : otherwise;
}

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  if (!is_console(fd)) return -1;
  if (request != TIOCGWINSZ) {
    errno = EINVAL;
    return -1;
  }
  va_start(arguments, request);
  *va_arg(arguments, struct winsize *) =
      (struct winsize){.ws_row = number_of("LINES", 24), .ws_col = number_of("COLUMNS", 80)};
  va_end(arguments);
  return 0;
}

int tcflush(int fd, int queue) { return (void)queue, is_console(fd) ? 0 : -1; }
int tcdrain(int fd) { return is_console(fd) ? 0 : -1; }

void cfmakeraw(struct termios *t) {
  t->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  t->c_oflag &= ~(tcflag_t)OPOST;
  t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  t->c_cflag = (t->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
}

speed_t cfgetispeed(const struct termios *t) { return t->c_ispeed; }
speed_t cfgetospeed(const struct termios *t) { return t->c_ospeed; }
int cfsetispeed(struct termios *t, speed_t speed) { return t->c_ispeed = speed, 0; }
int cfsetospeed(struct termios *t, speed_t speed) { return t->c_ospeed = speed, 0; }
