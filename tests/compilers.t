# compilers.t - trapeze lab check --cc: counts of C programs depend on the compiler, and the lab's bounds must hold for each.
. tests/tap.sh
normal_tlb
case $BUILD in /*) trapeze=$BUILD/bin/trapeze ;; *) trapeze=$PWD/$BUILD/bin/trapeze ;; esac
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }

# A program that sums, and whose instructions are counted; one solution sums wrongly.
lab=$tmp/lab; mkdir -p "$lab/starter" "$lab/solution/reference" "$lab/solution/wrong/off"
cat >"$lab/lab.yaml" <<'EOF'
trapeze-lab: 1
title: A sum
submit: [{file: sum.c}]
build: {sum: {kind: program, sources: [sum.c]}}
tests:
  - id: sum
    points: 1
    forgeable: only compilers matter here
    run: {program: [sum, "3"], depth: 0}
    expect: [{variable: "total == 1015050"}, {counter: "lane.host/sum.instructions <= MOST"}]
wrong:
  off: {fails: [sum]}
EOF
cat >"$lab/solution/reference/sum.c" <<'EOF'
int total;
int main(int argc, char **argv) {
  (void)argv;
  int sum = 0;
  for (int i = 0; i < 1000 + argc; i++) sum += 1 + 2 * i + argc * 4;
  total = sum;
  return 0;
}
EOF
sed 's/1 + 2/2 + 2/' "$lab/solution/reference/sum.c" >"$lab/solution/wrong/off/sum.c"
cp "$lab/solution/wrong/off/sum.c" "$lab/starter/"
echo "The sum gives 1 point." >"$lab/README.md"
# The expected total, by what the usual compiler makes of the reference, and a bound between -O2 and -O0.
total=$((0)); i=0; while [ $i -lt 1002 ]; do total=$((total + 1 + 2 * i + 8)); i=$((i + 1)); done
sed -i "s/1015050/$total/; s/MOST/9000/" "$lab/lab.yaml"

# Compilers that make other instructions, or none: the usual clang with another word behind the others.
clang=$(clang -print-prog-name=clang); case $clang in /*) ;; *) clang=$(command -v clang) ;; esac
clang=$(realpath "$clang"); case $clang in *ccache*) clang=$(realpath /usr/bin/clang) ;; esac
mkdir "$tmp/bin"
printf '#!/bin/sh\nexec %s "$@"\n' "$clang" >"$tmp/bin/clang-same"
printf '#!/bin/sh\ncase "$*" in *sum.c*) exec %s "$@" -O0 ;; esac\nexec %s "$@"\n' "$clang" "$clang" >"$tmp/bin/clang-slow"
chmod +x "$tmp/bin"/*
PATH=$PATH:$tmp/bin

run lab check "$lab" --cc clang-same
is "with the same compiler: exit status" 0 "$status"
check "the reference" grep -q "^ok  .*reference has 1 of 1 points, with clang-same (.*clang version" "$tmp/out"
check "the wrong solution" grep -q "^ok  .*wrong/off fails what it must, with clang-same" "$tmp/out"
run lab check "$lab" --cc "$tmp/bin/clang-slow" --cc clang-same
is "with another one: exit status" 1 "$status"
check "the reference fails" grep -q "^WRONG the reference has 0 of 1 points, with $tmp/bin/clang-slow" "$tmp/out"
check "and it is said why" grep -q "Expected: lane.host/sum.instructions <= 9000" "$tmp/out"
is "by the usual compiler and the third it is right" 2 "$(grep -c '^ok .*the reference has 1 of 1' "$tmp/out")"
run lab check "$lab" --cc no-such-clang; is "no such compiler: exit status" 125 "$status"
check "is named" grep -q -e "--cc no-such-clang: there is no such program" "$tmp/err"
done_testing
