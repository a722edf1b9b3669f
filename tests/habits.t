# habits.t - trapeze debug for hands that know gdb: its commands do their job, or say what does.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
cat >"$tmp/g.c" <<'EOT'
#include <stdio.h>
int count;
__attribute__((noinline)) int add(int left, int right) {
  count++;
  return left + right;
}
int main(int argc, char **argv) {
  int sum = 0;
  for (int i = 0; i < 5; i++)
    sum = add(sum, i);
  printf("%d\n", sum);
  return *argv[argc];
}
EOT
"$BUILD/bin/pg32-cc" -O0 -g -w -o "$tmp/g" "$tmp/g.c"
# does NAME: the script on stdin does what it expects
does() {
  timeout 60 "$trapeze" debug --batch -x - -d "${depth:-0}" "$tmp/g" >"$tmp/out" 2>"$tmp/err"
  is "$1" "0" "$?$(cat "$tmp/err")"
}
# refuses COMMAND WORDS: the command fails and says WORDS
refuses() {
  printf '%s\n' "$1" | timeout 60 "$trapeze" debug --batch -x - -d 0 "$tmp/g" >"$tmp/out" 2>"$tmp/err"
  is "$1: exit status" 1 $?
  check "$1: $2" grep -qF -- "$2" "$tmp/err"
}

# ---- to begin, and to go somewhere ----
for depth in $depths; do
  does "depth $depth: start, tbreak, until, advance, run" <<'EOT'
start
expect main, g.c:8
tbreak add
c
expect add, g.c:4
info breakpoints
expect No breakpoints
advance 11
expect main, g.c:11
start
n
n
until
expect g.c
run
expect no page at address 0: a null pointer? `main` at g.c:12
EOT
done
depth=0
does "until leaves a loop" <<'EOT'
b 10
c
delete
n
expect g.c:9
until
until
expect main, g.c:11
EOT
does "c N, ignore, condition, enable and disable" <<'EOT'
b add
c 3
print right
expect right = 2
ignore 1 1
c
print right
expect right = 4
start
condition 1 right == 1
c
print right
expect right = 1
condition 1
c
print right
expect right = 2
tbreak add
info breakpoints
expect break add, hit 0 times, once
disable 1
info breakpoints
expect disabled
c
expect Breakpoint
c
expect null pointer
start
enable 1
c
expect Breakpoint 1 (add)
delete 1
start
c
expect null pointer
EOT
does "watchpoints for loads, and for loads and stores" <<'EOT'
start
rwatch count
info watchpoints
expect rwatch count
c
expect accesses it
x/i $pc
expect lw
c
x/i $pc
expect lw
delete
awatch count
c
x/i $pc
expect sw
delete
b add
info watchpoints
expect No watchpoints
EOT

# ---- to look ----
does "display and undisplay" <<'EOT'
b add
c
display count
expect 1: count = 0
display/x right
display/i $pc
c
expect 1: count = 1
c
expect 2: /x right = 0x2
info display
expect 3: /i $pc
undisplay 2
c
expect 1: count = 3
undisplay
info display
expect Nothing is displayed
EOT
does "list" <<'EOT'
start
list
expect =>    8    int sum = 0;
list
expect 13  }
list -
expect 3  __attribute__
list -
expect 1  #include
list add
expect 3  __attribute__
list 3,4
expect 4    count++;
list g.c:11
expect 11    printf
list add,main
expect 7  int main
EOT
does "disassemble" <<'EOT'
start
disas
expect =>
disas add
expect <add>:
disas /s add
expect g.c:4
disas add,+8
expect <add+0x4>
EOT
does "info" <<'EOT'
start
i r
expect t6
i r a0 $pc
expect pc
info reg sp
expect sp
info line add
expect add, g.c:4
info source
expect in `main` of the program `g`
info symbol add
expect is add
i b
expect No breakpoints
info signals
expect fault      stop
EOT
does "handle: deaths are passed over, or not" <<'EOT'
handle SIGILL SIGBUS nostop
expect but not at SIGILL, SIGBUS
c
expect null pointer
goto start
handle SIGSEGV nostop
expect but not at SIGILL, SIGBUS, SIGSEGV
c
expect The end of the run
goto start
handle SIGSEGV stop
c
expect null pointer
goto start
handle fault nostop
expect fault      nostop
c
expect The end of the run
goto start
handle fault stop
expect fault      stop    a fault or a forbidden instruction that ends a process
c
expect null pointer
handle signal kill nostop
handle all stop
handle
expect signal     stop
EOT

# ---- a budget of instructions ends the run, and is no death ----
limited() { timeout 60 "$trapeze" debug --batch -x - -d 0 --max-insns 61000 "$@" "$tmp/g" >"$tmp/out" 2>"$tmp/err"; }
limited <<'EOT'
c
expect The end of the run: --max-insns is used up.
info status
expect insn 61000  the end
rsi
si
EOT
is "--max-insns ends the run" "0" "$?$(cat "$tmp/err")"
printf 'c\nsi\n' | limited; is "nothing comes later" "trapeze: -:2: --max-insns is used up: there is nothing later." "$(cat "$tmp/err")"
limited --crash </dev/null; is "a program that is stopped has not died" \
  "trapeze: --crash: Nothing died in this run before --max-insns was used up." "$(cat "$tmp/err")"
limited --max-insns 0 </dev/null; check "none at all is refused" grep -q 'max-insns 0: there would be nothing' "$tmp/err"
limited --stats "$tmp/s" </dev/null; check "--stats is refused" grep -q 'stats: .trapeze run. counts' "$tmp/err"

# ---- breakpoints in ranges, and those of a line ----
does "delete A-B, clear, disassemble /r, stepi and nexti say what is next" <<'EOT'
b add
b 10
b 11
tbreak 4
info breakpoints
expect 4 break 4, hit 0 times, once
delete 2-3
expect Breakpoints 2-3 deleted
disable 1-4
expect Breakpoints 1-4 disabled
enable breakpoints 1
clear 4
expect Breakpoints 4 1 deleted
rwatch count
info breakpoints
expect rwatch count
delete
start
stepi
expect main, g.c:
b
clear
expect deleted
disassemble /r main
expect <main>:
nexti
expect main, g.c:
list
expect int main
EOT
does "a display says when its variable is out of scope" <<'EOT'
b add
c
display left
delete
finish
expect 1: left: there is no `left` here.
EOT
does "list begins at main where no line is known" <<'EOT'
list
expect int main(int argc, char **argv) {
EOT
printf 'start\nn\n' | timeout 60 "$trapeze" debug --line -d 0 "$tmp/g" >"$tmp/out" 2>&1
is "but not for who pipes commands in, and looks for answers" 0 "$(grep -c '^ *[0-9]*  ' "$tmp/out")"
printf 'start\nn\nup\n' | timeout 60 "$trapeze" debug --batch -x - -d 0 "$tmp/g" >"$tmp/out" 2>&1
check "lines show the source line after a move" grep -qx '     8    int sum = 0;' "$tmp/out"
check "... and after each" grep -qx '     9    for (int i = 0; i < 5; i++)' "$tmp/out"
printf 'start\n\nx/2xw &count\n\nlist main\n\nn\n\n' | timeout 60 "$trapeze" debug --line -d 0 "$tmp/g" >"$tmp/out" 2>&1
is "an empty line repeats, x and list go on, and start is not done again" "1 2 1 1 1" \
  "$(grep -c '^Breakpoint' "$tmp/out") $(grep -c '^0x0.*:' "$tmp/out") $(grep -c ' 12  ' "$tmp/out") $(grep -c ' 13  ' "$tmp/out") $(grep -c '^main, g.c:10' "$tmp/out")"
cat >"$tmp/words.c" <<'EOT'
int depth(int n) { return n + 1; }
int main(void) { return depth(1); }
EOT
"$BUILD/bin/pg32-cc" -O0 -g -o "$tmp/words" "$tmp/words.c"
printf 'tbreak depth\n' | timeout 60 "$trapeze" debug --batch -x - -d 0 "$tmp/words" >"$tmp/out" 2>"$tmp/err"
check "a function that is called like a clause" \
  grep -qF "tbreak: a number must follow \`depth\`. The function of that name stands in quotes: 'depth'." "$tmp/err"

# ---- what cannot be done is said ----
refuses 'print $1' "values get no numbers here"
refuses 'print $' "values get no numbers here"
refuses 'print $q9' "\`\$q9\` is not a register"
refuses "clear 9" "there is no breakpoint at that line"
refuses "delete 3-5" "There is no breakpoint 3-5"
refuses "disable 1.2" "the places of a breakpoint go together"
refuses "enable once 1" "\`enable once\` is gdb's; here \`tbreak\`"
refuses "list nowhere" "list: \`nowhere\` is not a known function"
refuses "condition 1 nowhere > 1" "There is no breakpoint 1"
refuses "set pagination off" "\`pagination\` is a setting of gdb's; here"
refuses "set listsize 5" "\`list FROM,TO\`"
refuses "jump 70" "\`jump\` is gdb's; here \`goto\`"
refuses "record stop" "here all is recorded"
refuses "save breakpoints file" "here all is recorded"
refuses "info sources" "\`info source\` names the file"
refuses "python print(1)" "-x FILE runs a script"
refuses "disas /q main" "after the slash stands s"
refuses "finish now" "finish takes no argument: \`now\`"
refuses "info locals x" "info locals: nothing may follow, but \`x\` does"
refuses "info code x" "info code: nothing may follow"
refuses "re x" "reverse-event takes no argument"
refuses "d 1 2" "There is no breakpoint 1"
refuses "delete x" "expected the number of a breakpoint, not 'x'"
refuses "condition 1 x" "There is no breakpoint 1"
refuses "ignore" "expected the number of a breakpoint"
refuses "undisplay 1" "There is no display 1"
refuses "display 1 +" "display: "
refuses "list 100" "g.c has no line 100"
refuses "list nowhere" "nowhere"
refuses "list 5,3" "line 3 comes before line 5"
refuses "disas 0x70000000" "no function is known"
refuses "disas main,add" "comes before"
refuses "info symbol 3" "no symbol is known at 0x00000003"
refuses "info line nowhere" "nowhere"
refuses "info registers a9" "there is no register 'a9'"
refuses "advance" "expected a place"
refuses "run 3" "follow its name on the command line"
refuses "c x" "expected how many times, not 'x'"
refuses "handle SIGFPE stop" "\`SIGFPE\` is not understood"
refuses "handle fault" "\`stop\` or \`nostop\` must come at the end"
refuses "layout src" "\`layout\` is gdb's; here without --line there is a screen"
refuses "call add(1, 2)" "\`call\` is gdb's; here"
refuses "info frame" "\`info frame\` is gdb's; here \`frame\`"
refuses "rever" "'rever' may mean: reverse-trap"
refuses "nonsense" "There is no command 'nonsense'"
printf 'start\nn\n\n\n\nq\n' | timeout 60 "$trapeze" debug --line -d 0 "$tmp/g" >"$tmp/out" 2>&1
check "an empty line repeats the last one" grep -q '^add, g.c:5\|^main, g.c:10' "$tmp/out"
done_testing
