# crash.t - programs that die: tests/crashes/*.c, compiled with -O0, at each depth, and with -O2, in a VM. Each program
# has a comment `// here` in the line that the debugger and `trapeze run` must name; its first comment has what they must
# say. Where a function makes room on the stack, the compiler chooses: its first line may be the one (`// here or`).
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
cc=$BUILD/bin/pg32-cc
# script ARGS...: runs the commands on stdin
script() { timeout 60 "$trapeze" debug --batch -x - "$@" >"$tmp/out" 2>"$tmp/err"; }
# run ARGS...: standard error to $tmp/err
run() { timeout 60 "$trapeze" run --max-insns 100M "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; }

# ---- the sentence, from `c` and from `trapeze run`; then the debugger is of use ----
for source in tests/crashes/*.c; do
  name=$(basename "$source" .c)
  words=$(sed -n 's,^ \* says: \(.*\) \*/$,\1,p' "$source")
  lines=$(sed -n '/\/\/ here/=' "$source" | paste -sd '|')
  [ "$words" ] || continue
  for level in 0 2; do
    "$cc" -O$level -g -w -o "$tmp/$name" "$source"
    for depth in $depths; do
      [ $level = 0 ] || [ "$depth" = 1 ] || continue
      run -d "$depth" "$tmp/$name"
      check "$name -O$level, depth $depth: run says why" grep -qF "$words" "$tmp/err"
      check "... and where" grep -qE "$name.c:($lines)\$" "$tmp/err"
    done
    printf 'c\nexpect %s\n' "$words" | script "$tmp/$name"
    is "$name -O$level: c stops there" 0 $?
  done
done
"$cc" -O1 -g -o "$tmp/none" tests/crashes/none.c
run "$tmp/none"
is "a program that only ends so is not said to have died" "139 0" "$? $(wc -c <"$tmp/err")"

# ---- a long run, which is said to be made again ----
cat >"$tmp/late.c" <<'EOT'
int main(void) {
  unsigned t = 1;
  for (unsigned i = 0; i < 150000000; i++) t = t * 1103515245u + (t >> 7); /* over 300 million instructions */
  __asm__ volatile("" : "+r"(t)); /* the loop counts */
  int *volatile p = (int *)0;
  return *(volatile int *)p;
}
EOT
case $BUILD in *tiny* | *asan*) ;; *)
  "$cc" -O2 -g -o "$tmp/late" "$tmp/late.c"
  timeout 100 "$trapeze" run -d 0 "$tmp/late" >"$tmp/out" 2>"$tmp/err"
  check "a late death" grep -q 'exit status 139.*it runs again, to see why' "$tmp/err"
  check "... is explained" grep -q 'no page at address 0: a null pointer? `main` at late.c:6' "$tmp/err" ;;
esac

"$cc" -O0 -g -o "$tmp/null" tests/crashes/null.c
for depth in $depths; do
  script -d "$depth" "$tmp/null" <<'EOT'
c
bt
expect main (null.c:18)
info locals
expect s = 3
watch s
up
info locals
expect b = {value = 2, next = 0x00000000}
rc
expect Watchpoint 1 (s)
c
c
expect no page at address 0
delete
c
expect The end of the run
EOT
  is "depth $depth: bt, up, locals and rc at a crash" 0 $?
done

printf 'c\nn\ninfo locals\n' | timeout 60 "$trapeze" debug --line -d 0 "$tmp/null" >"$tmp/out" 2>&1
check "next at a crash says that there is no further" grep -q '^host/null goes no further: it dies here\.$' "$tmp/out"
check "... and the session stays there" grep -q '^int s = 3$' "$tmp/out"
printf 'start\nn\nfinish\n' | timeout 60 "$trapeze" debug --line -d 0 "$tmp/null" >"$tmp/out" 2>&1
check "a step into the crash stops at it" grep -q 'dies: no page at address 0' "$tmp/out"

# ---- a death in a run that goes on ----
run -d 0 sh -c 'faulty null; echo on'
check "run tells a death that is not the end" grep -qF 'host/faulty dies: no page at address 0: a null pointer? `load_null` at faulty.c:' "$tmp/err"
check "... and the command" grep -q "to look at it: trapeze debug --crash .*faulty null; echo on'" "$tmp/err"
run -d 0 sh -c 'echo , pc 0x00000000'
is "words of a death without one" 0 "$(wc -c <"$tmp/err")"
mkfifo "$tmp/typed"
timeout 60 "$trapeze" run -d 1 <"$tmp/typed" >"$tmp/out" 2>"$tmp/err" &
shell=$!
{ echo 'faulty null'
  tries=0
  until grep -q 'to look at it' "$tmp/err" || [ $tries -gt 400 ]; do tries=$((tries + 1)); sleep 0.05; done
  cp "$tmp/err" "$tmp/before"; echo 'faulty break'; echo exit; } >"$tmp/typed"
wait $shell
check "a shell that waits for input: told at once" grep -qF 'vm1/faulty dies: no page at address 0' "$tmp/before"
is "each death once" 2 "$(grep -c 'vm1/faulty dies: ' "$tmp/err")"

# ---- a breakpoint on the very instruction, and the crash behind it ----
script "$tmp/null" <<'EOT'
break trap load_miss in app if a5 == 0
c
expect Breakpoint 1
delete
c
expect no page at address 0
EOT
is "a crash where the run stands already is said" 0 $?

# ---- processes that others end, and many deaths in one run ----
printf 'c\nexpect host/kill kills: process 2, by signal 15 (SIGTERM). `kill_one` at processes.c\n' | script -d 0 sh -c 'spin & kill 2'
is "a process that another one ends" 0 $?
run -d 0 sh -c 'faulty null; faulty break; faulty illegal'
check "run tells the last of several deaths" grep -q 'faulty dies: 0x00000000 is no instruction' "$tmp/err"
run sh -c 'faulty abort; hello'
is "and nothing when the end is another one" "0 0" "$? $(wc -c <"$tmp/err")"
script -d 0 sh -c 'faulty null; faulty break' <<'EOT'
c
expect a null pointer? `load_null`
c
expect `break`: an instruction for debuggers
c
expect The end of the run
EOT
is "c stops at each" 0 $?

cat >"$tmp/late.c" <<'EOT'
int main(void) {
  for (volatile unsigned i = 0; i < 16000000; i++) continue;
  *(volatile int *)12 = 1;
}
EOT
"$cc" -O2 -g -o "$tmp/late" "$tmp/late.c"
run -d 0 "$tmp/late"
check "a crash behind the part of the run that the debugger records first" grep -q 'at +12 of a null pointer? `main` at late.c:3' "$tmp/err"
printf '%s\n' '#include <unistd.h>' 'int main(void) {' '  for (int i = 0; i < 100000; i++) getpid();' \
  '  return *(volatile int *)0;' '}' >"$tmp/traps.c"
"$cc" -g -o "$tmp/traps" "$tmp/traps.c"
run --max-insns 300M -d 1 "$tmp/traps"
check "a crash after more events than records are kept" grep -q 'a null pointer? `main` at traps.c:4' "$tmp/err"
printf 'goto start\nc\nexpect at +12 of a null pointer\n' | script --crash -d 0 "$tmp/late"
is "in the debugger, too" 0 $?

# ---- the command that run names ----
run -d 0 sh -c "faulty 'null'"
sed -n 's/^trapeze: to look at it: //p' "$tmp/err" >"$tmp/command"
is "it is quoted" "trapeze debug --crash --max-insns 100M -d 0 sh -c 'faulty '\\''null'\\'''" "$(cat "$tmp/command")"
printf 'bt\nexpect load_null\n' >"$tmp/look"
(trapeze() { shift; timeout 60 "$BUILD/bin/trapeze" debug --batch -x "$tmp/look" "$@"; } && . "$tmp/command") >"$tmp/out" 2>&1
is "and leads to the crash" 0 $?
printf 'faulty misaligned\nexit 3\n' >"$tmp/input"
timeout 60 "$trapeze" run -d 0 sh -c 'cat; faulty null' <"$tmp/input" >"$tmp/out" 2>"$tmp/err"
check "input from a file goes on with --stdin" grep -qF -- "--crash --stdin $tmp/input -d 0 sh" "$tmp/err"
printf 'x\n' | timeout 60 "$trapeze" run -d 0 sh -c 'cat; faulty null' >"$tmp/out" 2>"$tmp/err"
check "of a pipe FILE stands for it" grep -qF -- "--stdin FILE" "$tmp/err"
timeout 60 "$trapeze" debug --crash --batch -x /dev/null "$tmp/none" >"$tmp/out" 2>"$tmp/err"
is "--crash wants a crash" "125 trapeze: --crash: Nothing died in this run." "$? $(cat "$tmp/err")"

# ---- machines and kernels ----
cat >"$tmp/stop.S" <<'EOT'
        .globl  _start
_start: la      t0, vector
        sw      t0, 24(zero)
        lw      a0, 1(zero)
vector: .word   0
EOT
"$cc" -T bare -g -o "$tmp/stop" "$tmp/stop.S"
for depth in $depths; do
  script -d "$depth" --image "$tmp/stop" <<'EOT'
c
expect kernel stops: check-stop: illegal instruction at pc 0x00001010
c
expect The end of the run
EOT
  is "depth $depth: a check-stop" 0 $?
  run -d "$depth" --image "$tmp/stop"
  check "... of which run speaks, too" grep -q 'check-stop: illegal instruction at pc 0x00001010.* right after a trap (misaligned load' "$tmp/err"
done
mkdir "$tmp/kernel" && cp -R guestos isa "$tmp/kernel/"
# kernel NAME STATEMENT: our kernel, in which getpid first does something else
kernel() {
  sed "s/^CALL0(getpid) {/& $2;/" guestos/syscall.c >"$tmp/kernel/guestos/syscall.c"
  (here=$PWD && cd "$tmp/kernel" && "$here/$cc" -T kernel -O2 -g -I. -o "../$1" guestos/*.c guestos/*.S)
}
kernel gives-up 'if (p->pid == 1) panic("getpid: by the first process")'
kernel faults '*(volatile int *)0x70000000 = 1'
for depth in $depths; do
  script -d "$depth" --kernel "$tmp/gives-up" lecture <<'EOT'
c
expect kernel gives up: panic: getpid: by the first process. `sys_getpid` at syscall.c:
bt
expect one_call_one_fault
EOT
  is "depth $depth: a panic" 0 $?
  script -d "$depth" --kernel "$tmp/faults" lecture <<'EOT'
c
expect kernel dies: write to address 0x70000000, where neither memory nor a device is. `sys_getpid`
bt
expect one_call_one_fault
EOT
  is "depth $depth: a kernel that faults" 0 $?
  printf 'c\nexpect The end of the run\n' | script -d "$depth" lecture
  is "depth $depth: and a run in which nobody dies" 0 $?
done
printf 'c\nexpect The machine waits for input\ntype exit\\n\nc\nexpect The end of the run\n' | script -d 1
is "a guest that idles or ends has not died" 0 $?
done_testing
