"""mistakes.py - what a VMM did if it did not do what was due, and whether the trace names that mistake.

Only VMMs of level 1 are looked at: those of a run with --vmm."""
import machine
from machine import CALLS, CAUSES, INTERRUPTS, T, U, access_of

ORDER = ("status", "timer", "badva", "badinst")  # of the words of a low core that may be wrong, behind PC and CAUSE
CLOCK_LO = 0xF0002000


def after(trap, rfe_words):
    """Where the guest goes on if the instruction is emulated."""
    if trap.name == "rfe":
        return rfe_words[0]
    return trap.pc if trap.cause in CALLS else trap.pc + 4


def deed(trap, pc, low, rfe_words, due):
    """What the VMM did: "emulate", "fill", "other", or the cause that it reflected. pc: where the guest goes on; low:
    its low core if that is its vector, else None. If two deeds look alike, the one that was due."""
    deeds, behind = [], after(trap, rfe_words)
    cause = CAUSES[low[3]] if low and low[3] < len(CAUSES) else None
    if low and low[0] == trap.pc and cause not in (None, "NONE") + INTERRUPTS:
        deeds.append(cause)
    interrupt = cause in INTERRUPTS
    if pc == behind or interrupt and low[0] == behind:
        deeds.append("emulate")
    if pc == trap.pc or interrupt and low[0] == trap.pc:
        deeds.append("fill")
    return due if due in deeds else deeds[0] if deeds else "other"


def wrong_word(expected, low):
    """Which word of the low core is wrong, or None. expected: PC, STATUS, TIMER, CAUSE, BADVA, BADINST."""
    wrong = [name for name, i in zip(ORDER, (1, 2, 4, 5)) if expected[i] != low[i]]
    return wrong[0] if wrong else None


class Beside:
    """What may be wrong though each trap is answered rightly: the machine's TLB and the clock."""

    def __init__(self, vm, real_tlb):
        self.vm, self.real_tlb, self.space, self.suspect, self.born = vm, real_tlb, {}, False, None

    def runs(self, e, real_status):
        """The VM is resumed: whose space a real ASID is follows from that. A space has one ASID at a time: nothing runs
        any more under one that it had before, so what the TLB holds of that harms nobody."""
        if self.born is None:
            self.born = e["tick"]
        space = self.vm.status >> 8 if self.vm.status & T else None
        self.space = {real: of for real, of in self.space.items() if of is None or of != space}
        self.space[real_status >> 8] = space

    def other_runs(self, real_status):
        self.space.pop(real_status >> 8, None)

    def entry(self, page, asid, real_lo):
        lo = self.vm.tlb.find(page, asid) or 0
        if not real_lo & ~lo & 7:
            return None
        return "rights" if lo & 7 else "stale", page, asid, lo, real_lo

    def in_space(self, asid):
        for slot in self.real_tlb.slots:
            if slot and self.space.get(slot[0][1]) is not None and asid in (None, self.space[slot[0][1]]):
                found = self.entry(slot[0][0], self.space[slot[0][1]], slot[1])
                if found:
                    return found
        return None

    def look(self, trap, written, e):
        """(name, facts...), or None. written: (hi, lo), which the kernel below wrote for the page of the trap."""
        if trap.cause == "LOAD_MISS" and trap.badva == CLOCK_LO:
            shown, most = e["seen"].x[machine.REGISTERS[trap.badinst >> 20 & 31]], e["tick"] - self.born
            if shown > most:
                return "host-clock" if trap.tick <= shown <= e["tick"] else "clock", shown, most
        if written:
            asid = trap.rs1 & 0xFF if trap.name == "tlbw" else self.vm.status >> 8
            if self.space.get(written[0] & 0xFF) == asid:
                found = self.entry(written[0] >> 12, asid, written[1])
                if found:
                    return found
        self.suspect = (self.suspect or trap.name == "tlbi") and self.in_space(None) is not None
        return self.in_space(self.vm.status >> 8) if self.suspect and self.vm.status & T else None


# ---- the sentence ----

def rights(lo):
    return "".join(letter if lo & bit else "-" for letter, bit in (("R", 1), ("W", 2), ("X", 4)))


def reason(e, due):
    page = f"page 0x{e['badva'] >> 12:05x}"
    if due.endswith("PROT"):
        return f"the guest's TLB has an entry for {page}, which does not allow the {access_of(due).lower()}"
    if due.endswith("MISS"):
        return f"the guest's TLB has no entry for {page}"
    return "the guest's own machine would trap so"


def action(e, outcome):
    due, did, cause = outcome["due"], outcome["did"], outcome.get("cause")
    if did == "emulate" and due == "SYSCALL":
        return (f"The VMM serviced the guest's system call (a7 = {e['a7']}) itself: it resumed the guest behind the "
                "syscall, and the guest's kernel was not entered.")
    if did == "emulate" and due == "ILLEGAL":
        return (f"The VMM emulated an undefined instruction (0x{e['badinst']:08x}): it resumed the guest behind the "
                "instruction, where the guest's kernel should have seen ILLEGAL.")
    if did == "fill" and due not in ("emulate", "fill"):
        did = "mended a protection fault itself" if due.endswith("PROT") else "kept a trap to itself"
        also = " (as for copy on write)" if due == "STORE_PROT" else ""
        return (f"The VMM {did}: {reason(e, due)}, so the guest's kernel should have seen {due}{also}; the VMM resumed "
                "the guest at the same instruction.")
    if did == "reflect" and due == "emulate" and e["cause"] == "PRIVILEGED":
        text = (f"The VMM passed the trap to the guest's kernel as {cause}, though the virtual STATUS "
                f"0x{e['virtual_status']:08x} has U = 0: it should have emulated the instruction.")
        kept = e.get("vmm_status", e["virtual_status"])
        return text + (f" The VMM keeps 0x{kept:08x}, with U = 1: the mode was not flipped." if kept & U else "")
    return None


def sentence(e, outcome):
    """The sentence that is true of the mistake; None if the checker knows none for it."""
    kind, facts = outcome["wrong"], outcome.get("facts")
    if kind == "action":
        return action(e, outcome)
    if kind == "cause":
        due = outcome["due"]
        return f"The VMM reported {due} to the guest's kernel as {outcome['cause']}: {reason(e, due)}."
    if kind == "filled-below":
        return (f"A layer below filled in the page for the VMM, where {reason(e, outcome['due'])}: the shadow has more "
                "than the guest's TLB.")
    if kind == "rights":
        page, asid, guest, real = facts
        more = "".join(" " + letter for letter in rights(real & ~guest) if letter != "-")
        return (f"The shadow has{more}, the guest's entry has not: for page 0x{page:05x}, ASID {asid} "
                f"the machine's TLB has {rights(real)}, the guest's TLB has {rights(guest)}.")
    if kind == "stale":
        page, asid, _, real = facts
        return (f"The guest runs on with a stale entry for page 0x{page:05x}, ASID {asid} ({rights(real)}) in the "
                "machine's TLB: the guest's own TLB has none, and the VMM left it in the shadow.")
    if kind in ("clock", "host-clock"):
        whose = "the host's clock" if kind == "host-clock" else "a clock that is not its own"
        return (f"The guest was shown {whose}: CLOCK_LO read {facts[0]}, but only {facts[1]} ticks have passed "
                "since its VM began.")
    return None
