# container-page.t - tools/CONTAINERS.md is replayed: its commands are run in order, and their answers are those of the page.
. tests/tap.sh
. tests/replay.sh
normal_tlb
PATH=$(cd "$BUILD/bin" && pwd):$PATH
# How many pages, frames, ticks and instructions something takes may change; pids, names and small counts may not.
mask() { sed -E 's/[0-9]{2,}%?/N/g; s/ +/ /g'; }
replay_page tools/CONTAINERS.md
check "the page has blocks" test $n -gt 8
check "the page is read in fifteen minutes" test "$(wc -w <tools/CONTAINERS.md)" -lt 2000
done_testing
