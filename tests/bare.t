# bare.t - a kernel that shares nothing with ours runs on the machine and under our VMM, cannot tell, and is traced right.
. tests/tap.sh

check "mini builds" "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/mini" tests/bare/mini.S
cat >"$tmp/expected" <<'EOT'
mini: a kernel of its own
mini: the sum is 32896
mini: timer interrupts: 4
EOT
for depth in 0 1 2; do
  for engine in $(engines); do
    "$BUILD/bin/trapeze" run --image "$tmp/mini" --engine "$engine" --depth $depth >"$tmp/out" 2>"$tmp/err" </dev/null
    is "mini's status, $engine, depth $depth" 42 $?
    same "mini's console, $engine, depth $depth" "$tmp/expected" "$tmp/out"
    diag <"$tmp/err"
  done
done

# The lecture's lists, recognized without any mark. What the program does on the bare machine says what they must be.
trace() { "$BUILD/bin/trapeze" trace "$@" --image "$tmp/mini" </dev/null 2>"$tmp/err"; }
trace --format json --depth 0 >"$tmp/trace0"
trace --format json --depth 1 >"$tmp/trace1"
trace --lists --depth 1 >"$tmp/lists"
trap_of='s/.*"cause":"\(SYSCALL\|[A-Z]*_MISS\)","pc":\([0-9]*\),"badva":\([0-9]*\).*/\1 \2 \3/p'
grep '"from":"[^"]*user"' "$tmp/trace0" | sed -n "$trap_of" >"$tmp/bare"
grep '"step":1,"level":1' "$tmp/trace1" | sed -n "$trap_of" >"$tmp/first"
check "the program calls and faults" test "$(wc -l <"$tmp/bare")" -ge 12
same "each of its calls and faults begins a list, nothing else does" "$tmp/bare" "$tmp/first"

# LIST EVENT STEP, one a line; a step may be several events, and 0 stands for what follows step 7
sed 's/{"list"/\n&/g' "$tmp/trace1" |
  sed -n 's/^{"list":"\([a-z]*\)","step":\([1-9]\),"level":1,"list_event":\([0-9]*\).*/\1 \3 \2/p' |
  awk '!seen[$0]++ { if (!($2 in steps)) order[++n] = $2; list[$2] = $1; steps[$2] = steps[$2] $3 }
       END { for (i = 1; i <= n; i++) print list[order[i]], steps[order[i]] }' >"$tmp/steps"
sed 's/^SYSCALL.*/syscall 1234/; s/^[A-Z]*_MISS.*/tlb 1234567/; $s/1234/12/' "$tmp/bare" >"$tmp/complete"
same "every list is complete and in order; the last call, exit, ends at step 2" "$tmp/complete" "$tmp/steps"

# The evidence: the entry that the handler loads is the page less OFFSET, in its ASID.
sed -n 's/.*"step":4,[^}]*: page 0x4\(....\), ASID \([0-9]*\) -> frame 0x0\(....\) .*/\1 \2 \3/p' "$tmp/trace1" >"$tmp/entries"
is "step 4 quotes the entry" "$(grep -c ^tlb "$tmp/steps")" "$(awk '$1 == $3 && $2 == 77' "$tmp/entries" | wc -l)"
is "a TLB fault is three exits" "$(grep -c ^tlb "$tmp/steps")" "$(grep -c '^TLB fault at .* by vm1 user at .*: 3 exits' "$tmp/lists")"
is "a call without devices is two" 1 "$(grep -c '^System call (a7 = 2) by vm1 user at .*: 2 exits' "$tmp/lists")"
done_testing
