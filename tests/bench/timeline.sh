# timeline.sh - what time travel costs.
echo "Time travel, in CPU time (back: 95th at most 16 ms, worst 50; jump: 95th at most 100; recording: at most 15 %):"
TRAPEZE_INITRD=$BUILD/share/trapeze/initrd.tar "$out/bench_timeline"
