# recorder.sh - what watching costs in each way, paired within one process.
echo "Watching, in CPU time, as compared with the same run unwatched (medians of 7 pairs):"
TRAPEZE_INITRD=$BUILD/share/trapeze/initrd.tar "$out/bench_recorder"
