# many.t - eight VMs at once, two of them hostile, beside host processes: each gets its share, told in instructions.
. tests/tap.sh
normal_tlb

# An initrd with the hostile images.
mkdir "$tmp/files" && cp -a "$BUILD/guest/files/." "$tmp/files"
for image in hostile greedy calls; do
  check "$image.S builds" "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/files/boot/$image" tests/many/$image.S
done
cp "$tmp/files/bin/spin" "$tmp/files/bin/spin3" # a name of its own: which VM is the first to run is not certain
tar --format=ustar -cf "$tmp/initrd" -C "$tmp/files" bin boot etc
TRAPEZE_INITRD=$tmp/initrd; export TRAPEZE_INITRD

# measure RAM INSTRUCTIONS LINE: what the shell's line comes to after so many instructions, by lanes
measure() {
  timeout 300 "$BUILD/bin/trapeze" run --way "$way" --depth 0 --ram "$1" --max-insns "$2" --stats "$tmp/stats" sh -c "$3" \
    >"$tmp/out" 2>&1 </dev/null
  is "it runs to the end of the measurement" 124 $?
}
way=trap
lane() { sed -n "s|^ *\"$1\": \([0-9]*\),*|\1|p" "$tmp/stats"; }
# within PERCENT A B
within() { awk -v p="$1" -v a="$2" -v b="$3" 'BEGIN { exit !(a > 0 && a >= b * (1 - p / 100) && a <= b * (1 + p / 100)) }'; }
# ratio NAME A B TIMES: A is that many times B, within 5%
ratio() { check "$1: $2, $3" within 5 "$2" "$(awk -v b="$3" -v t="$4" 'BEGIN { print b * t }')"; }

# eight FIRST: host processes, a greedy VM (vm1), one with that kernel (vm2), and six that compute. VMs are numbered as they
# first run: the greedy one is loaded soonest.
eight() {
  line="vmm -m 3M /boot/greedy & vmm -m 3M $1 &"
  for vm in 3 4 5 6 7 8; do line="$line vmm -m 3M /boot/kernel spin 10000 &"; done
  measure 40M 400M "$line spin 10000 & spin 10000 & wait"
  host=$(($(lane host/spin) / 2)) # there are two
}
eight "/boot/kernel spin 10000"
kernel=$(lane "host kernel")
eight /boot/hostile
for vm in 3 4 5 6 7 8; do ratio "VM $vm gets what a host process gets" "$(lane "vm$vm/spin")" "$host" 1; done
ratio "the greedy VM gets no more" "$(lane "vm1 kernel")" "$host" 1
# The hostile one lives in its VMM (what the others need after their start is next to nothing), and in the host's
# kernel, which charges it for that.
hostile=$(($(lane host/vmm) + $(lane "vm2 kernel") + $(lane "host kernel") - kernel))
check "nor does the hostile one, with what the kernel does for it: $hostile, $host" test "$hostile" -le $((host + host / 20))
check "and it is not starved" test "$hostile" -ge $((host / 2))
is "nobody else runs in the hostile VM's lane" "" "$(lane 'vm2/.*')"

measure 24M 200M "vmm -m 3M --share 3 /boot/kernel spin3 10000 & vmm -m 3M /boot/kernel spin 10000 & spin 10000 & wait"
ratio "--share 3 is three times as much" "$(lane 'vm[12]/spin3')" "$(lane 'vm[12]/spin')" 3
ratio "and the others share alike" "$(lane 'vm[12]/spin')" "$(lane host/spin)" 1

# VMs of both kinds: a paravirtual guest that keeps its hypervisor busy, three others, and four by trap and emulate. The
# busy one is the one that has no process.
# The hypervisor's work for the hostile one is the host kernel's, less what it is with one that computes in its place.
both_kinds() { # FIRST
  line="vmm -m 3M --way para $1 &"
  for vm in 2 3 4; do line="$line vmm -m 3M --way para /boot/kernel-para spin 10000 &"; done
  for vm in 5 6 7 8; do line="$line vmm -m 3M /boot/kernel spin 10000 &"; done
  measure 40M 300M "$line spin 10000 & wait"
}
way=para
both_kinds "/boot/kernel-para spin 10000"
kernel=$(lane "host kernel") vmm=$(lane host/vmm)
for vm in 1 2 3 4 5 6 7 8; do ratio "VM $vm gets what a host process gets" "$(lane "vm$vm/spin")" "$(lane host/spin)" 1; done
both_kinds /boot/calls
busy=$(for vm in 1 2 3 4 5 6 7 8; do [ -n "$(lane "vm$vm/spin")" ] || echo $vm; done)
is "one has no process" 1 "$(echo "$busy" | wc -w)"
for vm in 1 2 3 4 5 6 7 8; do
  [ "$vm" = "$busy" ] || ratio "the same beside a hostile one" "$(lane "vm$vm/spin")" "$(lane host/spin)" 1
done
hostile=$(($(lane "vm$busy kernel") + $(lane "host kernel") - kernel + $(lane host/vmm) - vmm)) host=$(lane host/spin)
check "which gets no more, with what hypervisor and VMM do for it: $hostile, $host" test "$hostile" -le $((host + host / 20))
check "and is not starved: $hostile, $host" test "$hostile" -ge $((host / 2))

# The options, and what is wrong with them.
options() { # NAME STATUS TEXT OPTION...
  name=$1 want=$2 text=$3; shift 3
  "$BUILD/bin/trapeze" run --depth 0 --ram 16M vmm "$@" </dev/null >"$tmp/out" 2>&1
  is "$name" "$want $text" "$? $(head -n 1 "$tmp/out")"
}
options "--name prefixes each line" 0 "red| a b" -m 3M --name red /boot/kernel echo a b
options "--help" 0 "usage: vmm [-m SIZE] [--way WAY] [--initrd FILE] [--share N] [--name NAME]" --help
options "a share of nothing" 125 "vmm: 0: expected a share from 1 to 100" --share 0
options "a share that is no number" 125 "vmm: x: expected a share from 1 to 100" --share x
options "a name too long" 125 "vmm: abcdefghijklmnopq: a name has 16 characters at most" --name abcdefghijklmnopq
options "an option without its value" 125 "usage: vmm [-m SIZE] [--way WAY] [--initrd FILE] [--share N] [--name NAME]" --name

done_testing
