# userprogs.t - the programs of the initial file system: the kernel's own tests, the shell, the small
# commands, and those that measure or misbehave; bare and virtualized.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze

# run DEPTH WORD...: status in $status, output in $tmp/out, errors of the simulator in $tmp/err
run() {
  depth=$1; shift
  timeout 120 "$trapeze" run --depth "$depth" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?
}
# prints NAME STATUS TEXT WORD...: bare, the program ends with that status and prints exactly that
prints() {
  prints_name=$1 want=$2 text=$3; shift 3
  run 0 "$@"
  is "$prints_name: exit status" "$want" "$status"
  is "$prints_name: output" "$text" "$(cat "$tmp/out" "$tmp/err")"
}
# shell NAME STATUS TEXT LINE
shell() { prints "sh: $1" "$2" "$3" sh -c "$4"; }

# ---- the kernel, from inside ----
for depth in $depths; do
  for tests in usertests vmtests; do
    run "$depth" "$tests"
    is "$tests at depth $depth" "0 ALL TESTS PASSED" "$status $(tail -n 1 "$tmp/out")"
    grep FAILED "$tmp/out" | diag
  done
done
for depth in 0 1; do # what depends on a disk; the kernel has none in the tests above
  head -c 8192 /dev/zero >"$tmp/disk"
  run "$depth" --disk "$tmp/disk" usertests disk
  is "errors of the disk at depth $depth" "0 ALL TESTS PASSED" "$status $(tail -n 1 "$tmp/out")"
done
run 0 usertests no_such_test
is "usertests does not pass when nothing ran" 1 "$status"

# ---- the shell ----
shell "quotes" 0 "a  b c d 'e' \$?" "echo \"a  b\" 'c d' \"'e'\" '\$?'"
shell "backslash" 0 'a b "' 'echo a\ b \"'
shell "sequence and comment" 0 "one
two" 'echo one; echo two # three'
shell "exit status" 7 "" 'exit 7'
shell "the last command's status" 2 "usage: sleep SECONDS" 'echo -n; sleep'
shell "and, or" 0 "b
d" 'echo b && sh -c "exit 1" && echo c || echo d'
shell "the exit status as a word" 0 "3 0" 'sh -c "exit 3"; echo -n $?; echo " $?"'
shell "an open quote" 2 "sh: a quote or a bracket is not closed" 'echo "a'
shell "a missing command" 2 "sh: a command is missing" '; echo a'
shell "no such program" 127 "nothing: no such program" 'nothing'
shell "the exit status in an assignment" 0 "1 1 0" 'false; a=$?; b=$(false); b=$?; c=1; echo $a $b $?'
shell "background" 0 "1 million instructions
done" 'spin 1 & wait; echo done'
shell "a path" 0 "x" '/bin/echo x'

printf 'echo a\nexit 3\necho b\n' >"$tmp/script"
"$trapeze" run --depth 0 --input="$tmp/script" sh >"$tmp/out"; status=$?
is "sh reads lines with a prompt" '3 $ a$ ' "$status $(tr -d '\n' <"$tmp/out")"

# ---- small commands ----
prints "hello" 0 "hello, world
argument 1: you" hello you
prints "echo -n" 0 "a b" echo -n a b
prints "cat" 0 "one
two
three
one
two
three" cat /etc/lines etc/lines
prints "cat of nothing" 1 "cat: /none: no such file or directory" cat /none
prints "cat of a directory" 1 "cat: /bin: is a directory" cat /bin
prints "ls" 0 "bin/
boot/
dev/
etc/
tmp/" ls
prints "ls -l" 0 "-       14  lines
-      145  motd" ls -l /etc
prints "kill of nobody" 1 "kill: 77: no such process" kill 77
prints "kill of a word" 2 "usage: kill [-SIGNAL] PID... | -l" kill me
prints "primes" 0 "1229 primes up to 10000, the last is 9973" primes
prints "matmul" 0 "64 by 64: checksum 1430dd85" matmul
prints "touch-pages" 0 "20 pages, 3 rounds: sum 1220" touch-pages 20 3
prints "null-syscall" 0 "50 system calls" null-syscall 50
prints "spin" 0 "2 million instructions" spin 2

run 0 sh -c ps
is "ps: the shell and itself" "1 sh 2 ps" "$(awk 'NR > 1 {print $1, $5}' "$tmp/out" | xargs)"

# ---- forbidden things ----
"$trapeze" run --depth 0 faulty >"$tmp/kinds" </dev/null
while read -r kind _ signal; do
  run 0 faulty "$kind"
  is "faulty $kind" "$((signal ? 128 + signal : 0))" "$status"
done <"$tmp/kinds"
is "faulty knows more than twenty kinds" yes "$([ "$(wc -l <"$tmp/kinds")" -gt 20 ] && echo yes)"
run 0 sh -c "faulty null"
is "sh says what killed a program" "139 faulty: killed by signal 11" "$status $(tail -n 1 "$tmp/out")"

# ---- memory runs out while the first process needs a page of its own: the hog ends, not the machine ----
cat >"$tmp/hog.c" <<'EOT'
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
#include "pg32.h"
enum { PAGES = 100 };
static char mine[PAGES * PAGE_SIZE];
int main(void) {
  int status = 0;
  memset(mine, 1, sizeof mine);
  pid_t hog = fork();
  if (hog == 0) {
    for (char *p; (p = sbrk(PAGE_SIZE)) != (void *)-1;) *p = 1; /* all that there is */
    for (;;) pause();
  }
  sleep(1);
  memset(mine, 2, sizeof mine); /* copy-on-write pages */
  if (waitpid(hog, &status, 0) != hog || !WIFSIGNALED(status)) return 1;
  printf("the hog was ended by signal %d\n", WTERMSIG(status));
  return 0;
}
EOT
"$BUILD/bin/pg32-cc" -o "$tmp/hog" "$tmp/hog.c"
for depth in 0 1; do
  run "$depth" "$tmp/hog"
  is "depth $depth: a hog ends in place of the first process" "0 the hog was ended by signal 9" "$status $(tail -n 1 "$tmp/out")"
  check "depth $depth: and the console says why" grep -q '^hog\[2\]: ended, because hog\[1\] is out of memory' "$tmp/out"
done

# ---- the lecture: a system call, a TLB fault, the end ----
for depth in $depths; do
  timeout 120 "$trapeze" trace --depth "$depth" -o "$tmp/trace" lecture >"$tmp/out" 2>&1 </dev/null
  last=$(awk '$3 ~ /\/lecture$/ && !/hidden/ {print $4}' "$tmp/trace" | tail -n 3 | xargs)
  is "lecture at depth $depth ends with its two events" "SYSCALL LOAD_MISS SYSCALL" "$last"
done

done_testing
