# labs.t - every lab keeps what `trapeze lab check` asks of it: the reference has full marks, each wrong solution fails exactly
# what it must, each test is failed by one, two gradings are alike. `labs.t 4` checks the one with that number. Only LONG=1
# (`make test-long`) grades all wrong solutions, and twice, and tries all cheats; else --quick does for a few minutes' saving,
# and of most labs the reference alone is graded: all of it is tried of lab 1 (text), 3 (a VMM), 7 (assembly), 10 (a kernel).
. tests/tap.sh
normal_tlb
quick=--quick; [ -z "${LONG:-}" ] || quick=

# all that does not hold, else the last line; the checks that hold are many
lab_check() {
  "$BUILD/bin/trapeze" lab check $quick "$1" >"$tmp/check" 2>&1
  status=$?
  grep -v '^ok ' "$tmp/check"
  return $status
}

# full_marks LAB: the reference's
full_marks() {
  "$BUILD/bin/trapeze" grade "$1" "$1/solution/reference" >"$tmp/check" 2>&1; status=$?
  sed -n 2p "$tmp/check" | grep -q 'has \([0-9]*\) of \1 points' || { cat "$tmp/check"; status=1; }
  return $status
}

for lab in labs/[0-9]*/lab.yaml; do
  lab=${lab%/lab.yaml} name=${lab##*/}
  number=${name%%-*}
  if [ $# -gt 0 ]; then case " $* " in *" ${number#0} "*) ;; *) continue ;; esac; fi
  case $#,${LONG:-},$number in
  0,,0[245689]) check "$name: its reference has full marks" full_marks "$lab" ;;
  *) check "$name keeps its word" lab_check "$lab" ;;
  esac
done

# Labs are whole in themselves, so the probing kernels' common words are in each: the same in each.
for copy in labs/*/tests/probe.inc; do cmp labs/03-deprivilege/tests/probe.inc "$copy"; done >"$tmp/copies" 2>&1
is "probe.inc is the same in every lab" "" "$(cat "$tmp/copies")"
done_testing
