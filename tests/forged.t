# forged.t - solutions of the labs that solve nothing, and VMMs that lie about their guest: nothing is earned.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# ---- the labs: solutions that solve nothing, and say what the tests want to hear ----
# Each is built, and earns under a tenth; its first comment says what it does. Without LONG=1 (`make test-long`) it is every
# third one of them.
turn=0
for forged in tests/attacks/forged/*; do
  name=${forged##*/} turn=$((turn + 1))
  [ -n "${LONG:-}" ] || [ $((turn % 3)) = 1 ] || continue
  for lab_of in labs/$(printf %02d "${name%%-*}")-*; do
    "$trapeze" grade --format json "$lab_of" "$forged" >"$tmp/json" 2>"$tmp/err" </dev/null
  done
  is "$name is built" 0 "$(grep -c 'does not build\|not handed in' "$tmp/json")"
  check "$name earns under a tenth" awk '/^  "score":/ { s = $2 + 0; found = 1 } /^  "max":/ { m = $2 + 0 } END { exit !(found && m > 0 && s < m / 10) }' "$tmp/json"
done

# ---- what a VMM says of its guest: that input came, which instruction a word of a translation is ----
saying=$tmp/saying; mkdir -p "$saying/starter" "$tmp/sub"
cat >"$saying/lab.yaml" <<'END'
trapeze-lab: 1
title: What a VMM says
submit: [{file: device.c}, {file: main.c}]
build: {vmm: {kind: vmm, sources: [device.c, main.c]}}
tests:
  - {id: input, points: 1, run: {program: [sh], vmm: vmm, input: "echo a\nexit 3\n"}, expect: [{console: {has: [a]}}, {invariant: whole}]}
  - {id: begins, points: 1, run: {program: [sh], vmm: vmm, input: "echo a\nexit 3\n"}, expect: [{invariant: whole, first: 1M}]}
END
# says NAME RESULT [TEXT]: $tmp/sub is graded in that lab, with that exit status and score, and TEXT is said
says() {
  "$trapeze" grade --format json "$saying" "$tmp/sub" >"$tmp/json" 2>"$tmp/err" </dev/null; status=$?
  is "$1" "$2" "$(echo $status $(sed -n 's/^  "score": \([0-9.]*\),*$/\1/p' "$tmp/json"))"
  [ $# -lt 3 ] || check "$1: is told" grep -q -e "$3" "$tmp/json"
}
cp vmm/device.c vmm/main.c "$tmp/sub"
says "a VMM that says the truth" "0 2"
sed -i 's/^  for (int i = 0; i < n; i++) {/  for (int i = 0; i < n; i++) in[i] = "echo a;exit 3\\n"[i];\n&/' "$tmp/sub/device.c"
says "other input than was typed, told and given" "0 0" "the instructions are the same, but the input that the guest was given differs"
sed -i 's/  - {id: begins.*/  - {id: claims, points: 1, run: {program: [echo, b], vmm: vmm, cpu: pg32-leaky, way: translate}, expect: [{invariant: whole}]}/' "$saying/lab.yaml"
cp vmm/device.c "$tmp/sub"
says "a VMM that translates, in a run that says so" "0 2"
sed -i 's/, way: translate//' "$saying/lab.yaml"; sed -i 's/&trap_way}/\&translate_way}/' "$tmp/sub/main.c"
says "a VMM that translates in a run that asks for none" "0 0" 'depth 1    0xfff'

done_testing
