# checker.t - what a trace says, verified by a checker that shares no code with the recorder (checker/check_trace.py):
# each verdict, step, return and sentence, from the machine's words. `make check-traces` checks more and longer runs.
. tests/tap.sh
normal_tlb

"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/mini" tests/bare/mini.S || exit 1
"$BUILD/bin/pg32-cc" -T bare -O2 -I. -o "$tmp/cow" tests/checker/cow.S tests/checker/cow.c || exit 1
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/guest" tests/wrong-vmms/guest.S || exit 1

printf 'cow: the sum is 72\ncow: the sum is 72\n' >"$tmp/expected"
for depth in 0 1 2; do
  "$BUILD/bin/trapeze" run --image "$tmp/cow" --depth $depth >"$tmp/out" 2>&1 </dev/null
  is "cow's status, depth $depth" 42 $?
  same "cow's console, depth $depth" "$tmp/expected" "$tmp/out"
done

# true_trace NAME RUN...: each statement of that run's trace is true
true_trace() {
  true_name=$1; shift
  check "nothing false is said: $true_name" python3 -B tests/checker/check_trace.py "$BUILD/bin/trapeze" "$@"
}
true_trace "mini, depth 1" --depth 1 --image "$tmp/mini"
true_trace "mini, depth 2" --depth 2 --image "$tmp/mini"
true_trace "mini, depth 1, a small TLB" --depth 1 --tlb 16 --image "$tmp/mini"
true_trace "the wrong VMMs' guest with the right VMM" --depth 1 --image "$tmp/guest"
true_trace "our own kernel, lecture, depth 1" --depth 1 lecture
true_trace "a kernel that copies on write, depth 1" --depth 1 --image "$tmp/cow"
done_testing
