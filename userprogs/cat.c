/* cat [FILE...] - copies files, or the console, to the console. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int copy(int fd, const char *name) {
  static char buffer[1024];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0)
    if (write(1, buffer, (size_t)n) != n) break;
  if (n == 0) return 0;
  perror(name);
  return 1;
}

/* Opens a file that is not a directory. */
static int open_file(const char *name) {
  struct stat st;
  int fd = open(name, O_RDONLY);
  if (fd < 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode)) return fd;
  close(fd);
  errno = EISDIR;
  return -1;
}

static int copy_file(const char *name) {
  int fd = open_file(name);
  if (fd < 0) {
    perror(name);
    return 1;
  }
  int status = copy(fd, name);
  close(fd);
  return status;
}

int main(int argc, char **argv) {
  int status = 0;
  if (argc == 1) return copy(0, "console");
  for (int i = 1; i < argc; i++)
    status |= strcmp(argv[i], "-") == 0 ? copy(0, "console") : copy_file(argv[i]);
  return status;
}
