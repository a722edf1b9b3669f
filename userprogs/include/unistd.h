/* unistd.h - processes, descriptors, the heap. */
#ifndef _UNISTD_H
#define _UNISTD_H
#include <sys/cdefs.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif

__BEGIN_DECLS
__NORETURN void _exit(int status);
pid_t fork(void);
pid_t getpid(void);
int execv(const char *path, char *const argv[]);
/* execv; a name without a slash is looked up in /bin. */
int execvp(const char *name, char *const argv[]);
/* Moves the end of the heap; returns the old one, or (void *)-1. */
void *sbrk(intptr_t bytes);

int close(int fd);
ssize_t read(int fd, void *buffer, size_t bytes);
ssize_t write(int fd, const void *buffer, size_t bytes);
off_t lseek(int fd, off_t offset, int whence);
int isatty(int fd);

unsigned sleep(unsigned seconds);
int usleep(useconds_t microseconds);
int getpagesize(void);
__END_DECLS

#endif
