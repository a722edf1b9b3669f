"""lists.py - which lists there are in a run, which event is which step, and which list a return belongs to.

The recorder must find out from PC, STATUS and registers which of the processes that wait goes on. The checker knows:
a kernel of the tests keeps the address of its running task in a word of its low core (--task), and our own kernel
marks its processes. So this file is right where the recorder may be mistaken."""
import machine
import para
from machine import ASID, T, U, access_of

RETURN_ADDRESS, STACK = "ra", "sp"


class Wait:
    """A user context has trapped at `pc`, and its kernel handles that. kind: of the list that began, or None."""

    def __init__(self, kind, trap, pc, status, who, cause):
        self.kind, self.trap, self.pc, self.status, self.who = kind, trap, pc, status, who
        self.place = (trap.x[STACK], trap.x[RETURN_ADDRESS])
        self.right = machine.RIGHT.get(access_of(cause))  # what a TLB entry must allow
        self.loaded = self.came_back = self.elsewhere = self.over = self.invalidated = False

    def restarts(self, pc):
        """Does it end if its task goes on at pc: at its call, or behind the instruction that faulted?"""
        return pc == (self.pc - 4 if self.kind == "syscall" else self.pc + 4)


def kind_of_list(cause):
    return {"SYSCALL": "syscall", "MISS": "tlb", "PROT": "protection"}.get(cause.split("_")[-1])


class Lists:
    """task: the offset of the word in the innermost guest's low core that says which task runs; "asid": its ASID does;
    None: there is one task only."""

    def __init__(self, header, image, task, wrong):
        self.depth, self.image, self.task, self.wrong = header["depth"], image, task, wrong
        self.waiting, self.all, self.steps, self.resumes, self.elsewhere = [], [], {}, {}, {}
        self.vms = None  # set by its maker

    # ---- who runs? ----

    def who(self, level, e, status):
        if level.number < self.depth or not self.image:
            return level.number, level.child
        if self.task == "asid":
            return level.number, status >> 8
        low = e["seen"].low.get(level.low) if self.task is not None else None
        return level.number, low[self.task // 4] if low else 0

    def host(self, level):
        return ("host" if level.number == 1 else "vm1" + ".1" * (level.number - 2)) + " kernel"

    def lane(self, trap):
        return self.vms.by_event[trap.event]["from"]

    def step(self, event, kind, number, level, trap, sentence, **values):
        self.steps.setdefault(event, []).append((kind, number, level.number, trap.event, sentence, values))

    def hand(self, level, kind, number, trap, handed):
        if not handed and self.vms.paravirtual:
            return  # the hypervisor has answered
        if not handed:
            self.wrong(self.vms.by_event[trap.event], "answered by a VMM that never ran")
            return
        e = self.vms.by_event[handed]
        self.step(handed, kind, number, level, trap, "handed", host=self.host(level), lane=e["to"], pc=e["pc"],
                  a0=e["seen"].x["a0"], returns=e["vm_run_returns"])

    # ---- a list begins ----

    def reflected(self, level, trap, e, outcome, inside):
        if not outcome["before"] & U or inside:
            return
        kind = kind_of_list(outcome["cause"])
        before = outcome["before"]
        who = self.who(level, self.vms.by_event[trap.event], before)
        wait = Wait(kind, trap, trap.pc, before, who, outcome["cause"])
        wait.level, wait.badva = level.number, trap.badva
        self.waiting.append(wait)
        if not kind:
            return
        self.all.append(wait)
        call, own = kind == "syscall", level.number == 1
        low = self.vms.by_event[trap.event]["seen"].low[0]
        pc, cause = (low[0], low[3]) if own else level.entry
        self.step(trap.event, kind, 1, level, trap, "called" if call else "missed", host=self.host(level), own=own,
                  pc=trap.pc, a7=trap.a7, entry=pc, cause=cause, badva=trap.badva, lane=self.lane(trap),
                  protection=kind == "protection")
        self.hand(level, kind, 1 if call else 2, trap, outcome["handed"])
        x = e["seen"].x
        self.step(e["event"], kind, 2 if call else 3, level, trap, "reflected", lane=e["to"], pc=e["pc"],
                  below=self.below(outcome),
                  low=outcome["low"], a7=x["a7"], a0=x["a0"], same=(x["a7"], x["a0"]) == (trap.a7, trap.a0))

    # ---- the kernel loads and invalidates entries ----

    def is_for(self, wait, level, hi, lo):
        return (wait.level == level.number and wait.kind in ("tlb", "protection") and not wait.loaded
                and wait.status & T and not (wait.badva ^ hi) >> 12 and wait.status >> 8 == hi & 0xFF
                and lo & (wait.right if wait.kind == "protection" else 7))

    def loaded(self, level, trap, e, outcome):
        """A TLB entry: perhaps one that is missing."""
        wait = next((w for w in reversed(self.waiting) if self.is_for(w, level, trap.rs1, trap.rs2)), None)
        if not wait:
            return
        wait.loaded = True
        low = self.vms.by_event[trap.event]["seen"].low[0]
        pc, cause = (None, low[3]) if level.number == 1 else level.entry
        self.step(trap.event, wait.kind, 4, level, wait.trap, "executed", lane=self.lane(trap), word=trap.badinst,
                  pc=trap.pc, hi=trap.rs1, lo=trap.rs2)
        self.step(trap.event, wait.kind, 5, level, wait.trap, "privileged", host=self.host(level), entry=pc,
                  cause=cause, word=trap.badinst)
        self.hand(level, wait.kind, 6, wait.trap, outcome["handed"])
        self.step(e["event"], wait.kind, 7, level, wait.trap, "adjusted", host=self.host(level), lane=e["to"],
                  pc=e["pc"], shadow=level.shadow)

    def below(self, outcome):
        """Has the hypervisor, and no VMM, answered?"""
        return self.vms.paravirtual and not outcome["handed"]

    def asked(self, level, trap):
        """A queue is carried out: its first entry that is missing."""
        for hi, lo in trap.queue:
            wait = next((w for w in reversed(self.waiting) if self.is_for(w, level, hi, lo)), None)
            if wait and hi & 0xF00 == para.ENTRY:
                wait.loaded = True
                self.step(trap.event, wait.kind, 4, level, wait.trap, "asked", lane=self.lane(trap), hi=hi, lo=lo)
                return

    def invalidated(self, level, trap):
        scope = trap.badinst & 3
        for w in self.waiting:
            if w.level == level.number and (scope == 0 or scope == 1 and w.status >> 8 == trap.rs1 & 0xFF):
                w.invalidated = True

    # ---- the kernel returns ----

    def find(self, level, who, pc, x):
        place = (x[STACK], x[RETURN_ADDRESS])
        mine = [w for w in self.waiting if w.level == level.number and w.who == who]
        return next((w for w in reversed(mine) if w.pc == pc and w.place == place), None), mine

    def interrupted(self, level, trap, e, status, outcome):
        """An rfe or mtst led to a user context, but the VMM injected an interrupt before its next instruction."""
        x, pc, who = e["seen"].x, outcome["low"][0], self.who(level, e, status)
        wait, _ = self.find(level, who, pc, x)
        if wait:
            if wait.kind and not wait.came_back:
                self.leaving(level, trap, wait)
            wait.came_back = True
            return
        wait = Wait(None, trap, pc, status, who, "TIMER")
        wait.level, wait.place = level.number, (x[STACK], x[RETURN_ADDRESS])
        self.waiting.append(wait)

    def by_itself(self, level, who, e):
        """A context of that task to which the program gets on its own before the next event, and its registers there:
        after a jump by which its kernel returns, or an upcall that returns without a call."""
        for x in e["seen"].way:
            wait, _ = self.find(level, who, x["pc"], x)
            if wait and wait.kind:
                return wait, x
        return None, None

    def goes_on(self, level, trap, e, status, outcome):
        who, pc, x, optional = self.who(level, e, status), e["pc"], e["seen"].x, False
        wait, mine = self.find(level, who, pc, x)
        if not (wait and wait.kind):
            behind, there = self.by_itself(level, who, e)
            if behind:
                if wait:
                    self.waiting.remove(wait)
                wait, pc, x, optional = behind, there["pc"], there, True
        if not wait:
            for w in mine:
                w.elsewhere = True
            self.elsewhere[e["event"]] = {"lane": e["to"], "pc": pc, "asid": status >> 8, "waiting": mine,
                                          "translated": bool(status & T), "sp": x[STACK]}
            place = (x[STACK], x[RETURN_ADDRESS])
            self.waiting = [w for w in self.waiting if w not in mine or w.place != place or not w.restarts(pc)]
            return
        self.waiting.remove(wait)
        wait.over = True
        self.resumes[e["event"]] = {wait.trap.event, 0} if optional else {wait.trap.event}
        if not wait.kind:
            return
        if not wait.came_back:
            self.leaving(level, trap, wait, optional)
        call = wait.kind == "syscall"
        self.step(e["event"], wait.kind, 4 if call else 0, level, wait.trap, "back", lane=e["to"], pc=e["pc"],
                  optional=optional, jumps=pc if optional else None, a0=x["a0"], call=call, loaded=wait.loaded,
                  below=self.below(outcome), paravirtual=self.vms.paravirtual,
                  protection=wait.kind == "protection", right=wait.right,
                  entry=None if call else level.vm.tlb.find(wait.badva >> 12, status >> 8))

    def leaving(self, level, trap, wait, optional=False):
        """The trap of the instruction that leaves the kernel: the evidence is its own."""
        low = self.vms.by_event[trap.event]["seen"].low[0]
        self.step(trap.event, wait.kind, 3 if wait.kind == "syscall" else 0, level, wait.trap,
                  "called_iret" if trap.cause == "HCALL" else "leaves",
                  optional=optional, lane=self.lane(trap), pc=trap.pc, cause=low[3], word=low[5], status=trap.rs1,
                  target=level.rfe_words[0] if trap.name == "rfe" else None)
