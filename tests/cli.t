# cli.t - trapeze's command line: usage errors, exit statuses, consoles, the files it reads and writes.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze

# status NAME EXPECTED ARGS...: runs trapeze with no input; its output is in $tmp/out and $tmp/err
status() {
  status_name=$1 status_expected=$2; shift 2
  timeout 60 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
  is "$status_name" "$status_expected" $?
}
says() { check "$1" grep -q -e "$2" "$tmp/err"; }
assemble() { "$BUILD/bin/pg32-cc" -T bare -nostdlib -I. -o "$tmp/$1" "$tmp/$1.S"; }

# ---- usage ----
status "no command" 125
status "an unknown command" 125 juggle; says "is named" juggle
status "an unknown option" 125 run --juggle
status "--depth wants a number" 125 run --depth deep; says "which is said" "--depth deep"
status "--depth has a limit" 125 run --depth 99
status "--ram wants pages" 125 run --ram 1000
status "--ram wants a size" 125 run --ram 8Q
status "--ram has a limit" 125 run --ram 4G
status "--ram and --depth together, too" 125 run --depth 2 --ram 3584M hello; says "which is said" "would need"
mkdir -p "$tmp/large/bin"; head -c 9000000 /dev/zero >"$tmp/large/bin/large"
tar --format=ustar -cf "$tmp/large.tar" -C "$tmp/large" bin
printf '        .globl _start\n_start: .word 0\n' >"$tmp/nothing.S"
assemble nothing
for n in 1 0 257 many -1 16x; do status "--tlb $n" 125 run --tlb $n hello; says "is refused" "--tlb $n: expected a number from 2 to 256"; done
for option in kernel vmm; do
  status "--$option: no such file" 125 run --$option "$tmp/none" hello; says "is named" "--$option $tmp/none: No such file"
  status "--$option: no ELF file" 125 run --$option tests/tap.sh hello; says "is named" "--$option tests/tap.sh: not an executable for PG32"
  status "--$option: another machine's" 125 run --$option "$trapeze" hello; says "is named" "--$option $trapeze: not an executable for PG32"
  status "--$option: an object" 125 run --$option "$BUILD/share/trapeze/lib/crt0.o" hello; says "is named" "not an executable for PG32"
  status "--$option: at depth 0, too" 125 run --depth 0 --$option "$tmp/none" hello
done
for depth in 0 1 2; do
  status "--initrd: no such file, depth $depth" 125 run --depth $depth --initrd "$tmp/none" hello
  says "is named, depth $depth" "--initrd $tmp/none: No such file"
  status "--initrd: no archive, depth $depth" 125 run --depth $depth --initrd tests/tap.sh hello
  says "is said, depth $depth" "not a ustar archive"
  for image in "" "--image $tmp/nothing"; do
    status "an initrd that does not fit, depth $depth $image" 125 run --depth $depth --initrd "$tmp/large.tar" $image large
    says "is said" "initrd .* does not fit 8388608 bytes of RAM"
  done
  status "an image that is none, depth $depth" 125 run --depth $depth --image tests/tap.sh
  says "is said, depth $depth" "tests/tap.sh: not an ELF file"
done
status "--cpu wants one we have" 125 run --cpu z80
status "--way wants one we have" 125 run --way sideways hello; says "which is said" "--way sideways: expected trap, translate, translate,user or para"
for depth in 0 1 2; do status "--way trap, depth $depth" 0 run --depth $depth --way trap hello; done
status "--way with an initrd" 0 verify fidelity --way trap --initrd "$BUILD/share/trapeze/initrd.tar" hello
is "vmm: a way that is none" "vmm: sideways: expected a way that this VMM has: trap, translate or para" "$("$trapeze" run --depth 0 vmm --way sideways 2>&1)"
status "--engine wants one we know" 125 run --engine warp; says "which is said" "expected auto, interp or jit"
for engine in auto interp; do status "--engine $engine" 0 run --engine $engine hello; done
status "--max-insns wants a number" 125 run --max-insns -1
status "a program that is not there" 125 run nosuchprogram; says "is named" nosuchprogram
status "a file that is not there" 125 run ./nosuchprogram; says "is named" "./nosuchprogram: No such file"
status "a file that is no PG32 program" 125 run "$trapeze"; says "is called so" "not a PG32 ELF file"
status "an image that is not there" 125 run --image "$tmp/none"
status "an image that is none" 125 run --depth 0 --image tests/tap.sh; says "is named" tests/tap.sh
status "an input that is not there" 125 run --input "$tmp/none" hello
status "a disk that is not there" 125 run --disk "$tmp/none" hello
status "trace: a format that we have not" 125 trace --format opera hello
status "trace: a cause that is none" 125 trace --cause HUNGER hello
status "trace: no range of events" 125 trace --events 5 hello
status "--help is no error" 0 --help
status "nor is it a command's" 0 run --help
check "and how a lab's test is run" grep -q -e "--submission=DIR" "$tmp/out"
check "which tells the default depth" grep -q "in a VM (default)" "$tmp/out"
status "grade --help" 0 grade --help
check "tells the statuses" grep -q "Exit status: 0 graded" "$tmp/out"
status "lab check --help" 0 lab check --help
"$trapeze" run --help >"$tmp/help"
status "help COMMAND" 0 help run
same "is COMMAND --help" "$tmp/help" "$tmp/out"
status "help of a command's command" 0 help lab new; check "is the same" grep -q "^Usage: trapeze lab new" "$tmp/out"
status "help of no command" 125 help juggle; says "is named" juggle
version=$(sed -n 's/^#define TRAPEZE_VERSION "\(.*\)"/\1/p' tools/version.h)
"$trapeze" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' >"$tmp/commands"
check "--help lists the commands" test "$(wc -l <"$tmp/commands")" -ge 7
for words in "" $(cat "$tmp/commands") "verify safety" "lab check"; do
  is "trapeze $words --version" "trapeze (Trapeze) $version" "$("$trapeze" $words --version)"
done
for tool in as cc ld objdump; do is "pg32-$tool --version" "pg32-$tool (Trapeze) $version" "$("$BUILD/bin/pg32-$tool" --version)"; done
TRAPEZE_INITRD=$tmp/none status "no bundle" 125 run hello
printf 'no archive, though it is longer than a block%600s' . >"$tmp/bad.tar"
TRAPEZE_INITRD=$tmp/bad.tar status "no archive" 125 run hello; says "which is said" "not a ustar archive"

# ---- what is run in place of ours ----
# Each command takes the options.
kernel=$BUILD/guest/boot/kernel vmm=$BUILD/guest/bin/vmm
for depth in $depths; do
  status "our kernel and VMM as files, depth $depth" 0 run --depth $depth --kernel "$kernel" --vmm "$vmm" hello
  is "run, depth $depth" "hello, world" "$(cat "$tmp/out")"
done
status "another kernel is another" 126 run --depth 0 --kernel "$tmp/nothing" hello
status "trace takes them" 0 trace --kernel "$kernel" --vmm "$vmm" --tlb 64 --initrd "$BUILD/share/trapeze/initrd.tar" hello
for command in fidelity performance; do
  status "verify $command takes them" 0 verify $command --kernel "$kernel" --vmm "$vmm" --tlb 64 hello
done
mkdir -p "$tmp/files/bin"; cp "$BUILD/guest/files/bin/echo" "$tmp/files/bin/mine"
tar --format=ustar -cf "$tmp/mine.tar" -C "$tmp/files" bin
for depth in $depths; do
  status "an initrd of one's own for the kernel, depth $depth" 0 run --depth $depth --initrd "$tmp/mine.tar" mine yes
  is "has the program, depth $depth" yes "$(cat "$tmp/out")"
  status "and no other, depth $depth" 125 run --depth $depth --initrd "$tmp/mine.tar" hello
done
status "a file of the host goes into it" 0 run --initrd "$tmp/mine.tar" "$BUILD/guest/bin/hello"
cat >"$tmp/tlb.S" <<'EOT'
#include <isa/platform.h>
        .globl _start
_start: li t0, DEV_FACTS
        lw a0, FACTS_TLB(t0)
        li t0, DEV_POWER
        sw a0, POWER_OFF(t0)
EOT
assemble tlb
for depth in $depths; do for n in 2 255; do status "--tlb $n, depth $depth" $n run --depth $depth --tlb $n --image "$tmp/tlb"; done; done

# ---- the end of a run ----
cat >"$tmp/status.S" <<'EOT'
        .globl _start
_start: li      t0, 0xF0003000
        li      t1, STATUS
        sw      t1, 0(t0)
EOT
for n in 0 1 124 255; do
  sed "s/STATUS/$n/" "$tmp/status.S" >"$tmp/status$n.S"; assemble "status$n"
  status "exit status $n" $n run --depth 0 --image "$tmp/status$n"
done
status "an image at depth 1" 255 run --image "$tmp/status255"
case $depths in *2*) status "and at depth 2" 255 run --depth 2 --image "$tmp/status255" ;; esac

printf '        .globl _start\n_start: j .\n' >"$tmp/loop.S"; assemble loop
status "the budget" 124 run --depth 0 --max-insns 1000 --image "$tmp/loop"; says "is named" "1000 instructions"
status "the budget has suffixes" 124 run --depth 0 --max-insns 1K --image "$tmp/loop"; says "of 1024" "1024 instructions"
printf '        .globl _start\n_start: sw zero, 0x18(zero)\n        syscall\n' >"$tmp/stop.S"; assemble stop
status "check-stop" 126 run --depth 0 --image "$tmp/stop"; says "is told" "check-stop: "

"$trapeze" run --depth 0 --image "$tmp/loop" </dev/null >"$tmp/out" 2>&1 & pid=$!
sleep 0.3; kill -TERM $pid; wait $pid
is "a signal ends it as one" 143 $?

# ---- the console ----
cat >"$tmp/yes.S" <<'EOT'
        .globl _start
_start: li      t0, 0xF0000000
        li      t1, 'y'
1:      sw      t1, 0(t0)
        j       1b
EOT
assemble yes
check "a closed pipe ends it quietly" sh -c "timeout 20 $trapeze run --depth 0 --image $tmp/yes 2>$tmp/err | head -c 3 | grep -q yyy && ! test -s $tmp/err"
status "output is flushed when the budget ends it" 124 run --depth 0 --max-insns 11 --image "$tmp/yes"
is "and is exact" yyyyy "$(cat "$tmp/out")"

for depth in $depths; do
  status "hello at depth $depth" 0 run --depth $depth hello
  is "and its console" "hello, world" "$(cat "$tmp/out")"
done
status "options after PROG are PROG's" 0 run -d0 echo --depth 9 -x
is "and reach it" "--depth 9 -x" "$(cat "$tmp/out")"
status "-- ends ours" 0 run -d0 -- echo -x
is "cat copies a pipe" "through a pipe" "$(echo through a pipe | timeout 60 "$trapeze" run cat)"
head -c $(case $BUILD in *tiny*) echo 300 ;; *) echo 3000 ;; esac) "$trapeze" | od -An -tx1 -v >"$tmp/text"
timeout 60 "$trapeze" run --input "$tmp/text" cat >"$tmp/copy" </dev/null
same "cat copies --input" "$tmp/text" "$tmp/copy"
timeout 60 "$trapeze" run cat <"$tmp/text" >"$tmp/copy"
same "cat copies a file on stdin" "$tmp/text" "$tmp/copy"
check "a program that does not read does not wait for a pipe" sh -c "sleep 5 | timeout 4 $trapeze run -d0 hello"
start=$(date +%s); status "idle time is skipped when no input may come" 0 run -d0 sleep 100
check "in no time" test $(($(date +%s) - start)) -lt 20
is "a shell script" "one
two" "$(printf 'echo one\necho two\n' | timeout 60 "$trapeze" run | tr -d '$ ')"

# ---- programs of the host ----
printf '#include <stdio.h>\nint main(int c, char **v) { printf("%%s %%s %%d\\n", v[0], v[1], c); return 200; }\n' >"$tmp/mine.c"
check "a program builds" "$BUILD/bin/pg32-cc" -o "$tmp/mine" "$tmp/mine.c"
for depth in 0 1; do
  status "it runs at depth $depth" 200 run -d $depth "$tmp/mine" x
  is "with its arguments" "mine x 2" "$(cat "$tmp/out")"
done
cp "$tmp/mine" "$tmp/hello"
status "it goes ahead of a bundled one of that name" 200 run -d0 "$tmp/hello" x
is "and keeps the name" "hello x 2" "$(cat "$tmp/out")"

# ---- disks ----
cat >"$tmp/write.S" <<'EOT'
        .globl _start
_start: li      t0, 0xF0001000
        li      t1, 1
        sw      t1, 0x08(t0)
        sw      zero, 0x04(t0)
        sw      t1, 0x00(t0)
        li      t1, COMMAND
        sw      t1, 0x0C(t0)
        lw      t1, 0x10(t0)
        li      t0, 0xF0003000
        sw      t1, 0(t0)
EOT
for n in 1 2; do sed "s/COMMAND/$n/" "$tmp/write.S" >"$tmp/disk$n.S"; assemble disk$n; done
head -c 1024 /dev/zero | tr '\0' d >"$tmp/disk"; cp "$tmp/disk" "$tmp/before"; inode=$(stat -c %i "$tmp/disk")
status "a disk is read" 0 run -d0 --disk "$tmp/disk" --image "$tmp/disk1"
is "and left alone" "$inode" "$(stat -c %i "$tmp/disk")"
chmod 640 "$tmp/disk"
status "a disk is written" 0 run -d0 --disk "$tmp/disk" --image "$tmp/disk2"
check "which changes the file" sh -c "! cmp -s $tmp/disk $tmp/before"
is "but not its size" 1024 "$(stat -c %s "$tmp/disk")"
is "nor its mode" 640 "$(stat -c %a "$tmp/disk")"
check "and leaves nothing beside it" sh -c "test \$(ls $tmp/disk.* 2>/dev/null | grep -vc S) -eq 0"

# ---- -o FILE: the old content remains until the new one is whole ----
mkdir "$tmp/o"
for words in "trace nosuch" "trace --tail 1 hello" "trace --beside nosuch -f html hello" "compare nosuch" \
  "compare --approaches --bug $tmp/nosuch" "trace --cause syscal hello"; do
  echo old >"$tmp/o/file"
  "$BUILD/bin/trapeze" ${words%% *} -o "$tmp/o/file" ${words#* } >/dev/null 2>&1 </dev/null
  check "$words fails" test $? -ne 0
  is "and leaves the file of -o" "old file" "$(cat "$tmp/o/file") $(ls "$tmp/o")"
done
echo old >"$tmp/o/file"; chmod 640 "$tmp/o/file"; ln -s file "$tmp/o/link"
status "a trace replaces the file that a link points to" 0 trace -o "$tmp/o/link" hello
check "with the new trace" grep -q "vm1/hello" "$tmp/o/file"
is "the link and the mode are as before" "file 640" "$(readlink "$tmp/o/link") $(stat -c %a "$tmp/o/file")"
is "a new file has the mode that files get" 644 "$(umask 022; "$BUILD/bin/trapeze" trace -o "$tmp/o/new" hello >"$tmp/out"; stat -c %a "$tmp/o/new")"
echo 'int main(void) { for (;;); }' >"$tmp/forever.c"; "$BUILD/bin/pg32-cc" -o "$tmp/forever" "$tmp/forever.c"
# under a terminal's Ctrl-C: the process group of `timeout` gets the signal
timeout -s INT 2 "$BUILD/bin/trapeze" trace -f json -o "$tmp/o/cut" "$tmp/forever" >/dev/null 2>&1 </dev/null
is "an interrupted trace is a whole one" "jq 0" "$(jq -c . "$tmp/o/cut" >/dev/null && echo "jq $?")"
echo old >"$tmp/o/file"
timeout -s TERM 0.3 "$BUILD/bin/trapeze" compare -o "$tmp/o/file" --depth 3 "spin 100000000" >/dev/null 2>&1 </dev/null
is "an interrupted comparison leaves the file" old "$(cat "$tmp/o/file")"
is "and nothing beside it" "cut file link new" "$(ls "$tmp/o" | tr '\n' ' ' | sed 's/ $//')"
check "a reader that has enough is no trouble" sh -c "\"$BUILD/bin/trapeze\" trace hello 2>$tmp/pipe | head -1 >/dev/null; ! grep -q Broken $tmp/pipe"

# ---- output that is lost is an error ----
printf 'info status\n' >"$tmp/script"
for words in --help --version "help run" "grade --help" "classify --states 1" "debug --batch -x $tmp/script hello" "verify --help"; do
  timeout 300 "$BUILD/bin/trapeze" $words >/dev/full 2>"$tmp/lost" </dev/null
  check "$words >/dev/full: exit status" test $? -ne 0
  check "$words >/dev/full: is said" grep -q "No space left on device" "$tmp/lost"
done
done_testing
