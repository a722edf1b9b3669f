# asm.t - each file of tests/asm, a bare image of its own, does what its head says, at each depth its head names.
# `asm.t timer.S wait.S` runs those two. The words of a head are explained in tests/asm/check.inc.
. tests/tap.sh
[ $# -gt 0 ] && cases=$* || cases=$(cd tests/asm && ls ./*.S)

head_of() { sed -n "s/^ \* $1: \(.*\)/\1/p" "$source" | sed 's/ *\*\/$//'; }

# disk N: sectors of 512 times a, 512 times b ...
disk() { awk -v n="$1" 'BEGIN { for (s = 0; s < n; s++) for (i = 0; i < 512; i++) printf "%c", 97 + s % 26 }'; }

# runs the image at depth $1 and says what is not as expected
run_at() {
  set -- "$1" $(head_of options)
  sectors=$(head_of disk)
  if [ -n "$sectors" ]; then disk "$sectors" >"$tmp/disk"; set -- "$@" --disk "$tmp/disk"; fi
  depth=$1; shift
  "$BUILD/bin/trapeze" run --depth "$depth" --max-insns 1000000000 --input "$tmp/input" --image "$tmp/image" "$@" \
    $(head_of args) >"$tmp/out" 2>"$tmp/err"
  echo "status $?" >"$tmp/status"
  grep -v '^vmm: ' "$tmp/out" >"$tmp/console" # a VMM that stops its guest says why
  head_of expect | diff - "$tmp/status" && head_of console | diff - "$tmp/console" && return 0
  cat "$tmp/err"
  return 1
}

for case in $cases; do
  name=${case##*/}; name=${name%.S}
  source=tests/asm/$name.S
  printf "$(head_of input)" >"$tmp/input"
  if ! "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "$source" >"$tmp/cc.out" 2>&1; then
    fail "$name: builds"; diag <"$tmp/cc.out"; continue
  fi
  depths=$(head_of depths)
  for depth in ${depths:-0}; do check "$name, depth $depth" run_at "$depth"; done
done
done_testing
