# console.t - a person at the console: input that comes late, several VMs, and the key that passes input on.
. tests/tap.sh
normal_tlb

mkfifo "$tmp/keys"
# start OPTION...: a machine that is typed at by `say`, its console in $tmp/out
start() {
  : >"$tmp/out"
  timeout 120 "$BUILD/bin/trapeze" run "$@" <"$tmp/keys" >"$tmp/out" 2>&1 & machine=$!
  exec 3>"$tmp/keys"
}
say() { printf "$1" >&3; }
# await PATTERN: at most half a minute for a line that matches
await() {
  for tenth in $(seq 300); do grep -q -e "$1" "$tmp/out" && return; sleep 0.1; done
  echo "nothing matches $1:"; cat "$tmp/out"; return 1
}
# stop: hangs up; the machine's exit status in $status
stop() { exec 3>&-; wait "$machine"; status=$?; }

# What arrives when the guest has long been waiting for it.
start --depth 1 cat
sleep 0.3; say 'one\n'; check "a line that comes late" await '^one'
sleep 0.3; say 'two\n'; check "and another" await '^two'
stop; is "and the end" 0 "$status"

# Two VMs and the shell they were started from.
start --depth 0 --ram 24M sh
say 'vmm --name a -m 3M &\nvmm --name b -m 3M &\n'
check "a VM with a name speaks behind it" await 'a| \$'
check "and another" await 'b| \$'
say 'top -n 1\n'; check "top shows the VMs, their memory and their clocks" await ' vmm: 1 VM, 3072 KiB, tick [1-9][0-9]*'
say 'echo first\n'; check "what is typed is the shell's at first" await '^first'
say '\035echo in a\n'; check "Ctrl-] passes it on to a VM" await '^a| in a'
say '\035echo in b\n'; check "to the next" await '^b| in b'
say '\035echo the shell\n'; check "and back to the shell" await '^the shell'
is "each time it is said who has it" 3 "$(grep -c '^\[console: ' "$tmp/out")"
say '\035\035\035echo round\n'; check "three times is once round" await '^round'
say '\035exit 7\n'; check "a VM that ends gives it back" await '^exit 7'
say 'echo after\n'; check "to whom is in the foreground" await '^after'
say 'exit 9\n'; stop; is "the shell's exit status" 9 "$status"

# Jobs: ^C and ^Z are for all processes of a command, and not for the shell.
for depth in 0 1; do
  start --depth $depth sh
  await '\$'; sleep 0.2
  say 'cat | wc -c\n'; sleep 0.3; say 'abc\n\004'
  check "depth $depth: the first command of a pipeline reads the console" await '^4'
  say 'sleep 100 | cat\n'; sleep 0.3; say '\003'; sleep 0.2; say 'echo interrupted\n'
  check "depth $depth: ^C ends a pipeline" await '^interrupted'
  say 'sleep 100\n'; sleep 0.3; say '\032'
  check "depth $depth: ^Z stops a program" await 'stopped: sleep'
  say 'jobs\n'; check "depth $depth: jobs knows" await '^\[[0-9]*\] stopped sleep'
  say 'fg\n'; await '^sleep'; sleep 0.3; say '\003'; sleep 0.2; say 'echo $?\n'
  check "depth $depth: and ends after fg by ^C" await '^130'
  say 'exit 6\n'; stop; is "depth $depth: the shell lives through all of that" 6 "$status"
done

# Nobody else: the key is the guest's, which may have VMs of its own.
start --depth 1 --ram 16M sh
say 'vmm --name inner -m 3M &\n'; check "a VM in a VM" await 'inner| \$'
say '\035echo deep\n'; check "is reached through the one around it" await '^inner| deep'
stop

done_testing
