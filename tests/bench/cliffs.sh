# cliffs.sh - sweeps: small programs made for each point, on every engine side by side, and on QEMU where the program is one
# that both have. A cliff is a point at which the JIT, or `auto`, falls behind the interpreter or QEMU; so each sweep ends
# with its worst ratios.
cliffs=$out/cliffs
riscv="${RISCV_GCC:=$(command -v riscv64-unknown-elf-gcc)} -march=rv32im_zicsr_zifencei -mabi=ilp32 -nostdlib -nostartfiles -Wl,--no-warn-rwx-segments -T $here/programs/virt.ld"
mkdir -p "$cliffs"

# user NAME N: a `bench` in user mode, translated, as in section compute. bare HOW N: an image of kernel.S.
user() {
  "$BUILD/bin/pg32-cc" -T bare -I. -DPG32 "-DN=$2" -o "$cliffs/$1-$2" $here/programs/start_pg32.S "$here/cliffs/$1.S"
  [ -z "$qemu" ] || $riscv "-DN=$2" -o "$cliffs/$1-$2.virt" $here/programs/start_virt.S "$here/cliffs/$1.S"
}
bare() { "$BUILD/bin/pg32-cc" -T bare -I. "-DHOW_$1" "-DN=$2" -o "$cliffs/$1-$2" $here/cliffs/kernel.S; }

# point NAME N [RAM_MIB] [TLB_ENTRIES]: measures it
point() {
  "$out/bench_cliffs" "$RUNS" "${3:-64}" "${4:-0}" "$cliffs/$1-$2" >"$tmp/point" || { wrong "$1 $2"; return; }
  record cliffs "$1-$2" pg32 insns "$(sed -n 's/^insns //p' "$tmp/point")"
  for column in interp jit auto; do
    for ns in $(sed -n "s/^$column //p" "$tmp/point"); do record cliffs "$1-$2" "$column" ns "$ns"; done
  done
  [ -n "$qemu" ] && [ -e "$cliffs/$1-$2.virt" ] || return 0
  for run in $(repeat); do
    timed $qemu "$cliffs/$1-$2.virt" && record cliffs "$1-$2" qemu ns "$(calc "$(of cpu_ns <"$tmp/said") - $start")"
  done
}
# sweep KIND NAME "WHAT" N...: points of user or bare programs
sweep() {
  kind=$1 name=$2 what=$3
  shift 3
  for n in "$@"; do
    $kind "$name" "$n" && point "$name" "$n"
  done
  show "$what" "$@"
}
# show WHAT N...: the rows of sweep $name, and the worst of them
show() {
  echo "$1"; shift
  for n in "$@"; do
    printf '%s %s %s' "$name" "$n" "$(median cliffs "$name-$n" pg32 insns)"
    for column in interp jit auto qemu; do printf ' %s' "$(median cliffs "$name-$n" $column ns | grep . || echo 0)"; done
    echo
  done | awk -f $here/cliffs.awk
}

rm -rf "$cliffs"; mkdir -p "$cliffs"
start=0
if [ -n "$qemu" ]; then
  for i in 1 2 3 4 5; do timed $qemu "$out/null.virt" && record cliffs start qemu ns "$(of cpu_ns <"$tmp/said")"; done
  start=$(median cliffs start qemu ns)
fi
echo "Cliffs: MIPS by CPU time, translation included; the ratio is of auto to the interpreter, and of auto to QEMU"
sweep user functions "functions of about 50 instructions, called at random" 30 300 1000 1500 3000
sweep user straight "a loop around so many instructions" 1000 30000 250000 450000
sweep user hops "pages of code, a hop each" 30 300 440 460 900
sweep user targets "targets of an indirect jump" 2 30 1000 4000
sweep user data "bytes between a loop and its data" 4 400 8000
sweep user patched "calls of a function between two changes of its code" 1 10 100 10000

name=sparse
for n in 32 120 240; do
  "$BUILD/bin/pg32-cc" -T bare -I. "-DN=$n" -o "$cliffs/sparse-$n" $here/programs/start_pg32.S $here/cliffs/sparse.S && point sparse $n 1040
done
show "loads from pages that lie 4 MiB apart" 32 120 240
name=reach
for n in 2 8 30 64; do
  "$BUILD/bin/pg32-cc" -T bare -I. "-DN=$n" -o "$cliffs/reach-$n" $here/programs/start_pg32.S $here/cliffs/reach.S && point reach $n 64 $n
done
show "entries of the TLB, for a loop over 32 pages" 2 8 30 64
sweep bare asids "address spaces in turn" 2 30 100 200 255
sweep bare syscall "instructions between two system calls" 1 10 100
sweep bare illegal "instructions between two illegal ones" 1 10 100
sweep bare timer "instructions between two interrupts of the timer" 1 10 50 200 1000
sweep bare waits "ticks of a wait for the timer" 5 100 1000
sweep bare polls "instructions between two looks at the console" 1 10 100
sweep bare writes "instructions between two bytes to the console" 1 10 100
