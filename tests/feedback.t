# feedback.t - the feedback of a wrong solution names its mistake, in 80 columns, and leads to the event that is wrong first.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# wrong LAB NAME TEST: the feedback of that wrong solution, about this test alone, is in $tmp/feedback
wrong() {
  for lab in labs/0"$1"-*; do :; done
  if [ ! -d "$tmp/$1" ]; then cp -R "$lab" "$tmp/$1"; rm -rf "$tmp/$1"/solution/wrong/*; fi
  mkdir -p "$tmp/$1/solution/wrong/$2"
  cp "$lab"/solution/reference/* "$tmp/$1/solution/wrong/$2"
  cp "$lab/solution/wrong/$2"/* "$tmp/$1/solution/wrong/$2"
  "$trapeze" grade "$tmp/$1" "$tmp/$1/solution/wrong/$2" --only "$3" >"$tmp/feedback" 2>"$tmp/err" </dev/null
  # sentences without their line breaks
  sed 's/^ *//' "$tmp/feedback" | tr '\n' ' ' >"$tmp/sentences"
}
# event LAB NAME TEST: the line of `trapeze trace` for the event that the feedback leads to
event() {
  event=$(sed -n 's/.*--event \([0-9]*\)$/\1/p' "$tmp/feedback")
  "$trapeze" trace --lab "$tmp/$1" --submission "$tmp/$1/solution/wrong/$2" --test "$3" 2>>"$tmp/err" </dev/null |
    awk -v event="$event" '$1 == event { $2 = ""; print }' | tr -s ' '
}

while IFS="|" read -r number name test sentence line; do
  wrong "$number" "$name" "$test"
  if grep -qE -e "$sentence" "$tmp/sentences"; then pass "$name: the mistake is named"
  else fail "$name: the mistake is named"; { echo "expected: $sentence"; cat "$tmp/feedback"; } | diag; fi
  is "$name: no line is longer than 80 columns, but what is to be copied" "" "$(grep '^.\{81\}' "$tmp/feedback" | grep -v '^      trapeze debug ')"
  is "$name: it leads to the event that is wrong" "$line" "$(event "$number" "$name" "$test" | sed 's/^[0-9]* //')"
done <<'END'
3|mfst-writes-zero|status|The VMM emulated `mtst zero` and left the guest's STATUS at 0x00005a00, .* other bits in ASID\. In the VM the register zero is not 0 any more: the VMM emulated `mfst zero` and put 0x00005a00 there\.|vm1 kernel PRIVILEGED mfst emulate
3|rfe-goes-on-behind|start|The VMM emulated `rfe` and resumed the guest at 0x[0-9a-f]*; the bare machine goes on at 0x|vm1 kernel PRIVILEGED rfe other
3|tlbw-in-place-forgotten|tlbw|finds another word than on the bare machine\. The guest's last tlbw for page 0x00400 .* leads to frame|vm1 kernel PRIVILEGED tlbw emulate
4|translation-kept|rfe|at its vector, but left the virtual STATUS at 0x00000404, where a trap makes it 0x00000400: translation is still on\.|vm1 kernel FETCH_MISS 0x00400000 other
4|translation-kept|four-steps|passed the trap \(DEVICE\) .* left the virtual STATUS at 0x00000104, .* translation is still on\.|vm1 kernel PRIVILEGED rfe other
4|asid-lost|words|passed the trap \(SYSCALL\) .* left the virtual STATUS at 0x00000000, .* the ASID differs\.|vm1 kernel SYSCALL a7=0 reflect
4|vector-at-reset|time|The VMM answered the trap \(LOAD_MISALIGNED\) of `lw a2, 1\(zero\)` by resuming the guest at 0x|vm1 kernel LOAD_MISALIGNED 0x00000001 other
5|vpn-in-place|start|The guest trapped \(PRIVILEGED, PC 0x[0-9a-f]*\) and was never resumed: its VMM ended\.|vm1 kernel PRIVILEGED tlbw kill
6|bytes-answered|access|The VMM emulated a load at 0x[0-9a-f]* of address 0xf0000004, where the bare machine traps \(LOAD_BUS\)\.|vm1 user LOAD_MISS 0xf0000004 emulate
6|budget-forgotten|timer|The bare machine's TIMER is 0 here, and the interrupt comes; in the VM the guest goes on|vm1 kernel PRIVILEGED rfe emulate
END

# Two mistakes in one submission are each named, though the first one's test comes before all others: in the files of wrong
# solution NAME, with the lines that SED takes away, and the file of the installed VMM if there is one, the TEST that is
# skipped says SENTENCE; how many of the skipped tests name a mistake.
# (Labs 5 and 6 with LONG=1: `make test-long`.)
while IFS="|" read -r number name sed test sentence count; do
  [ -n "${LONG:-}" ] || [ "$number" -lt 5 ] || continue
  wrong "$number" "$name" "$test"
  both=$tmp/$number/solution/wrong/$name
  for lab in labs/0"$number"-*; do :; done
  case $sed in /*) sed -i "$sed" "$both"/*.c ;; *) cp "$lab/solution/wrong/installed/$sed" "$both" ;; esac
  "$trapeze" grade "$tmp/$number" "$both" >"$tmp/feedback" 2>"$tmp/err" </dev/null
  sed 's/^ *//' "$tmp/feedback" | sed -n "/^$test: /,/^To look at it:/p" | tr '\n' ' ' >"$tmp/sentences"
  if grep -qE -e "^$test: .*Skipped: it comes after .*Run all the same, for no points, it shows another mistake: .*$sentence" "$tmp/sentences"
  then pass "$name behind another mistake: is named"
  else fail "$name behind another mistake: is named"; { echo "expected: $sentence"; cat "$tmp/feedback"; } | diag; fi
  is "$name behind another mistake: none is named twice, no points" "$count 0" \
    "$(grep -c 'it shows another mistake' "$tmp/feedback") $(sed -n 's/.* has \([0-9.]*\) of 100 points$/\1/p' "$tmp/feedback")"
done <<'END'
3|mfst-writes-zero|/e\[vm_older . i\]/d|status|the VMM emulated `mfst zero` and put|1
4|translation-kept|/OLDER . i/d|user|translation is still on\.|2
5|prot-told-as-miss|vtlb.c|rights|The VMM reported LOAD_PROT to the guest's kernel as LOAD_MISS|2
6|budget-forgotten|device.c|timer|The bare machine's TIMER is 0 here, and the interrupt comes|1
END

# A VMM that gives its guest up writes a message and ends, which takes more events than are shown: what it was about is shown.
mkdir "$tmp/port"; cp labs/11-paravirtualize/starter/port.S "$tmp/port"
"$trapeze" grade labs/11-paravirtualize "$tmp/port" --only first >"$tmp/feedback" 2>"$tmp/err" </dev/null
is "what the VMM said" 1 "$(sed 's/^[ |]*//' "$tmp/feedback" | tr '\n' ' ' | grep -c "The console's last line is vmm: the guest is stopped: .* a privileged instruction at pc")"
is "the guest's last trap" "vm1 kernel PRIVILEGED rfe kill" "$(grep -A1 "^ *The guest's last trap" "$tmp/feedback" | sed -n '2s/^ *> *[0-9]* *[0-9]* //p' | tr -s ' ')"

# What several expectations have to show is shown once.
wrong 7 result-lost registers
is "the same events are shown once" "1 1" "$(grep -c '^ *The last events:' "$tmp/feedback") $(grep -c 'What the machine did is shown above' "$tmp/feedback")"
wrong 4 translation-kept os
is "so is the same difference" "1 1" "$(grep -c 'fidelity does not hold' "$tmp/feedback") $(grep -c 'What the machine did is shown above' "$tmp/feedback")"
wrong 4 translation-kept rfe
is "a hint about a difference is not for a VMM that has stopped its guest" "0 1" "$(grep -c 'rfe is the mirror' "$tmp/sentences") $(grep -c 'Hint: The VMM has stopped its guest' "$tmp/sentences")"
done_testing
