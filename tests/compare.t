# compare.t - trapeze compare: the ways to virtualize, in one table. What a VMM costs changes with the compiler that it
# was built with; so the table's form is compared, and what must be true of the figures. Where Debian 12's compiler has
# built kernel and VMM, as it does in CI, the figures themselves are compared with golden ones, too. `make bless` accepts
# changed ones: with SCREENS=FOLDER they are written there.
. tests/tap.sh
normal_tlb
trapeze=$BUILD/bin/trapeze
tools/setup jq libxml2-utils >&2 || exit 1

# run NAME WORD...: the output of trapeze compare in $tmp/NAME
run() { run_name=$1; shift; timeout 120 "$trapeze" compare "$@" >"$tmp/$run_name" 2>"$tmp/err" </dev/null; status=$?; }
# golden NAME: are the figures of $tmp/NAME exactly those of tests/golden/NAME.txt?
compiler=$(${CLANG:-clang} --version | sed -n 's/.*clang version \([0-9]*\).*/\1/p')
golden() {
  if [ "$compiler" != 14 ]; then
    pass "$1: the figures are not compared # skip clang $compiler has built what they are of, and the golden ones are clang 14's"
  elif [ -n "${SCREENS:-}" ]; then
    mkdir -p "$SCREENS/tests/golden" && cp "$tmp/$1" "$SCREENS/tests/golden/$1.txt"; pass "written: $1"
  else
    same "$1: the figures are the golden ones" "tests/golden/$1.txt" "$tmp/$1"
  fi
}
# usage NAME TEXT WORD...: a usage error that says TEXT
usage() {
  usage_name=$1 text=$2; shift 2
  run out "$@"
  is "$usage_name: exit status" 125 "$status"
  check "$usage_name: is said" grep -q -e "$text" "$tmp/err"
}

# ---- command lines ----
usage "no such way" "'shadow' is no way; expected bare, trap, translate or para" --ways trap,shadow
usage "a way twice" "trap is there twice" --ways trap,trap
usage "no way" "'' is no way" --ways trap,
usage "containers are elsewhere" "'container' is no way.*--approaches has containers" --ways trap,container
usage "no depth" "expected a number from 1 to 8" --depth 0
usage "a price without a name" "expected Kt=N, Kx=N or both" --cycles 100
usage "a price that is none" "expected Kt=N, Kx=N or both" --cycles Kt=some
usage "a sweep to nowhere" "expected Kx=N with N from 1" --sweep Kx=0
usage "no such form" "expected text, json, csv or svg" -f xml
usage "a sweep as JSON" "expected with -f text or -f svg" --sweep Kx=9 -f json
usage "lists of a program" "expected alone" --lists hello
usage "approaches of a program" "expected alone" --approaches hello
usage "a bug, but no approaches" "expected with --approaches" --bug "$tmp"
usage "an empty program" "expected a program and its arguments" ' '
usage "no such program" "neither a PG32 ELF file nor a bundled program" nosuch
usage "a file that cannot be written" "/none/x" --lists --ways trap -o /none/x

# ---- the figures ----
run compare
golden compare
run text hello 'null-syscall 100'
is "exit status" 0 "$status"
run json -f json hello 'null-syscall 100'
run again -f json hello 'null-syscall 100'
same "two runs print the same bytes" "$tmp/json" "$tmp/again"
run csv -f csv hello 'null-syscall 100'
sed 's/  *[0-9][0-9.]*/ N/g' "$tmp/text" >"$tmp/form"
cat >"$tmp/expected" <<'END'
bare on pg32, trap on pg32, translate on pg32-leaky, para on pg32

depth 1
instructions for one                     bare       trap  translate       para
  read STATUS (mfst) N N N          -
  interrupts off, and on again N N N          -
  call and return N N N          -
  load of a device register N N N          -
  system call and return N N N          -
  TLB entry written, invalidated N N N          -
  the same, and a load between N N N          -
  TLB fault, refill, invalidated N N N          -
exits for one                            bare       trap  translate       para
  read STATUS (mfst) N N N          -
  interrupts off, and on again N N N          -
  call and return N N N          -
  load of a device register N N N          -
  system call and return N N N          -
  TLB entry written, invalidated N N N          -
  the same, and a load between N N N          -
  TLB fault, refill, invalidated N N N          -
programs: instructions, bare = N         bare       trap  translate       para
  hello N N N N
  null-syscall N N N N N
programs: exits                          bare       trap  translate       para
  hello N N N N
  null-syscall N N N N N

lines of the VMM N N N N
lines changed in the kernel N N N N
END
sed -i 's/^depth N/depth 1/' "$tmp/form"
same "the table" "$tmp/expected" "$tmp/form"
is "no line is wider than 80 columns" "" "$(awk 'length > 80' "$tmp/text")"

# of JQ...: a figure of the JSON
of() { jq -r "$1" "$tmp/json"; }
cost='def cost(what; way): .rows[] | select(.what | startswith(what)) | .costs[] | select(.way == way) | map_values(if type == "number" then . + 0 else . end);'
is "mfst on the bare machine is one instruction" 1 "$(of "$cost cost(\"read\"; \"bare\").instructions")"
is "trap: one exit" 1 "$(of "$cost cost(\"read\"; \"trap\").exits")"
is "translate: none, and two instructions at most" true \
  "$(of "$cost cost(\"read\"; \"translate\") | .exits == 0 and .instructions <= 2")"
is "a call and return costs two instructions in a VM that traps" 2 "$(of "$cost cost(\"call\"; \"trap\").instructions")"
is "interrupts off and on: three exits" 3 "$(of "$cost cost(\"interrupts\"; \"trap\").exits")"
is "a system call: two exits in both ways" "2 2" "$(of "$cost [cost(\"system\"; \"trap\", \"translate\").exits | round] | join(\" \")")"
is "para: the port has no nanobenchmarks" 2 "$(of '[.rows[].costs[] | select(.way == "para")] | length')"
is "a system call of a guest that knows costs less than half" true \
  "$(of "$cost def calls(way): cost(\"null\"; way).instructions - cost(\"hello\"; way).instructions; calls(\"trap\") > 2 * calls(\"para\")")"
is "bare runs have no exits" 0 "$(of '[.rows[].costs[] | select(.way == "bare").exits] | add')"
is "bare runs have an overhead of one" 1 "$(of '[.rows[].costs[] | select(.way == "bare").overhead] | add / length')"
is "100 system calls: at least 200 exits" true "$(of "$cost cost(\"null\"; \"trap\").exits >= 200")"
is "lines of the VMM" "$(cat vmm/*.[chS] vmm/trap/*.[chS] 2>/dev/null | wc -l)" "$(of .vmm_lines.trap)"
is "lines changed in the kernel, as make port counts them" "0 0 0 $(tools/port | sed -n 's/ lines of a kernel.*//p')" "$(of '[.kernel_lines[]] | join(" ")')"
is "without --cycles, cycles are instructions" true "$(of 'all(.rows[].costs[]; .cycles == .instructions)')"
same "the bare machine is there, named or not" "$("$trapeze" compare --ways trap hello >"$tmp/a"; echo "$tmp/a")" "$("$trapeze" compare --ways bare,trap hello >"$tmp/b"; echo "$tmp/b")"
is "CSV has the same instructions" "$(of '.rows[].costs[].instructions | round')" \
  "$(tail -n +2 "$tmp/csv" | sed 's/^"[^"]*",//' | awk -F, '{printf "%.0f\n", $5}')"

# ---- cycles ----
run json -f json --cycles Kt=10,Kx=1000 --ways trap hello
is "cycles are instructions, and 10 a trap, and 1000 an exit" true \
  "$(of 'all(.rows[].costs[]; (.cycles - .instructions - 10 * .traps - 1000 * .exits) | fabs < 0.01)')"
is "one way alone" "bare trap" "$(of '[.rows[0].costs[].way] | join(" ")')"

# ---- from where on one way costs less ----
run sweep --sweep Kx=100000 'null-syscall 10'
check "mfst: translate, whatever an exit costs" grep -q '^  read STATUS (mfst)  *translate costs less, always$' "$tmp/sweep"
check "a call: trap, whatever an exit costs" grep -q '^  call and return  *trap costs less, always$' "$tmp/sweep"
run svg -f svg 'sh -c echo<&"a>/tmp/x'
check "a drawing is XML, with a program's name as text" xmllint --noout "$tmp/svg"
check "the name is written so" grep -q 'echo&lt;&amp;' "$tmp/svg"
run svg -f svg --sweep Kx=10 hello
check "so is that of a sweep" xmllint --noout "$tmp/svg"

# ---- a program that does something else in a VM ----
run out 'faulty mtst'
is "a program that does not do the same in each way: exit status" 1 "$status"
check "it is said" grep -q 'faulty mtst, translate at depth 1: its exit status is 99 .* on the bare machine' "$tmp/err"

# ---- the three approaches ----
run approaches --approaches
is "exit status" 0 "$status"
golden approaches
# cells WORD: a row's figures: process, container, para, trap, translate
cells() { sed -n "s/^$1  *\([0-9a-z]\)/\1/p" "$tmp/approaches" | tr -s ' '; }
is "no exit for a system call of a container" "0 0 2 2 2" "$(cells 'exits for a system call')"
is "its system call costs what a process's does; a VM's costs more, by way" true \
  "$(cells 'instructions for a system call' | awk '{print ($1 == $2 && $2 < $3 && $3 < $4 && $4 < $5) ? "true" : $0}')"
is "a container takes few frames, a VM its memory, and in a translation more" true \
  "$(cells 'frames of 4 KiB' | awk '{print ($1 < $2 && 4 * $2 < $3 && $3 >= 576 && $4 >= 576 && $4 < $5) ? "true" : $0}')"
is "so more of them fit: they are started until one is refused" true "$(cells 'so many fit into 16 MiB' | awk '{print ($1 > $2 && $2 > 5 * $3 && $3 > 0) ? "true" : $0}')"
is "computing costs the same in a container" "1 1.00" "$(cells 'computing, a process = 1' | cut -d' ' -f1-2)"
is "a bug of its kernel takes down the machine, or the VM" "machine machine itself itself itself" "$(cells "its kernel's bug takes down")"
is "no line is wider than 80 columns" "" "$(awk 'length > 80' "$tmp/approaches")"
is "their frames let expect as many, or one less" "true true true true true" "$(awk '
  /^frames/ {for (i = 5; i > 0; i--) frames[i] = $(NF - 5 + i)}
  /^so many/ {all = frames[1] * ($(NF - 4) + 0.99)
    for (i = 1; i <= 5; i++) {left = all / frames[i] - $(NF - 5 + i); printf "%s%s", (i > 1 ? " " : ""), (left >= 0 && left < 2 ? "true" : left)}}' \
  "$tmp/approaches")"
run out --approaches --bug "$BUILD/guest/boot"
is "kernels without a bug: exit status" 1 "$status"
check "are no measure" grep -q 'process: `faulty null` meets no bug' "$tmp/err"

# ---- the lecture's lists ----
run lists --lists
golden lists
is "no line ends with a blank" 0 "$(grep -c ' $' "$tmp/lists")"
sed 's/+[0-9][0-9]*/+N/g; s/  *+N/ +N/g' "$tmp/lists" >"$tmp/form"
cat >"$tmp/expected" <<'END'
The lecture's lists at depth 1, as they happened in `lecture`, with the
instructions since the step before

A system call                                       trap   translate        para
 1. syscall: host OS vectors trap to VMM. +N +N +N
 2. VMM inspects trap, identifies it as a +N +N +N
    system call, and passes control and
    arguments to the guest OS trap handling
    code.
 3. rfe: when the guest OS is done, it will +N +N +N
    also trap back to the VMM by executing a
    privileged instruction.
 4. VMM will pass arguments back to the +N +N +N
    process that originated the system call.
    and the guest goes on +N +N +N
END
sed '/^    exits to the VMM/,$d' "$tmp/form" >"$tmp/first"
same "a system call's steps" "$tmp/expected" "$tmp/first"
sed '1,/^A TLB fault/d' "$tmp/form" >"$tmp/fault"
is "a TLB fault's steps: all seven when the VMM traps or translates" 7 "$(grep -c '^ [1-7]\. .* +N +N  *[+g][No]' "$tmp/fault")"
is "a guest that knows: no visit to the VMM; an entry in the queue is no trap" "2 5 6 7" \
  "$(sed -n 's/^ \([1-7]\)\. .*gone$/\1/p' "$tmp/fault" | tr '\n' ' ' | sed 's/ $//')"
done_testing
