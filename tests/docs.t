# docs.t - what the documents promise: their commands work as typed, their links lead somewhere, their lines fit.
. tests/tap.sh
case $BUILD in *tiny*) echo "1..0 # skip: programs in VMs take too long with two TLB entries"; exit 0 ;; esac
case $BUILD in /*) bin=$BUILD/bin ;; *) bin=$PWD/$BUILD/bin ;; esac
PATH=$bin:$PATH
documents=$(git ls-files '*.md' 2>/dev/null || find . -name '*.md' -not -path './build*')

# ---- README: each command of its table that ends by itself, with `lecture` as the program ----
printf 'int main(void) { return 0; }\n' >"$tmp/mine.c"
printf '        .globl _start\n_start: li t0, 0xF0003000 # power\n        sw zero, 0(t0)\n' >"$tmp/image.S"
pg32-cc -T bare -o "$tmp/image" "$tmp/image.S"
echo "9 read" >"$tmp/names"
sed -n 's/^| `\(\(trapeze\|pg32\)[^`]*\)` |.*/\1/p' README.md >"$tmp/commands"
check "README lists commands" test "$(wc -l <"$tmp/commands")" -ge 10
while read -r command; do
  case $command in
  *" LAB "* | *safety) continue ;; # instructors.t and safety.t run these
  "trapeze debug"*) typed="trapeze debug --batch -x /dev/null lecture" ;;
  "trapeze lab new"*) typed="trapeze lab new $tmp/lab" ;;
  pg32-addr2line*) typed="pg32-addr2line -f -e $tmp/mine 10000" ;;
  pg32-objdump*) typed="pg32-objdump -d $tmp/mine" ;;
  *) typed=$(echo "$command" | sed "s|PROG|lecture|; s|FILE|$tmp/stats|; s|IMAGE|$tmp/image|
      s|NAMES|$tmp/names|; s|KERNEL|$bin/../guest/boot/kernel|; s|VMM|$bin/../guest/bin/vmm|; s|mine|$tmp/mine|g") ;;
  esac
  check "README: $command" sh -c "$typed </dev/null"
done <"$tmp/commands"

# ---- README: what `make demo` prints is what it prints; the numbers are those of clang 14's kernel ----
BUILD=${bin%/bin} tools/demo >"$tmp/demo" 2>&1
case $(${CLANG:-clang} --version) in *"clang version 14."*) numbers=cat ;; *) numbers="sed s/[0-9][0-9a-f]*/N/g" ;; esac
sed -n '/^    TLB fault at /,/^      \.\.\.$/{/\.\.\./d;s/^    //;p;}' README.md | $numbers >"$tmp/readme-part"
check "README has a part of it" test "$(wc -l <"$tmp/readme-part")" -gt 10
sed -n '/^TLB fault at /,/^  5\. /{/^  5\. /d;p;}' "$tmp/demo" | $numbers >"$tmp/demo-part"
same "which is what it prints" "$tmp/demo-part" "$tmp/readme-part"

# ---- the first command of README and of the tutorial needs no PATH ----
for document in README.md tools/TUTORIAL.md; do
  first=$(sed -n 's/^    \(\(build\/bin\/\)\{0,1\}\(make\|trapeze\)\( .*\)\{0,1\}\)$/\1/p' $document | head -n 1)
  case $first in make | "make "*) pass "$document begins with make" ;; *) is "$document begins with make" make "$first" ;; esac
done
is "the tutorial's first command names its folder" "build/bin/trapeze debug lecture" \
  "$(sed -n 's/^    \(.*trapeze debug.*\)$/\1/p' tools/TUTORIAL.md | head -n 1)"

# ---- links to files ----
for document in $documents; do
  sed 's/`[^`]*`//g' "$document" | grep -o '](\([^)#:]*\))' | sed 's/](\(.*\))/\1/' | while read -r link; do
    [ -e "$(dirname "$document")/$link" ] || echo "$document: $link"
  done
done >"$tmp/dead"
is "every link to a file leads to one" "" "$(cat "$tmp/dead")"

# ---- file names that CONTRIBUTING mentions exist ----
grep -o '`[a-z0-9_/]*/[A-Za-z0-9_.-]*\.[chSt]\(def\)\{0,1\}`' CONTRIBUTING.md | tr -d '`' | sort -u | while read -r file; do
  case $file in *NAME*) continue ;; esac
  find . -path "*/$file" -not -path './build*' | grep -q . || echo "$file"
done >"$tmp/missing"
is "every file named in CONTRIBUTING exists" "" "$(cat "$tmp/missing")"

# ---- 120 columns, apart from tables, code and generated text ----
for document in $documents; do
  awk -v name="$document" '/^```|^<!-- (BEGIN|END)/ { skip = !skip } !skip && !/^\|/ && !/^    / { print name ":" NR ": " $0 }' "$document"
done | LC_ALL=C.UTF-8 grep -E '^[^:]*:[0-9]*: .{121,}$' | cut -c1-100 >"$tmp/wide"
is "no line of text is wider than 120 columns" "" "$(cat "$tmp/wide")"
is "no line of CONTRIBUTING at all" "" "$(LC_ALL=C.UTF-8 grep -nE '^.{121,}$' CONTRIBUTING.md)"
done_testing
