# asm.t - each file of tests/asm, a bare image of its own, does what its head says, on each engine, and at each depth its
# head names on the default one.
# `asm.t timer.S wait.S` runs those two. The words of a head are explained in tests/asm/check.inc.
. tests/tap.sh
[ $# -gt 0 ] && cases=$* || cases=$(cd tests/asm && ls ./*.S)

head_of() { sed -n "s/^ \* $1: \(.*\)/\1/p" "$source" | sed 's/ *\*\/$//'; }

# disk N: sectors of 512 times a, 512 times b ...
disk() { awk -v n="$1" 'BEGIN { for (s = 0; s < n; s++) for (i = 0; i < 512; i++) printf "%c", 97 + s % 26 }'; }

# runs the image at depth $1 on engine $2 and says what is not as expected
run_at() {
  set -- "$@" $(head_of options)
  sectors=$(head_of disk)
  if [ -n "$sectors" ]; then disk "$sectors" >"$tmp/disk"; set -- "$@" --disk "$tmp/disk"; fi
  depth=$1 engine=$2; shift 2
  "$BUILD/bin/trapeze" run --depth "$depth" --engine "$engine" --max-insns 1000000000 --input "$tmp/input" --image "$tmp/image" "$@" \
    $(head_of args) >"$tmp/out" 2>"$tmp/err"
  echo "status $?" >"$tmp/status"
  grep -v '^vmm: ' "$tmp/out" >"$tmp/console" # a VMM that stops its guest says why
  right=true
  head_of expect | diff - "$tmp/status" || right=false
  head_of console | diff - "$tmp/console" || right=false
  $right || cat "$tmp/err"
  $right
}

engines=$(engines)
for case in $cases; do
  name=${case##*/}; name=${name%.S}
  source=tests/asm/$name.S
  printf "$(head_of input)" >"$tmp/input"
  if ! "$BUILD/bin/pg32-cc" -T bare -I. -o "$tmp/image" "$source" >"$tmp/cc.out" 2>&1; then
    fail "$name: builds"; diag <"$tmp/cc.out"; continue
  fi
  depths=$(head_of depths)
  for depth in ${depths:-0}; do
    if [ "$depth" = 0 ]; then
      for engine in $engines; do check "$name, $engine" run_at 0 "$engine"; done
    else
      check "$name, depth $depth" run_at "$depth" auto
    fi
  done
done
done_testing
