# golden.t - each tests/golden/NAME.cmd prints exactly tests/golden/NAME.out. `make bless` accepts changes.
. tests/tap.sh
normal_tlb
for cmd in tests/golden/*.cmd; do
  name=${cmd##*/}; name=${name%.cmd}
  PATH=$BUILD/bin:$PATH sh "$cmd" >"$tmp/$name.out" 2>&1 </dev/null
  same "$name" "tests/golden/$name.out" "$tmp/$name.out"
done
done_testing
