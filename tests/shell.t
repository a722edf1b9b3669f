# shell.t - the language of sh, and the commands: each line of tests/shell/cases and tests/shell/commands is a script (¶
# stands for a newline), which the host's dash runs, too, with the host's commands. What both print, and their exit
# statuses, must agree.
. tests/tap.sh
trapeze=$PWD/$BUILD/bin/trapeze
command -v dash >/dev/null || { echo "1..0 # skip: no dash here to compare with"; exit 0; }

# The script of all cases. Each runs in a shell of its own, in an empty folder.
awk -v quote="'" '{
  gsub(quote, quote "\\" quote quote)
  gsub("¶", "\n")
  printf "echo \"== %d\"; mkdir c; cd c; echo sourced=yes >lib; echo l1 >lines; echo \"l2 x\" >>lines\n", NR
  printf "sh -c %s%s%s 2>/dev/null; echo \"status $?\"; cd ..; rm -rf c\n", quote, $0, quote
}' tests/shell/cases tests/shell/commands >"$tmp/script"
mkdir "$tmp/bin" "$tmp/work" && ln -s "$(command -v dash)" "$tmp/bin/sh"
(cd "$tmp/work" && PATH=$tmp/bin:$PATH HOME=/tmp LC_ALL=C dash "$tmp/script" >"$tmp/want" 2>/dev/null </dev/null)
timeout 200 "$trapeze" run -d0 --ram 32M --files "$tmp/script" sh -c "cd /tmp; sh /host/script" >"$tmp/got" 2>&1 </dev/null
# part FILE NUMBER
part() { awk -v n="== $2" '/^== [0-9]+$/ { on = $0 == n } on' "$1"; }
cat tests/shell/cases tests/shell/commands >"$tmp/all"
n=0
while IFS= read -r line; do
  n=$((n + 1))
  part "$tmp/want" $n >"$tmp/a"; part "$tmp/got" $n >"$tmp/b"
  same "$line" "$tmp/a" "$tmp/b"
done <"$tmp/all"
check "at least 150 cases" [ "$n" -ge 150 ]
done_testing
