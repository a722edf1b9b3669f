# bare.t - a kernel that shares nothing with ours runs on the machine and under our VMM, and cannot tell.
. tests/tap.sh

check "mini builds" "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/mini" tests/bare/mini.S
cat >"$tmp/expected" <<'EOT'
mini: a kernel of its own
mini: the sum is 32896
mini: timer interrupts: 4
EOT
for depth in 0 1 2; do
  "$BUILD/bin/trapeze" run --image "$tmp/mini" --depth $depth >"$tmp/out" 2>"$tmp/err" </dev/null
  is "mini's status, depth $depth" 42 $?
  same "mini's console, depth $depth" "$tmp/expected" "$tmp/out"
  diag <"$tmp/err"
done
done_testing
