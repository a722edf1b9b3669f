# wrong-vmms.t - VMMs with one mistake each (wrong-vmms/*.patch), and what is said of each mistake: by `verify fidelity`,
# by the trace, and by `why` in the debugger. At depth 2 the VMM of one level is wrong, the other right: only the wrong
# one is blamed.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/guest" tests/wrong-vmms/guest.S || exit 1
mkdir "$tmp/initrd" && tar -xf "$BUILD/share/trapeze/initrd.tar" -C "$tmp/initrd" && cp "$tmp/guest" "$tmp/initrd/boot" &&
  tar --format=ustar -cf "$tmp/initrd.tar" -C "$tmp/initrd" bin boot etc || exit 1

# wrong_vmm NAME: builds the VMM with that patch as $tmp/vmm
wrong_vmm() {
  rm -rf "$tmp/tree"
  mkdir "$tmp/tree" && cp -r vmm "$tmp/tree" &&
    patch -s -d "$tmp/tree" -p1 <"tests/wrong-vmms/$1.patch" &&
    "$BUILD/bin/pg32-cc" -O2 -g -o "$tmp/vmm" "$tmp"/tree/vmm/*.c "$tmp"/tree/vmm/*/*.c && cp "$tmp/vmm" "$tmp/inner"
}

# says NAME PATTERN: an extended regular expression for one line of what was said
says() {
  if grep -qE "$2" "$tmp/out"; then pass "$1"; else fail "$1"; { echo "expected: $2"; cat "$tmp/out"; } | diag; fi
}

fidelity() {
  "$trapeze" verify fidelity --vmm "$tmp/vmm" --image "$tmp/guest" --max-insns 3M >"$tmp/out" 2>&1 </dev/null
  is "$name: fidelity fails" 1 $?
  says "$name: fidelity names the mistake" "$1"
}

# options DEPTH WRONG: a run in which the VMM of level WRONG is wrong, of DEPTH
options() {
  case $1$2 in
  11) echo "--max-insns 3M --vmm $tmp/vmm --image $tmp/guest" ;;
  21) echo "--max-insns 5M --vmm $tmp/vmm --initrd $tmp/initrd.tar vmm -m 1024K --initrd none /boot/guest" ;;
  33) echo "--max-insns 12M --depth 2 --initrd $tmp/initrd.tar $tmp/inner -m 1024K --initrd none /boot/guest" ;;
  22) echo "--max-insns 5M --initrd $tmp/initrd.tar $tmp/inner -m 1024K --initrd none /boot/guest" ;;
  esac
}

# trace DEPTH WRONG PATTERN: what is said of the first wrong answer, and what `why` says at its event
trace() {
  where="$name, level $2 of $1"
  "$trapeze" trace $(options "$1" "$2") >"$tmp/trace" 2>"$tmp/err" </dev/null
  grep -m 1 -B 1 '^ *level [123]: ' "$tmp/trace" >"$tmp/out"
  says "$where: trace names the mistake" "^ *level $2: $3"
  is "$where: the VMM of the other level is blamed for nothing" 0 "$(grep '^ *level [123]: ' "$tmp/trace" | grep -cv "level $2:")"
  event=$(awk 'NR == 1 {print $1}' "$tmp/out") lane=$(awk 'NR == 1 {print $3}' "$tmp/out")
  printf 'goto #%s\nwhy\n' "$event" | "$trapeze" debug --batch -x - $(options "$1" "$2") >"$tmp/out" 2>&1
  at= # a trap out of a VM in a VM has two answers
  case $lane in vm1.1*) at="(.* )?At level $2: " ;; esac
  says "$where: why names the mistake, at #$event" "^[^.]*(\.1[^.]*)*\. The machine enters host kernel\. $at$3"
}

"$trapeze" trace --image "$tmp/guest" >"$tmp/out" 2>/dev/null </dev/null
is "the right VMM: no answer is wrong" 0 "$(grep -cE 'level [123]|wrong|other' "$tmp/out")"
"$trapeze" verify fidelity --image "$tmp/guest" >"$tmp/out" 2>&1 </dev/null
is "the right VMM: fidelity holds" 0 $?
cp "$BUILD/guest/bin/vmm" "$tmp/inner"
"$trapeze" trace $(options 2 2) >"$tmp/out" 2>/dev/null </dev/null
is "the right VMM in a VM: no answer is wrong" 0 "$(grep -cE 'level [123]|wrong|other' "$tmp/out")"

while IFS='|' read -r what pattern; do
  case $what in
  "trace 2"*) [ -z "${LONG:-}" ] || trace ${what#trace} "$pattern" ;; # `make test-long`
  trace*) trace ${what#trace} "$pattern" ;;
  *)
    name=$what
    if ! wrong_vmm "$name"; then fail "$name can be built"; continue; fi
    fidelity "$pattern" ;;
  esac
done <<'END'
syscall-serviced|^The VMM serviced the guest's system call itself: .* a7 = 9, .* its own kernel was not entered\.$
trace 1 1|The VMM serviced the guest's system call \(a7 = 9\) itself: .* the guest's kernel was not entered\.$
trace 2 1|The VMM serviced the guest's system call \(a7 = 9\) itself: .* the guest's kernel was not entered\.$
trace 2 2|The VMM serviced the guest's system call \(a7 = 9\) itself: .* the guest's kernel was not entered\.$
rights-widened|^The shadow has W, the guest's entry has not: for page 0x70000 the guest's TLB has R--, .* has RW-\.$
trace 1 1|The shadow has W, the guest's entry has not: for page 0x70000, ASID 1 the machine's TLB has RW-, the guest's TLB has R--\.$
trace 2 1|The shadow has W, the guest's entry has not: for page 0x00010, .* the machine's TLB has RWX, the guest's TLB has R-X\.$
trace 2 2|The shadow has W, the guest's entry has not: for page 0x70000, ASID 1 the TLB of the VM around it has RW-, the guest's TLB has R--\.$
trace 3 3|The shadow has W, the guest's entry has not: for page 0x70000, ASID 1 the TLB of the VM around it has RW-, the guest's TLB has R--\.$
mode-kept|^The VMM passed the trap \(SYSCALL\) .* at 0x00000101, .* 0x00000100: the mode was not flipped,
trace 1 1|The VMM passed the trap .* as PRIVILEGED, .* 0x00000100 has U = 0: .* 0x00000101, with U = 1: the mode was not flipped\.$
trace 2 2|The VMM passed the trap .* as PRIVILEGED, .* 0x00000100 has U = 0: .* 0x00000101, with U = 1: the mode was not flipped\.$
host-clock|^The VMM answered the load of CLOCK_LO with [0-9]+; .* the guest was shown the host's clock\.$
trace 1 1|The guest was shown the host's clock: CLOCK_LO read [0-9]+, but only [0-9]+ ticks have passed since its VM began\.$
trace 2 2|The guest was shown the clock of the VM around it: CLOCK_LO read [0-9]+, but only [0-9]+ ticks have passed since its VM began\.$
tlbi-forgotten|page 0x70000 .* a stale entry, which the guest's tlbi \(scope 2, rs1 = 0x70000001\) .* took away\.$
trace 1 1|The guest runs on with a stale entry for page 0x70000, ASID 1 \(RW-\) in the machine's TLB: the guest's own TLB has none,
trace 2 1|The guest runs on with a stale entry for page 0x70000, ASID [0-9]+ \(RW-\) in the machine's TLB: the guest's own TLB has none,
trace 2 2|The guest runs on with a stale entry for page 0x70000, ASID 1 \(RW-\) in the TLB of the VM around it: the guest's own TLB has none,
tlbi-asid-forgotten|page 0x70000 .* a stale entry, which the guest's tlbi \(scope 1, rs1 = 0x00000001\) .* took away\.$
trace 1 1|The guest runs on with a stale entry for page 0x70000, ASID 1 \(R--\) in the machine's TLB: the guest's own TLB has none,
trace 2 2|The guest runs on with a stale entry for page 0x70000, ASID 1 \(R--\) in the TLB of the VM around it: the guest's own TLB has none,
undefined-emulated|^The VMM emulated an undefined instruction: .* trapped \(ILLEGAL\),
trace 1 1|The VMM emulated an undefined instruction \(0x00000000\): .* should have seen ILLEGAL\.$
trace 2 2|The VMM emulated an undefined instruction \(0x00000000\): .* should have seen ILLEGAL\.$
protection-as-miss|^The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000 \(R--\), .* a store\.$
trace 1 1|The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000, which does not allow the store\.$
trace 2 1|The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000, which does not allow the store\.$
trace 2 2|The VMM reported STORE_PROT to the guest's kernel as STORE_MISS: .* page 0x70000, which does not allow the store\.$
write-mended|^The machine did trap \(STORE_PROT\), and the VMM mended the fault itself:
trace 1 1|The VMM mended a protection fault itself: .* page 0x70000, .* should have seen STORE_PROT \(as for copy on write\);
trace 2 2|The VMM mended a protection fault itself: .* page 0x70000, .* should have seen STORE_PROT \(as for copy on write\);
break-skipped|^The VMM emulated `break` itself: the guest went on at 0x00010010, and its own kernel was not entered\.$
trace 1 1|The VMM resumed the guest behind the instruction, where its kernel should have seen BREAK:
trace 2 2|The VMM resumed the guest behind the instruction, where its kernel should have seen BREAK:
break-repeated|^The VMM answered `break` by resuming the guest at 0x0001000c; the trap should have been reflected
trace 1 1|The VMM resumed the guest at 0x0001000c, as no correct VMM does after this trap: the guest's kernel should have seen BREAK, at its vector\.$
break-stops|^  depth 1    nothing more: exit status 126$
END

# The VMM that stops at a break has given no wrong answer: it has given none.
"$trapeze" trace $(options 1 1) >"$tmp/out" 2>/dev/null </dev/null
is "break-stops: trace, no answer is wrong" 0 "$(grep -cE 'level 1|wrong|other' "$tmp/out")"
says "break-stops: trace" '^ *[0-9]+ +[0-9]+ vm1 user +BREAK +kill$'
printf 'break trap break\nc\nwhy\n' | "$trapeze" debug --batch -x - $(options 1 1) >"$tmp/out" 2>&1
says "break-stops: why" "^vm1 user executes break at 0x0001000c\. .* is never resumed: its VM ends\. A machine of its own would have entered the guest's kernel\.$"
done_testing
