/* owners.c - owners and permissions, which files do not have: the arguments are taken, and change nothing. */
#include <sys/stat.h>
#include <unistd.h>

int fchmod(int fd, mode_t mode) {
  struct stat st;
  (void)mode;
  return fstat(fd, &st);
}

int chown(const char *path, uid_t owner, gid_t group) {
  struct stat st;
  (void)owner, (void)group;
  return stat(path, &st);
}

int fchown(int fd, uid_t owner, gid_t group) {
  struct stat st;
  (void)owner, (void)group;
  return fstat(fd, &st);
}

mode_t umask(mode_t mask) {
  static mode_t now = 022;
  mode_t before = now;
  now = mask & 0777;
  return before;
}
