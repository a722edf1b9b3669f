"""whys.py - verifies what the debugger's `why` says at each trap and resume.

The text is taken apart sentence by sentence. For each sentence that `why` can say there is a row in RULES: its form,
and when it is true. A sentence that is false there, or that has no row, is reported."""
import re

import machine
import para
from machine import IE, T, U, access_of

WHO, AT = r"(\S+(?: \S+)?)", r"0x([0-9a-f]+)"  # a lane, an address
ENTERS = r"\. The machine enters (host kernel|host idle)\. "
FAULTS = {"MISS": "TLB miss", "PROT": "protection fault"}
ACCESSES = {"LOAD": "load", "STORE": "store", "FETCH": "fetch"}
RULES = []


class At:
    """A trap or resume. outcome: what became of it at the innermost level, or None."""

    def __init__(self, e, vms, lists, calls):
        self.e, self.vms, self.lists, self.calls = e, vms, lists, calls
        self.level, self.role = e["actor"]
        self.outcomes = vms.outcomes.get(e["event"], {})
        self.outcome = self.outcomes.get(self.level)
        self.verdict = self.outcome["verdict"] if self.outcome else "host" if self.below() else None
        self.page = e.get("badva", 0) >> 12

    def below(self):
        """Did an answer at a level below make sure that the VMM of the innermost level never runs?"""
        answers = [self.outcomes.get(n) for n in range(1, self.level)]
        return any(o and o["verdict"] in ("fill", "host", "emulate") for o in answers)

    def get(self, what, default=None):
        return self.outcome.get(what, default) if self.outcome else default

    def entry_allows(self):
        entry, access = self.get("entry"), access_of(self.e["cause"])
        return entry is not None and access and bool(entry & machine.RIGHT[access])

    def translated(self):
        return bool(self.get("before", self.e.get("virtual_status", 0)) & T)


def rule(pattern):
    def add(function):
        RULES.append((re.compile(pattern), function))
        return function
    return add


# ---- what trapped ----

@rule(WHO + " executes syscall at " + AT + r", a7 = (\d+)(?: \((\w+)\))?" + ENTERS)
def called(at, m):
    e = at.e
    return (e["cause"] == "SYSCALL" and m[1] == e["from"] and int(m[2], 16) == e["pc"] - 4 and int(m[3]) == e["a7"]
            and m[4] == at.calls(at.level, e["a7"]) and m[5] == e["to"])


@rule(WHO + " executes hcall at " + AT + r", a7 = (\d+)(?: \((\w+)\))?(?:, a0 = (\d+))?" + ENTERS)
def hypercall(at, m):
    e = at.e
    return (at.vms.paravirtual and e["cause"] == "HCALL" and not at.get("before", e["virtual_status"]) & U
            and m[1] == e["from"] and int(m[2], 16) == e["pc"] - 4 and int(m[3]) == e["a7"]
            and m[4] == para.NAMES.get(e["a7"]) == e.get("hypercall") and m[6] == e["to"]
            and m[5] == (str(e["a0"]) if e["a7"] == para.START else None))


@rule(WHO + " executes (hcall|break) at " + AT + ENTERS)
def always_trapping(at, m):
    e = at.e
    return e["cause"].lower() == m[2] and m[1] == e["from"] and int(m[3], 16) == e["pc"] - 4 and m[4] == e["to"]


@rule(WHO + " executes `([^`]*)` at " + AT + ", which is privileged" + ENTERS)
def privileged(at, m):
    e = at.e
    return (e["cause"] == "PRIVILEGED" and m[1] == e["from"] and m[2] == re.sub(" +", " ", e["instruction"])
            and int(m[3], 16) == e["pc"] and m[4] == e["to"])


@rule("A (timer|device) interrupt comes before " + WHO + " executes the instruction at " + AT + ENTERS)
def interrupted(at, m):
    e = at.e
    return e["cause"].lower() == m[1] and m[2] == e["from"] and int(m[3], 16) == e["pc"] and m[4] == e["to"]


@rule(WHO + " at " + AT + ": ([^.,]*)(?:, address " + AT + ")?" + ENTERS)
def faulted(at, m):
    e = at.e
    kind, _, what = e["cause"].partition("_")
    if what in FAULTS:
        right = m[3] == f"{FAULTS[what]} on {ACCESSES[kind]}"
    else:
        right = e["cause"].lower().split("_")[0] in m[3].lower()
    return (right and m[1] == e["from"] and int(m[2], 16) == e["pc"] and int(m[4] or "0", 16) == e["badva"]
            and m[5] == e["to"])


# ---- what became of it ----

@rule(r"The trap does not come out of a VM: the host OS handles it\.")
def no_vm(at, m):
    return at.level == 0


HYPERCALLS = {
    "The guest's kernel asks for a hypervisor with the version of the interface in a0, PARA_VERSION.": para.START,
    "The hypervisor carries out the queue (PARA_NOPS, PARA_OPS), and loads PC, STATUS and TIMER from the guest's low "
    "core, and a7 from PARA_A7.": para.IRET,
    "The hypervisor carries out the queue (PARA_NOPS, PARA_OPS), and the guest's kernel goes on.": para.FLUSH,
    "The guest's kernel wants the VMM to look at the rings.": para.KICK,
    "The guest's kernel waits until its TIMER is 0 or an event is pending that it has enabled (PARA_PENDING and "
    "PARA_ENABLED).": para.WAIT}


@rule("(" + "|".join(map(re.escape, HYPERCALLS)) + ") Its VMM (does not run|runs, and looks at the rings, too)\\.")
def asks_for(at, m):
    return (at.verdict == "emulate" and at.e["cause"] == "HCALL" and at.e["a7"] == HYPERCALLS[m[1]]
            and (m[2] == "does not run") == (not at.get("handed")))


@rule(r"The virtual STATUS has U = ([01]): the hypervisor, a part of the host OS, passes the trap to the guest OS, and "
      r"its VMM does not run\.")
def by_hypervisor(at, m):
    return (at.vms.paravirtual and at.verdict == "reflect" and not at.get("handed")
            and at.get("before") & U == int(m[1]))


@rule(r"The guest's own TIMER is 0 and its STATUS has IE = 1: the hypervisor gives its kernel the interrupt\.")
def timer_below(at, m):
    return timer(at, m) and at.vms.paravirtual and not at.get("handed")


@rule(r"The guest's own TIMER is 0 and its STATUS has IE = 1: the VMM gives its kernel the interrupt\.")
def timer(at, m):
    return at.verdict == "reflect" and at.get("cause") == "TIMER" and at.get("timer") == 0 and at.get("status") & IE


@rule(r"A device of the VM asks for an interrupt: the VMM gives the guest's kernel one\.")
def device(at, m):
    return at.verdict == "reflect" and at.get("cause") == "DEVICE" and at.get("status") & IE


@rule(r"The guest's TLB has no entry for page 0x([0-9a-f]{5})\. ")
def no_entry(at, m):
    return int(m[1], 16) == at.page and at.outcome and at.translated() and at.get("entry") is None


@rule(r"The guest's TLB has an entry for page 0x([0-9a-f]{5}) that does not allow the access\. ")
def forbidden(at, m):
    return (int(m[1], 16) == at.page and at.outcome and at.translated() and at.get("entry") is not None
            and not at.entry_allows())


@rule(r"The address leads to nothing that the VM has\. ")
def nothing_there(at, m):
    return at.outcome and str(at.get("due")).endswith("_BUS")


@rule(r"For the guest this is (\w+)\. ")
def seen_as(at, m):
    return at.outcome and m[1] == at.get("cause") and m[1] != at.e["cause"]


@rule(r"The virtual STATUS has U = 1, so the application trapped: the VMM passes the trap to the guest OS\.")
def application(at, m):
    return at.verdict == "reflect" and at.get("before") & U


@rule(r"The guest OS would have taken this trap on the bare machine, too: the VMM reflects it\.")
def kernel_trap(at, m):
    return at.verdict == "reflect" and not at.get("before") & U and at.get("due") == at.get("cause")


@rule(r"The real STATUS has U = 1 but the virtual STATUS has U = 0, so the guest OS may execute the instruction: "
      r"the VMM emulates it on the virtual machine's state\.")
def emulated(at, m):
    return (at.verdict == "emulate" and at.e["cause"] == "PRIVILEGED" and at.e["real_status"] & U
            and not at.get("before") & U)


@rule(r"The guest-physical address belongs to a device of the VM: the VMM emulates the device\.")
def device_access(at, m):
    e = at.e
    pa = (at.get("entry") & ~0xFFF | e["badva"] & 0xFFF) if at.translated() and at.get("entry") else e["badva"]
    return at.verdict == "emulate" and access_of(e["cause"]) and (pa >> 12, pa & 0xFFF) in machine.DEVICES


FILLS = r"(the VMM|the host OS by itself|a layer below the VMM) supplies one, and the guest notices nothing\."


def filler(at, who):
    if at.verdict == "fill":
        return who == "the VMM" and at.e["real_entry"] is None
    return (at.verdict == "host" and who == ("the host OS by itself" if at.level == 1 else "a layer below the VMM")
            and at.e["real_entry"] is None and access_of(at.e["cause"]))


@rule(r"The virtual STATUS has T = 0, so the address is a guest-physical one, in the VM's RAM\. "
      "The machine's TLB has no entry for it: " + FILLS)
def filled_untranslated(at, m):
    return not at.translated() and filler(at, m[1])


@rule(r"The machine's TLB has no entry for the page, but the guest's kernel has given the hypervisor one: (the host OS "
      r"by itself|a layer below the VMM) supplies it, and the guest notices nothing\.")
def filled_by_hypervisor(at, m):
    return at.vms.paravirtual and at.translated() and at.entry_allows() and filler(at, m[1])


@rule(r"The guest's TLB has an entry for the page, the machine's TLB has none: " + FILLS)
def filled(at, m):
    entry = at.vms.levels[at.level - 1].vm.tlb if at.outcome is None else None
    return at.translated() and filler(at, m[1]) and (entry is not None or at.entry_allows())


@rule(r"The VMM was told of the interrupt, and the guest goes on where it was interrupted\.")
def told(at, m):
    return at.verdict == "fill" and at.e["cause"] in machine.INTERRUPTS


@rule(r"The (timer|device) interrupt is the host's own: no VMM sees it\.")
def hosts_own(at, m):
    return (at.e["cause"].lower() == m[1]
            and all(o["verdict"] == "host" and not o["handed"] for o in at.outcomes.values()))


@rule(r"A layer below handles the trap; the VMM of level (\d+) never runs for it\.")
def layer_below(at, m):
    return int(m[1]) == at.level and at.verdict == "host"


@rule(r"The code that trapped is never resumed: its VM ends\.")
def killed(at, m):
    return at.outcome is None and not at.below()


@rule(r" A machine of its own would have entered the guest's kernel\.")
def not_entered(at, m):
    return at.outcome is None and at.e["cause"] in machine.CALLS


@rule(r"The run ends before the trap has been handled\.")
def unanswered(at, m):
    return at.outcome is None and not at.below()


@rule(r" With it the guest gets an interrupt \((\w+)\)\.")
def injected(at, m):
    return at.get("injected") and m[1] == at.get("cause")


DUES = {"emulate": "it should have emulated the instruction",
        "fill": "it should have filled in the page, and resumed the guest at the same instruction"}


@rule("The VMM resumed the guest at " + AT + r", as no correct VMM does after this trap(?:: (.*))?\.$")
def resumed_elsewhere(at, m):
    due = at.get("due")
    seen = f"the guest's kernel should have seen {due}, at its vector"
    return at.verdict == "other" and int(m[1], 16) == at.get("pc") and m[2] in (None, DUES.get(due, seen))


@rule(r"(The (?:VMM|shadow|guest) .*|A layer below filled .*)")
def mistake(at, m):
    """claims.py verifies the sentence of the trace."""
    return at.e["verdict"] == "wrong" and m[1] == at.e["verdicts"][-1]["text"]


# ---- a resume ----

@rule(WHO + " executes rfe: PC = " + AT + ", STATUS and TIMER come from its low core, and " + WHO
      + r" runs, in real (user|kernel) mode\.")
def resumed(at, m):
    e = at.e
    return (m[1] == e["from"] and m[3] == e["to"] and at.role == "kernel" and at.level == 0
            and [int(m[2], 16), e["real_status"], e["timer"]] == e["seen"].low[0][:3]
            and m[4] == ("user" if e["real_status"] & U else "kernel"))


@rule(r" Trap #(\d+) has been handled\.")
def handled(at, m):
    return int(m[1]) in at.lists.resumes.get(at.e["event"], ())


@rule(r" Its VMM keeps the virtual STATUS 0x([0-9a-f]{8}), where the guest's is 0x([0-9a-f]{8})\.")
def kept(at, m):
    return (int(m[2], 16), int(m[1], 16)) == at.e["status_due"]


OF_RESUMES = (resumed, handled, kept)


def holds(is_true, at, m):
    return (is_true in OF_RESUMES) == (at.e["kind"] == "resume") and is_true(at, m)


def verify(at, text, wrong):
    """Returns how many sentences there are."""
    rest, count = text, 0
    while rest:
        for pattern, is_true in RULES:
            m = pattern.match(rest)
            if m:
                if not holds(is_true, at, m):
                    wrong(at.e, f"why: {m[0]!r} is false here")
                count, rest = count + 1, rest[m.end():]
                if at.e["kind"] == "trap" and at.e["verdict"] == "none" and count == 1:
                    return count  # the debugger may have run further than the trace
                break
        else:
            wrong(at.e, f"why: {rest!r} is not what the debugger can know")
            return count + 1
    if not count:
        wrong(at.e, "why says nothing")
    return count
