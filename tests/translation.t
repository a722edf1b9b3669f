# translation.t - what is to be seen of a guest that runs translated: `trapeze translate`, and the debugger's pane `unit` with
# its commands. The translator itself is tested by translate.t. With SCREENS=FOLDER (`make bless`) screens are written there.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# A kernel that turns interrupts off, uses a register of the translator's own, and stores into its own code.
cat >"$tmp/unit.S" <<'EOT'
#include <isa/platform.h>
        .globl  _start
_start: la      s0, spot
        li      s2, 2
        mfst    a0
        andi    a0, a0, ~ST_IE
        mtst    a0                      # a value that the unit has computed
        mtst    zero                    # a value that it does not know
        call    once
        call    twice
        lw      t0, 0(s0)               # the guest's word, not the translation
        la      t1, other
        lw      t1, 0(t1)
        sub     t0, t0, t1
        li      t1, DEV_POWER
        sw      t0, POWER_OFF(t1)
once:   ret
twice:  li      gp, 5
again:  la      t1, other
spot:   li      a0, 1
        lw      t1, 0(t1)
        sw      t1, 0(s0)               # to `spot`
        addi    s2, s2, -1
        bnez    s2, again
        ret
other:  li      a0, 7
EOT
"$BUILD/bin/pg32-cc" -T bare -g -I. -o "$tmp/unit" "$tmp/unit.S"
address() { "$BUILD/bin/pg32-objdump" -t "$tmp/unit" | awk -v name="$1" '$NF == name {print $1}'; }
translate() { "$trapeze" translate "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; }

# ---- the command ----
is "the guest runs as on the bare machine" 0 "$("$trapeze" run --cpu pg32-leaky --way translate --image "$tmp/unit" </dev/null >/dev/null; echo $?)"
translate --image "$tmp/unit"
is "trapeze translate" 0 $?
check "all units, in short" grep -q "^unit 0: 0x$(address _start) _start, interrupts off: .* instructions in .* words$" "$tmp/out"
check "a sum of them" grep -q '^[0-9]* units, 2 of them dropped: [0-9]* of the guest.s instructions in [0-9]* words; [0-9]* instructions stand as they are\.$' "$tmp/out"
insns=$(sed -n 's/^unit .*: \([0-9]*\) instructions* in .*/\1/p' "$tmp/out" | awk '{n += $1} END {print n}')
check "of all that are shown" grep -q ": $insns of the guest" "$tmp/out"
translate --image "$tmp/unit" --at _start
check "an instruction that stands as it is" grep -Eq 'addi s2, zero, 2 +[=] ffff?[0-9a-f]* addi s2, zero, 2$' "$tmp/out"
check "mfst is rewritten" grep -Eq 'mfst a0 +\* [0-9a-f]{8} lw a0, -4096\(zero\) +STATUS$' "$tmp/out"
check "mtst of a value that is not known has a callout" grep -Eq '\* [0-9a-f]{8} bne .* -> callout$' "$tmp/out"
check "which has a way to the VMM" grep -Eq '\+ [0-9a-f]{8} .word 0 .* -> VMM: PRIVILEGED$' "$tmp/out"
check "a jump to another unit is chained" grep -Eq '[*] [0-9a-f]{8} jal zero, 0x[0-9a-f]* +-> unit [0-9]+$' "$tmp/out"
chained=$(sed -n 's/.* jal zero, .* -> unit \([0-9]*\)$/\1/p' "$tmp/out" | head -n 1)
translate --image "$tmp/unit" --at once
check "and that unit says so" grep -q "^unit $chained: 0x$(address once) once" "$tmp/out"
check "with the unit that leads to it" sh -c "grep -A1 '^unit $chained: ' $tmp/out | grep -q 'reached from: unit 0'"
translate --image "$tmp/unit" --at twice
check "a register of the translator's own is in its data" grep -Eq "sw tp, -[0-9]*\(zero\) +guest's gp$" "$tmp/out"
check "a return goes by the hash" grep -Eq 'jalr t6, .*-> hash$' "$tmp/out"
check "the stub of a branch stands behind the instructions" grep -Eq '\+ [0-9a-f]{8} \.word 0 +-> VMM, to 0x' "$tmp/out"
check "a memory trace" grep -q '^  memory trace: stores to the guest.s page 0x00001 trap$' "$tmp/out"
translate --image "$tmp/unit" --at again --page
check "why a unit was dropped" grep -q "dropped: the guest.s store at 0x$(printf %08x $((0x$(address spot) + 8))) wrote to 0x$(address spot);" "$tmp/out"
check "the new unit has the new instruction" sh -c "grep '$(address spot | cut -c3-) ' $tmp/out | grep -v ' 1 ' | grep -q 'addi a0, zero, 7 .*= .*addi a0, zero, 7'"
"$BUILD/bin/pg32-cc" -T bare -g -I. -o "$tmp/callouts" tests/asm/callouts.S
translate --image "$tmp/callouts" --at map
check "a unit that was dropped because its tlbw exits often" grep -q 'dropped: the instruction at 0x[0-9a-f]* left the cache often, and got a callout;' "$tmp/out"
check "the next one posts the tlbw" grep -A1 -E 'jalr t5, 0.t5. +post$' "$tmp/out"
check "which stands there for the VMM" grep -Eq '\* [0-9a-f]{8} tlbw a0, a1 +for the VMM, at the next exit$' "$tmp/out"
translate --image "$tmp/callouts" --at put
check "a callout that does not help any more" grep -q 'dropped: the callout at 0x[0-9a-f]* did not help any more;' "$tmp/out"
"$BUILD/bin/pg32-cc" -T bare -g -I. -o "$tmp/mixed" tests/asm/mixed.S
translate --image "$tmp/mixed" --page --at count
check "a page that is stored to often has no trace any more" grep -q 'dropped: its page was stored to often, and lost its memory trace;' "$tmp/out"
check "but checks" grep -Eq 'bne tp, t5, .* -> VMM: code changed$' "$tmp/out"
check "which find what has changed" grep -q 'dropped: a check found that the code at 0x[0-9a-f]* had changed;' "$tmp/out"
check "and where they find it often there is a trace again" grep -q "dropped: its page's code changed often, and got a memory trace again;" "$tmp/out"
"$trapeze" run --cpu pg32-leaky --way translate --stats "$tmp/stats" --image "$tmp/mixed" </dev/null
check "so that not each store to such a page exits" [ "$(sed -n 's/^ *"STORE_PROT": \([0-9]*\).*/\1/p' "$tmp/stats")" -lt 260 ]
translate --at trap_entry hello
check "our kernel: a function" grep -q '^unit [0-9]*: 0x[0-9a-f]* trap_entry' "$tmp/out"
check "and no other" sh -c "! grep '^unit' $tmp/out | grep -v trap_entry"
translate --depth 2 --at trap_entry hello
check "the guest in a guest" grep -q '^unit [0-9]*: 0x[0-9a-f]* trap_entry' "$tmp/out"

# ---- errors ----
translate --image "$tmp/unit" --at nosuch
is "an unknown symbol" 125 $?
check "is said" grep -q "^trapeze: --at nosuch: expected an address, or a symbol or FILE:LINE of image" "$tmp/err"
translate --image "$tmp/unit" --at 0x80000
is "code that never ran" 1 $?
check "is said" grep -q "page 0x00080: nothing was translated" "$tmp/err"
translate --way trap --image "$tmp/unit"
is "a VMM that does not translate" 125 $?
check "is said, with what to do" grep -q 'host/vmm does not translate\. Run it with `--cpu pg32-leaky --way translate`' "$tmp/err"
translate --cpu pg32 --image "$tmp/unit"
is "a CPU without a window" 125 $?
check "the VMM says it" grep -q "The run's last line: vmm: --way translate: this CPU has no feature L" "$tmp/err"
translate --depth 0 --image "$tmp/unit"
is "no VMM" 125 $?

# ---- the debugger ----
script() { timeout 60 "$trapeze" debug --cpu pg32-leaky --way translate --batch -x - "$@" >"$tmp/out" 2>"$tmp/err"; }
printf 'unit\nexpect No VM has run yet\n' | script --reset --image "$tmp/unit"
is "before there is a VM" 0 $?
printf "break trap store-prot in 'vm1 kernel'\nc\nunit\nexpect sw t1, 0(s0)\nsi\ninfo units\nexpect units of vm1 kernel\n" | script --reset --image "$tmp/unit"
is "at a store to a traced page" 0 $?
check "the pane marks the word that traps" grep -Eq '^> [0-9a-f]{6} sw t1, 0\(s0\) +=' "$tmp/out"
printf "goto end\nunit 0\nexpect unit 0:\nunit $(printf 0x%x $((0x$(address spot) + 12)))\nexpect reached from\n" | script --reset --image "$tmp/unit"
is "a unit by its number, and by a guest's address: the one that is there now" 0 $?
printf 'goto end\nunit 99\n' | script --reset --image "$tmp/unit"
check "a unit that there is not" grep -q 'There is no such unit now' "$tmp/out"
printf 'unit nosuch\n' | script --image "$tmp/unit"
is "an address that there is not" 1 $?
check "is said" grep -q "unit: expected a unit's number, or an address" "$tmp/err"
printf 'info unit\nexpect does not translate\n' | timeout 60 "$trapeze" debug --batch -x - lecture >"$tmp/out" 2>&1
is "a VMM that does not translate" 0 $?

# ---- the figures of vmm/PROPERTIES.md ----
# A row's numbers as they are measured differ by a tenth at most; below 10 they are exact, and decimal fractions to 0.05.
sh tests/figures/translation >"$tmp/figures" 2>"$tmp/err"
is "nine rows are measured" 9 "$(wc -l <"$tmp/figures")"
while IFS= read -r row; do
  name=${row%% | [0-9]*}
  printed=$(grep -F -e "$name | " vmm/PROPERTIES.md)
  check "the figures of PROPERTIES: ${name#| }" awk -F'|' -v printed="$printed" '
    { n = split(printed, p, "|"); if (n != NF) exit 1
      for (i = 3; i < NF; i++) { most = $i ~ /\./ ? 0.05 : $i < 10 ? 0 : 0.1 * $i
        if (p[i] - $i > most || $i - p[i] > most) { print "printed:" printed; print "measured:" $0; exit 1 } } }' <<EOT
$row
EOT
done <"$tmp/figures"

# ---- the goals: what each may cost at most ----
# goal WHAT ROW CONDITION: the condition of awk holds for the row: bare, trapped, translated.
goal() {
  grep -F -e "| $2" "$tmp/figures" >"$tmp/row"
  check "$1" awk -F'|' "{ bare = \$3; trapped = \$4; translated = \$5 } END { if (NR == 1 && $3) exit 0; print; exit 1 }" "$tmp/row"
}
goal "mfst in the cache: 2 instructions at most" '`mfst`:' 'translated <= 2'
goal "interrupts off and on: 10 at most" '`mfst; andi; mtst; mtst`' 'translated <= 10'
goal "and so when the sequence spans two units" 'the same in two units' 'translated <= 10'
goal "a callout without an exit: 100 at most" '`mtst` of another ASID' 'translated <= 100'
goal "a return: at most 8 more than bare" 'a return' 'translated - bare <= 8'
goal "kernel code over usertests: at most 1.5 for one" 'kernel code' 'translated >= 1 && translated <= 1.5'
goal "a thousand toggles: a twentieth of what traps cost" 'interrupts off and on a thousand' '20 * translated <= trapped'

# ---- screens: the pane, whatever the other panes show ----
pane() { LC_ALL=C.UTF-8 sed -E -n "/unit──/,/^traps/{/^traps/!s/^.{$1}//p}" "$tmp/screen"; }
for size in 80x24 160x50; do
  printf "break trap store-prot in 'vm1 kernel'\nc\nunit\nscreen $size\n" | LC_ALL=C.UTF-8 script --reset --image "$tmp/unit"
  sed '1,/^> screen/d' "$tmp/out" | sed -E -f tests/screens/mask.sed >"$tmp/screen"
  case $size in 80x24) pane 0 ;; *) pane 67 ;; esac >"$tmp/pane"
  if [ -n "${SCREENS:-}" ]; then mkdir -p "$SCREENS/tests/screens"; cp "$tmp/pane" "$SCREENS/tests/screens/unit-$size.txt"; else
    same "screen $size" "tests/screens/unit-$size.txt" "$tmp/pane"; fi
done
done_testing
