/* sys/stat.h - what a file is. The layout is the kernel's struct pg32_stat. */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H
#include <sys/cdefs.h>
#include <sys/types.h>

struct stat {
  mode_t st_mode;
  off_t st_size;
  unsigned st_ino, st_nlink;
  unsigned st_rdev; /* of a device: 1 the console, 2 the disk, 3 /dev/null, 4 /dev/zero */
  unsigned st_zero;
  unsigned long long st_mtime; /* the tick of the last change */
};

/* Only the last change is noted, and nobody owns a file. */
#define st_atime st_mtime
#define st_ctime st_mtime
#define st_uid st_zero
#define st_gid st_zero

#define S_IFDIR 0x4000
#define S_IFCHR 0x2000
#define S_IFIFO 0x1000
#define S_IFREG 0
#define S_IFMT (S_IFDIR | S_IFCHR | S_IFIFO)
/* Permissions for open, chmod and the like, which take them and do not use them. */
#define S_IRWXU 0700
#define S_IRUSR 0400
#define S_IWUSR 0200
#define S_IXUSR 0100
#define S_IRWXG 070
#define S_IRGRP 040
#define S_IWGRP 020
#define S_IXGRP 010
#define S_IRWXO 07
#define S_IROTH 04
#define S_IWOTH 02
#define S_IXOTH 01

#define S_ISDIR(mode) (((mode)&S_IFDIR) != 0)
#define S_ISCHR(mode) (((mode)&S_IFCHR) != 0)
#define S_ISFIFO(mode) (((mode)&S_IFIFO) != 0)
#define S_ISREG(mode) (((mode) & (S_IFDIR | S_IFCHR | S_IFIFO)) == 0)

__BEGIN_DECLS
int fstat(int fd, struct stat *st);
int stat(const char *path, struct stat *st);
/* There are no symbolic links. */
int lstat(const char *__restrict path, struct stat *__restrict st);
/* Modes are taken and not used: there are no permissions. */
int mkdir(const char *path, mode_t mode);
int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);
mode_t umask(mode_t mask);
__END_DECLS

#endif
