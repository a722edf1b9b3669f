# verify.t - Popek and Goldberg's claims, measured: the classification, fidelity, performance, depth.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze

# A two-entry TLB makes every level of virtualization some hundred times slower, and sanitizers ten times: there, one
# level, and of each measurement a little.
case $BUILD in *tiny* | *asan*) depths=1 slow=yes ;; *) depths="1 2 3" slow= ;; esac

# run WORD...: trapeze with no input; status in $status, output in $tmp/out and $tmp/err
run() { timeout 120 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
first() { head -n 1 "$tmp/out"; }
# usage NAME TEXT WORD...: a usage error that says TEXT
usage() {
  usage_name=$1 text=$2; shift 2
  run "$@"
  is "$usage_name: exit status" 125 "$status"
  check "$usage_name: is said" grep -q -e "$text" "$tmp/err"
}

# ---- command lines ----
usage "no claim" "Usage: trapeze verify" verify
usage "an unknown claim" "no claim called 'beauty'" verify beauty
usage "fidelity of nothing virtual" "depth 0" verify fidelity --depth 0 hello
usage "a pace that is none" "expected a number of ticks" verify fidelity --pace soon hello
usage "performance of nothing virtual" "depth 0" verify performance --depth 0 hello
usage "a drawing that cannot be written" "/none/a.svg" verify performance --depth 1 -o /none/a.svg hello
usage "classify: a CPU that we have not" "expected pg32 or pg32-leaky" classify --cpu 6502
usage "classify: no states" "expected a number from 1" classify --states 0
usage "trace: no level" "expected a level" trace --tree --collapse high hello
for words in "verify" "verify fidelity" "verify performance" "classify"; do
  run $words --help
  is "$words --help" 0 "$status"
done

# ---- virtualizability: theorem 1, and the manual ----
table() { sed '/^$/q' "$tmp/out" | sed '/^$/d'; }
run classify
is "pg32 can be virtualized" "0 Theorem 1 holds: every sensitive instruction traps in user mode." "$status $(tail -n 1 "$tmp/out")"
table >"$tmp/table"
sed 's/ *$//' "$tmp/table" >"$tmp/table.trimmed"
for document in isa/MANUAL.md vmm/PROPERTIES.md; do
  sed -n '/^     *user   kernel sensitive:/,/^$/p' $document | sed -n 's/^    //p' | sed 's/ *$//' >"$tmp/printed"
  same "the table in $document is the command's" "$tmp/printed" "$tmp/table.trimmed"
done
is "no line is wider than 80 columns" "" "$(awk 'length > 80' "$tmp/out")"
is "no illegal word does anything" 0 "$(sed -n 's/.* steps, \([0-9]*\) not illegal.*/\1/p' "$tmp/out")"
run classify --seed 7 --states 16
table >"$tmp/again"
same "other states, the same table" "$tmp/table" "$tmp/again"
run classify --each --states 16
sed '1,2d; /^$/,$d' "$tmp/out" | awk '{print $1, ($0 ~ /always trapping/ ? "always trapping" : $NF)}' | sort >"$tmp/measured"
awk '/^#### `/ {name = $2; gsub(/[`,]/, "", name)} /^Opcode 0x/ {sub(/^Opcode 0x[0-9a-f]*, /, ""); sub(/\..*/, ""); print name, $0}' \
  isa/MANUAL.md | sort >"$tmp/declared"
is "every instruction is measured" 56 "$(wc -l <"$tmp/measured" | tr -d ' ')"
same "each instruction's class in the manual is the measured one" "$tmp/declared" "$tmp/measured"
run classify --cpu pg32-leaky
is "pg32-leaky cannot be" "1 Theorem 1 does not hold: 2 sensitive instructions do not trap in user mode." \
  "$status $(grep '^Theorem' "$tmp/out")"
is "and what can be done about it" "trapeze run --cpu pg32-leaky --way translate" "$(tail -n 1 "$tmp/out" | xargs)"
is "in 80 columns" "" "$(awk "length > 80" "$tmp/out")"
is "its holes are named" "mfst, mtst," "$(sed -n 's/^HOLE: \([a-z]*,\).*/\1/p' "$tmp/out" | xargs)"
is "and which state is which mode" 2 "$(grep -cE '^    mode +kernel +user$' "$tmp/out")"
is "each with two states that differ in the mode" "0x00000504 0x00000505 0x00000504 0x00000505" \
  "$(awk '/STATUS before/ {print $3, $4}' "$tmp/out" | xargs)"

# ---- fidelity ----
# holds DEPTH NAME WORD...: the guest does the same at DEPTH
holds() {
  holds_name="fidelity of $2 at depth $1" depth=$1; shift 2
  run verify fidelity --depth "$depth" "$@"
  is "$holds_name" "0 fidelity holds: the guest did the same bare and at depth $depth" "$status $(first)"
  [ "$status" -eq 0 ] || diag <"$tmp/out"
}
kinds=$("$trapeze" run --depth 0 faulty </dev/null | awk '{printf "faulty %s;", $1}')
commands=$(sed -n 's/^  C(\([a-z]*\),.*/\1/p' userprogs/commands/commands.h | xargs)
use='cd /tmp; seq 20 | sort -rn | head -n 5 | tail -n 3 | tee f | cat; grep -c 1 f; wc f; cut -c1 f; tr 0-9 a-j <f; uniq f
mkdir -p d/e; cp f d; mv d/f d/g; touch d/h; find d; rmdir d/e; rm -r d; printf %s-%d a 5; basename /a/b; dirname /a/b
env; /bin/true; /bin/false; yes | head -n 2; more f; date; free; uptime; top -n 1'
for depth in $depths; do
  covered=$commands
  while read -r name words; do
    covered="$covered $name"
    case $depth,$name,${LONG:-} in # at depth 3 some, with LONG=1 (`make test-long`) all
    3,all-commands, | 3,container, | 3,hello, | 3,sh, | 3,vmm, | 3,*,?* | [12],*) [ "$slow" ] || eval "holds $depth $name $words" ;;
    esac
    [ "$slow" ] && [ "$name" = hello ] && holds 1 hello hello
  done <<EOT
all-commands sh -c "\$use"
cat cat /etc/motd /none
container sh -c "container run --memory 200f --cpu 40 base sh -c 'hello; ps; hostname'; container ps; hostname"
echo echo a b
faulty sh -c "\$kinds"
hello hello you
kill sh -c "spin 100 & kill 2; wait"
lecture lecture
ls ls -l /bin
matmul matmul 24
null-syscall null-syscall 200
primes primes 20000
ps sh -c ps
redpill redpill
sh sh -c "spin 2 & primes 5000 & cat /etc/lines | cat; wait"
sleep sleep 1
spin spin 2
touch-pages touch-pages 200 3
vmm vmm -m 4M /boot/kernel hello
vmtests vmtests
EOT
done
[ "$slow" ] || [ -z "${LONG:-}" ] || holds 1 usertests usertests
[ "$slow" ] || holds 1 containertests containertests pids dots memory_to_a_frame
is "every program has been tried" "$("$trapeze" run --depth 0 ls /bin </dev/null | xargs)" \
  "$(echo "$covered usertests containertests" | xargs -n 1 | sort -u | xargs)"

# Preemption, and keys that come while programs run: each pace puts the interrupts elsewhere. In the tick of a trap
# they once came too late (300007).
printf 'spin 1 & primes 20000 &\nls\necho typed text | cat\nps\nwait\nexit 5\n' >"$tmp/keys"
for depth in $depths; do
  for pace in 0 40009 300007; do
    [ "$slow" ] || holds "$depth" "a shell, a key in $pace ticks" --pace $pace --input "$tmp/keys" sh
  done
done
if [ ! "$slow" ]; then
  run verify fidelity --depth 2 --pace 300007 --input "$tmp/keys" sh
  timer=$(awk '$1 == "TIMER" {print $2}' "$tmp/out") device=$(awk '$1 == "DEVICE" {print $2}' "$tmp/out")
  check "in which there were timer and device interrupts" test "$timer" -ge 20 -a "$device" -ge 40
  check "the exit status is compared" grep -q "exit status 5" "$tmp/out"

  # Each bare image of tests/asm, with the disk, input and arguments that its head asks for.
  for source in tests/asm/*.S; do
    name=${source##*/}; name=${name%.S}
    head_of() { sed -n "s/^ \* $1: \(.*\)/\1/p" "$source" | sed 's/ *\*\/$//'; }
    [ "$name" = leaky ] && continue
    "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "$source" || continue
    printf "$(head_of input)" >"$tmp/input"
    sectors=$(head_of disk)
    head -c "$((${sectors:-0} * 512))" "$BUILD/share/trapeze/initrd.tar" >"$tmp/disk"
    set -- $(head_of options)
    [ -s "$tmp/disk" ] && set -- "$@" --disk "$tmp/disk"
    holds 2 "$name.S" --max-insns 1G --input "$tmp/input" --image "$tmp/image" "$@" $(head_of args)
  done
fi
printf '        .globl _start\n_start: .word 0\n' >"$tmp/first.S"
"$BUILD/bin/pg32-cc" -T bare -nostdlib -o "$tmp/first" "$tmp/first.S"
holds 1 "a trap by the first instruction" --image "$tmp/first"

printf '        .globl _start\n_start: j .\n' >"$tmp/loop.S"
"$BUILD/bin/pg32-cc" -T bare -nostdlib -o "$tmp/loop" "$tmp/loop.S"
run verify fidelity --max-insns 5M --image "$tmp/loop"
is "an endless guest: the budget" "124 fidelity is not decided" "$status $(first | sed 's/:.*//')"

# Wherever the instructions are used up, also in the middle of a trap, nothing is decided.
cat >"$tmp/calls.S" <<'END'
#include <isa/platform.h>
        .globl _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        li      s0, 0
vector: addi    s0, s0, 1
        syscall
END
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/calls" "$tmp/calls.S"
for insns in $(seq 2000000 61 2001000); do
  run verify fidelity --max-insns "$insns" --image "$tmp/calls"
  echo "$status $(first | sed 's/:.*//')"
done | sort -u >"$tmp/decided"
is "used up anywhere in a trap: not decided" "124 fidelity is not decided" "$(cat "$tmp/decided")"

# A check-stop: a store or a load traps right after a trap. It is the same in a VM, and no power-off with status 126.
for access in sw lw; do
  cat >"$tmp/stop.S" <<END
#include <isa/platform.h>
        .globl _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        lui     s0, 0x20000
        li      a0, 126
        syscall
vector: $access a0, 0(s0)
END
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/stop" "$tmp/stop.S"
  for depth in $depths; do
    holds "$depth" "a check-stop by $access" --image "$tmp/stop"
    check "and how it ended" grep -q "output 0 bytes, check-stop" "$tmp/out"
  done
done
cat >"$tmp/off.S" <<'END'
#include <isa/platform.h>
        .globl _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        li      s0, DEV_POWER
        li      a0, 126
        syscall
vector: sw      a0, 0(s0)
END
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/off" "$tmp/off.S"
holds 1 "a power-off right after a trap, with status 126" --image "$tmp/off"
is "its status" "input 0, output 0 bytes, exit status 126" "$(tail -n 1 "$tmp/out")"

# The leaky machine: the instruction, and the word that it got wrong.
leaks() {
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "tests/asm/$2.S"
  run verify fidelity --depth "$1" --cpu pg32-leaky --image "$tmp/image"
  is "pg32-leaky at depth $1, $2.S: exit status" 1 "$status"
  is "pg32-leaky at depth $1, $2.S: the instruction" "$3" "$(sed -n 's/^ *the step *//p' "$tmp/out" | tr -s ' ')"
  is "pg32-leaky at depth $1, $2.S: what differs" "$4" "$(awk '/differs$/ {print $1}' "$tmp/out" | xargs)"
}
for depth in $depths; do
  leaks "$depth" leaky "0x00001168: mfst a0" a0
  leaks "$depth" mtst "0x0000116c: mtst a0" STATUS
  check "why: it had no effect, as POPF" grep -q "It did nothing: .* POPF" "$tmp/out"
  run verify fidelity --depth "$depth" --cpu pg32-leaky redpill
  is "a bundled program tells a VM from the machine" "1 mfst a1" \
    "$status $(sed -n 's/^ *the step *0x[0-9a-f]*: //p' "$tmp/out" | tr -s ' ')"
  check "why: it read the real STATUS" grep -q "It read the real STATUS, .* 0x00000107" "$tmp/out"
done

# ---- performance ----
run verify performance --depth 1 -o "$tmp/bars.svg" hello
is "performance holds at depth 1" "0 performance holds: at least 90% of the guest's instructions ran directly" \
  "$status $(tail -n 1 "$tmp/out")"
if [ ! "$slow" ]; then
  run verify performance -o "$tmp/bars.svg" null-syscall 700
  is "performance holds" "0 performance holds: at least 90% of the guest's instructions ran directly" \
    "$status $(tail -n 1 "$tmp/out")"
  cp "$tmp/out" "$tmp/many"
  run verify performance null-syscall 200
  sed -n '2,5p' "$tmp/out" | awk '{print $4, $5}' >"$tmp/few"
  sed -n '2,5p' "$tmp/many" | awk '{print $4, $5}' | paste - "$tmp/few" | awk '{printf "%d/%d ", $1 - $3, $2 - $4}' >"$tmp/grown"
  is "500 system calls are 2, 8, 32 exits each, 2 of them their own VMM's" "0/0 1000/1000 4000/1000 16000/1000 " "$(cat "$tmp/grown")"
  is "the guest is the same at each depth" 1 "$(sed -n '2,5p' "$tmp/many" | awk '{print $2}' | sort -u | wc -l | tr -d ' ')"
  is "the legs of each kind of exit add up" "" \
    "$(awk '/^an exit at depth 1/ {legs = 1; next} /^$/ {legs = 0}
            legs && ($(NF-4) + $(NF-3) + $(NF-2) + $(NF-1) - $NF > 0.3 || $NF < 100) {print}' "$tmp/many")"
  is "the kinds add up to the exits" "$(sed -n 3p "$tmp/many" | awk '{print $4}')" \
    "$(awk '/^an exit at depth 1/ {legs = 1; next} /^$/ {legs = 0} legs {n += $(NF-5)} END {print n + 1}' "$tmp/many")"
  check "the drawing is whole" grep -q '^</svg>$' "$tmp/bars.svg"
  is "a bar for each depth, one part of the bare run, three of each depth" 14 "$(grep -c 'height="22.0"' "$tmp/bars.svg")"
fi

# A guest that ends early in the VM, for example because it panics, is no measure.
cat >"$tmp/early.S" <<'END'
#include <isa/platform.h>
        .globl _start
_start: mfst    a0
        andi    a0, a0, ST_U
        bnez    a0, off
        li      t1, 5000
1:      addi    t1, t1, -1
        bnez    t1, 1b
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
END
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/early" "$tmp/early.S"
run verify performance --depth 1 --cpu pg32-leaky --image "$tmp/early"
is "a guest that does not do its work" "1 performance does not hold: at depth 1 the guest did not do the same work as on the bare machine:
  its exit status is 1; on the bare machine it is 0
  it executed 5 instructions; on the bare machine 10006" "$status $(tail -n 3 "$tmp/out")"

# ---- depth ----
run trace --tree --depth 1 --cause SYSCALL lecture
is "a system call at depth 1 as a tree" 2 "$(grep -c '─ #' "$tmp/out")"
# tree DEPTH CAUSE WORD...: the heading's exits
tree() { "$trapeze" trace --tree --depth "$1" --cause "$2" ${3:+--ram $3} lecture 2>/dev/null </dev/null | sed -n '1s/.*: \([0-9]*\) exits/\1/p'; }
if [ ! "$slow" ]; then
  is "a system call at depths 1 to 4" "2 8 32 128" "$(for d in 1 2 3 4; do tree $d SYSCALL; done | xargs)"
  # At depth 3 the TLB may lose an entry that a VMM needs next, as test_stack.c explains: the least of some sizes of RAM.
  is "a TLB fault at depths 1 to 3" "3 13 53" "$(for d in 1 2; do tree $d LOAD_MISS; done | xargs) $(for ram in 24M 28M 30M 32M; do tree 3 LOAD_MISS $ram; done | sort -n | head -n 1)"
  run trace --tree --depth 3 --cause SYSCALL lecture
  is "the tree at depth 3: exits at levels 3, 2 and 1" "2 8 32" \
    "$(for lead in '[├└]─ #' '[│ ]  [├└]─ #' '[│ ]  [│ ]  [├└]─ #'; do grep -cE "^$lead" "$tmp/out"; done | xargs)"
  is "with the lecture's steps at each level" "(16 exits) (16 exits) S1 S2 S3 S4" \
    "$(grep -E '^[├└]' "$tmp/out" | grep -oE 'S[1-4]|\([0-9]+ exits\)' | LC_ALL=C sort | xargs)"
  run trace --tree --depth 3 --collapse 2 --cause SYSCALL lecture
  is "collapsed to level 2" 10 "$(grep -c '─ #' "$tmp/out")"

  is "depth 4 boots to a shell" "hi 3" "$(echo 'echo hi; exit 3' | "$trapeze" run --depth 4 | sed 's/^\$ //' | xargs) $(
    echo 'exit 3' | "$trapeze" run --depth 4 >"$tmp/out"; echo $?)"
  if [ -n "${LONG:-}" ]; then
    run run --depth 4 usertests
    is "usertests at depth 4" "0 ALL TESTS PASSED" "$status $(tail -n 1 "$tmp/out")"
  fi
fi
# Long work tells a terminal how far it is, after two seconds (here it is stopped for most of them), and Ctrl-C ends it.
echo 'echo $$ >'"$tmp/pid"'; exec '"$BUILD"'/bin/trapeze classify --all-words' >"$tmp/long"
script -qc "sh $tmp/long; echo status \$?" /dev/null </dev/null >"$tmp/told" 2>&1 &
until [ -s "$tmp/pid" ]; do sleep 0.1; done
pid=$(cat "$tmp/pid")
sleep 0.2; kill -STOP "$pid"; sleep 2; kill -CONT "$pid"
for i in 1 2 3 4 5 6 7 8 9; do grep -q 'Ctrl-C' "$tmp/told" || sleep 0.3; done
kill -INT "$pid"; wait
check "classify tells a terminal how far it is" grep -q '[0-9] % of all words, [2-9] s. Ctrl-C stops it.' "$tmp/told"
check "Ctrl-C removes the line, and ends it" test "$(tr -d "\r\n" <"$tmp/told" | sed "s/.*\x1b\[K//")" = "status 130"
is "and says nothing where there is no terminal" "" "$("$trapeze" verify fidelity hello 2>&1 >/dev/null)"
done_testing
