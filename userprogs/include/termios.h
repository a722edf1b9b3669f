/* termios.h - the console's modes. The kernel has three: lines with editing (ICANON), the same with what is typed shown
 * (ICANON | ECHO), and each byte as it comes (neither). All other flags change nothing. */
#ifndef _TERMIOS_H
#define _TERMIOS_H
#include <sys/cdefs.h>
#include <sys/types.h>

typedef unsigned tcflag_t, speed_t;
typedef unsigned char cc_t;

#define NCCS 32
struct termios {
  tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
  cc_t c_line, c_cc[NCCS];
  speed_t c_ispeed, c_ospeed;
};

#define VINTR 0
#define VQUIT 1
#define VERASE 2
#define VKILL 3
#define VEOF 4
#define VTIME 5
#define VMIN 6
#define VSTART 8
#define VSTOP 9
#define VSUSP 10
#define VEOL 11

#define IGNBRK 0x1
#define BRKINT 0x2
#define PARMRK 0x8
#define INPCK 0x10
#define ISTRIP 0x20
#define INLCR 0x40
#define IGNCR 0x80
#define ICRNL 0x100
#define IXON 0x400
#define IXOFF 0x1000
#define OPOST 0x1
#define ONLCR 0x4
#define CSIZE 0x30
#define CS8 0x30
#define CREAD 0x80
#define PARENB 0x100
#define CLOCAL 0x800
#define ISIG 0x1
#define ICANON 0x2
#define ECHO 0x8
#define ECHOE 0x10
#define ECHOK 0x20
#define ECHONL 0x40
#define NOFLSH 0x80
#define TOSTOP 0x100
#define IEXTEN 0x8000

#define TCSANOW 0
#define TCSADRAIN 1
#define TCSAFLUSH 2
#define TCIFLUSH 0
#define TCOFLUSH 1
#define TCIOFLUSH 2
#define B9600 13
#define B38400 15
#define B115200 0x1002

__BEGIN_DECLS
/* ENOTTY: the descriptor is not the console's. */
int tcgetattr(int fd, struct termios *result);
int tcsetattr(int fd, int when, const struct termios *wanted);
int tcflush(int fd, int queue);
int tcdrain(int fd);
void cfmakeraw(struct termios *t);
speed_t cfgetispeed(const struct termios *t);
speed_t cfgetospeed(const struct termios *t);
int cfsetispeed(struct termios *t, speed_t speed);
int cfsetospeed(struct termios *t, speed_t speed);
__END_DECLS

#endif
