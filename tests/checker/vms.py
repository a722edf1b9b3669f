"""vms.py - plays the virtual machines of a run by the manual's rules (machine.py), event by event.

The machine's own events drive it: real traps, resumes and TLB writes. From these follow, level by level, which traps
the virtual machines must have met, and which words must then be in the guests' low cores. `lists` (lists.py) is told
what each guest's kernel does. The VMM is process 1 with ASID 1 of its kernel, as in each run of `trapeze`."""
import machine
import mistakes
import para
from levels import Level, Trap
from machine import ASID, IE, INTERRUPTS, NUMBER, T, U, access_of

VMM_ASID = 1
MARK_PROC, MARK_VM = 1, 2
VM_RUN = 22  # the number of our kernel's system call
UNKNOWN_RAM = 0xF0000000  # a VM with a kernel of ours inside: all below the devices


class Vms:
    """events: with what the debugger shows, as .["seen"]. must(e, what, expected, said): compares and counts."""

    def __init__(self, header, events, entries, must, wrong, lists, paravirtual=False):
        self.paravirtual, guest = paravirtual, para.Guest if paravirtual else machine.Machine
        self.depth, self.events, self.must, self.wrong, self.lists = header["depth"], events, must, wrong, lists
        self.levels = [Level(n, entries, header["ram"] if n == self.depth else UNKNOWN_RAM, guest)
                       for n in range(1, self.depth + 1)]
        self.by_event = {e["event"]: e for e in events}
        self.real_tlb = machine.Tlb(entries)
        self.page_0, self.later_page_0 = {}, {}
        self.outcomes = {}                # by trap and level: what became of it
        self.runs = (0, "kernel")         # level and role: kernel, user or vmm
        self.real_trap, self.resumed_at = 0, 0
        self.beside = mistakes.Beside(self.levels[0].vm, self.real_tlb) if self.levels else None
        for e in reversed(events):
            if e["kind"] == "tlbw" and e["hi"] >> 12 == 0:
                self.later_page_0[e["hi"] & 0xFF] = e["lo"] & ~0xFFF

    # ---- low cores of guests ----

    def low_core(self, level, e, real_status):
        """The words of the VM's low core at event e, at which it runs or has just trapped."""
        if not level.vm.status & T:
            asid = real_status >> 8
            level.low = self.page_0.get(asid, self.later_page_0.get(asid, level.low))
        return e["seen"].low.get(level.low)

    # ---- the operating system below a level traps, and resumes ----

    def trapped(self, index, trap):
        """The machine below levels[index] took that trap while a VM at this level ran."""
        level = self.levels[index]
        level.trap, level.handed, level.filled, level.shadow = trap, None, False, None

    def resumed_vmm(self, index, e):
        level = self.levels[index]
        if level.trap and not level.handed:
            level.handed = e["event"]
            e["vm_run_returns"] = level.vm_run == e["pc"]
        level.vm_run = None

    def written(self, index, hi, lo):
        """The kernel below levels[index] wrote a TLB entry."""
        level = self.levels[index]
        if level.trap:
            level.filled = level.filled or not level.handed
            tlbw = level.trap.name == "tlbw"
            page = level.trap.rs1 if tlbw else level.trap.badva if access_of(level.trap.cause) else None
            if page is not None and not (page ^ hi) >> 12:
                level.shadow = (hi, lo)

    def resumed_vm(self, index, e, real_status):
        """The machine below resumed a VM at this level, at e: the trap at hand has been answered."""
        level = self.levels[index]
        level.started = True
        if index == 0:
            self.beside.runs(e, real_status)
        if not level.trap:
            return
        trap, level.trap = level.trap, None
        outcome = self.play(level, trap, e, real_status)
        if index == 0 and not self.paravirtual:
            self.look_beside(trap, level.shadow, e, real_status, outcome)
        self.outcomes.setdefault(trap.event, {})[level.number] = outcome
        inside = self.in_vm(level, outcome["before"])
        if outcome.get("wrong") in ("action", "cause", "filled-below"):
            return
        if outcome["verdict"] in ("fill", "host"):
            if inside:
                self.resumed_vm(index + 1, e, real_status)
        elif outcome["verdict"] == "reflect":
            self.lists.reflected(level, trap, e, outcome, inside)
            if inside:
                inner = Trap(trap.event, outcome["cause"], trap.pc, outcome["low"][4], trap.badinst, trap.x)
                inner.rs1, inner.rs2, inner.queue, inner.name = trap.rs1, trap.rs2, trap.queue, trap.name
                self.trapped(index + 1, inner)
                self.levels[index + 1].entry = (e["pc"], outcome["low"][3])
        else:
            self.emulated(index, trap, e, outcome)

    def in_vm(self, level, status):
        """With this virtual STATUS, does a VM inside run?"""
        return level.number < self.depth and bool(status & U) and status >> 8 != VMM_ASID

    # ---- what must have become of a trap ----

    def play(self, level, trap, e, real_status):
        """Plays the virtual machine, and compares it with the real one. Returns what must be said."""
        vm, outcome = level.vm, {"before": level.vm.status, "injected": False, "handed": level.handed}
        outcome["entry"] = vm.tlb.find(trap.badva >> 12, vm.status >> 8 & 0xFF)
        due = vm.due(trap) if trap.cause not in INTERRUPTS else "interrupt"
        if self.paravirtual and due == "fill" and vm.may_miss(trap, self.at_vector(e, real_status)):
            due = access_of(trap.cause) + "_MISS"
        outcome["due"], outcome["pc"] = due, e["pc"]
        pc = trap.pc
        if due != "interrupt":
            did = self.deed(level, trap, e, real_status, due)
            if did != due:
                return self.mistaken(level, trap, outcome, did, self.at_vector(e, real_status))
        if due == "emulate":
            pc, outcome["verdict"] = vm.emulate(trap, level.rfe_words), "emulate"
        elif due in ("fill", "interrupt"):
            outcome["verdict"] = "fill" if level.handed else "host"
        else:
            return self.entered(level, trap, e, real_status, outcome, due, pc)
        outcome["status"], outcome["timer"] = vm.status, vm.timer
        cause = self.interrupt(level, e, real_status, pc)
        outcome["injected"] = bool(cause) and due != "interrupt"
        if cause:
            return self.entered(level, trap, e, real_status, outcome, cause, pc)
        if due == "interrupt" and level.handed:
            self.wrong(e, f"the VMM was entered with an interrupt (trap #{trap.event}) that is not its guest's")
        self.must(e, f"level {level.number}: where the guest goes on", pc, e["pc"])
        return outcome

    def at_vector(self, e, real_status):
        """The guest's low core if the guest runs at its vector there, else None."""
        asid = real_status >> 8
        low = e["seen"].low.get(self.page_0.get(asid, self.later_page_0.get(asid)))
        return low if low and low[6] == e["pc"] else None

    def deed(self, level, trap, e, real_status, due):
        if level.handed:
            return mistakes.deed(trap, e["pc"], self.at_vector(e, real_status), level.rfe_words, due)
        return "fill" if level.filled and access_of(trap.cause) else due

    def mistaken(self, level, trap, outcome, did, low):
        """The VMM did something else than was due."""
        vm, cause = level.vm, did if did in NUMBER else None
        outcome["did"] = "reflect" if cause else did
        outcome["verdict"], outcome["wrong"] = "wrong", "cause" if cause and outcome["due"] in NUMBER else "action"
        if did == "other":
            outcome["verdict"], outcome["wrong"] = "other", None
        if not level.handed:
            outcome["wrong"] = "filled-below"
        if did == "emulate" and trap.cause not in machine.CALLS:
            vm.ran(1)
        if cause:
            outcome["cause"] = cause
            vm.status, vm.timer = vm.status & ASID, low[2]
            level.handling.append(trap)
        return outcome

    def look_beside(self, trap, shadow, e, real_status, outcome):
        """The answer itself may be right, and something else wrong."""
        self.beside.runs(e, real_status)
        found = self.beside.look(trap, shadow, e)
        if found and outcome["verdict"] != "host" and not outcome.get("wrong"):
            outcome["wrong"], outcome["facts"] = found[0], found[1:]

    def interrupt(self, level, e, real_status, pc):
        """The interrupt that the machine takes before the next instruction, or None."""
        vm = level.vm
        if not vm.status & IE:
            return None
        if vm.timer == 0:
            return "TIMER"
        if e["pc"] == pc and vm.timer is not None:
            return None
        low = self.at_vector(e, real_status)
        if not low or low[0] != pc or low[1] != vm.status:
            return None
        if low[3] == NUMBER["DEVICE"] and vm.rx_ie:
            return "DEVICE"
        if low[3] == NUMBER["TIMER"] and vm.timer is None:
            vm.timer = 0
            return "TIMER"
        return None

    def entered(self, level, trap, e, real_status, outcome, cause, pc):
        """The guest's kernel must have been entered with that cause."""
        vm, interrupt = level.vm, cause in INTERRUPTS
        old, vm.status = vm.status, vm.status & ASID
        low = self.low_core(level, e, real_status)
        if low is None:
            self.wrong(e, f"where is the low core of level {level.number}?")
            low = [0] * 7
        if vm.timer is None:
            vm.timer = low[2]
        expected = [pc, old, vm.timer, NUMBER[cause], 0 if interrupt else trap.badva, 0 if interrupt else trap.badinst]
        outcome["wrong"] = mistakes.wrong_word(expected, low)
        self.must(e, f"level {level.number}: {cause} (trap #{trap.event}) in the guest's low core",
                  [expected[0], expected[3]], [low[0], low[3]])
        vm.timer = low[2]
        self.must(e, f"level {level.number}: the guest runs at its vector", low[6], e["pc"])
        if not outcome["injected"]:
            outcome["verdict"] = "reflect"
        outcome.update(cause=cause, low=low, returns_to=old, resume=e["event"])
        level.handling.append(trap)
        return outcome

    # ---- a guest's kernel has executed a privileged instruction ----

    def emulated(self, index, trap, e, outcome):
        level = self.levels[index]
        has_inner = index + 1 < self.depth
        if trap.name == "tlbw":
            if has_inner:
                self.written(index + 1, trap.rs1, trap.rs2)
            if not outcome["injected"]:
                self.lists.loaded(level, trap, e, outcome)
        for hi, lo in trap.queue if has_inner else ():
            if hi & 0xF00 == para.ENTRY:
                self.written(index + 1, hi, lo)
        if trap.name == "tlbi":
            self.lists.invalidated(level, trap)
        if trap.name not in ("rfe", "mtst"):
            return
        status = outcome.get("returns_to", level.vm.status)
        self.leave(level, trap, status, outcome["injected"])
        if not status & U:
            return
        if outcome["injected"]:
            if not self.in_vm(level, status):
                self.lists.interrupted(level, trap, e, status, outcome)
        elif self.in_vm(level, status):
            self.resumed_vm(index + 1, e, e["real_status"])
        else:
            if has_inner and status >> 8 == VMM_ASID:
                self.resumed_vmm(index + 1, e)
            self.lists.goes_on(level, trap, e, status, outcome)

    def leave(self, level, trap, status, injected):
        """Which traps the kernel handles from now on."""
        last = level.handling.pop() if injected else None
        if status & U:
            level.handling.clear()
        elif trap.name == "rfe" and level.handling:
            level.handling.pop()
        if injected:
            level.handling.append(last)

    # ---- the run ----

    def who_runs(self):
        """The level whose operating system or process runs, and as what."""
        number = 0
        for level in self.levels:
            if not level.started:
                break
            number = level.number
            if not self.in_vm(level, level.vm.status):
                break
        if number == 0:
            return 0, "vmm"
        status = self.levels[number - 1].vm.status
        if not status & U:
            return number, "kernel"
        return number, "vmm" if number < self.depth and status >> 8 == VMM_ASID else "user"

    def parent(self):
        """The trap during whose handling the next event happens."""
        number, role = self.runs
        if role == "kernel":
            return self.levels[number - 1].handles() if number else self.real_trap
        if role == "vmm" and number < self.depth and self.levels[number].trap:
            return self.levels[number].trap.event
        return 0

    def play_trap(self, e):
        number, role = self.runs
        status = e["real_status"]
        if role == "vmm" and e["cause"] == "SYSCALL" and e["a7"] == VM_RUN and number < self.depth:
            self.levels[number].vm_run = e["pc"]
        if not status & U or number == 0:
            return
        ran = e["retired"] - self.resumed_at
        for level in self.levels[:number]:
            level.vm.ran(ran)
        trap = Trap(e["event"], e["cause"], e["pc"], e["badva"], e["badinst"], e["seen"].x)
        trap.tick = e["tick"]
        innermost = self.levels[number - 1]
        if self.paravirtual and para.is_hypercall(innermost.vm, trap):
            self.low_core(innermost, e, status)
            para.take(innermost, trap, e["seen"].word)
            if trap.queue:
                self.lists.asked(innermost, trap)
        if trap.name == "rfe" and not innermost.vm.status & U:
            self.rfe(number)
            innermost.rfe_words = self.low_core(innermost, e, status)
        self.trapped(0, trap)

    def play_resume(self, e):
        status = e["real_status"]
        self.resumed_at = e["retired"]
        if not status & U:
            return
        if self.depth == 0 or status >> 8 == VMM_ASID:
            if self.depth:
                self.resumed_vmm(0, e)
                self.beside.other_runs(status)
            self.runs = (0, "vmm")
            return
        self.resumed_vm(0, e, status)
        self.runs = self.who_runs()

    def mark(self, e):
        number, role = self.runs
        if role == "kernel" and number and e["mark"] in (MARK_PROC, MARK_VM):
            self.levels[number - 1].marked = e["a"] if e["mark"] == MARK_PROC else None
        if role == "kernel" and number < self.depth and e["mark"] == MARK_VM:
            self.levels[number].marks_status = e["b"] & 0xFFFF

    def rfe(self, number):
        """The kernel of that level executes rfe: what it has marked runs."""
        if number:
            self.levels[number - 1].child = self.levels[number - 1].marked
        if number < self.depth:
            self.levels[number].kept = self.levels[number].marks_status

    def statuses(self):
        """The virtual STATUS of the VM that runs, and the one that its VMM keeps."""
        number, _ = self.runs
        return (self.levels[number - 1].vm.status, self.levels[number - 1].kept) if number else (None, None)

    def event(self, e):
        """Plays one event. Afterwards e has what must be said: "actor", "parent_due", "status_due" and so on."""
        e["actor"], e["parent_due"], e["status_due"] = self.runs, self.parent(), self.statuses()
        kind = e["kind"]
        if kind == "tlbw":
            e["slot_due"] = self.real_tlb.write(e["hi"], e["lo"])
            if e["hi"] >> 12 == 0:
                self.page_0[e["hi"] & 0xFF] = e["lo"] & ~0xFFF
            if self.depth:
                self.written(0, e["hi"], e["lo"])
        if kind == "tlbi":
            self.real_tlb.invalidate(e["scope"], e["hi"])
        if kind == "mark":
            self.mark(e)
        if kind == "trap":
            e["real_entry"] = self.real_tlb.find(e["badva"] >> 12, e["real_status"] >> 8 & 0xFF)
            self.play_trap(e)
            self.real_trap, self.runs = e["event"], (0, "kernel")
        if kind == "resume":
            self.rfe(0)
            self.play_resume(e)
            self.real_trap, e["status_due"] = 0, self.statuses()
        e["then"] = self.runs
