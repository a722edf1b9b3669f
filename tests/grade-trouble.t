# grade-trouble.t - what goes wrong on the grader's computer is never a score: a full disk, a compiler that is killed or cannot
# be started. Afterwards --resume grades what is missing, damaged, or a result of something else.
. tests/tap.sh
normal_tlb
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
lab=tests/class good=tests/class/solution/reference
mkdir "$tmp/tmp"; TMPDIR=$tmp/tmp; export TMPDIR

run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
# trouble NAME TEXT: the run ended with status 3, said so, and no score came out
trouble() {
  if [ "$status" -eq 3 ] && grep -q -e "$2" "$tmp/err" && [ ! -s "$tmp/out" ]; then pass "$1"
  else fail "$1"; { echo "status $status"; cat "$tmp/out" "$tmp/err"; } | diag; fi
}
run grade $lab $good --format json; cp "$tmp/out" "$tmp/right"
is "without trouble: full marks" 3.5 "$(sed -n 's/^  "score": \([0-9.]*\),$/\1/p' "$tmp/right")"

# ---- a compiler in trouble: $TMPDIR is that of the job, so the file `once` is there at its second try ----
mkdir -p "$tmp/cc/bin"
clang=$(clang -print-prog-name=clang); case $clang in /*) ;; *) clang=$(command -v clang) ;; esac
clang=$(realpath "$clang"); case $clang in *ccache*) clang=$(realpath /usr/bin/clang) ;; esac
# compiler SCRIPT: a clang that first does what the script says
compiler() {
  printf '#!/bin/sh\ncase "$*" in *-print-resource-dir*) ;; *)\n%s\n;; esac\nexec %s "$@"\n' "$1" "$clang" >"$tmp/cc/bin/clang"
  chmod +x "$tmp/cc/bin/clang"
  PG32_CLANG=$tmp/cc/bin/clang; export PG32_CLANG
}
first='[ -e "$TMPDIR/once" ] || { : >"$TMPDIR/once";'
for how in 'kill -KILL $$' 'kill -TERM $$' 'echo "fork: Resource temporarily unavailable"; exit 1' 'echo "no space"; exit 1'; do
  compiler "$first $how; }"
  run grade $lab $good --format json
  is "once: $how: no trouble" 0 "$status"
  same "once: $how: the same bytes" "$tmp/right" "$tmp/out"
  compiler "$how"
  run grade $lab $good; trouble "always: $how" "the compiler does not work here"
  compiler "case \"\$*\" in *ours*) $how ;; esac" # a lab's own part is no different: the lab is not broken
done
compiler 'case "$*" in *answer*) kill -KILL $$ ;; esac'
run grade $lab $good; trouble "killed, this file alone, each time" "was killed"
compiler 'case "$*" in *answer*) date +%N; exit 1 ;; esac'
run grade $lab $good; trouble "failing in another way each time" "each time in another way"
cp -R $lab "$tmp/own"; mkdir "$tmp/own/tests"; cp $good/answer.S "$tmp/own/tests/ours.S"
sed -i 's/^build:/&\n  ours: {kind: image, from: lab, sources: [ours.S]}/; s/image: answer/image: ours/' "$tmp/own/lab.yaml"
compiler 'case "$*" in *ours*) kill -KILL $$ ;; esac'
run grade "$tmp/own" $good; trouble "the lab's own part, killed: not a broken lab" "was killed"
compiler 'echo no; exit 1'
run grade "$tmp/own" $good; trouble "the lab's own part, with a compiler that does not work" "does not work here"
unset PG32_CLANG

# ---- no memory ----
case $BUILD in *asan*) ;; *)
  cc -O1 -shared -fPIC -o "$tmp/no_memory.so" tests/trouble/no_memory.c || fail "no_memory.c"
  # which allocation is the last one depends on the C library: the grader ends, or one of its tests, or several
  : >"$tmp/ends"
  for after in $(seq 20 40 1300) 9000; do
    NO_MEMORY_IN=bin/trapeze NO_MEMORY_AFTER=$after LD_PRELOAD=$tmp/no_memory.so run grade $lab $good --format json
    if [ "$status" -eq 0 ]; then cmp "$tmp/right" "$tmp/out" >>"$tmp/ends" 2>&1
    elif [ "$status" -ne 3 ] || [ -s "$tmp/out" ] || ! grep -q ^trapeze: "$tmp/err"; then
      echo "after $after allocations: status $status"; cat "$tmp/out" "$tmp/err"
    fi >>"$tmp/ends"
  done
  is "without memory there is no score, and no other status" "" "$(cat "$tmp/ends")"
  same "with enough memory, the same bytes" "$tmp/right" "$tmp/out"
  ;;
esac

# ---- output that is lost ----
for words in "grade $lab $good" "lab check $lab" "lab starter $lab $tmp/starter" "lab --help"; do
  timeout 600 "$trapeze" $words >/dev/full 2>"$tmp/err" </dev/null; status=$?
  : >"$tmp/out"; trouble "$words >/dev/full" "No space left on device"
done

# ---- resuming ----
class=$tmp/class; mkdir "$class"
for who in ada bob eve; do cp -R $good "$class/$who"; done
cp $lab/solution/wrong/talks/answer.S "$class/bob/"; rm "$class/eve/answer.S"
run grade $lab --class "$class" -o "$tmp/right-class"
is "a class" 0 "$status"
cp -R "$tmp/right-class" "$tmp/again"
# resumed NAME WHO: of the results in $tmp/again those of WHO are made again, and then all are right
resumed() {
  stat -c '%n %i' "$tmp/again"/*/grade.json 2>/dev/null | sort >"$tmp/before"
  run grade $lab --class "$class" -o "$tmp/again" --resume
  is "$1: status" 0 "$status"
  stat -c '%n %i' "$tmp/again"/*/grade.json | sort >"$tmp/after"
  is "$1: graded again" "$2" "$(comm -13 "$tmp/before" "$tmp/after" | sed 's|.*/\(.*\)/grade.json.*|\1|' | xargs)"
  if diff -r "$tmp/right-class" "$tmp/again" >"$tmp/diff"; then pass "$1: as by itself"; else fail "$1: as by itself"; diag <"$tmp/diff"; fi
}
resumed "nothing to do" ""
head -c 200 "$tmp/right-class/ada/grade.json" >"$tmp/again/ada/grade.json"; : >"$tmp/again/eve/grade.json"
resumed "cut off, and empty" "ada eve"
sed -i 's/"score": 3.5/"score": 3/' "$tmp/again/ada/grade.json"; rm "$tmp/again/bob/feedback.txt"
resumed "a score that is no sum, and no feedback" "ada bob"
cp "$tmp/right-class/ada/grade.json" "$tmp/again/bob/"
resumed "a result of somebody else" "bob"
run grade $lab --class "$class" -o "$tmp/again" --resume --only number
is "one test alone is not the same result" 3 "$(stat -c '%n %i' "$tmp/again"/*/grade.json | sort | comm -13 "$tmp/after" - | wc -l)"
resumed "nor are all" "ada bob eve"
echo "# changed" >>"$class/ada/answer.S"
run grade $lab --class "$class" -o "$tmp/right-class"
resumed "handed in again" "ada"
cp -R $lab "$tmp/changed"; sed -i 's/^title:.*/title: Another/' "$tmp/changed/lab.yaml"
rm -rf "$tmp/changed/solution"; mkdir "$tmp/lab"; mv "$tmp/changed" "$tmp/lab/class"
run grade "$tmp/lab/class" "$class/bob" "$class/eve" -o "$tmp/again"
run grade --summary "$tmp/again"
is "the summary does not mix two versions of a lab" 125 "$status"
check "and says so" grep -q "ada and bob: expected results of one lab, found two versions" "$tmp/err"
resumed "another version of the lab" "bob eve"
run grade --summary "$tmp/again"
is "then there is a summary" 0 "$status"

# ---- names ----
mkdir "$tmp/names"
for name in "a,b" "$(printf 'two\nlines')" "$(printf '\033[31mred')" '::stop-commands::x'; do cp -R $good "$tmp/names/$name"; done
run grade $lab --class "$tmp/names" -o "$tmp/named"
is "strange names: each is one line of the log" 4 "$(wc -l <"$tmp/out")"
check "with what is strange escaped" grep -qF 'two\x0alines: 3.5' "$tmp/out"
run grade --summary "$tmp/named"
is "and one line of the CSV" 5 "$(wc -l <"$tmp/out")"
check "escaped as well" grep -qF '\x1b[31mred,graded' "$tmp/out"
check "a comma is in quotes" grep -q '^"a,b",graded' "$tmp/out"
is "no control characters" 0 "$(tr -d '\r\n' <"$tmp/out" | tr -dc '\000-\037' | wc -c)"

# ---- a full disk, in a file system of our own ----
cat >"$tmp/full.sh" <<'EOT'
# full.sh TRAPEZE LAB GOOD CLASS MOUNT OUT: prints statuses and what they come with
trapeze=$1 lab=$2 good=$3 class=$4 mount=$5 out=$6
mount -t tmpfs -o size=1m tmpfs "$mount" || exit 1
for filled in 0 960 1000 1020; do
  rm -rf "$mount"/*; head -c ${filled}K /dev/zero >"$mount/fill" 2>/dev/null
  TMPDIR=$mount "$trapeze" grade "$lab" "$good" --format json >"$out/scored" 2>"$out/err"; status=$?
  echo "$filled $status $(sed -n 's/^  "score": \([0-9.]*\),$/\1/p' "$out/scored")" >>"$out/table"
done
TMPDIR=$mount "$trapeze" grade "$lab" --class "$class" -o "$out/first" >"$out/log" 2>&1
echo "class $?" >>"$out/table"
rm -rf "$mount"/*; head -c 1012K /dev/zero >"$mount/fill"; mkdir "$mount/results"
"$trapeze" grade "$lab" --class "$class" -o "$mount/results" >>"$out/log" 2>&1
echo "results $?" >>"$out/table"
rm "$mount/fill"
"$trapeze" grade "$lab" --class "$class" -o "$mount/results" --resume >>"$out/log" 2>&1
echo "resumed $?" >>"$out/table"
cp -R "$mount/results" "$out/second"
EOT
mkdir "$tmp/mount" "$tmp/full"
if unshare -Urm true 2>/dev/null && unshare -Urm sh -c "mount -t tmpfs tmpfs $tmp/mount" 2>/dev/null; then
  unshare -Urm sh "$tmp/full.sh" "$trapeze" $lab $good "$class" "$tmp/mount" "$tmp/full" 2>"$tmp/err"
  check "with room it is graded" grep -qx '0 0 3.5' "$tmp/full/table"
  is "without room there is no score, and no wrong one" "" "$(grep -v ' 0 3.5$\| 3 $\|^[a-z]' "$tmp/full/table")"
  check "at least the fullest is trouble" grep -qx '1020 3 ' "$tmp/full/table"
  is "a class on a full disk" "class 3" "$(grep class "$tmp/full/table")"
  is "who handed something in has an error, and no score" "ada/error.txt bob/error.txt eve/feedback.txt eve/grade.json" \
    "$(cd "$tmp/full/first" && ls -d ./*/* | sed 's/^..//' | xargs)"
  TMPDIR=$tmp/tmp; run grade $lab --class "$class" -o "$tmp/full/first" --resume
  check "resumed, it is as if nothing had happened" diff -r "$tmp/right-class" "$tmp/full/first"
  is "a class whose results find no room" "results 3" "$(grep results "$tmp/full/table")"
  is "goes on when there is some" "resumed 0" "$(grep resumed "$tmp/full/table")"
  check "and is right in the end" diff -r "$tmp/right-class" "$tmp/full/second"
else
  echo "# no file system of our own here: a full disk is not tried"
fi
is "nothing is left behind" "" "$(ls "$TMPDIR")"
done_testing
