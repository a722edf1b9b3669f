# tap14.awk - TAP version 14, the part that a producer of ours may write: testanything.org, "TAP 14 specification".
# Says what is wrong with the first line that is, and ends with 1.
#   version line; plan before the test points; points numbered 1..N in order; `#` and `\` escaped in descriptions but for
#   a SKIP at the end; YAML blocks only after a point, of `key: number` and of lists of JSON strings, and closed.
function wrong(why) {
  if (!failed) printf "line %d: %s: %s\n", NR, why, $0
  failed = 1
  exit 1
}
function point(text, number) {
  if (planned < 0) wrong("a test point before the plan")
  sub(/^(not )?ok /, "", text)
  number = text
  sub(/ .*/, "", number)
  if (number != ++points) wrong("expected test point " points)
  sub(/^[0-9]+ - /, "", text)
  if (sub(/ # SKIP a test that it builds on has failed$/, "", text) && $1 == "ok") wrong("a skipped test that looks like a success")
  gsub(/\\[\\#]/, "", text)
  if (text ~ /[\\#]/) wrong("a description with an unescaped # or \\")
  after_point = 1
}
BEGIN { planned = -1 }
NR == 1 { if ($0 != "TAP version 14") wrong("expected TAP version 14"); next }
inside && /^  \.\.\.$/ { inside = 0; next }
inside && /^  [a-z_]+: -?[0-9]+(\.[0-9]+)?$/ { next }
inside && /^  [a-z_]+:$/ { next }
inside && /^    - "([^"\\]|\\["\\\/bfnrt]|\\u[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F])*"$/ { next }
inside { wrong("not in the YAML that we write") }
/^  ---$/ { if (!after_point) wrong("YAML that follows no test point"); inside = 1; after_point = 0; next }
{ after_point = 0 }
/^1\.\.[0-9]+( # .+)?$/ {
  if (planned >= 0) wrong("a second plan")
  planned = substr($1, 4) + 0
  next
}
/^(not )?ok [0-9]+( |$)/ { point($0); next }
/^ *#/ || /^[ \t]*$/ || /^Bail out!/ { next }
{ wrong("not a line of TAP") }
END {
  if (failed) exit 1
  if (NR == 0) wrong("no TAP at all")
  if (inside) wrong("YAML that does not end")
  if (planned < 0) wrong("no plan")
  if (points != planned) wrong("planned " planned " test points, saw " points + 0)
}
