# gdb.t - trapeze debug --gdb with the real gdb-multiarch, on the bare machine and in a VM: breakpoints, callers, steps
# and watchpoints in both directions, variables, crashes, the guest's input, the end. Packets are tested by test_gdb.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
cc=$BUILD/bin/pg32-cc

cat >"$tmp/g.c" <<'EOT'
#include <stdio.h>
#include <unistd.h>
struct point { int x, y; };
struct point here = {3, 4};
volatile int count;
__attribute__((noinline)) int add(int left, int right) {
  int sum = left + right;
  count += sum;
  return sum;
}
__attribute__((noinline)) int twice(int n) {
  int a = add(n, n);
  return a + (getpid() > 100);
}
int main(int argc, char **argv) {
  int total = 0;
  for (int i = 0; i < 3; i++) {
    total += twice(i);
    here.x += i;
  }
  printf("total %d\n", total);
  return total;
}
EOT
$cc -O0 -g -o "$tmp/g" "$tmp/g.c"

# gdb DEPTH PROG: the commands on stdin, connected by a pipe; PROG in $tmp, perhaps with arguments
gdb() {
  { printf 'set pagination off\nset width 0\nset print address off\ntarget remote | %s debug --gdb - -d %s %s\n' "$trapeze" "$1" "$tmp/$2"; cat; } >"$tmp/cmds"
  timeout 100 gdb-multiarch -nx -batch -x "$tmp/cmds" "$tmp/${2%% *}" >"$tmp/out" 2>&1
}
# answers: the last session's, without empty lines, and in the words of gdb 13 (gdb 16 says more of the end of the run).
# gdb may call a function of the library by the name that it has there: __libc_abort.
answers() { sed -E 's/__libc_abort/abort/; s,(userprogs/lib/stdlib\.c):[0-9]+,\1:N,; s/^Reached end of recorded history; stopping\.$/No more reverse-execution history./; /^(Backward execution from here|Following forward execution) /d; s|'"$tmp"'/||g; /^$/d; /^\[Inferior 1 .* detached\]$/d' "$tmp/out"; }
# gives NAME: the last session's answers are those on stdin
gives() {
  cat >"$tmp/expected"
  answers >"$tmp/got"
  same "$1" "$tmp/expected" "$tmp/got"
}

for depth in 0 1; do
case $depth in 0) lane=host/g ;; 1) lane=vm1/g ;; esac
# ---- breakpoints, callers, values ----
gdb $depth g <<'EOT'
show architecture
break add
continue
continue
backtrace
info args
up
info locals
print here
print &here.y == &here.x + 1
whatis here
finish
next
delete
step
tbreak twice
continue
EOT
gives "depth $depth: breakpoints, callers, values, steps" <<'EOT'
_start ()
The target architecture is set to "auto" (currently "riscv:rv32").
Breakpoint 1: file g.c, line 7.
Breakpoint 1, add (left=0, right=0) at g.c:7
7	  int sum = left + right;
Breakpoint 1, add (left=1, right=1) at g.c:7
7	  int sum = left + right;
#0  add (left=1, right=1) at g.c:7
#1  twice (n=1) at g.c:12
#2  main (argc=1, argv=) at g.c:18
left = 1
right = 1
#1  twice (n=1) at g.c:12
12	  int a = add(n, n);
a = 0
$1 = {x = 3, y = 4}
$2 = 1
type = struct point
main (argc=1, argv=) at g.c:18
18	    total += twice(i);
Value returned is $3 = 2
19	    here.x += i;
20	  }
Temporary breakpoint 2: file g.c, line 12.
Temporary breakpoint 2, twice (n=2) at g.c:12
12	  int a = add(n, n);
EOT

# ---- back, and watchpoints in both directions ----
gdb $depth g <<'EOT'
watch count
continue
continue
reverse-continue
print count
reverse-continue
print count
delete
reverse-stepi
stepi
break add
reverse-continue
reverse-step
reverse-next
step
step
delete
awatch here.x
continue
continue
reverse-continue
delete
rwatch here.x
continue
reverse-continue
delete
reverse-continue
continue
EOT
gives "depth $depth: back, and watchpoints in both directions" <<'EOT'
_start ()
Hardware watchpoint 1: count
Hardware watchpoint 1: count
Old value = 0
New value = 2
add (left=1, right=1) at g.c:9
9	  return sum;
Hardware watchpoint 1: count
Old value = 2
New value = 6
add (left=2, right=2) at g.c:9
9	  return sum;
Hardware watchpoint 1: count
Old value = 6
New value = 2
add (left=2, right=2) at g.c:8
8	  count += sum;
$1 = 2
Hardware watchpoint 1: count
Old value = 2
New value = 0
add (left=1, right=1) at g.c:8
8	  count += sum;
$2 = 0
8	  count += sum;
8	  count += sum;
Breakpoint 2: file g.c, line 7.
Breakpoint 2, add (left=1, right=1) at g.c:7
7	  int sum = left + right;
twice (n=1) at g.c:12
12	  int a = add(n, n);
main (argc=1, argv=) at g.c:18
18	    total += twice(i);
twice (n=1) at g.c:12
12	  int a = add(n, n);
Breakpoint 2, add (left=1, right=1) at g.c:7
7	  int sum = left + right;
Hardware access (read/write) watchpoint 3: here.x
Hardware access (read/write) watchpoint 3: here.x
Value = 3
main (argc=1, argv=) at g.c:19
19	    here.x += i;
Hardware access (read/write) watchpoint 3: here.x
Old value = 3
New value = 4
main (argc=1, argv=) at g.c:20
20	  }
Hardware access (read/write) watchpoint 3: here.x
Old value = 4
New value = 3
main (argc=1, argv=) at g.c:19
19	    here.x += i;
Hardware read watchpoint 4: here.x
Hardware read watchpoint 4: here.x
Value = 4
main (argc=1, argv=) at g.c:19
19	    here.x += i;
Hardware read watchpoint 4: here.x
Value = 4
main (argc=1, argv=) at g.c:19
19	    here.x += i;
No more reverse-execution history.
_start ()
total 6
The run ends here, with exit status 6.
No more reverse-execution history.
_exit ()
EOT

# ---- changes ----
gdb $depth g <<'EOT'
break add
continue
set var left = 40
set var right = 2
set var here.x = -7
print here
finish
reverse-continue
print left + right
continue
print left
delete
finish
set var $a0 = 12
continue
continue
EOT
gives "depth $depth: variables and registers are set, and stay so" <<'EOT'
_start ()
Breakpoint 1: file g.c, line 7.
Breakpoint 1, add (left=0, right=0) at g.c:7
7	  int sum = left + right;
$1 = {x = -7, y = 4}
twice (n=0) at g.c:12
12	  int a = add(n, n);
Value returned is $2 = 42
Breakpoint 1, add (left=40, right=2) at g.c:7
7	  int sum = left + right;
$3 = 42
Breakpoint 1, add (left=1, right=1) at g.c:7
7	  int sum = left + right;
$4 = 1
twice (n=1) at g.c:12
12	  int a = add(n, n);
Value returned is $5 = 2
total 58
The run ends here, with exit status 58.
No more reverse-execution history.
_exit ()
The run ends here, with exit status 58.
[Inferior 1 (Remote target) exited with code 072]
EOT

# ---- the debugger's own commands ----
gdb $depth g <<'EOT'
break add
continue
monitor print here
monitor x/i $pc
monitor nosuch
monitor lane
monitor lane nosuch
monitor lane any
monitor break trap syscall in app
continue
info threads
monitor why
monitor delete
monitor goto start
maintenance flush register-cache
backtrace
detach
EOT
sed -i -E 's/^0x[0-9a-f]+ <add[^>]*>:.*lw .*/the instruction/; s/before #[0-9]+,.*/before N/; s/^\* 1    Thread 1 "([^"]*)".*\) getpid/thread \1 getpid/; /^  Id /d; s/^('"${lane%/*}"'.g executes syscall).*a7 = 9 \(getpid\).*/\1/' "$tmp/out"
gives "depth $depth: monitor" <<EOT
_start ()
Breakpoint 1: file g.c, line 7.
Breakpoint 1, add (left=0, right=0) at g.c:7
7	  int sum = left + right;
here = {x = 3, y = 4}
the instruction
There is no command 'nosuch'; \`help\` lists them.
Breakpoints and steps are those of the lane $lane.
Breakpoints and steps are those of the lane nosuch.
There is no such lane yet; \`monitor info lanes\` lists all.
Breakpoints and steps are those of any lane.
Breakpoint 1: trap syscall in app
Breakpoint 1 (trap syscall in app): before N
Program received signal SIGTRAP, Trace/breakpoint trap.
getpid ()
thread $lane getpid ()
$lane executes syscall
All breakpoints deleted.
The first instruction of the program.
The session has moved, and gdb does not know: \`maintenance flush register-cache\` tells gdb.
#0  _start ()
EOT
done

# ---- a program dies; the guest's input; the end ----
cat >"$tmp/null.c" <<'EOT'
#include <stdio.h>
#include <stdlib.h>
struct list { struct list *next; int n; };
__attribute__((noinline)) int sum(struct list *l) {
  int s = 0;
  for (int i = 0; i < 3; i++) {
    s += l->n;
    l = l->next;
  }
  return s;
}
int main(int argc, char **argv) {
  char line[80];
  struct list two = {NULL, 2}, one = {&two, 1};
  if (argc > 1) abort();
  printf("name?\n");
  fgets(line, sizeof line, stdin);
  printf("hello, %s", line);
  return sum(&one);
}
EOT
$cc -O0 -g -o "$tmp/null" "$tmp/null.c"
for depth in 0 1; do
case $depth in 0) lane=host/null ;; 1) lane=vm1/null ;; esac
gdb $depth null <<'EOT'
continue
monitor type you\n
continue
backtrace
print l
reverse-finish
reverse-continue
continue
continue
EOT
sed -i -E 's/^(.*) in \?\? \(\)$/in a kernel/; s/^\?\? \(\)$/in a kernel/; s/^null\[1\]: (null pointer: )?TLB miss.*/null[1]: TLB miss/' "$tmp/out"
gives "depth $depth: input, a null pointer, the end" <<EOT
_start ()
name?
The machine waits for input: \`monitor type TEXT\` gives it some.
Program received signal SIGTTIN, Stopped (tty input).
in a kernel
Typed 4 bytes.
hello, you
$lane dies: no page at address 4: a member or element at +4 of a null pointer? \`sum\` at null.c:7
Program received signal SIGSEGV, Segmentation fault.
sum (l=) at null.c:7
7	    s += l->n;
#0  sum (l=) at null.c:7
#1  main (argc=1, argv=) at null.c:19
\$1 = (struct list *) 
main (argc=1, argv=) at null.c:19
19	  return sum(&one);
No more reverse-execution history.
_start ()
$lane dies: no page at address 4: a member or element at +4 of a null pointer? \`sum\` at null.c:7
Program received signal SIGSEGV, Segmentation fault.
sum (l=) at null.c:7
7	    s += l->n;
null[1]: TLB miss
The run ends here, with exit status 139.
[Inferior 1 (Remote target) exited with code 0213]
EOT
done
gdb 0 'null x' <<'EOT'
continue
backtrace
kill
EOT
gives "abort, and kill" <<'EOT'
_start ()
host/null dies: it calls abort(). `main` at null.c:15
Program received signal SIGABRT, Aborted.
kill ()
#0  kill ()
#1  abort () at ./userprogs/lib/stdlib.c:N
#2  main (argc=2, argv=) at null.c:15
Kill the program being debugged? (y or n) [answered Y; input not from terminal]
[Inferior 1 (Remote target) killed]
EOT

# ---- a program is run again, and killed ----
sed 's/^target remote/target extended-remote/' >"$tmp/gdb.extended" <<EOT
set pagination off
set width 0
set print address off
set confirm off
target remote | $trapeze debug --gdb - -d 0 $tmp/g
break add if right == 1
continue
run
print right
kill
run
print right
EOT
timeout 100 gdb-multiarch -nx -batch -x "$tmp/gdb.extended" "$tmp/g" >"$tmp/out" 2>&1
is "run, kill and run again in extended mode" "\$1 = 1 \$2 = 1 " "$(grep '^\$' "$tmp/out" | tr '\n' ' ')"

# ---- a kernel in a VM: the host's kernel has the same addresses, and is left out ----
gdb 1 g <<EOT
monitor lane 'vm1 kernel'
file $BUILD/guest/boot/kernel
break trap
continue
monitor print pc == (unsigned)&trap || 1
step
step
reverse-continue
monitor info status
EOT
is "the guest's kernel is debugged" "2 vm1 kernel" \
  "$(grep -c 'trap ()' "$tmp/out") $(grep -o 'vm1 kernel depth 1' "$tmp/out" | sed 's/ depth.*//' | sort -u)"

# ---- Ctrl-C, and what cannot be written or read ----
cat >"$tmp/spin.c" <<'EOT'
volatile unsigned n;
int main(void) {
  for (;;) n++;
}
EOT
$cc -O1 -g -o "$tmp/spin" "$tmp/spin.c"
gdb 1 spin <<'EOT'
python import threading, os, signal
python threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
continue
print n > 1000
reverse-continue
kill
EOT
gives "Ctrl-C ends a run that does not end" <<'EOT'
_start ()
Program received signal SIGINT, Interrupt.
main () at spin.c:3
3	  for (;;) n++;
$1 = 1
No more reverse-execution history.
_start ()
Kill the program being debugged? (y or n) [answered Y; input not from terminal]
[Inferior 1 (Remote target) killed]
EOT
# refused COMMAND ANSWER
refused() { echo "$1" | gdb 0 g; check "refused: $1" grep -qF "$2" "$tmp/out"; }
refused 'set $status = 1' 'Only the registers x1 to x31 and pc can be set.'
refused 'set var *(int *)0 = 1' 'Cannot access memory at address 0x0'
refused 'print *(int *)0xf0000000' 'Cannot access memory at address 0xf0000000'
refused 'watch *(int *)0
continue' 'Could not insert hardware watchpoint 1'

# ---- a port of this computer; what a port is ----
timeout 100 "$trapeze" debug --gdb 0 -d 0 "$tmp/g" >"$tmp/server.out" 2>"$tmp/server.err" &
server=$!
until port=$(sed -n 's/.*target remote :\([0-9]*\).*/\1/p' "$tmp/server.err") && [ -n "$port" ] || ! kill -0 $server 2>/dev/null; do sleep 0.1; done
timeout 60 "$trapeze" debug --gdb "$port" -d 0 "$tmp/g" >"$tmp/second" 2>&1
is "a port that is in use" "125 trapeze: --gdb $port: Address already in use" "$? $(cat "$tmp/second")"
timeout 100 gdb-multiarch -nx -batch -ex "target remote :$port" -ex 'break add' -ex continue -ex detach "$tmp/g" >"$tmp/out" 2>&1
check "gdb connects to a port" grep -q '^Breakpoint 1, add (left=0, right=0)' "$tmp/out"
wait $server
is "and the command ends when gdb has detached" "0 " "$? $(cat "$tmp/server.out")"
# What VS Code does: MI.
timeout 100 "$trapeze" debug --gdb 0 -d 1 "$tmp/g" >"$tmp/mi.server.out" 2>"$tmp/mi.server.err" &
server=$!
until port=$(sed -n 's/.*target remote :\([0-9]*\).*/\1/p' "$tmp/mi.server.err") && [ -n "$port" ] || ! kill -0 $server 2>/dev/null; do sleep 0.1; done
# mi COMMAND...: sends each command when gdb is ready for it
mkfifo "$tmp/mi.in" "$tmp/mi.out"
timeout 100 gdb-multiarch -nx -q -i=mi "$tmp/g" <"$tmp/mi.in" >"$tmp/mi.out" 2>/dev/null &
front=$!
exec 8>"$tmp/mi.in" 9<"$tmp/mi.out"
# mi COMMAND PATTERN: types the command, and reads on to the line that matches
mi() {
  printf '%s\n' "$1" >&8
  while read -r answer <&9; do case $answer in $2) pass "MI: $1"; return ;; "^error"*) break ;; esac; done
  fail "MI: $1"; printf '%s\n' "$answer" | diag
}
mi "-target-select remote localhost:$port" '*stopped*'
mi '-break-insert -f add' '^done*'
mi '-exec-continue' '*stopped,reason="breakpoint-hit"*'
mi '-stack-list-frames' '^done,stack=*func="add"*func="twice"*func="main"*'
mi '-stack-list-variables --simple-values' '^done,variables=*name="left"*value="0"*'
mi '-data-evaluate-expression here' '^done,value="{x = 3, y = 4}"*'
mi '-exec-next' '*stopped,reason="end-stepping-range"*'
mi '-exec-next --reverse' '*stopped*'
mi '-exec-continue --reverse' '*stopped,*func="_start"*'
mi '-interpreter-exec console "monitor why"' '^done*'
mi '-gdb-exit' '^exit*'
exec 8>&- 9<&-
wait $front; wait $server
is "MI: and the command ends" 0 $?

for port in 65536 x 12x -1 '' 1.2.3.4:5; do
  timeout 60 "$trapeze" debug "--gdb=$port" -d 0 hello >"$tmp/out" 2>&1
  is "--gdb '$port' is refused" "125 1" "$? $(grep -c -e "--gdb $port: expected a port" "$tmp/out")"
done
timeout 60 "$trapeze" debug --gdb - --batch -x /dev/null hello >"$tmp/out" 2>&1
is "--gdb goes with no other way to talk" "125 1" "$? $(grep -c 'leave out --line' "$tmp/out")"

# ---- bytes that gdb would not send ----
# frame DATA: a packet
frame() {
  sum=0
  for byte in $(printf %s "$1" | od -An -v -tu1); do sum=$((sum + byte)); done
  printf '$%s#%02x' "$1" $((sum % 256))
}
# raw: what the stub answers to the bytes on stdin
raw() { timeout 60 "$trapeze" debug --gdb - -d 0 "$tmp/g" 2>"$tmp/err"; }
is "an unknown packet gets an empty reply" '+$#00+' "$({ frame vNothing; frame k; } | raw)"
is "a wrong checksum is refused, and the next packet taken" '-+$OK#9a+' "$({ printf '$qSymbol::#00'; frame qSymbol::; frame k; } | raw)"
is "a packet that is too long is an error" '+$E01#a6+' "$({ frame "$(printf '%020000d' 0)"; frame k; } | raw)"
is "a packet in the middle of a packet" '+$OK#9a+' "$({ printf '$qXfer:fea'; frame qSymbol::; frame k; } | raw)"
is "noise between packets" '+$OK#9a+' "$({ printf '\001\377+\000zz}#'; frame qSymbol::; frame k; } | raw)"
is "a reply is sent again" '+$OK#9a$OK#9a+' "$({ frame qSymbol::; printf '-'; frame k; } | raw)"
printf '$qSym' | raw >"$tmp/out"
is "a hang-up in the middle" "1 trapeze: gdb has hung up" "$? $(cat "$tmp/err")"
{ frame QStartNoAckMode; frame qC; printf '$qC#00'; frame D; } | raw >"$tmp/out"
is "without + and -" '0 +$OK#9a$QC1#c5$QC1#c5$OK#9a' "$? $(cat "$tmp/out")"
done_testing
