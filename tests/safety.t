# safety.t - hostile guests change nothing for their neighbours, and whoever checks it notices when they do.
. tests/tap.sh
normal_tlb
verify="$BUILD/bin/trapeze verify safety"

# ten million instructions of random machines and mutated kernels
timeout 300 $verify >"$tmp/out" 2>&1; status=$?
is "safety holds: exit status" 0 "$status"
is "safety holds" "safety holds" "$(tail -n 1 "$tmp/out")"
[ "$status" -eq 0 ] || diag <"$tmp/out"
insns=$(sed -n 's/.*hostile VMs: \([0-9]*\) guest instructions.*/\1/p' "$tmp/out")
is "at least ten million guest instructions" yes "$([ "${insns:-0}" -ge 10000000 ] && echo yes)"

# a guest that does nothing but walk over more pages than the TLB has entries
check "a guest that walks over its pages gets no more than its share" $verify --seed 14 --insns 1

# the same for guests that know that they are guests: random queues, rings and hypercalls; LONG: a thousand million of
# their own instructions
insns=12M; [ -z "${LONG:-}" ] || insns=1000M
timeout 3000 $verify --way para --insns $insns >"$tmp/out" 2>&1; status=$?
is "--way para: safety holds" "0 safety holds" "$status $(tail -n 1 "$tmp/out")"
[ "$status" -eq 0 ] || diag <"$tmp/out"

# the same for VMMs that translate: guests that load, store and jump where the translation is, and that write their own code;
# LONG: a thousand million of their own instructions each
insns=300K; [ -z "${LONG:-}" ] || insns=1000M
for way in translate translate,user; do
  timeout 3000 $verify --cpu pg32-leaky --way $way --insns $insns >"$tmp/out" 2>&1; status=$?
  is "--way $way: safety holds" "0 safety holds" "$status $(tail -n 1 "$tmp/out")"
  [ "$status" -eq 0 ] || diag <"$tmp/out"
done
$verify --way translate >"$tmp/out" 2>&1; is "a way that the CPU does not allow" 125 $?
check "is said" grep -q "expected trap or para on pg32, and translate on pg32-leaky" "$tmp/out"

# a round is its seed's, whatever ran before it
first=$($verify --seed 77 --insns 1 | sed 's/, [0-9]* s$//')
is "a seed repeats its round" "$first" "$($verify --insns 1 --seed 77 | sed 's/, [0-9]* s$//')"
other=$($verify --seed 78 --insns 1 | sed 's/, [0-9]* s$//')
is "another seed is another round" yes "$([ "$first" != "$other" ] && echo yes)"

check "--help" sh -c "$verify --help | grep -q -- --insns"
$verify --insns many >"$tmp/out" 2>&1; is "a number is expected" 125 $?
$verify extra >"$tmp/out" 2>&1; is "no word is expected" 125 $?

# a kernel and a VMM of one's own
check "our kernel and VMM as files" $verify --insns 1 --kernel "$BUILD/guest/boot/kernel" --vmm "$BUILD/guest/bin/vmm"
mkdir "$tmp/tree"
cp -r guestos isa "$tmp/tree"
patch -s -p1 -d "$tmp/tree" <tests/mutants/37-status-written.patch
check "a kernel with a fault builds" "$BUILD/bin/pg32-cc" -T kernel -O2 -I"$tmp/tree" -fno-delete-null-pointer-checks \
  -o "$tmp/kernel" "$tmp"/tree/guestos/*.c "$tmp"/tree/guestos/*.S
$verify --kernel "$tmp/kernel" >"$tmp/out" 2>&1; is "it violates safety" 1 $?
check "which is said" grep -q "^safety is violated" "$tmp/out"
# innocents that do nothing would show nothing
printf 'int main(void) { return 3; }' >"$tmp/idle.c"; "$BUILD/bin/pg32-cc" -o "$tmp/idle" "$tmp/idle.c"
$verify --vmm "$tmp/idle" >"$tmp/out" 2>&1; is "a VMM that does not work" 125 $?
check "is no innocent" grep -q "an innocent does not do its work even alone (exit statuses 0, 3): expected 0" "$tmp/out"
cp guestos/vm.c "$tmp/tree/guestos"
sed -i 's/TLB_R | TLB_W : TLB_X);/TLB_RIGHTS : TLB_RIGHTS);/' "$tmp/tree/guestos/window.c"
check "a kernel that lets VMs write their translation builds" "$BUILD/bin/pg32-cc" -T kernel -O2 -I"$tmp/tree" \
  -fno-delete-null-pointer-checks -o "$tmp/kernel" "$tmp"/tree/guestos/*.c "$tmp"/tree/guestos/*.S
$verify --cpu pg32-leaky --way translate --insns 1 --kernel "$tmp/kernel" >"$tmp/out" 2>&1; is "it violates safety" 1 $?
check "which is said" grep -q "^safety is violated.*of its window; it may have" "$tmp/out"
$verify --vmm "$tmp/none" >"$tmp/out" 2>&1; is "a VMM that is not there" 125 $?
done_testing
