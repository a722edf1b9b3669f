/* unix.c - glob, poll, err, system, realpath, fdopen, freopen, quick_exit, termios, and fnmatch with hostile patterns; the
 * host's library is the oracle (tests/libc.t). */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char root[] = "/tmp/unixXXXXXX";

static void touch(const char *name) {
  int fd = open(name, O_WRONLY | O_CREAT, 0644);
  if (fd < 0 || close(fd) != 0) err(1, "%s", name);
}

static void make_tree(void) {
  static const char *const folders[] = {"a", "a/deep", "b", ".hidden", "z[1]"};
  static const char *const files[] = {"one.c", "two.c",  "three.h",     "a/x.c",  "a/deep/y.c",
                                      "b/x.c", ".dot.c", ".hidden/h.c", "z[1]/q", "back\\slash"};
  if (mkdtemp(root) == NULL || chdir(root) != 0) err(1, "%s", root);
  for (size_t i = 0; i < COUNT(folders); i++)
    if (mkdir(folders[i], 0755) != 0) err(1, "%s", folders[i]);
  for (size_t i = 0; i < COUNT(files); i++) touch(files[i]);
}

static int on_error(const char *path, int error) { return (void)path, error == 0; }

static void globbing(void) {
  static const char *const patterns[] = {
      "*",        "*.c", "*.[ch]",     "*/x.c",      "*/*/*",   ".*.c",  "?/*.c",   "no*",
      "[ab]/",    "*/",  "z\\[1\\]/*", "z[[]1]/*",   "[!a-n]*", "one.c", "nothing", "*.c*",
      "a/../b/*", "**",  "",           "a/deep/y.c", "./*.h",   "back*", "a//x.c"};
  static const int flags[] = {0, GLOB_MARK, GLOB_NOCHECK, GLOB_NOESCAPE, GLOB_DOOFFS | GLOB_NOCHECK};
  for (size_t f = 0; f < COUNT(flags); f++)
    for (size_t i = 0; i < COUNT(patterns); i++) {
      if (flags[f] == GLOB_MARK && strcmp(patterns[i], "*/") == 0) continue; /* glibc: two slashes */
      glob_t g = {.gl_offs = 2};
      int result = glob(patterns[i], flags[f], on_error, &g);
      printf("%s %d: %d %d", patterns[i], flags[f], result, result == 0 ? (int)g.gl_pathc : -1);
      size_t first = flags[f] & GLOB_DOOFFS ? g.gl_offs : 0;
      if (result == 0) {
        for (size_t p = 0; p < first; p++) printf(" %d", g.gl_pathv[p] == NULL);
        for (size_t p = 0; p < g.gl_pathc; p++) printf(" %s", g.gl_pathv[first + p]);
        globfree(&g);
      }
      putchar('\n');
    }
  glob_t g;
  printf("%d", glob("*.h", 0, NULL, &g));
  printf(" %d", glob("*.c", GLOB_APPEND, NULL, &g));
  for (size_t p = 0; p < g.gl_pathc; p++) printf(" %s", g.gl_pathv[p]);
  globfree(&g);
  putchar('\n');
}

static void show_poll(struct pollfd *fds, nfds_t n) {
  printf("%d:", poll(fds, n, 0));
  for (nfds_t i = 0; i < n; i++)
    printf(" %d%d%d%d", !!(fds[i].revents & POLLIN), !!(fds[i].revents & POLLOUT),
           !!(fds[i].revents & POLLHUP), !!(fds[i].revents & POLLNVAL));
  putchar('\n');
}

static void polling(void) {
  int ends[2];
  if (pipe(ends) != 0) return;
  struct pollfd fds[] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 7}, {60, POLLIN, 0}};
  fds[0].events = 0; /* an empty pipe counts as ready on PG32 */
  show_poll(fds, 3);
  show_poll(fds, 4);
  fds[0].events = POLLIN;
  if (write(ends[1], "x", 1) != 1) return;
  show_poll(fds, 2);
  printf("%d\n", poll(NULL, 0, 5));
  close(ends[0]), close(ends[1]);
}

static void streams(void) {
  char text[40];
  int fd = open("data", O_RDWR | O_CREAT, 0644);
  FILE *f = fdopen(fd, "w+");
  if (f == NULL) return;
  fputs("line one\nline two\n", f);
  rewind(f);
  printf("%d %s", fileno(f) == fd, fgets(text, sizeof text, f));
  f = freopen("data", "a", f);
  if (f == NULL) return;
  printf("%d ", fputs("more\n", f) >= 0);
  f = freopen("data", "r", f);
  if (f == NULL) return;
  while (fgets(text, sizeof text, f) != NULL) printf("<%.*s>", (int)strcspn(text, "\n"), text);
  putchar('\n');
  errno = 0;
  printf("%d ", freopen("none/data", "r", f) == NULL);
  printf("%d\n", errno == ENOENT);
  errno = 0;
  f = fopen("new", "wx"); /* only a file that is not there yet */
  printf("%d ", f != NULL && fclose(f) == 0 && fopen("new", "wx") == NULL && errno == EEXIST);
  printf("%d ", fopen("new", "w+x") == NULL && unlink("new") == 0);
  printf("%d ", fdopen(60, "r") == NULL);
  printf("%d\n", errno == EBADF);
}

static void paths(void) {
  static const char *const names[] = {".",  "a/..", "a//deep/./y.c", "a/deep/../../b/x.c", "none", "one.c/x",
                                      "..", "/",    "//tmp/..",      "a/none/..",          ""};
  char buffer[4096];
  size_t skip = 0;
  char *here = realpath(".", NULL);
  if (here != NULL) skip = strlen(here);
  for (size_t i = 0; i < COUNT(names); i++) {
    errno = 0;
    char *path = realpath(names[i], buffer);
    if (path == NULL)
      printf("%s: %d\n", names[i], errno);
    else
      printf("%s: %s\n", names[i], strncmp(path, here, skip) == 0 ? path + skip : path);
  }
  free(here);
}

/* A child does it; what comes on standard error is copied here. */
static void in_child(const char *name, void (*function)(void)) {
  int ends[2], status;
  char text[200];
  fflush(stdout);
  if (pipe(ends) != 0) return;
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 2), close(ends[0]), close(ends[1]);
    function();
    _exit(99);
  }
  close(ends[1]);
  size_t length = 0;
  for (ssize_t n;
       length < sizeof text - 1 && (n = read(ends[0], text + length, sizeof text - 1 - length)) > 0;)
    length += (size_t)n;
  text[length] = '\0';
  close(ends[0]);
  if (waitpid(child, &status, 0) < 0) return;
  char *message = strstr(text, ": "); /* behind the name of the program */
  while (message != NULL && (message = strchr(message, ' ')) != NULL) {
    message++;
    *message = (char)tolower(*message); /* our errors have no capital */
  }
  message = strstr(text, ": ");
  printf("%s: %d %d [%s]\n", name, WIFEXITED(status),
         WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), message != NULL ? message : text);
}

static void say_err(void) { errno = ENOENT, err(3, "a %s", "file"); }
static void say_errx(void) { errx(4, "%d apples", 5); }
static void say_warn(void) { errno = EACCES, warn("this"); }
static void say_null(void) { errno = EEXIST, err(5, NULL); }
static void first(void) { fputs(": first", stderr); }
static void second(void) { fputs(": second", stderr); }
static void quick(void) {
  atexit(first);
  at_quick_exit(first), at_quick_exit(second);
  quick_exit(6);
}
static void usual(void) {
  atexit(second), atexit(first);
  at_quick_exit(second);
  exit(7);
}

static void commands(void) {
  static const char *const lines[] = {"exit 3",         "echo from the shell", "test -f one.c && echo there",
                                      "exit 0; exit 1", "echo a | cat",        "false || echo no"};
  printf("%d\n", system(NULL) != 0);
  for (size_t i = 0; i < COUNT(lines); i++) {
    fflush(stdout);
    int status = system(lines[i]);
    printf("%s: %d %d\n", lines[i], WIFEXITED(status), WEXITSTATUS(status));
  }
}

static void terminal(void) {
  struct termios t;
  int fd = open("one.c", O_RDONLY);
  errno = 0;
  printf("%d", tcgetattr(fd, &t));
  printf(" %d %d", errno == ENOTTY, isatty(fd));
  printf(" %d", tcgetattr(60, &t));
  printf(" %d\n", errno == EBADF);
  memset(&t, 0, sizeof t);
  t.c_lflag = ECHO | ICANON | ISIG | IEXTEN, t.c_iflag = ICRNL | IXON | BRKINT, t.c_oflag = OPOST,
  t.c_cflag = CS8;
  cfmakeraw(&t);
  printf("%d %d %d", !!(t.c_lflag & (ECHO | ICANON | ISIG)), !!(t.c_iflag & (ICRNL | IXON)),
         !!(t.c_oflag & OPOST));
  printf(" %d", cfsetispeed(&t, B38400));
  printf(" %d", cfsetospeed(&t, B38400));
  printf(" %d %d\n", cfgetispeed(&t) == B38400, cfgetospeed(&t) == B38400);
  close(fd);
}

/* Exponential for a matcher that tries all ways. */
static void hostile(void) {
  static const char *const patterns[] = {"*a*a*a*a*a*a*a*a*a*a*a*a*b",
                                         "*?*?*?*?*?*?*?*?*?*?*?*?*?*?b",
                                         "*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c",
                                         "a*a*a*a*a*a*a*a*a*a*a*a*a*a*",
                                         "***************************b",
                                         "*/*/*/*/*/*/*/*/*b",
                                         "*a*/*a*/*a*b"};
  static const int flags[] = {0, FNM_PATHNAME, FNM_PERIOD, FNM_NOESCAPE};
  char text[301];
  for (size_t n = 30; n <= 300; n *= 10) {
    memset(text, 'a', n);
    text[n] = '\0';
    for (size_t i = 7; i < n; i += 8) text[i] = '/';
    for (size_t i = 0; i < COUNT(patterns); i++)
      for (size_t f = 0; f < COUNT(flags); f++) printf("%d", fnmatch(patterns[i], text, flags[f]));
    putchar('\n');
  }
}

static void remove_tree(void) {
  static const char *const names[] = {"data",  "one.c",  "two.c",       "three.h", "a/x.c",      "a/deep/y.c",
                                      "b/x.c", ".dot.c", ".hidden/h.c", "z[1]/q",  "back\\slash"};
  static const char *const folders[] = {"a/deep", "a", "b", ".hidden", "z[1]"};
  int bad = 0;
  for (size_t i = 0; i < COUNT(names); i++) bad += unlink(names[i]) != 0;
  for (size_t i = 0; i < COUNT(folders); i++) bad += rmdir(folders[i]) != 0;
  printf("%d %d\n", bad, chdir("/") + rmdir(root));
}

int main(void) {
  make_tree();
  globbing();
  polling();
  streams();
  paths();
  in_child("err", say_err), in_child("errx", say_errx), in_child("warn", say_warn),
      in_child("err NULL", say_null);
  in_child("quick_exit", quick), in_child("exit", usual);
  commands();
  terminal();
  hostile();
  remove_tree();
  return 0;
}
