# math.t - <math.h> and the arithmetic that compilers call, compared with the host's: the same sources compiled for the
# host, over many numbers; and on PG32 they give the same bits. `make math N=1000000` does the same for longer.
. tests/tap.sh
echo 'int main(void) { return 0; }' >"$tmp/try.c"
gcc -o "$tmp/try" "$tmp/try.c" -lquadmath 2>/dev/null || { echo "1..0 # skip: the oracle is gcc's libquadmath"; exit 0; }
check "the library's mathematics compiles for the host" tests/math/build "$tmp"
check "the greatest error of each function is below 0.51 units in the last place" "$tmp/errors" 2000
check "the arithmetic of float, double and long double is the host's, bit by bit" "$tmp/arithmetic" 20000
check "the program that prints bits compiles for PG32" "$BUILD/bin/pg32-cc" -std=gnu17 -O1 -w -I. -fno-builtin \
  -o "$tmp/bits.pg32" tests/math/bits.c
"$tmp/bits" >"$tmp/want"
timeout 120 "$BUILD/bin/trapeze" run --depth 0 "$tmp/bits.pg32" >"$tmp/got" </dev/null
same "PG32 computes the same bits" "$tmp/want" "$tmp/got"

# Long doubles as text, and back.
check "the program about text compiles for PG32" "$BUILD/bin/pg32-cc" -std=gnu17 -O1 -o "$tmp/text.pg32" tests/math/text.c
"$tmp/text" >"$tmp/want"
timeout 120 "$BUILD/bin/trapeze" run --depth 0 "$tmp/text.pg32" >"$tmp/got" </dev/null
same "printf and strtold have every digit of a long double" "$tmp/want" "$tmp/got"
# What an operation costs: the table "How quick the arithmetic is" of LIBRARY.md, whose limits nothing may exceed. The
# costs of a loop, its loads and its store are in them.
check "the program that counts compiles" "$BUILD/bin/pg32-cc" -O2 -o "$tmp/costs" tests/math/costs.c
count() {
  "$BUILD/bin/trapeze" run --depth 0 --stats "$tmp/stats" "$tmp/costs" "$1" "$2" </dev/null || echo "no status 0"
  jq '.lanes["host/costs"]' "$tmp/stats"
}
sed -n '/^## How quick the arithmetic/,/^## Why/p' userprogs/LIBRARY.md >"$tmp/quick"
for type in float double; do
  for column in 1:+ 1:- 2:* 3:/ "4:<" 5:=n 6:n=; do
    case $column in *n=) operation=n=$type ;; *) operation=$type${column#*:} ;; esac
    limit=$(sed -n "s/^| $type |//p" "$tmp/quick" | cut -d'|' -f${column%%:*} | tr -d ' ')
    few=$(count "$operation" 10); many=$(count "$operation" 1010)
    cost=$(((many - few) / 1000))
    check "$operation: $cost instructions, at most $limit" [ "$cost" -gt 5 -a "$cost" -le "$limit" ]
  done
done
done_testing
