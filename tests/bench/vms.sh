# vms.sh - how cost grows with the number of VMs: as many of them beside each other, each boots and computes 20 million
# instructions; CPU time and memory of the whole.
counts="1 2 4 8"
for run in $(repeat); do
  for n in $counts; do
    line=
    for i in $(seq "$n"); do line="$line vmm -m 3M /boot/kernel spin 20 &"; done
    timed "$trapeze" run --depth 0 --ram 48M sh -c "$line wait" || wrong "$n VMs: $(cat "$tmp/complaint")"
    record vms spin "$n" ns "$(of cpu_ns <"$tmp/said")"
    record vms spin "$n" rss_kib "$(of rss_kib <"$tmp/said")"
  done
done
echo "By number of VMs (boot, compute 20 million instructions, power off; in ms of CPU time, MiB of the whole process):"
printf '  %-12s %8s %10s %8s\n' VMs ms "ms each" MiB
for n in $counts; do
  printf '  %-12s %8s %10s %8s\n' "$n" "$(calc "$(median vms spin "$n" ns) / 1e6" %.1f)" \
    "$(calc "$(median vms spin "$n" ns) / 1e6 / $n" %.1f)" "$(calc "$(median vms spin "$n" rss_kib) / 1024" %.1f)"
done
