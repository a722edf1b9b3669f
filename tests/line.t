# line.t - the shell at a terminal, as a person uses it, in tmux at 80x24: the greeting, the prompt, keys that edit a line,
# history, completion, levels in levels; and that none of it is there when the input is a pipe.
. tests/tap.sh
normal_tlb
trapeze=$PWD/$BUILD/bin/trapeze
printf 'echo piped\n' | "$trapeze" run >"$tmp/out" 2>&1
is "a pipe gets the plain prompt, no greeting, no escape sequences" '$ piped|$ ' "$(tr '\n' '|' <"$tmp/out" | sed 's/|$//')"
command -v tmux >/dev/null 2>&1 || { printf '# no tmux: a terminal is not tested\n'; done_testing; exit 0; }

servers=0 socket=trapeze-line-$$-0
mux() { tmux -L "$socket" -f /dev/null "$@"; }
trap 'mux kill-server 2>/dev/null; rm -rf "$tmp"' EXIT
HOME=$tmp; export HOME
open() { # COMMAND
  mux kill-server 2>/dev/null
  servers=$((servers + 1)) socket=trapeze-line-$$-$servers
  LC_ALL=C.UTF-8 mux -u new-session -d -s t -x 80 -y 24 "$1; echo left with \$?; exec sleep 1000"
}
keys() { mux send-keys -t t "$@"; }
shot() { mux capture-pane -p -t t; }
# sees NAME PATTERN: within ten seconds a line of the screen matches
sees() {
  tries=0
  until shot | grep -q -e "$2" || [ $tries -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
  check "$1" sh -c "tmux -L $socket capture-pane -p -t t | grep -q -e '$2'" || shot | diag
}
clear() { keys C-l; sleep 0.1; }

open "$trapeze run --depth 1"
sees "the greeting names the depth" '^Trapeze, depth 1: this shell runs in a VM'
sees "the way out" '^Ctrl-A x leaves'
sees "and something to try" 'vmm '
sees "the prompt names the depth" '^depth 1 \$'
keys "echo hallo" Left Left Left X Home Right Right Right Right " [" End "]" Enter
sees "arrows, Home and End" '^\[ haXllo\]$'
keys "two words" C-w three C-a C-a "echo " C-e " four" Enter
sees "^W, ^A and ^E" '^two three four$'
keys "all of this goes" C-u "echo kept gone" Left Left Left Left Left C-k Enter
sees "^U and ^K" '^kept$'
keys "echo a b" C-w C-y C-y Enter
sees "^Y puts in what ^W has taken out" '^a bb$'
keys "echo xäöü€y" Left BSpace Left DC Left BSpace Enter
sees "characters of several bytes are one" '^xöy$'
keys Up Up Up Down Up C-e " again" Enter
sees "history" '^kept again$'
keys "unfinished" Up Down " line" C-a C-a "echo " Enter
sees "Down comes back to what was being typed" '^unfinished line$'
keys "pri" Tab ; sees "Tab lists commands" '^primes *printf'
keys "m" Tab "100" Enter; sees "and completes one" '^25 primes up to 100'
clear
keys "cat /e" Tab "mo" Tab Enter; sees "and files, folders with a slash" '^Welcome to Trapeze'
keys "touch '/tmp/one file'" Enter; keys "ls /tmp/on" Tab; sees "a blank in a name gets a backslash" 'ls /tmp/one\\ file$'
keys Enter; sees "which the shell takes away again" '^/tmp/one file$'
clear
keys "echo 1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
for i in $(seq 40); do keys Left; done
keys "|"
sees "a line of two rows: a character in the first" '^depth 1 \$ echo 123456789012345678901234567890123456789012345678901234567890|1234$'
sees "moves those of the second" '^567890123456789012345678901234567890$'
keys C-c; sleep 0.2; keys "echo stop" "ped" Enter; sees "^C gives a line up" '^stopped$'
keys "spin 100000" Enter; sleep 0.3; keys C-c; sleep 0.2; keys 'echo $?' Enter; sees "^C ends a program" '^130$'
keys "while true; do :; done" Enter; sleep 0.3; keys C-c; sleep 0.2; keys 'echo $? left' Enter
sees "^C ends a loop of the shell itself" '^130 left$'
keys "for i in 1 2 3; do echo round \$i; sleep 9; done; echo never" Enter; sleep 0.3; keys C-c; sleep 0.2; keys 'echo $? too' Enter
sees "and one whose program it ends" '^130 too$'
is "after the first round" "round 1" "$(shot | grep -E '^(round|never)')"
keys "sleep 100 &" Enter "wait" Enter; sleep 0.3; keys C-c; sleep 0.2; keys "kill %1" Enter "echo" Enter
sees "^C ends wait; the job, which goes on, is %1" '^sleep 100: killed by signal 15$'
keys "sleep 200" Enter; sleep 0.3; keys C-z; sleep 0.2; keys "kill %sleep" Enter; sleep 0.2; keys "jobs" Enter
sees "a job that is stopped ends, too" '^sleep: killed by signal 15$'
keys "cat" Enter; sleep 0.2; keys "typed" Enter C-d; sleep 0.2; keys "echo after" Enter; sees "a program reads lines, up to ^D" '^after$'
clear
keys "vmm" Enter; sees "a VM in the VM: its prompt" '^depth 2 \$'
keys "exit" Enter; sleep 0.3; keys 'echo back' Enter; sees "and back" '^back$'
keys "if true" Enter "then echo several" Enter "fi" Enter; sees "a command of several lines" '^several$'
keys C-d; sees "^D leaves" '^left with 0'
open "stty raw; sleep 1; $trapeze run"
sleep 0.3; keys C-c; sees "^C typed before the shell is there does not end it" '^depth 1 \$'
keys C-a x; sees "Ctrl-A x leaves" 'left with 0'
done_testing
