/* usertests [NAME...] - tests of the kernel from a process's point of view: every system call with good
 * and with bad arguments, memory, scheduling and faults. The calls about VMs are tested by vmtests.
 *
 * `usertests --arguments WORD...` is what the tests of execv start: see check_arguments. */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "isa/ustar.h"
#include "pg32.h"
#include "usertest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SELF "/bin/usertests"
#define PAGE_WORDS (PAGE_SIZE / sizeof(uint32_t))
#define EXITED(status) ((status) << 8)
#define SYS_getcwd 37

static uint32_t static_data[4] = {1, 2, 3, 4};

static void spin(void) {
  for (;;) __asm__ volatile("");
}

static void sleep_long(void) { sleep_ticks(1000000000); }

static pid_t start(void (*run)(void)) {
  pid_t child = usertest_fork();
  if (child != 0) return child;
  run();
  exit(0);
}

static void kill_and_wait(pid_t child) {
  CHECK_EQUAL(kill(child, SIGKILL), 0);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
}

/* A page-aligned end of the heap, for pointers just below it. */
static char *heap_end(void) {
  char *end = sbrk(0);
  sbrk((intptr_t)(-(uintptr_t)end % PAGE_SIZE) + PAGE_SIZE);
  return sbrk(0);
}

/* ---- fork, exit, wait ---- */

static void test_exit_status(void) {
  for (int status = 0; status < 256; status++) {
    pid_t child = usertest_fork();
    if (child == 0) _exit(status);
    CHECK_EQUAL(usertest_wait(child), EXITED(status));
  }
}

static void test_exit_status_is_a_byte(void) {
  pid_t child = usertest_fork();
  if (child == 0) _exit(0x1234);
  CHECK_EQUAL(usertest_wait(child), EXITED(0x34));
}

static void test_fork_returns(void) {
  pid_t parent = getpid(), child = usertest_fork();
  if (child == 0) _exit(getpid() != parent ? 5 : 6);
  CHECK(child != parent);
  CHECK_EQUAL(usertest_wait(child), EXITED(5));
  CHECK_EQUAL(getpid(), parent);
}

static void test_wait_for_any(void) {
  enum { CHILDREN = 8 };
  pid_t children[CHILDREN];
  int status, seen = 0;
  for (int i = 0; i < CHILDREN; i++) {
    children[i] = usertest_fork();
    if (children[i] == 0) _exit(i);
  }
  for (int n = 0; n < CHILDREN; n++) {
    pid_t child = waitpid(-1, &status, 0);
    for (int i = 0; i < CHILDREN; i++)
      if (children[i] == child && status == EXITED(i)) seen |= 1 << i;
  }
  CHECK_EQUAL(seen, (1 << CHILDREN) - 1);
}

static void test_wait_for_one(void) {
  pid_t first = usertest_fork();
  if (first == 0) _exit(1);
  pid_t second = usertest_fork();
  if (second == 0) _exit(2);
  CHECK_EQUAL(usertest_wait(second), EXITED(2));
  CHECK_EQUAL(usertest_wait(first), EXITED(1));
}

static void test_wait_without_children(void) {
  int status;
  CHECK_ERROR(waitpid(-1, &status, 0), ECHILD);
  CHECK_ERROR(waitpid(-1, &status, WNOHANG), ECHILD);
  CHECK_ERROR(waitpid(getpid(), &status, 0), ECHILD);
  CHECK_ERROR(waitpid(1, &status, 0), ECHILD);
}

static void test_wait_without_status(void) {
  pid_t child = usertest_fork();
  if (child == 0) _exit(3);
  CHECK_EQUAL(waitpid(child, NULL, 0), child);
  CHECK_ERROR(waitpid(child, NULL, 0), ECHILD);
}

static void test_wait_without_hanging(void) {
  int status = -1;
  pid_t child = start(sleep_long);
  CHECK_EQUAL(waitpid(child, &status, WNOHANG), 0);
  CHECK_EQUAL(waitpid(-1, &status, WNOHANG), 0);
  CHECK_EQUAL(status, -1);
  kill_and_wait(child);
}

static void orphan_a_child(void) {
  if (usertest_fork() == 0) sleep_ticks(20000);
  _exit(0);
}

static void test_orphans(void) {
  CHECK_EQUAL(usertest_in_child(orphan_a_child), 0);
  CHECK_ERROR(waitpid(-1, NULL, 0), ECHILD);
  sleep_ticks(200000);
}

static void sleep_then_exit(void) { sleep_ticks(10000); }

/* Forks until the kernel refuses, with all children alive. Afterwards the kernel must work as before. */
static void test_fork_storm(void) {
  pid_t children[256];
  size_t n = 0;
  fflush(NULL);
  while (n < COUNT(children) && (children[n] = fork()) > 0) n++;
  if (n < COUNT(children) && children[n] == 0) sleep_long();
  CHECK(n < COUNT(children));
  CHECK(errno == EAGAIN || errno == ENOMEM);
  for (size_t i = 0; i < n; i++) kill_and_wait(children[i]);
  CHECK_EQUAL(usertest_in_child(sleep_then_exit), 0);
}

/* ---- execv ---- */

/* Runs in the program that execv has started: are the arguments those of exec_with_arguments? */
static int check_arguments(int argc, char **argv) {
  uint32_t sp;
  __asm__ volatile("mv %0, sp" : "=r"(sp));
  if (argc != 6 || argv[argc] != NULL || sp % 16 != 0) return 1;
  if (strcmp(argv[2], "one") != 0 || strcmp(argv[3], "") != 0 || strcmp(argv[4], "two words") != 0) return 2;
  if (strlen(argv[5]) != 1000 || strspn(argv[5], "z") != 1000) return 3;
  argv[2][0] = 'O'; /* a program may change its arguments */
  return 42;
}

static void exec_with_arguments(void) {
  char word[1001] = {0};
  memset(word, 'z', 1000);
  char *argv[] = {"self", "--arguments", "one", "", "two words", word, NULL};
  execv(SELF, argv);
}

static void test_exec_arguments(void) { CHECK_EQUAL(usertest_in_child(exec_with_arguments), EXITED(42)); }

static void test_exec_bad_path(void) {
  char *argv[] = {"x", NULL}, name[300] = {0};
  memset(name, 'n', sizeof name - 1);
  CHECK_ERROR(execv("/bin/no-such-program", argv), ENOENT);
  CHECK_ERROR(execv("/etc/motd", argv), ENOEXEC);
  CHECK_ERROR(execv(name, argv), ENAMETOOLONG);
  CHECK_ERROR(execv("/bin", argv), EISDIR);
  CHECK_ERROR(execv("", argv), ENOENT);
  CHECK_ERROR(execv("/", argv), EISDIR);
  CHECK_ERROR(execv("/dev/console", argv), EISDIR);
}

static void test_exec_bad_arguments(void) {
  static char big[160000];
  memset(big, 'b', sizeof big - 1);
  char *too_big[] = {"x", big, NULL}, *bad_word[] = {"x", (char *)0x80000000, NULL};
  CHECK_ERROR(execv(SELF, too_big), E2BIG);
  CHECK_ERROR(execv(SELF, bad_word), EFAULT);
  CHECK_ERROR(execv(SELF, NULL), EFAULT);
  CHECK_ERROR(execv(SELF, (char **)0xF0000000), EFAULT);
}

static void exec_without_memory(void) {
  char *argv[] = {"x", NULL};
  struct pg32_sysinfo info;
  do CHECK_EQUAL(sysinfo(&info), 0);
  while (sbrk(PAGE_SIZE) != (void *)-1);
  CHECK(info.free_pages <= 8);
  CHECK_ERROR(execv(SELF, argv), ENOMEM);
}

static void test_exec_without_memory(void) { CHECK_EQUAL(usertest_in_child(exec_without_memory), 0); }

static void exec_without_arguments(void) {
  char *argv[] = {NULL};
  execv("/bin/cat", argv); /* it copies neither files nor the console */
}

/* A program must survive an argv without argv[0]. */
static void test_exec_without_arguments(void) {
  fflush(NULL);
  int status = usertest_in_child(exec_without_arguments);
  CHECK(!WIFSIGNALED(status));
}

/* ---- bad pointers ---- */

static void exit_at_once(void) {}

/* No path may begin at `bad`. */
static void check_path(char *bad) {
  CHECK_ERROR(open(bad, O_RDONLY), EFAULT);
  CHECK_ERROR(stat(bad, NULL), EFAULT);
  CHECK_ERROR(mkdir(bad, 0777), EFAULT);
  CHECK_ERROR(unlink(bad), EFAULT);
  CHECK_ERROR(rmdir(bad), EFAULT);
  CHECK_ERROR(chdir(bad), EFAULT);
  CHECK_ERROR(link(bad, "/x"), EFAULT);
  CHECK_ERROR(link("/etc/motd", bad), EFAULT);
  CHECK_ERROR(rename(bad, "/x"), EFAULT);
  CHECK_ERROR(rename("/etc/motd", bad), EFAULT);
  CHECK_ERROR(execv(bad, (char *[]){"x", NULL}), EFAULT);
}

/* Nothing may be loaded from `bad` and nothing may be stored there. */
static void check_pointer(void *bad) {
  pid_t child = start(exit_at_once);
  int file = open("/etc/motd", O_RDONLY), directory = open("/bin", O_RDONLY);
  CHECK(file >= 0 && directory >= 0);
  check_path(bad);
  CHECK_ERROR(execv(SELF, bad), EFAULT);
  CHECK_ERROR(read(file, bad, 16), EFAULT);
  CHECK_ERROR(read(directory, bad, sizeof(struct pg32_dirent)), EFAULT);
  CHECK_ERROR(fstat(file, bad), EFAULT);
  CHECK_ERROR(stat("/etc", bad), EFAULT);
  CHECK_ERROR(pipe(bad), EFAULT);
  CHECK_EQUAL(chdir("/bin"), 0);
  CHECK_EQUAL(usertest_call(SYS_getcwd, (uint32_t)(uintptr_t)bad, 100, 0), -EFAULT);
  CHECK_ERROR(clock_ticks(bad), EFAULT);
  CHECK_ERROR(procinfo(0, bad), EFAULT);
  CHECK_ERROR(sysinfo(bad), EFAULT);
  if (bad != NULL) CHECK_ERROR(waitpid(child, bad, 0), EFAULT);
  CHECK_EQUAL(usertest_wait(child), 0); /* still there to be waited for */
  close(file);
  close(directory);
}

static void test_bad_pointers(void) {
  char *end = heap_end();
  check_pointer(NULL);
  check_pointer((void *)4);
  check_pointer((void *)(USER_BASE - 4));
  check_pointer(end);
  check_pointer((void *)0x40000000);
  check_pointer((void *)USER_TOP);
  check_pointer((void *)0x80000000);
  check_pointer((void *)DEV_CONSOLE);
  check_pointer((void *)0xFFFFFFFC);
}

/* The first bytes are good, the rest lie past the end of the heap, or of all addresses. */
static void test_straddling_pointers(void) {
  char *end = heap_end();
  end[-2] = '/', end[-1] = 'b';
  check_pointer(end - 2);
  check_pointer((void *)0xFFFFFFFE);
}

static void test_write_from_bad_pointers(void) {
  CHECK_ERROR(write(1, NULL, 1), EFAULT);
  CHECK_ERROR(write(1, (void *)0x80000000, 1), EFAULT);
  CHECK_ERROR(write(1, heap_end(), 1), EFAULT);
}

/* The kernel may not store where the process itself may not. */
static void test_kernel_respects_rights(void) {
  int file = open("/etc/motd", O_RDONLY);
  uint32_t *text = (uint32_t *)(uintptr_t)spin, before = *text;
  CHECK_ERROR(read(file, text, 4), EFAULT);
  CHECK_ERROR(fstat(file, (struct stat *)text), EFAULT);
  CHECK_ERROR(clock_ticks((uint64_t *)text), EFAULT);
  CHECK_EQUAL(*text, before);
}

static void test_unknown_calls(void) {
  static const uint32_t numbers[] = {0, SYSCALL_MAX + 1, 1000, 0x80000000, 0xFFFFFFFF};
  for (size_t i = 0; i < COUNT(numbers); i++) CHECK_EQUAL(usertest_call(numbers[i], 1, 2, 3), -ENOSYS);
}

/* ---- memory ---- */

static bool all_zero(const uint32_t *words, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (words[i] != 0) return false;
  return true;
}

static void test_sbrk(void) {
  char *start_of_heap = heap_end();
  CHECK(sbrk(3 * PAGE_SIZE) == start_of_heap);
  CHECK(sbrk(0) == start_of_heap + 3 * PAGE_SIZE);
  memset(start_of_heap, 0x55, 3 * PAGE_SIZE);
  CHECK(sbrk(-2 * PAGE_SIZE) == start_of_heap + 3 * PAGE_SIZE);
  CHECK_EQUAL(start_of_heap[PAGE_SIZE - 1], 0x55);
  CHECK(sbrk(2 * PAGE_SIZE) == start_of_heap + PAGE_SIZE);
  CHECK_EQUAL(start_of_heap[PAGE_SIZE - 1], 0x55);
  CHECK(all_zero((uint32_t *)(start_of_heap + PAGE_SIZE), 2 * PAGE_WORDS));
  CHECK(sbrk(-3 * PAGE_SIZE) == start_of_heap + 3 * PAGE_SIZE);
}

static void test_sbrk_odd_sizes(void) {
  char *old = sbrk(0);
  for (int i = 1; i < 100; i++) {
    char *p = sbrk(i * 37);
    CHECK(p == old);
    memset(p, i, (size_t)i * 37);
    old = p + i * 37;
  }
}

static void test_sbrk_errors(void) {
  char *end = heap_end();
  CHECK_ERROR((intptr_t)sbrk(0x7FFFFFFF), ENOMEM);
  CHECK_ERROR((intptr_t)sbrk(USER_TOP - (intptr_t)end), ENOMEM);
  CHECK_ERROR((intptr_t)sbrk(-0x7FFFFFFF), EINVAL);
  CHECK_ERROR((intptr_t)sbrk(USER_BASE - (intptr_t)end - 1), EINVAL);
  CHECK(sbrk(0) == end);
}

static void load_past_shrunk_heap(void) {
  volatile char *p = heap_end();
  sbrk(PAGE_SIZE);
  p[0] = 1;
  sbrk(-PAGE_SIZE);
  (void)p[0];
}

static void load_past_heap(void) { (void)*(volatile char *)heap_end(); }

static void test_past_the_heap(void) {
  CHECK_EQUAL(usertest_in_child(load_past_heap), SIGSEGV);
  CHECK_EQUAL(usertest_in_child(load_past_shrunk_heap), SIGSEGV);
}

enum { MANY_PAGES = 64 };

static void dirty_pages(void) {
  heap_end();
  char *p = sbrk(MANY_PAGES * PAGE_SIZE);
  memset(p, 0xEE, MANY_PAGES * PAGE_SIZE);
}

/* Memory that another process has left behind is zero in this one. */
static void test_demand_zero(void) {
  heap_end();
  for (int round = 0; round < 3; round++) {
    CHECK_EQUAL(usertest_in_child(dirty_pages), 0);
    uint32_t *p = sbrk(MANY_PAGES * PAGE_SIZE);
    CHECK(all_zero(p, MANY_PAGES * PAGE_WORDS));
    sbrk(-MANY_PAGES * PAGE_SIZE);
  }
}

/* The heap's memory is set aside when the heap grows, and given back when it shrinks: touched or not. */
static void test_heap_is_set_aside(void) {
  struct pg32_sysinfo before, grown, after;
  char *p = heap_end();
  sysinfo(&before);
  CHECK(sbrk(100 * PAGE_SIZE - 5) == p);
  p[3 * PAGE_SIZE] = 1;
  sysinfo(&grown);
  CHECK_EQUAL(grown.free_pages, before.free_pages - 100);
  CHECK(sbrk(-99 * PAGE_SIZE) != (void *)-1); /* 1 page less 5 bytes is left */
  sysinfo(&after);
  CHECK_EQUAL(after.free_pages, before.free_pages - 1);
}

/* Takes all memory that malloc gives, stores to each page of it, and can still print and fork. */
static void malloc_without_end(void) {
  struct pg32_sysinfo info;
  void *last = NULL, **p;
  size_t pages = 0;
  sysinfo(&info);
  for (; (p = malloc(PAGE_SIZE)) != NULL; last = p, pages++) *p = last;
  CHECK_EQUAL(errno, ENOMEM);
  CHECK(pages > info.free_pages * 9 / 10 - 32 && pages < info.free_pages);
  CHECK(snprintf(NULL, 0, "%zu pages", pages) > 0);
  for (; last != NULL; last = p, pages--) p = *(void **)last, free(last);
  CHECK_EQUAL(pages, 0);
}

static void test_out_of_memory(void) {
  CHECK_EQUAL(usertest_in_child(malloc_without_end), 0);
  CHECK_EQUAL(usertest_in_child(dirty_pages), 0);
}

/* More than all memory must be refused as a whole: malloc answers NULL, and nothing is lost. */
static void test_malloc_too_much(void) {
  struct pg32_sysinfo before, after;
  void *volatile p = malloc(1), *volatile q; /* the heap's own variables are there now */
  sysinfo(&before);
  p = malloc((size_t)before.free_pages * PAGE_SIZE), q = malloc(0x60000000);
  CHECK(p == NULL && q == NULL);
  sysinfo(&after);
  CHECK_EQUAL(after.free_pages, before.free_pages);
}

/* A child has the same promise as its parent, for as much memory of its own. */
static void fork_with_half_the_memory(void) {
  struct pg32_sysinfo info;
  sysinfo(&info);
  CHECK(sbrk((intptr_t)(info.free_pages / 3 * PAGE_SIZE)) != (void *)-1);
  CHECK_EQUAL(usertest_in_child(exit_at_once), 0);
  CHECK(sbrk((intptr_t)(info.free_pages / 3 * PAGE_SIZE)) != (void *)-1);
  CHECK_ERROR(fork(), ENOMEM);
}

static void test_fork_sets_aside(void) { CHECK_EQUAL(usertest_in_child(fork_with_half_the_memory), 0); }

/* ---- the stack ---- */

static unsigned descend(unsigned kilobytes) {
  static unsigned (*volatile deeper)(unsigned) = descend; /* a call that no compiler makes a loop of */
  volatile char some[1024];
  some[kilobytes % sizeof some] = 1;
  return kilobytes > 1 ? deeper(kilobytes - 1) + (unsigned)some[kilobytes % sizeof some] : 1;
}

/* Half of the memory, at most 7 of the 8 MiB that a stack may have. */
static unsigned deep(void) {
  struct pg32_sysinfo info;
  sysinfo(&info);
  unsigned kilobytes = info.free_pages * (PAGE_SIZE / 1024) / 2;
  return kilobytes < 7 << 10 ? kilobytes : 7 << 10;
}

static void go_deep(void) {
  unsigned kilobytes = deep();
  CHECK_EQUAL(descend(kilobytes), kilobytes);
}

static void go_too_deep(void) { descend(9 << 10); }

static void large_frame(void) {
  volatile char *p = __builtin_alloca(deep() << 10);
  p[0] = 1; /* the pages between are not there yet */
}

static void store_to_guard(void) { *(volatile char *)(STACK_END - 1) = 1; }

static void test_stack_grows(void) {
  CHECK_EQUAL(usertest_in_child(go_deep), 0);
  CHECK_EQUAL(usertest_in_child(large_frame), 0);
}

static void test_stack_overflow(void) {
  CHECK_EQUAL(usertest_in_child(go_too_deep), SIGSEGV);
  CHECK_EQUAL(usertest_in_child(store_to_guard), SIGSEGV);
  CHECK_ERROR((intptr_t)sbrk((intptr_t)HEAP_LIMIT - (intptr_t)sbrk(0) + 1), ENOMEM);
}

/* ---- copy on write ---- */

static uint32_t shared[2 * PAGE_WORDS];

static void change_shared(void) {
  CHECK_EQUAL(shared[0], 1);
  shared[0] = 2, shared[PAGE_WORDS] = 2;
  CHECK_EQUAL(shared[0], 2);
}

static void test_child_writes_are_its_own(void) {
  shared[0] = shared[PAGE_WORDS] = 1;
  CHECK_EQUAL(usertest_in_child(change_shared), 0);
  CHECK_EQUAL(shared[0] + shared[PAGE_WORDS], 2);
}

static void test_parent_writes_are_its_own(void) {
  shared[0] = 1;
  pid_t child = usertest_fork();
  if (child == 0) {
    sleep_ticks(20000);
    _exit(shared[0] == 1 && shared[PAGE_WORDS] == 0 ? 0 : 1);
  }
  shared[0] = 7, shared[PAGE_WORDS] = 7;
  CHECK_EQUAL(usertest_wait(child), 0);
  CHECK_EQUAL(shared[0], 7);
}

static void read_into_shared(void) {
  int file = open("/etc/motd", O_RDONLY);
  CHECK_EQUAL(read(file, shared, 16), 16);
  CHECK(shared[0] != 1);
}

/* When the kernel stores for a process, the store is private to the process, too. */
static void test_kernel_writes_are_private(void) {
  shared[0] = 1;
  CHECK_EQUAL(usertest_in_child(read_into_shared), 0);
  CHECK_EQUAL(shared[0], 1);
}

static void test_generations(void) {
  enum { DEPTH = 6 };
  shared[0] = 0;
  for (int depth = 0; depth < DEPTH; depth++) {
    pid_t child = usertest_fork();
    if (child != 0) { /* each has seen its own count, and its child's end */
      int status = usertest_wait(child);
      CHECK_EQUAL(shared[0], depth);
      exit(WIFSIGNALED(status) ? 1 : WEXITSTATUS(status));
    }
    shared[0]++;
  }
  exit(shared[0] == DEPTH ? 0 : 1);
}

/* ---- the stack ---- */

enum { LARGE_FRAME = 13 * PAGE_SIZE };

__attribute__((noinline)) static uint32_t use_stack(void) {
  volatile char frame[LARGE_FRAME];
  uint32_t sum = 0;
  for (size_t i = sizeof frame; i >= PAGE_SIZE; i -= PAGE_SIZE) frame[i - PAGE_SIZE] = 1;
  for (size_t i = 0; i < sizeof frame; i += PAGE_SIZE) sum += (unsigned char)frame[i];
  return sum;
}

static void test_stack(void) { CHECK(use_stack() > 0); }

/* Fills every register but sp, a0 and the counter t6 (x31) with a pattern of its own and counts down, with
 * or without a system call (a7) in each turn. Returns 0 if no register has changed. */
/* clang-format off */
#define EACH_REGISTER(X) \
  X(1) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(11) X(12) X(13) X(14) X(15) X(16) X(18) X(19) X(20) X(21) X(22) \
  X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30)
#define CALLEE_SAVED(X) X(1) X(3) X(4) X(8) X(9) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27)
#define FILL(n) "li x" #n ", " #n " * 0x01010101\n"
#define VERIFY(n) "li a0, " #n " * 0x01010101\nbne a0, x" #n ", 3f\n"
#define CLEAR(n) "li x" #n ", 0\n"
#define SAVE(n) "sw x" #n ", " #n " * 4(sp)\n"
#define RESTORE(n) "lw x" #n ", " #n " * 4(sp)\n"

uint32_t hold_registers(uint32_t turns, bool call);
void clear_registers(void); /* clears them all, and never returns */
__asm__(".text\n.globl hold_registers\nhold_registers:\n"
        "addi sp, sp, -128\n" CALLEE_SAVED(SAVE) "mv t6, a0\nsw a1, 0(sp)\n" EACH_REGISTER(FILL)
        "1: lw a0, 0(sp)\nbeqz a0, 2f\nli a7, 9\nsyscall\n"
        "2: addi t6, t6, -1\nbnez t6, 1b\n" EACH_REGISTER(VERIFY) "li a0, 0\n"
        "3: " CALLEE_SAVED(RESTORE) "addi sp, sp, 128\nret\n"
        ".globl clear_registers\nclear_registers:\n" EACH_REGISTER(CLEAR) "4: j 4b\n");
/* clang-format on */

/* ---- signals ---- */

static void kill_self(void) { kill(getpid(), SIGTERM); }

static void test_kill(void) {
  CHECK_EQUAL(usertest_in_child(kill_self), SIGTERM);
  pid_t child = start(sleep_long);
  CHECK_EQUAL(kill(child, 0), 0);
  CHECK_EQUAL(kill(child, SIGINT), 0);
  CHECK_EQUAL(usertest_wait(child), SIGINT);
  CHECK_ERROR(kill(child, SIGINT), ESRCH);
}

static void test_kill_before_it_ran(void) { kill_and_wait(start(sleep_long)); }

static void test_kill_sleeper(void) {
  pid_t child = start(sleep_long);
  sleep_ticks(30000);
  kill_and_wait(child);
}

/* The child never calls the kernel: only the timer can stop it. */
static void test_kill_spinner(void) {
  pid_t child = start(spin);
  sleep_ticks(50000);
  CHECK_EQUAL(waitpid(child, NULL, WNOHANG), 0);
  kill_and_wait(child);
}

static void wait_for_spinner(void) {
  pid_t child = start(spin);
  if (waitpid(child, NULL, 0) < 0) exit(1);
}

static void test_kill_waiter(void) {
  pid_t child = start(wait_for_spinner);
  sleep_ticks(50000);
  CHECK_EQUAL(kill(child + 1, SIGKILL), 0); /* the pid of its child, because no other process forks */
  CHECK_EQUAL(usertest_wait(child), 0);
}

static void test_kill_errors(void) {
  pid_t child = start(exit_at_once);
  sleep_ticks(50000);
  CHECK_ERROR(kill(child, SIGTERM), ESRCH); /* it has ended, but nobody has waited for it */
  CHECK_EQUAL(usertest_wait(child), 0);
  CHECK_ERROR(kill(99999, SIGTERM), ESRCH);
  CHECK_ERROR(kill(-99999, SIGTERM), ESRCH);
  CHECK_ERROR(kill(-1, SIGTERM), ESRCH);
  CHECK_ERROR(kill(getpid(), 32), EINVAL);
  CHECK_ERROR(kill(getpid(), -1), EINVAL);
}

/* ---- signals ---- */

static volatile sig_atomic_t got, times;

static void note(int signal) { got = signal, times++; }

static void test_handlers(void) {
  CHECK(signal(SIGUSR1, note) == SIG_DFL);
  CHECK_EQUAL(raise(SIGUSR1), 0);
  CHECK_EQUAL(got, SIGUSR1); /* it has run when raise returns */
  CHECK_EQUAL(raise(SIGUSR1), 0);
  CHECK_EQUAL(times, 2);
  CHECK(signal(SIGUSR1, SIG_IGN) == note);
  CHECK_EQUAL(raise(SIGUSR1), 0);
  CHECK_EQUAL(times, 2);
  CHECK_EQUAL(raise(SIGCHLD), 0); /* does nothing by itself */
  CHECK(signal(SIGKILL, note) == SIG_ERR);
  CHECK_ERROR(sigaction(SIGSTOP, &(struct sigaction){.sa_handler = SIG_IGN}, NULL), EINVAL);
  CHECK_EQUAL(usertest_call(38, 0, 0, 0), -EINVAL);
  CHECK_EQUAL(usertest_call(38, 32, 0, 0), -EINVAL);
}

/* A handler that fills the registers may come between any two instructions of a loop that holds them. */
static void disturb(int signal) {
  (void)signal;
  got += (int)hold_registers(3, true);
  times++;
}

static void pester(void) {
  for (int i = 0; i < 40; i++) sleep_ticks(3000), kill(getppid(), SIGUSR1);
}

static void test_handlers_keep_registers(void) {
  signal(SIGUSR1, disturb);
  pid_t child = start(pester);
  int status = -1;
  while (waitpid(child, &status, WNOHANG) == 0) CHECK_EQUAL(hold_registers(1000, true), 0);
  CHECK_EQUAL(status, 0);
  CHECK_EQUAL(got, 0);
  CHECK(times > 3);
}

static void test_blocked_signals(void) {
  sigset_t set, old;
  signal(SIGUSR1, note), signal(SIGUSR2, note);
  sigemptyset(&set), sigaddset(&set, SIGUSR1);
  CHECK_EQUAL(sigprocmask(SIG_BLOCK, &set, &old), 0);
  raise(SIGUSR1), raise(SIGUSR1), raise(SIGUSR2);
  CHECK(got == SIGUSR2 && times == 1);
  CHECK(sigpending(&set) == 0 && sigismember(&set, SIGUSR1));
  CHECK_EQUAL(sigprocmask(SIG_SETMASK, &old, NULL), 0);
  CHECK(got == SIGUSR1 && times == 2); /* once, however often it came */
}

static void send_soon(void) { sleep_ticks(100000), kill(getppid(), SIGUSR1), sleep_ticks(100000); }

static void test_interrupted_calls(void) {
  int fds[2];
  char c;
  struct sigaction action = {.sa_handler = note};
  CHECK_EQUAL(pipe(fds), 0);
  sigaction(SIGUSR1, &action, NULL);
  pid_t child = start(send_soon);
  CHECK_ERROR(read(fds[0], &c, 1), EINTR);
  CHECK_EQUAL(usertest_wait(child), 0);
  child = start(send_soon);
  CHECK_ERROR(pause(), EINTR);
  CHECK_EQUAL(usertest_wait(child), 0);
  child = start(send_soon);
  CHECK_ERROR(sleep_ticks(1000000000), EINTR);
  CHECK_EQUAL(usertest_wait(child), 0);
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, NULL);
  child = start(send_soon);
  CHECK_EQUAL(usertest_wait(child), 0); /* waitpid was made again */
  CHECK_EQUAL(times, 4);
  close(fds[0]), close(fds[1]);
}

/* The parent blocks SIGUSR1, so that it comes neither before sigsuspend nor behind it. */
static void test_sigsuspend(void) {
  sigset_t block, none, now;
  sigemptyset(&none);
  sigemptyset(&block), sigaddset(&block, SIGUSR1), sigaddset(&block, SIGUSR2);
  signal(SIGUSR1, note), signal(SIGUSR2, note);
  sigprocmask(SIG_BLOCK, &block, NULL);
  raise(SIGUSR1);
  CHECK_EQUAL(times, 0);
  CHECK_ERROR(sigsuspend(&none), EINTR); /* it has been waiting */
  CHECK_EQUAL(times, 1);
  pid_t child = start(send_soon);
  sigdelset(&block, SIGUSR1);
  raise(SIGUSR2);
  CHECK_ERROR(sigsuspend(&block), EINTR); /* of SIGUSR1: the other one waits on */
  CHECK(times == 2 && got == SIGUSR1);
  sigprocmask(SIG_BLOCK, NULL, &now);
  CHECK(sigismember(&now, SIGUSR1) && sigismember(&now, SIGUSR2)); /* as before */
  sigemptyset(&block), sigaddset(&block, SIGUSR1);
  sigprocmask(SIG_SETMASK, &block, NULL);
  CHECK(times == 3 && got == SIGUSR2);
  CHECK_EQUAL(usertest_wait(child), 0);
}

static void die_of_a_pipe(void) {
  int fds[2];
  CHECK_EQUAL(pipe(fds), 0);
  close(fds[0]);
  write(fds[1], "x", 1);
}

static void test_sigpipe(void) {
  int fds[2];
  CHECK_EQUAL(usertest_in_child(die_of_a_pipe), SIGPIPE);
  signal(SIGPIPE, SIG_IGN);
  CHECK_EQUAL(pipe(fds), 0);
  close(fds[0]);
  CHECK_ERROR(write(fds[1], "x", 1), EPIPE);
  close(fds[1]);
}

static void test_alarm(void) {
  signal(SIGALRM, note);
  uint64_t before = usertest_ticks(), left;
  CHECK_EQUAL(usertest_call(45, 200000, 0, 0), 0);
  CHECK_ERROR(pause(), EINTR);
  CHECK(got == SIGALRM && usertest_ticks() - before >= 200000);
  CHECK_EQUAL(usertest_call(45, 5, 7, 0), 0); /* not for a long time */
  CHECK_EQUAL(usertest_call(45, 0, 0, (uint32_t)(uintptr_t)&left), 0);
  CHECK((left >> 32) == 7 || (left >> 32) == 6);
  CHECK_EQUAL(usertest_call(45, 100000, 0, 4), -EFAULT);
  CHECK_EQUAL(alarm(0), 0);
  for (before = usertest_ticks(); usertest_ticks() - before < 300000;) {
  }
  CHECK_EQUAL(times, 1);
}

static void test_stop_and_continue(void) {
  int status;
  pid_t child = start(spin);
  CHECK_EQUAL(kill(child, SIGSTOP), 0);
  CHECK_EQUAL(waitpid(child, &status, WUNTRACED), child);
  CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
  CHECK_EQUAL(waitpid(child, &status, WUNTRACED | WNOHANG), 0); /* told once */
  CHECK_EQUAL(kill(child, SIGCONT), 0);
  sleep_ticks(100000);
  CHECK_EQUAL(kill(child, SIGTSTP), 0);
  CHECK_EQUAL(waitpid(-1, &status, WUNTRACED), child);
  CHECK_EQUAL(WSTOPSIG(status), SIGTSTP);
  kill_and_wait(child); /* even while it is stopped */
  child = start(spin);
  CHECK_EQUAL(kill(child, SIGSTOP), 0);
  CHECK_EQUAL(kill(child, SIGTERM), 0);
  CHECK_EQUAL(waitpid(child, &status, WUNTRACED), child);
  CHECK(WIFSTOPPED(status)); /* its end comes when it goes on */
  CHECK_EQUAL(kill(child, SIGCONT), 0);
  CHECK_EQUAL(waitpid(child, &status, 0), child);
  CHECK_EQUAL(WTERMSIG(status), SIGTERM);
}

static void stop_itself(void) { CHECK_EQUAL(raise(SIGSTOP), 0); }

static void test_stops_itself(void) {
  int status;
  pid_t child = start(stop_itself);
  CHECK_EQUAL(waitpid(child, &status, WUNTRACED), child);
  CHECK_EQUAL(kill(child, SIGCONT), 0);
  CHECK_EQUAL(usertest_wait(child), 0);
}

static void test_groups(void) {
  pid_t a = start(sleep_long), b = start(sleep_long);
  CHECK_EQUAL(getpgid(a), getpgid(0));
  CHECK_EQUAL(setpgid(a, 0), 0);
  CHECK_EQUAL(setpgid(b, a), 0);
  CHECK_EQUAL(getpgid(b), a);
  CHECK_ERROR(setpgid(1, a), ESRCH);
  CHECK_ERROR(setpgid(99999, 0), ESRCH);
  CHECK_ERROR(setpgid(a, -5), EINVAL);
  CHECK_ERROR(getpgid(99999), ESRCH);
  CHECK_EQUAL(kill(-a, SIGTERM), 0);
  int status;
  CHECK(waitpid(-a, &status, 0) > 0 && status == SIGTERM);
  CHECK(waitpid(-a, &status, 0) > 0 && status == SIGTERM);
  CHECK_ERROR(waitpid(-a, &status, 0), ECHILD);
}

static void test_sigchld(void) {
  signal(SIGCHLD, note);
  pid_t child = start(exit_at_once);
  while (times == 0) sleep_ticks(10000);
  CHECK_EQUAL(got, SIGCHLD);
  CHECK_EQUAL(usertest_wait(child), 0);
}

static volatile char *bad_address;

static void mend(int signal) {
  (void)signal;
  times++;
  if (times == 3) exit(7);
}

static void fault_again_and_again(void) {
  signal(SIGSEGV, mend);
  *bad_address = 1; /* made again each time the handler returns */
}

static void test_fault_handler(void) {
  bad_address = (volatile char *)4;
  CHECK_EQUAL(usertest_in_child(fault_again_and_again), EXITED(7));
}

static void exec_faulty(void) {
  char *argv[] = {"faulty", "all", NULL};
  fflush(NULL);
  execv("/bin/faulty", argv);
}

static void test_faults(void) { CHECK_EQUAL(usertest_in_child(exec_faulty), 0); }

/* ---- time and the CPU ---- */

static void test_clock(void) {
  uint64_t last = usertest_ticks();
  for (int i = 0; i < 100; i++) {
    uint64_t now = usertest_ticks();
    CHECK(now > last && now - last < 100000);
    last = now;
  }
}

static void test_sleep(void) {
  static const uint32_t times[] = {0, 1, 1000, 50000, 1000000};
  for (size_t i = 0; i < COUNT(times); i++) {
    uint64_t before = usertest_ticks();
    CHECK_EQUAL(sleep_ticks(times[i]), 0);
    CHECK(usertest_ticks() - before >= times[i]);
  }
}

/* The longer sleep ends later, whichever began first. */
static void test_sleepers(void) {
  pid_t children[3];
  for (int i = 0; i < 3; i++) {
    children[i] = usertest_fork();
    if (children[i] != 0) continue;
    sleep_ticks(2000000 - (uint32_t)i * 500000);
    _exit(i);
  }
  for (int i = 2; i >= 0; i--) {
    int status;
    CHECK_EQUAL(waitpid(-1, &status, 0), children[i]);
    CHECK_EQUAL(status, EXITED(i));
  }
}

static void test_yield(void) {
  pid_t child = start(spin);
  for (int i = 0; i < 20; i++) CHECK_EQUAL(sched_yield(), 0);
  kill_and_wait(child);
}

/* Two processes compute and this one sleeps: each gets its turns. */
static void test_preemption(void) {
  pid_t a = start(spin), b = start(spin);
  for (int i = 0; i < 5; i++) CHECK_EQUAL(sleep_ticks(1000), 0);
  kill_and_wait(a);
  kill_and_wait(b);
}

static void test_registers(void) {
  CHECK_EQUAL(hold_registers(2000, true), 0);
  pid_t child = start(clear_registers);
  CHECK_EQUAL(hold_registers(100000, false), 0);
  CHECK_EQUAL(hold_registers(1000, true), 0);
  kill_and_wait(child);
}

/* ---- files ---- */

static void test_read(void) {
  char text[16];
  int fd = open("/etc/lines", O_RDONLY);
  CHECK(fd >= 3);
  CHECK_EQUAL(read(fd, text, 4), 4);
  CHECK(memcmp(text, "one\n", 4) == 0);
  CHECK_EQUAL(read(fd, text, 0), 0);
  CHECK_EQUAL(read(fd, text, sizeof text), 10);
  CHECK(memcmp(text, "two\nthree\n", 10) == 0);
  CHECK_EQUAL(read(fd, text, sizeof text), 0);
  CHECK_EQUAL(lseek(fd, 0, SEEK_SET), 0);
  CHECK_ERROR(read(fd, text, (size_t)-1), EINVAL);
  CHECK_ERROR(read(fd, text, 0x80000000), EINVAL);
  CHECK_ERROR(write(1, text, 0x80000000), EINVAL);
  CHECK_EQUAL(close(fd), 0);
}

static void test_paths(void) {
  static const char *const good[] = {"/etc/motd", "etc/motd", "./etc/motd",  "/",
                                     "/bin",      "/bin/",    "/boot/kernel"};
  char name[300] = "/etc/";
  for (size_t i = 0; i < COUNT(good); i++) {
    int fd = open(good[i], O_RDONLY);
    CHECK(fd >= 0);
    close(fd);
  }
  memset(name + 5, 'n', sizeof name - 6);
  CHECK_ERROR(open("/etc/none", O_RDONLY), ENOENT);
  CHECK_ERROR(open("/etc/mot", O_RDONLY), ENOENT);
  CHECK_ERROR(open("/etc/motdd", O_RDONLY), ENOENT);
  CHECK_ERROR(open("/etc/motd/x", O_RDONLY), ENOTDIR);
  CHECK_ERROR(open("/etc/motd/", O_RDONLY), ENOTDIR);
  CHECK_ERROR(open("", O_RDONLY), ENOENT);
  CHECK_ERROR(open(name, O_RDONLY), ENAMETOOLONG);
}

static void test_seek(void) {
  char c;
  int fd = open("/etc/lines", O_RDONLY);
  CHECK_EQUAL(lseek(fd, 4, SEEK_SET), 4);
  CHECK(read(fd, &c, 1) == 1 && c == 't');
  CHECK_EQUAL(lseek(fd, -2, SEEK_CUR), 3);
  CHECK(read(fd, &c, 1) == 1 && c == '\n');
  CHECK_EQUAL(lseek(fd, -2, SEEK_END), 12);
  CHECK(read(fd, &c, 1) == 1 && c == 'e');
  CHECK_EQUAL(lseek(fd, 100, SEEK_END), 114);
  CHECK_EQUAL(read(fd, &c, 1), 0);
  CHECK_ERROR(lseek(fd, -1, SEEK_SET), EINVAL);
  CHECK_ERROR(lseek(fd, -1000, SEEK_CUR), EINVAL);
  CHECK_ERROR(lseek(fd, 0, 3), EINVAL);
  CHECK_EQUAL(lseek(fd, 0, SEEK_CUR), 114);
  CHECK_EQUAL(lseek(fd, 0x7FFFFFFF, SEEK_SET), 0x7FFFFFFF);
  CHECK_ERROR(lseek(fd, 1, SEEK_CUR), EINVAL);
  CHECK_ERROR(lseek(0, 0, SEEK_SET), ESPIPE);
  close(fd);
  fd = open("/bin", O_RDONLY);
  CHECK_EQUAL(lseek(fd, 1, SEEK_SET), 1);
  CHECK_ERROR(lseek(fd, -1, SEEK_SET), EINVAL);
  CHECK_ERROR(lseek(fd, 0, SEEK_CUR), EINVAL);
  CHECK_ERROR(lseek(fd, 0, SEEK_END), EINVAL);
  close(fd);
}

static void test_stat(void) {
  struct stat st;
  CHECK(stat("/etc/lines", &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 14);
  CHECK(stat("/bin", &st) == 0 && S_ISDIR(st.st_mode));
  CHECK(fstat(0, &st) == 0 && S_ISCHR(st.st_mode));
  CHECK_ERROR(stat("/none", &st), ENOENT);
}

static bool lists(const char *path, const char *name, bool directory) {
  DIR *dir = opendir(path);
  bool found = false;
  CHECK(dir != NULL);
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    if (strcmp(entry->d_name, name) == 0) found = S_ISDIR(entry->d_mode) == directory;
  closedir(dir);
  return found;
}

static void test_directories(void) {
  CHECK(lists("/", "bin", true) && lists("/", "etc", true) && lists("/", "boot", true));
  CHECK(lists("/bin", "usertests", false) && lists("/etc", "motd", false) && lists("/boot", "kernel", false));
  CHECK(!lists("/", "usertests", false) && !lists("/etc", "usertests", false));
  CHECK(opendir("/etc/motd") == NULL);
}

/* Each file that a directory lists can be opened, and has the size that the directory tells. */
static void test_directory_entries(void) {
  DIR *dir = opendir("/bin");
  int entries = 0;
  CHECK(dir != NULL);
  for (struct dirent *entry; (entry = readdir(dir)) != NULL; entries++) {
    char path[80];
    struct stat st;
    snprintf(path, sizeof path, "/bin/%s", entry->d_name);
    CHECK_EQUAL(stat(path, &st), 0);
    CHECK_EQUAL(st.st_size, entry->d_size);
  }
  closedir(dir);
  CHECK(entries > 10);
}

static void test_access(void) {
  char c;
  CHECK_ERROR(open("/etc/motd", 3), EINVAL);
  CHECK_ERROR(open("/etc", O_RDWR), EISDIR);
  CHECK_ERROR(open("/etc", O_RDONLY | O_CREAT), EISDIR);
  CHECK_ERROR(open("/etc/motd", O_RDONLY | O_DIRECTORY), ENOTDIR);
  int fd = open("/etc/motd", O_RDONLY);
  CHECK_ERROR(write(fd, "x", 1), EBADF);
  CHECK_ERROR(ftruncate(fd, 0), EINVAL);
  close(fd);
  fd = open("/etc", O_RDONLY | O_DIRECTORY);
  CHECK_ERROR(write(fd, "x", 1), EBADF);
  close(fd);
  fd = open("/tmp/access", O_WRONLY | O_CREAT | O_EXCL, 0644);
  CHECK_ERROR(read(fd, &c, 1), EBADF);
  CHECK_ERROR(open("/tmp/access", O_WRONLY | O_CREAT | O_EXCL), EEXIST);
  close(fd);
  CHECK_EQUAL(unlink("/tmp/access"), 0);
}

/* ---- files that are written ---- */

static void put_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC);
  CHECK(fd >= 0);
  CHECK_EQUAL(write(fd, text, strlen(text)), strlen(text));
  close(fd);
}

static bool holds(const char *path, const char *text) {
  char buffer[256];
  int fd = open(path, O_RDONLY);
  ssize_t n = read(fd, buffer, sizeof buffer);
  close(fd);
  return n == (ssize_t)strlen(text) && memcmp(buffer, text, (size_t)n) == 0;
}

static void test_write_files(void) {
  put_file("/tmp/f", "hello, world");
  CHECK(holds("/tmp/f", "hello, world"));
  int fd = open("/tmp/f", O_RDWR);
  CHECK_EQUAL(lseek(fd, 7, SEEK_SET), 7);
  CHECK_EQUAL(write(fd, "W", 1), 1);
  CHECK_EQUAL(lseek(fd, 0, SEEK_CUR), 8);
  CHECK(holds("/tmp/f", "hello, World"));
  CHECK_EQUAL(ftruncate(fd, 5), 0);
  CHECK(holds("/tmp/f", "hello"));
  CHECK_EQUAL(ftruncate(fd, 7), 0);
  CHECK_EQUAL(lseek(fd, 0, SEEK_END), 7);
  CHECK_ERROR(ftruncate(fd, -1), EINVAL);
  close(fd);
  fd = open("/tmp/f", O_WRONLY | O_APPEND);
  CHECK_EQUAL(write(fd, "!", 1), 1);
  CHECK_EQUAL(lseek(fd, 0, SEEK_SET), 0);
  CHECK_EQUAL(write(fd, "?", 1), 1);
  close(fd);
  struct stat st;
  CHECK(stat("/tmp/f", &st) == 0 && st.st_size == 9 && S_ISREG(st.st_mode) && st.st_nlink == 1);
  CHECK_EQUAL(unlink("/tmp/f"), 0);
  CHECK_ERROR(stat("/tmp/f", &st), ENOENT);
}

/* Writes to places far apart, whose pages lie under tables of all heights. What lies between is zeros, and takes no
 * memory. */
static void test_holes(void) {
  static const off_t at[] = {0x7FFFFFFE, 0x5000000, 0x400000, 0x3FFFF0, 0x12345, 0};
  struct pg32_sysinfo before, after;
  int fd = open("/tmp/holes", O_RDWR | O_CREAT);
  sysinfo(&before);
  for (size_t i = 0; i < COUNT(at); i++) {
    CHECK_EQUAL(lseek(fd, at[i], SEEK_SET), at[i]);
    CHECK_EQUAL(write(fd, "ab", 2), i == 0 ? 1 : 2);
  }
  CHECK_EQUAL(lseek(fd, 0x7FFFFFFF, SEEK_SET), 0x7FFFFFFF);
  CHECK_ERROR(write(fd, "ab", 2), EFBIG);
  sysinfo(&after);
  CHECK(before.free_pages - after.free_pages < 20);
  for (size_t i = 1; i < COUNT(at); i++) {
    char bytes[4];
    CHECK_EQUAL(lseek(fd, at[i], SEEK_SET), at[i]);
    CHECK_EQUAL(read(fd, bytes, 4), 4);
    CHECK(bytes[0] == 'a' && bytes[1] == 'b' && bytes[2] == 0 && bytes[3] == 0);
  }
  CHECK_EQUAL(ftruncate(fd, 0x12346), 0);
  CHECK_EQUAL(ftruncate(fd, 0x600000), 0);
  char c = 'x';
  for (size_t i = 1; i < COUNT(at); i++) {
    CHECK_EQUAL(lseek(fd, at[i] < 0x600000 ? at[i] + 1 : 0x5FFFFF, SEEK_SET),
                at[i] < 0x600000 ? at[i] + 1 : 0x5FFFFF);
    CHECK(read(fd, &c, 1) == 1 && c == (at[i] == 0 ? 'b' : 0));
  }
  close(fd);
  CHECK_EQUAL(unlink("/tmp/holes"), 0);
}

/* A file of the initrd is copied up page by page: what is not written stays. The bytes are put back, but the page's
 * frame is the file's for good: so main, too, calls this function, before the frames are counted. */
static void test_copy_up(void) {
  char old[8], new[8];
  int fd = open("/bin/usertests", O_RDWR);
  CHECK_EQUAL(lseek(fd, 0x5003, SEEK_SET), 0x5003);
  CHECK_EQUAL(read(fd, old, 8), 8);
  CHECK_EQUAL(lseek(fd, 0x5003, SEEK_SET), 0x5003);
  CHECK_EQUAL(write(fd, "changed!", 8), 8);
  CHECK_EQUAL(lseek(fd, 0x5003, SEEK_SET), 0x5003);
  CHECK(read(fd, new, 8) == 8 && memcmp(new, "changed!", 8) == 0);
  CHECK_EQUAL(lseek(fd, 0x5003, SEEK_SET), 0x5003);
  CHECK_EQUAL(write(fd, old, 8), 8);
  close(fd);
  CHECK_EQUAL(usertest_in_child(exec_with_arguments), EXITED(42)); /* it still runs */
}

static void test_names(void) {
  struct stat a, b;
  put_file("/tmp/a", "A");
  CHECK_EQUAL(link("/tmp/a", "/tmp/b"), 0);
  CHECK(stat("/tmp/a", &a) == 0 && stat("/tmp/b", &b) == 0 && a.st_ino == b.st_ino && a.st_nlink == 2);
  CHECK_ERROR(link("/tmp/a", "/tmp/b"), EEXIST);
  CHECK_ERROR(link("/tmp/none", "/tmp/c"), ENOENT);
  CHECK_ERROR(link("/tmp", "/tmp/c"), EPERM);
  CHECK_ERROR(link("/tmp/a", "/tmp/none/c"), ENOENT);
  CHECK_EQUAL(unlink("/tmp/a"), 0);
  CHECK(holds("/tmp/b", "A"));
  put_file("/tmp/c", "C");
  CHECK_EQUAL(rename("/tmp/b", "/tmp/c"), 0);
  CHECK(holds("/tmp/c", "A"));
  CHECK_ERROR(rename("/tmp/b", "/tmp/c"), ENOENT);
  CHECK_EQUAL(rename("/tmp/c", "/tmp/c"), 0);
  CHECK_ERROR(unlink("/tmp/b"), ENOENT);
  CHECK_ERROR(unlink("/tmp"), EISDIR);
  CHECK_ERROR(unlink("/tmp/c/"), ENOTDIR);
  int fd = open("/tmp/c", O_RDONLY);
  char c;
  CHECK_EQUAL(unlink("/tmp/c"), 0); /* its bytes stay until it is closed */
  CHECK(read(fd, &c, 1) == 1 && c == 'A');
  close(fd);
  char name[80];
  memset(name, 'n', sizeof name);
  memcpy(name, "/tmp/", 5);
  name[5 + 55] = '\0';
  put_file(name, "n");
  CHECK_EQUAL(unlink(name), 0);
  memcpy(name + 60, "n", 2);
  CHECK_ERROR(open(name, O_WRONLY | O_CREAT), ENAMETOOLONG);
}

static void test_make_directories(void) {
  char path[256];
  CHECK_EQUAL(mkdir("/tmp/d", 0777), 0);
  CHECK_ERROR(mkdir("/tmp/d", 0777), EEXIST);
  CHECK_ERROR(mkdir("/tmp/none/d", 0777), ENOENT);
  CHECK_ERROR(mkdir("/etc/motd/d", 0777), ENOTDIR);
  CHECK_ERROR(mkdir("/", 0777), EEXIST);
  CHECK_EQUAL(mkdir("/tmp/d/e/", 0777), 0);
  put_file("/tmp/d/f", "F");
  CHECK_ERROR(rmdir("/tmp/d"), ENOTEMPTY);
  CHECK_ERROR(rmdir("/tmp/d/f"), ENOTDIR);
  CHECK_ERROR(rmdir("/tmp/d/e/."), EINVAL);
  CHECK_ERROR(rmdir("/"), EBUSY);
  CHECK_ERROR(rename("/tmp/d", "/tmp/d/e/x"), EINVAL);
  CHECK_ERROR(rename("/tmp/d/f", "/tmp/d/e"), EISDIR);
  CHECK_ERROR(rename("/tmp/d/e", "/tmp/d/f"), ENOTDIR);
  CHECK_EQUAL(chdir("/tmp/d/e"), 0);
  CHECK(strcmp(getcwd(path, sizeof path), "/tmp/d/e") == 0);
  CHECK_ERROR((intptr_t)getcwd(path, 8) - 1, ERANGE);
  CHECK(holds("../f", "F") && holds("./../../d/f", "F") && holds("..//f", "F"));
  CHECK_ERROR(chdir("../f"), ENOTDIR);
  CHECK_ERROR(chdir("none"), ENOENT);
  CHECK_EQUAL(rename("/tmp/d/e", "/tmp/e"), 0);
  CHECK(strcmp(getcwd(path, sizeof path), "/tmp/e") == 0);
  CHECK_EQUAL(rmdir("/tmp/e"), 0);
  CHECK_ERROR((intptr_t)getcwd(path, sizeof path) - 1, ENOENT);
  CHECK_ERROR(open("new", O_WRONLY | O_CREAT), ENOENT);
  CHECK_EQUAL(chdir(".."), 0);
  CHECK(strcmp(getcwd(path, sizeof path), "/") == 0);
  CHECK_EQUAL(unlink("/tmp/d/f"), 0);
  CHECK_EQUAL(mkdir("/tmp/g", 0777), 0);
  CHECK_EQUAL(rename("/tmp/g", "/tmp/d"), 0); /* an empty directory may be replaced */
  CHECK_EQUAL(rmdir("/tmp/d"), 0);
}

/* A removed directory that a process still is in has lost its parent, which may go, too. */
static void test_removed_directory(void) {
  CHECK_EQUAL(mkdir("/tmp/p", 0777), 0);
  CHECK_EQUAL(mkdir("/tmp/p/q", 0777), 0);
  CHECK_EQUAL(chdir("/tmp/p/q"), 0);
  CHECK_EQUAL(rmdir("/tmp/p/q"), 0);
  CHECK_EQUAL(rmdir("/tmp/p"), 0);
  put_file("/tmp/r", "R");
  CHECK_EQUAL(chdir("../tmp"), 0);
  CHECK_EQUAL(unlink("r"), 0);
}

/* Fills the memory: the file ends short, with ENOSPC, and programs still run. Nothing is lost afterwards. */
static void fill_memory(void) {
  static char block[PAGE_SIZE * 4];
  memset(block, 'B', sizeof block);
  int fd = open("/tmp/full", O_WRONLY | O_CREAT);
  while (write(fd, block, sizeof block) > 0) {
  }
  CHECK_EQUAL(errno, ENOSPC);
  CHECK_ERROR(write(fd, block, sizeof block), ENOSPC);
  int other, n = 0;
  char name[32];
  do snprintf(name, sizeof name, "/tmp/full-%d", n++);
  while ((other = open(name, O_WRONLY | O_CREAT)) >= 0 && close(other) == 0);
  CHECK_EQUAL(errno, ENOSPC);
  CHECK_ERROR(mkdir("/tmp/full-d", 0777), ENOSPC);
  CHECK_EQUAL(unlink("/tmp/full"), 0);
  close(fd);
  while (--n > 0) {
    snprintf(name, sizeof name, "/tmp/full-%d", n - 1);
    CHECK_EQUAL(unlink(name), 0);
  }
}

static void test_no_space(void) { CHECK_EQUAL(usertest_in_child(fill_memory), 0); }

/* After a fork each page that read stores to needs a copy. When there is no memory for a copy, read says so; it does not
 * say that the address is bad. */
static char (*to_copy)[PAGE_SIZE];

static void read_without_memory(void) {
  static char block[PAGE_SIZE];
  int fd = open("/tmp/full", O_RDWR | O_CREAT), i = 0;
  while (write(fd, block, sizeof block) == sizeof block) continue;
  CHECK_EQUAL(lseek(fd, 0, SEEK_SET), 0);
  while (i < 64 && read(fd, to_copy[i], 1) == 1) i++;
  CHECK(i < 64 && errno == ENOMEM);
  CHECK_ERROR(read(fd, (char *)8, 1), EFAULT);
  CHECK_EQUAL(unlink("/tmp/full"), 0);
  CHECK_EQUAL(close(fd), 0);
  fd = open("/etc/motd", O_RDONLY);
  CHECK_EQUAL(read(fd, to_copy[i], 1), 1); /* now there is memory again */
}

static void test_no_memory_for_a_copy(void) {
  to_copy = malloc(64 * PAGE_SIZE);
  memset(to_copy, 1, 64 * PAGE_SIZE);
  CHECK_EQUAL(usertest_in_child(read_without_memory), 0);
  free(to_copy);
}

static void test_devices(void) {
  char bytes[1000];
  struct stat st;
  memset(bytes, 'x', sizeof bytes);
  int fd = open("/dev/zero", O_RDWR);
  CHECK_EQUAL(read(fd, bytes, sizeof bytes), sizeof bytes);
  CHECK(all_zero((uint32_t *)bytes, sizeof bytes / 4));
  CHECK_EQUAL(write(fd, bytes, sizeof bytes), sizeof bytes);
  CHECK(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && !isatty(fd));
  close(fd);
  fd = open("/dev/null", O_RDWR | O_TRUNC);
  CHECK_EQUAL(read(fd, bytes, sizeof bytes), 0);
  CHECK_EQUAL(write(fd, bytes, sizeof bytes), sizeof bytes);
  struct winsize size;
  CHECK_ERROR(ioctl(fd, TIOCGWINSZ, &size), ENOTTY);
  close(fd);
  CHECK_ERROR(ioctl(fd, TIOCGWINSZ, &size), EBADF);
  CHECK(isatty(0));
  CHECK_ERROR(ioctl(0, 0), EINVAL);
  setenv("COLUMNS", "132", 1), setenv("LINES", "none", 1);
  CHECK(ioctl(0, TIOCGWINSZ, &size) == 0 && size.ws_col == 132 && size.ws_row == 24);
}

/* ---- pipes, dup2, fcntl ---- */

static void test_pipe(void) {
  int fds[2];
  char text[16];
  CHECK_EQUAL(pipe(fds), 0);
  CHECK_EQUAL(write(fds[1], "hello", 5), 5);
  CHECK_EQUAL(read(fds[0], text, 2), 2);
  CHECK_EQUAL(read(fds[0], text, sizeof text), 3);
  CHECK(memcmp(text, "llo", 3) == 0);
  CHECK_ERROR(write(fds[0], "x", 1), EBADF);
  CHECK_ERROR(read(fds[1], text, 1), EBADF);
  CHECK_ERROR(lseek(fds[0], 0, SEEK_SET), ESPIPE);
  CHECK_EQUAL(read(fds[0], NULL, 0), 0); /* nothing is asked for: the call does not wait */
  CHECK_EQUAL(write(fds[1], "x", 1), 1);
  CHECK_ERROR(read(fds[0], NULL, 1), EFAULT);
  CHECK_ERROR(write(fds[1], NULL, 1), EFAULT);
  CHECK_EQUAL(read(fds[0], text, 1), 1);
  close(fds[1]);
  CHECK_EQUAL(read(fds[0], text, sizeof text), 0);
  close(fds[0]);
  CHECK_ERROR(pipe(NULL), EFAULT);
  CHECK_EQUAL(pipe(fds), 0);
  CHECK_EQUAL(fcntl(fds[0], F_GETFL), O_RDONLY);
  close(fds[0]), close(fds[1]);
}

enum { STREAM = 20000 };
static int stream[2];

static void write_stream(void) {
  static char bytes[STREAM];
  close(stream[0]);
  for (int i = 0; i < STREAM; i++) bytes[i] = (char)(i * 7 + i / 256);
  CHECK_EQUAL(write(stream[1], bytes, STREAM), STREAM); /* more than a pipe holds */
  CHECK_EQUAL(write(stream[1], bytes, 10), 10);
}

static void test_pipe_between_processes(void) {
  char bytes[700];
  int at = 0;
  CHECK_EQUAL(pipe(stream), 0);
  pid_t child = start(write_stream);
  close(stream[1]);
  for (ssize_t n; (n = read(stream[0], bytes, sizeof bytes)) > 0; at += n)
    for (int i = 0; i < n; i++) {
      int k = at + i < STREAM ? at + i : at + i - STREAM;
      CHECK_EQUAL(bytes[i], (char)(k * 7 + k / 256));
    }
  CHECK_EQUAL(at, STREAM + 10);
  CHECK_EQUAL(usertest_wait(child), 0);
  close(stream[0]);
}

static void test_pipes_run_out(void) {
  int fds[2], n = 0, last = 0;
  while (pipe(fds) == 0) n++, last = fds[1];
  CHECK_EQUAL(errno, EMFILE);
  CHECK(n >= 20);
  while (last >= 3) close(last--);
}

static void test_dup(void) {
  char text[4];
  int fd = open("/etc/lines", O_RDONLY), other = dup(fd);
  CHECK_EQUAL(other, fd + 1);
  CHECK_EQUAL(read(fd, text, 4), 4);
  CHECK_EQUAL(read(other, text, 4), 4); /* they share the offset */
  CHECK(memcmp(text, "two\n", 4) == 0);
  CHECK_EQUAL(dup2(fd, 20), 20);
  CHECK_EQUAL(dup2(fd, fd), fd);
  CHECK_EQUAL(dup2(fd, other), other);
  CHECK_ERROR(dup2(fd, 64), EBADF);
  CHECK_ERROR(dup2(50, 4), EBADF);
  CHECK_ERROR(dup(50), EBADF);
  CHECK_EQUAL(fcntl(fd, F_DUPFD, 30), 30);
  CHECK_ERROR(fcntl(fd, F_DUPFD, 64), EINVAL);
  CHECK_ERROR(fcntl(fd, 99), EINVAL);
  CHECK_ERROR(fcntl(50, F_GETFD), EBADF);
  close(fd), close(other), close(30);
  CHECK_EQUAL(lseek(20, 0, SEEK_CUR), 8);
  close(20);
}

/* In the program that exec_with_descriptors has started: the lowest open descriptor above the standard ones. */
static int lowest_open(void) {
  for (int fd = 3; fd < 64; fd++)
    if (fcntl(fd, F_GETFD) >= 0) return fd;
  return 0;
}

static void exec_with_descriptors(void) {
  fcntl(open("/etc/motd", O_RDONLY), F_SETFD, FD_CLOEXEC);
  CHECK_EQUAL(fcntl(3, F_GETFD), FD_CLOEXEC);
  CHECK_EQUAL(open("/etc/motd", O_RDONLY | O_CLOEXEC), 4);
  CHECK_EQUAL(dup(4), 5);
  CHECK_EQUAL(fcntl(5, F_GETFD), 0);
  char *argv[] = {"self", "--descriptors", NULL};
  execv(SELF, argv);
}

static void test_close_on_exec(void) { CHECK_EQUAL(usertest_in_child(exec_with_descriptors), EXITED(5)); }

/* Without a disk: ENODEV. With one: only whole sectors within the disk. Nothing is written. */
static void test_disk(void) {
  static char sector[BLOCK_SECTOR_BYTES];
  struct stat st;
  int fd = open("/dev/disk", O_RDWR);
  CHECK(fd >= 0 && fstat(fd, &st) == 0);
  if (st.st_size == 0) {
    CHECK_ERROR(read(fd, sector, sizeof sector), ENODEV);
    CHECK_ERROR(write(fd, sector, sizeof sector), ENODEV);
  } else {
    CHECK_ERROR(read(fd, sector, 1), EINVAL);
    CHECK_ERROR(write(fd, sector, 1), EINVAL);
    CHECK_ERROR(read(fd, NULL, sizeof sector), EFAULT);
    CHECK_ERROR(write(fd, NULL, sizeof sector), EFAULT);
    CHECK_EQUAL(lseek(fd, 0, SEEK_END), st.st_size);
    CHECK_EQUAL(read(fd, sector, sizeof sector), 0);
    CHECK_ERROR(write(fd, sector, sizeof sector), ENOSPC);
    CHECK_EQUAL(lseek(fd, 1, SEEK_SET), 1);
    CHECK_ERROR(read(fd, sector, sizeof sector), EINVAL);
  }
  close(fd);
}

static void test_bad_descriptors(void) {
  static const int fds[] = {-1, 3, 63, 64, 1000, 0x7FFFFFFF};
  char c;
  struct stat st;
  for (size_t i = 0; i < COUNT(fds); i++) {
    CHECK_ERROR(read(fds[i], &c, 1), EBADF);
    CHECK_ERROR(write(fds[i], &c, 1), EBADF);
    CHECK_ERROR(lseek(fds[i], 0, SEEK_SET), EBADF);
    CHECK_ERROR(fstat(fds[i], &st), EBADF);
    CHECK_ERROR(close(fds[i]), EBADF);
  }
}

static void test_descriptors_run_out(void) {
  int fds[100], n = 0;
  while (n < 100 && (fds[n] = open("/etc/motd", O_RDONLY)) >= 0) n++;
  CHECK(n >= 8 && n < 100);
  CHECK_EQUAL(errno, EMFILE);
  for (int i = 0; i < n; i++) CHECK_EQUAL(close(fds[i]), 0);
  CHECK_EQUAL(open("/etc/motd", O_RDONLY), fds[0]);
  CHECK_EQUAL(close(fds[0]), 0);
  CHECK_ERROR(close(fds[0]), EBADF);
}

static void hold_files(void) {
  while (open("/etc/motd", O_RDONLY) >= 0) {
  }
  sleep_long();
}

/* There are 512 open files in all processes together, fewer than nine processes can have descriptors for. */
static void test_files_run_out(void) {
  pid_t children[9];
  for (size_t i = 0; i < COUNT(children); i++) children[i] = start(hold_files);
  sleep_ticks(4000000);
  CHECK_ERROR(open("/etc/motd", O_RDONLY), ENFILE);
  for (size_t i = 0; i < COUNT(children); i++) kill_and_wait(children[i]);
  int fd = open("/etc/motd", O_RDONLY);
  CHECK(fd >= 0);
  close(fd);
}

static int inherited;

static void read_inherited(void) {
  char c;
  CHECK(read(inherited, &c, 1) == 1 && c == 'o');
  close(inherited);
}

/* fork shares open files: the parent goes on reading where the child has stopped. */
static void test_shared_offset(void) {
  char c;
  inherited = open("/etc/lines", O_RDONLY);
  CHECK_EQUAL(usertest_in_child(read_inherited), 0);
  int other = open("/etc/motd", O_RDONLY); /* must not get the struct file that the child has closed */
  CHECK(read(inherited, &c, 1) == 1 && c == 'n');
  close(inherited);
  close(other);
}

static void leave_files_open(void) {
  for (int i = 0; i < 8; i++) CHECK(open("/etc/motd", O_RDONLY) >= 0);
}

static void test_exit_closes_files(void) {
  for (int i = 0; i < 20; i++) CHECK_EQUAL(usertest_in_child(leave_files_open), 0);
}

/* ---- the initrd as a file ---- */

static bool same_bytes(int a, int b, size_t n) {
  static char left[2048], right[2048];
  while (n > 0) {
    size_t piece = n < sizeof left ? n : sizeof left;
    if (read(a, left, piece) != (ssize_t)piece || read(b, right, piece) != (ssize_t)piece) return false;
    if (memcmp(left, right, piece) != 0) return false;
    n -= piece;
  }
  return true;
}

/* Compares a file inside the archive, at whose content `archive` stands, with the file of that name. */
static void check_member(int archive, const char *name, size_t size) {
  char path[128];
  struct stat st;
  snprintf(path, sizeof path, "/%s", name);
  int fd = open(path, O_RDONLY);
  CHECK(fd >= 0);
  CHECK_EQUAL(fstat(fd, &st), 0);
  CHECK_EQUAL(st.st_size, size);
  CHECK(same_bytes(archive, fd, size));
  close(fd);
}

static void test_initrd(void) {
  struct ustar_header header;
  int archive = open("/boot/initrd", O_RDONLY), members = 0;
  long at = 0;
  CHECK(archive >= 0);
  while (lseek(archive, at, SEEK_SET) == at && read(archive, &header, USTAR_BLOCK) == USTAR_BLOCK &&
         header.name[0] != '\0') {
    size_t size = strtoul(header.size, NULL, 8);
    if (header.type == USTAR_FILE) check_member(archive, header.name, size), members++;
    at += USTAR_BLOCK + (long)((size + USTAR_BLOCK - 1) / USTAR_BLOCK * USTAR_BLOCK);
  }
  close(archive);
  CHECK(members > 10);
}

/* ---- console, events, information ---- */

static void change_console_mode(void) { console_mode(CONSOLE_RAW); }

static void test_console_mode(void) {
  int old = console_mode(CONSOLE_RAW);
  CHECK(old >= 0);
  CHECK_EQUAL(console_mode(CONSOLE_COOKED), CONSOLE_RAW);
  CHECK_ERROR(console_mode(3), EINVAL);
  CHECK_ERROR(console_mode(-1), EINVAL);
  CHECK_EQUAL(usertest_in_child(change_console_mode), 0);
  CHECK_EQUAL(console_mode(old), CONSOLE_COOKED); /* the child's mode went with it */
}

static void check_poll(unsigned events, uint32_t ticks) {
  uint64_t before = usertest_ticks();
  int got = poll_events(events, ticks);
  CHECK(got == 0 ? usertest_ticks() - before >= ticks : got == EVENT_INPUT && (events & EVENT_INPUT));
}

static void test_poll_events(void) {
  check_poll(0, 0);
  check_poll(0, 30000);
  check_poll(EVENT_INPUT, 0);
  check_poll(EVENT_INPUT, 30000);
  CHECK_ERROR(poll_events(0x80, 0), EINVAL);
  CHECK_ERROR(poll_events(EVENT_INPUT | 2, 0), EINVAL);
}

static void check_inherited_share(void) { CHECK_EQUAL(cpu_share(1), 3); }

static void test_cpu_share(void) {
  CHECK_EQUAL(cpu_share(3), 1);
  CHECK_ERROR(cpu_share(0), EINVAL);
  CHECK_ERROR(cpu_share(SHARE_MAX + 1), EINVAL);
  CHECK_ERROR(cpu_share(-1), EINVAL);
  CHECK_EQUAL(usertest_in_child(check_inherited_share), 0);
  CHECK_EQUAL(cpu_share(1), 3);
}

static int count_processes(void) {
  struct pg32_procinfo p;
  int n = 0, slot = 0;
  for (; procinfo(slot, &p) == 0 || errno == ESRCH; slot++) {
    if (errno != ESRCH) n++;
    errno = 0;
  }
  CHECK_EQUAL(errno, EINVAL);
  return n;
}

static bool find_process(pid_t pid, struct pg32_procinfo *p) {
  for (int slot = 0; slot < 1000; slot++) {
    errno = 0;
    if (procinfo(slot, p) == 0 && p->pid == (uint32_t)pid) return true;
    if (errno == EINVAL) return false;
  }
  return false;
}

static void test_procinfo(void) {
  struct pg32_procinfo p;
  struct pg32_sysinfo info;
  CHECK(find_process(getpid(), &p));
  CHECK(strcmp(p.name, "usertests") == 0 && p.state == PROC_RUNNING && p.pages > 0);
  pid_t child = start(sleep_long);
  sleep_ticks(50000);
  CHECK(find_process(child, &p) && p.parent == (uint32_t)getpid() && p.state == PROC_BLOCKED);
  errno = 0;
  CHECK(sysinfo(&info) == 0 && info.processes == (uint32_t)count_processes());
  kill(child, SIGKILL);
  sleep_ticks(50000);
  CHECK(find_process(child, &p) && p.state == PROC_ZOMBIE);
  CHECK_EQUAL(usertest_wait(child), SIGKILL);
  CHECK(!find_process(child, &p));
  CHECK_ERROR(procinfo(-1, &p), EINVAL);
}

static void test_sysinfo(void) {
  struct pg32_sysinfo info;
  CHECK_EQUAL(sysinfo(&info), 0);
  CHECK(info.ram_bytes >= 1 << 20 && info.free_pages < info.ram_bytes / PAGE_SIZE);
  CHECK(info.tlb_entries >= 2 && info.hz > 0 && info.processes >= 2);
}

static void test_data(void) { CHECK_EQUAL(static_data[0] + static_data[3], 5); }

/* ---- all of them ---- */

/* clang-format off */
#define TESTS(T) \
  T(exit_status) T(exit_status_is_a_byte) T(fork_returns) T(wait_for_any) T(wait_for_one) T(wait_without_children) \
  T(wait_without_status) T(wait_without_hanging) T(orphans) T(fork_storm) \
  T(exec_arguments) T(exec_bad_path) T(exec_bad_arguments) T(exec_without_memory) T(exec_without_arguments) \
  T(bad_pointers) T(straddling_pointers) T(write_from_bad_pointers) T(kernel_respects_rights) T(unknown_calls) \
  T(data) T(sbrk) T(sbrk_odd_sizes) T(sbrk_errors) T(past_the_heap) T(demand_zero) T(heap_is_set_aside) \
  T(out_of_memory) T(malloc_too_much) T(fork_sets_aside) T(stack_grows) T(stack_overflow) \
  T(child_writes_are_its_own) T(parent_writes_are_its_own) T(kernel_writes_are_private) T(generations) T(stack) \
  T(kill) T(kill_before_it_ran) T(kill_sleeper) T(kill_spinner) T(kill_waiter) T(kill_errors) T(faults) \
  T(handlers) T(handlers_keep_registers) T(blocked_signals) T(interrupted_calls) T(sigsuspend) T(sigpipe) T(alarm) \
  T(stop_and_continue) T(stops_itself) T(groups) T(sigchld) T(fault_handler) \
  T(clock) T(sleep) T(sleepers) T(yield) T(cpu_share) T(preemption) T(registers) \
  T(read) T(paths) T(seek) T(stat) T(directories) T(directory_entries) T(access) T(write_files) T(holes) T(copy_up) T(names) T(make_directories) T(removed_directory) \
  T(no_memory_for_a_copy) \
  T(no_space) T(devices) T(pipe) T(pipe_between_processes) T(pipes_run_out) T(dup) T(close_on_exec) T(disk) T(bad_descriptors) \
  T(descriptors_run_out) T(files_run_out) T(shared_offset) T(exit_closes_files) T(initrd) \
  T(console_mode) T(poll_events) T(procinfo) T(sysinfo)
/* clang-format on */

int main(int argc, char **argv) {
#define T(name) {#name, test_##name},
  static const struct usertest tests[] = {TESTS(T)};
#undef T
  if (argc > 1 && strcmp(argv[1], "--descriptors") == 0) return lowest_open();
  if (argc > 1 && strcmp(argv[1], "--arguments") == 0) return check_arguments(argc, argv);
  test_copy_up();
  return usertest_main(argc, argv, tests, COUNT(tests));
}
