# translation-page.t - tools/TRANSLATION.md is replayed: its guest is assembled, its commands are run in order, and their answers
# are those that the page shows.
. tests/tap.sh
. tests/replay.sh
normal_tlb
PATH=$(cd "$BUILD/bin" && pwd):$PATH
# Positions in the run, and the way to say what a trap came to, may change.
mask() { sed -E 's/#[0-9]+/#N/g; s/insn [0-9]+ +-[0-9]+/insn N -N/; s/verdict [a-z]+/verdict V/'; }
replay_page tools/TRANSLATION.md
check "the page has blocks" test $n -gt 12
check "the page is read in fifteen minutes" test "$(wc -w <tools/TRANSLATION.md)" -lt 2000
done_testing
