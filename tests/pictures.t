# pictures.t - sequence diagrams, charts, Mermaid and Perfetto: what a lecture hall sees. Chromium draws the SVGs.
. tests/tap.sh
normal_tlb
tools/setup chromium chromium-driver python3-selenium libxml2-utils jq >&2 || exit 1
trapeze=$BUILD/bin/trapeze

trace() { trace_file=$1; shift; "$trapeze" trace -o "$tmp/$trace_file" "$@" >/dev/null 2>"$tmp/err" </dev/null; status=$?; }

# ---- SVG: one list of the lecture ----
trace call.svg -f svg --tail 1 --complete --cause syscall lecture
is "a system call: exit status" 0 "$status"
sed -n 's/^<text[^>]*>\([^<]*\)<.*/\1/p' "$tmp/call.svg" | sed 's/0x[0-9a-f]*/A/g; s/#[0-9]*/#N/g; s/^+[0-9]*$/+N/' >"$tmp/texts"
same "a system call's drawing, text by text" tests/pictures/call.txt "$tmp/texts"
trace fault.svg -f svg --tail 1 --complete --cause load-miss lecture
is "a TLB fault: its seven steps" "T1 T2 T3 T4 T5 T6 T7" "$(grep -o '>T[1-7]\. ' "$tmp/fault.svg" | tr -d '>. ' | sort -u | tr '\n' ' ' | sed 's/ $//')"
trace deep.svg -f svg --tail 1 --complete --cause load-miss --lane 'vm1.1/*' --depth 2 lecture
is "in a VM in a VM: lanes in the order of the layers" "vm1.1/lecture vm1.1 kernel vm1/vmm vm1 kernel host/vmm host kernel " \
  "$(sed -n 's/^<text[^>]*bold">\([^<]*[a-z]\)<.*/\1/p' "$tmp/deep.svg" | sed 1d | tr '\n' ' ')"
is "and the VMM's own lists between" "S1, level 1: syscall: host OS vectors trap to VMM." \
  "$(sed -n 's/^<text[^>]*>\(S1, level 1[^<]*\)<.*/\1/p' "$tmp/deep.svg" | sort -u)"
trace three.svg -f svg --tail 3 lecture
trace events.svg -f svg --events 11200..11240 lecture
trace none.svg -f svg --events 900000000.. lecture
check "no event: it is said" grep -q 'No trap and no resume passes the filters' "$tmp/none.svg"

# wrong use
trace out -f svg lecture
is "too many events: exit status" 125 "$status"
check "too many events: says what to do" grep -q 'choose some with --events A..B, or lists with --tail N' "$tmp/err"
trace out -f svg --tail 1 --lane nobody lecture
check "no list: it is said" grep -q 'no list that has ended passes the filters' "$tmp/err"
printf 'c\nexport svg 900000000..900000001 %s/out\n' "$tmp" | "$trapeze" debug --batch -x - lecture >"$tmp/err" 2>&1
check "the debugger: events that the trace has not" grep -q 'export: the trace has events 1 to [0-9]*\.' "$tmp/err"
printf 'c\nexport svg 11200..11240 %s/debug.svg\n' "$tmp" | "$trapeze" debug --batch -x - lecture >"$tmp/err" 2>&1
same "\`export svg\` in the debugger: the same drawing" "$tmp/events.svg" "$tmp/debug.svg"

# ---- charts ----
"$trapeze" verify performance --depth 2 -o "$tmp/performance.svg" null-syscall 100 >/dev/null 2>&1
"$trapeze" compare -f svg -o "$tmp/compare.svg" hello 'null-syscall 100'
"$trapeze" compare -f svg --depth 2 --ways trap -o "$tmp/depths.svg" hello
"$trapeze" compare --approaches -f svg -o "$tmp/approaches.svg"
"$trapeze" compare -f svg --sweep Kx=4000 -o "$tmp/sweep.svg" hello

# ---- names that are markup, and more lanes than fit a wall ----
for name in 'a&b<c' 'x;y' '"q" %s {}'; do "$BUILD/bin/pg32-cc" -O1 -o "$tmp/$name" userprogs/hello.c; done
"$BUILD/bin/pg32-cc" -O1 -o "$tmp/forks" tests/pictures/forks.c
for name in 'a&b<c' 'x;y' '"q" %s {}'; do
  trace out.svg -f svg --tail 2 "$tmp/$name"
  is "$name: SVG has the name as a text" "1" "$(xmllint --xpath "count(//*[local-name() = 'text' and . = concat('vm1/', '$name')])" "$tmp/out.svg")"
  trace out.json -f perfetto "$tmp/$name"
  is "$name: so has Perfetto" "vm1/$name" "$(jq -r '.traceEvents[] | select(.name == "thread_name").args.name' "$tmp/out.json" | grep -Fx "vm1/$name")"
  trace out.mmd -f mermaid --cause syscall "$tmp/$name"
  is "$name: each line of Mermaid is a statement" "" "$(sed 's/#[0-9]*;//g' "$tmp/out.mmd" |
    grep -vE '^(sequenceDiagram|  participant L[0-9]+ as [^;#<&]*|  L[0-9]+--?>>L[0-9]+: [^;#]*|  Note over L[0-9]+,L[0-9]+: [^;#]*)$')"
done
trace many.svg -f svg --depth 0 --cause break "$tmp/forks" 600
is "600 lanes: drawn" 601 "$(grep -c 'application</text>\|host OS</text>' "$tmp/many.svg")"
check "and well-formed" xmllint --noout --huge "$tmp/many.svg"
printf 'c\nexport svg 30000..30100 %s/part.svg\nexport mermaid %s/all.mmd\n' "$tmp" "$tmp" |
  "$trapeze" debug --batch -x - --depth 0 "$tmp/forks" 600 >"$tmp/out" 2>&1
check "the debugger draws the last of them" grep -q '</svg>' "$tmp/part.svg"
check "and names more than 512 participants" sh -c "test \$(grep -c \"^  participant\" $tmp/all.mmd) -gt 600"
trace many.json -f perfetto --depth 0 --cause break "$tmp/forks" 600
is "Perfetto names all" 602 "$(jq '[.traceEvents[] | select(.name == "thread_name")] | length' "$tmp/many.json")"

# ---- Mermaid: the order of the layers ----
trace layers.mmd -f mermaid --depth 2 --events 52000..52400 lecture
is "Mermaid: participants in the order of the layers" "vm1.1/lecture|vm1.1 kernel|vm1/vmm|vm1 kernel|host/vmm|host kernel" \
  "$(sed -n 's/^  participant L[0-9]* as //p' "$tmp/layers.mmd" | grep -E 'lecture|vmm|kernel' | paste -sd '|')"

# ---- Perfetto: the rules of the format, and what the JSON lines say ----
perfetto() { # perfetto NAME OPTIONS...
  perfetto_name=$1; shift
  trace run.json -f perfetto "$@"
  trace run.jsonl -f json "$@"
  is "Perfetto, $perfetto_name: nothing is wrong" "" "$(python3 -B tests/pictures/perfetto.py "$tmp/run.json" "$tmp/run.jsonl" 2>&1)"
}
perfetto "a VM" lecture
perfetto "the bare machine" --depth 0 lecture
perfetto "several processes" sh -c 'ls|wc'
is "slices say what happens" "boots,exit: system call getpid,runs until system call getpid,system call getpid" \
  "$(jq -r '[.traceEvents[] | select(.ph == "X").name | select(test("getpid|boots"))] | unique | join(",")' "$tmp/lecture.json" 2>/dev/null ||
    { trace lecture.json -f perfetto lecture; jq -r '[.traceEvents[] | select(.ph == "X").name | select(test("getpid|boots"))] | unique | join(",")' "$tmp/lecture.json"; })"
is "a list is a slice, and so are its steps" "System call getpid,1. syscall: host OS vectors trap to VMM." \
  "$(jq -r '[.traceEvents[] | select(.ph == "b").name] | [.[index("System call getpid")], .[index("System call getpid") + 1]] | join(",")' "$tmp/lecture.json")"
trace part.json -f perfetto --events 11000..11200 lecture
check "a part of a run: flows and lists are closed" python3 - "$tmp/part.json" <<'END'
import collections, json, sys
points = collections.defaultdict(list)
for e in json.load(open(sys.argv[1]))["traceEvents"]:
    if e["ph"] in "stfbe": points[e["cat"], e["id"]].append(e["ph"])
assert points and all(p.count("b") == p.count("e") and (p[0] != "s" or p[-1] == "f") for p in points.values())
END

# ---- all drawings, in a browser ----
HOME=$tmp timeout 200 /usr/bin/python3 -B tests/pictures/drawings.py "$tmp"/call.svg "$tmp"/fault.svg "$tmp"/deep.svg "$tmp"/three.svg \
  "$tmp"/none.svg "$tmp"/part.svg "$tmp"/out.svg "$tmp"/performance.svg "$tmp"/compare.svg "$tmp"/depths.svg "$tmp"/sweep.svg "$tmp"/approaches.svg >"$tmp/tap" 2>"$tmp/err"; status=$?
while read -r word rest; do
  case $word in
  ok) pass "${rest#* - }" ;;
  not) fail "${rest#*- }" ;;
  '#') echo "# $rest" ;;
  esac
done <"$tmp/tap"
is "the browser's part came to its end" 0 "$status"; [ "$status" -eq 0 ] || diag <"$tmp/err"
done_testing
