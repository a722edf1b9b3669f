# compute.sh - the same C programs on our engines, on QEMU and natively. PG32 and QEMU run the same compiler output, both in
# user mode with translation on. Instructions are counted on our machine, untranslated (so without refills of the TLB); MIPS
# are that count by each one's CPU time. QEMU's start is taken off, measured with a program that does nothing.
programs=$(cd tests/bench/programs && ls ./*.c | sed 's|^\./||; s|\.c$||' | grep -vE '^(null|lib|native|user)$')

# compute_one PROGRAM COLUMN
compute_one() {
  case $2 in
  interp | jit) line=$("$out/bench_machine" "$2" 64 "$out/$1.pg32") ;;
  native) line=$("$out/$1.native") ;;
  qemu)
    timed $qemu "$out/$1.virt"
    line="checksum=$(head -n 1 "$tmp/said") ns=$(calc "$(of cpu_ns <"$tmp/said") - $start")" ;;
  esac
  sum=$(echo "$line" | of checksum)
  [ "$sum" = "$wanted" ] || wrong "$1 on $2 says ${sum:-nothing}, native code $wanted"
  record compute "$1" "$2" ns "$(echo "$line" | of ns)"
}

start=0
for i in 1 2 3 4 5; do
  [ -n "$qemu" ] || break
  timed $qemu "$out/null.virt" && record compute start qemu ns "$(of cpu_ns <"$tmp/said")"
done
[ -n "$qemu" ] && start=$(median compute start qemu ns)
for run in $(repeat); do
  for program in $programs; do
    if [ "$run" = 1 ]; then
      record compute "$program" pg32 insns "$("$out/bench_machine" auto 64 "$out/$program.pg32" real | of insns)"
    fi
    wanted=$("$out/$program.native" | of checksum)
    for column in $engines ${qemu:+qemu} native; do compute_one "$program" "$column"; done
  done
done
awk -f tests/bench/stats.awk -f tests/bench/compute.awk -v svg="$out/compute.svg" "$records"
