# manual.t - the manual says what the table, the platform header and the tools say.
. tests/tap.sh
manual=isa/MANUAL.md

check "generated parts are fresh" "$BUILD/bin/pg32-manual" --check $manual
sed 's/^Opcode 0x10,/Opcode 0x11,/' $manual >"$tmp/stale.md"
"$BUILD/bin/pg32-manual" --check "$tmp/stale.md" 2>"$tmp/stale.err"
is "a stale part is noticed" 1 $?
"$BUILD/bin/pg32-manual" --write "$tmp/stale.md"
same "and mended" $manual "$tmp/stale.md"

# Table rows that begin | `NAME` | number | state a constant.
{
  echo '#include <stdint.h>'
  echo '#include "isa/platform.h"'
  sed -n 's/^| `\([A-Z][A-Z0-9_]*\)` | \(0x[0-9A-Fa-f]*\|[0-9]*\) |.*/_Static_assert(\1 == \2, "\1");/p' $manual
} >"$tmp/constants.c"
check "the constants of the tables are found" test "$(grep -c Static_assert "$tmp/constants.c")" -ge 60
check "the constants agree with platform.h" "${CC:-cc}" -fsyntax-only -I. "$tmp/constants.c"

# and none of the hardware's is missing
sed -n 's/^#define \(\(LC\|ST\|TLB\|TLBI\|DEV\|CONSOLE\|BLOCK\|CLOCK\|POWER\|FACTS\|MARK\)_[A-Z0-9_]*\) .*/\1/p' isa/platform.h |
  grep -v '^CONSOLE_\(COOKED\|RAW\|ECHO\)$' |
  while read -r name; do grep -q "^| \`$name\` |" $manual || echo "$name is not in the manual"; done >"$tmp/missing"
check "every constant of the hardware is in the manual" test ! -s "$tmp/missing"
diag <"$tmp/missing"

# the kernel of the last chapter
awk '/^<!-- hello.S -->/ {take = 1; next} take && /^```/ {n++; next} take && n == 1 {print} n == 2 {exit}' \
  $manual >"$tmp/hello.S"
check "the example builds" "$BUILD/bin/pg32-cc" -T bare -o "$tmp/hello" "$tmp/hello.S"
for depth in 0 1; do
  "$BUILD/bin/trapeze" run --image "$tmp/hello" --depth $depth >"$tmp/hello.out" 2>"$tmp/hello.err" </dev/null
  is "the example's status, depth $depth" 0 $?
  is "the example's console, depth $depth" hi "$(cat "$tmp/hello.out")"
done

done_testing
