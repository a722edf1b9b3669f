# page.t - `trapeze trace -f html`: what the page holds, and the page in a real browser.
. tests/tap.sh
normal_tlb
tools/setup chromium chromium-driver python3-selenium python3-pil node-typescript >&2 || exit 1
trapeze=$BUILD/bin/trapeze

page() { page_file=$1; shift; "$trapeze" trace -f html -o "$tmp/$page_file.html" "$@" >"$tmp/out" 2>"$tmp/err"; }
# refused NAME PATTERN OPTIONS...
refused() {
  refused_name=$1 refused_pattern=$2; shift 2
  "$trapeze" trace "$@" >"$tmp/out" 2>"$tmp/err"; status=$?
  if [ "$status" -eq 125 ] && grep -q -e "$refused_pattern" "$tmp/err" && [ ! -s "$tmp/out" ]; then pass "$refused_name"
  else fail "$refused_name"; { echo "status $status"; cat "$tmp/err"; } | diag; fi
}

page lecture lecture
page again lecture
same "two runs are equal bytes" "$tmp/lecture.html" "$tmp/again.html"
is "nothing is loaded from elsewhere" 0 "$(grep -cE '(src|href)="(https?:)?//' "$tmp/lecture.html")"
page many --depth 2 lecture
page same --beside "$tmp/lecture.html" lecture
"$BUILD/bin/pg32-cc" -O1 -o "$tmp/<img src=x onerror=alert(1)>" userprogs/hello.c
page hostile "$tmp/<img src=x onerror=alert(1)>"
page empty --events 900000000.. lecture

"$trapeze" trace -f json lecture >"$tmp/lines" 2>/dev/null
# the same program on a CPU that cannot be virtualized, beside the right one
page wrong --cpu pg32-leaky redpill
page beside --beside "$tmp/wrong.html" redpill

cat >"$tmp/facts.py" <<'END'
import base64, gzip, json, re, sys
page = re.search(r'id="trace">([^<]*)<', open(sys.argv[1]).read()).group(1)
trace = json.loads(gzip.decompress(base64.b64decode(page)))
lines = [json.loads(line) for line in open(sys.argv[2])]
events = [line for line in lines[1:] if line["kind"] != "mark"]
kinds = {"trap": "T", "resume": "R", "tlbw": "W", "tlbi": "I", "device": "D", "end": "E"}
def facts(e): return e["event"], kinds[e["kind"]], e["from"], e["to"], e["parent"], e["tick"], e["retired"], [s["text"] for s in e.get("steps", [])]
def shown(e): return e["n"], e["k"], trace["lanes"][e["f"]][0], trace["lanes"][e["t"]][0], e["p"], e["i"], e["r"], [s[4] for s in e.get("s", [])]
wrong = [(facts(a), shown(b)) for a, b in zip(events, trace["events"]) if facts(a) != shown(b)]
cells = {}
for line, event in zip(events, trace["events"]):
    for i in range(0, len(event.get("c", [])), 2): cells[event["c"][i]] = event["c"][i + 1]
    if line["kind"] == "trap" and (cells[35], cells[38], cells.get(39, 0)) [0] != line["pc"]: wrong.append((line["event"], "old PC", cells[35]))
    if line["kind"] == "resume" and cells[32] != line["pc"]: wrong.append((line["event"], "PC", cells[32]))
    if line["kind"] in ("trap", "resume") and cells.get(10, 0) != line["a0"]: wrong.append((line["event"], "a0", cells.get(10, 0)))
print(len(events) == len(trace["events"]), wrong[:5])
END
is "events, lanes, steps, PC and a0 are those of the JSON lines" "True []" "$(python3 "$tmp/facts.py" "$tmp/lecture.html" "$tmp/lines")"

# ---- the debugger writes the same page ----
printf 'c\nexport html 400..700 %s/debug.html\n' "$tmp" | "$trapeze" debug --batch -x - lecture >"$tmp/out" 2>&1
page part --events 400..700 lecture
cat >"$tmp/equal.py" <<'END'
import base64, gzip, json, re, sys
def state(path): # the cells just behind each trap and resume, and all else; other events show the registers a moment apart
    trace = json.loads(gzip.decompress(base64.b64decode(re.search(r'id="trace">([^<]*)<', open(path).read()).group(1))))
    cells, all = {}, []
    for event in trace["events"]:
        change = event.pop("c", [])
        for i in range(0, len(change), 2): cells[change[i]] = change[i + 1]
        all.append((event, dict(cells) if event["k"] in "TR" else None))
    return all, {key: trace[key] for key in trace if key != "events"}
print(state(sys.argv[1]) == state(sys.argv[2]), len(state(sys.argv[1])[0]) > 100)
END
is "\`export html\` in the debugger: the same events and state" "True True" "$(python3 "$tmp/equal.py" "$tmp/debug.html" "$tmp/part.html")"
printf 'c\nexport html %s/all.html\n' "$tmp" | "$trapeze" debug --batch -x - --depth 2 lecture >"$tmp/out" 2>&1
check "too many events for the debugger's page: says so" grep -q 'at most 20000 events are possible' "$tmp/out"

# ---- wrong use ----
refused "an unknown format" "expected text, json, mermaid, perfetto, svg or html" -f htm lecture
refused "--beside a file that is not there" "no.html: No such file" -f html --beside "$tmp/no.html" lecture
refused "--beside a file that is no page" "expected a page that .trapeze trace -f html. has written" -f html --beside README.md lecture
refused "--beside without a page" "--beside needs -f html" --beside "$tmp/lecture.html" lecture
"$trapeze" trace -f html lecture >/dev/full 2>"$tmp/err"; is "a full disk: status" 125 $?

# ---- its JavaScript is checked, and used ----
check "TypeScript finds nothing in the scripts" tsc --allowJs --checkJs --noEmit --noUnusedLocals --noUnusedParameters \
  --target es2018 --lib es2020,dom,dom.iterable tools/trapeze/trace/page/*.js
if [ -n "${SCREENS:-}" ]; then /usr/bin/python3 -B tests/page/page.py "$tmp" >/dev/null; done_testing; exit 0; fi
HOME=$tmp timeout 300 /usr/bin/python3 -B tests/page/page.py "$tmp" >"$tmp/tap" 2>"$tmp/err"; status=$?
while read -r word rest; do
  case $word in
  ok) pass "${rest#* - }" ;;
  not) fail "${rest#*- }" ;;
  '#') echo "# $rest" ;;
  esac
done <"$tmp/tap"
is "the browser's part came to its end" 0 "$status"; [ "$status" -eq 0 ] || diag <"$tmp/err"
done_testing
