# bare.t - bare images that share nothing with our kernel. mini, a kernel, runs on the machine and under our VMM and is
# traced right. probe prints each fact of the machine that a program can read, and prints the same at every depth.
. tests/tap.sh

check "mini builds" "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/mini" tests/bare/mini.S
cat >"$tmp/expected" <<'EOT'
mini: a kernel of its own
mini: the sum is 32896
mini: timer interrupts: 4
EOT
for depth in 0 1 2; do
  for engine in $(engines); do
    "$BUILD/bin/trapeze" run --image "$tmp/mini" --engine "$engine" --depth $depth >"$tmp/out" 2>"$tmp/err" </dev/null
    is "mini's status, $engine, depth $depth" 42 $?
    same "mini's console, $engine, depth $depth" "$tmp/expected" "$tmp/out"
    diag <"$tmp/err"
  done
done

# The lecture's lists, recognized without any mark. What the program does on the bare machine says what they must be.
trace() { "$BUILD/bin/trapeze" trace "$@" --image "$tmp/mini" </dev/null 2>"$tmp/err"; }
trace --format json --depth 0 >"$tmp/trace0"
trace --format json --depth 1 >"$tmp/trace1"
trace --lists --depth 1 >"$tmp/lists"
trap_of='s/.*"cause":"\(SYSCALL\|[A-Z]*_MISS\)","pc":\([0-9]*\),"badva":\([0-9]*\).*/\1 \2 \3/p'
grep '"from":"[^"]*user"' "$tmp/trace0" | sed -n "$trap_of" >"$tmp/bare"
grep '"step":1,"level":1' "$tmp/trace1" | sed -n "$trap_of" >"$tmp/first"
check "the program calls and faults" test "$(wc -l <"$tmp/bare")" -ge 12
same "each of its calls and faults begins a list, nothing else does" "$tmp/bare" "$tmp/first"

# LIST EVENT STEP, one a line; a step may be several events, and 0 stands for what follows step 7
sed 's/{"list"/\n&/g' "$tmp/trace1" |
  sed -n 's/^{"list":"\([a-z]*\)","step":\([1-9]\),"level":1,"list_event":\([0-9]*\).*/\1 \3 \2/p' |
  awk '!seen[$0]++ { if (!($2 in steps)) order[++n] = $2; list[$2] = $1; steps[$2] = steps[$2] $3 }
       END { for (i = 1; i <= n; i++) print list[order[i]], steps[order[i]] }' >"$tmp/steps"
sed 's/^SYSCALL.*/syscall 1234/; s/^[A-Z]*_MISS.*/tlb 1234567/; $s/1234/12/' "$tmp/bare" >"$tmp/complete"
same "every list is complete and in order; the last call, exit, ends at step 2" "$tmp/complete" "$tmp/steps"

# The evidence: the entry that the handler loads is the page less OFFSET, in its ASID.
sed -n 's/.*"step":4,[^}]*: page 0x4\(....\), ASID \([0-9]*\) -> frame 0x0\(....\) .*/\1 \2 \3/p' "$tmp/trace1" >"$tmp/entries"
is "step 4 quotes the entry" "$(grep -c ^tlb "$tmp/steps")" "$(awk '$1 == $3 && $2 == 77' "$tmp/entries" | wc -l)"
is "a TLB fault is three exits" "$(grep -c ^tlb "$tmp/steps")" "$(grep -c '^TLB fault at .* by vm1 user at .*: 3 exits' "$tmp/lists")"
is "a call without devices is two" 1 "$(grep -c '^System call (a7 = 2) by vm1 user at .*: 2 exits' "$tmp/lists")"

# ---- the probe ----
check "the probe builds" "$BUILD/bin/pg32-cc" -T bare -O2 -I. -o "$tmp/probe" tests/bare/probe-start.S tests/bare/probe.c
awk 'BEGIN { for (i = 0; i < 1500; i++) printf "%c", 33 + i % 90 }' >"$tmp/small"
awk 'BEGIN { for (i = 0; i < 1700; i++) printf "%c", 40 + i % 80 }' >"$tmp/disk"
printf 'in\n' >"$tmp/input"
case $BUILD in *tiny*) probe_depths= ;; *) probe_depths="1 2 3" ;; esac

# probe_at DEPTH OPTIONS... [-- ARGS...]: what the probe prints, its status, and the disk as it is then
probe_at() {
  probe_depth=$1; shift
  cp "$tmp/disk" "$tmp/disk$probe_depth"
  case " $* " in *" --disk "*) set -- --disk "$tmp/disk$probe_depth" $(echo "$*" | sed 's/--disk//') ;; esac
  "$BUILD/bin/trapeze" run --ram 2M --depth "$probe_depth" --input "$tmp/input" --image "$tmp/probe" "$@" 2>&1
  echo "status $?"
  cksum <"$tmp/disk$probe_depth"
}

# cannot_tell NAME OPTIONS...: the same at every depth. On pg32-leaky, mfst tells; nothing else does.
cannot_tell() {
  name=$1; shift
  probe_at 0 "$@" >"$tmp/bare"
  check "$name: the probe ends" grep -q '^status 42$' "$tmp/bare"
  case $* in *leaky*) sed -i '/^mfst/d' "$tmp/bare" ;; esac
  for depth in $probe_depths; do
    probe_at $depth "$@" >"$tmp/nested"
    case $* in *leaky*)
      check "$name: mfst tells, depth $depth" grep -q '^mfst after mtst 00000[0-9a-f]0[57]$' "$tmp/nested"
      sed -i '/^mfst/d' "$tmp/nested" ;;
    esac
    same "$name, depth $depth" "$tmp/bare" "$tmp/nested"
  done
}
fact() { awk -v at="000000$1" '$1 == "facts" { for (i = 2; i < NF; i += 2) if ($i == at) print $(i + 1) }' "$tmp/bare"; }

cannot_tell "nothing given"
is "no initrd" 00000000 "$(fact 0c)"
is "no arguments" 00000000 "$(fact 14)"
is "initrd and arguments have an address, and it is the same" "$(fact 08)" "$(fact 10)"
is "the RAM that was asked for" 00200000 "$(fact 00)"
check "RAM that nothing was put into is zero" grep -q '^words of RAM not zero 00000000$' "$tmp/bare"
check "so are the registers" grep -q '^registers 00000000$' "$tmp/bare"
check "and the low core" grep -q '^low core\( 00000000\)\{8\}$' "$tmp/bare"
cannot_tell "arguments" one /dev/null "$tmp/probe" -x --depth
check "they are passed word for word" grep -Fqx "arguments one|/dev/null|$tmp/probe|-x|--depth|" "$tmp/bare"
[ -n "${LONG:-}" ] || probe_depths=${probe_depths% 3} # all at once is tried there, too
cannot_tell "an initrd" --initrd "$tmp/small"
is "has its size" 000005dc "$(fact 0c)"
is "and the image's address is not its" 1 "$(($(printf %d "0x$(fact 10)") - $(printf %d "0x$(fact 08)") == 4096))"
cannot_tell "a disk" --disk
check "has its sectors" grep -q '^block.* 00000014 00000004, causes' "$tmp/bare"
cannot_tell "a TLB of 16 entries" --tlb 16
is "has 16" 00000010 "$(fact 04)"
case $probe_depths in *2*) probe_depths="1 2 3" ;; esac
cannot_tell "all at once" --tlb 37 --disk --initrd "$tmp/small" one two
[ -n "${LONG:-}" ] || probe_depths=${probe_depths% 3}
cannot_tell "the leaky CPU" --cpu pg32-leaky one
for depth in $probe_depths; do
  check "verify fidelity compares the same two machines, depth $depth" "$BUILD/bin/trapeze" verify fidelity --depth $depth \
    --ram 256K --tlb 16 --disk "$tmp/disk" --initrd "$tmp/small" --input "$tmp/input" --image "$tmp/probe" one two
done
case $probe_depths in *1*) probe_depths=1 ;; esac # deeper, two entries take minutes
cannot_tell "the smallest TLB" --tlb 2
done_testing
