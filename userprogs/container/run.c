/* run.c - container run, exec, ps, kill, log, rm. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "container.h"

/* ---- starting ---- */

/* The child becomes the program; words[0] is looked for as a shell does. */
_Noreturn static void become(char **words) {
  execvp(words[0], words);
  int status = errno == ENOENT ? 127 : 126;
  fprintf(stderr, "container: %s: %s\n", words[0],
          errno == ENOENT ? "no such program in the container" : strerror(errno));
  _exit(status);
}

/* How the child ended, as a shell tells it. If the child is stopped, so is this process, that a shell may see it. */
static int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, WUNTRACED) < 0 || WIFSTOPPED(status)) {
    if (!WIFSTOPPED(status)) continue;
    kill(getpid(), SIGSTOP);
    kill(child, SIGCONT);
    status = 0;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void put_on(int fd, int to) {
  if (fd < 0 || dup2(fd, to) < 0) die("console");
}

static void folder_of(char path[PATH_BYTES], const char *name, const char *file) {
  char folder[PATH_BYTES];
  path_in(folder, RUN, name);
  path_in(path, folder, file);
}

int run_in_folder(struct settings *s, char **words) {
  char root[PATH_BYTES], log[PATH_BYTES];
  folder_of(root, s->name, "root");
  folder_of(log, s->name, "log");
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child > 0) return wait_for(child);
  if (s->detached) {
    put_on(open("/dev/null", O_RDONLY), 0);
    put_on(open(log, O_WRONLY | O_APPEND), 1);
    put_on(1, 2);
  }
  if (container_new(root, &s->limits) < 0) {
    fprintf(stderr, "container: %s: %s\n", s->name,
            errno == EAGAIN ? "there are too many containers, or within each other, or too many processes"
                            : strerror(errno));
    _exit(125);
  }
  become(words);
}

/* ---- the folder ---- */

static char unfinished[PATH_BYTES]; /* a folder that must not stay if this program ends early; "": none */

static void clean_up(void) {
  if (*unfinished) tree_remove(unfinished);
  *unfinished = 0;
}

void run_keep_folder(void) { *unfinished = 0; }

/* The first of c1, c2, ... that no container has. */
static void choose_name(char *name) {
  char path[PATH_BYTES];
  for (unsigned n = 1;; n++) {
    snprintf(name, NAME_LENGTH + 1, "c%u", n);
    path_in(path, RUN, name);
    if (mkdir(path, 0777) == 0) return;
    if (errno != EEXIST) die(path);
  }
}

void run_folder(struct settings *s, const struct image *i) {
  char path[PATH_BYTES], log[PATH_BYTES];
  path_in(path, RUN, s->name);
  if (!*s->name)
    choose_name(s->name);
  else if (mkdir(path, 0777) < 0 && errno == EEXIST)
    refuse("there is a container %s already; `container rm %s` removes it if it has ended", s->name, s->name);
  path_in(unfinished, RUN, s->name);
  atexit(clean_up);
  strncpy(s->limits.name, s->name, sizeof s->limits.name - 1);
  if (!s->limits.host[0]) strncpy(s->limits.host, s->name, sizeof s->limits.host - 1);
  if (s->detached) s->limits.flags |= CONTAINER_DETACHED;
  folder_of(log, s->name, "log");
  int fd = s->detached ? open(log, O_WRONLY | O_CREAT) : 0;
  if (fd < 0) die(log);
  if (fd > 0) close(fd);
  folder_of(path, s->name, "root");
  image_lay(i, path, s->detached ? log : "/dev/console");
}

int run_image(struct settings *s, const struct image *i, char **words) {
  static char *shell[] = {"sh", NULL};
  run_folder(s, i);
  if (!words[0]) words = i->command[0] ? (char **)i->command : shell;
  if (s->keep) run_keep_folder();
  int status = run_in_folder(s, words);
  clean_up();
  return status;
}

/* ---- the words of run ---- */

static uint32_t number(const char *option, const char *text, uint32_t least, uint32_t most) {
  char *end;
  unsigned long n = strtoul(text, &end, 10);
  if (end == text || (*end && strcmp(end, "%") != 0) || n < least || n > most)
    refuse_words("%s %s: expected a number from %u to %u", option, text, (unsigned)least, (unsigned)most);
  return (uint32_t)n;
}

/* Frames: 64K and 2M are bytes, rounded up; 40f are frames. */
static uint32_t frames(const char *text) {
  char *end;
  unsigned long n = strtoul(text, &end, 10);
  uint32_t unit = strcmp(end, "f") == 0   ? PAGE_SIZE
                  : strcmp(end, "K") == 0 ? 1024
                  : strcmp(end, "M") == 0 ? 1 << 20
                                          : 0;
  if (end == text || !unit || n == 0 || n > UINT32_MAX / unit)
    refuse_words("--memory %s: expected a size such as 64K, 2M or 40f", text);
  return (uint32_t)n * unit / PAGE_SIZE + ((uint32_t)n * unit % PAGE_SIZE != 0);
}

static void set_name(char *to, size_t size, const char *option, const char *text) {
  if (!is_name(text) || strlen(text) >= size)
    refuse_words("%s %s: expected at most %u letters, digits, - _ or .", option, text, (unsigned)size - 1);
  strcpy(to, text);
}

/* Takes one option; how many words that was. 0: the word is no option. */
static int take_option(struct settings *s, char **argv) {
  const char *o = argv[0], *value = argv[1];
  if (o == NULL || strncmp(o, "--", 2) != 0) return 0;
  if (strcmp(o, "--detach") == 0) return s->detached = true, 1;
  if (strcmp(o, "--keep") == 0) return s->keep = true, 1;
  if (value == NULL) refuse_words("%s: a value is missing", o);
  if (strcmp(o, "--memory") == 0)
    s->limits.frames = frames(value);
  else if (strcmp(o, "--cpu") == 0)
    s->limits.cpu = number(o, value, 1, 100);
  else if (strcmp(o, "--processes") == 0)
    s->limits.processes = number(o, value, 1, 100000);
  else if (strcmp(o, "--name") == 0)
    set_name(s->name, sizeof s->name, o, value);
  else if (strcmp(o, "--hostname") == 0)
    set_name(s->limits.host, sizeof s->limits.host, o, value);
  else
    refuse_words("%s is no option of run; `container --help` lists them", o);
  return 2;
}

int run_main(int argc, char **argv) {
  struct settings s = {0};
  struct image i;
  int at = 1;
  for (int n; at < argc && (n = take_option(&s, argv + at)) > 0;) at += n;
  if (at == argc) usage();
  image_read(&i, argv[at]);
  if (!s.detached) return run_image(&s, &i, argv + at + 1);
  run_folder(&s, &i);
  run_keep_folder();
  fflush(NULL);
  pid_t child = fork();
  if (child < 0) die("fork");
  static char *shell[] = {"sh", NULL};
  char **words = argv[at + 1] ? argv + at + 1 : i.command[0] ? i.command : shell;
  if (child == 0) exit(run_in_folder(&s, words));
  puts(s.name);
  return 0;
}

/* ---- containers that run ---- */

/* Calls act for each process that is in a container, as far as they are seen. */
static void each_process(void (*act)(const struct pg32_procinfo *p, const struct pg32_container *c,
                                     void *arg),
                         void *arg) {
  struct pg32_procinfo p;
  struct pg32_container c;
  for (int slot = 0; errno = 0, procinfo(slot, &p) == 0 || errno == ESRCH; slot++)
    if (errno == 0 && container_info((int)p.pid, &c) == 0 && c.level > 0) act(&p, &c, arg);
}

static void print_process(const struct pg32_procinfo *p, const struct pg32_container *c, void *arg) {
  (void)arg;
  printf("%-15s %5u %6u %6u %6u %5u %10llu  %s\n", c->name, p->pid, c->self, c->processes_used,
         c->frames_used, c->cpu, (unsigned long long)c->ticks, p->name);
}

int ps_main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) usage();
  puts("CONTAINER         PID INSIDE  PROCS FRAMES  CPU%      TICKS  PROGRAM");
  each_process(print_process, NULL);
  return 0;
}

struct search {
  const char *name;
  uint32_t first;
};

static void compare(const struct pg32_procinfo *p, const struct pg32_container *c, void *arg) {
  struct search *s = arg;
  if (p->state != PROC_ZOMBIE && c->first == p->pid && strcmp(c->name, s->name) == 0) s->first = c->first;
}

/* The pid of its first process; 0: no such container runs. */
static uint32_t find(const char *name) {
  struct search s = {.name = name};
  each_process(compare, &s);
  return s.first;
}

static uint32_t must_find(const char *name) {
  uint32_t first = find(name);
  if (!first) refuse("no container %s runs; `container ps` lists those that do", name);
  return first;
}

int exec_main(int argc, char **argv) {
  if (argc < 3) usage();
  uint32_t first = must_find(argv[1]);
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child > 0) return wait_for(child);
  if (container_join((int)first) < 0) {
    fprintf(stderr, "container: %s: %s\n", argv[1],
            errno == EAGAIN ? "has as many processes as it may" : strerror(errno));
    _exit(125);
  }
  become(argv + 2);
}

int kill_main(int argc, char **argv) {
  if (argc < 2) usage();
  for (int i = 1; i < argc; i++)
    if (kill((pid_t)must_find(argv[i]), SIGKILL) < 0) die(argv[i]);
  return 0;
}

int log_main(int argc, char **argv) {
  char path[PATH_BYTES], piece[512];
  ssize_t n;
  if (argc != 2) usage();
  if (!is_name(argv[1])) refuse_words("%s cannot be the name of a container", argv[1]);
  folder_of(path, argv[1], "log");
  int fd = open(path, O_RDONLY);
  if (fd < 0) refuse("%s: no container of that name was started with --detach", argv[1]);
  while ((n = read(fd, piece, sizeof piece)) > 0) write(1, piece, (size_t)n);
  return n < 0;
}

int rm_main(int argc, char **argv) {
  char path[PATH_BYTES];
  if (argc < 2) usage();
  for (int i = 1; i < argc; i++) {
    if (!is_name(argv[i])) refuse_words("%s cannot be the name of a container, or of an image", argv[i]);
    if (find(argv[i])) refuse("%s runs; `container kill %s` ends it", argv[i], argv[i]);
    path_in(path, RUN, argv[i]);
    if (access(path, F_OK) == 0)
      tree_remove(path);
    else
      image_remove(argv[i]);
  }
  return 0;
}
