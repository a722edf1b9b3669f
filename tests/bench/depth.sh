# depth.sh - how cost grows with depth: from the start to the shell's prompt and out again (its input ends at once), a null
# system call, a TLB fault, and computing. The engine is the default one.
depths="0 1 2 3"

# twice NAME DEPTH FEW MANY WORDS: CPU ns of running WORDS with FEW and with MANY
twice() {
  for n in "$3" "$4"; do
    timed "$trapeze" run --depth "$2" $(printf "$5" "$n") && record depth "$1" "depth$2" "ns_of_$n" "$(of cpu_ns <"$tmp/said")"
  done
}
one() { calc "($(median depth "$1" "depth$2" "ns_of_$4") - $(median depth "$1" "depth$2" "ns_of_$3")) / ($4 - $3)" %.1f; }

for run in $(repeat) $(repeat); do
  for d in $depths; do
    timed "$trapeze" run --depth "$d" && record depth boot "depth$d" ns "$(of cpu_ns <"$tmp/said")"
  done
done
for run in $(repeat); do
  for d in $depths; do
    many=$(calc "1000 + 400000 / 4 ^ $d")
    twice syscall "$d" 1000 "$many" "null-syscall %s"
    many=$(calc "4 + 400 / 4 ^ $d")
    twice fault "$d" 4 "$many" "touch-pages 512 %s"
    twice compute "$d" 10 210 "spin %s"
  done
done
echo "By depth (CPU time; $((RUNS * 2)) runs of a boot, $RUNS of the others):"
printf '  %-38s' "" && for d in $depths; do printf ' %9s' "$d"; done && echo
printf '  %-38s' "boot to the shell and off, ms" && for d in $depths; do printf ' %9s' "$(calc "$(median depth boot "depth$d" ns) / 1e6" %.1f)"; done && echo
printf '  %-38s' "null system call, µs" && for d in $depths; do printf ' %9s' "$(calc "$(one syscall "$d" 1000 "$(calc "1000 + 400000 / 4 ^ $d")") / 1000" %.3f)"; done && echo
printf '  %-38s' "TLB fault, µs" && for d in $depths; do printf ' %9s' "$(calc "$(one fault "$d" 4 "$(calc "4 + 400 / 4 ^ $d")") / 512000" %.3f)"; done && echo
printf '  %-38s' "computing (spin), MIPS" && for d in $depths; do printf ' %9s' "$(calc "1e9 / $(one compute "$d" 10 210)")"; done && echo
