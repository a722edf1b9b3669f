# wrong-vmms.t - eight VMMs with one mistake each (wrong-vmms/*.patch), and what is said of each mistake: by
# `verify fidelity`, from the machines that it compares.
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

"$trapeze" verify fidelity --image "$tmp/guest" >"$tmp/out" 2>&1 </dev/null
is "the right VMM: fidelity holds" 0 $?

while IFS='|' read -r name fidelity; do
  if ! wrong_vmm "$name"; then fail "$name can be built"; continue; fi
  fidelity "$fidelity"
done <<'END'
syscall-serviced|^The VMM serviced the guest's system call itself: .* a7 = 9, .* its own kernel was not entered\.$
rights-widened|^The shadow has W, the guest's entry has not: for page 0x70000 the guest's TLB has R--, .* has RW-\.$
mode-kept|^The VMM passed the trap \(SYSCALL\) .* at 0x00000101, .* 0x00000100: the mode was not flipped,
host-clock|^The VMM answered the load of CLOCK_LO with [0-9]+; .* the guest was shown the host's clock\.$
tlbi-forgotten|page 0x70000 .* a stale entry, which the guest's tlbi \(scope 2, rs1 = 0x70000001\) .* took away\.$
undefined-emulated|^The VMM emulated an undefined instruction: .* trapped \(ILLEGAL\),
protection-as-miss|^The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000 \(R--\), .* a store\.$
write-mended|^The machine did trap \(STORE_PROT\), and the VMM mended the fault itself:
END
done_testing
