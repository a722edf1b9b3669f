# similar.t - trapeze grade --similar: copies are found, whatever they are called; what everybody was given is none.
. tests/tap.sh
trapeze=$BUILD/bin/trapeze lab=labs/04-syscalls
run() { timeout 600 "$trapeze" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; status=$?; }
class=$tmp/class
mkdir -p "$class/original" "$class/renamed" "$class/moved" "$class/starter" "$class/own"
cat >"$class/original/reflect.c" <<'EOT'
#include "vmm.h"
static void put(struct vm *vm, unsigned where, uint32_t word) { vm->low_core[where / 4] = word; }
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  uint32_t words[6] = {vm->state->pc, vm->state->vstatus, vm->timer, cause, badva, badinst};
  for (unsigned i = 0; i < 6; i++) put(vm, 4 * i, words[i]);
  vm->state->pc = vm->low_core[LC_VECTOR / 4];
  vm__set_status(vm, vm->state->vstatus & ST_ASID_MASK);
  vm->retired = false;
}
void vm__rfe(struct vm *vm) {
  uint32_t pc = vm->low_core[LC_PC / 4], status = vm->low_core[LC_STATUS / 4], timer = vm->low_core[LC_TIMER / 4];
  vm__retire(vm);
  vm->state->pc = pc, vm->timer = timer;
  vm__set_status(vm, status);
}
EOT
# other names, comments, spaces, numbers
sed 's/\bput\b/write_word/g; s/\bvm\b/guest/g; s/\bwords\b/six/g; s/\bi\b/index/g; s/ {$/\n{ \/\* mine \*\//; s/6/7/g' "$class/original/reflect.c" >"$class/renamed/reflect.c"
# the functions in another order, in another file
{ sed -n '1p' "$class/original/reflect.c"; sed -n '/^void vm__rfe/,$p' "$class/original/reflect.c"; sed -n '/^static/,/^}/p' "$class/original/reflect.c"; } >"$class/moved/trap.c"
cp $lab/starter/*.c "$class/starter"
cp tests/attacks/forged/4-answers-by-hash/*.c "$class/own"

run grade $lab --class "$class" --similar=60
is "it is no grading: status 0" 0 "$status"
check "renamed: found whole" grep -q '^100% of original .* is in renamed .*100% the other way round' "$tmp/out"
check "moved to another file, in another order: most of it" grep -qE '^ [6-9][0-9]% of moved|in moved \(line [0-9]*\), (100|[6-9][0-9])% the other' "$tmp/out"
is "the starter is nobody's copy" 0 "$(grep -c 'of starter\|in starter' "$tmp/out")"
is "and what somebody wrote alone is none" 0 "$(grep -c '\bown\b' "$tmp/out")"
cp $lab/solution/reference/reflect.c "$class/own/"
run grade $lab --class "$class" --similar
check "the reference is known" grep -q 'of own .* is in the reference' "$tmp/out"
cp vmm/reflect.c "$class/own/"
run grade $lab --class "$class" --similar
check "and so is Trapeze's own VMM" grep -q "of own .* is in Trapeze's vmm" "$tmp/out"
mkdir "$tmp/asm" "$tmp/asm/a" "$tmp/asm/b" "$tmp/asm/c"
cp labs/07-trap-handler/solution/reference/handler.S "$tmp/asm/a"
sed 's/\bt0\b/s0/g; s/\bt1\b/t0/g; s/\bback\b/home/g; s/#.*//' "$tmp/asm/a/handler.S" >"$tmp/asm/b/handler.S"
cp labs/07-trap-handler/starter/handler.S "$tmp/asm/c"
run grade labs/07-trap-handler --class "$tmp/asm" --similar
check "assembly with other registers, labels and comments" grep -q '^100% of a .* is in b' "$tmp/out"
for words in "--similar=0" "--similar=101" "--similar=x"; do
  run grade $lab --class "$class" $words
  is "$words" 125 "$status"
done
run grade $lab --similar
is "without a class" 125 "$status"
done_testing
