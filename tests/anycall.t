# anycall.t - ten processes make system calls at random, with random arguments, and are killed at random: the kernel
# must not panic, and the first process must still be able to start another one at the end.
. tests/tap.sh
normal_tlb
trapeze=$PWD/$BUILD/bin/trapeze
cat >"$tmp/anycall.c" <<'END'
/* anycall SEED TICKS */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pg32.h"
#include "usertest.h"

enum { EXIT = 1, WAITPID = 4, KILL = 5, SLEEP = 7, POLL = 17, READ = 12, WRITE = 13, SIGRETURN = 40, PAUSE = 42, ALARM = 45 };

static const char *const paths[] = {"/tmp/a", "/tmp/b", "/tmp/d", "/tmp/d/e", "a", "..", "/", "/etc/motd", "/bin/echo",
                                    "/dev/zero", "/tmp/d/../a/", "/dev/null", "d", ".", "/bin/usertests", "/tmp/d/e/f"};
static char area[8192];
static unsigned state;

static unsigned any(void) {
  state ^= state << 13, state ^= state >> 17, state ^= state << 5;
  return state;
}

static unsigned argument(void) {
  switch (any() % 9) {
  case 0: return any();
  case 1: return any() % 70;
  case 2: return (unsigned)(size_t)(area + any() % sizeof area);
  case 3:
  case 4: return (unsigned)(size_t)paths[any() % 16];
  case 5: return any() % 8;
  case 6: return 0x40 | any() % 4 | (any() & 0x600); /* flags of open */
  case 7: return -(any() % 5);
  default: return any() % 9000;
  }
}

/* Not: ending, waiting for long, ending the first process, using up the console. */
static void one_call(void) {
  unsigned number = any() % (SYSCALL_MAX + 2), a = argument(), b = argument(), c = argument();
  if (number == EXIT || number == SIGRETURN || (number == 2 && any() % 8 != 0)) return;
  if ((number == READ || number == WRITE) && a < 3) return;
  if (number == KILL && (int)a < 4) a = (unsigned)getpid() + any() % 4;
  if (number == PAUSE || number == SLEEP) usertest_call(ALARM, 30000, 0, 0), a %= 20000;
  if (number == POLL) b %= 20000;
  if (number == WAITPID) c = 1;
  if (number == 6) a %= 65536;
  if (number != 43) usertest_call(number, a, b, c);
}

static int start(unsigned seed) {
  int child = fork();
  if (child != 0) return child;
  for (state = seed * 2654435761u + 1;;) one_call();
}

int main(int argc, char **argv) {
  unsigned seed = (unsigned)atoi(argv[argc - 2]), made = 0;
  uint64_t end = usertest_ticks() + strtoul(argv[argc - 1], NULL, 10);
  for (int alive = 0; usertest_ticks() < end; sleep_ticks(50000)) {
    struct pg32_procinfo p;
    while (alive < 10 && start(seed * 1000 + made) > 0) made++, alive++;
    while (alive > 0 && waitpid(-1, NULL, WNOHANG) > 0) alive--;
    if (procinfo((int)(usertest_ticks() / 7 % 60), &p) == 0 && p.pid > 1) kill((int)p.pid, SIGKILL);
  }
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0) {
  }
  printf("alive after %u processes, %d\n", made, system("echo so is the kernel"));
  return 0;
}
END
check "the program compiles" "$BUILD/bin/pg32-cc" -O1 -o "$tmp/anycall" "$tmp/anycall.c"
for seed in 1 3 4; do
  timeout 100 "$trapeze" run -d0 --ram 24M "$tmp/anycall" $seed 50000000 >"$tmp/out" 2>&1 </dev/null
  is "seed $seed: the kernel lives, at depth 0" "0 so is the kernel" "$? $(grep -a -o '^so is the kernel' "$tmp/out")"
done
timeout 100 "$trapeze" run -d1 --ram 24M "$tmp/anycall" 5 20000000 >"$tmp/out" 2>&1 </dev/null
is "and at depth 1" "0 so is the kernel" "$? $(grep -a -o '^so is the kernel' "$tmp/out")"
done_testing
