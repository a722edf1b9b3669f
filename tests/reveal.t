# reveal.t - tests that students see only after the due date, or after their grades are published.
. tests/tap.sh
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }

lab=$tmp/lab; mkdir "$lab"; cp -R tests/class/starter tests/class/README.md "$lab"
cat >"$lab/lab.yaml" <<'EOF'
trapeze-lab: 1
title: Power off
submit: [{file: answer.S, bytes: 4K}]
build:
  answer: {kind: image, sources: [answer.S]}
tests:
EOF
for when in visible hidden after_due_date after_published; do
  cat >>"$lab/lab.yaml" <<EOF
  - id: $(echo $when | tr _ -)
    title: the title $when
    points: 1
    visibility: $when
    run: {image: answer, depth: 0, limits: {instructions: 10K}}
    expect: [{status: 9}]
EOF
done
cat >>"$lab/lab.yaml" <<'EOF'
  - {id: report, points: 2, rubric: Clear sentences.}
  - {id: talk, points: 2.5, visibility: after_due_date, rubric: Right answers.}
EOF
good=tests/class/solution/reference
# told FORMAT-OPTIONS...: the tests whose titles and feedback students see
told() { run grade "$lab" $good "$@"; sed -n 's/.*the title \([a-z_]*\)$/\1/p' "$tmp/out" | sort -u | xargs; }
is "before" "visible" "$(told)"
is "after the due date" "after_due_date visible" "$(told --reveal after_due_date)"
is "after publishing" "after_due_date after_published visible" "$(told --reveal after_published)"
run grade "$lab" $good --reveal after_due_date --format json
is "as visible ones" "visible hidden visible after_published" "$(sed -n 's/.*"visibility": "\(.*\)",*$/\1/p' "$tmp/out" | xargs)"
run grade "$lab" $good --reveal hidden; is "hidden tests stay hidden: exit status" 125 "$status"

# A class: a result from before the due date is none of after.
mkdir "$tmp/class"; cp -R $good "$tmp/class/ada"
run grade "$lab" --class "$tmp/class" -o "$tmp/results"
check "a class, before" sh -c "! grep -q 'title after_due_date' '$tmp/results/ada/feedback.txt'"
run grade "$lab" --class "$tmp/class" -o "$tmp/results" --resume --reveal after_due_date
check "with --resume it is graded again" grep -q "title after_due_date" "$tmp/results/ada/feedback.txt"
run grade "$lab" --class "$tmp/class" -o "$tmp/whole" --reveal after_due_date
check "as by itself" diff -r "$tmp/results" "$tmp/whole"

# The lab that students then get.
tests_of() { sed -n 's/^  - {*id: \([a-z-]*\).*/\1/p' "$1/lab.yaml" | xargs; }
for when in "" after_due_date after_published; do tools/student-lab "$lab" "$tmp/edition-$when" $when; done
is "the student's edition, before" "visible report" "$(tests_of "$tmp/edition-")"
is "after the due date" "visible after-due-date report talk" "$(tests_of "$tmp/edition-after_due_date")"
is "after publishing" "visible after-due-date after-published report talk" "$(tests_of "$tmp/edition-after_published")"
is "what is withheld" "withheld: {tests: 4, points: 5.5}" "$(grep withheld "$tmp/edition-/lab.yaml")"
run debug --batch -x /dev/null --lab "$tmp/edition-after_due_date" --submission $good --test after-due-date
is "and the test can be debugged" 0 "$status"
done_testing
