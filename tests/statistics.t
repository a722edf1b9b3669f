# statistics.t - trapeze grade --statistics: figures of a class, in 80 columns and as a drawing.
. tests/tap.sh
tools/setup libxml2-utils >&2 || exit 1
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }

# result NAME NUMBER QUIET [STATUS]: a result of two tests, of 2.5 points and of 1 point
result() {
  mkdir -p "$tmp/results/$1"
  a=failed b=failed; [ "$2" != 2.5 ] || a=passed; [ "$3" != 1 ] || b=passed
  cat >"$tmp/results/$1/grade.json" <<EOF
{"trapeze_result": 2, "lab": "class", "title": "Power off <with> a number & more", "student": "$1", "max": 3.5,
 "score": $(awk "BEGIN { print $2 + $3 }"), "digest": {"lab": "x", "submission": "y"}, "leaderboard": [],
 "tests": [{"id": "number", "max": 2.5, "score": $2, "status": "$a"}, {"id": "quiet", "max": 1, "score": $3, "status": "${4-$b}"}]}
EOF
}
result a 2.5 1; result a~2 0 0; result a~3 2.5 1; result b 2.5 1; result c 0 0 skipped; result d 0 0.46; result e 2.5 0.2; result f 2.5 0
printf 'student\na\nb\nc\nd\ne\nf\ng\n' >"$tmp/roster.csv"
cat >"$tmp/expected" <<'EOF'
class: Power off <with> a number & more
7 students: 6 graded, 0 without a result, 1 absent
Of 3.5 points:
  mean 2.11, median 2.6, quartiles 0.97 and 3.3, least 0, most 3.5

          points   students
      0 < 0.35       1 ████████████████████
   0.35 < 0.7        1 ████████████████████
    0.7 < 1.05       0
   1.05 < 1.4        0
    1.4 < 1.75       0
   1.75 < 2.1        0
    2.1 < 2.45       0
   2.45 < 2.8        2 ████████████████████████████████████████
    2.8 < 3.15       0
   3.15 - 3.5        2 ████████████████████████████████████████

test                 points  full  part  none  skip  lost
number                  2.5     4     0     2     0   33% ███████
quiet                     1     2     2     1     1   56% ███████████

full, part, none: students with all, some, no points; skip: not run, since
another test is not passed; lost: the share of the test's points not earned
EOF
run grade --statistics "$tmp/results" --roster "$tmp/roster.csv" -o "$tmp/class.svg"
is "exit status" 0 "$status"
same "the figures" "$tmp/expected" "$tmp/out"
is "in 80 columns" "" "$(LC_ALL=C.UTF-8 grep -nE '.{81,}' "$tmp/out")"
check "the drawing is XML" xmllint --noout "$tmp/class.svg"
is "with a bar for each tenth that has students, and for each kind of student in each test" 15 "$(grep -c '<rect' "$tmp/class.svg")"
is "names are texts" 1 "$(grep -c '^<text.*Power off &lt;with&gt; a number &amp; more' "$tmp/class.svg")"
cp "$tmp/class.svg" "$tmp/first.svg"; run grade --statistics "$tmp/results" --roster "$tmp/roster.csv" -o "$tmp/class.svg"
same "drawn again: the same bytes" "$tmp/first.svg" "$tmp/class.svg"
cp -R "$tmp/results" "$tmp/long"
long=a$(printf 'ü%.0s' 1 2 3 4 5 6 7 8 9 10); long=$long$long$long$long$long$long$long
sed -i "s/Power off[^\"]*/$long/" "$tmp"/long/*/grade.json
run grade --statistics "$tmp/long" -o "$tmp/long.svg"
is "a long title is cut between two letters, and marked" 1 "$(iconv -f UTF-8 "$tmp/long.svg" | grep -c '^<text.*>class: aü*aü*aü*aü*aü*aüüüü…<')"

result a~3 0 0
run grade --statistics "$tmp/results"; is "of several hand-ins the last counts" "mean 1.53" "$(grep -o 'mean [0-9.]*' "$tmp/out")"
run grade --statistics "$tmp/results" --take best; is "or the best" "mean 2.11" "$(grep -o 'mean [0-9.]*' "$tmp/out")"
echo "no memory" >"$tmp/results/b/error.txt"
run grade --statistics "$tmp/results"; is "one has no result: exit status" 3 "$status"
is "is counted" "6 students: 5 graded, 1 without a result, 0 absent" "$(sed -n 2p "$tmp/out")"
mkdir "$tmp/none"; run grade --statistics "$tmp/none"; is "nobody" "0 0 students: 0 graded, 0 without a result, 0 absent" "$status $(sed -n 2p "$tmp/out")"
run grade --statistics "$tmp/results" -o "$tmp/no/where.svg"; is "a drawing that cannot be written: exit status" 125 "$status"
check "is named" grep -q "no/where.svg: No such file" "$tmp/err"
run grade --statistics "$tmp/results" tests/class; is "with a lab: exit status" 125 "$status"
done_testing
