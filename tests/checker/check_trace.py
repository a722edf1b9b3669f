#!/usr/bin/env python3
"""check_trace.py - verifies what `trapeze trace` says of a run, without the recorder.

    tests/checker/check_trace.py BUILD/bin/trapeze [--tlb N] [--depth D] --image ELF

The words behind the command are the run's, as for `trapeze trace`. The checker

1. asks the debugger for the machine's state at each trap, resume and TLB write (run.py), and compares the facts;
2. plays each virtual machine by the manual's rules (machine.py): what must become of each trap, and which words must
   then be in the guest's low core. A VMM that did that has done what was due, and the verdict must say so;
3. derives from that which lists there are, which event is which step, and which process returned;
4. compares each sentence, and each number in it, with the machine's words (sentences.py).

The status is 0 if each statement holds. Else each false statement is printed (the first 40), and the status is 1. The
VMM is process 1 with ASID 1 of its kernel, as in each run of `trapeze` (the kernels around the innermost are ours)."""
import re
import sys

import machine
import run
import sentences
from machine import ASID, CALLS, IE, INTERRUPTS, NUMBER, PRIVILEGED, T, U, Machine, access_of

VMM_ASID = 1


class Trap:
    """A trap as the operating system at some level sees it. event: the event of the real trap."""

    def __init__(self, event, cause, pc, badva, badinst, x):
        self.event, self.cause, self.pc, self.badva, self.badinst = event, cause, pc, badva, badinst
        self.rs1 = x[machine.REGISTERS[machine.rs1(badinst)]]
        second = badinst >> 20 & 31 if machine.opcode(badinst) == 0x4A else machine.rs2(badinst)
        self.rs2, self.a0, self.a7 = x[machine.REGISTERS[second]], x["a0"], x["a7"]
        self.name = PRIVILEGED.get(machine.opcode(badinst)) if cause == "PRIVILEGED" else None


class List:
    """A list that has begun: trap `trap` of the context (asid, pc)."""

    def __init__(self, kind, trap, pc, cause):
        self.kind, self.trap, self.pc, self.loaded = kind, trap, pc, False
        self.right = machine.RIGHT.get(access_of(cause))  # what a TLB entry must allow


class Level:
    """The virtual machine of one level, and the VMM that runs it."""

    def __init__(self, number, entries, ram):
        self.number, self.vm, self.started = number, Machine(entries, ram), False
        self.trap = self.low = None       # what its VMM has to answer; the frame of its low core
        self.handed = self.filled = None  # the resume of its VMM; a TLB write of the kernel below for that trap
        self.shadow = self.rfe_words = None
        self.entry = None                 # (pc, cause): how the kernel below was entered with that trap
        self.handling, self.waiting, self.forgotten = [], {}, {}


def kind_of_list(cause):
    return {"SYSCALL": "syscall", "MISS": "tlb", "PROT": "protection"}.get(cause.split("_")[-1])


class Checker:
    def __init__(self, header, events, entries):
        self.depth, self.events, self.false, self.statements = header["depth"], events, [], 0
        ram = header["ram"]
        self.levels = [Level(n, entries, ram if n == self.depth else 0xF0000000) for n in range(1, self.depth + 1)]
        self.real_tlb = machine.Tlb(entries)
        self.page_0, self.verdicts, self.steps, self.resumes, self.elsewhere = {}, {}, {}, {}, {}
        self.later_page_0 = {}
        for e in reversed(events):
            if e["kind"] == "tlbw" and e["hi"] >> 12 == 0:
                self.later_page_0[e["hi"] & 0xFF] = e["lo"] & ~0xFFF
        self.lists, self.counts = 0, {}

    def must(self, e, what, expected, said):
        self.statements += 1
        if expected != said:
            self.false.append(f"#{e['event']} {what}: it is {expected!r}, but the trace says {said!r}")

    # ---- facts: the debugger shows the same ----

    def facts(self, e):
        seen = e["seen"]
        if e["kind"] in ("trap", "resume"):
            self.must(e, "instructions retired", seen.retired, e["retired"])
            for register in ("a0", "a7"):
                self.must(e, register, seen.x[register], e[register])
        if e["kind"] == "trap":
            words = [e["pc"], e["real_status"], e["timer"], NUMBER[e["cause"]], e["badva"], e["badinst"]]
            self.must(e, "the host's low core", seen.low[0][:6], words)
            self.must(e, "PC is the vector", seen.low[0][6], seen.pc)
        if e["kind"] == "resume":
            self.must(e, "PC, STATUS, TIMER", [seen.pc, seen.status, seen.timer],
                      [e["pc"], e["real_status"], e["timer"]])
        if e["kind"] in ("tlbw", "tlbi"):
            self.tlb_facts(e, seen)

    def tlb_facts(self, e, seen):
        word = seen.word[seen.pc]
        hi = seen.x[machine.REGISTERS[machine.rs1(word)]]
        self.must(e, "instruction", e["kind"], PRIVILEGED.get(machine.opcode(word)))
        if e["kind"] == "tlbi":
            self.must(e, "hi, scope", [hi, word & 3], [e["hi"], e["scope"]])
            self.real_tlb.invalidate(word & 3, hi)
            return
        lo = seen.x[machine.REGISTERS[machine.rs2(word)]]
        self.must(e, "slot, hi, lo", [self.real_tlb.write(hi, lo), hi, lo], [e["slot"], e["hi"], e["lo"]])

    # ---- low cores of guests ----

    def low_core(self, level, e, real_status):
        """The words of the VM's low core at event e, at which it runs or has just trapped."""
        if not level.vm.status & T:
            asid = real_status >> 8
            level.low = self.page_0.get(asid, self.later_page_0.get(asid, level.low))
        return e["seen"].low.get(level.low)

    # ---- the operating system below a level traps, and resumes ----

    def trapped(self, index, trap, e):
        """The machine below levels[index] took that trap while a VM at this level ran."""
        level = self.levels[index]
        level.trap, level.handed, level.filled, level.shadow = trap, None, False, None

    def resumed_vmm(self, index, e):
        level = self.levels[index]
        if level.trap and not level.handed:
            level.handed = e["event"]

    def written(self, index, event, hi, lo):
        """The kernel below levels[index] wrote a TLB entry."""
        level = self.levels[index]
        if level.trap:
            level.filled = level.filled or not level.handed
            if level.trap.name == "tlbw" and not (level.trap.rs1 ^ hi) >> 12:
                level.shadow = (hi, lo)

    def resumed_vm(self, index, e, real_status):
        """The machine below resumed a VM at this level, at e: the trap at hand has been answered."""
        level = self.levels[index]
        level.started = True
        if not level.trap:
            return
        trap, level.trap = level.trap, None
        outcome = self.play(level, trap, e, real_status)
        self.verdicts.setdefault(trap.event, {})[level.number] = outcome
        self.count(level, trap, outcome)
        context = self.in_vm(level, outcome["before"])
        if outcome["verdict"] in ("fill", "host"):
            if context and index + 1 < self.depth:
                self.resumed_vm(index + 1, e, real_status)
            return
        if outcome["verdict"] == "reflect":
            self.reflected(level, trap, e, outcome, context)
            if context and index + 1 < self.depth:
                inner = Trap(trap.event, outcome["cause"], trap.pc, outcome["low"][4], trap.badinst, e["seen"].x)
                inner.rs1, inner.rs2, inner.a0, inner.a7 = trap.rs1, trap.rs2, trap.a0, trap.a7
                self.trapped(index + 1, inner, e)
                self.levels[index + 1].entry = (e["pc"], outcome["low"][3])
            return
        self.emulated(index, trap, e, outcome)

    def in_vm(self, level, status):
        """With this virtual STATUS, does a VM inside run? Its VMM has ASID 1."""
        return level.number < self.depth and bool(status & U) and status >> 8 != VMM_ASID

    # ---- what must have become of a trap ----

    def play(self, level, trap, e, real_status):
        """Plays the virtual machine, and compares it with the real one. Returns what must be said."""
        vm, outcome = level.vm, {"before": level.vm.status, "injected": False, "handed": level.handed}
        due = vm.due(trap) if trap.cause not in INTERRUPTS else "interrupt"
        outcome["due"] = due
        pc, after = trap.pc, trap.cause
        if due == "emulate":
            pc, outcome["verdict"] = vm.emulate(trap, level.rfe_words), "emulate"
        elif due in ("fill", "interrupt"):
            outcome["verdict"] = "fill" if level.handed else "host"
        else:
            return self.entered(level, trap, e, real_status, outcome, due, pc)
        cause = self.interrupt(level, e, real_status, pc)
        if cause and due == "interrupt":
            return self.entered(level, trap, e, real_status, outcome, cause, pc)
        if cause:
            outcome["injected"] = True
            return self.entered(level, trap, e, real_status, outcome, cause, pc)
        if due == "interrupt" and level.handed:
            self.false.append(f"#{trap.event}: the VMM was entered with an interrupt that is not its guest's")
        self.must(e, f"level {level.number}: where the guest goes on", pc, e["pc"])
        return outcome

    def interrupt(self, level, e, real_status, pc):
        """The interrupt that the machine takes before the next instruction, or None."""
        vm = level.vm
        if not vm.status & IE:
            return None
        if vm.timer == 0:
            return "TIMER"
        if e["pc"] == pc and not vm.timer is None:
            return None
        asid = real_status >> 8
        frame = self.page_0.get(asid, self.later_page_0.get(asid))
        low = e["seen"].low.get(frame)
        if not low or low[6] != e["pc"] or low[0] != pc or low[1] != vm.status:
            return None
        if low[3] == 2 and vm.rx_ie:
            return "DEVICE"
        if low[3] == 1 and vm.timer is None:
            vm.timer = 0
            return "TIMER"
        return None

    def entered(self, level, trap, e, real_status, outcome, cause, pc):
        """The guest's kernel must have been entered with that cause."""
        vm, interrupt = level.vm, cause in INTERRUPTS
        old, vm.status = vm.status, vm.status & ASID
        low = self.low_core(level, e, real_status)
        if low is None:
            self.false.append(f"#{e['event']}: where is the low core of level {level.number}?")
            low = [0] * 7
        if vm.timer is None:
            vm.timer = low[2]
        expected = [pc, old, vm.timer, NUMBER[cause], 0 if interrupt else trap.badva, 0 if interrupt else trap.badinst]
        self.must(e, f"level {level.number}: {cause} (trap #{trap.event}) in the guest's low core", expected, low[:6])
        self.must(e, f"level {level.number}: the guest runs at its vector", low[6], e["pc"])
        if not outcome["injected"]:
            outcome["verdict"] = "reflect"
        outcome.update(cause=cause, low=low, returns_to=old)
        level.handling.append(trap)
        return outcome

    # ---- lists ----

    def step(self, event, kind, number, level, trap, sentence, **values):
        self.steps.setdefault(event, []).append((kind, number, level.number, trap.event, sentence, values))

    def reflected(self, level, trap, e, outcome, inside):
        if not outcome["before"] & U or inside:
            return
        kind = kind_of_list(outcome["cause"])
        wait = self.waits(level, outcome["before"], List(kind, trap, trap.pc, outcome["cause"]))
        if not kind:
            return
        self.lists += 1
        host = self.host(level)
        call = kind == "syscall"
        own = level.number == 1
        low = self.by_event[trap.event]["seen"].low[0]
        entry_pc, entry_cause = (low[0], low[3]) if own else level.entry
        self.step(trap.event, kind, 1, level, trap, "called" if call else "missed", host=host, own=own, pc=trap.pc,
                  a7=trap.a7, entry=entry_pc, cause=entry_cause, badva=trap.badva,
                  lane=self.by_event[trap.event]["from"], protection=kind == "protection")
        self.hand(level, kind, 1 if call else 2, trap, outcome["handed"])
        self.step(e["event"], kind, 2 if call else 3, level, trap, "reflected", lane=e["to"], pc=e["pc"],
                  low=outcome["low"], a7=e["seen"].x["a7"], a0=e["seen"].x["a0"],
                  same=(e["seen"].x["a7"], e["seen"].x["a0"]) == (trap.a7, trap.a0))
        wait.badva = trap.badva

    def waits(self, level, status, wait):
        """A context waits for the kernel. What waited in its address space before is forgotten, unless it goes on."""
        key = status & (ASID | T)
        if key in level.waiting:
            level.forgotten.setdefault(key, []).append(level.waiting[key])
        level.waiting[key] = wait
        return wait

    def host(self, level):
        return ("host" if level.number == 1 else "vm1" + ".1" * (level.number - 2)) + " kernel"

    def hand(self, level, kind, number, trap, handed):
        if not handed:
            self.false.append(f"#{trap.event}: answered by a VMM that never ran")
            return
        e = self.by_event[handed]
        self.step(handed, kind, number, level, trap, "handed", host=self.host(level), lane=e["to"], pc=e["pc"],
                  a0=e["seen"].x["a0"])

    def emulated(self, index, trap, e, outcome):
        level = self.levels[index]
        inner = index + 1 if index + 1 < self.depth else None
        if trap.name == "tlbw":
            if inner:
                self.written(inner, trap.event, trap.rs1, trap.rs2)
            if not outcome["injected"]:
                self.loaded(level, trap, e, outcome)
        if trap.name != "rfe":
            return
        status = outcome.get("returns_to", level.vm.status)
        if outcome["injected"]:
            entry = level.handling.pop()
            self.leave(level, status)
            level.handling.append(entry)
            if status & U and not self.in_vm(level, status):
                self.interrupted(level, trap, outcome["low"][0], status)
            return
        self.leave(level, status)
        if not status & U:
            return
        if self.in_vm(level, status):
            if inner:
                self.resumed_vm(inner, e, e["real_status"])
            return
        if inner and status >> 8 == VMM_ASID:
            self.resumed_vmm(inner, e)
        self.returned(level, trap, e, status, outcome)

    def leave(self, level, status):
        if status & U:
            level.handling.clear()
        elif level.handling:
            level.handling.pop()

    def loaded(self, level, trap, e, outcome):
        """The guest's kernel has loaded a TLB entry: perhaps the one that is missing."""
        if not level.handling:
            return
        for wait in level.waiting.values():
            if wait.trap is level.handling[-1] and wait.kind in ("tlb", "protection") and not wait.loaded:
                if (wait.badva ^ trap.rs1) >> 12 or not trap.rs2 & (wait.right if wait.kind == "protection" else 7):
                    return
                wait.loaded = True
                low = self.by_event[trap.event]["seen"].low[0]
                pc, cause = (None, low[3]) if level.number == 1 else level.entry
                self.step(trap.event, wait.kind, 4, level, wait.trap, "executed",
                          lane=self.by_event[trap.event]["from"], word=trap.badinst, pc=trap.pc, hi=trap.rs1,
                          lo=trap.rs2)
                self.step(trap.event, wait.kind, 5, level, wait.trap, "privileged", host=self.host(level), entry=pc,
                          cause=cause, word=trap.badinst)
                self.hand(level, wait.kind, 6, wait.trap, outcome["handed"])
                self.step(e["event"], wait.kind, 7, level, wait.trap, "adjusted", host=self.host(level),
                          lane=e["to"], pc=e["pc"], shadow=level.shadow)
                return

    def interrupted(self, level, trap, pc, status):
        """An rfe led to pc, but the VMM injected an interrupt before the first instruction there."""
        wait = level.waiting.get(status & (ASID | T))
        if not wait or wait.pc != pc:
            self.waits(level, status, List(None, trap, pc, "TIMER"))

    def returned(self, level, trap, e, status, outcome):
        key = status & (ASID | T)
        wait = level.waiting.get(key)
        if not wait or wait.pc != e["pc"]:
            others = level.forgotten.get(key, []) + ([wait] if wait else [])
            self.elsewhere[e["event"]] = {"lane": e["to"], "pc": e["pc"], "asid": status >> 8, "waiting": others}
            return
        del level.waiting[key]
        self.resumes[e["event"]] = wait.trap.event
        if not wait.kind:
            return
        call = wait.kind == "syscall"
        low = self.by_event[trap.event]["seen"].low[0]
        self.step(trap.event, wait.kind, 3 if call else 0, level, wait.trap, "rfe",
                  lane=self.by_event[trap.event]["from"], pc=trap.pc, cause=low[3], word=low[5],
                  target=level.rfe_words[0])
        self.step(e["event"], wait.kind, 4 if call else 0, level, wait.trap, "back", lane=e["to"], pc=e["pc"],
                  a0=e["seen"].x["a0"], call=call, loaded=wait.loaded, protection=wait.kind == "protection",
                  entry=None if call else level.vm.tlb.find(wait.trap.badva >> 12, status >> 8), right=wait.right)

    def count(self, level, trap, outcome):
        if outcome["handed"]:
            self.counts[level.number, "exits"] = self.counts.get((level.number, "exits"), 0) + 1
        self.counts[level.number, outcome["verdict"]] = self.counts.get((level.number, outcome["verdict"]), 0) + 1

    # ---- the run ----

    def context(self):
        """The level whose operating system or process runs: 0 = none of a VM's has begun; and its STATUS there."""
        number = 0
        for level in self.levels:
            if not level.started:
                break
            number = level.number
            if not self.in_vm(level, level.vm.status):
                break
        return number

    def play_trap(self, e):
        status = e["real_status"]
        if not status & U or status >> 8 == VMM_ASID:
            return
        number = self.context()
        ran = e["retired"] - self.resumed_at
        for level in self.levels[:number]:
            level.vm.ran(ran)
        trap = Trap(e["event"], e["cause"], e["pc"], e["badva"], e["badinst"], e["seen"].x)
        innermost = self.levels[number - 1]
        self.must(e, "virtual STATUS", innermost.vm.status, e.get("virtual_status"))
        self.lane(e, "from", number, innermost.vm.status)
        if trap.name == "rfe" and not innermost.vm.status & U:
            innermost.rfe_words = self.low_core(innermost, e, status)
        self.trapped(0, trap, e)

    def play_resume(self, e):
        status = e["real_status"]
        self.resumed_at = e["retired"]
        if not status & U:
            return
        if status >> 8 == VMM_ASID:
            self.resumed_vmm(0, e)
            return
        self.resumed_vm(0, e, status)
        number = self.context()
        innermost = self.levels[number - 1]
        self.must(e, "virtual STATUS", innermost.vm.status, e.get("virtual_status"))
        self.lane(e, "to", number, innermost.vm.status)

    def lane(self, e, which, number, status):
        self.must(e, f"the lane ({which}) is in the VM", "vm1" + ".1" * (number - 1), re.split("[ /]", e[which])[0])
        self.must(e, f"the lane ({which}) is a kernel", not status & U, e[which].endswith((" kernel", " idle")))

    def play_run(self):
        self.by_event = {e["event"]: e for e in self.events}
        self.resumed_at = 0
        for e in self.events:
            if "seen" in e:
                self.facts(e)
            if e["kind"] == "tlbw":
                if e["hi"] >> 12 == 0:
                    self.page_0[e["hi"] & 0xFF] = e["lo"] & ~0xFFF
                self.written(0, e["event"], e["hi"], e["lo"])
            if e["kind"] == "trap":
                self.play_trap(e)
            if e["kind"] == "resume":
                self.play_resume(e)

    # ---- what the trace says ----

    def compare(self):
        for e in self.events:
            if e["kind"] == "trap":
                self.compare_verdicts(e)
            if e["kind"] == "resume":
                self.must(e, "resumes", self.resumes.get(e["event"], 0), e["resumes"])
            self.compare_steps(e)

    def compare_verdicts(self, e):
        for said in e["verdicts"]:
            outcomes = self.verdicts.get(e["event"], {})
            number = said["level"]
            outcome = outcomes.get(number)
            if outcome is None:
                below = outcomes.get(number - 1)
                if not below and number == 1 or below and below["verdict"] == "reflect":
                    if said["verdict"] not in ("kill", "none"):
                        self.must(e, f"level {number}: verdict", "kill or none", said["verdict"])
                    continue
                outcome = {"verdict": "host", "injected": False, "due": "?"}
            self.must(e, f"level {number}: verdict", outcome["verdict"], said["verdict"])
            self.must(e, f"level {number}: injected", outcome["injected"], said["injected"])
            if "due" in said and outcome["due"] != "?":
                due = outcome["due"] if outcome["due"] in ("emulate", "fill") else "reflect"
                self.must(e, f"level {number}: due", due, said["due"])
                self.must(e, f"level {number}: due cause", outcome["due"] if due == "reflect" else None,
                          said.get("due_cause"))
            self.must(e, f"level {number}: seen cause", outcome.get("cause"), said.get("seen_cause"))
            fault = bool(access_of(e["cause"])) and not e["cause"].endswith("BUS")
            self.must(e, f"level {number}: hidden fill", outcome["verdict"] == "host" and fault, said["hidden_fill"])
        if e["verdicts"]:
            self.must(e, "verdict", e["verdicts"][-1]["verdict"], e["verdict"])

    def compare_elsewhere(self, e, said):
        """The step says that a context that waits was resumed elsewhere."""
        at = self.elsewhere.get(e["event"], {"lane": "", "pc": 0, "asid": 0, "waiting": []})
        for wait in at["waiting"]:
            if wait.trap.event == said["list_event"] and wait.kind == said["list"]:
                self.must(e, "resumed elsewhere", True, sentences.is_elsewhere(wait, at, said["text"]))
                return
        self.must(e, "resumed elsewhere", "no context waits that could have been", said["text"])

    def compare_steps(self, e):
        expected = self.steps.get(e["event"], [])
        said = []
        for s in e.get("steps", []):
            if "resumed elsewhere" in s["text"]:
                self.compare_elsewhere(e, s)
            else:
                said.append(s)
        self.must(e, "steps (list, step, level, trap)", sorted(s[:4] for s in expected),
                  sorted((s["list"], s["step"], s["level"], s["list_event"]) for s in said))
        for s in said:
            for x in expected:
                if x[:4] == (s["list"], s["step"], s["level"], s["list_event"]):
                    wrong = sentences.wrong(x[4], x[5], s["text"])
                    self.statements += 1
                    if not wrong:
                        break
            else:
                if any(x[:4] == (s["list"], s["step"], s["level"], s["list_event"]) for x in expected):
                    self.false.append(f"#{e['event']} {s['list']} {s['step']}: {wrong}: {s['text']}")


def option(arguments, name, default):
    return int(arguments[arguments.index(name) + 1]) if name in arguments else default


def main():
    trapeze, arguments = sys.argv[1], ["--input", "/dev/null"] + sys.argv[2:]
    header, events = run.read_trace(trapeze, arguments)
    frames = run.page_0_frames(events)
    run.ask(trapeze, arguments, [e for e in events if e["kind"] in ("trap", "resume", "tlbw", "tlbi")], frames)
    checker = Checker(header, events, option(arguments, "--tlb", 256))
    checker.play_run()
    checker.compare()
    for line in checker.false[:40]:
        print(line)
    print(f"{checker.lists} lists, {len(checker.verdicts)} traps, {checker.statements} statements, "
          f"{len(checker.false)} false")
    return 1 if checker.false else 0


if __name__ == "__main__":
    sys.exit(main())
