# cliffs.awk - prints a sweep. A line: its name, the point, instructions, nanoseconds of interp, jit, auto, qemu (0: not run).
function mips(ns) { return ns > 0 ? sprintf("%6.0f", $3 / ns * 1000) : "     -" }
function least(worst, ratio) { return ratio > 0 && (worst == 0 || ratio < worst) ? ratio : worst }
function shown(ratio) { return ratio ? sprintf("%6.2f", ratio) : "     -" }
NR == 1 { printf "  %-10s %6s %6s %6s %6s  auto/interp auto/qemu\n", "", "interp", "jit", "auto", "qemu" }
{
  own = $6 > 0 ? $4 / $6 : 0
  foreign = $6 > 0 && $7 > 0 ? $7 / $6 : 0
  printf "  %10d %s %s %s %s  %s      %s\n", $2, mips($4), mips($5), mips($6), mips($7), shown(own), shown(foreign)
  worst_own = least(worst_own, own)
  worst_foreign = least(worst_foreign, foreign)
}
END { printf "  %-10s %6s %6s %6s %6s  %s      %s\n", "worst", "", "", "", "", shown(worst_own), shown(worst_foreign) }
