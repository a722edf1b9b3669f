# memory.sh - the simulator's own memory, apart from the guest's RAM that has been touched: resident when the program ends.
echo "Memory when a program has run, in MiB (64 MiB of guest RAM; ours is all of the process but that RAM):"
printf '  %-12s' "" && for engine in $engines; do printf ' %10s %10s' "$engine" "guest RAM"; done && echo
for program in null matmul coremix parser chase; do
  printf '  %-12s' "$program"
  for engine in $engines; do
    line=$("$out/bench_machine" "$engine" 64 "$out/$program.pg32")
    own=$(echo "$line" | of own_kib) guest=$(echo "$line" | of guest_kib)
    record memory "$program" "$engine" own_kib "$own"
    record memory "$program" "$engine" guest_kib "$guest"
    printf ' %10s %10s' "$(calc "$own / 1024" %.1f)" "$(calc "$guest / 1024" %.1f)"
  done
  echo
done
for d in 1 3; do
  timed "$trapeze" run --depth "$d" usertests && record memory usertests "depth$d" rss_kib "$(of rss_kib <"$tmp/said")"
  echo "  the whole of trapeze, usertests at depth $d: $(calc "$(median memory usertests "depth$d" rss_kib) / 1024" %.1f)"
done
[ -n "$qemu" ] && timed $qemu "$out/matmul.virt" && record memory matmul qemu rss_kib "$(of rss_kib <"$tmp/said")" &&
  echo "  the whole of QEMU, matmul: $(calc "$(median memory matmul qemu rss_kib) / 1024" %.1f)"
true
