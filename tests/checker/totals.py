"""totals.py - verifies what only shows at the end: in `--lists` the heading, the exits and the outcome of each list,
and the totals; and each count of `--stats`. The events themselves have been verified before (claims.py)."""
import json
import os
import re
import tempfile

import run

TITLE = {"syscall": "System call", "tlb": "TLB fault", "protection": "Protection fault"}
HEADING = re.compile(r"(System call|TLB fault|Protection fault)(?: (\w+))? (?:\(a7 = (\d+)\)|at 0x([0-9a-f]+)) "
                     r"by (.*?) at tick (\d+): (\d+) exits?( so far)?(?: |$)")
NOT_COUNTED = re.compile(r"\(not counted: (\d+) hidden fills?, (\d+) interrupts? of the host's own\)")
SUMMARY = re.compile(r"In the whole run: (\d+) system calls?, (\d+) TLB faults?, (\d+) protection faults?; (\d+) "
                     r"returned without an entry, (\d+) ran on elsewhere, (\d+) did not return, "
                     r"(\d+) (?:was|were) not seen to return\.(?: (\d+) traps? got a wrong answer from a VMM\.)?")
WRONG = re.compile(r"Wrong: #(\d+) (.*?): .*?\. (The (?:VMM|shadow|guest) .*|A layer below filled .*)")
IN_VAIN = {"tlb": "It returned without an entry for the page.",
           "protection": "It returned without an entry that allows the access."}
ENDED = "It did not return: the machine has ended."


def reached_vmm(e):
    return bool(e["verdicts"]) and e["verdicts"][0]["verdict"] not in ("host", "none")


class Family:
    """Which traps happened during the handling of a list's first trap, while the list was open."""

    def __init__(self, events):
        self.parent = {e["event"]: e["parent"] for e in events}
        self.traps = [e for e in events if e["kind"] == "trap" and e["verdicts"]]
        self.number = [e["event"] for e in self.traps]

    def of(self, first, last, steps):
        """Exits, hidden fills, interrupts of the host's own. steps: the list's events."""
        exits = hidden = own = 0
        start = next(i for i, n in enumerate(self.number) if n >= first)
        for e in self.traps[start:]:
            if e["event"] > last:
                break
            n = e["event"]
            while n > first:
                n = self.parent[n]
            if n != first and e["event"] not in steps:
                continue
            below = e["verdicts"][0]
            hidden += below["hidden_fill"]
            own += below["verdict"] == "host" and not below["hidden_fill"]
            exits += reached_vmm(e)
        return exits, hidden, own


def outcome(wait, end, ended):
    """The outcomes of a list that are true. ended: the machine has been switched off."""
    if end == "returned":
        return [""] if wait.over else []
    if end == "in-vain":
        return [IN_VAIN[wait.kind]] if wait.over else []
    if end == "elsewhere":
        return ["It did not return there."]
    if wait.over:
        return []
    true = []
    if wait.came_back:
        true.append("The guest kernel returned, but an interrupt came first: it was not seen to run on.")
    if wait.elsewhere:
        true.append("It was not seen to return: its address space runs on elsewhere.")
    if wait.invalidated:
        true.append("It was not seen to return: its ASID was invalidated, and may be another address space's now.")
    if not ended:
        true.append("It was not seen to return: the trace ends before.")
    if ended and not wait.came_back and not wait.elsewhere:
        true.append(ENDED)
    return true


def blocks(text):
    for block in re.split(r"\n\n", text):
        words = " ".join(re.sub(r"^ *\| .*$", "", block, flags=re.M).split())
        if words:
            yield words


def verify_lists(text, events, lists, claims, call_name, count):
    waits = {(w.level, w.trap.event): w for w in lists.all}
    steps, last = {}, {}
    for e in events:
        for s in e.get("steps", []):
            key = s["level"], s["list_event"]
            steps.setdefault(key, set()).add(e["event"])
            if "end" in s:
                last[key] = e["event"]
    by_event = {e["event"]: e for e in events}
    family, said = Family(events), {"In vain": 0, "elsewhere": 0, "did not": 0, "not seen": 0}
    ended = any(e["kind"] == "device" and e["address"] == 0xF0003000 for e in events[-8:])
    seen, summary, told = 0, None, []
    wrong = [(e["event"], e["from"], " ".join(v["text"].split())) for e in events for v in e.get("verdicts", [])
             if v.get("text")]
    for words in blocks(text):
        if SUMMARY.match(words):
            summary = [int(n or 0) for n in SUMMARY.match(words).groups()]
            continue
        if WRONG.match(words):
            m = WRONG.match(words)
            told.append((int(m[1]), m[2], m[3]))
            continue
        m, at = HEADING.match(words), re.search(r" #(\d+) ", words)
        if not m or not at:
            count.wrong(None, f"--lists: {words[:80]!r} is no list")
            continue
        e = by_event[int(at[1])]
        level = len(e["verdicts"])
        wait = waits.get((level, e["event"]))
        if not wait:
            continue  # claims.py has said so
        seen += 1
        key = level, e["event"]
        subject = e["a7"] if wait.kind == "syscall" else e["badva"]
        name = call_name(level, subject) if wait.kind == "syscall" else None
        count.must(e, "--lists: heading", (TITLE[wait.kind], name, subject, e["from"], e["tick"]),
                   (m[1], m[2], int(m[3]) if m[3] else int(m[4], 16), m[5], int(m[6])))
        not_counted = NOT_COUNTED.search(words)
        exits = (int(m[7]), *(int(n) for n in not_counted.groups())) if not_counted else (int(m[7]), 0, 0)
        count.must(e, "--lists: exits, hidden fills, own interrupts",
                   family.of(e["event"], last.get(key, events[-1]["event"]), steps[key]), exits)
        end = claims.ended.get(key)
        count.must(e, "--lists: so far", end is None, bool(m[8]))
        true = outcome(wait, end, ended)
        tail = re.search(r"(?:(?<=\. )|^)((?:It |The guest kernel returned, but)[^.]*\.)$", words)
        what = tail[1] if tail else ""
        count.must(e, "--lists: outcome", what if what in true else true, what)
        said["In vain"] += end == "in-vain"
        said["elsewhere"] += end == "elsewhere"
        said["did not"] += what == ENDED
        said["not seen"] += end is None and what != ENDED
    kinds = [w.kind for w in lists.all]
    count.must(None, "--lists: wrong answers", wrong, told)
    count.must(None, "--lists: totals", [kinds.count(k) for k in TITLE] + [*said.values(), len(wrong)], summary)
    return seen


def verify_stats(stats, events, handed, count):
    """handed: the trap that has reached a VMM and has not been answered, or None."""
    instructions, before, levels = {}, 0, {}
    for d in range(1, 5):
        levels[d] = {"exits": 0, "by_cause": {}, "reflect": 0, "emulate": 0, "fill": 0, "hidden": 0, "host": 0,
                     "native": 0, "emulated": 0, "wrong": 0}
    for e in events:
        if e["kind"] not in ("trap", "resume", "end"):
            continue
        ran, before = e["retired"] - before, e["retired"]
        instructions[e["from"]] = instructions.get(e["from"], 0) + ran
        for d in range(1, e["depth"] + 1):
            levels[d]["native"] += ran
        for v in e.get("verdicts", []):
            at = levels[v["level"]]
            done = v.get("did") if v.get("wrong") not in (None, "action", "filled-below", "cause") else v["verdict"]
            at["wrong"] += v["verdict"] in ("wrong", "other")
            if v["verdict"] == "host":
                at["hidden" if v["hidden_fill"] else "host"] += 1
            if done in ("reflect", "emulate", "fill"):
                at[done] += 1
            if reached_vmm(e) or e["event"] == handed:
                at["exits"] += 1
                at["by_cause"][e["cause"]] = at["by_cause"].get(e["cause"], 0) + 1
            if done == "emulate" and v["level"] == len(e["verdicts"]):
                for d in range(1, v["level"] + 1):
                    levels[d]["emulated"] += 1
    count.must(None, "--stats: instructions", events[-1]["retired"], stats["instructions"])
    count.must(None, "--stats: lanes", {k: n for k, n in instructions.items() if n},
               {k: n for k, n in stats["lanes"].items() if n})
    for s in stats["depths"]:
        at = levels[s["depth"]]
        said = {"exits": s["exits"]["total"], "by_cause": s["exits"]["by_cause"], "reflect": s["reflected"],
                "emulate": s["emulated"], "fill": s["filled"], "hidden": s["hidden_fills"], "host": s["host_traps"],
                "native": s["retired"]["native"], "emulated": s["retired"]["emulated"], "wrong": s["wrong"]}
        for what, number in said.items():
            count.must(None, f"--stats: depth {s['depth']}: {what}", at[what], number)


def verify(trapeze, arguments, events, lists, claims, call_name, count):
    """Returns how many lists have been found in the text."""
    with tempfile.TemporaryDirectory() as folder:
        stats = os.path.join(folder, "stats")
        text = run.run_trapeze(trapeze, ["trace", "--lists", "--stats", stats] + arguments)
        with open(stats) as file:
            level = claims.vms.levels[0] if claims.vms.levels else None
            handed = level.trap.event if level and level.trap and level.handed else None
            verify_stats(json.load(file), events, handed, count)
    return verify_lists(text, events, lists, claims, call_name, count)
