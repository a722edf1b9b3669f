# recording.sh - the debugger on long runs.
echo "Long runs, in CPU time (a step back: at most 16 ms; who: at most 1000; memory: at most 256 MiB):"
TRAPEZE_INITRD=$BUILD/share/trapeze/initrd.tar "$out/bench_recording"
