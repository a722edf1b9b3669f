# translate.t - binary translation: on the leaky CPU, where trap and emulate fails, `vmm --way translate` is not to be told
# from the bare machine. The comparison is `verify fidelity`: each instruction, each trap, TIMER included.
. tests/tap.sh
normal_tlb
images=$*
verify="$BUILD/bin/trapeze verify fidelity --cpu pg32-leaky --way translate --max-insns 400M"
run="$BUILD/bin/trapeze run --cpu pg32-leaky --way translate --max-insns 200M"

holds() { $verify "$@" >"$tmp/out" 2>&1; status=$?; grep -q "fidelity holds" "$tmp/out" || cat "$tmp/out"; return $status; }

# A bare image; a disk is there.
awk 'BEGIN { for (s = 0; s < 4; s++) for (i = 0; i < 512; i++) printf "%c", 97 + s }' >"$tmp/disk"
image_holds() {
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "tests/asm/$1.S"
  check "$1" holds --disk "$tmp/disk" --image "$tmp/image" one two </dev/null
}

# With arguments, only these images.
if [ -n "$images" ]; then
  for name in $images; do image_holds "$name"; done
  done_testing
  exit
fi

for program in hello "null-syscall 20" lecture "touch-pages 300 2" ls; do check "$program" holds $program </dev/null; done
printf 'echo one\nprimes 100 &\nps\nwait\nexit 3\n' >"$tmp/typed"
for pace in 0 333; do check "a shell, input every $pace ticks" holds --pace $pace sh <"$tmp/typed"; done

# Bare images: kernels that toggle interrupts, run translated, write their own code, have timers, fault in every way.
for name in asid badinst block blockcode callouts calls checkstop codestore fetch jumpmisaligned kernelcode lowcore mem \
  mixed ramedge remap reset rfe stale tick timer tlbreplace translate wait window; do image_holds $name; done

# What cannot be hidden while user code runs directly: a user program that asks with mfst. Translated, it does not see.
check "a user's mfst is seen" [ "$($verify redpill </dev/null 2>&1 | grep -c 'let `mfst a1` at .* pass in real user mode')" = 1 ]
way() { way=$1; shift; $verify --way "$way" "$@" >"$tmp/out" 2>&1; status=$?; [ "$status" = 0 ] || cat "$tmp/out"; return $status; }
random() { $verify --max-insns 20M --way "$1" --random "$2" >"$tmp/out" 2>&1 </dev/null; grep -q 'is not decided: the same' "$tmp/out" || ! cat "$tmp/out"; }
for depth in 1 2 3; do check "but not of one that is translated, at depth $depth" way translate,user --depth $depth redpill </dev/null; done
for program in faulty "touch-pages 300 2"; do check "a translated user: $program" way translate,user $program </dev/null; done
for depth in 1 2; do check "translated users: a shell at depth $depth" way translate,user --depth $depth --pace 333 sh <"$tmp/typed"; done

# A cache of a few units, which is emptied at random moments, changes nothing but speed.
check "a small cache: a shell" way translate,units=4,flush=1 --pace 333 sh <"$tmp/typed"
check "a small cache: users" way translate,user,units=9,flush=2 lecture </dev/null
check "emptied at random" way translate,user,flush=3 touch-pages 300 2 </dev/null
for name in codestore kernelcode leaky mtst remap stale timer translate; do
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "tests/asm/$name.S"
  for seed in 4 5; do check "a small cache: $name, $seed" way translate,user,units=4,flush=$seed --image "$tmp/image" </dev/null; done
done
for seed in 1 2 6; do
  check "random machines: $seed" random translate,user $seed
  check "random machines in a small cache: $seed" random translate,units=4,flush=$seed $seed
done
is "options of the way" "vmm: units=0: the way has no such option" "$($run --way translate,units=0 hello 2>&1 </dev/null)"
is "the other way has none" "vmm: user: the way has no such option" "$($run --way trap,user hello 2>&1 </dev/null)"
is "a way that there is not" 125 "$($run --way trans hello >"$tmp/out" 2>&1 </dev/null; echo $?)"
check "and what there is" grep -q "expected trap, translate, translate,user or para" "$tmp/out"

is "a translation in a translation" "hello, world" "$($run --depth 2 hello </dev/null 2>&1)"
is "on a CPU without feature L there is no window" 125 "$("$BUILD/bin/trapeze" run --way translate hello >"$tmp/out" 2>&1 </dev/null; echo $?)"
check "and this is said" grep -q "vmm: --way translate: this CPU has no feature L" "$tmp/out"

# The same in a translation in a translation, and one deeper.
for depth in 2 3; do
  for program in hello "touch-pages 300 2"; do check "$program at depth $depth" holds --depth $depth $program </dev/null; done
  check "a shell at depth $depth" holds --depth $depth --pace 333 sh <"$tmp/typed"
  for name in callouts codestore kernelcode mixed timer translate; do
    "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "tests/asm/$name.S"
    check "$name at depth $depth" holds --depth $depth --image "$tmp/image" one two </dev/null
  done
done

# A trace of translated kernels has verdicts on the guest's own traps: none is wrong, and the steps are those of the lecture.
trace="$BUILD/bin/trapeze trace --cpu pg32-leaky --way translate --max-insns 200M"
for run in "1 touch-pages 300 2" "2 lecture" "1 faulty" "1 --image $tmp/image one two"; do
  depth=${run%% *} rest=${run#* }
  $trace --depth $depth $rest >"$tmp/out" 2>"$tmp/err" </dev/null
  is "trace --depth $depth ${rest%% *}: no verdict is wrong" 0 "$(grep -c 'wrong\|other' "$tmp/out")"
done
for name in window codestore; do
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "tests/asm/$name.S"
  is "trace $name: no verdict is wrong" 0 "$($trace --image "$tmp/image" one two 2>&1 </dev/null | grep -c 'wrong\|other')"
done
$trace lecture >"$tmp/out" 2>&1 </dev/null
check "the guest's own tlbw" grep -q 'PRIVILEGED tlbw  *emulate .*T5' "$tmp/out"
check "what only the translation needs" grep -q '(unit) 0x00001[0-9a-f]*  *translate' "$tmp/out"
$trace --lists lecture >"$tmp/out" 2>&1 </dev/null
check "the lists have the guest's addresses" grep -q 'vm1 kernel executed .tlbw t0, t1. at 0x0000' "$tmp/out"
done_testing
