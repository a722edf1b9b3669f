# calls.t - names of system calls: those of the kernel that handles the call, the same wherever one is shown.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
kernel=$BUILD/guest/boot/kernel
"$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/mini" tests/bare/mini.S
printf '# the calls of mini\n\n1 put   # a character\n  0x2\ttwice\r\n3 exit\n' >"$tmp/names"

# trace FORMAT OPTIONS...: the trace in $tmp/trace
trace() {
  format=$1; shift
  "$trapeze" trace $format "$@" >"$tmp/trace" 2>"$tmp/err" </dev/null
}
says() { if grep -qE -e "$2" "$tmp/trace"; then pass "$1"; else fail "$1"; tail -n 20 "$tmp/trace" "$tmp/err" | diag; fi; }
silent() { is "$1" 0 "$(grep -cE -e "$2" "$tmp/trace")"; }

# ---- our kernel, at each level ----
trace "" --depth 2 lecture
says "text" '^ *[0-9]+ +[0-9]+ vm1\.1/lecture +SYSCALL a7=9 getpid +reflect/reflect S1$'
says "text, the kernel around it" '^ *[0-9]+ +[0-9]+ vm1/vmm +SYSCALL a7=22 vm_run '
is "lines of 80 columns" 0 "$(awk 'length > 80' "$tmp/trace" | wc -l)"
trace --lists lecture
says "lists" '^System call getpid \(a7 = 9\) by vm1/lecture at '
trace "--tree --cause syscall --tail 9" --depth 2 lecture
says "tree" '^System call getpid by vm1\.1/lecture at '
says "tree, its traps" 'vm1/vmm: SYSCALL a7=22 vm_run, '
trace "-f mermaid" lecture
says "mermaid" 'SYSCALL a7=9 getpid \(reflect\)$'
trace "-f perfetto" lecture
says "perfetto" '"name":"SYSCALL a7=9 getpid"'
trace "-f json" lecture
says "JSON" '"cause":"SYSCALL",.*"a7":9,"call":"getpid"'
silent "JSON: of system calls alone" '"cause":"[^S][^}]*"call"'
cat >"$tmp/bad.S" <<'END'
#include <isa/platform.h>
        .globl main
main:   li a7, 4000
        syscall
        li a0, 0
        ret
END
"$BUILD/bin/pg32-cc" -I. -o "$tmp/bad" "$tmp/bad.S"
trace "" "$tmp/bad"
says "a call that does not exist" ' vm1/bad +SYSCALL a7=4000 +reflect '

# ---- an image: numbers, or names from a file; the kernels around it keep theirs ----
for depth in 1 2; do
  vm=vm1; [ $depth = 2 ] && vm=vm1.1
  trace "" --depth $depth --image "$tmp/mini"
  says "an image's calls are numbers, depth $depth" "$vm user +SYSCALL a7=1 +reflect"
  silent "none has a name, depth $depth" "$vm user +SYSCALL a7=[0-9]+ [^ ]"
  says "the host's have names, depth $depth" 'host/vmm +SYSCALL a7=22 vm_run '
  trace "" --depth $depth --image "$tmp/mini" --syscalls "$tmp/names"
  says "names from a file, depth $depth" "$vm user +SYSCALL a7=1 put +reflect"
  says "a hexadecimal number, depth $depth" "$vm user +SYSCALL a7=2 twice +reflect"
  says "the host's are still ours, depth $depth" 'host/vmm +SYSCALL a7=22 vm_run '
done
trace --lists --image "$tmp/mini" --syscalls "$tmp/names"
says "lists with names from a file" '^System call twice \(a7 = 2\) by vm1 user'
trace "" --depth 0 --image "$tmp/mini" --syscalls "$tmp/names"
says "an image on the bare machine" 'host user +SYSCALL a7=1 put '

# ---- another kernel in the place of ours: whatever it is, its calls are its own ----
trace "" --kernel "$kernel" --depth 1 lecture
silent "--kernel: numbers at every level" 'SYSCALL a7=[0-9]+ [a-z_]+ +(host|reflect)'
says "--kernel: a number" 'vm1/lecture +SYSCALL a7=9 +reflect'
printf '9 who_am_i\n' >"$tmp/nine"
trace "" --kernel "$kernel" --syscalls "$tmp/nine" lecture
says "--kernel: names from a file" 'vm1/lecture +SYSCALL a7=9 who_am_i +reflect'
trace "" --kernel "$kernel" --image "$tmp/mini" --syscalls "$tmp/names"
says "--kernel and --image: the file names the image's" 'vm1 user +SYSCALL a7=1 put '
says "--kernel and --image: not the kernel's" 'host/vmm +SYSCALL a7=22 +host'

# ---- a VM that the guest begins by itself has the guest's kernel ----
trace "" --depth 1 vmm -m 3072K /boot/kernel hello
says "a VM in the VM" 'vm1\.1/hello +SYSCALL a7=13 write '
trace "" --depth 1 --initrd "$BUILD/share/trapeze/initrd.tar" vmm -m 3072K /boot/kernel hello
says "out of an initrd that is not ours" 'vm1\.1/hello +SYSCALL a7=13 +reflect'

# ---- the debugger: events, stops, why, panes, exports ----
debug() { printf "$1" | "$trapeze" debug --batch -x - $2 >"$tmp/trace" 2>"$tmp/err"; }
debug "break trap syscall in app if a7 == 9\nc\nwhy\ninfo traps\nevent\nwhy\nexport svg 1..400 $tmp/svg\nsearch getpid\n" lecture
says "a stop" 'before #[0-9]+, SYSCALL getpid by vm1/lecture, verdict reflect\.$'
says "why" '^vm1/lecture executes syscall at 0x[0-9a-f]*, a7 = 9 \(getpid\)\.'
says "the pane" 'syscall getpid '
says "a step" '^System call [1-4] of 4 \(getpid\): "'
debug "search getpid\n" "--reset lecture"
says "search" '^Before #[0-9]+: SYSCALL getpid by vm1/lecture, verdict reflect\.$'
check "a diagram" grep -q '>system call [a-z_]*<' "$tmp/svg"
for names in "" "--syscalls $tmp/names"; do
  put=${names:+put}
  debug "break trap syscall in 'vm1 user'\nc\nwhy\ninfo traps\nevent\nwhy\n" "--image $tmp/mini $names"
  says "an image's stop $put" "before #[0-9]+, SYSCALL ${put:+$put }by vm1 user"
  says "an image's why $put" "^vm1 user executes syscall at 0x[0-9a-f]*, a7 = 1${put:+ .$put.}\."
  says "an image's pane $put" "syscall ${put:-1} "
  says "an image's step $put" "^System call [1-4] of 4${put:+ .$put.}: \""
done

# ---- the grader's feedback: a program on our kernel; grade.t has one of an image ----
cp -R labs/template/solution/wrong/a-call-a-line "$tmp/submission"
"$trapeze" grade labs/template "$tmp/submission" >"$tmp/trace" 2>"$tmp/err" </dev/null
says "an event in feedback" '^ +> +[0-9]+ +[0-9]+ vm1/count +SYSCALL a7=13 write +reflect S1$'

# ---- a lab's test: its image's calls can be named, too ----
printf '0 first\n' >"$tmp/lab"
trace "" --lab labs/04-syscalls --submission labs/04-syscalls/solution/reference --test user --syscalls "$tmp/lab"
says "a lab's test" 'vm1 user +SYSCALL a7=0 first +reflect'

# ---- a saved session: the machine at its start tells which kernel it is ----
# session NAME PATTERN OPTIONS...: at a system call of the innermost guest, in a session that was saved there
session() {
  session_name=$1 session_pattern=$2; shift 2
  rm -f "$tmp/a.session"
  printf "break trap syscall in 'vm1*'\nbreak trap syscall in 'host user'\nbreak trap syscall in host/hello\nc\nrecord $tmp/a.session\n" |
    "$trapeze" debug --reset --batch -x - "$@" >/dev/null 2>&1
  debug "trap\nreverse-trap\n" "$names $tmp/a.session"
  says "a session, $session_name" "$session_pattern"
}
names=
session "our kernel" '^Before #[0-9]+: SYSCALL [a-z_]+ by host/hello' --depth 0 hello
session "our kernel in a VM" '^Before #[0-9]+: SYSCALL [a-z_]+ by vm1/hello' hello
session "an image" '^Before #[0-9]+: SYSCALL by host user' --depth 0 --image "$tmp/mini"
session "an image in a VM" '^Before #[0-9]+: SYSCALL by vm1 user' --image "$tmp/mini"
names="--syscalls $tmp/names"
session "an image, with names" '^Before #[0-9]+: SYSCALL put by vm1 user' --image "$tmp/mini"

# ---- a file that is wrong ----
wrong() {
  printf "$2" >"$tmp/wrong"
  "$trapeze" run --depth 0 --image "$tmp/mini" --syscalls "$tmp/wrong" >"$tmp/trace" 2>&1 </dev/null
  is "$1: status" 125 $?
  says "$1: is said" "^trapeze: $tmp/$3"
}
wrong "no number" 'nine read\n' 'wrong:1: `nine`: expected the number of a system call, as in `9 read`$'
wrong "no name" '# calls\n\n9\n' 'wrong:3: expected a name after the number'
wrong "no such name" '9 re(ad\n' 'wrong:1: expected a name after the number'
wrong "a name that is long" '9 aaaaaaaaaabbbbbbbbbbccccc\n' 'wrong:1: .* up to 24 letters'
wrong "two names" '9 read write\n' 'wrong:1: `write`: expected one name for each number'
wrong "the same number" '9 read\n9 write\n' 'wrong:2: system call 9 is read already$'
wrong "too large a number" '4294967296 read\n' 'wrong:1: `4294967296`'
wrong "no text" '9 read\n\0' 'wrong: not a text file'
"$trapeze" run --image "$tmp/mini" --syscalls "$tmp/none" >"$tmp/trace" 2>&1 </dev/null
is "no file: status" 125 $?
says "no file: is said" "none: No such file"
"$trapeze" trace --syscalls "$tmp/names" hello >"$tmp/trace" 2>&1 </dev/null
is "our kernel has its names: status" 125 $?
says "our kernel has its names: is said" '^trapeze: --syscalls names the calls of a kernel of your own; expected --image or --kernel, too$'
done_testing
