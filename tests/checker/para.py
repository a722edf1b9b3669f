"""para.py - the rules of a guest that knows that it is one (isa/MANUAL.md, chapter 15), for runs with `--way para`.

What is not a Machine's: hypercalls, the queue in the shared page, and a TLB that is the hypervisor's table."""
import machine
from machine import T, U, access_of

START, IRET, FLUSH, KICK, WAIT = 1, 2, 3, 4, 5
NAMES = {START: "HCALL_START", IRET: "HCALL_IRET", FLUSH: "HCALL_FLUSH", KICK: "HCALL_KICK", WAIT: "HCALL_WAIT"}
SHARED, WORDS = 0x800, 80  # where the shared words begin, and how many the checker asks for: to the end of the queue
NOPS, OPS, OPS_MAX = 5, 16, 32  # words of these
ENTRY, PAGE, ASID, ALL = 0x000, 0x100, 0x200, 0x300


class Table:
    """What the guest has told its hypervisor, and not taken back: no entry is ever replaced."""

    def __init__(self):
        self.entries = {}

    def write(self, hi, lo):
        self.entries[hi >> 12, hi & 0xFF] = lo & 0xFFFFF007

    def invalidate(self, op, hi):
        for page, asid in list(self.entries):
            if op == ALL or asid == hi & 0xFF and (op == ASID or page == hi >> 12):
                del self.entries[page, asid]

    def find(self, page, asid):
        return self.entries.get((page, asid))


class Guest(machine.Machine):
    """A paravirtual virtual machine."""

    def __init__(self, entries, ram):
        super().__init__(entries, ram)
        self.tlb, self.rx_ie = Table(), True

    def due(self, trap):
        return "emulate" if is_hypercall(self, trap) else super().due(trap)

    def may_miss(self, trap, low):
        """The hypervisor may have forgotten an entry: then the guest's kernel sees a miss. low: at the vector, or None."""
        access = access_of(trap.cause)
        return (access and self.status & U and low and low[0] == trap.pc
                and low[3] == machine.NUMBER[access + "_MISS"])

    def emulate(self, trap, low):
        if not is_hypercall(self, trap):
            return super().emulate(trap, low)
        for hi, lo in trap.queue if trap.a7 in (IRET, FLUSH) else ():
            if hi & 0xF00 == ENTRY:
                self.tlb.write(hi & ~0xF00, lo)
            else:
                self.tlb.invalidate(hi & 0xF00, hi & ~0xF00)
        if trap.a7 == WAIT and self.timer:
            self.timer = None
        if trap.a7 != IRET:
            return trap.pc
        self.status, self.timer = low[1] & 0xFF07, low[2]
        return low[0]


def is_hypercall(vm, trap):
    return trap.cause == "HCALL" and not vm.status & U


def queue(words, low):
    """The operations in the queue of the guest whose page 0 is at `low`. words: by physical address."""
    page = [words.get(low + SHARED + 4 * i, 0) for i in range(WORDS)]
    return [(page[OPS + 2 * i], page[OPS + 2 * i + 1]) for i in range(min(page[NOPS], OPS_MAX))]


def take(level, trap, words):
    """A hypercall's trap gets its queue; IRET is to its kernel what rfe is."""
    trap.queue = queue(words, level.low)
    if trap.a7 == IRET:
        trap.name = "rfe"
