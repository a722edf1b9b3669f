# kernel.sh - the programs of section compute as user programs of the guest's operating system: on the bare machine (depth 0)
# and in a VM (depth 1). CPU time of the whole of trapeze, less what the program that does nothing takes.
programs="matmul coremix bytecode sort hash calls"

# kernel_one PROGRAM ENGINE DEPTH
kernel_one() {
  timed "$trapeze" run --engine "$2" --depth "$3" --ram 16M "$out/$1.user"
  [ "$1" = null ] || [ "$(head -n 1 "$tmp/said")" = "$wanted" ] || wrong "$1 at depth $3 says $(head -n 1 "$tmp/said"), native code $wanted"
  record kernel "$1" "$2-depth$3" ns "$(of cpu_ns <"$tmp/said")"
}
for run in $(repeat); do
  for program in null $programs; do
    wanted=$("$out/$program.native" | of checksum)
    for engine in $engines; do for depth in 0 1; do kernel_one "$program" "$engine" "$depth"; done; done
  done
done
echo "Computing under the guest kernel, in MIPS (the programs' own instructions by CPU time, start and end taken off):"
printf '  %-10s' program
for engine in $engines; do for depth in 0 1; do printf ' %13s' "$engine, depth $depth"; done; done
echo
for program in $programs; do
  insns=$("$out/bench_machine" auto 64 "$out/$program.pg32" real | of insns)
  record kernel "$program" pg32 insns "$insns"
  printf '  %-10s' "$program"
  for engine in $engines; do for depth in 0 1; do
    printf ' %13s' "$(calc "$insns * 1000 / ($(median kernel "$program" "$engine-depth$depth" ns) - $(median kernel null "$engine-depth$depth" ns))")"
  done; done
  echo
done
