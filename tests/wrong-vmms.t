# wrong-vmms.t - eight VMMs with one mistake each (wrong-vmms/*.patch), and what is said of each mistake: by
# `verify fidelity`, by the trace, and by `why` in the debugger.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/guest" tests/wrong-vmms/guest.S || exit 1

# wrong_vmm NAME: builds the VMM with that patch as $tmp/vmm
wrong_vmm() {
  rm -rf "$tmp/tree"
  mkdir "$tmp/tree" && cp -r vmm "$tmp/tree" &&
    patch -s -d "$tmp/tree" -p1 <"tests/wrong-vmms/$1.patch" &&
    "$BUILD/bin/pg32-cc" -O2 -g -o "$tmp/vmm" "$tmp"/tree/vmm/*.c
}

# says NAME PATTERN: an extended regular expression for one line of what was said
says() {
  if grep -qE "$2" "$tmp/out"; then pass "$1"; else fail "$1"; { echo "expected: $2"; cat "$tmp/out"; } | diag; fi
}

fidelity() {
  "$trapeze" verify fidelity --vmm "$tmp/vmm" --image "$tmp/guest" >"$tmp/out" 2>&1 </dev/null
  is "$name: fidelity fails" 1 $?
  says "$name: fidelity names the mistake" "$1"
}

# The first wrong answer in the trace, and what `why` says at its event. No other VMM has one.
trace() {
  "$trapeze" trace --vmm "$tmp/vmm" --image "$tmp/guest" >"$tmp/trace" 2>"$tmp/err" </dev/null
  grep -m 1 -B 1 '^ *level 1: ' "$tmp/trace" >"$tmp/out"
  says "$name: trace names the mistake" "^ *level 1: $1"
  event=$(awk 'NR == 1 {print $1}' "$tmp/out")
}
why() {
  printf 'goto #%s\nwhy\n' "$event" | "$trapeze" debug --batch -x - --vmm "$tmp/vmm" --image "$tmp/guest" >"$tmp/out" 2>&1
  says "$name: why names the mistake, at #$event" "^[^.]*\. The machine enters host kernel\. $1"
}

"$trapeze" trace --image "$tmp/guest" >"$tmp/out" 2>/dev/null </dev/null
is "the right VMM: no answer is wrong" 0 "$(grep -cE 'level 1|wrong|other' "$tmp/out")"
"$trapeze" verify fidelity --image "$tmp/guest" >"$tmp/out" 2>&1 </dev/null
is "the right VMM: fidelity holds" 0 $?

while IFS='|' read -r name pattern; do
  case $name in
  trace) name=$vmm; trace "$pattern"; why "$pattern" ;;
  *)
    if ! wrong_vmm "$name"; then fail "$name can be built"; continue; fi
    vmm=$name
    fidelity "$pattern" ;;
  esac
done <<'END'
syscall-serviced|^The VMM serviced the guest's system call itself: .* a7 = 9, .* its own kernel was not entered\.$
trace|The VMM serviced the guest's system call \(a7 = 9\) itself: .* the guest's kernel was not entered\.$
rights-widened|^The shadow has W, the guest's entry has not: for page 0x70000 the guest's TLB has R--, .* has RW-\.$
trace|The shadow has W, the guest's entry has not: for page 0x70000, ASID 1 .* has RW-, the guest's TLB has R--\.$
mode-kept|^The VMM passed the trap \(SYSCALL\) .* at 0x00000101, .* 0x00000100: the mode was not flipped,
trace|The VMM passed the trap .* as PRIVILEGED, .* 0x00000100 has U = 0: .* 0x00000101, with U = 1: the mode was not flipped\.$
host-clock|^The VMM answered the load of CLOCK_LO with [0-9]+; .* the guest was shown the host's clock\.$
trace|The guest was shown the host's clock: CLOCK_LO read [0-9]+, but only [0-9]+ ticks have passed since its VM began\.$
tlbi-forgotten|page 0x70000 .* a stale entry, which the guest's tlbi \(scope 2, rs1 = 0x70000001\) .* took away\.$
trace|The guest runs on with a stale entry for page 0x70000, ASID 1 \(RW-\) in the machine's TLB: the guest's own TLB has none,
undefined-emulated|^The VMM emulated an undefined instruction: .* trapped \(ILLEGAL\),
trace|The VMM emulated an undefined instruction \(0x00000000\): .* should have seen ILLEGAL\.$
protection-as-miss|^The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000 \(R--\), .* a store\.$
trace|The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000, which does not allow the store\.$
write-mended|^The machine did trap \(STORE_PROT\), and the VMM mended the fault itself:
trace|The VMM mended a protection fault itself: .* page 0x70000, .* should have seen STORE_PROT \(as for copy on write\);
END
done_testing
