/* sandbox.c - running a tool on a student's files: always with limits, and inside bubblewrap where that
 * works. */
#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "temporary.h"
#include "tools/base_name.h"

enum { SAID_MOST = 256 << 10 };

/* ---- the toolchain ---- */

/* Is the file a launcher that stands in PATH under a compiler's name, as /usr/lib/ccache/clang does? A
 * launcher knows by its own name which compiler to call. Inside the sandbox it would be called by its real
 * one. */
static bool is_launcher(const char *file) {
  static const char *const launchers[] = {"ccache", "sccache", "distcc", "icecc"};
  for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
    if (strcmp(base_name(file), launchers[i]) == 0) return true;
  return false;
}

/* The path of an executable: `name` in the folders of PATH, launchers of compilers apart, or `name` itself
 * when it has a slash. malloc'ed; NULL when there is none. */
static char *find_program(const char *name) {
  if (strchr(name, '/')) return access(name, X_OK) == 0 ? realpath(name, NULL) : NULL;
  const char *path = getenv("PATH");
  for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
    size_t n = strcspn(p, ":");
    char *file, *found = NULL;
    if (asprintf(&file, "%.*s/%s", n ? (int)n : 1, n ? p : ".", name) < 0) must(NULL);
    if (access(file, X_OK) == 0) found = realpath(file, NULL);
    free(file);
    if (found && !is_launcher(found)) return found;
    free(found);
    p += n + (p[n] == ':');
  }
  return NULL;
}

static char *beside_us(const char *path) {
  char *name = beside_executable(path);
  if (!name) die(GRADE_TROUBLE, "where is trapeze? %s", strerror(errno));
  char *real = realpath(name, NULL);
  if (!real) die(GRADE_TROUBLE, "%s: %s; is trapeze installed as a whole?", name, strerror(errno));
  free(name);
  return real;
}

static void check_tool(const char *bin, const char *name) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", bin, name) >= (int)sizeof path || access(path, X_OK) != 0)
    die(GRADE_TROUBLE, "%s: %s; it belongs beside trapeze", path, strerror(errno));
}

static struct toolchain tools;

const struct toolchain *toolchain(void) {
  if (tools.clang) return &tools;
  const char *clang = getenv("PG32_CLANG");
  clang = clang && *clang ? clang : "clang";
  tools.bin = beside_us("bin");
  tools.share = beside_us("share/trapeze");
  check_tool(tools.bin, "pg32-cc");
  check_tool(tools.bin, "pg32-as");
  check_tool(tools.bin, "pg32-ld");
  tools.clang = find_program(clang);
  if (!tools.clang)
    die(GRADE_TROUBLE, "cannot find %s; install the package clang, or name one in PG32_CLANG", clang);
  return &tools;
}

bool toolchain_use(const char *clang) {
  char *found = find_program(clang);
  if (!found) return false;
  toolchain();
  free(tools.clang);
  tools.clang = found;
  return true;
}

/* ---- bubblewrap's command line ---- */

struct line {
  char *word[160];
  size_t n;
};

static void add(struct line *l, const char *word) {
  if (l->n + 1 >= sizeof l->word / sizeof *l->word)
    die(GRADE_TROUBLE, "bubblewrap's command line is too long");
  l->word[l->n++] = must(strdup(word));
  l->word[l->n] = NULL;
}

static void free_line(struct line *l) {
  for (size_t i = 0; i < l->n; i++) free(l->word[i]);
}

static void bind(struct line *l, const char *how, const char *path) {
  add(l, how);
  add(l, path);
  add(l, path);
}

static bool is_below(const char *path, const char *folder) {
  size_t n = strlen(folder);
  return !strncmp(path, folder, n) && (!path[n] || path[n] == '/');
}

/* Shows the system's programs and libraries. /bin, /lib ... are folders on some systems and links into /usr
 * on others. */
static void add_system(struct line *l) {
  static const char *const places[] = {"/bin", "/lib", "/lib32", "/lib64", "/libx32"};
  bind(l, "--ro-bind", "/usr");
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    char target[PATH_MAX];
    ssize_t n = readlink(places[i], target, sizeof target - 1);
    if (n < 0) {
      bind(l, "--ro-bind-try", places[i]);
      continue;
    }
    target[n] = 0;
    add(l, "--symlink");
    add(l, target);
    add(l, places[i]);
  }
  bind(l, "--ro-bind-try", "/etc/ld.so.cache");
  bind(l, "--ro-bind-try", "/etc/alternatives");
}

static void cover(struct line *l, const char *folder) {
  struct stat st;
  if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) return;
  add(l, "--tmpfs");
  add(l, folder);
}

/* Shows the compiler, wherever it is, and covers what else people keep in /usr:
 * a lab may be installed there. */
static void add_compiler(struct line *l, const struct job *job) {
  const struct toolchain *t = toolchain();
  char copy[PATH_MAX], labs[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", t->clang);
  const char *prefix = dirname(dirname(copy));
  if (!strcmp(prefix, "/") || !strcmp(prefix, "/tmp"))
    prefix = t->clang; /* no more than the compiler itself */
  cover(l, "/usr/local");
  if (!is_below(prefix, "/usr") || is_below(prefix, "/usr/local")) bind(l, "--ro-bind", prefix);
  snprintf(labs, sizeof labs, "%s/labs", t->share);
  if (is_below(labs, "/usr") || is_below(labs, prefix)) cover(l, labs);
  if (job->hide && (is_below(job->hide, "/usr") || is_below(job->hide, prefix))) cover(l, job->hide);
}

static void add_ours(struct line *l) {
  static const char *const tools[] = {"pg32-cc", "pg32-as", "pg32-ld"}, *const shared[] = {"include", "lib"};
  char path[PATH_MAX];
  for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
    snprintf(path, sizeof path, "%s/%s", toolchain()->bin, tools[i]);
    bind(l, "--ro-bind", path);
  }
  for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
    snprintf(path, sizeof path, "%s/%s", toolchain()->share, shared[i]);
    bind(l, "--ro-bind", path);
  }
}

/* The command line up to the job's own words. `status` is the descriptor where bubblewrap writes how the job
 * ended, if it could be started at all. */
static void wrap(struct line *l, const char *bwrap, int status, const struct job *job) {
  static const char *const fixed[] = {
      "--unshare-all", "--unshare-user",    "--uid",        "65534", "--gid", "65534", "--cap-drop",
      "ALL",           "--die-with-parent", "--new-session"};
  add(l, bwrap);
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) add(l, fixed[i]);
  char number[16];
  snprintf(number, sizeof number, "%d", status);
  add(l, "--json-status-fd"), add(l, number);
  add_system(l);
  add(l, "--proc"), add(l, "/proc");
  add(l, "--dev"), add(l, "/dev");
  add(l, "--tmpfs"), add(l, "/tmp");
  add_compiler(l, job);
  add_ours(l);
  for (size_t i = 0; job->see[i]; i++) bind(l, "--ro-bind", job->see[i]);
  bind(l, "--bind", job->folder);
  add(l, "--chdir"), add(l, job->current);
  add(l, "--");
}

/* ---- one process ---- */

static void limit_softly(int what, rlim_t most, rlim_t more) {
  struct rlimit r;
  if (getrlimit(what, &r) != 0) return;
  if (r.rlim_max == RLIM_INFINITY || r.rlim_max > most + more) r.rlim_max = most + more;
  r.rlim_cur = r.rlim_max < most ? r.rlim_max : most;
  setrlimit(what, &r);
}

static void limit(int what, rlim_t most) { limit_softly(what, most, 0); }

/* A sanitizer reserves more address space than any limit allows. */
#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

static void set_limits(void) {
  limit_softly(RLIMIT_CPU, JOB_CPU_SECONDS, 5); /* SIGXCPU each second, before SIGKILL: it tells the reason */
  if (!SANITIZED) limit(RLIMIT_AS, (rlim_t)JOB_MEMORY_MB << 20);
  limit(RLIMIT_FSIZE, (rlim_t)JOB_FILE_MB << 20);
  limit(RLIMIT_NOFILE, JOB_FILES);
  limit(RLIMIT_NPROC, 16384); /* counts all processes of this user */
  limit(RLIMIT_CORE, 0);
}

_Noreturn static void become(char *const *argv, bool shut, const struct job *job, int output) {
  char temporary[PATH_MAX], clang[PATH_MAX];
  snprintf(temporary, sizeof temporary, "TMPDIR=%s/tmp", job->folder);
  snprintf(clang, sizeof clang, "PG32_CLANG=%s", toolchain()->clang);
  char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", temporary, clang, NULL};
  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  setpgid(0, 0);
  set_limits();
  if (!shut) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  bool ready = null >= 0 && dup2(null, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
               chdir(job->current) == 0;
  if (ready) execve(argv[0], argv, environment);
  dprintf(output, "%s: %s\n", argv[0], strerror(errno));
  _exit(127);
}

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Keeps the beginning of what the job writes. False when time is up or a signal asks to stop. */
static bool listen_to(int input, int64_t end, struct bytes *said) {
  char part[1 << 14];
  for (;;) {
    struct pollfd p = {.fd = input, .events = POLLIN};
    int64_t left = end - now_ms();
    if (left <= 0 || temporary_stopping()) return false;
    int ready =
        poll(&p, 1, left < 1000 ? (int)left : 1000); /* not for ever: a signal may come just before poll */
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    ssize_t n = read(input, part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    size_t room = SAID_MOST - said->size;
    bytes_append(said, part, (size_t)n < room ? (size_t)n : room);
  }
}

/* The job has closed its output, so it should end at once. */
static bool wait_until(pid_t pid, int64_t end, int *status) {
  for (;;) {
    pid_t got = waitpid(pid, status, WNOHANG);
    if (got == pid) return true;
    if (got < 0 && errno != EINTR) die(GRADE_TROUBLE, "waiting for a compiler: %s", strerror(errno));
    if (now_ms() >= end || temporary_stopping()) return false;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
}

/* By the signal that ended the tool; pg32-cc and bubblewrap pass it on as an exit status, as shells do. Used
 * processor time would not tell: bubblewrap does not wait for all of its processes. */
static enum job_end ended(int status) {
  int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status) - 128;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return JOB_GOOD;
  if (number == SIGXCPU) return JOB_EXPENSIVE;
  if (number == SIGKILL) return JOB_KILLED;
  return WIFEXITED(status) && WEXITSTATUS(status) < 64 ? JOB_BAD : JOB_CRASHED;
}

/* Runs argv to its end; *status as waitpid has it. */
static enum job_end run(char *const *argv, bool shut, const struct job *job, struct bytes *said,
                        int *status) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) die(GRADE_TROUBLE, "pipe: %s", strerror(errno));
  pid_t pid = fork();
  if (pid < 0) die(GRADE_TROUBLE, "fork: %s", strerror(errno));
  if (pid == 0) become(argv, shut, job, ends[1]);
  setpgid(pid, pid);
  close(ends[1]);
  int64_t end = now_ms() + JOB_WALL_SECONDS * 1000;
  *said = (struct bytes){0};
  bool good = listen_to(ends[0], end, said) && wait_until(pid, end, status);
  close(ends[0]);
  if (good) return ended(*status);
  kill(-pid, SIGKILL);
  kill(pid, SIGKILL);
  waitpid(pid, status, 0);
  if (temporary_stopping()) temporary_stop();
  die(GRADE_TROUBLE, "%s: did not end within %d seconds, and used little processor time", argv[0],
      JOB_WALL_SECONDS);
}

/* Did the job begin? Only then does bubblewrap write how it ended. */
static bool was_started(int status) {
  char text[4096];
  ssize_t n = read(status, text, sizeof text - 1);
  text[n > 0 ? n : 0] = 0;
  return strstr(text, "exit-code") != NULL;
}

/* The same inside bubblewrap; *started tells whether the job began. */
static enum job_end run_shut(const struct job *job, struct bytes *said, bool *started) {
  struct line l = {.n = 0};
  int ends[2], status;
  char *bwrap = find_program("bwrap");
  if (!bwrap) die(GRADE_TROUBLE, "bwrap is no longer there");
  if (pipe(ends) != 0 || fcntl(ends[0], F_SETFD, FD_CLOEXEC) != 0)
    die(GRADE_TROUBLE, "pipe: %s", strerror(errno));
  wrap(&l, bwrap, ends[1], job);
  for (size_t i = 0; job->argv[i]; i++) add(&l, job->argv[i]);
  enum job_end end = run(l.word, true, job, said, &status);
  close(ends[1]);
  *started = was_started(ends[0]);
  close(ends[0]);
  free_line(&l);
  free(bwrap);
  return end;
}

enum job_end job_run(bool shut, const struct job *job, struct bytes *said) {
  int status = 0;
  bool started = true;
  enum job_end end = shut ? run_shut(job, said, &started) : run(job->argv, false, job, said, &status);
  if (!started || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
    die(GRADE_TROUBLE, "cannot run %s: %.*s", job->argv[0], (int)said->size, (const char *)said->data);
  return end;
}

bool sandbox_works(const char *folder) {
  char tool[PATH_MAX], *bwrap = find_program("bwrap");
  struct bytes said;
  bool started;
  if (!bwrap) return false;
  free(bwrap);
  snprintf(tool, sizeof tool, "%s/pg32-as", toolchain()->bin);
  struct job job = {.argv = (char *const[]){tool, "--version", NULL}, .folder = folder, .current = folder};
  enum job_end end = run_shut(&job, &said, &started);
  free(said.data);
  return started && end == JOB_GOOD;
}
