# expect.t - bounds of tests that are more than a number: numbers of a student's own, several runs, and a share of the points.
. tests/tap.sh
normal_tlb
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }

# A student's image counts to the number after its name, writes so many characters, and leaves the number in a0 and in memory.
lab=$tmp/lab; mkdir -p "$lab/starter" "$tmp/ada"
cat >"$tmp/ada/count.S" <<'EOF'
        .globl _start, result
_start: lw      a0, result
        li      t0, 0xF0000000          # the console
        mv      t1, a0
1:      beqz    t1, 2f
        sw      t1, 0(t0)
        addi    t1, t1, -1
        j       1b
2:      li      t0, 0xF0003000          # power
        sw      zero, 0(t0)
        .data
result: .word   NUMBER
EOF
# count N: what the student hands in counts to N
count() { sed "s/NUMBER/$1/" "$tmp/ada/count.S" >"$tmp/count.S"; }
head='trapeze-lab: 1
title: Count
submit: [{file: count.S}]
build: {count: {kind: image, sources: [count.S]}}
tests:'
# expects RUNS EXPECTATION...: a lab of one test with these; its runs are `flat`, at depth 0, and `deep`, at depth 1
expects() {
  { echo "$head"
    echo "  - id: it"
    echo "    points: 10"
    echo "    partial: true"
    echo "    runs: {flat: {image: count, depth: 0}, deep: {image: count}}"
    echo "    expect:"
    for expectation; do echo "      - $expectation"; done; } >"$lab/lab.yaml"
}
# is_score NAME SCORE STUDENT: the score of $tmp/count.S, graded as this student
is_score() {
  run grade "$lab" "$tmp/count.S" --student "$3" --format json
  is "$1" "0 $2" "$status $(sed -n 's/^  "score": \(.*\),$/\1/p' "$tmp/out")"
}
says() { if sed 's/\\n/\n/g' "$tmp/out" | grep -qF -e "$2"; then pass "$1"; else fail "$1"; diag <"$tmp/out"; fi; }

# ---- numbers of a student's own ----
printf 'Your number is {seed.n:3..9}.\n' >"$lab/README.md"; echo >"$lab/starter/count.S"
expects '{register: "a0 == {seed.n:3..9}", in: flat}' '{memory: {at: result, words: ["{seed.n:3..9}"]}, in: flat}' \
  '{counter: "console == {seed.n:3..9}", in: flat}' '{counter: "exits <= {seed.n:3..9} + 1", in: deep}' \
  '{counter: "instructions < 4 * {seed.n:3..9} + 8", in: flat}'
for who in ada bob eve; do
  rm -rf "$tmp/given"; run lab starter "$lab" "$tmp/given" --student $who
  number=$(sed -n 's/Your number is \(.*\)\./\1/p' "$tmp/given/README.md")
  count "$number"; is_score "$who: the student's own number, $number" 10 $who
  count $((number + 1)); is_score "$who: one more" 0 $who
  says "and what was expected" "Expected at the end: a0 == $number."
  says "in memory, too" "in memory at result: $(printf '0x%08x' "$number")"
  says "and of exits" "Expected: exits <= $number + 1."
done
says "with its value" "Happened: exits is $((number + 2)), and $number + 1 is $((number + 1))."

# ---- several runs ----
count 5
expects '{counter: "deep:instructions > 20 * flat:instructions"}' '{counter: "deep:console - flat:console == 0"}' \
  '{counter: "deep:native@1 / flat:instructions >= 0.5"}' '{counter: "lane.guest-os.instructions / deep:native <= 1", in: deep}'
is_score "ratios and differences of two runs" 10 ada
expects '{counter: "deep:console + 1 <= 0.5 * flat:console"}'
is_score "do not hold" 0 ada
says "the feedback has both sides" "Happened: deep:console + 1 is 6, and 0.5 * flat:console is 2.5."
says "and each counter" "  flat:console is 5"
count 0
expects '{counter: "deep:exits / flat:console >= 1"}'
is_score "a division by 0 does not hold" 0 ada
says "and is said" "deep:exits / flat:console cannot be computed: a division by 0"

# ---- credit by proximity ----
count 14
expects '{counter: "console <= 10", none-at: 20, in: flat}'
is_score "4 of 10 beyond the bound" 6 ada
says "the feedback says the share" "it gives 60%."
run grade "$lab" "$tmp/count.S" --student ada --format json; cp "$tmp/out" "$tmp/first"
run grade "$lab" "$tmp/count.S" --student ada --format json; same "graded again: the same bytes" "$tmp/first" "$tmp/out"
count 10; is_score "at the bound" 10 ada
count 20; is_score "where there is nothing" 0 ada
count 25; is_score "and beyond" 0 ada
count 2; expects '{register: "a0 >= 10", none-at: 0, in: flat}'; is_score "from below" 2 ada
count 9; expects '{register: "a0 > 9", none-at: 0, in: flat}'; is_score "a strict bound: 9 is one of ten away" 9 ada
count 10; is_score "and 10 is enough" 10 ada
for n in 8 12; do count $n; expects '{register: "a0 == 10", none-at: 14, in: flat}'; is_score "$n is as near as the other" 5 ada; done
expects '{register: "a0 == 10", none-at: 14, in: flat, required: true, weight: 3}' '{status: 0, in: flat}'
is_score "what is required must hold wholly" 0 ada
expects '{register: "a0 <= 10", none-at: 5, in: flat}'; run grade "$lab" "$tmp/count.S"
is "on the wrong side: exit status" 2 "$status"
check "is said with its place" grep -q "lab.yaml:11:41: '5': expected a number beyond the bound" "$tmp/err"
# ---- several right ways ----
expects '{any: [{register: "a0 == 3"}, {memory: {at: result, words: [0]}}, {counter: "console == 4", none-at: 8, in: deep}], in: flat, name: way, about: "Stop early, or at 3."}'
for n in 3 0 4; do count $n; is_score "any: $n is right" 10 ada; done
count 6; is_score "any: 6 is as near as the nearest" 5 ada
says "the sentence" "Stop early, or at 3."
for text in "None of these 3 holds; one of them must." "1. Expected at the end: a0 == 3." "2. Expected" "3. Expected: console == 4."; do says "and each way: $text" "$text"; done
wrong() { # wrong NAME EXPECTATION ERROR
  expects "$2"; run grade "$lab" "$tmp/count.S"
  if [ "$status" -eq 2 ] && grep -qF -e "lab.yaml:11:$3" "$tmp/err"; then pass "$1"; else fail "$1"; { echo "status $status"; cat "$tmp/err"; } | diag; fi
}
wrong "one way is none" '{any: [{status: 0}]}' "15: expected at least two"
wrong "no list" '{any: {status: 0}}' "15: expected a list"
wrong "a way with a weight" '{any: [{status: 0}, {status: 1, weight: 2}]}' "29: below \`any\` expected an expectation alone"
wrong "a way of ways" '{any: [{status: 0}, {any: [{status: 1}, {status: 2}]}]}' "29: below \`any\`"
wrong "a mistake in a way" '{any: [{status: 0}, {register: "q == 1"}]}' "40: 'q': expected a register"
# ---- a program's variables ----
program=$tmp/program; mkdir -p "$program/starter" "$tmp/room"
cat >"$program/lab.yaml" <<'EOF'
trapeze-lab: 1
title: Variables
submit: [{file: sum.c}]
build: {sum: {kind: program, sources: [sum.c]}}
tests:
  - id: at-0
    points: 4
    partial: true
    run: {program: [sum, "{seed.n:3..9}"], depth: 0}
    expect:
      - {variable: "total == 10 * {seed.n:3..9}"}
      - {variable: {name: parts, is: ["{seed.n:3..9}", 2, 65535]}}
      - {variable: {name: word, text: "n={seed.n:3..9}"}}
      - {variable: "late < 100", none-at: 199}
  - id: at-1
    points: 1
    run: {program: [sum, "7"], depth: 1}
    expect: [{variable: "total == 70"}]
EOF
cat >"$tmp/room/sum.c" <<'EOF'
#include <stdio.h>
#include <stdlib.h>
int total = 1;
short parts[3] = {0, 2, -1};
char word[8];
unsigned char late;
int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 0;
  total = n * 10, parts[0] = n, late = 99;
  snprintf(word, sizeof word, "n=%d", n);
  return 3;
}
EOF
# scored NAME SCORE SED: the score of the program, changed so, as Ada's
scored() {
  mkdir -p "$tmp/changed"; sed "$3" "$tmp/room/sum.c" >"$tmp/changed/sum.c"
  run grade "$program" "$tmp/changed" --student ada --format json
  is "variables: $1" "0 $2" "$status $(sed -n 's/^  "score": \(.*\),$/\1/p' "$tmp/out")"
}
scored "all are right" 5 ""
scored "a number" 3 's/n \* 10/n * 11/'
says "what it is" "Expected at the program's end: total == "
scored "an element" 4 's/parts.0. = n/parts[0] = n, parts[2] = 4/'
says "which one" "parts[2] == 65535"
scored "a text" 4 's/"n=%d"/"n:%d"/'
scored "a share" 4.5 's/late = 99/late = 149/'
scored "of a program that does not end by itself" 0 's/return 3/puts(word), fflush(stdout), *(volatile int *)8 = 1/'
says "which is said" "the program did not end by itself"
scored "that is not there" 3 's/total/sum/'
says "which is said, too" "the program has none of that name"
scored "of another size" 4 's/short parts/long long parts/'
says "and its size is said" "it has 24 bytes."
done_testing
