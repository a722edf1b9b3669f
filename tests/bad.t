# bad.t - guests and files that go wrong: a clear message, a documented status, never a crash or a hang of ours.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# ends NAME STATUS TEXT ARGS...: that status, the text somewhere in what is said, and no crash of the simulator
ends() {
  name=$1 want=$2 text=$3; shift 3
  timeout 60 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?
  is "$name: status" "$want" "$status"
  if [ -z "$text" ] || cat "$tmp/out" "$tmp/err" | grep -aq -e "$text"; then pass "$name: says so"; else
    fail "$name: says so"; { echo "expected: $text"; cat "$tmp/out" "$tmp/err"; } | diag
  fi
}
bare() { # NAME, assembly on standard input
  cat >"$tmp/$1.S"
  "$BUILD/bin/pg32-cc" -T bare -o "$tmp/$1" "$tmp/$1.S" || echo "$1 does not assemble" | diag
}

# ---- guests, bare and in a VM ----
bare nothing <<'END'
        .globl _start
_start: lui     t0, 0x70000
        jr      t0
END
bare loop <<'END'
        .globl _start
_start: mtst    zero
        j       _start
END
bare lowcore <<'END'
        .globl _start
_start: li      t0, -1          # every word of the low core is overwritten, the vector too
        li      t1, 0
1:      sw      t0, 0(t1)
        addi    t1, t1, 4
        li      t2, 64
        blt     t1, t2, 1b
        syscall
END
bare selfloop <<'END'
        .globl _start
_start: la      t0, 1f          # the vector leads to the instruction that traps
        sw      t0, 0x18(zero)
1:      .word   0
END
bare busy <<'END'
        .globl _start
_start: li      t0, 0xF0000000  # wrong widths, addresses and devices, each a trap the handler steps over
        la      t1, handler
        sw      t1, 0x18(zero)
        sb      zero, 0(t0)
        lh      t2, 4(t0)
        lw      t2, 0x100(t0)
        li      t3, 0xF0100000
        lw      t2, 0(t3)
        li      t3, 0xE0000000
        sw      t2, 0(t3)
        li      t0, 0xF0003000
        li      t1, 9
        sw      t1, 0(t0)
handler:
        lw      t2, 0(zero)
        addi    t2, t2, 4
        sw      t2, 0(zero)
        rfe
END
for depth in 0 1 2; do
  ends "a jump into nothing, depth $depth" 126 "check-stop\|a trap right after a trap" run --depth $depth --image "$tmp/nothing"
  ends "a loop with interrupts off, depth $depth" 124 "instructions" run --depth $depth --max-insns 20M --image "$tmp/loop"
  ends "its own low core overwritten, depth $depth" 126 "check-stop\|a trap right after a trap" run --depth $depth --image "$tmp/lowcore"
  ends "a vector that traps, depth $depth" 126 "check-stop\|a trap right after a trap" run --depth $depth --image "$tmp/selfloop"
  ends "wrong device accesses are the guest's own affair, depth $depth" 9 "" run --depth $depth --image "$tmp/busy"
  ends "too little memory, depth $depth" 125 "memory\|fit\|RAM" run --depth $depth --ram 64K hello
done
ends "more virtual machines than memory" 125 "would need\|memory\|fit" run --depth 6 --ram 3G hello

# ---- files: each truncation and each of many random corruptions of a program ----
check "there is a program to damage" cp "$BUILD/guest/files/bin/hello" "$tmp/hello"
size=$(stat -c %s "$tmp/hello")
worst=0
for n in 0 1 4 16 51 52 60 84 100 200 500 1000 4096 $((size / 2)) $((size - 1)); do
  head -c "$n" "$tmp/hello" >"$tmp/cut"
  for depth in 0 1; do
    timeout 20 "$trapeze" run --depth $depth --max-insns 50M "$tmp/cut" >"$tmp/out" 2>&1 </dev/null; status=$?
    [ "$status" -gt 127 ] && [ "$status" -ne 139 ] && [ "$status" -ne 132 ] && [ "$status" -ne 135 ] && worst="$status at $n bytes"
    grep -aq "panic\|in the kernel" "$tmp/out" && worst="panic at $n bytes"
  done
  timeout 20 "$trapeze" run --depth 0 --image "$tmp/cut" >"$tmp/out" 2>&1 </dev/null; status=$?
  [ "$status" -gt 127 ] && worst="$status at $n bytes as an image"
done
is "truncated programs: an error, no crash" 0 "$worst"

worst=0
for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
  # twenty bytes of the headers, changed
  cp "$tmp/hello" "$tmp/odd"
  awk -v s="$seed" 'BEGIN {srand(s); for (i = 0; i < 20; i++) printf "%d %03o\n", int(rand() * 180), int(rand() * 256)}' |
    while read -r at byte; do printf "\\$byte" | dd of="$tmp/odd" bs=1 seek="$at" conv=notrunc 2>/dev/null; done
  for how in "--depth 0 $tmp/odd" "--depth 1 $tmp/odd" "--depth 0 --image $tmp/odd" "--depth 1 --image $tmp/odd"; do
    timeout 20 "$trapeze" run --max-insns 50M $how >"$tmp/out" 2>&1 </dev/null; status=$?
    grep -aq "panic\|in the kernel\|Sanitizer" "$tmp/out" && worst="panic with seed $seed: $how"
    case $status in 124 | 125 | 126 | 127 | [0-9] | [1-9][0-9] | 1[01][0-9] | 132 | 133 | 135 | 137 | 139) ;; *) worst="$status with seed $seed: $how" ;; esac
  done
done
is "corrupt programs: an error, no crash" 0 "$worst"

head -c 3000 /dev/urandom >"$tmp/noise"
ends "noise is no program" 125 "not a PG32 ELF" run "./$(realpath --relative-to=. "$tmp/noise")"
done_testing
