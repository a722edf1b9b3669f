/* utime.c - the times of files, which only the kernel sets. */
#include <sys/stat.h>
#include <utime.h>

int utime(const char *path, const struct utimbuf *times) {
  struct stat st;
  (void)times;
  return stat(path, &st);
}
