# stops.t - where breakpoints stop, how often, and what names mean there.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
cc() { "$BUILD/bin/pg32-cc" "$@"; }
# script ARGS...: runs the commands on stdin
script() { timeout 60 "$trapeze" debug --batch -x - "$@" >"$tmp/out" 2>"$tmp/err"; }
# talk ARGS...: the same, but goes on behind a command that fails
talk() { timeout 60 "$trapeze" debug --line "$@" >"$tmp/out" 2>&1; }
hits() { grep -c '^Breakpoint [0-9]* (' "$tmp/out"; }
# stops_at LINE...: where the run stopped, as FILE:LINE FILE:LINE
stops_at() { sed -n 's/^Breakpoint [0-9]* (.*, \([^ ]*:[0-9]*\).*/\1/p' "$tmp/out" | tr '\n' ' ' | sed 's/\. $//; s/ $//'; }
line_of() { grep -n "$1" "$2" | head -n 1 | cut -d: -f1; }

# ---- all places of a line and of a function ----
cat >"$tmp/inlined.c" <<'EOT'
volatile int sink, three = 3;
static inline __attribute__((always_inline)) void bump(int n) {
  sink += n * 3;
}
__attribute__((noinline)) int first(int n) { bump(n); return n + 1; }
__attribute__((noinline)) int second(int n) { bump(n + 5); return n + 2; }
static __attribute__((noinline)) int count(int n) {
  int all = 0;
  for (int i = 0; i < n; i++)
    all += sink;
  return all;
}
int main(void) {
  sink = 1;
  return (first(1) + second(2) + count(three)) & 0;
}
EOT
cd "$tmp" || exit 1
case $BUILD in /*) ;; *) BUILD=$OLDPWD/$BUILD trapeze=$OLDPWD/$trapeze ;; esac
for o in 0 1 2; do
  cc -O$o -g -o i$o inlined.c
  printf 'break inlined.c:3\nc\nc\nc\ninfo breakpoints\n' | talk -d 0 ./i$o
  is "-O$o: a line stops in both inlined copies, and only once in each" 2 "$(hits)"
  check "-O$o: each is said, with line, program, lane and address" \
    test "$(grep -c '^  *1\.[12] 0x000[0-9a-f]* bump in [a-z]*, inlined.c:3, i.* (host/i.)$' "$tmp/out")" = 4
  printf 'break bump\nc\nc\nc\n' | talk -d 0 ./i$o
  is "-O$o: and so does the function's name" 2 "$(hits)"
  printf 'break inlined.c:9\nc\nc\nc\nc\nc\n' | talk -d 0 ./i$o
  check "-O$o: a loop's line is reached more than once" test "$(hits)" -ge 2
  printf 'break inlined.c:10\nc\nc\nc\nc\n' | talk -d 0 ./i$o
  is "-O$o: its body as often as it is executed" 3 "$(hits)"
done

# ---- behind the prologue ----
cat >"$tmp/asm.S" <<'EOT'
        .text
        .globl  twice
        .type   twice, @function
twice:  add     a0, a0, a0
        ret
        .size   twice, . - twice
EOT
cat >"$tmp/behind.c" <<'EOT'
int twice(int n);
static __attribute__((noinline)) int grow(int given) {
  volatile int room[20];
  room[given] = given;
  return room[given] + twice(given);
}
int main(void) { return grow(7) - 21; }
EOT
for o in 0 2; do
  cc -O$o -g -o b$o behind.c asm.S
  printf 'break grow\nc\nexpect behind.c:4\nprint given\nexpect given = 7\n' | script -d 0 ./b$o
  is "-O$o: a function's parameters are there" 0 $?
  printf 'break twice\nc\nprint $pc\nexpect = twice\n' | script -d 0 ./b$o
  is "-O$o: assembly stops at its first instruction" 0 $?
done

cat >"$tmp/begins.c" <<'EOT'
volatile int sink;
static inline __attribute__((always_inline)) void note(int n) { sink = n; }
__attribute__((noinline)) int start(int with) {
  note(2);
  return with;
}
int main(void) { return start(8) - 8; }
EOT
for o in 0 1; do
  cc -O$o -g -o n$o begins.c
  printf 'break start\nc\nprint with\nexpect with = 8\n' | script -d 0 ./n$o
  is "-O$o: of a function that begins with an inlined one, too" 0 $?
done

# A loop at the beginning of a function is behind its entry, too: the function is reached once.
printf 'char room[40960];\nint main(void) { for (int i = 0; i < 40960; i += 4096) room[i] = 1; return 0; }\n' >"$tmp/loop.c"
for o in 0 1 2; do
  cc -O$o -g -o l$o loop.c
  printf 'break main\nc\nc\ninfo breakpoints\n' | talk -d 0 ./l$o
  is "-O$o: a function that begins with a loop is reached once" 1 "$(hits)"
done

# ---- names ----
printf 'break main\nexpect lecture (vm1/lecture)\nc\nexpect vm1/lecture is at\n' | script --reset lecture
is "main is the program's, although the kernel runs here" 0 $?
printf "t\nc\nbreak main in host/vmm\nexpect vmm (host/vmm)\nbreak trap_entry in 'vm1 kernel'\nexpect kernel (vm1 kernel)\nbreak vmm::main\nexpect vmm (host/vmm)\nbreak 'vm1 kernel'::trap\nexpect kernel (vm1 kernel)\nbreak kernel::trap\nexpect (host kernel, vm1 kernel)\nbreak sh:main\nexpect sh (no lane yet)\nbreak lecture.c:main\nexpect vm1/lecture\n" | script lecture
is "in LANE, PROGRAM::NAME, LANE::NAME, LANE:NAME, FILE:NAME" 0 $?
# said COMMAND: what it says when it fails
said() { printf '%s\n' "$1" | script lecture; sed -n 's/^trapeze: -:[0-9]*: //p' "$tmp/err"; }
is "a name of several programs must be said more exactly" \
  'break: vmm and kernel have `main.c:5`. Say which: `break vmm::main.c:5`, or add `in LANE`.' \
  "$(said 'break main.c:5' | sed 's/kernel and vmm/vmm and kernel/; s/kernel::/vmm::/')"
is "an unknown one" 'break: `nosuch` is not a known function, line, FILE:LINE or *ADDRESS.' "$(said 'break nosuch')"
is "an unknown lane" 'break: there is no lane `penguin`, and no such program.' "$(said 'break main in penguin')"
is "an unknown program" 'break: there is no program or lane `penguin`.' "$(said 'break penguin::main')"
is "a line behind the end" 'break: no program has code of a file `lecture.c` at or behind line `9999`.' "$(said 'break lecture.c:9999')"
is "a variable" 'break: `errno` is a variable. `watch errno` stops when it changes.' "$(said 'break errno')"
is "a register" 'break: `ra` is a register. `break *$ra` stops at the address in it.' "$(said 'break ra')"
is "half an instruction" 'break: 0x11002: instructions begin at multiples of 4.' "$(said 'break *0x11002')"
is "two places" 'break: `main` and `panic`: only one place is possible.' "$(said 'break main panic')"

# Two programs with a function at the same address: the breakpoint is one program's, also through fork and exec.
cat >"$tmp/parent.c" <<'EOT'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
  static char *words[] = {"parent", "again", 0};
  if (argc > 1) return 3;
  if (fork() == 0) {
    execv("/bin/hello", words);
    exit(1);
  }
  wait(0);
  return argv[0] == 0;
}
EOT
cc -O1 -g -o parent parent.c
printf 'break main\nc\nc\nc\ninfo breakpoints\nexpect hit 1 time\n' | talk -d 0 ./parent
is "the program's main, not that of the one it executes" 1 "$(hits)"
address=$(sed -n 's/^Breakpoint 1: main: \(0x[0-9a-f]*\).*/\1/p' "$tmp/out")
printf 'break *%s\nc\nc\nc\n' "$address" | talk -d 0 ./parent
is "nor another program's code at the same address" 1 "$(hits)"
printf 'break main in hello\nc\nexpect host/hello is at\n' | script -d 0 ./parent
is "unless it is said" 0 $?

# ---- lines and addresses ----
cat >"$tmp/words.c" <<'EOT'
volatile int in = 1, phys;
__attribute__((noinline)) int depth(int mode) { return mode + in; }
__attribute__((noinline)) int ra(int a) { return depth(a) + 1; }
int main(void) {
  phys = ra(4);
  return phys - 6;
}
EOT
cc -O1 -g -o words words.c
printf "break 5\nexpect words.c:5\nc\nexpect words.c:5\nbreak 'depth'\nc\nexpect depth, words.c:2\nbreak *ra\nbreak 'ra'\nbreak words::ra\nbreak words.c:depth\nbreak *depth\ndelete\nwatch (phys)\nc\nexpect here 0x00000006\n" | script -d 0 ./words
is "break LINE, and names that are clauses and registers" 0 $?
printf "break 'depth' if mode == 4 and in == 1 depth 0\nc\nexpect depth, words.c:2\n" | script -d 0 ./words
is "also in a condition" 0 $?
printf 'break depth\n' | script -d 0 ./words
check "depth alone is a clause" grep -q 'a number must follow `depth`' "$tmp/err"
printf 'break *depth + 4\nexpect depth, words.c:2\nbreak *0x1d0c\nexpect kernel (host kernel)\nbreak 0x1d0c\nexpect kernel (host kernel)\nbreak *$pc\nexpect _start\n' | script -d 0 ./words
is "addresses, as numbers and as expressions" 0 $?
printf 'break 99\n' | script -d 0 ./words
check "a line without code" grep -q 'words.c has no code at line 99 or behind it' "$tmp/err"

# ---- what is counted ----
printf '#include <unistd.h>\nint main(void) { _exit(0); }\n' >"$tmp/leaves.c"
cc -O1 -g -o leaves leaves.c
for depth in $depths; do
  printf 'break _exit in app depth %s\nc\nc\ninfo breakpoints\nexpect hit 1 time,\n' $depth | talk -d $depth ./leaves
  is "depth $depth: an instruction whose fetch faults is reached once" 1 "$(hits)"
  printf 'break _exit in app depth %s ignore 1\nc\n' $depth | talk -d $depth ./leaves
  is "depth $depth: and passed over once" 0 "$(hits)"
  printf 'break _exit in app depth %s\nc\ngoto end\nrc\n' $depth | talk -d $depth ./leaves
  is "depth $depth: and found there on the way back" 1 "$(grep -A 1 '^Breakpoint 1 (' "$tmp/out" | sed -n 's/.*insn *//p' | uniq | wc -l)"
done
# A page of code after the other: each faults when it is reached.
cat >"$tmp/pages.S" <<'EOT'
        .text
        .globl  main
main:   li      a0, 1
        .rept   60
        .balign 4096
        remu    a1, a0, a0
        .endr
        li      a0, 0
        ret
EOT
cc -o pages pages.S
for depth in $depths; do
  (printf 'break insn remu in app depth %s\n' $depth; yes c | head -n 61) | talk -d $depth ./pages
  is "depth $depth: sixty pages are reached sixty times" 60 "$(hits)"
  (printf 'break insn remu in app depth %s\ngoto end\n' $depth; yes rc | head -n 61) | talk -d $depth ./pages
  is "depth $depth: and sixty times on the way back" 60 "$(hits)"
done

# ---- steps by source line, in the frame where they begin ----
cat >"$tmp/steps.c" <<'EOT'
#include <setjmp.h>
#include <stdlib.h>
#include <unistd.h>
static jmp_buf env;
volatile int sink;
static inline __attribute__((always_inline)) void copy(int n) {
  sink = n;
  sink += n;
}
__attribute__((noinline)) int fact(int n) {
  if (n < 2)
    return 1;
  int rest = fact(n - 1);
  sink = rest;
  return n * rest;
}
__attribute__((noinline)) void deep(int n) {
  if (n == 0)
    longjmp(env, 1);
  deep(n - 1);
  sink++;
}
__attribute__((noinline)) void leave(int status) {
  sink = 4;
  exit(status);
}
__attribute__((noinline)) int outer(int n) {
  sink = 5;
  deep(n);
  return 6;
}
int main(void) {
  sink = fact(5);
  if (setjmp(env) == 0)
    deep(3);
  sink = 100;
  if (setjmp(env) == 0)
    outer(2);
  sink = getpid();
  copy(7);
  leave(3);
  return 0;
}
EOT
# moves FILE: the lines that steps came to, without the functions
moves() { sed -n "s/^\([a-z_]*\( has [^:]*\)\{0,1\}: \)\{0,1\}[a-z_]*, steps.c:\([0-9]*\)$/\3/p" "$tmp/out" | tr '\n' ' ' | sed 's/ $//'; }
l() { line_of "$1" steps.c; }
fact=$(l 'sink = fact') jump=$(l 'deep(3)') after=$(l 'sink = 100') again=$(l 'outer(2)') pid=$(l 'getpid()')
copy=$(l ' copy(7)') leave=$(l ' leave(3)') body=$(l 'sink = n') more=$(l 'sink += n')
for o in 0 1; do
  cc -O$o -g -o s$o steps.c
  printf "break steps.c:$fact\nc\nn\nn\nn\n" | talk -d 0 ./s$o
  is "-O$o: next over a call, and over a longjmp" "$((jump - 1)) $jump $after" "$(moves)"
  printf "break steps.c:$again\nc\nn\n" | talk -d 0 ./s$o
  is "-O$o: next over a longjmp out of two functions" "$pid" "$(moves)"
  printf "break steps.c:$pid\nc\nn\nn\n" | talk -d 1 ./s$o
  is "-O$o: over a system call; N times, into what was inlined" "$copy $leave" "$(moves)"
  printf "break steps.c:$leave\nc\nn\n" | talk -d 0 ./s$o
  check "-O$o: a call that never returns is said" grep -q '^host/s. never comes to another line: its last trap is #[0-9]*, SYSCALL _exit' "$tmp/out"
  printf "break leave\nc\nfinish\n" | talk -d 0 ./s$o
  check "-O$o: so is a function that never does" grep -q '^host/s. never returns from leave: its last trap is #[0-9]*, SYSCALL _exit' "$tmp/out"
  (printf "break fact if n == 1\nc\ndelete\nbt\n"; yes 'n
bt' | head -n 40) | talk -d 0 ./s$o
  is "-O$o: next out of a recursion, frame by frame" "5 4 3 2 1 0" \
    "$(awk '/^#0/ { if (n != "") print n; n = 0 } /^#.* fact/ { n++ } END { print n }' "$tmp/out" | uniq | head -n 6 | tr '\n' ' ' | sed 's/ $//')"
  printf "break fact if n == 5\nc\ndelete\nn\nn\nbt\n" | talk -d 0 ./s$o
  is "-O$o: next over a call of itself" 1 "$(grep -c '^#.* fact' "$tmp/out")"
  printf "break fact if n == 1\nc\ndelete\nfinish\nfinish\nup\nfinish\n" | talk -d 0 ./s$o
  is "-O$o: finish says what was returned, also of an outer frame" "1 2 24" \
    "$(sed -n 's/^fact has returned \([0-9]*\): .*/\1/p' "$tmp/out" | tr '\n' ' ' | sed 's/ $//')"
  printf "break deep if n == 0\nc\nfinish\n" | talk -d 0 ./s$o
  check "-O$o: finish says that a function was left by a longjmp" grep -q '^deep has been left, and not by a return: main, steps.c:' "$tmp/out"
  printf "break deep if n == 0\nc\nrf\nexpect Before the call of deep: deep, steps.c:$(l 'deep(n - 1)')\nrf\nrf\nrf\nexpect Before the call of deep: main, steps.c:$jump\n" | script -d 0 ./s$o
  is "-O$o: reverse-finish goes back to the call, frame by frame" 0 $?
  printf "break steps.c:$jump\nc\nbreak steps.c:$(l 'longjmp(env')\nn\n" | talk -d 0 ./s$o
  is "-O$o: a breakpoint stops next" 2 "$(hits)"
  printf "break steps.c:$fact\nc\nwatch sink\nn\nexpect Watchpoint\n" | talk -d 0 ./s$o
  check "-O$o: and so does a watchpoint" sh -c "! grep -q '^expected' $tmp/out"
  printf "break steps.c:$pid\nc\nbreak trap syscall in app\nn\nexpect before #\n" | script -d 0 ./s$o
  is "-O$o: and a trap" 0 $?
  printf "break steps.c:$fact\nc\nstep\nexpect fact, steps.c:11\nprint n\nexpect n = 5\ns 2\nexpect fact, steps.c:11\nprint n\nexpect n = 4\n" | script -d 0 ./s$o
  is "-O$o: step enters functions, behind their prologues" 0 $?
  printf "break steps.c:$pid\nc\ns\ns\nfinish\n" | talk -d 0 ./s$o
  is "-O$o: but steps over those without lines; into an inlined one" "$copy $body $leave" "$(moves)"
  printf "break steps.c:$fact\nc\nn\nrn\nexpect steps.c:$fact\nn\nrs\nexpect fact, steps.c:1\nrs\nexpect fact, steps.c:1\n" | script -d 0 ./s$o
  is "-O$o: back over a call, and back into it" 0 $?
  printf "break steps.c:$fact\nc\nprint \$pc\nni 4\nni 4\nrni 8\nprint \$pc\nsi 5\nrsi 5\nprint \$pc\n" | talk -d 0 ./s$o
  is "-O$o: by instructions, over and into calls, and back" 1 "$(grep '^\$pc = ' "$tmp/out" | sort -u | wc -l)"
done
# A trap and a function, and what finish says of each.

# ---- a watched variable is that of its process, also after a fork has copied the page ----
cat >"$tmp/fork.c" <<'EOT'
#include <sys/wait.h>
#include <unistd.h>
volatile int shared = 5, sink;
__attribute__((noinline)) void here(void) { __asm__ volatile("" : : : "memory"); }
int main(void) {
  here();
  if (!fork()) {
    shared = 77;
    _exit(0);
  }
  shared = 6;
  wait(NULL);
  sink = shared;
  shared = 8;
  return 0;
}
EOT
"$BUILD/bin/pg32-cc" -O0 -g -o "$tmp/fork" "$tmp/fork.c"
for depth in 0 1; do
  printf 'break here in app\nc\ndelete\nwatch shared\nc\nc\ngoto end\nrc\nrc\n' | script -d $depth "$tmp/fork"
  is "depth $depth: watch follows the page, forwards and back" "6 5|8 6|6 8|5 6" \
    "$(sed -n 's/^Watchpoint [0-9]* (shared): here 0x0000000\(.\), was 0x0000000\(.\)\.$/\1 \2/p' "$tmp/out" | paste -sd'|')"
  printf 'break here in app\nc\ndelete\nrwatch shared in app\nc\nbt\n' | script -d $depth "$tmp/fork"
  check "depth $depth: so does rwatch" grep -q '^#0 .* main (fork.c:13)$' "$tmp/out"
done

# ---- up: finish and reverse-finish are about the frame that is looked at ----
cat >"$tmp/frames.c" <<'EOT'
struct big { int n[200]; } result;
__attribute__((noinline)) void leaf(void) { __asm__ volatile("" : : : "memory"); }
static inline __attribute__((always_inline)) void inlined(int n) {
  result.n[0] += n;
  leaf();
}
__attribute__((noinline)) struct big fill(int from) {
  struct big b;
  for (int i = 0; i < 200; i++) b.n[i] = from + i;
  inlined(from);
  return b;
}
int main(void) {
  result = fill(5000);
  return 0;
}
EOT
"$BUILD/bin/pg32-cc" -O0 -g -o "$tmp/frames" "$tmp/frames.c"
printf 'break leaf in app\nc\nup\nrf\nbt\nc\nframe\nup 2\nrf\nframe\nc\nup 2\nrn\nc\nup 2\nfinish\n' | script -d 0 "$tmp/frames"
is "reverse-finish goes to the call of that function, inlined or not" "Before the call of inlined: fill, frames.c:10|Before the call of fill: main, frames.c:14" \
  "$(grep '^Before' "$tmp/out" | paste -sd'|')"
is "the run has moved, and with it the frame: back here it is the innermost" "#0 leaf" "$(sed -n 's/^\(#[0-9]\) *0x[0-9a-f]* \(leaf\) .*/\1 \2/p' "$tmp/out" | head -n 1)"
check "reverse-next goes to the line before in that function" grep -q '^fill, frames.c:10$' "$tmp/out"
is "finish shows all of a large structure" "yes yes" \
  "$(grep '^fill has returned {n = {5000, 5001, ' "$tmp/out" | sed 's/.* 5198, 5199}}: main, frames.c:14$/yes yes/')"

printf 'break trap syscall in app if a7 == 9\nc\nfinish\nexpect has been handled\nfinish\nexpect getpid has returned\n' | script ./s1
is "finish from a trap, and from a function" 0 $?
printf "break trap syscall in app if a7 == 9\nc\nsi 5\nframe 1\nfinish\nexpect getpid has returned: main, steps.c:$pid\n" | script ./s1
is "finish of a frame that has trapped, from the kernel" 0 $?
printf 'break main\nc\nfinish\n' | talk -d 0 sh
check "and one that waits" grep -q '^Before host/sh returns from main, the machine waits for input' "$tmp/out"
# In the kernel, whose own traps are like calls of its vector.
printf "break kernel::trap\nc\nn\nexpect trap.c\nn\nexpect trap.c\n" | script lecture
is "next in a kernel" 0 $?

# ---- conditions on C variables, a thousand times at the same place and at different ones ----
cat >"$tmp/often.c" <<'EOT'
volatile int sink;
struct point { int x, y; } spot;
static inline __attribute__((always_inline)) void put(int value) {
  sink = value;
}
int main(void) {
  for (int i = 0; i < 1000; i++) {
    spot.x = i;
    put(i);
    put(-i);
  }
  return 0;
}
EOT
for o in 0 1; do
  cc -O$o -g -o o$o often.c
  printf 'break often.c:9 if i == 997 and spot.x != 3\nc\nprint spot.x\nexpect = 997\nc\n' | talk -d 0 ./o$o
  is "-O$o: a condition is asked anew each time" 1 "$(hits)"
  printf 'break often.c:10\nexpect often.c:10\nc\nexpect main, often.c:10\nprint i\nexpect i = 0\ndelete\nn\nexpect main, often.c:\n' | script -d 0 ./o$o
  is "-O$o: a line that only calls an inlined function" 0 $?
  printf 'break put if value == -500\nc\nc\n' | talk -d 0 ./o$o
  is "-O$o: at each of two places, where the variable is elsewhere" 1 "$(hits)"
  printf 'break main if nothing == 1\nbreak if spot.x == 998 in app\nc\nprint spot.x\nexpect = 998\ndelete\n' | talk -d 0 ./o$o
  is "-O$o: without a place it is asked everywhere" 1 "$(hits)"
done

# ---- user code that a bare image has brought along ----
cat >"$tmp/bare.S" <<'EOT'
#include <isa/platform.h>
        .globl _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        ori     t0, t0, TLB_R | TLB_X
        mv      t1, t0
        li      t2, -4096
        and     t1, t1, t2
        ori     t1, t1, 1
        tlbw    t1, t0
        la      t0, user
        sw      t0, LC_PC(zero)
        li      t0, ST_U | ST_T | 1 << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
        rfe
vector: li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
        .balign PAGE_SIZE
user:   li      t0, 100
inside: addi    t0, t0, -1
        bnez    t0, inside
        li      a7, 9
there:  syscall
EOT
cc -T bare -I"$OLDPWD" -o bare bare.S
printf "break inside\nc\nexpect vm1 user is at\nbreak there in 'vm1 user'\nc\nexpect vm1 user is at\n" | script --reset --image ./bare
is "user code of a bare image has places, too" 0 $?
cd "$OLDPWD" || exit 1
done_testing
