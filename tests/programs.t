# programs.t - every program we ship prints the same and ends the same at depth 0, 1 and 2. (What it should
# print is userprogs.t's business.)
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# everywhere INPUT PROG ARGS...: console and exit status are the same at each depth
everywhere() {
  input=$1; shift
  for depth in $depths; do
    timeout 300 "$trapeze" run --depth "$depth" --max-insns 20G --input "$input" "$@" >"$tmp/out.$depth" 2>"$tmp/err"
    echo "status $?" >>"$tmp/out.$depth"
    [ "$depth" = 0 ] || same "$*: depth $depth as depth 0" "$tmp/out.0" "$tmp/out.$depth"
  done
}

printf 'one\ntwo\n' >"$tmp/lines"
cat >"$tmp/session" <<'END'
echo start
sleep 100 &
kill 3
wait
hello; nosuch
cat /etc/nosuch
faulty null
spin 1 &
wait
exit 7
END

while read -r line; do everywhere /dev/null $line; done <<'END'
hello you
echo a b  c
primes 10000
matmul 32
touch-pages 300 3
null-syscall 50
lecture
ls -l /bin
cat /etc/motd
ps
redpill
kill 99
sleep 1
spin 3
faulty null
END
everywhere "$tmp/lines" cat
everywhere "$tmp/session" sh
everywhere /dev/null usertests
everywhere /dev/null vmtests

for status in 0 1 127 128 255; do
  for depth in $depths; do
    "$trapeze" run --depth "$depth" sh -c "exit $status" </dev/null; got=$?
    is "exit status $status at depth $depth" "$status" "$got"
  done
done
done_testing
