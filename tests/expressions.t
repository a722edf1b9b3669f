# expressions.t - C expressions in the debugger's commands: where values are looked for, what is said when there are
# none, watchpoints and conditions, frames. values.t compares the values themselves with gdb's.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
cc=$BUILD/bin/pg32-cc

# script ARGS...: runs the commands on stdin
script() { timeout 100 "$trapeze" debug --batch -x - "$@" >"$tmp/out" 2>"$tmp/err"; }
# answers: those of the last script, without the commands, the places where it went, and their source lines
answers() { grep -v "^>\|^before #\|^after #\|^Breakpoint [0-9]*: \|^Watchpoint [0-9]*: \|^ *[0-9][0-9]*  " "$tmp/out"; }
# errors COMMAND...: what each command says when it fails, at the place where commands on stdin lead
said() { printf '%s\n%s\n' "$1" "$2" | script -d 0 "$tmp/$3"; sed 's/^trapeze: -:[0-9]*: //' "$tmp/err"; }

cat >"$tmp/a.c" <<'EOT'
struct point { int x, y; };
struct point here = {3, 4};
char flags[4];
struct { unsigned low : 4, high : 4; long long wide; } parts;
volatile int count, sink;
int *nothing;
struct never *opaque;
int (*volatile missing)(int);
__attribute__((noinline)) int add(int left, int right) { int sum = left + right; sink = sum; return sum; }
int main(int argc, char **argv) {
  static int calls = 7;
  volatile int s1 = 10;
  flags[0] = 1;
  flags[1] = 2;
  parts.low = 5;
  parts.high = 6;
  parts.wide = 1LL << 40;
  for (count = 0; count < 3;) count = count + 1;
  s1 += add(11, 22) + calls;
  return missing ? missing(s1) : 0;
}
EOT
$cc -O0 -g -o "$tmp/a" "$tmp/a.c"
line() { grep -n "$1" "$tmp/${2:-a}.c" | head -n 1 | cut -d: -f1; }

# ---- a breakpoint on a function stops where its parameters are ----
printf 'break add in app\nc\nprint left\nprint right\nprint left + right * 2\nup\nprint s1\nprint calls\ninfo args\ndown\ninfo locals\n' | script -d 0 "$tmp/a"
answers | grep -v '^Breakpoint' >"$tmp/got"
cat >"$tmp/expected" <<EOT
left = 11
right = 22
left + right * 2 = 55
#1  ADDRESS main (a.c:$(line 's1 += add'))
s1 = 10
calls = 7
int argc = 1
char **argv = ADDRESS
#0  ADDRESS add (a.c:$(line 'int sum'))
int left = 11
int right = 22
EOT
sed -E 's/0x[0-9a-f]{8}/ADDRESS/; /^int sum = /d' "$tmp/got" >"$tmp/got2"
same "parameters, the caller's locals, and up and down" "$tmp/expected" "$tmp/got2"

# ---- frames of a lane that trapped: its registers at the trap, its memory now ----
cat >"$tmp/trapped.c" <<'EOT'
#include <unistd.h>
int shared = 3;
__attribute__((noinline)) int ask(int number) {
  volatile int local = number * 2;
  int pid = getpid();
  return pid + local;
}
int main(void) { return ask(21) < 0; }
EOT
$cc -O0 -g -o "$tmp/trapped" "$tmp/trapped.c"
for depth in 0 1 2; do
  printf '%s\n' 'break ask in app' c 'break trap syscall in app' c si si si 'frame 2' 'print number + local' 'set var local = 5' \
    'print local' 'print shared' 'info args' up 'down' down down 'print $pc < 0x10000' | script -d $depth "$tmp/trapped"
  sed '1,/^> frame 2/d' "$tmp/out" | grep -v '^>\|^ *[0-9][0-9]*  ' | sed -E 's/0x[0-9a-f]{8}/ADDRESS/; s/^([a-z0-9./]*), trapped at #[0-9]*/\1, trapped at N/; s/^vm[1.]*/host/' >"$tmp/got"
  cat >"$tmp/expected" <<'EOT'
host/trapped, trapped at N: SYSCALL
#2  ADDRESS ask (trapped.c:5)
number + local = 63
local = 5. A new future begins here.
local = 5
shared = 3
int number = 21
#3  ADDRESS main (trapped.c:8)
#2  ADDRESS ask (trapped.c:5)
#1  ADDRESS getpid
host kernel
#0  ADDRESS trap_entry
$pc < 0x10000 = ADDRESS = 1
EOT
  same "depth $depth: frames across a trap" "$tmp/expected" "$tmp/got"
done
said 'break trap syscall in app' 'c
si
frame 1
set $a0 = 1' trapped >"$tmp/got"
check "its registers cannot be changed from here" grep -q 'set: `$a0` is in register a0 of host/trapped, which does not run here: go there first' "$tmp/got"
said 'break ask in app' 'c
frame 99' trapped >"$tmp/got"
is "as many frames as bt has" "frame: the outermost frame is #2." "$(cat "$tmp/got")"

# ---- calls that lead nowhere: through a null pointer, to a variable, to memory that is not there ----
cat >"$tmp/wild.c" <<'EOT'
#include <stdlib.h>
int numbers[100] = {0x60217fe0}; /* which is also `addi sp, sp, -32` */
int (*volatile target)(int);
__attribute__((noinline)) int call(int n) { return target(n) + n; }
int main(int argc, char **argv) {
  const unsigned long places[] = {0, (unsigned long)&numbers[20], 0x30000000};
  target = (int (*)(int))places[atoi(argv[1])];
  return call(7) + argc;
}
EOT
for level in 0 2; do
  $cc -O$level -g -w -o "$tmp/wild" "$tmp/wild.c"
  for place in 0 1 2; do
    printf 'c\nbt\nup\nprint n\n' | script -d 0 "$tmp/wild" $place
    is "-O$level: callers of a call to place $place" "call main __libc_start n = 7" \
      "$(sed -n 's/^#[1-9] *0x[0-9a-f]* \([^ ]*\).*/\1/p; /^n = /p' "$tmp/out" | sed 4d | tr '\n' ' ' | sed 's/ $//')"
  done
done

# ---- a recursion that has used up the stack ----
echo 'int fall(int n) { volatile int a[5000]; a[0] = n; return fall(n + 1) + a[0]; } int main(void) { return fall(0); }' >"$tmp/fall.c"
$cc -O0 -g -w -o "$tmp/fall" "$tmp/fall.c"
printf 'c\nbt\nframe 100\nup\nprint n\nprint a[0]\nframe 0\nframe 9999\n' | script -d 0 "$tmp/fall"
last=$(sed -n 's/.*the outermost frame is #\([0-9]*\)\.$/\1/p' "$tmp/err")
is "a hundred frames are listed, and how many are not" "100 ... $((last - 99)) more: \`frame 100\` shows the next" \
  "$(sed -n '/^> bt/,/^> frame/p' "$tmp/out" | grep -c '^#') $(grep '^\.\.\. ' "$tmp/out")"
n=$(sed -n 's/^n = \([0-9]*\).*/\1/p' "$tmp/out")
is "the others can be looked at" "#100 fall #101 fall n = $n a[0] = $n" \
  "$(sed '1,/^> frame 100/d' "$tmp/out" | sed -n 's/^\(#[1-9][0-9]*\) *0x[0-9a-f]* \([a-z]*\) .*/\1 \2/p; /^n =/p; /^a.0. =/p' | tr '\n' ' ' | sed 's/ $//')"
is "and n is that of the frame: fall(0), main and __libc_start are outside" "$last" $((101 + n + 2))

# ---- 64 bits that are computed from a register: in DWARF 4 with operations that are said to have 32 ----
cat >"$tmp/wide.c" <<'EOT'
volatile int sink;
__attribute__((noinline)) void here(void) { __asm__ volatile("" : : : "memory"); }
__attribute__((noinline)) void wide(int low, unsigned high) {
  __asm__ volatile("" : "+r"(low), "+r"(high));
  long long both = (long long)high << 32 | 99, negative = low;
  unsigned long long sum = (unsigned long long)high + 500000000u;
  here();
  sink = low;
  sink = (int)high;
}
int main(void) { wide(-5, 4000000000u); }
EOT
for dwarf in 4 5; do
  $cc -O2 -g -gdwarf-$dwarf -o "$tmp/wide" "$tmp/wide.c"
  printf 'break here in app\nc\nup\nprint both\nprint negative\nprint both >> 32\nprint sum\n' | script -d 0 "$tmp/wide"
  is "DWARF $dwarf: computed values of 64 bits" "both = -1266874889709551517 negative = -5 both >> 32 = -294967296 sum = 4500000000" \
    "$(answers | grep ' = ' | tail -n 4 | tr '\n' ' ' | sed 's/ $//')"
done

# ---- watchpoints: those very bytes, and limits at changes only ----
changes() { grep -c '^Watchpoint [0-9]* (' "$tmp/out"; }
start="break a.c:$(line 'flags.0. = 1') in app\nc\ndelete\n"
printf "${start}watch flags[1]\nc\nc\n" | script -d 0 "$tmp/a"
is "a byte is watched without its neighbours" "1, here 0x02, was 0x00." "$(changes), $(sed -n 's/^Watchpoint .*: here/here/p' "$tmp/out")"
printf "${start}watch parts.high\nc\nc\n" | script -d 0 "$tmp/a"
is "so is a bit-field" "1, here 0x60, was 0x00." "$(changes), $(sed -n 's/^Watchpoint .*: here/here/p' "$tmp/out")"
printf "${start}watch parts.wide\nc\nexpect here 0x0000010000000000, was 0x0000000000000000\n" | script -d 0 "$tmp/a"
is "all bytes of a long long" 0 $?
printf "${start}watch count ignore 1\nc\nexpect here 0x00000002, was 0x00000001\n" | script -d 0 "$tmp/a"
is "ignore counts changes" 0 $?
printf "${start}watch count if count == 3\nc\nc\n" | script -d 0 "$tmp/a"
is "if is asked at a change" "here 0x00000003, was 0x00000002." "$(sed -n 's/^Watchpoint .*: here/here/p' "$tmp/out")"
printf "${start}watch count\nc\nc\nexpect here 0x00000002, was 0x00000001\nC\nexpect here 0x00000001, was 0x00000002\nC\nexpect here 0x00000000, was 0x00000001\nc\nexpect here 0x00000001, was 0x00000000\n" | script -d 0 "$tmp/a"
is "ahead it stops behind a change, back before it" 0 $?
printf "${start}watch here\nwatch here.y\nwatch phys 0\nwatch add\n" | script -d 0 "$tmp/a"
is "a struct, a member, a real address and code can be watched" 0 $?

# ---- conditions ----
printf 'break add in app if left + right == 33 && sink == 0\nc\n' | script -d 0 "$tmp/a"
is "a condition in the scope of the breakpoint" 0 $?
printf 'break add in app if left == 12\nc\n' | script -d 0 "$tmp/a"
is "that does not hold" 1 $?
printf 'break add if left == 11 and right == 22 in app\nc\n' | script -d 0 "$tmp/a"
is "two, and a clause behind them" 0 $?
is "a name that is unknown is said" 'break: the condition, column 1: there is no `lefd` here.' "$(said '' 'break add if lefd == 1' a)"
is "and an assignment" 'break: the condition, column 6: `=` assigns; `==` compares.' "$(said '' 'break add if left = 1' a)"

# ---- who ----
printf "break a.c:$(line 'count = 0') in app\nc\nwho flags[0]\n" | script -d 0 "$tmp/a"
check "the last store to a byte, not to its neighbour" grep -q "main, a.c:$(line 'flags.0. = 1')" "$tmp/out"

# ---- what is said when there is no value ----
at_main="break a.c:$(line 'flags.0. = 1') in app
c"
while IFS='|' read -r command error; do
  is "$command" "$error" "$(said "$at_main" "$command" a)"
done <<'EOT'
print here.z|print: column 6: `struct point` has no member `z`.
print here->x|print: column 7: the left side of `->` is no pointer: use `.`.
print *nothing|print: no memory is mapped at 0x00000000.
print *opaque.x|print: column 9: `struct never *` is a pointer: use `->`.
print opaque->x|print: column 9: `struct never` is incomplete: it is declared, but not defined.
print here + 1|print: column 1: a value of type `struct point` is not a number.
print add(1, 2)|print: column 4: a function cannot be called: the run has happened already.
print 1 +|print: column 4: expected an operand, found the end.
print (1|print: column 3: expected `)` after the expression in parentheses.
print 1 / 0|print: column 3: division by 0.
print 08|print: column 1: `08` is not a number.
print &parts.low|print: column 1: a bit-field has no address.
print kernel::nosuch|print: column 1: there is no `nosuch` in host kernel.
print nosuch::x|print: column 1: there is no program, lane, function or file `nosuch`.
print (struct nosuch) 1|print: column 2: there is no type `struct nosuch` here.
print/y count|print: `y` is not a format; after the slash stands a count, one of xduotacfsz, and b, h, w or g for the size.
ptype nosuch|ptype: column 1: there is no `nosuch` here.
watch count + 1|watch: `count + 1` is a computed value, which has no place in memory.
x 1.5 +|x: column 6: expected an operand, found the end.
EOT

# ---- types ----
printf 'break main in app\nc\ndelete\nptype here\nwhatis &here\nwhatis missing\nptype parts\nwhatis flags\nptype opaque\nwhatis struct point *\n' | script -d 0 "$tmp/a"
cat >"$tmp/expected" <<'EOT'
struct point {
    int x;
    int y;
}
struct point *
int (* volatile)(int)
struct {
    unsigned int low : 4;
    unsigned int high : 4;
    long long wide;
}
char [4]
struct never {<incomplete type>} *
struct point *
EOT
answers | sed '1,/^All breakpoints/d' >"$tmp/got"
same "ptype and whatis" "$tmp/expected" "$tmp/got"

# ---- memory ----
printf 'break main in app\nc\ndelete\nx/2dw &here\nx/2xh &here\nx/s argv[0]\nx/2i $pc\nx/4xb phys 0\n' | script -d 0 "$tmp/a"
answers | sed '1,/^All breakpoints/d' | sed -E 's/0x[0-9a-f]{8}/ADDRESS/' >"$tmp/got"
check "x counts, formats and sizes" awk -F '\t' 'NR == 1 { ok = $2 == 3 && $3 == 4 } NR == 2 { ok = ok && $2 == "0x0003" && $3 == "0x0000" }
  NR == 3 { ok = ok && $2 == "\"'"$tmp"'/a\"" || $2 ~ /a"$/ } NR == 6 { ok = ok && NF == 5 } END { exit !ok || NR != 6 }' "$tmp/got"
for depth in 1 2; do
  printf 'break main in app depth %s\nc\nprint here\nprint parts\nprint kernel::procs[0].state\nprint *argv\n' $depth | script -d $depth "$tmp/a"
  is "depth $depth: variables on pages that were never used, and the guest kernel's" "0 2" "$? $(grep -c '^here = {x = 3, y = 4}$\|^kernel::procs\[0\].state = ' "$tmp/out")"
done
printf "break main in app depth 1\nc\nprint 'host kernel'::procs[0].name\nprint 'vm1 kernel'::procs[0].name\n" | script "$tmp/a"
check "the host's kernel by the name of its lane" grep -q "^'host kernel'::procs\[0\].name = \"vmm" "$tmp/out"
check "and the guest's" grep -q "^'vm1 kernel'::procs\[0\].name = \"a" "$tmp/out"

# ---- pages that get memory when they are first used ----
cat >"$tmp/z.c" <<'EOT'
char far[32768], chars[4] = "abc";
double numbers[2] = {1.5, 2.5};
int main(int argc, char **argv) { return far[20000]; }
EOT
$cc -O0 -g -o "$tmp/z" "$tmp/z.c"
for depth in 0 1 2; do
  printf "break main in app depth $depth\nc\nprint far[20000]\nx/2xb far + 20000\nx/xb \$sp - 20000\nprint *(char *)0x7fff0000\n" | script -d $depth "$tmp/z"
  is "depth $depth: memory that nothing has used reads as zeros" "far[20000] = 0 '\000'|0x00 0x00|0x00|*(char *)0x7fff0000 = 0 '\000'" \
    "$(sed -n '/^far\|^\*(/p; s/^0x[0-9a-f]*\( <[^>]*>\)*:\t//p' "$tmp/out" | tr '\t' ' ' | paste -sd'|')"
done
for question in 'who far[20000]|who: nothing has used the page of ADDRESS yet: it reads as zeros, and has no memory of its own.' \
  'watch far[20000]|watch: nothing has used the page of ADDRESS yet: it reads as zeros, and has no memory of its own.' \
  'set far[20000] = 1|set: nothing has used the page of ADDRESS yet: there is no memory to change.' \
  'print *(char *)0x7f000000|print: no memory is mapped at ADDRESS.'; do
  printf 'break main in app\nc\n%s\n' "${question%|*}" | script "$tmp/z"
  is "${question%|*}" "${question#*|}" "$(sed 's/^trapeze: -:[0-9]*: //; s/0x[0-9a-f]\{8\}/ADDRESS/' "$tmp/err")"
done
printf 'break main in app\nc\nx/3c chars\nx/2f numbers\nx/s &kernel::procs[0].name\nx/i kernel::trap\nx kernel::trap\n' | script "$tmp/z"
is "x takes the size from the format and the type, and the memory of the lane that is named" \
  "97 'a'	98 'b'	99 'c'|1.5	2.5|\"z\"" "$(sed -n 's/^0x[0-9a-f]* <\(chars\|numbers\|procs\)[^>]*>:\t//p' "$tmp/out" | paste -sd'|')"
is "and of its own image" "5 <trap>" "$(grep -c '^0x[0-9a-f]* <trap' "$tmp/out") $(grep -o '<trap>' "$tmp/out" | head -n 1)"
check "a name of another image is pointed at" grep -qx 'print: column 1: there is no `procs` here; `kernel::procs` is that of vm1 kernel.' <<EOT
$(printf 'break main in app\nc\nprint procs\n' | script "$tmp/z"; sed 's/^trapeze: -:[0-9]*: //' "$tmp/err")
EOT

cat >"$tmp/v.c" <<'EOT'
__attribute__((noinline)) void here(void) { __asm__ volatile("" : : : "memory"); }
__attribute__((noinline)) int sum(int n) {
  int all[n];
  char many[5000];
  for (int i = 0; i < n; i++) all[i] = i;
  for (int i = 0; i < 5000; i++) many[i] = 'm';
  here();
  return all[n - 1];
}
int main(int argc, char **argv) { return sum(argc + 2); }
EOT
$cc -O0 -g -o "$tmp/v" "$tmp/v.c"
printf 'break here in app\nc\nup\ninfo locals\n' | script -d 0 "$tmp/v"
is "locals of every size, and none that only the compiler knows" \
  "int n = 3|char many[5000] = 'm' <repeats 5000 times>|int all[3] = {0, 1, 2}" "$(sed -n '/ = /p' "$tmp/out" | paste -sd'|')"

printf 'static int twin = 1;\nstatic int twice(int n) { return n + twin; }\nint other(int);\nint main(int argc, char **argv) { return twice(argc) + other(argc); }\n' >"$tmp/one.c"
printf 'static int twin = 2;\nstatic int twice(int n) { return n * twin; }\nint other(int n) { return twice(n) + twin++; }\n' >"$tmp/two.c"
$cc -O0 -g -o "$tmp/twins" "$tmp/one.c" "$tmp/two.c"
printf "break main in app\nc\nprint 'one.c'::twin\nprint 'two.c'::twin + twin\nprint 'two.c'::twice == twice\n" | script -d 0 "$tmp/twins"
is "variables and functions of the same name in two files" "'one.c'::twin = 1|'two.c'::twin + twin = 3|'two.c'::twice == twice = 0" "$(grep "^'" "$tmp/out" | paste -sd'|')"
for question in "print 'two.c'::nosuch|print: column 1: there is no \`nosuch\` in the file \`two.c\`." \
  "print two.c::twin|print: column 6: a file's name stands in quotes: 'FILE.c'::twin."; do
  is "${question%|*}" "${question#*|}" "$(said 'break main in app
c' "${question%|*}" twins)"
done

# ---- scopes ----
cat >"$tmp/s.c" <<'EOT'
volatile int sink;
__attribute__((noinline)) int inner(int n) {
  volatile int v = 5;
  sink = v;
  {
    int v;
    sink = 1;
    sink = n;
  }
  return sink + v;
}
int main(int argc, char **argv) { return inner(argc) & 0; }
EOT
$cc -O2 -g -o "$tmp/s" "$tmp/s.c"
is "a variable that has been optimized out hides an outer one" 'print: column 1: `v`: optimized out.' "$(said 'break s.c:7 in app
c' 'print v' s)"

printf 'break s.c:8 in app\nc\nwhatis v\nprint sizeof v\n' | script -d 0 "$tmp/s"
is "its type is known" "int 4" "$(sed -n '/^int$/p; s/^sizeof v = \([^ ]*\).*/\1/p' "$tmp/out" | paste -sd' ')"
cat >"$tmp/t.c" <<'EOT'
__attribute__((noinline)) void here(void) { __asm__ volatile("" : : : "memory"); }
static int count(int by) {
  static int calls = 40;
  calls += by;
  here();
  return calls;
}
static int other(int by) {
  static int calls = 90;
  calls -= by;
  here();
  return calls;
}
int main(int argc, char **argv) { return (count(argc) + other(argc)) & 0; }
EOT
for dwarf in 4 5; do
  $cc -O2 -g -gdwarf-$dwarf -o "$tmp/t" "$tmp/t.c"
  printf 'break here in app\nc\nup\nprint calls\nprint other::calls\nc\nup\nprint calls\nprint count::calls\n' | script -d 0 "$tmp/t"
  is "static variables of functions that were inlined everywhere, DWARF $dwarf" "calls = 41|other::calls = 90|calls = 89|count::calls = 41" \
    "$(grep '^calls\|^count\|^other' "$tmp/out" | paste -sd'|')"
done

$cc -O0 -g -o "$tmp/t" "$tmp/t.c"
printf 'break here in app\nc\nprint count::by + 1\nprint main::argc\nup\nprint count::by\nup\nprint count::by\n' | script -d 0 "$tmp/t"
is "an argument by the name of its function, in a frame further out" "count::by + 1 = 2|main::argc = 1|count::by = 1" \
  "$(grep '^count\|^main' "$tmp/out" | paste -sd'|')"
check "or not, where that function does not run" grep -q 'print: column 1: `by`: it is in the frame of a function that does not run here' "$tmp/err"

# ---- frames ----
printf 'int (*volatile fp)(int);\nint main(int argc, char **argv) { return fp(argc); }\n' >"$tmp/n.c"
$cc -O0 -g -o "$tmp/n" "$tmp/n.c"
printf 'break trap fetch_miss in app if pc == 0\nc\nbt\n' | script -d 0 "$tmp/n"
is "the callers of a call through a null pointer" "? main __libc_start " "$(sed -n 's/^#[0-9]* *0x[0-9a-f]* \([^ ]*\).*/\1/p' "$tmp/out" | tr '\n' ' ')"
cat >"$tmp/d.c" <<'EOT'
#include <stdlib.h>
__attribute__((noinline)) static void die(void) { abort(); }
__attribute__((noinline)) static int check(int n) {
  if (n > 0) die();
  return n;
}
int main(int argc, char **argv) { return check(argc) + 1; }
EOT
$cc -O2 -g -o "$tmp/d" "$tmp/d.c"
printf 'bt\n' | script -d 0 --crash "$tmp/d"
is "the callers of a function that only calls what never returns" "kill abort die check main __libc_start " "$(sed -n 's/^#[0-9]* *0x[0-9a-f]* \([^ ]*\).*/\1/p' "$tmp/out" | tr '\n' ' ')"
cat >"$tmp/i.c" <<'EOT'
volatile int sink;
static inline __attribute__((always_inline)) int bump(int by) {
  sink += by;
  return by + 1;
}
__attribute__((noinline)) int first(int n) { return bump(n) + 1; }
int main(void) { return first(3) & 0; }
EOT
$cc -O1 -g -o "$tmp/i" "$tmp/i.c"
printf 'break i.c:3 in app\nc\nbt\nprint by\nup\nprint n\nframe 2\nframe 9\n' | script -d 0 "$tmp/i"
is "inlined functions have frames" "bump (i.c:3) first (i.c:6) main (i.c:7) " "$(sed -n 's/^#[0-2] *0x[0-9a-f]* \(.*\)/\1/p' "$tmp/out" | head -n 3 | tr '\n' ' ')"
check "and variables" grep -q '^by = 3' "$tmp/out"
check "a frame beyond the last is said" grep -q 'frame: the outermost frame is #3' "$tmp/err"
done_testing
