/* unistd.h - processes, descriptors, the heap. */
#ifndef _UNISTD_H
#define _UNISTD_H
#include <sys/cdefs.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define _POSIX_VERSION 200809L
#define _POSIX_MAPPED_FILES -1 /* no mmap */
#define _POSIX_THREADS -1
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4
#define _SC_ARG_MAX 0
#define _SC_CLK_TCK 2
#define _SC_OPEN_MAX 4
#define _SC_PAGESIZE 30
#define _SC_PAGE_SIZE _SC_PAGESIZE
#define _SC_NPROCESSORS_CONF 83
#define _SC_NPROCESSORS_ONLN 84
#define _SC_PHYS_PAGES 85
#define _SC_AVPHYS_PAGES 86
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
/* execv; a name without a slash is looked up in the directories of PATH. */
int execvp(const char *name, char *const argv[]);
int execl(const char *path, const char *first, ...);
int execlp(const char *name, const char *first, ...);
int execve(const char *path, char *const argv[], char *const environment[]);
extern char **environ;
pid_t getppid(void);
/* There is one user: 0. */
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
/* Files have no owners: this only looks whether the file is there. */
int chown(const char *path, uid_t owner, gid_t group);
int fchown(int fd, uid_t owner, gid_t group);
/* Moves the end of the heap; returns the old one, or (void *)-1. */
void *sbrk(intptr_t bytes);

int close(int fd);
ssize_t read(int fd, void *buffer, size_t bytes);
ssize_t write(int fd, const void *buffer, size_t bytes);
off_t lseek(int fd, off_t offset, int whence);
int isatty(int fd);
ssize_t pread(int fd, void *to, size_t bytes, off_t offset);
int dup(int fd);
int dup2(int fd, int to);
int pipe(int fds[2]);
int ftruncate(int fd, off_t size);
/* Is there such a file? There are no permissions. */
int access(const char *path, int mode);
int link(const char *old, const char *name);
int unlink(const char *path);
int rmdir(const char *path);
int truncate(const char *path, off_t size);
int chdir(const char *path);
/* The working directory's path; result NULL: in new memory. */
char *getcwd(char *result, size_t size);
/* -1 and EINVAL for a name that is not in the list above. */
long sysconf(int name);
void swab(const void *__restrict from, void *__restrict to, ssize_t n);

unsigned sleep(unsigned seconds);
/* SIGALRM after so many seconds; 0: none. What was left of the alarm before. */
unsigned alarm(unsigned seconds);
/* Waits for a signal with a handler. */
int pause(void);
int setpgid(pid_t pid, pid_t group);
pid_t getpgid(pid_t pid);
int usleep(useconds_t microseconds);
int gethostname(char *name, size_t size);         /* with its NUL; too long: ENAMETOOLONG */
int sethostname(const char *name, size_t length); /* at most 31 characters */
int getpagesize(void);
/* See getopt.h. */
extern char *optarg;
extern int optind, opterr, optopt;
int getopt(int argc, char *const argv[], const char *letters);
__END_DECLS

#endif
