# library.t - userprogs/LIBRARY.md says the truth: what it has is declared in its header and links, what it has not does
# not link, and nothing is missing in the table.
. tests/tap.sh
archive=$PWD/$BUILD/share/trapeze/lib/libc.a
awk -F '[<>]' '/^### `</ {print $2}' userprogs/LIBRARY.md >"$tmp/headers"
# rows: header, function, have or not or macro
awk -F '[`|]' '/^### `</ {header = $2; gsub(/[<>]/, "", header)}
  header != "" && /^\| `/ {gsub(/ /, "", $5); gsub(/ /, "", $4); print header, $3, $5 != "" ? $5 : $4}' userprogs/LIBRARY.md >"$tmp/rows"
check "the table has more than 480 functions" [ "$(grep -c ' have$' "$tmp/rows")" -gt 480 ]

# Each header declares what the table says; the address of a function that it does not declare is an error.
: >"$tmp/bad"
for header in $(awk '$3 == "have" {print $1}' "$tmp/rows" | sort -u); do
  { echo "#include <$header>"; awk -v h="$header" '$1 == h && $3 == "have" {print "void *p_" $2 " = (void *)" $2 ";"}' "$tmp/rows"; } >"$tmp/one.c"
  "$BUILD/bin/pg32-cc" -D_GNU_SOURCE -fno-builtin -w -c -o "$tmp/$(echo "$header" | tr / _).o" "$tmp/one.c" >"$tmp/why" 2>&1 ||
    { echo "$header"; cat "$tmp/why"; } >>"$tmp/bad"
done
is "each header declares its functions" "" "$(cat "$tmp/bad")"
echo 'int main(void) { return 0; }' >"$tmp/main.c"
check "all of them link" "$BUILD/bin/pg32-cc" -o "$tmp/all" "$tmp/main.c" "$tmp"/*.o

# What the library defines, names of compilers and of the library itself left out.
readelf -sW "$archive" | awk '$4 == "FUNC" && $5 == "WEAK" && $7 != "UND" && $8 !~ /^_[_Z]/ {print $8}' | sort -u >"$tmp/defined"
awk '$3 == "not" {print $2}' "$tmp/rows" | sort -u | comm -12 - "$tmp/defined" >"$tmp/there"
is "what the table has not is not there" "" "$(cat "$tmp/there")"
sed -n 's/^int \([a-z_]*\)(.*/\1/p' userprogs/include/pg32.h | sort >"$tmp/own"
awk '$3 != "not" {print $2}' "$tmp/rows" | sort -u | comm -13 - "$tmp/defined" | comm -23 - "$tmp/own" |
  grep -v '^usertest_' >"$tmp/missing"
is "every function of the library is in the table" "" "$(cat "$tmp/missing")"
is "what is not there has a reason" "" "$(grep -E '^\| `[^`]*` \| not \| *\|$' userprogs/LIBRARY.md)"
done_testing
