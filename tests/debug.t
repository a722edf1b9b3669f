# debug.t - trapeze debug: scripts with their answers, and the real program in a real terminal (tmux): screens as they are,
# compared after waiting for a text, never after a time. `make bless` accepts changed ones: with SCREENS=FOLDER they are
# written there, each under the name that it has here, and nothing is compared.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze

# Numbers that change with every compiler, but not the columns they take.
mask() { sed -E -f tests/screens/mask.sed; }

# golden NAME FILE ACTUAL: as `same`
golden() {
  if [ -n "${SCREENS:-}" ]; then mkdir -p "$SCREENS/${2%/*}" && cp "$3" "$SCREENS/$2"; pass "written: $1"; else same "$@"; fi
}
# script ARGS...: runs the commands on stdin
script() { timeout 60 "$trapeze" debug --batch -x - "$@" >"$tmp/out" 2>"$tmp/err"; }

# ---- scripts ----
script lecture <<'EOT'
goto end
E
E
expect System call
E
EOT
is "a script's status" 0 $?
printf 'e\nnosuch\ne\n' | script lecture
is "a command that fails ends a script" 1 $?
check "and is said, with its line" grep -q "^trapeze: -:2: There is no command 'nosuch'" "$tmp/err"
printf 'e\nexpect penguins\n' | script lecture
is "expect fails when it should" 1 $?
timeout 60 "$trapeze" debug --batch lecture >/dev/null 2>&1
is "--batch wants a script" 125 $?
printf 'info status\nq\n' | TERM=dumb timeout 60 "$trapeze" debug lecture >"$tmp/out" 2>"$tmp/err"
is "without a terminal there is line mode" 0 $?
check "which answers" grep -q "^before #.* vm1/lecture depth 1" "$tmp/out"
printf 'info status\n' | script --reset lecture
check "--reset begins at reset" grep -q "^reset  host kernel" "$tmp/out"
for depth in 1 2 3; do
  printf 'goto end\nE\nE\nE\nE\nE\nE\nE\nE\n%s' "$(yes e | head -n 6)
" | script -d $depth lecture
  is "depth $depth: lists back and forth" 0 $?
done
script -d 0 lecture <<'EOT'
t
expect FETCH_MISS
EOT
is "the bare machine has traps, too" 0 $?
script <<'EOT'
goto end
type echo hello, past\n
goto end
info console
expect hello, past
goto start
EOT
is "a shell gets what is typed" 0 $?
printf 'type x\n' | script lecture
is "the past takes no input" 1 $?

# ---- callers, through a recursion and across traps ----
cat >"$tmp/depths.c" <<'EOT'
#include <stdio.h>
#include <unistd.h>
volatile int sum;
__attribute__((noinline)) int bottom(int n) { sum += n; return getpid() + sum; }
__attribute__((noinline)) int fall(int n) {
  volatile char room[200];
  room[n] = (char)n;
  return n ? fall(n - 1) + room[n] : bottom(n) + room[0];
}
static inline __attribute__((always_inline)) int twice(int n) {
  volatile int here = 7;
  here = 2 * n;
  return here;
}
int main(int argc, char **argv) { printf("%d %s\n", twice(fall(argc + 3)), argv[0]); return 0; }
EOT
"$BUILD/bin/pg32-cc" -O2 -g -o "$tmp/depths" "$tmp/depths.c"
# Which frames the callers of a place have, without their addresses: "fall fall main".
frames() { sed -n 's/^#[0-9]* *0x[0-9a-f]* \([^ ]*\).*/\1/p; s/^\(.*\), trapped at .*: /<\1 /p' "$tmp/out" | tr '\n' ' '; }
for depth in 0 1 2; do
  printf 'break trap syscall in app depth %s if a7 == 9\nc\nbt\n' $depth | script -d $depth "$tmp/depths"
  is "depth $depth: callers through a recursion" "getpid bottom fall fall fall fall fall main __libc_start " "$(frames)"
done
printf 'break trap syscall in app depth 1 if a7 == 9\nc\ne\ne\nbt\n' | script "$tmp/depths"
is "across the trap, layer by layer" "vm_run vm__run main __libc_start <vm1/depths SYSCALL getpid bottom fall fall fall fall fall main __libc_start " "$(frames)"
printf "break trap syscall in app depth 1 if a7 == 9\nc\ndelete\nbreak run in 'host kernel'\nc\nbt\n" | script "$tmp/depths"
is "two layers" "run <host/vmm SYSCALL vm_run vm__run main __libc_start <vm1/depths SYSCALL getpid bottom fall fall fall fall fall main __libc_start " "$(frames)"
printf 'break trap syscall in app depth 1 if a7 == 9\nc\nsi\nbt\n' | script "$tmp/depths"
is "the vector has no caller but who trapped" "trap_entry <vm1/depths SYSCALL getpid bottom fall fall fall fall fall main __libc_start " "$(frames)"
printf 'break bottom in app\nc\nbt\nfinish\nbt\n' | script "$tmp/depths"
is "at a function's first instruction, and in its caller" "bottom fall fall fall fall fall main __libc_start fall fall fall fall fall main __libc_start " "$(frames)"

printf 'break bottom in app\nc\ndelete\nF\nF\nF\nbt\nf\nbt\nf\nf\nbt\n' | script "$tmp/depths"
is "reverse-finish and finish, frame by frame" "fall fall fall main __libc_start fall fall main __libc_start main __libc_start " "$(frames | sed 's/^/ /; s/^ //')"
printf 'break bottom in app\nc\ndelete\nF\nN\nN\nN\nN\nbt\nn\nbt\n' | script "$tmp/depths"
check "reverse-next stays in its frame, or goes up" grep -q '^#4 .* main' "$tmp/out"

# s0 saved, made to point at the frame, and then used for something else: on one way of two, and on both.
cat >"$tmp/fall.S" <<'EOT'
        .text
        .globl  fall
        .type   fall, @function
fall:   addi    sp, sp, -32
        sw      ra, 28(sp)
        sw      s0, 24(sp)
        mv      s0, sp
        bnez    a0, 2f
1:      call    rise
        lw      ra, 28(sp)
        lw      s0, 24(sp)
        addi    sp, sp, 32
        ret
2:      add     s0, s0, a0
        addi    a0, a0, -1
        call    fall
        j       1b
        .size   fall, . - fall
EOT
cat >"$tmp/rise.c" <<'EOT'
#include <unistd.h>
int fall(int n);
__attribute__((noinline)) int rise(int n) { return getpid() + n; }
int main(void) { return fall(2) & 0; }
EOT
"$BUILD/bin/pg32-cc" -O2 -g -o "$tmp/rise" "$tmp/rise.c" "$tmp/fall.S"
printf 'break trap syscall in app if a7 == 9\nc\nbt\nc\nbt\n' | script -d 0 "$tmp/rise"
is "callers where s0 is a frame pointer for a while" "getpid rise fall fall fall main __libc_start getpid rise fall fall main __libc_start " "$(frames)"

line=$(grep -n 'here = 2' "$tmp/depths.c" | cut -d: -f1)
printf 'break depths.c:%s in app\nc\ninfo locals\nexpect here = 7\nwatch here\nc\nexpect was 0x00000007\nwho here\nexpect writes that word' "$line" |
  script "$tmp/depths"
is "variables of an inlined function, watched by name" 0 $?
check "and who wrote them" grep -q "^Here vm1/depths writes that word: main, depths.c:$line" "$tmp/out"

# ---- the virtual TIMER counts the guest's instructions, whatever happens below ----
virtual_timers() { sed -n 's/^TIMER *[0-9]* *\* *\([0-9]*\).*/\1/p' "$tmp/out" | tr '\n' ' '; }
for depth in 1 2; do
  printf 'goto start\ninfo cpu\nfinish\ninfo cpu\nsi\ninfo cpu\nT\nrsi\ninfo cpu\n' | script -d $depth lecture
  set -- $(virtual_timers)
  is "depth $depth: it stands still in a TLB fault" "$1" "$2"
  is "depth $depth: and counts the instruction" $(($2 - 1)) "$3"
done

# ---- stops ----
count_stops() { grep -c '^Breakpoint [0-9]* (' "$tmp/out"; }
yes c | head -n 40 | (echo 'break trap syscall in app if a7 == 13 and a0 == 1'; cat) | script "$tmp/depths"
is "a condition on two registers" 1 "$(count_stops)"
(echo 'break trap syscall in app if a7 == 13 and a0 == 2'; yes c | head -n 40) | script "$tmp/depths"
is "both must hold" 0 "$(count_stops)"
(echo 'break trap syscall in app if a1 == 0'; yes c | head -n 40) | script "$tmp/depths"; zero=$(count_stops)
(echo 'break trap syscall in app if a1 != 0'; yes c | head -n 40) | script "$tmp/depths"; other=$(count_stops)
(echo 'break trap syscall in app'; yes c | head -n 40) | script "$tmp/depths"
is "a register that no record has: all system calls are one or the other" "$(count_stops)" $((zero + other))
check "and there are both" test "$zero" -gt 0 -a "$other" -gt 0
(echo 'break trap syscall in app ignore 2'; yes c | head -n 40) | script "$tmp/depths"
is "ignore 2" $((zero + other - 2)) "$(count_stops)"
printf "break trap insn tlbw in 'vm1 kernel'\nc\nexpect PRIVILEGED by vm1 kernel\n" | script lecture
is "an instruction, and a lane in quotes" 0 $?
printf 'search no such words\n' | script spin 400
check "a search through stretches without any event" grep -q "No later event mentions 'no such words'" "$tmp/err"
printf 'break trap if a0 ~ 1\n' | script lecture
check "a wrong operator is said" grep -q 'the condition ends before `~ 1`: expected an operator' "$tmp/err"

# ---- all levels of a walk, whoever runs; whole lists by one key ----
printf 'goto end\nL\n%s' "$(yes 'e
info mmu' | head -n 16)
" | script -d 2 lecture
check "depth 2: the levels between are known at each step" test "$(grep -c '^virt 1  a[1-9]' "$tmp/out")" = 8
is "and in the end none misses" 3 "$(grep '^virt [12] \|^real  ' "$tmp/out" | tail -n 3 | grep -c ' + ')"
printf 'goto end\nL\nexpect TLB fault of vm1/lecture, step 1\nL\nexpect System call of vm1/lecture, step 1\nl\nexpect TLB fault\nl\n' | script lecture
is "L and l go by whole lists" 1 $?
check "as far as there are any" grep -q "No list of the lecture begins after this" "$tmp/err"

# ---- why: each sentence by the facts that it states ----
cat >"$tmp/why.S" <<'EOT'
#include <isa/platform.h>
        .globl _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        ori     t0, t0, TLB_R | TLB_X
        li      t1, USER_BASE | 1
        tlbw    t1, t0
        li      t0, USER_BASE
        sw      t0, LC_PC(zero)
        li      t0, 50
        sw      t0, LC_TIMER(zero)
        li      t0, ST_U | ST_T | ST_IE | 1 << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
        rfe
vector: lw      t0, LC_CAUSE(zero)
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, off
        addi    t1, t0, -CAUSE_STORE_PROT
        bnez    t1, 1f
        lw      t0, LC_PC(zero)
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
1:      sw      zero, LC_TIMER(zero)
        li      t0, ST_U | ST_T | 1 << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
        rfe
off:    li      t0, 2 << ST_ASID_SHIFT
set:    mtst    t0
asks:   mfst    t0
        li      t0, DEV_FACTS
        lw      t1, FACTS_RAM(t0)
        li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
        .balign PAGE_SIZE
user:   li      t0, 100
1:      addi    t0, t0, -1
        bnez    t0, 1b
        auipc   a0, 0
        sw      a0, 0(a0)
        break
        li      a7, 9
        syscall
EOT
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/why" "$tmp/why.S"
# why WHERE PATTERN OPTION...: what `why` says at the breakpoint, at depth 1
why() {
  where=$1 pattern=$2; shift 2
  printf '%s\nc\nwhy\n' "$where" | script --reset "$@" --image "$tmp/why"
  check "why, $where" grep -q "$pattern" "$tmp/out"
}
why "break trap FETCH_MISS in 'vm1 kernel'" "The virtual STATUS has T = 0, .* the host OS by itself supplies one,"
why "break trap TIMER in 'vm1 user'" "^A timer interrupt comes before vm1 user .* The guest's own TIMER is 0 and its STATUS has IE = 1:"
why "break trap STORE_PROT in 'vm1 user'" "The guest's TLB has an entry for page 0x00010 that does not allow the access. The virtual STATUS has U = 1,"
why "break trap BREAK in 'vm1 user'" "The virtual STATUS has U = 1, so the application trapped:"
why "break trap SYSCALL in 'vm1 user'" "executes syscall at 0x[0-9a-f]*, a7 = 9. The machine enters" # not our kernel's getpid
why "break trap LOAD_MISS in 'vm1 kernel' if t0 == 0xf0004000" "belongs to a device of the VM: the VMM emulates"
why "break set in 'vm1 kernel'" "which is privileged.* but the virtual STATUS has U = 0,"
why "break set in 'vm1 kernel'" "in real user mode, .*(pg32-leaky) does not trap, .* would be 0x00000200 .* POPF" --cpu pg32-leaky
why "break asks in 'vm1 kernel'" "in real user mode, .* reads the real STATUS 0x[0-9a-f]*; the virtual STATUS is 0x00000100. .* SMSW" --cpu pg32-leaky

# ---- programs of any name: the kernel keeps 15 bytes of it, the recorder UTF-8 ----
printf 'int main(void) { return 0; }\n' >"$tmp/named.c"
for name in fifteen_chars_x sixteen_chars_xy 'two words' "h$(printf '\303\251')" 'a"b\c<&;#' image kernel; do
  "$BUILD/bin/pg32-cc" -O1 -g -o "$tmp/$name" "$tmp/named.c"
  printf 'break main in app\nc\nbt\n' | script "$tmp/$name"
  check "a program called '$name' begins, and has symbols" grep -q 'main (named.c:1)' "$tmp/out"
  printf "break main in 'vm1/%s'\nc\n" "$name" | script "$tmp/$name"
  check "... and a lane of its name" \
    grep -qF "vm1/$(printf %.15s "$name") is at" "$tmp/out"
done
printf "break trap_entry in 'vm1 kernel'\nc\nbt\n" | script "$tmp/kernel"
check "the kernel keeps its own" grep -q '^#0 .* trap_entry' "$tmp/out"

# A kernel that traps itself: bt shows the interrupted code behind the handler while the trap is handled, and not
# afterwards. `who` sees through what the layers below store and load again: it finds the guest's own instruction,
# also one that a VMM has emulated (mfst).
cat >"$tmp/inner.S" <<'EOT'
#include <isa/platform.h>
        .globl _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        la      sp, stack
        call    outer
        li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
outer:  addi    sp, sp, -16
        sw      ra, 12(sp)
        call    inner
        lw      ra, 12(sp)
        addi    sp, sp, 16
        ret
inner:  li      s1, 5
        break
        li      s2, 6
behind: li      s4, 7
        ret
vector: mfst    s3
after:  rfe
        .bss
        .space  4096
stack:
EOT
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/inner" "$tmp/inner.S"
address() { "$BUILD/bin/pg32-objdump" -t "$tmp/inner" | awk -v name="$1" '$NF == name {print $1}'; }
for depth in $depths; do
  case $depth in 0) kernel=host ;; 1) kernel=vm1 ;; *) kernel=vm1.1 ;; esac
  printf "break after in '$kernel kernel' if s1 == 5\nc\nbt\nwho s3\nwho s1\n" | script -d $depth --image "$tmp/inner"
  is "behind a kernel's own trap, depth $depth" "after inner outer _start" "$(awk '/^#/ {print $3}' "$tmp/out" | xargs)"
  emulated=; [ $depth = 0 ] || emulated="; its VMM emulates the instruction"
  is "who wrote a register, depth $depth" "Here $kernel kernel writes s3, at 0x$(address vector)$emulated.
Here $kernel kernel writes s1, at 0x$(address inner)." "$(grep ^Here "$tmp/out")"
  printf "break behind in '$kernel kernel' if s2 == 6\nc\nbt\nwho s3\nwho s7\n" | script -d $depth --image "$tmp/inner"
  is "a register that nothing wrote, depth $depth" 1 $?
  is "after the trap, depth $depth" behind "$(awk '/^#/ {print $3}' "$tmp/out" | xargs)"
done

# ---- a C variable that is called like a register is meant where it is in scope; $NAME is the register ----
cat >"$tmp/same.c" <<'EOT'
volatile int sink;
int main(void) {
  volatile int s1 = 10;
  sink = s1;
  s1 = 20;
  sink = s1;
  return 0;
}
EOT
"$BUILD/bin/pg32-cc" -O0 -g -o "$tmp/same" "$tmp/same.c"
printf 'break same.c:5 in app\nc\nprint s1\nexpect s1 = 10\nwatch s1\nc\nexpect here 0x00000014, was 0x0000000a\nwho s1\nexpect writes that word\nwatch $s1\nexpect Watchpoint 3\n' | script -d 0 "$tmp/same"
is "print, watch and who mean the variable" 0 $?
printf 'break same.c:5 in app if s1 == 10\nc\n' | script -d 0 "$tmp/same"
is "a condition means the variable" 0 $?
printf 'break same.c:5 in app if s1 == 11\nc\n' | script -d 0 "$tmp/same"
is "and does not hold for another value" 1 $?
printf 'break same.c:5 in app if $s1 == 10\nc\n' | script -d 0 "$tmp/same"
is "but the register with its sign" 1 $?

# ---- long lines are taken whole, or refused ----
(printf 'goto end\ntype echo '; head -c 2000 /dev/zero | tr '\0' z; printf '\\n\ntype x  \n') | script -d 0
is "what is typed keeps its length and its blanks" "Typed 2006 bytes. Typed 3 bytes. " "$(grep '^Typed' "$tmp/out" | tr '\n' ' ')"
(printf 'break trap in '; head -c 300 /dev/zero | tr '\0' z; echo) | script lecture
check "a breakpoint that is too long" grep -q 'break: at most [0-9]* characters' "$tmp/err"

# ---- the console pane is a terminal: UTF-8, tabs, carriage returns ----
printf '#include <stdio.h>\nint main(void) { printf("[caf\\xc3\\xa9]\\n[a\\tb]\\n10%%%%\\r20%%%%]\\n\\xff[x]\\n[de\\bf]\\n"); return 0; }\n' >"$tmp/pane.c"
"$BUILD/bin/pg32-cc" -O1 -o "$tmp/pane" "$tmp/pane.c"
printf 'goto end\ninfo console\n' | script -d 0 "$tmp/pane"
is "in ASCII a question mark stands for one character" "[caf?] [a      b] 20%] ?[x] [df] " "$(grep ']$' "$tmp/out" | grep -v : | tr '\n' ' ')"

# ---- sessions and exports ----
printf 'goto start\nt\nt\nrecord %s\ninfo status\n' "$tmp/a.session" | script lecture
tail -n 1 "$tmp/out" >"$tmp/there"
printf 'info status\n' | script "$tmp/a.session"
tail -n 1 "$tmp/out" >"$tmp/here"
same "a session opens where it was saved" "$tmp/there" "$tmp/here"
touch "$tmp/real.session"; ln -s real.session "$tmp/link.session"; mkfifo "$tmp/pipe"
cat "$tmp/pipe" >"$tmp/piped" &
printf 'goto start\nt\nt\nrecord %s/link.session\nrecord %s/pipe\n' "$tmp" "$tmp" | script lecture
wait
check "record follows a link" test -L "$tmp/link.session" -a -p "$tmp/pipe"
same "and writes to what is no file" "$tmp/real.session" "$tmp/piped"
same "the same session" "$tmp/a.session" "$tmp/piped"
head -c 1000 "$tmp/a.session" >"$tmp/b.session"
printf 'info status\n' | script "$tmp/b.session"
is "a damaged one is refused" 125 $?
for format in text lists json mermaid perfetto html svg asciicast; do
  printf 'export %s 500..560 %s/export.%s\n' $format "$tmp" $format | script lecture
  check "export as $format" test -s "$tmp/export.$format"
done
check "Mermaid begins as such" grep -q "^sequenceDiagram" "$tmp/export.mermaid"
check "a film has frames" sh -c "test \$(grep -c '\"o\"' $tmp/export.asciicast) -gt 5"
is "in the colours of the screen: kernel and application, VMM" "3" "$(grep -oE 'u001b\[0;1;3[346]m' "$tmp/export.asciicast" | sort -u | wc -l)"
check "a diagram is closed" grep -q "</svg>" "$tmp/export.svg"

# ---- the answers of a script, as they are ----
"$trapeze" debug --batch -x tests/screens/lists.txt lecture </dev/null 2>&1 | mask >"$tmp/lists.out"
golden "the two lists, forwards and backwards" tests/screens/lists.out "$tmp/lists.out"

# ---- the real screen ----
if ! command -v tmux >/dev/null 2>&1; then
  printf '# no tmux: screens are not tested\n'
  done_testing
  exit 0
fi
servers=0 socket=trapeze-$$-0
mux() { tmux -L "$socket" -f /dev/null "$@"; }
trap 'mux kill-server 2>/dev/null; rm -rf "$tmp"' EXIT
HOME=$tmp; export HOME

# open SIZE LOCALE ENVIRONMENT ARGS...
open() {
  size=$1 locale=$2 environment=$3; shift 3
  mux kill-server 2>/dev/null
  servers=$((servers + 1)) socket=trapeze-$$-$servers
  LC_ALL=$locale mux -u new-session -d -s t -x "${size%x*}" -y "${size#*x}" \
    "env LC_ALL=$locale $environment $trapeze debug $*; echo left with \$?; stty -a | grep -o '.icanon'; exec sleep 1000"
}
keys() { mux send-keys -t t "$@"; }
shot() { mux capture-pane -p -t t; }
# until_text TEXT: waits until the screen says it; fails when it never does
until_text() {
  tries=0
  until shot | grep -qF -e "$1"; do
    tries=$((tries + 1))
    if [ $tries -gt 200 ]; then fail "the screen says: $1"; shot | diag; return 1; fi
    sleep 0.05
  done
}
patience=100; [ -n "${SCREENS:-}" ] && patience=20
screen() { # what stands there once it is as it should be; after a while, what stands there
  tries=0
  while shot | mask >"$tmp/$1.txt"; ! cmp -s "tests/screens/$1.txt" "$tmp/$1.txt" && [ $tries -lt $patience ]; do
    tries=$((tries + 1)); sleep 0.05
  done
  golden "screen $1" "tests/screens/$1.txt" "$tmp/$1.txt"
}

wheel() { # up|down|press|release COLUMN ROW, from 0
  case $1 in up) button=60 ;; down) button=61 ;; press) button=20 ;; *) button=23 ;; esac
  mux send-keys -t t -H 1b 5b 4d $button "$(printf '%02x' $(($2 + 33)))" "$(printf '%02x' $(($3 + 33)))"
}
click() { wheel press "$1" "$2"; wheel release "$1" "$2"; }
open 80x24 C.UTF-8 TERM=screen-256color lecture; until_text "is about to begin"; screen start-80x24
keys e; until_text "step 1 of 7"; keys e e e; until_text "step 4 of 7"; screen step4-80x24
keys 4; until_text "MMU"; screen mmu-80x24
keys e e e; until_text "step 7 of 7"; screen step7-80x24
keys E E E E E E; until_text "step 1 of 7"; keys 2; until_text "host low core"; screen step1-80x24
mux resize-window -t t -x 40 -y 10; until_text "is too small"; screen small-40x10
mux resize-window -t t -x 80 -y 24; until_text "host low core"; screen step1-80x24
mux resize-window -t t -x 160 -y 50; until_text "virtual TLB"; screen step1-160x50
keys '?'; until_text "just before the next trap"; screen help-160x50
keys q; until_text "virtual TLB"
keys '?'; until_text "just before the next trap"; keys :; keys 'print 6 * 7' Enter; until_text "= 42"; pass "a command from the help page"
keys '?'; until_text "just before the next trap"; keys '>'; until_text "address space 3"; keys '<'; until_text "just before the next trap"
keys '<'; until_text "just before the next trap"; wheel down 5 5; until_text "lines 4-52"; wheel up 5 5; until_text "lines 1-49"
keys /; until_text "/"; keys 'STATUS:' Enter; until_text "the next line with 'STATUS:'"; until_text "address space 3"; pass "the help page is searched"
keys q; until_text "virtual TLB"; keys p; until_text ":print"; keys '6 * 9' Enter; until_text "= 54"; pass "p is print"
keys :; keys 'print kernel::procs' Enter; until_text "lines 1-49 of"; keys '>'; until_text "...}"; keys q; pass "a long answer has pages"
keys :; keys 'print kernel::procs[0]' Enter; until_text "answer"; until_text 'name ='; until_text "virtual TLB"; pass "a short one is shown over the panes"
keys '?'; until_text "just before the next trap"; mux resize-window -t t -x 40 -y 10; until_text "go to step"; until_text "q: back"
mux resize-window -t t -x 160 -y 50; until_text "of the lecture's lists"; keys q; until_text "virtual TLB"; keys :; keys 'print 6 *'; until_text ":print 6 *"
mux resize-window -t t -x 40 -y 10; until_text "is too small"; until_text ":print 6 *"; mux resize-window -t t -x 160 -y 50; until_text "virtual TLB"
keys ' 4' Enter; until_text "= 24"; pass "pages and the command line are resized"
keys g; until_text ":goto"; keys '#500' Enter; until_text "#500"; pass "g goes to an event"
keys :; keys 'info breakp' Tab; until_text "info breakpoints"; pass "the command line completes"
keys Escape; until_text "Before "
keys :; keys "print $(head -c 90 /dev/zero | tr '\0' a)END"; until_text "aaEND"; pass "a long line is scrolled"
keys Escape; until_text "Before "; keys :; keys 'search ééx'; until_text ":search ééx"
is "the cursor stands behind characters, not bytes" 11 "$(mux display-message -p -t t '#{cursor_x}')"
keys ' 日本'; until_text "ééx 日本"; is "and behind columns" 16 "$(mux display-message -p -t t '#{cursor_x}')"
keys BSpace BSpace BSpace C-a 'x'; until_text ":xsearch ééx"; is "and where it was moved" 2 "$(mux display-message -p -t t '#{cursor_x}')"
keys Escape; until_text "Before "; keys q; until_text "left with 0"; pass "q leaves"
check "the terminal is as it was" sh -c "! tmux -L $socket capture-pane -p -t t | grep -q -- -icanon"
check "history is kept" grep -q "goto #500" "$tmp/.local/state/trapeze/history"

# ---- every pane is scrolled, by keys and by the wheel (of the pane under the pointer), and searched ----
cat >"$tmp/long.c" <<'EOT'
#include <stdio.h>
int square(int n) { return n * n; /* a comment */ }
int main(void) {
  for (int i = 0; i < 100; i++) printf("line %d: \346\227\245\346\234\254 %s\n", i, square(i) ? "yes" : "no");
  return 0;
}
EOT
"$BUILD/bin/pg32-cc" -O0 -g -o "$tmp/long" "$tmp/long.c"
open 80x24 C.UTF-8 TERM=screen-256color "$tmp/long"; until_text "is about to begin"
keys :; keys 'break square in app if n == 3' Enter; until_text "Breakpoint 1"; keys c; until_text "square, long.c"; screen code-80x24
keys 1; keys v; until_text "4   for (int i"; screen source-80x24
keys z; until_text 'printf("line'; mux capture-pane -e -p -t t >"$tmp/colours"; keys z; until_text CPU
check "keywords are bold" grep -q '\[1m.*for' "$tmp/colours"
check "numbers have a colour" grep -q '\[36m100' "$tmp/colours"
check "strings have a colour" grep -q '\[33m"line %d' "$tmp/colours"
keys '}' '}'; until_text 'i < 100; i++) printf("line'; keys /; until_text "/"; keys '? "yes"' Enter; until_text '? "yes"'
keys Escape; pass "long lines are scrolled sideways, and searched"
keys v; until_text "Instructions with their source"; keys 9; until_text "int n = 3"; screen locals-80x24
keys :; keys -l up; keys Enter; until_text "int i = 3"; until_text "code─main, long.c:4"; pass "a caller's variables and code are shown"
click 50 4; until_text "int n = 3"; until_text "code─square, long.c:2"; pass "a click on a frame chooses that frame"
click 50 7; until_text "code─__libc_start"; pass "also on the second row of a frame"
keys :; keys -l 'frame 0'; keys Enter; until_text "int n = 3"; keys 8; until_text " t6  "; screen registers-80x24
last=$(printf %06x "0x$("$BUILD/bin/pg32-objdump" -d "$tmp/long" | sed -n 's/^ *\([0-9a-f]*\):.*/\1/p' | tail -n 1)")
keys 1; keys '>'; until_text "$last "; keys '<'; until_text "_start:"; pass "the code pane shows all of the program"
keys Escape; until_text "square, long.c"; keys /; until_text "/"; keys 'int main' Enter; until_text "the next row with 'int main'"; pass "code is searched"
keys N; until_text "No earlier row of code"; keys Escape; until_text "▶"
keys 5; until_text "p000000"; wheel down 60 4; until_text "p000018"; wheel up 60 4; until_text "p000000"; wheel up 60 4
keys /; until_text "/"; keys 'no such text'; keys Enter; until_text "Ctrl-C stops that"; keys C-c; until_text "Interrupted"; pass "a long search is interrupted"
keys j; until_text "p000040"; keys k; until_text "p000000"; pass "memory is scrolled by rows, without gaps"
keys :; keys delete Enter; keys End; until_text "the end"; keys 6; until_text "line 99: 日本 yes"; keys k; until_text "line 92"; wheel up 60 4; until_text "line 90"
keys '<'; until_text "line 0: 日本 no"; keys k k; until_text "line 0: 日本 no"; keys /; until_text "/"; keys 'LINE 5' Enter; until_text "line 5: 日本"
keys n; until_text "line 50:"; keys n; until_text "line 51:"; keys N N; until_text "line 5: "; pass "the console's history is shown and searched"
keys Escape; until_text "line 99"; screen console-80x24
wheel up 10 12; until_text "resume"; keys 3; keys '<'; until_text "resume 010000"; pass "so are the events"
keys Escape; keys '<'; keys /; until_text "/"; keys 'getpid' Enter; until_text "No later event mentions"; keys Escape
keys :; keys 'print 1 +' Enter; until_text "print"; keys Escape

# ---- what is pasted: each line is a command; in the console input ----
paste() { mux set-buffer "$1"; mux paste-buffer -p -t t; }
paste "print 6 * 7
print 6 * 8
print 6 *"
until_text ":print 6 *"; until_text "= 48"; keys " 9" Enter; until_text "= 54"; pass "pasted lines are commands, the last one is edited"
keys :; until_text ":"; paste "print 2 * 3
print 2 * 4
"
until_text "= 8"; pass "so are those in the command line"
paste "print 10 * 10
nosuch
print 10 * 11
"
until_text "There is no command 'nosuch'"; check "up to the first that fails" sh -c "! tmux -L $socket capture-pane -p -t t | grep -q '= 110'"
keys q; keys q; until_text "left with 0"
open 80x24 C.UTF-8 TERM=screen-256color sh; until_text "is about to begin"; keys End; until_text "waits for input"
keys i; until_text "Keys go to the guest"; paste "echo first q
echo second q
"
until_text "\$ second q"; pass "while the guest is typed to, pasted lines are its input"
keys Escape; until_text "the debugger's again"; keys q; until_text "left with 0"

# ---- titles with long and strange names ----
cp "$tmp/long" "$tmp/sixteen_chars_xyz"; cp "$tmp/long" "$tmp/two w$(printf '\303\251')rds"
open 80x24 C.UTF-8 TERM=screen-256color -d 2 "$tmp/sixteen_chars_xyz"; until_text "is about to begin"
keys :; keys 'break main in app' Enter; until_text "Breakpoint 1"; keys c; until_text "main, long.c"
is "what does not fit in the title line is left out, not cut" "real user virtual user" "$(shot | sed -n '1s/.*sixteen_chars_x  //p' | sed 's/  insn [0-9]*$//')"
keys q q; until_text "left with 0"
open 80x24 C.UTF-8 TERM=screen-256color "'$tmp/two w$(printf '\303\251')rds'"; until_text "vm1/two w$(printf '\303\251')rds is about to begin"; pass "names with blanks and accents"
keys q; until_text "left with 0"

# a run without end: it says how far it is, is resized on the way, and Ctrl-C breaks into it
open 80x24 C.UTF-8 TERM=screen-256color spin 20000; until_text "is about to begin"
keys c; until_text "Ctrl-C stops it"; pass "a long run says how far it is"
mux resize-window -t t -x 160 -y 50; until_text "virtual TLB"; until_text "Ctrl-C stops it"; pass "resized while it runs"
mux resize-window -t t -x 80 -y 24; sleep 0.1; keys C-c; until_text "Interrupted"; pass "and interrupted"
keys q; until_text "left with 0"

# ---- live typing ----
open 80x24 C.UTF-8 TERM=screen-256color sh; until_text "is about to begin"
keys i; until_text "This is the past"; pass "no typing in the past"
keys End; until_text "waits for input"; keys i; until_text "Keys go to the guest"; keys 'echo xy' BSpace BSpace 'a$b q' Enter
until_text "\$ echo a\$b q"; pass "keys go to the guest, and are taken back"
keys Escape; until_text "the debugger's again"; keys T; until_text "Before #"; keys i; until_text "This is the past"
pass "Escape ends that"
keys : ; keys fork Enter; until_text "A new future"; keys i; until_text "Keys go to the guest"; keys 'exit 3' Enter
until_text "The machine has stopped"; pass "a fork can be typed to"
keys q; until_text "left with 0"

open 80x24 C TERM=vt100 lecture; until_text "is about to begin"; screen start-ascii
keys e; until_text "step 1 of 7"; pass "a vt100 in the C locale has keys, too"
the_debugger() { pgrep -P "$(mux display-message -p -t t '#{pane_pid}')"; }
for signal in TERM:143 HUP:129 QUIT:131 SEGV:139 ABRT:134; do
  kill -"${signal%:*}" "$(the_debugger)"; until_text "left with ${signal#*:}"
  check "the terminal is given back after SIG${signal%:*}" sh -c "! tmux -L $socket capture-pane -p -t t | grep -q -- -icanon"
  is "and its first screen, SIG${signal%:*}" 0 "$(mux display-message -p -t t '#{alternate_on}')"
  open 80x24 C.UTF-8 TERM=screen-256color lecture; until_text "is about to begin"
done
kill -STOP "$(the_debugger)"; kill -CONT "$(the_debugger)"; keys e; until_text "step 1 of 7"; pass "stopped and continued"
open 80x24 C.UTF-8 "TERM=screen-256color NO_COLOR=1" lecture; until_text "is about to begin"
check "NO_COLOR: no colours" sh -c "! tmux -L $socket capture-pane -e -p -t t | grep -q '\[3[1-7]m'"
keys :; keys 'break main in app' Enter; until_text "Breakpoint 1"; keys c; until_text "at 0x"; keys 1 v z; until_text "int main(void)"
check "but keywords are bold" sh -c "tmux -L $socket capture-pane -e -p -t t | grep -q '\[1mint'"
keys q
keys q; until_text "left with 0"
open 80x24 C.UTF-8 TERM=no-such-terminal lecture; until_text "(trapeze)"; pass "an unknown terminal: line mode"
until_text "no screen on a terminal of type 'no-such-terminal'"; keys q Enter; until_text "left with 0"
open 80x24 C.UTF-8 TERM=dumb lecture; until_text "(trapeze)"; pass "TERM=dumb: line mode"
keys 'e' Enter; until_text "TLB fault 1 of 7"; keys q Enter; until_text "left with 0"; pass "with the same commands"

open 80x24 C.UTF-8 TERM=screen-256color --line lecture; until_text "(trapeze)"; paste "print 6 * 7
print 6 * 8
print 6 *"
until_text "= 48"; keys ' 9' Enter; until_text "= 54"; pass "pasted lines are commands in line mode, too"
keys q Enter; until_text "left with 0"

# ---- the tutorial: its keys, and its screens as they are ----
: >"$tmp/tutorial.1.keys" # the first screen is there before any key
awk -v to="$tmp/tutorial" 'BEGIN { n = 1 }
  /^Press / { n++; line = $0; while (match(line, /`[^`]+`/)) { print substr(line, RSTART + 1, RLENGTH - 2) > (to "." n ".keys")
                                                              line = substr(line, RSTART + RLENGTH) } }
  /^```/ { if (inside) { inside = 0; close(to "." n ".screen") } else if (n) { inside = 1; printf "" > (to "." n ".screen") } next }
  inside { print > (to "." n ".screen") }' tools/TUTORIAL.md
# In a screen with C source, which instructions stand between its lines is each compiler's own.
tutorial_mask() { mask | LC_ALL=C.UTF-8 sed -E "$code"; }
until_screen() {
  tries=0
  while shot >"$tmp/shot" && tutorial_mask <"$tmp/shot" >"$tmp/now" && ! cmp -s "$tmp/now" "$1" && [ $tries -lt $patience ]; do
    tries=$((tries + 1)); sleep 0.05
  done
}
open 80x24 C.UTF-8 TERM=screen-256color lecture; until_text "is about to begin"
n=1 changed=
while [ -f "$tmp/tutorial.$n.screen" ]; do
  while read -r key; do keys "$key"; done <"$tmp/tutorial.$n.keys"
  if grep -q '\.c:[0-9]' "$tmp/tutorial.$n.screen"; then code='s/^.{41}/(code)/'; else code=; fi
  tutorial_mask <"$tmp/tutorial.$n.screen" >"$tmp/expected"
  until_screen "$tmp/expected"
  cp "$tmp/shot" "$tmp/tutorial.$n.shot"
  cmp -s "$tmp/expected" "$tmp/now" || changed=yes
  [ -n "${SCREENS:-}" ] || same "the tutorial's screen $n" "$tmp/expected" "$tmp/now"
  n=$((n + 1))
done
check "the tutorial has screens" test $n -gt 8
# All screens of one run, so that the numbers in them agree.
if [ -n "${SCREENS:-}" ] && [ -n "$changed" ]; then
  mkdir -p "$SCREENS/tools"
  awk -v from="$tmp/tutorial" 'BEGIN { n = 1 }
    /^Press / { n++ }
    /^```/ { inside = !inside; print; shot = from "." n ".shot"; if (inside) while ((getline line <shot) > 0) print line; next }
    !inside' tools/TUTORIAL.md >"$SCREENS/tools/TUTORIAL.md"
fi
done_testing
