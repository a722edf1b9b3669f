# checker.t - what a trace says, and what `why` says, verified by a checker that shares no code with the recorder
# (checker/check_trace.py). `make check-traces` checks more and longer runs.
. tests/tap.sh
normal_tlb

"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/mini" tests/bare/mini.S || exit 1
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/guest" tests/wrong-vmms/guest.S || exit 1
"$BUILD/bin/pg32-cc" -T bare -O2 -I. -o "$tmp/cow" tests/checker/cow.S tests/checker/cow.c || exit 1
"$BUILD/bin/pg32-cc" -T bare -O2 -I. -o "$tmp/courier" tests/checker/courier.S tests/checker/courier.c || exit 1
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/flat" tests/checker/flat.S || exit 1

printf 'cow: the sum is 72\ncow: the sum is 72\n' >"$tmp/cow.out"
printf '%scourier: task %s\n' '' '5 has 2' '' '3 has 27' '' '4 has 29' cd '1 has 31' '' '2 has 25' ab '0 has 0' \
  >"$tmp/courier.out"
printf bDdHaJcF >"$tmp/flat.out"
for kernel in cow courier flat; do
  for depth in 0 1 2; do
    "$BUILD/bin/trapeze" run --image "$tmp/$kernel" --depth $depth >"$tmp/out" 2>&1 </dev/null
    is "$kernel's status, depth $depth" 42 $?
    same "$kernel's console, depth $depth" "$tmp/$kernel.out" "$tmp/out"
  done
done

# true_trace NAME WORDS...: each statement of that run's trace is true; WORDS are those of check_trace.py
true_trace() {
  true_name=$1; shift
  check "nothing false is said: $true_name" python3 -B tests/checker/check_trace.py "$@"
}
trapeze=$BUILD/bin/trapeze
true_trace "mini, depth 1" "$trapeze" --depth 1 --image "$tmp/mini"
true_trace "mini, depth 1, a small TLB" "$trapeze" --depth 1 --tlb 16 --image "$tmp/mini"
true_trace "the wrong VMMs' guest with the right VMM" "$trapeze" --depth 1 --image "$tmp/guest"
true_trace "our own kernel, lecture, depth 1" "$trapeze" --depth 1 lecture
true_trace "a kernel that copies on write, depth 1" --task 0x40 "$trapeze" --depth 1 --image "$tmp/cow" 1
true_trace "more tasks than ASIDs, depth 1" --task 0x40 "$trapeze" --depth 1 --image "$tmp/courier" 2
true_trace "no translation, depth 1" --task 0x40 "$trapeze" --depth 1 --image "$tmp/flat" 7
[ -z "${LONG:-}" ] || true_trace "no translation, depth 2" --task 0x40 "$trapeze" --depth 2 --image "$tmp/flat" 2
"$BUILD/bin/pg32-cc" -T bare -I. -DNESTED -o "$tmp/nested" tests/bare/lists.S || exit 1
lab=labs/11-paravirtualize
"$BUILD/bin/pg32-cc" -T bare -I. -I$lab/tests -o "$tmp/para" $lab/solution/reference/port.S $lab/starter/kernel.S $lab/tests/drops.S || exit 1
true_trace "a kernel that knows that it is a guest, depth 1" "$trapeze" --way para --depth 1 --image "$tmp/para"
[ -z "${LONG:-}" ] || true_trace "our own paravirtual kernel, depth 2" "$trapeze" --way para --depth 2 hello
true_trace "a kernel that traps itself, and returns by mtst" "$trapeze" --image "$tmp/nested"

# A VMM with a mistake: each wrong answer is called so, and named.
for wrong in protection-as-miss ${LONG:+tlbi-forgotten tlbi-asid-forgotten}; do
  rm -rf "$tmp/tree"
  mkdir "$tmp/tree" && cp -r vmm "$tmp/tree" && patch -s -d "$tmp/tree" -p1 <"tests/wrong-vmms/$wrong.patch" &&
    "$BUILD/bin/pg32-cc" -O2 -g -o "$tmp/vmm" "$tmp"/tree/vmm/*.c "$tmp"/tree/vmm/*/*.c
  true_trace "$wrong" "$trapeze" --vmm "$tmp/vmm" --image "$tmp/guest"
done
done_testing
