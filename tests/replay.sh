# replay.sh - a page whose blocks are replayed, for tests that source it after tap.sh. A block of three backquotes begins with
# `$ COMMAND`, a line, and shows what the command answers. What may differ is what the test's function `mask` takes away. With
# SCREENS=FOLDER (`make bless`) a page is written there with the answers as they are now.

# replay BLOCK: its command, with the answer of today; lines that begin with `(trapeze) ` are typed to the debugger, which in a
# script shows each behind `> `.
replay() {
  command=$(sed -n '1s/^\$ //p' "$1")
  sed -n 's/^(trapeze) //p' "$1" >"$tmp/typed"
  printf '$ %s\n' "$command"
  case $command in
  'trapeze debug --line '*)
    (cd "$tmp" && timeout 60 trapeze debug --batch -x - ${command#trapeze debug --line} <"$tmp/typed" 2>"$tmp/err") >"$tmp/talk"
    while IFS= read -r line; do # a row of the pane may begin with `> ` as well
      if [ "${line#> }" != "$line" ] && grep -qxF -e "${line#> }" "$tmp/typed"; then line="(trapeze) ${line#> }"; fi
      printf '%s\n' "$line"
    done <"$tmp/talk" ;;
  *) (cd "$tmp" && timeout 60 sh -c "$command" 2>&1 </dev/null | sed '$s/$//') ;;
  esac
}
# replay_page PAGE: a path from the top. Sets n to the number of its blocks, and 1.
replay_page() {
  # The block of assembly becomes the file that its first line names, `// clock.S - ...`; each other block $tmp/block.N.
  awk -v to="$tmp/" '
    /^```asm$/ { asm = 1; file = ""; next }
    /^```/ && asm { asm = 0; next }
    asm { if (!file) file = $2; print > (to file) }
    /^```/ { if (!inside) n++; inside = !inside; next }
    inside { print > (to "block." n) }' "$1"
  n=1 changed=
  while [ -f "$tmp/block.$n" ]; do
    replay "$tmp/block.$n" | sed -e '$a\' >"$tmp/now.$n"
    mask <"$tmp/block.$n" >"$tmp/expected"; mask <"$tmp/now.$n" >"$tmp/actual"
    cmp -s "$tmp/expected" "$tmp/actual" || changed=yes
    [ -n "${SCREENS:-}" ] || same "block $n of the page: $(sed -n '1s/^\$ //p' "$tmp/block.$n" | cut -c1-70)" "$tmp/expected" "$tmp/actual"
    n=$((n + 1))
  done
  if [ -n "${SCREENS:-}" ] && [ -n "$changed" ]; then
    mkdir -p "$SCREENS/${1%/*}"
    awk -v from="$tmp/now." '
      /^```asm$/ { asm = 1; print; next }
      /^```/ && !asm { print; if (!inside) { n++; while ((getline line <(from n)) > 0) print line } inside = !inside; next }
      /^```/ { asm = 0 }
      !inside' "$1" >"$SCREENS/$1"
  fi
}
