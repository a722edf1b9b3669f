/* containertests [NAME...] - tests of containers, from inside and from outside: what a process inside can reach, the
 * limits, and files laid within others.
 *
 * `every_call` goes through all system calls: INSIDE has, for each, a function that tries in a container what the call
 * could reach outside, or says that the call takes and gives no identifier. A new system call without such a line does
 * not compile. */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pg32.h"
#include "usertest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROOT "/tmp/root" /* of the containers here; /tmp/secret is outside */
#define EXITED(status) ((status) << 8)
enum { CPU_PERIOD = 400000 };

/* ---- making containers ---- */

static const struct pg32_container plain = {.name = "test", .host = "inside"};

static void make_root(void) {
  mkdir(ROOT, 0777);
  mkdir(ROOT "/sub", 0777);
  mkdir(ROOT "/sub/deep", 0777);
  close(open(ROOT "/file", O_WRONLY | O_CREAT, 0666));
  close(open("/tmp/secret", O_WRONLY | O_CREAT, 0666));
}

static void remove_root(void) {
  const char *const files[] = {ROOT "/file", "/tmp/secret", ROOT "/new"};
  const char *const folders[] = {ROOT "/sub/deep", ROOT "/sub", ROOT "/made", ROOT};
  for (size_t i = 0; i < COUNT(files); i++) unlink(files[i]);
  for (size_t i = 0; i < COUNT(folders); i++) rmdir(folders[i]);
}

/* Forks a process that runs `run` as the first of a container. */
static pid_t start_in(const struct pg32_container *options, void (*run)(void)) {
  pid_t child = usertest_fork();
  if (child != 0) return child;
  CHECK_EQUAL(container_new(ROOT, options), 0);
  run();
  exit(0);
}

/* Runs it there until it ends; how it ended. */
static int in_container(const struct pg32_container *options, void (*run)(void)) {
  make_root();
  int status = usertest_wait(start_in(options, run));
  remove_root();
  return status;
}

static void inside(void (*run)(void)) { CHECK_EQUAL(in_container(&plain, run), 0); }

static void spin(void) {
  for (;;) __asm__ volatile("");
}
static void sleep_long(void) { sleep_ticks(1000000000); }

static void kill_and_wait(pid_t child) {
  CHECK_EQUAL(kill(child, SIGKILL), 0);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
}

static bool is_there(const char *path) { return access(path, F_OK) == 0; }

static struct pg32_container info_of(pid_t pid) {
  struct pg32_container info;
  CHECK_EQUAL(container_info(pid, &info), 0);
  return info;
}

/* ---- what is seen ---- */

static pid_t outsider; /* the pid of a process outside, as outside knows it */

static int processes_seen(void) {
  struct pg32_procinfo p;
  int n = 0;
  for (int slot = 0; errno = 0, procinfo(slot, &p) == 0 || errno == ESRCH; slot++) n += errno == 0;
  return n;
}

static void check_pids(void) {
  CHECK_EQUAL(getpid(), 1);
  CHECK_EQUAL(getppid(), 0);
  CHECK_EQUAL(getpgid(0), 1);
  pid_t child = usertest_fork();
  if (child == 0) _exit(getpid() == 2 && getppid() == 1 ? 7 : 8);
  CHECK_EQUAL(child, 2);
  CHECK_EQUAL(processes_seen(), 2);
  CHECK_EQUAL(usertest_wait(child), EXITED(7));
  CHECK_EQUAL(processes_seen(), 1);
}
static void test_pids(void) { inside(check_pids); }

/* One process, and a pid at each level. */
static void check_nested(void) {
  CHECK_EQUAL(getpid(), 1);
  pid_t sibling = usertest_fork();
  if (sibling == 0) sleep_long();
  pid_t child = usertest_fork();
  if (child == 0) {
    CHECK_EQUAL(container_new("/sub", &plain), 0);
    CHECK_EQUAL(getpid(), 1);
    CHECK_ERROR(kill(3, 0), ESRCH);
    CHECK(is_there("/deep") && !is_there("/file") && !is_there("/../file"));
    sleep_long();
  }
  CHECK_EQUAL(child, 3);
  sleep_ticks(100000);
  struct pg32_container info = info_of(child);
  CHECK(info.level == 1 && info.self == 1 && info.first == (uint32_t)child && info.processes_used == 1);
  CHECK_EQUAL(info_of(0).processes_used, 3);
  CHECK_EQUAL(kill(child, SIGKILL), 0);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
}
static void test_nested(void) { inside(check_nested); }

static void nest(void) {
  if (container_new("/", &plain) < 0) _exit(errno == EAGAIN ? 3 : 4);
  pid_t child = fork();
  if (child == 0) nest();
  int status = usertest_wait(child);
  _exit(status >> 8);
}
static void test_nesting_ends(void) { CHECK_EQUAL(usertest_in_child(nest), EXITED(3)); }

static void have_descendants(void) {
  for (int i = 0; i < 3; i++)
    if (usertest_fork() == 0) {
      if (usertest_fork() == 0) spin();
      if (i == 0) exit(0); /* an orphan is left */
      spin();
    }
  sleep_ticks(500000);
}

static void test_first_process_ends_all(void) {
  struct pg32_sysinfo before, after;
  make_root();
  sysinfo(&before);
  pid_t first = start_in(&plain, have_descendants);
  sleep_ticks(400000);
  CHECK(info_of(first).processes_used == 6 || info_of(first).processes_used == 7);
  CHECK_EQUAL(usertest_wait(first), 0);
  sleep_ticks(200000);
  sysinfo(&after);
  CHECK_EQUAL(after.processes, before.processes);
  remove_root();
}

static void make_orphan(void) {
  pid_t child = usertest_fork();
  if (child == 0) {
    if (usertest_fork() == 0) sleep_long();
    _exit(0);
  }
  CHECK_EQUAL(usertest_wait(child), 0);
  CHECK_EQUAL(processes_seen(), 2); /* it stays inside, and nobody outside becomes its parent */
  CHECK_EQUAL(kill(3, 0), 0);
  struct pg32_procinfo p;
  CHECK(procinfo(1, &p) == 0 && p.pid == 3 && p.parent == 0);
  CHECK_ERROR(waitpid(3, NULL, 0), ECHILD);
}
static void test_orphans(void) { inside(make_orphan); }

static void test_seen_from_outside(void) {
  make_root();
  pid_t first = start_in(&plain, sleep_long);
  sleep_ticks(100000);
  struct pg32_container info = info_of(first);
  CHECK(strcmp(info.name, "test") == 0 && strcmp(info.host, "inside") == 0);
  CHECK(info.level == 1 && info.first == (uint32_t)first && info.self == 1);
  CHECK_EQUAL(info_of(0).level, 0);
  CHECK_EQUAL(kill(first, SIGKILL), 0);
  CHECK_EQUAL(usertest_wait(first), SIGKILL);
  CHECK_ERROR(container_info(first, &info), ESRCH);
  remove_root();
}

static void test_join(void) {
  make_root();
  pid_t first = start_in(&plain, sleep_long);
  sleep_ticks(100000);
  pid_t joined = usertest_fork();
  if (joined == 0) {
    int fd = open("/", O_RDONLY);
    CHECK_EQUAL(container_join(first), 0);
    CHECK_EQUAL(getpid(), 2);
    CHECK_ERROR(close(fd), EBADF);
    CHECK(is_there("/file") && !is_there("/tmp") && !is_there("../tmp"));
    CHECK_EQUAL(kill(1, SIGKILL), 0);
    spin(); /* the first process ends all */
  }
  CHECK_EQUAL(usertest_wait(joined), SIGKILL);
  CHECK_EQUAL(usertest_wait(first), SIGKILL);
  remove_root();
}

static void test_bad_options(void) {
  struct pg32_container o = plain;
  make_root();
  CHECK_ERROR(container_new(ROOT, (void *)4), EFAULT);
  CHECK_ERROR(container_new((void *)4, &o), EFAULT);
  CHECK_ERROR(container_new("/tmp/none", &o), ENOENT);
  CHECK_ERROR(container_new(ROOT "/file", &o), ENOTDIR);
  memset(o.name, 'x', sizeof o.name);
  CHECK_ERROR(container_new(ROOT, &o), EINVAL);
  o = plain, o.cpu = 101;
  CHECK_ERROR(container_new(ROOT, &o), EINVAL);
  o = plain, o.flags = 2;
  CHECK_ERROR(container_new(ROOT, &o), EINVAL);
  strcpy(o.host, "a/b");
  CHECK_ERROR(container_new(ROOT, &o), EINVAL);
  CHECK_ERROR(container_join(0), ESRCH);
  CHECK_ERROR(container_join(getpid()), EINVAL);
  CHECK_ERROR(container_join(30000), ESRCH);
  pid_t child = usertest_fork();
  if (child == 0) sleep_long();
  CHECK_ERROR(container_new(ROOT, &plain), EBUSY);
  kill(child, SIGKILL);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
  remove_root();
}

/* ---- ways out ---- */

static void climb(void) {
  char path[64];
  CHECK(is_there("/file") && !is_there("/tmp") && !is_there("/../tmp") && !is_there("../../../tmp"));
  CHECK(!is_there("/sub/../../tmp") && !is_there("sub/deep/../../../tmp"));
  CHECK_EQUAL(chdir(".."), 0);
  CHECK(strcmp(getcwd(path, sizeof path), "/") == 0 && is_there("file"));
  CHECK_EQUAL(chdir("sub/deep"), 0);
  CHECK(strcmp(getcwd(path, sizeof path), "/sub/deep") == 0);
  CHECK_EQUAL(chdir("../../../.."), 0);
  CHECK(strcmp(getcwd(path, sizeof path), "/") == 0);
}
static void test_dots(void) { inside(climb); }

/* A working directory that is removed has no directory around it any more, but for the root. */
static void climb_from_removed(void) {
  CHECK_EQUAL(mkdir("/made", 0777), 0);
  CHECK_EQUAL(chdir("/made"), 0);
  CHECK_EQUAL(rmdir("/made"), 0);
  CHECK(!is_there("../tmp") && !is_there("../../tmp"));
  CHECK(is_there("../file"));
}
static void test_removed_directory(void) { inside(climb_from_removed); }

/* Somebody outside moves the working directory out of the root. */
static void climb_from_moved(void) {
  CHECK_EQUAL(chdir("/sub/deep"), 0);
  sleep_ticks(400000);
  char path[64];
  CHECK(!is_there("../secret") && !is_there("../root"));
  CHECK(is_there("../file")); /* it leads to the root */
  CHECK(getcwd(path, sizeof path) == NULL);
}
static void test_moved_directory(void) {
  make_root();
  pid_t first = start_in(&plain, climb_from_moved);
  sleep_ticks(200000);
  CHECK_EQUAL(rename(ROOT "/sub/deep", "/tmp/deep"), 0);
  CHECK_EQUAL(usertest_wait(first), 0);
  rmdir("/tmp/deep");
  remove_root();
}

static int kept_directory, kept_file;
static void use_descriptors(void) {
  struct pg32_dirent d;
  CHECK_ERROR(read(kept_directory, &d, sizeof d), EBADF);
  CHECK_ERROR(read(kept_file, &d, 1), EBADF);
  CHECK_ERROR(fcntl(kept_directory, F_DUPFD, 0), EBADF);
  CHECK_ERROR(read(0, &d, sizeof d), EBADF); /* it led to a directory */
  CHECK(write(1, "", 0) == 0);
}
static void hold_descriptors(void) {
  kept_directory = open("/tmp", O_RDONLY);
  kept_file = open("/tmp/secret", O_RDWR);
  dup2(kept_directory, 0);
  pid_t child = start_in(&plain, use_descriptors);
  CHECK_EQUAL(usertest_wait(child), 0);
}
static void test_descriptors(void) {
  make_root();
  CHECK_EQUAL(usertest_in_child(hold_descriptors), 0);
  remove_root();
}

/* The classic way out of chroot: go into a narrower root, and keep the wider working directory. */
static void pivot_again(void) {
  int fd = open("/", O_RDONLY);
  CHECK_EQUAL(chdir("/sub"), 0);
  CHECK_EQUAL(container_new("/sub/deep", &plain), 0);
  CHECK_ERROR(close(fd), EBADF);
  for (int i = 0; i < 8; i++) CHECK_EQUAL(chdir(".."), 0);
  CHECK(!is_there("sub") && !is_there("file") && !is_there("secret") && !is_there("/tmp"));
}
static void test_second_pivot(void) { inside(pivot_again); }

static void pivot_to_itself(void) {
  CHECK_EQUAL(container_new("/..", &plain), 0);
  CHECK(is_there("/file") && !is_there("/tmp") && !is_there("../tmp"));
}
static void test_pivot_upwards(void) { inside(pivot_to_itself); }

static void link_outside(void) {
  CHECK_ERROR(link("/../secret", "/new"), ENOENT);
  CHECK_ERROR(link("/tmp/secret", "/new"), ENOENT);
  CHECK_ERROR(rename("/file", "/../../tmp/file"), ENOENT);
  CHECK_EQUAL(rename("/file", "/../new"), 0); /* that is its own root */
  CHECK(is_there("/new"));
  CHECK_EQUAL(rename("/new", "/file"), 0);
}
static void test_links(void) { inside(link_outside); }

static void signal_outside(void) {
  for (pid_t pid = 2; pid < outsider + 3; pid++) {
    CHECK_ERROR(kill(pid, SIGKILL), ESRCH);
    CHECK_ERROR(kill(-pid, SIGKILL), ESRCH);
    CHECK_ERROR(waitpid(pid, NULL, WNOHANG), ECHILD);
    CHECK_ERROR(getpgid(pid), ESRCH);
    CHECK_ERROR(setpgid(pid, 0), ESRCH);
    CHECK_ERROR(container_join(pid), ESRCH);
  }
  CHECK_ERROR(kill(-1, SIGKILL), ESRCH);
  CHECK_EQUAL(setpgid(0, outsider), 0); /* a number of its own space, that means nobody else */
  signal(SIGTERM, SIG_IGN);
  CHECK_EQUAL(kill(0, SIGTERM), 0);
  CHECK_EQUAL(kill(-outsider, SIGTERM), 0);
}
static void test_signals(void) {
  outsider = usertest_fork();
  if (outsider == 0) sleep_long();
  setpgid(outsider, outsider);
  inside(signal_outside);
  CHECK_EQUAL(kill(outsider, 0), 0);
  CHECK_EQUAL(waitpid(outsider, NULL, WNOHANG), 0);
  kill(outsider, SIGKILL);
  CHECK_EQUAL(usertest_wait(outsider), SIGKILL);
}

/* ---- every system call ---- */

static void see_nothing(void) {}

/* Takes and gives no identifier: numbers of the caller's own, or none. */
#define OWN see_nothing

static void try__exit(void) {
  if (usertest_fork() == 0) _exit(0);
}
static void try_fork(void) {
  pid_t child = usertest_fork();
  if (child == 0) _exit(0);
  CHECK(child >= 2 && child < 30); /* counted inside */
  CHECK_EQUAL(usertest_wait(child), 0);
}
static void try_execve(void) {
  char *words[] = {(char *)"containertests", NULL};
  CHECK_ERROR(execve("/bin/containertests", words, NULL), ENOENT);
  CHECK_ERROR(execve("/../../bin/containertests", words, NULL), ENOENT);
}
static void try_waitpid(void) {
  for (pid_t pid = 1; pid < outsider + 2; pid++) CHECK_ERROR(waitpid(pid, NULL, WNOHANG), ECHILD);
  CHECK_ERROR(waitpid(-outsider, NULL, WNOHANG), ECHILD);
}
static void try_kill(void) {
  CHECK_ERROR(kill(outsider, SIGKILL), ESRCH);
  CHECK_ERROR(kill(-outsider, SIGKILL), ESRCH);
  CHECK_ERROR(kill(-1, SIGKILL), ESRCH);
}
static void try_getpid(void) { CHECK_EQUAL(getpid(), 1); }
static void try_open(void) {
  CHECK_ERROR(open("/tmp/secret", O_RDONLY), ENOENT);
  CHECK_ERROR(open("/../secret", O_RDONLY), ENOENT);
  CHECK_ERROR(open("/dev/disk", O_RDONLY), ENOENT);
  CHECK_ERROR(open("../../tmp/evil", O_WRONLY | O_CREAT, 0666), ENOENT);
}
/* Descriptors are the caller's own: those that it brought lead to the console alone. */
static void try_descriptors(void) {
  struct stat st;
  for (int fd = 0; fd < 64; fd++)
    if (fstat(fd, &st) == 0) CHECK(fd < 3 && !S_ISDIR(st.st_mode));
}
static void try_console_mode(void) { CHECK(console_mode(CONSOLE_COOKED) >= 0); }
static void try_procinfo(void) {
  struct pg32_procinfo p;
  CHECK_EQUAL(processes_seen(), 1);
  CHECK(procinfo(0, &p) == 0 && p.pid == 1 && p.parent == 0);
  CHECK_ERROR(procinfo(1, &p), ESRCH);
}
static void try_sysinfo(void) {
  struct pg32_sysinfo info;
  CHECK(sysinfo(&info) == 0 && info.processes == 1);
}
/* The VM of the process outside has the id 1. */
static void try_vm(void) {
  CHECK_ERROR(vm_run(1), EINVAL);
  CHECK_ERROR(vm_destroy(1), EINVAL);
  CHECK_ERROR(vm_window(1, NULL, NULL), EINVAL);
}
static void try_stat(void) {
  struct stat st;
  CHECK_ERROR(stat("/tmp/secret", &st), ENOENT);
  CHECK_ERROR(stat("/../tmp", &st), ENOENT);
}
static void try_mkdir(void) { CHECK_ERROR(mkdir("/../tmp/made", 0777), ENOENT); }
static void try_link(void) { CHECK_ERROR(link("/../secret", "/new"), ENOENT); }
static void try_unlink(void) { CHECK_ERROR(unlink("/../secret"), ENOENT); }
static void try_rmdir(void) {
  CHECK_ERROR(rmdir("/../root"), ENOENT);
  CHECK_ERROR(rmdir("/"), EBUSY);
}
static void try_rename(void) {
  CHECK_ERROR(rename("/../secret", "/new"), ENOENT);
  CHECK_ERROR(rename("/file", "/../tmp/new"), ENOENT);
}
static void try_chdir(void) { CHECK_ERROR(chdir("/../tmp"), ENOENT); }
static void try___getcwd(void) {
  char path[8];
  CHECK(strcmp(getcwd(path, sizeof path), "/") == 0);
}
static void try_setpgid(void) { CHECK_ERROR(setpgid(outsider, 0), ESRCH); }
static void try_getpgid(void) {
  CHECK_ERROR(getpgid(outsider), ESRCH);
  CHECK_EQUAL(getpgid(0), 1);
}
static void try_keep_file(void) {
  uint32_t part[2] = {0, 0};
  for (int fd = 3; fd < 64; fd++) CHECK_ERROR(keep_file(fd, "/new", part), EBADF);
  int fd = open("/file", O_RDONLY);
  CHECK_ERROR(keep_file(fd, "/../tmp/new", part), ENOENT);
  close(fd);
}
static void try_container_new(void) {
  CHECK_ERROR(container_new("/../../tmp", &plain), ENOENT);
  CHECK_ERROR(container_new("/tmp", &plain), ENOENT);
}
static void try_container_join(void) {
  for (pid_t pid = 2; pid < outsider + 2; pid++) CHECK_ERROR(container_join(pid), ESRCH);
}
static void try_container_info(void) {
  struct pg32_container info;
  for (pid_t pid = 2; pid < outsider + 2; pid++) CHECK_ERROR(container_info(pid, &info), ESRCH);
  CHECK(info_of(0).level == 0 && info_of(1).first == 1);
}
static void try___hostname(void) {
  char name[HOST_NAME];
  CHECK(gethostname(name, sizeof name) == 0 && strcmp(name, "inside") == 0);
  CHECK_EQUAL(sethostname("mine", 4), 0);
  CHECK(gethostname(name, sizeof name) == 0 && strcmp(name, "mine") == 0);
}

/* clang-format off */
/* What the call is given as an identifier: a pid, a group, a path, a descriptor, a VM, a slot, a name. */
#define TRY(name) static void (*const inside_##name)(void)
TRY(_exit) = try__exit;               TRY(fork) = try_fork;                 TRY(execve) = try_execve;
TRY(waitpid) = try_waitpid;           TRY(kill) = try_kill;                 TRY(sbrk) = OWN;
TRY(sleep_ticks) = OWN;               TRY(sched_yield) = OWN;               TRY(getpid) = try_getpid;
TRY(open) = try_open;                 TRY(close) = try_descriptors;         TRY(read) = try_descriptors;
TRY(write) = try_descriptors;         TRY(lseek) = try_descriptors;         TRY(fstat) = try_descriptors;
TRY(console_mode) = try_console_mode; TRY(poll_events) = OWN;               TRY(clock_ticks) = OWN;
TRY(procinfo) = try_procinfo;         TRY(sysinfo) = try_sysinfo;           TRY(vm_create) = try_vm;
TRY(vm_run) = try_vm;                 TRY(vm_destroy) = try_vm;             TRY(cpu_share) = OWN;
TRY(vm_window) = try_vm;              TRY(dup2) = try_descriptors;          TRY(pipe) = OWN;
TRY(fcntl) = try_descriptors;         TRY(ftruncate) = try_descriptors;     TRY(stat) = try_stat;
TRY(mkdir) = try_mkdir;               TRY(link) = try_link;                 TRY(unlink) = try_unlink;
TRY(rmdir) = try_rmdir;               TRY(rename) = try_rename;             TRY(chdir) = try_chdir;
TRY(__getcwd) = try___getcwd;         TRY(__sigaction) = OWN;               TRY(__sigmask) = OWN;
TRY(__sigreturn) = OWN;               TRY(__sigpending) = OWN;              TRY(__sigsuspend) = OWN;
TRY(setpgid) = try_setpgid;           TRY(getpgid) = try_getpgid;           TRY(__alarm) = OWN;
TRY(keep_file) = try_keep_file;       TRY(container_new) = try_container_new;
TRY(container_join) = try_container_join; TRY(container_info) = try_container_info; TRY(__hostname) = try___hostname;

static const struct { const char *name; void (*const *run)(void); } calls[] = {
#define S(number, name, arguments) {#name, &inside_##name},
  PG32_SYSCALLS(S)
#undef S
};
/* clang-format on */

static size_t at_hand;
static void run_call(void) { (*calls[at_hand].run)(); }

/* A process outside with a VM, which nobody inside may reach. */
static void own_vm(void) {
  char *heap = sbrk(4 * PAGE_SIZE);
  heap += -(uintptr_t)heap % PAGE_SIZE;
  struct vm_state *state = (void *)heap;
  state->version = VM_VERSION;
  CHECK_EQUAL(vm_create(state, heap + PAGE_SIZE, PAGE_SIZE), 1);
  sleep_long();
}

static void test_every_call(void) {
  outsider = usertest_fork();
  if (outsider == 0) own_vm();
  setpgid(outsider, outsider);
  for (at_hand = 0; at_hand < COUNT(calls); at_hand++) {
    int status = in_container(&plain, run_call);
    if (status != 0) printf("system call %s\n", calls[at_hand].name);
    CHECK_EQUAL(status, 0);
    CHECK_EQUAL(waitpid(outsider, NULL, WNOHANG), 0); /* it is still there */
  }
  kill(outsider, SIGKILL);
  CHECK_EQUAL(usertest_wait(outsider), SIGKILL);
}

/* ---- limits ---- */

/* Takes pages of the stack, one after the other, and tells through a shared file how far it got. */
static volatile char *deepest;
__attribute__((noinline)) static void take_frame(int n) {
  volatile char page[PAGE_SIZE];
  page[0] = (char)n;
  deepest = page;
  struct pg32_container info = info_of(0);
  CHECK(info.frames_used <= info.frames);
  if (info.frames_used == info.frames) _exit(9); /* each frame of the limit, and not one more */
  take_frame(n + 1);
  page[1] = page[0];
}
static void take_frames(void) { take_frame(0); }

static void test_memory_to_a_frame(void) {
  struct pg32_container o = plain;
  for (o.frames = 60; o.frames < 63; o.frames++) CHECK_EQUAL(in_container(&o, take_frames), EXITED(9));
}

/* Frames that a process has brought along count outside, also when they become free inside. */
static void bring_frames(void) {
  struct pg32_container o = plain;
  o.frames = 100;
  for (char *p = sbrk(20 * PAGE_SIZE), *end = sbrk(0); p < end; p += PAGE_SIZE) *p = 1;
  CHECK_EQUAL(container_new(ROOT, &o), 0);
  uint32_t used = info_of(0).frames_used;
  sbrk(-20 * PAGE_SIZE);
  CHECK(used <= 3 && info_of(0).frames_used == used);
}
static void test_frames_brought_along(void) {
  make_root();
  CHECK_EQUAL(usertest_in_child(bring_frames), 0);
  remove_root();
}

/* What is free is what the limit leaves, and the heap can have it but for what malloc must leave. */
static void take_heap(void) {
  struct pg32_sysinfo info;
  CHECK_EQUAL(sysinfo(&info), 0);
  CHECK_EQUAL(info.ram_bytes, 100 * PAGE_SIZE);
  struct pg32_container c = info_of(0);
  CHECK_EQUAL(info.free_pages, 100 - c.frames_used);
  uint32_t pages = 0;
  while (sbrk(PAGE_SIZE) != (void *)-1) pages++;
  CHECK_EQUAL(errno, ENOMEM);
  c = info_of(0);
  CHECK(pages >= 70 && c.frames_used >= 100 - 9 && c.frames_used <= 100);
}
static void test_heap_limit(void) {
  struct pg32_container o = plain;
  o.frames = 100;
  CHECK_EQUAL(in_container(&o, take_heap), 0);
}

static void overflow(int n) {
  volatile char page[PAGE_SIZE];
  page[0] = (char)n;
  if (n < 100000) overflow(n + 1);
  page[1] = page[0];
}
static void overflow_in_child(void) {
  pid_t child = usertest_fork();
  if (child == 0) overflow(0);
  CHECK_EQUAL(usertest_wait(child), SIGSEGV);
}
/* First one child has much, then the first process needs a page: the child ends, and nobody outside. */
static void hog_and_need(void) {
  pid_t hog = usertest_fork();
  if (hog == 0) {
    while (sbrk(PAGE_SIZE) != (void *)-1) *((volatile char *)sbrk(0) - PAGE_SIZE) = 1;
    sleep_long();
  }
  sleep_ticks(1000000);
  for (int n = 0; n < 30; n++) *(volatile char *)((char *)__builtin_frame_address(0) - n * PAGE_SIZE) = 1;
  CHECK_EQUAL(usertest_wait(hog), SIGKILL);
}
static void test_victim_is_inside(void) {
  struct pg32_container o = plain;
  o.frames = 90;
  pid_t outside = usertest_fork();
  if (outside == 0) { /* it has more than anybody inside */
    for (char *p = sbrk(200 * PAGE_SIZE), *end = sbrk(0); p < end; p += PAGE_SIZE) *p = 1;
    sleep_long();
  }
  sleep_ticks(400000);
  CHECK_EQUAL(in_container(&o, overflow_in_child), 0);
  CHECK_EQUAL(in_container(&o, hog_and_need), 0);
  CHECK_EQUAL(waitpid(outside, NULL, WNOHANG), 0);
  kill(outside, SIGKILL);
  CHECK_EQUAL(usertest_wait(outside), SIGKILL);
}

static void fork_five(void) {
  int n = 1; /* the first process counts */
  while (fork() > 0) n++;
  if (getpid() > 1) sleep_long();
  CHECK_EQUAL(errno, EAGAIN);
  CHECK_EQUAL(n, 5);
  CHECK_EQUAL(info_of(0).processes_used, 5);
  kill(-1, SIGKILL);
  while (wait(NULL) > 0) continue;
  CHECK_EQUAL(info_of(0).processes_used, 1);
}
static void test_processes_to_one(void) {
  struct pg32_container o = plain;
  o.processes = 5;
  CHECK_EQUAL(in_container(&o, fork_five), 0);
}

static void nested_limit(void) {
  struct pg32_container o = plain;
  o.processes = 100, o.frames = 100000; /* the limits around count all the same */
  pid_t child = usertest_fork();
  if (child == 0) {
    CHECK_EQUAL(container_new("/", &o), 0);
    int n = 1;
    while (fork() > 0) n++;
    if (getpid() > 1) sleep_long();
    CHECK_EQUAL(n, 4);
    while (sbrk(PAGE_SIZE) != (void *)-1) continue;
    sleep_long();
  }
  sleep_ticks(1000000);
  struct pg32_container outer = info_of(0), inner = info_of(child);
  CHECK(outer.frames_used > 100 - 10 && outer.frames_used <= 100 && inner.frames_used < outer.frames_used);
  CHECK(outer.processes_used == 5 && inner.processes_used == 4);
  kill(child, SIGKILL);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
}
static void test_nested_limits(void) {
  struct pg32_container o = plain;
  o.processes = 5, o.frames = 100;
  CHECK_EQUAL(in_container(&o, nested_limit), 0);
}

/* Of a spinner that always wants to run, each tick is accounted for: what it has used, and what is left, is the sum of
 * the quotas of all periods. */
static void test_cpu_to_an_instruction(void) {
  struct pg32_container o = plain;
  for (o.cpu = 7; o.cpu <= 50; o.cpu += 43) {
    make_root();
    pid_t spinner = start_in(&o, spin);
    sleep_ticks(10 * CPU_PERIOD);
    struct pg32_container info = info_of(spinner);
    CHECK(info.periods >= 10);
    CHECK_EQUAL((long long)info.ticks + info.left, (long long)info.periods * o.cpu * (CPU_PERIOD / 100));
    CHECK(info.left <= (int)o.cpu * (CPU_PERIOD / 100) && info.left > -5000);
    kill(spinner, SIGKILL);
    CHECK_EQUAL(usertest_wait(spinner), SIGKILL);
    remove_root();
  }
}

static void bomb(void) {
  signal(SIGCHLD, SIG_IGN);
  for (;;) fork();
}
static void hog(void) {
  for (;;) {
    char *p = sbrk(PAGE_SIZE);
    if (p != (char *)-1)
      *p = 1;
    else
      usertest_in_child(take_frames); /* over the limit again and again */
  }
}
/* What is left to a container soon after a period has begun, while three others run. */
static int left_beside_others(struct pg32_container *o, void (*inside)(void)) {
  pid_t first = start_in(o, inside), others[3];
  for (int i = 0; i < 3; i++) others[i] = start_in(&plain, spin);
  sleep_ticks(8 * CPU_PERIOD);
  struct pg32_container info = info_of(first);
  for (uint32_t periods = info.periods; info.periods == periods; info = info_of(first)) sleep_ticks(1000);
  for (int i = 0; i < 3; i++) kill_and_wait(others[i]);
  kill_and_wait(first);
  return info.left;
}

/* What a container does not use is lost. But if others have kept it from the CPU, a quarter of a quota is not. */
static void test_kept_from_the_cpu(void) {
  enum { QUOTA = CPU_PERIOD / 2 };
  struct pg32_container o = plain;
  make_root();
  o.cpu = 50; /* and with three others it gets a quarter */
  int kept = left_beside_others(&o, spin), asleep = left_beside_others(&o, sleep_long);
  remove_root();
  if (kept <= QUOTA) printf("%d ticks are left\n", kept);
  CHECK(kept > QUOTA && kept <= QUOTA + QUOTA / 4);
  CHECK_EQUAL(asleep, QUOTA);
}

/* A fork bomb, a memory hog and a spinner may have a quarter of the CPU each. So may the fourth, and it has that within
 * 5 percent, by the clock. */
static void test_neighbours(void) {
  enum { WINDOW = 48 * CPU_PERIOD };
  struct pg32_container o = plain;
  void (*const bad[])(void) = {bomb, hog, spin, spin};
  pid_t first[4];
  make_root();
  o.cpu = 25, o.frames = 100, o.processes = 10;
  for (int i = 0; i < 4; i++) first[i] = start_in(&o, bad[i]);
  sleep_ticks(4 * CPU_PERIOD);
  for (int i = 0; i < 3; i++) {
    sleep_ticks(i * CPU_PERIOD / 3); /* begin anywhere in a period */
    uint64_t start = usertest_ticks(), before = info_of(first[3]).ticks;
    sleep_ticks(WINDOW);
    long share = (long)(usertest_ticks() - start) / 4, had = (long)(info_of(first[3]).ticks - before);
    if (had < share / 100 * 95) printf("the fourth had %ld of %ld ticks\n", had, share);
    CHECK(share >= WINDOW / 4 && had >= share / 100 * 95);
  }
  for (int i = 0; i < 4; i++) kill(first[i], SIGKILL);
  for (int i = 0; i < 4; i++) CHECK_EQUAL(usertest_wait(first[i]), SIGKILL);
  sleep_ticks(8 * CPU_PERIOD); /* all that were inside end in their turns */
  remove_root();
}

/* ---- what a container can notice of others: vmm/PROPERTIES.md has these numbers ---- */

/* Ends with how many pages fewer are free after a while. */
static void notice_memory(void) {
  struct pg32_sysinfo before, after;
  sysinfo(&before);
  sleep_ticks(400000);
  sysinfo(&after);
  exit((int)(before.free_pages - after.free_pages));
}

static int memory_noticed(uint32_t frames) {
  struct pg32_container o = plain;
  o.frames = frames;
  make_root();
  pid_t observer = start_in(&o, notice_memory);
  sleep_ticks(200000);
  sbrk(50 * PAGE_SIZE);
  int status = usertest_wait(observer);
  sbrk(-50 * PAGE_SIZE);
  remove_root();
  return status;
}
static void test_notices_memory(void) {
  CHECK_EQUAL(memory_noticed(0), EXITED(50));
  CHECK_EQUAL(memory_noticed(100), EXITED(0));
}

/* Ends with ten times the ticks that an instruction of its own takes. */
static void notice_load(void) {
  enum { TIMES = 1000000 };
  uint64_t start = usertest_ticks();
  for (int i = TIMES / 2; i > 0; i--) __asm__ volatile("");
  exit((int)((usertest_ticks() - start) * 10 / TIMES));
}

static int load_noticed(int spinners, uint32_t cpu) {
  struct pg32_container o = plain;
  pid_t others[4];
  o.cpu = cpu;
  make_root();
  for (int i = 0; i < spinners; i++) others[i] = start_in(&o, spin);
  int tenths = usertest_wait(start_in(&plain, notice_load)) >> 8;
  for (int i = 0; i < spinners; i++) kill_and_wait(others[i]);
  remove_root();
  return tenths;
}
static void test_notices_load(void) {
  int alone = load_noticed(0, 0), one = load_noticed(1, 0), three = load_noticed(3, 0),
      limited = load_noticed(1, 10);
  CHECK_EQUAL(alone, 10);
  CHECK(one >= 20 && one <= 22);
  CHECK(three >= 40 && three <= 44);
  CHECK(limited >= 11 && limited <= 12);
}

/* Ends with how many files others have made meanwhile. */
static void notice_files(void) {
  struct stat first, second;
  close(open("/new", O_WRONLY | O_CREAT, 0666));
  CHECK_EQUAL(stat("/new", &first), 0);
  unlink("/new");
  sleep_ticks(400000);
  close(open("/new", O_WRONLY | O_CREAT, 0666));
  CHECK_EQUAL(stat("/new", &second), 0);
  exit((int)(second.st_ino - first.st_ino - 1));
}
static void test_notices_files(void) {
  make_root();
  pid_t observer = start_in(&plain, notice_files);
  sleep_ticks(200000);
  for (int i = 0; i < 5; i++) close(open("/tmp/another", O_WRONLY | O_CREAT, 0666)), unlink("/tmp/another");
  CHECK_EQUAL(usertest_wait(observer), EXITED(5));
  remove_root();
}

/* ---- files within another file ---- */

static void test_laid_files(void) {
  struct pg32_sysinfo before, after;
  char bytes[3 * PAGE_SIZE], again[3 * PAGE_SIZE];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7 + i / 256);
  int fd = open("/tmp/layer", O_RDWR | O_CREAT, 0666);
  CHECK_EQUAL(write(fd, bytes, sizeof bytes), sizeof bytes);
  sysinfo(&before);
  uint32_t part[2] = {100, 2 * PAGE_SIZE + 50};
  CHECK_EQUAL(keep_file(fd, "/tmp/one", part), 0);
  CHECK_EQUAL(keep_file(fd, "/tmp/two", part), 0);
  sysinfo(&after);
  CHECK(before.free_pages - after.free_pages <= 1); /* nodes and names, but no byte */
  int one = open("/tmp/one", O_RDWR), two = open("/tmp/two", O_RDONLY);
  CHECK_EQUAL(read(one, again, sizeof again), part[1]);
  CHECK(memcmp(again, bytes + 100, part[1]) == 0);
  lseek(one, PAGE_SIZE + 10, SEEK_SET);
  CHECK_EQUAL(write(one, "X", 1), 1); /* one page is copied up */
  CHECK_EQUAL(read(two, again, sizeof again), part[1]);
  CHECK(memcmp(again, bytes + 100, part[1]) == 0);
  lseek(one, 0, SEEK_SET);
  CHECK_EQUAL(read(one, again, sizeof again), part[1]);
  CHECK(again[PAGE_SIZE + 10] == 'X');
  again[PAGE_SIZE + 10] = bytes[100 + PAGE_SIZE + 10];
  CHECK(memcmp(again, bytes + 100, part[1]) == 0);
  /* the layer is as it was, and stays so */
  CHECK_ERROR(write(fd, "Y", 1), EROFS);
  CHECK_ERROR(ftruncate(fd, 0), EROFS);
  CHECK_ERROR(open("/tmp/layer", O_WRONLY), EROFS);
  CHECK_ERROR(open("/tmp/layer", O_RDONLY | O_TRUNC), EROFS);
  lseek(fd, 0, SEEK_SET);
  CHECK_EQUAL(read(fd, again, sizeof again), sizeof bytes);
  CHECK(memcmp(again, bytes, sizeof bytes) == 0);
  /* with the last file that is laid there the layer can be changed again; the name can go before */
  close(one), unlink("/tmp/one"), unlink("/tmp/two");
  CHECK_ERROR(write(fd, "Y", 1), EROFS);
  close(two);
  CHECK_EQUAL(write(fd, "Y", 1), 1);
  close(fd), unlink("/tmp/layer");
}

static void test_layer_goes_last(void) {
  char c = 0;
  int fd = open("/tmp/layer", O_RDWR | O_CREAT, 0666);
  CHECK_EQUAL(write(fd, "abc", 3), 3);
  uint32_t part[2] = {1, 2}, inner[2] = {1, 1};
  CHECK_EQUAL(keep_file(fd, "/tmp/one", part), 0);
  close(fd), unlink("/tmp/layer");
  fd = open("/tmp/one", O_RDONLY);
  CHECK_EQUAL(keep_file(fd, "/tmp/two", inner), 0); /* a part of a part */
  close(fd), unlink("/tmp/one");
  fd = open("/tmp/two", O_RDONLY);
  CHECK(read(fd, &c, 1) == 1 && c == 'c');
  close(fd), unlink("/tmp/two");
}

static void test_bad_parts(void) {
  uint32_t part[2] = {0, 4}, none[2] = {0, 0}, wide[2] = {1, UINT32_MAX};
  int fd = open("/tmp/layer", O_RDWR | O_CREAT, 0666), dir = open("/", O_RDONLY), fds[2];
  CHECK_EQUAL(write(fd, "abc", 3), 3);
  CHECK_EQUAL(pipe(fds), 0);
  CHECK_ERROR(keep_file(fd, "/tmp/one", part), EINVAL);
  CHECK_ERROR(keep_file(fd, "/tmp/one", wide), EINVAL);
  CHECK_ERROR(keep_file(fd, "/tmp/layer", none), EEXIST);
  CHECK_ERROR(keep_file(fd, "/tmp/one/", none), EISDIR);
  CHECK_ERROR(keep_file(fd, "/tmp/none/one", none), ENOENT);
  CHECK_ERROR(keep_file(fd, "/tmp/one", (void *)4), EFAULT);
  CHECK_ERROR(keep_file(dir, "/tmp/one", none), EINVAL);
  CHECK_ERROR(keep_file(fds[0], "/tmp/one", none), EINVAL);
  CHECK_ERROR(keep_file(63, "/tmp/one", none), EBADF);
  close(fd), close(dir), close(fds[0]), close(fds[1]), unlink("/tmp/layer");
}

static void test_hostname(void) {
  char name[HOST_NAME], small[3];
  CHECK(gethostname(name, sizeof name) == 0);
  CHECK_ERROR(gethostname(small, sizeof small), ENAMETOOLONG);
  CHECK_ERROR(gethostname((char *)4, HOST_NAME), EFAULT);
  CHECK_ERROR(sethostname("a b", 3), EINVAL);
  CHECK_ERROR(sethostname("0123456789012345678901234567890123", 34), EINVAL);
  inside(try___hostname);
  char after[HOST_NAME];
  CHECK(gethostname(after, sizeof after) == 0 && strcmp(name, after) == 0);
}

static void check_detached(void) {
  CHECK_ERROR(console_mode(CONSOLE_RAW), ENOTTY);
  CHECK_EQUAL(poll_events(EVENT_INPUT, 100), 0);
}
static void test_detached(void) {
  struct pg32_container o = plain;
  o.flags = CONTAINER_DETACHED;
  CHECK_EQUAL(in_container(&o, check_detached), 0);
}

/* clang-format off */
#define TESTS(T) \
  T(pids) T(nested) T(nesting_ends) T(first_process_ends_all) T(orphans) T(seen_from_outside) T(join) T(bad_options) \
  T(dots) T(removed_directory) T(moved_directory) T(descriptors) T(second_pivot) T(pivot_upwards) T(links) T(signals) \
  T(every_call) T(memory_to_a_frame) T(frames_brought_along) T(heap_limit) T(victim_is_inside) T(processes_to_one) T(nested_limits) \
  T(cpu_to_an_instruction) T(kept_from_the_cpu) T(neighbours) T(notices_memory) T(notices_load) T(notices_files) T(laid_files) T(layer_goes_last) T(bad_parts) T(hostname) T(detached)
/* clang-format on */

int main(int argc, char **argv) {
#define T(name) {#name, test_##name},
  static const struct usertest tests[] = {TESTS(T)};
#undef T
  return usertest_main(argc, argv, tests, COUNT(tests));
}
