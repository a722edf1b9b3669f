# exits.sh - what an exit costs in simulated instructions, by steps, and how many exits an event takes at each depth. Exact:
# the same on every host.
echo "An exit's round trip at depth 1, in simulated instructions (median, worst; warm):"
"$trapeze" trace --format json null-syscall 300 2>/dev/null >"$tmp/calls"
"$trapeze" trace --format json touch-pages 300 6 2>/dev/null >"$tmp/pages"
cat "$tmp/calls" "$tmp/pages" | awk '
  function field(name,   at, rest) {
    at = index($0, "\"" name "\":"); if (!at) return ""
    rest = substr($0, at + length(name) + 3)
    if (substr(rest, 1, 1) == "\"") { rest = substr(rest, 2); return substr(rest, 1, index(rest, "\"") - 1) }
    return rest + 0
  }
  function sorted_insert(k, v,   i) { n[k]++; for (i = n[k]; i > 1 && list[k, i-1] > v; i--) list[k, i] = list[k, i-1]; list[k, i] = v }
  { kind = field("kind") }
  kind == "trap" && field("from") ~ /^vm1/ {
    left = field("retired"); vmm = entered = 0; verdict = field("verdict")
    what = field("instruction"); sub(" .*", "", what); if (what == "") what = field("cause")
    if (what == "SYSCALL") what = "syscall"; else if (what ~ /_MISS$/) what = verdict == "emulate" ? "device" : "TLB miss"
  }
  kind == "resume" && field("to") == "host/vmm" && left && !vmm { vmm = field("retired") }
  kind == "trap" && field("from") == "host/vmm" && left { entered = field("a7") == 22 ? field("retired") : 0 }
  kind == "resume" && field("to") ~ /^vm1/ && left {
    if (vmm && entered && (verdict == "reflect" || verdict == "emulate")) {
      key = verdict " " what; back = field("retired")
      if (++seen[key] > 20) { sorted_insert(key, back - left); a[key] += vmm - left; b[key] += entered - vmm; c[key] += back - entered }
    }
    left = 0
  }
  END {
    printf "  %-20s %6s %6s   %9s %9s %9s\n", "verdict, event", "median", "worst", "to VMM", "in VMM", "to guest"
    split("reflect syscall,emulate rfe,reflect TLB miss,emulate tlbw,emulate device", keys, ",")
    for (i = 1; i <= 5; i++) { k = keys[i]; if (n[k])
      printf "  %-20s %6d %6d   %9.1f %9.1f %9.1f\n", k, list[k, int((n[k] + 1) / 2)], list[k, n[k]], a[k] / n[k], b[k] / n[k], c[k] / n[k] }
  }'

exits() { # DEPTH PROGRAM...: exits at level 1
  d=$1; shift
  "$trapeze" run --depth "$d" --stats "$tmp/stats" "$@" </dev/null >/dev/null
  tr -d ' \n' <"$tmp/stats" | sed 's/.*"depth":1,"exits":{"total":\([0-9]*\).*/\1/'
}
echo
echo "Exits of the real machine for one warm system call:"
for d in 1 2 3; do
  few=$(exits $d null-syscall 100) many=$(exits $d null-syscall 200)
  echo "  depth $d: $(((many - few) / 100))"
done
