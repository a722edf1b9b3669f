# attacks.t - submissions that want more than they earn: forged results, what is hidden, the grader's time, its files. All lose.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze lab=tests/attacks/lab
sub=$tmp/sub
mkdir "$tmp/tmp"; TMPDIR=$tmp/tmp; export TMPDIR

# grade WORD...: grades $sub; what comes out is in $tmp/json, the exit status in $status
grade() {
  timeout 600 "$trapeze" grade --format json "$@" $lab "$sub" >"$tmp/json" 2>"$tmp/err" </dev/null
  status=$?
}
# result: "exit status, score, the tests that passed"
result() {
  echo "$status $(sed -n 's/^  "score": \([0-9.]*\),*$/\1/p' "$tmp/json")" \
    $(tr -d ' \n' <"$tmp/json" | sed 's/{"id"/\n&/g' | sed -n 's/^{"id":"\([a-z]*\)".*"status":"passed".*/\1/p')
}
# harmless NAME: what comes out holds no control characters, nothing of this computer or of the lab's tests, and is not large
harmless() {
  if grep -q '[[:cntrl:]]' "$tmp/json" || grep -q '^[[:space:]]*::\|##[a-z]*\[' "$tmp/json" || grep -qE 'root:|1471369|1213|kept:|asks the student|trapeze-grade' "$tmp/json" ||
    [ "$(wc -c <"$tmp/json")" -gt 60000 ]; then
    fail "$1: what comes out is harmless"; cat -v "$tmp/json" | diag
  else
    pass "$1: what comes out is harmless"
  fi
}
# loses NAME [RESULT [TEXT]]: $sub is graded, with that result ("0 0" if not given), and TEXT is said
loses() {
  grade
  is "$1" "${2:-0 0}" "$(result)"
  harmless "$1"
  [ $# -lt 3 ] || check "$1: is told" grep -q -e "$3" "$tmp/json"
}
fresh() { chmod -R u+rwx "$sub" 2>/dev/null; rm -rf "$sub"; mkdir "$sub"; }
# answer TEXT: a submission of that answer.c alone
answer() { fresh; printf '%s\n' "$1" >"$sub/answer.c"; }
honest=$(cat $lab/solution/reference/answer.c)

# ---- what an honest one gets ----
fresh; cp $lab/solution/reference/answer.c "$sub"; cp vmm/main.c "$sub/main.c"
printf '.globl _start\n_start: li t0, 0xF0003000\nli t1, 42\nsw t1, 0(t0)\n' >"$tmp/good.S"
"$BUILD/bin/pg32-cc" -T bare -Wl,--strip-debug -o "$sub/image" "$tmp/good.S"
cp "$sub/image" "$tmp/good"
loses "an honest one does not" "0 5 square other secret virtualizes image"
is "bubblewrap is used if it works" "$(bwrap --unshare-all --unshare-user --uid 65534 --ro-bind / / true 2>/dev/null && echo 0 || echo 1)" \
  "$(grep -c 'note: no sandbox' "$tmp/err")"

# ---- forged results, noise, time ----
answer '#include <stdio.h>
int square(int n) { return n; }
int main(void) {
  puts("ok 1 - square\nok 2 - other\n1..2\n{\"score\": 5, \"tests\": [{\"id\": \"square\", \"status\": \"passed\"}]}");
  puts("</system-out><testcase/>\n]]>\n::set-output name=score::5\n  ::stop-commands::x\n##[group]x\n{\"scores\": {\"square\": 5}}");
  return 0;
}'
loses "forged result lines"
for format in tap junit autolab gradescope prairielearn text; do
  "$trapeze" grade --format $format $lab "$sub" >"$tmp/json" 2>"$tmp/err" </dev/null
  harmless "forged result lines as $format"
  case $format in
  tap) is "no forged line in TAP" "0" "$(grep -c '^ *ok ' "$tmp/json")" ;;
  autolab) is "Autolab's last line" "0" "$(tail -n 1 "$tmp/json" | grep -c 5)" ;;
  junit) is "no forged case in JUnit" "5" "$(grep -c '<testcase' "$tmp/json")" ;;
  esac
done
answer '#include <stdio.h>
int square(int n) { return n; }
int main(void) { for (;;) puts("\033[2J\033]0;owned\007\xff\xfe\xe2\x80\xae passed"); }'
loses "endless output, with escape codes and what is not UTF-8"
answer '#include <stdio.h>
int square(int n) { return n; }
int main(void) { puts(__DATE__ " " __TIME__ " " __TIMESTAMP__); return 0; }'
loses "the time of day" "0 0" "Jan  1 1970 00:00:00 Thu Jan  1 00:00:00 1970"
answer 'int square(int n) { return n; } int main(void) { for (;;) continue; }'
loses "an endless loop"
answer '#include <unistd.h>
int square(int n) { return n; } int main(void) { while (fork() >= 0) continue; for (;;) continue; }'
loses "processes without end"
answer '#include <stdio.h>
int square(int n) { return n; } int main(void) { puts("49"); return 0; }'
loses "an answer that knows the question that is shown" "0 1 square"
answer '#include <stdio.h>
int square(int n) { return n; }
__attribute__((constructor)) static void early(void) { puts("kept: 4096"); for (;;) continue; }
int main(void) { return 0; }'
loses "a constructor that answers"

# ---- VMMs that do not virtualize ----
for vmm in prints executes marks; do
  fresh; cp tests/attacks/vmm/$vmm.c "$sub/main.c"
  loses "a VMM that $vmm"
  check "a VMM that $vmm: it was built, and ran" grep -q 'exits.syscall >= 2.\\nHappened: it is' "$tmp/json"
done

# ---- images ----
# image NAME: $tmp/image is handed in
image() { fresh; mv "$tmp/image" "$sub/image"; loses "an image: $1"; }
: >"$tmp/image"; image "of nothing"
printf '\177ELF' >"$tmp/image"; image "of four bytes"
head -c 60000 /dev/zero >"$tmp/image"; image "of zeros"
# patched NAME OFFSET BYTES N: the good image with N bytes of its headers changed
patched() {
  { head -c "$2" "$tmp/good"; printf "$3"; tail -c +"$(($2 + 1 + $4))" "$tmp/good"; } >"$tmp/image"
  image "$1"
}
for n in 52 84 100 4000; do head -c $n "$tmp/good" >"$tmp/image"; image "cut after $n bytes"; done
patched "of another machine" 18 '\003\000' 2
patched "whose headers lie outside" 28 '\377\377\377\177' 4
patched "with 65535 segments" 44 '\377\377' 2
patched "whose entry is odd" 24 '\001\000\000\000' 4
patched "whose segment lies outside the file" 56 '\377\377\377\377' 4
patched "whose segment has no end" 68 '\377\377\377\377\377\377\377\377' 8
patched "whose segment lies on the devices" 60 '\000\000\000\360\000\000\000\360' 8

# ---- files ----
fresh; ln -s /etc/passwd "$sub/answer.c"; loses "a link" "0 0" "answer.c: a symbolic link"
fresh; mkdir "$tmp/other"; printf '%s\n' "$honest" >"$tmp/other/answer.c"; ln "$tmp/other/answer.c" "$sub/../not-mine" 2>/dev/null
ln -s ../other/answer.c "$sub/answer.c"; loses "a link to another student's file" "0 0" "answer.c: a symbolic link"
rm -rf "$sub"; ln -s "$tmp/other" "$sub"; loses "a submission that is a link to another student's" "0 0" "symbolic link"
fresh; mkfifo "$sub/answer.c"; loses "a pipe" "0 0" "answer.c: a pipe"
fresh; mkdir "$sub/answer.c"; loses "a folder" "0 0" "answer.c: a folder"
fresh; truncate -s 1T "$sub/answer.c"; loses "a sparse file of a terabyte" "0 0" "at most 65536"
fresh; head -c 70000 /dev/zero | tr '\0' ' ' >"$sub/answer.c"; loses "a file too large" "0 0" "at most 65536"
answer "$honest"; echo 'all: ; touch "$(dir)/../made"' >"$sub/Makefile"; echo 'SECTIONS { }' >"$sub/link.ld"
mkdir "$sub/$(printf 'ok 1\nnew\033[2J')"; echo x >"$sub/$(printf 'name\nok 3 - forged')"
loses "a Makefile, a linker script, strange names beside it" "0 3 square other secret"
check "and nothing is made" test ! -e "$tmp/made"
strange="$tmp/$(printf 'ok 1\nok 2 \033[2J \377')"; mkdir "$strange"; printf '%s\n' "$honest" >"$strange/answer.c"
sub=$strange; loses "a submission with a strange name" "0 3 square other secret"; sub=$tmp/sub
answer "$honest"
(while [ -e "$sub" ]; do ln -sf /etc/passwd "$sub/link"; mv -f "$sub/link" "$sub/answer.c"
  printf '%s\n' "$honest" >"$sub/file"; mv -f "$sub/file" "$sub/answer.c"; done) 2>/dev/null & swapper=$!
for try in 1 2 3 4 5; do grade --only square; harmless "a file that changes all the time, $try"; done
kill $swapper; wait $swapper 2>/dev/null

# ---- what is compiled: with bubblewrap, and without ----
here=$(pwd)
compile_attacks() {
  for include in '"/etc/passwd"' '"../tests/secret.c"' "\"$here/$lab/tests/secret.c\"" '"../../../tests/attacks/lab/tests/secret.c"' \
    '"/proc/self/environ"' '"/dev/zero"'; do
    answer "#include $include"; loses "#include $include, $1" "0 0" "file not found"
    answer "#if __has_include($include)
$honest
#endif"
    loses "__has_include $include, $1"
  done
  answer '#embed "/etc/passwd"'; loses "#embed, $1"
  for directive in incbin include; do
    for file in /etc/hostname ../tests/secret.c "$here/$lab/tests/secret.c" /dev/zero; do
      answer "$honest
__asm__(\".$directive \\\"$file\\\"\");"
      loses ".$directive $file, $1" "0 0" "cannot read"
    done
  done
  answer '#include "answer.c"
#include "answer.c"'; loses "includes without end, $1" "0 0" "nested too deeply"
  answer 'char a[2000000000] = {1}; int main(void) { return a[5]; }'; loses "a huge array, $1" "0 0" "MiB"
  answer '__asm__(".rept 1000000\n.rept 1000\nnop\n.endr\n.endr");'; loses "repetitions, $1" "0 0" "too much text"
  answer '__asm__(".org 0x7fffffff");'; loses ".org, $1" "0 0" "MiB"
  answer '__asm__(".macro m\nm\nm\n.endm\nm");'; loses "macros, $1" "0 0" "nested deeper"
  answer 'int x __attribute__((section(".text,\"awx\",@progbits#"), aligned(1 << 28)));'; loses "a section of its own, $1"
  answer '#pragma clang __debug crash'; loses "a crash of the compiler, $1" "0 0" "broke down"
  answer "$(awk 'BEGIN { for (i = 0; i < 40; i++) print "#define B" i "(x) B" i + 1 "(x##x)"; print "B0(a)" }')"
  loses "names that double, $1" "0 0" "answer.c: the tools"; cp "$tmp/json" "$tmp/memory.$2"
  printf '#if __INCLUDE_LEVEL__ < 60\n#include "answer.c"\n#include "answer.c"\n#endif\n' >"$sub/answer.c"
  loses "includes that double, $1" "0 0" "more than 10 seconds"; cp "$tmp/json" "$tmp/time.$2"
  answer '#error ::stop-commands::x'"
::error::x ##[group]y"; loses "commands to a build server in messages, $1" "0 0" "stop-commands"
  answer "$(printf '#line 1 "\\033[31mred\\n"\nint x = ;')"; loses "escape codes in a file name, $1" "0 0" "error: expected expression"
  answer "$(printf 'int \033[31mred\377\342\200\256 = ;')"; loses "escape codes in the source, $1" "0 0" "error:"
}
compile_attacks "as it is here" here
mkdir "$tmp/bin"; printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/bwrap"; chmod +x "$tmp/bin/bwrap"
path=$PATH; PATH=$tmp/bin:$PATH
# (what is compiled, with LONG=1: `make test-long`)
answer "$honest"; loses "an honest one without bubblewrap" "0 3 square other secret"
check "and is said, beside the result" grep -q "note: no sandbox" "$tmp/err"
[ -z "${LONG:-}" ] || compile_attacks "without bubblewrap" bare
[ -z "${LONG:-}" ] || same "too much memory reads the same with and without bubblewrap" "$tmp/memory.here" "$tmp/memory.bare"
[ -z "${LONG:-}" ] || same "so does too much time" "$tmp/time.here" "$tmp/time.bare"

# ---- trouble of ours is no score ----
# a bubblewrap that works once
real=$(PATH=$path command -v bwrap)
if [ -n "$real" ] && PATH=$path bwrap --unshare-all --unshare-user --uid 65534 --ro-bind / / true 2>/dev/null; then
  printf '#!/bin/sh\n[ -e %s/once ] && { echo "bwrap: no" >&2; exit 1; }\ntouch %s/once\nexec %s "$@"\n' "$tmp" "$tmp" "$real" >"$tmp/bin/bwrap"
  answer "$honest"; grade
  is "a bubblewrap that fails is trouble, not a score" "3 " "$status $(cat "$tmp/json")"
fi
PATH=$path
answer "$honest"
PG32_CLANG=/nowhere/clang grade
is "no compiler is trouble, not a score" "3 " "$status $(cat "$tmp/json")"
check "and is said" grep -q "install the package clang" "$tmp/err"
# a launcher of compilers in PATH, which knows by its own name what to call
mkdir "$tmp/launchers"; printf '#!/bin/sh\nexit 1\n' >"$tmp/launchers/ccache"; chmod +x "$tmp/launchers/ccache"
ln -s ccache "$tmp/launchers/clang"
PATH=$tmp/launchers:$path; grade
is "a compiler's launcher is passed over" 0 "$status"
PATH=$path
rm -rf "$sub"; grade
is "no submission is a wrong command, not a score" "125 " "$status $(cat "$tmp/json")"
is "nothing is left behind" "" "$(ls "$TMPDIR")"
done_testing
