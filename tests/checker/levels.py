"""levels.py - what the checker knows of the virtual machine of each level, and of a trap out of it."""
import machine
from machine import PRIVILEGED, Machine


class Trap:
    """A trap as the operating system at some level sees it. event: the event of the real trap."""

    def __init__(self, event, cause, pc, badva, badinst, x):
        self.event, self.cause, self.pc, self.badva, self.badinst, self.x = event, cause, pc, badva, badinst, x
        self.rs1 = x[machine.REGISTERS[machine.rs1(badinst)]]
        second = badinst >> 20 & 31 if machine.opcode(badinst) == 0x4A else machine.rs2(badinst)
        self.rs2, self.a0, self.a7 = x[machine.REGISTERS[second]], x["a0"], x["a7"]
        self.name = PRIVILEGED.get(machine.opcode(badinst)) if cause == "PRIVILEGED" else None
        self.queue = []  # of a hypercall: what it carries out (para.py)


class Level:
    """The virtual machine of one level, and the VMM that runs it."""

    def __init__(self, number, entries, ram, guest=Machine):
        self.number, self.vm, self.started = number, guest(entries, ram), False
        self.trap = self.low = None       # what its VMM has to answer; the frame of its low core
        self.handed = self.filled = None  # the resume of its VMM; a TLB write of the kernel below for that trap
        self.shadow = self.rfe_words = None
        self.vm_run = None                # where its VMM goes on when its vm_run returns
        self.entry = None                 # (pc, cause): how the kernel below was entered with that trap
        self.marked = self.child = None   # the process that its kernel has marked; the one that runs
        self.marks_status = self.kept = 0 # the virtual STATUS that its VMM keeps: as the kernel below marks it
        self.handling = []

    def handles(self):
        return self.handling[-1].event if self.handling else 0
