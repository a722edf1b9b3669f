# input.t - input that is typed ahead of the reads: the ends that Ctrl-D makes, and long lines; and input that is data.
. tests/tap.sh
trapeze=$PWD/$BUILD/bin/trapeze
case $depths in 0) shallow=0 ;; *) shallow="0 1" ;; esac

cat >"$tmp/reads.c" <<'END_OF_C'
/* reads SIZE... - reads so many bytes at most, each time, and prints how many there were. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static char buffer[4096];
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("%d ", (int)read(0, buffer, (size_t)atoi(argv[i])));
  return 0;
}
END_OF_C
# same_bytes DEPTH OPTION...: does `cat` at that depth give back the bytes of $tmp/bytes?
same_bytes() { timeout 60 "$trapeze" run -d"$@" cat >"$tmp/copy" && cmp "$tmp/copy" "$tmp/bytes"; }
check "a program that reads compiles" "$BUILD/bin/pg32-cc" -o "$tmp/reads" "$tmp/reads.c"
# reads NAME COUNTS INPUT SIZE...: what read returns for that input, one read of each size after the other
reads() {
  reads_name=$1 counts=$2; printf "$3" >"$tmp/in"; shift 3
  for depth in $shallow; do
    is "$reads_name, at depth $depth" "$counts" \
       "$(cd "$tmp" && timeout 60 "$trapeze" run -d"$depth" --input in ./reads "$@" | sed 's/ *$//')"
  done
}
reads "Ctrl-D behind a line that nobody has read yet" "4 0 3" 'abc\n\004de\n' 9 9 9
reads "Ctrl-D behind a part of a line ends the part" "3 2 0" 'abc\004d\n' 9 9 9
reads "Ctrl-D twice: the part, then the end" "3 0 1 0" 'abc\004\004x' 9 9 9 9
reads "a read of just the part takes its end, too" "3 3 0" 'abc\004de\n' 3 9 9
reads "a read of just a line does not" "4 0 3" 'abc\n\004de\n' 4 9 9
reads "a read of less than the part leaves the end" "2 1 3 0" 'abc\004de\n' 2 9 9 9
reads "each Ctrl-D at the beginning of a line is an end" "0 0 1 0" '\004\004a' 9 9 9 9
reads "a part that is longer than the kernel's buffer" "256 44 1 0" "$(printf '%0300d' 0)"'\004\n' 999 999 999 9
reads "a part that just fills the kernel's buffer" "256 1 0" "$(printf '%0256d' 0)"'\004\n' 999 999 9

printf 'cat\nabc\n\004echo after\n' >"$tmp/in"
for depth in $shallow; do
  is "cat ends at Ctrl-D, and the next line is the shell's, at depth $depth" "abc after" \
     "$(timeout 60 "$trapeze" run -d"$depth" --input "$tmp/in" | tr -d '$ ' | xargs)"
done

# ---- input that is data: a file's, or a pipe's ----
for value in 0 1 2 3; do for digit in 0 1 2 3 4 5 6 7; do for last in 0 1 2 3 4 5 6 7; do
  printf "\\$value$digit$last"
done; done; done >"$tmp/once"
cat "$tmp/once" "$tmp/once" "$tmp/once" >"$tmp/bytes" # more than the kernel's buffer takes
for depth in $shallow; do
  check "all 256 values come from a file, at depth $depth" same_bytes "$depth" <"$tmp/bytes"
  check "so they do with --stdin, at depth $depth" same_bytes "$depth" --stdin "$tmp/bytes"
  cat "$tmp/bytes" | timeout 60 "$trapeze" run -d"$depth" cat >"$tmp/copy"
  check "so they do from a pipe, at depth $depth" cmp "$tmp/copy" "$tmp/bytes"
  is "a key among data is a byte for no VMM either, at depth $depth" "9 0" \
     "$(printf 'a\003\004\032\n\035b\177\025' | (cd "$tmp"; timeout 60 "$trapeze" run -d"$depth" ./reads 99 9) | sed 's/ *$//')"
done
printf 'cat\nabc\n\004echo after\n' >"$tmp/in"
is "commands that are piped to a shell are as good as typed" "abc after" \
   "$(timeout 60 "$trapeze" run -d0 <"$tmp/in" | tr -d '$ ' | xargs)"
cat >"$tmp/lines.c" <<'END_OF_C'
/* lines - asks for lines, whatever the input is, and prints how much one read gets. */
#include <pg32.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  char buffer[99];
  int old = console_mode(CONSOLE_COOKED);
  printf("%d %d\n", old == CONSOLE_RAW, (int)read(0, buffer, sizeof buffer));
  return 0;
}
END_OF_C
check "a program that asks for lines compiles" "$BUILD/bin/pg32-cc" -o "$tmp/lines" "$tmp/lines.c"
is "a program that asks for lines gets lines" "1 3" \
   "$(printf 'ac\177b\n\004d\n' | timeout 60 "$trapeze" run -d0 "$tmp/lines")"

# ---- the shell's lines ----
# long NAME LENGTH OPTION...: sh executes `echo 000...exit 3` and `exit 4`: the first line prints one word
long() {
  long_name=$1 word=$(printf '%0*d' "$2" 0)exit; shift 2
  timeout 60 "$trapeze" run -d0 "$@" >"$tmp/out" 2>&1
  is "$long_name" "4 1" "$? $(tr ' ' '\n' <"$tmp/out" | sed 's/3$//' | grep -cx "$word" | sed 's/^[12]$/1/')"
}
for length in 250 1018 3000; do
  printf 'echo %0*dexit 3\nexit 4\n' "$length" 0 >"$tmp/script"
  long "a line of $length characters has no tail that runs" "$length" --input "$tmp/script" sh
done
long "nor has the argument of sh -c" 3000 sh -c "echo $(printf '%03000d' 0)exit 3; exit 4"
done_testing
