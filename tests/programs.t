# programs.t - every program we ship prints the same and ends the same at depth 0, 1 and 2.
. tests/tap.sh
run="$BUILD/bin/trapeze run"

at_depth() { # DEPTH INPUT PROG ARGS...: console to $tmp/out.DEPTH, status behind it
  d=$1 input=$2; shift 2
  timeout 300 $run --depth "$d" --max-insns 20000000000 --input "$input" "$@" >"$tmp/out.$d" 2>"$tmp/err.$d"
  echo "status $?" >>"$tmp/out.$d"
}
everywhere() { # NAME INPUT PROG ARGS...: the same at each depth; $tmp/out.0 is what it printed
  name=$1; shift
  for depth in 0 1 2; do at_depth $depth "$@"; done
  for depth in 1 2; do same "$name: depth $depth as depth 0" "$tmp/out.0" "$tmp/out.$depth"; done
}
prints() { # NAME EXPECTED-LAST-LINES: what the program of the last `everywhere` printed
  printf '%b' "$2" >"$tmp/want"
  tail -n "$(wc -l <"$tmp/want")" "$tmp/out.0" >"$tmp/got"
  same "$1" "$tmp/want" "$tmp/got"
}

everywhere hello /dev/null hello
prints "hello greets" 'hello, world\nstatus 0\n'
everywhere echo /dev/null echo a 'b  c' '' d
prints "echo keeps its arguments apart" 'a b  c  d\nstatus 0\n'
everywhere primes /dev/null primes 10000

grep -q 1229 "$tmp/out.0" && pass "primes counts 1229 primes" || fail "primes counts 1229 primes"
everywhere matmul /dev/null matmul 32
everywhere touch-pages /dev/null touch-pages 300 3
everywhere null-syscall /dev/null null-syscall 50
prints "null-syscall counts" '50 system calls\nstatus 0\n'
everywhere lecture /dev/null lecture
everywhere ls /dev/null ls -l /bin
everywhere cat /dev/null cat /etc/motd
same "cat prints the file" userprogs/etc/motd "$(sed '$d' "$tmp/out.0" >"$tmp/motd"; echo "$tmp/motd")"
printf 'one\ntwo\n' >"$tmp/lines"
everywhere "cat of the console" "$tmp/lines" cat
prints "cat copies the console" 'one\ntwo\nstatus 0\n'
everywhere ps /dev/null ps
everywhere sleep /dev/null sleep 1
everywhere usertests /dev/null usertests
prints "usertests pass" 'ALL TESTS PASSED\nstatus 0\n'
everywhere vmtests /dev/null vmtests
prints "vmtests pass" 'ALL TESTS PASSED\nstatus 0\n'

# a session at the shell: background jobs, kill, exit status
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
everywhere "a shell session" "$tmp/session" sh
tail -n 1 "$tmp/out.0" >"$tmp/last"; is "the shell's status" '$ status 7' "$(cat "$tmp/last")"

for status in 0 1 42 127 128 200 255; do
  for depth in 0 1 2; do
    $run --depth $depth sh -c "exit $status" </dev/null; got=$?
    is "exit status $status at depth $depth" "$status" "$got"
  done
done
done_testing
