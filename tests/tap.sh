# tap.sh - sourced by tests/*.t: the few words of TAP a shell test needs.
# A test runs from the top of the tree with BUILD set, and says `ok`/`not ok` once a point.
set -u
: "${BUILD:?set BUILD to the build folder}"
tap_n=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

pass() { tap_n=$((tap_n + 1)); printf 'ok %d - %s\n' "$tap_n" "$1"; }
fail() { tap_n=$((tap_n + 1)); printf 'not ok %d - %s\n' "$tap_n" "$1"; }
# diag: indents standard input as a diagnostic, at most 40 lines
diag() { head -n 40 | sed 's/^/# /'; }
# check NAME COMMAND...: passes when the command exits 0; shows its output when it does not
check() {
  check_name=$1; shift
  if "$@" >"$tmp/check.out" 2>&1; then pass "$check_name"; else fail "$check_name"; diag <"$tmp/check.out"; fi
}
# same NAME EXPECTED-FILE ACTUAL-FILE
same() {
  if diff -u "$2" "$3" >"$tmp/diff.out"; then pass "$1"; else fail "$1"; diag <"$tmp/diff.out"; fi
}
# is NAME EXPECTED ACTUAL (strings)
is() {
  if [ "$2" = "$3" ]; then pass "$1"; else fail "$1"; printf 'expected: %s\ngot:      %s\n' "$2" "$3" | diag; fi
}
# depths: those at which a program is run. A two-entry TLB makes every level some hundred times slower.
case $BUILD in *tiny*) depths=0 ;; *) depths="0 1 2" ;; esac
# engines: those that this host has
engines() {
  for engine in interp jit; do
    "$BUILD/bin/trapeze" run --engine $engine --depth 0 hello >/dev/null 2>&1 </dev/null && echo $engine
  done
}
# normal_tlb: for tests whose numbers or patience suppose a TLB of 256 entries
normal_tlb() { case $BUILD in *tiny*) echo "1..0 # skip: counts suppose the normal TLB"; exit 0 ;; esac; }
done_testing() { printf '1..%d\n' "$tap_n"; }
