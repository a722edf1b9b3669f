# para-page.t - tools/PARAVIRTUALIZATION.md is replayed: its guest is assembled, its commands are run in order, and their answers
# are those that the page shows.
. tests/tap.sh
. tests/replay.sh
normal_tlb
PATH=$(cd "$BUILD/bin" && pwd):$PATH
# Positions in the run, and where the machine has the guest's page, may change.
mask() { sed -E 's/#[0-9]+/#N/g; s/insn [0-9]+ +-[0-9]+/insn N -N/; s/at tick [0-9]+/at tick N/; s/page 0x[0-9a-f]+ of/page 0xN of/
  s/(\+|null-syscall 1000 +[0-9.]+ +)[0-9. ]+/\1N/g; s/^ *[0-9]+ +[0-9]+ (host|vm1)/N N \1/; s/(host\/vmm .*0x)[0-9a-f]+/\1N/'; }
replay_page tools/PARAVIRTUALIZATION.md
check "the page has blocks" test $n -gt 7
check "the page is read in fifteen minutes" test "$(wc -w <tools/PARAVIRTUALIZATION.md)" -lt 2000
done_testing
