"""run.py - a run as its trace tells it, and as the debugger shows the machine at each of its events.

Of an event the checker believes only what the debugger shows too: registers, STATUS, PC, low cores, words of memory."""
import json
import re
import subprocess

import machine
import para

LOW_WORDS = 17  # a low core, up to the first word that is the kernel's own (LC_FREE)


FAR = 40
WAY = ("pc", "sp", "ra", "a0")


class Seen:
    """What the debugger shows of the machine: before an event; for traps and resumes, after it."""


def run_trapeze(command, arguments, text=None):
    done = subprocess.run([command] + arguments, input=text, stdin=None if text is not None else subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace")
    return done.stdout


def read_trace(trapeze, arguments):
    lines = run_trapeze(trapeze, ["trace", "--format", "json"] + arguments).splitlines()
    return json.loads(lines[0]), [json.loads(line) for line in lines[1:]]


def page_0_frames(events):
    """The frames that page 0 ever leads to: where a low core can lie."""
    return sorted({e["lo"] & ~0xFFF for e in events if e["kind"] == "tlbw" and e["hi"] >> 12 == 0})


def ways_back(events):
    """By event: how many instructions a user program of a VM executes after a resume, before the next event; at most
    FAR. Only for runs in which a guest's kernel enters user mode by mtst, or in which its users are not translated."""
    if not any(e.get("instruction", "").startswith("mtst") and e["rs1"] & machine.U for e in events):
        return {}
    return {e["event"]: min(FAR, then["retired"] - e["retired"]) for e, then in zip(events, events[1:])
            if e["kind"] == "resume" and e.get("virtual_status", 0) & machine.U}


def commands(events, frames, shared):
    way = ways_back(events)
    for e in events:
        yield f"goto #{e['event']}"
        if e["kind"] in ("tlbw", "tlbi", "device"):
            yield from ["info cpu", "x/1wx phys $pc", "stepi", "info cpu"]  # the host kernel, which is not translated
        if e["kind"] == "mark":
            yield from ["info cpu", "x/1wx $pc"]
        if e["kind"] not in ("trap", "resume"):
            continue
        yield from ["why", "stepi", "info cpu"]
        for frame in [0] + frames:
            yield f"x/{LOW_WORDS}wx phys {frame}"
            if shared and e.get("cause") == "HCALL":
                yield f"x/{para.WORDS}wx phys {frame + para.SHARED}"
        for _ in range(way.get(e["event"], 0)):
            yield "stepi"
            yield from (f"print/x ${register}" for register in WAY)


REGISTER = re.compile(r"\b(ra|sp|gp|tp|t[0-6]|s[0-9]|s1[01]|a[0-7]) +([0-9a-f]{8})\b")
STATUS = re.compile(r"^STATUS (user|KERNEL) (ie|IE) (t|T) a(\d+)", re.M)
WORDS = re.compile(r"^(0x[0-9a-f]{8})(?: <.*>)?:((?:\t0x[0-9a-f]{8})+)", re.M)


def registers(answer):
    x = dict.fromkeys(machine.REGISTERS, 0)
    for name, value in REGISTER.findall(answer):
        x[name] = int(value, 16)
    return x


def parse(answer, frames):
    seen = Seen()
    first, *rest = answer.split("> info cpu\n")[1:]
    seen.x, seen.later = registers(first), registers(rest[0]) if rest else None
    mode, ie, t, asid = STATUS.search(first).groups()
    seen.status = int(mode == "user") | (ie == "IE") << 1 | (t == "T") << 2 | int(asid) << 8
    seen.timer = int(re.search(r"^TIMER +(\d+)", first, re.M).group(1))
    seen.pc = int(re.search(r"^PC +(0x[0-9a-f]+)", first, re.M).group(1), 16)
    position = re.search(r"^> stepi\n(?:(?!> ).*\n)+?.* insn (\d+)", answer, re.M)
    seen.retired = int(position[1]) if position else None
    why = re.search(r"^> why\n(.*)$", answer, re.M)
    seen.why = why.group(1) if why else None
    seen.word = {}
    for address, values in WORDS.findall(answer):
        for i, value in enumerate(values.split()):
            seen.word[int(address, 16) + 4 * i] = int(value, 16)
    numbers = [int(n, 16) for n in re.findall(r"^> print/x .*\n.*?(0x[0-9a-f]+)", answer, re.M)]
    seen.way = [dict(zip(WAY, numbers[i:i + len(WAY)])) for i in range(0, len(numbers), len(WAY))]
    seen.low = {f: [seen.word[f + 4 * i] for i in range(LOW_WORDS)]
                for f in [0] + frames if f + 4 * LOW_WORDS - 4 in seen.word}
    return seen


def ask(trapeze, arguments, events, frames):
    """Adds to each event what the debugger shows there, as event["seen"]. False: it did not show all."""
    script = "\n".join(commands(events, frames, "para" in arguments)) + "\n"
    out = run_trapeze(trapeze, ["debug", "--batch", "-x", "-"] + arguments, script)
    answers = re.split(r"^> goto #(\d+)\n", out, flags=re.M)[1:]
    shown = {int(number): text for number, text in zip(answers[::2], answers[1::2])}
    for e in events:
        if e["event"] in shown:
            e["seen"] = parse(shown[e["event"]], frames)
    return all("seen" in e for e in events)
