# para.t - paravirtualization: a kernel that knows that it is a guest, and the hypervisor's part of the kernel below.
. tests/tap.sh
normal_tlb
trapeze() { "$BUILD/bin/trapeze" "$@" </dev/null; }
run="--way para --max-insns 500M"
para=$BUILD/guest/boot/kernel-para

# The port is small, and says what it needs.
check "the port changes at most 8 % of the kernel's lines" tools/port 8
is "no hypervisor, bare" 123 "$(trapeze run --depth 0 --kernel "$para" hello >"$tmp/bare" 2>&1; echo $?)"
is "no hypervisor, trap and emulate" 123 "$(trapeze run --depth 1 --kernel "$para" hello >"$tmp/out" 2>&1; echo $?)"
for out in bare out; do check "it says so" grep -q 'needs a hypervisor: trapeze run --way para' "$tmp/$out"; done
is "the plain kernel is no such guest" 126 "$(trapeze run $run --kernel "$BUILD/guest/boot/kernel" hello >"$tmp/out" 2>&1; echo $?)"
check "it says so" grep -q -e '--way para needs a kernel that knows that it is a guest' "$tmp/out"
is "a kernel without the hypervisor's part" 125 "$(trapeze run --depth 0 --ram 16M vmm -m 4M --way para /boot/kernel hello >"$tmp/out" 2>&1; echo $?)"
check "refuses it" grep -q 'vmm: vm_run: invalid argument' "$tmp/out"

# Programs do the same as bare, at each depth and each pace of input; so do all user tests.
verify() { "$BUILD/bin/trapeze" verify fidelity $run "$@" >"$tmp/out" 2>&1 && grep -q "fidelity holds" "$tmp/out" || { cat "$tmp/out"; false; }; }
printf 'echo one\nprimes 100 &\nps\ncat /etc/motd | cat\nwait\nexit 3\n' >"$tmp/typed"
seq -f 'echo line %g of a long text, longer than any buffer on the way' 20 >"$tmp/long"
for depth in 1 ${LONG:+2} 3; do
  for program in hello "touch-pages 300 2" faulty; do check "$program at depth $depth" verify --depth $depth $program </dev/null; done
  check "a shell at depth $depth" verify --depth $depth sh <"$tmp/typed"
  trapeze run $run --depth $depth usertests >"$tmp/out" 2>&1
  is "usertests at depth $depth" 0 $?
done
for pace in 1 333; do check "input every $pace ticks" verify --pace $pace sh <"$tmp/typed"; done
check "more input than the ring has room for" verify sh <"$tmp/long"
check "on the leaky CPU, which has no other virtualizable kernel" verify --cpu pg32-leaky ls </dev/null
is "a plain kernel in a VM of a paravirtual one" "hello, world" "$(trapeze run $run vmm -m 3M --way trap /boot/kernel hello 2>&1)"

seq -f "line %06g" 12000 >"$tmp/disk"
for depth in 1 2; do check "a disk at depth $depth" verify --depth $depth --disk "$tmp/disk" sh -c "cat /dev/disk | wc" </dev/null; done

# What it buys, at depth 1: instructions beyond the bare machine's, against trap and emulate, and exits.
tests/bench/para-costs 1 >"$tmp/costs" 2>&1
# costs EVENT PARTS EXITS: at most a PARTS-th of the instructions, and EXITS exits
costs() {
  awk -v event="$1" -v parts="$2" -v exits="$3" '{ name = $1; for (i = 2; i <= NF - 6; i++) name = name " " $i }
    name == event { found = 1; bad = parts * $(NF - 1) > $(NF - 3) || $NF > exits; print }
    END { exit bad || !found }' "$tmp/costs"
}
check "a system call costs at most a third, and 2 exits" costs "system call" 3 2
check "a TLB fault costs at most a third, and 2 exits" costs "TLB fault" 3 2.01
check "fork and exec cost at most half" costs "fork and exec" 2 150
check "a kilobyte to the console: 2 exits, those of its system call" costs "KiB to console" 3 2
check "64 KiB from the disk: an exit, beside those of the system call" costs "64 KiB from disk" 1.5 3
instructions() { trapeze run --way "$1" --depth "$2" --stats "$tmp/stats" touch-pages 400 20 >"$tmp/out"; grep -o '"instructions": [0-9]*' "$tmp/stats" | grep -o '[0-9]*$'; }
check "touch-pages 400 20 at most 6 times bare" test "$(instructions para 1)" -lt "$((6 * $(instructions trap 0)))"

# Exits of a system call are 2, 4, 8 at depths 1, 2, 3 (2, 8, 32 by trap and emulate).
exits() { # DEPTH CALLS: exits of a run
  trapeze run $run --stats "$tmp/stats" --depth "$1" null-syscall "$2" >/dev/null 2>&1
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["depths"][0]["exits"]["total"])' "$tmp/stats"
}
for row in "1 2" "2 4" "3 8"; do
  depth=${row% *}
  few=$(exits "$depth" 100) many=$(exits "$depth" 1100)
  is "exits of a system call at depth $depth, without the timer's" "${row#* }" $(((many - few + 500) / 1000))
done
trapeze trace $run --lists lecture >"$tmp/lists" 2>/dev/null
check "the lecture's steps of a system call" grep -q '^System call getpid (a7 = 9) by vm1/lecture at tick [0-9]*: 2 exits$' "$tmp/lists"
tr -s ' \n' ' ' <"$tmp/lists" >"$tmp/words"
says() { check "the lists say: $1" grep -q -e "$1" "$tmp/words"; }
says "2. The hypervisor, a part of the host OS, inspects the trap, identifies it as a system call"
says "3. HCALL_IRET: when the guest OS is done, it asks the hypervisor to return, in place of"
says "called HCALL_IRET at 0x[0-9a-f]*: CAUSE = 10 (HCALL); its own low core says PC = 0x[0-9a-f]*. 4. The hypervisor passes"
says "4. The guest OS handles the TLB fault, and asks for an entry in place of loading one"
says "has put it into the queue of its shared page: page 0x[0-9a-f]*, ASID [0-9]* -> frame 0x[0-9a-f]* rwx. Then the guest OS"
is "they speak of no rfe" 0 "$(grep -c 'executed rfe' "$tmp/words")"
trapeze trace $run lecture >"$tmp/trace" 2>/dev/null
check "a trap of the kernel is a hypercall with a name" grep -q 'vm1 kernel  *HCALL_IRET  *emulate T4$' "$tmp/trace"
check "one with the rings is KICK" test "$(grep -c 'vm1 kernel  *HCALL_START  *emulate$' "$tmp/trace")" = 1
in_place_of() { check "$1: HCALL_IRET in place of the lecture's words" grep -q 'HCALL_IRET: when the guest OS is done' "$tmp/words"; }
for format in "-f json" "-f svg --tail 1 --complete --cause syscall" --tree "-f perfetto" "-f mermaid"; do
  trapeze trace $run $format -o "$tmp/drawn" lecture >"$tmp/out" 2>&1
  sed 's/<[^>]*>/ /g' "$tmp/drawn" | tr -s ' \n' ' ' >"$tmp/words"
  in_place_of "$format"
done
trapeze trace $run -f html -o "$tmp/drawn" lecture >"$tmp/out" 2>&1
python3 -c 'import base64, gzip, re, sys
print(gzip.decompress(base64.b64decode(re.search(r"application/gzip\" id=\"trace\">([^<]*)<", sys.stdin.read())[1])).decode())' <"$tmp/drawn" >"$tmp/words"
in_place_of "-f html"
is "no verdict is wrong" 0 "$(grep -c 'wrong\|other' "$tmp/trace")"
check "no visit to the VMM between the call and its return" awk '/getpid/ {in_call = 1} in_call && /host\/vmm/ {bad = 1}
  in_call && /HCALL/ {exit bad} END {exit bad}' "$tmp/trace"

# The debugger shows what the guest shares with its hypervisor, and says what a hypercall is.
cat >"$tmp/script" <<'END'
break trap hcall in 'vm1 kernel'
c
why
info para
delete
break trap hcall in 'vm1 kernel' if a7 == 4
c
info rings
goto end
info para
END
printf 'cat /dev/disk | wc -c\necho "typed"\n' >"$tmp/typed"
"$BUILD/bin/trapeze" debug --batch -x "$tmp/script" $run --disk "$tmp/disk" --input "$tmp/typed" sh >"$tmp/out" 2>&1
tr -s ' \n' ' ' <"$tmp/out" >"$tmp/words"
says() { check "the debugger says: $1" grep -q -e "$1" "$tmp/words"; }
says "vm1 kernel executes hcall at 0x[0-9a-f]*, a7 = 2 (HCALL_IRET)\. .*a7 from PARA_A7\. Its VMM does not run\. > info"
says "> info para vm1 kernel shares page 0x[0-9a-f]* of the machine with its hypervisor: low core PC 0x00010000 TIMER 4294967295"
says "STATUS 0x00000107: user, interrupts on, translated, ASID 1 CAUSE 4 (FETCH_MISS) BADVA 0x00010000"
says "queue PARA_NOPS 1 of at most 32 0 entry: page 0x00010, ASID 1 -> frame 0x[0-9a-f]* r-x output head 0, tail 0: 0 of 1024"
says "Hypercall #[0-9]* of vm1 kernel: a7 = 2 (HCALL_IRET), a0 = [0-9]* The hypervisor carries out the queue (PARA_NOPS"
says "the last \"\$ \" input head 35, tail 35: 0 of 256 bytes wait for the guest; PARA_IN_END the last \"cat /dev/disk | wc"
says "\\\\necho \\\\\"typed\\\\\"\\\\n\" blocks PARA_BLOCKS 1 of at most 16 requests 0 read (command 1), sector 0, [0-9]* sectors, address 0x"
says "HCALL_KICK), a0 = 0 The guest's kernel wants the VMM to look at the rings\. > goto end"
says "the last \"\$ 144384\\\\n\$ typed\\\\n\$ \\\\n\" input"
cat >"$tmp/script" <<'END'
break trap hcall in 'vm1 kernel'
c
set {int}0x844 = 0x40000005
delete
trap
why
END
"$BUILD/bin/trapeze" debug --batch -x "$tmp/script" $run hello >"$tmp/out" 2>&1 </dev/null
check "IRET that the hypervisor has refused, and that comes back, is no wrong answer" grep -q 'HCALL by vm1 kernel, verdict emulate' "$tmp/out"
is "nothing there is wrong" 0 "$(grep -c wrong "$tmp/out")"
for run in "--way trap" "--way para --depth 0"; do
  echo "info para" | "$BUILD/bin/trapeze" debug --batch -x - $run hello >"$tmp/out" 2>&1
  check "there is none $run" grep -q 'info para: no kernel that knows that it is a guest' "$tmp/out"
done

# An event that is pending already ends a wait at once. The input stays open: nothing else could end it.
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/pending" tests/bare/pending.S
mkfifo "$tmp/open" && exec 9<>"$tmp/open" && echo x >&9
timeout 20 "$BUILD/bin/trapeze" run --way para --image "$tmp/pending" <"$tmp/open" >"$tmp/out" 2>&1
is "waiting with an event pending: the guest goes on, and powers off with 7" 7 $?
exec 9>&-
done_testing
