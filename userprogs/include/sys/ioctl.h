/* sys/ioctl.h - the size of the terminal. */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H
#include <sys/cdefs.h>

#define TIOCGWINSZ 0x5413

struct winsize {
  unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};

__BEGIN_DECLS
/* TIOCGWINSZ: fills in a struct winsize with what LINES and COLUMNS say, as they were when the terminal's shell began;
 * 24 and 80 if they say nothing. EBADF; ENOTTY: the descriptor is not the console's; EINVAL: another request. */
int ioctl(int fd, unsigned long request, ...);
__END_DECLS

#endif
