# lib.sh - what the sections share: where things are, and how a measurement is kept. Sourced by run.
out=$BUILD/bench
records=$out/records
trapeze=$BUILD/bin/trapeze
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT

qemu=
if command -v qemu-system-riscv32 >/dev/null 2>&1 && [ -e "$out/null.virt" ]; then
  qemu="qemu-system-riscv32 -M virt -m 64M -nographic -bios none -monitor none -serial stdio -kernel"
fi

# record SECTION NAME COLUMN METRIC VALUE: one measurement; the metric's name ends in its unit
record() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" >>"$records"; }
# of KEY: the value of KEY=VALUE on standard input
of() { sed -n "s/.*\\b$1=\([^ ]*\).*/\1/p" | head -n 1; }
# median SECTION NAME COLUMN METRIC: of what is recorded; empty when nothing is
median() {
  awk -F '\t' -v s="$1" -v n="$2" -v c="$3" -v m="$4" '$1 == s && $2 == n && $3 == c && $4 == m { print $5 }' "$records" |
    sort -g | awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}
# calc EXPRESSION [FORMAT]: empty when a number in it is missing
calc() { awk "BEGIN { printf \"${2:-%.0f}\", $1 }" 2>/dev/null; }
# timed COMMAND...: the last line says what it took; its output is in $tmp/said
timed() { "$out/bench_timed" timeout 300 "$@" >"$tmp/said" 2>"$tmp/complaint"; }
repeat() { seq "$RUNS"; }
wrong() { echo "  WRONG: $*"; failed=1; }
