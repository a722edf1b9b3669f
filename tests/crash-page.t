# crash-page.t - tools/CRASHES.md is replayed: its programs are compiled, its commands are run, and their answers are those
# that the page shows. With SCREENS=FOLDER (`make bless`) the page is written there with the answers as they are now.
. tests/tap.sh
normal_tlb
page=$PWD/tools/CRASHES.md
PATH=$(cd "$BUILD/bin" && pwd):$PATH
# Numbers and addresses are the compiler's, and so is where its lines are in the C library, and which of the lines that copy
# the string is named. The instruction that loads the
# return address belongs to the last statement of `greet` or to the brace behind it.
mask() { sed -E 's/0x[0-9a-f]{8}/0x......../g; s/#[0-9]+(\+[0-9]+)? /#N /g; s/insn +[0-9]+ +-[0-9]+/insn N -N/; s/<([a-z_]+)\+0x[0-9a-f]+>/<\1+0xN>/; s/(stdlib|string)\.c:[0-9]+/\1.c:N/g; s/^ +[89]  (\}|  puts.*)$/LINE 8 OR 9/; s/^ +[0-9]+  .*\*to.*/LINE OF string.c/; s/(writes \$ra: greet, greet\.c:)[89]\./\1N./'; }

# Programs become files, called as their first line says; blocks of commands become $tmp/block.N. A program ends with an
# empty command, so that the numbers of blocks are those of the page.
awk -v to="$tmp/" '
  /^```c$/ { program = 1; name = ""; next }
  /^```/ && !program { if (!inside) n++; inside = !inside; next }
  /^```/ { program = 0; next }
  program && name == "" { name = $2; printf "" > (to name) }
  program { print > (to name) }
  inside { print > (to "block." n) }' "$page"

# replay BLOCK: prints it with the answers of today. Lines after a `$ ` that begin with `(trapeze) ` are its input. The stack
# offset of the return address is the compiler's: 28(sp) on the page.
replay() {
  while IFS= read -r line <&3; do
    case $line in
    '$ '*) finish; command=${line#\$ }; : >"$tmp/input"; : >"$tmp/lines"; printf '%s\n' "$line" ;;
    '(trapeze) '*) printf '%s\n' "${line#(trapeze) }" >>"$tmp/input" ;;
    esac
  done 3<"$1"
  finish
}
# Runs the command that was read. In a script each command of the debugger is shown before its answer.
finish() {
  [ "$command" ] || return 0
  case $command in
  'trapeze debug --line '*)
    { printf 'info status\n'; cat "$tmp/input"; } | sed "s/\$sp + 28/\$sp + $offset/" >"$tmp/script"
    (cd "$tmp" && timeout 60 trapeze debug --line ${command#trapeze debug --line} <"$tmp/script" >"$tmp/plain" 2>&1)
    (cd "$tmp" && sed 1d "$tmp/script" | timeout 60 trapeze debug --batch -x - ${command#trapeze debug --line} 2>&1) |
      sed "s/^> /(trapeze) /; s/\b$offset(sp)/28(sp)/; s/\$sp + $offset/\$sp + 28/" >"$tmp/talk"
    head -n 2 "$tmp/plain"; cat "$tmp/talk" ;;
  *) (cd "$tmp" && timeout 60 sh -c "$command" 2>&1 </dev/null) ;;
  esac
  command=
}
n=1 command= changed= offset=28
while [ -f "$tmp/block.$n" ]; do
  replay "$tmp/block.$n" >"$tmp/now.$n"
  [ -f "$tmp/greet" ] && offset=$(pg32-objdump -d "$tmp/greet" | sed -n '/<greet>:/,/^$/s/.*lw *ra, \([0-9]*\)(sp).*/\1/p')
  mask <"$tmp/block.$n" >"$tmp/expected"; mask <"$tmp/now.$n" >"$tmp/actual"
  cmp -s "$tmp/expected" "$tmp/actual" || changed=yes
  [ -n "${SCREENS:-}" ] || same "block $n of the page" "$tmp/expected" "$tmp/actual"
  n=$((n + 1))
done
check "the page has blocks" test $n -gt 6
check "the page is read in ten minutes" test "$(wc -w <"$page")" -lt 2000
if [ -n "${SCREENS:-}" ] && [ -n "$changed" ]; then
  mkdir -p "$SCREENS/tools"
  awk -v from="$tmp/now." '
    /^```c$/ { program = 1; print; next }
    /^```/ && !program { print; if (!inside) { n++; while ((getline line <(from n)) > 0) print line } inside = !inside; next }
    /^```/ { program = 0 }
    !inside' "$page" >"$SCREENS/tools/CRASHES.md"
fi
done_testing
