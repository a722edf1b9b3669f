# trace.sh - what watching costs: counting (--stats), recording every trap (trace, thrown away), on a program that computes and
# on one that only traps; and how that grows with the length of the trace. At depth 1, the default engine.
compute=$out/matmul.user
counts="2000 8000 32000"

for run in $(repeat) $(repeat); do
  for what in off stats trace; do
    case $what in
    off) timed "$trapeze" run "$compute" ;;
    stats) timed "$trapeze" run --stats "$tmp/stats" "$compute" ;;
    trace) timed "$trapeze" trace -o /dev/null "$compute" ;;
    esac
    record trace compute $what ns "$(of cpu_ns <"$tmp/said")"
  done
done
for run in $(repeat); do
  for n in $counts; do
    timed "$trapeze" run null-syscall "$n" && record trace syscalls "off-$n" ns "$(of cpu_ns <"$tmp/said")"
    timed "$trapeze" trace --format json -o "$tmp/trace" null-syscall "$n"
    record trace syscalls "trace-$n" ns "$(of cpu_ns <"$tmp/said")"
    record trace syscalls "trace-$n" rss_kib "$(of rss_kib <"$tmp/said")"
    record trace syscalls "trace-$n" events "$(grep -c '"kind":"trap"' "$tmp/trace")"
  done
done
echo "Recording, at depth 1:"
off=$(median trace compute off ns)
for what in off stats trace; do
  ns=$(median trace compute $what ns)
  printf '  computes, %-26s %8s ms  %+.1f %%\n' "$(case $what in off) echo "nobody looks" ;; stats) echo "counted (--stats)" ;; *) echo "every trap written as text" ;; esac)" \
    "$(calc "$ns / 1e6")" "$(calc "100 * ($ns / $off - 1)" %.2f)"
done
echo "  traps only, by length of the trace (JSON):"
printf '  %12s %10s %10s %12s %8s\n' traps "plain ms" "traced ms" "µs a trap" MiB
for n in $counts; do
  events=$(median trace syscalls "trace-$n" events) plain=$(median trace syscalls "off-$n" ns) ns=$(median trace syscalls "trace-$n" ns)
  printf '  %12.0f %10s %10s %12s %8s\n' "$events" "$(calc "$plain / 1e6" %.1f)" "$(calc "$ns / 1e6" %.1f)" \
    "$(calc "($ns - $plain) / $events / 1000" %.2f)" "$(calc "$(median trace syscalls "trace-$n" rss_kib) / 1024" %.1f)"
done
