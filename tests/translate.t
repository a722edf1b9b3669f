# translate.t - binary translation: on the leaky CPU, where trap and emulate fails, `vmm --way translate` is not to be told
# from the bare machine. The comparison is `verify fidelity`: each instruction, each trap, TIMER included.
. tests/tap.sh
normal_tlb
verify="$BUILD/bin/trapeze verify fidelity --cpu pg32-leaky --way translate --max-insns 200M"
run="$BUILD/bin/trapeze run --cpu pg32-leaky --way translate --max-insns 200M"

holds() { $verify "$@" >"$tmp/out" 2>&1; status=$?; grep -q "fidelity holds" "$tmp/out" || cat "$tmp/out"; return $status; }

for program in hello "null-syscall 20" lecture "touch-pages 300 2" ls; do check "$program" holds $program </dev/null; done
printf 'echo one\nprimes 100 &\nps\nwait\nexit 3\n' >"$tmp/typed"
for pace in 0 333; do check "a shell, input every $pace ticks" holds --pace $pace sh <"$tmp/typed"; done

# Bare images: kernels that toggle interrupts, run translated, write their own code, have timers, fault in every way.
for name in asid block calls checkstop codestore fetch jumpmisaligned kernelcode lowcore mem ramedge reset rfe stale tick timer \
  tlbreplace translate wait window; do
  source=tests/asm/$name.S
  [ -e "$source" ] || continue
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "$source"
  check "$name" holds --image "$tmp/image" one two </dev/null
done

# The one thing that cannot be hidden: a user program that asks with mfst.
check "a user's mfst is seen" [ "$($verify redpill </dev/null 2>&1 | grep -c 'let `mfst a1` at .* pass in real user mode')" = 1 ]
is "a translation in a translation" "hello, world" "$($run --depth 2 hello </dev/null 2>&1)"
is "on a CPU without feature L there is no window" 125 "$("$BUILD/bin/trapeze" run --way translate hello >"$tmp/out" 2>&1 </dev/null; echo $?)"
check "and this is said" grep -q "vmm: --way translate: this CPU has no feature L" "$tmp/out"
# The recorder does not know translated kernels, and the commands that rest on it say so.
"$BUILD/bin/trapeze" trace --cpu pg32-leaky --way translate --events 1..2 hello >"$tmp/out" 2>&1 </dev/null
check "trace says what it does not know" grep -q "verdicts on" "$tmp/out"
done_testing
