# traps.sh - what a trap costs, beside QEMU: a system call with a handler that returns at once, and the first touch of a page
# whose handler enters it (a TLB miss here, a page fault there), by loops with and without them. QEMU's handlers run in
# machine mode, without translation; nothing is ever flushed there.
turns() { if [ "$1-$2" = fault-qemu ]; then echo 200000; else echo 1000000; fi; }

for run in $(repeat); do
  for test in loop syscall fault; do
    for engine in $engines; do
      record traps "$test" "$engine" ns "$("$out/bench_machine" "$engine" 64 "$out/trap-$test.pg32" | of ns)"
    done
    [ -n "$qemu" ] && timed $qemu "$out/trap-$test.virt" && record traps "$test" qemu ns "$(of cpu_ns <"$tmp/said")"
  done
done
# each TEST COLUMN: nanoseconds for one
each() { calc "($(median traps "$1" "$2" ns) - $(median traps loop "$2" ns)) / $(turns "$1" "$2")" %.1f; }
echo "Traps, in ns each (CPU time; a loop of a million less the same loop without them):"
printf '  %-38s' ""
for column in $engines ${qemu:+qemu}; do printf ' %8s' "$column"; done
echo
for test in syscall fault; do
  case $test in syscall) printf '  %-38s' "system call and return" ;; fault) printf '  %-38s' "page or TLB fault, refill, retry" ;; esac
  for column in $engines ${qemu:+qemu}; do
    ns=$(each $test "$column")
    record traps "$test" "$column" ns_each "$ns"
    printf ' %8s' "$ns"
  done
  if [ -n "$qemu" ]; then
    fastest=${engines##*[[:space:]]}
    calc "$(each $test qemu) / $(each $test "$fastest")" "  QEMU takes %.1f times as long as $fastest"
  fi
  echo
done
