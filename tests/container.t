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
is "lanes are named by container" "vm1/web:container vm1/web:hello" \
  "$("$trapeze" trace --depth 1 container run --name web base hello 2>/dev/null </dev/null | grep -o 'vm1/web:[a-z]*' | sort -u | xargs)"
printf 'container run --detach --memory 200f --cpu 30 --hostname www --name web base sleep 500\ncontainer help | head -n 1\nexit\n' >"$tmp/typed"
printf 'goto end\ninfo processes\n' | "$trapeze" debug --line --depth 0 --input "$tmp/typed" >"$tmp/out" 2>&1
check "the debugger shows what a container's process sees, and may use" \
  grep -Eq '^ +[0-9]+  sleep +web +1  www +1 +[0-9]+ of 200 +[0-9]+ of 120000$' "$tmp/out"
check "and that others are in none" grep -Eq '^ +1  sh +-$' "$tmp/out"
is "what a command takes" "usage: container rm NAME..." "$(shell 0 'container rm --help | head -n 1')"
check "of run, the options" sh -c "'$trapeze' run -d0 container run --help </dev/null | grep -q -- --hostname"
is "what there is not cannot be removed" "1" \
  "$(shell 0 'container rm none' 2>&1 | grep -c 'none is neither a container that was kept nor an image')"
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
is "so is a wrong limit" "2 container: --cpu 200: expected a number from 1 to 100" \
  "$(run 0 container run --cpu 200 base; echo "$status $(cat "$tmp/out")")"
is "and an unknown command" "2 container: start is no command of container; \`container --help\` lists them" \
  "$(run 0 container start; echo "$status $(cat "$tmp/out")")"
cat >"$tmp/script" <<'END'
wrong() { container $* >/tmp/out 2>/tmp/err; echo $? $* >>/tmp/statuses; grep -q '^container: ' /tmp/err || echo nothing said of $*; }
for words in run ps\ x exec exec\ a kill log log\ a\ b log\ a/b rm rm\ ../b images\ x build build\ a build\ a\ b\ c \
  build\ a/b\ c run\ --cpu run\ --cpu\ x\ base run\ --memory\ 9\ base run\ --name\ a/b\ base run\ --fly\ base nothing
do wrong $words; done
grep -v '^2 ' /tmp/statuses
wc -l </tmp/statuses
END
run 0 --files "$tmp/script" sh /host/script
is "wrong words end with 2, for each command, as in every other program" 21 "$(cat "$tmp/out")"
printf 'from base\nremove /bin/primes\n' >"$tmp/one"
is "an image and a container may have one name; rm takes the container first" "2 0 0 0 1" "$(
  run 0 --files "$tmp/one" sh -c 'container build web /host/one >/tmp/said; container run --keep --name web web true
  n() { ls /containers/images /containers/run | grep -c web; }; n; container rm web; echo $?; container rm web; echo $?; n; container rm web 2>/tmp/err; echo $?'
  xargs <"$tmp/out")"
is "limits of the command line" "4 5" "$(shell 0 'container run --detach --name a --memory 10M --cpu 5% --processes 5 base sleep 9
  sleep 0.1; container exec a sh -c "n=0; while sleep 5 & do n=\$((n + 1)); done; echo never"
  container ps | tail -n +2 >/tmp/ps; wc -l </tmp/ps; read a b c d e cpu f </tmp/ps; echo $cpu' 2>/dev/null | tail -n 2 | xargs)"

# ---- images ----
mkdir -p "$tmp/dir/sub" && echo page >"$tmp/page.html" && echo 1 >"$tmp/dir/one" && echo old >"$tmp/dir/sub/old"
cat >"$tmp/steps" <<'END'
# whiteouts, a folder in place of a folder, new and changed files
from base
copy /host/page.html /etc/page.html
copy /host/dir /srv
run echo ready >/etc/motd; rm /bin/primes; mkdir -p /var/new; echo 3 >/var/new/file; printf x >>/etc/lines; rm -r /srv/sub
run mkdir /srv/sub; echo 2 >/srv/sub/new; rm /srv/one; mkdir /srv/one; echo 4 >/srv/one/file
remove /etc/page.html
command cat /etc/motd /srv/sub/new
END
cat >"$tmp/script" <<'END'
container build web /host/steps
echo again
container build web2 /host/steps
container images --verify | grep -c verified
container run web
container run --keep --name kept web true
mkdir /host/out
cd /containers/run/kept
rm -r root/dev root/boot/initrd
cp -r root /containers/layers /containers/images/web /host/out
container rm kept
END
with_files="--files $tmp/steps --files $tmp/page.html --files $tmp/dir"
# shellcheck disable=SC2086
run 0 --ram 64M $with_files --files "$tmp/script" --out "$tmp/back" sh /host/script
is "a build, its cache, its digests, and its command" "5 0 5
13
ready
2" "$(sed '/^again/,$d' "$tmp/out" | grep -c '^  sha256:') $(sed '/^again/,$d' "$tmp/out" | grep -c cached) \
$(sed '1,/^again/d' "$tmp/out" | grep -c '^  cached: sha256:')
$(sed '1,/^again/d' "$tmp/out" | grep -v sha256 | tail -n 3)"

# The layers, laid over each other by the host's tar, are the tree that the container has, bit for bit.
mkdir "$tmp/tree" && tar -xf "$BUILD/share/trapeze/initrd.tar" -C "$tmp/tree"
sed -n 's|^layer /containers/layers/||p' "$tmp/back/out/web" >"$tmp/layers"
is "each step has a layer" 5 "$(wc -l <"$tmp/layers")"
while read -r layer digest; do
  archive=$tmp/back/out/layers/$layer
  is "sha256sum says the same of $layer" "$digest" "$(sha256sum "$archive" | cut -d ' ' -f 1)"
  tar -tf "$archive" | sed -n 's|\(.*\)\.wh\.\(.*\)|\1\2|p' | (cd "$tmp/tree" && xargs rm -rf)
  tar -xf "$archive" -C "$tmp/tree" --exclude '.wh.*' --recursive-unlink --overwrite
done <"$tmp/layers"
(cd "$tmp/back/out/root" && rm -rf tmp host)
rmdir "$tmp/tree/tmp" 2>/dev/null
root=$tmp/back/out/root
check "an image equals its layers bit for bit" diff -r "$tmp/tree" "$root"
check "and a step has removed what it should" test ! -e "$root/bin/primes" -a -d "$root/srv/one"

# Removal leaves nothing; ten containers of one image share its bytes.
cat >"$tmp/script" <<'END'
round() { container build web /host/steps >/tmp/said; container run web true; container rm web; }
round; free >/tmp/before; free >/tmp/after; free >/tmp/before; round; round; free >/tmp/after; cmp() { diff /tmp/before /tmp/after && echo the same; }; cmp
ls /containers/layers /containers/run
for n in 1 2 3 4 5 6 7 8; do container run --detach --memory 60f base sleep 90 >/tmp/said; done
sleep 0.5
container ps | tail -n +2 >/tmp/ps; wc -l </tmp/ps
END
# shellcheck disable=SC2086
run 0 --ram 12M $with_files --files "$tmp/script" sh /host/script
is "frames before and after; eight containers of one image in 12 MiB" "the same
/containers/layers:

/containers/run:
8" "$(cat "$tmp/out")"

# mistakes in layers and steps
cat >"$tmp/script" <<'END'
container build web /host/steps >/tmp/said
for f in /containers/layers/*; do echo changed >>$f; break; done
container images --verify >/tmp/images || echo "$?" $(grep -c DIFFERS /tmp/images)
for line in "run true" "from none" "copy x"; do echo "$line" >/tmp/bad; container build bad /tmp/bad; done
printf 'from base\nrun false\n' >/tmp/bad; container build bad /tmp/bad
printf 'from base\nremove /none\n' >/tmp/bad; container build bad /tmp/bad
printf 'from base\nfly away\n' >/tmp/bad; container build bad /tmp/bad
ls /containers/images /containers/run
END
# shellcheck disable=SC2086
run 0 $with_files --files "$tmp/script" sh /host/script
is "mistakes are told, and leave nothing" "1 1
container: /tmp/bad:1: the first step must be \`from IMAGE\`
container: there is no image none; \`container images\` lists them
container: /tmp/bad:1: the first step must be \`from IMAGE\`
container: /tmp/bad:2: the command ended with status 1
container: /tmp/bad:2: the image has no such path
container: /tmp/bad:2: expected from, copy, run, remove or command
/containers/images:
web

/containers/run:" "$(cat "$tmp/out")"
(cd "$tmp" && mkdir -p x/y && echo evil >x/evil && tar --format=ustar -P -cf evil.tar -C x/y ../evil) 2>/dev/null
is "a layer cannot lead out" "container: /host/evil.tar: the name ../evil leads out of the layer" "$(
  run 0 --files "$tmp/evil.tar" sh -c 'container images >/tmp/said; echo "layer /host/evil.tar 0" >/containers/images/evil; container run evil'
  cat "$tmp/out")"
done_testing
