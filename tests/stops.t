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
cd "$OLDPWD" || exit 1
done_testing
