# set.t - `set` in the debugger: the new value, what follows from it, the way back over it and ahead again, saved
# sessions, and what is said when something cannot be set.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
cc=$BUILD/bin/pg32-cc

# script ARGS...: runs the commands on stdin
script() { timeout 100 "$trapeze" debug --batch -x - "$@" >"$tmp/out" 2>"$tmp/err"; }

cat >"$tmp/s.c" <<'EOT'
#include <stdbool.h>
#include <stdio.h>
struct point { int x, y; };
enum colour { RED, GREEN = 5 };
struct point here = {3, 4}, there = {5, 6};
struct { unsigned low : 4; int high : 5; } bits = {1, 1};
const int limit = 10;
char c; unsigned char uc; short s; long long wide; float f; double g; bool b;
enum colour colour; struct point *p; int (*fn)(int, char **);
int table[3][2], copy[3][2] = {{1, 2}, {3, 4}, {5, 6}};
char name[6];
volatile int count;
int main(int argc, char **argv) {
  volatile int local = argc;
  count = local;
  printf("count %d local %d y %d wide %lld\n", count, local, here.y, wide);
  return count;
}
EOT
$cc -O0 -g -o "$tmp/s" "$tmp/s.c"
line() { grep -n "$1" "$tmp/${2:-s}.c" | head -n 1 | cut -d: -f1; }
start="break s.c:$(line printf.*count) in app\nc\ndelete\n"

# ---- each kind of place and type ----
cat >"$tmp/cases" <<'EOT'
count = 42|count = 42
local = -3|local = -3
variable local = 1|local = 1
var local = count + 2 * local|local = 44
here.y = -5|here.y = -5
p = &here|p = (struct point *) ADDRESS <here>
p->x = 9|p->x = 9
*p = there|*p = {x = 5, y = 6}
here = there|here = {x = 5, y = 6}
table[2][1] = 7|table[2][1] = 7
table = copy|table = {{1, 2}, {3, 4}, {5, 6}}
name = "Ada"|name = "Ada\000\000"
name = "Cha\x72le"|name = "Charle"
count += 3 * 4|count = 54
table[1][1] -= 5|table[1][1] = -1
bits.low <<= 2|bits.low = 4
bits.high ^= 6|bits.high = 7
g += 0.25|g = 0.25
bits.high = -16|bits.high = -16
bits.low = 15|bits.low = 15 (0xf)
c = 'x'|c = 120 'x'
c = -128|c = 128 '\200'
uc = 255|uc = 255 '\377'
s = -32768|s = -32768
wide = (long long)1 << 40|wide = 1099511627776
f = 1.5|f = 1.5
g = f / 4|g = 0.375
b = 7|b = true
colour = GREEN|colour = 5 (0x5, GREEN)
fn = main|fn = (int (*)(int, char **)) ADDRESS <main>
{int}&limit = 11|{int}&limit = 11
{unsigned char}(&limit) = 12|{unsigned char}(&limit) = 12 '\f'
*(short *)&wide = 5|*(short *)&wide = 5
$a5 = 0x12|$a5 = ADDRESS = 18
EOT
for depth in 0 1; do
  { printf "$start"; sed 's/|.*//; s/^/set /' "$tmp/cases"; printf 'print bits\nprint wide\nprint limit\n'; } | script -d $depth "$tmp/s"
  sed -n '/^> set/,$p' "$tmp/out" | grep -v '^>' | sed -E 's/0x[0-9a-f]{8}/ADDRESS/; s/ A new future begins here\.//; s/\.$//' >"$tmp/got"
  { sed 's/.*|//' "$tmp/cases"; printf 'bits = {low = 15, high = -16}\nwide = 1099511627781\nlimit = 12\n'; } >"$tmp/expected"
  same "depth $depth: each kind of place and type" "$tmp/expected" "$tmp/got"
done

# ---- the run takes another course; before the change is the old one ----
for depth in 0 1; do for engine in $(engines); do
  printf "${start}mark p\nset var count = 42\nset var local = 5\nset var here.y = -1\nset var wide = (long long)1 << 40\ngoto end\ninfo console\nexpect count 42 local 5 y -1 wide 1099511627776\nmark e\n'p\nprint count\nexpect count = 42\nS\nprint count\nexpect count = 0\ns\nprint count\nexpect count = 42\n'e\ninfo console\nexpect count 42 local 5 y -1\nrecord $tmp/$depth.session\n" |
    script --engine "$engine" -d $depth "$tmp/s"
  is "depth $depth, $engine: another outcome, back before the change and ahead again" "0 " "$? $(cat "$tmp/err")"
done; done
for depth in 0 1; do
  printf "info console\nexpect count 42 local 5 y -1 wide 1099511627776\ngoto reset\ngoto end\ninfo console\nexpect count 42 local 5\n" |
    script "$tmp/$depth.session"
  is "depth $depth: a saved session has the change" "0 " "$? $(cat "$tmp/err")"
done
printf "break s.c:$(line 'count = local') in app\nc\ndelete\nset var local = 8\ngoto end\ninfo console\nexpect count 8 local 8\n" | script -d 0 "$tmp/s"
is "a change before the program's own store" 0 $?
printf "${start}set var count = 9\nS\nS\nfork\ngoto end\ninfo console\nexpect count 1 local 1\n" | script -d 0 "$tmp/s"
is "a fork before the change drops it" 0 $?

# ---- code and the PC ----
cat >"$tmp/loop.c" <<'EOT'
#include <stdio.h>
__asm__(".globl three\nthree: addi s5, s5, 3\nret");
int main(void) {
  unsigned n = 0;
  for (int i = 0; i < 30000; i++)
    __asm__ volatile("mv s5, %0\n.globl one\none: addi s5, s5, 1\nmv %0, s5" : "+r"(n) : : "s5");
  printf("%u\n", n);
  return 0;
}
EOT
$cc -O2 -g -o "$tmp/loop" "$tmp/loop.c"
for depth in 0 1; do for engine in $(engines); do
  printf 'break one in app ignore 200\nc\ndelete\nset {unsigned}$pc = {unsigned}&three\nx/i $pc\ngoto end\ninfo console\n' |
    script --engine "$engine" -d $depth "$tmp/loop"
  cp "$tmp/out" "$tmp/$engine.out"
done
same "depth $depth: the engines agree after a change of code" "$tmp/interp.out" "$tmp/$(engines | tail -n 1).out"
is "depth $depth: and the change counts" 1 "$(grep -cx '89600' "$tmp/out")"
done
printf "break s.c:$(line 'return count') in app\nc\ndelete\nset \$pc = main\nset \$a0 = 7\ngoto end\ninfo console\n" |
  script -d 0 "$tmp/s"
is "PC and register are set: the program does it again" "count 1 local 1, count 7 local 7" \
  "$(grep -o '^count [0-9]* local [0-9]*' "$tmp/out" | paste -sd , | sed 's/,/, /')"

# ---- values in registers and pieces, callers, who ----
cat >"$tmp/o.c" <<'EOT'
#include <stdio.h>
volatile int sink;
__attribute__((noinline)) int show(long long v, int n) { sink = n; return (int)(v >> 32) + (int)v + n; }
__attribute__((noinline)) int outer(int n) {
  int kept = n * 3;
  for (int i = 0; i < 3; i++) {
    kept += show(((long long)kept << 32) + i, i);
    sink = kept;
  }
  return kept;
}
int main(int argc, char **argv) { printf("is %d\n", outer(argc)); return 0; }
EOT
$cc -O2 -g -o "$tmp/o" "$tmp/o.c"
plain="$(printf 'goto end\ninfo console\n' | script -d 0 "$tmp/o"; sed -n 's/^is //p' "$tmp/out")"
printf 'break show in app\nc\ndelete\nset var v = 0x100000002\nprint v\nexpect v = 4294967298\nset var n = 50\nprint n\nexpect n = 50\nwho n\nwho $a2\nexpect by hand\nsi\nwho $a0\nexpect by hand\nup\nset $pc = 0\n' | script -d 0 "$tmp/o"
is "a value in two registers; who knows" "set: \`\$pc\` is in register pc of a caller: \`finish\` there first." "$(sed -n 's/.*: set:/set:/p' "$tmp/err")"
printf 'break show in app\nc\nup\nset $a0 = 0\n' | script -d 0 "$tmp/o"
is "a caller's register that nobody has saved" "set: not saved: in register a0, which a called function need not preserve." "$(sed -n 's/.*: set:/set:/p' "$tmp/err")"

# A caller's variable in a register: still there, saved by the function that was called, or by one further inside.
cat >"$tmp/f.c" <<'EOT'
#include <stdio.h>
volatile int sink;
__attribute__((noinline)) void leaf(int n) { sink = n; }
__attribute__((noinline)) int middle(int n) {
  int more = n * 7;
  leaf(n);
  leaf(more);
  return more;
}
__attribute__((noinline)) int outer(int n) {
  int kept = n * 3;
  int sum = middle(n);
  leaf(kept);
  return kept + sum;
}
int main(int argc, char **argv) { printf("is %d\n", outer(argc)); return 0; }
EOT
$cc -O2 -g -o "$tmp/f" "$tmp/f.c"
for depth in 0 1; do
printf 'break leaf in app\nc\ndelete\nup\nset var more = 500\nprint more\nexpect more = 500\nup\nset var kept = 40\nprint kept\nexpect kept = 40\ngoto end\ninfo console\n' | script -d $depth "$tmp/f"
is "depth $depth: variables of callers in registers" "0 540" "$? $(sed -n 's/^is //p' "$tmp/out")"
done

# ---- what cannot be set ----
# refused COMMAND ANSWER, in main of s.c
refused() {
  printf "$start%s\n" "$1" | script -d 0 "$tmp/s"
  is "refused: $1" "$2" "$(sed 's/^trapeze: -:[0-9]*: //' "$tmp/err")"
}
refused 'set' 'set: expected PLACE = EXPR, for example `set var x = 5` or `set $a0 = 5`.'
refused 'set var count' 'set: expected PLACE = EXPR.'
refused 'set var count =' 'set: column 8: expected an operand, found the end.'
refused 'set var nosuch = 3' 'set: column 1: there is no `nosuch` here.'
refused 'set var count = nosuch' 'set: column 9: there is no `nosuch` here.'
refused 'set var c = 300' 'set: 300 does not fit in `c` (char).'
refused 'set var s = -32769' 'set: -32769 does not fit in `s` (short).'
refused 'set var bits.low = 16' 'set: 16 does not fit in `bits.low` (unsigned int, a bit-field of 4 bits).'
refused 'set var bits.high = -17' 'set: -17 does not fit in `bits.high` (int, a bit-field of 5 bits).'
refused 'set var wide = 1e30' 'set: 1e+30 does not fit in `wide` (long long).'
refused 'set var p = here' 'set: column 5: a `struct point` cannot be assigned to a `struct point *`.'
refused 'set var here = bits' 'set: column 8: a `struct {...}` cannot be assigned to a `struct point`.'
refused 'set var here = 5' 'set: column 8: a `int` cannot be assigned to a `struct point`.'
refused 'set var table = here' 'set: column 9: a `struct point` cannot be assigned to a `int [3][2]`.'
refused 'set var p = "text"' 'set: column 5: the program has no memory with that text; an array of characters can be set.'
refused 'set var count++' 'set: column 6: `++` is not supported.'
refused 'set var bits.low += 16' 'set: 17 does not fit in `bits.low` (unsigned int, a bit-field of 4 bits).'
refused 'set var main = 3' 'set: `main` is a function.'
refused 'set var count + 1 = 3' 'set: `count + 1` has no place: it is computed, or the compiler has made it a constant.'
refused 'set $zero = 1' 'set: register zero is always 0.'
refused 'set {int}0xF0000000 = 1' 'set: no memory is mapped at 0xf0000000.'
refused 'set {int}0x00000000 = 1' 'set: no memory is mapped at 0x00000000.'
refused 'set {int}1.5 = 1' 'set: column 1: an address must be an integer.'
refused 'set {nosuch}4 = 1' 'set: column 2: there is no type `nosuch` here.'
refused 'set {int 4 = 1' 'set: column 6: expected `}` after the type.'
printf "${start}set var limit = 3\n" | script -d 0 "$tmp/s"
is "a constant is protected" '`limit` is read-only' "$(grep -o '.limit. is read-only' "$tmp/err")"
printf 'set {int}0xF0000000 = 1\n' | script --reset lecture
is "a device is no memory" 'set: 0xf0000000 is no RAM: a device'"'"'s register, which nothing but code can write.' "$(sed 's/^trapeze: -:[0-9]*: //' "$tmp/err")"
printf 'goto end\nset $a0 = 1\n' | script lecture
is "a machine that has stopped" "set: The machine has stopped: go back to change something." "$(sed 's/^trapeze: -:[0-9]*: //' "$tmp/err")"
printf 'help set\nexpect {int}0x1000\n' | script -d 0 hello
is "help set" 0 $?
done_testing
