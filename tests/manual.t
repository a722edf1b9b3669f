# manual.t - the manual says what the table, the platform header and the tools say.
. tests/tap.sh
manual=isa/MANUAL.md

check "generated parts are fresh" "$BUILD/bin/pg32-manual" --check $manual
sed 's/^Opcode 0x10,/Opcode 0x11,/' $manual >"$tmp/stale.md"
"$BUILD/bin/pg32-manual" --check "$tmp/stale.md" 2>"$tmp/stale.err"
is "a stale part is noticed" 1 $?
"$BUILD/bin/pg32-manual" --write "$tmp/stale.md"
same "and mended" $manual "$tmp/stale.md"

# Table rows that begin | `NAME` | number | state a constant.
{
  echo '#include <stdint.h>'
  echo '#include "isa/para.h"'
  sed -n 's/^| `\([A-Z][A-Z0-9_]*\)` | \(0x[0-9A-Fa-f]*\|[0-9]*\) |.*/_Static_assert(\1 == \2, "\1");/p' $manual
} >"$tmp/constants.c"
check "the constants of the tables are found" test "$(grep -c Static_assert "$tmp/constants.c")" -ge 60
check "the constants agree with platform.h" "${CC:-cc}" -fsyntax-only -I. "$tmp/constants.c"

# and none of the hardware's is missing: the constants of the CPU, and of each device DEV_NAME those that begin with NAME_
devices=$(sed -n 's/^#define DEV_\([A-Z0-9]*\) .*/\1/p' isa/platform.h | grep -vx 'BASE\|END' | sed 's/^/\\|/' | tr -d '\n')
sed -n "s/^#define \(\(LC\|ST\|TLB\|TLBI\|DEV\|MARK$devices\)_[A-Z0-9_]*\) .*/\1/p" isa/platform.h >"$tmp/hardware"
check "the hardware's constants are found" test "$(wc -l <"$tmp/hardware")" -ge 50
grep -v '^$' "$tmp/hardware" |
  grep -v '^CONSOLE_\(COOKED\|RAW\|ECHO\)$' |
  while read -r name; do grep -q "^| \`$name\` |" $manual || echo "$name is not in the manual"; done >"$tmp/missing"
check "every constant of the hardware is in the manual" test ! -s "$tmp/missing"
diag <"$tmp/missing"

# So are those of chapter 15, and none of the interface's is missing.
sed -n 's/^#define \(\(HCALL\|PARA\)_[A-Z0-9_]*\) .*/\1/p' isa/para.h >"$tmp/interface"
check "the constants of para.h are found" test "$(wc -l <"$tmp/interface")" -ge 30
while read -r name; do grep -q "^| \`$name\` |" $manual || echo "$name is not in the manual"; done <"$tmp/interface" >"$tmp/missing"
check "every constant of para.h is in the manual" test ! -s "$tmp/missing"
diag <"$tmp/missing"

# example FILE: the listing of that name
example() {
  awk -v name="<!-- $1 -->" '$0 == name {take = 1; next} take && /^```/ {n++; next} take && n == 1 {print} n == 2 {exit}' \
    $manual >"$tmp/$1"
  check "$1 is in the manual" test -s "$tmp/$1"
}
# names TABLE: what stands in backquotes in the first column of the table with that comment, sorted
names() {
  awk -v name="<!-- $1 -->" '$0 == name {take = 1; next} take && /^[^|]/ {exit} take {print}' $manual |
    sed 's/^| \([^|]*\)|.*/\1/' | grep -o '`[^`]*`' | tr -d '`' | sort
}
cc=$BUILD/bin/pg32-cc

# every cause has its name and number in assembly
awk -F ' *[|] *' '/BEGIN causes/ {take = 1} /END causes/ {exit} take && $2 ~ /^[0-9]+$/ {
  print ".if CAUSE_" $3 " != " $2 "\n.error \"" $3 "\"\n.endif" }' $manual >"$tmp/causes"
is "there are 19 causes" 19 "$(grep -c '^.if' "$tmp/causes")"
{ echo '#include <isa/platform.h>'; cat "$tmp/causes"; } >"$tmp/causes.S"
check "and assembly knows them all" "$cc" -c -o "$tmp/causes.o" "$tmp/causes.S"

# the kernel of chapter 11
example hello.S
check "the example builds" "$BUILD/bin/pg32-cc" -T bare -o "$tmp/hello" "$tmp/hello.S"
for depth in 0 1; do
  "$BUILD/bin/trapeze" run --image "$tmp/hello" --depth $depth >"$tmp/hello.out" 2>"$tmp/hello.err" </dev/null
  is "the example's status, depth $depth" 0 $?
  is "the example's console, depth $depth" hi "$(cat "$tmp/hello.out")"
done

# ---- chapter 12: the tools ----
names directives | sed 's/`//g' >"$tmp/told"
grep -oh '{"\.[a-z0-9_]*", [a-z_]*,\|{"\.[a-z]*", IF_\|text_is([a-z]*, "\.[a-z][a-z]*"' isa/as/*.c |
  sed 's/.*"\(\.[a-z0-9_]*\)".*/\1/' | sort -u >"$tmp/known"
check "the assembler's directives are found" test "$(wc -l <"$tmp/known")" -ge 80
sort -u "$tmp/told" | diff "$tmp/known" - >"$tmp/diff"
is "the table has each directive, and no other" "" "$(cat "$tmp/diff")"
while read -r directive; do echo "$directive"; done <"$tmp/told" | sort | uniq -d >"$tmp/twice"
is "each once" "" "$(cat "$tmp/twice")"

sed -n 's/^ *provide(ld, "\([a-z_]*\)",.*/\1/p; s/.*provide_bounds(ld, "\([a-z_]*\)", "\([a-z_]*\)".*/\1\n\2/p' isa/ld/layout.c |
  sort >"$tmp/known"
names "linker symbols" | grep -v NAME >"$tmp/told"
same "the linker's symbols" "$tmp/known" "$tmp/told"

readelf -sW "$BUILD/share/trapeze/lib/libfree.a" 2>/dev/null | awk '$5 == "WEAK" && $7 != "UND" {print $8}' | sort >"$tmp/known"
names libfree.a >"$tmp/told"
same "the functions of libfree.a, all of them weak" "$tmp/known" "$tmp/told"

# C for the bare machine: each symbol, functions that the compiler calls, one of the image's own
example start.S
cat >"$tmp/main.c" <<'EOT'
#include <isa/platform.h>
#include <stddef.h>
extern char __executable_start[], etext[], _etext[], edata[], _edata[], __bss_start[], end[], _end[], __image_end[];
extern char __init_array_start[], __init_array_end[];
extern const int __start_numbers[], __stop_numbers[];
struct big { char byte[1000]; };
static struct big cleared, from = {{1, 2, 3, [999] = 4}};
static const int listed[2] __attribute__((section("numbers"), used)) = {5, 6};
volatile uint64_t a = 1234567890123456789, b = 987654321;
volatile int64_t c = -1234567890123456789;
void *memset(void *to, int byte, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *x, const void *y, size_t n);
static int uses;
#ifdef OWN
void *memcpy(void *to, const void *from, size_t n) {
  for (size_t i = 0; i < n; i++) ((volatile char *)to)[i] = ((const char *)from)[i];
  return uses++, to;
}
#endif
#define CHECK(condition) \
  if (!(condition)) return __LINE__
int main(void) {
  struct big copy = from, other = from;
  CHECK(__executable_start == (char *)IMAGE_BASE && etext == _etext && edata == _edata && end == _end);
  CHECK(etext > __executable_start && edata > etext && __bss_start >= edata && end > __bss_start);
  CHECK(__image_end >= end && (uint32_t)__image_end % PAGE_SIZE == 0 && __init_array_start == __init_array_end);
  CHECK((char *)&cleared >= __bss_start && (char *)&cleared < end && cleared.byte[7] == 0);
  CHECK(__stop_numbers - __start_numbers == 2 && __start_numbers[1] == 6);
  CHECK(*(volatile uint32_t *)(DEV_FACTS + FACTS_INITRD) == (uint32_t)__image_end);
  CHECK(memcmp(&copy, &from, sizeof copy) == 0 && memcmp(&copy, &cleared, sizeof copy) > 0);
  memset(&copy, 9, sizeof copy);
  CHECK(copy.byte[0] == 9 && copy.byte[999] == 9);
  memmove(&other.byte[1], &other.byte[0], 999);
  CHECK(other.byte[1] == 1 && other.byte[3] == 3);
  CHECK(a / b == 1249999988 && a % b == 725308641 && c / (int64_t)b == -1249999988 && c % (int64_t)b == -725308641);
  CHECK(a << (b & 31) >> (b & 31) == (a & ~0ull >> (b & 31)) && c >> (b & 31) < 0);
  CHECK(__builtin_popcountll(a) + __builtin_clzll(a) == 26 + 3 && __builtin_ctz((unsigned)b) == 0);
#ifdef OWN
  CHECK(uses > 0);
#else
  CHECK(uses == 0);
#endif
  return 0;
}
EOT
for layout in bare kernel; do
  for own in -DOTHER -DOWN; do
    check "C with -T $layout, $own" "$cc" -T $layout -O1 $own -o "$tmp/c" "$tmp/start.S" "$tmp/main.c"
    "$BUILD/bin/trapeze" run --depth 0 --image "$tmp/c" 2>&1 </dev/null
    is "and it runs, $layout, $own" 0 $?
  done
done
"$cc" -T bare -nostdlib -O1 -o "$tmp/c" "$tmp/start.S" "$tmp/main.c" 2>"$tmp/err"
check "-nostdlib leaves the functions out" grep -q "undefined.*__udivdi3\|__udivdi3.*undefined" "$tmp/err"
example inline.c
check "assembly within C" "$cc" -T bare -O2 -Wall -Wextra -Werror -c -o "$tmp/inline.o" "$tmp/inline.c"
"$BUILD/bin/pg32-objdump" -d "$tmp/inline.o" >"$tmp/inline.s"
for insn in mfst mtst tlbw tlbi mark syscall; do check "has its $insn" grep -q "$insn" "$tmp/inline.s"; done

# ---- chapter 13: one's own kernel and VMM ----
example tiny.c
check "the VMM builds" "$cc" -O2 -Wall -Werror -o "$tmp/tiny" "$tmp/tiny.c"
trapeze() { "$BUILD/bin/trapeze" "$@" </dev/null; }
is "and runs the kernel of chapter 11" "hi 0" "$(trapeze run --image "$tmp/hello" --vmm "$tmp/tiny") $?"
check "which cannot tell" trapeze verify fidelity --image "$tmp/hello" --vmm "$tmp/tiny"
sed 's/low_core\[LC_BADVA \/ 4\] = s->badva;//' "$tmp/tiny.c" >"$tmp/wrong.c"
"$cc" -O2 -o "$tmp/wrong" "$tmp/wrong.c"
trapeze verify fidelity --max-insns 1M --image "$tmp/hello" --vmm "$tmp/wrong" >"$tmp/out"
is "with a mistake in it, it can" 1 $?
case $BUILD in *tiny*) done_testing; exit ;; esac
example own-kernel.sh
mkdir "$tmp/tree"
cp -r guestos isa vmm "$tmp/tree"
tools=$(cd "$BUILD/bin" && pwd)
(cd "$tmp/tree" && PATH=$tools:$PATH sh -e "$tmp/own-kernel.sh") >"$tmp/out" 2>&1 </dev/null
printf '%s\n' "my own kernel" "my own kernel" "done" >"$tmp/expected"
same "a kernel of one's own, at each level" "$tmp/expected" "$tmp/out"
printf "break hello in 'vm1 kernel'\nc\nbt\nexpect kernel_main\n" |
  "$BUILD/bin/trapeze" debug --reset --batch -x - --kernel "$tmp/tree/kernel" echo >"$tmp/out" 2>&1
is "its functions have names in the debugger" 0 $?
(cd "$tmp/tree" && PATH=$tools:$PATH pg32-cc -O2 -g -I. -o myvmm vmm/*.c vmm/*/*.c) 2>"$tmp/err"
is "a VMM of one's own" "done" "$(trapeze run --depth 2 --vmm "$tmp/tree/myvmm" echo "done" 2>&1)"

done_testing
