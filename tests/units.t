# units.t - translation validation: each unit that a VMM makes is run against the guest's own words on scratch machines, from
# random states, at each point where it can fault (`trapeze verify translation`). `make translation-validation` does this for
# the units of all tests, and with more states. With arguments, only these guests: a name of tests/asm, or `random SEED`.
. tests/tap.sh
normal_tlb
verify="timeout 100 $BUILD/bin/trapeze verify translation --cpu pg32-leaky --max-insns ${INSNS:-20M} --states ${STATES:-4}"
holds() { $verify "$@" >"$tmp/out" 2>&1; status=$?; [ "$status" = 0 ] || cat "$tmp/out"; return $status; }
image() { # NAME WAY
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "tests/asm/$1.S"
  check "$1, $2" holds --way "$2" --image "$tmp/image" one two </dev/null
}
if [ $# -gt 0 ]; then
  case $1 in random) check "a random machine" holds --way translate,user --random "$2" </dev/null ;; *) for name; do image "$name" translate,user; done ;; esac
  done_testing
  exit
fi

check "our kernel, and users" holds --way translate,user lecture </dev/null
is "many units" yes "$([ "$(sed -n 's/ units were made.*//p' "$tmp/out")" -gt 300 ] && echo yes)"
check "with every kind of end" grep -Eq '^ends: [1-9][0-9]* exits, [1-9][0-9]* indirect jumps, [1-9][0-9]* calls, [1-9][0-9]* faults, [1-9]' "$tmp/out"
check "a translation in a translation" holds --depth 2 hello </dev/null
for name in jumpmisaligned kernelcode remap window; do image $name translate; done
for name in leaky remap; do image $name translate,user; done
for seed in 1 6; do check "a random machine, $seed" holds --way translate,user --random $seed </dev/null; done

check "the hostile guests of a round of safety" holds --hostile 2 --max-insns 5M
check "all three" grep -q 'used up' "$tmp/out"

# A wrong unit is found, and shown: here `mfst` reads the wrong word.
mkdir "$tmp/tree" && cp -r vmm userprogs isa "$tmp/tree"
sed '/^bool unit__mfst/,/^}/s/DATA(status)/DATA(due)/' vmm/translate/sensitive.c >"$tmp/tree/vmm/translate/sensitive.c"
"$BUILD/bin/pg32-cc" -O2 -I"$tmp/tree" -o "$tmp/vmm" "$tmp"/tree/vmm/*.c "$tmp"/tree/vmm/*/*.c >"$tmp/log" 2>&1
is "a VMM with a fault builds" 0 $?
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" tests/asm/kernelcode.S
$verify --vmm "$tmp/vmm" --image "$tmp/image" </dev/null >"$tmp/out" 2>&1
is "its units are wrong" 1 $?
check "which is said" grep -Eq "^translation is wrong: the unit for 0x[0-9a-f]{8}, STATUS 0x2, differs from the guest's words after [0-9]* instruc" "$tmp/out"
check "with the unit" grep -Eq '  [0-9a-f]{6} mfst    s1 .*lw      s1, -4092\(zero\)' "$tmp/out"

# ---- command line ----
$verify --way trap hello >"$tmp/out" 2>&1 </dev/null; is "nothing was translated" 1 $?
check "which is said" grep -q "nothing was translated" "$tmp/out"
$verify --depth 0 hello >"$tmp/out" 2>&1 </dev/null; is "no VMM" 125 $?
$verify --random many >"$tmp/out" 2>&1 </dev/null; is "a seed is a number" 125 $?
check "--help" sh -c "'$BUILD/bin/trapeze' verify translation --help | grep -q -- --states"
done_testing
