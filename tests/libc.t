# libc.t - programs that nobody wrote for PG32 print the same on it, bare and in a VM, as on the host.
. tests/tap.sh

# both NAME: builds tests/programs/NAME.c for the host and for PG32, and compares what they print
both() {
  check "$1 builds for the host" "${CC:-gcc}" -std=gnu17 -w -o "$tmp/$1.host" "tests/programs/$1.c" -lm
  check "$1 builds for PG32" "$BUILD/bin/pg32-cc" -std=gnu17 -O2 -Wall -Wextra -Werror -o "$tmp/$1" "tests/programs/$1.c"
  TZ=UTC0 "$tmp/$1.host" </dev/null >"$tmp/want"; want=$?
  for depth in $depths; do
    "$BUILD/bin/trapeze" run --depth $depth "$tmp/$1" >"$tmp/got" </dev/null; got=$?
    is "$1 at depth $depth: exit status" $want $got
    same "$1 at depth $depth: output" "$tmp/want" "$tmp/got"
  done
}

both interpreter
both conformance
both ends
both scanning
both floating
both rounding
both calendar
both options
both words
both streams
both wide
both regexes
both complexes
both wide_streams
both unix

# Where glibc is no oracle.
check "posix_groups builds" "$BUILD/bin/pg32-cc" -O2 -Wall -Wextra -Werror -o "$tmp/groups" tests/programs/posix_groups.c
is "groups of regular expressions, and hostile ones" "0 wrong" \
  "$("$BUILD/bin/trapeze" run --depth 0 --max-insns 1000M "$tmp/groups" 2>&1)"
done_testing
