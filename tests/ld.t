# ld.t - the linker, pg32-objdump and pg32-cc: layouts, symbols, archives, every kind of error.
. tests/tap.sh
bin=$PWD/$BUILD/bin
src=$PWD/tests/ld
PATH=$bin:$PATH
cd "$tmp" || exit 1

cc() { pg32-cc -O1 -fcommon "$@"; }
for f in "$src"/*.[cs]; do
  name=${f##*/}
  cc -g -ffunction-sections -c -o "${name%.*}.o" "$f" 2>>compile.err || echo "$name" >>compile.err
done
touch compile.err
is "the test's own inputs compile" "" "$(cat compile.err)"

# symbol FILE NAME: its address
symbol() { pg32-objdump -t "$1" | awk -v name="$2" '$NF == name {print $1; exit}'; }
# fails NAME PATTERN COMMAND...: the command fails with 1, says the pattern, leaves no output behind
fails() {
  name=$1 pattern=$2 wrong=; shift 2
  rm -rf out out.*
  "$@" >said 2>message
  status=$?
  [ $status -eq 1 ] || wrong="status $status;"
  [ "$(echo out*)" = 'out*' ] || wrong="$wrong an output or a temporary file is left;"
  grep -qE -e "$pattern" message || wrong="$wrong it does not say $pattern;"
  if [ -z "$wrong" ]; then pass "$name"; else fail "$name"; { echo "$wrong"; cat message; } | diag; fi
}

# ---- layouts ----
check "links for user" pg32-ld -T user -o user start.o main.o helper.o
check "links for the bare machine" pg32-ld -T bare -o bare start.o main.o helper.o
loads() { readelf -lW "$1" | awk '$1 == "LOAD" {print $2, $3, $4, $7 $8 $9, $NF}'; }
loads user >got
cat >want <<'END'
0x001000 0x00010000 0x00010000 RE0x1000 0x1000
0x002000 0x00011000 0x00011000 R0x1000 0x1000
0x003000 0x00012000 0x00012000 RW0x1000 0x1000
END
same "user: three segments, each on pages of its own, from USER_BASE" want got
is "bare: from IMAGE_BASE, physical = virtual" "0x00001000 0x00001000" "$(loads bare | awk 'NR == 1 {print $2, $3}')"
is "the entry is _start" "0x$(symbol bare _start | sed 's/^0*//')" "$(readelf -h bare | awk '/Entry/ {print $NF}')"
is "readelf has no complaint" "" "$(readelf -aW user 2>&1 >/dev/null)"
readelf --debug-dump user >dwarf 2>&1
is "readelf --debug-dump has no complaint" "" "$(grep -E '[Ww]arning|[Ee]rror' dwarf)"
check "debug information is there" grep -q 'DW_TAG_compile_unit' dwarf
is "the image's end is the end, rounded up to a page" \
  "$(printf %08x $(((0x$(symbol user end) + 4095) / 4096 * 4096)))" "$(symbol user __image_end)"
is "__executable_start is the base" 00010000 "$(symbol user __executable_start)"
is "bss begins where data ends" "$(symbol user edata)" "$(symbol user __bss_start)"
pg32-ld -T user -o again start.o main.o helper.o
check "the same inputs give the same bytes" cmp user again
check "an undefined weak symbol is no error" test -e user

pg32-ld -T kernel -o kernel -M start.o main.o order.o >map
awk '$3 ~ /^\.text/ && NF == 4 {print $3}' map | head -2 | tr '\n' ' ' >got
is ".text.hot* comes first in text, by name" ".text.hot.a .text.hot.b " "$(cat got)"
is ".data.hot comes first in data" ".data.hot" "$(awk '$3 ~ /^\.data/ && NF == 4 {print $3; exit}' map)"
is "constructors run by priority, the one without last" ".init_array.200 .init_array.1000 .init_array " \
  "$(awk '$3 ~ /^\.init_array/ && NF == 4 {printf "%s ", $3}' map)"

pg32-ld -T bare -o collected --gc-sections start.o main.o order.o
is "--gc-sections drops what nothing refers to" "" "$(symbol collected cold)"
is "... and keeps constructors and what is used" 2 "$(pg32-objdump -t collected | grep -cE ' (early|helper)$')"

# functions in readelf's list of unwind tables
framed() { readelf --debug-dump=frames "$1" 2>/dev/null | sed -n 's/.* FDE cie=\([0-9a-f]*\) pc=\([0-9a-f]*\)\.\.\([0-9a-f]*\)$/\1 \2 \3/p'; }
# bounds FILE NAME: its first address and the one behind it
bounds() { pg32-objdump -t "$1" | awk -v name="$2" '$NF == name {print $1, $(NF - 1)}' | while read -r a n; do printf '%08x %08x\n' 0x$a $((0x$a + 0x$n)); done; }
cat >frames.c <<'EOT'
int used(int n) { volatile int a[4] = {n}; return a[n & 3]; }
int unused(int n) { volatile int a[8] = {n}; return a[n & 7]; }
void _start(void) { used(1); }
EOT
pg32-cc -T bare -O1 -g -fno-inline -ffunction-sections -c -o frames.o frames.c
pg32-ld -T bare -o framed frames.o; pg32-ld -T bare -o framed.gc --gc-sections frames.o
for n in used unused _start; do bounds framed $n; done >want; framed framed | cut -d' ' -f2- >got
same "the unwind tables have the final addresses" want got
for n in used _start; do bounds framed.gc $n; done >want; framed framed.gc | cut -d' ' -f2- >got
same "--gc-sections drops those of dropped functions" want got
is "... and readelf has no complaint" "" "$(readelf --debug-dump=frames framed.gc 2>&1 >/dev/null)"
pg32-ld -T bare -o framed.two main.o helper.o frames.o
framed framed.two | cut -d' ' -f1 | sort -u >got
readelf --debug-dump=frames framed.two 2>/dev/null | awk '$4 == "CIE" {print $1}' | sort -u >want
is "entries of several files point to their own common entries" "$(cat want)" "$(cat got)"
check "... which are several" test "$(wc -l <want)" -gt 1
is "--strip-debug leaves no tables" "" "$(pg32-ld -T bare --strip-debug -o framed.bare frames.o; readelf -SW framed.bare | grep debug_frame)"

echo 'const int table[2] __attribute__((section(".data.hot"))) = {1, 2};' | pg32-cc -x c -c -o constant.o -
pg32-ld -T bare -o constant start.o main.o helper.o constant.o
is "constants in .data.hot are read-only" "R" "$(readelf -lW constant | awk '$1 == "LOAD" {print $7 $8}' | sed -n 2p | sed 's/0x.*//')"
is "... in .rodata" "$(readelf -SW constant | awk '$2 == ".rodata" || $3 == ".rodata" {sub(/.*PROGBITS */, ""); print $1}')" "$(symbol constant table)"

# ---- relocations ----
check "links every relocation" pg32-ld -T bare -o relocs relocs.o
pg32-objdump -d relocs | awk -F '\t' 'NF == 3 {print $3}' | head -7 | tr -s ' ' >got
target=$(symbol relocs target) next=$(symbol relocs next)
page=$(((0x$target + 4 + 0x800) / 4096)) low=$((0x$target + 4 - (0x$target + 4 + 0x800) / 4096 * 4096))
distance=$((0x$target + 4 - 0x1008))
high=$(((distance + 0x800) / 4096))
data() { readelf -x .data relocs | awk '/^ *0x/ {print $2 $3 $4 $5; exit}'; }
swap() { echo "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'; }
words=$(data)
is "a word holds the address" "$target" "$(swap "$(echo "$words" | cut -c 1-8)")"
is "a difference across sections" "$(printf %08x $(((0x$next - 0x$target) & 0xFFFFFFFF)))" \
  "$(swap "$(echo "$words" | cut -c 9-16)")"
is "absolute values in a word, a half, a byte" 64000000640064 "$(echo "$words" | cut -c 17-30)"
is "%hi and %lo" "lui a0, 0x$(printf %x $page) addi a0, a0, $low" "$(sed -n 1,2p got | paste -sd ' ')"
is "%pcrel_hi and %pcrel_lo" "auipc a1, 0x$(printf %x $high) addi a1, a1, $((distance - high * 4096))" \
  "$(sed -n 3,4p got | paste -sd ' ')"
check "a branch and a jump to another section" grep -qE "beq a0, a1, (0x)?0*$(echo "$next" | sed 's/^0*//') <next>" got
pg32-objdump -t relocs | awk '$NF == "shared" {print $(NF - 1)}' >got
is "common symbols become one, of the largest size" 00000014 "$(cat got)"

# ---- archives ----
ar rcs libmany.a fallback.o ping.o pong.o
ar rcs libping.a ping.o; ar rcs libpong.a pong.o
check "members that are not wanted stay out" pg32-ld -o out start.o main.o helper.o libmany.a
is "... entirely" "" "$(symbol out fallback_only)"
check "archives that need each other, in any order" pg32-ld -o out start.o main.o libpong.a libping.a
check "-L and -l" pg32-ld -o out -L /nonexistent -L . start.o main.o -lmany
check "an archive before who wants it" pg32-ld -o out libmany.a start.o main.o
check "a weak definition gives way" pg32-ld -o out start.o main.o weak.o helper.o
is "... to the strong one" "$(pg32-objdump -d user | grep -A 6 '<helper>:' | awk -F '\t' 'NR > 1 {print $3}' | head -3)" \
  "$(pg32-objdump -d out | grep -A 6 '<helper>:' | awk -F '\t' 'NR > 1 {print $3}' | head -3)"

check "a weak definition after the strong one is no second definition" pg32-ld -o out start.o main.o helper.o weak.o

# ---- copies ----
pg32-ld --strip-debug -o stripped user
is "--strip-debug leaves no debug section" 0 "$(readelf -SW stripped | grep -c debug)"
is "... the segments as they were" "$(loads user)" "$(loads stripped)"
is "... and the symbols" "$(readelf -sW user | awk '{print $2, $8}')" "$(readelf -sW stripped | awk '{print $2, $8}')"
is "... readelf has no complaint" "" "$(readelf -aW stripped 2>&1 >/dev/null)"
pg32-objdump -d user | sed 1d >want; pg32-objdump -d stripped | sed 1d >got
same "... the same code" want got
pg32-ld --strip-debug -o direct start.o main.o helper.o
is "--strip-debug while linking" 0 "$(readelf -SW direct | grep -c debug)"

# ---- errors ----
fails "an undefined symbol: object, place, function" "undefined\.o:\(\.text\.helper\+0x[0-9a-f]+\), in function 'helper': undefined symbol 'nowhere'" pg32-ld -o out start.o main.o undefined.o
fails "soft-float helpers: a plain word" "undefined symbol '__muldf3'.*no instruction of PG32 does it" pg32-ld -o out start.o main.o float.o
fails "two definitions: both files" "ping\.o: 'helper' is already defined in helper\.o" pg32-ld -o out start.o main.o helper.o ping.o pong.o
fails "a branch too far: place and distance" "far\.o:\(\.text\.a\+0x0\), in function 'helper': 'distant' is out of reach: 655[0-9]+ bytes away" pg32-ld -T bare -o out start.o main.o far.o
fails "a byte too small, a crooked jump" "odd\.o:\(\.data\+0x0\): the value 0x[0-9a-f]+ of 'other' does not fit into 1 byte" pg32-ld -T bare -o out start.o main.o odd.o
check "... and it goes on" grep -qE "odd\.o:\(\.text\+0x0\).*not a whole number of instructions" message
fails "no entry" "the entry symbol '_start' is not defined" pg32-ld -o out main.o helper.o
fails "no such file" "nothing\.o: No such file" pg32-ld -o out nothing.o
fails "a folder" "/: Is a directory" pg32-ld -o out /
fails "no such library" "libnothing\.a" pg32-ld -o out start.o -lnothing
: >empty; echo 'int main;' >text.o
fails "an empty file" "empty: not an ELF file or an archive" pg32-ld -o out empty
fails "text" "text\.o: not an ELF file or an archive" pg32-ld -o out text.o
fails "another machine's object" "expected a 32-bit little-endian ELF file" pg32-ld -o out /bin/true
cp helper.o foreign.o; printf '\363\000' | dd of=foreign.o bs=1 seek=18 conv=notrunc 2>/dev/null
fails "another machine number" "foreign\.o: made for machine number 243; expected PG32" pg32-ld -o out foreign.o
head -c 40 helper.o >short.o
fails "half a header" "short\.o: " pg32-ld -o out short.o
head -c $(($(wc -c <helper.o) - 60)) helper.o >short.o
fails "half an object" "short\.o: truncated" pg32-ld -o out short.o
head -c $(($(wc -c <libmany.a) - 200)) libmany.a >short.a
fails "half an archive" "short\.a" pg32-ld -o out short.a
ar rcT thin.a helper.o
fails "a thin archive" "thin\.a: a thin archive" pg32-ld -o out thin.a
fails "an executable among objects" "can only be copied" pg32-ld -o out user main.o
fails "an unknown layout" "expected user, kernel or bare" pg32-ld -T moon -o out main.o
check "writing to a device works and leaves it one" pg32-ld -o /dev/null start.o main.o helper.o
check "... still a device" test -c /dev/null

# ---- pg32-objdump ----
pg32-objdump -d user >got
check "symbols head their code" grep -q '^00010000 <_start>:' got
check "jumps name their targets" grep -qE 'jal +ra, .* <main>' got
check "... with offsets" grep -qE '<_start\+0x4>' got
pg32-objdump -S -l user >got
check "source lines stand before their code" grep -q 'counter += words\[counter & 3\];' got
check "file names and line numbers" grep -qE '/main\.c:10$' got
pg32-objdump -S -l main.o >got
check "... of an object too" grep -qE '/main\.c:10$' got
pg32-objdump -d -r relocs.o >got
for name in HI20 LO12 PCREL_HI20 PCREL_LO12 BRANCH JUMP; do
  check "relocations by name: R_PG32_$name" grep -q "R_PG32_$name " got
done
fails "objdump of text" "text\.o: not an ELF file" pg32-objdump -d text.o
check "sections" sh -c 'pg32-objdump -h user | grep -q "\.rodata .* A\$"'
# bytes: the lines of a hexadecimal dump, without zeros before addresses
bytes() { sed -n 's/^ 0*\([0-9a-f]\)/\1/p'; }
for section in .text .rodata .data .debug_str; do
  llvm-objdump -s -j $section user | bytes >want
  pg32-objdump -s user | sed -n "/^Contents of section $section:/,/^\$/p" | bytes >got
  check "there are bytes in $section" test -s got
  same "the bytes that llvm-objdump shows, $section" want got
done
pg32-objdump -x user >got
is "-x: the entry" "Entry: $(symbol user _start)" "$(grep Entry got)"
is "-x: the segments" "$(readelf -lW user 2>/dev/null | awk '$1 == "LOAD" {print substr($3, 3)}' | xargs)" \
  "$(awk '/^Address/ {on = 1; next} /^$/ {on = 0} on {print $1}' got | xargs)"
check "-x: sections, symbols" sh -c 'grep -q "^Sections:" got && grep -q "^Symbols:" got'
check "-x of an object: relocations" sh -c 'pg32-objdump -x relocs.o | grep -q R_PG32_HI20'

# ---- pg32-addr2line ----
pg32-objdump -d user | sed -n 's/^ *\([0-9a-f]*\):\t.*/\1/p' | head -60 >all
llvm-addr2line -e user <all | paste all - | sed -n 's/\t.*:[1-9].*//p' >addresses # not those of no line in between
llvm-addr2line -f -e user <addresses | sed 's/ (discriminator.*//' >want
pg32-addr2line -f -e user <addresses >got
check "there are lines" grep -q '/main\.c:10$' got
same "the functions and lines that llvm-addr2line tells" want got
is "of an object: the first line of main, by its offset" "$(pg32-addr2line -s -e user "$(symbol user main)")" \
  "$(pg32-addr2line -s -e main.o "$(symbol main.o main)")"
is "-a -p" "0x$(symbol user main): main at main.c:" "$(pg32-addr2line -a -p -s -f -e user "$(symbol user main)" | sed 's/[0-9]*$//')"
is "nothing there" "??:0" "$(pg32-addr2line -e user f0000000)"
fails "addr2line of text" "text\.o: not an ELF file" pg32-addr2line -e text.o 0
fails "no address" "expected an address in hexadecimal" pg32-addr2line -e user main
fails "no such section" "no code in the section" pg32-addr2line -e main.o -j .nowhere 0

# ---- other people's tools ----
for command in llvm-strip "llvm-strip --strip-debug" "llvm-objcopy --strip-all"; do
  cp user theirs
  check "$command takes an executable" $command theirs
  pg32-objdump -d user | grep -c '^ *[0-9a-f]*:' >want; pg32-objdump -d theirs | grep -c '^ *[0-9a-f]*:' >got
  same "which has its code" want got
done
cp main.o theirs.o
check "llvm-strip -g takes an object" llvm-strip -g theirs.o
pg32-ld -T bare -o want start.o main.o helper.o && pg32-ld -T bare -o got start.o theirs.o helper.o
pg32-objdump -d want | sed 1d >want.text; pg32-objdump -d got | sed 1d >got.text
same "which links as before" want.text got.text

# 150000 symbols that are nowhere: told shortly, and soon.
printf '.globl _start\n_start:\n.macro u\nf\\@: .word u\\@\n.type f\\@,@function\n.endm\n.rept 150000\n\tu\n.endr\n' >many.s
pg32-as -o many.o many.s
(case $BUILD in *asan*) ;; *) ulimit -t 7 ;; esac; exec pg32-ld -T bare -o out many.o) >message 2>&1
is "many undefined symbols" "1 51" "$? $(wc -l <message)"

# ---- pg32-cc ----
mkdir private
TMPDIR=$tmp/private pg32-cc -T bare -g -o out "$src/start.s" "$src/main.c" "$src/helper.c"
is "several inputs, one image" 0 $?
is "nothing is left in the temporary folder" "" "$(ls private)"
TMPDIR=$tmp/private pg32-cc -T bare -o out "$src/start.s" "$src/main.c" 2>message
is "a failing stage is our failure" 1 $?
check "... which names the input" grep -q "main\.o.*undefined symbol 'helper'" message
is "... and nothing is left" "" "$(ls private)"
fails "a missing clang: the package" "install the package clang" env PG32_CLANG=no-such-clang pg32-cc -c -o out "$src/main.c"
cat >slow-clang <<'END'
#!/bin/sh
case $1 in -print-resource-dir) exec clang "$@" ;; esac
touch started; exec sleep 20
END
chmod +x slow-clang
TMPDIR=$tmp/private PG32_CLANG=./slow-clang pg32-cc -c -o out "$src/main.c" &
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e started ] || sleep 0.1; done
kill -TERM $!; wait $! 2>message
is "a signal ends it as such" 143 $?
is "... and nothing is left" "" "$(ls private)"
pg32-cc -c -MMD -o deps.o "$src/main.c"
is "-MMD names the object" "deps.o: $src/main.c" "$(cat deps.d)"
pg32-cc -c -MMD -MF other.d -MT name "$src/main.c"
is "-MF and -MT" "name: $src/main.c" "$(cat other.d)"
check "-S" sh -c "pg32-cc -S -o - '$src/main.c' | grep -q 'call.*helper'"
check "-E" sh -c "pg32-cc -E '$src/main.c' | grep -q 'return helper(counter);'"
printf '#ifdef __ASSEMBLER__\n .globl _start\n_start: li a0, ANSWER\n#endif\n' >pre.S
check "a .S file is preprocessed" pg32-cc -DANSWER=42 -T bare -o out pre.S
check "inline assembly is pg32-as's" sh -c 'echo "void f(void) { __asm__(\"wait\"); }" | pg32-cc -x c -c -o inline.o -'
mkdir -p inside other
echo '#error secret' >other/hidden.h; echo 'int seen;' >inside/own.h
cat >inside/good.c <<'END'
#include "own.h"
#include <stdio.h>
#include <stdarg.h>
#if __has_include("../other/hidden.h") || __has_include("/etc/passwd")
#error it sees what is outside
#endif
END
check "--only-from: own files and headers" pg32-cc --only-from inside -c -o out inside/good.c
for include in '"../other/hidden.h"' "<$tmp/other/hidden.h>" "\"$tmp/inside/../other/hidden.h\"" '"/etc/passwd"' '"/dev/stdin"'; do
  echo "#include $include" >inside/bad.c
  check "--only-from: not $include" sh -c "! timeout 20 pg32-cc --only-from inside -c -o out inside/bad.c 2>message && grep -q 'file not found' message"
done
echo '#embed "/etc/passwd"' >inside/bad.c
check "--only-from: no #embed" sh -c "! pg32-cc --only-from inside -c -o out inside/bad.c 2>/dev/null"
for source in '__asm__(".incbin \"/etc/hostname\"");' '__asm__(".include \"../other/hidden.h\"");'; do
  echo "$source" >inside/bad.c
  check "--only-from: not $source" sh -c "! (cd inside && pg32-cc --only-from . -c -o out bad.c) 2>message && grep -q 'only files below' message"
done
fails "--only-from of nothing" "--only-from nowhere: No such file" pg32-cc --only-from nowhere -c -o out "$src/main.c"
check "and nothing is left" test -z "$(ls private)"
fails "an unknown layout" "expected user, kernel or bare" pg32-cc -T moon -o out "$src/main.c"
fails "no input" "no input files" pg32-cc -o out

done_testing
