# rubric.t - points that a person gives, beside those that the machine measures.
. tests/tap.sh
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
lab=$tmp/lab good=tests/class/solution/reference
cp -R tests/class "$lab"
sed -i 's/^tests:/&\n  - {id: style, title: Readable code, points: 4, rubric: "Names and comments."}/' "$lab/lab.yaml"
echo "Readable code: 4 points." >>"$lab/README.md"
mkdir "$tmp/class"; for who in ada bob eve; do cp -R $good "$tmp/class/$who"; done
table() { printf "$1" >"$tmp/points.csv"; }
scores() { run grade --summary "$1"; tail -n +2 "$tmp/out" | tr -d '\r' | cut -d, -f1-5 | xargs; }

run grade "$lab" $good --format json
is "without points: what the machine measures" "0 3.5 3.5" "$status $(sed -n 's/^  "\(score\|max\)": \(.*\),$/\2/p' "$tmp/out" | xargs)"
run grade "$lab" $good --only style; is "such a test alone: exit status" 125 "$status"
table 'student,style,style comment\nada,4,Well done.\nbob,2.5,"Say more, and\nsay why."\neve,0,\n'
run grade "$lab" "$tmp/class/bob" --rubric "$tmp/points.csv"
check "the text has the points" grep -q "partly  *2.5/4  style  *Readable code" "$tmp/out"
run grade "$lab" "$tmp/class/bob" --rubric "$tmp/points.csv" --format json
is "in JSON, what a person has given is marked as such" "Names and comments. null" "$(sed -n 's/^ *"rubric": "*\([^"]*\)"*,$/\1/p' "$tmp/out" | sort -u | xargs)"
run grade "$lab" "$tmp/class/bob" --rubric "$tmp/points.csv"
check "what they are for" grep -q "Names and comments." "$tmp/out"
check "and what the person says" grep -q "say why." "$tmp/out"
check "in the sum" grep -q "bob has 6 of 7.5 points" "$tmp/out"
for format in gradescope prairielearn; do
  run grade "$lab" "$tmp/class/bob" --rubric "$tmp/points.csv" --format $format
  check "$format takes the result" sh -c "tests/schemas/validate $format '$tmp/out'"
done
run grade "$lab" --class "$tmp/class" -o "$tmp/results" --rubric "$tmp/points.csv" -j 2
is "a class" "0 ada,graded,7.5,7.5,4 bob,graded,6,7.5,2.5 eve,graded,3.5,7.5,0" "$status $(scores "$tmp/results")"
run grade "$lab" --class "$tmp/class" -o "$tmp/again" --rubric "$tmp/points.csv"
check "graded again: the same bytes" diff -r "$tmp/results" "$tmp/again"
table 'student;style\nada;4\nbob;3,5\neve;0\n'
stat -c '%n %i' "$tmp/results"/*/grade.json >"$tmp/before"
run grade "$lab" --class "$tmp/class" -o "$tmp/results" --rubric "$tmp/points.csv" --resume
is "--resume: who has other points, and who had a comment" "ada bob eve" "$(stat -c '%n %i' "$tmp/results"/*/grade.json | comm -13 "$tmp/before" - | sed 's|.*/\(.*\)/grade.json.*|\1|' | xargs)"
table 'student;style\nada;4\nbob;2\neve;0\n'; stat -c '%n %i' "$tmp/results"/*/grade.json >"$tmp/before"
run grade "$lab" --class "$tmp/class" -o "$tmp/results" --rubric "$tmp/points.csv" --resume
is "--resume: who has other points" "bob" "$(stat -c '%n %i' "$tmp/results"/*/grade.json | comm -13 "$tmp/before" - | sed 's|.*/\(.*\)/grade.json.*|\1|' | xargs)"
table 'student,style\nada,4\nbob,\n'
run grade "$lab" --class "$tmp/class" -o "$tmp/some" --rubric "$tmp/points.csv"; cp "$tmp/err" "$tmp/said"
is "points that nobody has given: exit status" 3 "$status"
is "are no score" "3 ada,graded,7.5,7.5,4 bob,error,,, eve,error,,," "$status $(scores "$tmp/some")"
check "which is said" grep -q "bob: not graded: .*points.csv: no points for bob in the column style" "$tmp/said"
wrong() { # wrong NAME TABLE TEXT
  table "$2"; run grade "$lab" $good --rubric "$tmp/points.csv"
  if [ "$status" -eq 125 ] && grep -qF -e "points.csv:$3" "$tmp/err"; then pass "$1"; else fail "$1"; { echo "status $status"; cat "$tmp/err"; } | diag; fi
}
wrong "too many points" 'student,style\nada,4.5\n' "2:5: '4.5': expected points of test style, a number from 0 to 4"
wrong "no number" 'student,style\nada,good\n' "2:5: 'good': expected points"
wrong "less than nothing" 'student,style\nada,-1\n' "2:5: '-1': expected points"
wrong "no column" 'student,stile\nada,4\n' "1:1: 'style': no column has this heading"
wrong "somebody twice" 'student,style\nada,4\nada,3\n' "3:1: 'ada': there twice"
run grade tests/class $good --rubric "$tmp/points.csv"; is "a lab without such a test: exit status" 125 "$status"
run lab check "$lab"; is "lab check asks nobody" "0 ok    each of the 3 tests is failed by a wrong solution" "$status $(grep 'each of' "$tmp/out")"
sed -i 's/rubric: /partial: true, rubric: /' "$lab/lab.yaml"; run grade "$lab" $good
check "a mistake has its place" grep -q "lab.yaml:[0-9]*:[0-9]*: a test with .rubric. has only" "$tmp/err"
done_testing
