"""machine.py - PG32's rules about traps, as isa/MANUAL.md states them. The recorder's code is not used.

A Machine is what a virtual machine must look like to its guest: STATUS, TIMER, TLB, and what a trap does to them. The
checker tells a Machine which traps the guest has met, and asks what the machine must do about each of them."""

PAGE = 4096
U, IE, T, ASID = 1, 2, 4, 0xFF00
CAUSES = ("NONE TIMER DEVICE FETCH_MISALIGNED FETCH_MISS FETCH_PROT FETCH_BUS ILLEGAL PRIVILEGED SYSCALL HCALL BREAK "
          "LOAD_MISALIGNED STORE_MISALIGNED LOAD_MISS STORE_MISS LOAD_PROT STORE_PROT LOAD_BUS STORE_BUS").split()
NUMBER = {name: number for number, name in enumerate(CAUSES)}
INTERRUPTS, CALLS = ("TIMER", "DEVICE"), ("SYSCALL", "HCALL", "BREAK")
RIGHT = {"LOAD": 1, "STORE": 2, "FETCH": 4}
PRIVILEGED = {0x70: "mfst", 0x71: "mtst", 0x72: "rfe", 0x73: "tlbw", 0x74: "tlbi", 0x75: "wait"}
REGISTERS = ("zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 "
             "t3 t4 t5 t6").split()
DEVICES = {  # page, offset: the accesses that a register allows
    (0xF0000, 0): "LOAD STORE", (0xF0000, 4): "LOAD", (0xF0000, 8): "LOAD STORE", (0xF0001, 0): "LOAD STORE",
    (0xF0001, 4): "LOAD STORE", (0xF0001, 8): "LOAD STORE", (0xF0001, 12): "STORE", (0xF0001, 16): "LOAD",
    (0xF0001, 20): "LOAD", (0xF0002, 0): "LOAD", (0xF0002, 4): "LOAD", (0xF0003, 0): "STORE",
    **{(0xF0004, offset): "LOAD" for offset in range(0, 32, 4)}}
WORD_ACCESS = {0x42: "LOAD", 0x4A: "STORE"}
MARK, JALR = 0x5C, 0x59


def opcode(word):
    return word >> 25


def rs1(word):
    return word >> 15 & 31


def rs2(word):
    return word >> 10 & 31


def immediate(word):
    return (word & 0x7FFF) - (word << 1 & 0x8000)


def access_of(cause):
    """The kind of access of a fault about an address that was translated, or None."""
    kind, _, what = cause.partition("_")
    return kind if what in ("MISS", "PROT", "BUS") else None


class Tlb:
    """The TLB of chapter 5, slot for slot."""

    def __init__(self, entries):
        self.slots, self.pointer, self.where = [None] * entries, 0, {}

    def write(self, hi, lo):
        key = (hi >> 12, hi & 0xFF)
        slot = self.where.get(key)
        if slot is None:
            slot = self.pointer
            self.pointer = (slot + 1) % len(self.slots)
            if self.slots[slot]:
                del self.where[self.slots[slot][0]]
            self.where[key] = slot
        self.slots[slot] = (key, lo & 0xFFFFF007)
        return slot

    def invalidate(self, scope, hi):
        for key in list(self.where):
            if scope == 0 or (key[1] == hi & 0xFF and (scope == 1 or key[0] == hi >> 12)):
                self.slots[self.where.pop(key)] = None

    def find(self, page, asid):
        slot = self.where.get((page, asid))
        return None if slot is None else self.slots[slot][1]


class Machine:
    """A virtual machine. timer is None while it is not known (after a wait)."""

    def __init__(self, entries, ram):
        self.status, self.timer, self.tlb, self.ram = 0, 0, Tlb(entries), ram
        self.rx_ie = False

    def ran(self, instructions):
        if self.timer is not None:
            self.timer = max(0, self.timer - instructions)

    def due(self, trap):
        """What must become of a trap that is no interrupt: "emulate", "fill" or the cause that the guest must see."""
        access = access_of(trap.cause)
        if not access:
            return "emulate" if trap.cause == "PRIVILEGED" and not self.status & U else trap.cause
        pa = trap.badva
        if self.status & T:
            lo = self.tlb.find(pa >> 12, self.status >> 8 & 0xFF)
            if lo is None:
                return access + "_MISS"
            if not lo & RIGHT[access]:
                return access + "_PROT"
            pa = lo & ~0xFFF | pa & 0xFFF
        if pa < 0xF0000000:
            return "fill" if pa < self.ram else access + "_BUS"
        word = WORD_ACCESS.get(opcode(trap.badinst)) if access != "FETCH" else None
        good = word == access and access in DEVICES.get((pa >> 12, pa & 0xFFF), "")
        if good and pa == 0xF0000008 and access == "STORE":
            self.rx_ie = bool(trap.rs2 & 1)
        return "emulate" if good else access + "_BUS"

    def emulate(self, trap, low):
        """The instruction is carried out. low: the words of the low core, for rfe. Returns where the guest goes on."""
        name = PRIVILEGED.get(opcode(trap.badinst)) if trap.cause == "PRIVILEGED" else None
        if name == "rfe":
            self.status, self.timer = low[1] & 0xFF07, low[2]
            return low[0]
        if name == "mtst":
            self.status = trap.rs1 & 0xFF07
        if name == "tlbw":
            self.tlb.write(trap.rs1, trap.rs2)
        if name == "tlbi":
            self.tlb.invalidate(trap.badinst & 3, trap.rs1)
        if name == "wait" and self.timer:
            self.timer = None
        self.ran(1)
        return trap.pc + 4 & 0xFFFFFFFF
