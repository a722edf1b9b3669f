# lists.t - the lists of kernels without marks, and how each ends: trapeze trace --lists says what the run shows, no more.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# kernel NAME ARGS...: the lists of lists.S built with -DNAME, each on one line, in $tmp/lists
kernel() {
  name=$1; shift
  "$BUILD/bin/pg32-cc" -T bare -I. -D"$name" -o "$tmp/image" tests/bare/lists.S || diag <"$tmp/err"
  for depth in 1 2; do
    "$trapeze" trace --image "$tmp/image" --depth $depth "$@" --lists </dev/null 2>"$tmp/err" |
      awk -v RS= '{ gsub(/[ \n]+/, " "); print }' >"$tmp/lists.$depth"
    grep "^[A-Z].* by $([ $depth = 1 ] && echo vm1 || echo 'vm1\.1')[ /]" "$tmp/lists.$depth" >"$tmp/own.$depth"
  done
}
# lists N NAME PATTERN: so many of the innermost guest's lists match, at each depth
lists() {
  is "$2" "$1 $1" "$(grep -c -- "$3" "$tmp/own.1") $(grep -c -- "$3" "$tmp/own.2")"
}

kernel SWITCH
lists 6 "two processes at the same address: system calls" '^System call'
lists 4 "each returns to the process that made it" 'after its syscall, with a0 = [12] '
lists 2 "the two last do not" 'It did not return: the machine has ended\.$'
is "1 and 2 take turns" "1 2 1 2" "$(sed -n 's/.*after its syscall, with a0 = \([12]\) .*/\1/p' "$tmp/own.1" | xargs)"

kernel TWINS
lists 6 "two processes in one ASID that are alike: system calls" '^System call'
lists 0 "none is said to return" 'after its syscall'
lists 5 "and why" 'It was not seen to return: its ASID was invalidated, and may be another address space.s now\.$'
lists 1 "but for the last one, which did not" 'It did not return: the machine has ended\.$'

kernel SUCCESSOR
lists 0 "a program that begins where the call of another would return in that ASID" 'after its syscall'
lists 1 "that call" 'It was not seen to return: its ASID was invalidated, and may be another address space.s now\.$'

kernel UPCALL
lists 1 "an upcall" 'elsewhere, at 0x[0-9a-f]*, in the same ASID, 1\. It was not seen to return: its address space runs on elsewhere\.$'

kernel MOVED
lists 1 "a call that an upcall in another ASID goes back to" 'It was not seen to return: its ASID was invalidated, '
lists 2 "the two others" 'It did not return: the machine has ended\.$'

kernel FORK
lists 1 "a fork returns to the parent" 'after its syscall, with a0 = 1 '
lists 0 "not to the child" 'after its syscall, with a0 = 0 '

kernel CLONE
lists 3 "a thread that begins where a call returns: system calls" '^System call'
lists 1 "the call returns to the first thread" 'after its syscall, with a0 = 1 '
lists 0 "not to the new one" 'after its syscall, with a0 = 0 '

kernel RESTART
lists 1 "a restart" 'was resumed elsewhere, at 0x[0-9a-f]*: at its syscall, which it makes again. It did not return there\.$'
lists 1 "the call that is made again returns" 'after its syscall, with a0'

kernel JUMP
lists 1 "a return without rfe" 'executed `mtst t0` .* and from there jumps to .*, after its syscall, with a0 = 77 '

kernel PAGER
lists 1 "an entry that was loaded for another process" '^TLB fault .* executed `tlbw .* 7\. .* the instruction is tried again\.$'
lists 0 "none is missed" 'no entry was loaded\|without an entry'

kernel NEIGHBOUR
lists 1 "an entry for another address space is none" 'It returned without an entry for the page\.$'
lists 0 "nor a step" 'executed `tlbw t0, t1` at 0x[0-9a-f]*: page 0x70000, ASID 2 '
lists 1 "an entry for its own" '^TLB fault .* 4\. [^`]*executed `tlbw t0, t1` at 0x[0-9a-f]*: page 0x70000, ASID 1 '

kernel SKIP
lists 1 "a store that is skipped" '^Protection fault .* elsewhere, at .*: after the instruction that faulted\. It did not return there\.$'

kernel COPY
lists 1 "copy on write, in seven steps" '^Protection fault .* 1\. .* 2\. .* 3\. .* 4\. .* 5\. .* 6\. .* 7\. .* the instruction is tried again\.$'
lists 1 "whose words are not the lecture's" '^Protection fault .*The lecture has no list for it\. The numbered sentences are ours\.'
lists 1 "an entry that does not allow the store is no step" ' 4\. [^`]*executed `tlbw t0, t1` at 0x[0-9a-f]*: page 0x70000, ASID 1 -> frame 0x[0-9a-f]* rw-'
"$trapeze" trace --image "$tmp/image" --depth 2 --tree --cause protection </dev/null 2>/dev/null >"$tmp/tree"
check "its tree" grep -q '^Protection fault by vm1\.1 user' "$tmp/tree"
for step in 1 2 3 4 5 6 7; do check "has P$step" grep -q "P$step" "$tmp/tree"; done
"$trapeze" trace --image "$tmp/image" --depth 1 --format json </dev/null 2>/dev/null >"$tmp/json"
check "JSON: its list" grep -q '"list":"protection","step":7,"level":1' "$tmp/json"
check "JSON: its end" grep -q '"list":"protection","step":0,[^}]*"end":"returned"' "$tmp/json"

kernel INTERRUPTED
lists 1 "a return before which an interrupt comes" 'executed rfe .* after its syscall'
lists 1 "and one that is not seen to go on" 'The guest kernel returned, but an interrupt came first: it was not seen to run on\.$'

kernel FAKE
lists 3 "a kernel that marks a VM that it has not: system calls of its user" '^System call .* by [^ /]* user'
"$trapeze" trace --image "$tmp/image" --depth 1 --format json </dev/null 2>/dev/null >"$tmp/json"
is "no VM is invented" 0 "$(grep -c 'vm1\.1' "$tmp/json")"

# What is not over yet has not failed to return.
kernel SWITCH
steps=$("$trapeze" run --image "$tmp/image" --depth 1 --stats "$tmp/stats" </dev/null 2>/dev/null; sed -n 's/.*"instructions": \([0-9]*\).*/\1/p' "$tmp/stats" | head -n 1)
"$trapeze" trace --image "$tmp/image" --max-insns $((steps - 2500)) --lists </dev/null 2>/dev/null >"$tmp/lists"
check "a run that is stopped" grep -q 'It was not seen to return: the trace ends before\.' "$tmp/lists"
is "does not say that a call did not return" 0 "$(grep -c 'It did not return' "$tmp/lists")"
"$trapeze" trace --image "$tmp/image" --lane nobody --lists </dev/null 2>/dev/null >"$tmp/lists"
check "totals count the run, not the filter" grep -q '^In the whole run: 6 system calls, 0 TLB faults' "$tmp/lists"
done_testing
