# class.t - many submissions: GNU parallel, shards, resuming, the summary. What comes out depends on the submissions alone.
. tests/tap.sh
tools/setup parallel >&2 || exit 1
trapeze=$BUILD/bin/trapeze lab=tests/class
# 200 students with LONG=1 (`make test-long`)
case $BUILD in *tiny* | *asan*) students=24 ;; *) students=40; [ -z "${LONG:-}" ] || students=200 ;; esac

# run WORD...: trapeze with no input; status in $status, output in $tmp/out and $tmp/err
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
usage() { # usage NAME TEXT WORD...
  usage_name=$1 text=$2; shift 2
  run "$@"
  is "$usage_name: exit status" 125 "$status"
  check "$usage_name: is said" grep -q -e "$text" "$tmp/err"
}
usage "a shard that is none" "expected I/N" grade $lab --class "$tmp" -o "$tmp/x" --shard 3/2
usage "a shard from 0" "expected I/N" grade $lab --class "$tmp" -o "$tmp/x" --shard 0/2
usage "a shard of no class" "need --class" grade $lab "$tmp" --shard 1/2
usage "a class without -o" "expected -o OUT" grade $lab --class $lab/solution/wrong
usage "a class that is not there" "No such file" grade $lab --class "$tmp/none" -o "$tmp/x"
mkdir "$tmp/empty"
usage "a class of nobody" "at least one submission" grade $lab --class "$tmp/empty" -o "$tmp/x"
usage "a class and a submission" "expected no submission besides" grade $lab x --class "$tmp/empty" -o "$tmp/x"
usage "a class as one student" "expected one submission" grade $lab --class $lab/solution/wrong -o "$tmp/x" --student me
usage "two of the same name" "both would be" grade $lab $lab/solution/reference $lab/../class/solution/reference/ -o "$tmp/x"
usage "a summary and a lab" "nothing else" grade --summary "$tmp" $lab
usage "a summary of nothing" "No such file" grade --summary "$tmp/none"

# ---- a class ----
class=$tmp/class; mkdir "$class"
. tests/trouble/students.sh
n=0; while [ $n -lt $students ]; do n=$((n + 1)); student "$class" $n; done

# in_parallel JOBS OUT: names on stdin
in_parallel() { mkdir "$2"; parallel --will-cite -j"$1" "$trapeze" grade $lab "$class"/{} -o "$2"/{} >"$2.log" 2>&1; }
ls "$class" | in_parallel 1 "$tmp/one"
is "all are graded, one at a time" 0 $?
ls -r "$class" | in_parallel 2 "$tmp/two"
is "all are graded, two at a time, in the other order" 0 $?
is "so many results" "$students" "$(ls "$tmp/one"/*/grade.json | wc -l)"
check "and they are the same, byte for byte" diff -r "$tmp/one" "$tmp/two"
run grade --summary "$tmp/one"; cp "$tmp/out" "$tmp/one.csv"
is "the summary" 0 "$status"
is "of all" "$((students + 1))" "$(wc -l <"$tmp/one.csv")"
is "has a column a test and a figure" "student,status,score,max,number,quiet,instructions" "$(head -n 1 "$tmp/one.csv" | tr -d '\r')"
is "the scores" "3.5 3.5 1 0 2.83 0 0 0" "$(sed -n '2,9p' "$tmp/one.csv" | cut -d, -f3 | xargs)"
is "all that handed in the same have the same" 8 "$(tail -n +2 "$tmp/one.csv" | awk -F, '{split($1, s, "s"); print s[2] % 8, $3}' | sort -u | wc -l)"

# ---- --class: the same, shards of it, and what is done already ----
small=$tmp/small; mkdir "$small"
for n in 001 002 003 004 005 006 007 008; do cp -R "$class/s$n" "$small"; done
run grade $lab --class "$small" -o "$tmp/whole" -j 2
is "--class: exit status" 0 "$status"
for n in 001 002 003 004 005 006 007 008; do check "s$n is as by itself" diff -r "$tmp/one/s$n" "$tmp/whole/s$n"; done
is "nobody else" 8 "$(ls "$tmp/whole" | wc -l)"
for i in 1 2 3; do
  run grade $lab --class "$small" -o "$tmp/shard$i" --shard $i/3
  mkdir -p "$tmp/shards"; cp -R "$tmp/shard$i"/. "$tmp/shards"
done
is "shards are shares" "3 3 2" "$(for i in 1 2 3; do ls "$tmp/shard$i" | wc -l; done | xargs)"
check "and make up the whole" diff -r "$tmp/whole" "$tmp/shards"
run grade $lab "$small"/s001 "$small"/s003/ -o "$tmp/named"
is "submissions by name" "0 s001 s003" "$status $(ls "$tmp/named" | xargs)"

rm "$tmp/whole/s002/grade.json"; echo trouble >"$tmp/whole/s005/error.txt"
ls -i "$tmp/whole"/*/grade.json | sort >"$tmp/before"
run grade $lab --class "$small" -o "$tmp/whole" --resume
is "--resume: exit status" 0 "$status"
ls -i "$tmp/whole"/*/grade.json | sort >"$tmp/after"
is "what is done is left alone" 6 "$(comm -12 "$tmp/before" "$tmp/after" | wc -l)"
check "what was not is done" diff -r "$tmp/whole" "$tmp/shards"

# ---- trouble: no score, and the others go on ----
ln -s nowhere "$small/s0035"
run grade $lab --class "$small" -o "$tmp/trouble" --format tap
is "one that cannot be graded: exit status" 3 "$status"
check "it is named" grep -q "s0035: not graded: .*nowhere\|s0035: not graded: .*No such file" "$tmp/err"
check "it has an error" grep -q "exit status" "$tmp/trouble/s0035/error.txt"
is "and no result" "error.txt" "$(ls "$tmp/trouble/s0035")"
check "the others have theirs, in the format that was asked for" test -s "$tmp/trouble/s008/results.tap"
mkdir "$small/later"
run grade --summary "$tmp/trouble" --class "$small"
is "the summary says so by its status" 3 "$status"
is "names it" "s0035,error,,,,," "$(grep s0035 "$tmp/out" | tr -d '\r')"
is "and who is missing" "later,missing,,,,," "$(grep later "$tmp/out" | tr -d '\r')"
echo "it was run again, and that failed" >"$tmp/trouble/s001/error.txt"
run grade --summary "$tmp/trouble"
is "a score from before an error is none" "s001,error,,,,," "$(grep s001 "$tmp/out" | tr -d '\r')"
rm "$small/s0035"; mkdir "$small/s0035"
run grade $lab --class "$small" -o "$tmp/trouble" --resume
is "mended: exit status" 0 "$status"
check "then the error is gone" test ! -e "$tmp/trouble/s0035/error.txt"

mkdir "$tmp/broken"; sed 's/status: 7/status: seven/' $lab/lab.yaml >"$tmp/broken/lab.yaml"
run grade "$tmp/broken" --class "$small" -o "$tmp/y"
is "a broken lab: exit status" 2 "$status"
is "is said once" 1 "$(wc -l <"$tmp/err")"

cp -R $lab "$tmp/unbuildable"; mkdir "$tmp/unbuildable/tests"; echo "        no such instruction" >"$tmp/unbuildable/tests/ours.S"
sed -i 's/^build:/&\n  ours: {kind: image, from: lab, sources: [ours.S]}/; s/image: answer/image: ours/' "$tmp/unbuildable/lab.yaml"
run grade "$tmp/unbuildable" --class "$small" -o "$tmp/z"
is "a lab whose own part does not build: exit status" 2 "$status"
is "is tried with one student only" 1 "$(ls "$tmp/z" | wc -l)"

# ---- what a spreadsheet makes of names ----
mkdir "$tmp/names" "$tmp/names/=1+1" "$tmp/names/a \"b\", c"
cp $lab/solution/reference/answer.S "$tmp/names/=1+1"; cp $lab/solution/wrong/talks/answer.S "$tmp/names/a \"b\", c"
run grade $lab --class "$tmp/names" -o "$tmp/named-out"
run grade --summary "$tmp/named-out"
is "no formula" "'=1+1" "$(sed -n 2p "$tmp/out" | cut -d, -f1)"
is "quotes and commas" '"a ""b"", c",graded,2.83' "$(sed -n 3p "$tmp/out" | cut -d, -f1-4)"
cp -R "$tmp/one/s001" "$tmp/named-out/other"; sed -i 's/"lab": "class"/"lab": "gym"/' "$tmp/named-out/other/grade.json"
run grade --summary "$tmp/named-out"
is "results of two labs: exit status" 125 "$status"
check "are named" grep -q "expected results of one lab" "$tmp/err"
echo '{"trapeze_result": 1' >"$tmp/named-out/other/grade.json"
run grade --summary "$tmp/named-out"
is "half a result: exit status" 125 "$status"
check "is named with its line" grep -q "other/grade.json:[0-9]*:[0-9]*:" "$tmp/err"

# ---- on a terminal: how far it is, after two seconds (here it is stopped for most of them) ----
mkdir "$tmp/two-of-them"; cp -R "$class/s001" "$class/s002" "$tmp/two-of-them"
echo 'echo $$ >'"$tmp/pid"'; exec '"$trapeze grade $lab --class $tmp/two-of-them -o $tmp/told-class -j 1" >"$tmp/long"
script -qc "sh $tmp/long; echo status \$?" /dev/null </dev/null >"$tmp/told" 2>&1 &
until [ -s "$tmp/pid" ]; do sleep 0.1; done
sleep 0.1; kill -STOP "$(cat "$tmp/pid")"; sleep 2; kill -CONT "$(cat "$tmp/pid")"; wait
check "a class tells a terminal how far it is" grep -q 'Graded: [12] of 2 submissions, [2-9] s. Ctrl-C stops it.' "$tmp/told"
is "and removes the line" "status 0" "$(tr -d '\r\n' <"$tmp/told" | sed "s/.*\x1b\[K//")"
done_testing
