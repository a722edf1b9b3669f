# events.t - an event has one number: the same in every format of `trapeze trace`, in `make demo` and in the debugger,
# whatever stdin is.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# A console that stays open, as a terminal's does, and says nothing.
mkfifo "$tmp/open"
exec 7<>"$tmp/open"

# transfers: the traps and resumes of JSON lines, as "#N FROM -> TO"; traps: as "N CAUSE FROM"
transfers() { sed -n 's/.*"event":\([0-9]*\),"kind":"\(trap\|resume\)".*"from":"\([^"]*\)","to":"\([^"]*\)".*/#\1 \3 -> \4/p'; }
traps() { sed -n 's/.*"event":\([0-9]*\),"kind":"trap".*"from":"\([^"]*\)".*"cause":"\([^"]*\)".*/\1 \3 \2/p'; }
# within NAME FILE WHOLE: FILE has lines, and each of them is one of WHOLE's
within() {
  sort -u "$2" >"$tmp/part"
  sort -u "$3" | comm -23 "$tmp/part" - >"$tmp/strange"
  check "$1: there are some" test -s "$tmp/part"
  is "$1" "" "$(head -n 5 "$tmp/strange")"
}
# debug ARGS...: the commands of stdin
debug() { timeout 60 "$trapeze" debug --batch -x - "$@" >"$tmp/out" 2>&1 || diag <"$tmp/out"; }

for run in "0 lecture" "1 lecture" "2 lecture" "1 hello"; do
  depth=${run% *} program=${run#* }
  trace() { "$trapeze" trace --depth "$depth" "$@" "$program" 2>/dev/null; }
  trace -f json </dev/null >"$tmp/json"
  trace -f json <&7 >"$tmp/live"
  same "$run: with an open console as with /dev/null" "$tmp/json" "$tmp/live"
  printf 'goto end\nexport json %s/debug\nexport text %s/debug.text\ninfo lists\n' "$tmp" "$tmp" | debug -d "$depth" "$program"
  same "$run: the debugger's events are those of trace" "$tmp/json" "$tmp/debug"
  transfers <"$tmp/json" >"$tmp/transfers"
  traps <"$tmp/json" >"$tmp/traps"

  trace </dev/null >"$tmp/text"
  same "$run: the debugger's text" "$tmp/text" "$tmp/debug.text"
  tail -n +2 "$tmp/text" | awk '{print $1}' | sort -n >"$tmp/numbers"
  cut -d ' ' -f 1 "$tmp/traps" | sort -n >"$tmp/expected"
  same "$run: text has the same traps" "$tmp/expected" "$tmp/numbers"
  trace -f perfetto </dev/null | sed -n 's/.*"ph":"i".*"args":{"event":\([0-9]*\),.*/\1/p' | sort -n >"$tmp/numbers"
  same "$run: Perfetto, too" "$tmp/expected" "$tmp/numbers"
  [ "$depth" = 0 ] && continue
  trace --lists </dev/null | sed -n 's/^ *\(#[0-9]* .* -> [^,]*\),.*/\1/p' >"$tmp/numbers"
  within "$run: the lists' events" "$tmp/numbers" "$tmp/transfers"
  trace --tree </dev/null | sed -n 's/^[^#]*#\([0-9]*\) \(.*\): \([A-Z_]*\) *.*/\1 \3 \2/p' >"$tmp/numbers"
  within "$run: the tree's" "$tmp/numbers" "$tmp/traps"
  sed -n 's/^#\([0-9]*\) .* \(system call\|TLB fault\) *\(.*\), \([A-Z_]*\)$/\1 \4 \3/p' "$tmp/out" >"$tmp/numbers"
  within "$run: the debugger's lists" "$tmp/numbers" "$tmp/traps"
done

# ---- the lecture's run, as demo and the debugger show it ----
"$trapeze" trace -f json lecture </dev/null 2>/dev/null >"$tmp/json"
transfers <"$tmp/json" >"$tmp/transfers"
traps <"$tmp/json" >"$tmp/traps"
BUILD=$BUILD tools/demo </dev/null >"$tmp/demo"
BUILD=$BUILD tools/demo <&7 >"$tmp/live"
same "demo, with an open console as without" "$tmp/demo" "$tmp/live"
sed -n 's/^ *\(#[0-9]* .* -> [^,]*\),.*/\1/p' "$tmp/demo" >"$tmp/numbers"
within "demo's events" "$tmp/numbers" "$tmp/transfers"
is "demo fits a terminal" "" "$(sed "s|$BUILD/|build/|g" "$tmp/demo" | LC_ALL=C awk 'length > 80')"

# What the debugger says at each of demo's events is what trace says of it.
first=$(sed -n 's/^#\([0-9]*\) vm1.*/\1/p' "$tmp/numbers" | head -n 1)
printf 'goto #%s\nt\nt\nt\nT\n' "$first" | debug lecture
sed -n 's/^Before #\([0-9]*\): \([A-Z_]*\) by \([^,]*\),.*/\1 \2 \3/p' "$tmp/out" >"$tmp/numbers"
within "the debugger, from trap to trap" "$tmp/numbers" "$tmp/traps"
printf 'goto end\nL\nL\ne\ne\ne\n' | debug lecture
sed -n 's/^\(at\|before\) #\([0-9]*\) .*/#\2/p' "$tmp/out" | sort -u >"$tmp/there"
sed -n 's/^ *\(#[0-9]*\) .* -> .*/\1/p' "$tmp/demo" >"$tmp/numbers"
within "the debugger, at the steps of demo's system call" "$tmp/there" "$tmp/numbers"
printf 'info status\n' | debug --event "$first" lecture
check "--event opens there" grep -q "^before #$first  vm1/lecture" "$tmp/out"

# With input, too: a file of it is the same run in both.
printf 'some\nlines\n' >"$tmp/lines"
"$trapeze" trace -f json --input "$tmp/lines" cat </dev/null 2>/dev/null >"$tmp/json"
printf 'goto end\nexport json %s/debug\n' "$tmp" | debug --input "$tmp/lines" cat
same "a run with input" "$tmp/json" "$tmp/debug"
exec 7>&-

# An empty input ends all the same, for who reads it.
is "an empty input ends: a reader's status" 0 "$("$trapeze" run cat </dev/null >/dev/null 2>&1; echo $?)"
is "and a shell's" 0 "$("$trapeze" run --depth 2 </dev/null >/dev/null 2>&1; echo $?)"

# A run that does nothing but trap: the debugger begins when it has seen many events, not only after many steps.
printf '        .globl _start\n_start: la t0, 1f\n        sw t0, 0x18(zero)\n1:      syscall\n' >"$tmp/storm.S"
"$BUILD/bin/pg32-cc" -T bare -o "$tmp/storm" "$tmp/storm.S"
printf 'step 1\n' | "$trapeze" debug --batch -x - --reset --depth 0 --image "$tmp/storm" >"$tmp/out" 2>&1
steps=$(sed -n 's/^.* insn 1  -\([0-9]*\)$/\1/p' "$tmp/out")
check "a storm of traps: steps seen at first (${steps:-none})" test "${steps:-9999999}" -le 2000000
printf 'goto #1100000\n' | "$trapeze" debug --batch -x - --reset --depth 0 --image "$tmp/storm" >"$tmp/out" 2>&1
check "and it goes on from there" grep -q '^Before #1100000: SYSCALL by host kernel' "$tmp/out"

# Opening a long run tells a terminal how far it is, after two seconds (here it is stopped for most of them).
echo 'echo $$ >'"$tmp/pid"'; exec '"$trapeze debug --line --event 99000000 --depth 0 --image $tmp/storm" >"$tmp/long"
script -qc "sh $tmp/long; echo status \$?" /dev/null </dev/null >"$tmp/told" 2>&1 &
until [ -s "$tmp/pid" ]; do sleep 0.1; done
pid=$(cat "$tmp/pid")
sleep 0.2; kill -STOP "$pid"; sleep 2; kill -CONT "$pid"
for i in 1 2 3 4 5 6 7 8 9; do grep -q 'Ctrl-C' "$tmp/told" || sleep 0.3; done
kill -INT "$pid"; wait
check "the debugger tells a terminal how far it is" grep -q 'Recording the run: step [0-9]*, [2-9] s. Ctrl-C stops it.' "$tmp/told"
is "Ctrl-C removes the line, and ends it" "status 130" "$(tr -d '\r\n' <"$tmp/told" | sed "s/.*\x1b\[K//")"
done_testing
