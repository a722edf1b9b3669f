# who.t - `who`, asked in a guest, finds the guest's own writer at every depth, not the layer that stores and loads
# again; and says so when a layer below writes on the guest's behalf. `bt` behind a handler shows the interrupted code.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze

# who NAME PATTERN COMMANDS OPTIONS...: what the one `who` among the commands answers
who() {
  who_name=$1 who_pattern=$2
  printf "$3" >"$tmp/commands"; shift 3
  "$trapeze" debug --batch -x "$tmp/commands" "$@" >"$tmp/out" 2>&1
  grep '^Here\|Nothing' "$tmp/out" >"$tmp/answer"
  if grep -qE "^$who_pattern\$" "$tmp/answer"; then pass "$who_name"; else fail "$who_name"; { echo "expected: $who_pattern"; cat "$tmp/out"; } | diag; fi
}

cat >"$tmp/mem.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int global = 1, calls;
char text[64];
static int twice(int n) { return n + n; }
int main(void) {
  global = twice(21);
  int file = open("/etc/motd", O_RDONLY);
  read(file, text, sizeof text - 1);
  calls += getpid();
  printf("%d %d\n", global, calls); /* here */
  return 0;
}
END
"$BUILD/bin/pg32-cc" -O1 -g -o "$tmp/mem" "$tmp/mem.c"
line() { sed -n "/$1/=" "$2" | head -n 1; }
here=$(line here "$tmp/mem.c")

for depth in $depths; do
  case $depth in 0) vm=host ;; 1) vm=vm1 ;; *) vm=vm1.1 ;; esac
  asked() { who "$1, depth $depth" "$2" "break mem.c:$here in app\nc\nwho $1\n" -d $depth "$tmp/mem"; }
  asked global "Here $vm/mem writes that word: main, mem\.c:$(line twice.21 "$tmp/mem.c")\."
  asked 'text[0]' "Here $vm kernel writes that byte: memcpy, string\.c:[0-9]*\."
  asked sp "Here $vm/mem writes sp: main, mem\.c:$(line 'int main' "$tmp/mem.c")\."
  asked a5 "Here $vm kernel writes a5 as saved in memory: .*" # zero since the program began
  who "a register that the last TLB miss has left alone, depth $depth" "Here $vm kernel writes s11 as saved in memory: .*" \
    'break printf in app\nc\nwho s11\n' -d $depth "$tmp/mem"
  who "what a system call returned, depth $depth" "Here $vm kernel writes a0 as saved in memory: user_call, trap\.c:[0-9]*\." \
    'break trap syscall in app if a7 == 9\nc\nfinish\nwho a0\n' -d $depth "$tmp/mem"
  [ $depth = 0 ] && continue
  vmm=host/vmm; [ $depth = 2 ] && vmm=vm1/vmm
  who "the low core, depth $depth" "Here $vmm writes that word for $vm, handling #[0-9]+ \(SYSCALL getpid by $vm/mem\): vm__reflect, reflect\.c:[0-9]*\." \
    "break trap_entry in '$vm kernel' if a7 == 9\nc\nwho 0x0\n" -d $depth "$tmp/mem"
  who "the vector, depth $depth" "Here $vm kernel writes that word, at 0x[0-9a-f]*\." \
    "break trap_entry in '$vm kernel' if a7 == 9\nc\nwho 0x18\n" -d $depth "$tmp/mem"
  who "the kernel as it was loaded, depth $depth" "Here ${vmm%/vmm} kernel writes that word for $vm, handling #[0-9]+ \(SYSCALL read by $vmm\): .*" \
    "break trap_entry in '$vm kernel' if a7 == 9\nc\nwho 0x1000\n" -d $depth "$tmp/mem"
done

printf 'help who\n' | "$trapeze" debug --batch -x - -d 0 hello >"$tmp/out" 2>&1
check "help tells" grep -q 'passed over' "$tmp/out"
is "in 80 columns" 0 "$(awk 'length > 80' "$tmp/out" | grep -vc 'EXPR is')"

# ---- a bare kernel: words and registers, through a trap, a device and an emulated instruction ----
cat >"$tmp/bare.S" <<'END'
#include <isa/platform.h>
        .globl  _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        la      t0, page
        ori     t1, t0, TLB_R | TLB_W | TLB_X
        ori     t0, t0, 1
        tlbw    t0, t1
        la      s0, word
        li      s1, 11
wrote:  sw      s1, 0(s0)
        sw      s1, 0(s0)
        li      t0, DEV_BLOCK
        la      t1, sector
        sw      t1, BLOCK_ADDR(t0)
        li      t1, 1
        sw      t1, BLOCK_COUNT(t0)
        sw      t1, BLOCK_CMD(t0)
load:   lw      s2, BLOCK_SIZE(t0)
        la      t0, user
        sw      t0, LC_PC(zero)
        li      t0, ST_U | ST_T | 1 << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
set:    li      s4, 4
badva:  sw      zero, LC_BADVA(zero)
        rfe
vector: lw      t0, LC_CAUSE(zero)
answer: li      a0, 77
after:  nop
        la      t0, sector
        lw      s5, 0(t0)
        li      t1, CAUSE_SYSCALL
        lw      t0, LC_CAUSE(zero)
        bne     t0, t1, off
        rfe
off:    li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
        .balign PAGE_SIZE
page:
user:   li      s3, 3
        syscall
back:   nop
        break
        .balign PAGE_SIZE
word:   .word   11
sector: .word   0
        .space  512
END
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/bare" "$tmp/bare.S"
printf 'sect' >"$tmp/disk"
address() { "$BUILD/bin/pg32-objdump" -t "$tmp/bare" | awk -v name="$1" '$NF == name {print $1}'; }
for depth in $depths; do
  case $depth in 0) vm=host ;; 1) vm=vm1 ;; *) vm=vm1.1 ;; esac
  in_kernel() { who "$1, depth $depth" "$3" "break after in '$vm kernel'\nc\nwho $2\n" -d $depth --disk "$tmp/disk" --image "$tmp/bare"; }
  in_user() { who "$1, depth $depth" "$3" "break 0x$(address back) in '$vm user'\nc\nwho $2\n" -d $depth --disk "$tmp/disk" --image "$tmp/bare"; }
  second=$(printf %08x $((0x$(address wrote) + 4)))
  in_kernel "a store of what was there counts" "0x$(address word)" "Here $vm kernel writes that word, at 0x$second\."
  emulated=; [ $depth = 0 ] || emulated='; its VMM emulates the instruction'
  in_kernel "a load of a device" s2 "Here $vm kernel writes s2, at 0x$(address load)$emulated\."
  in_kernel "of the program that trapped" s3 "Here $vm user writes s3, at 0x$(address user)\."
  in_user "of the kernel before the program began" s4 "Here $vm kernel writes s4, at 0x$(address set)\."
  in_user "of the kernel in its answer" a0 "Here $vm kernel writes a0, at 0x$(address answer)\."
  [ $depth = 0 ] ||
    in_kernel "the VMM stores what was there" 0x10 "Here $vm kernel writes that word, at 0x$(address badva)\."
  case $depth in
  0) in_kernel "by the disk" "0x$(address sector)" "Here host kernel writes that word, at 0x.*" ;;
  1) in_kernel "by the disk" "0x$(address sector)" "Here host.* writes that word for vm1, handling #[0-9]+ \(.*\).*" ;;
  2) in_kernel "by the disk" "0x$(address sector)" "Here .* writes that word for vm1.*, handling #[0-9]+ \(.*\).*" ;;
  esac
  printf "break after in '$vm kernel'\nc\nbt\n" | "$trapeze" debug --batch -x - -d $depth --disk "$tmp/disk" --image "$tmp/bare" >"$tmp/out" 2>&1
  check "bt behind the handler, depth $depth" grep -q "^$vm user, trapped at #[0-9]*: SYSCALL" "$tmp/out"
done

# ---- a wrong VMM that changes a register by itself ----
case $depths in
*1*)
  mkdir "$tmp/tree" && cp -r vmm "$tmp/tree" && patch -s -d "$tmp/tree" -p1 <tests/wrong-vmms/syscall-serviced.patch &&
    "$BUILD/bin/pg32-cc" -O2 -o "$tmp/vmm" "$tmp"/tree/vmm/*.c "$tmp"/tree/vmm/*/*.c
  "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/guest" tests/wrong-vmms/guest.S
  who "a register that only the VMM changed" "Here vm1 user traps, and the layers below change a0 in their answer\." \
    "break trap illegal in 'vm1 user'\nc\nwho a0\n" --vmm "$tmp/vmm" --image "$tmp/guest" ;;
esac
done_testing
