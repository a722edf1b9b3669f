/* sys/wait.h - wait for children. A status is the exit status << 8, or the signal that ended it, or 0x7F and the
 * signal that has stopped it << 8. */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H
#include <sys/cdefs.h>
#include <sys/types.h>

#define WNOHANG 1
#define WUNTRACED 2
#define WIFEXITED(status) (((status)&0x7F) == 0)
#define WEXITSTATUS(status) ((status) >> 8 & 0xFF)
#define WIFSTOPPED(status) (((status)&0x7F) == 0x7F)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFSIGNALED(status) (((status)&0x7F) != 0 && !WIFSTOPPED(status))
#define WTERMSIG(status) ((status)&0x7F)

__BEGIN_DECLS
pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
__END_DECLS

#endif
