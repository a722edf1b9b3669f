# session.t - an hour of a person at the shell in a VM, typed without the pauses, with LONG=1 (`make test-long`): see
# tests/shell/session.py. PACE=10 makes an hour of it: seconds of thought before each line.
. tests/tap.sh
normal_tlb
[ -n "${LONG:-}" ] || { echo "1..0 # skip: with LONG=1"; exit 0; }
command -v tmux >/dev/null 2>&1 || { echo "1..0 # skip: no tmux"; exit 0; }
HOME=$tmp LC_ALL=C.UTF-8 python3 tests/shell/session.py "$PWD/$BUILD/bin/trapeze" tests/shell/session "${ROUNDS:-2}" "${PACE:-0}"
