/* signal.h - end processes. There are no handlers: every signal but 0 ends the process. */
#ifndef _SIGNAL_H
#define _SIGNAL_H
#include <sys/cdefs.h>
#include <sys/types.h>

#define SIGINT 2
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGKILL 9
#define SIGSEGV 11
#define SIGTERM 15

__BEGIN_DECLS
#if __SHOW_POSIX
int kill(pid_t pid, int signal);
#endif
int raise(int signal);
__END_DECLS

#endif
