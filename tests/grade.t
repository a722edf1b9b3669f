# grade.t - labs graded end to end: tests/labs/kinds has each kind of expectation once, with a wrong solution for each.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
kinds=tests/labs/kinds
good=$kinds/solution/reference

# grade ARGS...: stdout in $tmp/out, stderr in $tmp/err, status in $status
grade() {
  "$trapeze" grade "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
  status=$?
}
says() { # NAME PATTERN: the last grading said it
  if grep -q -e "$2" "$tmp/out"; then pass "$1"; else fail "$1"; cat "$tmp/out" "$tmp/err" | diag; fi
}
says_not() { if grep -q -e "$2" "$tmp/out"; then fail "$1"; diag <"$tmp/out"; else pass "$1"; fi; }
dies() { # NAME STATUS PATTERN: it ended so, said why on stderr, and nothing else
  if [ "$status" -eq "$2" ] && grep -q -e "$3" "$tmp/err" && [ ! -s "$tmp/out" ]; then pass "$1"
  else fail "$1"; { echo "status $status, expected $2, and: $3"; cat "$tmp/out" "$tmp/err"; } | diag; fi
}
# lab NAME: a copy of the lab of all kinds, to be spoilt
lab() { rm -rf "$tmp/$1"; cp -R "$kinds" "$tmp/$1"; lab=$tmp/$1; }
# solution NAME: a whole solution: the wrong one's files over the reference's
solution() { rm -rf "$tmp/$1"; cp -R "$good" "$tmp/$1"; cp "$kinds/solution/wrong/$1"/* "$tmp/$1/"; }

# ---- each kind holds and does not hold, and `lab check` says so ----
"$trapeze" lab check "$kinds" -j 2 >"$tmp/out" 2>"$tmp/err" </dev/null
is "lab check passes" 0 $?
says "the reference has full marks" "^ok  .*reference has 37 of 37 points"
says "and says that grading twice gives the same" "^ok  .*grading twice gives the same"
is "and every wrong solution fails what it must" 9 "$(grep -c '^ok  .*solution/wrong/.* fails what it must' "$tmp/out")"

# ---- statuses and files ----
grade "$kinds" "$good" --only status
is "graded: status 0" 0 $status
says "the score is told" "1 of 1 point"
solution status
grade "$kinds" "$tmp/status" --only status
is "a wrong solution: status 0 as well" 0 $status
says "what was expected" "Expected: the machine powers off with status 0\."
says "what happened" "Happened: it powered off with status 3\."
says "the last events, with lanes" "vm1 kernel *STORE_MISS 0xf0003000 *kill"
grade "$kinds" "$tmp/status" --only status --fail-under 1
is "--fail-under" 1 $status
grade "$kinds" "$tmp/status" --only status --fail-under 0
is "--fail-under that is reached" 0 $status
grade "$kinds" "$tmp/status" --fail-under 101%
is "more than all points" "125 1" "$status $(grep -c "from 0% to 100%" "$tmp/err")"
grade "$kinds" "$tmp/status" -f xx
is "formats are listed" "125 1" "$status $(grep -c "expected text, json.* or html" "$tmp/err")"
grade "$kinds" "$good" --only status --fail-under 100%
is "--fail-under in percent" 0 $status
grade "$kinds" "$tmp/status" --only status -o "$tmp/results" --format tap
is "-o tells the score alone" "status: 0 of 1" "$(cat "$tmp/out")"
is "-o writes feedback, the format, and the result" "feedback.txt grade.json results.tap" "$(ls "$tmp/results" | tr '\n' ' ' | sed 's/ $//')"
# a page in the browser, which links to the trace of what went wrong
solution seven; sed -i '/^value:/s/42/41/' "$tmp/seven/knobs.S"
grade "$kinds" "$tmp/seven" -o "$tmp/pages" --format html
is "--format html: status" 0 $status
event=$(jq -r '.tests[] | select(.id == "status").debug' "$tmp/pages/grade.json" | sed 's/.*--event //')
is "the feedback links to the event that the debugger's command names" "trace-status.html#e$event" \
  "$(grep -o 'trace-status\.html#e[0-9]*' "$tmp/pages/feedback.html")"
is "and the page has that event, of the same run" "$event" "$(python3 -c "
import base64, gzip, json, re
page = re.search(r'id=\"trace\">([^<]*)<', open('$tmp/pages/trace-status.html').read()).group(1)
events = json.loads(gzip.decompress(base64.b64decode(page)))['events']
print(*[e['n'] for e in events if e['n'] == $event and len(events) < 700])")"
is "a hidden test has failed, too" failed "$(jq -r '.tests[] | select(.id == "register").status' "$tmp/pages/grade.json")"
is "and has neither page nor words" "0 This hidden test was not passed." \
  "$(ls "$tmp/pages" | grep -c register) $(sed -n '/<section id="register">/,$ s|.*<pre>\(.*\)</pre>|\1|p' "$tmp/pages/feedback.html" | head -n 1)"
grade "$kinds" "$tmp/seven" --only status --format html
says "without -o: the page alone, with the debugger's command" "To look at it: trapeze debug --lab .*--event $event"
says_not "and without a link to a page that is not there" 'href="trace-'
grade "$kinds" "$good" --only nothing
dies "--only of a test that is not there" 125 "has no such test"
grade "$kinds" "$tmp/nowhere"
dies "a submission that is not there" 125 "nowhere"
grade "$tmp/nowhere" "$good"
dies "a lab that is not there" 125 "no lab"
grade "$kinds"
dies "no submission" 125 "expected"
grade "$kinds" "$good" --only status -o /dev/null/x
dies "a folder that cannot be made: no score" 3 "/dev/null/x"

# ---- what a student reads ----
solution calls
grade "$kinds" "$tmp/calls"
says "the instructor's own words come first" "Three system calls, there and back"
says "a pattern: what was expected" "Expected in the trace, == 3 times"
says "and how often it is there" "it is there 4 times"
says "and the events that belong to it" "^ *> *[0-9]* *[0-9]* vm1 user *SYSCALL a7=1 *reflect S1"
says "a prediction: the first line that differs" "traps.txt:30: guest-os device kill - on what does it trap?"
command=$(sed -n 's/^ *trapeze \(debug .* --test trace .*\)/\1/p' "$tmp/out")
event=${command##*--event }
[ -n "$command" ] || command="debug --lab missing"
echo event >"$tmp/script"
eval "\"\$trapeze\" $command --line" </dev/null >"$tmp/debugged" 2>&1
check "the command opens the debugger at that event" grep -q "before #$event  vm1 user" "$tmp/debugged"
run=${command#debug }
eval "\"\$trapeze\" run ${run%--event*}" </dev/null >"$tmp/ran" 2>&1
is "the same run without a debugger: its status" 0 $?
check "and its console" grep -q "that is all" "$tmp/ran"
eval "\"\$trapeze\" trace ${run%--event*}" </dev/null 2>/dev/null >"$tmp/traced"
check "and its trace has that event" grep -q "^ *$event .*vm1 user *SYSCALL" "$tmp/traced"
"$trapeze" run --lab "$kinds" --submission "$good" --test register </dev/null >"$tmp/out" 2>"$tmp/err"
status=$?
is "a hidden test where the solutions are" 0 $status
lab student
rm -r "$lab/solution"
for command in run trace debug; do
  "$trapeze" $command --lab "$lab" --submission "$good" --test register </dev/null >"$tmp/out" 2>"$tmp/err"
  status=$?
  dies "without them: no $command of a hidden test" 125 "not a visible one, and the lab has no solution/"
done
"$trapeze" run --lab "$kinds" --test status </dev/null >"$tmp/out" 2>"$tmp/err"
status=$?
dies "nor one without a submission" 125 "go together"
for option in image initrd kernel vmm tlb; do
  "$trapeze" run --$option 16 --lab "$kinds" --submission "$good" --test status </dev/null >"$tmp/out" 2>"$tmp/err"
  status=$?
  dies "nor one with --$option" 125 "not with --lab"
done
lab divides
sed -i 's/with: .kernel.S./with: [kernel.S, divide.c]/' "$lab/lab.yaml"
cat >"$lab/tests/divide.c" <<'EOT'
unsigned long long divide(unsigned long long a, unsigned long long b) { return a / b; }
EOT
grade "$lab" "$good" --only status
says "an image has the functions that compilers call" "has 1 of 1"

solution same-as-other
grade "$kinds" "$tmp/same-as-other" --only console
says "partial credit: one of five weights" "2/10"
says "the hint of what failed" "Hint: The greeting is in knobs\.S"
says_not "and no other" "One digit will do"
says "the console as it was" "n = 4"
says "the pattern with the student's number" "/^n = 3\$/"
solution console
cp "$good/knobs.S" "$tmp/console/knobs.S"
sed -i 's/n = 3.n/n = 3\\n\\033[2Jscore: 100\\n/' "$tmp/console/knobs.S"
grade "$kinds" "$tmp/console" --only console
says "what a terminal would obey is shown as text" 'x1[Bb]'
is "and never sent" 0 "$(grep -c "$(printf '\033')" "$tmp/out")"

# A line of 1000 characters does not fill the student's terminal.
sed 's/n = 3.n/n = 3\\n'"$(printf '%01000d' 7)"'\\n/' "$good/knobs.S" >"$tmp/console/knobs.S"
grade "$kinds" "$tmp/console" --only console
says "a long line of the console fills four rows" "\.\.\. [0-9]* more characters"
is "of 80 columns" "80 80 80 80" "$(grep '^        [| ] *0*$' "$tmp/out" | head -n 4 | awk '{ print length($0) }' | xargs)"
says_not "and what is behind is not there" "0007"

solution value
grade "$kinds" "$tmp/value" --only register --format json
says "a hidden test says that it failed" "A hidden test failed"
says_not "and not what it is about" "s0\|41\|42\|--event"
solution lines
grade "$kinds" "$tmp/lines" --only classify
says "a classification: what is right" "7 of 9 are right; 1 innocuous"
says_not "without give-away no answer" "The first that is wrong"
says "and its partial credit" "6.67/10"
grade "$kinds" "$tmp/lines" --only predict
says "a prediction's partial credit" "9.29/10"
says "and where it is wrong, as a question" "traps.txt:20: guest-os tlbw reflect - what does the VMM do with it?"
says "with the traps before it" "^ *> .*STORE_MISS 0xf0000000 *emulate"
says_not "but not the row itself" "PRIVILEGED tlbw"
lab near
sed -i 's/\[syscall from app, reflect/[syscall from app, emulate/' "$lab/lab.yaml"
grade "$lab" "$good" --only trace
says "an event of the wanted kind with another verdict" "There was one, #[0-9]*, but its verdict is .reflect."
echo "app syscall" >>"$tmp/lines/traps.txt"
echo "app tlb-miss reflect" >>"$tmp/lines/traps.txt"
echo "nobody syscall reflect" >>"$tmp/lines/traps.txt"
grade "$kinds" "$tmp/lines" --only predict
says "a line that cannot be read has its number" "traps.txt:30: expected three words"
says "and so has each other one" "traps.txt:32: 'nobody': expected app or guest-os"
says "vague words are no prediction" "traps.txt:31: 'tlb-miss': expected one kind"
printf 'add innocuous\nadd innocuous\nmul hard\nfoo innocuous\n' >"$tmp/lines/classes.txt"
grade "$kinds" "$tmp/lines" --only classify
says "a mnemonic twice" "classes.txt:2: add is in line 1 already"
says "no class" "classes.txt:3: 'hard': expected innocuous"
says "no instruction" "classes.txt:4: 'foo' is no instruction"

# ---- what does not build, what stops early ----
solution status
echo "        nonsense a0" >>"$tmp/status/knobs.S"
grade "$kinds" "$tmp/status" --only trace
is "what does not build is graded" 0 $status
says "and the assembler's words are there" "knobs.S:.*nonsense"
grep -v '^status' "$good/knobs.S" | sed 's/, status//' >"$tmp/status/knobs.S"
grade "$kinds" "$tmp/status" --only trace
says "a symbol that is missing" "undefined symbol 'status'"

lab limits
exits=$("$trapeze" run --lab "$kinds" --submission "$good" --test status --stats /dev/stdout </dev/null 2>/dev/null |
  sed -n '/"depth": 1/,$s/^ *"total": \([0-9]*\).*/\1/p' | head -n 1)
insns=$("$trapeze" run --lab "$kinds" --submission "$good" --test status --stats /dev/stdout </dev/null 2>/dev/null |
  sed -n 's/^ *"instructions": \([0-9]*\),/\1/p' | head -n 1)
# at NAME LIMITS SCORE PATTERN
at() {
  sed "0,/run: {image: guest}/s//run: {image: guest, limits: {$2}}/" "$kinds/lab.yaml" >"$lab/lab.yaml"
  grade "$lab" "$good" --only status
  says "$1: $3 of 1" "status has\|has $3 of 1"
  [ -z "${4-}" ] || says "$1: told so" "$4"
}
at "as many exits as allowed" "exits: $exits" 1
at "one exit too many" "exits: $((exits - 1))" 0 "stopped after $((exits - 1)) exits"
at "as many instructions as allowed" "instructions: $insns" 1
at "one instruction too many" "instructions: $((insns - 1))" 0 "stopped after $((insns - 1)) instructions"
at "as many bytes as allowed" "console: 18" 1
at "one byte too many" "console: 17" 0 "stopped after 17 bytes on the console"

sed 's/run: {image: guest}/run: {image: guest, limits: {instructions: 900G, exits: 1G}}/' "$kinds/lab.yaml" >"$lab/lab.yaml"
sed -i 's/^program:/program: j program/' "$lab/tests/kernel.S"
grade "$lab" "$good" --only status --patience 1
dies "a test that is not done in time: trouble, and no score" 3 "not done after 1 seconds"

# What is ended leaves nothing behind: a grader its workshop, a check of a lab that and its own folder.
mkdir "$tmp/shop"
# ended FOLDER WORDS...: that command, killed when that folder is there
ended() {
  folder=$1; shift
  TMPDIR=$tmp/shop "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null &
  killed=$!
  for _ in $(seq 100); do
    [ -d "$tmp"/shop/$folder ] && break
    sleep 0.1
  done
  check "$*: $folder is there" test -d "$tmp"/shop/$folder
  kill "$killed"
  wait "$killed"
  is "$*, killed: it ends by that signal" 143 $?
  is "and all is gone" "" "$(ls "$tmp/shop")"
}
ended 'trapeze-grade.*/try/tmp' grade "$lab" "$good" --only status
ended 'trapeze-check.*' lab check labs/01-predict

# An image that is handed in as it is: what cannot be loaded holds nothing, however little is asked.
mkdir -p "$tmp/raw" "$tmp/guest"
cat >"$tmp/raw/lab.yaml" <<'EOT'
trapeze-lab: 1
title: An image as it is
submit: [{file: guest.elf}]
tests:
  - id: deep
    points: 1
    run: {image: guest.elf}
    expect: [{memory: {at: cell, words: [0x1234], level: 1}}]
  - id: few
    points: 1
    run: {image: guest.elf, depth: 0}
    expect: [{counter: "instructions <= 1M"}]
EOT
"$BUILD/bin/pg32-cc" -T bare -nostdlib -I. -o "$tmp/guest/guest.elf" "$good/knobs.S" "$kinds/tests/kernel.S"
grade "$tmp/raw" "$tmp/guest"
says "an image as it is, and its symbols" "has 2 of 2"
head -c 300 /dev/zero >"$tmp/guest/guest.elf"
grade "$tmp/raw" "$tmp/guest"
is "no image: graded" 0 $status
says "and nothing holds of it" "has 0 of 2"
says "with the reason" "The machine cannot load the image"

# What was not measured: its own message, without the instructor's words and hints.
solution lines
echo "        nonsense a0" >>"$tmp/lines/knobs.S"
grade "$kinds" "$tmp/lines" --only console
says "what does not build says so" "knobs.S:.*nonsense"
says_not "without hints" "Hint:"
grade "$kinds" "$tmp/lines" --only trace
says_not "and without what it is about" "Three system calls"
rm "$tmp/lines/knobs.S"
grade "$kinds" "$tmp/lines" --only console
says "a file that is missing is a line of its own" "knobs.S was not handed in\.$"
says_not "and no hint either" "Hint:"
rm "$tmp/lines/classes.txt"
grade "$kinds" "$tmp/lines" --only classify
says_not "answers that are missing: no verdict on them" "The classification is not right"
sed 's/args: ..{seed.n:3..3}../&, limits: {instructions: 100}/' "$kinds/lab.yaml" >"$lab/lab.yaml"
cp "$kinds/tests/kernel.S" "$lab/tests/kernel.S"
grade "$lab" "$good" --only console
says "a limit is the message" "stopped after 100 instructions"
says_not "and no hint" "Hint:"

# ---- the same whatever the order ----
solution calls
for jobs in 1 3; do "$trapeze" grade "$kinds" "$tmp/calls" -j $jobs --format json >"$tmp/jobs$jobs" 2>&1 </dev/null; done
same "the same result with three tests at a time" "$tmp/jobs1" "$tmp/jobs3"

lab after
sed -i 's/^  - id: trace/&\n    after: [status]/' "$lab/lab.yaml"
solution status
grade "$lab" "$tmp/status" --only trace -j 2
says "what comes after a test that failed is skipped" "skipped.*trace"
grade "$lab" "$tmp/status" --only trace --format json
says "with what it comes after" "comes after .status., which is not passed"

solution status
grade "$kinds" "$tmp/status" --until-failed
says "--until-failed: what comes behind is skipped" "skipped .* trace"
grade "$kinds" "$tmp/status" --until-failed --format json
says "and says why" "Skipped: .status. is not passed, and --until-failed was given"

# ---- another way to virtualize ----
way9=labs/09-translate/solution/reference
grade labs/09-translate $way9 --only status --way trap
says "--way: the title says so" "Binary translation, with --way trap"
says "--way trap on the leaky CPU: the guest sees the real STATUS" "failed *0/20 *status"
says "--way: the debugger is to use it, too" "trapeze debug .* --test status --way trap --event"
for n in 3 4 5 6; do
  grade labs/0$n-* $way9 --way translate
  dies "--way translate is refused on the CPU of lab $n" 125 "needs the CPU pg32-leaky, and test [a-z]* runs on pg32-[a-z]*="
done
grade labs/09-translate $way9 --way nonsense
dies "--way that is none" 125 "expected trap, translate or translate,user"

# ---- a student's own numbers ----
lab seeds
sed -i 's/seed.n:3..3/seed.n:100..999/g' "$lab/lab.yaml"
for who in ann bob; do
  grade "$lab" "$good" --only console --student $who
  sed -n 's,.*/^n = \([0-9]*\).*,\1,p' "$tmp/out" >"$tmp/number.$who"
done
is "each has a number" 2 "$(grep -cE '^[1-9][0-9][0-9]$' "$tmp/number.ann" "$tmp/number.bob" | grep -c ':1')"
is "of their own" 2 "$(sort -u "$tmp/number.ann" "$tmp/number.bob" | wc -l)"
cp -R "$good" "$tmp/ann"
grade "$lab" "$tmp/ann" --only console
is "and the folder's name is the student's" "$(cat "$tmp/number.ann")" "$(sed -n 's,.*/^n = \([0-9]*\).*,\1,p' "$tmp/out")"

# ---- labs that are wrong ----
lab broken
echo "extra: 1" >>"$lab/lab.yaml"
grade "$lab" "$good"
dies "a mistake in lab.yaml" 2 "lab.yaml:[0-9]*:1: a lab has no key 'extra'"
lab broken
sed -i 's/program: \[echo,/program: [ecco,/' "$lab/lab.yaml"
grade "$lab" "$good"
dies "a program that nobody makes" 2 "lab.yaml:[0-9]*:[0-9]*: program 'ecco'"
lab broken
sed -i 's/run: {image: guest}/run: {image: guest, input-file: nowhere}/' "$lab/lab.yaml"
grade "$lab" "$good" --only status
dies "an input file that is not there" 2 "lab.yaml:14:37: 'nowhere': .*tests/nowhere: No such file .*below tests/"
grade "$lab" "$good" --only trace
dies "even where no test at hand needs it" 2 "lab.yaml:14:37: 'nowhere'"
lab broken
sed -i 's/with: .kernel.S./with: [kernel.S, lost.S]/' "$lab/lab.yaml"
grade "$lab" "$good" --only classify
dies "a source that is not there" 2 "lab.yaml:9:61: 'lost.S': .*tests/lost.S: No such file .*below tests/, or are starter/NAME"
lab broken
sed -i 's/with: .kernel.S./with: [kernel.S, starter\/lost.S]/' "$lab/lab.yaml"
grade "$lab" "$good" --only classify
dies "nor in starter/" 2 "lab.yaml:9:61: 'starter/lost.S': .*[^s]/starter/lost.S: No such file"
lab broken
echo "        nonsense" >>"$lab/tests/kernel.S"
grade "$lab" "$good" --only status
dies "a source of the lab's that does not build" 2 "nonsense"

# A symbol that no solution can have: the image is the lab's own, or there is none.
mkdir -p "$tmp/symbols/tests"
cat >"$tmp/symbols/lab.yaml" <<'EOT'
trapeze-lab: 1
title: Symbols
submit: [{file: a.txt, optional: true}]
build: {ours: {kind: image, from: lab, sources: [ours.S]}}
tests:
  - id: deep
    points: 1
    run: {image: ours, depth: 0}
    expect: [{memory: {at: cell, words: [0x1234]}}]
EOT
printf '        .globl _start, cell\n_start: li t0, 0xF0003000\n        sw zero, 0(t0)\ncell:   .word 0x1234\n' >"$tmp/symbols/tests/ours.S"
mkdir "$tmp/nothing"
grade "$tmp/symbols" "$tmp/nothing"
says "a symbol of the lab's image" "has 1 of 1"
sed -i 's/at: cell/at: cel/' "$tmp/symbols/lab.yaml"
grade "$tmp/symbols" "$tmp/nothing"
dies "a misspelt one" 2 "lab.yaml:9:28: 'cel': ours has no symbol of this name"
sed -i 's/{image: ours, depth: 0}/{program: [hello], depth: 1}/' "$tmp/symbols/lab.yaml"
grade "$tmp/symbols" "$tmp/nothing"
dies "one of no image" 2 "lab.yaml:9:28: 'cel': expected an address"

# checked NAME PATTERN [OPTION]: lab check finds it, and says it
checked() {
  "$trapeze" lab check ${3-} "$lab" >"$tmp/out" 2>"$tmp/err" </dev/null
  status=$?
  if [ $status -eq 1 ] && grep -q -e "^WRONG .*$2" "$tmp/out"; then pass "lab check: $1"
  else fail "lab check: $1"; { echo "status $status"; cat "$tmp/out" "$tmp/err"; } | diag; fi
}
# A hidden test that fails: who has the solutions reads why.
lab shown
sed -i 's/"s0 == 42"/"s0 == 43"/' "$lab/lab.yaml"
checked "a hidden test of which the reference is wrong" "the reference has 36 of 37" --quick
says "and why" "Expected at the end: s0 == 43"
says "and what is there" "Happened: it is 42"
# A small lab: one test, one wrong solution.
lab small
sed -i '/^  - id: console/,/^wrong:/{/^wrong:/!d}' "$lab/lab.yaml"
sed -i '/^  [a-z-]*: .*fails:/{/^  status:/!d}; /^leaderboard/,$d; /traps.txt/d; /classes.txt/d' "$lab/lab.yaml"
for w in "$lab"/solution/wrong/*; do case $w in */status) ;; *) rm -r "$w" ;; esac; done
"$trapeze" lab check "$lab" >"$tmp/out" 2>&1 </dev/null
is "lab check: the small lab passes" 0 $?
"$trapeze" lab check --once "$lab" >"$tmp/once" 2>&1 </dev/null
is "lab check --once: so it does" 0 $?
same "lab check --once: and holds the same" "$tmp/out" "$tmp/once"
cp -R "$lab" "$tmp/whole"
cp -R "$lab/solution/wrong/status" "$lab/solution/wrong/twin"
echo '  twin: {fails: [status]}' >>"$lab/lab.yaml"
"$trapeze" lab check --quick "$lab" >"$tmp/out" 2>&1 </dev/null
is "lab check --quick: passes" 0 $?
says "lab check --quick: one wrong solution is enough for one test" "--quick has graded 1 of 2 wrong solutions"
again() { rm -rf "$lab"; cp -R "$tmp/whole" "$lab"; }
sed -i 's/^status: .*/status: .word 5/' "$lab/solution/reference/knobs.S"
checked "a reference without full marks" "the reference has 0 of 1"
again; sed -i '/forgeable/d' "$lab/lab.yaml"
checked "a test that falls to a submission that solves nothing" "test status falls to the starter as it is"
again; sed -i 's/expect: \[{status: 0}\]/expect: [{status: 0}, {console: {has: ["^n = {seed.n:3..3}$"]}}]/' "$lab/lab.yaml"
"$trapeze" lab check "$lab" --students 1 >"$tmp/out" 2>&1 </dev/null
says "lab check --students: other numbers change nothing" "^ok .*the least and the greatest numbers, and those of 1 students"
sed -i 's/seed.n:3..3/seed.n:1..3/' "$lab/lab.yaml"
"$trapeze" lab check "$lab" --students 1 >"$tmp/out" 2>&1 </dev/null
says "lab check --students: the least number does" "^WRONG .*as the student whose numbers are the least, has no full marks"
again; rm -r "$lab/solution/reference"
checked "no reference" "there is no solution/reference"
again; cp "$good/knobs.S" "$lab/solution/wrong/status/"
checked "a wrong solution that fails nothing" "solution/wrong/status fails what it must"
checked "a test that nobody fails" "test status: no wrong solution fails it"
again; echo "        nonsense" >>"$lab/solution/wrong/status/knobs.S"
checked "a wrong solution that does not build" "solution/wrong/status fails what it must"
again; rm "$lab/solution/wrong/status/knobs.S"
checked "a wrong solution without files" "solution/wrong/status holds none"
again; cp -R "$lab/solution/wrong/status" "$lab/solution/wrong/other"
checked "a wrong solution that lab.yaml does not name" "solution/wrong/other: .wrong. in lab.yaml"
again; echo "        nonsense" >>"$lab/starter/knobs.S"
checked "a starter that does not build" "the starter is whole and builds"
again; rm "$lab/starter/knobs.S"
checked "a starter that is not whole" "the starter is whole and builds"
again; echo "10 points" >"$lab/README.md"
checked "a README without the points" "README.md nowhere says 1"
again; rm "$lab/README.md"
checked "no README" "README.md: No such file"

# A program whose functions begin in a line of their own, and one whose only function hides: cheats are made, or said not to be.
mkdir -p "$tmp/style/starter" "$tmp/style/solution/reference" "$tmp/style/solution/wrong/silent"
cat >"$tmp/style/lab.yaml" <<'EOT'
trapeze-lab: 1
title: Style
submit: [{file: say.c}]
build: {say: {kind: program, sources: [say.c]}}
tests:
  - id: says
    points: 1
    run: {program: [say], depth: 0}
    expect: [{console: {is: "hello\n"}}]
wrong: {silent: {fails: [says]}}
EOT
echo "1 test, 1 point" >"$tmp/style/README.md"
printf '#include <stdio.h>\n\nint main(void)\n{\n  puts("hello");\n  return 0;\n}\n' >"$tmp/style/solution/reference/say.c"
printf '#include <stdio.h>\n\nint main(void)\n{\n  return 0;\n}\n' | tee "$tmp/style/starter/say.c" >"$tmp/style/solution/wrong/silent/say.c"
lab=$tmp/style
checked "a cheat is made whatever the style" "test says falls to a submission that solves nothing"
printf 'int main(void) /* a body of its own */\n  { return 0; }\n' >"$tmp/style/starter/say.c"
"$trapeze" lab check "$lab" >"$tmp/out" 2>&1 </dev/null
says "lab check: a cheat that cannot be made is said" "not tried: a submission that solves nothing and ends at once.*: the starter's sources have no function"
printf 'static int cheat(int n) {\n  return n;\n}\nint main(void) {\n  return cheat(0);\n}\n' >"$tmp/style/starter/say.c"
"$trapeze" lab check "$lab" >"$tmp/out" 2>&1 </dev/null
says "lab check: a cheat that does not build is said" "not tried: .*: say.c:.*error"

# Two runs, each of which wants something else: only a cheat that tells them apart by what is around it passes.
# knowing NAME FILE KIND ONE TWO: a lab with its file, its runs and what is in $tmp/NAME/solution and starter
knowing() {
  mkdir -p "$tmp/$1/starter" "$tmp/$1/tests" "$tmp/$1/solution/reference" "$tmp/$1/solution/wrong/starter"
  printf 'trapeze-lab: 1\ntitle: Two\nsubmit: [{file: %s}]\nbuild:\n%s\ntests:\n  - id: both\n    points: 1\n' "$2" "$3" >"$tmp/$1/lab.yaml"
  printf '    runs: {one: {%s}, two: {%s}}\n' "$4" "$5" >>"$tmp/$1/lab.yaml"
  printf '    expect: [{status: 11, in: one}, {status: 22, in: two}, {console: {is: "*"}, in: two}]\nwrong: {starter: {fails: [both]}}\n' >>"$tmp/$1/lab.yaml"
  echo "1 point" >"$tmp/$1/README.md"; lab=$tmp/$1
}
begin='        .globl _start\n_start: li sp, 0x80000\n        li a0, %d\n        jal ra, f\n        li t0, 0xF0003000\n        sw a0, 0(t0)\n'
for kind in S c; do
  knowing by-hash-$kind f.$kind "  one: {kind: image, sources: [f.$kind], with: [one.S]}
  two: {kind: image, sources: [f.$kind], with: [two.S]}" "image: one, depth: 0" 'image: two, depth: 0, args: ["{seed:1..9000}"]'
  printf "$begin" 10 >"$lab/tests/one.S"; printf "$begin" 21 >"$lab/tests/two.S"
done
printf 'int f(int a) {\n  if (a > 20) *(volatile int *)0xF0000000 = 42;\n  return a + 1;\n}\n' >"$lab/solution/reference/f.c"
printf 'int f(int a) {\n  return a;\n}\n' | tee "$lab/starter/f.c" >"$lab/solution/wrong/starter/f.c"
checked "a cheat in C that knows images by their hash" "test both falls to a submission that knows each test by a hash"
lab=$tmp/by-hash-S
printf '        .globl f\nf:      addi a0, a0, 1\n        li t0, 0xF0000000\n        li t1, 42\n        sw t1, 0(t0)\n        ret\n' >"$lab/solution/reference/f.S"
printf '        .globl f\nf:      ret\n' | tee "$lab/starter/f.S" >"$lab/solution/wrong/starter/f.S"
checked "a cheat in assembly that knows images by their hash" "test both falls to a submission that knows each test by a hash"
knowing by-hash-vmm privileged.c "  vmm: {kind: vmm, sources: [privileged.c]}" 'program: [sh, -c, "exit 11"], vmm: vmm' \
  'program: [sh, -c, "printf x; exit 22"], vmm: vmm'
sed -i 's/, {console: {is: "\*"}, in: two}//' "$lab/lab.yaml"
cp vmm/privileged.c "$lab/solution/reference/"
cp labs/03-deprivilege/starter/privileged.c "$lab/starter/"; cp "$lab/starter/privileged.c" "$lab/solution/wrong/starter/"
checked "a VMM that knows its guests by a hash of their RAM" "test both falls to a submission that knows each test by a hash"
knowing by-hash-way sensitive.c "  vmm: {kind: vmm, sources: [sensitive.c]}
  one: {kind: image, from: lab, sources: [one.S]}
  two: {kind: image, from: lab, sources: [two.S]}" \
  'image: one, vmm: vmm, cpu: pg32-leaky, way: translate' 'image: two, vmm: vmm, cpu: pg32-leaky, way: translate'
sed -i 's/, {console: {is: "\*"}, in: two}//' "$lab/lab.yaml"
own_mode='        .globl _start\n_start: mfst a0\n        andi a0, a0, 1\n        addi a0, a0, %d\n        li t0, 0xF0003000\n        sw a0, 0(t0)\n'
printf "$own_mode" 11 >"$lab/tests/one.S"; printf "$own_mode" 22 >"$lab/tests/two.S"
cp labs/09-translate/solution/reference/sensitive.c "$lab/solution/reference/"
cp labs/09-translate/starter/sensitive.c "$lab/starter/"; cp "$lab/starter/sensitive.c" "$lab/solution/wrong/starter/"
checked "a translator that knows its guests by a hash of their RAM" "test both falls to a submission that knows each test by a hash"
knowing by-hash-program f.c "  f: {kind: program, sources: [f.c]}" 'program: [f, "10"], depth: 0' 'program: [f, "21"], depth: 0'
printf '#include <stdio.h>\n#include <stdlib.h>\nint main(int n, char **word) {\n  int a = atoi(word[n - 1]);\n  if (a > 20) printf("*");\n  return a + 1;\n}\n' >"$lab/solution/reference/f.c"
printf 'int main(void) {\n  return 0;\n}\n' | tee "$lab/starter/f.c" >"$lab/solution/wrong/starter/f.c"
checked "a program that knows its arguments by their hash" "test both falls to a submission that knows each test by a hash"

# ---- invariants, against faults planted in the kernel ----
safe=$tmp/safe
mkdir -p "$safe/starter" "$safe/solution/reference" "$safe/solution/wrong/rights" "$safe/solution/wrong/masked" \
  "$safe/solution/wrong/kernel-mode"
cat >"$safe/lab.yaml" <<'EOT'
trapeze-lab: 1
title: Invariants
submit: [{file: vm.c}]
build: {ours: {kind: kernel, sources: [vm.c]}}
tests:
  - id: unprivileged
    points: 1
    forgeable: the faults are in the kernel
    run: {program: [sh, -c, "echo hello; null-syscall 5; ls"], kernel: ours}
    expect: [{invariant: unprivileged}]
  - id: shadow-owned
    points: 1
    forgeable: the faults are in the kernel
    run: {program: [sh, -c, "echo hello; touch-pages 4 4"], kernel: ours}
    expect: [{invariant: shadow-owned}]
wrong:
  masked: {fails: [unprivileged]}
  rights: {fails: [shadow-owned]}
  kernel-mode: {fails: [unprivileged]}
EOT
echo "2 tests, 1 point each" >"$safe/README.md"
cp guestos/vm.c "$safe/starter/"
cp guestos/vm.c "$safe/solution/reference/"
# faulty NAME MUTANT
faulty() {
  cp guestos/vm.c "$safe/solution/wrong/$1/vm.c"
  patch -s "$safe/solution/wrong/$1/vm.c" tests/mutants/$2-*.patch
}
faulty rights 13
faulty masked 37
faulty kernel-mode 38
"$trapeze" lab check "$safe" >"$tmp/out" 2>"$tmp/err" </dev/null
is "planted faults in the kernel violate what must hold" 0 $?
[ "$(grep -c '^WRONG' "$tmp/out")" = 0 ] || diag <"$tmp/out"
# As the guest's kernel alone, the same kernels harm nobody: the host's is ours.
cp -R "$safe" "$tmp/guest-kernel"; sed -i 's/, kernel: ours/, guest-kernel: ours/' "$tmp/guest-kernel/lab.yaml"
for w in reference wrong/rights wrong/masked wrong/kernel-mode; do
  grade "$tmp/guest-kernel" "$safe/solution/$w"
  says "guest-kernel: $w violates nothing of the host" "has 2 of 2"
done
echo 'int broken(void) { return 1; }' >"$tmp/nothing/vm.c"
grade "$tmp/guest-kernel" "$tmp/nothing" --only unprivileged
says "guest-kernel: it is the student's" "ours does not build"
grade "$safe" "$safe/solution/wrong/rights" --only shadow-owned
says "an invariant: what is violated" "VM [0-9]*, space [0-9]*: TLB entry"
says "and where" "--test shadow-owned --event [0-9]"
# ---- names of earlier versions ----
"$BUILD/bin/trapeze" lab starter labs/05-tlb-faults "$tmp/old" --solution >"$tmp/out"
sed -i 's/vm__\(set_status\|set_register\|asid\)/vm_\1/g; s/vtlb__\(find\|bucket\)/vtlb_\1/g' "$tmp/old"/*.c
grade labs/05-tlb-faults "$tmp/old" --only start
says "a submission that was written with the names of an earlier vmm.h builds" "has 8 of 8 points"
is "and has them" 3 "$(cat "$tmp/old"/* | grep -o 'vm_asid\|vtlb_find\|vtlb_bucket' | sort -u | wc -l)"
done_testing
