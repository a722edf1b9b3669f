# as.t - pg32-as: compiler output assembles, each pseudo-instruction becomes its words, each mistake is
# reported where it is.
. tests/tap.sh
top=$(pwd)
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
as=$BUILD/bin/pg32-as
: "${CLANG:=clang}"

# ---- compiler output ----
for source in tests/as/*.c; do
  for level in 0 1 2 3 s; do
    for flags in "" "-g" "-g -gdwarf-4" "-ffunction-sections -fdata-sections" "-fno-pic -fno-omit-frame-pointer" \
      "-fasynchronous-unwind-tables -fexceptions"; do
      $CLANG --target=riscv32 -march=rv32im -mabi=ilp32 -ffreestanding -O$level $flags -S -o "$tmp/c.s" "$source"
      check "${source##*/} -O$level $flags" "$as" -o "$tmp/c.o" "$tmp/c.s"
    done
  done
done

# The line table must name the same lines as the compiler's own assembler; addresses differ by design.
lines() { llvm-dwarfdump --debug-line "$1" 2>/dev/null | awk '/^0x/ {print $2, $3, $4, $7, $8, $9, $10}'; }
# Other tools cannot relocate an object of PG32; they find the right text all the same.
entries() { llvm-dwarfdump --debug-info "$1" 2>/dev/null | grep 'DW_AT_\(name\|type\|producer\|decl_file\)'; }
for version in 4 5; do
  set -- --target=riscv32 -march=rv32im -mabi=ilp32 -ffreestanding -O1 -g "-gdwarf-$version" tests/as/compiled.c
  $CLANG "$@" -c -o "$tmp/theirs.o" && $CLANG "$@" -S -o "$tmp/c.s" && "$as" -o "$tmp/ours.o" "$tmp/c.s"
  lines "$tmp/theirs.o" >"$tmp/theirs"; lines "$tmp/ours.o" >"$tmp/ours"
  check "DWARF $version: there are lines" test -s "$tmp/ours"
  same "DWARF $version: the compiler's lines" "$tmp/theirs" "$tmp/ours"
  entries "$tmp/theirs.o" >"$tmp/theirs"; entries "$tmp/ours.o" >"$tmp/ours"
  check "DWARF $version: there are names" grep -q compiled.c "$tmp/ours"
  same "DWARF $version: the names and types that llvm-dwarfdump reads" "$tmp/theirs" "$tmp/ours"
  is "DWARF $version: the name that readelf reads" "$(readelf --debug-dump=info "$tmp/theirs.o" 2>/dev/null | grep -c compiled.c)" \
    "$(readelf --debug-dump=info "$tmp/ours.o" 2>/dev/null | grep -c compiled.c)"
done

# ---- words ----
# words FILE: the words of .text, one a line
words() {
  readelf -x .text "$1" | awk '/^ *0x/ { for (i = 2; i <= 5 && length($i) == 8 && $i !~ /[^0-9a-f]/; i++) print $i }' |
    sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'
}
sed -n 's/.*[^"]#~ *//p' tests/as/handwritten.s >"$tmp/plain.s"
echo 'there:' >>"$tmp/plain.s"
check "handwritten assembly assembles" "$as" -o "$tmp/hand.o" tests/as/handwritten.s
check "and so does the same in plain directives" "$as" -o "$tmp/plain.o" "$tmp/plain.s"
words "$tmp/hand.o" >"$tmp/got"; words "$tmp/plain.o" >"$tmp/want"
check "there are words" test -s "$tmp/want"
same "handwritten assembly is the words it should be" "$tmp/want" "$tmp/got"

check "pseudo-instructions assemble" "$as" -o "$tmp/p.o" tests/as/pseudo.s
words "$tmp/p.o" >"$tmp/got"
sed -n 's/^	.*# //p' tests/as/pseudo.s | tr ' ' '\n' >"$tmp/want"
same "pseudo-instructions are the words they should be" "$tmp/want" "$tmp/got"

check "directives assemble" "$as" -I tests/as -o "$tmp/d.o" tests/as/directives.s
words "$tmp/d.o" >"$tmp/got"
sed -n 's/.*#= //p' tests/as/directives.s | tr ' ' '\n' >"$tmp/want"
same "directives leave the words they should" "$tmp/want" "$tmp/got"
readelf -r "$tmp/d.o" 2>"$tmp/err" | awk '/unrecognized/ {print $1, $4, $6, $7, $8}' >"$tmp/got"
sed -n 's/.*#> //p' tests/as/directives.s | tr ';' '\n' | sed 's/^ *//' | sort >"$tmp/want"
sort -o "$tmp/got" "$tmp/got"
same "and the relocations" "$tmp/want" "$tmp/got"

# ---- call frame information ----
# What readelf lists, without registers' names and advances: clang leaves the latter to its linker.
operations() {
  readelf --debug-dump=frames "$1" 2>/dev/null |
    sed -n 's/ ([a-z0-9]*)//g; /advance_loc\|DW_CFA_nop/d; s/^  DW_/DW_/p; s/.* FDE .*/FDE/p'
}
check "the compiler assembles frames.s" $CLANG --target=riscv32 -march=rv32im -c -o "$tmp/theirs.o" tests/as/frames.s
check "and so does pg32-as" "$as" -o "$tmp/ours.o" tests/as/frames.s
operations "$tmp/theirs.o" >"$tmp/theirs"; operations "$tmp/ours.o" >"$tmp/ours"
check "there are frames" grep -q def_cfa_expression "$tmp/ours"
same "the compiler's frames" "$tmp/theirs" "$tmp/ours"

for level in 0 2 s; do
  set -- --target=riscv32 -march=rv32im -mabi=ilp32 -mno-relax -ffreestanding -O$level -g tests/as/compiled.c
  $CLANG "$@" -c -o "$tmp/theirs.o" && $CLANG "$@" -S -o "$tmp/c.s" && "$as" -o "$tmp/ours.o" "$tmp/c.s"
  operations "$tmp/theirs.o" >"$tmp/theirs"; operations "$tmp/ours.o" >"$tmp/ours"
  check "-O$level: there are frames" grep -q offset "$tmp/ours"
  same "-O$level: the compiler's frames" "$tmp/theirs" "$tmp/ours"
done

# What clang's assembler does in other ways than GNU's, or not at all. Comments say what GNU's has.
cat >"$tmp/gnu.s" <<'EOT'
	.cfi_sections .eh_frame, .debug_frame
	.globl _start
_start:	.cfi_startproc
	.cfi_signal_frame
	.cfi_personality 0x9b, handler	# nothing: there are no exceptions
	.cfi_lsda 0x1b, .Lexception
	.cfi_remember_state
	.cfi_def_cfa_offset 16
	nop
	.cfi_restore_state
	.cfi_rel_offset s0, -4		# DW_CFA_offset: r8 at cfa-4
	.cfi_val_offset sp, -16		# DW_CFA_val_offset: r2 is cfa-16
	.cfi_undefined ra, t0, 7
	.space 63
	.cfi_same_value s0
	.space 64
	.cfi_restore s0
	.space 256
	.cfi_def_cfa_register s0
	.space 70001
	.cfi_def_cfa_register sp
	.cfi_endproc
	.cfi_startproc
	.cfi_return_column t0
	nop
	.cfi_endproc
EOT
"$as" -o "$tmp/gnu.o" "$tmp/gnu.s" && "$BUILD/bin/pg32-ld" -T bare -o "$tmp/gnu" "$tmp/gnu.o"
readelf --debug-dump=frames "$tmp/gnu" 2>&1 | sed -n 's/^  *\(DW_[^ ]*\)/\1/; /nop/d; /^DW_/p; s/^  *\(Aug.*\|Ret.*\)/\1/p; s/.* FDE .* pc/FDE/p' | tr -s ' ' >"$tmp/got"
cat >"$tmp/want" <<'EOT'
Augmentation: "S"
Return address column: 1
DW_CFA_def_cfa: r2 ofs 0
FDE=00001000..000122f4
DW_CFA_remember_state
DW_CFA_def_cfa_offset: 16
DW_CFA_advance_loc: 4 to 00001004
DW_CFA_restore_state
DW_CFA_offset: r8 at cfa-4
DW_CFA_val_offset: r2 is cfa-16
DW_CFA_undefined: r1
DW_CFA_undefined: r5
DW_CFA_undefined: r7
DW_CFA_advance_loc: 63 to 00001043
DW_CFA_same_value: r8
DW_CFA_advance_loc1: 64 to 00001083
DW_CFA_restore: r8
DW_CFA_advance_loc2: 256 to 00001183
DW_CFA_def_cfa_register: r8
DW_CFA_advance_loc4: 70001 to 000122f4
DW_CFA_def_cfa_register: r2
Augmentation: ""
Return address column: 5
DW_CFA_def_cfa: r2 ofs 0
FDE=000122f4..000122f8
EOT
same "frames that GNU's assembler makes" "$tmp/want" "$tmp/got"
is "no frames are loaded into memory" "" "$(readelf -SW "$tmp/gnu" | grep 'eh_frame\|debug_frame.* A ')"

# ---- names of the table ----
# Every cause and opcode has the same name and number in assembly as in C.
names="CAUSE_NONE $(sed -n 's/^PG32_CAUSE(\([A-Z_]*\).*/CAUSE_\1/p; s/^PG32_INSN(\([a-z]*\).*/PG32_OP_\1/p' isa/pg32.def)"
{ echo '#include <isa/platform.h>'; echo '.text'; printf '.word %s\n' $names; } >"$tmp/names.S"
{ echo '#include <isa/platform.h>'; echo '__attribute__((section(".text"))) const int names[] = {'; printf '%s,\n' $names; echo '};'; } >"$tmp/names.c"
check "assembly knows the causes and opcodes" "$BUILD/bin/pg32-cc" -I. -c -o "$tmp/names-s.o" "$tmp/names.S"
check "C knows them, too" "$BUILD/bin/pg32-cc" -I. -c -o "$tmp/names-c.o" "$tmp/names.c"
words "$tmp/names-s.o" >"$tmp/got"; words "$tmp/names-c.o" >"$tmp/want"
is "they are all there" "$(echo "$names" | wc -w)" "$(wc -l <"$tmp/got" | tr -d ' ')"
same "and the numbers are the same" "$tmp/want" "$tmp/got"

# ---- mistakes ----
cd "$tmp" || exit 1
: >case.s
while IFS= read -r line; do
  case $line in
  "=> "*)
    rm -f case.o
    "$as" -o case.o case.s >case.out 2>case.err; status=$?
    is "mistake: $(tail -n 1 case.s)" "1 case.s:${line#=> }" "$status $(head -n 1 case.err)"
    [ ! -e case.o ] || fail "no output is left behind"
    : >case.s ;;
  *) printf '%s\n' "$line" >>case.s ;;
  esac
done <"$top/tests/as/mistakes"

printf '\tnop\n\tzap a0\n' >case.s
"$as" -o case.o case.s 2>case.err
printf 'case.s:2:2: error: unknown instruction '"'zap'"'\n  \tzap a0\n  \t^\n' >want
same "the line and a caret follow" want case.err
printf '# 41 "other.S"\n\tnop\n\tzap\n' >case.s
"$as" -o case.o case.s 2>case.err
is "line markers are believed" "other.S:42:2: error: unknown instruction 'zap'" "$(head -n 1 case.err)"
yes '	zap' | head -n 30 >case.s
"$as" -o case.o case.s 2>case.err
printf '.extern elsewhere\n\tnop\n' >keep.s
check ".extern changes nothing" "$as" -o keep.o keep.s
is "it stops after 20 errors" 20 "$(grep -c error case.err)"
: >keep
echo zap | "$as" -o keep - 2>case.err
is "a failed run leaves no old object" "gone <stdin>:1:1: error: unknown instruction 'zap'" \
  "$([ -e keep ] || echo gone) $(head -n 1 case.err)"

printf '\t.byte 1 /* two\nlines */, 2, 3, 4; nop /*\n\n*/\n/* a\nb */\tzap; zip\n\tzop\n' >case.s
"$as" -o case.o case.s 2>case.err
is "a statement goes on after a comment of several lines, and lines are still counted" "case.s:6:6: case.s:6:11: case.s:7:2:" \
  "$(sed -n 's/ error: .*//p' case.err | tr '\n' ' ' | sed 's/ $//')"
printf '\tnop\n' >case.s; cp case.s kept.s
"$as" -o case.s case.s 2>case.err
is "the output does not replace the source" "1 pg32-as: case.s is both the source and the output" "$? $(cat case.err)"
same "which is still there" kept.s case.s
printf 'int main(void) { return 0; }\n' >case.c; cp case.c kept.c
"$BUILD/bin/pg32-cc" -o case.c case.c 2>case.err
is "nor does pg32-cc's" "1 pg32-cc: case.c is both an input and the output" "$? $(cat case.err)"
same "which is still there, too" kept.c case.c
"$BUILD/bin/pg32-objdump" -h keep.o >/dev/full 2>case.err
is "pg32-objdump notices lost output" "1 pg32-objdump: keep.o: the output cannot be written" "$? $(cat case.err)"

# ---- sources made to take for ever ----
# bomb NAME MESSAGE: case.s ends within 20 seconds of processor time and 1 GiB of memory (a sanitizer needs more of both)
bomb() {
  (case $BUILD in *asan*) ;; *) ulimit -t 20; ulimit -v 1048576 ;; esac; "$as" -o case.o case.s) >case.err 2>&1; status=$?
  check "bomb: $1 [$status] $(head -n 1 case.err | cut -c 1-80)" grep -q "$2" case.err
}
too_much='macros and repetitions expand to too much text'
printf '.macro m\n\tm\n\tm\n.endm\n\tm\n' >case.s; bomb "a macro that is its own" 'nested deeper than'
printf '.macro m x\n\tm \\x\\x\n.endm\n\tm abcdefghij\n' >case.s; bomb "an argument that doubles" "$too_much"
printf '.macro s\n.section s\\@\n.endm\n.rept 300000\n\ts\n.endr\n' >case.s; bomb "a section each" 'more than 30000 sections'
printf '.macro g\n.macro m\\@\n.endm\n.endm\n.rept 600000\n\tg\n.endr\n' >case.s; bomb "macros that make macros" "$too_much"
awk 'BEGIN { for (i = 0; i < 60000; i++) print ".macro m" i "\n.endm"; print "\tzap" }' >case.s
bomb "macros that nobody uses" "unknown instruction 'zap'"
printf '.rept 1500000\n1:\tj 1b\n.endr\n\tzap\n' >case.s; bomb "a million labels" "$too_much"
printf 'nop\n' >none; printf '.rept 1000000\n.incbin "none"\n.endr\n' >case.s; bomb "a million files" "$too_much"
printf '.space 0xffffffff\n' >case.s; bomb "four gigabytes" 'more than 64 MiB'
"$as" -o case.o missing.s 2>case.err
is "a missing file" "1 pg32-as: cannot read missing.s: No such file or directory" "$? $(cat case.err)"

# ---- --only-from ----
mkdir -p in/deep out
echo nop >in/deep/a.inc; echo nop >out/b.inc; ln -s ../out/b.inc in/link; mkfifo in/fifo
# only NAME TEXT: assembles TEXT in folder in/, which alone may be read
only() { (cd in && printf '%s\n' "$1" | timeout 20 "$as" --only-from . -I ../out -o ../only.o -) >only.out 2>&1; }
only '.include "deep/a.inc"'; is "--only-from: what is below may be read" "0" "$?"
for name in ../out/b.inc b.inc link fifo /etc/hostname /dev/zero deep/../../out/b.inc nothing; do
  for directive in .include .incbin; do
    only "$directive \"$name\""
    is "--only-from: not $directive $name" \
      "1 <stdin>:1:$((${#directive} + 2)): error: cannot read '$name' (only files below the folders of --only-from may be read)" \
      "$? $(head -n 1 only.out)"
  done
done
"$as" --only-from nowhere -o only.o /dev/null 2>case.err
is "--only-from of nothing" "1 pg32-as: --only-from nowhere: No such file or directory" "$? $(cat case.err)"
check "--help" "$as" --help
check "--version" "$as" --version
done_testing
