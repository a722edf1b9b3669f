# engines.t - to the guest, and to whoever watches it, engines are all the same: the whole of a system, kernel, VMM and programs,
# leaves the same trace, the same counts and the same output on each, at each depth.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze

# by ENGINE DEPTH WORDS...: everything there is to be seen, in $tmp/ENGINE
by() {
  engine=$1 depth=$2; shift 2
  "$trapeze" run --engine "$engine" --depth "$depth" --max-insns 2G --stats "$tmp/stats" "$@" >"$tmp/out" 2>&1 </dev/null
  echo "status $?" >>"$tmp/out"
  sed -i "/to look at it: /s/ --engine $engine//" "$tmp/out"
  "$trapeze" trace --engine "$engine" --depth "$depth" --max-insns 2G --format json "$@" >"$tmp/trace" 2>/dev/null </dev/null
  cat "$tmp/out" "$tmp/stats" "$tmp/trace" >"$tmp/$engine"
}
# alike DEPTH WORDS...
alike() {
  by interp "$@"; by jit "$@"
  depth=$1; shift
  check "$*, depth $depth: there is something to compare" test "$(wc -l <"$tmp/interp")" -gt 20
  same "$*, depth $depth" "$tmp/interp" "$tmp/jit"
}
case $(engines) in *jit*) ;; *) echo "1..0 # skip: this host has one engine"; exit 0 ;; esac
for depth in $depths; do
  alike $depth hello
  alike $depth lecture
  alike $depth null-syscall 200
  alike $depth touch-pages 300 3
  alike $depth matmul 40
  alike $depth sh -c "ls | cat; ps; faulty"
done
alike 0 usertests

# The JIT reserves addresses for each address space that is used. Under a limit, few of these have addresses at a time, and
# take them from one another; what a guest does is the same. Where a limit leaves too few addresses for the JIT, that is no
# matter of RAM.
limited() { # KIB ENGINE WORD...
  (ulimit -v "$1"; engine=$2; shift 2; exec "$trapeze" run --engine "$engine" --depth 0 "$@") >"$tmp/out" 2>&1 </dev/null
  echo $? >>"$tmp/out"
}
case $BUILD in *asan*) ;; *)
  processes='for i in 1 2 3 4 5 6 7 8 9 10 11 12; do ps; ls /bin; done'
  "$trapeze" run --engine interp --depth 0 sh -c "$processes" >"$tmp/unlimited" 2>&1 </dev/null
  echo $? >>"$tmp/unlimited"
  limited 600000 jit sh -c "$processes"
  same "jit runs many address spaces under a limit of addresses" "$tmp/unlimited" "$tmp/out"
  limited 150000 auto hello
  is "auto runs under a limit that leaves none for the JIT" "hello, world 0" "$(tr '\n' ' ' <"$tmp/out" | sed 's/ $//')"
  limited 150000 jit hello
  check "jit says that it reserves addresses" grep -q '^trapeze: --engine jit: it reserves about 200 MiB of addresses ' "$tmp/out"
  is "and fails" 125 "$(tail -n 1 "$tmp/out")" ;;
esac
case $BUILD in *tiny*) ;; *) alike 1 vmtests ;; esac
done_testing
