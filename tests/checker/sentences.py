"""sentences.py - reads the sentence of a step, and compares each value in it with the machine's."""
import machine


def cause(number):
    return f"{number} ({machine.CAUSES[number]})"


def entry(hi, lo):
    rights = "".join(letter if lo & bit else "-" for letter, bit in (("r", 1), ("w", 2), ("x", 4)))
    return f"page 0x{hi >> 12:05x}, ASID {hi & 255} -> frame 0x{lo >> 12:05x} {rights}"


def address(value):
    return f"0x{value:08x}"


def signed(value):
    return value - (1 << 32) if value >> 31 else value


def instruction(word):
    names = machine.REGISTERS
    return f"{machine.PRIVILEGED[word >> 25]} {names[machine.rs1(word)]}, {names[machine.rs2(word)]}"


def called(v):
    where = f"PC = {address(v['entry'])}, " if v["own"] else ""
    at = "" if v["own"] else f" at {address(v['entry'])}"
    return (f"{v['lane']} executed syscall at {address(v['pc'] - 4)} with a7 = {v['a7']}; {v['host']} was entered{at}, "
            f"in its low core {where}CAUSE = {cause(v['cause'])}.")


def missed(v):
    at = "" if v["own"] else f" at {address(v['entry'])}"
    badva = f", BADVA = {address(v['badva'])}" if v["own"] else ""
    page = f"page 0x{v['badva'] >> 12:05x}"
    what = f"does with {page} what its entry may forbid" if v["protection"] else f"needs {page}"
    return (f"{v['lane']} at {address(v['pc'])} {what}; {v['host']} was entered{at}, "
            f"in its low core CAUSE = {cause(v['cause'])}{badva}.")


def handed(v):
    text = f"{v['host']} resumed {v['lane']} at {address(v['pc'])} with a0 = {signed(v['a0'])}"
    return f"{text}: its system call vm_run returned." if v["returns"] else f"{text}."


def reflected(v):
    low = v["low"]
    text = (f"{v['lane']} runs at {address(v['pc'])}, the vector in the guest's low core, where now "
            f"PC = {address(low[0])}, CAUSE = {cause(low[3])}")
    below = " The VMM did not run." if v["below"] else ""
    if low[3] != machine.NUMBER["SYSCALL"]:
        return f"{text}, BADVA = {address(low[4])}.{below}"
    if v["below"]:
        return f"{text}; a7 = {v['a7']} and a0 = 0x{v['a0']:x}.{below}"
    same = " are the caller's." if v["same"] else "."
    return f"{text}; a7 = {v['a7']} and a0 = 0x{v['a0']:x}{same}"


def executed(v):
    return f"{v['lane']} executed `{instruction(v['word'])}` at {address(v['pc'])}: {entry(v['hi'], v['lo'])}."


def asked(v):
    return f"{v['lane']} has put it into the queue of its shared page: {entry(v['hi'], v['lo'])}."


def called_iret(v):
    return (f"{v['lane']} called HCALL_IRET at {address(v['pc'] - 4)}: CAUSE = {cause(v['cause'])}; "
            f"its own low core says PC = {address(v['target'])}.")


def privileged(v):
    at, word = "", f", BADINST = {address(v['word'])}"
    if v["entry"] is not None:
        at, word = f" at {address(v['entry'])}", ""
    return (f"The guest kernel runs in user mode: {v['host']} was entered{at}, in its low core "
            f"CAUSE = {cause(v['cause'])}{word}.")


def adjusted(v):
    on = f"{v['lane']} runs on at {address(v['pc'])}, after its tlbw."
    if v["shadow"]:
        return f"{v['host']} wrote a TLB entry of its own for it: {entry(*v['shadow'])}; {on}"
    return f"{v['host']} has written no TLB entry of its own for it yet; {on}"


def leaves(v):
    """The kernel leaves by rfe, or (target None) by mtst."""
    text = f"{v['lane']} executed "
    if v["target"] is None:
        register = machine.REGISTERS[machine.rs1(v["word"])]
        return (f"{text}`mtst {register}` at {address(v['pc'])} in user mode: CAUSE = {cause(v['cause'])}; "
                f"the new STATUS, 0x{v['status']:x}, is user mode.")
    return (f"{text}rfe at {address(v['pc'])} in user mode: CAUSE = {cause(v['cause'])}, "
            f"BADINST = {address(v['word'])}; its own low core says PC = {address(v['target'])}.")


def back(v):
    text = f"{v['lane']} runs on at {address(v['pc'])}"
    if v["jumps"]:
        text += f", in user mode, and from there jumps to {address(v['jumps'])}"
    if v["call"]:
        below = " The VMM did not run." if v["below"] and not v["jumps"] else ""
        return f"{text}, after its syscall, with a0 = {signed(v['a0'])} (0x{v['a0']:x}).{below}"
    return f"{text}: the instruction is tried again{'' if v['jumps'] else retried(v)}."


def retried(v):
    """entry: the low word of the virtual TLB's entry for the page, or None. right: the one that the access needs."""
    if v["paravirtual"]:  # the trace does not know the hypervisor's table
        return "" if v["loaded"] else ", though no entry was loaded for its page"
    if v["protection"]:
        if v["entry"] is None:
            return "; the guest's TLB has no entry for its page now"
        return "" if v["entry"] & v["right"] else ", though its page's entry does not allow it"
    if v["entry"] is None or not v["entry"] & 7:
        return (", though the entry that was loaded for its page is gone again" if v["loaded"]
                else ", though no entry was loaded for its page")
    return ""


def elsewhere(wait, v):
    """What may be said of a context that waits, when its task goes on at another address than it trapped at."""
    start = f"{v['lane']} was resumed elsewhere, at {address(v['pc'])}"
    if wait.restarts(v["pc"]):
        call = wait.kind == "syscall"
        return f"{start}: {'at its syscall, which it makes again' if call else 'after the instruction that faulted'}."
    if not v["translated"]:
        return f"{start}, with the same stack pointer." if v["sp"] == wait.place[0] else None
    return f"{start}, in the same ASID, {v['asid']}." if v["asid"] == wait.status >> 8 else None


SENTENCE = {f.__name__: f for f in (called, missed, handed, reflected, executed, asked, privileged, adjusted, leaves,
                                     called_iret, back)}


def right(kind, values):
    """The sentence that is true there."""
    return SENTENCE[kind](values)


def end(v):
    """How a list ends whose context goes on: v is that of back()."""
    if v["call"] or v["paravirtual"] and v["loaded"]:
        return "returned"
    if v["paravirtual"]:
        return "in-vain"
    allowed = v["right"] if v["protection"] else 7
    return "returned" if v["entry"] is not None and v["entry"] & allowed else "in-vain"
