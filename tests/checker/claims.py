"""claims.py - compares what the trace says of each event with what the checker knows of it."""
import machine
import mistakes
import sentences
from machine import NUMBER, PRIVILEGED, U, access_of


class Claims:
    def __init__(self, vms, lists, must, wrong):
        self.vms, self.lists, self.must, self.wrong = vms, lists, must, wrong
        self.mistakes = {}  # how many verdicts name each
        self.ended = {}     # by (level, event of the list's first trap): its end

    def event(self, e):
        if "seen" in e:
            getattr(self, e["kind"])(e, e["seen"])
            self.must(e, "parent", e["parent_due"], e["parent"])
            if e["kind"] not in ("tlbw", "tlbi"):
                kept = e.get("vmm_status", e.get("virtual_status"))
                self.must(e, "virtual STATUS, as the VMM keeps it", e["status_due"], (e.get("virtual_status"), kept))
        if e["kind"] != "end":
            self.lane(e, "from", *e["actor"])
            self.lane(e, "to", *e["then"])
        self.steps(e)

    def lane(self, e, which, number, role):
        system, separator = "host" if number == 0 else "vm1" + ".1" * (number - 1), " "
        if role != "kernel":
            separator = "/" if e[which][len(system):len(system) + 1] == "/" else " "
        lane = e[which][len(system):]
        right = lane in (" kernel", " idle") if role == "kernel" else lane[:1] == "/" or lane == " user"
        self.must(e, f"{which}: a lane of {system}, {role}", True, e[which].startswith(system) and right)
        if which == "from":
            self.must(e, "depth", number, e["depth"])

    # ---- the facts: the debugger shows the same ----

    def trap(self, e, seen):
        for register in ("a0", "a7"):
            self.must(e, register, seen.x[register], e[register])
        self.must(e, "instructions retired", seen.retired, e["retired"])
        words = [e["pc"], e["real_status"], e["timer"], NUMBER[e["cause"]], e["badva"], e["badinst"]]
        self.must(e, "the host's low core", seen.low[0][:6], words)
        self.must(e, "PC is the vector", seen.low[0][6], seen.pc)
        if e["cause"] == "PRIVILEGED":
            word = e["badinst"]
            values = [seen.x[machine.REGISTERS[f(word)]] for f in (machine.rs1, machine.rs2)]
            if PRIVILEGED[machine.opcode(word)] != "tlbi":
                self.must(e, "rs1, rs2", values, [e["rs1"], e["rs2"]])
        self.verdicts(e)

    def resume(self, e, seen):
        for register in ("a0", "a7"):
            self.must(e, register, seen.x[register], e[register])
        self.must(e, "instructions retired", seen.retired, e["retired"])
        self.must(e, "PC, STATUS, TIMER", [seen.pc, seen.status, seen.timer], [e["pc"], e["real_status"], e["timer"]])
        resumes = self.lists.resumes.get(e["event"], {0})
        self.must(e, "resumes", e["resumes"] if e["resumes"] in resumes else max(resumes), e["resumes"])

    def tlb_instruction(self, e, seen):
        word = seen.word[seen.pc]
        self.must(e, "instruction", e["kind"], PRIVILEGED.get(machine.opcode(word)))
        return word, seen.x[machine.REGISTERS[machine.rs1(word)]]

    def tlbi(self, e, seen):
        word, hi = self.tlb_instruction(e, seen)
        self.must(e, "hi, scope", [hi, word & 3], [e["hi"], e["scope"]])

    def tlbw(self, e, seen):
        word, hi = self.tlb_instruction(e, seen)
        lo = seen.x[machine.REGISTERS[machine.rs2(word)]]
        self.must(e, "slot, hi, lo", [e["slot_due"], hi, lo], [e["slot"], e["hi"], e["lo"]])

    def device(self, e, seen):
        word = seen.word[seen.pc]
        load = machine.WORD_ACCESS.get(machine.opcode(word)) == "LOAD"
        base = seen.x[machine.REGISTERS[machine.rs1(word)]]
        second = machine.REGISTERS[word >> 20 & 31]
        self.must(e, "pc, address", [seen.pc, base + machine.immediate(word) & 0xFFFFFFFF], [e["pc"], e["address"]])
        self.must(e, "access", "load" if load else "store", e["access"])
        if not load or second != "zero":
            self.must(e, "value", seen.later[second] if load else seen.x[second], e["value"])

    def mark(self, e, seen):
        word = seen.word[seen.pc]
        self.must(e, "instruction", machine.MARK, machine.opcode(word))
        a, b = machine.REGISTERS[machine.rs1(word)], machine.REGISTERS[word >> 20 & 31]
        self.must(e, "mark, a, b", [word & 0x7FFF, seen.x[a], seen.x[b]], [e["mark"], e["a"], e["b"]])

    # ---- verdicts ----

    def verdicts(self, e):
        number, role = e["actor"]
        self.must(e, "levels", list(range(1, number + 1)), [v["level"] for v in e["verdicts"]])
        for said in e["verdicts"]:
            outcomes = self.vms.outcomes.get(e["event"], {})
            outcome = outcomes.get(said["level"])
            if outcome is None:
                below = outcomes.get(said["level"] - 1)
                if not below and said["level"] == 1 or below and below["verdict"] == "reflect":
                    if said["verdict"] not in ("kill", "none"):
                        self.must(e, f"level {said['level']}: verdict", "kill or none", said["verdict"])
                    continue
                outcome = {"verdict": "host", "injected": False, "due": "?"}
            self.verdict(e, said, outcome)
        if e["verdicts"]:
            self.must(e, "verdict", e["verdicts"][-1]["verdict"], e["verdict"])

    def verdict(self, e, said, outcome):
        level = f"level {said['level']}"
        wrong = outcome.get("wrong")
        did = outcome.get("did", outcome["verdict"])
        self.must(e, f"{level}: verdict", "wrong" if wrong else outcome["verdict"], said["verdict"])
        self.must(e, f"{level}: wrong, did", (wrong, did if wrong else None), (said.get("wrong"), said.get("did")))
        if wrong:
            self.must(e, f"{level}: what is wrong", mistakes.sentence(e, outcome) or said.get("text"), said.get("text"))
            self.mistakes[wrong] = self.mistakes.get(wrong, 0) + 1
        self.must(e, f"{level}: injected", outcome["injected"], said["injected"])
        if "due" in said and outcome["due"] != "?":
            due = outcome["due"] if outcome["due"] in ("emulate", "fill") else "reflect"
            self.must(e, f"{level}: due", due, said["due"])
            self.must(e, f"{level}: due cause", outcome["due"] if due == "reflect" else None, said.get("due_cause"))
        self.must(e, f"{level}: seen cause", outcome.get("cause"), said.get("seen_cause"))
        fault = bool(access_of(e["cause"])) and not e["cause"].endswith("BUS")
        self.must(e, f"{level}: hidden fill", outcome["verdict"] == "host" and fault and not wrong, said["hidden_fill"])

    # ---- steps ----

    def steps(self, e):
        expected, said = self.lists.steps.get(e["event"], []), []
        for s in e.get("steps", []):
            if "end" in s:
                self.ended[s["level"], s["list_event"]] = s["end"]
            if "resumed elsewhere" in s["text"]:
                self.elsewhere(e, s)
            else:
                said.append(s)
        keys = [(s["list"], s["step"], s["level"], s["list_event"]) for s in said]
        needed = [x[:4] for x in expected if not x[5].get("optional") or x[:4] in keys]
        self.must(e, "steps (list, step, level, trap)", sorted(needed), sorted(keys))
        for s, key in zip(said, keys):
            alike = [x for x in expected if x[:4] == key]
            if alike:
                self.sentence(e, s, alike)

    def sentence(self, e, s, expected):
        """One event may be two steps of one number: then any of the two sentences."""
        right = [sentences.right(x[4], x[5]) for x in expected]
        self.must(e, f"{s['list']} {s['step']}: sentence", s["text"] if s["text"] in right else right[0], s["text"])
        end = [sentences.end(x[5]) for x in expected if x[4] == "back"]
        if end:
            self.must(e, f"{s['list']} {s['step']}: end", end[0], s.get("end"))

    def elsewhere(self, e, said):
        """The step says that a context that waits was resumed elsewhere."""
        at = self.lists.elsewhere.get(e["event"], {"waiting": []})
        for w in at["waiting"]:
            if (w.kind, w.level, w.trap.event) == (said["list"], said["level"], said["list_event"]):
                self.must(e, "resumed elsewhere", sentences.elsewhere(w, at), said["text"])
                ends = "makes again" in said["text"] or "that faulted" in said["text"]
                self.must(e, "end of a list elsewhere", "elsewhere" if ends else None, said.get("end"))
                return
        self.must(e, "resumed elsewhere", "no context waits that this is true of", said["text"])
