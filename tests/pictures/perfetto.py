"""perfetto.py TRACE.json LINES.jsonl - is a file what the rules of Chrome's trace event format ask for, as Perfetto reads
them, and does it say what the JSON lines of the same run say? Prints what is wrong; nothing if nothing is.

The rules: slices (X) of a thread lie within each other or apart; flows begin (s) and end (f) once each, and every point of
a flow lies in a slice; asynchronous slices (b, e) are closed in the reverse order of their beginning; ids of processes and
threads are not 0, each has one name, and their order is given."""
import bisect
import collections
import json
import sys

trace = json.load(open(sys.argv[1]))
lines = [json.loads(line) for line in open(sys.argv[2])][1:]
events = trace["traceEvents"]
wrong = []
slices, flows, stacks = collections.defaultdict(list), collections.defaultdict(list), collections.defaultdict(list)
names, order, asyncs = {}, {}, 0


def bad(rule, event):
    wrong.append(f"{rule}: {json.dumps(event)[:200]}")


for e in events:
    phase = e.get("ph")
    if phase not in ("X", "i", "s", "t", "f", "b", "e", "M"):
        bad("a phase", e)
        continue
    if not isinstance(e.get("name"), str) or not e["name"]:
        bad("a name", e)
    if not isinstance(e.get("pid"), int) or e["pid"] < 1:
        bad("a process", e)
    if phase != "M" and (not isinstance(e.get("ts"), int) or e["ts"] < 0 or not isinstance(e.get("tid"), int) or e["tid"] < 1):
        bad("a time and a thread", e)
    if phase == "X":
        if not isinstance(e.get("dur"), int) or e["dur"] < 1:
            bad("a duration", e)
        slices[e["tid"]].append((e["ts"], e["ts"] + e["dur"], e["pid"]))
    if phase == "i" and e.get("s") != "t":
        bad("the scope of an instant", e)
    if phase in "stf":
        if not e.get("cat") or "id" not in e or (phase == "f" and e.get("bp") != "e"):
            bad("a flow's category, id and binding", e)
        flows[(e["cat"], e["id"])].append(e)
    if phase in "be":
        stack = stacks[(e["cat"], e["id"], e["pid"])]
        if phase == "b":
            asyncs += 1
            if stack and stack[-1][1] > e["ts"]:
                bad("time runs forwards", e)
            stack.append((e["name"], e["ts"]))
        else:
            name, begun = stack.pop() if stack else ("", float("inf"))
            if name != e["name"] or begun > e["ts"]:
                bad("an end behind its beginning", e)
    if phase == "M":
        key = (e["name"], e["pid"], e.get("tid"))
        if key in names:
            bad("one name", e)
        names[key] = e["args"].get("name", e["args"].get("sort_index"))

for key, stack in stacks.items():
    if stack:
        bad("every asynchronous slice ends", key)
for tid, of_thread in slices.items():
    of_thread.sort()
    open_until = []
    for begin, end, pid in sorted(of_thread, key=lambda s: (s[0], -s[1])):
        while open_until and open_until[-1] <= begin:
            open_until.pop()
        if open_until and open_until[-1] < end:
            bad("slices of a thread overlap", (tid, begin, end))
        open_until.append(end)
        if ("thread_name", pid, tid) not in names or ("process_name", pid, None) not in names:
            bad("names of thread and process", (pid, tid))
for key, points in flows.items():
    phases = [p["ph"] for p in points]
    if phases[0] != "s" or phases[-1] != "f" or set(phases[1:-1]) - {"t"}:
        bad("a flow begins, goes on and ends", (key, phases))
    if any(a["ts"] > b["ts"] for a, b in zip(points, points[1:])):
        bad("a flow goes forwards", points[0])
    for p in points:
        of_thread = slices[p["tid"]]  # sorted, and apart
        at = bisect.bisect_right(of_thread, (p["ts"], float("inf"), 0)) - 1
        if at < 0 or p["ts"] >= of_thread[at][1]:
            bad("a point of a flow lies in a slice", p)

# the order of the layers: deeper first, and in each level processes, then VMMs, then the kernel
rank = {key[1]: value for key, value in names.items() if key[0] == "process_sort_index"}
if sorted(rank, key=rank.get) != sorted(rank, reverse=True):
    bad("deeper levels stand above", rank)
lanes = sorted((value, names[("thread_name", key[1], key[2])]) for key, value in names.items() if key[0] == "thread_sort_index")
for pid in rank:
    kinds = [2 if name.endswith("kernel") else 1 if name.endswith("/vmm") else 3 if "idle" in name else 0
             for _, name in lanes if ("thread_name", pid) in [(k[0], k[1]) for k, v in names.items() if v == name]]
    if kinds != sorted(kinds):
        bad("applications, VMMs, kernel", [name for _, name in lanes])

# what the same run's JSON lines say
traps = [(l["event"], l["tick"], l["from"]) for l in lines if l["kind"] == "trap"]
shown = [(e["args"]["event"], e["ts"], names[("thread_name", e["pid"], e["tid"])]) for e in events if e["ph"] == "i"]
if traps != shown:
    bad("every trap", (len(traps), len(shown)))
lists = {s["list_event"] for l in lines for s in l.get("steps", [])}
if lists != {key[1] for key in stacks}:
    bad("every list", sorted(lists ^ {key[1] for key in stacks})[:9])
ran = collections.Counter()
for l, after in zip([{"tick": 0}] + lines, lines):
    ran[after["from"]] += after["tick"] - l["tick"]
drawn = collections.Counter()
for tid, of_thread in slices.items():
    for begin, end, pid in of_thread:
        drawn[names[("thread_name", pid, tid)]] += end - begin
if +ran != +drawn:
    bad("how long each lane ran", {k: (ran[k], drawn[k]) for k in ran if ran[k] != drawn[k]})
if not flows or (lists and not asyncs):
    bad("flows and lists", (len(flows), asyncs))
print("\n".join(wrong[:20]))
