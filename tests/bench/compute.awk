# compute.awk - the table, bars and picture of section compute.
function mips(name, column,   ns) {
  ns = med("compute", name, column, "ns")
  return ns > 0 ? med("compute", name, "pg32", "insns") * 1000 / ns : 0
}
function bar(value, most,   text, n) {
  for (n = value * 60 / most; n >= 0.5; n--) text = text "#"
  return text
}
function rect(x, y, w, h, color) {
  printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y, w, h, color >svg
}
function label(x, y, text) { printf "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, y, text >svg }

# MIPS of each program and column as bars; the scale is logarithmic, a line at each doubling.
function draw(   p, c, y, v, x, colors, height) {
  split("#b0b0b0 #1f77b4 #ff7f0e #2ca02c", colors, " ")
  height = 40 + programs * (columns * 9 + 8)
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n", height >svg
  for (v = 50; v <= 25600; v *= 2) {
    x = 100 + log(v / 50) / log(2) * 70
    rect(x, 30, 0.5, height - 40, "#cccccc")
    label(x - 10, 26, v)
  }
  for (c = 1; c <= columns; c++) { rect(100 + c * 110, 6, 9, 9, colors[c]); label(114 + c * 110, 14, column[c]) }
  label(10, 14, "MIPS"); y = 36
  for (p = 1; p <= programs; p++) {
    label(10, y + columns * 5, program[p])
    for (c = 1; c <= columns; c++) {
      v = mips(program[p], column[c])
      if (v > 50) rect(100, y, log(v / 50) / log(2) * 70, 8, colors[c])
      y += 9
    }
    y += 8
  }
  print "</svg>" >svg
  close(svg)
}

function ratio(a, b,   p, x, y, sum, n) { # geometric mean of a's speed by b's; the worst is in worst, worst_name
  worst = 0; worst_name = "-"
  for (p = 1; p <= programs; p++) {
    x = mips(program[p], a); y = mips(program[p], b)
    if (!x || !y) continue
    sum += log(x / y); n++
    if (!worst || x / y < worst) { worst = x / y; worst_name = program[p] }
  }
  return n ? exp(sum / n) : 0
}

END {
  split("interp jit qemu native", all, " ")
  for (k = 1; k <= keys; k++) {
    split(order[k], part, SUBSEP)
    if (part[1] == "compute" && part[4] == "insns") program[++programs] = part[2]
    if (part[1] == "compute" && part[4] == "ns" && part[2] != "start") has[part[3]] = 1
  }
  for (c = 1; c <= 4; c++) if (all[c] in has) column[++columns] = all[c]

  print "Computing, in MIPS (user mode, translation on; insns in millions, as PG32 counts them):"
  printf "  %-10s %6s", "program", "insns"
  for (c = 1; c <= columns; c++) printf " %8s", column[c]
  printf "%s%s\n", "jit" in has && "qemu" in has ? "  jit/qemu" : "", "qemu" in has ? "  interp/qemu" : ""
  for (p = 1; p <= programs; p++) {
    printf "  %-10s %6.0f", program[p], med("compute", program[p], "pg32", "insns") / 1e6
    for (c = 1; c <= columns; c++) {
      v = mips(program[p], column[c])
      sum[c] += log(v)
      if (v > most && column[c] != "native") most = v
      printf " %8.0f", v
    }
    q = mips(program[p], "qemu")
    if ("jit" in has && q) printf "  %8.2f", mips(program[p], "jit") / q
    if (q) printf "  %11.2f", mips(program[p], "interp") / q
    printf "%s\n", "jit" in has && q && mips(program[p], "jit") < q ? "  slower than QEMU" : ""
  }
  printf "  %-17s", "geometric mean"
  for (c = 1; c <= columns; c++) printf " %8.0f", exp(sum[c] / programs)
  print ""
  for (e = 1; e <= 2; e++)
    for (c = 3; c <= 4; c++)
      if (all[e] in has && all[c] in has)
        printf "  %s is %.2f times %s, at worst %.2f (%s)\n", all[e], ratio(all[e], all[c]), all[c], worst, worst_name
  if ("jit" in has) printf "  jit is %.2f times interp, at worst %.2f (%s)\n", ratio("jit", "interp"), worst, worst_name
  print ""
  for (p = 1; p <= programs; p++)
    for (c = 1; c <= columns; c++)
      if (column[c] != "native") printf "  %-10s %-7s|%s %.0f\n", c == 1 ? program[p] : "", column[c], bar(mips(program[p], column[c]), most), mips(program[p], column[c])
  draw()
}
