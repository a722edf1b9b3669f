# house.t - the rules of the house: who may include whom, libraries without state of their own, one table.
. tests/tap.sh

# includes FOLDER: the files that the sources of a folder include with quotes, as paths from the top
includes() {
  find "$1" -name '*.[chS]' | while read -r file; do
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file" | while read -r path; do
      if [ -e "${file%/*}/$path" ]; then echo "$file ${file%/*}/$path"; else echo "$file $path"; fi
    done
  done
}
# only FOLDER PATTERN: whatever FOLDER includes matches PATTERN
only() {
  includes "$1" | grep -vE "^[^ ]+ ($2)" >"$tmp/strangers"
  if [ -s "$tmp/strangers" ]; then fail "$1 includes only $2"; diag <"$tmp/strangers"; else pass "$1 includes only $2"; fi
}
only isa 'isa/'
only machine 'machine/|isa/'
# Within machine/, the lower rooms know nothing of the upper: core, devices, interp, jit, then recorder and timeline.
m=machine
only $m/core "$m/core/|$m/(machine|jit/hooks)\.h|isa/"
only $m/devices "$m/core/device\.h|$m/machine\.h|isa/"
only $m/interp "$m/(interp|core)/|$m/(machine|jit/hooks)\.h|isa/"
only $m/jit "$m/(jit|interp|core)/|$m/machine\.h|isa/"
only $m/jit/emit "$m/jit/(emit/|[ax]64/host\.h|jit\.h)|isa/"
only $m/jit/x64 "$m/jit/((emit|x64)/|jit\.h)|isa/"
only $m/jit/a64 "$m/jit/((emit|a64)/|jit\.h)|isa/"
only $m/recorder "$m/recorder/|$m/(machine|recorder)\.h|isa/"
only $m/timeline "$m/timeline/|$m/(machine|recorder|timeline)\.h|isa/"
only tools 'tools/|machine/(machine|recorder|timeline)\.h|isa/'
# Within the grader: a lab, then what is built of a submission, then tests and their judging, then the formats; the
# files at the top of grade/ may use all of these. The measurements of verify/ and the formats of trace/ know no grader
# (`trapeze trace`, the command, takes a lab's test through from_lab.h).
t=tools/trapeze g=tools/trapeze/grade
only $g/lab "$g/lab/|$t/[a-z_]+\.h|machine/(machine|recorder)\.h|isa/|tools/base_name\.h"
only $g/build "$g/(build|lab)/|$t/[a-z_]+\.h|isa/|tools/base_name\.h"
only $g/intake "$g/(intake|build|lab)/|$t/[a-z_]+\.h|isa/utf8\.h|tools/base_name\.h"
only $g/judge "$g/(judge|build|lab)/|$t/([a-z_]+|verify/[a-z]+|trace/trace)\.h|isa/"
only $g/format "$g/(format/|judge/result\.h)|$t/[a-z_]+\.h"
only $t/verify "$t/([a-z_]+\.h|verify/)|machine/(machine|recorder)\.h|isa/"
only $t/ways "$t/([a-z_]+\.h|ways/|verify/run_cost\.h)|machine/(machine|recorder)\.h|isa/"
only $t/trace "$t/([a-z_]+\.h|trace/|grade/from_lab\.h)|machine/(machine|recorder)\.h|isa/"
only $t/debug "$t/([a-z_]+\.h|debug/|trace/(trace|why)\.h|grade/from_lab\.h)|machine/(machine|recorder|timeline)\.h|isa/(cause|lines|para|pg32|platform|utf8)\.h|tools/base_name\.h"
is "in the debugger only line mode and the screen know a terminal" "line.c mouse.c obey.c pager.c prompt.c screen.c terminal.c terminal_type.c" \
  "$(grep -lE '#include <(curses|termios|readline/.*)\.h>' $t/debug/*.[ch] | sed 's|.*/||' | sort | tr '\n' ' ' | sed 's/ $//')"
is "making.h is for those who build alone" "" "$(grep -rl 'making\.h"' tools tests | grep -v "^$g/build/")"
only guestos 'guestos/|isa/(platform\.h|para\.h|cause\.h|ustar\.h|pg32\.def)'
only vmm 'vmm/|isa/(platform\.h|para\.h|cause\.h|pg32\.def)'
only userprogs 'userprogs/|pg32\.h|usertest\.h|isa/(platform\.h|cause\.h|ustar\.h|diskfs\.h|pg32\.def)'
grep -rlE '#[[:space:]]*include[[:space:]]*[<"](tests|labs)/' isa machine guestos vmm userprogs tools >"$tmp/up"
is "nothing includes tests or labs" "" "$(cat "$tmp/up")"
grep -nE '#[[:space:]]*include[[:space:]]*<(curses|ncurses|readline|termios|argp)' -r isa machine >"$tmp/terminal"
is "libraries know no terminal and no command line" "" "$(cat "$tmp/terminal")"

# Data that changes, in libisa and libmachine: none. (Constants that hold addresses are in .data.rel.ro. The one
# exception is thread-local: libdw's handler for a lack of memory has no argument, see isa/lines.c.)
for library in libisa libmachine; do
  nm -f sysv "$BUILD/host/$library.a" 2>/dev/null | awk -F '|' '$3 ~ /[bBdDC]/ && $7 !~ /rel\.ro|asan|sancov/ {print $1, $7}' |
    grep -vE '^(\.L|\$d |__asan|__ubsan|__odr|libdw_no_memory .*tbss)' >"$tmp/state"
  is "$library holds no mutable state" "" "$(cat "$tmp/state")"
done

# The libraries neither end the process nor print, whatever their input and however short memory is. (An assertion may.)
for library in libisa libmachine; do
  nm -u "$BUILD/host/$library.a" | awk '$1 == "U" {print $2}' |
    grep -xE '_?_?exit|_Exit|quick_exit|abort|raise|kill|puts|putchar|perror|(__)?printf(_chk)?|stdout|stderr|getenv' | sort -u >"$tmp/ends"
  is "$library does not exit, abort or print" "" "$(cat "$tmp/ends")"
done

# Global names of libisa carry the library's prefix, so that they cannot collide with an embedder's own names.
nm -g --defined-only "$BUILD/host/libisa.a" | awk 'NF == 3 && $3 !~ /^(pg32_|_?_(asan|ubsan|odr))/ {print $3}' >"$tmp/names"
is "libisa exports only names that begin with pg32_" "" "$(cat "$tmp/names")"

# So do those of libmachine: machine_ (core, devices, interp), engine_, jit_, recorder_, timeline_.
foreign="$(nm -g --defined-only "$BUILD/host/libmachine.a" |
  awk 'NF == 3 && $3 !~ /^((machine|engine|jit|recorder|timeline)_|_?_(asan|ubsan|odr))/ {print $3}' | sort -u)"
is "libmachine exports only names with a prefix of its own" "" "$foreign"

# The table: an opcode once, a mnemonic once.
sed -n 's/^PG32_INSN(\([a-z0-9]*\), *\(0x[0-9a-f]*\).*/\1 \2/p' isa/pg32.def >"$tmp/rows"
is "every opcode is used once" "" "$(cut -d' ' -f2 "$tmp/rows" | sort | uniq -d)"
is "every mnemonic stands once" "" "$(cut -d' ' -f1 "$tmp/rows" | sort | uniq -d)"
is "exactly the six privileged instructions" "mfst mtst rfe tlbi tlbw wait" \
  "$(sed -n 's/^PG32_INSN(\([a-z]*\),.*PRIVILEGED.*/\1/p' isa/pg32.def | sort | tr '\n' ' ' | sed 's/ $//')"

# The kernel, and with it the hooks of containers; what is about containers alone, or about --way translate alone, lies in
# files of its own, as what is about --way para lies in folders.
containers=$(cat guestos/container.[ch] guestos/counted.S guestos/layers.c guestos/pids.c | wc -l)
window=$(cat guestos/window.[ch] | wc -l)
kernel=$(($(cat guestos/*.[chS] guestos/*.inc | wc -l) - containers - window))
check "the kernel is an evening's reading: $kernel lines, at most 3800" [ "$kernel" -le 3800 ]
check "and $containers of containers, at most 700" [ "$containers" -le 700 ]
check "and $window of --way translate, at most 60" [ "$window" -le 60 ]

# Patches that plant faults (make mutants, labs): each applies where it says, without fuzz or offset.
# `make patches` moves those whose places have moved.
tests/patches --check >"$tmp/misfits"
is "every patch applies exactly" "" "$(cat "$tmp/misfits")"

# Tests have left such files behind, and somebody has committed them.
is "no source or data lies at the top" "" "$(git ls-files 2>/dev/null | grep -E '^[^/.]+\.(c|h|S|s|info|log|txt|out|json|png)$')"
is "nothing generated is tracked" "" "$(git ls-files 2>/dev/null | grep -E '\.(o|a|elf|bin|tar)$')"
done_testing
