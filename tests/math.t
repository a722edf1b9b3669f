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
done_testing
