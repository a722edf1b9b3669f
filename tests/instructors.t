# instructors.t - what labs/INSTRUCTORS.md tells an instructor to type works: its commands, in its order, and its scripts.
. tests/tap.sh
tools/setup parallel zip python3-yaml python3-jsonschema >&2 || exit 1
case $BUILD in *tiny*) echo "1..0 # skip: a VM in a VM takes too long with two TLB entries"; exit 0 ;; esac
case $BUILD in /*) bin=$BUILD/bin ;; *) bin=$PWD/$BUILD/bin ;; esac
PATH=$bin:$PATH document=$PWD/labs/INSTRUCTORS.md top=$PWD
mkdir "$tmp/desk"; cd "$tmp/desk" || exit 1

# The class: a good one, one with few points, one without the file.
# They come as an export of Canvas, with a roster.
mkdir export
cp "$top/labs/template/solution/reference/count.c" export/lovelaceada_4711_88001_count-2.c
cp "$top/labs/template/solution/wrong/a-call-a-line/count.c" export/beebob_LATE_4712_88002_count.c
echo sorry >export/eveeve_4713_88003_note.txt
(cd export && zip -q ../export.zip ./*)
sed -n 's/^    \(student,Full name.*\|\(ada\|bob\),.*\)/\1/p' "$document" >roster.csv; echo "eve,Eve Eve,4713," >>roster.csv
printf 'ada\nbob\n' >roster
# A lab with a test whose points a person gives.
cp -R "$top/labs/template" styled; sed -i 's/^tests:.*/&\n  - {id: style, points: 3, rubric: Names.}/' styled/lab.yaml
printf 'student,style,style comment\nada,3,\nbob,2.5,Say more.\neve,0,\n' >points.csv

# Commands are indented; what comes after three spaces is a comment.
sed -n 's/^    \(\(trapeze\|for\|ls\) .*\)/\1/p' "$document" | sed 's/   .*//; s/| less$/| cat >trace.txt/' >commands
check "there are commands" test "$(wc -l <commands)" -ge 15
while read -r command; do
  case $command in "trapeze debug"*) continue ;; esac
  sh -c "$command" >said 2>&1 </dev/null; status=$?
  if [ $status -eq 0 ]; then pass "$command"; else fail "$command"; { echo "exit status $status"; cat said; } | diag; fi
done <commands
is "the class has its points" "ada,graded,10 bob,graded,5 eve,graded,0" "$(tail -n +2 grades.csv | cut -d, -f1-3 | xargs)"
check "each of the roster has a folder" test -f out/ada/count.c -a -f out/bob/README.md
check "the traces differ as the document says" sh -c "trapeze trace --lists --lab mylab --submission mylab/solution/wrong/a-call-a-line --test one-call | grep -q 'In the whole run: [34][0-9] system calls\|In the whole run: [56][0-9] system calls'"

# fence NAME: the document's block of this language
fence() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$document" | sed '1d;$d'; }
cp -R results by-hand; rm -rf results
fence sh >slurm.sh
for i in 1 2; do SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_COUNT=2 bash slurm.sh >>log 2>&1 || echo "status $?" >>log; done
check "the Slurm array grades the class" diff -r by-hand results
is "without trouble" "" "$(grep status log)"

rm -rf results; fence yaml >grade.yml
python3 -c '
import yaml
with open("grade.yml") as f: jobs = yaml.safe_load(f)["jobs"]
shards = jobs["grade"]["strategy"]["matrix"]["shard"]
lines = {name: [s["run"] for s in job["steps"] if s.get("run", "").startswith("trapeze")] for name, job in jobs.items()}
for shard in shards:
    for line in lines["grade"]: print(line.replace("${{ matrix.shard }}", str(shard)))
for line in lines["summary"]: print(line)
' >steps.sh
check "the workflow is YAML, with steps for each shard and for the summary" test "$(wc -l <steps.sh)" -eq 9
rm grades.csv
check "its steps grade the class" sh -e steps.sh
check "with the same results" diff -r by-hand results
is "and the summary" 4 "$(wc -l <grades.csv)"

# PrairieLearn's folders, elsewhere
mkdir -p grade/tests/lab grade/data; cp -R mylab grade/tests/lab/; cp -R submissions/bob grade/student
echo '{"raw": "\"variant_seed\": 1", "variant_seed": 4711}' >grade/data/data.json
sed -n '/^and `tests\/grade.sh`/,/^A submission\|^The lab/p' "$document" | sed -n 's/^    //p' | sed "s|/grade|$PWD/grade|g" >grade/tests/grade.sh
check "PrairieLearn's script grades" sh grade/tests/grade.sh
check "and leaves what PrairieLearn takes" "$top/tests/schemas/validate" prairielearn grade/results/results.json
is "the student is the variant's seed" '  "student": "4711",' "$(grep '"student"' grade/graded/grade.json)"
check "half the points" grep -q '"score": 0.5' grade/results/results.json
cd "$top" || exit 1
done_testing
