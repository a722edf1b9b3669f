# container.t - containers: the kernel's part from inside (containertests), and the program `container`.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze

# run DEPTH WORD...: status in $status, output in $tmp/out
run() {
  depth=$1; shift
  timeout 120 "$trapeze" run --depth "$depth" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?
}
# shell DEPTH LINE: what the line of the guest's shell prints
shell() { run "$1" sh -c "$2"; cat "$tmp/out"; }

# ---- from inside ----
for depth in 0 1 2; do
  run "$depth" containertests
  is "containertests at depth $depth" "0 ALL TESTS PASSED" "$status $(tail -n 1 "$tmp/out")"
  grep FAILED "$tmp/out" | diag
done
for way in "--way para" "--cpu pg32-leaky --way translate"; do
  # shellcheck disable=SC2086
  run 1 $way containertests pids dots memory_to_a_frame cpu_to_an_instruction neighbours
  is "containertests, $way" "0 ALL TESTS PASSED" "$status $(tail -n 1 "$tmp/out")"
done

# A system call for which containertests has no line does not compile.
sed 's/^  S(50, __hostname, 3)/  S(50, __hostname, 3) \\\n  S(51, brand_new, 1)/' isa/platform.h >"$tmp/platform.h"
mkdir -p "$tmp/include/isa" && cp isa/*.h isa/pg32.def "$tmp/include/isa" && cp userprogs/include/pg32.h "$tmp/include" && cp "$tmp/platform.h" "$tmp/include/isa"
"$BUILD/bin/pg32-cc" -I"$tmp/include" -c -o "$tmp/tests.o" userprogs/containertests.c 2>"$tmp/err"
is "a system call without a line in containertests is noticed" 1 "$(grep -c 'error:.*inside_brand_new' "$tmp/err")"

# ---- the program ----
is "a view: pids, root, host" "1 box
bin/
boot/
dev/
etc/
tmp/
  PID  PARENT  STATE     PAGES  NAME
/" "$(shell 0 'container run --name box base sh -c "echo \$\$ \$(hostname); ls /..; ps | head -n 1; cd ../..; pwd"')"
is "what is written inside stays inside" "changed
Welcome to Trapeze." "$(shell 0 'container run base sh -c "echo changed >/etc/motd; cat /etc/motd"; head -n 1 /etc/motd' | cut -c 1-19)"
is "the program's status is the command's" "3 137 127" "$(shell 0 'container run base sh -c "exit 3"; echo $?
  container run base sh -c "kill -9 \$\$"; echo $?; container run base nothing 2>/dev/null; echo $?' | xargs)"
is "ps on both sides, exec, kill, log" "one
one 1 sleep
2
hello
0" "$(shell 0 'container run --detach --name one base sh -c "echo hello; exec sleep 100"; sleep 0.1
  container ps | tail -n 1 >/tmp/ps; read name pid inside procs frames cpu ticks program </tmp/ps; echo $name $inside $program
  container exec one sh -c "echo \$\$"; container kill one; sleep 0.1; container log one; container ps | tail -n +2 | wc -l')"
is "a mistake is told" "1 container: there is no image none; \`container images\` lists them" \
  "$(run 0 container run none; echo "$status $(cat "$tmp/out")")"
is "so is a wrong limit" "1 container: --cpu 200: expected a number from 1 to 100" \
  "$(run 0 container run --cpu 200 base; echo "$status $(cat "$tmp/out")")"
is "and an unknown command" "2 container: start is no command of container; \`container --help\` lists them" \
  "$(run 0 container start; echo "$status $(cat "$tmp/out")")"
is "limits of the command line" "4 5" "$(shell 0 'container run --detach --name a --memory 10M --cpu 5% --processes 5 base sleep 9
  sleep 0.1; container exec a sh -c "n=0; while sleep 5 & do n=\$((n + 1)); done; echo never"
  container ps | tail -n +2 >/tmp/ps; wc -l </tmp/ps; read a b c d e cpu f </tmp/ps; echo $cpu' 2>/dev/null | tail -n 2 | xargs)"
