# talk.t - the lecture of twenty minutes (tools/talk, `make lecture`): it runs through, and fits a terminal of 80 x 24.
. tests/tap.sh
normal_tlb

talk() { BUILD=$BUILD timeout 120 tools/talk "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }

talk --list
is "a step has its minutes, all together 20" "    20 minutes" "$(tail -n 1 "$tmp/out")"
steps=$(grep -c ' from minute ' "$tmp/out")
talk --straight
is "it runs through: each command ends as it should" "0 " "$status $(cat "$tmp/err")"
is "all steps" "$steps" "$(grep -c '^== [0-9]*\. ' "$tmp/out")"
is "each step has something to say, and a command" "" \
  "$(awk '/^== / {if (step && (words < 30 || !run)) print step; step = $0; words = run = 0} /^\$ / {run = 1} !run {words += NF}
    END {if (words < 30 || !run) print step}' "$tmp/out")"
is "no line is wider than a terminal" "" "$(python3 -c "
for line in open('$tmp/out', encoding='utf-8'):
    if len(line) > 81: print(line, end='')")"
is "nothing is higher than a terminal, the line that waits included" "" \
  "$(awk '/^== |^\$ / {if (n > 22) print n ": " head; head = $0; n = 0} {n++} END {if (n > 22) print n ": " head}' "$tmp/out")"
for said in '1. syscall: host OS vectors trap to VMM.' '7. VMM inspects trap' 'Theorem 1 holds' 'S1 S2' \
  'fidelity does not hold' 'trap_entry' 'STATUS is 0x00000107: user mode' 'programs: cycles, bare = 1' 'so many fit into 16 MiB'; do
  check "there is: $said" grep -qF "$said" "$tmp/out"
done
talk --straight --from "$steps"
is "--from the last step: that one alone" 1 "$(grep -c '^== ' "$tmp/out")"
mkdir "$tmp/bin"; printf '#!/bin/sh\nexit 3\n' >"$tmp/bin/trapeze"; chmod +x "$tmp/bin/trapeze"
real=$BUILD; BUILD=$tmp; talk --straight --from 7; BUILD=$real
is "a command that does not end as it should: exit status" 1 "$status"
check "and it is said" grep -q 'exit status 3; expected' "$tmp/err"
talk --form 2
is "wrong usage: exit status" 125 "$status"
check "wrong usage: is said" grep -q -e '--form: expected --from N, --straight or --list' "$tmp/err"
done_testing
